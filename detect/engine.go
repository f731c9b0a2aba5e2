package detect

import (
	"math"
	"time"

	"navicert"
	"navicert/geo"
	"navicert/track"
)

// Options are what an engine can be told.
type Options struct {
	// Detectors are called in this order for each fix.
	Detectors []Detector
	// Gate decides which fixes are kept; the zero Gate is track.GateGuardian.
	Gate track.Gate
	// Lateness is how long fixes and static reports wait, in the time they carry,
	// for older ones that arrive late; they are then taken in an order that does
	// not depend on that of arrival. Zero takes them as they come, but for the first
	// eight, which say how late it is; a fix older than its vessel's last one is then
	// set aside.
	Lateness time.Duration
	// Arrival gives the time by the receiver's own clock when a report arrives, and
	// the zero time for one that does not come as it happens. A report that carries
	// about that time is believed at once how late it is. May be nil.
	Arrival func() time.Time
	// History gives the fixes of a vessel that are known from before its first
	// in this input, in order of time: a silence or a visit that runs into it
	// is then seen whole. They cause no events of their own. May be nil.
	History func(m navicert.MMSI, before time.Time) ([]navicert.Fix, error)
	// Known gives the vessels that fixes are known of from before a time, so
	// that Close tells of those that fell silent and do not appear in this
	// input at all. May be nil.
	Known func(before time.Time) ([]navicert.MMSI, error)
	// Outages gives the known outages of a source that overlap [from, to), in
	// order of From, and whether they are all: whether it is a live feed that was
	// listened to, or known not to be, since from. It is asked about each silence
	// of [SilenceAfter] or more. What it gives holds until the next fix. May be nil.
	Outages func(source string, from, to time.Time) (outages []navicert.Outage, watched bool, err error)
	// Told is how long before Since a silence began that is not told again, as
	// the gap detector's threshold: of one that began earlier Close asks for no
	// outages. Zero asks for all.
	Told time.Duration
	// Since is when the input begins; zero takes the time of the oldest fix kept.
	Since time.Time
	// Receivers whose kind is known, beside KnownReceivers.
	Receivers Receivers
	// Heard takes the rows of the coverage ledger, when their hour is over and
	// again when they changed after that. May be nil.
	Heard func([]Heard) error
	// Event takes each event, Kept each fix that was kept, Reported each static
	// report, in the order in which they come about. Any may be nil.
	Event    func(navicert.Event) error
	Kept     func(*navicert.Fix) error
	Reported func(*navicert.Static) error
	// Ended is called by Close when all input has been taken, before the detectors
	// tell what has not ended: what State saves then, another run can go on from.
	// May be nil.
	Ended func() error
}

// Engine drives the tracker and the detectors. It is not safe for concurrent
// use. After an error it is spent.
type Engine struct {
	opts      Options
	tracker   *track.Tracker
	ledger    *ledger
	waiting   *waitingRoom
	taking    visitor
	vessels   []vesselState // by Index
	emit      Emit
	err       error     // of Event, kept until the step is over
	recalling bool      // history is played: no events, nothing kept
	oldest    time.Time // of the fixes kept of this input
	newest    time.Time // of the fixes kept
	current   Step      // the one that the detectors look at
	reporters []Reporter
	doubters  []Doubter
	tickers   []Ticker
	silencers []Silencer
	listeners []Listener
	tick      int64 // the TickEvery that the stream's time is in, since 1970
}

// vesselState is what the engine itself holds of a vessel.
type vesselState struct {
	silence  *Silence // since the last kept fix, once it was looked into
	heard    *heard   // the row of the ledger that its last fix is in
	recalled bool
}

// look holds what was found of a silence.
func (v *vesselState) look(s Silence) { v.silence = &s }

// NewEngine returns an engine ready for fixes.
func NewEngine(opts Options) *Engine {
	if opts.Gate == (track.Gate{}) {
		opts.Gate = track.GateGuardian()
	}
	e := &Engine{opts: opts, ledger: newLedger()}
	e.ledger.give, e.ledger.known = opts.Heard, KnownReceivers().With(opts.Receivers)
	e.tracker = track.NewTracker(opts.Gate, e.step)
	e.tracker.Odd = e.odd
	e.taking = visitor{e.fix, e.static}
	e.waiting = newWaitingRoom(opts.Lateness)
	e.waiting.arrival = opts.Arrival
	for _, d := range opts.Detectors {
		if r, ok := d.(Reporter); ok {
			e.reporters = append(e.reporters, r)
		}
		if t, ok := d.(Ticker); ok {
			e.tickers = append(e.tickers, t)
		}
		if q, ok := d.(Doubter); ok {
			e.doubters = append(e.doubters, q)
		}
		if s, ok := d.(Silencer); ok {
			e.silencers = append(e.silencers, s)
		}
		if l, ok := d.(Listener); ok {
			e.listeners = append(e.listeners, l)
		}
	}
	e.emit = func(ev navicert.Event) {
		if e.err != nil || e.recalling {
			return
		}
		for _, l := range e.listeners {
			l.Hear(&ev)
		}
		if e.opts.Event != nil {
			e.err = e.opts.Event(ev)
		}
	}
	return e
}

