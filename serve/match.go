package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/screen"
)

// matchQuestion is the body of POST /match.
type matchQuestion struct {
	Weights map[string]json.RawMessage `json:"weights"`
	Config  map[string]json.RawMessage `json:"config"`
	Queries map[string]*example        `json:"queries"`
}

// matchAnswer is its answer: yente's, and beside it what an answer of this
// program always says.
type matchAnswer struct {
	Responses map[string]matches    `json:"responses"`
	Matcher   map[string]featureDoc `json:"matcher"`
	Limit     int                   `json:"limit"`
	Algorithm string                `json:"algorithm"`
	Searched  []navicert.Searched   `json:"searched"`
	Ignored   []string              `json:"ignored,omitempty"` // what was asked for and has no effect here
}

// found counts a match for the list it stands in.
func (a *matchAnswer) found(list string) {
	for i := range a.Searched {
		if a.Searched[i].Source == list {
			a.Searched[i].Found++
		}
	}
}

type matches struct {
	Status  int      `json:"status"`
	Results []scored `json:"results"`
	Total   total    `json:"total"`
	Query   example  `json:"query"`
	Ignored []string `json:"ignored,omitempty"` // properties that were not searched by, and why
}

// scored is an entity with how near it is.
type scored struct {
	entity
	Score        float64                `json:"score"`
	Features     map[string]float64     `json:"features"`
	Explanations map[string]explanation `json:"explanations"`
	Match        bool                   `json:"match"`
}

type explanation struct {
	Detail    string  `json:"detail"`
	Score     float64 `json:"score"`
	Query     *string `json:"query"`
	Candidate *string `json:"candidate"`
}

// matching is one call of /match or /search.
type matching struct {
	scope
	opt       screen.Options
	threshold float64 // 0: each kind's own
	limit     int
	keep      func(*screen.Hit) bool
	before    *screen.View // what changed_since compares with; nil: everything is wanted
}

func (y yente) match(r *http.Request) (any, error) {
	var in matchQuestion
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, badJSON(err)
	}
	if len(in.Queries) > maxQueries {
		return nil, bad("Too many queries in one batch (limit: %d)", maxQueries)
	}
	m, err := y.matching(r)
	if err != nil {
		return nil, err
	}
	out := &matchAnswer{Responses: map[string]matches{}, Matcher: algorithms().Algorithms[0].Features, Limit: m.limit, Algorithm: algorithm}
	for name, set := range map[string]bool{"weights": len(in.Weights) > 0, "config": len(in.Config) > 0} {
		if set {
			out.Ignored = append(out.Ignored, name)
		}
	}
	slices.Sort(out.Ignored)
	for _, s := range m.view.Searched() {
		if slices.Contains(m.opt.Lists, s.Source) {
			out.Searched = append(out.Searched, s)
		}
	}
	names := make([]string, 0, len(in.Queries))
	asked := map[string]question{}
	for name, ex := range in.Queries {
		if ex == nil {
			continue
		}
		q, err := ex.question()
		if err != nil {
			return nil, bad("Cannot parse example entity: %s: %v", name, err)
		}
		asked[name] = q
		names = append(names, name)
	}
	if len(names) == 0 {
		return nil, bad("No queries provided.")
	}
	if len(names)*m.limit > maxResults {
		return nil, bad("%d queries of up to %d results each may have more than %d results in all: send fewer, or a smaller limit", len(names), m.limit, maxResults)
	}
	slices.Sort(names)
	return out, m.all(r.Context(), names, asked, out)
}

