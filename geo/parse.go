package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"

	"navicert"
)

const (
	// MaxVertices is the most vertices that one area may have, as written and
	// again after edges along parallels have been drawn out.
	MaxVertices = 100_000
	// MaxRadiusNM is the largest circle: it stays under half the globe.
	MaxRadiusNM = 5000
	// parallelNM is the length from which an edge whose ends share a latitude
	// is taken to run along the parallel: zones are written as parallels and
	// meridians (facts: docs/behaviour.md, zones from text).
	parallelNM = 60
	// parallelStepNM is the spacing of the points put along such an edge; the
	// great circle between two of them departs from the parallel by less than
	// 0.02 nm at 75 degrees of latitude.
	parallelStepNM = 10
	// minAreaSr is half a square metre in steradians: less is no area.
	minAreaSr = 1e-14
)

// ParseArea reads a GeoJSON geometry: a Polygon or MultiPolygon, or a Point
// with a member "radius_nm" for a circle.
//
// A ring may run either way round and need not repeat its first position. The
// smaller side of a ring is inside; a ring that halves the globe is refused.
// Edges are great circles, but an edge longer than 60 nm whose ends share a
// latitude follows the parallel, and one from longitude -180 to 180 is the
// whole parallel. An edge that spans more than 180 degrees of longitude takes
// the short way, through the antimeridian.
//
// Refused, with a sentence that says where: other types, positions out of
// range, fewer than three points, a ring that crosses or touches itself, a
// hole that is not inside, more than MaxVertices vertices.
func ParseArea(geometry []byte) (*Area, error) {
	var g geometryJSON
	if err := json.Unmarshal(geometry, &g); err != nil {
		return nil, parseErrorf("%w", err)
	}
	return g.area()
}

func parseErrorf(format string, args ...any) error {
	return navicert.Errorf(navicert.Invalid, "area", "", format, args...)
}

// geometryJSON is a geometry as written; positions are read by hand because a
// short or null coordinate must not become zero.
type geometryJSON struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
	RadiusNM    *float64        `json:"radius_nm"`
}

type lonLat orb.Point

func (p *lonLat) UnmarshalJSON(b []byte) error {
	var v []*float64
	if err := json.Unmarshal(b, &v); err != nil || len(v) < 2 || len(v) > 4 || v[0] == nil || v[1] == nil {
		return fmt.Errorf("position %.40s: want [longitude, latitude]", b)
	}
	pos := navicert.Position{Lat: *v[1], Lon: *v[0]}
	if !pos.Valid() {
		return fmt.Errorf("position %.40s: longitude must be -180 to 180 and latitude -90 to 90", b)
	}
	*p = lonLat{pos.Lon, pos.Lat}
	return nil
}

func (g *geometryJSON) area() (*Area, error) {
	switch g.Type {
	case "Point":
		return g.circle()
	case "Polygon":
		var rings [][]lonLat
		if err := json.Unmarshal(g.Coordinates, &rings); err != nil {
			return nil, parseErrorf("coordinates of a Polygon: %w", err)
		}
		return newArea([][][]lonLat{rings})
	case "MultiPolygon":
		var polygons [][][]lonLat
		if err := json.Unmarshal(g.Coordinates, &polygons); err != nil {
			return nil, parseErrorf("coordinates of a MultiPolygon: %w", err)
		}
		return newArea(polygons)
	case "":
		return nil, parseErrorf("no geometry type")
	}
	return nil, parseErrorf("geometry type %.40q: want Polygon, MultiPolygon, or Point with radius_nm", g.Type)
}

func (g *geometryJSON) circle() (*Area, error) {
	var p lonLat
	if err := json.Unmarshal(g.Coordinates, &p); err != nil || len(bytes.TrimSpace(g.Coordinates)) == 0 {
		return nil, parseErrorf("coordinates of a Point: want [longitude, latitude] in degrees")
	}
	if g.RadiusNM == nil {
		return nil, parseErrorf("a Point needs radius_nm to be an area")
	}
	return NewCircle(navicert.Position{Lat: p[1], Lon: p[0]}, *g.RadiusNM)
}