// Fix takes the next fix, in order of arrival; it copies what it keeps. The
// error is that of Event, Kept, History or Outages.
func (e *Engine) Fix(f *navicert.Fix) error {
	return e.waiting.fix(f, e.taking)
}

// Static takes the next static report, as Fix does fixes.
func (e *Engine) Static(s *navicert.Static) error {
	return e.waiting.static(s, e.taking)
}

func (e *Engine) static(s *navicert.Static) error {
	if e.opts.Reported != nil {
		if err := e.opts.Reported(s); err != nil {
			return err
		}
	}
	v := e.tracker.Static(s)
	if v == nil {
		return nil
	}
	for _, r := range e.reporters {
		r.Report(v, s, e.emit)
	}
	return e.err
}

func (e *Engine) fix(f *navicert.Fix) error {
	hour, news, turnedBack, err := e.ledger.tick(f.Time, e.waiting.clock.Now())
	if err != nil {
		return err
	}
	if turnedBack {
		e.forgetRows()
	}
	if news {
		e.lookIntoSilences(hour)
		if err := e.ledger.over(hour); err != nil {
			return err
		}
	}
	if err := e.ticks(); err != nil {
		return err
	}
	if e.opts.History != nil {
		if err := e.recall(f.MMSI, f.Time); err != nil {
			return err
		}
	}
	if err := e.tracker.Fix(f); err != nil {
		return err
	}
	return e.err // of a detector that doubted the fix
}

// ticks tells the detectors that look at several vessels how late it is.
func (e *Engine) ticks() error {
	now := e.ledger.now
	tick := now.Unix() / int64(TickEvery/time.Second)
	if len(e.tickers) == 0 || tick == e.tick || now.IsZero() {
		return nil
	}
	e.tick = tick
	for _, t := range e.tickers {
		t.Tick(now.Truncate(TickEvery), e.emit)
	}
	return e.err
}

// recall plays, once, what is known of a vessel from before its first fix.
func (e *Engine) recall(m navicert.MMSI, before time.Time) error {
	v := e.tracker.Vessel(m)
	if v == nil || e.state(v).recalled {
		return nil
	}
	e.state(v).recalled = true
	fixes, err := e.opts.History(m, before)
	if err != nil {
		return err
	}
	e.recalling = true
	defer func() { e.recalling = false }()
	return e.tracker.Recall(fixes)
}

func (e *Engine) state(v *track.Vessel) *vesselState {
	for len(e.vessels) <= v.Index {
		e.vessels = append(e.vessels, vesselState{})
	}
	return &e.vessels[v.Index]
}

// odd takes a fix that no ship can have sent from the tracker to the detectors.
func (e *Engine) odd(v *track.Vessel, f *navicert.Fix) {
	for _, d := range e.doubters {
		d.Odd(v, f, e.emit)
	}
}

// step takes a kept fix from the tracker to the detectors.
func (e *Engine) step(ts track.Step) error {
	st := e.state(ts.Vessel)
	s := &e.current
	if s.Silence.Asked {
		s.Silence = Silence{}
	}
	s.Step, s.Cell, s.elapsed, s.unix = ts, geo.SmallCell(ts.Fix.Pos), 0, ts.Fix.Time.Unix()
	s.elapsed = s.Elapsed()
	if s.elapsed >= SilenceAfter {
		if st.silence != nil {
			s.Silence = *st.silence
		} else { // the clock has not come so far
			s.Silence = e.ledger.silence(s.Vessel, s.Prev)
		}
		s.Silence.WayHeard = e.ledger.wayHeard(s.Prev, s.Fix)
		if err := e.askOutages(&s.Silence, s.Prev, s.Fix.Time); err != nil {
			return err
		}
	}
	st.silence = nil
	if !e.recalling {
		e.ledger.heard(s.Fix, s.unix, s.Cell.Parent(CellLevel), &st.heard)
		if e.oldest.IsZero() || s.Fix.Time.Before(e.oldest) {
			e.oldest = s.Fix.Time
		}
		if s.Fix.Time.After(e.newest) {
			e.newest = s.Fix.Time
		}
	}
	for _, d := range e.opts.Detectors {
		d.Step(s, e.emit)
	}
	if e.err != nil {
		return e.err
	}
	if e.opts.Kept != nil && !e.recalling {
		return e.opts.Kept(s.Fix)
	}
	return nil
}

