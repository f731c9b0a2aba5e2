package encounter

import (
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/track"
)

// A ship leapt whose track breaks over a mile or more, until it is seen five miles from
// where it landed.
func TestLeaps(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	fix := func(miles float64, after time.Duration) *navicert.Fix {
		return &navicert.Fix{Pos: navicert.Position{Lat: miles / 60, Lon: -65}, Time: start.Add(after)}
	}
	for _, c := range []struct {
		name      string
		prev, fix *navicert.Fix
		breaks    bool
		wanted    bool
		prevLeapt bool
	}{
		{"its first fix", nil, fix(0, 0), true, false, false},
		{"a break of half a mile", fix(0, 0), fix(0.5, time.Minute), true, false, false},
		{"a break of a mile and a half", fix(0, 0), fix(1.5, time.Minute), true, true, false},
		{"no break", fix(0, 0), fix(100, 9*time.Hour), false, false, false},
		{"four miles on", fix(0, 0), fix(4, time.Hour), false, true, true},
		{"six miles on", fix(0, 0), fix(6, time.Hour), false, false, true},
		{"six miles on after nine hours of silence", fix(0, 0), fix(6, 9*time.Hour), false, true, true},
	} {
		l := leaps{preset: leaping()}
		v := &track.Vessel{Index: 3}
		if c.prevLeapt {
			l.see(&detect.Step{Step: track.Step{Vessel: v, Prev: fix(50, -time.Minute), Fix: c.prev, NewSegment: true}})
		}
		l.see(&detect.Step{Step: track.Step{Vessel: v, Prev: c.prev, Fix: c.fix, NewSegment: c.breaks}})
		if l.has(3) != c.wanted || l.has(2) {
			t.Errorf("%s: leapt %t, wanted %t", c.name, l.has(3), c.wanted)
		}
	}
}
