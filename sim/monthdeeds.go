// What the ships of the generated month do, and what only looks like it.

package sim

import (
	"time"

	"navicert"
	"navicert/geo"
)

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
				a.sail(geo.Destination(a.pos, heading, kn*whole.Hours()), kn)
			} else {
				a.drift(whole, m.between(0.3, 0.7))
			}
			b.meet(a, s, at, d, metres, is)
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

// clusters makes ships that sail in one area and are shown at one place ashore for
// some hours, as where false satellite signals are sent: each receiver takes the false
// signal and loses it again.
func (m *month) clusters() {
	groups := []struct {
		sea    sea
		ashore navicert.Position
	}{
		{sea{13.8, 16.0, -68.5, -66.0}, ashore[0]},
		{sea{21.2, 23.5, -66.5, -63.5}, ashore[3]},
	}
	for _, g := range groups {
		var from [2]time.Time
		var places [2]string
		for k := range from {
			from[k] = m.day(5 + 12*k)
			places[k] = m.place(geo.Destination(g.ashore, float64(m.r.IntN(360)), m.between(0, 5)))
		}
		for i := range 6 {
			a := m.ship([]shipClass{tanker, bulker, freighter}[i%3], m.somewhere(g.sea))
			a.wander(g.sea, m.to)
			for k := range from {
				begins := from[k].Add(m.hours(0, 1))
				a.v.Fake = append(a.v.Fake, Fake{
					How: FakeCluster, From: navicert.At(begins), To: navicert.At(begins.Add(m.hours(5, 9))), At: places[k], Every: Duration(time.Hour),
				})
			}
			a.done()
		}
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
		was := navicert.MMSI(a.v.MMSI)
		for k := range 2 + m.r.IntN(2) {
			a.wander(venezuelaBasin, m.day(4+8*k))
			next := SimulatedMMSI(m.number())
			for sameCountry(next, was) { // the great registers have several MIDs
				next = SimulatedMMSI(m.number())
			}
			was = next
			a.says(Report{MMSI: new(uint32(next))})
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
			barge.sail(quay, 5)
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
		boat.starts(m.from)
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
			b.meet(lead, s, at, d, metres, is)
		}
		lead.wander(s, m.to)
		b.wander(s, m.to)
		lead.done()
		b.done()
	}
}
