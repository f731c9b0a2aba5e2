package ofac_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"navicert"
	"navicert/list"
	"navicert/list/listtest"
	"navicert/list/ofac"
)

var sdnFiles = []string{"sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"}

func TestContract(t *testing.T) {
	listtest.Run(t, ofac.SDN(), listtest.Sample{FS: os.DirFS("testdata/sample"), Files: sdnFiles})
}

// The other list has the same form under other names.
func TestContractCons(t *testing.T) {
	m := fstest.MapFS{}
	names := []string{"cons_prim.csv", "cons_alt.csv", "cons_add.csv", "cons_comments.csv"}
	for i, from := range sdnFiles {
		b, err := os.ReadFile("testdata/sample/" + from)
		if err != nil {
			t.Fatal(err)
		}
		m[names[i]] = &fstest.MapFile{Data: b}
	}
	listtest.Run(t, ofac.Cons(), listtest.Sample{FS: m, Files: names})
	_, entries := read(t, ofac.Cons(), m)
	for _, e := range entries {
		if e.Measure != list.Restrict {
			t.Errorf("entry %s: measure %s, want restrict", e.ID, e.Measure)
		}
	}
}

func read(t *testing.T, f list.Format, m fstest.MapFS) (list.Publication, []list.Entry) {
	t.Helper()
	p, entries, err := f.Read(context.Background(), list.Source{FS: m, Name: "test", Options: list.Options{Published: "2001-02-03"}})
	if err != nil {
		t.Fatal(err)
	}
	return p, entries
}

func sample(t *testing.T) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	for _, name := range sdnFiles {
		b, err := os.ReadFile("testdata/sample/" + name)
		if err != nil {
			t.Fatal(err)
		}
		m[name] = &fstest.MapFile{Data: b}
	}
	return m
}

// Every field of every kind of entry, without the long ones that other tests
// look at.
func TestEntries(t *testing.T) {
	p, entries := read(t, ofac.SDN(), sample(t))
	got := map[string]list.Entry{}
	for _, e := range entries {
		e.Row, e.Remarks = "", ""
		got[e.ID] = e
	}
	for _, want := range []list.Entry{
		{
			ID: "9001", Kind: list.Organization, Name: "BRAMBLE TIDE SHIPPING CO., LTD.", Programmes: []string{"EXAMPLE"}, Measure: list.Block,
			Aliases: []list.Alias{
				{Name: "BTS", Kind: list.AKA, Weak: true},
				{Name: "TIDEWRACK LINES LIMITED", Kind: list.FKA},
				{Name: "BRAMBLE TIDE SHIPPING", Kind: list.AKA},
			},
			Countries: []navicert.Flag{"PA", "MH"},
			Addresses: []list.Address{
				{Street: "12 Invented Quay", City: "Port Ansel", Country: "PA", Text: "12 Invented Quay, Port Ansel, Panama"},
				{Country: "MH", Text: "Marshall Islands"},
			},
			Identifiers: []list.Identifier{
				{Type: list.CompanyIMO, Value: "2100012"},
				{Type: "Company Number", Value: "55-0101", Country: "PA"},
			},
			Secondary: []string{"Secondary sanctions risk: Invented Regulations, section 1"},
		},
		{
			ID: "9101", Kind: list.Person, Name: "TARVOSK, Imrel Danow", Programmes: []string{"EXAMPLE-EO2"}, Measure: list.Block,
			Aliases:    []list.Alias{{Name: "THE PILOT", Kind: list.AKA, Weak: true}, {Name: "TARVOSK, Imre", Kind: list.AKA}},
			BirthDates: []string{"14 Mar 1961", "1962"}, Gender: "Male", Countries: []navicert.Flag{"PA", "MT"},
			Addresses:   []list.Address{{City: "Gaza City", Text: "Gaza City, Region: Gaza"}},
			Identifiers: []list.Identifier{{Type: "Passport", Value: "XQ0001234", Country: "PA"}},
			Links:       []list.Link{{Kind: list.LinkedTo, Name: "BRAMBLE TIDE SHIPPING CO., LTD."}},
		},
		{
			ID: "9201", Kind: list.Vessel, Name: "COPPER LANTERN", Programmes: []string{"EXAMPLE"}, Measure: list.Block,
			Aliases: []list.Alias{{Name: "SALLOW WREN", Kind: list.FKA}, {Name: "TIN WHISTLE", Kind: list.FKA}},
			IMO:     2000016, MMSIs: []navicert.MMSI{200000011}, CallSigns: []navicert.CallSign{"HPEX1", "5IM901"},
			Flag: "PA", FormerFlags: []navicert.Flag{"MT", "CK"}, VesselType: "Crude Oil Tanker",
			Tonnage: "298,000", GRT: "160,000", BuildYear: "2001", Links: []list.Link{{Kind: list.LinkedTo, Name: "BRAMBLE TIDE SHIPPING CO., LTD"}},
			Secondary: []string{"Additional Sanctions Information - Subject to Secondary Sanctions"},
		},
		{
			ID: "9205", Kind: list.Vessel, Name: "PEWTER GANNET", Programmes: []string{"EXAMPLE"}, Measure: list.Block,
			Aliases: []list.Alias{{Name: "GANNET", Kind: list.AKA}}, Flag: "GA", VesselType: "LPG Tanker", Owner: "Invented Owner Ltd",
			Identifiers: []list.Identifier{{Type: "Vessel Registration Identification", Value: "IMO 2000055"}},
		},
		{
			ID: "9206", Kind: list.Vessel, Name: "VELVET CRAKE", Programmes: []string{"EXAMPLE"}, Measure: list.Block, VesselType: "Tug",
			Identifiers: []list.Identifier{{Type: "Vessel Registration Identification", Value: "RS 990001", Country: "RU"}},
		},
	} {
		if d := cmp.Diff(want, got[want.ID]); d != "" {
			t.Errorf("entry %s (-want +got):\n%s", want.ID, d)
		}
	}
	for id, imo := range map[string]navicert.IMO{"9202": 2000028, "9203": 2000030, "9204": 2000042, "9207": 2000078, "9208": 2000078, "9205": 0} {
		if got[id].IMO != imo {
			t.Errorf("entry %s: IMO %s, want %s", id, got[id].IMO, imo)
		}
	}
	if c := [...]int{p.Entries, p.Vessels, p.WithIMO, p.Aliases, p.Addresses}; c != [...]int{14, 8, 6, 7, 5} {
		t.Errorf("counts %v", c)
	}
	want := "2 MMSI or IMO, 2 repeated, 2 countries"
	if got := fmt.Sprintf("%d MMSI or IMO, %d repeated, %d countries",
		p.Rejected.Count("MMSI without nine digits, kept in the remarks")+p.Rejected.Count("IMO number that fails its check digit or length, kept as an identifier"),
		p.Rejected.Count("alias that repeats a name of its entry"), p.Rejected.Count("country not recognised, kept as text")); got != want {
		t.Errorf("rejected: %s, want %s (%s)", got, want, p.Rejected.String())
	}
}

