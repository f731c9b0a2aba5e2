// Package jamming detects areas in which several vessels are lost at once: jamming
// of satellite navigation or of AIS itself, or a local failure of reception, which
// AIS alone cannot tell apart.
//
// The starts of silences enter through [Detector.Silent], from the gap detector,
// which asks [Detector.Explains] what explains a gap. Events of kind "jamming"
// leave, of an area and no vessel; they end after quiet days.
//
// Definition and thresholds are those of RadianceFleet (dec5ab1,
// jamming_zone_detector.py; facts: docs/detectors/jamming.md).
package jamming

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/detect"
	"navicert/detect/gap"
	"navicert/track"
	"navicert/track/state"
)

// Kind is the kind of the events.
const Kind = "jamming"

// Preset is the thresholds.
type Preset struct {
	Name string
	// Degrees and Window are how near in place and time two starts lie that belong
	// together. A degree of longitude counts as much as one of latitude.
	Degrees float64
	Window  time.Duration
	Least   int     // ships
	Margin  float64 // degrees round the hull of the starts
	Overlap float64 // of two areas' union from which on they are one
	Quiet   time.Duration
	Decay   float64 // of the confidence, per day after Quiet
	Drop    time.Duration
	// InReach leaves out starts where no ships are heard ahead: at the edge of
	// reception ships are lost all the time, and in numbers on a busy lane; and those
	// after which nobody is heard near: what they were lost to is larger. A ship
	// whose messages go on without a position is within reach.
	InReach bool
}

// RF is RadianceFleet's preset.
func RF() Preset {
	const day = 24 * time.Hour
	return Preset{
		Name: "jamming.RF", Degrees: 0.5, Window: 2 * time.Hour, Least: 3, Margin: 0.1, Overlap: 0.5,
		Quiet: 7 * day, Decay: 0.9, Drop: 30 * day,
	}
}

// Reach is RF without the starts of ships that may have sailed out of reception or
// were lost with all about them, as the coverage ledger knows. That is ours.
func Reach() Preset {
	p := RF()
	p.Name, p.InReach = "jamming.Reach", true
	return p
}

const (
	maxAreas  = 500
	maxRecent = 50_000
	maxShips  = 500 // of an area that are told apart
	named     = 5   // fixes as evidence
)

// Detector finds areas. Make one with [New].
type Detector struct {
	preset    Preset
	threshold time.Duration
	outages   gap.Areas   // may be nil
	waiting   []gap.Start // until it is known whether an outage explains them
	recent    []start     // by when they came
	areas     []area      // by when they were found
	changes   int
}

type start struct {
	gap.Start
	area  string // the id of the one it belongs to
	fresh bool   // not looked at yet
}

// area is one that was found. Its points are in degrees, longitudes counted on
// from the first's over 180.
type area struct {
	id          string
	first, last time.Time
	hull        []point // with the margin
	ships       []navicert.MMSI
	evidence    []navicert.Evidence
	simulated   bool
	ended       bool
	text        string // that explains gaps
}

// New returns a detector; threshold is the gap detector's. Starts that one of the
// outages explains, which may be nil, do not count: a region that fell silent is no
// jammed area for each few ships of it.
func New(p Preset, threshold time.Duration, outages gap.Areas) *Detector {
	return &Detector{preset: p, threshold: threshold, outages: outages}
}

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

// Step implements detect.Detector.
func (*Detector) Step(*detect.Step, detect.Emit) {}

// End implements detect.Detector.
func (*Detector) End(*track.Vessel, detect.End, detect.Emit) {}

// Silent implements gap.Areas.
func (d *Detector) Silent(s *gap.Start) {
	if d.preset.InReach && !s.Sending && (!s.InReach || !s.Near) || len(d.waiting)+len(d.recent) >= maxRecent {
		return
	}
	d.waiting = append(d.waiting, *s)
}

