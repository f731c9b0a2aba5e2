// Package list holds sanctions lists: what an entry is, what a dated
// publication of a list is, and what differs between two of them. Readers of
// the published formats are in folders below, one each; list/all names them.
//
// A publication is immutable and named by its list and the day its publisher
// issued it. Entries come in from a [Format], go to a [Store] in one
// transaction with their publication, and come out again by list and date, so
// that a past day can be searched with what had been published by then.
package list

import (
	"context"
	"iter"
	"time"

	"navicert"
)

// Kind is what an entry names.
type Kind string

// The kinds of entry.
const (
	Vessel       Kind = "vessel"
	Person       Kind = "person"
	Organization Kind = "organization"
	Aircraft     Kind = "aircraft"

	// UnknownKind is of an entry of which its publisher does not say whether it
	// is a person or an organisation: it may be either, and is found as both.
	UnknownKind Kind = "unknown"
)

// Kinds returns all of them.
func Kinds() []Kind { return []Kind{Vessel, Person, Organization, Aircraft, UnknownKind} }

// AliasKind says how an alias relates to the primary name.
type AliasKind string

// The kinds of alias.
const (
	AKA AliasKind = "aka" // also known as
	FKA AliasKind = "fka" // formerly known as
	NKA AliasKind = "nka" // now known as
)

// Alias is another name of an entry. A weak alias is one that the publisher
// itself calls broad or generic; alone it identifies nobody.
type Alias struct {
	Name   string    `json:"name"`
	Kind   AliasKind `json:"kind"`
	Weak   bool      `json:"weak,omitempty"`
	Script string    `json:"script,omitempty"` // ISO 15924 code where the publisher states it: "Cyrl"
}

// Measure is what a listing demands. Lists differ: a freeze is not a port ban.
type Measure string

// The measures, the strongest first.
const (
	Block         Measure = "block"          // property blocked, dealings prohibited: an asset freeze
	PortBan       Measure = "port_ban"       // no port access
	ServicesBan   Measure = "services_ban"   // no services
	Detention     Measure = "detention"      // the ship may be held in port
	Deregister    Measure = "deregister"     // the flag State is to strike the ship off its register
	Restrict      Measure = "restrict"       // sectoral or debt and equity restrictions
	ExportControl Measure = "export_control" // no goods or technology without a licence
	TravelBan     Measure = "travel_ban"     // no entry or transit
	Watch         Measure = "watch"          // an own list: look at it, nothing is prohibited
)

// Measures returns all of them, the strongest first.
func Measures() []Measure {
	return []Measure{Block, PortBan, ServicesBan, Detention, Deregister, Restrict, ExportControl, TravelBan, Watch}
}

// LinkKind says how the entry that has a link stands to the other party.
type LinkKind string

// The kinds of link. "Owned or controlled" is what a publisher says that does
// not say which of the two.
const (
	LinkedTo          LinkKind = "linked_to"           // no more is said
	OwnedBy           LinkKind = "owned_by"            // the other owns the entry
	ControlledBy      LinkKind = "controlled_by"       // the other controls, manages or operates the entry
	OwnedOrControlled LinkKind = "owned_or_controlled" // by the other
	ActsFor           LinkKind = "acts_for"            // the entry acts for or on behalf of the other
	Supports          LinkKind = "supports"            // the entry provides support to the other
	LeaderOf          LinkKind = "leader_of"           // the entry is a leader or official of the other
	FamilyOf          LinkKind = "family_of"
	AssociateOf       LinkKind = "associate_of"
)

// Link is a tie to another party, as published. Entry is given only where the
// publisher names the other's entry; Text is the publisher's own word for the
// tie where it has one.
type Link struct {
	Kind   LinkKind `json:"kind"`
	Name   string   `json:"name,omitempty"`
	Entry  string   `json:"entry,omitempty"` // in the same list
	Former bool     `json:"former,omitempty"`
	Text   string   `json:"text,omitempty"`
}

// Identifier is a number that an authority gave: a passport, a tax number, a
// company's IMO number.
type Identifier struct {
	Type    string        `json:"type"`
	Value   string        `json:"value"`
	Country navicert.Flag `json:"country,omitempty"`
}

// CompanyIMO is the type of a company's IMO number: seven digits of the same
// series as a hull's, given to an owner or manager.
const CompanyIMO = "IMO company number"

// Address is a place that an entry is linked to, as published.
type Address struct {
	Street  string        `json:"street,omitempty"`
	City    string        `json:"city,omitempty"`
	Country navicert.Flag `json:"country,omitempty"`
	Text    string        `json:"text"` // the whole as published
}

