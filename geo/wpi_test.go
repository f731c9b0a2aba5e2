package geo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"navicert"
	"navicert/internal/realdata"
)

const wpiHeader = "\ufeffWorld Port Index Number,Main Port Name,UN/LOCODE,Country Code,Harbor Type,Facilities - Oil Terminal,Latitude,Longitude\n"

func TestReadWPI(t *testing.T) {
	f, err := ReadWPI(t.Context(), strings.NewReader(wpiHeader+
		"12180.0,Jose Terminal,VE JOT,Venezuela,Open Roadstead,Yes,10.100000000000001,-64.849999999999994\n"+
		"9510.0,Progreso,MX PGO,Mexico,Open Roadstead,Unknown,21.283333,-89.666667\n"+
		"9510.1,Puerto Progreso,MXPGO,Mexico, ,Yes,21.35,-89.683333\n"+
		"9510.0,Elsewhere,,Nowhere,,No,5,5\n"+
		"9510.0,Progreso,MX PGO,Mexico,Open Roadstead,Unknown,21.283333,-89.666667\n"+
		"1.0,,VEJOT,Venezuela,,No,1,1\n"+
		"x,Nameless,VEJOT,Venezuela,,No,1,1\n"+
		"2.0,Nowhere,VEJOT,Venezuela,,No,0.0,0.0\n"+
		"3.0,Off the earth,VEJOT,Venezuela,,No,95,10\n"+
		"4.0,Short\n"+
		"5.0,In the Baltic,VEJOT,Venezuela,,No,58,20\n"+
		"6.0,Odd code,V3X,Venezuela,,No,10,-60\n"), "wpi.csv")
	if err != nil {
		t.Fatal(err)
	}
	if f.Rows != 12 || f.Rows != len(f.Ports)+f.Refused.Total() {
		t.Errorf("%d rows, %d ports, %d refused", f.Rows, len(f.Ports), f.Refused.Total())
	}
	for reason, n := range map[string]int{WPIRepeated: 1, WPINoName: 1, WPINoNumber: 1, WPIBadPosition: 2, WPIColumns: 1} {
		if f.Refused.Count(reason) != n {
			t.Errorf("%d rows refused for %q, want %d", f.Refused.Count(reason), reason, n)
		}
	}
	for reason, n := range map[string]int{WPINumberAgain: 1, WPICodeAgain: 2, WPIBadCode: 1, WPIFarFromCode: 1, WPINoCode: 1, WPINoCountry: 1} {
		if f.Noted.Count(reason) != n {
			t.Errorf("%q noted %d times, want %d: %v", reason, f.Noted.Count(reason), n, f.Noted.Examples(reason))
		}
	}
	want := Port{ID: "wpi:12180", Code: "VEJOT", Name: "Jose Terminal", Country: "VE", Kind: OilTerminal, Pos: pos(10.1, -64.85), WithinNM: 1, WPI: "12180", Source: "WPI 12180"}
	if f.Ports[0] != want {
		t.Errorf("the first port is %+v, want %+v", f.Ports[0], want)
	}
	var ids []string
	for _, p := range f.Ports {
		ids = append(ids, p.ID)
	}
	if got := fmt.Sprint(ids); got != "[wpi:12180 wpi:9510 wpi:9510.1 wpi:9510/2 wpi:5 wpi:6]" {
		t.Errorf("ids %s", got)
	}
}

