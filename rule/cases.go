package rule

import (
	"fmt"
	"strings"

	"navicert"
)

// CaseResult is what became of one case.
type CaseResult struct {
	Pack   string `json:"pack"`
	Rule   string `json:"rule"` // "general/listed-vessel"
	Case   string `json:"case"`
	Expect string `json:"expect"`
	Got    string `json:"got"`
	OK     bool   `json:"ok"`
	Why    string `json:"why,omitempty"`  // when not OK
	Text   string `json:"text,omitempty"` // of the first reason
}

// Test runs the cases of every rule of the pack, each against its own rule.
func (p *Pack) Test() []CaseResult {
	var out []CaseResult
	for i := range p.Rules {
		r := &p.Rules[i]
		for j := range r.Cases {
			out = append(out, runCase(entry{p.Name + "/" + r.ID, r}, &r.Cases[j], p.Name))
		}
	}
	return out
}

// runCase compares the strictest reason that a rule gives with what its case
// expects.
func runCase(r entry, c *Case, pack string) CaseResult {
	res := CaseResult{Pack: pack, Rule: r.id, Case: c.Name, Expect: c.Expect, Got: ExpectNone}
	e, err := newEvaluation(&c.Facts)
	var reasons []navicert.Reason
	if err == nil {
		reasons, err = e.reasons(r)
	}
	if err != nil {
		res.Got, res.Why = "error", err.Error()
		return res
	}
	if len(reasons) > 0 {
		strictest := reasons[0]
		for _, reason := range reasons[1:] {
			if reason.Outcome.Strictness() < strictest.Outcome.Strictness() {
				strictest = reason
			}
		}
		res.Got, res.Text = string(strictest.Outcome), strictest.Text
	}
	switch {
	case res.Got != c.Expect:
		res.Why = fmt.Sprintf("expected %s, got %s", c.Expect, res.Got)
	case c.Says != "" && !says(reasons, c.Says):
		res.Why = fmt.Sprintf("no reason says %q", c.Says)
	default:
		res.OK = true
	}
	return res
}

func says(reasons []navicert.Reason, words string) bool {
	for _, r := range reasons {
		text := r.Text + " " + r.Settle
		if r.LiftedBy != nil {
			text += " " + r.LiftedBy.Condition
		}
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}