// Look implements gap.Areas. A start waits until it is known whether a whole region
// fell silent.
func (d *Detector) Look(now time.Time, end bool, emit detect.Emit) {
	d.recent = slices.DeleteFunc(d.recent, func(s start) bool { return now.Sub(s.At) > d.threshold+gap.AreaSettled+2*d.preset.Window })
	fresh := false
	d.waiting = slices.DeleteFunc(d.waiting, func(s gap.Start) bool {
		if !end && now.Sub(s.At) <= d.threshold+gap.AreaSettled {
			return false
		}
		if !d.outage(&s) {
			d.recent = append(d.recent, start{Start: s, fresh: true})
			fresh = true
		}
		return true
	})
	if fresh {
		for _, c := range d.clusters() {
			d.found(c, emit)
		}
		for i := range d.recent {
			d.recent[i].fresh = false
		}
	}
	for i := range d.areas {
		switch a := &d.areas[i]; {
		case a.ended:
		case now.Sub(a.last) > d.preset.Quiet:
			d.close(a, emit)
		case end: // who reads another input may not know of it
			d.close(a, emit, "the input ended before it had been quiet for long: this is as far as is known")
		}
	}
	d.areas = slices.DeleteFunc(d.areas, func(a area) bool { return now.Sub(a.last) > d.preset.Drop })
}

// outage reports whether an outage explains a start.
func (d *Detector) outage(s *gap.Start) bool {
	if d.outages == nil || s.Sending {
		return false
	}
	r, ok := d.outages.Explains(s.Leaf, s.At)
	return ok && r.Class == gap.Outage
}

// close tells that an area has ended, and why if not of itself.
func (d *Detector) close(a *area, emit detect.Emit, why ...string) {
	a.ended = true
	ev := d.event(a)
	ev.Explanations = append(ev.Explanations, why...)
	ev.State, ev.End = navicert.EventClosed, navicert.At(a.last)
	emit(ev)
}

// clusters are the groups of starts that are linked with each other, of enough
// ships, that hold a fresh one: each as numbers of recent, in order of time, in
// order of their first.
func (d *Detector) clusters() (out [][]int) {
	type cell struct{ x, y int }
	size := d.preset.Degrees
	columns := int(math.Round(360 / size))
	cells := map[cell][]int{}
	of := func(i int) (navicert.Position, cell) {
		p := d.recent[i].Pos()
		return p, cell{int(math.Floor((p.Lon+180)/size)) % columns, int(math.Floor((p.Lat + 90) / size))}
	}
	group := make([]int, len(d.recent))
	find := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	for i := range d.recent {
		group[i] = i
		p, c := of(i)
		for dx := -1; dx <= 1; dx++ {
			for dy := -1; dy <= 1; dy++ {
				for _, j := range cells[cell{(c.x + dx + columns) % columns, c.y + dy}] {
					q := d.recent[j].Pos()
					if d.recent[i].At.Sub(d.recent[j].At).Abs() <= d.preset.Window && math.Hypot(p.Lat-q.Lat, wrap(p.Lon-q.Lon)) <= size {
						a, b := find(i), find(j)
						group[max(a, b)] = min(a, b)
					}
				}
			}
		}
		cells[c] = append(cells[c], i)
	}
	members := map[int][]int{}
	for i := range d.recent {
		g := find(i)
		members[g] = append(members[g], i)
	}
	for i := range d.recent {
		m := members[i]
		fresh := slices.ContainsFunc(m, func(i int) bool { return d.recent[i].fresh })
		ships := map[navicert.MMSI]bool{}
		for _, i := range m {
			ships[d.recent[i].MMSI] = true
		}
		if !fresh || len(ships) < d.preset.Least {
			continue
		}
		slices.SortStableFunc(m, func(a, b int) int {
			x, y := &d.recent[a], &d.recent[b]
			return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.MMSI, y.MMSI))
		})
		out = append(out, m)
	}
	return out
}

func wrap(degrees float64) float64 { return math.Remainder(degrees, 360) }

