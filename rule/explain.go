package rule

import (
	"fmt"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"navicert"
)

// Explanation shows a rule and, for a set of facts, what made it fire or not.
type Explanation struct {
	Rule       string   `json:"rule"` // "general/listed-vessel"
	Definition *Rule    `json:"definition"`
	Applies    bool     `json:"applies"`              // by its dates; false too when there are no facts
	Unrecorded bool     `json:"unrecorded,omitempty"` // it was recorded after the time up to which knowledge counts
	Withheld   []string `json:"withheld,omitempty"`   // facts that a refusing rule does not see
	Trials     []Trial  `json:"trials,omitempty"`     // one, or one for each fact of for_each
}

// Trial is one asking of a rule.
type Trial struct {
	Fact     string           `json:"fact,omitempty"` // the fact at hand
	Fired    bool             `json:"fired"`
	Values   []Value          `json:"values"`             // what its condition saw
	Licences []LicenceTrial   `json:"licences,omitempty"` // whether each licence lifts it
	Reason   *navicert.Reason `json:"reason,omitempty"`   // what it says, when it fired
}

// LicenceTrial is one asking whether a licence lifts a rule.
type LicenceTrial struct {
	Licence string  `json:"licence"`
	Lifts   bool    `json:"lifts"`
	Barred  string  `json:"barred,omitempty"` // what it cannot lift, whatever the condition says
	Values  []Value `json:"values"`
}

// Value is a part of a condition and its value.
type Value struct {
	Expr  string `json:"expr"`
	Value string `json:"value"`
}

// Explain shows the rule with this identifier; with facts, it also asks the
// rule and reports every value that its condition saw, the parts that did not
// matter included.
func (s *Set) Explain(id string, facts *Facts) (Explanation, error) {
	r, err := s.find(id)
	if err != nil {
		return Explanation{}, err
	}
	x := Explanation{Rule: r.id, Definition: r.rule}
	if facts == nil {
		return x, nil
	}
	e, err := newEvaluation(facts)
	if err != nil {
		return Explanation{}, err
	}
	x.Applies, x.Unrecorded = r.rule.applies(facts), !r.rule.knownBy(facts.KnownAt)
	if r.rule.refuses() {
		x.Withheld = withheld(facts)
	}
	if !x.Applies {
		return x, nil
	}
	in := e.input(r.rule)
	for _, it := range in.items(r.rule.ForEach) {
		t, err := try(r, in, it)
		if err != nil {
			return Explanation{}, about(err, r.id, it)
		}
		x.Trials = append(x.Trials, t)
	}
	return x, nil
}

// withheld names what a refusing rule does not see of the facts.
func withheld(f *Facts) []string {
	var out []string
	for _, h := range f.Hits {
		if !h.Identity {
			out = append(out, "hit "+h.List+" "+h.Entry+" "+h.Name+": not matched by identity")
		}
	}
	for _, z := range f.Zones {
		if z.Contested {
			out = append(out, "zone "+z.ID+" "+z.Name+": its scope is contested")
		}
	}
	for _, i := range f.Incidents {
		switch {
		case !i.Reviewed:
			out = append(out, "incident "+i.ID+": nobody has reviewed it")
		case i.Contested:
			out = append(out, "incident "+i.ID+": claims contradict each other")
		}
	}
	if n := len(f.Events); n > 0 {
		out = append(out, strconv.Itoa(n)+" events: behaviour can refer, never refuse")
	}
	return out
}

func try(r entry, in *input, it item) (Trial, error) {
	t := Trial{Fact: it.label}
	a := activate(r.rule, in, it)
	reason, fired, err := ask(r, in, it)
	if err != nil {
		return t, err
	}
	t.Fired = fired
	if t.Values, err = values(r.rule.program.when, a); err != nil {
		return t, err
	}
	if !fired {
		return t, nil
	}
	t.Reason = &reason
	if r.rule.program.lift == nil {
		return t, nil
	}
	for i := range in.facts.Licences {
		l := &in.facts.Licences[i]
		b := a.with(in.adapter.NativeToValue(l))
		lt := LicenceTrial{Licence: l.ID}
		if lt.Lifts, err = r.rule.program.lift.holds(b); err != nil {
			return t, err
		}
		if lt.Barred = l.barred(in.facts, it); lt.Barred != "" {
			lt.Lifts = false
		}
		if lt.Values, err = values(r.rule.program.lift, b); err != nil {
			return t, err
		}
		t.Licences = append(t.Licences, lt)
	}
	return t, nil
}

