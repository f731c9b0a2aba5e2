package gap

import (
	"slices"
	"strings"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/detect"
	"navicert/track"
	"navicert/track/state"
)

// Start is a vessel that has been silent for longer than the threshold.
type Start struct {
	MMSI     navicert.MMSI
	At       time.Time // of its last position
	Leaf     s2.CellID // that holds it
	Receiver string    // what heard it, see [detect.Receivers.Of]
	// InReach says that ships are heard where it was heading: it did not just sail
	// out of reception.
	InReach bool
	// Near says that others of its class went on being heard by its receivers where
	// it could have been: what it was lost to is local.
	Near bool
	// Sending says that in most of the hours looked at the vessel's own messages went
	// on coming, without a usable position: no receiver failed.
	Sending bool
	// Suspect says that an earlier gap of the vessel was unexplained.
	Suspect   bool
	Simulated bool
	Evidence  navicert.Evidence // its last position

	vessel int // its Index
}

// Pos is where it was last.
func (s *Start) Pos() navicert.Position {
	ll := s.Leaf.LatLng()
	return navicert.Position{Lat: ll.Lat.Degrees(), Lon: ll.Lng.Degrees()}
}

// State saves or loads it.
func (s *Start) State(c *state.Coder) {
	state.Int(c, &s.MMSI)
	c.Time(&s.At)
	state.Int(c, &s.Leaf)
	c.String(&s.Receiver)
	c.Bool(&s.InReach)
	c.Bool(&s.Near)
	c.Bool(&s.Sending)
	c.Bool(&s.Suspect)
	c.Bool(&s.Simulated)
	c.Evidence(&s.Evidence)
	state.Int(c, &s.vessel)
}

// Areas are those in which many vessels fell silent at once, found from the
// starts of silences.
type Areas interface {
	// Silent takes a start, once, when the threshold is over.
	Silent(s *Start)
	// Look looks for areas: at each tick, after its starts, and at the end, when
	// nothing more comes that could be waited for.
	Look(now time.Time, end bool, emit detect.Emit)
	// Explains returns the area that explains why a vessel was not heard any more
	// from a place and time on, as far as it is known by now.
	Explains(leaf s2.CellID, at time.Time) (Reason, bool)
	// Changes counts the changes of what Explains says.
	Changes() int
}

// Reason is an area that explains a silence, or without a Class one that is told
// of beside it.
type Reason struct {
	Class    Class
	Text     string
	Evidence navicert.Evidence // the area's event
}

// told is a gap that was emitted, as it is without areas; while areas can still
// come to light that explain it, it is held.
type told struct {
	event   navicert.Event
	leaf    s2.CellID
	vessel  int    // its Index
	reason  string // of the area that it was last told with
	written int    // how often it was emitted
}

const (
	// AreaSettled is how long after the threshold an outage's starts are all known:
	// they lie in a window of two hours, and ticks are coarse.
	AreaSettled = 2*time.Hour + 2*detect.TickEvery
	// AreaLate is how long after the threshold an area that explains a silence
	// may still come to light: its starts lie two hours apart at most, from one to
	// the next, and a jammed area waits until outages are known.
	AreaLate = 4*time.Hour + AreaSettled
	// maxTold is how many gaps are held; of more the oldest keep what was said.
	maxTold = 20_000
)

// Silent implements detect.Silencer: a silence that lasts may become a gap. That of
// a track whose ship was heard elsewhere since is nothing that areas explain.
func (d *Detector) Silent(v *track.Vessel, last *navicert.Fix, s *detect.Silence, _ detect.Emit) {
	if len(d.areas) > 0 && !v.GoesOn(last.Time, last.Time) {
		d.candidates = append(d.candidates, d.start(v, last, s))
	}
}

func (d *Detector) start(v *track.Vessel, last *navicert.Fix, s *detect.Silence) Start {
	return Start{
		MMSI: v.MMSI, At: last.Time, Leaf: s2.CellIDFromLatLng(s2.LatLngFromDegrees(last.Pos.Lat, last.Pos.Lon)),
		Receiver: d.kinds.receivers.Of(last), InReach: s.Ahead >= needed, Near: s.Others > 0,
		Sending: 2*v.HeardHours(last.Time.Truncate(time.Hour).Add((detect.SilenceHours+1)*time.Hour)) > detect.SilenceHours, Suspect: d.of(v).suspect,
		Simulated: last.Simulated, Evidence: detect.FixEvidence(last), vessel: v.Index,
	}
}

// Tick implements detect.Ticker.
func (d *Detector) Tick(now time.Time, emit detect.Emit) {
	if len(d.areas) == 0 {
		return
	}
	keep := d.candidates[:0]
	for i := range d.candidates {
		s := &d.candidates[i]
		m := d.memory[s.vessel]
		switch {
		case m.last != uint32(s.At.Unix()): // heard again
		case now.Sub(s.At) > d.threshold:
			d.begun(m, s)
		default:
			keep = append(keep, *s)
		}
	}
	clear(d.candidates[len(keep):])
	d.candidates = keep
	d.look(now, false, emit)
	d.told = slices.DeleteFunc(d.told, func(t told) bool { return now.Sub(t.event.Start.Time) > d.threshold+AreaLate })
}

