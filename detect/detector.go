package detect

import (
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/track"
	"navicert/track/state"
)

// Emit takes an event. A detector that sees something begin may emit the event
// open, and emits it again, closed, under the same id when it ends.
type Emit func(navicert.Event)

// Step is one kept fix of one vessel, with the one before it and what is known
// of the silence between them. The pointers hold only during the call.
type Step struct {
	track.Step
	Cell    s2.CellID // the S2 cell of geo.SmallLevel that holds the fix
	Silence Silence   // after Prev; not looked into when the two lie closer than SilenceAfter

	elapsed time.Duration // what Elapsed gives, when the engine has worked it out
	unix    int64         // and Unix
}

// Unix is the time of the fix in seconds since 1970.
func (s *Step) Unix() int64 {
	if s.unix != 0 {
		return s.unix
	}
	return s.Fix.Time.Unix()
}

// Elapsed is the time since the previous fix, 0 at the first.
func (s *Step) Elapsed() time.Duration {
	if s.Prev == nil || s.elapsed != 0 {
		return s.elapsed
	}
	return Elapsed(s.Prev.Time, s.Fix.Time)
}

// Elapsed is to.Sub(from), in half its time for times that lie less than 68 years
// apart: it need not see whether the difference is too long to be told.
func Elapsed(from, to time.Time) time.Duration {
	if s := to.Unix() - from.Unix(); s > -1<<31 && s < 1<<31 {
		return time.Duration(s)*time.Second + time.Duration(to.Nanosecond()-from.Nanosecond())
	}
	return to.Sub(from)
}

// Detector watches for one kind of behaviour. It keeps its own state per
// vessel, bounded, under the vessel's Index, and is called from one goroutine.
type Detector interface {
	// Kind is the kind of the events it emits.
	Kind() string
	// Step is called for each kept fix, per vessel in order of time.
	Step(s *Step, emit Emit)
	// End is called once per vessel that has a kept fix, when the input ends.
	End(v *track.Vessel, end End, emit Emit)
	// State saves what the detector holds, or loads it into a new detector that
	// was made with the same configuration. What follows is then the same, event
	// by event, as if the run had not been broken off.
	State(c *state.Coder)
}

// Reporter is a Detector that reads static reports too.
type Reporter interface {
	// Report is called for each static report of a vessel, in the order in which
	// reports and fixes take their place, after the vessel's Identity took it in.
	Report(v *track.Vessel, r *navicert.Static, emit Emit)
}

// Ticker is a Detector that looks at several vessels together.
type Ticker interface {
	// Tick is called when the stream's time enters another TickEvery, before the
	// first fix in it. Every kept fix before that has been seen.
	Tick(now time.Time, emit Emit)
}

// TickEvery divides the stream's time for Tickers, in UTC.
const TickEvery = 10 * time.Minute

// Silencer is a Detector that wants to know of silences while they last.
type Silencer interface {
	// Silent is called once for a silence, as the fourth clock hour after that of the
	// last fix begins, unless it ends before that: it has then lasted for more than
	// three hours, and up to SilenceAfter.
	Silent(v *track.Vessel, last *navicert.Fix, s *Silence, emit Emit)
}

// Listener is a Detector that wants to know what others saw.
type Listener interface {
	// Hear is called for each event that any detector emits, its own too.
	Hear(ev *navicert.Event)
}

// Doubter is a Detector that looks at fixes that no ship known under their MMSI
// can have sent: they wait until another confirms them, or are set aside.
type Doubter interface {
	// Odd is called when such a fix comes, with the vessel that was heard last
	// under its MMSI.
	Odd(v *track.Vessel, f *navicert.Fix, emit Emit)
}

// Finisher is a Detector that has something to say when the input is over and
// End was called for all vessels.
type Finisher interface {
	Finish(end End, emit Emit)
}

// End is the end of the input, for one vessel.
type End struct {
	Since   time.Time // when the input began
	At      time.Time // when it ended; the vessel may be silent since its last fix
	Silence Silence   // after its last fix
}

// Breaks reports whether a vessel that was last heard then has been silent for longer
// than a detector's break when the input ends: what goes on has ended with its last
// fix. What broke off before the input began was told then.
func (e *End) Breaks(last time.Time, most time.Duration) bool {
	return e.At.Sub(last) > most && e.Since.Sub(last) <= most
}
