package sim

import (
	"container/heap"
	"context"
	"math"
	"math/rand/v2"
	"time"

	"navicert"
	"navicert/geo"
)

// Received is one report as a station received it: a position or the static
// particulars, the other is nil.
type Received struct {
	Fix      *navicert.Fix
	Static   *navicert.Static
	Unplaced bool // the position report says that its position is not available

	ship *ship // that sent it
}

// The standard's reporting intervals (ITU-R M.1371-5, annex 1, tables 1 and 2)
// and the speeds at which they change.
const (
	staticInterval = 6 * time.Minute
	restInterval   = 3 * time.Minute
	classBInterval = 30 * time.Second
)

// interval is the standard's reporting interval for a ship in this state.
func interval(class navicert.Class, s state) time.Duration {
	if class == navicert.ClassB {
		if s.speedKn <= 2 {
			return restInterval
		}
		return classBInterval
	}
	moored := s.status == navicert.AtAnchor || s.status == navicert.Moored
	switch {
	case moored && s.speedKn <= 3:
		return restInterval
	case s.speedKn > 23 || s.speedKn > 14 && s.turning:
		return 2 * time.Second
	case s.speedKn > 14:
		return 6 * time.Second
	case s.turning:
		return 10 * time.Second / 3
	}
	return 10 * time.Second
}

// interval is the standard's, or the scenario's longer one.
func (r Reporting) interval(class navicert.Class, s state) time.Duration {
	thinned := time.Duration(r.UnderWay)
	if s.atRest() {
		thinned = time.Duration(r.AtRest)
	}
	return max(interval(class, s), thinned)
}

func (r Reporting) static() time.Duration { return max(staticInterval, time.Duration(r.Static)) }

// jitter is the share of an interval by which transmissions scatter round
// their slot (a tenth: the standard's selection interval).
const jitter = 0.1

// ship is a plan being played.
type ship struct {
	p         *plan
	order     int
	dice      *rand.Rand
	position  time.Time // of the next transmission
	static    time.Time
	lastHeard time.Time
	lastPos   navicert.Position
	missed    int
	missedOff int
	outage    string // why of an outage met while missed
	offWhy    string
	jammed    string // why of a jamming met while missed
	mmsi      navicert.MMSI
	dropped   []Truth // silences of numbers that it has no more
	latest    *navicert.Static
}

func (s *ship) next() time.Time {
	if s.static.Before(s.position) {
		return s.static
	}
	return s.position
}

// queue orders ships by their next transmission.
type queue []*ship

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if c := q[i].next().Compare(q[j].next()); c != 0 {
		return c < 0
	}
	return q[i].order < q[j].order
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(*ship)) }
func (q *queue) Pop() any {
	old := *q
	s := old[len(old)-1]
	*q = old[:len(old)-1]
	return s
}

// play runs the world and hands on every report that a station received, in
// time order, and every long silence when it ends; both may be nil.
func (w *World) play(ctx context.Context, received func(Received) error, silence func(Truth) error) error {
	q := make(queue, 0, len(w.plans))
	for i, p := range w.plans {
		s := &ship{p: p, order: i, dice: rand.New(rand.NewPCG(w.seed, p.diceSeed())), mmsi: p.mmsiAt(w.from)}
		start := p.starts()
		if start.Before(w.from) {
			start = w.from
		}
		s.position = start.Add(s.scatter(w.sc.Reporting.interval(p.v.Class, p.at(start))))
		s.static = start.Add(s.scatter(w.sc.Reporting.static()))
		q = append(q, s)
	}
	heap.Init(&q)
	for n := 0; len(q) > 0; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s := q[0]
		t := s.next()
		if !t.Before(w.to) || !t.Before(s.p.ends()) {
			if err := w.leave(s, silence); err != nil {
				return err
			}
			heap.Pop(&q)
			continue
		}
		if err := w.transmit(s, t, received, silence); err != nil {
			return err
		}
		heap.Fix(&q, 0)
	}
	return nil
}

// scatter is a random part of an interval.
func (s *ship) scatter(d time.Duration) time.Duration {
	return time.Duration(s.dice.Float64() * float64(d))
}

// after is the time of the next transmission in an interval's rhythm.
func (s *ship) after(t time.Time, d time.Duration) time.Time {
	return t.Add(time.Duration((1 + jitter*(2*s.dice.Float64()-1)) * float64(d)))
}

