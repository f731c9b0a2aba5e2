package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"navicert"
	"navicert/screen"
)

// Limits of one call to the screening endpoints. A query has at most some 1.5
// KB, so the longest batch fits into the body.
const (
	maxQueries    = 10_000
	maxScreenBody = 16 << 20
	answersAtOnce = 512 // at most are held before they are written
	hitsAtOnce    = 20_000
	maxHits       = 500 // that a caller may ask for
)

// ndjson is the type of a body with one JSON value a line.
const ndjson = "application/x-ndjson"

// registerScreen adds POST /screen. It is a plain handler beside huma's: it is
// asked thousands of times a second, and its batches are answered as they are
// computed, not when the last of them is.
func registerScreen(api huma.API, mux *http.ServeMux, b Backend) {
	r := api.OpenAPI().Components.Schemas
	query := r.Schema(reflect.TypeFor[screen.Query](), true, "")
	ans := r.Schema(reflect.TypeFor[screen.Answer](), true, "")
	one := func(s *huma.Schema) *huma.Schema {
		return &huma.Schema{OneOf: []*huma.Schema{s, {Type: huma.TypeArray, Items: s}}}
	}
	text := &huma.Schema{Type: huma.TypeString}
	api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "screen", Method: http.MethodPost, Path: "/api/v1/screen", Tags: []string{"lists"},
		Summary: "Screen a name or identifier, or up to 10,000 of them, against the lists",
		Description: "One query gives one answer, an array of queries an array of answers in their order, and JSON lines (" + ndjson +
			") JSON lines. Answers of a batch come as they are ready. A query that cannot be asked refuses the whole call.",
		Parameters: []*huma.Param{
			{Name: "as_of", In: "query", Description: "search what had been published by then; default now", Schema: text},
			{Name: "known_at", In: "query", Description: "search only what this installation held by then", Schema: text},
			{Name: "min_score", In: "query", Description: "show what scores at least this, 0 to 1; default each kind's threshold", Schema: &huma.Schema{Type: huma.TypeNumber}},
			{Name: "limit", In: "query", Description: "hits of each answer, at most 500", Schema: &huma.Schema{Type: huma.TypeInteger}},
		},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/json": {Schema: one(query)}, ndjson: {Schema: query},
		}},
		Responses: map[string]*huma.Response{
			"200":     {Description: "OK", Content: map[string]*huma.MediaType{"application/json": {Schema: one(ans)}, ndjson: {Schema: ans}}},
			"default": {Description: "Error", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: r.Schema(reflect.TypeFor[huma.ErrorModel](), true, "")}}},
		},
	})
	mux.HandleFunc("POST /api/v1/screen", func(w http.ResponseWriter, r *http.Request) {
		s, err := readScreening(r)
		if err != nil {
			writeProblem(w, err)
			return
		}
		v, err := b.View(r.Context(), s.when)
		if err != nil {
			writeProblem(w, err)
			return
		}
		s.answer(r.Context(), w, v)
	})
}

// screening is one call.
type screening struct {
	queries []screen.Query
	form    form
	opt     screen.Options
	when    screen.When
}

// form is how the queries came, and the answers go.
type form int

const (
	single form = iota // one object
	array              // a JSON array
	lines              // JSON lines
)

func readScreening(r *http.Request) (screening, error) {
	s := screening{}
	q := r.URL.Query()
	if err := knownParams(q, "as_of", "known_at", "min_score", "limit"); err != nil {
		return s, err
	}
	at, err := times(q.Get("as_of"), q.Get("known_at"))
	if err != nil {
		return s, err
	}
	s.when = screen.When{AsOf: at[0], KnownAt: at[1]}
	if s.opt.Limit, err = intParam(q, "limit", 0, maxHits); err != nil {
		return s, err
	}
	if s.opt.MinScore, err = scoreParam(q, "min_score"); err != nil {
		return s, err
	}
	switch t, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); t {
	case "", "application/json":
	case ndjson, "application/jsonl":
		s.form = lines
	default:
		return s, huma.Error415UnsupportedMediaType("the body's type is " + t + ": want application/json or " + ndjson)
	}
	body, err := readBody(r)
	if err != nil {
		return s, err
	}
	if err := s.decode(body); err != nil {
		return s, err
	}
	for i := range s.queries {
		if s.queries[i], err = s.queries[i].Normal(); err != nil {
			if s.form != single {
				err = navicert.Errorf(navicert.KindOf(err), "", fmt.Sprintf("query %d", i+1), "%w", err)
			}
			return s, err
		}
	}
	return s, nil
}