// matching reads the parameters.
func (y yente) matching(r *http.Request) (matching, error) {
	p := r.URL.Query()
	s, err := y.scope(r, p["include_dataset"], p["exclude_dataset"])
	if err != nil {
		return matching{}, err
	}
	m := matching{scope: s, opt: screen.Options{Lists: s.lists, Limit: maxHits}}
	limit, err := number(p, "limit", matchLimit, 1, maxHits)
	if err != nil {
		return m, err
	}
	if m.limit = int(limit); float64(m.limit) != limit {
		return m, &yenteError{http.StatusUnprocessableEntity, "limit: want a whole number"}
	}
	if m.threshold, err = number(p, "threshold", 0, 0, 1); err != nil {
		return m, err
	}
	cutoff, err := number(p, "cutoff", m.threshold, 0, 1)
	if err != nil {
		return m, err
	}
	if m.threshold > 0 {
		cutoff = min(cutoff, m.threshold)
	}
	if m.opt.MinScore = cutoff; p.Has("cutoff") || p.Has("threshold") {
		m.opt.MinScore = max(cutoff, leastScore)
	}
	if a := p.Get("algorithm"); a != "" && a != algorithm && !slices.Contains(otherAlgorithms[:], a) {
		return m, bad("Invalid algorithm: %s. There is %s, and the names of yente's, which it answers to.", a, algorithm)
	}
	var kinds []string
	for _, schema := range p["exclude_schema"] {
		ks, err := kindsOf(schema)
		if err != nil {
			return m, err
		}
		for _, k := range ks {
			if k == screen.AnyParty {
				kinds = append(kinds, string(list.Person), string(list.Organization), string(list.UnknownKind))
			}
			kinds = append(kinds, k)
		}
	}
	topics := keepTopics(p["topics"])
	m.keep = func(h *screen.Hit) bool {
		return topics(h) && !slices.Contains(kinds, string(h.Kind)) && !slices.Contains(kinds, screen.Any) &&
			!slices.Contains(p["exclude_entity_ids"], entityID(h.List, h.EntryID))
	}
	if since := p.Get("changed_since"); since != "" {
		at, err := times(since)
		if err != nil {
			return m, &yenteError{http.StatusUnprocessableEntity, "changed_since: " + err.Error()}
		}
		if m.before, err = y.b.View(r.Context(), screen.When{AsOf: at[0]}); err != nil {
			return m, err
		}
	}
	return m, nil
}

// leastScore is the lowest cutoff that is heeded: below it every entry that
// shares a syllable would be an answer.
const leastScore = 0.3

// keepTopics keeps entries with one of the topics, of which each has one.
func keepTopics(topics []string) func(*screen.Hit) bool {
	return func(h *screen.Hit) bool { return len(topics) == 0 || slices.Contains(topics, topicOf(h.Measure)) }
}

// all asks the questions and puts the answers into out: some at once, since
// each has up to mostNames × mostCountries variants with all their hits.
func (m *matching) all(ctx context.Context, names []string, asked map[string]question, out *matchAnswer) error {
	step := atOnce(m.opt.Limit)
	for some := range slices.Chunk(names, step) {
		if err := m.some(ctx, some, asked, out); err != nil {
			return err
		}
	}
	return nil
}

func (m *matching) some(ctx context.Context, names []string, asked map[string]question, out *matchAnswer) error {
	var qs []screen.Query
	for _, name := range names {
		qs = append(qs, asked[name].variants...)
	}
	answers, err := m.view.ScreenAll(ctx, qs, m.opt)
	if err != nil {
		return err
	}
	at := 0
	for _, name := range names {
		q := asked[name]
		hits, more := merge(answers[at:at+len(q.variants)], m.keep)
		at += len(q.variants)
		r, err := m.matches(ctx, hits, more, q, out.found)
		if err != nil {
			return err
		}
		out.Responses[name] = r
	}
	return nil
}

// ask asks the variants of one question.
func (m *matching) ask(ctx context.Context, qs []screen.Query) (hits []screen.Hit, more int, err error) {
	answers, err := m.view.ScreenAll(ctx, qs, m.opt)
	if err != nil {
		return nil, 0, err
	}
	hits, more = merge(answers, m.keep)
	return hits, more, nil
}

// merge puts the answers to the variants of one question together: each entry
// once, as it scored best.
func merge(answers []screen.Answer, keep func(*screen.Hit) bool) (hits []screen.Hit, more int) {
	at := map[string]int{}
	for _, a := range answers {
		more = max(more, a.More)
		for i := range a.Hits {
			h := &a.Hits[i]
			if !keep(h) {
				continue
			}
			id := entityID(h.List, h.EntryID)
			j, seen := at[id]
			switch {
			case !seen:
				at[id] = len(hits)
				hits = append(hits, *h)
			case screen.Stronger(h, &hits[j]):
				hits[j] = *h
			}
		}
	}
	slices.SortFunc(hits, func(a, b screen.Hit) int {
		switch {
		case screen.Stronger(&a, &b):
			return -1
		case screen.Stronger(&b, &a):
			return 1
		}
		return 0
	})
	return hits, more
}