func (w *World) transmit(s *ship, t time.Time, received func(Received) error, silence func(Truth) error) error {
	st := s.p.at(t)
	isFix := !s.static.Before(s.position)
	if isFix {
		s.position = s.after(t, w.sc.Reporting.interval(s.p.v.Class, st))
	} else {
		s.static = s.after(t, w.sc.Reporting.static())
	}
	if off, why := s.p.offAt(t); off {
		if isFix {
			s.missed++
			s.missedOff++
			s.offWhy = why
		}
		return nil
	}
	station, why := w.hearing(st.pos, t, s.dice)
	if station == nil {
		if isFix {
			s.missed++
			if why != "" {
				s.outage = why
			}
		}
		return nil
	}
	if mmsi := s.p.mmsiAt(t); mmsi != s.mmsi {
		s.renumber(mmsi)
	}
	if !isFix {
		return received(Received{Static: s.p.report(t, station.Name), ship: s})
	}
	if why := w.jammed(st.pos, t); why != "" {
		s.missed++
		s.jammed = why
		f := w.fix(s, st, t, station.Name)
		f.Pos, f.SpeedKn, f.CourseDeg = navicert.Position{Lat: 91, Lon: 181}, navicert.Opt[float64]{}, navicert.Opt[float64]{}
		return received(Received{Fix: f, Unplaced: true, ship: s})
	}
	if err := w.silent(s, t, silence); err != nil {
		return err
	}
	s.lastHeard, s.lastPos = t, st.pos
	return received(Received{Fix: w.fix(s, s.p.reported(st, t), t, station.Name), ship: s})
}

// diceSeed makes each ship's dice its own, also where two have one number.
func (p *plan) diceSeed() uint64 {
	if p.v.Shares {
		return uint64(p.v.MMSI) + uint64(p.order+1)<<32
	}
	return uint64(p.v.MMSI)
}

// mmsiAt is the number that the ship sends at t.
func (p *plan) mmsiAt(t time.Time) navicert.MMSI {
	mmsi := p.v.MMSI
	for i := range p.changes {
		c := &p.changes[i]
		if c.at.After(t) {
			break
		}
		if c.report.MMSI != nil {
			mmsi = *c.report.MMSI
		}
	}
	return navicert.MMSI(mmsi)
}

// renumber begins a new number's record; the old one is silent from now on.
func (s *ship) renumber(mmsi navicert.MMSI) {
	if !s.lastHeard.IsZero() {
		t := s.silence()
		t.Cause, t.Why = CauseRenumbered, ""
		s.dropped = append(s.dropped, t)
	}
	s.mmsi, s.lastHeard = mmsi, time.Time{}
	s.missed, s.missedOff, s.outage, s.offWhy, s.jammed = 0, 0, "", "", ""
}

// jammed says why ships at p have no position at t, "" when they have.
func (w *World) jammed(p navicert.Position, t time.Time) string {
	for i := range w.jamming {
		if j := &w.jamming[i]; !t.Before(j.From.Time) && t.Before(j.To.Time) && j.area.Contains(p) {
			return j.Why
		}
	}
	return ""
}

// hearing returns the first station, in the scenario's order, that hears a
// transmission, or why none did where an outage is the reason.
func (w *World) hearing(p navicert.Position, t time.Time, dice *rand.Rand) (*receiver, string) {
	why := ""
	for _, r := range w.stations {
		heard, out := r.hears(p, t, dice)
		if heard {
			return r, ""
		}
		if out != "" {
			why = out
		}
	}
	return nil, why
}

func (p *plan) offAt(t time.Time) (bool, string) {
	for _, o := range p.off {
		if !t.Before(o.From.Time) && t.Before(o.To.Time) {
			return true, o.Why
		}
	}
	return false, ""
}

// silent ends the time since the ship was last heard, and reports it when it
// was long.
func (w *World) silent(s *ship, heardAgain time.Time, silence func(Truth) error) error {
	if d := time.Duration(w.sc.Silence); d > 0 && !s.lastHeard.IsZero() && silence != nil && heardAgain.Sub(s.lastHeard) > d {
		t := s.silence()
		t.End = navicert.At(heardAgain.Truncate(time.Second))
		t.EndPosition = navicert.Some(s.p.at(heardAgain).pos)
		if err := silence(t); err != nil {
			return err
		}
	}
	s.missed, s.missedOff, s.outage, s.offWhy, s.jammed = 0, 0, "", "", ""
	return nil
}

