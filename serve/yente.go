package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"navicert"
	"navicert/list"
	"navicert/screen"
)

// The endpoints of this file answer in the shapes of yente, OpenSanctions'
// matching server (5.5: yente/routers, yente/data/common.py), so that programs
// written for it can ask this one. docs/api.md says where they differ.

// algorithm is the name of this program's matcher among yente's.
const algorithm = "navicert"

// otherAlgorithms are names that yente's clients ask for. All are answered by
// this program's own matcher, and the response says so.
var otherAlgorithms = [...]string{"best", "logic-v1", "logic-v2", "name-based", "name-qualified", "regression-v1", "ofac-249"}

// Limits of a call, yente's own, but for the batch: 100 there.
const (
	matchLimit  = 5                       // results of each query unless asked
	maxResults  = maxQueries * matchLimit // of one call: its answer is made whole, at some 3 KB a result
	searchLimit = 10
	maxSearch   = 500
)

// yente answers its endpoints.
type yente struct{ b Backend }

func registerYente(api huma.API, mux *http.ServeMux, b Backend) {
	y := yente{b}
	for _, e := range []struct {
		method, path, id, summary string
		params                    []*huma.Param
		do                        func(*http.Request) (any, error)
	}{
		{"POST", "/match/{dataset}", "yente-match", "Match up to 10,000 entities, in yente's shapes", append(pathParam("dataset"), matchParams()...), y.match},
		{"GET", "/search/{dataset}", "yente-search", "Search by a text, in yente's shapes", append(pathParam("dataset"), searchParams()...), y.search},
		{"GET", "/entities/{id}", "yente-entity", "One listed entity, in yente's shape", pathParam("id"), y.entity},
		{"GET", "/catalog", "yente-catalog", "The lists held, in yente's shape", nil, y.catalog},
		{"GET", "/algorithms", "yente-algorithms", "The matcher and its features, in yente's shape", nil, func(*http.Request) (any, error) { return algorithms(), nil }},
		{"GET", "/healthz", "yente-health", "The server answers", nil, func(*http.Request) (any, error) { return statusOK, nil }},
		{"GET", "/readyz", "yente-ready", "The lists are held and can be searched", nil, y.ready},
	} {
		op := &huma.Operation{
			OperationID: e.id, Method: e.method, Path: e.path, Summary: e.summary, Tags: []string{"yente"}, Parameters: e.params,
			Responses: map[string]*huma.Response{"200": {Description: "OK", Content: anyJSON()}, "default": {Description: `{"detail": …}`, Content: anyJSON()}},
		}
		if e.method == "POST" {
			op.RequestBody = &huma.RequestBody{Required: true, Content: anyJSON()}
		}
		api.OpenAPI().AddOperation(op)
		mux.HandleFunc(e.method+" "+e.path, func(w http.ResponseWriter, r *http.Request) {
			out, err := e.do(r)
			writeYente(w, out, err)
		})
	}
}

func anyJSON() map[string]*huma.MediaType {
	return map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: huma.TypeObject}}}
}

func pathParam(name string) []*huma.Param {
	return []*huma.Param{{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}}
}

