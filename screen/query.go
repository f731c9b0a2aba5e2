package screen

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/list"
	"navicert/screen/own"
)

// What a query can ask for, besides the kinds of [list.Kind].
const (
	Any      = "any"   // every kind of entry; the empty kind is the same
	AnyParty = "party" // persons and organisations: a party whose kind the asker does not know
)

// Query asks whether somebody or some ship is listed. At least a name or one
// identifier must be given; every further field sharpens the answer.
type Query struct {
	ID        string            `json:"id,omitempty"`   // of the asker's choice, comes back in the answer
	Kind      string            `json:"kind,omitempty"` // "vessel", "person", "organization", "aircraft", "party" or "any"
	Name      string            `json:"name,omitempty"`
	IMO       navicert.IMO      `json:"imo,omitempty"` // of a hull; with kind "organization" the company's
	MMSI      navicert.MMSI     `json:"mmsi,omitempty"`
	CallSign  navicert.CallSign `json:"call_sign,omitempty"`
	Flag      navicert.Flag     `json:"flag,omitempty"`       // of a vessel
	Country   navicert.Flag     `json:"country,omitempty"`    // of a person or organisation
	BirthDate string            `json:"birth_date,omitempty"` // "1966-04-18", "1966-04" or "1966"
	Gender    string            `json:"gender,omitempty"`     // of a person: "male" or "female"
}

// maxText is how many bytes a query's name may have. OFAC's longest name has
// 250.
const maxText = 500

// Normal returns the query with its words trimmed, its call sign in capitals,
// its countries as alpha-2 codes and its gender as a word, or an error that says what is wrong with
// it: a kind or country that does not exist, a number that fails its check
// digit, nothing to search for.
func (q Query) Normal() (Query, error) {
	fail := func(format string, args ...any) (Query, error) {
		return q, navicert.Errorf(navicert.Invalid, "screen", q.ID, format, args...)
	}
	q.Name = strings.TrimSpace(strings.ToValidUTF8(q.Name, "�"))
	if len(q.Name) > maxText || len(q.ID) > maxText {
		return q, navicert.Errorf(navicert.Limit, "screen", "", "the name or id has more than %d bytes", maxText)
	}
	switch q.Kind {
	case "":
		q.Kind = Any
	case Any, AnyParty, string(list.Vessel), string(list.Person), string(list.Organization), string(list.Aircraft):
	default:
		return fail("kind %s is none of vessel, person, organization, aircraft, party, any", strconv.Quote(q.Kind))
	}
	if q.IMO != 0 && !q.IMO.Valid() {
		return fail("IMO number %d fails its check digit", uint32(q.IMO))
	}
	for _, f := range []*navicert.Flag{&q.Flag, &q.Country} {
		if *f == "" {
			continue
		}
		c, err := navicert.ParseFlag(string(*f))
		if err != nil {
			return q, err
		}
		*f = c
	}
	if q.CallSign != "" {
		c, err := navicert.ParseCallSign(string(q.CallSign))
		if err != nil {
			return q, err
		}
		q.CallSign = c
	}
	switch g := strings.ToLower(q.Gender); g {
	case "", "male", "female":
		q.Gender = g
	case "m", "f":
		q.Gender = map[string]string{"m": "male", "f": "female"}[g]
	default:
		return fail("gender %s is neither male nor female", strconv.Quote(q.Gender))
	}
	if q.BirthDate != "" {
		if _, ok := parseBirth(q.BirthDate); !ok {
			return fail("birth date %s: want 1966-04-18, 1966-04 or 1966", strconv.Quote(q.BirthDate))
		}
	}
	if q.Name == "" && q.IMO == 0 && q.MMSI == 0 && q.CallSign == "" {
		return fail("nothing to search for: give a name, an IMO number, an MMSI or a call sign")
	}
	return q, nil
}

// wants reports whether the query asks for entries of a kind. One whose kind is
// not known may be any party that is asked for.
func (q *Query) wants(k list.Kind) bool {
	switch {
	case q.Kind == Any, q.Kind == string(k):
		return true
	case q.Kind == AnyParty:
		return k == list.Person || k == list.Organization || k == list.UnknownKind
	}
	return k == list.UnknownKind && (q.Kind == string(list.Person) || q.Kind == string(list.Organization))
}

// Answer is what the lists say. Searched always names every list that was
// looked at, or that should have been.
type Answer struct {
	ID       string              `json:"id,omitempty"`
	Hits     []Hit               `json:"hits"`           // matches first, then by score
	More     int                 `json:"more,omitempty"` // hits beyond the limit, all of them weaker
	Searched []navicert.Searched `json:"searched"`

	Ownership *own.Answer `json:"ownership,omitempty"` // who owns the party asked about; absent when no fact is held of anybody
}

