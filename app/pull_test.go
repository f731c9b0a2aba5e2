package app

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"navicert"
	"navicert/list"
	"navicert/list/pull"
	"navicert/screen"
)

// ofacServer hands out the sample list as OFAC does, from a dated folder.
type ofacServer struct {
	url   string
	day   string
	files map[string][]byte
	down  bool
	issue int
}

func newOFACServer(t *testing.T) *ofacServer {
	dir := t.TempDir()
	copySample(t, dir)
	s := &ofacServer{day: "2025-12-24", files: map[string][]byte{}}
	for _, name := range []string{"sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		s.files[strings.ToUpper(name)] = b
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/{name}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/"+s.day+"/"+r.PathValue("name"), http.StatusFound)
	})
	mux.HandleFunc("/{day}/{name}", func(w http.ResponseWriter, r *http.Request) {
		if s.down {
			http.Error(w, "no", http.StatusServiceUnavailable)
			return
		}
		b := s.files[r.PathValue("name")]
		sum := sha256.Sum256(b)
		w.Header().Set("ETag", fmt.Sprintf(`"%s-%d-%x"`, s.day, s.issue, sum[:6]))
		w.Header().Set("Content-Type", "text/csv")
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(b)))
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	s.url = srv.URL + "/"
	return s
}

// pull pulls the list on a day and returns what became of it.
func (s *ofacServer) pull(t *testing.T, data, day string) (*App, Pulled) {
	t.Helper()
	a := onDay(t, data, day)
	got, err := a.PullLists(t.Context(), PullOptions{
		Lists: []string{"ofac-sdn"}, From: map[string]string{"ofac-sdn": s.url}, Fetch: pull.Options{Tries: 1},
	})
	if err != nil || len(got) != 1 {
		t.Fatalf("pulled %+v, %v", got, err)
	}
	return a, got[0]
}

