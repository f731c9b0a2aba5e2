package own

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"navicert"
)

// Result is what a test says of a party.
type Result string

// The results, mildest first.
const (
	NotSearched Result = "not_searched" // no list of the regime was searched: nobody can be found on it
	NotOwned    Result = "not_owned"    // no listed party is known among its owners
	Minority    Result = "minority"     // listed parties own some of it, and less than the threshold at the most
	CannotTell  Result = "cannot_tell"  // they may own as much as the threshold; or who is meant is not certain
	Controlled  Result = "controlled"   // they control it, or what owns it
	Owned       Result = "owned"        // they own at least as much as the threshold
)

// Limits on one answer.
const (
	maxUpstream = 2000 // parties above the one asked about
	maxChain    = 500  // links shown
)

// Test is one regime's test of a party.
type Test struct {
	Rule   Rule    `json:"rule"`
	Result Result  `json:"result"`
	Least  Percent `json:"least"` // percent that listed persons own, counted as the rule counts
	Most   Percent `json:"most"`
	// Settled: the result follows from facts that somebody answers for and
	// parties that are the listed ones by identity. Only then may it refuse.
	Settled bool   `json:"settled"`
	Text    string `json:"text"`
	Steps   []Step `json:"steps,omitempty"` // from the top to the party asked about
	Chain   []Link `json:"chain,omitempty"` // every link that counts, in the same order
	More    int    `json:"more,omitempty"`  // links beyond the limit
	Listed  []Seed `json:"listed,omitempty"`
}

// Step is what a party on the way down is to the listed persons.
type Step struct {
	Party  Party   `json:"party"`
	Least  Percent `json:"least"`
	Most   Percent `json:"most"`
	Result Result  `json:"result"`
}

// Seed is a listed party that a test begins from.
type Seed struct {
	Party    Party     `json:"party"`
	Listings []Listing `json:"listings"`
}

// Link is one fact or several that agree on a pair.
type Link struct {
	Owner   Party               `json:"owner"`
	Owned   Party               `json:"owned"`
	Kind    Kind                `json:"kind"`
	Share   navicert.Opt[Share] `json:"share,omitzero"`
	Settled bool                `json:"settled"`
	Doubt   bool                `json:"doubt,omitempty"` // which party is meant is not certain
	Facts   []Fact              `json:"facts"`
}

// Answer is what is known of who owns and controls a party.
type Answer struct {
	Party  Party   `json:"party"`
	Known  bool    `json:"known"`           // some fact says who owns or controls it
	Named  string  `json:"named,omitempty"` // the party is known by its name alone: which of them it is, a person must say
	Facts  int     `json:"facts"`           // in force, of all parties
	SHA256 string  `json:"sha256"`          // of those facts
	Stated Percent `json:"stated_percent"`  // of the party's ownership that the facts account for, at the least
	Above  int     `json:"above"`           // parties above it that were looked at
	Tests  []Test  `json:"tests"`

	Searched []navicert.Searched `json:"searched,omitempty"` // the lists that the owners were looked for in, unless what holds the answer says it
}

// Worst is the strictest result of the answer's tests.
func (a *Answer) Worst() Result {
	worst := NotSearched
	for _, t := range a.Tests {
		if rank(t.Result) > rank(worst) {
			worst = t.Result
		}
	}
	return worst
}

func rank(r Result) int {
	return slices.Index([]Result{NotSearched, NotOwned, Minority, CannotTell, Controlled, Owned}, r)
}

// Unsearched marks the tests of regimes of which no list was searched, of those
// given: that they found nobody says nothing.
func (a *Answer) Unsearched(lists []string) {
	for i := range a.Tests {
		t := &a.Tests[i]
		searched := slices.ContainsFunc(lists, func(l string) bool { return RegimeOf(l) == t.Rule.Regime })
		if t.Result == NotOwned && !searched {
			t.Result, t.Text = NotSearched, "No list of this regime was searched, so nobody among the owners can be found on one."
		}
	}
}

// Lister says on which blocking lists a party is, or may be.
type Lister func(p Party) ([]Listing, error)

