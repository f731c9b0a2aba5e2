// Package encounter detects meetings at sea: two ships that stay near each
// other, slowly, for hours.
//
// Kept fixes enter through [Detector.Step] and the stream's time through
// [Detector.Tick]; events of kind "encounter" leave, one for each meeting of a
// pair, of which the ship with the lower MMSI comes first. [NewTransfer] makes
// the detector of ship-to-ship transfers between tankers, kind "transfer", after
// tighter rules; such a meeting is mostly an encounter too.
//
// A meeting says nothing of its purpose. What the ships say they are, and what
// meetings of such ships mostly are, stands in the explanations; the first names
// a class:
//
//	ev.Explanations[0] == "class: tankers"
//
// Definition and thresholds are in the presets, of which [GFW] is that of Global
// Fishing Watch; facts: docs/detectors/encounter.md.
//
// Tracks are resampled to a grid of ten minutes, and a moment of the grid is
// worked through when no two fixes that can be joined across it are still to
// come: an hour later. So events come about an hour after what they tell of.
package encounter

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/track"
	"navicert/track/brief"
)

// Kind is the kind of the events.
const Kind = "encounter"

// Detector finds encounters. Make one with [New].
type Detector struct {
	preset Preset
	ports  *geo.Ports
	names  brief.Names
	ships  []ship // by vessel
	slots  map[int64][]sample
	done   int64 // the newest slot that was worked through
	began  int64 // the slot in which the input begins; before lies what is recalled
	held   int   // samples in slots
	spare  [][]sample
	free   []*Run // that did not count, to be used again
	pairs  pairs
	near   near
	leaps  leaps
	recent []Met // meetings that have ended, by their end

	window  window
	step    *detect.Step // during Step, for take
	current *ship
	fast    bool
	takeFn  func(Sample)
}

// sample is a ship at a moment of the grid.
type sample struct {
	vessel  int32
	segment int32
	at      place
	density float32
	out     bool      // too fast or in port: it meets nobody, but it is there
	leapt   bool      // it is there only by a leap
	fix     brief.Fix // the nearer in time of the two fixes that the moment lies between
}

// New returns a detector of encounters. Of no ports none is known, and meetings
// in port are then told too.
func New(p Preset, ports *geo.Ports) *Detector {
	d := &Detector{preset: p, ports: ports, slots: map[int64][]sample{}, done: math.MinInt64, began: math.MinInt64, leaps: leaps{preset: p.Leaps}}
	d.takeFn = d.take
	return d
}

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

// Step implements detect.Detector.
func (d *Detector) Step(s *detect.Step, _ detect.Emit) {
	d.leaps.see(s)
	if s.Fix.Average {
		return // the mean of several positions proves that the ship was in none of them
	}
	prev := s.Prev
	if s.NewSegment || prev != nil && prev.Average {
		prev = nil
	}
	if prev != nil && d.window.holds(&d.preset.Grid, prev.Time.Unix(), s.Unix()) {
		return // as nearly always
	}
	v := d.of(s.Vessel)
	d.current, d.step, d.fast = v, s, d.isFast(prev, s.Fix)
	if d.fast && !v.slow {
		return // as most of the others
	}
	d.preset.Grid.Leg(prev, s.Fix, d.takeFn)
}

// window is the moment of the grid that most fixes of a stream come after.
type window struct{ from, to int64 } // seconds since 1970

// holds reports whether no moment of the grid lies after one time, up to and
// with a later one. It tries the window first, which spares divisions.
func (w *window) holds(g *Grid, before, after int64) bool {
	if before >= w.from && after < w.to {
		return true
	}
	every := int64(g.Every / time.Second)
	w.from = g.slotOf(time.Unix(after, 0)) * every
	w.to = w.from + every
	return before >= w.from
}

