package geo

import (
	"context"
	"strings"
	"time"

	"navicert"
)

// ZoneKind says what sort of area a zone is.
type ZoneKind string

// The zone kinds.
const (
	Blockade       ZoneKind = "blockade"
	Danger         ZoneKind = "danger"
	ListedArea     ZoneKind = "listed_area" // of a war-risk underwriters' committee
	TerritorialSea ZoneKind = "territorial_sea"
	Closure        ZoneKind = "closure" // a port or area closed by its authority
)

// Effect is what the order says happens to a ship it applies to.
type Effect string

// The effects, strictest first.
const (
	Prohibits Effect = "prohibits" // no entry
	Restricts Effect = "restricts" // entry under conditions
	Warns     Effect = "warns"     // information
)

// Scope is whom an order applies to, as one source reports it. The zero Scope
// applies to every vessel; each field that is set narrows it.
type Scope struct {
	Words       string          `json:"words,omitempty"`        // the scope's own words, as reported
	VesselKinds []string        `json:"vessel_kinds,omitempty"` // "tanker": the vessel's kind contains one of these
	ListedOnly  bool            `json:"listed_only,omitempty"`  // only vessels on a sanctions list
	Flags       []navicert.Flag `json:"flags,omitempty"`
	CallingAt   []navicert.Flag `json:"calling_at,omitempty"` // only voyages from or to these countries
}

// Zone is an area in which an order, warning or claim applies for a time. Two
// zones with the same Order and different scopes are two reported readings of
// one order.
type Zone struct {
	ID          string           `json:"id"`
	Name        string           `json:"name"`
	Kind        ZoneKind         `json:"kind"`
	Effect      Effect           `json:"effect"`
	Order       string           `json:"order,omitempty"` // identifier of the order it comes from
	Authority   string           `json:"authority,omitempty"`
	Publisher   string           `json:"publisher,omitempty"` // who reports it
	Text        string           `json:"text,omitempty"`      // the order's words, as reported
	Scope       Scope            `json:"scope"`
	From        navicert.Instant `json:"from"`        // in force from
	To          navicert.Instant `json:"to,omitzero"` // in force until, exclusive; absent: until cancelled
	Published   navicert.Instant `json:"published"`   // when the order became public
	CancelledBy string           `json:"cancelled_by,omitempty"`
	CancelledAt navicert.Instant `json:"cancelled_at,omitzero"`
	Simulated   bool             `json:"simulated,omitempty"`
	Area        *Area            `json:"-"`
}

// InForce reports whether the zone applies at t.
func (z *Zone) InForce(t time.Time) bool { return z.InForceBetween(t, t) }

// InForceBetween reports whether the zone applies at some time from one to
// another, both included.
func (z *Zone) InForceBetween(from, to time.Time) bool {
	return !to.Before(z.From.Time) &&
		(z.To.IsZero() || from.Before(z.To.Time)) &&
		(z.CancelledAt.IsZero() || from.Before(z.CancelledAt.Time))
}

// Applies reports whether the scope covers a vessel of this kind and flag,
// listed or not, on a voyage that calls at these countries.
func (s Scope) Applies(kind string, flag navicert.Flag, listed bool, calls []navicert.Flag) bool {
	if s.ListedOnly && !listed {
		return false
	}
	if len(s.VesselKinds) > 0 && !containsAny(kind, s.VesselKinds) {
		return false
	}
	if len(s.Flags) > 0 && !overlap(s.Flags, []navicert.Flag{flag}) {
		return false
	}
	return len(s.CallingAt) == 0 || overlap(s.CallingAt, calls)
}

func containsAny(kind string, words []string) bool {
	for _, w := range words {
		if w != "" && strings.Contains(strings.ToLower(kind), strings.ToLower(w)) {
			return true
		}
	}
	return false
}

func overlap(a, b []navicert.Flag) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// ZoneSet is one imported file of zones.
type ZoneSet struct {
	Source     string    `json:"source"` // file name
	SHA256     string    `json:"sha256"`
	Zones      []Zone    `json:"zones"`
	ImportedAt time.Time `json:"imported_at"`
}

// ZoneStore keeps zones.
//
// PutZones writes a set in one transaction. A zone whose id is held already
// becomes a new revision of it, unless nothing differs. Zones returns, for
// each id, the newest revision recorded at or before knownAt, among zones
// published at or before asOf, by id; a zero time does not restrict. Safe for
// concurrent use.
type ZoneStore interface {
	PutZones(ctx context.Context, set ZoneSet) (changed int, err error)
	Zones(ctx context.Context, asOf, knownAt time.Time) ([]Zone, error)
	ZoneSets(ctx context.Context) ([]ZoneSet, error) // without their zones
}