// NewCircle makes the area of all points within a radius of a centre.
func NewCircle(centre navicert.Position, radiusNM float64) (*Area, error) {
	if !centre.Valid() {
		return nil, parseErrorf("circle round %g,%g: no such position", centre.Lat, centre.Lon)
	}
	if !(radiusNM > 0 && radiusNM <= MaxRadiusNM) {
		return nil, parseErrorf("radius_nm %g: want more than 0 and at most %d", radiusNM, MaxRadiusNM)
	}
	return &Area{
		source:   orb.Point{centre.Lon, centre.Lat},
		radiusNM: radiusNM,
		parts:    []part{newCircle(toPoint(centre), angleFromNM(radiusNM))},
	}, nil
}

func newArea(polygons [][][]lonLat) (*Area, error) {
	if len(polygons) == 0 {
		return nil, parseErrorf("no polygon in it")
	}
	n := 0
	for _, rings := range polygons {
		for _, ring := range rings {
			n += len(ring)
		}
	}
	if n > MaxVertices {
		return nil, navicert.Errorf(navicert.Limit, "area", "", "%d vertices, limit is %d", n, MaxVertices).
			WithHint("simplify it, or split it into several zones")
	}
	a := &Area{}
	var multi orb.MultiPolygon
	left := MaxVertices
	for i, rings := range polygons {
		where := ""
		if len(polygons) > 1 {
			where = fmt.Sprintf("polygon %d, ", i+1)
		}
		pg, err := buildPolygon(rings, &left)
		if err != nil {
			if e := (*navicert.Error)(nil); errors.As(err, &e) { // a limit, which says it all
				return nil, err
			}
			return nil, parseErrorf("%s%w", where, err)
		}
		a.parts = append(a.parts, pg)
		multi = append(multi, sourcePolygon(rings))
	}
	a.source = multi
	if len(multi) == 1 {
		a.source = multi[0]
	}
	return a, nil
}

// sourcePolygon keeps the rings as written, closed as GeoJSON wants.
func sourcePolygon(rings [][]lonLat) orb.Polygon {
	out := make(orb.Polygon, len(rings))
	for i, ring := range rings {
		for _, p := range ring {
			out[i] = append(out[i], orb.Point(p))
		}
		if ring[0] != ring[len(ring)-1] {
			out[i] = append(out[i], orb.Point(ring[0]))
		}
	}
	return out
}