// matches is the response to one question.
func (m *matching) matches(ctx context.Context, hits []screen.Hit, more int, q question, found func(list string)) (matches, error) {
	out := matches{Status: http.StatusOK, Results: []scored{}, Query: q.example, Ignored: q.ignored}
	for i := range hits {
		h := &hits[i]
		s := scored{Score: h.Score, Match: h.Match}
		if m.threshold > 0 {
			s.Match = h.Score >= m.threshold && !ruledOut(h)
		} else if m.opt.MinScore == 0 && !h.Match {
			continue // ruled out: yente does not show what is below its threshold
		}
		if m.before != nil {
			changed, err := m.changed(ctx, h)
			if err != nil {
				return out, err
			}
			if !changed {
				continue
			}
		}
		if s.Match {
			found(h.List)
		}
		if out.Total.Value++; len(out.Results) >= m.limit {
			continue
		}
		var err error
		if s.entity, err = m.entity(ctx, h); err != nil {
			return out, err
		}
		s.Features, s.Explanations = explanations(h)
		out.Results = append(out.Results, s)
	}
	out.Total = total{out.Total.Value + more, "eq"}
	return out, nil
}

// ruledOut reports whether a hit is no match at any threshold: a person has
// cleared it, or it has another IMO number and so is another hull.
func ruledOut(h *screen.Hit) bool {
	return h.Cleared.InForce() || slices.ContainsFunc(h.Why, func(w screen.Why) bool { return w.Feature == "imo" && w.Score < 0 })
}