func queryParams(types map[string]string) []*huma.Param {
	var out []*huma.Param
	for name, t := range types {
		out = append(out, &huma.Param{Name: name, In: "query", Schema: &huma.Schema{Type: t}})
	}
	slices.SortFunc(out, func(a, b *huma.Param) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func matchParams() []*huma.Param {
	return queryParams(map[string]string{
		"limit": huma.TypeInteger, "threshold": huma.TypeNumber, "cutoff": huma.TypeNumber, "algorithm": huma.TypeString,
		"include_dataset": huma.TypeString, "exclude_dataset": huma.TypeString, "exclude_schema": huma.TypeString,
		"exclude_entity_ids": huma.TypeString, "topics": huma.TypeString, "changed_since": huma.TypeString,
		"as_of": huma.TypeString, "known_at": huma.TypeString,
	})
}

func searchParams() []*huma.Param {
	return queryParams(map[string]string{
		"q": huma.TypeString, "schema": huma.TypeString, "countries": huma.TypeString, "datasets": huma.TypeString, "topics": huma.TypeString,
		"limit": huma.TypeInteger, "offset": huma.TypeInteger, "as_of": huma.TypeString, "known_at": huma.TypeString,
	})
}

type statusAnswer struct {
	Status string `json:"status"`
}

var statusOK = statusAnswer{"ok"}

// yenteError is an error with the status that yente gives it.
type yenteError struct {
	status int
	detail string
}

func (e *yenteError) Error() string { return e.detail }

func bad(format string, args ...any) error {
	return &yenteError{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// writeYente answers, an error as {"detail": "…"}.
func writeYente(w http.ResponseWriter, out any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if m, ok := out.(*matchAnswer); ok && err == nil {
		w.Header().Set("X-Batch-Size", strconv.Itoa(len(m.Responses)))
	}
	if err != nil {
		status, detail := http.StatusInternalServerError, err.Error()
		var y *yenteError
		var h huma.StatusError
		switch {
		case errors.As(err, &y):
			status = y.status
		case errors.As(err, &h):
			status = h.GetStatus()
		case errors.As(problem(err), &h):
			if status = h.GetStatus(); status == http.StatusUnprocessableEntity {
				status = http.StatusBadRequest // yente's for a query that cannot be asked
			}
		}
		w.WriteHeader(status)
		out = map[string]string{"detail": detail}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(out) // an error is the client's going away
}

// scope is which lists are searched, and as of when.
type scope struct {
	view  *screen.View
	lists []string // of view; never empty
}

// foreignNames are what OpenSanctions calls the lists that this program reads.
var foreignNames = map[string]string{
	"us_ofac_sdn": "ofac-sdn", "us_ofac_cons": "ofac-cons", "us_trade_csl": "us-csl", "un_sc_sanctions": "un",
	"eu_fsf": "eu-fsf", "eu_sanctions_map": "eu-vessels", "gb_fcdo_sanctions": "uk", "gb_hmt_sanctions": "uk-ofsi",
}

// scope reads the dataset of the path and the parameters that narrow it.
func (y yente) scope(r *http.Request, include, exclude []string) (scope, error) {
	at, err := times(r.URL.Query().Get("as_of"), r.URL.Query().Get("known_at"))
	if err != nil {
		return scope{}, err
	}
	v, err := y.b.View(r.Context(), screen.When{AsOf: at[0], KnownAt: at[1]})
	if err != nil {
		return scope{}, err
	}
	s := scope{view: v}
	var held []string
	for _, p := range v.Publications() {
		held = append(held, p.List)
	}
	if len(held) == 0 {
		return s, &yenteError{http.StatusServiceUnavailable, "No list is held for that day: import one with navicert lists import."}
	}
	within := func(name string) ([]string, error) {
		if l, ok := foreignNames[name]; ok && !slices.Contains(held, name) {
			name = l
		}
		switch {
		case name == "default" || name == "sanctions":
			return held, nil
		case slices.Contains(held, name):
			return []string{name}, nil
		}
		return nil, &yenteError{http.StatusNotFound, fmt.Sprintf("No such dataset: %s. There are default, sanctions, %s.", name, strings.Join(held, ", "))}
	}
	if s.lists, err = within(r.PathValue("dataset")); err != nil {
		return s, err
	}
	keep := func(names []string, want bool) error {
		var all []string
		for _, n := range names {
			ls, err := within(n)
			if err != nil {
				return err
			}
			all = append(all, ls...)
		}
		s.lists = slices.DeleteFunc(slices.Clone(s.lists), func(l string) bool { return slices.Contains(all, l) != want })
		return nil
	}
	if len(include) > 0 {
		if err := keep(include, true); err != nil {
			return s, err
		}
	}
	if err := keep(exclude, false); err != nil {
		return s, err
	}
	if len(s.lists) == 0 {
		return s, bad("include_dataset and exclude_dataset leave no list to search.")
	}
	return s, nil
}

func (y yente) ready(r *http.Request) (any, error) {
	v, err := y.b.View(r.Context(), screen.When{})
	if err != nil {
		return nil, err
	}
	if len(v.Publications()) == 0 {
		return nil, &yenteError{http.StatusServiceUnavailable, "No list is held: import one with navicert lists import."}
	}
	return statusOK, nil
}

func (y yente) entity(r *http.Request) (any, error) {
	v, err := y.b.View(r.Context(), screen.When{})
	if err != nil {
		return nil, err
	}
	id := r.PathValue("id")
	for _, p := range v.Publications() {
		entry, ok := strings.CutPrefix(id, p.List+"-")
		if !ok {
			continue
		}
		e, err := v.EntryByID(r.Context(), p.List, entry)
		if navicert.KindOf(err) == navicert.NotFound {
			continue // "ofac-sdn-1" may be entry 1 of "ofac-sdn" or sdn-1 of "ofac"
		}
		if err != nil {
			return nil, err
		}
		return entityOf(p, &e), nil
	}
	return nil, &yenteError{http.StatusNotFound, "No such entity!"}
}

// dataset is a list in the catalogue.
type dataset struct {
	Name         string   `json:"name"`
	Title        string   `json:"title"`
	Summary      string   `json:"summary,omitempty"`
	Load         bool     `json:"load"`
	Version      string   `json:"version"`
	IndexVersion *string  `json:"index_version"`
	IndexCurrent bool     `json:"index_current"`
	EntityCount  int      `json:"entity_count,omitempty"`
	LastExport   string   `json:"last_export,omitempty"`
	Children     []string `json:"children"`
}

type catalogue struct {
	Datasets   []dataset `json:"datasets"`
	Current    []string  `json:"current"`
	Outdated   []string  `json:"outdated"`
	IndexStale bool      `json:"index_stale"`
}

// catalog lists what is held. A list past its greatest age is outdated.
func (y yente) catalog(r *http.Request) (any, error) {
	v, err := y.b.View(r.Context(), screen.When{})
	if err != nil {
		return nil, err
	}
	c := catalogue{Current: []string{}, Outdated: []string{}}
	lists := []string{}
	newest, on := navicert.Date(""), navicert.DateOf(y.b.Now())
	for _, p := range v.Publications() {
		version := strings.ReplaceAll(string(p.Date), "-", "")
		d := dataset{
			Name: p.List, Title: p.Title, Load: true, Version: version, IndexVersion: &version, IndexCurrent: p.State(on) == navicert.Current,
			EntityCount: p.Entries, LastExport: day(p.Date), Children: []string{},
		}
		if d.IndexCurrent {
			c.Current = append(c.Current, p.List)
		} else {
			c.Outdated = append(c.Outdated, p.List)
		}
		c.Datasets = append(c.Datasets, d)
		lists = append(lists, p.List)
		newest = max(newest, p.Date)
	}
	c.IndexStale = len(c.Outdated) > 0
	version := strings.ReplaceAll(string(newest), "-", "")
	for _, name := range []string{"default", "sanctions"} {
		c.Datasets = append(c.Datasets, dataset{
			Name: name, Title: "All lists held", Version: version, IndexVersion: &version, IndexCurrent: !c.IndexStale, Children: lists,
		})
	}
	return c, nil
}

type featureDoc struct {
	Description string  `json:"description"`
	Coefficient float64 `json:"coefficient"`
	URL         string  `json:"url"`
}

type algorithmDocs struct {
	Description string                `json:"description"`
	Config      map[string]any        `json:"config"`
	Features    map[string]featureDoc `json:"features"`
}

type algorithmAnswer struct {
	Name        string                `json:"name"`
	Description string                `json:"description"`
	Features    map[string]featureDoc `json:"features"`
	Docs        algorithmDocs         `json:"docs"`
}

type algorithmsAnswer struct {
	Algorithms []algorithmAnswer `json:"algorithms"`
	Default    string            `json:"default"`
	Best       string            `json:"best"`
}

// algorithms describes the one matcher. The coefficient of a feature differs
// from hit to hit; the one given is the most that it can be.
func algorithms() algorithmsAnswer {
	features := map[string]featureDoc{}
	for _, f := range screen.Features() {
		features[f.Name] = featureDoc{Description: f.Doc, Coefficient: f.Most}
	}
	const text = "navicert's own matcher: identifiers decide, then names by kind, then what else is known."
	return algorithmsAnswer{
		Algorithms: []algorithmAnswer{{algorithm, text, features, algorithmDocs{text, map[string]any{}, features}}},
		Default:    algorithm, Best: algorithm,
	}
}

// number reads a parameter of yente's; a wrong one is FastAPI's 422.
func number(q url.Values, name string, def, least, most float64) (float64, error) {
	s := q.Get(name)
	if s == "" {
		return def, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f >= least && f <= most) { // NaN is neither
		return 0, &yenteError{http.StatusUnprocessableEntity, fmt.Sprintf("%s: want a number from %g to %g, not %q", name, least, most, s)}
	}
	return f, nil
}

// search answers GET /search: names near the text, best first.
func (y yente) search(r *http.Request) (any, error) {
	p := r.URL.Query()
	limit, err := number(p, "limit", searchLimit, 0, maxSearch)
	if err != nil {
		return nil, err
	}
	offset, err := number(p, "offset", 0, 0, 9999-maxSearch)
	if err != nil {
		return nil, err
	}
	s, err := y.scope(r, p["datasets"], nil)
	if err != nil {
		return nil, err
	}
	schema := p.Get("schema")
	if schema == "" {
		schema = "Thing"
	}
	kinds, err := kindsOf(schema)
	if err != nil {
		return nil, err
	}
	m := matching{scope: s, opt: screen.Options{MinScore: searchScore, Limit: maxSearch, Lists: s.lists}, keep: keepTopics(p["topics"])}
	var qs []screen.Query
	for _, k := range kinds {
		q, err := screen.Query{Kind: k, Name: p.Get("q")}.Normal()
		if err != nil {
			return nil, bad("q: %v", err)
		}
		qs = append(qs, q)
	}
	hits, more, err := m.ask(r.Context(), qs)
	if err != nil {
		return nil, err
	}
	hits = slices.DeleteFunc(hits, func(h screen.Hit) bool { return !inCountries(&h, p["countries"]) })
	out := searchAnswer{
		Results: []entity{}, Facets: map[string]facet{}, Limit: int(limit), Offset: int(offset), Total: total{len(hits) + more, "eq"},
	}
	for _, f := range []string{"countries", "topics", "datasets"} {
		out.Facets[f] = facet{strings.ToUpper(f[:1]) + f[1:], []string{}}
	}
	from := min(int(offset), len(hits))
	for _, h := range hits[from:min(from+int(limit), len(hits))] {
		e, err := m.entity(r.Context(), &h)
		if err != nil {
			return nil, err
		}
		out.Results = append(out.Results, e)
	}
	return out, nil
}

// searchScore is what a name must score to be found by /search, which is for
// people who look through results: lower than any threshold of a match.
const searchScore = 0.6

func inCountries(h *screen.Hit, countries []string) bool {
	if len(countries) == 0 {
		return true
	}
	return slices.ContainsFunc(countries, func(c string) bool {
		f, err := navicert.ParseFlag(c)
		return err == nil && (h.Flag == f || slices.Contains(h.Countries, f))
	})
}

type facet struct {
	Label  string   `json:"label"`
	Values []string `json:"values"`
}

type total struct {
	Value    int    `json:"value"`
	Relation string `json:"relation"`
}

type searchAnswer struct {
	Limit   int              `json:"limit"`
	Offset  int              `json:"offset"`
	Total   total            `json:"total"`
	Results []entity         `json:"results"`
	Facets  map[string]facet `json:"facets"`
}

// publication returns the publication that a hit stands in.
func (s scope) publication(h *screen.Hit) list.Publication {
	for _, p := range s.view.Publications() {
		if p.List == h.List {
			return p
		}
	}
	return list.Publication{List: h.List, Date: h.Publication}
}

func (s scope) entity(ctx context.Context, h *screen.Hit) (entity, error) {
	e, err := s.view.Entry(ctx, h)
	if err != nil {
		return entity{}, err
	}
	return entityOf(s.publication(h), &e), nil
}
