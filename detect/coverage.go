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
	KnownAt  time.Time   // only what had been recorded by then
}

// What Reception can be asked for at once.
const (
	ReceptionCells = 100
	ReceptionHours = 7 * 24
)

// Reception is what was received of a place in some clock hours: whether a ship
// that was there could have been heard.
type Reception struct {
	Hours     int       `json:"hours"`         // in which anybody was heard there
	Receivers int       `json:"receivers"`     // that heard anybody there
	Ships     int       `json:"ships"`         // at least: the most that one receiver heard of one class in an hour
	Last      time.Time `json:"last,omitzero"` // when anybody was heard there last
	Listened  int       `json:"listened"`      // hours in which anybody was heard anywhere
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
	// PutHeard keeps rows of the coverage ledger by cell, hour, receiver, class and
	// whether they are simulated, in one transaction. Of a row that is held the
	// greatest counts and the latest time stay: what is read again counts once, and
	// what two inputs heard in one hour by one receiver is at least what one of them
	// did. What was held before stays as of its own recording.
	PutHeard(ctx context.Context, recordedAt time.Time, rows []Heard) error
	// Heard returns the rows that the filter selects, by hour, then cell, receiver,
	// class and whether they are simulated.
	Heard(ctx context.Context, f HeardFilter) ([]Heard, error)
	// Reception sums up the rows that the filter selects, of simulated data or of
	// real ones. The filter names cells, at most [ReceptionCells], and From and To,
	// at most [ReceptionHours] apart; else it is a navicert.Invalid error.
	Reception(ctx context.Context, f HeardFilter, simulated bool) (Reception, error)
}
