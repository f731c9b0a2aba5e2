package sim

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/geo"
)

// ActionKind is what a ship does for a while.
type ActionKind string

// The kinds of action, named as the scenario's steps.
const (
	Sailing   ActionKind = "sail"
	Mooring   ActionKind = "moor"
	Anchoring ActionKind = "anchor"
	Stopping  ActionKind = "stop"
	Drifting  ActionKind = "drift"
	Besiding  ActionKind = "beside"
)

// leg is one piece of a ship's plan over which where it is follows one simple
// rule: a great circle at constant speed, a place, or a place beside another
// ship.
type leg struct {
	kind       ActionKind
	from, to   time.Time
	a, b       navicert.Position // ends of the great circle; a == b at rest
	speedKn    float64
	courseDeg  float64 // at a; also the heading at rest
	other      *plan
	distanceM  float64
	bearingDeg float64
	swingM     float64
}

// action is one step of the script as it came out in time.
type action struct {
	kind     ActionKind
	from, to time.Time
	a, b     navicert.Position
	with     *plan
	beside   Beside // what was asked for, of a ship beside another
}

// change is a new static report's content from a time on.
type change struct {
	at     time.Time
	report Report
}

// plan is a ship's whole voyage.
type plan struct {
	v       *Vessel
	legs    []leg
	actions []action
	changes []change
	off     []Off
	fakes   []fake
	order   int // among the world's ships
}

// state is what is true of a ship at one time.
type state struct {
	pos        navicert.Position
	speedKn    float64
	courseDeg  float64
	headingDeg float64
	status     navicert.NavStatus
	turning    bool
	exact      bool // reported to the last digit, without the instruments' noise
}

func (s state) atRest() bool { return s.speedKn < 0.5 }

// turnTime is how long a ship counts as turning at the start of a leg.
const turnTime = time.Minute

// starts and ends are when the ship enters and leaves the world.
func (p *plan) starts() time.Time { return p.legs[0].from }
func (p *plan) ends() time.Time   { return p.legs[len(p.legs)-1].to }

// at returns the ship's state at a time within its plan.
func (p *plan) at(t time.Time) state {
	i, found := slices.BinarySearchFunc(p.legs, t, func(l leg, t time.Time) int { return l.from.Compare(t) })
	if !found {
		i--
	}
	return p.legs[max(i, 0)].at(t)
}

func (l *leg) at(t time.Time) state {
	switch l.kind {
	case Besiding:
		s := l.other.at(t)
		s.pos = geo.Destination(s.pos, l.bearingDeg, l.distanceM/geo.MetresPerNM)
		return s
	case Sailing, Drifting:
		fraction := 1.0
		if d := l.to.Sub(l.from); d > 0 {
			fraction = min(1, float64(t.Sub(l.from))/float64(d))
		}
		s := state{pos: geo.Interpolate(l.a, l.b, fraction), speedKn: l.speedKn, courseDeg: l.courseDeg}
		if fraction < 1 {
			s.courseDeg = geo.BearingDeg(s.pos, l.b)
		}
		s.headingDeg = s.courseDeg
		if l.kind == Drifting {
			s.headingDeg = math.Mod(s.courseDeg+90, 360) // a ship adrift lies across the wind
		}
		s.turning = l.kind == Sailing && t.Sub(l.from) < turnTime
		return s
	}
	s := state{pos: l.a, courseDeg: l.courseDeg, headingDeg: l.courseDeg}
	switch l.kind {
	case Mooring:
		s.status = navicert.Moored
	case Anchoring:
		s.status = navicert.AtAnchor
		if l.swingM > 0 {
			l.swing(&s, t)
		}
	case Stopping:
		s.status = notUnderCommand
	}
	return s
}

// swingTime is how long a ship takes to swing round its anchor once, as the
// tide and the wind turn.
const swingTime = 6 * time.Hour

// swing moves a ship at anchor along the circle of its chain, bow to the anchor.
func (l *leg) swing(s *state, t time.Time) {
	turns := t.Sub(l.from).Hours() / swingTime.Hours()
	bearing := math.Mod(l.courseDeg+360*turns, 360)
	s.pos = geo.Destination(l.a, bearing, l.swingM/geo.MetresPerNM)
	s.headingDeg = math.Mod(bearing+180, 360)
	s.courseDeg = math.Mod(bearing+90, 360)
	s.speedKn = 2 * math.Pi * l.swingM / geo.MetresPerNM / swingTime.Hours()
}

