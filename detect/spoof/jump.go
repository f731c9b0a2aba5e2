package spoof

import (
	"fmt"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/track"
	"navicert/track/state"
)

// leaps is the jumps of a ship, each within hours of the one before.
type leaps struct {
	before, after navicert.Fix // of the first
	last          navicert.Fix // after the newest
	n             int
	kn, nm        float64 // the greatest
	clustered     bool    // told that others leapt to the same place
}

func leapsState(c *state.Coder, l *leaps) {
	c.Fix(&l.before)
	c.Fix(&l.after)
	c.Fix(&l.last)
	state.Int(c, &l.n)
	c.Float(&l.kn)
	c.Float(&l.nm)
	c.Bool(&l.clustered)
}

// Odd implements detect.Doubter: a fix that the ship cannot have come to.
func (d *Detector) Odd(v *track.Vessel, f *navicert.Fix, emit detect.Emit) {
	if last := v.Last(); last != nil {
		d.leap(v, d.of(v), last, f, emit)
	}
}

// leap looks at two fixes of one MMSI, one after the other, that no one ship can
// have sent, and tells them as a jump when clocks and rounding do not explain them.
func (d *Detector) leap(v *track.Vessel, m *memory, before, after *navicert.Fix, emit detect.Emit) {
	elapsed := after.Time.Sub(before.Time)
	if elapsed < d.preset.JumpAfter || before.Station != after.Station && elapsed <= d.preset.JumpSkew || before.Average || after.Average {
		return
	}
	nm := geo.DistanceNM(before.Pos, after.Pos)
	kn := nm / elapsed.Hours()
	if kn <= d.preset.JumpKn || nm < d.preset.JumpNM {
		return
	}
	if l := m.leaps; l != nil && after.Time.Sub(l.last.Time) > d.preset.MaxElapsed {
		d.closeLeaps(v, m, emit)
	}
	d.crowd.note(v, before, geo.Leaf(before.Pos))
	l := m.leaps
	if l == nil {
		l = &leaps{before: *before, after: *after}
		m.leaps = l
	}
	if l.n > 0 && after.Time.Equal(l.last.Time) && after.Pos == l.last.Pos {
		return // it was told when it came, and is now confirmed
	}
	l.last = *after
	l.n++
	l.kn, l.nm = max(l.kn, kn), max(l.nm, nm)
	if l.n == 1 {
		emit(d.leapsEvent(v, l))
	}
	d.arrive(v, m, before, after, emit)
}

func (d *Detector) closeLeaps(v *track.Vessel, m *memory, emit detect.Emit) {
	l := m.leaps
	m.leaps = nil
	ev := d.leapsEvent(v, l)
	ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(l.last.Time), navicert.Some(l.last.Pos)
	emit(ev)
}

// severeKn is the speed above which RadianceFleet calls a jump severe.
const severeKn = 100

func (d *Detector) leapsEvent(v *track.Vessel, l *leaps) navicert.Event {
	ev := base(whoOf(v), Jump, &l.before, &l.after)
	ev.Measures["duration_hours"] = l.last.Time.Sub(l.before.Time).Hours()
	ev.Measures[detect.ThresholdHours] = l.after.Time.Sub(l.before.Time).Hours()
	ev.Measures["jumps"], ev.Measures["distance_nm"], ev.Measures["needed_kn"] = float64(l.n), l.nm, l.kn
	if !l.last.Time.Equal(l.after.Time) {
		ev.Evidence = append(ev.Evidence, detect.FixEvidence(&l.last))
	}
	far := ""
	if l.kn > severeKn {
		far = ", several times what any ship makes"
	}
	ev.Explanations = append(
		ev.Explanations,
		fmt.Sprintf("two fixes one after the other lie %.1f nm apart: a ship would have needed %.0f kn%s", geo.DistanceNM(l.before.Pos, l.after.Pos), geo.DistanceNM(l.before.Pos, l.after.Pos)/l.after.Time.Sub(l.before.Time).Hours(), far),
		"satellite navigation that is jammed or fails, one garbled message, receivers with wrong clocks, and two ships under one MMSI do this",
	)
	d.sayCrowd(&ev, whoOf(v), &l.before)
	return ev
}

func (d *Detector) clusterEvent(ship who, before, after *navicert.Fix, others int) navicert.Event {
	ev := base(ship, OffsetCluster, after, after)
	ev.State, ev.End, ev.EndPosition = navicert.EventClosed, ev.Start, ev.Position
	ev.Measures["others_at_place"], ev.Measures["distance_nm"] = float64(others), geo.DistanceNM(before.Pos, after.Pos)
	ev.Evidence = append(ev.Evidence, detect.FixEvidence(before))
	ev.Explanations = append(
		ev.Explanations,
		fmt.Sprintf("it leapt to a place to which %d other ships leapt in the same hours, within about half a mile: it is not where it says, and neither are they", others),
		"false satellite signals over an area put all receivers there at one place, often an airport: the ships do nothing themselves",
	)
	d.sayCrowd(&ev, ship, before)
	return ev
}
