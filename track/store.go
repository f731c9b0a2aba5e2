package track

import (
	"context"
	"time"

	"navicert"
)

// Identity is what one MMSI said of itself during a span of time: a row per
// distinct combination of name, call sign and IMO number.
type Identity struct {
	MMSI      navicert.MMSI         `json:"mmsi"`
	IMO       navicert.IMO          `json:"imo,omitempty"`
	Name      string                `json:"name,omitempty"`
	CallSign  navicert.CallSign     `json:"call_sign,omitempty"`
	ShipType  navicert.Opt[int]     `json:"ship_type,omitzero"`
	LengthM   navicert.Opt[float64] `json:"length,omitzero"`
	FirstSeen time.Time             `json:"first_seen"`
	LastSeen  time.Time             `json:"last_seen"`
	Reports   int                   `json:"reports"`
	Simulated bool                  `json:"simulated,omitempty"`
}

// Last is the newest fix of a vessel with its newest identity.
type Last struct {
	Fix      navicert.Fix `json:"fix"`
	Identity Identity     `json:"identity"`
}

// Store keeps fixes and identities.
//
// AppendFixes is idempotent per (MMSI, time, source, place in it): what is
// already held is skipped. AppendStatics folds reports into identities and is idempotent per
// (MMSI, time, source) too. Both write in one transaction and are safe for
// concurrent use.
type Store interface {
	AppendFixes(ctx context.Context, fixes []navicert.Fix) (added int, err error)
	AppendStatics(ctx context.Context, reports []navicert.Static) (added int, err error)
	// Fixes returns the fixes of one MMSI with from <= time < to in time order.
	Fixes(ctx context.Context, mmsi navicert.MMSI, from, to time.Time) ([]navicert.Fix, error)
	// Latest returns the newest fix at or before t of every vessel heard within
	// the window before it.
	Latest(ctx context.Context, t time.Time, window time.Duration) ([]Last, error)
	// Identities returns what is known of an IMO number or an MMSI (give one,
	// leave the other zero), newest first, from reports at or before t.
	Identities(ctx context.Context, imo navicert.IMO, mmsi navicert.MMSI, t time.Time) ([]Identity, error)
	// Appearances is Identities with the first and the last report of each, at or
	// before t.
	Appearances(ctx context.Context, imo navicert.IMO, mmsi navicert.MMSI, t time.Time) ([]Appearance, error)
	// Draught returns what an MMSI reported of its draught at or before t; the
	// zero Draught when it reported none.
	Draught(ctx context.Context, mmsi navicert.MMSI, t time.Time) (Draught, error)
	// Span returns the times of the oldest and newest fix of one MMSI at or
	// before t, and how many there are; zero times when there are none.
	Span(ctx context.Context, mmsi navicert.MMSI, t time.Time) (first, last time.Time, n int, err error)
}
