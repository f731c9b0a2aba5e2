// Package duplicate detects identities that two ships use at once: one MMSI with
// two tracks that no one ship could have made, and one IMO number under two
// MMSIs far apart.
//
// Kept fixes enter through [Detector.Step], by vessels that the tracker told
// apart, static reports through [Detector.Report]; events of kind
// "duplicate_mmsi" leave. The first explanation names a [Class]. Both tracks are
// told, and no verdict on which is real. Thresholds are RadianceFleet's (dec5ab1).
package duplicate

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
	"navicert/track/state"
)

// Kind is the kind of the events.
const Kind = "duplicate_mmsi"

// Class is what is used twice.
type Class string

// The classes.
const (
	TwoTracks   Class = "two_tracks"   // one MMSI, two tracks alive at once
	IMOConflict Class = "imo_conflict" // one IMO number, two MMSIs
)

// Preset is the detector's thresholds.
type Preset struct {
	Name string
	// NearKn is the speed above which two fixes up to NearWithin apart come from
	// two transmitters, FarKn that for two up to FarWithin apart.
	NearKn, FarKn         float64
	NearWithin, FarWithin time.Duration
	// Skew is added to the time between two fixes that came through different
	// receivers, whose clocks differ.
	Skew time.Duration
	// Turns is how many times the tracks must alternate to count (ours): a damaged
	// position, or two that fit each other, lie off a ship's track and back once.
	Turns int
	// Quiet is how long the tracks may not alternate before the event ends (ours).
	Quiet time.Duration
	// ConflictNM is how far apart two MMSIs with one IMO number must be, both
	// moving (MovingKn, ours) within ConflictWithin, in so many reports (ours).
	ConflictNM, MovingKn float64
	ConflictWithin       time.Duration
	ConflictReports      int
}

// RF is RadianceFleet's thresholds: two transmitters more than 30 kn apart within
// 30 minutes, a clone more than 50 kn within an hour, 120 s between receivers, an
// IMO number on two MMSIs more than 500 nm apart, both moving within 48 h.
func RF() Preset {
	return Preset{
		Name: "rf", NearKn: 30, NearWithin: 30 * time.Minute, FarKn: 50, FarWithin: time.Hour, Skew: 2 * time.Minute, Turns: 3, Quiet: 8 * time.Hour,
		ConflictNM: 500, MovingKn: 1, ConflictWithin: 48 * time.Hour, ConflictReports: 3,
	}
}

// Detector finds identities in double use. Make one with [New].
type Detector struct {
	preset  Preset
	first   map[navicert.MMSI]int32  // the index of the first vessel of each MMSI
	sharing map[navicert.MMSI]*group // those that several vessels use
	seen    []bool                   // by vessel: it is in first or in a group
	shares  []bool                   // by vessel: its MMSI is in sharing
	claims  map[navicert.IMO]claim
}

// New returns a detector with a preset's thresholds.
func New(p Preset) *Detector {
	return &Detector{preset: p, first: map[navicert.MMSI]int32{}, sharing: map[navicert.MMSI]*group{}, claims: map[navicert.IMO]claim{}}
}

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

// group is the vessels of one MMSI.
type group struct {
	members []member // in the order in which they came
	told    *told
}

// member is one vessel of a group.
type member struct {
	index       int32
	name        string
	first, last navicert.Fix
	fixes       int
	at          bool // it alternated with another in the event that is told
}

// told is an event that has not ended.
type told struct {
	start, last time.Time // of the first and the newest alternation
	counted     time.Time // of the one with which they were enough
	pos, endPos navicert.Position
	turns       int
	farNM       float64
	evidence    []navicert.Evidence
	needsKn     float64
	simulated   bool
}

// Step implements detect.Detector.
func (d *Detector) Step(s *detect.Step, emit detect.Emit) {
	i := s.Vessel.Index
	for len(d.seen) <= i {
		d.seen = append(d.seen, false)
		d.shares = append(d.shares, false)
	}
	if !d.seen[i] {
		d.seen[i] = true
		if _, ok := d.first[s.Vessel.MMSI]; !ok {
			d.first[s.Vessel.MMSI] = int32(i)
		} else {
			if d.sharing[s.Vessel.MMSI] == nil {
				d.sharing[s.Vessel.MMSI] = &group{}
			}
			d.shares[i], d.shares[d.first[s.Vessel.MMSI]] = true, true
		}
	}
	if !d.shares[i] || s.Fix.Average {
		return // as nearly always
	}
	g := d.sharing[s.Vessel.MMSI]
	if g == nil {
		return // only of a damaged state
	}
	d.alternate(s, g, emit)
	m := g.member(s.Vessel)
	if m.fixes == 0 {
		m.first = *s.Fix
	}
	m.last, m.name = *s.Fix, s.Vessel.Identity.Name
	m.fixes++
}

