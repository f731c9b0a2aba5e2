package list

import (
	"context"
	"iter"
	"time"

	"navicert"
)

// PullOutcome is how a try to fetch a list from its publisher ended.
type PullOutcome string

// The outcomes of a pull.
const (
	PullAdded     PullOutcome = "added"     // a new publication is in force from its date
	PullOlder     PullOutcome = "older"     // a publication from before the newest that is held was added, which stays in force
	PullUnchanged PullOutcome = "unchanged" // the publisher has nothing newer than what is held
	PullHeld      PullOutcome = "held"      // a new publication is kept aside until a person has decided
	PullFailed    PullOutcome = "failed"    // nothing could be fetched or read: what was held stays in force
)

// Pull is one try to fetch a list from its publisher.
type Pull struct {
	List        string        `json:"list"`
	At          time.Time     `json:"at"` // when it began
	Outcome     PullOutcome   `json:"outcome"`
	Publication navicert.Date `json:"publication,omitempty"` // what the publisher had
	SHA256      string        `json:"sha256,omitempty"`
	Entries     int           `json:"entries,omitempty"`
	Files       []PulledFile  `json:"files,omitempty"` // of a pull that did not fail
	Note        string        `json:"note,omitempty"`
	Error       string        `json:"error,omitempty"`   // of a pull that failed
	Stopped     bool          `json:"stopped,omitempty"` // by the user, and not by the publisher
}

// PulledFile is one file of a publication as the publisher's server gave it.
type PulledFile struct {
	Name         string `json:"name"`
	Address      string `json:"address"` // that was asked
	From         string `json:"from"`    // that answered, after redirects, without its query: a signed address is a secret
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	Bytes        int64  `json:"bytes"`
	SHA256       string `json:"sha256"`
}

// InVain reports whether the publisher did not give the list, so that there may be
// a newer issue than the one that is held.
func (p Pull) InVain() bool { return p.Outcome == PullFailed && !p.Stopped }

// PullState is how a list stands with its publisher.
type PullState struct {
	List    string `json:"list"`
	Last    Pull   `json:"last"`              // the newest try that the user did not stop, if there is one
	Success *Pull  `json:"success,omitempty"` // the newest that did not fail
}

// HeldState says what became of a publication that was kept aside.
type HeldState string

// The states of a publication that was kept aside.
const (
	HeldOpen     HeldState = "held"
	HeldAccepted HeldState = "accepted"
	HeldRejected HeldState = "rejected"
)

// Held is a publication that is not in force until a person accepts it.
type Held struct {
	Publication
	HeldAt   time.Time     `json:"held_at"`
	Why      string        `json:"why"` // in a sentence
	State    HeldState     `json:"state"`
	Decision *HeldDecision `json:"decision,omitempty"`
}

// HeldDecision is what a person decided.
type HeldDecision struct {
	Who string        `json:"who"`
	Why string        `json:"why"`
	At  time.Time     `json:"at"`
	As  navicert.Date `json:"as,omitempty"` // accepted under this date
}

// PullStore keeps what was fetched and how it went.
//
// PutPull appends to a log that nothing is taken from. Pulls returns the newest
// first, at most limit, of one list or, with an empty name, of all; PullStates
// has one for each list ever pulled by then, a zero time is now, by name. All methods are safe for
// concurrent use.
type PullStore interface {
	PutPull(ctx context.Context, p Pull) error
	Pulls(ctx context.Context, list string, limit int) ([]Pull, error)
	PullStates(ctx context.Context, by time.Time) ([]PullState, error)
}

// HeldStore keeps publications aside.
//
// Hold writes a publication and its entries in one transaction; the same list,
// date and hash again changes nothing and returns false, whatever has been
// decided since. Held returns them all, decided or not, by list, date and time.
// Decide closes one that is open: accepted, it becomes a publication in force
// under the decision's date (its own when that is empty), imported when it was
// decided; nothing is in force half-way. One that is not there is a
// navicert.NotFound error; one that was decided before, or whose date holds
// another publication, a navicert.Conflict. All methods are safe for
// concurrent use.
type HeldStore interface {
	Hold(ctx context.Context, h Held, entries []Entry) (added bool, err error)
	Held(ctx context.Context) ([]Held, error)
	HeldEntries(ctx context.Context, list string, date navicert.Date, sha256 string) iter.Seq2[Entry, error]
	Decide(ctx context.Context, list string, date navicert.Date, sha256 string, state HeldState, d HeldDecision) (Publication, error)
}
