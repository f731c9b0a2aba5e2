package sim

import (
	"fmt"
	"math/rand/v2"
	"time"

	"navicert"
	"navicert/geo"
)

// MonthName is the name of the generated scenario.
const MonthName = "caribbean-month"

// monthSeed is the seed of the month when none is asked for.
const monthSeed = 1

// CaribbeanMonth makes the scenario "caribbean-month" from a seed: a January in
// which some four hundred invented ships do everything that the detectors look
// for, many times, among ordinary traffic and among ships that only look as if
// they did. The geography is that of the built-in "caribbean", with four boxes
// of open sea and one on the date line. Another seed gives other ships in other
// places at other times.
func CaribbeanMonth(seed uint64) (*Scenario, error) {
	if seed == 0 {
		seed = monthSeed
	}
	base, err := Builtin("caribbean")
	if err != nil {
		return nil, err
	}
	m := &month{
		r:    rand.New(rand.NewPCG(seed, 0x6d6f6e7468)),
		from: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		to:   time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC),
	}
	m.sc = &Scenario{
		Name: MonthName, Simulated: true, From: navicert.At(m.from), To: navicert.At(m.to), Seed: seed,
		About:     "Generated: every behaviour that detectors look for, many times, among ordinary traffic and innocent look-alikes.",
		Reporting: Reporting{UnderWay: Duration(10 * time.Minute), AtRest: Duration(10 * time.Minute), Static: Duration(time.Hour)},
		Noise:     base.Noise, Silence: Duration(6 * time.Hour),
		Places: base.Places, Lanes: map[string][]string{}, Areas: map[string]Shape{}, Ports: map[string]Port{},
	}
	m.waters()
	m.receivers()
	m.traffic()
	m.meetings()
	m.silences()
	m.waiting()
	m.fakes()
	m.identities()
	m.destinations()
	m.innocent()
	return m.sc, nil
}

// month is a scenario being generated.
type month struct {
	sc       *Scenario
	r        *rand.Rand
	from, to time.Time
	ships    int
	places   int
}

// sea is a box of open water, more than 50 miles from any shore, in which
// whatever leads from one point to another stays at sea.
type sea struct{ south, north, west, east float64 }

// The boxes. That no shore is near is tested. The last lies across the date
// line; its longitudes go on beyond 180.
var (
	venezuelaBasin = sea{13.6, 16.2, -69.0, -65.0}
	colombiaBasin  = sea{13.0, 15.6, -77.0, -73.5}
	gulf           = sea{24.2, 26.8, -92.5, -86.5}
	sargasso       = sea{21.0, 26.0, -67.0, -58.0}
	eastOfBarbados = sea{11.0, 17.0, -56.5, -50.0}
	dateLine       = sea{10.0, 16.0, 177.0, 183.0}
)

// jamBox is where receivers of satellite positions are jammed, and hole is
// where no station listens, with the waters on both sides of it.
var (
	jamBox   = sea{25.0, 25.6, -89.8, -89.2}
	hole     = sea{27.0, 33.0, -56.0, -51.0}
	holeWest = sea{29.0, 31.0, -60.0, -58.0}
	holeEast = sea{29.0, 31.0, -49.0, -47.0}
)

func (s sea) ring() []LatLon {
	return []LatLon{{s.south, s.west}, {s.south, s.east}, {s.north, s.east}, {s.north, s.west}}
}

// somewhere is a point in the box.
func (m *month) somewhere(s sea) navicert.Position {
	lon := m.between(s.west, s.east)
	if lon > 180 {
		lon -= 360
	}
	return navicert.Position{Lat: m.between(s.south, s.north), Lon: lon}
}

func (m *month) between(low, high float64) float64 { return low + (high-low)*m.r.Float64() }

func (m *month) hours(low, high float64) time.Duration {
	return time.Duration(m.between(low, high) * float64(time.Hour)).Truncate(time.Second)
}

// day is a time on a day of the month.
func (m *month) day(n int) time.Time {
	return m.from.Add(time.Duration(n)*24*time.Hour + m.hours(0, 24))
}

