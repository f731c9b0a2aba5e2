package detect

import (
	"context"
	"time"

	"navicert"
)

// OutageFilter selects outages. Zero fields select everything.
type OutageFilter struct {
	Feed     string
	From, To time.Time // overlapping [From, To); an outage that lasts has no end
	Limit    int       // the newest so many
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
}
