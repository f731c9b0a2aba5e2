package detect

import (
	"context"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
)

// OutageFilter selects outages. Zero fields select everything.
type OutageFilter struct {
	Feed     string
	From, To time.Time // overlapping [From, To); an outage that lasts has no end
	Limit    int       // the newest so many
}

// HeardFilter selects rows of the coverage ledger. Zero fields select everything.
type HeardFilter struct {
	Cells    []s2.CellID // nil: all
	From, To time.Time   // of the clock hours that overlap [From, To)
}

// CoverageStore keeps when live feeds were heard and when not. Safe for
// concurrent use.
type CoverageStore interface {
	// PutOutage keeps an outage by feed and From, to the millisecond. Put again,
	// it changes when the outage ends, zero while it lasts; why it began stays.
	PutOutage(ctx context.Context, o navicert.Outage) error
	// Outages returns the outages that the filter selects, by From, then feed.
	Outages(ctx context.Context, f OutageFilter) ([]navicert.Outage, error)
	// CountOutages returns how many outages the filter selects but for its Limit.
	CountOutages(ctx context.Context, f OutageFilter) (int, error)
	// PutHealth keeps the newest health of a feed: one of an earlier moment than
	// the one held changes nothing. FirstOpened becomes the earliest Opened that
	// was kept, to the millisecond.
	PutHealth(ctx context.Context, h navicert.FeedHealth) error
	// Feeds returns the newest health of every feed, by name.
	Feeds(ctx context.Context) ([]navicert.FeedHealth, error)
	// PutHeard keeps rows of the coverage ledger by cell, hour, receiver and class,
	// in one transaction. Of a row that is held the greatest counts and the latest
	// time stay: what is read again counts once, and what two inputs heard in one
	// hour by one receiver is at least what one of them did.
	PutHeard(ctx context.Context, rows []Heard) error
	// Heard returns the rows that the filter selects, by hour, then cell, receiver
	// and class.
	Heard(ctx context.Context, f HeardFilter) ([]Heard, error)
}
