package rule

import (
	"slices"
	"time"

	"navicert"
)

// Facts is everything that a rule can see of one voyage. Conditions name the
// fields in snake case: vessel.imo, hits.exists(h, h.by == "imo"). A value
// that is unknown is the zero value, and has(vessel.dwt) is false for it.
//
// The comments behind the fields are the words of the vocabulary table in
// docs/rules.md, which a test compares with this file.
type Facts struct {
	Now       time.Time  `json:"now"`               // the world's time asked about; required
	KnownAt   time.Time  `json:"known_at,omitzero"` // rules recorded later do not apply; zero: all apply
	Vessel    Vessel     `json:"vessel,omitzero"`
	Parties   []Party    `json:"parties,omitempty"`
	Voyage    Voyage     `json:"voyage,omitzero"`
	Route     Route      `json:"route,omitzero"`
	Cargo     Cargo      `json:"cargo,omitzero"`
	Hits      []Hit      `json:"hits,omitempty"`
	Holdings  []Holding  `json:"holdings,omitempty"`
	Events    []Event    `json:"events,omitempty"`
	Zones     []Zone     `json:"zones,omitempty"`
	Incidents []Incident `json:"incidents,omitempty"`
	Licences  []Licence  `json:"licences,omitempty"`
	Sources   []Source   `json:"sources,omitempty"`
}

// Vessel is the vessel asked about, as declared.
type Vessel struct {
	IMO    string  `cel:"imo" json:"imo,omitzero"`       // IMO number, seven digits
	MMSI   string  `cel:"mmsi" json:"mmsi,omitzero"`     // MMSI, nine digits
	Name   string  `cel:"name" json:"name,omitzero"`     // name as declared
	Flag   string  `cel:"flag" json:"flag,omitzero"`     // flag state, ISO 3166-1 alpha-2
	Kind   string  `cel:"kind" json:"kind,omitzero"`     // "oil_tanker", "bulk_carrier", …
	DWT    float64 `cel:"dwt" json:"dwt,omitzero"`       // deadweight in tonnes
	Tanker bool    `cel:"tanker" json:"tanker,omitzero"` // its kind is that of a tanker
	Listed bool    `cel:"listed" json:"listed,omitzero"` // a list entry matches it by identity
	Owned  bool    `cel:"owned" json:"owned,omitzero"`   // listed persons own it, by settled facts
}

// Party is one declared party.
type Party struct {
	Role    string `cel:"role" json:"role,omitzero"`       // owner, operator, charterer, shipper, consignee, …
	Name    string `cel:"name" json:"name,omitzero"`       // name as declared
	Country string `cel:"country" json:"country,omitzero"` // ISO 3166-1 alpha-2
}

// Voyage is the planned voyage.
type Voyage struct {
	From        string    `cel:"from" json:"from,omitzero"`                 // place of departure: UN/LOCODE or LAT,LON
	To          string    `cel:"to" json:"to,omitzero"`                     // place of arrival
	Via         []string  `cel:"via" json:"via,omitzero"`                   // places between
	FromCountry string    `cel:"from_country" json:"from_country,omitzero"` // alpha-2 code of the place of departure
	ToCountry   string    `cel:"to_country" json:"to_country,omitzero"`     // alpha-2 code of the place of arrival
	Countries   []string  `cel:"countries" json:"countries,omitzero"`       // alpha-2 codes of every place named
	ETD         time.Time `cel:"etd" json:"etd,omitzero"`                   // planned departure
	ETA         time.Time `cel:"eta" json:"eta,omitzero"`                   // planned arrival
	Arrival     time.Time `cel:"arrival" json:"arrival,omitzero"`           // the ETA; without one, or when no ship arrives so early, that reckoned over the route
}

// Route is the line along which the voyage was looked at.
type Route struct {
	LengthNM float64 `cel:"length_nm" json:"length_nm,omitzero"` // its length in nautical miles
	SpeedKn  float64 `cel:"speed_kn" json:"speed_kn,omitzero"`   // speed at which times on it were reckoned, in knots
	Complete bool    `cel:"complete" json:"complete,omitzero"`   // the position of every place named is known
	Unknown  string  `cel:"unknown" json:"unknown,omitzero"`     // why the way between the places named is not known, while zones are held
}