// askOutages adds to a silence what is known of the feed that heard the vessel
// last. While history is played nothing is asked: what comes of it was told.
func (e *Engine) askOutages(s *Silence, last *navicert.Fix, until time.Time) (err error) {
	if e.opts.Outages == nil || e.recalling {
		return nil
	}
	s.Outages, s.Watched, err = e.opts.Outages(last.Ref.Source, last.Time, until)
	return err
}

// lookIntoSilences asks, as an hour begins, who else was heard after the last
// fix of each vessel that has been silent long enough: later the ledger will
// have forgotten it.
func (e *Engine) lookIntoSilences(hour int64) {
	const after = int64(SilenceAfter / time.Hour)
	for i, v := range e.tracker.Vessels() {
		if i >= len(e.vessels) {
			break
		}
		st := &e.vessels[i]
		if v.Kept > 0 && st.silence == nil && v.LastTime().Unix()/3600 <= hour-after {
			e.tracker.Asked(v)
			last := v.Last()
			st.look(e.ledger.silence(v, last))
			for _, d := range e.silencers {
				d.Silent(v, last, st.silence, e.emit)
			}
		}
	}
	if hour%keptHours == 0 { // rows that are forgotten are not held for vessels' sake
		e.forgetRows()
	}
}

// forgetRows has the rows of the ledger looked for again.
func (e *Engine) forgetRows() {
	for i := range e.vessels {
		e.vessels[i].heard = nil
	}
}

// Close ends the input at a time, the end of the period asked about; zero is
// the newest time there was input of. What has not ended by then is reported
// open.
func (e *Engine) Close(at time.Time) error {
	if err := e.waiting.close(e.taking); err != nil {
		return err
	}
	if at.IsZero() {
		at = e.Newest()
	}
	e.tracker.Close()
	if e.opts.Ended != nil {
		if err := e.opts.Ended(); err != nil {
			return err
		}
	}
	since := e.opts.Since
	if since.IsZero() {
		since = e.oldest
	}
	if err := e.recallAbsent(since); err != nil {
		return err
	}
	for _, v := range e.tracker.Vessels() {
		e.tracker.Asked(v)
		last := v.Last()
		if last == nil {
			continue
		}
		st := e.state(v)
		if st.silence == nil && at.Sub(last.Time) >= SilenceAfter {
			st.look(e.ledger.silence(v, last))
		}
		told := e.opts.Told > 0 && since.Sub(last.Time) > e.opts.Told
		if !told && at.Sub(last.Time) >= SilenceAfter {
			if err := e.askOutages(st.silence, last, at); err != nil {
				return err
			}
		}
		end := End{Since: since, At: at}
		if st.silence != nil {
			end.Silence = *st.silence
		}
		for _, d := range e.opts.Detectors {
			d.End(v, end, e.emit)
		}
		if e.err != nil {
			return e.err
		}
	}
	for _, d := range e.opts.Detectors {
		if f, ok := d.(Finisher); ok {
			f.Finish(End{Since: since, At: at}, e.emit)
		}
	}
	if e.err != nil {
		return e.err
	}
	return e.ledger.over(math.MaxInt64)
}

// recallAbsent plays what is known of the vessels that are not in the input.
func (e *Engine) recallAbsent(since time.Time) error {
	if e.opts.Known == nil || e.opts.History == nil || since.IsZero() {
		return nil
	}
	known, err := e.opts.Known(since)
	if err != nil {
		return err
	}
	for _, m := range known {
		if err := e.recall(m, since); err != nil {
			return err
		}
	}
	return nil
}

// Newest is the time of the newest fix that was taken, by the stream's [Clock]: a
// few that leap ahead have wrong clocks.
func (e *Engine) Newest() time.Time { return e.ledger.now }

// NewestKept is the time of the newest fix that was kept, of a wrong clock too: what
// is not newer can be out of order for a vessel.
func (e *Engine) NewestKept() time.Time { return e.newest }

// Stats counts what an engine was given.
type Stats struct {
	Fixes    int            // given, less those that still wait for older ones
	Kept     int            // given to the detectors
	SetAside navicert.Tally // the others, by reason; complete after Close
	Vessels  int            // MMSIs with at least one kept fix
	Unnamed  int            // fixes whose receiver was not held: more are named than are told apart
}

// Stats returns the counts so far.
func (e *Engine) Stats() Stats {
	s := Stats{Fixes: e.tracker.Received(), Kept: e.tracker.Kept(), SetAside: e.tracker.SetAside().Tally(), Unnamed: e.tracker.Unnamed()}
	for _, v := range e.tracker.Vessels() {
		if v.Kept > 0 {
			s.Vessels++
		}
	}
	return s
}