// found makes an area of a cluster, or adds it to one that is known: the one that
// some of its starts belong to, or that it overlaps.
func (d *Detector) found(cluster []int, emit detect.Emit) {
	var points []point
	origin := d.recent[cluster[0]].Pos().Lon
	known := ""
	for _, i := range cluster {
		points = append(points, octagon(d.recent[i].Pos(), origin, d.preset.Margin)...)
		known = cmp.Or(known, d.recent[i].area)
	}
	shape := hull(points)
	at := slices.IndexFunc(d.areas, func(a area) bool { return a.id == known && !a.ended })
	if at < 0 {
		at = slices.IndexFunc(d.areas, func(a area) bool { return !a.ended && iou(a.hull, shape) > d.preset.Overlap })
	}
	first := &d.recent[cluster[0]]
	if at < 0 {
		if len(d.areas) >= maxAreas {
			d.drop(emit)
		}
		d.areas = append(d.areas, area{
			id: navicert.EventID(Kind, detect.TimeKey(first.At), first.MMSI.String(), detect.PositionKey(first.Pos())), first: first.At, last: first.At,
		})
		at = len(d.areas) - 1
	}
	a := &d.areas[at]
	for _, i := range cluster {
		s := &d.recent[i]
		s.area = a.id
		if s.At.Before(a.first) {
			a.first = s.At
		}
		if s.At.After(a.last) {
			a.last = s.At
		}
		a.simulated = a.simulated || s.Simulated
		if !slices.Contains(a.ships, s.MMSI) && len(a.ships) < maxShips {
			a.ships = append(a.ships, s.MMSI)
			if len(a.evidence) < named {
				a.evidence = append(a.evidence, s.Evidence)
			}
		}
	}
	a.hull = hull(append(shift(a.hull, origin), shape...))
	if a.text == "" {
		a.text = fmt.Sprintf("at least %d ships fell silent near each other, from %s on, where ships are heard otherwise: possible jamming, or a local failure of reception", len(a.ships), navicert.At(a.first))
	}
	d.changes++
	id := a.id
	d.merge(at, emit)
	ev := d.event(&d.areas[slices.IndexFunc(d.areas, func(a area) bool { return a.id == id })])
	ev.State = navicert.EventOpen
	emit(ev)
}

// merge takes into an area those that it overlaps by now, which end so. When both
// have grown into each other they are one.
func (d *Detector) merge(at int, emit detect.Emit) {
	for {
		a := &d.areas[at]
		i := slices.IndexFunc(d.areas, func(b area) bool { return b.id != a.id && !b.ended && iou(a.hull, b.hull) > d.preset.Overlap })
		if i < 0 {
			return
		}
		b := &d.areas[i]
		a.hull = hull(append(shift(b.hull, a.hull[0].x), a.hull...))
		a.simulated = a.simulated || b.simulated
		if b.first.Before(a.first) {
			a.first = b.first
		}
		if b.last.After(a.last) {
			a.last = b.last
		}
		for _, m := range b.ships {
			if !slices.Contains(a.ships, m) && len(a.ships) < maxShips {
				a.ships = append(a.ships, m)
			}
		}
		for k := range d.recent {
			if d.recent[k].area == b.id {
				d.recent[k].area = a.id
			}
		}
		d.close(b, emit, "it has grown into "+a.zone()+", with which it is one from then on")
		d.areas = slices.Delete(d.areas, i, i+1)
		if i < at {
			at--
		}
	}
}

// drop makes room for an area: the oldest that has ended goes, else the oldest,
// which ends so.
func (d *Detector) drop(emit detect.Emit) {
	i := max(0, slices.IndexFunc(d.areas, func(a area) bool { return a.ended }))
	if !d.areas[i].ended {
		d.close(&d.areas[i], emit, fmt.Sprintf("more than %d areas are known, and it is followed no longer", maxAreas))
	}
	d.areas = slices.Delete(d.areas, i, i+1)
}

func (a *area) zone() string { return "jamming-" + a.id[:12] }