// values runs a condition without short cuts and returns the value of every
// part that a person would ask about: each comparison, call and test, and the
// facts in it.
func values(e *expr, a cel.Activation) ([]Value, error) {
	run, err := e.env.Program(e.ast, cel.CostLimit(CostLimit), cel.EvalOptions(cel.OptExhaustiveEval, cel.OptTrackState))
	if err != nil {
		return nil, evalError(e.source, err)
	}
	_, details, err := run.Eval(a)
	if err != nil {
		return nil, evalError(e.source, err)
	}
	state := details.State()
	rep := e.ast.NativeRep()
	var out []Value
	seen := map[string]bool{}
	show := func(n ast.Expr) {
		v, ok := state.Value(n.ID())
		if !ok || strings.HasPrefix(v.Type().TypeName(), factTypes) {
			return // a whole fact says nothing; its fields are shown
		}
		text, err := cel.ExprToString(n, rep.SourceInfo())
		if err != nil || seen[text] {
			return
		}
		seen[text] = true
		out = append(out, Value{Expr: oneLine(text), Value: formatValue(v)})
	}
	walk(rep.Expr(), show)
	return out, nil
}

// walk shows the parts of a condition: through the logical operators down to
// the tests, then the facts that each test compares. Inside exists() and the
// like there is a value for every element, so only the whole is shown.
func walk(n ast.Expr, show func(ast.Expr)) {
	switch n.Kind() {
	case ast.CallKind:
		c := n.AsCall()
		switch c.FunctionName() {
		case operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot, operators.Conditional:
		default:
			show(n)
		}
		if c.IsMemberFunction() {
			walk(c.Target(), show)
		}
		for _, arg := range c.Args() {
			walk(arg, show)
		}
	case ast.SelectKind, ast.IdentKind, ast.ComprehensionKind:
		show(n)
	}
}

// factTypes begins the names of the types of facts.
const factTypes = "rule."

// maxShown bounds the elements of a list that are printed.
const maxShown = 10

// formatValue prints a value for a person who reads a condition.
func formatValue(v ref.Val) string {
	switch v := v.(type) {
	case types.String:
		return strconv.Quote(string(v))
	case types.Double, types.Timestamp:
		return display(v)
	case types.Bool:
		return strconv.FormatBool(bool(v))
	case *types.Err:
		return "error: " + v.String()
	case traits.Lister:
		var items []string
		for it := v.Iterator(); it.HasNext() == types.True; {
			if len(items) == maxShown {
				items = append(items, "…")
				break
			}
			items = append(items, formatValue(it.Next()))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	if name, ok := strings.CutPrefix(v.Type().TypeName(), factTypes); ok {
		return describeFact(name, v)
	}
	return toString(v)
}

// describeFact prints a fact by what identifies it.
func describeFact(name string, v ref.Val) string {
	id := ""
	if f, ok := one[Hit](v); ok {
		id = f.List + " " + f.Entry
	} else if f, ok := one[Event](v); ok {
		id = f.ID
	} else if f, ok := one[Zone](v); ok {
		id = f.ID
	} else if f, ok := one[Incident](v); ok {
		id = f.ID
	} else if f, ok := one[Licence](v); ok {
		id = f.ID
	} else if f, ok := one[Source](v); ok {
		id = f.ID
	} else if f, ok := one[Party](v); ok {
		id = f.Name
	}
	return fmt.Sprintf("%s(%s)", strings.ToLower(name), id)
}
