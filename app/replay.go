package app

import (
	"context"
	"errors"
	"io"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/all"
	"navicert/detect/gap"
	"navicert/feed"
	"navicert/geo"
)

// ReplayInput is one stream of AIS: a path as [feed.Open] takes it, or a
// reader with a name.
type ReplayInput struct {
	Path   string
	Reader io.Reader // instead of Path
	Name   string    // of the Reader
}

// SortMode says when a file is put in order of time before it is replayed.
type SortMode string

// The modes. Tables, such as MarineCadastre's, hold a day in no certain order;
// streams of sentences come as they were received.
const (
	SortAuto SortMode = "auto" // tables
	SortOn   SortMode = "on"
	SortOff  SortMode = "off"
)

// ReplayOptions say how to replay. The zero options are useful.
type ReplayOptions struct {
	Stdin     io.Reader  // what the path "-" reads; nil is os.Stdin
	Gap       gap.Preset // zero: gap.GFWProduct
	Format    string     // of the input: a name of feed.Formats, "" looks at the content
	Sort      SortMode   // "": SortAuto
	Lateness  time.Duration
	From, To  time.Time // only fixes with From <= time < To; zero does not restrict
	Simulated bool      // the input is invented, and marked so

	StreamClock bool // as in feed.Options
	NoStore     bool // keep nothing, and continue nothing that is kept
	Feed        FeedOptions

	// Event takes each event, in order, once it is stored; may be nil. It waits
	// for that at most for [batchSize] records or, while records come, a second.
	Event func(navicert.Event) error
	// Progress, when set, is called now and then with the bytes read of a file
	// and its size, -1 when unknown.
	Progress func(name string, read, size int64)
}

// ReplaySummary says what became of the input. For each file
// Records = Used + what its Dropped counts, and over all
// the files' Fixes = Fixes = Kept + SetAside + Outside.
type ReplaySummary struct {
	Files    []ReplayedFile `json:"files"`
	Fixes    int            `json:"fixes"`     // positions read
	Outside  int            `json:"outside"`   // of them outside the period asked for
	Kept     int            `json:"kept"`      // of them used
	SetAside navicert.Tally `json:"set_aside"` // of them not used, by reason
	Statics  int            `json:"statics"`
	Vessels  int            `json:"vessels"`
	Events   map[string]int `json:"events"` // by kind
	Zones    int            `json:"zones"`  // that were looked at
	Newest   time.Time      `json:"newest,omitzero"`
	Elapsed  time.Duration  `json:"elapsed"`
	Added    ReplayAdded    `json:"added"`
}

// ReplayedFile is one input.
type ReplayedFile struct {
	Name string `json:"name"`
	feed.Stats
}

// ReplayAdded is what was new to the data directory.
type ReplayAdded struct {
	Fixes   int `json:"fixes"`
	Statics int `json:"statics"`
	Events  int `json:"events"` // new, or a new version
}

// Replay reads AIS through the tracker and all detectors, with the zones of
// the data directory, and keeps fixes, static reports and events there.
//
// Killed at any moment and run again over the same input it loses nothing and
// doubles nothing (of a live feed, which cannot be read again, what waited in
// memory is lost then; stopped, it keeps all): fixes are kept by vessel, time and source, events by ids
// that the same input gives again, and both are written in batches, the fixes
// of a batch before the events that rest on them. Inputs are read one after
// the other. A replay continues where earlier ones ended: a silence that began
// in yesterday's file ends in today's under the same id.
//
// Memory is bounded by the number of vessels, and for a file that is sorted
// first by [MaxSorted] fixes.
func (a *App) Replay(ctx context.Context, opts ReplayOptions, inputs ...ReplayInput) (ReplaySummary, error) {
	if opts.Gap == 0 {
		opts.Gap = gap.GFWProduct
	}
	zones, err := a.db.Zones(ctx, time.Time{}, time.Time{})
	if err != nil {
		return ReplaySummary{}, err
	}
	var db detect.CoverageStore
	if !opts.NoStore {
		db = a.db
	}
	heard, err := newCoverage(ctx, db, a.cfg.Clock)
	if err != nil {
		return ReplaySummary{}, err
	}
	ports, err := a.Ports()
	if err != nil {
		return ReplaySummary{}, err
	}
	r := newReplay(ctx, a, opts, zones, ports, heard)
	started := a.cfg.Clock()
	r.flushed = started
	err = r.run(inputs)
	r.summary.Elapsed = a.cfg.Clock().Sub(started)
	return r.summary, err
}