// TestPull: a publication is dated by its publisher, fetched once, followed by
// the next, and stays in force, flagged, when the publisher is down.
func TestPull(t *testing.T) {
	s, data := newOFACServer(t), t.TempDir()
	want := func(got Pulled, outcome list.PullOutcome, date navicert.Date, inForce, state string) {
		t.Helper()
		if got.Outcome != outcome || got.Publication != date || got.InForce != inForce || got.State != state {
			t.Errorf("%+v, want %s %s, in force %s %s", got, outcome, date, inForce, state)
		}
	}
	_, got := s.pull(t, data, "2025-12-26")
	want(got, list.PullAdded, "2025-12-24", "ofac-sdn@2025-12-24", "current")
	_, got = s.pull(t, data, "2025-12-27")
	want(got, list.PullUnchanged, "2025-12-24", "ofac-sdn@2025-12-24", "current")
	s.day = "2025-12-28"
	_, got = s.pull(t, data, "2025-12-29")
	want(got, list.PullAdded, "2025-12-28", "ofac-sdn@2025-12-28", "current")

	// While the publisher does not answer there may be a newer one: it is flagged,
	// for that day and not for those before, until he answers.
	flagged := func(a *App, day string, want navicert.SourceState) {
		t.Helper()
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		found, err := a.screener.Screen(t.Context(), screen.Query{Kind: "vessel", Name: "nobody at all"}, at.Add(20*time.Hour), time.Time{})
		if err != nil || len(found.Searched) != 1 || found.Searched[0].State != want || found.Searched[0].PullFailed.IsZero() != (want == navicert.Current) {
			t.Errorf("asked of %s: %+v, %v, want %s", day, found.Searched, err, want)
		}
	}
	s.down = true
	a, got := s.pull(t, data, "2025-12-30")
	want(got, list.PullFailed, "", "ofac-sdn@2025-12-28", "stale")
	flagged(a, "2025-12-30", navicert.Stale)
	flagged(a, "2025-12-29", navicert.Current)
	s.down = false
	a, got = s.pull(t, data, "2025-12-31")
	want(got, list.PullUnchanged, "2025-12-28", "ofac-sdn@2025-12-28", "current")
	flagged(a, "2025-12-31", navicert.Current)

	s.down = true
	a, got = s.pull(t, data, "2026-03-01")
	want(got, list.PullFailed, "", "ofac-sdn@2025-12-28", "stale")
	if !strings.Contains(got.Error, "503 Service Unavailable") {
		t.Errorf("error %q", got.Error)
	}
	statuses, err := a.ListStatuses(t.Context(), time.Time{})
	if err != nil || len(statuses) != 2 {
		t.Fatalf("%+v, %v", statuses, err)
	}
	if old := statuses[0]; old.Tried != nil || old.Error != "" {
		t.Errorf("the old publication says %+v", old)
	}
	if n := statuses[1]; n.Error != got.Error || n.Tried == nil || navicert.DateOf(*n.Tried) != "2026-03-01" || n.Pulled == nil || navicert.DateOf(*n.Pulled) != "2025-12-31" {
		t.Errorf("the newest publication says %+v", n)
	}
	// One that the user stops says nothing of the publisher, who has not answered yet.
	if err := a.db.PutPull(t.Context(), list.Pull{List: "ofac-sdn", At: a.now(), Outcome: list.PullFailed, Error: "stopped", Stopped: true}); err != nil {
		t.Fatal(err)
	}
	flagged(a, "2026-03-01", navicert.Stale)
	pulls, err := a.Pulls(t.Context(), "ofac-sdn", 10)
	if err != nil || len(pulls) != 7 || pulls[0].Outcome != list.PullFailed || pulls[6].Outcome != list.PullAdded {
		t.Errorf("the log is %+v, %v", pulls, err)
	}
	if left, err := os.ReadDir(filepath.Join(data, pullFolder)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestPullUnreadable: files that are no list leave nothing, also of what was
// well, and the last good publication stays.
func TestPullUnreadable(t *testing.T) {
	s, data := newOFACServer(t), t.TempDir()
	s.pull(t, data, "2025-12-26")
	s.day = "2025-12-28"
	good := s.files["ALT.CSV"]
	for _, bad := range []string{"not,a,list\n", "", "<html>out of order</html>", string(good[:len(good)-9])} {
		s.files["ALT.CSV"] = []byte(bad)
		a, got := s.pull(t, data, "2025-12-29")
		if got.Outcome != list.PullFailed || got.InForce != "ofac-sdn@2025-12-24" || got.Error == "" {
			t.Errorf("alt.csv is %.20q: %+v", bad, got)
		}
		if held, err := a.HeldLists(t.Context()); err != nil || len(held) != 0 {
			t.Errorf("held %+v, %v", held, err)
		}
	}
}

// TestPullShrunk: a list that has lost more than 5 % waits for a person.
func TestPullShrunk(t *testing.T) {
	s, data := newOFACServer(t), t.TempDir()
	whole := s.files["SDN.CSV"]
	_, first := s.pull(t, data, "2025-12-26")
	s.day, s.files["SDN.CSV"] = "2025-12-28", without(whole, "9207")
	for range 2 { // told again while it waits, though nothing is fetched
		a, got := s.pull(t, data, "2025-12-29")
		if got.Outcome != list.PullHeld || got.Publication != "2025-12-28" || got.InForce != "ofac-sdn@2025-12-24" || !strings.Contains(got.Note, "fewer, and more than 5 % is not taken unseen") {
			t.Fatalf("%+v", got)
		}
		if got, err := a.entries(t.Context(), list.Publication{List: "ofac-sdn", Date: "2025-12-24"}); err != nil || len(got) != first.Entries {
			t.Errorf("in force are %d entries, %v", len(got), err)
		}
	}
	d := list.HeldDecision{Who: "N. N.", Why: "read the notice"}
	a := onDay(t, data, "2025-12-30")
	for ref, kind := range map[string]navicert.Kind{"ofac-sdn@2025-12-27": navicert.NotFound, "x": navicert.NotFound} {
		if _, err := a.DecideHeld(t.Context(), ref, "", list.HeldAccepted, d); navicert.KindOf(err) != kind {
			t.Errorf("%s: error %v", ref, err)
		}
	}
	far := d
	far.As = "2026-01-05"
	if _, err := a.DecideHeld(t.Context(), "ofac-sdn@2025-12-28", "", list.HeldAccepted, far); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("error %v", err)
	}
	p, err := a.DecideHeld(t.Context(), "ofac-sdn@2025-12-28", "", list.HeldAccepted, d)
	if err != nil || navicert.DateOf(p.ImportedAt) != "2025-12-30" {
		t.Errorf("accepted %+v, %v", p, err)
	}
	if index, err := a.db.LoadIndex(t.Context(), p.ID()); err != nil || index == "" {
		t.Errorf("the accepted publication has no index ready: %d bytes, %v", len(index), err)
	}
	_, got := s.pull(t, data, "2025-12-31")
	if got.Outcome != list.PullUnchanged || got.InForce != "ofac-sdn@2025-12-28" {
		t.Errorf("after that %+v", got)
	}
}

// TestPullIssuedTwice: another issue of the same day waits too; rejected, it is
// not held again.
func TestPullIssuedTwice(t *testing.T) {
	s, data := newOFACServer(t), t.TempDir()
	s.pull(t, data, "2025-12-26")
	s.files["ADD.CSV"] = without(s.files["ADD.CSV"], "9101")
	a, got := s.pull(t, data, "2025-12-26")
	if got.Outcome != list.PullHeld || !strings.Contains(got.Note, "issued again on the same day") {
		t.Fatalf("%+v", got)
	}
	d := list.HeldDecision{Who: "N. N.", Why: "a mistake of theirs"}
	if _, err := a.DecideHeld(t.Context(), "ofac-sdn@2025-12-24", "", list.HeldAccepted, d); navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("accepted under the same day: %v", err)
	}
	if _, err := a.DecideHeld(t.Context(), "ofac-sdn@2025-12-24", "", list.HeldRejected, d); err != nil {
		t.Fatal(err)
	}
	s.issue++ // the same bytes under other tags: they are fetched, and known
	_, got = s.pull(t, data, "2025-12-27")
	if got.Outcome != list.PullUnchanged || got.InForce != "ofac-sdn@2025-12-24" || !strings.Contains(got.Note, "N. N. has rejected it on 2025-12-26: a mistake of theirs") {
		t.Errorf("after that %+v", got)
	}
}

