package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"navicert"
	"navicert/app"
	"navicert/app/tracks"
	"navicert/detect/gap"
	"navicert/feed"
	"navicert/track"
)

type replayCmd struct {
	Files       []string `arg:"" name:"file" help:"AIS files, .gz and .zst too, - for standard input, or a live feed (see below)."`
	InputFormat string   `default:"auto" help:"The input's format: auto, nmea, marinecadastre, dma, gpsd, aisstream or another of docs/ais.md."`
	feedFlags
	GapPreset   string           `default:"gfw-product" enum:"gfw-product,gfw-raw" help:"How long a silence is a gap: gfw-product (6 h) or gfw-raw (12 h)."`
	From        navicert.Instant `help:"Only positions at or after this time." placeholder:"TIME"`
	To          navicert.Instant `help:"Only positions before this time." placeholder:"TIME"`
	Sort        string           `default:"auto" enum:"auto,on,off" help:"Put each file in order of time first, in memory: auto does so for tables. What comes as it happens is never sorted."`
	Merge       string           `default:"auto" enum:"auto,on,off" help:"Read several files together, in order of time: auto does so for streams and for tables that overlap in time, on for all tables, in memory."`
	Lateness    time.Duration    `default:"1m" help:"How late a position or report may arrive behind newer ones, by the times they carry."`
	StreamClock bool             `help:"Take the time of sentences without one from the ZDA and RMC sentences among them: right for the log of one ship or station."`
	NoStore     bool             `help:"Keep nothing in the data directory, and continue nothing that is kept there."`
	FromStart   bool             `help:"Begin anew, also where a replay of the same files was cut short and left a checkpoint."`
	Tracks      string           `type:"path" placeholder:"DIR" help:"Write the positions that are used as GeoParquet too, a folder for each day: reads the files from their start."`
	Record      string           `type:"path" placeholder:"DIR" help:"Write what live feeds and standard input bring to files in this folder, byte for byte, so that events show can read it again."`
	Batch       int              `hidden:"" help:"Records that are written together."`
	Simulated   bool             `help:"The input is invented: mark everything that comes of it."`
}

// Help is printed below the flags.
func (replayCmd) Help() string {
	return `Prints behaviour events as they come about, one JSON object a line: reporting
gaps, and visits to the zones that zones import has brought in. An event that
begins and ends is printed twice, open and closed, under the same id.

Positions, identities and events are kept in the data directory. The same
input again adds nothing (but what is piped twice with --record is held twice,
each with its own place), and a later file continues where this one ends. Files
of sentences that are named together are read in order of time, and so are tables
that overlap in time, as those split by ship do; other tables, and sentences that
are named beside tables, one after the other.
A replay of files that was cut short goes on from its checkpoint when it is run
again; what it told since then it tells once more, the same to the byte.

` + feedHelp() + `

Examples:
  navicert replay --no-store AIS_2022_01_03.csv.zst
  navicert simulate | navicert replay --simulated -
  navicert replay udp://:10110
  navicert replay --record records tcp://192.0.2.7:5631
  navicert replay --no-store --tracks tracks AIS_2022_01_03.csv.zst
  navicert replay monday.nmea.gz tuesday.nmea.gz > events.ndjson`
}