func (g *group) member(v *track.Vessel) *member {
	for i := range g.members {
		if int(g.members[i].index) == v.Index {
			return &g.members[i]
		}
	}
	g.members = append(g.members, member{index: int32(v.Index)})
	return &g.members[len(g.members)-1]
}

// alternate looks whether another vessel was heard between this one's fix and
// the one before, where no one ship can have been.
func (d *Detector) alternate(s *detect.Step, g *group, emit detect.Emit) {
	if g.told != nil && s.Fix.Time.Sub(g.told.last) > d.preset.Quiet {
		d.close(s.Vessel, g, emit)
	}
	if s.Prev == nil || s.NewSegment {
		return
	}
	for i := range g.members {
		o := &g.members[i]
		if int(o.index) == s.Vessel.Index || o.fixes == 0 || !o.last.Time.After(s.Prev.Time) || o.last.Time.After(s.Fix.Time) {
			continue
		}
		nm, kn, two := d.apart(&o.last, s.Fix)
		if !two {
			continue
		}
		if g.told == nil {
			g.told = &told{
				start: s.Prev.Time, pos: s.Prev.Pos,
				evidence:  []navicert.Evidence{detect.FixEvidence(s.Prev), detect.FixEvidence(&o.last), detect.FixEvidence(s.Fix)},
				simulated: s.Fix.Simulated || o.last.Simulated,
			}
		}
		t := g.told
		t.last, t.endPos = s.Fix.Time, s.Fix.Pos
		t.turns++
		t.farNM, t.needsKn = max(t.farNM, nm), max(t.needsKn, kn)
		o.at = true
		m := g.member(s.Vessel)
		m.at = true
		if m.fixes == 0 { // this one's first in the group; the one before is known
			m.first, m.last, m.fixes, m.name = *s.Prev, *s.Prev, 1, s.Vessel.Identity.Name
		}
		if t.turns == d.preset.Turns {
			t.counted = s.Fix.Time
			emit(d.event(s.Vessel, g))
		}
		return
	}
}

// apart is how far and how fast one ship had to go from a fix to a later one,
// and whether that makes them two.
func (d *Detector) apart(a, b *navicert.Fix) (nm, kn float64, two bool) {
	elapsed := b.Time.Sub(a.Time)
	if elapsed > d.preset.FarWithin {
		return 0, 0, false
	}
	nm = geo.DistanceNM(a.Pos, b.Pos)
	for _, limit := range []struct {
		kn     float64
		within time.Duration
	}{{d.preset.NearKn, d.preset.NearWithin}, {d.preset.FarKn, d.preset.FarWithin}} {
		hours := max(elapsed, time.Minute).Hours()
		if a.Station != b.Station {
			hours = (elapsed + d.preset.Skew).Hours()
		}
		kn = nm / hours
		if elapsed <= limit.within && kn > limit.kn {
			return nm, kn, true
		}
	}
	return nm, kn, false
}

func (d *Detector) close(v *track.Vessel, g *group, emit detect.Emit) {
	if g.told.turns >= d.preset.Turns {
		ev := d.event(v, g)
		ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(g.told.last), navicert.Some(g.told.endPos)
		emit(ev)
	}
	g.told = nil
	for i := range g.members {
		g.members[i].at = false
	}
}

// maxToldTracks is how many tracks an event describes.
const maxToldTracks = 5

