package serve_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/detect"
	"navicert/geo"
	"navicert/list"
	"navicert/screen"
	"navicert/serve"
)

// fakeBackend answers from fields; the real one is package app's.
type fakeBackend struct {
	zones     []geo.Zone
	events    []navicert.Event
	filter    detect.Filter
	checks    []navicert.Voyage
	lists     *heldLists
	clearings screen.ClearingStore
	at        screen.When // what was asked for last
	settled   []serve.Settling
	fail      error
}

var now = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func (f *fakeBackend) Now() time.Time { return now }

func (f *fakeBackend) Status(context.Context) (serve.Status, error) {
	return serve.Status{Version: "test", Now: navicert.At(now), Simulated: true}, f.fail
}

func (f *fakeBackend) Latest(_ context.Context, at time.Time, _ time.Duration) ([]serve.VesselNow, error) {
	return []serve.VesselNow{{MMSI: 2655619, IMO: 9074729, Speed: navicert.Some(0.0), Time: navicert.At(at)}}, f.fail
}

func (f *fakeBackend) Vessel(_ context.Context, m navicert.MMSI, _ time.Time) (serve.VesselDetail, error) {
	return serve.VesselDetail{}, navicert.Errorf(navicert.NotFound, "vessel", "MMSI "+m.String(), "no position of it is held")
}

func (f *fakeBackend) Track(context.Context, navicert.MMSI, time.Time, time.Time) ([]navicert.Fix, error) {
	return []navicert.Fix{{
		Time: now, Pos: navicert.Position{Lat: 10, Lon: -64}, SpeedKn: navicert.Some(12.5),
		Station: "N", OtherStations: navicert.MakeStations("S"), Ref: navicert.Ref{Source: "a.csv", Offset: 120, Line: 3},
	}}, f.fail
}

func (f *fakeBackend) Zones(context.Context, time.Time, time.Time) ([]geo.Zone, error) {
	return f.zones, f.fail
}

func (f *fakeBackend) Events(_ context.Context, fl detect.Filter) ([]navicert.Event, error) {
	f.filter = fl
	return f.events, f.fail
}

func (f *fakeBackend) Feeds(_ context.Context, from, to time.Time, limit int) ([]navicert.FeedRecord, error) {
	o := navicert.Outage{Feed: "udp://:1", From: from, To: to, Why: fmt.Sprint("limit ", limit)}
	return []navicert.FeedRecord{{FeedHealth: navicert.FeedHealth{Feed: "udp://:1", State: navicert.FeedLive}, Intervals: []navicert.Outage{o}}}, f.fail
}

func (f *fakeBackend) Publications(context.Context) ([]list.Publication, error) { return nil, f.fail }

func (f *fakeBackend) PullStates(context.Context) ([]list.PullState, error) {
	return []list.PullState{{List: "a", Last: list.Pull{List: "a", At: now, Outcome: list.PullFailed, Error: "no answer"}}}, f.fail
}

func (f *fakeBackend) SubjectChanges(_ context.Context, since string, asOf time.Time) ([]screen.Change, error) {
	if since == "" {
		return nil, f.fail
	}
	return []screen.Change{{Subject: "s-1", Change: screen.HitNew, List: since, After: navicert.DateOf(asOf), Entry: "7"}}, f.fail
}

func (f *fakeBackend) View(ctx context.Context, at screen.When) (*screen.View, error) {
	f.at = at
	if f.fail != nil {
		return nil, f.fail
	}
	if at.AsOf.IsZero() {
		at.AsOf = now
	}
	if f.lists == nil {
		f.lists = &heldLists{}
	}
	s := screen.New(f.lists, nil)
	if f.clearings != nil {
		s = s.WithClearings(f.clearings)
	}
	return s.At(ctx, at)
}

func (f *fakeBackend) Check(_ context.Context, v navicert.Voyage, asOf, _ time.Time) (navicert.Certificate, error) {
	f.checks = append(f.checks, v)
	return navicert.Certificate{ID: "c", Verdict: navicert.Clear, Subject: v, AsOf: navicert.At(asOf)}, f.fail
}

func (f *fakeBackend) Certificates(context.Context, time.Time, int) ([]navicert.Certificate, error) {
	return nil, f.fail
}

func (f *fakeBackend) Certificate(_ context.Context, id string) (navicert.Certificate, error) {
	return navicert.Certificate{}, navicert.Errorf(navicert.NotFound, "certificate", id, "none is held")
}