// TestPullNextDay: nothing is accepted under a day that has not come.
func TestPullNextDay(t *testing.T) {
	s, data := newOFACServer(t), t.TempDir()
	s.pull(t, data, "2025-12-24")
	s.files["ADD.CSV"] = without(s.files["ADD.CSV"], "9101")
	a, _ := s.pull(t, data, "2025-12-24")
	d := list.HeldDecision{Who: "N. N.", Why: "read the notice", As: "2025-12-25"}
	if _, err := a.DecideHeld(t.Context(), "ofac-sdn@2025-12-24", "", list.HeldAccepted, d); navicert.KindOf(err) != navicert.Invalid || !strings.Contains(err.Error(), "2025-12-25 is after today, 2025-12-24") {
		t.Errorf("error %v", err)
	}
	p, err := onDay(t, data, "2025-12-25").DecideHeld(t.Context(), "ofac-sdn@2025-12-24", "", list.HeldAccepted, d)
	if err != nil || p.Date != "2025-12-25" {
		t.Errorf("on the day: %+v, %v", p, err)
	}
}

// TestPullOlder: a mirror that has gone back is told as that, each time, and
// leaves the newest publication in force.
func TestPullOlder(t *testing.T) {
	s, data := newOFACServer(t), t.TempDir()
	s.pull(t, data, "2025-12-26")
	s.day = "2025-12-20"
	for _, want := range []list.PullOutcome{list.PullOlder, list.PullUnchanged} {
		_, got := s.pull(t, data, "2025-12-27")
		if got.Outcome != want || got.Publication != "2025-12-20" || got.InForce != "ofac-sdn@2025-12-24" ||
			!strings.Contains(got.Note, "it is older than ofac-sdn@2025-12-24, which stays in force") {
			t.Errorf("%+v, want %s", got, want)
		}
	}
	s.day = "2025-12-24" // and forward again
	if _, got := s.pull(t, data, "2025-12-27"); got.Outcome != list.PullUnchanged || got.Note != "" {
		t.Errorf("%+v", got)
	}
}

