package rule

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types/ref"

	"navicert"
)

// Set is the packs in force, together. It does not change and is safe for
// concurrent use.
type Set struct {
	packs    []*Pack
	rules    []entry // by id
	licences []LicenceRecord
}

// entry is a rule under its full identifier.
type entry struct {
	id   string // "general/listed-vessel"
	rule *Rule
}

const opEvaluate = "rules evaluate"

// NewSet joins packs. A pack, or a licence, that is there twice is a conflict.
func NewSet(packs ...*Pack) (*Set, error) {
	s := &Set{packs: slices.Clone(packs)}
	seenPack, seenLicence := map[string]bool{}, map[string]string{}
	for _, p := range packs {
		if seenPack[p.Name] {
			return nil, navicert.Errorf(navicert.Conflict, "rules", p.Name, "the pack is given twice")
		}
		seenPack[p.Name] = true
		for i := range p.Rules {
			s.rules = append(s.rules, entry{p.Name + "/" + p.Rules[i].ID, &p.Rules[i]})
		}
		for _, l := range p.Licences {
			if other := seenLicence[l.ID]; other != "" {
				return nil, navicert.Errorf(navicert.Conflict, "rules", p.Name, "licence %s is in pack %s too", l.ID, other)
			}
			seenLicence[l.ID] = p.Name
			s.licences = append(s.licences, l)
		}
	}
	slices.SortFunc(s.rules, func(a, b entry) int { return cmp.Compare(a.id, b.id) })
	slices.SortFunc(s.licences, func(a, b LicenceRecord) int { return cmp.Compare(a.ID, b.ID) })
	return s, nil
}

// Ref names the packs exactly.
func (s *Set) Ref() navicert.RulesRef {
	var r navicert.RulesRef
	var names, versions []string
	h := sha256.New()
	for _, p := range s.packs {
		r.Packs = append(r.Packs, p.Ref())
		names, versions = append(names, p.Name), append(versions, p.Version)
		h.Write([]byte(p.sha256 + "\n"))
	}
	r.Pack, r.Version = strings.Join(names, "+"), strings.Join(versions, "+")
	r.SHA256 = hex.EncodeToString(h.Sum(nil))
	if len(s.packs) == 1 {
		r.SHA256 = s.packs[0].sha256
	}
	return r
}

// Packs returns the packs in the order given.
func (s *Set) Packs() []*Pack { return slices.Clone(s.packs) }

// Licences returns the licence records of all packs, by id.
func (s *Set) Licences() []LicenceRecord { return slices.Clone(s.licences) }

// Licence returns the record of a licence, and false when none is held.
func (s *Set) Licence(id string) (LicenceRecord, bool) {
	i, ok := slices.BinarySearchFunc(s.licences, id, func(l LicenceRecord, id string) int { return cmp.Compare(l.ID, id) })
	if !ok {
		return LicenceRecord{}, false
	}
	return s.licences[i], true
}

// Rule returns a rule and its full identifier; the pack's name may be left out
// where one pack only has such a rule.
func (s *Set) Rule(id string) (string, *Rule, error) {
	e, err := s.find(id)
	if err != nil {
		return "", nil, err
	}
	return e.id, e.rule, nil
}

func (s *Set) find(id string) (entry, error) {
	var found []entry
	for _, e := range s.rules {
		if e.id == id || e.rule.ID == id {
			found = append(found, e)
		}
	}
	switch len(found) {
	case 0:
		return entry{}, navicert.Errorf(navicert.NotFound, "rules", id, "no such rule").WithHint("navicert rules list shows them")
	case 1:
		return found[0], nil
	}
	return entry{}, navicert.Errorf(navicert.Conflict, "rules", id, "several packs have such a rule").WithHint("write PACK/RULE, for example " + found[0].id)
}

// Evaluate asks every rule that applies at facts.Now and returns the reasons
// of those that fire: the strictest first, then by rule, then in the order of
// the facts. A rule that cannot be evaluated is an error: it is never taken
// for one that did not fire.
func (s *Set) Evaluate(facts *Facts) ([]navicert.Reason, error) {
	e, err := newEvaluation(facts)
	if err != nil {
		return nil, err
	}
	reasons := []navicert.Reason{}
	for _, r := range s.rules {
		rs, err := e.reasons(r)
		if err != nil {
			return nil, err
		}
		reasons = append(reasons, rs...)
	}
	slices.SortStableFunc(reasons, func(a, b navicert.Reason) int { return cmp.Compare(a.Outcome.Strictness(), b.Outcome.Strictness()) })
	return reasons, nil
}