// Matched reports whether any hit is a match.
func (a *Answer) Matched() bool { return len(a.Hits) > 0 && a.Hits[0].Match }

// cut keeps so many hits, DefaultLimit when limit is 0, and beyond them those
// that a person has cleared: what somebody decided is never left out. What is
// cut off is let go, since a batch keeps many answers.
func (a *Answer) cut(limit int) {
	if limit <= 0 {
		limit = DefaultLimit
	}
	if len(a.Hits) <= limit {
		return
	}
	kept := slices.Clone(a.Hits[:limit])
	for i := range a.Hits[limit:] {
		if h := &a.Hits[limit+i]; h.Cleared != nil {
			kept = append(kept, *h)
		}
	}
	a.More = len(a.Hits) - len(kept)
	a.Hits = kept
}

// How a hit was found.
const (
	ByIMO      = "imo"
	ByMMSI     = "mmsi"
	ByCallSign = "call_sign"
	ByName     = "name"
)

// Hit is one list entry that came near enough to be shown.
//
// Match is true when the score reaches the threshold of the entry's kind and
// nothing contradicts it. An entry of [list.UnknownKind] is compared as each
// kind of party that is asked for, with that kind's threshold, and the stronger
// of the two hits is given. Identity is stronger: the entry is the one asked
// about, not only one of the same name. It is true for an equal IMO number;
// for an equal MMSI or call sign together with a matching name, since both are
// reassigned; and for a person or organisation whose full primary name or
// strong alias is the same and who has the country asked for. What is asked of
// a person for that (two words, no other birth date) is also asked of an entry
// that may be one.
type Hit struct {
	List        string          `json:"list"`
	Publication navicert.Date   `json:"publication"`
	EntryID     string          `json:"entry"`
	Kind        list.Kind       `json:"kind"`
	Name        string          `json:"name"`
	MatchedName string          `json:"matched_name,omitempty"` // the name or alias that came nearest
	Score       float64         `json:"score"`                  // the sum of weight × score of Why, 0 to 1
	Match       bool            `json:"match"`
	Identity    bool            `json:"identity"`
	By          string          `json:"by"`
	Why         []Why           `json:"why"`
	Programmes  []string        `json:"programmes,omitempty"`
	Measure     list.Measure    `json:"measure"`
	Secondary   bool            `json:"secondary,omitempty"` // the list states a risk of secondary sanctions
	IMO         navicert.IMO    `json:"imo,omitempty"`
	Flag        navicert.Flag   `json:"flag,omitempty"`
	Countries   []navicert.Flag `json:"countries,omitempty"`
	Simulated   bool            `json:"simulated,omitempty"`
	Cleared     *Cleared        `json:"cleared,omitempty"` // a person found it to be somebody else: no match, unless that has lapsed

	// Entry is the entry without what is only shown (its row, remarks, addresses,
	// links, legal basis and a ship's particulars); see [View.Entry].
	Entry *list.Entry `json:"-"`

	position int32 // in the publication
	part     int32 // as what it was compared: its place in kinds
}

// Why is one feature that was compared. Weight × Score is what it adds to the
// hit's score; a weight of 0 is a remark that changes nothing.
type Why struct {
	Feature string  `json:"feature"`
	Weight  float64 `json:"weight"`
	Score   float64 `json:"score"` // -1 contradicts, 0 says nothing, 1 agrees wholly
	Detail  string  `json:"detail"`
}

// Options are what a caller may choose. The zero Options are good.
type Options struct {
	MinScore float64  // show what scores at least this; 0 is each kind's threshold
	Limit    int      // show at most so many hits, and those that were cleared; 0 is DefaultLimit
	Lists    []string // search only these lists; empty is all
}

func (o Options) wantsList(name string) bool {
	return len(o.Lists) == 0 || slices.Contains(o.Lists, name)
}

// Stronger reports whether a hit comes before another: matches first, then
// identities, then by score.
func Stronger(a, b *Hit) bool { return byStrength(*a, *b) < 0 }

// DefaultLimit is how many hits an answer has at most unless told otherwise.
const DefaultLimit = 20

// When says which publications are searched: the newest of each list that was
// published by AsOf and imported by KnownAt. A zero KnownAt does not restrict.
type When struct {
	AsOf    time.Time
	KnownAt time.Time
}
