package app

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"navicert"
	"navicert/internal/realdata"
	"navicert/list"
	"navicert/screen"
)

// namesList is the list that the nine real publications of names are kept as.
const namesList = "sdn-names"

// nine are the nine publications of the SDN list's names of July and August
// 2026, with how many entries each added and removed against the one before, and
// how many of the added are vessels, as counted for facts of the field.
var nine = []struct {
	date           navicert.Date
	added, removed int
	vessels        int
}{
	{"2026-07-23", 0, 0, 0},
	{"2026-07-24", 0, 97, 0},
	{"2026-07-28", 18, 0, 8},
	{"2026-07-29", 6, 0, 0},
	{"2026-08-04", 0, 3, 0},
	{"2026-08-06", 11, 0, 0},
	{"2026-08-07", 18, 8, 0},
	{"2026-08-18", 3, 0, 0},
	{"2026-08-20", 47, 0, 10},
}

// rows reads a publication's file without the program: the whole row and the
// columns, by the publisher's number.
func rows(t *testing.T, file string) map[string][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, r := range all[1:] {
		out[r[0]] = r
	}
	return out
}

// moved is what differs between two files.
func moved(before, after map[string][]string) (added, removed, changed []string) {
	for id, r := range after {
		switch old, ok := before[id]; {
		case !ok:
			added = append(added, id)
		case !slices.Equal(old, r):
			changed = append(changed, id)
		}
	}
	for id := range before {
		if _, ok := after[id]; !ok {
			removed = append(removed, id)
		}
	}
	slices.Sort(added)
	slices.Sort(removed)
	slices.Sort(changed)
	return added, removed, changed
}

func ids(entries []list.Entry) []string {
	out := []string{}
	for _, e := range entries {
		out = append(out, e.ID)
	}
	slices.Sort(out)
	return out
}

// TestNinePublications imports the nine publications and holds every addition,
// removal and change, and the answer as of each day, against the files.
func TestNinePublications(t *testing.T) {
	if testing.Short() {
		t.Skip("long: not with -short")
	}
	dir := realdata.Dir(t, "lists/sdn-json-2026")
	a := onDay(t, t.TempDir(), "2026-08-25")
	files := make([]map[string][]string, len(nine))
	pubs := make([]list.Publication, len(nine))
	for i, n := range nine {
		file := filepath.Join(dir, "ofac-sdn-"+string(n.date)+".csv.gz")
		files[i] = rows(t, file)
		got, err := a.ImportLists(t.Context(), file, ImportOptions{List: namesList})
		if err != nil || len(got) != 1 || got[0].Date != n.date || got[0].Entries != len(files[i]) {
			t.Fatalf("%s: %+v, %v, want %d entries", file, got, err, len(files[i]))
		}
		pubs[i] = got[0].Publication
	}
	for i := 1; i < len(nine); i++ {
		t.Run(string(nine[i].date), func(t *testing.T) {
			added, removed, changed := moved(files[i-1], files[i])
			d, err := a.DiffLists(t.Context(), pubs[i-1], pubs[i])
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range []struct {
				what      string
				got, want []string
			}{{"added", ids(d.Added), added}, {"removed", ids(d.Removed), removed}, {"changed", changedIDs(d), changed}} {
				if !slices.Equal(c.got, c.want) {
					t.Errorf("%s: %d %v, want %d %v", c.what, len(c.got), c.got, len(c.want), c.want)
				}
			}
			vessels := 0
			for _, e := range d.Added {
				if e.Kind == list.Vessel {
					vessels++
				}
			}
			if n := nine[i]; len(added) != n.added || len(removed) != n.removed || vessels != n.vessels {
				t.Errorf("+%d -%d, %d vessels, want +%d -%d, %d", len(added), len(removed), vessels, n.added, n.removed, n.vessels)
			}
			t.Logf("+%d -%d, %d changed", len(added), len(removed), len(changed))
		})
	}
	t.Run("as of each day", func(t *testing.T) { asOfEachDay(t, a, files) })
	t.Run("as known before", func(t *testing.T) {
		v, err := a.ScreenView(t.Context(), screen.When{AsOf: navicert.Date("2026-08-20").Start(), KnownAt: navicert.Date("2026-08-24").Start()})
		if err != nil || len(v.Publications()) != 0 {
			t.Errorf("before the import %+v were held, %v", v.Publications(), err)
		}
	})
}

func changedIDs(d list.Difference) []string {
	out := []string{}
	for _, c := range d.Changed {
		out = append(out, c.ID)
	}
	slices.Sort(out)
	return out
}

// asOfEachDay asks, on every day from before the first publication to after the
// last, for every entry that was ever added or removed, by its name.
func asOfEachDay(t *testing.T, a *App, files []map[string][]string) {
	names := map[string]string{}
	for i := 1; i < len(files); i++ {
		added, removed, _ := moved(files[i-1], files[i])
		for _, id := range added {
			names[id] = files[i][id][1]
		}
		for _, id := range removed {
			names[id] = files[i-1][id][1]
		}
	}
	asked := 0
	for day := nine[0].date.Start().AddDate(0, 0, -1); navicert.DateOf(day) <= "2026-08-22"; day = day.AddDate(0, 0, 1) {
		on := navicert.DateOf(day)
		inForce := -1
		for i, n := range nine {
			if n.date <= on {
				inForce = i
			}
		}
		view, err := a.ScreenView(t.Context(), screen.When{AsOf: day.Add(23 * time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		if pubs := view.Publications(); inForce < 0 && len(pubs) > 0 || inForce >= 0 && (len(pubs) != 1 || pubs[0].Date != nine[inForce].date) {
			t.Fatalf("on %s %+v is in force", on, pubs)
		}
		for id, name := range names {
			answer, err := view.Screen(screen.Query{Name: name}, screen.Options{Limit: allHits})
			if err != nil {
				t.Fatal(err)
			}
			found := slices.ContainsFunc(answer.Hits, func(h screen.Hit) bool { return h.EntryID == id && h.Match })
			want := false
			if inForce >= 0 {
				_, want = files[inForce][id]
			}
			if found != want {
				t.Errorf("on %s entry %s (%s) is found: %v, want %v", on, id, name, found, want)
			}
			asked++
		}
	}
	t.Logf("%d questions about %d entries", asked, len(names))
	if asked < 5000 {
		t.Errorf("only %d questions were asked", asked)
	}
}
