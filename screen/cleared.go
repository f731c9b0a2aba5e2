package screen

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"navicert"
	"navicert/list"
)

// Clearing records that a person looked at a hit and found that the entry is
// somebody else: a false positive. It holds for one question about one entry as
// it was, until a day; asked with another name, number, country, date or
// gender, or of an entry that has changed since, the hit is a hit again.
type Clearing struct {
	ID          string        `json:"id"`
	Subject     string        `json:"subject,omitempty"` // the saved subject that was asked about
	Query       Query         `json:"query"`             // without ID
	List        string        `json:"list"`
	Entry       string        `json:"entry"`
	Name        string        `json:"name"`        // the entry's
	Publication navicert.Date `json:"publication"` // in which it was looked at
	EntrySHA256 string        `json:"entry_sha256"`
	Who         string        `json:"who"`
	Why         string        `json:"why"`
	At          time.Time     `json:"at"`
	Until       navicert.Date `json:"until"` // the last day on which it holds
	Removed     *Removal      `json:"removed,omitempty"`
}

// Removal says who took something back, when and why. What was taken back stays
// as history.
type Removal struct {
	Who string    `json:"who"`
	Why string    `json:"why,omitempty"`
	At  time.Time `json:"at"`
}

// Cleared is what a hit says of its clearing. The hit is no match, unless the
// clearing has lapsed.
type Cleared struct {
	ID     string           `json:"id"`
	Who    string           `json:"who"`
	Why    string           `json:"why"`
	At     navicert.Instant `json:"at"`
	Until  navicert.Date    `json:"until"`
	Lapsed string           `json:"lapsed,omitempty"` // why it does not hold any more

	// SHA256 is the hash of the clearing as it was recorded.
	SHA256 string `json:"-"`
}

// InForce reports whether a hit is cleared.
func (c *Cleared) InForce() bool { return c != nil && c.Lapsed == "" }

// ClearingStore keeps clearings.
//
// PutClearing records one; the same ID again is a navicert.Conflict error.
// RemoveClearing takes one back; one that is not there is a navicert.NotFound
// error, one that was taken back before a navicert.Conflict. Clearings returns
// all, those taken back too, the oldest first. ClearingRevision is another
// number after each change. All methods are safe for concurrent use.
type ClearingStore interface {
	PutClearing(ctx context.Context, c Clearing) error
	RemoveClearing(ctx context.Context, id string, r Removal) error
	Clearings(ctx context.Context) ([]Clearing, error)
	ClearingRevision(ctx context.Context) (int64, error)
}

// clearingKey is what a clearing is about: the facts of a question that say who
// is meant, and an entry. The kind asked for is none of them, since the entry
// has its own.
type clearingKey struct {
	name, birth   string
	gender        string
	imo           navicert.IMO
	mmsi          navicert.MMSI
	callSign      navicert.CallSign
	flag, country navicert.Flag
	list, entry   string
}

func keyOf(q *Query, listName, entry string) clearingKey {
	return clearingKey{
		name: strings.ToUpper(strings.Join(strings.Fields(q.Name), " ")), birth: q.BirthDate, gender: q.Gender,
		imo: q.IMO, mmsi: q.MMSI, callSign: q.CallSign, flag: q.Flag, country: q.Country, list: listName, entry: entry,
	}
}

