package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/all"
	"navicert/detect/gap"
	"navicert/feed"
	"navicert/geo"
	"navicert/store"
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

// MergeMode says when several inputs are read together, in order of time.
type MergeMode string

// The modes. Tables are sorted in memory first, each held whole: so those that do not
// overlap in time are read one after the other, in order of when they begin, and all
// together only with MergeOn. What lies before the last position of its ship is out of
// order.
const (
	MergeAuto MergeMode = "auto" // streams, and tables that overlap in time
	MergeOn   MergeMode = "on"
	MergeOff  MergeMode = "off" // one after the other, as they are named
)

// ReplayOptions say how to replay. The zero options are useful.
type ReplayOptions struct {
	Stdin     io.Reader  // what the path "-" reads; nil is os.Stdin
	Gap       gap.Preset // zero: gap.GFWProduct
	Format    string     // of the input: a name of feed.Formats, "" looks at the content
	Sort      SortMode   // "": SortAuto
	Merge     MergeMode  // of several inputs; "": MergeAuto
	Lateness  time.Duration
	From, To  time.Time // only fixes with From <= time < To; zero does not restrict
	Simulated bool      // the input is invented, and marked so

	StreamClock bool // as in feed.Options
	NoStore     bool // keep nothing, and continue nothing that is kept
	FromStart   bool // do not go on from the checkpoint of a replay that was cut short
	Batch       int  // records that are written together; 0: 20,000
	Feed        FeedOptions
	Record      string // the folder in which live feeds and standard input are recorded; "": they are not

	// Event takes each event, in order, once it is stored; may be nil. It waits
	// for that at most for [batchSize] records or, while records come, a second.
	Event func(navicert.Event) error
	// Kept, when set, takes each position that is used, in the order in which they
	// are. It must not keep the pointer. Of a replay that goes on from a checkpoint
	// it gets those after it: set FromStart to have all.
	Kept func(*navicert.Fix) error
	// Resumed, when set, is told before anything is read that the replay goes on
	// from a checkpoint, and after how many records.
	Resumed func(records int)
	// Note, when set, is told in a sentence what else the user should know.
	Note func(text string)
	// Progress, when set, is called now and then with the bytes read of a file
	// and its size, -1 when unknown.
	Progress func(name string, read, size int64)
}

// ReplaySummary says what became of the input. For each file
// Records = Used + what its Dropped counts, and over all
// the files' Fixes = Fixes = Kept + SetAside + Outside + Waiting.
type ReplaySummary struct {
	Files    []ReplayedFile `json:"files"`
	Fixes    int            `json:"fixes"`             // positions read
	Outside  int            `json:"outside"`           // of them outside the period asked for
	Kept     int            `json:"kept"`              // of them used
	SetAside navicert.Tally `json:"set_aside"`         // of them not used, by reason
	Waiting  int            `json:"waiting,omitempty"` // of them not taken yet when the run ended before its input did
	Statics  int            `json:"statics"`
	Vessels  int            `json:"vessels"`
	Unnamed  int            `json:"unnamed,omitempty"` // positions whose receiver was not held: more are named than are told apart
	Events   map[string]int `json:"events"`            // by kind
	Zones    int            `json:"zones"`             // that were looked at
	Live     bool           `json:"live,omitempty"`    // some input came as it happened, and cannot be read again
	Merged   bool           `json:"merged,omitempty"`  // the files were read together, in order of time
	Resumed  int            `json:"resumed,omitempty"` // records before the checkpoint from which it went on
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
// Killed at any moment and run again over the same files it goes on from its
// last checkpoint ([checkpoint]) and loses and doubles nothing: fixes are kept by
// vessel, time and source, events by ids that the same input gives again, and a
// batch of both is written in one transaction. An event that was kept and
// perhaps not told is told again. Of a live feed, which cannot be read again,
// what waited in memory is lost then; stopped, it keeps all.
//
// A replay of other input continues where earlier ones ended: a silence that
// began in yesterday's file ends in today's under the same id. Input that is newer
// than all that is held goes on from the state in which the last replay ended, as
// if the files had been one. Other input has the positions played that are held of
// each vessel from before; a meeting of two is then not seen across its beginning.
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
	ports, err := a.ports()
	if err != nil {
		return ReplaySummary{}, err
	}
	started := a.cfg.Clock()
	r, err := a.resume(ctx, opts, places{zones, ports}, heard, inputs)
	if err != nil {
		return ReplaySummary{}, err
	}
	r.flushed = started
	err = r.run(inputs)
	r.summary.Elapsed = a.cfg.Clock().Sub(started)
	return r.summary, err
}

