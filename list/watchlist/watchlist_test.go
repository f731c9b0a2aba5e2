package watchlist_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"navicert"
	"navicert/internal/realdata"
	"navicert/list"
	"navicert/list/listtest"
	"navicert/list/watchlist"
)

func TestContract(t *testing.T) {
	listtest.Run(t, watchlist.Format(), listtest.Sample{
		FS: os.DirFS("testdata/sample"), Files: []string{"watchlist.csv"}, Endless: true, Filler: "\n",
	})
}

func read(t testing.TB, fsys fstest.MapFS) (list.Publication, []list.Entry, error) {
	t.Helper()
	return watchlist.Format().Read(context.Background(), list.Source{FS: fsys, Name: "here", Options: list.Options{Published: "2025-12-24"}})
}

func one(t testing.TB, text string) (list.Publication, []list.Entry, error) {
	t.Helper()
	return read(t, fstest.MapFS{"watchlist.csv": {Data: []byte(text)}})
}

func TestSample(t *testing.T) {
	data, err := os.ReadFile("testdata/sample/watchlist.csv")
	if err != nil {
		t.Fatal(err)
	}
	p, entries, err := one(t, string(data))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	want := []list.Entry{
		{
			ID: "W-1", Kind: list.Vessel, Name: "COPPER LANTERN",
			Aliases: []list.Alias{
				{Name: "LANTERN OF COPPER", Kind: list.AKA},
				{Name: "ФОНАРЬ", Kind: list.AKA, Script: "Cyrl"},
				{Name: "SALLOW WREN", Kind: list.FKA},
				{Name: "TIN WHISTLE", Kind: list.FKA},
			},
			Programmes: []string{"OWN", "DARK"}, Measure: list.Watch, Listed: "2025-11-03",
			Links: []list.Link{{Kind: list.OwnedBy, Name: "Bramble Tide Shipping"}, {Kind: list.ControlledBy, Name: "Quillmere Managers"}},
			IMO:   2000016, MMSIs: []navicert.MMSI{200000011}, CallSigns: []navicert.CallSign{"HPEX1"},
			Flag: "PA", FormerFlags: []navicert.Flag{"MT", "CK"}, VesselType: "Crude Oil Tanker", BuildYear: "2001",
			Owner: "Bramble Tide Shipping", Remarks: "seen drifting",
		},
		{
			ID: "W-2", Kind: list.Vessel, Name: "MARBLE FINCH, II", Programmes: []string{"OWN"},
			Measure: list.PortBan, Measures: []list.Measure{list.PortBan, list.ServicesBan},
			LegalBasis:  []string{"Reg. 1/2001", "Decision 2/2001"},
			Identifiers: []list.Identifier{{Type: "IMO number, not valid", Value: "2000029"}}, Remarks: "bad numbers",
		},
		{
			ID: "W-3", Kind: list.Person, Name: "Imrel Danow Tarvosk",
			Aliases: []list.Alias{
				{Name: "TARVOSK, Imrel", Kind: list.AKA}, {Name: "Imre Tarvosk", Kind: list.AKA}, {Name: "Pilot", Kind: list.AKA, Weak: true},
			},
			Programmes: []string{"OWN"}, Measure: list.Block, LegalBasis: []string{"Decree 3"}, Listed: "2024-02-29",
			BirthDates: []string{"14 Mar 1961", "1962"}, Gender: "male", Countries: []navicert.Flag{"PA", "MT"},
			Addresses:   []list.Address{{Country: "PA", Text: "12 Invented Quay, Port Ansel, Panama"}},
			Identifiers: []list.Identifier{{Type: "passport", Value: "XQ0001234"}, {Type: "identifier", Value: "55-0101"}},
		},
		{
			ID: "W-4", Kind: list.Organization, Name: "Bramble Tide Shipping", Measure: list.Watch, Countries: []navicert.Flag{"PA"},
			Addresses:   []list.Address{{Text: "Quay 2"}, {Text: "Nowhere"}},
			Identifiers: []list.Identifier{{Type: list.CompanyIMO, Value: "2100012"}},
		},
		{ID: "IMO 2000092", Kind: list.Vessel, Name: "GREY MARLIN", Measure: list.Watch, IMO: 2000092},
		{ID: "HERON & SONS", Kind: list.UnknownKind, Name: "Heron & Sons", Measure: list.Watch},
		{ID: "W-7", Kind: list.Aircraft, Name: "EX-ABC", Measure: list.Restrict},
	}
	for i := range want {
		want[i].Row = lines[i+1]
	}
	if d := cmp.Diff(want, entries); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	const rejected = "1 IMO number that fails its check digit or length, kept as an identifier, 1 MMSI without nine digits, kept in the row, " +
		"1 alias that repeats a name of its entry, 1 call sign that is none, kept in the row, 1 column not known, kept in the rows, " +
		"1 country not recognised, kept as text, 1 type not given: it may be a person or an organisation"
	if got := p.Rejected.String(); got != rejected {
		t.Errorf("rejected %s", got)
	}
	if p.Entries != 7 || p.Vessels != 3 || p.WithIMO != 2 || p.Aliases != 8 || p.Addresses != 3 {
		t.Errorf("counts: %+v", p)
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no name", "id,type\n1,vessel\n", "no header with the columns of this list"},
		{"nameless row", "id,name\n1,\n", "watchlist.csv line 2: the entry has no name"},
		{"twice", "id,name,imo\n1,A,\n1,B,\n", "line 3: entry 1 is already on line 2"},
		{"unknown type", "id,name,type\n1,A,spaceship\n", `type "spaceship" is none that is known`},
		{"unknown measure", "id,name,measure\n1,A,frown\n", `measure "frown" is none that is known`},
		{"short row", "id,name,imo\n1,A\n", "line 2: 2 of 3 columns"},
		{"long row", "id,name\n1,A,B\n", `line 2: column 3, "B", is behind the last of the header`},
		{"two names", "name,full name,id\nA,B,1\n", `columns "name" and "full_name" mean the same`},
		{"two of one", "name,id,ID\nA,1,2\n", `two columns are named "id"`},
		{"no rows", "id,name\n", "it holds no rows"},
		{"bad date", "id,name,listed\n1,A,2023-02-29\n", "day of listing"},
		{"not UTF-8", "id,name\n1,\xe9\n", "it is not UTF-8"},
		{"open quote", "id,name\n1,\"A\n", "a quoted column does not end"},
		{"endless row", "id,name\n1,\"" + strings.Repeat("A\n", 1<<20) + "\n", "one row has more than"},
	} {
		if _, _, err := one(t, c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

// Empty columns behind the last, blank lines and a byte order mark lose nothing.
func TestTolerated(t *testing.T) {
	p, entries, err := one(t, "\ufeffname;x,id,,\r\n")
	if err == nil {
		t.Errorf("%+v %+v", p, entries)
	}
	p, entries, err = one(t, "\ufeffName,ID,,\r\n\r\nA,1,,\r\n\"B\nC\",2,,\r\n")
	if err != nil || len(entries) != 2 || entries[1].Name != "B\nC" || entries[1].Row != "\"B\nC\",2,," || p.Rejected.Count("type not given: it may be a person or an organisation") != 2 {
		t.Errorf("%+v %+v %v", p, entries, err)
	}
}

// A folder is recognised by the header of a file of any name.
func TestRecognise(t *testing.T) {
	for _, c := range []struct {
		name, head string
		want       bool
	}{
		{"mine.csv", "id,name\n", true},
		{"mine.csv", "IMO number,Vessel name\n", true},
		{"mine.csv", "name\n", true},
		{"mine.csv", "name,age\n", false},
		{"mine.csv", "_id,source,entity_number,type,name,source_list_url\n", false},
		{"mine.txt", "id,name\n", false},
	} {
		got, err := watchlist.Format().Recognise(fstest.MapFS{c.name: {Data: []byte(c.head)}})
		if got != c.want || err != nil {
			t.Errorf("%s %q: %v, %v", c.name, c.head, got, err)
		}
	}
	two := fstest.MapFS{"a.csv": {Data: []byte("id,name\n")}, "b.csv": {Data: []byte("id,name\n")}}
	if _, err := watchlist.Format().Recognise(two); navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("two files: %v", err)
	}
}

// The nine publications of the SDN list's names of July and August 2026.
func TestRealPublications(t *testing.T) {
	dir := realdata.Dir(t, "lists/sdn-json-2026")
	for _, c := range []struct {
		day              string
		entries, vessels int
		aliases          int
	}{
		{"2026-07-23", 19254, 1517, 20350},
		{"2026-07-24", 19157, 1516, 20159},
		{"2026-07-28", 19175, 1524, 20163},
		{"2026-07-29", 19181, 1524, 20169},
		{"2026-08-04", 19178, 1524, 20167},
		{"2026-08-06", 19189, 1524, 20177},
		{"2026-08-07", 19199, 1524, 20183},
		{"2026-08-18", 19202, 1524, 20183},
		{"2026-08-20", 19249, 1534, 20194},
	} {
		name := "ofac-sdn-" + c.day + ".csv.gz"
		f := list.OnlyFile(os.DirFS(dir), name)
		if ok, err := watchlist.Format().Recognise(f); !ok || err != nil {
			t.Errorf("%s: recognised %v, %v", name, ok, err)
		}
		p, entries, err := watchlist.Format().Read(context.Background(), list.Source{
			FS: f, Name: filepath.Join(dir, name), Options: list.Options{Published: navicert.Date(c.day), List: "sdn-names"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := listtest.Sound(p, entries); err != nil {
			t.Error(err)
		}
		if p.Entries != c.entries || p.Vessels != c.vessels || p.Aliases != c.aliases || p.ID() != "sdn-names@"+c.day ||
			p.Rejected.String() != "4 alias that repeats a name of its entry" {
			t.Errorf("%s: %d entries, %d vessels, %d aliases, rejected %s", p.ID(), p.Entries, p.Vessels, p.Aliases, p.Rejected.String())
		}
	}
}

func FuzzRead(f *testing.F) {
	data, err := os.ReadFile("testdata/sample/watchlist.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add("id,name\n1,\"A\nB\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		if p, entries, err := one(t, text); err == nil {
			if err := listtest.Sound(p, entries); err != nil {
				t.Error(err)
			}
		}
	})
}
