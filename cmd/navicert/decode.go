package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"navicert"
	"navicert/ais"
	"navicert/app"
	"navicert/feed"
	"navicert/feed/all"
)

type decodeCmd struct {
	Files       []string `arg:"" optional:"" name:"file" default:"-" help:"AIS files, .gz and .zst too, - for standard input, or a live feed (see below)."`
	InputFormat string   `default:"auto" help:"The input's format: auto, nmea, marinecadastre, dma, gpsd, aisstream or another of docs/ais.md."`
	StreamClock bool     `help:"Take the time of sentences without one from the ZDA and RMC sentences among them: right for the log of one ship or station."`
	Output      string   `short:"o" type:"path" placeholder:"FILE" help:"Write to this file instead of standard output. It is put there when it is whole."`
	feedFlags
	Unscaled bool `help:"Print the numbers of messages as they were sent, those that mean unknown too, in gpsd's unscaled form."`
	Stats    bool `help:"Print all counters to standard error: a table on a terminal, one JSON object elsewhere."`
}

// Help is printed below the flags.
func (decodeCmd) Help() string {
	return `Prints one JSON object per AIS message, with gpsd's field names and scaled units;
what is unknown is absent. With --unscaled the numbers are those that were sent;
"navicert encode" makes sentences of either. Beside these stand time, time_from
(the clock it was read from), station, channel and raw, the sentences as received.
Rows of tables become the same kind of object without a type. --format parquet writes the columns
of csv, and raw, as typed Parquet columns.

Bad lines are counted and no error; --stats shows by reason, with examples.

` + feedHelp() + `

Examples:
  navicert decode --stats log.nmea.gz > log.ndjson
  navicert decode tcp://127.0.0.1:10110
  navicert decode --stream-clock yacht.log
  navicert decode --follow receiver.log
  zcat day.csv.gz | navicert decode --format csv
  navicert decode --format parquet --output log.parquet log.nmea.gz`
}

// Run decodes and prints.
func (c *decodeCmd) Run(ctx context.Context, g *globals) error {
	if !slices.Contains(decodeFormats(), c.InputFormat) {
		return usageError(fmt.Sprintf("decode: --input-format %q is not known: want one of %s", c.InputFormat, strings.Join(decodeFormats(), ", ")))
	}
	to, format := g.stdout, g.format()
	var file *outFile
	if c.Output != "" {
		if format == "table" && g.Format != "table" { // which auto is for a terminal
			format = "ndjson"
		}
		var err error
		if file, err = createOut(c.Output); err != nil {
			return err
		}
		to = file
	} else if format == "parquet" && isTerminal(g.stdout) {
		return usageError("decode: Parquet is nothing for a terminal (name a file with --output FILE)")
	}
	err := c.decode(ctx, g, newDecodeOutput(format, to, c.Unscaled))
	switch {
	case file == nil:
	case err != nil:
		file.discard()
	default:
		err = file.commit()
	}
	return err
}

// decode reads the inputs into an output and reports what became of them.
func (c *decodeCmd) decode(ctx context.Context, g *globals, out decodeOutput) error {
	bars := replayBars{g: g}
	inputs, err := app.Decode(ctx, app.DecodeOptions{
		Format: c.InputFormat, Stdin: g.stdin, Clock: time.Now, StreamClock: c.StreamClock,
		Message: out.message, Fix: out.fix, Static: out.static, Idle: out.flush, Progress: bars.show,
		Feed: c.options(g),
	}, c.Files...)
	bars.finish()
	if err == nil {
		err = out.close()
	} else {
		out.abandon()
	}
	if statsErr := c.report(g, inputs); err == nil {
		err = statsErr
	}
	return err
}

// decodeFormats are the names that --input-format takes.
func decodeFormats() []string {
	names := []string{feed.Auto}
	for _, f := range all.Formats() {
		names = append(names, f.Name)
	}
	return names
}

// decodeOutput prints messages and rows in one format.
type decodeOutput interface {
	message(*ais.Message) error
	fix(*navicert.Fix) error
	static(*navicert.Static) error
	flush() error
	close() error
	abandon() // ends after an error: what can be read by itself is still written
}

func newDecodeOutput(format string, to io.Writer, unscaled bool) decodeOutput {
	w := bufio.NewWriterSize(to, 64<<10)
	switch format {
	case "parquet":
		return newDecodeParquet(to)
	case "csv", "table":
		return newDecodeRows(w, format == "csv")
	default:
		return &decodeObjects{w: w, array: format == "json", unscaled: unscaled}
	}
}