// take holds a sample, if its ship may meet another, and the first at which it
// may not: that ends its meetings.
func (d *Detector) take(x Sample) {
	if x.Slot <= d.done {
		return // too late: the moment is over
	}
	v, s := d.current, d.step
	at := placeOf(x.Pos)
	out := d.fast || v.near(d.ports, at, d.preset.PortM)
	if out && !v.slow {
		return
	}
	v.slow = !out
	v.identify(s)
	fix := s.Fix
	if s.Prev != nil && d.preset.Grid.Time(x.Slot).Sub(s.Prev.Time) < s.Fix.Time.Sub(d.preset.Grid.Time(x.Slot)) {
		fix = s.Prev
	}
	list, ok := d.slots[x.Slot]
	if !ok && len(d.spare) > 0 {
		list, d.spare = d.spare[len(d.spare)-1], d.spare[:len(d.spare)-1]
	}
	d.held++
	d.slots[x.Slot] = append(list, sample{
		vessel: int32(s.Vessel.Index), segment: int32(s.Vessel.Segment), at: at, density: float32(x.Density), out: out, leapt: d.leaps.has(int32(s.Vessel.Index)), fix: d.names.Of(fix),
	})
}

// isFast reports whether a ship is under way too fast to be in a meeting. Prev
// may be nil.
func (d *Detector) isFast(prev, f *navicert.Fix) bool {
	limit := d.preset.SkipKn
	if f.SpeedKn.Or(0) <= limit || prev == nil {
		return f.SpeedKn.Or(0) > limit
	}
	if prev.SpeedKn.Or(0) <= limit {
		return false
	}
	nm := limit * detect.Elapsed(prev.Time, f.Time).Hours()
	return geo.LeastNM(f.Pos, prev.Pos) > nm || geo.DistanceNM(prev.Pos, f.Pos) > nm
}

func (d *Detector) of(v *track.Vessel) *ship {
	for len(d.ships) <= v.Index {
		d.ships = append(d.ships, ship{slot: math.MinInt64})
	}
	return &d.ships[v.Index]
}

// Tick implements detect.Ticker. Until the input has gone on for as long as
// moments wait, more vessels come, and with them what is recalled of the time
// before: nothing is worked through, unless too much is held.
func (d *Detector) Tick(now time.Time, emit detect.Emit) {
	if d.began == math.MinInt64 {
		d.began = d.preset.Grid.slotOf(now)
	}
	last := d.preset.Grid.slotOf(now.Add(-d.preset.Grid.MaxGap)) - 1
	if last >= d.began || d.held > maxHeld {
		d.until(last, emit)
	}
}

// maxHeld is how many samples wait at the beginning of an input, some 200 MB.
const maxHeld = 2_000_000

// End implements detect.Detector.
func (d *Detector) End(*track.Vessel, detect.End, detect.Emit) {}

// Finish implements detect.Finisher: what is held is worked through, since no
// more fixes come.
func (d *Detector) Finish(end detect.End, emit detect.Emit) {
	d.until(d.preset.Grid.slotOf(end.At), emit)
}

// until works through the grid up to and with a slot.
func (d *Detector) until(last int64, emit detect.Emit) {
	if last <= d.done {
		return
	}
	var due []int64
	for slot := range d.slots {
		if slot <= last {
			due = append(due, slot)
		}
	}
	slices.Sort(due)
	for _, slot := range due {
		d.settle(slot, emit)
		d.work(slot, d.slots[slot])
		d.held -= len(d.slots[slot])
		d.spare = append(d.spare, d.slots[slot][:0])
		delete(d.slots, slot)
	}
	d.done = last
	d.settle(last+1, emit)
}

// work takes the samples of one slot into the runs.
func (d *Detector) work(slot int64, samples []sample) {
	for i := range samples {
		v := &d.ships[samples[i].vessel]
		v.slot, v.sample = slot, int32(i)
	}
	var meets []int32
	for i := range samples {
		if !samples[i].out {
			meets = append(meets, int32(i))
		}
	}
	// Numbered by MMSI: the order among others at one distance.
	slices.SortFunc(meets, func(a, b int32) int {
		va, vb := samples[a].vessel, samples[b].vessel
		return cmp.Or(cmp.Compare(d.ships[va].mmsi, d.ships[vb].mmsi), cmp.Compare(va, vb))
	})
	edges := d.near.within(len(meets), func(i int) place { return samples[meets[i]].at }, d.preset.WithinM, d.preset.Nearest)
	for _, e := range edges {
		d.meet(slot, &samples[meets[e.own]], &samples[meets[e.other]], e.metres)
	}
	for _, p := range d.pairs.list {
		for dir, r := range p.open {
			if r == nil || r.End == slot {
				continue
			}
			if own := &d.ships[p.vessel[dir]]; own.slot == slot {
				d.end(p, dir) // it is there and the other is not near
			}
		}
	}
}

