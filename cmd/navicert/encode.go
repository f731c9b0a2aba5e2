package main

import (
	"context"
	"fmt"
	"strings"

	"navicert"
	"navicert/ais"
	"navicert/feed"
)

type encodeCmd struct {
	Files   []string `arg:"" optional:"" name:"file" default:"-" help:"Files of JSON lines, .gz and .zst too, or - for standard input."`
	Tag     bool     `help:"Write tag blocks with the station and the time of reception."`
	Talker  string   `default:"AI" help:"Talker of the sentences: AI, BS or another, or with the kind of sentence AIVDM or AIVDO."`
	Channel string   `help:"Channel of messages that name none, such as A; without it their channel stays empty."`
}

// Help is printed below the flags.
func (encodeCmd) Help() string {
	return `Writes NMEA sentences of the objects that "navicert decode" prints, scaled or not,
and of gpsd's. The bits come from the fields, not from "raw": what an object
leaves out is sent as unknown. Small letters become capitals.

Bad lines are counted and no error; the first ones are named with their reason.

Examples:
  navicert decode --unscaled log.nmea | navicert encode --tag > again.nmea
  echo '{"type":1,"mmsi":299000001,"scaled":true,"lat":10.2,"lon":-64.85,"speed":12.3}' | navicert encode --channel A`
}

// Run encodes.
func (c *encodeCmd) Run(ctx context.Context, g *globals) error {
	o := ais.EncoderOptions{Tag: c.Tag, Talker: c.Talker}
	switch {
	case !isTalker(c.Talker):
		return usageError(fmt.Sprintf("encode: --talker %q is not two letters, or five that end in VDM or VDO", c.Talker))
	case len(c.Channel) > 1 || strings.Trim(c.Channel, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "":
		return usageError(fmt.Sprintf("encode: --channel %q is not one letter or digit", c.Channel))
	case c.Channel != "":
		o.Channel = c.Channel[0]
	}
	e := ais.NewEncoder(g.stdout, o)
	for _, path := range c.Files {
		counts, err := c.file(ctx, g, e, path)
		if err != nil {
			return err
		}
		if counts.Lines > counts.Skipped && counts.Messages == 0 {
			return navicert.Errorf(navicert.Invalid, "encode", path, "no line holds a message; the first: %s", firstExample(&counts.Dropped)).
				WithHint(`want the objects that "navicert decode" prints, one a line`)
		}
		g.note("%s", encodeSummary(path, counts))
		for _, reason := range counts.Dropped.Reasons() {
			for _, example := range counts.Dropped.Examples(reason) {
				g.note("%s %s", path, example)
			}
		}
	}
	return nil
}

func (c *encodeCmd) file(ctx context.Context, g *globals, e *ais.Encoder, path string) (*ais.EncoderCounts, error) {
	in, err := feed.Opener{Stdin: g.stdin}.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	counts, err := e.Lines(in)
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, "encode", path, "%w", err)
	}
	return counts, nil
}

// isTalker reports whether s is two characters, or five with VDM or VDO.
func isTalker(s string) bool {
	if len(s) == 5 && (strings.HasSuffix(s, "VDM") || strings.HasSuffix(s, "VDO")) {
		s = s[:2]
	}
	return len(s) == 2 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

func firstExample(t *navicert.Tally) string {
	for _, reason := range t.Reasons() {
		for _, example := range t.Examples(reason) {
			return example
		}
	}
	return ""
}

// encodeSummary says in one line what became of an input.
func encodeSummary(path string, c *ais.EncoderCounts) string {
	s := fmt.Sprintf("%s: %d lines, %d messages, %d sentences", path, c.Lines, c.Messages, c.Sentences)
	if c.Dropped.Total() > 0 {
		s += "; lines dropped: " + c.Dropped.String()
	}
	if c.Unused.Total() > 0 {
		s += "; members without a use: " + c.Unused.String()
	}
	return s
}
