package geo

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"navicert"
)

// Limits of a TopoJSON file of land: ten times what coasts of 1:10 million have.
const (
	maxTopologyBytes = 64 << 20
	maxLandPoints    = 5_000_000
	maxLandRings     = 100_000
)

// topology is the part of a TopoJSON file that land is in (TopoJSON
// specification 1.0: quantised arcs of steps, shared by the rings of an object).
type topology struct {
	Type      string
	Transform *struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]int64
	Objects   map[string]struct {
		Type       string
		Geometries []struct {
			Type string
			Arcs json.RawMessage
		}
	}
}

// ReadLand reads the object "land" of a quantised TopoJSON file whose rings are
// cut at the antimeridian, and makes an index of it. Land is what an odd number
// of its rings hold: a hole, or a sea that is a polygon of its own within the
// land (as the Caspian is in the basemap of package web), is sea. A file that is
// not of this form, or is cut off, is refused whole.
func ReadLand(r io.Reader, name string) (*Land, error) {
	fail := func(format string, args ...any) (*Land, error) {
		return nil, navicert.Errorf(navicert.Invalid, "read land", name, format, args...)
	}
	t, _, err := readTopology(r, "read land", name)
	if err != nil {
		return nil, err
	}
	land, ok := t.Objects["land"]
	if !ok || land.Type != "GeometryCollection" {
		return fail(`it is no quantised TopoJSON with a collection "land"`)
	}
	arcs, err := t.points("read land", name)
	if err != nil {
		return nil, err
	}
	var rings [][]grid
	total := 0
	for i, g := range land.Geometries {
		polygons := make([][][]int, 1)
		into := any(&polygons)
		switch g.Type {
		case "Polygon":
			into = &polygons[0]
		case "MultiPolygon":
		default:
			return fail("geometry %d is a %q and no polygon", i+1, g.Type)
		}
		if err := json.Unmarshal(g.Arcs, into); err != nil {
			return fail("the rings of geometry %d: %w", i+1, err)
		}
		for _, polygon := range polygons {
			for _, parts := range polygon {
				ring, err := joinArcs(parts, arcs)
				if err != nil {
					return fail("geometry %d: %w", i+1, err)
				}
				if len(ring) < 3 {
					continue // a sliver at the seam, there and back: it holds nothing
				}
				if nullIsland(ring) {
					continue
				}
				rings = append(rings, ring)
				if total += len(ring); total > maxLandPoints || len(rings) > maxLandRings {
					return fail("it has more than %d points or %d rings", maxLandPoints, maxLandRings)
				}
			}
		}
	}
	if len(rings) == 0 {
		return fail("it holds no land")
	}
	return &Land{coast: newCoast(rings)}, nil
}

// readTopology reads a quantised TopoJSON file, and its SHA-256.
func readTopology(r io.Reader, op, name string) (*topology, [sha256.Size]byte, error) {
	var none [sha256.Size]byte
	b, err := io.ReadAll(io.LimitReader(r, maxTopologyBytes+1))
	if err != nil {
		return nil, none, err
	}
	if len(b) > maxTopologyBytes {
		return nil, none, navicert.Errorf(navicert.Limit, op, name, "it is longer than %d bytes", maxTopologyBytes)
	}
	var t topology
	if err := json.Unmarshal(b, &t); err != nil {
		return nil, none, navicert.Errorf(navicert.Invalid, op, name, "it is no TopoJSON: %w", err)
	}
	if t.Type != "Topology" || t.Transform == nil {
		return nil, none, navicert.Errorf(navicert.Invalid, op, name, "it is no quantised TopoJSON")
	}
	return &t, sha256.Sum256(b), nil
}

// nullIsland reports whether a ring is the islet that Natural Earth draws where
// longitude and latitude are 0, to catch positions that are none. There is no
// land within 300 miles.
func nullIsland(ring []grid) bool {
	const near = unitsPerDegree / 10
	for _, p := range ring {
		if max(p.x, -p.x, p.y, -p.y) > near {
			return false
		}
	}
	return true
}

// points are the arcs' points on the grid.
func (t *topology) points(op, name string) ([][]grid, error) {
	arcs := make([][]grid, len(t.Arcs))
	for i, steps := range t.Arcs {
		arcs[i] = make([]grid, 0, len(steps))
		var x, y int64
		for _, s := range steps {
			x, y = x+s[0], y+s[1]
			lon := float64(x)*t.Transform.Scale[0] + t.Transform.Translate[0]
			lat := float64(y)*t.Transform.Scale[1] + t.Transform.Translate[1]
			if !(math.Abs(lon) <= 180+1e-6 && math.Abs(lat) <= 90+1e-6) {
				return nil, navicert.Errorf(navicert.Invalid, op, name, "arc %d leaves the earth at %g,%g", i+1, lat, lon)
			}
			arcs[i] = append(arcs[i], grid{
				int32(max(-halfTurn, min(halfTurn, math.Round(lon*unitsPerDegree)))),
				int32(max(-quarterTurn, min(quarterTurn, math.Round(lat*unitsPerDegree)))),
			})
		}
	}
	return arcs, nil
}

// joinArcs puts the arcs of a ring together; one with a negative number ~n is
// arc n run backwards.
func joinArcs(parts []int, arcs [][]grid) ([]grid, error) {
	var ring []grid
	for _, n := range parts {
		back := n < 0
		if back {
			n = ^n
		}
		if n >= len(arcs) || len(arcs[n]) == 0 {
			return nil, fmt.Errorf("there is no arc %d", n)
		}
		arc := arcs[n]
		for i := range arc {
			p := arc[i]
			if back {
				p = arc[len(arc)-1-i]
			}
			if i == 0 && len(ring) > 0 {
				if ring[len(ring)-1] != p {
					return nil, fmt.Errorf("arc %d does not begin where the one before it ends", n)
				}
				continue
			}
			if len(ring) > 0 {
				if d := int64(p.x) - int64(ring[len(ring)-1].x); d > halfTurn || d < -halfTurn {
					if p.y > -quarterTurn || ring[len(ring)-1].y > -quarterTurn { // along the pole it is no jump
						return nil, fmt.Errorf("an edge runs across the antimeridian, where it should be cut")
					}
				}
			}
			ring = append(ring, p)
		}
	}
	if len(ring) < 2 || ring[0] != ring[len(ring)-1] {
		return nil, fmt.Errorf("a ring of %d points is not closed", len(ring))
	}
	return ring[:len(ring)-1], nil
}
