package spoof

import (
	"fmt"
	"math"
	"slices"

	"navicert"
	"navicert/detect"
	"navicert/track"
	"navicert/track/brief"
	"navicert/track/state"
)

// box is a patch of sea that a ship has not left since a time, going fast.
type box struct {
	lat, lon         float32
	halfLat, halfLon float32 // of its sides
	since            uint32  // 0: none
	window           *circleWindow
}

const (
	// boxWidths is half a box's sides, in the preset's spreads: a circle is 2.8 of
	// its standard deviations wide, a line that is gone to and fro 3.5.
	boxWidths = 3.5
	// boxSettled is how long a ship must stay in the box, in seconds, until it is
	// watched, and sampleEvery how often it then is.
	boxSettled, sampleEvery = 30 * 60, 5 * 60
	// boxHopeless is after how many seconds a ship that is mostly slow is let go.
	boxHopeless = 3600
)

// circleWindow is what was sampled of a ship in a box.
type circleWindow struct {
	first   brief.Whole
	samples []sample
	told    *circles // nil until they are told
}

// circles is what was told of a window.
type circles struct {
	last navicert.Fix // as far as the samples were circles
	look shape        // when they were told first
}

type sample struct {
	at            uint32
	lat, lon, sog float32
}

func (d *Detector) boxState(c *state.Coder, b *box) {
	for _, f := range []*float32{&b.lat, &b.lon, &b.halfLat, &b.halfLon} {
		c.Float32(f)
	}
	state.Int(c, &b.since)
	state.Ptr(c, &b.window, func(c *state.Coder, w *circleWindow) {
		d.names.WholeState(c, &w.first)
		state.Slice(c, &w.samples, func(c *state.Coder, s *sample) {
			state.Int(c, &s.at)
			c.Float32(&s.lat)
			c.Float32(&s.lon)
			c.Float32(&s.sog)
		})
		state.Ptr(c, &w.told, func(c *state.Coder, t *circles) {
			c.Fix(&t.last)
			for _, f := range []*float64{&t.look.cos, &t.look.spreadDeg, &t.look.medianKn, &t.look.meanKn, &t.look.centreMovedNM, &t.look.radiusNM, &t.look.radiusVariation} {
				c.Float(f)
			}
		})
	})
}

// stepBox follows a ship that goes fast and gets nowhere.
func (d *Detector) stepBox(s *detect.Step, m *memory, speed float64, emit detect.Emit) {
	b := &m.box
	if b.since == 0 && speed <= d.preset.CircleKn {
		return
	}
	p := s.Fix.Pos
	now := uint32(s.Unix())
	dLon := math.Abs(p.Lon - float64(b.lon))
	if b.since == 0 || math.Abs(p.Lat-float64(b.lat)) > float64(b.halfLat) || dLon > float64(b.halfLon) && dLon < 360-float64(b.halfLon) {
		d.closeBox(s.Vessel, m, emit)
		if b.since = 0; speed > d.preset.CircleKn {
			d.startBox(b, p, now)
		}
		return
	}
	w := b.window
	if w == nil {
		switch {
		case now-b.since < boxSettled:
		case speed <= d.preset.CircleKn || !seagoing(s):
			b.since = 0
		default:
			w = &circleWindow{first: d.names.Pack(s.Fix)}
			b.window = w
			w.add(now, s.Fix, speed)
		}
		return
	}
	if now-w.samples[len(w.samples)-1].at < sampleEvery {
		return
	}
	w.add(now, s.Fix, speed)
	w.forget(now - uint32(d.preset.CircleWindow.Seconds()))
	look := w.measure()
	span := now - w.samples[0].at
	fits := look.medianKn > d.preset.CircleKn && look.spreadDeg < d.preset.CircleSpreadDeg/look.cos
	switch {
	case w.told != nil && !fits, span >= boxHopeless && look.medianKn <= d.preset.CircleKn, !seagoing(s):
		d.closeBox(s.Vessel, m, emit)
		b.since = 0
		return
	case w.told != nil:
		w.told.last = *s.Fix
	case fits && float64(span) >= d.preset.CircleSpan.Seconds() && len(w.samples) >= d.preset.CircleFixes && !d.nearPort(p):
		w.told = &circles{*s.Fix, look}
		d.crowd.note(s.Vessel, s.Fix, s.Cell)
		emit(d.circleEvent(s.Vessel, w))
	}
}

func (d *Detector) startBox(b *box, p navicert.Position, now uint32) {
	cos := max(math.Cos(p.Lat*math.Pi/180), 0.3)
	half := boxWidths * d.preset.CircleSpreadDeg / cos
	b.lat, b.lon, b.halfLat, b.halfLon, b.since = float32(p.Lat), float32(p.Lon), float32(half), float32(half/cos), now
}

func (w *circleWindow) add(now uint32, f *navicert.Fix, speed float64) {
	w.samples = append(w.samples, sample{now, float32(f.Pos.Lat), float32(f.Pos.Lon), float32(speed)})
}