// meet takes one sample of a ship with another near. Two that are both there only by
// a leap do not meet: the positions themselves are in doubt.
func (d *Detector) meet(slot int64, own, other *sample, metres float64) {
	if own.leapt && other.leapt {
		return
	}
	p, dir := d.pairs.of(d.ships, own, other)
	p.leapt[dir] = p.leapt[dir] || own.leapt
	p.leapt[1-dir] = p.leapt[1-dir] || other.leapt
	r := p.open[dir]
	if r == nil {
		p.open[dir] = begin(d.newRun(), slot, own, other, dir, metres)
	} else {
		r.add(slot, own, other, metres, float64(slot-r.End)*d.preset.Grid.Every.Hours())
	}
	p.changed = true
}

// end ends a run, and keeps it if it is long enough to count.
func (d *Detector) end(p *pair, dir int) {
	r := p.open[dir]
	p.open[dir] = nil
	if d.counts(r) {
		p.runs = append(p.runs, r)
		p.changed = true
	} else if r != nil && len(d.free) < maxFree {
		d.free = append(d.free, r)
	}
	if len(p.runs) > maxRuns {
		p.runs = joinOldest(p.runs)
	}
}

// maxFree is how many runs are kept to be used again.
const maxFree = 10_000

func (d *Detector) newRun() *Run {
	if n := len(d.free); n > 0 {
		r := d.free[n-1]
		d.free = d.free[:n-1]
		return r
	}
	return &Run{}
}

// counts reports whether a run is long enough.
func (d *Detector) counts(r *Run) bool {
	return r != nil && r.n > 1 && r.End-r.Start >= d.preset.Grid.Slots(d.preset.MinRun)
}

// settle tells of meetings that have come to count, and of those that are over,
// before a slot.
func (d *Detector) settle(slot int64, emit detect.Emit) {
	merge := d.preset.Grid.Slots(d.preset.Merge)
	d.pairs.keep(func(p *pair) bool {
		for dir, r := range p.open {
			if r != nil && slot-r.End > d.preset.Grid.Slots(d.preset.MaxSilence) {
				d.end(p, dir)
			}
		}
		over := p.open[0] == nil && p.open[1] == nil && (len(p.runs) == 0 || slot >= p.end()+merge)
		if p.changed || over {
			p.changed = false
			d.tell(p, over, emit)
		}
		return !over
	})
	for len(d.recent) > 0 && d.recent[0].End.Before(d.preset.Grid.Time(slot).Add(-keepMet)) {
		d.recent = d.recent[1:]
	}
}

// tell emits the meetings of a pair that count and were not told: all but the
// last have ended, and the last has if the pair is over.
func (d *Detector) tell(p *pair, over bool, emit detect.Emit) {
	runs := p.runs
	for _, r := range p.open {
		if d.counts(r) {
			runs = append(runs[:len(runs):len(runs)], r)
		}
	}
	if len(runs) == 0 || p.told && !over {
		return
	}
	if first, last := span(runs); !p.told && last-first <= d.preset.Grid.Slots(d.preset.Longer) {
		return // the quick answer, for most
	}
	meetings := Merge(runs, d.preset.Grid.Slots(d.preset.Merge))
	for i := range meetings {
		m := &meetings[i]
		told := p.told && m.Start <= p.toldStart && p.toldStart <= m.End
		counts := d.isEncounter(m)
		if !told && (!counts || m.Start < p.after) {
			continue
		}
		if !told {
			p.toldStart, p.toldFrom = m.Start, m.From
			d.ships[p.vessel[0]].met, d.ships[p.vessel[1]].met = true, true
		}
		closed := over || i < len(meetings)-1
		switch {
		case closed && !told && m.End+d.preset.Grid.Slots(d.preset.Merge) <= d.began:
			p.after = m.End + 1 // it was over before this input, and was told then
		case closed:
			emit(d.event(p, m, true, counts))
			d.remember(p, m)
			p.told, p.after = false, m.End+1
		case !told:
			p.told = true
			emit(d.event(p, m, false, true))
		}
	}
}

