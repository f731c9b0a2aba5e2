package rule

import (
	"time"

	"navicert"
)

// Facts is everything that a rule can see of one voyage. Conditions name the
// fields in snake case: vessel.imo, hits.exists(h, h.by == "imo"). A value
// that is unknown is the zero value, and has(vessel.dwt) is false for it.
type Facts struct {
	Now      time.Time
	Vessel   Vessel
	Parties  []Party
	Voyage   Voyage
	Cargo    Cargo
	Hits     []Hit
	Events   []Event
	Zones    []Zone
	Licences []Licence
	Sources  []Source
}

// Vessel is the vessel asked about, as declared.
type Vessel struct {
	IMO    string  `cel:"imo"` // seven digits
	MMSI   string  `cel:"mmsi"`
	Name   string  `cel:"name"`
	Flag   string  `cel:"flag"`
	Kind   string  `cel:"kind"`
	DWT    float64 `cel:"dwt"`
	Tanker bool    `cel:"tanker"`
	Listed bool    `cel:"listed"` // a list entry matches it by identity
}

// Party is one declared party.
type Party struct {
	Role    string `cel:"role"`
	Name    string `cel:"name"`
	Country string `cel:"country"`
}

// Voyage is the planned voyage; countries are alpha-2 codes.
type Voyage struct {
	From        string    `cel:"from"`
	To          string    `cel:"to"`
	Via         []string  `cel:"via"`
	FromCountry string    `cel:"from_country"`
	ToCountry   string    `cel:"to_country"`
	Countries   []string  `cel:"countries"` // of every place named
	ETD         time.Time `cel:"etd"`
	ETA         time.Time `cel:"eta"`
}

// Cargo is what is carried, as declared.
type Cargo struct {
	Kind     string  `cel:"kind"`
	Grade    string  `cel:"grade"`
	Quantity float64 `cel:"quantity"`
	Unit     string  `cel:"unit"`
}

// Hit is one list entry that matched the vessel or a party.
type Hit struct {
	Subject     string   `cel:"subject"` // "vessel" or "party"
	Role        string   `cel:"role"`    // of the party
	Asked       string   `cel:"asked"`   // the vessel's or party's name as declared
	List        string   `cel:"list"`
	Publication string   `cel:"publication"`
	Entry       string   `cel:"entry"`
	Kind        string   `cel:"kind"`
	Name        string   `cel:"name"`
	MatchedName string   `cel:"matched_name"`
	Programmes  []string `cel:"programmes"`
	Measure     string   `cel:"measure"` // "block", "port_ban", …
	By          string   `cel:"by"`      // "imo", "mmsi", "call_sign", "name"
	Identity    bool     `cel:"identity"`
	Score       float64  `cel:"score"`
	Secondary   bool     `cel:"secondary"` // secondary sanctions risk stated
	Evidence    []navicert.Evidence
}

// Event is a behaviour event of the vessel.
type Event struct {
	ID          string    `cel:"id"`
	Kind        string    `cel:"kind"`
	Start       time.Time `cel:"start"`
	End         time.Time `cel:"end"`
	Open        bool      `cel:"open"`
	Hours       float64   `cel:"hours"`
	Zone        string    `cel:"zone"`          // for zone events
	NearZone    string    `cel:"near_zone"`     // name of the nearest zone then in force, within NearNM
	NearNM      float64   `cel:"near_nm"`       // distance to it
	Explanation string    `cel:"explanation"`   // "unexplained", "coverage", "outage", "cannot_tell", "explained"
	AgeDays     float64   `cel:"age_days"`      // from its end (or start while open) to now
	ZoneInForce bool      `cel:"zone_in_force"` // for zone events: the zone was in force then
	ZoneEffect  string    `cel:"zone_effect"`
	ZoneApplies bool      `cel:"zone_applies"`
	Evidence    []navicert.Evidence
}

// Zone is a zone that the planned route enters.
type Zone struct {
	ID        string    `cel:"id"`
	Name      string    `cel:"name"`
	Kind      string    `cel:"kind"`
	Effect    string    `cel:"effect"`
	Order     string    `cel:"order"`
	Authority string    `cel:"authority"`
	Scope     string    `cel:"scope"`     // the scope's words
	InForce   bool      `cel:"in_force"`  // when the ship would be there
	Applies   bool      `cel:"applies"`   // this reading of the scope covers the vessel
	Contested bool      `cel:"contested"` // readings of the same order disagree about the vessel
	Entry     time.Time `cel:"entry"`     // when the ship would enter, zero when unknown
	Terminal  bool      `cel:"terminal"`  // the port of departure or arrival lies in it
	Evidence  []navicert.Evidence
}

// Licence is a licence record that could bear on the voyage.
type Licence struct {
	ID             string    `cel:"id"`
	Kind           string    `cel:"kind"` // "general" or "specific"
	Authority      string    `cel:"authority"`
	Title          string    `cel:"title"`
	Claimed        bool      `cel:"claimed"`  // the voyage relies on it
	Found          bool      `cel:"found"`    // a record of it is held
	InForce        bool      `cel:"in_force"` // at the voyage's time
	From           time.Time `cel:"from"`
	Until          time.Time `cel:"until"`
	Programmes     []string  `cel:"programmes"`
	Acts           []string  `cel:"acts"`
	Goods          []string  `cel:"goods"`           // cargo kinds
	Countries      []string  `cel:"countries"`       // loading countries
	Party          string    `cel:"party"`           // the declared party that is an eligible person, "" when none
	BlockedVessels bool      `cel:"blocked_vessels"` // it extends to blocked vessels
	Vessels        []string  `cel:"vessels"`         // IMO numbers it names
	Evidence       []navicert.Evidence
}

// Source is a source that was searched, or should have been.
type Source struct {
	ID         string `cel:"id"`
	Kind       string `cel:"kind"` // navicert.SourceKind
	State      string `cel:"state"`
	AgeDays    int    `cel:"age_days"`
	MaxAgeDays int    `cel:"max_age_days"`
	Evidence   []navicert.Evidence
}