// begun tells the areas of a silence that has become a gap, once.
func (d *Detector) begun(m *memory, s *Start) {
	if at := uint32(s.At.Unix()); m.begun != at {
		m.begun = at
		for _, a := range d.areas {
			a.Silent(s)
		}
	}
}

// look lets the areas look, and tells anew the gaps that one of them explains
// now.
func (d *Detector) look(now time.Time, end bool, emit detect.Emit) {
	changes := 0
	for _, a := range d.areas {
		a.Look(now, end, emit)
		changes += a.Changes()
	}
	if changes == d.changes {
		return
	}
	d.changes = changes
	for i := range d.told {
		d.tell(&d.told[i], emit)
	}
}

// tell emits a gap with the area that explains it, unless that was told.
func (d *Detector) tell(t *told, emit detect.Emit) {
	var reason Reason
	for _, a := range d.areas {
		if r, ok := a.Explains(t.leaf, t.event.Start.Time); ok {
			reason = r
			break
		}
	}
	if t.written > 0 && reason.Text == t.reason {
		return
	}
	t.reason = reason.Text
	ev := explained(t.event, reason)
	if ev.State == navicert.EventClosed {
		ev.Revision = t.written
	}
	t.written++
	emit(ev)
	if d.follower != nil {
		d.follower.Gap(&ev, t.vessel, emit)
	}
}

// explained returns a gap with the area that explains it. What was known without
// it stays beside it; that the vessel's own messages were heard says more.
func explained(ev navicert.Event, r Reason) navicert.Event {
	if r.Text == "" {
		return ev
	}
	ev.Evidence = append(slices.Clone(ev.Evidence), r.Evidence)
	class := ClassOf(ev)
	if class == Explained || class == Outage || r.Class == "" {
		ev.Explanations = append(slices.Clone(ev.Explanations), r.Text)
		return ev
	}
	rest := slices.Clone(ev.Explanations[1:])
	rest[0] = withoutArea + string(class) + ": " + rest[0]
	ev.Explanations = append([]string{detect.ClassText(r.Class), r.Text}, rest...)
	return ev
}

const withoutArea = "without that it would be of class "

// WithoutArea returns a gap as it is told while no area is known that explains it.
func WithoutArea(ev navicert.Event) navicert.Event {
	isArea := func(e navicert.Evidence) bool { return e.Kind == navicert.EvidenceEvent }
	if !slices.ContainsFunc(ev.Evidence, isArea) {
		return ev
	}
	ev.Evidence = slices.DeleteFunc(slices.Clone(ev.Evidence), isArea)
	if len(ev.Explanations) > 2 {
		if class, why, ok := strings.Cut(strings.TrimPrefix(ev.Explanations[2], withoutArea), ": "); ok && strings.HasPrefix(ev.Explanations[2], withoutArea) {
			ev.Explanations = append([]string{detect.ClassText(Class(class)), why}, ev.Explanations[3:]...)
			return ev
		}
	}
	ev.Explanations = ev.Explanations[:max(len(ev.Explanations)-1, 0)]
	return ev
}

// AtFirst is the class of a gap that lasts longer than is asked about: what its
// first hours said of it stays, and that it lay in an outage or that the ship's own
// messages went on, which is said of the whole, is not known yet.
func AtFirst(ev navicert.Event) Class {
	switch c := ClassOf(ev); c {
	case Explained, Outage:
		return CannotTell
	default:
		return c
	}
}

// Follower looks closer at gaps.
type Follower interface {
	// Gap takes a gap, after it was emitted, as often as it is, and the Index of
	// its vessel.
	Gap(ev *navicert.Event, vessel int, emit detect.Emit)
}

// Follow has a follower look at the gaps. Call it before the first fix.
func (d *Detector) Follow(f Follower) { d.follower = f }

// emit emits a gap, and holds it while areas may still explain it.
func (d *Detector) emit(ev navicert.Event, s *Start, emit detect.Emit) {
	t := told{event: ev, leaf: s.Leaf, vessel: s.vessel}
	d.tell(&t, emit)
	if len(d.areas) == 0 {
		return
	}
	if len(d.told) >= maxTold {
		d.told = slices.Delete(d.told, 0, maxTold/10)
	}
	d.told = append(d.told, t)
}

// Finish implements detect.Finisher.
func (d *Detector) Finish(end detect.End, emit detect.Emit) {
	if len(d.areas) > 0 {
		d.look(end.At, true, emit)
	}
}

func (t *told) state(c *state.Coder) {
	c.Event(&t.event)
	state.Int(c, &t.vessel)
	state.Int(c, &t.leaf)
	c.String(&t.reason)
	state.Int(c, &t.written)
}
