package ofac_test

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"navicert"
	"navicert/internal/realdata"
	"navicert/list"
	"navicert/list/listtest"
	"navicert/list/ofac"
)

func readReal(t testing.TB, f list.Format, folder string) (list.Publication, []list.Entry) {
	t.Helper()
	dir := realdata.Dir(t, "lists/"+folder)
	p, entries, err := f.Read(context.Background(), list.Source{
		FS: os.DirFS(dir), Name: dir, Options: list.Options{Published: "2025-12-24"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, entries
}

func TestRealPublications(t *testing.T) {
	const (
		repeats   = "alias that repeats a name of its entry"
		mmsi      = "MMSI without nine digits, kept in the remarks"
		imo       = "IMO number that fails its check digit or length, kept as an identifier"
		country   = "country not recognised, kept as text"
		unended   = "file without its end mark (0x1A): rows may be missing at its end"
		cutNull   = "last column of the file cut short (a null, nothing lost)"
		strangers = "overflow of remarks for an entry that is not in the list"
	)
	for _, c := range []struct {
		folder   string
		format   list.Format
		counts   [5]int // entries, vessels, with IMO, aliases, addresses
		rejected map[string]int
	}{
		{"ofac-2025-12", ofac.SDN(), [5]int{18494, 1415, 1410, 20107, 24244}, map[string]int{repeats: 5, mmsi: 2, country: 66}},
		{"ofac-2025-02", ofac.SDN(), [5]int{16989, 986, 979, 19486, 22641}, map[string]int{repeats: 3, mmsi: 2, country: 87}},
		{"ofac-2021-07", ofac.SDN(), [5]int{8976, 406, 400, 11910, 13837}, map[string]int{repeats: 6, imo: 1, country: 24, unended: 1}},
		// Three files lack their last bytes, and the overflow is of another day.
		{"ofac-2019-01", ofac.SDN(), [5]int{7379, 323, 317, 9682, 11696}, map[string]int{repeats: 7, imo: 2, country: 24, unended: 3, cutNull: 1, strangers: 10}},
		{"ofac-2019-01", ofac.Cons(), [5]int{442, 0, 0, 1073, 574}, map[string]int{repeats: 2, country: 2}},
	} {
		t.Run(c.folder+" "+c.format.Info().List, func(t *testing.T) {
			p, entries := readReal(t, c.format, c.folder)
			if got := [5]int{p.Entries, p.Vessels, p.WithIMO, p.Aliases, p.Addresses}; got != c.counts {
				t.Errorf("entries, vessels, with IMO, aliases, addresses = %v, want %v", got, c.counts)
			}
			for _, r := range p.Rejected.Reasons() {
				if p.Rejected.Count(r) != c.rejected[r] {
					t.Errorf("rejected %d %s, want %d; %q", p.Rejected.Count(r), r, c.rejected[r], p.Rejected.Examples(r))
				}
				delete(c.rejected, r)
			}
			if len(c.rejected) > 0 {
				t.Errorf("not rejected: %v", c.rejected)
			}
			if err := listtest.Sound(p, entries); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestRealVessels checks every hull's number against the text of its row, read
// here in another way, and the fields that no other count shows.
func TestRealVessels(t *testing.T) {
	_, entries := readReal(t, ofac.SDN(), "ofac-2025-12")
	number := regexp.MustCompile(`Vessel Registration Identification (?:IMO +)?([0-9]{7})\b`)
	byIMO := map[navicert.IMO][]string{}
	byName := map[string]int{}
	var secondary, former, linked, mmsi int
	for _, e := range entries {
		if e.Kind != list.Vessel {
			if e.IMO != 0 {
				t.Errorf("%s %s: a %s with a hull's number", e.ID, e.Name, e.Kind)
			}
			continue
		}
		byName[e.Name]++
		want := ""
		if m := number.FindStringSubmatch(e.Row); m != nil {
			want = m[1]
		}
		if e.IMO.String() != want {
			t.Errorf("%s %s: IMO %q, its row says %q", e.ID, e.Name, e.IMO, want)
		}
		if e.IMO != 0 {
			byIMO[e.IMO] = append(byIMO[e.IMO], e.Name)
		}
		if len(e.Secondary) > 0 {
			secondary++
		}
		if len(e.Links) > 0 {
			linked++
		}
		if len(e.MMSIs) > 0 {
			mmsi++
		}
		for _, a := range e.Aliases {
			if strings.Contains(e.Row, "f.k.a. '"+a.Name+"'") && a.Kind == list.FKA && !a.Weak {
				former++
			}
		}
	}
	for imo, name := range map[navicert.IMO]string{
		9256860: "PEGAS", 9228980: "ARCTICA 1", 8606173: "RYONG GUN BONG", 9894387: "FU YUAN YU 8683",
		8730455: "CHIZHOVKA", 8904408: "MEKHANIK BRILIN",
	} {
		if !slices.Equal(byIMO[imo], []string{name}) {
			t.Errorf("IMO %s: %v, want %s", imo, byIMO[imo], name)
		}
	}
	if got := byIMO[9313149]; len(got) != 2 {
		t.Errorf("IMO 9313149 (TASCA) is listed twice, got %v", got)
	}
	if len(byIMO) != 1409 || len(byName) != 1415-8-1 {
		t.Errorf("%d hulls under %d names, want 1409 under 1406", len(byIMO), len(byName))
	}
	if got, want := [4]int{secondary, linked, mmsi, former}, [4]int{874, 1389, 686, 53}; got != want {
		t.Errorf("secondary, linked, with MMSI, former names in remarks = %v, want %v", got, want)
	}
}

// TestRealDiff compares the difference of two publications with one computed
// from the lines of the files, without this package.
func TestRealDiff(t *testing.T) {
	if testing.Short() {
		t.Skip("much real data on one goroutine: make check has run it")
	}
	_, a := readReal(t, ofac.SDN(), "ofac-2025-02")
	_, b := readReal(t, ofac.SDN(), "ofac-2025-12")
	before, after := linesByEntry(t, "ofac-2025-02"), linesByEntry(t, "ofac-2025-12")
	var added, removed, changed []string
	for id := range after {
		if _, ok := before[id]; !ok {
			added = append(added, id)
		} else if !slices.Equal(before[id], after[id]) {
			changed = append(changed, id)
		}
	}
	for id := range before {
		if _, ok := after[id]; !ok {
			removed = append(removed, id)
		}
	}
	d := list.Diff(a, b)
	same(t, "added", entryIDs(d.Added), added)
	same(t, "removed", entryIDs(d.Removed), removed)
	var ids []string
	for _, c := range d.Changed {
		ids = append(ids, c.ID)
	}
	same(t, "changed", ids, changed)
	t.Logf("2025-02 to 2025-12: %d added, %d removed, %d changed", len(added), len(removed), len(changed))
	if none := list.Diff(b, b); len(none.Added)+len(none.Removed)+len(none.Changed) != 0 {
		t.Error("a publication differs from itself")
	}
}

func entryIDs(entries []list.Entry) []string {
	var ids []string
	for _, e := range entries {
		ids = append(ids, e.ID)
	}
	return ids
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	slices.SortFunc(got, cmp.Compare[string])
	slices.SortFunc(want, cmp.Compare[string])
	if !slices.Equal(got, want) {
		t.Errorf("%s: %d entries, the lines say %d", what, len(got), len(want))
	}
}

// linesByEntry returns what the four files say of each entry: their lines in
// order, without the running numbers of aliases and addresses, and without
// addresses that say nothing.
func linesByEntry(t *testing.T, folder string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, name := range sdnFiles {
		path := filepath.Join(realdata.Dir(t, "lists/"+folder), name)
		f, err := os.Open(path)
		if err != nil {
			if f, err = os.Open(path + ".gz"); err != nil {
				t.Fatal(err)
			}
		}
		defer f.Close()
		var r io.Reader = f
		if strings.HasSuffix(f.Name(), ".gz") {
			if r, err = gzip.NewReader(f); err != nil {
				t.Fatal(err)
			}
		}
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			id, rest, ok := strings.Cut(lines.Text(), ",")
			if !ok {
				continue // the end mark
			}
			if name == "alt.csv" || name == "add.csv" {
				_, rest, _ = strings.Cut(rest, ",")
			}
			if rest != "-0- ,-0- ,-0- ,-0- " {
				all[id] = append(all[id], name+rest)
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func BenchmarkRead(b *testing.B) {
	n := 0
	for b.Loop() {
		_, entries := readReal(b, ofac.SDN(), "ofac-2025-12")
		n += len(entries)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "entries/s")
}
