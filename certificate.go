package navicert

// Verdict is the answer of a certificate.
type Verdict string

// The verdicts, mildest first.
const (
	Clear  Verdict = "clear"  // nothing found, and everything required was looked at
	Refer  Verdict = "refer"  // a person must settle something first
	Refuse Verdict = "refuse" // a listed identity, or a rule over reviewed facts
)

// rank orders verdicts from mild to strict.
func (v Verdict) rank() int {
	switch v {
	case Refer:
		return 1
	case Refuse:
		return 2
	}
	return 0
}

// Stricter returns the stricter of two verdicts.
func (v Verdict) Stricter(o Verdict) Verdict {
	if o.rank() > v.rank() {
		return o
	}
	return v
}

// Outcome is what one rule says: a verdict, or that it was lifted, or a note.
type Outcome string

// The outcomes of a reason. A lifted reason would have held but for a licence, a
// settled one would refer but for what a person found; a note informs and
// decides nothing.
const (
	OutcomeNote    Outcome = "note"
	OutcomeRefer   Outcome = "refer"
	OutcomeRefuse  Outcome = "refuse"
	OutcomeLifted  Outcome = "lifted"
	OutcomeSettled Outcome = "settled"
)

// Strictness orders outcomes, the strictest first.
func (o Outcome) Strictness() int {
	switch o {
	case OutcomeRefuse:
		return 0
	case OutcomeRefer:
		return 1
	case OutcomeSettled:
		return 2
	case OutcomeLifted:
		return 3
	}
	return 4
}

// Verdict returns the verdict that an outcome asks for.
func (o Outcome) Verdict() Verdict {
	switch o {
	case OutcomeRefer:
		return Refer
	case OutcomeRefuse:
		return Refuse
	}
	return Clear
}

// Lift names the licence that lifted a reason, under which condition and until
// when.
type Lift struct {
	Licence   string  `json:"licence"`
	Condition string  `json:"condition"`
	Until     Instant `json:"until,omitzero"`
}

// Settled names the person who settled what a reason referred for, and until
// when that holds.
type Settled struct {
	ID    string  `json:"id"`
	Who   string  `json:"who"`
	What  string  `json:"what,omitempty"` // what was seen or done
	Why   string  `json:"why"`
	At    Instant `json:"at"`
	Until Date    `json:"until"` // the last day on which it holds
}

// Reason is one rule that fired.
type Reason struct {
	Rule      string     `json:"rule"` // "general/listed-vessel"
	Outcome   Outcome    `json:"outcome"`
	Basis     string     `json:"basis"` // the law, order or principle
	Text      string     `json:"text"`
	Settle    string     `json:"settle,omitempty"` // for refer and settled: what a person must settle
	Matter    string     `json:"matter,omitempty"` // for refer and settled: what it is about, and a hash of what that rests on
	Evidence  []Evidence `json:"evidence"`
	LiftedBy  *Lift      `json:"lifted_by,omitempty"`
	SettledBy *Settled   `json:"settled_by,omitempty"`

	// About tells the facts apart that one rule is asked about: which party and
	// which entry, which event. It is no part of a certificate.
	About string `json:"-"`
}

// PackRef names a rule pack exactly.
type PackRef struct {
	Pack    string `json:"pack"`
	Version string `json:"version"`
	SHA256  string `json:"sha256"`
}

// RulesRef names all the rules that a certificate applied. With several packs
// the names and versions are joined with "+", and SHA256 is the hash of the
// packs' hashes in that order.
type RulesRef struct {
	PackRef
	Packs []PackRef `json:"packs"`
}

// Certificate is the answer for one voyage: the verdict, why, what was
// searched, what could not be looked at, and the inputs it can be recomputed
// from.
type Certificate struct {
	ID          string        `json:"id"` // hash of everything but ID, IssuedAt, Engine, Digest and Seal
	Verdict     Verdict       `json:"verdict"`
	Subject     Voyage        `json:"subject"`
	AsOf        Instant       `json:"as_of"`    // the world's time asked about
	KnownAt     Instant       `json:"known_at"` // only what this installation held by then was used
	IssuedAt    Instant       `json:"issued_at"`
	Reasons     []Reason      `json:"reasons"`
	Searched    []Searched    `json:"searched"`
	NotSearched []NotSearched `json:"not_searched"`
	Events      []Event       `json:"events"`
	Route       []RoutePoint  `json:"route,omitempty"`
	Way         *Way          `json:"way,omitempty"` // over sea lanes, when one is known
	Rules       RulesRef      `json:"rules"`
	Inputs      []Input       `json:"inputs"`
	Simulated   bool          `json:"simulated,omitempty"` // any part of it rests on invented data
	Engine      string        `json:"engine"`
	Digest      string        `json:"digest"`         // "sha256:…" over the canonical bytes without Digest and Seal
	Seal        *Seal         `json:"seal,omitempty"` // absent until it is in the log
}

// Seal proves who issued a certificate and that it is in the issuer's log: the
// issuer's signature over identifier and digest, and a checkpoint of the log
// with the proof that these are in it. docs/seal.md says how each is checked.
type Seal struct {
	Log        string   `json:"log"`        // the name of the installation and of its log
	Key        string   `json:"key"`        // the public key that signed: name+hash+base64
	Signature  string   `json:"signature"`  // over the entry, in base64
	Index      uint64   `json:"index"`      // of the entry in the log, from 0
	Checkpoint string   `json:"checkpoint"` // a signed note: the log's name, size and root hash
	Proof      []string `json:"proof"`      // hashes from the entry to the root, in base64
}

// RoutePoint is a place on the planned route.
type RoutePoint struct {
	Name     string   `json:"name"`
	Position Position `json:"position"`
}

// Way is how the ship would get from place to place of the route: a shape for
// display and for screening, not for navigation. No other way is offered.
type Way struct {
	Source       string       `json:"source"` // the network of sea lanes
	Caveat       string       `json:"caveat"`
	LengthNM     float64      `json:"length_nm"`
	AshoreNM     float64      `json:"ashore_nm,omitempty"` // of it on land by the coast of 1:10 million
	SpeedKn      float64      `json:"speed_kn"`            // over the whole way
	SpeedAssumed bool         `json:"speed_assumed"`       // the voyage does not give ETD and ETA
	Passages     []WayPassage `json:"passages"`
	Zones        []WayZone    `json:"zones"` // entered on the way, in or out of force
	Line         []Position   `json:"line"`
}

// WayPassage is a canal, a strait or a cape on a way.
type WayPassage struct {
	Name string  `json:"name"`
	NM   float64 `json:"nm"` // from the departure
	Time Instant `json:"time"`
}

// WayZone is one stretch of a way inside a zone.
type WayZone struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Entry   Instant `json:"entry"`
	Exit    Instant `json:"exit"`
	NM      float64 `json:"nm"` // inside
	InForce bool    `json:"in_force"`
}