// decodeObjects prints JSON: one object a line, or one array of them.
type decodeObjects struct {
	w        *bufio.Writer
	array    bool
	unscaled bool // only messages have an unscaled form
	n        int
	buf      []byte
}

func (o *decodeObjects) message(m *ais.Message) error {
	if o.unscaled {
		o.buf = m.AppendUnscaledJSON(o.buf[:0])
	} else {
		o.buf = m.AppendJSON(o.buf[:0])
	}
	return o.object(o.buf)
}

// decodedFix is a row's position, with gpsd's names.
type decodedFix struct {
	Class       string                           `json:"class"`
	MMSI        navicert.MMSI                    `json:"mmsi"`
	Scaled      bool                             `json:"scaled"`
	Status      navicert.Opt[navicert.NavStatus] `json:"status,omitzero"`
	Speed       navicert.Opt[float64]            `json:"speed,omitzero"`
	Lon         float64                          `json:"lon"`
	Lat         float64                          `json:"lat"`
	Course      navicert.Opt[float64]            `json:"course,omitzero"`
	Heading     navicert.Opt[float64]            `json:"heading,omitzero"`
	Time        navicert.Instant                 `json:"time"`
	TimeFrom    navicert.TimeFrom                `json:"time_from"`
	Transponder navicert.Class                   `json:"transponder,omitempty"`
	LongRange   bool                             `json:"long_range,omitempty"`
	Average     bool                             `json:"average,omitempty"`
	Station     string                           `json:"station,omitempty"`
	Ref         navicert.Ref                     `json:"ref"`
}

// decodedStatic is what a row says of the vessel, with gpsd's names.
type decodedStatic struct {
	Class       string                `json:"class"`
	MMSI        navicert.MMSI         `json:"mmsi"`
	Scaled      bool                  `json:"scaled"`
	IMO         navicert.IMO          `json:"imo,omitempty"`
	CallSign    navicert.CallSign     `json:"callsign,omitempty"`
	ShipName    string                `json:"shipname,omitempty"`
	ShipType    navicert.Opt[int]     `json:"shiptype,omitzero"`
	Length      navicert.Opt[float64] `json:"length,omitzero"`
	Beam        navicert.Opt[float64] `json:"beam,omitzero"`
	Draught     navicert.Opt[float64] `json:"draught,omitzero"`
	Destination string                `json:"destination,omitempty"`
	Time        navicert.Instant      `json:"time"`
	TimeFrom    navicert.TimeFrom     `json:"time_from"`
	Transponder navicert.Class        `json:"transponder,omitempty"`
	Station     string                `json:"station,omitempty"`
	Ref         navicert.Ref          `json:"ref"`
}

func (o *decodeObjects) fix(f *navicert.Fix) error {
	return o.value(decodedFix{
		"AIS", f.MMSI, true, f.Status, f.SpeedKn, f.Pos.Lon, f.Pos.Lat, f.CourseDeg, f.HeadingDeg,
		navicert.At(f.Time), f.TimeFrom, f.Class, f.LongRange, f.Average, f.Station, f.Ref,
	})
}

func (o *decodeObjects) static(s *navicert.Static) error {
	return o.value(decodedStatic{
		"AIS", s.MMSI, true, s.IMO, s.CallSign, s.Name, s.ShipType, s.LengthM, s.BeamM, s.DraughtM, s.Destination,
		navicert.At(s.Time), s.TimeFrom, s.Class, s.Station, s.Ref,
	})
}

func (o *decodeObjects) value(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return o.object(b)
}

func (o *decodeObjects) object(b []byte) error {
	o.n++
	if o.array {
		sep := ",\n "
		if o.n == 1 {
			sep = "[\n "
		}
		_, _ = io.WriteString(o.w, sep) // the writer keeps its error
		_, err := o.w.Write(b)
		return err
	}
	_, _ = o.w.Write(b)
	return o.w.WriteByte('\n')
}

func (o *decodeObjects) flush() error { return o.w.Flush() }

// abandon leaves an array open: it is not all there is.
func (o *decodeObjects) abandon() { _ = o.w.Flush() }

func (o *decodeObjects) close() error {
	if o.array {
		if o.n == 0 {
			_, _ = io.WriteString(o.w, "[")
		}
		_, _ = io.WriteString(o.w, "\n]\n")
	}
	return o.w.Flush()
}

