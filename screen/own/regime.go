package own

import (
	"slices"
	"strings"
	"time"

	"navicert"
)

// Regime is whose law a test is made by.
type Regime string

// The regimes. Other is for lists of no regime known here (the United
// Nations', one's own, an aggregator's): since it is not known whose law
// follows them, the widest test is made.
const (
	OFAC  Regime = "ofac"
	EU    Regime = "eu"
	UK    Regime = "uk"
	Other Regime = "other"
)

// RegimeOf returns the regime whose list a list is, by its identifier.
func RegimeOf(listName string) Regime {
	head, _, _ := strings.Cut(strings.ToLower(listName), "-")
	head, _, _ = strings.Cut(head, "_")
	switch {
	case slices.Contains([]string{"ofac", "us", "csl"}, head):
		return OFAC
	case head == "eu":
		return EU
	case slices.Contains([]string{"uk", "gb", "ofsi", "hmt"}, head):
		return UK
	}
	return Other
}

// Rule is how a regime looks at ownership at one time.
type Rule struct {
	Regime     Regime  `json:"regime"`
	Title      string  `json:"title"`
	Percent    Percent `json:"percent"`    // the threshold
	MoreThan   bool    `json:"more_than"`  // it has to be passed, not only reached
	Aggregates bool    `json:"aggregates"` // the shares of several listed persons are added
	Control    bool    `json:"control"`    // control counts beside ownership
	Source     string  `json:"source"`
}

// Words say the threshold.
func (r Rule) Words() string {
	if r.MoreThan {
		return "more than " + r.Percent.String() + " %"
	}
	return r.Percent.String() + " % or more"
}

// reached reports whether a share passes the threshold.
func (r Rule) reached(p Percent) bool {
	if r.MoreThan {
		return p > r.Percent
	}
	return p >= r.Percent
}

// When the thresholds changed.
var (
	ofacAggregates = time.Date(2014, 8, 13, 0, 0, 0, 0, time.UTC)
	euFiftyOrMore  = time.Date(2024, 7, 3, 0, 0, 0, 0, time.UTC)
	euAggregates   = time.Date(2022, 3, 20, 0, 0, 0, 0, time.UTC)

	ukOwnRegulations = time.Date(2020, 12, 31, 0, 0, 0, 0, time.UTC) // no longer those of the European Union
)

// Rules returns the regimes' rules as they stood at t.
//
// OFAC: an entity that blocked persons own by 50 percent or more, directly or
// indirectly, is blocked, and its own holdings then count in full; the shares
// of all blocked persons are added, whatever their programmes; control alone
// does not block (revised guidance of 13 August 2014; FAQs 398, 399 and 401,
// ofac.treasury.gov/faqs/401; 31 CFR 587.406 and its like in each part).
//
// European Union: 50 percent or more since the Council's Best Practices of
// 3 July 2024 (document 11623/24), more than 50 percent before; listed
// persons' shares are added (Commission, frequently asked questions of
// 20 March 2022, and the Best Practices of 2024); control counts beside it and
// may be rebutted.
//
// United Kingdom: more than 50 percent of shares or voting rights, or control
// (regulation 7 of the Russia (Sanctions) (EU Exit) Regulations 2019 and its
// like in the others); different designated persons' shares are not simply
// added, but for a joint arrangement or one who controls the other's rights
// (OFSI, general guidance of 23 March 2022).
func Rules(t time.Time) []Rule {
	ofac, eu := "OFAC, what each programme's own part says of property", "Council of the European Union, Best Practices: more than 50 %"
	if !t.Before(ofacAggregates) {
		ofac = "OFAC, revised guidance of 13 August 2014 and FAQs 398, 399 and 401"
	}
	if !t.Before(euFiftyOrMore) {
		eu = "Council of the European Union, Best Practices of 3 July 2024 (11623/24); before it more than 50 %"
	}
	uk := "regulations on ownership and control"
	if !t.Before(ukOwnRegulations) {
		uk = "Russia (Sanctions) (EU Exit) Regulations 2019, regulation 7, and its like; OFSI general guidance on aggregation"
	}
	return []Rule{
		{
			Regime: OFAC, Title: "OFAC 50 percent rule", Percent: 50 * One, Aggregates: !t.Before(ofacAggregates),
			Source: ofac,
		},
		{
			Regime: EU, Title: "European Union, ownership or control", Percent: 50 * One, MoreThan: t.Before(euFiftyOrMore),
			Aggregates: !t.Before(euAggregates), Control: true,
			Source: eu,
		},
		{
			Regime: UK, Title: "United Kingdom, ownership or control", Percent: 50 * One, MoreThan: true, Control: true,
			Source: uk,
		},
		{
			Regime: Other, Title: "Lists of no regime known here", Percent: 50 * One, Aggregates: true, Control: true,
			Source: "chosen by navicert: the widest of the three tests, as it is not known whose law follows the list",
		},
	}
}

// Listing is that a party is, or may be, on a list that blocks.
type Listing struct {
	List        string        `json:"list"`
	Publication navicert.Date `json:"publication"`
	Entry       string        `json:"entry"`
	Name        string        `json:"name"`
	Programmes  []string      `json:"programmes,omitempty"`
	Identity    bool          `json:"identity"` // the entry is the party; false: only a name alike
}
