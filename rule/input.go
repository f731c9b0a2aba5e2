package rule

import (
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"navicert"
)

// input is a set of facts as CEL values, made once for all rules.
type input struct {
	facts   *Facts
	adapter types.Adapter

	now, vessel, parties, voyage, route, cargo ref.Val
	hits, holdings, events, zones, incidents   ref.Val
	licences, source                           ref.Val
}

func newInput(f *Facts) (*input, error) {
	env, err := baseEnv()
	if err != nil {
		return nil, err
	}
	a := env.CELTypeAdapter()
	return &input{
		facts: f, adapter: a,
		now: a.NativeToValue(f.Now), vessel: a.NativeToValue(&f.Vessel), parties: a.NativeToValue(f.Parties),
		voyage: a.NativeToValue(&f.Voyage), route: a.NativeToValue(&f.Route), cargo: a.NativeToValue(&f.Cargo),
		hits: a.NativeToValue(f.Hits), holdings: a.NativeToValue(f.Holdings), events: a.NativeToValue(f.Events), zones: a.NativeToValue(f.Zones),
		incidents: a.NativeToValue(f.Incidents), licences: a.NativeToValue(f.Licences), source: a.NativeToValue(f.Sources),
	}, nil
}

// strict returns the facts that a refusing rule may rest on: no behaviour, no
// entry that only resembles what was asked, no ownership that nobody answers
// for, no zone whose scope is contested, no incident that nobody has reviewed
// or that claims contradict each other about.
func strict(f *Facts) *Facts {
	s := *f
	s.Events = nil
	s.Hits = slices.DeleteFunc(slices.Clone(f.Hits), func(h Hit) bool { return !h.Identity })
	s.Holdings = slices.DeleteFunc(slices.Clone(f.Holdings), func(h Holding) bool { return !h.Settled })
	s.Zones = slices.DeleteFunc(slices.Clone(f.Zones), func(z Zone) bool { return z.Contested })
	s.Incidents = slices.DeleteFunc(slices.Clone(f.Incidents), func(i Incident) bool { return !i.Reviewed || i.Contested })
	return &s
}

// item is one fact of a list.
type item struct {
	label    string // for Explain
	about    string // tells it from the others of its list
	value    ref.Val
	evidence []navicert.Evidence
}

// ofVessel reports whether the fact is that the vessel is listed or that listed
// persons own it.
func (it item) ofVessel() bool {
	if it.value == nil {
		return false
	}
	if h, ok := one[Hit](it.value); ok {
		return h.Subject == "vessel"
	}
	h, ok := one[Holding](it.value)
	return ok && h.Subject == "vessel"
}

// items returns the facts that a rule is asked for each of; a rule without
// for_each is asked once, of no item.
func (in *input) items(forEach string) []item {
	f := in.facts
	switch forEach {
	case "hits":
		return each(in, f.Hits, func(h *Hit) (string, []navicert.Evidence) { return h.List + " " + h.Entry + " " + h.Name, h.Evidence })
	case "holdings":
		return each(in, f.Holdings, func(h *Holding) (string, []navicert.Evidence) { return h.Regime + " " + h.Asked, h.Evidence })
	case "events":
		return each(in, f.Events, func(e *Event) (string, []navicert.Evidence) { return e.Kind + " " + e.ID, e.Evidence })
	case "zones":
		return each(in, f.Zones, func(z *Zone) (string, []navicert.Evidence) { return z.ID + " " + z.Name, z.Evidence })
	case "incidents":
		return each(in, f.Incidents, func(i *Incident) (string, []navicert.Evidence) { return i.Kind + " " + i.ID, i.Evidence })
	case "licences":
		return each(in, f.Licences, func(l *Licence) (string, []navicert.Evidence) { return l.ID, l.Evidence })
	case "sources":
		return each(in, f.Sources, func(s *Source) (string, []navicert.Evidence) { return s.ID, s.Evidence })
	case "parties":
		return each(in, f.Parties, func(p *Party) (string, []navicert.Evidence) { return p.Role + " " + p.Name, p.evidence() })
	}
	return []item{{}}
}

func each[T any](in *input, list []T, about func(*T) (string, []navicert.Evidence)) []item {
	items := make([]item, len(list))
	for i := range list {
		label, evidence := about(&list[i])
		items[i] = item{label: label, about: aboutOf(&list[i], label), value: in.adapter.NativeToValue(&list[i]), evidence: evidence}
	}
	return items
}

// aboutOf tells a fact from all others of its list, and stays the same while
// what is said of it changes.
func aboutOf(fact any, label string) string {
	switch f := fact.(type) {
	case *Hit:
		return strings.Join([]string{f.Subject, f.Role, f.Asked, f.List, f.Entry}, "\x1f")
	case *Holding:
		return strings.Join([]string{f.Subject, f.Role, f.Asked, f.Regime}, "\x1f")
	case *Zone:
		return f.ID
	}
	return label
}

// activation gives an expression its variables.
type activation struct {
	in      *input
	name    string // of the fact at hand
	value   ref.Val
	licence ref.Val           // of a lifting condition
	figures map[string]Figure // of the rule's pack
}

// activate gives the expressions of a rule the facts and the one at hand.
func activate(r *Rule, in *input, it item) *activation {
	a := &activation{in: in, value: it.value, figures: r.program.figures}
	a.name, _, _ = element(r.ForEach)
	return a
}

var _ cel.Activation = (*activation)(nil)

// ResolveName returns a variable.
func (a *activation) ResolveName(name string) (any, bool) {
	if a.licence != nil && name == "licence" {
		return a.licence, true
	}
	if a.value != nil && name == a.name {
		return a.value, true
	}
	if figure, ok := strings.CutPrefix(name, figurePrefix); ok {
		f, ok := a.figures[figure]
		if !ok {
			return nil, false
		}
		return f.At(a.in.facts.Now)
	}
	switch name {
	case "now":
		return a.in.now, true
	case "vessel":
		return a.in.vessel, true
	case "parties":
		return a.in.parties, true
	case "voyage":
		return a.in.voyage, true
	case "route":
		return a.in.route, true
	case "cargo":
		return a.in.cargo, true
	case "hits":
		return a.in.hits, true
	case "holdings":
		return a.in.holdings, true
	case "events":
		return a.in.events, true
	case "zones":
		return a.in.zones, true
	case "incidents":
		return a.in.incidents, true
	case "licences":
		return a.in.licences, true
	case "sources":
		return a.in.source, true
	}
	return nil, false
}

// Parent returns nil: there is no outer scope.
func (a *activation) Parent() cel.Activation { return nil }