// Check says of a party whether listed persons own or control it, by each of
// the rules. A party above which nothing is known has Known false and no
// tests. An error is a lister's, or more parties above than the limit.
func (g *Graph) Check(p Party, rules []Rule, listed Lister) (Answer, error) {
	a := Answer{Party: p, Facts: g.facts, SHA256: g.sha256, Tests: []Test{}}
	nodes, sure := g.find(p)
	if !sure && len(nodes) > 0 {
		a.Named = fmt.Sprintf("%s is known by its name alone", p.Label())
		if len(nodes) > 1 {
			a.Named = fmt.Sprintf("%s can be any of %d parties of this name", p.Label(), len(nodes))
		}
	}
	best := Answer{}
	for _, n := range nodes {
		one, err := g.check(n, sure, rules, listed)
		if err != nil {
			return a, err
		}
		if best.Tests == nil || rank(one.Worst()) > rank(best.Worst()) {
			best = one
		}
	}
	if best.Known {
		a.Known, a.Stated, a.Above, a.Tests = true, best.Stated, best.Above, best.Tests
	}
	return a, nil
}

// find returns the nodes that a party asked about can be; sure is false when
// only a name says so.
func (g *Graph) find(p Party) (nodes []int, sure bool) {
	if n, ok := g.byIMO[p.IMO]; ok && p.IMO != 0 {
		return []int{n}, true
	}
	if n, ok := g.byID[p.ID]; ok && p.ID != "" {
		return []int{n}, true
	}
	name := fold(p.Name)
	if name == "" {
		return nil, false
	}
	for _, n := range g.byName[name] {
		o := g.parties[n]
		if p.IMO != 0 && o.IMO != 0 || otherSort(p.Kind, o.Kind) {
			continue
		}
		if p.Country == "" || o.Country == "" || p.Country == o.Country {
			nodes = append(nodes, n)
		}
	}
	return nodes, len(nodes) == 1 && p.Country != "" && g.parties[nodes[0]].Country == p.Country
}

func (g *Graph) check(subject int, sure bool, rules []Rule, listed Lister) (Answer, error) {
	up, err := g.upstream(subject)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Known: len(g.owners[subject]) > 0, Above: len(up) - 1, Tests: []Test{}}
	for i := range g.owners[subject] {
		if e := &g.owners[subject][i]; e.kind == Owns {
			a.Stated += e.least()
		}
	}
	a.Stated = min(a.Stated, Whole)
	listings := map[int][]Listing{}
	for _, n := range up {
		if n == subject {
			continue // whether it is listed itself, the lists say
		}
		for _, p := range g.named[n] {
			ls, err := listed(p)
			if err != nil {
				return a, err
			}
			listings[n] = joinListings(listings[n], ls)
		}
	}
	for _, r := range rules {
		w := &walk{g: g, rule: r, subject: subject, sure: sure, up: up, listings: map[int][]Listing{}}
		for n, ls := range listings {
			for _, l := range ls {
				if RegimeOf(l.List) == r.Regime {
					w.listings[n] = append(w.listings[n], l)
				}
			}
		}
		if len(w.listings) > 0 || r.Regime != Other {
			a.Tests = append(a.Tests, w.test())
		}
	}
	return a, nil
}

// joinListings adds the listings that another name of the same party has.
func joinListings(all, more []Listing) []Listing {
	for _, l := range more {
		i := slices.IndexFunc(all, func(o Listing) bool { return o.List == l.List && o.Entry == l.Entry })
		if i < 0 {
			all = append(all, l)
		} else if l.Identity {
			all[i].Identity = true
		}
	}
	return all
}

// upstream is the subject and every party above it, nearest first.
func (g *Graph) upstream(subject int) ([]int, error) {
	up, seen := []int{subject}, map[int]bool{subject: true}
	for i := 0; i < len(up); i++ {
		for _, e := range g.owners[up[i]] {
			if seen[e.owner] {
				continue
			}
			seen[e.owner] = true
			up = append(up, e.owner)
			if len(up) > maxUpstream {
				return nil, navicert.Errorf(navicert.Limit, "ownership", g.parties[subject].Label(), "more than %d parties are above it", maxUpstream)
			}
		}
	}
	return up, nil
}

// walk is one rule's test in the making.
type walk struct {
	g        *Graph
	rule     Rule
	subject  int
	sure     bool
	up       []int
	listings map[int][]Listing
	together map[int]bool // what all listed persons certainly own or control, added up
}