// waters makes the areas and ports.
func (m *month) waters() {
	m.sc.Areas["colombia-basin"] = Shape{Ring: colombiaBasin.ring()}
	m.sc.Areas["jam-box"] = Shape{Ring: jamBox.ring()}
	m.sc.Areas["hole"] = Shape{Ring: hole.ring()}
	m.sc.Areas["venezuela-zone"] = Shape{Centre: &LatLon{15.0, -67.0}, RadiusNM: 30, Visits: true}
	m.sc.Areas["atlantic-zone"] = Shape{Centre: &LatLon{14.0, -53.2}, RadiusNM: 40, Visits: true}
	m.sc.Areas["windward-zone"] = Shape{Ring: []LatLon{{19.6, -74.6}, {20.6, -74.6}, {20.6, -73.4}, {19.6, -73.4}}, Visits: true}
	for code, p := range monthPorts {
		m.sc.Ports[code] = p
	}
}

// monthPorts are where the month's ships call, by UN/LOCODE as ships write it.
var monthPorts = map[string]Port{
	"US GLS": {At: "galveston"}, "US JAX": {At: "jacksonville"}, "CO CTG": {At: "cartagena"}, "PA ONX": {At: "colon"},
	"JM KIN": {At: "kingston"}, "TT PTS": {At: "point-lisas"}, "DO CAU": {At: "caucedo"},
	"CW BUB": {At: "bullen-bay"}, "PR SJU": {At: "san-juan"}, "GD STG": {At: "grenada"}, "AN EUX": {At: "st-eustatius", Kind: geo.OilTerminal},
	"AW SNL": {At: "aruba-west", Kind: geo.Anchorage}, "TT POS": {At: "port-of-spain", Kind: geo.Anchorage},
}

// monthRoutes are the routes of ordinary traffic, from port to port.
var monthRoutes = [][]string{
	{"US GLS", "gulf-west", "gulf-centre", "yucatan", "yucatan-south", "cayman-gap", "pedro-west", "colombia-basin", "cartagena-off", "CO CTG"},
	{"US GLS", "gulf-west", "gulf-centre", "yucatan", "yucatan-south", "cayman-gap", "pedro-west", "colon-off", "PA ONX"},
	{"US GLS", "gulf-west", "gulf-centre", "yucatan", "yucatan-south", "cayman-gap", "jamaica-west", "jamaica-south", "JM KIN"},
	{"US GLS", "gulf-west", "tortugas", "florida-keys", "florida-bend", "miami-off", "florida-north", "US JAX"},
	{"US JAX", "florida-north", "miami-off", "florida-bend", "nicholas", "old-bahama-west", "old-bahama", "old-bahama-east", "inagua-west", "windward", "windward-south", "navassa-west", "cartagena-off", "CO CTG"},
	{"TT PTS", "port-of-spain", "dragons-mouth", "paria-north", "grenada-west", "GD STG"},
	{"JM KIN", "jamaica-south", "colon-off", "PA ONX"},
	{"DO CAU", "caucedo-off", "beata-south", "morant-south", "JM KIN"},
	{"DO CAU", "caucedo-off", "bonaire-north", "curacao-west", "bullen-off", "CW BUB"},
	{"PR SJU", "san-juan-off", "mona-north", "mona", "mona-south", "caucedo-off", "DO CAU"},
	{"JM KIN", "morant-south", "basin-west", "aruba-north", "curacao-west", "bullen-off", "CW BUB"},
	{"TT PTS", "port-of-spain", "dragons-mouth", "paria-north", "grenada-west", "aves-island", "anegada-south", "AN EUX"},
}