// Run replays and prints.
func (c *replayCmd) Run(ctx context.Context, g *globals) error {
	if !c.To.IsZero() && !c.To.After(c.From.Time) {
		return usageError(fmt.Sprintf("replay: --to %s is not after --from %s", c.To, c.From))
	}
	if c.Lateness < 0 || c.Lateness > 24*time.Hour {
		return usageError("replay: --lateness must lie between 0s and 24h")
	}
	if c.Record != "" && !slices.ContainsFunc(c.Files, func(f string) bool { return f == "-" || strings.Contains(f, "://") }) {
		return usageError("replay: --record keeps what live feeds and standard input bring; files can be read again as they are")
	}
	preset, err := gap.ParsePreset(c.GapPreset)
	if err != nil {
		return usageError(err.Error())
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	p := eventPrinter(g)
	bars := replayBars{g: g}
	opts := app.ReplayOptions{
		Stdin: g.stdin, Gap: preset, Format: c.InputFormat, Sort: app.SortMode(c.Sort), Lateness: c.Lateness,
		From: c.From.Time, To: c.To.Time, Simulated: c.Simulated, NoStore: c.NoStore,
		StreamClock: c.StreamClock, Merge: app.MergeMode(c.Merge), FromStart: c.FromStart, Batch: c.Batch, Record: c.Record,
		Feed:  c.options(g),
		Event: func(ev navicert.Event) error { return p.printNow(ev) },
		Resumed: func(n int) {
			g.note("goes on from the checkpoint of a replay that was cut short, after %s (--from-start begins anew)", countOf(n, "report"))
		},
		Note:     func(text string) { g.note("%s", text) },
		Progress: bars.show,
	}
	var written *tracks.Writer
	if c.Tracks != "" {
		written = tracks.New(c.Tracks)
		opts.Kept, opts.FromStart = written.Fix, true // a checkpoint has none of the positions before it
	}
	summary, err := a.Replay(ctx, opts, c.inputs()...)
	bars.finish()
	if written != nil {
		err = endTracks(g, written, c.Tracks, summary.Live, err)
	}
	if closeErr := p.close(); err == nil {
		err = closeErr
	}
	c.report(g, summary)
	return err
}

// endTracks makes the files whole. Of what can be read again, a run that fails or
// is stopped leaves none: the next would write them all once more. A live feed
// cannot, and what came of it is kept.
func endTracks(g *globals, w *tracks.Writer, dir string, live bool, err error) error {
	if err != nil && !live {
		w.Abandon()
		if errors.Is(err, context.Canceled) {
			g.note("stopped: nothing is left in %s of this run, which begins anew when it is run again", dir)
		}
		return err
	}
	if closeErr := w.Close(); closeErr != nil && err == nil {
		return closeErr
	}
	g.note("%s in %s below %s", countOf(w.Rows(), "position"), countOf(w.Files(), "file"), dir)
	if n := w.Beside(); n > 0 {
		g.note("  %s beside what was there of the same day: a position that is in both is there twice", countOf(n, "file"))
	}
	return err
}

func (c *replayCmd) inputs() []app.ReplayInput {
	in := make([]app.ReplayInput, len(c.Files))
	for i, f := range c.Files {
		in[i].Path = f
	}
	return in
}

// replayBars shows one progress bar per file.
type replayBars struct {
	g    *globals
	name string
	bar  *progressbar.ProgressBar
}

func (b *replayBars) show(name string, read, size int64) {
	if b.bar == nil || b.name != name {
		b.finish()
		b.name, b.bar = name, b.g.progress(size, name, inBytes())
	}
	_ = b.bar.Set64(read) // a bar that cannot be drawn is no reason to stop
}

func (b *replayBars) finish() {
	if b.bar != nil {
		_ = b.bar.Finish()
	}
}

// eventStream prints events, those in lines at once.
type eventStream struct{ *printer[navicert.Event] }

func eventPrinter(g *globals) eventStream {
	return eventStream{newPrinter(
		g,
		column[navicert.Event]{"start", func(e navicert.Event) string { return e.Start.String() }},
		column[navicert.Event]{"end", func(e navicert.Event) string { return e.End.String() }},
		column[navicert.Event]{"state", func(e navicert.Event) string { return string(e.State) }},
		column[navicert.Event]{"kind", func(e navicert.Event) string { return e.Kind }},
		column[navicert.Event]{"MMSI", func(e navicert.Event) string {
			if e.MMSI == 0 { // of an area
				return ""
			}
			return e.MMSI.String()
		}},
		column[navicert.Event]{"other", func(e navicert.Event) string {
			if e.Other == 0 {
				return ""
			}
			return e.Other.String()
		}},
		column[navicert.Event]{"IMO", func(e navicert.Event) string { return e.IMO.String() }},
		column[navicert.Event]{"zone", func(e navicert.Event) string { return e.Zone }},
		column[navicert.Event]{"hours", func(e navicert.Event) string {
			if h, ok := e.Measures["duration_hours"]; ok {
				return fmt.Sprintf("%.1f", h)
			}
			return ""
		}},
		column[navicert.Event]{"explanation", func(e navicert.Event) string {
			if len(e.Explanations) == 0 {
				return ""
			}
			return e.Explanations[0]
		}},
		column[navicert.Event]{"id", func(e navicert.Event) string { return e.ID }},
	)}
}

func (s eventStream) printNow(ev navicert.Event) error {
	if err := s.print(ev); err != nil {
		return err
	}
	if s.format == "ndjson" || s.format == "csv" {
		return s.flush()
	}
	return nil
}

// report prints the summary.
func (c *replayCmd) report(g *globals, s app.ReplaySummary) {
	for _, f := range s.Files {
		g.note("%s: %d %s records: %d used, %d dropped (%s)", f.Name, f.Records, f.Format, f.Used, f.Dropped.Total(), f.Dropped.String())
		if f.AIS != nil && f.AIS.Clocks > 0 && f.Dropped.Count(feed.NoTime) > 0 && !c.StreamClock {
			g.note("  %d ZDA and RMC sentences would give those without a time one: --stream-clock", f.AIS.Clocks)
		}
		if f.Noted.Total() > 0 {
			g.note("  values left out: %s", f.Noted.String())
		}
	}
	outside := ""
	if s.Outside > 0 {
		outside = fmt.Sprintf(", %d outside the period", s.Outside)
	}
	waiting := ""
	if s.Waiting > 0 {
		waiting = fmt.Sprintf(", %d not taken: they waited for their turn when the reading ended", s.Waiting)
	}
	g.note("%d positions: %d kept, %d set aside (%s)%s%s", s.Fixes, s.Kept, s.SetAside.Total(), s.SetAside.String(), outside, waiting)
	if n := s.SetAside.Count(track.OutOfOrder.String()); n > 0 && len(s.Files) > 1 && !s.Merged {
		g.note("  out of order may be what lies before a file that was read earlier: name the files in order of time, or --merge on")
	}
	for _, reason := range s.SetAside.Reasons() {
		for _, ex := range s.SetAside.Examples(reason) {
			g.note("  %s: %s", reason, ex)
		}
	}
	g.note("%s, %s, %s; events: %s", countOf(s.Vessels, "vessel"), countOf(s.Statics, "static report"), countOf(s.Zones, "zone"), eventCounts(s.Events))
	if !c.NoStore {
		g.note("new in the data directory: %d positions, %d static reports, %d events", s.Added.Fixes, s.Added.Statics, s.Added.Events)
	}
	if sec := s.Elapsed.Seconds(); sec > 0 {
		g.note("%.1f s, %.0f positions/s", sec, float64(s.Fixes)/sec)
	}
}

// countOf prints "1 vessel", "2 vessels".
func countOf(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func eventCounts(n map[string]int) string {
	if len(n) == 0 {
		return "none"
	}
	var parts []string
	for kind, count := range n {
		parts = append(parts, fmt.Sprintf("%d %s", count, kind))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