// Remarks that were cut are joined without a blank, and what stands in the
// overflow is read.
func TestOverflow(t *testing.T) {
	_, entries := read(t, ofac.SDN(), sample(t))
	for _, e := range entries {
		if e.ID != "9002" {
			continue
		}
		if !strings.Contains(e.Remarks, "office@quillmere.example; a.k.a. 'QUILLMERE BUNKERING'; Linked To: BRAMBLE") {
			t.Errorf("remarks are not joined: …%s", e.Remarks[950:])
		}
		if len(e.Aliases) != 1 || e.Aliases[0] != (list.Alias{Name: "QUILLMERE BUNKERING", Kind: list.AKA, Weak: true}) {
			t.Errorf("alias in the overflow: %+v", e.Aliases)
		}
		if d := cmp.Diff([]string{"EXAMPLE", "EXAMPLE-EO2"}, e.Programmes); d != "" {
			t.Error(d)
		}
	}
}

// CRLF line ends, a byte order mark and Windows-1252 letters are read alike.
func TestOtherBytes(t *testing.T) {
	m := sample(t)
	_, want := read(t, ofac.SDN(), m)
	for name, f := range m {
		m[name] = &fstest.MapFile{Data: []byte("\ufeff" + strings.ReplaceAll(string(f.Data), "\n", "\r\n"))}
	}
	p, got := read(t, ofac.SDN(), m)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("with CRLF (-LF +CRLF):\n%s", d)
	}
	m["alt.csv"] = &fstest.MapFile{Data: []byte("9001,1,\"aka\",\"MAR\xc9E LTD\",-0- \n\x1a")}
	p, got = read(t, ofac.SDN(), m)
	if a := got[0].Aliases; len(a) != 2 || a[1].Name != "MARÉE LTD" || p.Rejected.Count("file not in UTF-8, read as Windows-1252") != 1 {
		t.Errorf("Windows-1252: %+v, %s", a, p.Rejected.String())
	}
}