// Entry is one listed person, organisation, vessel or aircraft, or a party of
// which it is not said what it is.
type Entry struct {
	ID         string   `json:"id"` // the publisher's own number
	Kind       Kind     `json:"kind"`
	Name       string   `json:"name"`
	Aliases    []Alias  `json:"aliases,omitempty"`
	Programmes []string `json:"programmes,omitempty"`
	Measure    Measure  `json:"measure"` // the strongest

	Measures   []Measure     `json:"measures,omitempty"`    // all, the strongest first, where there is more than one
	LegalBasis []string      `json:"legal_basis,omitempty"` // as published: acts, orders, regulations
	Listed     navicert.Date `json:"listed,omitempty"`      // the day of listing, where it is published
	Links      []Link        `json:"links,omitempty"`

	// Vessels.
	IMO         navicert.IMO        `json:"imo,omitempty"`
	MMSIs       []navicert.MMSI     `json:"mmsis,omitempty"`
	CallSigns   []navicert.CallSign `json:"call_signs,omitempty"`
	Flag        navicert.Flag       `json:"flag,omitempty"`
	FormerFlags []navicert.Flag     `json:"former_flags,omitempty"`
	VesselType  string              `json:"vessel_type,omitempty"`
	Tonnage     string              `json:"tonnage,omitempty"` // as published
	GRT         string              `json:"grt,omitempty"`     // as published
	BuildYear   string              `json:"build_year,omitempty"`
	Owner       string              `json:"owner,omitempty"` // as published

	// Persons and organisations.
	BirthDates  []string        `json:"birth_dates,omitempty"` // as published: a year is a year
	Gender      string          `json:"gender,omitempty"`
	Countries   []navicert.Flag `json:"countries,omitempty"` // nationality, citizenship, addresses
	Addresses   []Address       `json:"addresses,omitempty"`
	Identifiers []Identifier    `json:"identifiers,omitempty"`

	Secondary []string `json:"secondary,omitempty"` // secondary sanctions risk, as published
	Remarks   string   `json:"remarks,omitempty"`   // whole, overflow joined
	Row       string   `json:"row"`                 // the source row, verbatim; where it would be thousands of bytes, its beginning and hash
	Simulated bool     `json:"simulated,omitempty"` // invented for a demonstration
}

// Publication is one dated issue of a list as this installation holds it.
type Publication struct {
	List       string         `json:"list"`  // "ofac-sdn"
	Title      string         `json:"title"` // "OFAC Specially Designated Nationals"
	Date       navicert.Date  `json:"publication"`
	Earliest   navicert.Date  `json:"earliest,omitempty"` // only when the day is not known: the first it can have been; age counts from it
	Version    string         `json:"version,omitempty"`  // the publisher's own number of the issue, where its files have one
	SHA256     string         `json:"sha256"`             // of the files, in the format's order
	Entries    int            `json:"entries"`
	Vessels    int            `json:"vessels"`
	WithIMO    int            `json:"vessels_with_imo"`
	Aliases    int            `json:"aliases"`   // as the publisher counts: for OFAC's CSV the rows of alt.csv, without names in remarks; for forms that do not count, as the entries hold
	Addresses  int            `json:"addresses"` // likewise: the rows of add.csv
	Rejected   navicert.Tally `json:"rejected"`
	ImportedAt time.Time      `json:"imported_at"`
	From       string         `json:"from"` // the folder or address it was read from
	MaxAgeDays int            `json:"max_age_days"`
	Simulated  bool           `json:"simulated,omitempty"`
}

// ID names the publication: "ofac-sdn@2025-12-24".
func (p Publication) ID() string { return p.List + "@" + string(p.Date) }

// AgeDays is how many days old the publication is on a day, at the most: where
// the day of publication is not known, from the first that it can have been.
func (p Publication) AgeDays(on navicert.Date) int {
	from := p.Date
	if p.Earliest != "" {
		from = p.Earliest
	}
	return int(on.Start().Sub(from.Start()) / (24 * time.Hour))
}

// State says whether the publication can show, on a day, that somebody is not
// listed: not when it is older than its MaxAgeDays.
func (p Publication) State(on navicert.Date) navicert.SourceState {
	if p.AgeDays(on) > p.MaxAgeDays {
		return navicert.Stale
	}
	return navicert.Current
}

// Store keeps publications.
//
// Put writes a publication and all its entries in one transaction: after a
// crash it is there whole or not at all. Putting the same list, date and hash
// again changes nothing and returns added == false; another hash under the
// same list and date is a navicert.Conflict error. Entries that equal an entry
// of an earlier publication are stored once. All methods are safe for
// concurrent use.
type Store interface {
	Put(ctx context.Context, p Publication, entries []Entry) (added bool, err error)
	// Publications lists all publications by list, then date, oldest first.
	Publications(ctx context.Context) ([]Publication, error)
	// Entries yields the entries of a publication in the order of their IDs'
	// first appearance. An unknown publication is a navicert.NotFound error.
	Entries(ctx context.Context, list string, date navicert.Date) iter.Seq2[Entry, error]
}