func (d *Detector) event(a *area) navicert.Event {
	ev := navicert.Event{
		ID: a.id, Kind: Kind, Zone: a.zone(), Start: navicert.At(a.first), Position: navicert.Some(centre(a.hull)),
		Measures: map[string]float64{"ships_silent": float64(len(a.ships)), "hours": a.last.Sub(a.first).Hours()},
		Evidence: a.evidence, Simulated: a.simulated,
		Explanations: []string{
			detect.ClassText("area"),
			fmt.Sprintf("at least %d ships fell silent within %g degrees and %g hours of the next, from %s to %s", len(a.ships), d.preset.Degrees, d.preset.Window.Hours(), navicert.At(a.first), navicert.At(a.last)),
			"possible jamming of satellite navigation or of AIS; a local failure of reception, a storm or a common order to switch off look the same",
			fmt.Sprintf("the area is their hull and %g degrees; after %.0f quiet days its confidence falls to %g each day, and it is dropped after %.0f", d.preset.Margin, d.preset.Quiet.Hours()/24, d.preset.Decay, d.preset.Drop.Hours()/24),
		},
	}
	for _, p := range a.hull {
		ev.Area = append(ev.Area, p.position())
	}
	return ev
}

// confidence is what an area is worth at a time.
func (d *Detector) confidence(a *area, at time.Time) float64 {
	quiet := at.Sub(a.last) - d.preset.Quiet
	if quiet <= 0 {
		return 1
	}
	return math.Pow(d.preset.Decay, quiet.Hours()/24)
}

// Explains implements gap.Areas: an area explains what was lost in it while it
// was active, or within Window of that. Later, until it is dropped, it is only told
// of, with its confidence.
func (d *Detector) Explains(leaf s2.CellID, at time.Time) (gap.Reason, bool) {
	ll := leaf.LatLng()
	p := navicert.Position{Lat: ll.Lat.Degrees(), Lon: ll.Lng.Degrees()}
	told := gap.Reason{}
	for i := range d.areas {
		a := &d.areas[i]
		if at.Before(a.first.Add(-d.preset.Window)) || at.Sub(a.last) > d.preset.Drop || !contains(a.hull, at0(p, a.hull[0].x)) {
			continue
		}
		r := gap.Reason{Text: a.text, Evidence: navicert.Evidence{
			Kind: navicert.EvidenceEvent, Source: "AIS", Ref: a.id, Text: a.text, Time: navicert.At(a.first), Position: navicert.Some(centre(a.hull)),
		}}
		if !at.After(a.last.Add(d.preset.Window)) {
			r.Class = gap.Jamming
			return r, true
		}
		r.Text = fmt.Sprintf("it fell silent later, where %s (confidence %.2f by then)", a.text, d.confidence(a, at))
		told = r
	}
	return told, told.Text != ""
}

// Changes implements gap.Areas.
func (d *Detector) Changes() int { return d.changes }

// State implements detect.Detector.
func (d *Detector) State(c *state.Coder) {
	c.Mark("jamming 2")
	state.Slice(c, &d.waiting, func(c *state.Coder, s *gap.Start) { s.State(c) })
	state.Slice(c, &d.recent, func(c *state.Coder, s *start) {
		s.Start.State(c)
		c.String(&s.area)
		c.Bool(&s.fresh)
	})
	state.Slice(c, &d.areas, func(c *state.Coder, a *area) {
		c.String(&a.id)
		c.Time(&a.first)
		c.Time(&a.last)
		state.Slice(c, &a.hull, func(c *state.Coder, p *point) {
			c.Float(&p.x)
			c.Float(&p.y)
		})
		state.Slice(c, &a.ships, state.Int[navicert.MMSI])
		state.Slice(c, &a.evidence, (*state.Coder).Evidence)
		c.Bool(&a.simulated)
		c.Bool(&a.ended)
		c.String(&a.text)
	})
	state.Int(c, &d.changes)
}