// receivers makes the stations, their outages and the jamming.
func (m *month) receivers() {
	shore := func(name, at string, nm float64) {
		p := m.sc.Places[at]
		m.sc.Stations = append(m.sc.Stations, Station{Name: "SIM-" + name, At: &p, RangeNM: nm})
	}
	shore("GALVESTON", "galveston", 50)
	shore("JAX", "jacksonville", 45)
	shore("MIAMI", "miami-off", 50)
	shore("KINGSTON", "kingston", 45)
	shore("COLON", "colon", 45)
	shore("CARTAGENA", "cartagena", 50)
	shore("ARUBA", "aruba-west", 40)
	shore("CURACAO", "bullen-bay", 45)
	shore("SANJUAN", "san-juan", 50)
	shore("CAUCEDO", "caucedo", 45)
	shore("GRENADA", "grenada", 50)
	shore("TRINIDAD", "port-of-spain", 45)
	shore("EUSTATIUS", "st-eustatius", 45)
	var outages []Outage
	for i := range 12 {
		at := m.from.Add(time.Duration(36+56*i)*time.Hour + m.hours(0, 20))
		outages = append(outages, Outage{From: navicert.At(at), To: navicert.At(at.Add(m.hours(8, 14))), Area: "colombia-basin", Why: "the satellites' ground station was out (simulated outage)"})
	}
	for i, every := range []time.Duration{94, 95, 97, 99, 101, 103, 105, 107} {
		m.sc.Stations = append(m.sc.Stations, Station{
			Name: fmt.Sprintf("SIM-SAT-%c", 'A'+i), Every: Duration(every * time.Minute), For: Duration(30 * time.Minute), Chance: 0.85,
			Holes: []string{"hole"}, Outages: outages,
		})
	}
	for i := range 12 {
		at := m.from.Add(time.Duration(30+57*i)*time.Hour + m.hours(0, 20))
		m.sc.Jamming = append(m.sc.Jamming, Jamming{From: navicert.At(at), To: navicert.At(at.Add(m.hours(7, 12))), Area: "jam-box", Why: "satellite positions were jammed (simulated)"})
	}
}

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

// actor is a ship of the month whose script is being written, and where it
// stands at the script's end.
type actor struct {
	m   *month
	v   Vessel
	c   shipClass
	pos navicert.Position
	at  time.Time
}

func (m *month) number() int {
	m.ships++
	return monthNumbers + m.ships - 1
}

// ship begins a ship.
func (m *month) ship(c shipClass, at navicert.Position) *actor {
	n := m.number()
	a := &actor{m: m, c: c, pos: at, at: m.from.Add(m.hours(0, 12))}
	a.v = Vessel{
		Name: addedName(n), MMSI: uint32(SimulatedMMSI(n)), CallSign: addedCallSign(n), Class: c.class, Kind: c.kind,
		ShipType: c.shipType, LengthM: c.length, BeamM: c.beam, DraughtM: c.draught, Destination: "FOR ORDERS",
		At: m.place(at), Start: navicert.At(a.at),
	}
	if c.class == navicert.ClassA && c.length > 40 {
		a.v.IMO = uint32(SimulatedIMO(n))
	}
	return a
}

// place gives a position a name.
func (m *month) place(p navicert.Position) string {
	m.places++
	name := fmt.Sprintf("p%d", m.places)
	m.sc.Places[name] = LatLon{p.Lat, p.Lon}
	return name
}

func (a *actor) step(s Step) { a.v.Script = append(a.v.Script, s) }

// speed is one about the ship's own.
func (a *actor) speed() float64 { return a.c.speedKn * a.m.between(0.9, 1.1) }

func (a *actor) sail(to navicert.Position, kn float64) {
	a.step(Step{Sail: &Sail{Along: []string{a.m.place(to)}, SpeedKn: kn}})
	a.at = a.at.Add(time.Duration(geo.DistanceNM(a.pos, to) / kn * float64(time.Hour)))
	a.pos = to
}

// wander sails to and fro in a box until a time is reached.
func (a *actor) wander(s sea, until time.Time) {
	for a.at.Before(until) {
		a.sail(a.m.somewhere(s), a.speed())
	}
}

func (a *actor) drift(d time.Duration, kn float64) {
	course := float64(a.m.r.IntN(360))
	a.step(Step{Drift: &Drift{For: Duration(d), SpeedKn: kn, CourseDeg: course}})
	a.at, a.pos = a.at.Add(d), geo.Destination(a.pos, course, kn*d.Hours())
}

func (a *actor) moor(d time.Duration) { a.stay(Step{Moor: &Stay{For: Duration(d)}}, d) }
func (a *actor) stop(d time.Duration) { a.stay(Step{Stop: &Stay{For: Duration(d)}}, d) }
func (a *actor) anchor(d time.Duration, swingM float64) {
	a.stay(Step{Anchor: &Stay{For: Duration(d), SwingM: swingM}}, d)
}

func (a *actor) stay(s Step, d time.Duration) {
	a.step(s)
	a.at = a.at.Add(d)
}

func (a *actor) says(r Report) { a.step(Step{Report: &r}) }

// off switches the transponder off while the ship goes on.
func (a *actor) off(from time.Time, d time.Duration, why string) {
	a.v.Off = append(a.v.Off, Off{From: navicert.At(from), To: navicert.At(from.Add(d)), Why: why})
}

