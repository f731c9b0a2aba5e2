package encounter

import (
	"fmt"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/track/brief"
	"navicert/track/state"
)

// ship is what a detector knows of every vessel, in a few tens of bytes.
type ship struct {
	mmsi     navicert.MMSI
	imo      navicert.IMO
	kind     uint8 // as AIS has it, 0: not known
	slow     bool  // its last sample was kept
	inPort   bool  // at portFrom
	met      bool  // a meeting of it was told
	portFrom place // where it was when its port was looked for
	portM    float32
	slot     int64 // the newest that is worked through and has a sample of the ship
	sample   int32 // its number there
}

// identify takes over who a vessel says it is.
func (s *ship) identify(st *detect.Step) {
	id := st.Vessel.Identity
	s.mmsi, s.imo, s.kind = st.Vessel.MMSI, id.IMO, 0
	if t, ok := id.ShipType.Get(); ok && t > 0 && t < 100 {
		s.kind = uint8(t)
	}
}

// near reports whether a ship is within a distance of a port. The ports are not
// asked again before the ship has moved so far that the answer may be another.
func (s *ship) near(ports *geo.Ports, p place, withinM float64) bool {
	if ports.Len() == 0 {
		return false
	}
	if s.portM > 0 && s.portFrom.withinM(p, s.portM) {
		return s.inPort
	}
	const look = 2 // times as far: most ships at sea then need not ask for long
	i, nm := ports.Nearest(p.position(), look*withinM/geo.MetresPerNM)
	m := look * withinM
	if i >= 0 {
		m = nm * geo.MetresPerNM
	}
	s.inPort = i >= 0 && m <= withinM
	s.portFrom = p
	s.portM = float32(0.999 * max(m-withinM, withinM-m))
	return s.inPort
}

func shipState(c *state.Coder, s *ship) {
	state.Int(c, &s.mmsi)
	state.Int(c, &s.imo)
	state.Int(c, &s.kind)
	c.Bool(&s.slow)
	c.Bool(&s.inPort)
	c.Bool(&s.met)
	placeState(c, &s.portFrom)
	c.Float32(&s.portM)
	state.Int(c, &s.slot)
	state.Int(c, &s.sample)
}

func placeState(c *state.Coder, p *place) {
	state.Int(c, &p.lat)
	state.Int(c, &p.lon)
}

// Classes of a meeting, by what the two ships say they are.
const (
	Tankers    = "tankers"     // two tankers
	Fishing    = "fishing"     // a fishing vessel is one of them
	Service    = "service"     // a pilot, tug, supply or other working craft is one of them
	Pleasure   = "pleasure"    // a sailing or pleasure craft is one of them
	Ships      = "ships"       // others of known type
	CannotTell = "cannot_tell" // the type of one is not known
)

// classOf says what kind of meeting it is by the ships' types.
func classOf(a, b uint8) string {
	one := func(is func(uint8) bool) bool { return is(a) || is(b) }
	switch {
	case one(service):
		return Service
	case one(func(t uint8) bool { return t == 30 }):
		return Fishing
	case one(func(t uint8) bool { return t == 36 || t == 37 }):
		return Pleasure
	case a == 0 || b == 0:
		return CannotTell
	case tanker(a) && tanker(b):
		return Tankers
	}
	return Ships
}

func tanker(t uint8) bool { return t >= 80 && t <= 89 }

// service craft go alongside others at work: towing (31, 32), dredging and
// diving (33, 34), pilots to law enforcement (50 to 55), medical (58).
func service(t uint8) bool { return t >= 31 && t <= 34 || t >= 50 && t <= 55 || t == 58 }

// typeText names an AIS ship type (ITU-R M.1371, table 53).
func typeText(t uint8) string {
	switch {
	case t == 0:
		return "of unknown type"
	case t == 30:
		return "a fishing vessel"
	case t == 31 || t == 32:
		return "a vessel that tows"
	case t == 33:
		return "a dredger"
	case t == 34:
		return "a diving vessel"
	case t == 36:
		return "a sailing vessel"
	case t == 37:
		return "a pleasure craft"
	case t == 50:
		return "a pilot vessel"
	case t == 51:
		return "a rescue vessel"
	case t == 52:
		return "a tug"
	case t == 53:
		return "a port tender"
	case t == 54:
		return "an anti-pollution vessel"
	case t == 55:
		return "a law enforcement vessel"
	case t == 58:
		return "a medical transport"
	case t >= 60 && t <= 69:
		return "a passenger ship"
	case t >= 70 && t <= 79:
		return "a cargo ship"
	case tanker(t):
		return "a tanker"
	}
	return fmt.Sprintf("of ship type %d", t)
}

// innocent is what such meetings mostly are.
func innocent(class string) string {
	switch class {
	case Service:
		return "pilots, tugs, supply and other working craft lie beside ships at work"
	case Fishing:
		return "fishing vessels work in pairs, lie together at night and are supplied at sea; beacons on nets look like them"
	case Pleasure:
		return "pleasure craft anchor side by side"
	case Tankers:
		return "tankers tranship openly: lightering under a plan notified to the coastal state (MARPOL I, chapter 8), bunkering, or rafted lay-up"
	}
	return "bunkering, supply, crew changes, repairs, lay-up side by side and waiting at anchor look the same"
}

// evidence makes evidence of fixes of both ships at the start and at the end.
func evidence(n *brief.Names, ships [2]identity, fixes [4]brief.Fix) (out []navicert.Evidence, simulated bool) {
	for i := range fixes {
		if i >= 2 && fixes[i].At == fixes[i-2].At {
			continue
		}
		f := n.Fix(&fixes[i])
		e := detect.FixEvidence(&f)
		e.Text = ships[i%2].mmsi.String() + " " + e.Text
		out = append(out, e)
		simulated = simulated || f.Simulated
	}
	return out, simulated
}