// leave reports a silence that has not ended when the world or the ship's
// script does.
func (w *World) leave(s *ship, silence func(Truth) error) error {
	d := time.Duration(w.sc.Silence)
	if d == 0 || silence == nil {
		return nil
	}
	for _, t := range s.dropped {
		if w.to.Sub(t.Start.Time) > d {
			if err := silence(t); err != nil {
				return err
			}
		}
	}
	if s.lastHeard.IsZero() || w.to.Sub(s.lastHeard) <= d {
		return nil
	}
	t := s.silence()
	if s.p.ends().Before(w.to) && s.missedOff == 0 {
		t.Cause, t.Why = CauseLeft, ""
	}
	return silence(t)
}

func (s *ship) silence() Truth {
	t := Truth{
		Truth: TruthSilence, MMSI: s.mmsi, Start: navicert.At(s.lastHeard.Truncate(time.Second)),
		Position: navicert.Some(s.lastPos), Missed: s.missed, Cause: CauseCoverage,
	}
	switch {
	case s.missedOff > 0:
		t.Cause, t.Why = CauseOff, s.offWhy
	case s.jammed != "":
		t.Cause, t.Why = CauseJamming, s.jammed
	case s.outage != "":
		t.Cause, t.Why = CauseOutage, s.outage
	}
	return t
}

// fix makes the position report that the ship sends, with its transponder's
// errors, rounded to what the message can carry.
func (w *World) fix(s *ship, st state, t time.Time, station string) *navicert.Fix {
	n := w.sc.Noise
	if st.exact {
		n = Noise{}
	}
	pos := geo.Destination(st.pos, 360*s.dice.Float64(), math.Abs(s.dice.NormFloat64())*n.PositionM/geo.MetresPerNM)
	f := &navicert.Fix{
		MMSI: s.mmsi, Time: t.Truncate(time.Second), TimeFrom: navicert.TimeTag,
		Pos:   navicert.Position{Lat: roundTo(pos.Lat, 600000), Lon: roundTo(pos.Lon, 600000)},
		Class: s.p.v.Class, Station: station, Simulated: true,
	}
	speed := st.speedKn
	if !st.atRest() {
		speed = max(0, speed+n.SpeedKn*s.dice.NormFloat64())
	}
	f.SpeedKn = navicert.Some(roundTo(speed, 10))
	if st.speedKn > 0 { // GPS gives no course to a ship that lies still
		f.CourseDeg = navicert.Some(math.Mod(roundTo(turned(st.courseDeg, n.CourseDeg*s.dice.NormFloat64()), 10), 360))
	}
	if s.p.v.Class == navicert.ClassA { // most class B transponders have no compass
		f.HeadingDeg = navicert.Some(math.Mod(math.Round(turned(st.headingDeg, n.CourseDeg*s.dice.NormFloat64())), 360))
		f.Status = navicert.Some(st.status)
	}
	return f
}

// report makes the static report that the ship sends at t.
func (p *plan) report(t time.Time, station string) *navicert.Static {
	v := p.v
	r := &navicert.Static{
		MMSI: p.mmsiAt(t), Time: t.Truncate(time.Second), TimeFrom: navicert.TimeTag,
		IMO: navicert.IMO(v.IMO), Name: v.Name, CallSign: navicert.CallSign(v.CallSign),
		Destination: v.Destination, Class: v.Class, Station: station, Simulated: true,
	}
	draught := v.DraughtM
	for _, c := range p.changes {
		if c.at.After(t) {
			break
		}
		if c.report.Destination != nil {
			r.Destination = *c.report.Destination
		}
		if c.report.DraughtM != nil {
			draught = *c.report.DraughtM
		}
		if c.report.Name != nil {
			r.Name = *c.report.Name
		}
		if c.report.CallSign != nil {
			r.CallSign = navicert.CallSign(*c.report.CallSign)
		}
		if c.report.IMO != nil {
			r.IMO = navicert.IMO(*c.report.IMO)
		}
	}
	if v.ShipType != 0 {
		r.ShipType = navicert.Some(v.ShipType)
	}
	if v.LengthM != 0 {
		r.LengthM = navicert.Some(float64(v.LengthM))
	}
	if v.BeamM != 0 {
		r.BeamM = navicert.Some(float64(v.BeamM))
	}
	if draught != 0 && v.Class == navicert.ClassA {
		r.DraughtM = navicert.Some(roundTo(draught, 10))
	}
	if v.Class == navicert.ClassB { // message 24 carries neither
		r.IMO, r.Destination = 0, ""
	}
	return r
}

func roundTo(v, parts float64) float64 { return math.Round(v*parts) / parts }

// turned adds degrees to a bearing and keeps it in [0, 360).
func turned(deg, by float64) float64 { return math.Mod(deg+by+720, 360) }