func (a *actor) done() { a.m.sc.Vessels = append(a.m.sc.Vessels, a.v) }

// reach fills the time until the ship has to be somewhere, and returns the last
// waypoint before that and whether there is one: a way round that takes the rest
// of the time.
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
		if kn > 0.4*a.c.speedKn && kn < 1.2*a.c.speedKn {
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
	a.pos, a.at = where, at
}

// meet brings a to where b is at a time and keeps it beside b.
func (a *actor) meet(b *actor, where navicert.Position, s sea, at time.Time, d time.Duration, metres float64, is Meeting) {
	route := []string{b.v.Name + "@"}
	if by, found := a.reach(where, s, at); found {
		route = []string{by, route[0]}
	}
	a.step(Step{Sail: &Sail{Along: route, Arrive: navicert.At(at)}})
	a.step(Step{Beside: &Beside{Vessel: b.v.Name, DistanceM: metres, BearingDeg: float64(a.m.r.IntN(360)), For: Duration(d), Is: is}})
	a.pos, a.at = where, at.Add(d)
}

// berth is a place at a port, within half a mile.
func (m *month) berth(port string) navicert.Position {
	p := m.sc.Places[monthPorts[port].At].position()
	return geo.Destination(p, float64(m.r.IntN(360)), m.between(0, 0.4))
}

// traffic makes ships that go from port to port, load there and discharge, and
// yachts.
func (m *month) traffic() {
	for i := range 110 {
		c := shipClasses[i%4]
		route := monthRoutes[i%len(monthRoutes)]
		back := m.r.IntN(2) == 0
		first, last := route[0], route[len(route)-1]
		if back {
			first, last = last, first
		}
		a := m.ship(c, m.berth(first))
		a.v.Destination = last
		a.moor(m.hours(2, 60))
		for a.at.Before(m.to) {
			for j := range route {
				stop := route[j]
				if back {
					stop = route[len(route)-1-j]
				}
				switch {
				case j == 0:
				case j == len(route)-1:
					a.sail(m.berth(last), a.speed())
				default:
					a.sail(geo.Destination(m.sc.Places[stop].position(), float64(m.r.IntN(360)), m.between(0, 0.5)), a.speed())
				}
			}
			a.moor(m.hours(10, 40))
			back = !back
			first, last = last, first
			draught := c.draught
			if m.r.IntN(2) == 0 {
				draught -= m.between(1.2, 0.4*c.draught)
			}
			draught = roundTo(draught, 10)
			a.says(Report{Destination: new(last), DraughtM: &draught})
		}
		a.done()
	}
	for range 16 {
		a := m.ship(yacht, m.sc.Places["grenada"].position())
		a.anchor(m.hours(2, 90), 20)
		for a.at.Before(m.to) {
			for _, p := range []string{"grenada-west", "aves-island", "st-eustatius", "aves-island", "grenada-west", "grenada"} {
				a.sail(m.sc.Places[p].position(), a.speed())
			}
			a.anchor(m.hours(20, 90), 20)
		}
		a.done()
	}
}

// meetings makes pairs that meet three times: of unknown purpose, for a transfer
// adrift, and for one under way. Some meet on the date line, some over midnight.
func (m *month) meetings() {
	boxes := []sea{venezuelaBasin, eastOfBarbados, venezuelaBasin, dateLine}
	for i := range 12 {
		s := boxes[i%len(boxes)]
		c := tanker
		a, b := m.ship(c, m.somewhere(s)), m.ship(c, m.somewhere(s))
		for k, is := range []Meeting{Encounter, Transfer, Transfer} {
			d := m.hours(3, 6)
			metres, underWay := m.between(220, 420), k == 2
			if is == Transfer {
				d, metres = m.hours(8, 22), m.between(50, 120)
			}
			at := m.day(4 + 9*k)
			if i%3 == 0 { // over midnight
				at = at.Truncate(24 * time.Hour).Add(22*time.Hour + m.hours(0, 1))
				if is == Encounter {
					d = m.hours(2.6, 3.4)
				}
			}
			site := m.somewhere(s)
			if s == dateLine {
				site = navicert.Position{Lat: site.Lat, Lon: 179.97}
			}
			a.arrive(site, s, at.Add(-time.Hour))
			at = a.at.Add(time.Hour)
			whole := d + 90*time.Minute
			if underWay {
				kn := m.between(3, 5)
				heading := []float64{80, 260}[m.r.IntN(2)]
				start := a.pos
				a.sail(geo.Destination(start, heading, kn*whole.Hours()), kn)
				b.meet(a, geo.Destination(start, heading, kn), s, at, d, metres, is)
			} else {
				a.drift(whole, m.between(0.3, 0.7))
				b.meet(a, site, s, at, d, metres, is)
			}
			if is == Transfer {
				by := roundTo(m.between(2, 3.5), 10)
				if k == 2 {
					by = -by
				}
				a.v.DraughtM, b.v.DraughtM = 11.5, 8
				up, down := roundTo(8+max(by, 0), 10), roundTo(11.5-max(by, 0), 10)
				if k == 2 { // and back
					up, down = 8, 11.5
				}
				a.says(Report{DraughtM: &down})
				b.says(Report{DraughtM: &up})
			}
		}
		a.wander(s, m.to)
		b.wander(s, m.to)
		a.done()
		b.done()
	}
}