const notUnderCommand navicert.NavStatus = 2

// planner turns scripts into plans. Ships are planned in the order in which
// they need one another.
type planner struct {
	sc     *Scenario
	end    time.Time
	byName map[string]*Vessel
	plans  map[string]*plan
	busy   map[string]bool
	berths map[navicert.Position][]string // the ships that have lain at a place
}

func newPlanner(sc *Scenario, end time.Time) *planner {
	return &planner{
		sc: sc, end: end, byName: map[string]*Vessel{}, plans: map[string]*plan{},
		busy: map[string]bool{}, berths: map[navicert.Position][]string{},
	}
}

// plan returns the plan of a ship, making it and those it depends on first.
func (pl *planner) plan(name string) (*plan, *navicert.Error) {
	if p := pl.plans[name]; p != nil {
		return p, nil
	}
	v := pl.byName[name]
	if v == nil {
		return nil, navicert.Errorf(navicert.Invalid, "scenario", pl.sc.Name, "no vessel is named %q", name)
	}
	if pl.busy[name] {
		return nil, navicert.Errorf(navicert.Invalid, "scenario", "vessel "+name, "its script waits for itself through another ship's")
	}
	pl.busy[name] = true
	p, err := pl.make(v)
	if err != nil {
		return nil, err
	}
	pl.plans[name] = p
	return p, nil
}

// begin puts a ship where its script begins.
func (pl *planner) begin(v *Vessel) (cursor, *navicert.Error) {
	c := cursor{pl: pl, p: &plan{v: v, off: v.Off}, at: v.Start.Time}
	if c.at.IsZero() {
		c.at = pl.sc.From.Time
	}
	place, ok := pl.sc.Places[v.At]
	if !ok {
		return c, c.errorf("starts at %q, which is no place", v.At)
	}
	c.pos = place.position()
	return c, nil
}

func (pl *planner) make(v *Vessel) (*plan, *navicert.Error) {
	c, err := pl.begin(v)
	if err != nil {
		return nil, err
	}
	if len(v.Script) == 0 {
		return nil, c.errorf("has no script")
	}
	for _, s := range v.Script {
		if !c.at.Before(pl.end) {
			break
		}
		if err := c.step(s); err != nil {
			return nil, err
		}
	}
	if len(c.p.legs) == 0 {
		return nil, c.errorf("does nothing between its start and the end")
	}
	if err := c.fakes(); err != nil {
		return nil, err
	}
	for _, o := range v.Off {
		if !o.From.Before(o.To.Time) {
			return nil, c.errorf("is switched off from %s to %s, which is no time", o.From, o.To)
		}
	}
	return c.p, nil
}

// cursor is where a ship stands while its script is being planned.
type cursor struct {
	pl        *planner
	p         *plan
	at        time.Time
	pos       navicert.Position
	courseDeg float64
	steps     int // taken
}

func (c *cursor) errorf(format string, args ...any) *navicert.Error {
	return navicert.Errorf(navicert.Invalid, "scenario", "vessel "+c.p.v.Name, format, args...)
}

// step plays the script's next step.
func (c *cursor) step(s Step) *navicert.Error {
	c.steps++
	if err := c.do(s); err != nil {
		return err.WithHint("step " + strconv.Itoa(c.steps) + " of its script")
	}
	return nil
}

func (c *cursor) do(s Step) *navicert.Error {
	set := 0
	for _, is := range []bool{s.Sail != nil, s.Moor != nil, s.Anchor != nil, s.Stop != nil, s.Drift != nil, s.Beside != nil, s.Report != nil} {
		if is {
			set++
		}
	}
	if set != 1 {
		return c.errorf("a step does %d things, want exactly one", set)
	}
	switch {
	case s.Sail != nil:
		return c.sail(*s.Sail)
	case s.Moor != nil:
		return c.stay(Mooring, *s.Moor)
	case s.Anchor != nil:
		return c.stay(Anchoring, *s.Anchor)
	case s.Stop != nil:
		return c.stay(Stopping, *s.Stop)
	case s.Drift != nil:
		return c.drift(*s.Drift)
	case s.Beside != nil:
		return c.beside(*s.Beside)
	}
	return c.report(*s.Report)
}

