package fixblock

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// point is a place that is known: at x (a time or a line) stands y (a line or an
// offset).
type point struct{ x, y int64 }

// curve predicts y at x from the points so far, which lie along a line that
// rises: a file's places over its times.
type curve []point

// spot is where x lies among the points of a curve.
type spot struct {
	x     int64
	i     int // of the point at x, or of the first after it
	found bool
}

func (c curve) find(x int64) spot {
	i, found := slices.BinarySearchFunc(c, x, func(p point, x int64) int { return cmp.Compare(p.x, x) })
	return spot{x, i, found}
}

func (c curve) at(s spot) int64 {
	switch {
	case len(c) == 0:
		return 0
	case s.found:
		return c[s.i].y
	case len(c) == 1:
		return c[0].y
	}
	a := min(max(s.i-1, 0), len(c)-2) // outside of all points the nearest two lead on
	return between(c[a], c[a+1], s.x)
}

// rooms of a prediction: the farther from what is known, the farther off.
const rooms = 16

// room is how far x is from the points about it.
func (c curve) room(s spot) int {
	if s.found {
		return 0
	}
	d := uint64(math.MaxUint64)
	if s.i > 0 {
		d, _ = size(s.x - c[s.i-1].x)
	}
	if s.i < len(c) {
		to, _ := size(c[s.i].x - s.x)
		d = min(d, to)
	}
	return min(bits.Len64(d), rooms-1)
}

// add notes what is at x; the newest stays.
func (c *curve) add(s spot, y int64) {
	if s.found {
		(*c)[s.i].y = y
		return
	}
	*c = slices.Insert(*c, s.i, point{s.x, y})
}

// between is y at x on the line through two points, whose x differ. Where that
// is more than a number holds, it is the y of the first.
func between(a, b point, x int64) int64 {
	rise, sr := size(b.y - a.y)
	run, su := size(b.x - a.x)
	far, sf := size(x - a.x)
	hi, lo := bits.Mul64(rise, far)
	if run == 0 || hi >= run {
		return a.y
	}
	q, _ := bits.Div64(hi, lo, run)
	if sr != su != sf {
		return a.y - int64(q)
	}
	return a.y + int64(q)
}

func size(v int64) (uint64, bool) {
	if v < 0 {
		return -uint64(v), true
	}
	return uint64(v), false
}

// places predicts where a fix stands in one source.
type places struct {
	lines   curve // line at a time
	offsets curve // offset at a time, or at a line where there are lines
}
