package sim

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"

	"navicert"
	"navicert/geo"
)

// receiver is a station ready to hear.
type receiver struct {
	Station
	area    *geo.Area
	holes   []*geo.Area
	outages []outage
	phase   time.Duration // of its passes
	epoch   time.Time
}

type outage struct {
	Outage
	area *geo.Area
}

// sureShare is the part of a shore station's range in which it hears all that
// its chance allows; from there to the edge reception falls to edgeChance. Both
// are ours, to give ragged edges as real coverage has.
const (
	sureShare  = 0.7
	edgeChance = 0.3
)

func newReceiver(sc *Scenario, s Station, areas map[string]*geo.Area) (*receiver, error) {
	bad := func(format string, args ...any) *navicert.Error {
		return navicert.Errorf(navicert.Invalid, "scenario", "station "+s.Name, format, args...)
	}
	r := &receiver{Station: s, epoch: sc.From.Time}
	if r.Chance == 0 {
		r.Chance = 1
	}
	orbit := s.Every != 0 || s.For != 0
	switch {
	case s.Name == "" || len(s.Name) > 15 || badTagText(s.Name):
		return nil, bad("its name goes into the tag block: want 1 to 15 letters, digits and hyphens")
	case orbit && (s.At != nil || s.RangeNM != 0):
		return nil, bad("it is in orbit (every, for) and on the shore (at, range_nm) at once")
	case orbit && (s.For <= 0 || s.Every < s.For):
		return nil, bad("its passes last %s every %s", time.Duration(s.For), time.Duration(s.Every))
	case s.Phase != 0 && s.Phase >= s.Every:
		return nil, bad("its phase of %s is not less than its every of %s", time.Duration(s.Phase), time.Duration(s.Every))
	case !orbit && (s.At == nil || !s.At.position().Valid() || !(s.RangeNM > 0 && s.RangeNM <= 1000)):
		return nil, bad("want at and range_nm (up to 1000), or every and for")
	case !(s.Chance >= 0 && s.Chance <= 1):
		return nil, bad("chance %g is not between 0 and 1", s.Chance)
	}
	r.phase = time.Duration(s.Phase)
	if orbit && s.Phase == 0 {
		h := fnv.New64a()
		_, _ = h.Write([]byte(s.Name))
		r.phase = time.Duration(h.Sum64() % uint64(s.Every))
	}
	var err error
	if r.area, err = namedArea(areas, s.Area); err != nil {
		return nil, bad("%w", err)
	}
	for _, name := range s.Holes {
		a, err := namedArea(areas, name)
		if err != nil || a == nil {
			return nil, bad("hole %q: want the name of an area (%v)", name, err)
		}
		r.holes = append(r.holes, a)
	}
	for _, o := range s.Outages {
		a, err := namedArea(areas, o.Area)
		if err != nil {
			return nil, bad("%w", err)
		}
		if !o.From.Before(o.To.Time) {
			return nil, bad("an outage lasts from %s to %s", o.From, o.To)
		}
		r.outages = append(r.outages, outage{o, a})
	}
	return r, nil
}

// badTagText reports whether a name could not stand in a tag block.
func badTagText(s string) bool {
	for _, c := range s {
		if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return true
		}
	}
	return false
}

// hears says whether the station hears one transmission from p at t, and if
// not whether a reported outage is the reason.
func (r *receiver) hears(p navicert.Position, t time.Time, dice *rand.Rand) (heard bool, why string) {
	chance := r.Chance
	if r.Every != 0 {
		if (t.Sub(r.epoch)+r.phase)%time.Duration(r.Every) >= time.Duration(r.For) {
			return false, ""
		}
	} else {
		if math.Abs(r.At[0]-p.Lat)*60 > r.RangeNM { // surely too far, as most are
			return false, ""
		}
		d := geo.DistanceNM(r.At.position(), p)
		if d > r.RangeNM {
			return false, ""
		}
		if share := d / r.RangeNM; share > sureShare {
			chance *= 1 - (1-edgeChance)*(share-sureShare)/(1-sureShare)
		}
	}
	if r.area != nil && !r.area.Contains(p) {
		return false, ""
	}
	for _, a := range r.holes {
		if a.Contains(p) {
			return false, ""
		}
	}
	for _, o := range r.outages {
		if !t.Before(o.From.Time) && t.Before(o.To.Time) && (o.area == nil || o.area.Contains(p)) {
			return false, o.Why
		}
	}
	return dice.Float64() < chance, ""
}