// changed reports whether an entry was not there, or was another, as of the
// day that changed_since names.
func (m *matching) changed(ctx context.Context, h *screen.Hit) (bool, error) {
	was, err := m.before.EntryByID(ctx, h.List, h.EntryID)
	if navicert.KindOf(err) == navicert.NotFound {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	is, err := m.view.Entry(ctx, h)
	return !reflect.DeepEqual(was, is), err
}

func explanations(h *screen.Hit) (map[string]float64, map[string]explanation) {
	features, why := map[string]float64{}, map[string]explanation{}
	for _, w := range h.Why {
		x := explanation{Detail: w.Detail, Score: w.Score}
		if w.Feature == "name" && h.MatchedName != "" {
			x.Candidate = &h.MatchedName
		}
		features[w.Feature], why[w.Feature] = w.Score, x
	}
	return features, why
}

// example is an entity as a client describes it.
type example struct {
	ID         *string    `json:"id"`
	Schema     string     `json:"schema"`
	Properties properties `json:"properties"`
}

// properties hold texts; a client may send one text for a list, and numbers or
// nulls among them.
type properties map[string][]string

// UnmarshalJSON reads each property as a value or a list of values. An entity
// within (a directorship, say) is no text and is left out.
func (p *properties) UnmarshalJSON(b []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	*p = properties{}
	for name, v := range raw {
		vs := []json.RawMessage{v}
		if v = bytes.TrimSpace(v); len(v) > 0 && v[0] == '[' {
			if err := json.Unmarshal(v, &vs); err != nil {
				return err
			}
		}
		texts := []string{}
		for _, v := range vs {
			switch s := ""; {
			case len(v) == 0 || v[0] == '{' || v[0] == '[' || string(v) == "null":
			case v[0] == '"':
				if err := json.Unmarshal(v, &s); err != nil {
					return err
				}
				if s = strings.TrimSpace(s); s != "" {
					texts = append(texts, s)
				}
			default:
				texts = append(texts, string(v))
			}
		}
		(*p)[name] = texts
	}
	return nil
}

// question is an example made ready: the queries that it takes, since a query
// has one name and one country.
type question struct {
	variants []screen.Query
	example  example
	ignored  []string
}

// Most variants of one example.
const (
	mostNames     = 8
	mostCountries = 3
)

// question reads an example. Properties that do not exist are passed over, as
// yente does; those whose values say nothing are named in ignored.
func (ex *example) question() (question, error) {
	q := question{example: *ex}
	if q.example.Properties == nil {
		q.example.Properties = properties{}
	}
	kinds, err := kindsOf(ex.Schema)
	if err != nil {
		return q, err
	}
	base := screen.Query{}
	used := ex.identifiers(&base, &q)
	names := ex.names()
	if len(names) == 0 {
		names = []string{""}
	}
	if len(names) > mostNames {
		q.ignored = append(q.ignored, fmt.Sprintf("name: only the first %d of %d were searched by", mostNames, len(names)))
		names = names[:mostNames]
	}
	countries := ex.countries(&q)
	for _, k := range kinds {
		for _, n := range names {
			for _, c := range countries {
				v := base
				v.Kind, v.Name, v.Country = k, n, c
				if v, err = v.Normal(); err != nil {
					return q, err
				}
				q.variants = append(q.variants, v)
			}
		}
	}
	for name := range ex.Properties {
		if !slices.Contains(used, name) && !slices.Contains(nameProperties[:], name) && !slices.Contains(countryProperties[:], name) {
			q.ignored = append(q.ignored, name+": not searched by")
		}
	}
	slices.Sort(q.ignored)
	return q, nil
}

// identifiers reads what a query has once and returns the properties' names.
// Of several values the first that can be read counts.
func (ex *example) identifiers(base *screen.Query, q *question) []string {
	set := map[string]func(string) error{
		"imoNumber": func(s string) (err error) { base.IMO, err = navicert.ParseIMO(s); return err },
		"mmsi":      func(s string) (err error) { base.MMSI, err = navicert.ParseMMSI(s); return err },
		"callSign":  func(s string) (err error) { base.CallSign, err = navicert.ParseCallSign(s); return err },
		"flag":      func(s string) (err error) { base.Flag, err = navicert.ParseFlag(s); return err },
		"birthDate": func(s string) error {
			try := screen.Query{Name: "x", BirthDate: s}
			if _, err := try.Normal(); err != nil {
				return err
			}
			base.BirthDate = s
			return nil
		},
		"gender": func(s string) error {
			try := screen.Query{Name: "x", Gender: s}
			try, err := try.Normal()
			if err != nil {
				return err
			}
			base.Gender = try.Gender
			return nil
		},
	}
	var used []string
	for name, read := range set {
		used = append(used, name)
		done := false
		for _, v := range ex.Properties[name] {
			if done {
				q.ignored = append(q.ignored, name+": a second value is not searched by")
				break
			}
			if err := read(v); err != nil {
				q.ignored = append(q.ignored, name+": "+err.Error())
				continue
			}
			done = true
		}
	}
	return used
}

var (
	nameProperties = [...]string{
		"name", "alias", "previousName", "weakAlias", "abbreviation",
		"firstName", "secondName", "middleName", "fatherName", "lastName",
	}
	countryProperties = [...]string{"nationality", "citizenship", "country", "jurisdiction", "mainCountry"}
)

// names are those given, and those that first and last names make.
func (ex *example) names() []string {
	var out []string
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, p := range nameProperties[:5] {
		for _, n := range ex.Properties[p] {
			add(n)
		}
	}
	first := func(names ...string) string {
		for _, n := range names {
			if v := ex.Properties[n]; len(v) > 0 {
				return v[0]
			}
		}
		return ""
	}
	middle := strings.TrimSpace(first("secondName", "middleName") + " " + first("fatherName"))
	lasts, firsts := ex.Properties["lastName"], ex.Properties["firstName"]
	if len(lasts) == 0 {
		lasts = []string{""}
	}
	if len(firsts) == 0 {
		firsts = []string{""}
	}
	for _, l := range lasts {
		for _, f := range firsts {
			if l != "" || f != "" {
				add(strings.Join(strings.Fields(f+" "+middle+" "+l), " "))
			}
		}
	}
	return out
}

// countries are those of the example; at least one, which may be none.
func (ex *example) countries(q *question) []navicert.Flag {
	var out []navicert.Flag
	for _, p := range countryProperties {
		for _, v := range ex.Properties[p] {
			f, err := navicert.ParseFlag(v)
			switch {
			case err != nil:
				q.ignored = append(q.ignored, p+": "+err.Error())
			case !slices.Contains(out, f) && len(out) < mostCountries:
				out = append(out, f)
			case !slices.Contains(out, f):
				q.ignored = append(q.ignored, fmt.Sprintf("%s: only %d countries are searched by", p, mostCountries))
			}
		}
	}
	if len(out) == 0 {
		out = []navicert.Flag{""}
	}
	return out
}
