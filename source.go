package navicert

// SourceKind says what sort of thing was looked at.
type SourceKind string

// The kinds of source.
const (
	SourceList    SourceKind = "list"    // a sanctions list
	SourceAIS     SourceKind = "ais"     // positions and events
	SourceZones   SourceKind = "zones"   // zones in force
	SourceRules   SourceKind = "rules"   // a rule pack
	SourceLicence SourceKind = "licence" // licence records

	SourceOwnership SourceKind = "ownership" // facts of who owns whom
	SourceCoverage  SourceKind = "coverage"  // what receivers heard of others
)

// SourceState says how far a source can be relied on at the time asked about.
type SourceState string

// The states; only current lets an absence count as a finding.
const (
	Current SourceState = "current"
	Stale   SourceState = "stale"
	Missing SourceState = "missing"
)

// Searched is one source that was looked at, or that should have been: absence
// from it is a finding only together with its date, hash and size.
type Searched struct {
	Kind        SourceKind  `json:"kind"`
	Source      string      `json:"source"`                // "ofac-sdn"
	Title       string      `json:"title,omitempty"`       // what it is, for a reader
	Publication Date        `json:"publication,omitempty"` // the day the publisher issued it
	SHA256      string      `json:"sha256,omitempty"`
	Entries     int         `json:"entries"`
	AgeDays     int         `json:"age_days"`
	MaxAgeDays  int         `json:"max_age_days,omitempty"` // older than this is stale
	State       SourceState `json:"state"`
	PullFailed  Instant     `json:"pull_failed,omitzero"` // when its publisher was asked last, in vain: it is stale until he answers
	Simulated   bool        `json:"simulated,omitempty"`
	Found       int         `json:"found"` // how many entries matched
}

// NotSearched is something that could not be looked at, and why.
type NotSearched struct {
	Kind   SourceKind `json:"kind"`
	Source string     `json:"source"`
	Why    string     `json:"why"`
}

// Input pins one thing that a certificate was computed from.
type Input struct {
	Source string `json:"source"` // "ofac-sdn@2025-12-24", "rules/general@2026.1"
	SHA256 string `json:"sha256"`
}

// EvidenceKind says what a piece of evidence is.
type EvidenceKind string

// The kinds of evidence.
const (
	EvidenceListEntry EvidenceKind = "list_entry"
	EvidenceFix       EvidenceKind = "fix"
	EvidenceReport    EvidenceKind = "report" // a static report
	EvidenceEvent     EvidenceKind = "event"
	EvidenceZone      EvidenceKind = "zone"
	EvidenceRoute     EvidenceKind = "route"
	EvidenceLicence   EvidenceKind = "licence"
	EvidenceSource    EvidenceKind = "source"
	EvidenceVoyage    EvidenceKind = "voyage" // what the applicant declared
	EvidenceOwnership EvidenceKind = "ownership"
	EvidenceClearing  EvidenceKind = "clearing" // a person's finding that a hit is somebody else

	EvidenceSettlement EvidenceKind = "settlement" // how a person settled what a reason referred for
	EvidenceCoverage   EvidenceKind = "coverage"   // what receivers heard of others at a place
)

// Evidence is one thing that a reason rests on: a list row in a dated
// publication, a position fix, a zone's text, a licence.
type Evidence struct {
	Kind        EvidenceKind  `json:"kind"`
	Source      string        `json:"source"`                // list, file, feed or pack it comes from
	Publication Date          `json:"publication,omitempty"` // of a list or order
	Ref         string        `json:"ref,omitempty"`         // entry number, event id, zone id, licence id
	Text        string        `json:"text"`                  // what it says, verbatim where the source has words
	Time        Instant       `json:"time,omitzero"`
	Position    Opt[Position] `json:"position,omitzero"`
}