// buildPolygon checks the rings of one polygon and orients them. left is how
// many more vertices the area may have.
func buildPolygon(rings [][]lonLat, left *int) (*polygon, error) {
	if len(rings) == 0 {
		return nil, fmt.Errorf("a polygon without a ring")
	}
	points := make([][]s2.Point, len(rings))
	var err error
	for i, ring := range rings {
		if points[i], err = ringPoints(ring, left); err != nil {
			return nil, fmt.Errorf("%s: %w", ringName(i), err)
		}
	}
	// Crossings are looked for before anything is asked about the inside,
	// which means nothing for a ring that crosses itself.
	dense, err := checkRings(points)
	if err != nil {
		return nil, err
	}
	loops := make([]*s2.Loop, len(rings))
	for i := range points {
		if loops[i], err = newLoop(points[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", ringName(i), err)
		}
	}
	pg := newPolygon(loops[0], loops[1:])
	pg.dense = dense
	if err := pg.checkHoles(); err != nil {
		return nil, err
	}
	return pg, nil
}

// ringPoints turns a ring into points on the sphere: edges along parallels
// drawn out, repeated points and spikes without width removed.
func ringPoints(ring []lonLat, left *int) ([]s2.Point, error) {
	if n := len(ring); n > 1 && ring[0] == ring[n-1] {
		ring = ring[:n-1]
	}
	var points []s2.Point
	for i, p := range ring {
		next := ring[(i+1)%len(ring)]
		points = append(points, toPoint(navicert.Position{Lat: p[1], Lon: p[0]}))
		points = appendParallel(points, p, next)
		if len(points) > *left {
			return nil, fmt.Errorf("more than %d vertices once edges along parallels are drawn out", MaxVertices)
		}
	}
	points = dropSpikes(points)
	if len(points) < 3 {
		return nil, fmt.Errorf("%d different points, want at least 3", len(points))
	}
	*left -= len(points)
	return points, nil
}

// appendParallel adds the points between p and q along their parallel, if the
// edge is one of those that follow it.
func appendParallel(to []s2.Point, p, q lonLat) []s2.Point {
	if p[1] != q[1] || math.Abs(p[1]) == 90 {
		return to
	}
	dLon := q[0] - p[0]
	if math.Abs(dLon) > 180 && math.Abs(dLon) < 360 {
		dLon -= math.Copysign(360, dLon)
	}
	length := math.Abs(dLon) * math.Pi / 180 * math.Cos(p[1]*math.Pi/180) * nmPerRadian
	if length <= parallelNM && math.Abs(dLon) < 360 {
		return to
	}
	steps := max(int(math.Ceil(length/parallelStepNM)), 4)
	for i := 1; i < steps; i++ {
		to = append(to, toPoint(navicert.Position{Lat: p[1], Lon: p[0] + dLon*float64(i)/float64(steps)}))
	}
	return to
}

// dropSpikes removes points that repeat the one before, and out-and-back
// edges: what remains of the seam when a map that was cut at the antimeridian
// or stretched to the pole is put back on the sphere.
func dropSpikes(ring []s2.Point) []s2.Point {
	var out []s2.Point
	for _, p := range ring {
		out = append(out, p)
		for {
			n := len(out)
			if n >= 2 && out[n-1] == out[n-2] {
				out = out[:n-1]
			} else if n >= 3 && out[n-1] == out[n-3] {
				out = out[:n-2]
			} else {
				break
			}
		}
	}
	for { // across the ring's start
		n := len(out)
		switch {
		case n >= 2 && out[0] == out[n-1]:
			out = out[:n-1]
		case n >= 3 && out[1] == out[n-1]: // last, first, second: first is a tip
			out = out[1 : n-1]
		case n >= 3 && out[0] == out[n-2]: // the last is a tip
			out = out[:n-2]
		default:
			return out
		}
	}
}

// newLoop orients a ring so that its smaller side is inside. It asks for the
// area instead of calling Loop.Normalize, which leaves thin rings inverted
// (facts: docs/behaviour.md, golang/geo).
func newLoop(points []s2.Point) (*s2.Loop, error) {
	loop := s2.LoopFromPoints(points)
	if err := loop.Validate(); err != nil {
		return nil, err
	}
	area := loop.Area()
	switch {
	case area < minAreaSr || area > 2*halfGlobe-minAreaSr*1e5:
		return nil, fmt.Errorf("the ring encloses no area")
	case math.Abs(area-halfGlobe) < 1e-9:
		return nil, fmt.Errorf("the ring halves the globe, so neither side is the smaller one")
	case area > halfGlobe:
		loop = s2.LoopFromPoints(reversed(points))
	}
	return loop, nil
}

func reversed(points []s2.Point) []s2.Point {
	r := slices.Clone(points)
	slices.Reverse(r)
	return r
}

// GeoJSON returns the geometry as it was read, as one JSON object; a circle
// is a Point with the member "radius_nm". [ParseArea] reads it back.
func (a *Area) GeoJSON() []byte { return geometryOut(a.source, a.radiusNM) }

// OutlineGeoJSON returns the geometry for drawing: as GeoJSON, but a circle as
// a Polygon of 72 points.
func (a *Area) OutlineGeoJSON() []byte {
	c, ok := a.parts[0].(*circle)
	if !ok {
		return a.GeoJSON()
	}
	var ring orb.Ring
	for _, p := range c.outline(72) {
		pos := fromPoint(p)
		ring = append(ring, orb.Point{pos.Lon, pos.Lat})
	}
	return geometryOut(orb.Polygon{append(ring, ring[0])}, 0)
}

// geometryOut writes a geometry. Package orb/geojson would do it too, but it
// brings a database driver with it.
func geometryOut(g orb.Geometry, radiusNM float64) []byte {
	b, err := json.Marshal(struct {
		Type        string       `json:"type"`
		Coordinates orb.Geometry `json:"coordinates"`
		RadiusNM    float64      `json:"radius_nm,omitempty"`
	}{g.GeoJSONType(), g, radiusNM})
	if err != nil {
		panic("geo: a checked geometry does not marshal: " + err.Error())
	}
	return b
}