// silences makes ships that switch off, and those that are not heard through no
// doing of theirs: across the hole, in the outages, jammed.
func (m *month) silences() {
	boxes := []sea{venezuelaBasin, eastOfBarbados}
	for i := range 16 {
		s := boxes[i%2]
		a := m.ship(tanker, m.somewhere(s))
		for k := range 2 {
			at := m.day(4 + 12*k)
			a.wander(s, at)
			d := m.hours(13, 34)
			a.off(a.at.Add(time.Hour), d, "transponder switched off")
			a.wander(s, a.at.Add(d/2))
			if i%2 == 0 {
				draught := roundTo(tanker.draught-3*float64(1-k), 10)
				a.says(Report{DraughtM: &draught})
			}
		}
		a.wander(s, m.to)
		a.done()
	}
	for range 8 { // too short for a disabling
		a := m.ship(bulker, m.somewhere(venezuelaBasin))
		for k := range 2 {
			a.wander(venezuelaBasin, m.day(6+10*k))
			a.off(a.at, m.hours(7, 11), "transponder switched off")
		}
		a.wander(venezuelaBasin, m.to)
		a.done()
	}
	for range 18 { // across the hole, to and fro
		a := m.ship(freighter, m.somewhere(holeWest))
		sides := []sea{holeEast, holeWest}
		a.wander(holeWest, m.from.Add(m.hours(20, 90)))
		for k := 0; a.at.Before(m.to); k++ {
			a.sail(m.somewhere(sides[k%2]), a.speed())
			a.wander(sides[k%2], a.at.Add(m.hours(10, 60)))
		}
		a.done()
	}
	for range 16 { // what the outages and the jamming silence
		a := m.ship(bulker, m.somewhere(colombiaBasin))
		a.wander(colombiaBasin, m.to)
		a.done()
	}
	for range 8 {
		a := m.ship(trawler, m.somewhere(jamBox))
		a.wander(jamBox, m.to)
		a.done()
	}
}

// waiting makes ships that drift and lie stopped far out.
func (m *month) waiting() {
	boxes := []sea{venezuelaBasin, eastOfBarbados, sargasso}
	for i := range 14 {
		s := boxes[i%len(boxes)]
		a := m.ship(tanker, m.somewhere(s))
		for k := range 2 {
			a.wander(s, m.day(3+11*k))
			if k == 1 && i%3 == 0 {
				a.stop(m.hours(8, 30))
			} else {
				a.drift(m.hours(8, 60), m.between(0.3, 1.3))
			}
		}
		a.wander(s, m.to)
		a.done()
	}
}

// ashore are places far inland for reports from ashore.
var ashore = []navicert.Position{
	{Lat: 9.2, Lon: -66.5}, {Lat: 19.0, Lon: -70.9}, {Lat: 21.2, Lon: -77.4}, {Lat: 18.15, Lon: -66.4},
}

