package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"navicert"
	"navicert/app"
	"navicert/track/segment"
)

type segmentsCmd struct {
	Files       []string `arg:"" name:"file" help:"AIS files, .gz and .zst too, - for standard input."`
	InputFormat string   `default:"auto" help:"The input's format: auto, nmea, marinecadastre, dma, gpsd, aisstream or another of docs/ais.md."`
	Summary     bool     `help:"One line for each segment in place of each position."`
}

// Help is printed below the flags.
func (segmentsCmd) Help() string {
	return `Tells the ships apart that send under one MMSI, as gpsdio-segment does: each
position is given to the run of positions that it fits, or is bad, a duplicate, or
discarded as a later one shows that it does not belong (docs/tracks.md). The input
is read whole and put in order of time; nothing is kept. For streams, and for
behaviour, see navicert replay.

Examples:
  navicert segments log.nmea.gz > positions.ndjson
  navicert segments --summary AIS_2022_01_03.csv.zst
  navicert segments --format csv track.csv`
}

// segmentRow is a segment as it is printed.
type segmentRow struct {
	Segment   string           `json:"segment"`
	First     navicert.Instant `json:"first"`
	Last      navicert.Instant `json:"last"`
	Positions int              `json:"positions"` // the discarded ones too
	Closed    bool             `json:"closed"`
}

// Run segments and prints.
func (c *segmentsCmd) Run(ctx context.Context, g *globals) error {
	if !slices.Contains(decodeFormats(), c.InputFormat) {
		return usageError(fmt.Sprintf("segments: --input-format %q is not known: want one of %s", c.InputFormat, strings.Join(decodeFormats(), ", ")))
	}
	bars := replayBars{g: g}
	o := app.SegmentsOptions{Stdin: g.stdin, Progress: bars.show}
	if c.InputFormat != "auto" {
		o.Format = c.InputFormat
	}
	var done func() error
	if c.Summary {
		p := newPrinter(
			g,
			column[segmentRow]{"segment", func(r segmentRow) string { return r.Segment }},
			column[segmentRow]{"first", func(r segmentRow) string { return r.First.String() }},
			column[segmentRow]{"last", func(r segmentRow) string { return r.Last.String() }},
			column[segmentRow]{"positions", func(r segmentRow) string { return fmt.Sprint(r.Positions) }},
			column[segmentRow]{"closed", func(r segmentRow) string { return fmt.Sprint(r.Closed) }},
		)
		o.Segment = func(s segment.Segment) error {
			return p.print(segmentRow{s.ID, navicert.At(s.First), navicert.At(s.Last), s.Positions, s.Closed})
		}
		done = p.close
	} else {
		type row = app.SegmentedFix
		p := newPrinter(
			g,
			column[row]{"mmsi", func(r row) string { return r.MMSI.String() }},
			column[row]{"time", func(r row) string { return r.Time.String() }},
			column[row]{"lat", func(r row) string { return fmt.Sprintf("%.5f", r.Position.Lat) }},
			column[row]{"lon", func(r row) string { return fmt.Sprintf("%.5f", r.Position.Lon) }},
			column[row]{"class", func(r row) string { return r.Class }},
			column[row]{"segment", func(r row) string { return r.Segment }},
		)
		o.Fix, done = p.print, p.close
	}
	read, err := app.Segments(ctx, o, c.Files...)
	bars.finish()
	if err := done(); err != nil {
		return err
	}
	for _, r := range read {
		if n := r.Rows.Dropped.Total(); n > 0 {
			g.note("%s: %d left out: %s.", r.Name, n, r.Rows.Dropped.String())
		}
	}
	return err
}
