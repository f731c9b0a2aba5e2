package track

import (
	"slices"

	"navicert"
)

// Lookup returns the vessel of an MMSI, the first if there are several, or nil
// when nothing of that MMSI was received.
func (t *Tracker) Lookup(m navicert.MMSI) *Vessel { return t.vessels[m] }

// Sharing returns the vessels of an MMSI in the order of first sight.
func (t *Tracker) Sharing(m navicert.MMSI) []*Vessel {
	v := t.vessels[m]
	switch {
	case v == nil:
		return nil
	case v.crowd == nil:
		return []*Vessel{v}
	}
	return slices.Clone(v.crowd.vessels)
}
