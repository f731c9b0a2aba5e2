package spoof

import (
	"math"

	"navicert/detect"
	"navicert/track/state"
)

// speedWindow is a stretch of a track over which the speeds that a ship tells
// are held against the way that its positions make.
type speedWindow struct {
	lat, lon float32
	begin    uint32 // 0: none
	min, max float32
	course   float32 // of the first fix, less than 0 when unknown
	steady   bool
}

func (w *speedWindow) state(c *state.Coder) {
	state.Int(c, &w.begin)
	for _, f := range []*float32{&w.lat, &w.lon, &w.min, &w.max, &w.course} {
		c.Float32(f)
	}
	c.Bool(&w.steady)
}

func (w *speedWindow) start(s *detect.Step, speed float64) {
	f := s.Fix
	course, known := f.CourseDeg.Get()
	if !known {
		course = -1
	}
	*w = speedWindow{
		lat: float32(f.Pos.Lat), lon: float32(f.Pos.Lon), begin: uint32(s.Unix()),
		min: float32(speed), max: float32(speed), course: float32(course), steady: known,
	}
}

// stepSpeed takes a fix into the window, and judges the window when it is full.
func (d *Detector) stepSpeed(s *detect.Step, m *memory, speed float64, emit detect.Emit) {
	w := &m.speed
	if w.begin == 0 {
		w.start(s, speed)
		return
	}
	if v := float32(speed); v < w.min {
		w.min = v
	} else if v > w.max {
		w.max = v
	}
	if w.steady {
		course, ok := s.Fix.CourseDeg.Get()
		w.steady = ok && degreesApart(course, float64(w.course)) <= d.preset.SteadyDeg
	}
	seconds := uint32(s.Unix()) - w.begin
	if seconds < d.speedSeconds {
		return
	}
	a, moved := d.judge(s, w, float64(seconds)/3600)
	if a == yes && m.run(runSpeed) == nil {
		d.begin(s, m, runSpeed)
	}
	if r := m.run(runSpeed); r != nil && a == yes {
		r.fixes++
		r.sum += float64(w.min+w.max) / 2
		r.moved += moved
		if moved > float64(w.max) {
			r.faster++
		}
		d.weigh(s, m, runSpeed, r, emit)
	} else if r != nil && a == no {
		d.finish(s.Vessel, s.Prev, m, runSpeed, emit)
	}
	w.start(s, speed)
}

// longWindow is the number of windows' lengths beyond which the speed between
// two fixes is not known well enough.
const longWindow = 6

// judge reports whether the positions moved at a speed that the ship did not
// tell, and at which.
func (d *Detector) judge(s *detect.Step, w *speedWindow, hours float64) (a answer, moved float64) {
	if hours > longWindow*d.preset.SpeedWindow.Hours() {
		return unknown, 0
	}
	dLat := s.Fix.Pos.Lat - float64(w.lat)
	dLon := math.Abs(s.Fix.Pos.Lon - float64(w.lon))
	if dLon > 180 {
		dLon = 360 - dLon
	}
	most, least := float64(w.max)+d.preset.SpeedMarginKn, float64(w.min)*d.steady-d.preset.SpeedMarginKn
	if north := math.Abs(dLat) * 60 / hours; (!w.steady || north >= least) && north+dLon*60/hours <= most {
		return no, 0 // as a glance tells, without a cosine
	}
	dLon *= math.Cos(s.Fix.Pos.Lat * math.Pi / 180)
	moved = math.Sqrt(dLat*dLat+dLon*dLon) * 60 / hours
	return truth(moved > most || w.steady && moved < least), moved
}