// fakes makes ships whose transponders report what is not true.
func (m *month) fakes() {
	kinds := []FakeKind{FakeCircle, FakeFrozen, FakeSpeed, FakeJump, FakeLand, FakeOffset}
	boxes := []sea{venezuelaBasin, eastOfBarbados, sargasso}
	for i := range 22 {
		s := boxes[i%len(boxes)]
		a := m.ship(tanker, m.somewhere(s))
		for k := range 3 {
			how := kinds[(3*i+k)%len(kinds)]
			a.wander(s, m.day(3+8*k))
			from := a.at.Add(m.hours(0.5, 1)) // under way, or adrift
			f := Fake{How: how, From: navicert.At(from)}
			d := m.hours(6, 10)
			switch how {
			case FakeCircle:
				f.RadiusNM, f.SpeedKn = m.between(0.5, 0.8), m.between(5, 9)
				if i%2 == 0 {
					a.drift(d+90*time.Minute, 0.4)
				}
			case FakeFrozen:
				d = m.hours(4, 9)
			case FakeSpeed:
				f.SpeedKn = m.between(8, 14)
				a.drift(d+2*time.Hour, m.between(0.3, 0.9))
			case FakeJump:
				d = 40 * time.Minute
				f.BearingDeg, f.DistanceNM = float64(m.r.IntN(360)), m.between(60, 300)
			case FakeLand:
				f.At = m.place(geo.Destination(ashore[m.r.IntN(len(ashore))], float64(m.r.IntN(360)), m.between(0, 5)))
			case FakeOffset:
				f.BearingDeg, f.DistanceNM, f.Every = float64(m.r.IntN(360)), m.between(40, 120), Duration(time.Hour)
			}
			f.To = navicert.At(from.Add(d))
			a.v.Fake = append(a.v.Fake, f)
			a.wander(s, from.Add(d+time.Hour))
		}
		a.wander(s, m.to)
		a.done()
	}
}

// MIDs that the state of nobody has, for wrong numbers.
var freeMIDs = []uint32{289, 389, 489, 589, 689}

// identities makes ships that share a number, change names and flags, or send
// numbers that cannot be right.
func (m *month) identities() {
	for range 11 { // two ships under one number
		a, b := m.ship(tanker, m.somewhere(venezuelaBasin)), m.ship(bulker, m.somewhere(sargasso))
		b.v.MMSI = a.v.MMSI
		a.v.Shares, b.v.Shares = true, true
		a.wander(venezuelaBasin, m.to)
		b.wander(sargasso, m.to)
		a.done()
		b.done()
	}
	for range 11 { // another name and call sign
		a := m.ship(tanker, m.somewhere(eastOfBarbados))
		a.wander(eastOfBarbados, m.day(6+m.r.IntN(16)))
		n := m.number()
		name, callSign := addedName(n), addedCallSign(n)
		a.says(Report{Name: &name, CallSign: &callSign})
		a.wander(eastOfBarbados, m.to)
		a.done()
	}
	for range 11 { // other flags, twice or three times
		a := m.ship(tanker, m.somewhere(venezuelaBasin))
		for k := range 2 + m.r.IntN(2) {
			a.wander(venezuelaBasin, m.day(4+8*k))
			mmsi := uint32(SimulatedMMSI(m.number()))
			a.says(Report{MMSI: &mmsi})
		}
		a.wander(venezuelaBasin, m.to)
		a.done()
	}
	for i := range 33 {
		a := m.ship(freighter, m.somewhere(sargasso))
		a.v.Invalid = true
		switch i % 3 {
		case 0:
			a.v.MMSI = uint32(numberIn(freeMIDs[i/3%len(freeMIDs)], firstSerial, i))
		case 1:
			a.v.MMSI = uint32(numberIn(noMID, firstSerial, i))
		default:
			a.v.IMO = a.v.IMO/10*10 + (a.v.IMO%10+3)%10
		}
		a.wander(sargasso, m.to)
		a.done()
	}
}

// destinations makes ships that sail away from where they say that they go.
func (m *month) destinations() {
	for range 11 {
		west, east := sea{21.5, 25.5, -67, -66}, sea{21.5, 25.5, -59.5, -58}
		a := m.ship(tanker, m.somewhere(west))
		for k := range 2 {
			a.wander(west, m.day(3+10*k))
			a.says(Report{Destination: new("CO CTG")})
			from := a.at
			a.sail(m.somewhere(east), 12)
			a.v.Events = append(a.v.Events, Labelled{Kind: EventDestination, From: navicert.At(from), To: navicert.At(a.at)})
			a.says(Report{Destination: new("FOR ORDERS")})
		}
		a.wander(sargasso, m.to)
		a.done()
	}
}

