package rule

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"navicert"
)

// The kinds of licence.
const (
	General  = "general"  // published, for everyone or a class of persons
	Specific = "specific" // given to its holder, who keeps the record
)

// Anything stands in a licence's goods, countries or persons for "no limit".
// It has to be written: a list that is left out authorises nothing.
const Anything = "any"

// LicenceRecord is a dated fact about a licence, as a pack records it in its
// own words with the source it was read in.
type LicenceRecord struct {
	ID                string           `json:"id"`
	Kind              string           `json:"kind"`
	Authority         string           `json:"authority"`
	Title             string           `json:"title"`
	Series            string           `json:"series,omitempty"`    // "GL 5"
	Iteration         string           `json:"iteration,omitempty"` // "U"
	Dated             navicert.Date    `json:"dated,omitempty"`     // the day it was signed
	Known             navicert.Instant `json:"known,omitzero"`      // from when it was on record; absent: see KnownFrom
	Part              string           `json:"part,omitempty"`      // the regulations' part: "31 CFR part 591"
	Supersedes        string           `json:"supersedes,omitempty"`
	Replaces          string           `json:"replaces,omitempty"`     // id of the record whose place it took
	Effective         navicert.Instant `json:"effective,omitzero"`     // from when it stands, and what it replaces no longer does; absent: the day it is dated, else from
	From              navicert.Instant `json:"from,omitzero"`          // authorises from, which can be later
	FromUnknown       bool             `json:"from_unknown,omitempty"` // from when it would have authorised is not recorded
	Until             navicert.Instant `json:"until,omitzero"`         // authorises until, exclusive; absent: no end recorded
	Zone              string           `json:"zone,omitempty"`         // time zone of from and until as published: America/New_York
	Expiry            string           `json:"expiry,omitempty"`       // the end in the words published
	Programmes        []string         `json:"programmes,omitempty"`
	Acts              []string         `json:"acts,omitempty"`
	Goods             []string         `json:"goods,omitempty"`              // cargo kinds, or any; none: it authorises no carriage of goods
	Countries         []string         `json:"countries,omitempty"`          // loading countries, or any; none: as for goods
	Destinations      []string         `json:"destinations,omitempty"`       // discharging countries it is limited to
	ExcludedCountries []string         `json:"excluded_countries,omitempty"` // whose persons and ports it excludes
	Persons           []string         `json:"persons,omitempty"`            // names of those who may use it, or any
	OwnedEntities     bool             `json:"owned_entities,omitempty"`     // it serves what its persons own by half or more
	Who               string           `json:"who,omitempty"`                // a class of persons who may use it, in words
	Eligible          *Eligible        `json:"eligible,omitempty"`           // what makes a person one of the class
	Vessels           []string         `json:"vessels,omitempty"`            // IMO numbers it is limited to
	BlockedVessels    bool             `json:"blocked_vessels,omitempty"`
	CannotLift        []string         `json:"cannot_lift,omitempty"` // what stays forbidden whatever it covers; see Lifts
	Exclusions        []string         `json:"exclusions,omitempty"`
	Conditions        []string         `json:"conditions,omitempty"`
	Reports           []string         `json:"reports,omitempty"`
	Duties            []Duty           `json:"duties,omitempty"` // reports, as terms that can be counted
	Source            string           `json:"source"`
	SHA256            string           `json:"sha256,omitempty"` // of the document read, in hex
	Text              string           `json:"text"`             // what it says, in short
	Simulated         bool             `json:"simulated,omitempty"`
	Pack              string           `json:"-"` // the pack that records it

	recorded time.Time // of the pack
}

// KnownFrom is from when a pack's record was there to be known: what it says
// itself, else what its pack says, else the day it is dated or stands.
func (l *LicenceRecord) KnownFrom() time.Time {
	switch {
	case !l.Known.IsZero():
		return l.Known.Time
	case !l.recorded.IsZero():
		return l.recorded
	case l.Dated != "":
		return l.Dated.Start()
	}
	return l.Stands()
}

// What a licence may say that it cannot lift.
const (
	BlockedVessel = "blocked_vessel" // a transaction that involves a blocked vessel
	Unblocking    = "unblocking"     // the release of blocked property
	OtherBlocked  = "other_blocked"  // dealings with blocked persons that it does not name
)

// Lifts returns what cannot_lift can name.
func Lifts() []string { return []string{BlockedVessel, Unblocking, OtherBlocked} }

// Eligible is what makes a person one of a licence's class, as far as it can
// be said in terms: "an established U.S. entity" is organised under United
// States law on or before 29 January 2025. A person settles whether a party
// meets it.
type Eligible struct {
	Class          string        `json:"class"`
	OrganisedUnder []string      `json:"organised_under,omitempty"` // countries
	OrganisedBy    navicert.Date `json:"organised_by,omitempty"`    // on or before
}

// Duty is a report that a licence's user owes: FirstDays after the first
// transaction, and every EveryDays as long as there are any.
type Duty struct {
	Report    string   `json:"report"`
	To        []string `json:"to"`
	FirstDays int      `json:"first_days,omitempty"`
	EveryDays int      `json:"every_days,omitempty"`
}

// Stands is from when the record stands.
func (l *LicenceRecord) Stands() time.Time {
	switch {
	case !l.Effective.IsZero():
		return l.Effective.Time
	case l.Dated != "" && (l.From.IsZero() || l.From.Sub(l.Dated.Start()) >= 24*time.Hour):
		return l.Dated.Start() // it authorises from a later day
	}
	return l.From.Time
}

// InForce reports whether the licence authorises at t, as far as its own
// record says. [Replacement] knows what took its place.
func (l LicenceRecord) InForce(t time.Time) bool {
	return !l.FromUnknown && !t.Before(l.From.Time) && (l.Until.IsZero() || t.Before(l.Until.Time))
}