// forget drops samples from before a time.
func (w *circleWindow) forget(before uint32) {
	n := 0
	for n < len(w.samples) && w.samples[n].at < before {
		n++
	}
	w.samples = slices.Delete(w.samples, 0, n)
}

// shape is what the samples of a window look like.
type shape struct {
	cos             float64 // of the latitude, at least 0.3
	spreadDeg       float64 // the greater of the standard deviations of latitude and of longitude x cos
	medianKn        float64
	meanKn          float64
	centreMovedNM   float64 // from the first half of the samples to the second
	radiusNM        float64 // mean distance from the centre
	radiusVariation float64 // standard deviation of that distance over its mean
}

func (w *circleWindow) measure() shape {
	n := len(w.samples)
	cos := math.Cos(float64(w.samples[0].lat) * math.Pi / 180)
	x, y, speeds := make([]float64, n), make([]float64, n), make([]float64, n)
	for i, s := range w.samples {
		dLon := float64(s.lon) - float64(w.samples[0].lon)
		if dLon > 180 {
			dLon -= 360
		} else if dLon < -180 {
			dLon += 360
		}
		x[i], y[i], speeds[i] = dLon*cos, float64(s.lat), float64(s.sog)
	}
	cx, sx := meanAndSpread(x)
	cy, sy := meanAndSpread(y)
	radii := make([]float64, n)
	for i := range x {
		radii[i] = math.Hypot(x[i]-cx, y[i]-cy) * 60
	}
	radius, radiusSpread := meanAndSpread(radii)
	ax, _ := meanAndSpread(x[:n/2])
	ay, _ := meanAndSpread(y[:n/2])
	bx, _ := meanAndSpread(x[n/2:])
	by, _ := meanAndSpread(y[n/2:])
	mean, _ := meanAndSpread(speeds)
	slices.Sort(speeds)
	look := shape{
		cos: max(cos, 0.3), spreadDeg: max(sx, sy), medianKn: (speeds[n/2] + speeds[(n-1)/2]) / 2, meanKn: mean, radiusNM: radius,
	}
	if n >= 2 {
		look.centreMovedNM = math.Hypot(ax-bx, ay-by) * 60
	}
	if radius > 0 {
		look.radiusVariation = radiusSpread / radius
	}
	return look
}

func meanAndSpread(v []float64) (mean, spread float64) {
	if len(v) == 0 {
		return 0, 0
	}
	for _, x := range v {
		mean += x
	}
	mean /= float64(len(v))
	for _, x := range v {
		spread += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(spread / float64(len(v)))
}

// closeBox ends what was watched in a box, and closes its event.
func (d *Detector) closeBox(v *track.Vessel, m *memory, emit detect.Emit) {
	w := m.box.window
	m.box.window = nil
	if w == nil || w.told == nil {
		return
	}
	ev := d.circleEvent(v, w)
	ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(w.told.last.Time), navicert.Some(w.told.last.Pos)
	emit(ev)
}

// circleEvent describes the circles as far as they went.
func (d *Detector) circleEvent(v *track.Vessel, w *circleWindow) navicert.Event {
	first := d.names.Unpack(&w.first)
	ev := base(whoOf(v), Circle, &first, &w.told.last)
	ev.Measures[detect.ThresholdHours] = d.preset.CircleSpan.Hours()
	look := w.told.look
	ev.Measures["samples"], ev.Measures["median_speed_kn"] = float64(len(w.samples)), look.medianKn
	ev.Measures["radius_nm"], ev.Measures["radius_variation"], ev.Measures["centre_moved_nm"] = look.radiusNM, look.radiusVariation, look.centreMovedNM
	ev.Explanations = append(
		ev.Explanations,
		fmt.Sprintf("at a median of %.1f kn it stays within about %.1f nm of one place", look.medianKn, look.radiusNM),
		pattern(look),
		"ships circle while they wait, search, survey, trim their compass or try their engines; jammed or false satellite signals draw circles of ships that lie elsewhere",
	)
	d.sayPorts(&ev)
	d.sayCrowd(&ev, whoOf(v), &w.told.last)
	return ev
}

// pattern says what RadianceFleet's classifier makes of a shape.
func pattern(look shape) string {
	switch {
	case look.centreMovedNM < 0.5 && look.meanKn < 2:
		return "the circles stand still and are slow: jamming looks so"
	case look.centreMovedNM > 2 && look.meanKn > 3:
		return "the circles wander: positions that are made, and ships that search or survey, look so"
	case look.radiusVariation > 0.5:
		return "the circles are uneven: faulty equipment looks so"
	}
	return "the circles are even and stand still: this tells no cause from another"
}

// sayPorts says that ports were not looked into, when none is known.
func (d *Detector) sayPorts(ev *navicert.Event) {
	if d.ports.Len() == 0 {
		ev.Explanations = append(ev.Explanations, "not looked into: whether a port is near; no port is known")
	}
}
