// The ships of the generated month: how a script is written, step by step.

package sim

import (
	"fmt"
	"time"

	"navicert"
	"navicert/geo"
)

// The sorts of ship in the month beside those of added traffic.
var (
	tanker     = shipClasses[0]
	bulker     = shipClasses[1]
	freighter  = shipClasses[3]
	yacht      = shipClasses[5]
	seaTug     = shipClass{kind: "tug", shipType: 52, length: 45, beam: 13, draught: 5.5, speedKn: 10, class: navicert.ClassA}
	pilotBoat  = shipClass{kind: "pilot_boat", shipType: 50, length: 22, beam: 6, draught: 2.1, speedKn: 18, class: navicert.ClassA}
	trawler    = shipClass{kind: "fishing_vessel", shipType: 30, length: 38, beam: 9, draught: 4.1, speedKn: 9, class: navicert.ClassA}
	bunkerShip = shipClass{kind: "bunker_tanker", shipType: 80, length: 84, beam: 14, draught: 4.8, speedKn: 9, class: navicert.ClassA}
)

// monthNumbers is where the month's numbers begin among those of invented ships:
// ships that --vessels adds have the ones before.
const monthNumbers = 9000

// actor is a ship of the month whose script is being written. Each step is
// played as it is written, so that where the ship stands is where it will be.
type actor struct {
	m      *month
	v      Vessel
	c      shipClass
	played cursor
	pos    navicert.Position // at the script's end
	at     time.Time
}

func (m *month) number() int {
	m.ships++
	return monthNumbers + m.ships - 1
}

// ship begins a ship.
func (m *month) ship(c shipClass, at navicert.Position) *actor {
	n := m.number()
	a := &actor{m: m, c: c}
	a.v = Vessel{
		Name: addedName(n), MMSI: uint32(SimulatedMMSI(n)), CallSign: addedCallSign(n), Class: c.class, Kind: c.kind,
		ShipType: c.shipType, LengthM: c.length, BeamM: c.beam, DraughtM: c.draught, Destination: "FOR ORDERS",
		At: m.place(at),
	}
	if c.class == navicert.ClassA && c.length > 40 {
		a.v.IMO = uint32(SimulatedIMO(n))
	}
	a.starts(m.from.Add(m.hours(0, 12)))
	return a
}

// starts sets when the ship begins its script.
func (a *actor) starts(at time.Time) {
	a.v.Start = navicert.At(at)
	var err *navicert.Error
	a.played, err = a.m.played.begin(&a.v)
	a.m.played.plans[a.v.Name] = a.played.p
	a.stands(err)
}

// step adds to the script.
func (a *actor) step(s Step) {
	a.v.Script = append(a.v.Script, s)
	a.stands(a.played.step(s))
}

// stands takes over where the ship stands. What cannot be played ends the month
// for it, and the first such thing is the month's error.
func (a *actor) stands(err *navicert.Error) {
	a.pos, a.at = a.played.pos, a.played.at
	if err == nil {
		return
	}
	a.played.at, a.at = a.m.to, a.m.to
	if a.m.err == nil {
		a.m.err = err
	}
}

// place gives a position a name.
func (m *month) place(p navicert.Position) string {
	m.places++
	name := fmt.Sprintf("p%d", m.places)
	m.sc.Places[name] = LatLon{p.Lat, p.Lon}
	return name
}

// speed is one about the ship's own.
func (a *actor) speed() float64 { return a.c.speedKn * a.m.between(0.9, 1.1) }

func (a *actor) sail(to navicert.Position, kn float64) {
	a.step(Step{Sail: &Sail{Along: []string{a.m.place(to)}, SpeedKn: kn}})
}

// wander sails to and fro in a box until a time is reached.
func (a *actor) wander(s sea, until time.Time) {
	for a.at.Before(until) {
		a.sail(a.m.somewhere(s), a.speed())
	}
}

func (a *actor) drift(d time.Duration, kn float64) {
	a.step(Step{Drift: &Drift{For: Duration(d), SpeedKn: kn, CourseDeg: float64(a.m.r.IntN(360))}})
}

func (a *actor) moor(d time.Duration) { a.step(Step{Moor: &Stay{For: Duration(d)}}) }
func (a *actor) stop(d time.Duration) { a.step(Step{Stop: &Stay{For: Duration(d)}}) }
func (a *actor) anchor(d time.Duration, swingM float64) {
	a.step(Step{Anchor: &Stay{For: Duration(d), SwingM: swingM}})
}

func (a *actor) says(r Report) { a.step(Step{Report: &r}) }

// off switches the transponder off while the ship goes on.
func (a *actor) off(from time.Time, d time.Duration, why string) {
	a.v.Off = append(a.v.Off, Off{From: navicert.At(from), To: navicert.At(from.Add(d)), Why: why})
}

func (a *actor) done() { a.m.sc.Vessels = append(a.m.sc.Vessels, a.v) }

// reach fills the time until the ship has to be somewhere, and returns the last
// waypoint before that and whether there is one: a way round that takes the rest
// of the time, within the sea.
func (a *actor) reach(where navicert.Position, s sea, at time.Time) (by string, found bool) {
	for {
		next, kn := a.m.somewhere(s), a.speed()
		legs := (geo.DistanceNM(a.pos, next) + geo.DistanceNM(next, where)) / kn
		if a.at.Add(time.Duration(legs * float64(time.Hour))).After(at.Add(-time.Hour)) {
			break
		}
		a.sail(next, kn)
	}
	hours := at.Sub(a.at).Hours()
	for range 1000 {
		by := geo.Destination(a.pos, float64(a.m.r.IntN(360)), a.m.between(0, a.c.speedKn*hours))
		kn := (geo.DistanceNM(a.pos, by) + geo.DistanceNM(by, where)) / hours
		if s.contains(by) && kn > 0.4*a.c.speedKn && kn < 1.2*a.c.speedKn {
			return a.m.place(by), true
		}
	}
	return "", false
}

// arrive brings the ship somewhere at a time, or later when it cannot be there.
func (a *actor) arrive(where navicert.Position, s sea, at time.Time) {
	by, found := a.reach(where, s, at)
	if !found {
		a.sail(where, a.speed())
		return
	}
	a.step(Step{Sail: &Sail{Along: []string{by, a.m.place(where)}, Arrive: navicert.At(at)}})
}

// meet brings a to where b is at a time and keeps it beside b. What b does then
// is written already.
func (a *actor) meet(b *actor, s sea, at time.Time, d time.Duration, metres float64, is Meeting) {
	route := []string{b.v.Name + "@"}
	if by, found := a.reach(b.played.p.at(at).pos, s, at); found {
		route = []string{by, route[0]}
	}
	a.step(Step{Sail: &Sail{Along: route, Arrive: navicert.At(at)}})
	a.step(Step{Beside: &Beside{Vessel: b.v.Name, DistanceM: metres, BearingDeg: float64(a.m.r.IntN(360)), For: Duration(d), Is: is}})
}

// berth is a place at a port, within half a mile.
func (m *month) berth(port string) navicert.Position {
	p := m.sc.Places[monthPorts[port].At].position()
	return geo.Destination(p, float64(m.r.IntN(360)), m.between(0, 0.4))
}