// evaluation is one set of facts, as each kind of rule may see it.
type evaluation struct {
	open   *input // for rules that note or refer
	strict *input // for rules that refuse
}

func newEvaluation(facts *Facts) (*evaluation, error) {
	if facts.Now.IsZero() {
		return nil, navicert.Errorf(navicert.Invalid, opEvaluate, "facts", "now is not given, and rules apply by date")
	}
	open, err := newInput(facts)
	if err != nil {
		return nil, err
	}
	only, err := newInput(strict(facts))
	if err != nil {
		return nil, err
	}
	return &evaluation{open: open, strict: only}, nil
}

// input returns the facts that a rule may see.
func (e *evaluation) input(r *Rule) *input {
	if r.refuses() {
		return e.strict
	}
	return e.open
}

// reasons asks one rule.
func (e *evaluation) reasons(r entry) ([]navicert.Reason, error) {
	in := e.input(r.rule)
	if !r.rule.applies(in.facts) {
		return nil, nil
	}
	var out []navicert.Reason
	for _, it := range in.items(r.rule.ForEach) {
		reason, fired, err := ask(r, in, it)
		if err != nil {
			return nil, about(err, r.id, it)
		}
		if fired {
			out = append(out, reason)
		}
	}
	return out, nil
}

// about adds the rule and the fact at hand to an evaluation's error.
func about(err error, id string, it item) error {
	subject := "rule " + id
	if it.label != "" {
		subject += " for " + it.label
	}
	var n *navicert.Error
	if errors.As(err, &n) {
		c := *n
		c.Subject = subject
		return &c
	}
	return navicert.Errorf(navicert.Invalid, opEvaluate, subject, "%w", err)
}

// ask evaluates one rule for one fact.
func ask(r entry, in *input, it item) (reason navicert.Reason, fired bool, err error) {
	a := activate(r.rule, in, it)
	p, w := r.rule.program, r.rule.program.wording(in.facts.KnownAt)
	if fired, err = p.when.holds(a); err != nil || !fired {
		return reason, false, err
	}
	reason = navicert.Reason{Rule: r.id, Outcome: r.rule.Outcome, Basis: w.basis, About: it.about}
	if reason.Text, err = w.text.render(a); err != nil {
		return reason, false, err
	}
	if w.settle != nil {
		if reason.Settle, err = w.settle.render(a); err != nil {
			return reason, false, err
		}
	}
	evidence, err := gather(r.rule, a, it)
	if err != nil {
		return reason, false, err
	}
	lift, by, err := lifted(p, w, in, a, it)
	if err != nil {
		return reason, false, err
	}
	if lift != nil {
		reason.Outcome, reason.LiftedBy, reason.Settle = navicert.OutcomeLifted, lift, ""
		evidence = append(evidence, by.Evidence...)
	}
	reason.Evidence = distinct(evidence)
	return reason, true, nil
}

// gather collects what a rule rests on: the fact at hand and the facts that
// the rule selects. A rule about no particular fact rests on the declared
// voyage.
func gather(r *Rule, a *activation, it item) ([]navicert.Evidence, error) {
	evidence := slices.Clone(it.evidence)
	selected := r.program.evidence
	for _, e := range selected {
		v, err := e.eval(a)
		if err != nil {
			return nil, err
		}
		more, err := evidenceOf(v)
		if err != nil {
			return nil, err
		}
		evidence = append(evidence, more...)
	}
	if len(evidence) == 0 && r.ForEach == "" {
		evidence = a.in.facts.Voyage.evidence()
	}
	return evidence, nil
}

// lifted asks each licence whether it lifts the rule; the first that does is
// taken. One that the facts bar is not asked: see [Licence.barred].
func lifted(p *program, w *wording, in *input, a *activation, it item) (*navicert.Lift, *Licence, error) {
	if p.lift == nil {
		return nil, nil, nil
	}
	for i := range in.facts.Licences {
		l := &in.facts.Licences[i]
		if l.barred(in.facts, it) != "" {
			continue
		}
		b := a.with(in.adapter.NativeToValue(l))
		ok, err := p.lift.holds(b)
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			continue
		}
		condition, err := w.condition.render(b)
		if err != nil {
			return nil, nil, err
		}
		lift := &navicert.Lift{Licence: l.ID, Condition: condition}
		if !l.Until.IsZero() {
			lift.Until = navicert.At(l.Until)
		}
		return lift, l, nil
	}
	return nil, nil, nil
}

// with returns the activation with a licence at hand.
func (a *activation) with(licence ref.Val) *activation {
	b := *a
	b.licence = licence
	return &b
}
