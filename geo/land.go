package geo

import "navicert"

// Land tells land from sea. A nil Land knows nothing: Known is false. It does
// not change once made and is safe for concurrent use.
type Land struct {
	areas []*Area
}

// NewLand returns the land that areas cover.
func NewLand(areas ...*Area) *Land { return &Land{areas: areas} }

// Known reports whether it is known where land is.
func (l *Land) Known() bool { return l != nil }

// Contains reports whether p lies on land.
func (l *Land) Contains(p navicert.Position) bool {
	if l == nil {
		return false
	}
	for _, a := range l.areas {
		if a.Contains(p) {
			return true
		}
	}
	return false
}

// ShoreNM is how far p is from the nearest shore, on land and at sea alike; at
// most the limit, which is also the answer when no shore is known.
func (l *Land) ShoreNM(p navicert.Position, limit float64) float64 {
	if l == nil {
		return limit
	}
	for _, a := range l.areas {
		limit = min(limit, a.BoundaryNM(p))
	}
	return limit
}
