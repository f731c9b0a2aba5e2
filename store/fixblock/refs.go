package fixblock

import (
	"cmp"
	"math/bits"
	"slices"
)

// point is a place that is known: at x (a time or a line) stands y (a line or an
// offset).
type point struct{ x, y int64 }

// curve predicts y at x from the points so far, which lie along a line that
// rises: a file's places over its times.
type curve []point

func (c curve) at(x int64) int64 {
	if len(c) == 0 {
		return 0
	}
	i, found := c.find(x)
	switch {
	case found:
		return c[i].y
	case len(c) == 1:
		return c[0].y
	}
	a := min(max(i-1, 0), len(c)-2) // outside of all points the nearest two lead on
	return between(c[a], c[a+1], x)
}

func (c curve) find(x int64) (int, bool) {
	return slices.BinarySearchFunc(c, x, func(p point, x int64) int { return cmp.Compare(p.x, x) })
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

// add notes a point; the newest of one x stays.
func (c *curve) add(p point) {
	i, found := c.find(p.x)
	if found {
		(*c)[i] = p
		return
	}
	*c = slices.Insert(*c, i, p)
}

// places predicts where a fix stands in one source.
type places struct {
	lines   curve // line at a time
	offsets curve // offset at a time, or at a line where there are lines
}