// report prints what became of the inputs: all counters with --stats, else a
// line for each.
func (c *decodeCmd) report(g *globals, inputs []app.DecodedInput) error {
	if !c.Stats {
		for _, in := range inputs {
			g.note("%s", decodeSummary(in))
		}
		return nil
	}
	if isTerminal(g.stderr) {
		for _, in := range inputs {
			decodeTable(g.stderr, in)
		}
		return nil
	}
	type object struct {
		Name    string          `json:"name"`
		Format  string          `json:"format"`
		AIS     *ais.Counts     `json:"ais,omitempty"`
		Records int64           `json:"records,omitempty"`
		Used    int64           `json:"used,omitempty"`
		Dropped *navicert.Tally `json:"dropped,omitempty"`
		Noted   *navicert.Tally `json:"noted,omitempty"`
	}
	files := make([]object, len(inputs))
	for i := range inputs {
		in := &inputs[i]
		files[i] = object{Name: in.Name, Format: in.Format, AIS: in.AIS}
		if in.AIS == nil {
			files[i].Records, files[i].Used = in.Rows.Records, in.Rows.Used
			files[i].Dropped, files[i].Noted = &in.Rows.Dropped, &in.Rows.Noted
		}
	}
	return json.NewEncoder(g.stderr).Encode(map[string]any{"files": files})
}

// decodeSummary says in one line what became of an input.
func decodeSummary(in app.DecodedInput) string {
	if in.AIS == nil {
		s := fmt.Sprintf("%s: %d rows, %d used", in.Name, in.Rows.Records, in.Rows.Used)
		if in.Rows.Dropped.Total() > 0 {
			s += "; dropped " + in.Rows.Dropped.String()
		}
		if in.Rows.Noted.Total() > 0 {
			s += "; values left out: " + in.Rows.Noted.String()
		}
		return s
	}
	c := in.AIS
	s := fmt.Sprintf("%s: %d lines, %d AIS sentences, %d messages", in.Name, c.Lines, c.Sentences, c.Messages)
	if n := c.Time(""); n > 0 {
		s += fmt.Sprintf(", %d of them without a time", n)
		if c.Clocks > 0 && c.Time(navicert.TimeClock) == 0 {
			s += fmt.Sprintf(" (%d ZDA and RMC sentences would give it: --stream-clock)", c.Clocks)
		}
	}
	if t := c.Tally(); t.Total() > 0 {
		s += "; sentences dropped: " + t.String()
	}
	if c.TooLong > 0 {
		s += fmt.Sprintf("; %d lines too long", c.TooLong)
	}
	return s
}

// decodeTable prints all counters of an input for a person.
func decodeTable(w io.Writer, in app.DecodedInput) {
	fmt.Fprintf(w, "%s (%s)\n", in.Name, in.Format)
	row := func(name string, n int64) { fmt.Fprintf(w, "  %-22s %12d\n", name, n) }
	tally := func(title string, t navicert.Tally) {
		for _, reason := range t.Reasons() {
			row(title+" "+reason, int64(t.Count(reason)))
			for _, ex := range t.Examples(reason) {
				fmt.Fprintf(w, "      %.110q\n", ex)
			}
		}
	}
	if in.AIS == nil {
		row("rows", in.Rows.Records)
		row("used", in.Rows.Used)
		tally("dropped:", in.Rows.Dropped)
		tally("left out:", in.Rows.Noted)
		return
	}
	c := in.AIS
	row("lines", c.Lines)
	row("with AIS", c.DataLines)
	row("comments", c.Comments)
	row("other talk", c.Other)
	row("too long", c.TooLong)
	row("sentences", c.Sentences)
	row("used", c.Used)
	tally("dropped:", c.Tally())
	row("messages", c.Messages)
	for t := range 28 {
		if n := c.Type(t); n > 0 {
			row(fmt.Sprintf("type %d", t), n)
		}
	}
	for _, from := range []navicert.TimeFrom{
		navicert.TimeTag, navicert.TimePGHP, navicert.TimeSuffix, navicert.TimeDelivery, navicert.TimePrefix, navicert.TimeClock,
		navicert.TimeArrival,
	} {
		if n := c.Time(from); n > 0 {
			row("time from "+string(from), n)
		}
	}
	row("without a time", c.Time(""))
	row("tag blocks unverified", c.TagUnverified)
}