// event describes what is known of the tracks.
func (d *Detector) event(v *track.Vessel, g *group) navicert.Event {
	t := g.told
	ev := navicert.Event{
		ID:   navicert.EventID(Kind, string(TwoTracks), v.MMSI.String(), detect.TimeKey(t.start), detect.PositionKey(t.pos)),
		Kind: Kind, MMSI: v.MMSI, Other: v.MMSI, State: navicert.EventOpen,
		Start: navicert.At(t.start), Position: navicert.Some(t.pos),
		Measures:     map[string]float64{"turns": float64(t.turns), "distance_nm": t.farNM, "needed_kn": t.needsKn, detect.ThresholdHours: t.counted.Sub(t.start).Hours()},
		Evidence:     slices.Clone(t.evidence),
		Explanations: []string{detect.ClassText(TwoTracks)},
		Simulated:    t.simulated,
	}
	say := func(format string, args ...any) {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf(format, args...))
	}
	say("two tracks under one MMSI took turns, up to %.0f nm apart: one ship would have needed %.0f kn", t.farNM, t.needsKn)
	tracks := 0
	for i := range g.members {
		m := &g.members[i]
		if !m.at {
			continue
		}
		if tracks++; tracks <= maxToldTracks {
			name := ""
			if m.name != "" {
				name = ", named " + m.name
			}
			say("track %d%s: from %s at %s to %s at %s, %d fixes", tracks, name, m.first.Pos, navicert.At(m.first.Time), m.last.Pos, navicert.At(m.last.Time), m.fixes)
		}
	}
	ev.Measures["tracks"] = float64(tracks)
	say("which of them the MMSI was given to is not known")
	say("transponders are run with a number that was never set, or that of the ship they came from; fleets of small craft share one; false satellite signals, and receivers that are fed false messages, show one ship at two places")
	return ev
}

// End implements detect.Detector: what lasts is told as far as it has come, open, or
// closed when the tracks have not taken turns for too long.
func (d *Detector) End(v *track.Vessel, end detect.End, emit detect.Emit) {
	g := d.sharing[v.MMSI]
	if g == nil || g.told == nil || int(g.members[0].index) != v.Index {
		return
	}
	switch {
	case end.Breaks(g.told.last, d.preset.Quiet):
		d.close(v, g, emit)
	case end.At.Sub(g.told.last) <= d.preset.Quiet && g.told.turns >= d.preset.Turns:
		emit(d.event(v, g))
	}
}

// State implements detect.Detector.
func (d *Detector) State(c *state.Coder) {
	c.Mark("duplicate 3")
	state.Map(c, &d.first, cmp.Compare[navicert.MMSI], state.Int[navicert.MMSI], state.Int[int32])
	state.Map(c, &d.sharing, cmp.Compare[navicert.MMSI], state.Int[navicert.MMSI], func(c *state.Coder, g **group) { state.Ptr(c, g, groupState) })
	state.Slice(c, &d.seen, (*state.Coder).Bool)
	state.Slice(c, &d.shares, (*state.Coder).Bool)
	if c.Loads() && len(d.shares) != len(d.seen) {
		c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "it is not known which vessels share an MMSI"))
	}
	for _, i := range d.first {
		if c.Loads() && (i < 0 || int(i) >= len(d.seen)) {
			c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "the first of an MMSI is no vessel"))
			return
		}
	}
	state.Map(c, &d.claims, cmp.Compare[navicert.IMO], state.Int[navicert.IMO], claimState)
}

func groupState(c *state.Coder, g *group) {
	state.Slice(c, &g.members, func(c *state.Coder, m *member) {
		state.Int(c, &m.index)
		c.String(&m.name)
		c.Fix(&m.first)
		c.Fix(&m.last)
		state.Int(c, &m.fixes)
		c.Bool(&m.at)
	})
	state.Ptr(c, &g.told, func(c *state.Coder, t *told) {
		c.Time(&t.start)
		c.Time(&t.last)
		c.Time(&t.counted)
		c.Position(&t.pos)
		c.Position(&t.endPos)
		state.Int(c, &t.turns)
		c.Float(&t.farNM)
		state.Slice(c, &t.evidence, (*state.Coder).Evidence)
		c.Float(&t.needsKn)
		c.Bool(&t.simulated)
	})
}

// claim is who sent an IMO number while moving.
type claim struct {
	mmsi  navicert.MMSI
	at    uint32 // seconds since 1970, of the newest
	pos   navicert.Position
	ref   navicert.Ref // of its newest report
	rival *rival
}

// rival is another MMSI that sends the number.
type rival struct {
	mmsi    navicert.MMSI
	reports int
	told    bool
}