// innocent makes what only looks like a meeting or like waiting: bunkering,
// pilots, tows, pairs of trawlers, ships that swing at anchor.
func (m *month) innocent() {
	anchorages := []string{"AW SNL", "TT POS"}
	for i := range 6 { // bunkering at an anchorage, and swinging there
		port := anchorages[i%2]
		quay := geo.Destination(m.berth(port), float64(m.r.IntN(360)), 1)
		barge := m.ship(bunkerShip, quay)
		barge.moor(m.hours(5, 10))
		for k := range 6 {
			a := m.ship(freighter, m.berth(port))
			begins := m.from.Add(time.Duration(24+110*k) * time.Hour)
			a.moor(begins.Add(-30 * time.Minute).Sub(a.at))
			a.sail(m.berth(port), 4)
			begins = a.at
			a.anchor(96*time.Hour, m.between(60, 160))
			a.sail(m.berth(port), 4)
			a.step(Step{Moor: &Stay{}})
			at := begins.Add(m.hours(30, 50))
			barge.moor(at.Add(-12 * time.Minute).Sub(barge.at))
			barge.step(Step{Sail: &Sail{Along: []string{a.v.Name + "@"}, Arrive: navicert.At(at)}})
			barge.step(Step{Beside: &Beside{Vessel: a.v.Name, DistanceM: 40, BearingDeg: 90, For: Duration(4 * time.Hour), Is: Bunkering}})
			barge.at = at.Add(4 * time.Hour)
			barge.step(Step{Sail: &Sail{Along: []string{m.place(quay)}, SpeedKn: 5}})
			barge.at = barge.at.Add(time.Hour)
			barge.step(Step{Moor: &Stay{Until: navicert.At(barge.at)}})
			a.v.LookAlikes = append(a.v.LookAlikes, Labelled{Kind: EventLoitering, Class: "swinging_at_anchor", From: navicert.At(begins), To: navicert.At(begins.Add(90 * time.Hour))})
			a.done()
		}
		barge.step(Step{Moor: &Stay{}})
		barge.done()
	}
	for i := range 3 { // pilots
		port := []string{"JM KIN", "DO CAU", "CO CTG"}[i]
		off := []string{"morant-south", "caucedo-off", "cartagena-off"}[i]
		station := m.berth(port)
		boat := m.ship(pilotBoat, station)
		boat.v.Start, boat.at = navicert.At(m.from), m.from
		for k := range 11 {
			a := m.ship(bulker, m.berth(port))
			a.moor(m.from.Add(time.Duration(20+60*k)*time.Hour + m.hours(0, 20)).Sub(a.at))
			a.sail(m.sc.Places[off].position(), 10)
			a.sail(m.berth(port), 9)
			at := a.at.Add(-40 * time.Minute)
			boat.step(Step{Moor: &Stay{Until: navicert.At(at.Add(-30 * time.Minute))}})
			boat.step(Step{Sail: &Sail{Along: []string{a.v.Name + "@"}, Arrive: navicert.At(at)}})
			boat.step(Step{Beside: &Beside{Vessel: a.v.Name, DistanceM: 25, BearingDeg: 100, For: Duration(20 * time.Minute), Is: Piloting}})
			boat.step(Step{Sail: &Sail{Along: []string{m.place(station)}, SpeedKn: 14}})
			a.step(Step{Moor: &Stay{}})
			a.done()
		}
		boat.step(Step{Moor: &Stay{}})
		boat.done()
	}
	m.together(10, seaTug, bulker, 250, 5, Towing, m.hours)
	m.together(10, trawler, trawler, 300, 3, PairTrawl, m.hours)
}

// together makes pairs that go slowly side by side for hours, three times each.
func (m *month) together(pairs int, c, other shipClass, metres, kn float64, is Meeting, hours func(low, high float64) time.Duration) {
	for range pairs {
		s := venezuelaBasin
		lead, b := m.ship(other, m.somewhere(s)), m.ship(c, m.somewhere(s))
		for k := range 3 {
			lead.wander(s, m.day(4+8*k))
			d := hours(5, 11)
			start := lead.pos
			course := geo.BearingDeg(start, navicert.Position{Lat: 14.9, Lon: -67})
			lead.sail(geo.Destination(start, course, kn*(d.Hours()+2)), kn)
			at := lead.at.Add(-d - time.Hour)
			b.meet(lead, geo.Destination(start, course, kn), s, at, d, metres, is)
		}
		lead.wander(s, m.to)
		b.wander(s, m.to)
		lead.done()
		b.done()
	}
}