func (f *fakeBackend) Settle(_ context.Context, in serve.Settling) ([]serve.SettlementNow, error) {
	if in.Rule == "listed-vessel" {
		return nil, navicert.Errorf(navicert.Invalid, "settle", "certificate "+in.Of, "rule %s refuses: only what refers can be settled", in.Rule)
	}
	f.settled = append(f.settled, in)
	return []serve.SettlementNow{settlement(in)}, f.fail
}

func (f *fakeBackend) Settlements(context.Context) ([]serve.SettlementNow, error) {
	var all []serve.SettlementNow
	for _, in := range f.settled {
		all = append(all, settlement(in))
	}
	return all, f.fail
}

func (f *fakeBackend) WithdrawSettlement(_ context.Context, id string, by serve.Withdrawal) (serve.SettlementNow, error) {
	if id != "s-1" || len(f.settled) == 0 {
		return serve.SettlementNow{}, navicert.Errorf(navicert.NotFound, "settlement", id, "no such settlement is held")
	}
	s := settlement(f.settled[0])
	s.State = "taken back by " + by.Who
	return s, f.fail
}

func settlement(in serve.Settling) serve.SettlementNow {
	return serve.SettlementNow{
		Settlement: decide.Settlement{ID: "s-1", Certificate: in.Of, Rule: in.Rule, Who: in.Who, What: in.What, Why: in.Why, At: now, Until: in.Until}, State: "in force",
	}
}