// Cargo is what is carried, as declared.
type Cargo struct {
	Kind        string  `cel:"kind" json:"kind,omitzero"`                   // "crude_oil", "petroleum_products", "grain", …
	Grade       string  `cel:"grade" json:"grade,omitzero"`                 // grade or origin mark as declared
	Quantity    float64 `cel:"quantity" json:"quantity,omitzero"`           // amount in unit
	Unit        string  `cel:"unit" json:"unit,omitzero"`                   // "t", "bbl", …
	Origin      string  `cel:"origin" json:"origin,omitzero"`               // alpha-2 code of the country where it was produced
	PriceUSDBbl float64 `cel:"price_usd_bbl" json:"price_usd_bbl,omitzero"` // of oil: US dollars a barrel, without freight and insurance
	Attestation string  `cel:"attestation" json:"attestation,omitzero"`     // that a price cap was kept: the document, by whom and when
}

// Hit is one list entry that matched the vessel or a party.
type Hit struct {
	Subject     string              `cel:"subject" json:"subject,omitzero"`           // "vessel" or "party"
	Role        string              `cel:"role" json:"role,omitzero"`                 // role of the party
	Asked       string              `cel:"asked" json:"asked,omitzero"`               // the vessel's or party's name as declared
	List        string              `cel:"list" json:"list,omitzero"`                 // "ofac-sdn"
	Publication string              `cel:"publication" json:"publication,omitzero"`   // the list's date of issue
	Entry       string              `cel:"entry" json:"entry,omitzero"`               // the publisher's number of the entry
	Kind        string              `cel:"kind" json:"kind,omitzero"`                 // "vessel", "person", "organization", "aircraft"; "unknown": the list does not say which of a person and an organisation it is
	Name        string              `cel:"name" json:"name,omitzero"`                 // the entry's primary name
	MatchedName string              `cel:"matched_name" json:"matched_name,omitzero"` // the name or alias that matched
	Programmes  []string            `cel:"programmes" json:"programmes,omitzero"`     // sanctions programmes of the entry
	Measure     string              `cel:"measure" json:"measure,omitzero"`           // the strongest: "block", "port_ban", "services_ban", "detention", "deregister", "restrict", "export_control", "travel_ban", "watch"
	By          string              `cel:"by" json:"by,omitzero"`                     // what matched: "imo", "mmsi", "call_sign", "name"
	Identity    bool                `cel:"identity" json:"identity,omitzero"`         // the match identifies the entry; false: a person must look
	Score       float64             `cel:"score" json:"score,omitzero"`               // 0 to 1
	Secondary   bool                `cel:"secondary" json:"secondary,omitzero"`       // the entry states a secondary sanctions risk
	Evidence    []navicert.Evidence `cel:"-" json:"evidence,omitempty"`
}

// lesser are the measures that block nothing.
var lesser = []string{"port_ban", "services_ban", "restrict", "detention", "deregister", "export_control", "travel_ban", "watch"}

// blocks reports whether the entry blocks: one that does not say what it demands,
// or says it in a word that is not known here, is taken to.
func (h *Hit) blocks() bool { return !slices.Contains(lesser, h.Measure) }

// Holding is what one law says of listed persons who own or control the vessel
// or a party.
type Holding struct {
	Subject    string              `cel:"subject" json:"subject,omitzero"`       // "vessel" or "party"
	Role       string              `cel:"role" json:"role,omitzero"`             // role of the party
	Asked      string              `cel:"asked" json:"asked,omitzero"`           // the vessel's or party's name as declared
	Regime     string              `cel:"regime" json:"regime,omitzero"`         // whose test: "ofac", "eu", "uk", "other"
	Result     string              `cel:"result" json:"result,omitzero"`         // "owned", "controlled", "cannot_tell", "minority"
	Settled    bool                `cel:"settled" json:"settled,omitzero"`       // owned, by facts that somebody answers for and parties matched by identity
	Least      float64             `cel:"least" json:"least,omitzero"`           // percent that listed persons own at the least
	Most       float64             `cel:"most" json:"most,omitzero"`             // percent that they may own at the most
	Owners     []string            `cel:"owners" json:"owners,omitzero"`         // the listed persons
	Programmes []string            `cel:"programmes" json:"programmes,omitzero"` // their sanctions programmes
	Law        string              `cel:"law" json:"law,omitzero"`               // the test and its source
	Text       string              `cel:"text" json:"text,omitzero"`             // the result in a sentence
	Evidence   []navicert.Evidence `cel:"-" json:"evidence,omitempty"`
}

