package rule

import (
	"cmp"
	"slices"
	"time"

	"navicert"
)

// Pack is one file of rules and licence records, loaded and checked.
type Pack struct {
	Name     string            `json:"pack"`
	Version  string            `json:"version"`
	Title    string            `json:"title"`
	Recorded navicert.Instant  `json:"recorded,omitzero"` // when it was written down: the default of what its rules and licences say themselves
	Figures  map[string]Figure `json:"figures,omitempty"`
	Rules    []Rule            `json:"rules,omitempty"`
	Licences []LicenceRecord   `json:"licences,omitempty"`

	sha256 string
	source []byte
}

// SHA256 returns the hash of the pack's exact bytes, in hex.
func (p *Pack) SHA256() string { return p.sha256 }

// Source returns a copy of the pack's exact bytes.
func (p *Pack) Source() []byte { return slices.Clone(p.source) }

// Ref names the pack exactly.
func (p *Pack) Ref() navicert.PackRef {
	return navicert.PackRef{Pack: p.Name, Version: p.Version, SHA256: p.sha256}
}

// figurePrefix begins the name of a figure in an expression.
const figurePrefix = "figure."

// Figure is a threshold with a name, its unit and where it comes from; rules
// read it as figure.NAME. One that the law has changed has Values instead of a
// Value: rules then read the one of the day asked about.
type Figure struct {
	Value  float64      `json:"value,omitempty"`
	Unit   string       `json:"unit"`
	Source string       `json:"source"`
	Values []DatedValue `json:"values,omitempty"` // the oldest first
}

// DatedValue is what a figure is from a time on.
type DatedValue struct {
	From   navicert.Instant `json:"from"`
	Value  float64          `json:"value"`
	Source string           `json:"source,omitempty"` // where it differs from the figure's
}

// At returns what the figure is at t; false before its first value.
func (f Figure) At(t time.Time) (value float64, ok bool) {
	if len(f.Values) == 0 {
		return f.Value, true
	}
	for _, v := range f.Values {
		if !v.From.After(t) {
			value, ok = v.Value, true
		}
	}
	return value, ok
}

// Rule is one rule of a pack.
type Rule struct {
	ID       string           `json:"id"`
	Title    string           `json:"title"`
	Valid    Validity         `json:"valid"`
	Known    navicert.Instant `json:"known,omitzero"`   // from when it was on record; absent: see KnownFrom
	Basis    string           `json:"basis"`            // the law, order or principle, with its citation
	Source   string           `json:"source,omitempty"` // where the basis was read
	Outcome  navicert.Outcome `json:"outcome"`          // note, refer or refuse
	ForEach  string           `json:"for_each,omitempty"`
	When     string           `json:"when"`             // CEL
	Text     string           `json:"text"`             // with ${CEL} parts
	Settle   string           `json:"settle,omitempty"` // of refer: what a person must settle; with ${CEL} parts
	Evidence []string         `json:"evidence,omitempty"`
	LiftedBy *LiftedBy        `json:"lifted_by,omitempty"`
	Later    []Wording        `json:"later,omitempty"` // what it says since more was known, the oldest first
	Cases    []Case           `json:"cases,omitempty"`

	program  *program
	recorded time.Time // of the pack
}

// KnownFrom is from when the rule was on record: what it says itself, else what
// its pack says, else the day from which it applies.
func (r *Rule) KnownFrom() time.Time {
	switch {
	case !r.Known.IsZero():
		return r.Known.Time
	case !r.recorded.IsZero():
		return r.recorded
	}
	return r.Valid.From.Time
}

// applies reports whether the rule applies at the world's time asked about and
// was on record by the time up to which knowledge counts.
func (r *Rule) applies(f *Facts) bool { return r.Valid.Holds(f.Now) && r.knownBy(f.KnownAt) }

func (r *Rule) knownBy(t time.Time) bool { return t.IsZero() || !r.KnownFrom().After(t) }