// Fact makes the fact that rules see of the record: claimed says that the
// voyage relies on it, at is the voyage's time, and parties are those declared.
// A party is the licence's only when its name equals one of the names that the
// licence gives, apart from case, punctuation and blanks: a permission is never
// stretched to a similar name. What a class of persons may do ("an established
// U.S. entity") stays for a person to settle.
func (l LicenceRecord) Fact(claimed bool, at time.Time, parties []Party) Licence {
	f := Licence{
		ID: l.ID, Kind: l.Kind, Authority: l.Authority, Title: l.Title,
		Claimed: claimed, Found: true, InForce: l.InForce(at),
		From: l.From.Time, Until: l.Until.Time,
		Programmes: l.Programmes, Acts: l.Acts, Goods: l.Goods,
		Countries: l.Countries, Destinations: l.Destinations, ExcludedCountries: l.ExcludedCountries,
		AnyPerson: slices.Contains(l.Persons, Anything), Who: l.Who,
		BlockedVessels: l.BlockedVessels, CannotLift: l.CannotLift, Vessels: l.Vessels,
		Exclusions: l.Exclusions, Conditions: l.Conditions, Reports: l.Reports,
		Evidence: []navicert.Evidence{{
			Kind: navicert.EvidenceLicence, Source: l.Source, Publication: l.Dated, Ref: l.ID, Text: l.Title + ". " + l.Text,
		}},
	}
	for _, p := range parties {
		if l.Names(p.Name) {
			f.Party = p.Name
			break
		}
	}
	return f
}

// Names reports whether the licence names a person, letter for letter.
func (l *LicenceRecord) Names(person string) bool {
	return slices.ContainsFunc(l.Persons, func(name string) bool { return name != Anything && sameName(name, person) })
}

// UnknownLicence makes the fact of a licence that a voyage relies on and of
// which no record is held.
func UnknownLicence(id string) Licence {
	return Licence{ID: id, Claimed: true, Evidence: []navicert.Evidence{{
		Kind: navicert.EvidenceVoyage, Source: declared, Ref: id, Text: "Licence relied on: " + id + ".",
	}}}
}

// sameName reports whether two names have the same letters and digits in the
// same order.
func sameName(a, b string) bool {
	a, b = fold(a), fold(b)
	return a != "" && a == b
}

func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// CoversCargo reports whether the licence names the cargo's kind. An
// undeclared cargo is covered by none but a licence for any goods.
func (l *Licence) CoversCargo(c *Cargo) bool { return names(l.Goods, c.Kind) }

// CoversVoyage reports whether the licence extends to the country of loading
// and is not limited to other destinations, excludes none of the countries
// named, and does not end before the arrival. One that ends does not extend to a
// voyage of which neither ETA nor way is known.
func (l *Licence) CoversVoyage(v *Voyage) bool {
	if !names(l.Countries, v.FromCountry) {
		return false
	}
	if len(l.Destinations) > 0 && !names(l.Destinations, v.ToCountry) {
		return false
	}
	for _, c := range append([]string{v.FromCountry, v.ToCountry}, v.Countries...) {
		if c != "" && slices.Contains(l.ExcludedCountries, c) {
			return false
		}
	}
	arrival := v.Arrival
	if arrival.IsZero() {
		arrival = v.ETA
	}
	return l.Until.IsZero() || !arrival.IsZero() && arrival.Before(l.Until)
}

// CoversVessel reports whether the licence is not limited to other vessels
// and, for a vessel that is listed or that listed persons own, extends to
// blocked vessels.
func (l *Licence) CoversVessel(v *Vessel) bool {
	if (v.Listed || v.Owned) && !l.BlockedVessels {
		return false
	}
	return len(l.Vessels) == 0 || v.IMO != "" && slices.Contains(l.Vessels, v.IMO)
}

// CoversParties reports whether anyone may use the licence or a declared party
// is one that it names, and no party is of an excluded country.
func (l *Licence) CoversParties(parties []Party) bool {
	for _, p := range parties {
		if p.Country != "" && slices.Contains(l.ExcludedCountries, p.Country) {
			return false
		}
	}
	return l.AnyPerson || l.Party != ""
}

// barred names what of the facts the licence says that it cannot lift, or the
// vessel's own listing that it does not extend to, whatever a rule's condition
// says; "" when nothing bars it. A licence for a cargo so never clears a listed
// ship, and one that leaves out other blocked persons lifts nothing while one
// of them is a party.
func (l *Licence) barred(f *Facts, it item) string {
	blocked := f.Vessel.Listed || f.Vessel.Owned
	if it.ofVessel() && !l.BlockedVessels || blocked && slices.Contains(l.CannotLift, BlockedVessel) {
		return BlockedVessel
	}
	if slices.Contains(l.CannotLift, OtherBlocked) {
		for _, h := range f.Hits {
			if h.Subject == "party" && h.Identity && h.blocks() && h.Asked != l.Party {
				return OtherBlocked
			}
		}
		for _, h := range f.Holdings {
			if h.Subject == "party" && h.Settled && h.Result == "owned" && h.Asked != l.Party {
				return OtherBlocked
			}
		}
	}
	return ""
}

func names(list []string, v string) bool {
	return slices.Contains(list, Anything) || v != "" && slices.Contains(list, v)
}

// Words say the duty in a line.
func (d Duty) Words() string {
	s := "report " + d.Report + " to " + strings.Join(d.To, " and ")
	if d.FirstDays > 0 {
		s += fmt.Sprintf(", %d days after the first transaction", d.FirstDays)
	}
	if d.EveryDays > 0 {
		s += fmt.Sprintf(", every %d days", d.EveryDays)
	}
	return s
}