// Event is a behaviour event of the vessel.
type Event struct {
	ID          string              `cel:"id" json:"id,omitzero"`                       // identifier
	Kind        string              `cel:"kind" json:"kind,omitzero"`                   // "gap", "zone", "encounter", "transfer", "spoofing", …: the kinds of docs/behaviour.md; "silence": the time since the vessel's last position, when that is six hours or more
	Start       time.Time           `cel:"start" json:"start,omitzero"`                 // when it began
	End         time.Time           `cel:"end" json:"end,omitzero"`                     // when it ended, unknown while open
	Open        bool                `cel:"open" json:"open,omitzero"`                   // it has not ended
	Hours       float64             `cel:"hours" json:"hours,omitzero"`                 // how long it has lasted
	Zone        string              `cel:"zone" json:"zone,omitzero"`                   // of a zone event: the zone's name
	NearZone    string              `cel:"near_zone" json:"near_zone,omitzero"`         // name of the nearest zone then in force, when one is near
	NearNM      float64             `cel:"near_nm" json:"near_nm,omitzero"`             // distance to near_zone in nautical miles; 0 inside it
	Explanation string              `cel:"explanation" json:"explanation,omitzero"`     // its class: of a gap "unexplained", "coverage", "outage", "jamming", "cannot_tell", "explained"; of a silence "received", "not_received", "not_known"; of other kinds as their pages say
	Other       string              `cel:"other" json:"other,omitzero"`                 // MMSI of the other vessel, of a meeting or of an IMO number in double use
	OtherListed bool                `cel:"other_listed" json:"other_listed,omitzero"`   // the other vessel is on a list, by identity, on the day asked about
	Logged      bool                `cel:"logged" json:"logged,omitzero"`               // of a gap: an entry in the ship's log gives a reason for it
	AgeDays     float64             `cel:"age_days" json:"age_days,omitzero"`           // days from its end (its start while open) to now
	ZoneInForce bool                `cel:"zone_in_force" json:"zone_in_force,omitzero"` // of a zone event: the zone was in force then
	ZoneEffect  string              `cel:"zone_effect" json:"zone_effect,omitzero"`     // of a zone event: "prohibits", "restricts", "warns"
	ZoneApplies bool                `cel:"zone_applies" json:"zone_applies,omitzero"`   // of a zone event: the zone's scope covers the vessel
	Evidence    []navicert.Evidence `cel:"-" json:"evidence,omitempty"`
}

// Zone is a zone that the planned route enters.
type Zone struct {
	ID        string              `cel:"id" json:"id,omitzero"`               // identifier
	Name      string              `cel:"name" json:"name,omitzero"`           // name
	Kind      string              `cel:"kind" json:"kind,omitzero"`           // "blockade", "danger", "listed_area", "territorial_sea", "closure"
	Effect    string              `cel:"effect" json:"effect,omitzero"`       // "prohibits", "restricts", "warns"
	Order     string              `cel:"order" json:"order,omitzero"`         // the order it comes from; readings of one order share it
	Authority string              `cel:"authority" json:"authority,omitzero"` // who made the order
	Publisher string              `cel:"publisher" json:"publisher,omitzero"` // who reports it
	Scope     string              `cel:"scope" json:"scope,omitzero"`         // the scope's own words, as reported
	InForce   bool                `cel:"in_force" json:"in_force,omitzero"`   // in force when the ship would be there
	Applies   bool                `cel:"applies" json:"applies,omitzero"`     // this reading of the scope covers the vessel
	ByKind    bool                `cel:"by_kind" json:"by_kind,omitzero"`     // its scope names kinds of vessel
	ByFlag    bool                `cel:"by_flag" json:"by_flag,omitzero"`     // its scope names flags
	Contested bool                `cel:"contested" json:"contested,omitzero"` // readings of the same order disagree about the vessel
	Entry     time.Time           `cel:"entry" json:"entry,omitzero"`         // when the ship would enter
	Terminal  bool                `cel:"terminal" json:"terminal,omitzero"`   // the port of departure or arrival lies in it
	Evidence  []navicert.Evidence `cel:"-" json:"evidence,omitempty"`
}

// Incident is what claims say happened near the route, or to the vessel or a
// party: an attack, a seizure, a closed port.
type Incident struct {
	ID        string              `cel:"id" json:"id,omitzero"`               // identifier
	Kind      string              `cel:"kind" json:"kind,omitzero"`           // "attack", "seizure", "boarding", "closure", …
	Start     time.Time           `cel:"start" json:"start,omitzero"`         // when it is said to have happened, or begun
	AgeDays   float64             `cel:"age_days" json:"age_days,omitzero"`   // days from then to now
	Place     string              `cel:"place" json:"place,omitzero"`         // where, in words
	Located   bool                `cel:"located" json:"located,omitzero"`     // its position is known
	NearNM    float64             `cel:"near_nm" json:"near_nm,omitzero"`     // if located: distance to the route in nautical miles
	Vessel    bool                `cel:"vessel" json:"vessel,omitzero"`       // a claim names the vessel
	Party     string              `cel:"party" json:"party,omitzero"`         // the declared party that a claim names, "" when none
	Actor     string              `cel:"actor" json:"actor,omitzero"`         // who is said to have acted
	Contested bool                `cel:"contested" json:"contested,omitzero"` // claims contradict each other about actor, date, place or scope
	Reviewed  bool                `cel:"reviewed" json:"reviewed,omitzero"`   // a person has accepted it; false: claims as they were read
	Claims    int                 `cel:"claims" json:"claims,omitzero"`       // claims that tell of it
	Sources   int                 `cel:"sources" json:"sources,omitzero"`     // sources that do not repeat one another
	Text      string              `cel:"text" json:"text,omitzero"`           // it in a sentence
	Evidence  []navicert.Evidence `cel:"-" json:"evidence,omitempty"`
}