// view says which parties and links a count begins from.
type view struct {
	most    bool // count what is possible; otherwise what is certain
	settled bool // only what may refuse
	control bool // control passes on as ownership does
}

func (w *walk) isSeed(n int, v view) bool {
	for _, l := range w.listings[n] {
		if v.most || l.Identity {
			return true
		}
	}
	return false
}

// held is how much of n the parties in the set hold, counted as the view says.
//
// The facts about one party can contradict each other: shares that add up to
// more than the whole. Then the part of those that are not listed is taken from
// the least, and the most is what is stated.
func (w *walk) held(n int, in map[int]bool, v view) Percent {
	var inLeast, inMost, outLeast Percent
	for i := range w.g.owners[n] {
		e := &w.g.owners[n][i]
		if !e.owns() {
			continue
		}
		least := e.least()
		if v.settled && (!e.settled || w.g.alone[e.owner] || w.g.alone[n]) {
			least = 0
		}
		if in[e.owner] {
			inLeast += least
			inMost += e.share.Most
		} else if !w.together[e.owner] {
			outLeast += e.least()
		}
	}
	if v.most {
		if inLeast+outLeast <= Whole {
			return min(inMost, Whole-outLeast)
		}
		return min(inMost, Whole)
	}
	return max(0, min(inLeast, Whole-outLeast))
}

// controlled reports whether a party in the set controls n.
func (w *walk) controlled(n int, in map[int]bool, v view) bool {
	for i := range w.g.owners[n] {
		e := &w.g.owners[n][i]
		if !in[e.owner] || e.kind == Owns || !v.most && e.doubt {
			continue
		}
		if e.kind == Controls || e.kind == OwnsOrControls || v.most {
			return true
		}
	}
	return false
}

// spread returns the least set of parties that holds the seeds and, with them,
// everything that the set owns up to the threshold. It only ever grows, so it
// ends whatever circles there are, and no order changes it.
func (w *walk) spread(seeds []int, v view) map[int]bool {
	in := map[int]bool{}
	for _, s := range seeds {
		in[s] = true
	}
	for grown := true; grown; {
		grown = false
		for _, n := range w.up {
			if in[n] || n == w.subject {
				continue
			}
			if w.rule.reached(w.held(n, in, v)) || v.control && w.controlled(n, in, v) {
				in[n], grown = true, true
			}
		}
	}
	return in
}

// seeds are the listed parties above the subject, under a view.
func (w *walk) seeds(v view) []int {
	var out []int
	for _, n := range w.up {
		if w.isSeed(n, v) {
			out = append(out, n)
		}
	}
	return out
}

// certain is the most that listed persons certainly hold: all together where
// the rule adds them up, and otherwise whichever of them holds most.
func (w *walk) certain(n int, v view) (share Percent, controlled bool) {
	seeds := w.seeds(v)
	groups := [][]int{seeds}
	if !w.rule.Aggregates {
		groups = nil
		for _, s := range seeds {
			groups = append(groups, []int{s})
		}
	}
	for _, group := range groups {
		in := w.spread(group, v)
		share = max(share, w.held(n, in, v))
		controlled = controlled || w.controlled(n, in, v)
	}
	return share, controlled
}

func (w *walk) test() Test {
	t := Test{Rule: w.rule}
	w.together = w.spread(w.seeds(view{}), view{control: true})
	possible := view{most: true, control: true}
	all := w.spread(w.seeds(possible), possible)
	byShares := w.spread(w.seeds(view{most: true}), view{most: true})
	t.Most = w.held(w.subject, byShares, view{most: true})
	t.Least, _ = w.certain(w.subject, view{})
	settled, _ := w.certain(w.subject, view{settled: true})
	through, control := w.certain(w.subject, view{control: true})
	reach := w.held(w.subject, all, view{most: true})
	switch {
	case w.rule.reached(t.Least):
		t.Result, t.Settled = Owned, w.sure && w.rule.reached(settled)
	case control, w.rule.reached(through):
		t.Result = Controlled
	case w.rule.reached(t.Most), w.rule.reached(reach), w.controlled(w.subject, all, view{most: true}):
		t.Result = CannotTell
	case t.Most > 0:
		t.Result = Minority
	default:
		t.Result = NotOwned
	}
	if t.Result != NotOwned {
		w.explain(&t, all)
	}
	t.Text = w.text(&t)
	return t
}