func (c *cursor) report(r Report) *navicert.Error {
	v := *c.p.v // checked as a ship that had it from the start
	if r.Name != nil {
		v.Name = *r.Name
	}
	if r.CallSign != nil {
		v.CallSign = *r.CallSign
	}
	if r.Destination != nil {
		v.Destination = *r.Destination
	}
	if r.DraughtM != nil {
		v.DraughtM = *r.DraughtM
	}
	if r.MMSI != nil {
		v.MMSI = *r.MMSI
	}
	if r.IMO != nil {
		v.IMO = *r.IMO
	}
	if err := checkVessel(&v); err != nil {
		return c.errorf("changes its report: %w", err)
	}
	c.p.changes = append(c.p.changes, change{c.at, r})
	return nil
}

// until resolves the end of a step.
func (c *cursor) until(until time.Time, d Duration, openEnded bool) (time.Time, *navicert.Error) {
	switch {
	case !until.IsZero() && d != 0:
		return until, c.errorf("a step has both until and for")
	case !until.IsZero():
	case d != 0:
		until = c.at.Add(time.Duration(d))
	case openEnded:
		return c.pl.end, nil
	default:
		return until, c.errorf("a step needs until or for")
	}
	if until.Before(c.at) {
		return until, c.errorf("a step ends at %s, but the ship gets to it only at %s", until.Format(time.RFC3339), c.at.Format(time.RFC3339))
	}
	return until, nil
}

// add appends a leg and moves on to its end.
func (c *cursor) add(l leg) {
	if l.to.After(l.from) {
		c.p.legs = append(c.p.legs, l)
	}
	c.at, c.pos = l.to, l.b
}

func (c *cursor) done(a action) {
	a.to, a.b = c.at, c.pos
	if a.to.After(a.from) {
		c.p.actions = append(c.p.actions, a)
	}
}

const (
	// berthNM is the unit of the spiral of berths round a place. Neighbours on it
	// lie more than half a mile apart, as ships that have nothing to do with each
	// other do.
	berthNM = 0.4
	// berthKn is the speed at which a ship goes to its berth.
	berthKn = 3
	// goldenAngleDeg turns each berth away from those before (a sunflower's seeds).
	goldenAngleDeg = 137.50776405
)

// toBerth takes a ship that will lie at a place to a berth of its own there. The
// first to come has the place itself; a ship that comes again has its berth
// again. One that starts there, or would have left before it got there, is not
// seen on the way.
func (c *cursor) toBerth(until time.Time) {
	ships := c.pl.berths[c.pos]
	n := slices.Index(ships, c.p.v.Name)
	if n < 0 {
		n = len(ships)
		c.pl.berths[c.pos] = append(ships, c.p.v.Name)
	}
	if n == 0 {
		return
	}
	nm := berthNM * math.Sqrt(float64(n)+1)
	berth := geo.Destination(c.pos, math.Mod(goldenAngleDeg*float64(n), 360), nm)
	there := c.at.Add(time.Duration(nm / berthKn * float64(time.Hour)))
	switch {
	case len(c.p.legs) == 0:
		c.pos = berth
	case there.Before(until):
		c.courseDeg = geo.BearingDeg(c.pos, berth)
		c.add(leg{kind: Sailing, from: c.at, to: there, a: c.pos, b: berth, speedKn: berthKn, courseDeg: c.courseDeg})
	}
}

func (c *cursor) stay(kind ActionKind, s Stay) *navicert.Error {
	to, err := c.until(s.Until.Time, s.For, true)
	if err != nil {
		return err
	}
	if s.SwingM != 0 && (kind != Anchoring || !(s.SwingM > 0 && s.SwingM <= 1000)) {
		return c.errorf("swings %g m: only a ship at anchor does, and at most 1000 m", s.SwingM)
	}
	if kind != Stopping {
		c.toBerth(to)
	}
	a := action{kind: kind, from: c.at, a: c.pos}
	c.add(leg{kind: kind, from: c.at, to: to, a: c.pos, b: c.pos, courseDeg: c.courseDeg, swingM: s.SwingM})
	c.done(a)
	return nil
}

func (c *cursor) drift(d Drift) *navicert.Error {
	to, err := c.until(d.Until.Time, d.For, false)
	if err != nil {
		return err
	}
	if !(d.SpeedKn > 0 && d.SpeedKn <= 5 && d.CourseDeg >= 0 && d.CourseDeg < 360) {
		return c.errorf("drifts at %g kn on course %g, want more than 0 and at most 5 kn, course 0 to below 360", d.SpeedKn, d.CourseDeg)
	}
	a := action{kind: Drifting, from: c.at, a: c.pos}
	end := geo.Destination(c.pos, d.CourseDeg, d.SpeedKn*to.Sub(c.at).Hours())
	c.add(leg{kind: Drifting, from: c.at, to: to, a: c.pos, b: end, speedKn: d.SpeedKn, courseDeg: d.CourseDeg})
	c.done(a)
	return nil
}