// Licence is a licence record that could bear on the voyage, or a licence that
// the voyage relies on and no record is held of.
type Licence struct {
	ID                string              `cel:"id" json:"id,omitzero"`                                 // identifier
	Kind              string              `cel:"kind" json:"kind,omitzero"`                             // "general" or "specific"
	Authority         string              `cel:"authority" json:"authority,omitzero"`                   // who gave it
	Title             string              `cel:"title" json:"title,omitzero"`                           // title
	Claimed           bool                `cel:"claimed" json:"claimed,omitzero"`                       // the voyage relies on it
	Found             bool                `cel:"found" json:"found,omitzero"`                           // a record of it is held
	InForce           bool                `cel:"in_force" json:"in_force,omitzero"`                     // in force at the voyage's time
	From              time.Time           `cel:"from" json:"from,omitzero"`                             // authorises from
	Until             time.Time           `cel:"until" json:"until,omitzero"`                           // authorises until, exclusive; unknown: no end recorded
	ReplacedBy        string              `cel:"replaced_by" json:"replaced_by,omitzero"`               // the licence that has taken its place by the voyage's time
	Programmes        []string            `cel:"programmes" json:"programmes,omitzero"`                 // sanctions programmes it is given under
	Acts              []string            `cel:"acts" json:"acts,omitzero"`                             // acts it authorises
	Goods             []string            `cel:"goods" json:"goods,omitzero"`                           // cargo kinds it authorises; "any" for all, empty for none
	Countries         []string            `cel:"countries" json:"countries,omitzero"`                   // loading countries it extends to; "any" for all, empty for none
	Destinations      []string            `cel:"destinations" json:"destinations,omitzero"`             // discharging countries it is limited to; empty: no limit
	ExcludedCountries []string            `cel:"excluded_countries" json:"excluded_countries,omitzero"` // countries whose persons and ports it excludes
	Party             string              `cel:"party" json:"party,omitzero"`                           // the declared party that it names, "" when none
	AnyPerson         bool                `cel:"any_person" json:"any_person,omitzero"`                 // anyone may use it
	Who               string              `cel:"who" json:"who,omitzero"`                               // a class of persons who may use it, in words
	BlockedVessels    bool                `cel:"blocked_vessels" json:"blocked_vessels,omitzero"`       // it extends to blocked vessels
	CannotLift        []string            `cel:"cannot_lift" json:"cannot_lift,omitzero"`               // what stays forbidden whatever it covers: "blocked_vessel", "unblocking", "other_blocked"
	Vessels           []string            `cel:"vessels" json:"vessels,omitzero"`                       // IMO numbers it is limited to; empty: no limit
	Exclusions        []string            `cel:"exclusions" json:"exclusions,omitzero"`                 // what it does not authorise, in words
	Conditions        []string            `cel:"conditions" json:"conditions,omitzero"`                 // conditions that its user must keep, in words
	Reports           []string            `cel:"reports" json:"reports,omitzero"`                       // reports that its user must make, in words
	Evidence          []navicert.Evidence `cel:"-" json:"evidence,omitempty"`
}

// Source is a source that was searched, or should have been.
type Source struct {
	ID         string              `cel:"id" json:"id,omitzero"`                     // "ofac-sdn"
	Kind       string              `cel:"kind" json:"kind,omitzero"`                 // "list", "ais", "zones", "rules", "licence"
	State      string              `cel:"state" json:"state,omitzero"`               // "current", "stale", "missing"
	AgeDays    int                 `cel:"age_days" json:"age_days,omitzero"`         // days since it was issued
	MaxAgeDays int                 `cel:"max_age_days" json:"max_age_days,omitzero"` // older than this is stale
	Evidence   []navicert.Evidence `cel:"-" json:"evidence,omitempty"`
}
