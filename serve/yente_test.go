package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"navicert"
	"navicert/list"
	"navicert/screen"
)

var update = flag.Bool("update", false, "write the golden files anew")

// heldLists is a list.Store in memory.
type heldLists struct {
	pubs    []list.Publication
	entries map[string][]list.Entry
}

func (h *heldLists) Put(_ context.Context, p list.Publication, entries []list.Entry) (bool, error) {
	if h.entries == nil {
		h.entries = map[string][]list.Entry{}
	}
	p.CountVessels(entries)
	h.pubs = append(h.pubs, p)
	h.entries[p.ID()] = entries
	return true, nil
}

// DataVersion returns how many publications there are.
func (h *heldLists) DataVersion(context.Context) (int64, error) {
	return int64(len(h.pubs)), nil
}

func (h *heldLists) PullStates(context.Context, time.Time) ([]list.PullState, error) { return nil, nil }

func (h *heldLists) Publications(context.Context) ([]list.Publication, error) { return h.pubs, nil }

func (h *heldLists) Entries(_ context.Context, l string, d navicert.Date) iter.Seq2[list.Entry, error] {
	return func(yield func(list.Entry, error) bool) {
		for _, e := range h.entries[l+"@"+string(d)] {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (h *heldLists) EntryAt(_ context.Context, l string, d navicert.Date, position int) (list.Entry, error) {
	return h.entries[l+"@"+string(d)][position], nil
}

// inventedLists are two lists; the first has two publications.
func inventedLists(t *testing.T) *heldLists {
	t.Helper()
	h := &heldLists{}
	ship := list.Entry{
		ID: "7", Kind: list.Vessel, Name: "COPPER LANTERN", IMO: 2000016, MMSIs: []navicert.MMSI{200000011}, CallSigns: []navicert.CallSign{"HPEX1"},
		Aliases: []list.Alias{{Name: "TIN LANTERN", Kind: list.FKA}}, Flag: "PA", FormerFlags: []navicert.Flag{"LR"}, VesselType: "Crude Oil Tanker",
		BuildYear: "2003", Programmes: []string{"TEST-EO1"}, Measure: list.Block, Row: "7",
	}
	person := list.Entry{
		ID: "8", Kind: list.Person, Name: "PETREL, Onyx Amber", Aliases: []list.Alias{{Name: "Amber", Kind: list.AKA, Weak: true}, {Name: "Оникс Петрель", Kind: list.AKA}},
		BirthDates: []string{"18 Apr 1966"}, Gender: "Female", Countries: []navicert.Flag{"PA"}, Programmes: []string{"TEST-EO1"}, Measure: list.Block,
		Identifiers: []list.Identifier{{Type: "Passport", Value: "X1234567", Country: "PA"}}, Row: "8",
	}
	company := list.Entry{
		ID: "9", Kind: list.Organization, Name: "QUIET LAGOON SHIPPING LTD", Countries: []navicert.Flag{"MH"}, Programmes: []string{"TEST-EO2"}, Measure: list.Block,
		Identifiers: []list.Identifier{{Type: list.CompanyIMO, Value: "2000004"}}, Addresses: []list.Address{{Text: "1 Sample Road, Majuro", Country: "MH"}}, Row: "9",
	}
	for _, p := range []struct {
		list, date string
		entries    []list.Entry
	}{
		{"a-list", "2025-12-01", []list.Entry{company}},
		{"a-list", "2025-12-30", []list.Entry{ship, person, company}},
		{"un", "2025-12-20", []list.Entry{
			{ID: "5", Kind: list.Person, Name: "Amber Watch PERSON", Gender: "Female", Measure: list.Watch, Row: "5"},
			{ID: "6", Kind: list.UnknownKind, Name: "Imrel Danow Tarvosk", Measure: list.ExportControl, Row: "6"},
		}},
		{"b-list", "2025-11-01", []list.Entry{{ID: "B1", Kind: list.Vessel, Name: "COPPER LANTERN II", Measure: list.PortBan, Row: "B1"}}},
	} {
		_, err := h.Put(t.Context(), list.Publication{
			List: p.list, Title: "Invented " + p.list, Date: navicert.Date(p.date), SHA256: p.list + p.date, MaxAgeDays: 14,
			ImportedAt: navicert.Date(p.date).Start().Add(time.Hour),
		}, p.entries)
		if err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// Requests as clients of yente send them, in testdata/yente, each with the
// answer beside it: the paths with their parameters, then the body.
func TestYenteShapes(t *testing.T) {
	url := server(t, &fakeBackend{lists: inventedLists(t)}).URL
	files, err := filepath.Glob("testdata/yente/*.http")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d requests: %v", len(files), err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".http"), func(t *testing.T) {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			line, body, _ := strings.Cut(string(text), "\n")
			method, path, _ := strings.Cut(line, " ")
			status, header, got := ask(t, method, url+path, strings.TrimSpace(body))
			var shown bytes.Buffer
			fmt.Fprintln(&shown, status)
			if n := header.Get("X-Batch-Size"); n != "" {
				fmt.Fprintln(&shown, "x-batch-size:", n)
			}
			if err := json.Indent(&shown, []byte(got), "", "  "); err != nil {
				t.Fatalf("%v: %s", err, got)
			}
			golden := strings.TrimSuffix(f, ".http") + ".answer"
			if *update {
				if err := os.WriteFile(golden, shown.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), shown.String()); d != "" {
				t.Errorf("%s (-file +now; -update writes it anew):\n%s", golden, d)
			}
		})
	}
}

// matchResult is what a client of yente reads.
type matchResult struct {
	Responses map[string]struct {
		Status  int `json:"status"`
		Results []struct {
			ID           string                     `json:"id"`
			Caption      string                     `json:"caption"`
			Schema       string                     `json:"schema"`
			Properties   map[string][]string        `json:"properties"`
			Datasets     []string                   `json:"datasets"`
			Score        float64                    `json:"score"`
			Match        bool                       `json:"match"`
			Features     map[string]float64         `json:"features"`
			Explanations map[string]json.RawMessage `json:"explanations"`
		} `json:"results"`
		Total struct {
			Value int `json:"value"`
		} `json:"total"`
		Ignored []string `json:"ignored"`
	} `json:"responses"`
	Ignored  []string            `json:"ignored"`
	Searched []navicert.Searched `json:"searched"`
	Detail   string              `json:"detail"`
}

func match(t *testing.T, url, params, queries string) (int, matchResult) {
	t.Helper()
	status, _, body := ask(t, http.MethodPost, url+params, `{"queries":`+queries+`}`)
	var r matchResult
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return status, r
}

func TestYenteMatch(t *testing.T) {
	url := server(t, &fakeBackend{lists: inventedLists(t)}).URL
	for _, c := range []struct {
		what, params, example string
		ids                   string // of the results, in order
		matched               int
	}{
		{"an IMO number as a text", "/match/default", `{"schema":"Vessel","properties":{"imoNumber":["IMO2000016"]}}`, "a-list-7", 1},
		{"as a number", "/match/default", `{"schema":"Vessel","properties":{"imoNumber":[2000016]}}`, "a-list-7", 1},
		{"not in a list", "/match/default", `{"schema":"Vessel","properties":{"imoNumber":"imo: 2000016"}}`, "a-list-7", 1},
		{"under any schema", "/match/default", `{"schema":"Thing","properties":{"imoNumber":["2000016"]}}`, "a-list-7", 1},
		{"a vehicle", "/match/default", `{"schema":"Vehicle","properties":{"imoNumber":["2000016"]}}`, "a-list-7", 1},
		{"under another kind's schema", "/match/default", `{"schema":"Person","properties":{"name":["Copper Lantern"]}}`, "", 0},
		{"another hull", "/match/default", `{"schema":"Vessel","properties":{"name":["Copper Lantern"],"imoNumber":["9074729"]}}`, "", 0},
		{"another hull, low cutoff", "/match/default?cutoff=0.4", `{"schema":"Vessel","properties":{"name":["Copper Lantern"],"imoNumber":["9074729"]}}`, "b-list-B1 a-list-7", 0},
		{"by a second name", "/match/default", `{"schema":"Vessel","properties":{"name":["Something Else","Tin Lantern"]}}`, "a-list-7", 1},
		{"names in parts", "/match/sanctions", `{"schema":"Person","properties":{"firstName":["Onyx"],"middleName":["Amber"],"lastName":["Petrel"],"birthDate":["1966"],"nationality":["pa"]}}`, "a-list-8", 1},
		{"a legal entity", "/match/a-list", `{"schema":"LegalEntity","properties":{"name":["Quiet Lagoon Shipping"],"jurisdiction":["Marshall Islands"]}}`, "a-list-9", 1},
		{"a company by its number", "/match/a-list", `{"schema":"Company","properties":{"imoNumber":["2000004"]}}`, "a-list-9", 1},
		{"in another list", "/match/b-list", `{"schema":"Vessel","properties":{"imoNumber":["2000016"]}}`, "", 0},
		{"without its list", "/match/default?exclude_dataset=a-list", `{"schema":"Vessel","properties":{"imoNumber":["2000016"]}}`, "", 0},
		{"within a list", "/match/default?include_dataset=b-list", `{"schema":"Vessel","properties":{"name":["Copper Lantern II"]}}`, "b-list-B1", 1},
		{"with its topic", "/match/default?topics=sanction&topics=crime", `{"schema":"Vessel","properties":{"imoNumber":["2000016"]}}`, "a-list-7", 1},
		{"with another topic", "/match/default?topics=role.pep", `{"schema":"Vessel","properties":{"imoNumber":["2000016"]}}`, "", 0},
		{"without its schema", "/match/default?exclude_schema=Vessel", `{"schema":"Thing","properties":{"imoNumber":["2000016"]}}`, "", 0},
		{"decided before", "/match/default?exclude_entity_ids=a-list-7", `{"schema":"Vessel","properties":{"imoNumber":["2000016"]}}`, "", 0},
		{"before it was listed", "/match/default?as_of=2025-12-15", `{"schema":"Vessel","properties":{"imoNumber":["2000016"]}}`, "", 0},
		{"new since", "/match/default?changed_since=2025-12-15", `{"schema":"Vessel","properties":{"imoNumber":["2000016"]}}`, "a-list-7", 1},
		{"the same since", "/match/default?changed_since=2025-12-15", `{"schema":"Company","properties":{"imoNumber":["2000004"]}}`, "", 0},
		{"by a list's other name", "/match/un_sc_sanctions", `{"schema":"Person","properties":{"name":["Amber Watch Person"],"gender":["female"]}}`, "un-5", 1},
		{"on a watch list, not sanctioned", "/match/un?topics=sanction", `{"schema":"Person","properties":{"name":["Amber Watch Person"]}}`, "", 0},
		{"on a watch list", "/match/un?topics=poi", `{"schema":"Person","properties":{"name":["Amber Watch Person"]}}`, "un-5", 1},
		{"a person where the list does not say so", "/match/un", `{"schema":"Person","properties":{"name":["Tarvosk, Imrel Danow"]}}`, "un-6", 1},
		{"a company likewise", "/match/un", `{"schema":"Company","properties":{"name":["Imrel Danow Tarvosk"]}}`, "un-6", 1},
		{"a legal entity likewise", "/match/un", `{"schema":"LegalEntity","properties":{"name":["Imrel Danow Tarvosk"]}}`, "un-6", 1},
		{"without legal entities", "/match/un?exclude_schema=LegalEntity", `{"schema":"Thing","properties":{"name":["Imrel Danow Tarvosk"]}}`, "", 0},
		{"its parameters", "/match/default?fuzzy=false&algorithm=best&limit=1&threshold=0.7", `{"schema":"Vessel","properties":{"name":["Copper Lantern"]}}`, "a-list-7", 1},
	} {
		t.Run(c.what, func(t *testing.T) {
			status, r := match(t, url, c.params, `{"q":`+c.example+`}`)
			q := r.Responses["q"]
			var ids []string
			matched := 0
			for _, x := range q.Results {
				ids = append(ids, x.ID)
				if x.Match {
					matched++
				}
				if x.ID == "un-6" && x.Schema != "LegalEntity" {
					t.Errorf("schema %s", x.Schema)
				}
				if len(x.Explanations) == 0 || len(x.Features) != len(x.Explanations) || len(x.Datasets) != 1 || x.Caption == "" {
					t.Errorf("result %+v", x)
				}
			}
			if got := strings.Join(ids, " "); status != 200 || q.Status != 200 || got != c.ids || matched != c.matched {
				t.Errorf("%d %+v\nwant %q, %d matched", status, r, c.ids, c.matched)
			}
		})
	}
}

func TestYenteErrors(t *testing.T) {
	url := server(t, &fakeBackend{lists: inventedLists(t)}).URL
	many := strings.Builder{}
	for i := range 10_001 {
		fmt.Fprintf(&many, `,"q%d":{"schema":"Vessel","properties":{"name":["X"]}}`, i)
	}
	most := strings.TrimPrefix(many.String(), ",")
	most = most[:strings.LastIndex(most, `,"q`)]
	const ok = `{"queries":{"q":{"schema":"Vessel","properties":{"name":["X"]}}}}`
	for _, c := range []struct {
		method, path, body string
		status             int
		detail             string
	}{
		{"POST", "/match/nothing", ok, 404, "No such dataset"},
		{"POST", "/match/default?include_dataset=nothing", ok, 404, "No such dataset"},
		{"POST", "/match/default?exclude_dataset=default", ok, 400, "no list"},
		{"POST", "/match/default?limit=0", ok, 422, "limit"},
		{"POST", "/match/default?limit=x", ok, 422, "limit"},
		{"POST", "/match/default?threshold=2", ok, 422, "threshold"},
		{"POST", "/match/default?algorithm=magic", ok, 400, "algorithm"},
		{"POST", "/match/default?changed_since=soon", ok, 422, "changed_since"},
		{"POST", "/match/default?as_of=soon", ok, 400, "time"},
		{"POST", "/match/default?as_of=2020-01-01", ok, 503, "No list is held"},
		{"POST", "/match/default", `{"queries":{}}`, 400, "No queries"},
		{"POST", "/match/default", `{"queries":{"q":null}}`, 400, "No queries"},
		{"POST", "/match/default", `{"queries":`, 400, "no JSON"},
		{"POST", "/match/default", `{"queries":{"q":{"schema":"Vessel","properties":[]}}}`, 422, "properties"},
		{"POST", "/match/default", `{"queries":{"q":{"schema":"Security","properties":{"name":["X"]}}}}`, 400, "Non-matchable schema"},
		{"POST", "/match/default", `{"queries":{"q":{"properties":{"name":["X"]}}}}`, 400, "schema is missing"},
		{"POST", "/match/default", `{"queries":{"q":{"schema":"Person","properties":{"email":["a@example.com"]}}}}`, 400, "nothing to search for"},
		{"POST", "/match/default", `{"queries":{` + many.String()[1:] + `}}`, 400, "Too many queries"},
		{"POST", "/match/default?limit=6", `{"queries":{` + most + `}}`, 400, "more than 50000 results"},
		{"GET", "/search/default?q=", "", 400, "nothing to search for"},
		{"GET", "/search/default?q=x&schema=Pet", "", 400, "schema"},
		{"GET", "/entities/a-list-404", "", 404, "No such entity"},
	} {
		status, _, body := ask(t, c.method, url+c.path, c.body)
		var e struct {
			Detail string `json:"detail"`
		}
		if err := json.Unmarshal([]byte(body), &e); err != nil || status != c.status || !strings.Contains(e.Detail, c.detail) {
			t.Errorf("%s %.60s: %d %.300s\nwant %d with %q", c.path, c.body, status, body, c.status, c.detail)
		}
	}
	empty := server(t, &fakeBackend{}).URL
	if status, _, _ := ask(t, "GET", empty+"/readyz", ""); status != 503 {
		t.Errorf("readyz without a list: %d, want 503", status)
	}
	if status, _, _ := ask(t, "GET", empty+"/healthz", ""); status != 200 {
		t.Errorf("healthz without a list: %d, want 200", status)
	}
}

// A property with an unreadable value says so; one that does not exist, or is
// not searched by, is no error.
func TestYenteIgnored(t *testing.T) {
	url := server(t, &fakeBackend{lists: inventedLists(t)}).URL
	_, r := match(t, url, "/match/default", `{"q":{"schema":"Vessel","properties":{
		"name":["Copper Lantern",null,{"id":"x"}],"imoNumber":["9074728"],"colour":["red"],"flag":["Nowhere","PA"],"mmsi":[200000011,"200000029"]}}}`)
	q := r.Responses["q"]
	want := []string{"colour: not searched by", "flag:", "imoNumber: IMO number", "mmsi: a second value is not searched by"}
	if len(q.Ignored) != len(want) || len(q.Results) == 0 || q.Results[0].ID != "a-list-7" {
		t.Fatalf("%+v", q)
	}
	for i, w := range want {
		if !strings.HasPrefix(q.Ignored[i], w) {
			t.Errorf("ignored %q, want %q", q.Ignored[i], w)
		}
	}
}

// 10,000 queries in one call, by each way in.
func TestBatches(t *testing.T) {
	f := &fakeBackend{lists: inventedLists(t)}
	url := server(t, f).URL
	const n = 10_000
	own, foreign := make([]string, n), make([]string, n)
	for i := range n {
		name := "COPPER LANTERN"
		if i%2 == 1 {
			name = "SOMETHING ELSE"
		}
		own[i] = fmt.Sprintf(`{"id":"%d","kind":"vessel","name":%q}`, i, name)
		foreign[i] = fmt.Sprintf(`"%d":{"schema":"Vessel","properties":{"name":[%q]}}`, i, name)
	}
	type answer struct {
		ID   string            `json:"id"`
		Hits []json.RawMessage `json:"hits"`
	}
	check := func(what string, answers []answer) {
		t.Helper()
		if len(answers) != n {
			t.Fatalf("%s: %d answers, want %d", what, len(answers), n)
		}
		for i, a := range answers {
			if a.ID != fmt.Sprint(i) || (len(a.Hits) > 0) != (i%2 == 0) {
				t.Fatalf("%s: answer %d is %+v", what, i, a)
			}
		}
	}
	var answers []answer
	status, _, body := ask(t, "POST", url+"/api/v1/screen?as_of=2026-01-02&known_at=2026-01-02", "["+strings.Join(own, ",")+"]")
	if err := json.Unmarshal([]byte(body), &answers); err != nil || status != 200 {
		t.Fatal(status, err)
	}
	check("array", answers)
	if f.at.KnownAt != navicert.Date("2026-01-02").Start() {
		t.Errorf("asked for %+v", f.at)
	}
	status, h, body := ask(t, "POST", url+"/api/v1/screen", strings.Join(own, "\n"), "Content-Type", "application/x-ndjson")
	if status != 200 || h.Get("Content-Type") != "application/x-ndjson" {
		t.Fatal(status, h)
	}
	answers = nil
	for line := range strings.Lines(body) {
		var a answer
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	check("lines", answers)
	status, r := match(t, url, "/match/default", "{"+strings.Join(foreign, ",")+"}")
	if status != 200 || len(r.Responses) != n || len(r.Responses["0"].Results) != 1 || len(r.Responses["1"].Results) != 0 {
		t.Errorf("%d, %d responses, the first %+v", status, len(r.Responses), r.Responses["0"])
	}
	if status, _, _ := ask(t, "POST", url+"/api/v1/screen", "["+strings.Join(own, ",")+","+own[0]+"]"); status != 422 {
		t.Errorf("10,001 queries: %d, want 422", status)
	}
	if status, _, _ := ask(t, "POST", url+"/api/v1/screen", `[{"name":"`+strings.Repeat("x", 17<<20)+`"}]`); status != 413 {
		t.Errorf("17 MiB: %d, want 413", status)
	}
	if status, _, _ := ask(t, "POST", url+"/api/v1/screen", own[0], "Content-Type", "text/plain"); status != 415 {
		t.Errorf("text/plain: %d, want 415", status)
	}
}

// cleared is a store of one clearing.
type cleared struct{ screen.Clearing }

func (c cleared) PutClearing(context.Context, screen.Clearing) error           { return nil }
func (c cleared) RemoveClearing(context.Context, string, screen.Removal) error { return nil }
func (c cleared) Clearings(context.Context) ([]screen.Clearing, error) {
	return []screen.Clearing{c.Clearing}, nil
}
func (c cleared) ClearingRevision(context.Context) (int64, error) { return 1, nil }

// A client's threshold does not bring back what a person has cleared, nor make
// one hull of two.
func TestYenteRuledOut(t *testing.T) {
	lists := inventedLists(t)
	person := lists.entries["a-list@2025-12-30"][1]
	clearing := cleared{screen.Clearing{
		ID: "c-1", Query: screen.Query{Name: "Onyx Amber Petrel"}, List: "a-list", Entry: "8", EntrySHA256: screen.EntrySHA256(&person),
		Who: "N. N.", Why: "another birth place", At: now, Until: "2100-01-01",
	}}
	const hull = `{"schema":"Vessel","properties":{"name":["Copper Lantern"],"imoNumber":["2000028"]}}`
	const asked = `{"schema":"Person","properties":{"name":["Onyx Amber Petrel"]}}`
	for _, c := range []struct {
		what      string
		clearings screen.ClearingStore
		query, id string
		want      bool
	}{
		{"not cleared", nil, asked, "a-list-8", true},
		{"cleared", clearing, asked, "a-list-8", false},
		{"another hull", nil, hull, "a-list-7", false},
		{"the hull", nil, strings.Replace(hull, "2000028", "2000016", 1), "a-list-7", true},
	} {
		t.Run(c.what, func(t *testing.T) {
			url := server(t, &fakeBackend{lists: lists, clearings: c.clearings}).URL
			status, _, body := ask(t, "POST", url+"/match/a-list?threshold=0.4", `{"queries":{"q":`+c.query+`}}`)
			var got struct {
				Responses map[string]struct {
					Results []struct {
						ID    string
						Match bool
					}
				}
			}
			if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusOK {
				t.Fatalf("%d %s: %v", status, body, err)
			}
			r := got.Responses["q"].Results
			if len(r) == 0 || r[0].ID != c.id || r[0].Match != c.want {
				t.Errorf("results %+v, want %s, match %v", r, c.id, c.want)
			}
		})
	}
}

// What each list was found to hold is counted whole, however few results are
// asked for.
func TestYenteCountsBeyondTheLimit(t *testing.T) {
	lists := &heldLists{}
	var same []list.Entry
	for i := range 12 {
		same = append(same, list.Entry{ID: fmt.Sprint(i), Kind: list.Organization, Name: "AMBER DUNE TRADING", Measure: list.Block, Row: fmt.Sprint(i)})
	}
	p := list.Publication{List: "a-list", Date: "2025-11-01", SHA256: "1", MaxAgeDays: 900, Entries: len(same)}
	if _, err := lists.Put(t.Context(), p, same); err != nil {
		t.Fatal(err)
	}
	url := server(t, &fakeBackend{lists: lists}).URL
	_, _, body := ask(t, http.MethodPost, url+"/match/default?limit=2", `{"queries":{"q":{"schema":"Company","properties":{"name":["Amber Dune Trading"]}}}}`)
	var r struct {
		Responses map[string]struct{ Results []json.RawMessage }
		Searched  []navicert.Searched
	}
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Responses["q"].Results) != 2 || len(r.Searched) != 1 || r.Searched[0].Found != 12 {
		t.Errorf("%d shown, searched %+v, want 2 shown and 12 found", len(r.Responses["q"].Results), r.Searched)
	}
}
