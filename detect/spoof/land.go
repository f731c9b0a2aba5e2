package spoof

import (
	"math"

	"navicert/detect"
	"navicert/track"
	"navicert/track/state"
)

// landPatch is a place round which it is known whether a ship is well inside
// land: as long as it stays within the radius nothing has to be asked.
type landPatch struct {
	lat, lon float32
	radius   float32 // nm; 0: nothing is known
	inland   bool
}

func (l *landPatch) state(c *state.Coder) {
	for _, f := range []*float32{&l.lat, &l.lon, &l.radius} {
		c.Float32(f)
	}
	c.Bool(&l.inland)
}

// landLimitNM is as far as the shore is looked for from inland, seaLimitNM from the
// sea: the farther, the more seldom it is asked.
const (
	landLimitNM = 30
	seaLimitNM  = 150
)

// stepLand follows a ship that is well inside land.
func (d *Detector) stepLand(s *detect.Step, m *memory, emit detect.Emit) {
	if !d.land.Known() {
		return
	}
	l := &m.land
	p := s.Fix.Pos
	// An arc of so many degrees is no longer than these along a meridian and the equator.
	if (math.Abs(p.Lat-float64(l.lat))+math.Abs(p.Lon-float64(l.lon)))*60.1 >= float64(l.radius) {
		*l = landPatch{lat: float32(p.Lat), lon: float32(p.Lon)}
		if open, ok := d.land.OpenNM(p); ok {
			l.radius = float32(open + d.preset.LandMarginNM)
		} else if d.land.Contains(p) {
			shore := d.land.ShoreNM(p, landLimitNM)
			l.inland = shore >= d.preset.LandMarginNM
			l.radius = float32(math.Abs(shore - d.preset.LandMarginNM))
		} else {
			l.radius = float32(d.land.ShoreNM(p, seaLimitNM) + d.preset.LandMarginNM)
		}
	}
	if m.run(runLand) != nil || l.inland && (cargoOrTanker(s.Vessel) || s.NewSegment && s.Prev != nil) {
		d.follow(s, m, runLand, truth(l.inland), emit)
	}
}

// cargoOrTanker reports whether the ship says that it is one: yachts, ferries and
// work boats lie on lakes and rivers that no land shows. Of other ships only one
// that leapt inland is told.
func cargoOrTanker(v *track.Vessel) bool {
	kind, ok := v.Identity.ShipType.Get()
	return ok && kind >= 70 && kind <= 89
}
