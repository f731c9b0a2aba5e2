package jamming

import (
	"cmp"
	"math"
	"slices"

	"navicert"
)

// point is a place in degrees, longitude first. Longitudes of one shape run on
// over 180.
type point struct{ x, y float64 }

func (p point) position() navicert.Position {
	return navicert.Position{Lat: max(-90, min(90, p.y)), Lon: wrap(p.x)}
}

// at0 is a place with its longitude near another.
func at0(p navicert.Position, lon float64) point { return point{lon + wrap(p.Lon-lon), p.Lat} }

// shift moves a shape by whole turns, so that it lies near a longitude.
func shift(shape []point, lon float64) []point {
	if len(shape) == 0 {
		return nil
	}
	turn := lon + wrap(shape[0].x-lon) - shape[0].x
	out := make([]point, len(shape), 2*len(shape))
	for i, p := range shape {
		out[i] = point{p.x + turn, p.y}
	}
	return out
}

// octagon is a margin round a place.
func octagon(p navicert.Position, lon, margin float64) []point {
	c := at0(p, lon)
	out := make([]point, 8)
	for i := range out {
		sin, cos := math.Sincos(float64(i) * math.Pi / 4)
		out[i] = point{c.x + margin*cos, c.y + margin*sin}
	}
	return out
}

// hull is the convex hull of points, counter-clockwise (Andrew's monotone chain).
func hull(points []point) []point {
	points = slices.Clone(points)
	slices.SortFunc(points, func(a, b point) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) })
	points = slices.Compact(points)
	if len(points) < 3 {
		return points
	}
	half := func(points []point) (out []point) {
		for _, p := range points {
			for len(out) >= 2 && cross(out[len(out)-2], out[len(out)-1], p) <= 0 {
				out = out[:len(out)-1]
			}
			out = append(out, p)
		}
		return out[:len(out)-1]
	}
	lower := half(points)
	slices.Reverse(points)
	return append(lower, half(points)...)
}

// cross is twice the area of a triangle, positive when it turns left.
func cross(a, b, c point) float64 { return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x) }

func contains(shape []point, p point) bool {
	for i := range shape {
		if cross(shape[i], shape[(i+1)%len(shape)], p) < 0 {
			return false
		}
	}
	return len(shape) >= 3
}

func size(shape []point) (sum float64) {
	for i := 1; i+1 < len(shape); i++ {
		sum += cross(shape[0], shape[i], shape[i+1])
	}
	return sum / 2
}

// iou is the area of the intersection of two convex shapes over that of their
// union.
func iou(a, b []point) float64 {
	if len(a) < 3 || len(b) < 3 {
		return 0
	}
	both := shift(b, a[0].x) // cut by each edge of a (Sutherland and Hodgman)
	for i := range a {
		p, q := a[i], a[(i+1)%len(a)]
		var cut []point
		for j := range both {
			s, e := both[j], both[(j+1)%len(both)]
			ds, de := cross(p, q, s), cross(p, q, e)
			if ds >= 0 {
				cut = append(cut, s)
			}
			if ds >= 0 != (de >= 0) {
				t := ds / (ds - de)
				cut = append(cut, point{s.x + t*(e.x-s.x), s.y + t*(e.y-s.y)})
			}
		}
		both = cut
	}
	common := size(both)
	return common / (size(a) + size(b) - common)
}

func centre(shape []point) navicert.Position {
	var c point
	for _, p := range shape {
		c.x += p.x / float64(len(shape))
		c.y += p.y / float64(len(shape))
	}
	return c.position()
}