// Wording is what a rule says from when more was known: what it gives takes the
// place of what stood before, and the rest stays. It changes words, never what
// the rule asks: a rule that asks something else is another rule.
type Wording struct {
	Known     navicert.Instant `json:"known"`
	Title     string           `json:"title,omitempty"`
	Basis     string           `json:"basis,omitempty"`
	Source    string           `json:"source,omitempty"`
	Text      string           `json:"text,omitempty"`
	Settle    string           `json:"settle,omitempty"`
	Condition string           `json:"condition,omitempty"` // of lifted_by
}

// first is the wording that a rule begins with.
func (r *Rule) first() Wording {
	w := Wording{Known: navicert.At(r.KnownFrom()), Title: r.Title, Basis: r.Basis, Source: r.Source, Text: r.Text, Settle: r.Settle}
	if r.LiftedBy != nil {
		w.Condition = r.LiftedBy.Condition
	}
	return w
}

// Wordings are all that the rule has said and says, each whole, the oldest first.
func (r *Rule) Wordings() []Wording {
	all := []Wording{r.first()}
	for _, later := range r.Later {
		all = append(all, later.after(&all[len(all)-1]))
	}
	return all
}

// after fills in what a wording leaves as it was.
func (w Wording) after(before *Wording) Wording {
	w.Title, w.Basis, w.Source = cmp.Or(w.Title, before.Title), cmp.Or(w.Basis, before.Basis), cmp.Or(w.Source, before.Source)
	w.Text, w.Settle, w.Condition = cmp.Or(w.Text, before.Text), cmp.Or(w.Settle, before.Settle), cmp.Or(w.Condition, before.Condition)
	return w
}

// Validity is the world time in which a rule applies: from From until To,
// exclusive, or without end.
type Validity struct {
	From navicert.Instant `json:"from"`
	To   navicert.Instant `json:"to,omitzero"`
}

// Holds reports whether the rule applies at t.
func (v Validity) Holds(t time.Time) bool {
	return !t.Before(v.From.Time) && (v.To.IsZero() || t.Before(v.To.Time))
}

// LiftedBy is the condition under which a licence lifts a rule. When is asked
// of every licence in turn, under the name licence; the first for which it
// holds lifts the rule.
type LiftedBy struct {
	When      string `json:"when"`      // CEL
	Condition string `json:"condition"` // for the certificate; with ${CEL} parts
}

// Case is a set of facts and what its rule must make of them.
type Case struct {
	Name   string `json:"name"`
	Facts  Facts  `json:"facts"`          // now is the rule's valid.from unless it is given
	Expect string `json:"expect"`         // the rule's outcome, or ExpectLifted, or ExpectNone
	Says   string `json:"says,omitempty"` // words that the reason's text or condition must hold
}

// What a case may expect besides its rule's outcome.
const (
	ExpectLifted = string(navicert.OutcomeLifted) // a licence lifts the rule
	ExpectNone   = "none"                         // the rule does not fire
)

// program is what a rule compiles to.
type program struct {
	figures  map[string]Figure
	when     *expr
	wordings []wording // the oldest first
	evidence []*expr
	lift     *expr // nil unless the rule can be lifted
}

// wording is what a rule's words compile to.
type wording struct {
	known     time.Time
	basis     string
	text      *template
	settle    *template // nil unless the rule refers
	condition *template // nil unless the rule can be lifted
}

// wording returns the words that were known by t, zero for all that is known.
func (p *program) wording(t time.Time) *wording {
	w := &p.wordings[0]
	for i := range p.wordings[1:] {
		if later := &p.wordings[i+1]; t.IsZero() || !later.known.After(t) {
			w = later
		}
	}
	return w
}

// refuses reports whether the rule can refuse, and so sees only what may.
func (r *Rule) refuses() bool { return r.Outcome == navicert.OutcomeRefuse }