// What is wrong is said with file and line.
func TestSentences(t *testing.T) {
	whole := string(sample(t)["sdn.csv"].Data)
	lines := strings.SplitAfter(whole, "\n")
	for _, c := range []struct{ what, file, data, want string }{
		{"cut in a text", "sdn.csv", whole[:len(whole)-20], `list: sdn.csv line 14: a quoted column does not end (the last row is cut short: is the file cut off? fetch it again)`},
		{"cut between columns", "sdn.csv", lines[0] + `9002,"QUILL",-0- ,`, `list: sdn.csv line 2: 4 of 12 columns (the last row is cut short: is the file cut off? fetch it again)`},
		{"header", "sdn.csv", "ent_num,SDN_Name,SDN_Type,Program,Title,Call_Sign,Vess_type,Tonnage,GRT,Vess_flag,Vess_owner,Remarks\n" + whole, `list: sdn.csv line 1: the first column, "ent_num", is not an entry number (OFAC's files have no header row)`},
		{"another file of the set", "sdn.csv", string(sample(t)["alt.csv"].Data), `list: sdn.csv line 1: 5 of 12 columns (is it another file of the set?)`},
		{"an error page", "alt.csv", "<html>", `list: alt.csv: it is HTML or XML, not CSV (was an error page saved in its place? fetch it again)`},
		{"rows lost at the end", "sdn.csv", strings.Join(lines[:5], ""), `list: alt.csv line 6: entry 9201 is not in sdn.csv (is sdn.csv cut off, or are the files of different days?)`},
		{"end mark in the middle", "sdn.csv", whole + whole, `list: sdn.csv: line 15 holds the control character 0x1A (is the file damaged, or not text?)`},
		{"a new type", "sdn.csv", strings.Replace(whole, `"individual"`, `"airship"`, 1), `list: sdn.csv line 4: type "airship" is none of individual, vessel, aircraft (are the columns in their order? else the format has changed)`},
		{"a new kind of alias", "alt.csv", `9001,1,"xka","NAME",-0- ` + "\n", `list: alt.csv line 1: alias kind "xka" is none of aka, fka, nka (are the columns in their order? else the format has changed)`},
		{"a line break in a text", "sdn.csv", strings.Replace(whole, "COPPER LANTERN", "COPPER\nLANTERN", 1), `list: sdn.csv line 6: column 2 holds a line break (is a quotation mark missing?)`},
	} {
		t.Run(c.what, func(t *testing.T) {
			m := sample(t)
			m[c.file] = &fstest.MapFile{Data: []byte(c.data)}
			_, _, err := ofac.SDN().Read(context.Background(), list.Source{FS: m, Name: "test", Options: list.Options{Published: "2001-02-03"}})
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

// A null that is cut short at the very end loses nothing and is read, and
// counted; that the rest of the file is all there nothing can show.
func TestCutNull(t *testing.T) {
	m := sample(t)
	data := m["add.csv"].Data
	m["add.csv"] = &fstest.MapFile{Data: data[:len(data)-len("- \n\x1a")]}
	p, entries := read(t, ofac.SDN(), m)
	if _, want := read(t, ofac.SDN(), sample(t)); !cmp.Equal(want, entries) {
		t.Error("other entries")
	}
	if p.Rejected.Count("last column of the file cut short (a null, nothing lost)") != 1 ||
		p.Rejected.Count("file without its end mark (0x1A): rows may be missing at its end") != 1 {
		t.Errorf("rejected: %s", p.Rejected.String())
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range sdnFiles {
		b, err := os.ReadFile("testdata/sample/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, b, b, b)
	}
	f.Add([]byte("1,\"A\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"a.k.a. 'B'; IMO.\"\n"), []byte("1,1,\"aka\",\"C\",-0-"), []byte{}, []byte("1,\"x\"\n\x1a"))
	f.Fuzz(func(t *testing.T, sdn, alt, add, comments []byte) {
		m := fstest.MapFS{"sdn.csv": {Data: sdn}, "alt.csv": {Data: alt}, "add.csv": {Data: add}, "sdn_comments.csv": {Data: comments}}
		p, entries, err := ofac.SDN().Read(context.Background(), list.Source{FS: m, Name: "fuzz", Options: list.Options{Published: "2001-02-03"}})
		if err != nil {
			return
		}
		if err := listtest.Sound(p, entries); err != nil {
			t.Error(err)
		}
	})
}