func TestWPIThatIsNone(t *testing.T) {
	for name, text := range map[string]string{
		"empty":                            "",
		"other":                            "a,b,c\n1,2,3\n",
		"no rows":                          wpiHeader,
		"no port":                          wpiHeader + "x,y,,,,,1,1\n",
		"cut off":                          wpiHeader + "12180.0,\"Jose Term",
		"broken quote in the first column": wpiHeader + "\"1\"x,Jose,,,,,1,1\n",
		"cut off in the first column":      wpiHeader + "\"12180",
		"lone quote":                       wpiHeader + "\"",
		"JSON":                             `{"type":"FeatureCollection"}`,
		"wrong name":                       strings.Replace(wpiHeader, "Latitude", "Lat", 1) + "12180.0,Jose,,,,,1,1\n",
	} {
		if _, err := ReadWPI(t.Context(), strings.NewReader(text), "x"); navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestHostileWPI: one index number again and again, a field without an end, and
// rows without an end are read in bounded time and memory, and a user who stops
// is heard.
func TestHostileWPI(t *testing.T) {
	var same strings.Builder
	same.WriteString(wpiHeader)
	for i := range maxWPIRows {
		fmt.Fprintf(&same, "1,P%d,,,,,%d,%d\n", i, i%80, i%170+1)
	}
	f, err := ReadWPI(t.Context(), strings.NewReader(same.String()), "x")
	if err != nil || len(f.Ports) != maxWPIRows || f.Ports[maxWPIRows-1].ID != fmt.Sprintf("wpi:1/%d", maxWPIRows) {
		t.Errorf("%d ports, %v", len(f.Ports), err)
	}
	same.WriteString("2,Once more,,,,,1,1\n")
	for name, r := range map[string]io.Reader{
		"one row too many": strings.NewReader(same.String()),
		"one field":        io.MultiReader(strings.NewReader(wpiHeader+"\""), endless(strings.Repeat("a\n", 2048))),
		"one line":         io.MultiReader(strings.NewReader(wpiHeader), endless(strings.Repeat("a,", 2048))),
		"one header":       endless(strings.Repeat("a,", 2048)),
	} {
		if _, err := ReadWPI(t.Context(), r, "x"); navicert.KindOf(err) != navicert.Limit {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ReadWPI(ctx, endless("1,A,,,,,1,1\n"), "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

// endless says the same for ever.
type endless string

func (e endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		n += copy(p[n:], e)
	}
	return n, nil
}

func FuzzReadWPI(f *testing.F) {
	f.Add(wpiHeader + "12180.0,Jose Terminal,VE JOT,Venezuela,Open Roadstead,Yes,10.1,-64.85\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := ReadWPI(t.Context(), strings.NewReader(text), "x")
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, p := range file.Ports {
			if !p.Pos.Valid() || p.Name == "" || seen[p.ID] {
				t.Errorf("port %+v", p)
			}
			seen[p.ID] = true
		}
		if file.Rows != len(file.Ports)+file.Refused.Total() {
			t.Errorf("%d rows, %d ports, %d refused", file.Rows, len(file.Ports), file.Refused.Total())
		}
	})
}

// realWPI reads the edition of April 2026.
func realWPI(t *testing.T) PortFile {
	t.Helper()
	file, err := os.Open(filepath.Join(realdata.Dir(t, "geo"), "wpi_UpdatedPub150_2026-04.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	f, err := ReadWPI(t.Context(), z, "wpi")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The edition of April 2026 whole: every row is a port or refused, and each
// terminal of our own agrees with the row that it names.
func TestRealWPI(t *testing.T) {
	f := realWPI(t)
	t.Logf("%d rows, %d ports, refused %s; noted %s", f.Rows, len(f.Ports), f.Refused.String(), f.Noted.String())
	if f.Rows != 3805 || len(f.Ports)+f.Refused.Total() != f.Rows || len(f.Ports) < 3800 {
		t.Errorf("%d rows, %d ports, %d refused: %s", f.Rows, len(f.Ports), f.Refused.Total(), f.Refused.String())
	}
	rows := map[string]Port{}
	ve := 0
	for _, p := range f.Ports {
		rows[p.ID] = p
		if p.Country == "VE" {
			ve++
		}
	}
	if ve != 31 {
		t.Errorf("%d ports of Venezuela, want 31", ve)
	}
	for _, term := range Terminals() {
		if term.WPI == "" { // the index lacks it: it says so, and none of its rows is the same place
			for _, row := range f.Ports {
				if nm := DistanceNM(row.Pos, term.Pos); nm < 5 {
					t.Errorf("%s has no number, and %s lies %.1f nm off", term.ID, row.ID, nm)
				}
			}
			continue
		}
		row, ok := rows["wpi:"+term.WPI]
		if !ok || DistanceNM(row.Pos, term.Pos) > 0.02 || row.Code != term.Code || row.Country != term.Country {
			t.Errorf("%s at %v is not %+v", term.ID, term.Pos, row)
		}
	}
}

// No terminal is far inland, and none farther out than its kind allows.
func TestTerminalsAreAtTheWater(t *testing.T) {
	l := readWorld(t)
	seen := map[string]bool{}
	ve := 0
	// Platforms, and islets that the coast of 1:10 million leaves out.
	islets := map[string]bool{"terminal:iq-basrah": true, "terminal:iq-khor-al-amaya": true, "terminal:ae-das": true}
	for _, term := range Terminals() {
		if seen[term.ID] || term.WPI != "" && seen[term.WPI] {
			t.Errorf("%s is there twice", term.ID)
		}
		seen[term.ID], seen[term.WPI] = true, true
		if term.Country == "VE" {
			ve++
		}
		shore := l.ShoreNM(term.Pos, 500)
		switch inland, rivers := l.Contains(term.Pos), map[string]bool{
			// Up rivers and channels that the coast of 1:10 million does not follow.
			"terminal:us-houston": true, "terminal:us-baton-rouge": true, "terminal:us-st-james": true, "terminal:us-lake-charles": true,
			"terminal:us-beaumont": true, "terminal:mx-tuxpan": true, "terminal:us-port-arthur": true, "terminal:ve-palua": true, "terminal:ve-caripito": true,
		}; {
		case inland && shore > 5 && !rivers[term.ID]:
			t.Errorf("%s at %v lies %.1f nm inland", term.ID, term.Pos, shore)
		case !inland && !term.Offshore && shore > 15 && !islets[term.ID]:
			t.Errorf("%s at %v has berths %.1f nm from shore", term.ID, term.Pos, shore)
		}
	}
	if ve < 20 {
		t.Errorf("%d terminals of Venezuela", ve)
	}
	for _, bad := range []string{"id\nxx-a,A,XX,,1,1,berth,crude,1,s,d\n", "h,h,h,h,h,h,h,h,h,h,h\nve-a,A,VE,,1,1,quay,crude,1,WPI 1,2026\n", "h,h,h,h,h,h,h,h,h,h,h\nve-a,A,VE,,x,1,berth,crude,1,WPI 1,2026\n", "h,h,h,h,h,h,h,h,h,h,h\nco-a,A,VE,,1,1,berth,crude,1,WPI 1,2026\n", "h,h,h,h,h,h,h,h,h,h,h\nve-a,A,VE,,1,1,berth,crude,1,WPI 2,2026\n", "h,h,h,h,h,h,h,h,h,h,h\nve-a,A,VE,,1,1,berth,crude,,WPI 1,2026\n", "h,h,h,h,h,h,h,h,h,h,h\nve-a,A,VE,,1,1,berth,crude,,,2026\n"} {
		if _, err := readTerminals(bad); err == nil {
			t.Errorf("read %q", bad)
		}
	}
}

// TestTerminalBesideTheIndex: a terminal that the index lacks names another source,
// lies in the sea, and takes the place of no row.
func TestTerminalBesideTheIndex(t *testing.T) {
	var store Port
	for _, term := range Terminals() {
		if term.WPI == "" {
			store = term
		}
	}
	if store.ID != "terminal:ve-corocoro" || !store.Offshore || !strings.HasPrefix(store.Source, "Wikipedia") || store.WithinNM <= 0 {
		t.Fatalf("%+v", store)
	}
	index := []Port{{ID: "wpi:7", WPI: "7", Name: "Seven", Kind: SeaPort, Pos: pos(10, -62)}, {ID: "wpi:", Name: "a row without a number", Kind: SeaPort, Pos: pos(11, -62)}}
	all := KnownPorts(index, nil)
	n := 0
	for _, p := range all {
		if p.ID == store.ID || p.ID == "wpi:7" || p.ID == "wpi:" {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d of the terminal and two rows are known", n)
	}
	if i, nm := NewPorts(all).Nearest(pos(10.25, -62.15), 3); i < 0 || nm > 1 {
		t.Errorf("nothing is near the store: %d, %f", i, nm)
	}
	if p, err := FindPlace("Corocoro"); err != nil || p.Source != store.Source {
		t.Errorf("%+v, %v", p, err)
	}
}