// replay is one run.
type replay struct {
	ctx      context.Context
	app      *App
	opts     ReplayOptions
	engine   *detect.Engine
	batch    batch
	flushed  time.Time // when the batch was last written
	history  *history
	coverage *coverage
	open     map[string]struct{} // events that are open, to count each once
	live     bool                // the input comes as it happens
	summary  ReplaySummary
}

func newReplay(ctx context.Context, a *App, opts ReplayOptions, zones []geo.Zone, ports *geo.Ports, heard *coverage) *replay {
	r := &replay{ctx: ctx, app: a, opts: opts, open: map[string]struct{}{}, coverage: heard}
	r.summary.Events = map[string]int{}
	r.summary.Zones = len(zones)
	options := detect.Options{
		Detectors: all.Detectors(all.Config{
			Gap: opts.Gap, Receivers: a.cfg.Receivers, Zones: geo.NewIndex(zones),
			Land: land(), Ports: ports,
		}),
		Lateness:  opts.Lateness,
		Since:     opts.From,
		Outages:   heard.outages,
		Receivers: a.cfg.Receivers,
		Told:      time.Duration(opts.Gap),
		Event:     r.event,
	}
	if !opts.NoStore {
		r.history = &history{ctx: context.WithoutCancel(ctx), db: a.db} // short, and needed when the user has stopped
		options.Kept, options.Reported = r.kept, r.reported
		options.Heard = func(rows []detect.Heard) error {
			r.batch.heard = append(r.batch.heard, rows...)
			return nil
		}
		options.History, options.Known = r.history.fixes, r.history.known
	}
	r.engine = detect.NewEngine(options)
	return r
}

func (r *replay) run(inputs []ReplayInput) error {
	err := r.read(inputs)
	// What comes as it happens ends when the user stops, and cannot be read again.
	stopped := r.live && r.ctx.Err() != nil && errors.Is(err, r.ctx.Err())
	if err == nil || stopped {
		if closeErr := r.engine.Close(time.Time{}); closeErr != nil { // silence can be told only as far as there was input
			err, stopped = closeErr, false
		}
	}
	// What was read stays read, also when the input fails or the user stops:
	// the same replay again skips it. Half a report would be taken for a whole.
	if err != nil && !stopped {
		r.batch.recent()
	}
	if flushErr := r.flush(context.WithoutCancel(r.ctx)); err == nil {
		err = flushErr
	}
	stats := r.engine.Stats()
	r.summary.Kept, r.summary.SetAside, r.summary.Vessels = stats.Kept, stats.SetAside, stats.Vessels
	r.summary.Newest = r.engine.Newest()
	return err
}

func (r *replay) read(inputs []ReplayInput) error {
	for _, in := range inputs {
		if err := r.readOne(in); err != nil {
			return err
		}
	}
	return nil
}

func (r *replay) readOne(in ReplayInput) error {
	if in.Reader != nil {
		return r.readFrom(r.ctx, in.Reader, in.Name, func() {})
	}
	s, reading, stop, err := r.openInput(in.Path)
	if err != nil {
		return err
	}
	progress := func() {}
	if r.opts.Progress != nil {
		progress = func() { r.opts.Progress(s.Name, s.Position(), s.Size) }
	}
	err = r.readFrom(reading, s, s.Name, progress)
	progress()
	stopErr := stop()
	if err == nil || errors.Is(err, context.Canceled) && r.ctx.Err() == nil { // the reading was ended by what stop tells
		return stopErr
	}
	return err
}

