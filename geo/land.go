package geo

import (
	"sync"

	"navicert"
)

// Land tells land from sea. A nil Land knows nothing: Known is false. It does
// not change once made and is safe for concurrent use.
//
// Land comes from [ReadLand], or, when reading it must wait until somebody
// asks, from [LazyLand]. Coasts of 1:10 million (Natural Earth) are good to
// about one nautical mile: harbours, rivers, canals and fjords are coarse.
type Land struct {
	areas []*Area
	coast *coast

	once sync.Once
	load func() *Land

	seaOnce sync.Once
	sea     *seaGrid
}

// NewLand returns the land that a few areas cover; each is asked in turn.
func NewLand(areas ...*Area) *Land { return &Land{areas: areas} }

// LazyLand returns land that is loaded when it is first asked about, as it takes
// some tenths of a second and some megabytes.
func LazyLand(load func() *Land) *Land { return &Land{load: load} }

// Known reports whether it is known where land is.
func (l *Land) Known() bool { return l != nil }

func (l *Land) ready() {
	if l.load == nil {
		return
	}
	l.once.Do(func() {
		loaded := l.load()
		l.areas, l.coast = loaded.areas, loaded.coast
	})
}

// Contains reports whether p lies on land.
func (l *Land) Contains(p navicert.Position) bool {
	if l == nil {
		return false
	}
	l.ready()
	if l.coast != nil && l.coast.contains(p) {
		return true
	}
	for _, a := range l.areas {
		if a.Contains(p) {
			return true
		}
	}
	return false
}

// ShoreNM is how far p is from the nearest shore, on land and at sea alike; at
// most the limit, which is also the answer when no shore is known. A small
// limit makes it cheap far from any shore.
func (l *Land) ShoreNM(p navicert.Position, limit float64) float64 {
	if l == nil {
		return limit
	}
	l.ready()
	if l.coast != nil {
		limit = l.coast.shoreNM(p, limit)
	}
	for _, a := range l.areas {
		limit = min(limit, a.BoundaryNM(p))
	}
	return limit
}

// OpenNM is a glance at the distance to the shore, which is no less, of places in the
// open sea. Elsewhere it does not tell.
func (l *Land) OpenNM(p navicert.Position) (nm float64, open bool) {
	if l == nil {
		return 0, false
	}
	l.ready()
	if l.coast == nil || len(l.areas) > 0 {
		return 0, false
	}
	return l.coast.openNM(p)
}

// AcrossNM is about how much of the great circle from a to b lies on land, to a step
// of so many miles at each shore; beyond most it looks no further.
func (l *Land) AcrossNM(a, b navicert.Position, step, most float64) float64 {
	if l == nil {
		return 0
	}
	length := DistanceNM(a, b)
	p, q := toPoint(a), toPoint(b)
	ashore := 0.0
	for at := 0.0; at < length && ashore <= most; {
		here := fromPoint(between(at/length, p, q))
		// No shore within clear: all of it is land, or all of it sea.
		clear := max(step, l.ShoreNM(here, length-at))
		if l.Contains(here) {
			ashore += min(clear, length-at)
		}
		at += clear
	}
	return ashore
}
