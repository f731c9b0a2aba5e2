package spoof

import (
	"fmt"

	"navicert"
	"navicert/detect"
	"navicert/track"
	"navicert/track/state"
)

// maxChanges is how many changes of status are kept.
const maxChanges = 3

// statusChanges is the newest changes of a ship's status.
type statusChanges struct {
	at   [maxChanges]statusChange // the oldest first
	n    int                      // that are kept
	told bool
	all  int // since it was told, with those that made it
	from statusChange
	last navicert.Fix // after the newest change
}

type statusChange struct {
	fix navicert.Fix // the first with the new status
	was navicert.NavStatus
}

func changesState(c *state.Coder, s *statusChanges) {
	for i := range s.at {
		changeState(c, &s.at[i])
	}
	state.Int(c, &s.n)
	c.Bool(&s.told)
	state.Int(c, &s.all)
	changeState(c, &s.from)
	c.Fix(&s.last)
}

func changeState(c *state.Coder, s *statusChange) {
	c.Fix(&s.fix)
	state.Int(c, &s.was)
}

// statusChange notes a change of status, and tells when there are too many. Once
// told, it lasts until a time without a change has passed.
func (d *Detector) statusChange(s *detect.Step, m *memory, status navicert.NavStatus, emit detect.Emit) {
	w := m.changes
	if w != nil && s.Fix.Time.Sub(w.last.Time) > d.preset.ChangesWithin {
		d.closeChanges(s.Vessel, m, emit)
		w = nil
	}
	was, ok := s.Prev.Status.Get()
	if !ok || was == status || !seagoing(s) {
		return
	}
	if w == nil {
		w = &statusChanges{}
		m.changes = w
	}
	if w.n == d.preset.Changes {
		copy(w.at[:], w.at[1:])
		w.n--
	}
	w.at[w.n] = statusChange{*s.Fix, was}
	w.n++
	w.last = *s.Fix
	if w.told {
		w.all++
		return
	}
	if w.n == d.preset.Changes && s.Fix.Time.Sub(w.at[0].fix.Time) <= d.preset.ChangesWithin {
		w.told, w.all, w.from = true, w.n, w.at[0]
		emit(d.changesEvent(s.Vessel, w))
	}
}

func (d *Detector) closeChanges(v *track.Vessel, m *memory, emit detect.Emit) {
	if w := m.changes; w != nil && w.told {
		ev := d.changesEvent(v, w)
		ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(w.last.Time), navicert.Some(w.last.Pos)
		emit(ev)
	}
	m.changes = nil
}

func (d *Detector) changesEvent(v *track.Vessel, w *statusChanges) navicert.Event {
	ev := base(whoOf(v), ErraticStatus, &w.from.fix, &w.last)
	ev.Measures[detect.ThresholdHours] = d.preset.ChangesWithin.Hours()
	ev.Measures["changes"] = float64(w.all)
	ev.Explanations = append(
		ev.Explanations,
		fmt.Sprintf("its navigational status changed %d times in %.0f minutes, first from %d to %d: the status is set by hand", w.all, w.last.Time.Sub(w.from.fix.Time).Minutes(), w.from.was, w.from.fix.Status.Or(0)),
		"a switch that is tried out, a ship that shifts its berth, two transponders on one ship, and two ships under one MMSI do this",
	)
	return ev
}