// explain adds the chain: the links through which the set reaches the subject,
// the listed parties first.
func (w *walk) explain(t *Test, all map[int]bool) {
	on := map[int]bool{w.subject: true}
	var order []int
	for todo := []int{w.subject}; len(todo) > 0; todo = todo[1:] {
		n := todo[0]
		order = append(order, n)
		if n != w.subject && w.isSeed(n, view{most: true}) {
			continue // the law says it of the listed party itself
		}
		for _, e := range w.g.owners[n] {
			if all[e.owner] && !on[e.owner] {
				on[e.owner] = true
				todo = append(todo, e.owner)
			}
		}
	}
	slices.Reverse(order)
	for _, n := range order {
		if ls := w.listings[n]; len(ls) > 0 && n != w.subject {
			t.Listed = append(t.Listed, Seed{w.g.parties[n], ls})
			continue
		}
		t.Steps = append(t.Steps, w.step(n))
		for i := range w.g.owners[n] {
			if e := &w.g.owners[n][i]; on[e.owner] && all[e.owner] {
				t.Chain = append(t.Chain, w.link(n, e))
			}
		}
	}
	slices.SortStableFunc(t.Listed, func(a, b Seed) int { return cmp.Compare(a.Party.Label(), b.Party.Label()) })
	if len(t.Chain) > maxChain {
		t.More = len(t.Chain) - maxChain
		t.Chain = t.Chain[t.More:]
	}
}

func (w *walk) step(n int) Step {
	s := Step{Party: w.g.parties[n], Result: NotOwned}
	s.Least, _ = w.certain(n, view{})
	through, control := w.certain(n, view{control: true})
	s.Most = w.held(n, w.spread(w.seeds(view{most: true}), view{most: true}), view{most: true})
	switch {
	case w.rule.reached(s.Least):
		s.Result = Owned
	case control, w.rule.reached(through):
		s.Result = Controlled
	case w.rule.reached(s.Most):
		s.Result = CannotTell
	case s.Most > 0:
		s.Result = Minority
	}
	return s
}

func (w *walk) link(n int, e *edge) Link {
	l := Link{
		Owner: w.g.parties[e.owner], Owned: w.g.parties[n], Kind: e.kind, Settled: e.settled,
		Doubt: e.doubt || w.g.alone[e.owner] || w.g.alone[n],
	}
	if !e.unknown && e.owns() {
		l.Share = navicert.Some(e.share)
	}
	for _, f := range e.facts {
		l.Facts = append(l.Facts, *f)
	}
	return l
}

// text says the result in a sentence.
func (w *walk) text(t *Test) string {
	name := w.g.parties[w.subject].Label()
	var who []string
	for _, s := range t.Listed {
		who = append(who, s.Party.Label())
	}
	whom := strings.Join(who, ", ")
	switch t.Result {
	case Owned:
		return fmt.Sprintf("%s of %s is owned, directly or indirectly, by listed parties: %s (%s; the rule: %s).",
			Share{t.Least, max(t.Least, t.Most)}, name, whom, t.Rule.Title, t.Rule.Words())
	case Controlled:
		law := "control counts beside ownership (" + t.Rule.Title + ")"
		if !t.Rule.Control {
			law = "control alone does not block (" + t.Rule.Title + ")"
		}
		return fmt.Sprintf("%s is controlled, directly or indirectly, by listed parties: %s; they own %s of it; %s.",
			name, whom, Share{t.Least, max(t.Least, t.Most)}, law)
	case CannotTell:
		why := "shares, parties or control are not certain"
		if !t.Rule.Aggregates && t.Rule.reached(t.Most) && !t.Rule.reached(t.Least) {
			why = "no listed party alone is certain to own so much, and whether they hold it jointly is not known"
		}
		return fmt.Sprintf("Whether listed parties (%s) own or control %s cannot be told: they own %s of it (the rule: %s); %s.",
			whom, name, Share{t.Least, max(t.Least, t.Most)}, t.Rule.Words(), why)
	case Minority:
		return fmt.Sprintf("Listed parties (%s) own %s of %s, less than the rule asks (%s).", whom, Share{t.Least, max(t.Least, t.Most)}, name, t.Rule.Words())
	}
	return "No listed party is known among those that own " + name + "."
}