func claimState(c *state.Coder, x *claim) {
	state.Int(c, &x.mmsi)
	state.Int(c, &x.at)
	c.Position(&x.pos)
	c.Ref(&x.ref)
	state.Ptr(c, &x.rival, func(c *state.Coder, r *rival) {
		state.Int(c, &r.mmsi)
		state.Int(c, &r.reports)
		c.Bool(&r.told)
	})
}

// maxClaims is how many IMO numbers are held.
const maxClaims = 1_000_000

// recent is how old a ship's last fix may be when its report is placed.
const recent = time.Hour

// Report implements detect.Reporter: it looks at who sends an IMO number, and where.
func (d *Detector) Report(v *track.Vessel, r *navicert.Static, emit detect.Emit) {
	last := v.Last()
	if r.IMO == 0 || last == nil || last.SpeedKn.Or(0) < d.preset.MovingKn {
		return
	}
	if age := r.Time.Sub(last.Time); age > recent || age < -recent {
		return
	}
	at := uint32(r.Time.Unix())
	c, held := d.claims[r.IMO]
	within := at <= c.at || float64(at-c.at) <= d.preset.ConflictWithin.Seconds()
	switch {
	case !held && len(d.claims) >= maxClaims:
		return
	case !held, c.mmsi == v.MMSI, !within:
		if held && c.mmsi != v.MMSI {
			c.rival = nil // the one before has been silent for long
		}
		c.mmsi, c.at, c.pos, c.ref = v.MMSI, at, last.Pos, r.Ref
		d.claims[r.IMO] = c
		return
	}
	nm := geo.DistanceNM(c.pos, last.Pos)
	if nm <= d.preset.ConflictNM {
		return
	}
	if c.rival == nil || c.rival.mmsi != v.MMSI {
		c.rival = &rival{mmsi: v.MMSI}
		d.claims[r.IMO] = c
	}
	if c.rival.reports++; c.rival.reports < d.preset.ConflictReports || c.rival.told {
		return
	}
	c.rival.told = true
	emit(d.conflict(v, r, &c, nm))
}

// conflict describes an IMO number on two MMSIs.
func (d *Detector) conflict(v *track.Vessel, r *navicert.Static, c *claim, nm float64) navicert.Event {
	other := navicert.At(time.Unix(int64(c.at), 0))
	hours := math.Abs(r.Time.Sub(other.Time).Hours())
	low, high := min(c.mmsi, v.MMSI), max(c.mmsi, v.MMSI)
	start, end := other, navicert.At(r.Time)
	if end.Before(start.Time) {
		start, end = end, start
	}
	ev := navicert.Event{
		ID:   navicert.EventID(Kind, string(IMOConflict), r.IMO.String(), low.String(), high.String(), detect.TimeKey(start.Time)),
		Kind: Kind, MMSI: v.MMSI, Other: c.mmsi, IMO: r.IMO, State: navicert.EventClosed, Start: start, End: end,
		Position: navicert.Some(c.pos), EndPosition: navicert.Some(v.Last().Pos),
		Measures: map[string]float64{"distance_nm": nm, "hours_between": hours, "reports": float64(c.rival.reports)},
		Evidence: []navicert.Evidence{
			{
				Kind: navicert.EvidenceReport, Source: c.ref.Source, Ref: detect.RefText(c.ref), Time: other, Position: navicert.Some(c.pos),
				Text: fmt.Sprintf("MMSI %s, IMO %s, at %s", c.mmsi, r.IMO, c.pos),
			},
			detect.ReportEvidence(r), detect.FixEvidence(v.Last()),
		},
		Explanations: []string{
			detect.ClassText(IMOConflict),
			fmt.Sprintf("IMO %s was sent by MMSI %s at %s on %s and by MMSI %s at %s on %s, %.0f nm apart, both moving", r.IMO, c.mmsi, c.pos, other, v.MMSI, v.Last().Pos, navicert.At(r.Time), nm),
			"which of them the number was given to is not known",
			"numbers are mistyped, and left in a transponder that goes to another ship",
		},
		Simulated: r.Simulated,
	}
	if kn := nm / max(hours, 0.01); kn <= maxShipKn {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf("one ship that changed its MMSI between the two would have made %.0f kn", kn))
	}
	return ev
}

// maxShipKn is what a large ship may make (RadianceFleet's limits for tankers end at 24 kn).
const maxShipKn = 24
