package detect

import (
	"context"
	"time"

	"navicert"
)

// Filter selects events. Zero fields select everything.
type Filter struct {
	ID       string        // an event's id, or the beginning of one
	MMSI     navicert.MMSI // of the vessel, or of the other one
	Kind     string
	From, To time.Time // overlapping [From, To)
	KnownAt  time.Time // only what had been recorded by then
	Limit    int
}

// Store keeps events.
//
// PutEvents writes in one transaction. An event with an id that is already
// held replaces the open one it continues; putting the same event again
// changes nothing. Every version is kept with the time it was recorded, so
// that KnownAt gives what was known then. Safe for concurrent use.
type Store interface {
	PutEvents(ctx context.Context, recordedAt time.Time, events []navicert.Event) (changed int, err error)
	// Events returns the newest version (as of KnownAt) of the events that the
	// filter selects, by start time, then id.
	Events(ctx context.Context, f Filter) ([]navicert.Event, error)
}