// places are what the detectors know of the world, and the data directory may
// change.
type places struct {
	zones []geo.Zone
	ports []geo.Port
}

// replay is one run.
type replay struct {
	ctx        context.Context
	app        *App
	opts       ReplayOptions
	options    detect.Options
	detectors  func() []detect.Detector // new ones
	engine     *detect.Engine
	batch      batch
	flushed    time.Time // when the batch was last written
	history    *history
	coverage   *coverage
	open       map[string]struct{} // events that are open, to count each once
	live       bool                // the input comes as it happens
	reading    context.Context     // of files
	stopped    atomic.Bool         // the user has stopped it
	recordErr  error               // why an input could not be recorded any more
	apart      string              // why the inputs cannot be read together; "": they can
	overlapped int                 // how many began before the end of what was read before them
	merged     []int               // the inputs that are in summary.Files, where they are merged
	summary    ReplaySummary

	checkpoint checkpoint
	end        store.End // of this replay, when it has come to it
	opening    opening   // the first records, until it is known of when they are
	begun      bool      // they have gone to the engine
	complete   bool      // what was held of the time since the first record when the run began, the engine has seen
	id         string    // of the run, however often it is cut short
	follows    int64     // what had been added to the data directory when it began
	given      int       // records of the input that the engine has taken
	skip       int       // of them those that it had taken before the checkpoint
}

func newReplay(ctx context.Context, a *App, opts ReplayOptions, where places, heard *coverage) *replay {
	r := &replay{ctx: ctx, app: a, opts: opts, open: map[string]struct{}{}, coverage: heard, id: rand.Text()}
	r.summary.Events = map[string]int{}
	r.summary.Zones = len(where.zones)
	zones, ports := geo.NewIndex(where.zones), geo.NewPorts(where.ports)
	r.detectors = func() []detect.Detector {
		return all.Detectors(all.Config{
			Gap: opts.Gap, Receivers: a.cfg.Receivers, Zones: zones,
			Land: land(), Ports: ports,
		})
	}
	options := detect.Options{
		Detectors: r.detectors(),
		Lateness:  opts.Lateness,
		Arrival:   r.arrival,
		Since:     opts.From,
		Outages:   heard.outages,
		Receivers: a.cfg.Receivers,
		Told:      time.Duration(opts.Gap),
		Event:     r.event,
		Kept:      opts.Kept,
	}
	if !opts.NoStore {
		r.history = &history{ctx: context.WithoutCancel(ctx), db: a.db} // short, and needed when the user has stopped
		options.Kept, options.Reported = r.kept, r.reported
		options.Heard = func(rows []detect.Heard) error {
			r.batch.heard = append(r.batch.heard, rows...)
			return nil
		}
		options.History, options.Known = r.history.fixes, r.history.known
		options.Ended = r.ended
	}
	r.options = options
	r.engine = detect.NewEngine(options)
	return r
}