// isEncounter reports whether a meeting is what the preset asks for.
func (d *Detector) isEncounter(m *Meeting) bool {
	return m.End-m.Start > d.preset.Grid.Slots(d.preset.Longer) && m.MedianKn < d.preset.BelowKn
}

func span(runs []*Run) (first, last int64) {
	first, last = runs[0].Start, runs[0].End
	for _, r := range runs {
		first, last = min(first, r.Start), max(last, r.End)
	}
	return first, last
}

// event describes a meeting; its id is made of the start that it was first told
// with.
func (d *Detector) event(p *pair, m *Meeting, closed, counts bool) navicert.Event {
	grid := &d.preset.Grid
	a, b := &p.ship[0], &p.ship[1]
	ev := navicert.Event{
		ID:   navicert.EventID(Kind, a.mmsi.String(), b.mmsi.String(), detect.TimeKey(grid.Time(p.toldStart)), detect.PositionKey(p.toldFrom)),
		Kind: Kind, MMSI: a.mmsi, IMO: a.imo, Other: b.mmsi,
		Start: navicert.At(grid.Time(m.Start)), State: navicert.EventOpen, Position: navicert.Some(m.From),
		Measures: map[string]float64{
			"duration_hours": float64(m.End-m.Start) * grid.Every.Hours(), "median_distance_m": m.MedianM, "median_speed_kn": m.MedianKn,
			"mean_latitude_deg": m.Mean.Lat, "mean_longitude_deg": m.Mean.Lon, "points": float64(m.First), "other_points": float64(m.Other),
			detect.ThresholdHours: d.preset.Longer.Hours(),
		},
	}
	if silent := float64(m.End-m.Start+1-int64(m.Samples)) * grid.Every.Hours(); silent > 0 {
		ev.Measures["silent_hours"] = silent
	}
	if closed {
		ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(grid.Time(m.End)), navicert.Some(m.To)
	}
	ev.Evidence, ev.Simulated = evidence(&d.names, p.ship, m.evidence)
	ev.Explanations = explain(p, m, d.ports)
	if !counts {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf("when it was first told the median speed was below %g kn; over the whole of it it is %.1f kn", d.preset.BelowKn, m.MedianKn))
	}
	return ev
}

// explain says what the ships are, what such meetings mostly are, and what was
// not looked into.
func explain(p *pair, m *Meeting, ports *geo.Ports) []string {
	a, b := &p.ship[0], &p.ship[1]
	class := classOf(a.kind, b.kind)
	out := []string{
		detect.ClassText(class),
		fmt.Sprintf("%s says that it is %s, %s that it is %s", a.mmsi, typeText(a.kind), b.mmsi, typeText(b.kind)),
		innocent(class),
	}
	if text := leapText(&p.ship, p.leapt); text != "" {
		out = append(out, text)
	}
	if at := m.status(navicert.AtAnchor, navicert.Moored); at != "" {
		out = append(out, at)
	}
	if ports.Len() == 0 {
		return append(out, "not looked into: ports and anchorages (none are known), registers of bunker ships, notified transfers")
	}
	return append(out, "not looked into: registers of bunker ships, notified transfers")
}

// status says which of the ships reported one of some statuses at the start.
func (m *Meeting) status(of ...navicert.NavStatus) string {
	n := 0
	for i := range m.evidence[:2] {
		if status, ok := m.evidence[i].Status(); ok && slices.Contains(of, status) {
			n++
		}
	}
	switch n {
	case 1:
		return "one of them reported itself at anchor or moored"
	case 2:
		return "both reported themselves at anchor or moored"
	}
	return ""
}
