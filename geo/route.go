package geo

import (
	"slices"
	"time"

	"navicert"
)

// maxRoutePoints bounds a route.
const maxRoutePoints = 50_000

// Route is a planned voyage as great circles between its points. [Lanes.Route]
// lays one down over sea lanes.
type Route struct {
	points []navicert.RoutePoint
	atNM   []float64 // distance of each point from the first
	ashore float64   // nautical miles of it on land, of a route over sea lanes
}

// NewRoute makes a route of two or more points with valid positions.
func NewRoute(points []navicert.RoutePoint) (*Route, error) {
	switch {
	case len(points) < 2:
		return nil, navicert.Errorf(navicert.Invalid, "route", "", "%d points, want at least a start and an end", len(points))
	case len(points) > maxRoutePoints:
		return nil, navicert.Errorf(navicert.Limit, "route", "", "%d points, limit is %d", len(points), maxRoutePoints)
	}
	r := &Route{points: slices.Clone(points), atNM: make([]float64, len(points))}
	for i, p := range points {
		if !p.Position.Valid() {
			return nil, navicert.Errorf(navicert.Invalid, "route", p.Name, "no such position: %g,%g", p.Position.Lat, p.Position.Lon)
		}
		if i > 0 {
			r.atNM[i] = r.atNM[i-1] + DistanceNM(points[i-1].Position, p.Position)
		}
	}
	return r, nil
}

// Points returns the route's points.
func (r *Route) Points() []navicert.RoutePoint { return slices.Clone(r.points) }

// LengthNM is the route's length.
func (r *Route) LengthNM() float64 { return r.atNM[len(r.atNM)-1] }

// AshoreNM is how much of a route of [Lanes.Route] lies on land by the coast of
// 1:10 million: canals, rivers, harbours, and what the shape cuts. 0 for others.
func (r *Route) AshoreNM() float64 { return r.ashore }

// DistanceNM is the distance from p to the nearest point of the route.
func (r *Route) DistanceNM(p navicert.Position) float64 {
	best := DistanceNM(p, r.points[0].Position)
	for i := range r.points[1:] {
		best = min(best, segmentNM(p, r.points[i].Position, r.points[i+1].Position))
	}
	return best
}

// RouteCrossing is one stretch of a route inside a zone.
type RouteCrossing struct {
	Zone      *Zone             `json:"-"`
	EntryAt   navicert.Position `json:"entry_at"`
	EntryTime time.Time         `json:"entry_time,omitzero"` // zero when it cannot be told
	ExitAt    navicert.Position `json:"exit_at"`
	ExitTime  time.Time         `json:"exit_time,omitzero"`
	EntryNM   float64           `json:"entry_nm"`  // along the route
	InsideNM  float64           `json:"inside_nm"` // length of the stretch
	Terminal  bool              `json:"terminal"`  // the first or last point of the route lies in the zone
}

// Crosses returns the stretches of the route that lie in the zones, in the
// order in which they are entered, then of the zones. A zone entered twice is
// two stretches. Times follow from the time of departure and a speed in knots;
// they are zero when etd is zero or the speed is not positive. Whether a zone
// is in force then is for the caller to ask.
func (r *Route) Crosses(zones []Zone, speedKn float64, etd time.Time) []RouteCrossing {
	var out []RouteCrossing
	for i := range zones {
		if z := &zones[i]; z.Area != nil {
			out = r.crosses(z, out)
		}
	}
	if !etd.IsZero() && speedKn > 0 {
		after := func(nm float64) time.Time {
			return etd.Add(time.Duration(nm / speedKn * float64(time.Hour))).Truncate(time.Second)
		}
		for i := range out {
			c := &out[i]
			c.EntryTime, c.ExitTime = after(c.EntryNM), after(c.EntryNM+c.InsideNM)
		}
	}
	slices.SortStableFunc(out, func(a, b RouteCrossing) int {
		switch {
		case a.EntryNM < b.EntryNM:
			return -1
		case a.EntryNM > b.EntryNM:
			return 1
		}
		return 0
	})
	return out
}

func (r *Route) crosses(z *Zone, out []RouteCrossing) []RouteCrossing {
	first, last := r.points[0].Position, r.points[len(r.points)-1].Position
	terminal := z.Area.Contains(first) || z.Area.Contains(last)
	var open *RouteCrossing
	enter := func(at navicert.Position, nm float64) {
		open = &RouteCrossing{Zone: z, EntryAt: at, EntryNM: nm, Terminal: terminal}
	}
	leave := func(at navicert.Position, nm float64) {
		open.ExitAt, open.InsideNM = at, nm-open.EntryNM
		out = append(out, *open)
		open = nil
	}
	if z.Area.Contains(first) {
		enter(first, 0)
	}
	for i := range r.points[1:] {
		from, to := r.points[i].Position, r.points[i+1].Position
		for _, x := range z.Area.Leg(from, to) {
			nm := r.atNM[i] + x.Fraction*(r.atNM[i+1]-r.atNM[i])
			switch {
			case x.Entering && open == nil:
				enter(x.Position, nm)
			case !x.Entering && open != nil:
				leave(x.Position, nm)
			}
		}
	}
	if open != nil {
		leave(last, r.LengthNM())
	}
	return out
}