func (c *cursor) beside(b Beside) *navicert.Error {
	to, err := c.until(b.Until.Time, b.For, true)
	if err != nil {
		return err
	}
	if !(b.DistanceM >= 10 && b.DistanceM <= 5000 && b.BearingDeg >= 0 && b.BearingDeg < 360) {
		return c.errorf("stays %g m off %s bearing %g, want 10 to 5000 m, bearing 0 to below 360", b.DistanceM, b.Vessel, b.BearingDeg)
	}
	switch b.Is {
	case "", Transfer, Encounter, Bunkering, Piloting, Towing, PairTrawl, Escort:
	default:
		return c.errorf("is beside %s for %q, which is no meeting", b.Vessel, b.Is)
	}
	other, err := c.pl.plan(b.Vessel)
	if err != nil {
		return err
	}
	if c.at.Before(other.starts()) || to.After(other.ends()) {
		return c.errorf("stays beside %s from %s to %s, when that ship is not always there", b.Vessel, c.at.Format(time.RFC3339), to.Format(time.RFC3339))
	}
	l := leg{kind: Besiding, from: c.at, to: to, other: other, distanceM: b.DistanceM, bearingDeg: b.BearingDeg}
	l.a, l.b = l.at(c.at).pos, l.at(to).pos
	if d := geo.DistanceNM(c.pos, l.a); d > maxJumpNM {
		return c.errorf("is %.1f nm from %s when it should be beside it (at %s)", d, b.Vessel, c.at.Format(time.RFC3339))
	}
	a := action{kind: Besiding, from: c.at, a: c.pos, with: other, beside: b}
	c.add(l)
	c.done(a)
	return nil
}

// maxJumpNM is how far a ship may be from where it should be beside another:
// the approach at the end of its own leg, not worth a script.
const maxJumpNM = 1.0

// sail adds a leg for each great circle of the route.
func (c *cursor) sail(s Sail) *navicert.Error {
	route, err := c.route(s)
	if err != nil {
		return err
	}
	var total float64
	for i, p := range route {
		if i > 0 {
			total += geo.DistanceNM(route[i-1], p)
		} else {
			total += geo.DistanceNM(c.pos, p)
		}
	}
	speed := s.SpeedKn
	switch {
	case !s.Arrive.IsZero() && speed != 0:
		return c.errorf("a sail step has both speed and arrive")
	case !s.Arrive.IsZero():
		hours := s.Arrive.Sub(c.at).Hours()
		if hours <= 0 {
			return c.errorf("should arrive at %s, but sails only at %s", s.Arrive, c.at.Format(time.RFC3339))
		}
		speed = total / hours
	}
	if !(speed >= 0.5 && speed <= 60) { // not a number is neither
		return c.errorf("sails at %.1f kn from %s, want 0.5 to 60", speed, c.at.Format(time.RFC3339))
	}
	a := action{kind: Sailing, from: c.at, a: c.pos}
	for _, p := range route {
		d := geo.DistanceNM(c.pos, p)
		if d < 1e-6 {
			continue
		}
		c.courseDeg = geo.BearingDeg(c.pos, p)
		c.add(leg{
			kind: Sailing, from: c.at, to: c.at.Add(time.Duration(d / speed * float64(time.Hour))),
			a: c.pos, b: p, speedKn: speed, courseDeg: c.courseDeg,
		})
	}
	c.done(a)
	return nil
}

// route resolves the names of a sail step.
func (c *cursor) route(s Sail) ([]navicert.Position, *navicert.Error) {
	var route []navicert.Position
	for _, name := range s.Along {
		if ship, ok := strings.CutSuffix(name, "@"); ok {
			if s.Arrive.IsZero() {
				return nil, c.errorf("sails to meet %s and so needs arrive", ship)
			}
			other, err := c.pl.plan(ship)
			if err != nil {
				return nil, err
			}
			route = append(route, other.at(s.Arrive.Time).pos)
			continue
		}
		places, err := c.pl.sc.chain(name)
		if err != nil {
			return nil, c.errorf("%s", err)
		}
		route = append(route, places...)
	}
	if len(route) == 0 {
		return nil, c.errorf("sails nowhere")
	}
	return route, nil
}