// decode reads the queries. An unknown field is an error: a misspelt one would
// change what is asked.
func (s *screening) decode(body []byte) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if t := bytes.TrimLeft(body, " \t\r\n"); s.form == single && len(t) > 0 && t[0] == '[' {
		s.form = array
		_, _ = d.Token() // the bracket just seen
	}
	for s.form == lines || d.More() {
		var q screen.Query
		err := d.Decode(&q)
		if s.form == lines && errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return badJSON(err)
		}
		if s.queries = append(s.queries, q); len(s.queries) > maxQueries {
			return navicert.Errorf(navicert.Limit, "screen", "", "more than %d queries in one call", maxQueries).WithHint("split them over several calls")
		}
		if s.form == single {
			break
		}
	}
	if s.form == array {
		if _, err := d.Token(); err != nil {
			return badJSON(err)
		}
	}
	if s.form == single && len(s.queries) == 0 {
		return huma.Error400BadRequest("the body is empty: want a query, see /openapi.json")
	}
	if s.form != lines && d.More() {
		return huma.Error400BadRequest("the body has more than one JSON value: want one query, an array of them, or " + ndjson)
	}
	return nil
}

// answer asks and writes. What fails once the first answer is out ends the
// connection, so that nobody takes the part for the whole.
func (s *screening) answer(ctx context.Context, w http.ResponseWriter, v *screen.View) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	if s.form == single {
		a, err := v.Screen(s.queries[0], s.opt)
		if err != nil {
			writeProblem(w, err)
			return
		}
		_ = out.Encode(a) // an error is the client's going away
		return
	}
	open, between, end := "[", ",", "]\n"
	if s.form == lines {
		h.Set("Content-Type", ndjson)
		open, between, end = "", "", ""
	}
	fail := func(err error) {
		if err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	_, err := io.WriteString(w, open)
	fail(err)
	step := atOnce(s.opt.Limit)
	for from := 0; from < len(s.queries); from += step {
		answers, err := v.ScreenAll(ctx, s.queries[from:min(from+step, len(s.queries))], s.opt)
		fail(err)
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(false)
		for i := range answers {
			if from+i > 0 {
				buf.WriteString(between)
			}
			fail(enc.Encode(&answers[i]))
		}
		_, err = w.Write(buf.Bytes())
		fail(err)
	}
	_, err = io.WriteString(w, end)
	fail(err)
}

// atOnce is how many questions are asked before their answers are used, when
// each may have so many hits.
func atOnce(limit int) int {
	if limit <= 0 {
		limit = screen.DefaultLimit
	}
	return min(answersAtOnce, max(1, hitsAtOnce/limit))
}

// knownParams refuses query parameters that do not exist.
func knownParams(q url.Values, known ...string) error {
	for name := range q {
		if !slices.Contains(known, name) {
			return navicert.Errorf(navicert.Invalid, "query parameter", strconv.Quote(name), "there is none of this name").
				WithHint("there are " + strings.Join(known, ", "))
		}
	}
	return nil
}

// intParam reads a parameter from 1 to most; without one it is def.
func intParam(q url.Values, name string, def, most int) (int, error) {
	s := q.Get(name)
	if s == "" {
		return def, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0, navicert.Errorf(navicert.Invalid, name, strconv.Quote(s), "want a number from 1 to %d", most)
	}
	return n, nil
}

// scoreParam reads a score; without one it is 0.
func scoreParam(q url.Values, name string) (float64, error) {
	s := q.Get(name)
	if s == "" {
		return 0, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f > 0 && f <= 1) { // NaN is neither
		return 0, navicert.Errorf(navicert.Invalid, name, strconv.Quote(s), "want more than 0 and at most 1")
	}
	return f, nil
}

func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	if tooBig := (*http.MaxBytesError)(nil); errors.As(err, &tooBig) {
		return nil, huma.NewError(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body has more than %d bytes", tooBig.Limit))
	}
	if err != nil {
		return nil, huma.Error400BadRequest("the body could not be read: " + err.Error())
	}
	return body, nil
}

// badJSON says whether a body is no JSON (400) or does not say what it should
// (422).
func badJSON(err error) error {
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return huma.Error400BadRequest("the body is no JSON: " + err.Error())
	}
	return huma.Error422UnprocessableEntity(err.Error())
}

// writeProblem answers with an RFC 9457 problem.
func writeProblem(w http.ResponseWriter, err error) {
	status := huma.StatusError(nil)
	if !errors.As(err, &status) {
		_ = errors.As(problem(err), &status) // it always is one
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status.GetStatus())
	_ = json.NewEncoder(w).Encode(status) // an error is the client's going away
}
