package sim

import (
	"math"
	"time"

	"navicert"
	"navicert/geo"
)

// FakeKind is a way in which a transponder reports what is not true.
type FakeKind string

// The kinds of fake report, as docs/simulate.md describes them.
const (
	FakeCircle FakeKind = "circle"  // circles round the place where it began
	FakeFrozen FakeKind = "frozen"  // repeats its report of the beginning
	FakeSpeed  FakeKind = "speed"   // a speed that the positions contradict
	FakeJump   FakeKind = "jump"    // a few reports from elsewhere, and back
	FakeLand   FakeKind = "on_land" // a place ashore
	FakeOffset FakeKind = "offset"  // now the true place, now another at a fixed distance

	FakeCluster FakeKind = "offset_cluster" // now the true place, now one that others report, too
)

// Fake is a time at which a ship's transponder, or the receiver that it has its
// position from, reports what is not true.
type Fake struct {
	From       navicert.Instant `yaml:"from"`
	To         navicert.Instant `yaml:"to"`
	How        FakeKind         `yaml:"how"`
	At         string           `yaml:"at"`          // on_land, offset_cluster: the place reported
	RadiusNM   float64          `yaml:"radius_nm"`   // circle
	SpeedKn    float64          `yaml:"speed"`       // circle, speed: what it reports
	BearingDeg float64          `yaml:"bearing"`     // jump, offset: from the true place
	DistanceNM float64          `yaml:"distance_nm"` // jump, offset
	Every      Duration         `yaml:"every"`       // offset, offset_cluster: how long it stays at either place
}

// fake is a Fake ready to be played.
type fake struct {
	Fake
	at    navicert.Position // of on_land, offset_cluster
	begin state             // the true state at its beginning
}

// fakes checks a ship's fakes and makes them ready. Its legs are planned.
func (c *cursor) fakes() *navicert.Error {
	for i, f := range c.p.v.Fake {
		var bad bool
		switch f.How {
		case FakeCircle:
			bad = !(f.RadiusNM > 0 && f.RadiusNM <= 50 && f.SpeedKn > 0 && f.SpeedKn <= 60)
		case FakeSpeed:
			bad = !(f.SpeedKn > 0 && f.SpeedKn <= 60)
		case FakeJump:
			bad = !(f.DistanceNM > 0 && f.DistanceNM <= 5000 && f.BearingDeg >= 0 && f.BearingDeg < 360)
		case FakeOffset:
			bad = !(f.DistanceNM > 0 && f.DistanceNM <= 5000 && f.BearingDeg >= 0 && f.BearingDeg < 360 && f.Every > 0)
		case FakeCluster:
			bad = f.Every <= 0
		case FakeFrozen, FakeLand:
		default:
			return c.errorf("fakes %q, which is no way of it", f.How)
		}
		p, named := c.pl.sc.Places[f.At]
		switch {
		case bad:
			return c.errorf("fake %d (%s) lacks what it needs, or has it out of range", i+1, f.How)
		case named != (f.How == FakeLand || f.How == FakeCluster) || f.At != "" && !named:
			return c.errorf("fake %d: %s at %q: a place is wanted for on_land and offset_cluster, and only there", i+1, f.How, f.At)
		case !f.From.Before(f.To.Time):
			return c.errorf("fake %d lasts from %s to %s, which is no time", i+1, f.From, f.To)
		case f.From.Before(c.p.starts()) || f.From.After(c.p.ends()):
			return c.errorf("fake %d begins at %s, when the ship is not there", i+1, f.From)
		case i > 0 && f.From.Before(c.p.v.Fake[i-1].To.Time):
			return c.errorf("fake %d begins before the one before it ends", i+1)
		}
		c.p.fakes = append(c.p.fakes, fake{f, p.position(), c.p.at(f.From.Time)})
	}
	return nil
}

// reported is what the ship's transponder takes for true.
func (p *plan) reported(s state, t time.Time) state {
	for i := range p.fakes {
		if f := &p.fakes[i]; !t.Before(f.From.Time) && t.Before(f.To.Time) {
			return f.reported(s, t)
		}
	}
	return s
}

func (f *fake) reported(s state, t time.Time) state {
	since := t.Sub(f.From.Time)
	switch f.How {
	case FakeCircle:
		angle := math.Mod(f.begin.courseDeg+270+since.Hours()*f.SpeedKn/f.RadiusNM*180/math.Pi, 360)
		centre := geo.Destination(f.begin.pos, math.Mod(f.begin.courseDeg+90, 360), f.RadiusNM)
		s.pos = geo.Destination(centre, angle, f.RadiusNM)
		s.speedKn, s.courseDeg = f.SpeedKn, math.Mod(angle+90, 360)
		s.headingDeg, s.status = s.courseDeg, navicert.UnderWayEngine
	case FakeFrozen:
		s = f.begin
		s.exact, s.turning = true, false
	case FakeSpeed:
		s.speedKn = f.SpeedKn
	case FakeJump:
		s.pos = geo.Destination(s.pos, f.BearingDeg, f.DistanceNM)
	case FakeOffset:
		if since/time.Duration(f.Every)%2 == 0 {
			s.pos = geo.Destination(s.pos, f.BearingDeg, f.DistanceNM)
		}
	case FakeCluster:
		if since/time.Duration(f.Every)%2 == 0 {
			s.pos = f.at
		}
	case FakeLand:
		s.pos = f.at
	}
	return s
}

// clusterShips is how many ships at one place make a cluster (RadianceFleet's jamming
// zones: 3).
const clusterShips = 3

// checkClusters refuses a place that is reported by fewer ships at a time than make
// a cluster.
func (w *World) checkClusters() *navicert.Error {
	for _, p := range w.plans {
		for i := range p.fakes {
			f := &p.fakes[i]
			if f.How != FakeCluster {
				continue
			}
			if n := w.clustered(f); n < clusterShips {
				return navicert.Errorf(navicert.Invalid, "scenario", "vessel "+p.v.Name, "fake %d: %d ships report %q at the time, %d make a cluster", i+1, n, f.At, clusterShips)
			}
		}
	}
	return nil
}

// clustered is how many ships report the place of a fake while it lasts.
func (w *World) clustered(f *fake) int {
	n := 0
	for _, p := range w.plans {
		for i := range p.fakes {
			if g := &p.fakes[i]; g.How == FakeCluster && g.At == f.At && g.From.Before(f.To.Time) && f.From.Before(g.To.Time) {
				n++
				break
			}
		}
	}
	return n
}