// EntrySHA256 is the hash of an entry as a clearing remembers it: of all that
// the publication says of it.
func EntrySHA256(e *list.Entry) string {
	b, err := json.Marshal(e)
	if err != nil { // an entry's fields are text, numbers and lists of them
		panic("screen: " + err.Error())
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// SHA256 is the hash of a clearing as it was recorded, whether or not it was
// taken back since.
func (c Clearing) SHA256() string {
	c.Removed = nil
	b, err := json.Marshal(c)
	if err != nil { // text and numbers
		panic("screen: " + err.Error())
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// Clearings are all that have been recorded, ready to be looked up. It is safe
// for concurrent use.
type Clearings struct{ about map[clearingKey][]Clearing }

// NewClearings makes Clearings, the oldest first.
func NewClearings(all []Clearing) *Clearings {
	c := &Clearings{about: make(map[clearingKey][]Clearing, len(all))}
	for i := range all {
		k := keyOf(&all[i].Query, all[i].List, all[i].Entry)
		c.about[k] = append(c.about[k], all[i])
	}
	return c
}

// known is whether a clearing had been recorded and not yet been taken back by
// a time; zero is now.
func (c *Clearing) known(by time.Time) bool {
	if by.IsZero() {
		return c.Removed == nil
	}
	return !c.At.After(by) && (c.Removed == nil || c.Removed.At.After(by))
}

// lapsed says why a clearing does not hold for an entry on a day, or "".
func (c *Clearing) lapsed(sha256 string, on navicert.Date) string {
	switch {
	case c.EntrySHA256 != sha256:
		return "the entry is not as it was when it was cleared"
	case on > c.Until:
		return fmt.Sprintf("it held until %s", c.Until)
	}
	return ""
}

// cleared returns what there is about a hit: the newest clearing that holds, or
// else the newest that has lapsed.
func (c *Clearings) cleared(q *Query, h *Hit, at When, entry func() (string, error)) (*Cleared, error) {
	var found *Cleared
	for _, cl := range slices.Backward(c.about[keyOf(q, h.List, h.EntryID)]) {
		if !cl.known(at.KnownAt) {
			continue
		}
		sha, err := entry()
		if err != nil {
			return nil, err
		}
		lapsed := cl.lapsed(sha, navicert.DateOf(at.AsOf))
		if found == nil || lapsed == "" {
			found = &Cleared{ID: cl.ID, Who: cl.Who, Why: cl.Why, At: navicert.At(cl.At), Until: cl.Until, Lapsed: lapsed, SHA256: cl.SHA256()}
		}
		if lapsed == "" {
			break
		}
	}
	return found, nil
}

// clear marks the hits that a person has cleared. An equal IMO number is never
// cleared: it is the hull itself.
func (v *View) clear(q Query, a *Answer) error {
	if v.clearings == nil || len(v.clearings.about) == 0 {
		return nil
	}
	q, err := q.Normal()
	if err != nil {
		return err
	}
	for i := range a.Hits {
		h := &a.Hits[i]
		if !h.Match || h.By == ByIMO {
			continue
		}
		h.Cleared, err = v.clearings.cleared(&q, h, v.at, func() (string, error) {
			e, err := v.Entry(context.Background(), h)
			return EntrySHA256(&e), err
		})
		if err != nil {
			return err
		}
		if !h.Cleared.InForce() {
			continue
		}
		h.Match, h.Identity = false, false
		if at := slices.IndexFunc(a.Searched, func(s navicert.Searched) bool { return s.Source == h.List }); at >= 0 {
			a.Searched[at].Found--
		}
	}
	return nil
}

// clearingSource reads clearings from a store, again only when they changed.
type clearingSource struct {
	store ClearingStore

	mu       sync.Mutex
	revision int64
	kept     *Clearings
}

// WithClearings makes the screener heed the false positives that a person has
// cleared, and returns it. It is called before the first question.
func (s *Screener) WithClearings(store ClearingStore) *Screener {
	s.clearings = &clearingSource{store: store}
	return s
}

func (c *clearingSource) read(ctx context.Context) (*Clearings, error) {
	if c == nil {
		return nil, nil
	}
	revision, err := c.store.ClearingRevision(ctx)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept != nil && c.revision == revision {
		return c.kept, nil
	}
	all, err := c.store.Clearings(ctx)
	if err != nil {
		return nil, err
	}
	c.revision, c.kept = revision, NewClearings(all)
	return c.kept, nil
}