// readFrom reads one input to its end.
func (r *replay) readFrom(ctx context.Context, reader io.Reader, name string, progress func()) error {
	o := feed.Options{Source: name, Format: r.opts.Format, Simulated: r.opts.Simulated, StreamClock: r.opts.StreamClock, Unique: true, Lateness: r.opts.Lateness}
	if s, ok := reader.(*feed.Stream); ok && s.Live {
		o.Arrival, o.Lateness = r.app.cfg.Clock, 0 // its copies come within seconds, and what it tells shall not wait
		r.live = true
	} else if ok && s.Follows {
		r.live = true
	}
	sink := &replaySink{replay: r, progress: progress}
	stats, err := feed.Read(ctx, reader, o, sink)
	r.summary.Files = append(r.summary.Files, ReplayedFile{name, stats})
	if err != nil {
		return err
	}
	return sink.close()
}

// event counts an event and puts it in the batch.
func (r *replay) event(ev navicert.Event) error {
	if _, known := r.open[ev.ID]; !known && ev.Revision == 0 { // a revision was counted when it was first told
		r.summary.Events[ev.Kind]++
	}
	if ev.State == navicert.EventOpen {
		r.open[ev.ID] = struct{}{}
	} else {
		delete(r.open, ev.ID)
	}
	if r.opts.NoStore {
		return r.tell(ev)
	}
	r.batch.events = append(r.batch.events, ev)
	return nil
}

// tell hands an event out. What has been told is on the disk: a program that
// is killed has promised nothing that it does not hold.
func (r *replay) tell(ev navicert.Event) error {
	if r.opts.Event == nil {
		return nil
	}
	return r.opts.Event(ev)
}

func (r *replay) kept(f *navicert.Fix) error {
	r.batch.fixes = append(r.batch.fixes, *f)
	return nil
}

func (r *replay) reported(s *navicert.Static) error {
	r.batch.addStatic(s)
	return nil
}

// give takes a fix of the input to the engine.
func (r *replay) give(f *navicert.Fix) error {
	if r.outside(f.Time) {
		r.summary.Outside++
		return nil
	}
	// As the store will keep it, so that a later input that continues from
	// there gives the same events.
	ms := *f
	ms.Time = f.Time.Truncate(time.Millisecond)
	if err := r.engine.Fix(&ms); err != nil {
		return err
	}
	return r.flushFull()
}

func (r *replay) outside(t time.Time) bool {
	return !r.opts.From.IsZero() && t.Before(r.opts.From) || !r.opts.To.IsZero() && !t.Before(r.opts.To)
}

func (r *replay) giveStatic(s *navicert.Static) error {
	if r.outside(s.Time) {
		return nil
	}
	ms := *s
	ms.Time = s.Time.Truncate(time.Millisecond)
	if err := r.engine.Static(&ms); err != nil {
		return err
	}
	return r.flushFull()
}

// replaySink takes the reports of one input: to the engine, or to be sorted
// first.
type replaySink struct {
	*replay
	progress func()
	sorter   *sorter
	n        int
}

// progressEvery is how many reports come between two calls of Progress.
const progressEvery = 10_000

// Fix implements feed.Sink.
func (s *replaySink) Fix(f *navicert.Fix) error {
	s.summary.Fixes++
	s.tick()
	if s.sorting(f.TimeFrom) {
		return s.sorter.fix(f)
	}
	return s.give(f)
}

// Static implements feed.Sink.
func (s *replaySink) Static(st *navicert.Static) error {
	s.summary.Statics++
	s.tick()
	if s.sorting(st.TimeFrom) {
		return s.sorter.static(st)
	}
	return s.giveStatic(st)
}

func (s *replaySink) tick() {
	if s.n++; s.n%progressEvery == 0 {
		s.progress()
	}
}

// sorting decides, at the first report of an input, whether it is sorted: the
// time of a table's row comes from the file.
func (s *replaySink) sorting(from navicert.TimeFrom) bool {
	if s.n == 1 && (s.opts.Sort == SortOn || s.opts.Sort != SortOff && from == navicert.TimeFile) {
		s.sorter = &sorter{}
	}
	return s.sorter != nil
}

func (s *replaySink) close() error {
	if s.sorter == nil {
		return nil
	}
	return s.sorter.drain(s.ctx, s.give, s.giveStatic)
}