func (r *replay) run(inputs []ReplayInput) error {
	var cancel context.CancelFunc
	r.reading, cancel = context.WithCancel(context.WithoutCancel(r.ctx))
	defer cancel()
	defer context.AfterFunc(r.ctx, func() { // nothing is taken any more when the reading ends
		r.stopped.Store(true)
		cancel()
	})()
	err := r.read(inputs)
	// What comes as it happens ends when the user stops, or when it cannot be recorded
	// any more, and cannot be read again.
	stopped := r.live && r.ctx.Err() != nil && errors.Is(err, r.ctx.Err()) || r.unrecordable(err)
	if err == nil || stopped {
		if beginErr := r.beginFew(); beginErr != nil {
			err, stopped = beginErr, false
		}
	}
	if err == nil || stopped {
		if closeErr := r.engine.Close(time.Time{}); closeErr != nil { // silence can be told only as far as there was input
			err, stopped = closeErr, false
		}
	}
	if more := r.overlapped - toldOverlaps; more > 0 {
		r.note("and %d more begin before the end of what was read before them", more)
	}
	if flushErr := r.finish(err, stopped); err == nil {
		err = flushErr
	}
	stats := r.engine.Stats()
	r.summary.Live = r.live
	r.summary.Kept, r.summary.SetAside, r.summary.Vessels = stats.Kept, stats.SetAside, stats.Vessels
	if err != nil && !stopped { // what waits for its turn is neither used nor refused
		r.summary.Waiting = max(0, r.summary.Fixes-r.summary.Outside-stats.Kept-stats.SetAside.Total())
	}
	r.summary.Newest = r.engine.Newest()
	if r.summary.Unnamed = stats.Unnamed; stats.Unnamed > 0 {
		r.note("the input names more receivers than are told apart: the evidence of some events does not name who heard %d positions", stats.Unnamed)
	}
	return err
}

// finish writes the last batch. What was read stays read, also when the input
// fails or the user stops: the same replay again skips it. Half a report would
// be taken for a whole.
func (r *replay) finish(err error, stopped bool) error {
	ctx := context.WithoutCancel(r.ctx)
	switch {
	case err == nil || stopped:
		return r.flush(ctx, nil, true)
	case r.checkpoint.input != "" && r.stopped.Load() && errors.Is(err, context.Canceled):
		return r.flushSoFar()
	}
	r.batch.recent()
	return r.flush(ctx, nil, false)
}

// errStopped is what ends the reading of a file when the user stops: between two
// records, so that a checkpoint can be taken there.
var errStopped = fmt.Errorf("replay: %w", context.Canceled)

func (r *replay) read(inputs []ReplayInput) error {
	if r.merges(inputs) {
		return r.readMerged(inputs)
	}
	for _, in := range inputs {
		if err := r.readOne(in, nil); err != nil {
			return err
		}
	}
	return nil
}

// readOne reads one input, which may be one of several that are merged.
func (r *replay) readOne(in ReplayInput, merge *mergedInput) error {
	if in.Reader != nil {
		return r.readFrom(r.ctx, in.Reader, in.Name, merge, func() {})
	}
	s, reading, stop, err := r.openInput(in.Path)
	if err != nil {
		return err
	}
	progress := func() {}
	if r.opts.Progress != nil {
		progress = func() { r.opts.Progress(s.Name, s.Position(), s.Size) }
	}
	err = r.readFrom(reading, s, s.Name, merge, progress)
	progress()
	stopErr := stop()
	if err == nil || errors.Is(err, context.Canceled) && r.ctx.Err() == nil { // the reading was ended by what stop tells
		return stopErr
	}
	return err
}

// readFrom reads one input to its end.
func (r *replay) readFrom(ctx context.Context, reader io.Reader, name string, merge *mergedInput, progress func()) error {
	o := feed.Options{Source: name, Format: r.opts.Format, Simulated: r.opts.Simulated, StreamClock: r.opts.StreamClock, Unique: true, Lateness: r.opts.Lateness}
	s, ok := reader.(*feed.Stream)
	if ok && s.Live {
		o.Arrival, o.Lateness = r.app.cfg.Clock, 0 // its copies come within seconds, and what it tells shall not wait
		r.live = true
	} else if ok && s.Follows {
		r.live = true
	}
	if !r.live {
		ctx = r.reading
	}
	if merge != nil {
		merge.name = name
	}
	sink := &replaySink{replay: r, merge: merge, name: name, progress: progress}
	if s != nil {
		sink.comes = s.Live || s.Follows
		sink.recordFrom, sink.recorded = s.Recorded()
	}
	stats, err := feed.Read(ctx, reader, o, sink)
	r.summary.Files = append(r.summary.Files, ReplayedFile{name, stats})
	if merge != nil {
		r.merged = append(r.merged, merge.index)
	}
	if err != nil && !r.unrecordable(err) {
		return err
	}
	return errors.Join(err, sink.close())
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
	if r.opts.Kept != nil {
		return r.opts.Kept(f)
	}
	return nil
}

func (r *replay) reported(s *navicert.Static) error {
	r.batch.addStatic(s)
	return nil
}