func server(t *testing.T, f *fakeBackend) *httptest.Server {
	t.Helper()
	h, err := serve.New(f, fstest.MapFS{
		"index.html":        {Data: []byte("<!doctype html><title>navicert</title>")},
		"assets/a-1234.mjs": {Data: []byte("export {}")},
	}, serve.Options{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// ask sends a request and returns the status, the headers and the body.
func ask(t *testing.T, method, url, body string, header ...string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(b)
}

func TestAPI(t *testing.T) {
	area, err := geo.NewCircle(navicert.Position{Lat: 10, Lon: -64}, 10)
	if err != nil {
		t.Fatal(err)
	}
	f := &fakeBackend{zones: []geo.Zone{{ID: "z", Kind: geo.Danger, Effect: geo.Warns, From: navicert.At(now.Add(-time.Hour)), Area: area}}}
	url := server(t, f).URL + "/api/v1"
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/status", "", 200, `"version":"test"`},
		{"GET", "/vessels", "", 200, `{"mmsi":2655619,"imo":9074729,"position":{"lat":0,"lon":0},"speed":0,"time":"2026-01-02T12:00:00Z","events":0}`},
		{"GET", "/vessels?at=2026-01-01", "", 200, `"at":"2026-01-01T00:00:00Z"`},
		{"GET", "/vessels?at=yesterday", "", 422, "want 2026-01-02"},
		{"GET", "/vessels?window=9999h", "", 422, "at most 2160h"},
		{"GET", "/vessels?colour=red", "", 422, "colour"},
		{"GET", "/vessels/002655619", "", 404, "no position of it is held"},
		{"GET", "/vessels/12", "", 422, "nine digits"},
		{"GET", "/vessels/002655619/track", "", 200, `"lat":10,"lon":-64,"speed":12.5,"station":"N","other_stations":["S"],"ref":{"source":"a.csv","offset":120,"line":3}}`},
		{"GET", "/zones", "", 200, `"in_force":true`},
		{"GET", "/zones?at=2026-01-01", "", 200, `"in_force":false`},
		{"GET", "/events?mmsi=002655619&kind=gap", "", 200, `"events":[]`},
		{"GET", "/events?limit=0", "", 422, "limit"},
		{"GET", "/feeds?from=2026-01-01", "", 200, `"outage_intervals":[{"feed":"udp://:1","from":"2026-01-01T00:00:00Z","why":"limit 100"}]`},
		{"GET", "/feeds?limit=100000", "", 422, "limit"},
		{"GET", "/lists", "", 200, `"publications":[]`},
		{"GET", "/lists/pulls", "", 200, `"outcome":"failed","error":"no answer"`},
		{"GET", "/subjects/changes", "", 200, `"changes":[]`},
		{"GET", "/subjects/changes?since=a@2026-01-01&as_of=2026-01-02", "", 200, `"subject":"s-1","change":"new_hit","list":"a@2026-01-01","after":"2026-01-02","entry":"7"`},
		{"GET", "/subjects/changes?as_of=someday", "", 422, "want 2026-01-02"},
		{"GET", "/ownership?name=Nobody&country=PA", "", 200, `{"party":{"name":"Nobody","country":"PA"},"known":false,`},
		{"GET", "/ownership", "", 422, "no party is named"},
		{"GET", "/ownership?imo=9074728", "", 422, "check digit"},
		{"POST", "/ownership", `{"party":{"imo":9074729},"as_of":"2026-01-01"}`, 200, `"tests":[]`},
		{"POST", "/ownership", `{"party":{"nmae":"x"}}`, 422, "nmae"},
		{"GET", "/certificates", "", 200, `"certificates":[]`},
		{"GET", "/certificates/0123456789abcdef0123456789abcdef", "", 404, "none is held"},
		{"GET", "/certificates/x", "", 422, "pattern"},
		{"GET", "/settlements", "", 200, `{"settlements":[]}`},
		{"POST", "/settlements", `{"certificate":"A-1","rule":"gap-near-zone","who":"N. N.","why":"log seen","until":"2027-03-31"}`, 200, `"settlements":[{"id":"s-1",`},
		{"POST", "/settlements", `{"certificate":"A-1","rule":"listed-vessel","who":"N. N.","why":"log seen","until":"2027-03-31"}`, 422, "only what refers can be settled"},
		{"POST", "/settlements", `{"certificate":"A-1","rule":"x","who":"N. N.","why":"log seen"}`, 422, "until"},
		{"POST", "/settlements", `{"certificate":"A-1","rule":"x","why":"log seen","until":"2027-03-31"}`, 422, "who"},
		{"POST", "/settlements", `{"certificate":"A-1","rule":"x","who":"N. N.","why":"y","until":"2027-03-31","colour":"red"}`, 422, "colour"},
		{"GET", "/settlements", "", 200, `"who":"N. N.","why":"log seen","at":"2026-01-02T12:00:00Z","until":"2027-03-31","state":"in force"`},
		{"GET", "/settlements?colour=red", "", 422, "colour"},
		{"POST", "/settlements/s-1/withdrawal", `{"who":"M. M.","why":"of another ship"}`, 200, `"state":"taken back by M. M."`},
		{"POST", "/settlements/s-2/withdrawal", `{"who":"M. M."}`, 404, "no such settlement"},
		{"POST", "/settlements/s-1/withdrawal", `{"who":""}`, 422, "who"},
		{"POST", "/settlements/s-1/withdrawal", `{"why":"x"}`, 422, "who"},
		{"POST", "/screen", `{"id":"q","imo":"IMO 9074729"}`, 200, `"id":"q"`},
		{"POST", "/screen?colour=red", `{"imo":9074729}`, 422, "colour"},
		{"POST", "/screen?as_of=yesterday", `{"imo":9074729}`, 422, "want 2026-01-02"},
		{"POST", "/screen?limit=501", `{"imo":9074729}`, 422, "from 1 to 500"},
		{"POST", "/screen?min_score=NaN", `{"imo":9074729}`, 422, "at most 1"},
		{"POST", "/screen", `{"imo":9074728}`, 422, "check digit"},
		{"POST", "/screen", `{}`, 422, "nothing to search for"},
		{"POST", "/screen", ` `, 400, "empty"},
		{"POST", "/screen", `{"imo":9074729`, 400, "no JSON"},
		{"POST", "/screen", `{"imo":9074729}{"imo":9074729}`, 400, "more than one"},
		{"POST", "/screen", `[]`, 200, "[]"},
		{"POST", "/screen", `[{"id":"a","imo":9074729},{"id":"b","name":"X Y"}]`, 200, `"id":"b"`},
		{"POST", "/screen", `[{"id":"a","imo":9074729},{"id":"b"}]`, 422, "query 2"},
		{"POST", "/screen", `[{"imo":9074729}`, 400, "no JSON"},
		{"POST", "/screen", `[{"imo":9074729}] 1`, 400, "more than one"},
		{"POST", "/screen", `{"id":"q","colour":"red"}`, 422, "colour"},
		{"POST", "/check", `{"voyage":{"id":"v","vessel":{"imo":9074729,"dwt":100},"etd":"2026-01-05"},"as_of":"2026-01-02"}`, 200, `"as_of":"2026-01-02T00:00:00Z"`},
		{"POST", "/check", `{"voyage":{"vessel":{"imo":9074728}}}`, 422, "check digit"},
		{"POST", "/check", `{"voyage":{"vessel":{"imo":true}}}`, 422, "imo"},
		{"POST", "/check", `{"voyage":`, 400, ""},
		{"GET", "/nothing", "", 404, ""},
	} {
		status, _, body := ask(t, c.method, url+c.path, c.body)
		if status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s %s %s: %d %s\nwant %d with %s", c.method, c.path, c.body, status, body, c.status, c.want)
		}
	}
	if f.filter.MMSI != 2655619 || f.filter.Kind != "gap" || f.filter.Limit != 1000 {
		t.Errorf("the filter was %+v", f.filter)
	}
	if len(f.checks) != 1 || f.checks[0].Vessel.DWT.Or(0) != 100 || f.checks[0].ETD.String() != "2026-01-05T00:00:00Z" {
		t.Errorf("checked %+v", f.checks)
	}
}

func TestErrorStatus(t *testing.T) {
	f := &fakeBackend{}
	url := server(t, f).URL + "/api/v1/status"
	for kind, want := range map[navicert.Kind]int{
		navicert.Unavailable: 503, navicert.Conflict: 409, navicert.Limit: 422, navicert.Unsupported: 422, "": 500,
	} {
		f.fail = navicert.Errorf(kind, "store", "", "it is so")
		status, _, body := ask(t, "GET", url, "")
		if status != want || !strings.Contains(body, "store: it is so") {
			t.Errorf("%q: %d %s", kind, status, body)
		}
	}
}

func TestOpenAPI(t *testing.T) {
	url := server(t, &fakeBackend{}).URL
	status, _, body := ask(t, "GET", url+"/openapi.json", "")
	var doc struct {
		OpenAPI string                    `json:"openapi"`
		Paths   map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil || status != 200 {
		t.Fatal(status, err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || len(doc.Paths) != 24 {
		t.Errorf("OpenAPI %s with %d paths, want 3.1 with 24", doc.OpenAPI, len(doc.Paths))
	}
}

func TestGuard(t *testing.T) {
	url := server(t, &fakeBackend{}).URL
	for host, want := range map[string]int{
		"localhost:8080": 200, "127.0.0.1": 200, "[::1]:80": 200, "evil.example": 421, "127.0.0.1.evil.example": 421, "10.0.0.1": 421, "": 200,
	} {
		if status, _, _ := ask(t, "GET", url+"/", "", "Host", host); status != want {
			t.Errorf("host %q: %d, want %d", host, status, want)
		}
	}
	_, h, _ := ask(t, "GET", url+"/", "")
	for name, want := range map[string]string{"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self';", "X-Content-Type-Options": "nosniff"} {
		if !strings.Contains(h.Get(name), want) {
			t.Errorf("%s: %q", name, h.Get(name))
		}
	}
	for site, want := range map[string]int{"same-origin": 200, "none": 200, "cross-site": 403, "same-site": 403} {
		if status, _, _ := ask(t, "POST", url+"/api/v1/check", `{"voyage":{"vessel":{"imo":9074729}}}`, "Sec-Fetch-Site", site); status != want {
			t.Errorf("a page that is %s asks for a certificate: %d, want %d", site, status, want)
		}
		if status, _, _ := ask(t, "GET", url+"/api/v1/status", "", "Sec-Fetch-Site", site); status != 200 {
			t.Errorf("a page that is %s reads: %d", site, status)
		}
	}
	if status, _, _ := ask(t, "POST", url+"/api/v1/check", `{"voyage":{"vessel":{"imo":9074729}}}`, "Origin", "https://evil.example"); status != 403 {
		t.Errorf("a page of another origin asks for a certificate: %d, want 403", status)
	}
	big := `{"voyage":{"id":"` + strings.Repeat("x", 2<<20) + `"}}`
	if status, _, _ := ask(t, "POST", url+"/api/v1/check", big); status != 413 {
		t.Errorf("a body of 2 MiB: %d, want 413", status)
	}
}

func TestFiles(t *testing.T) {
	url := server(t, &fakeBackend{}).URL
	status, h, body := ask(t, "GET", url+"/assets/a-1234.mjs", "")
	if status != 200 || body != "export {}" || !strings.Contains(h.Get("Content-Type"), "javascript") || !strings.Contains(h.Get("Cache-Control"), "immutable") {
		t.Errorf("%d %v %q", status, h, body)
	}
	if status, _, _ := ask(t, "GET", url+"/assets/a-1234.mjs", "", "If-None-Match", h.Get("ETag")); status != 304 {
		t.Errorf("with its entity tag: %d, want 304", status)
	}
	for path, want := range map[string]int{"/": 200, "/index.html": 200, "/nothing": 404, "/../serve.go": 404, "/assets/": 404} {
		if status, _, _ := ask(t, "GET", url+path, ""); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	if status, _, _ := ask(t, "POST", url+"/", "{}"); status != 405 {
		t.Errorf("POST /: %d, want 405", status)
	}
}