// TestPullUnknown: a list without address, and a mirror that is none, are told
// before anything is fetched.
func TestPullUnknown(t *testing.T) {
	a := onDay(t, t.TempDir(), "2025-12-26")
	for _, o := range []PullOptions{
		{Lists: []string{"nowhere"}},
		{From: map[string]string{"nowhere": "https://mirror.example/"}},
		{From: map[string]string{"ofac-sdn": "http://mirror.example/"}},
	} {
		if got, err := a.PullLists(t.Context(), o); err == nil || len(got) != 0 {
			t.Errorf("%+v: %+v, %v", o, got, err)
		}
	}
}

// TestPullSources: each list that can be pulled is one that is read, and its
// files are found by the names under which they are put down.
func TestPullSources(t *testing.T) {
	for _, src := range pull.Sources() {
		fsys := fstest.MapFS{}
		for _, f := range src.Files {
			fsys[f.Name] = &fstest.MapFile{Data: []byte("x")}
		}
		f, err := formatOf(fsys, src)
		if err != nil {
			t.Errorf("%s: %v", src.List, err)
			continue
		}
		if f.Info().List != src.List {
			t.Errorf("%s: read as %s", src.List, f.Info().List)
		}
		if src.DatedFolder && f.Info().Dated {
			t.Errorf("%s: both the folder and the files are dated", src.List)
		}
	}
}

// TestPullDatedByServer: a list whose files state no day has that on which the
// server says they were changed; without that it is not taken.
func TestPullDatedByServer(t *testing.T) {
	header := "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_register_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,source_information_url,ids\n"
	row := "1,Entity List (EL) - Bureau of Industry and Security,7,Entity,EXAMPLE,EXAMPLE TRADING," + strings.Repeat(",", 22) + "\n"
	modified := ""
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if modified != "" {
			w.Header().Set("Last-Modified", modified)
		}
		w.Header().Set("Content-Type", "text/csv")
		_, _ = w.Write([]byte(header + row))
	}))
	defer srv.Close()
	a := onDay(t, t.TempDir(), "2025-12-26")
	for _, c := range []struct{ modified, says string }{
		{"", "neither the files nor the server say when it was published"},
		{"Tue, 23 Dec 2025 22:00:00 GMT", ""},
	} {
		modified = c.modified
		got, err := a.PullLists(t.Context(), PullOptions{
			Lists: []string{"us-csl"}, From: map[string]string{"us-csl": srv.URL + "/2025-12-01/consolidated.csv"}, Fetch: pull.Options{Tries: 1},
		})
		switch {
		case err != nil || len(got) != 1:
			t.Errorf("%q: %+v, %v", c.modified, got, err)
		case c.says == "" && (got[0].Outcome != list.PullAdded || got[0].Publication != "2025-12-23" || got[0].Note == ""):
			t.Errorf("%q: %+v", c.modified, got[0])
		case c.says != "" && (got[0].Outcome != list.PullFailed || !strings.Contains(got[0].Error, c.says)):
			t.Errorf("%q: %+v", c.modified, got[0])
		}
	}
}

// without leaves out the lines that begin with an entry's number.
func without(file []byte, entries ...string) []byte {
	var out []string
	for line := range strings.Lines(string(file)) {
		id, _, _ := strings.Cut(line, ",")
		if !slices.Contains(entries, id) {
			out = append(out, line)
		}
	}
	return []byte(strings.Join(out, ""))
}
