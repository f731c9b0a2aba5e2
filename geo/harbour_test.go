package geo

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"navicert"
)

// What the World Port Index of April 2026 has wrong, or the UN/LOCODE database.
var (
	// nowhere are harbours that lie elsewhere.
	nowhere = map[string]bool{
		"8822":  true, // Southwest Pass, 36 nm off the coast
		"27850": true, // Tolkkinen, in the Gulf of Finland
		"29455": true, // Nykobing Mors, in the Kattegat
		"56835": true, // Kimbe, 19 nm off the coast
		"57818": true, // Chiwan, which is not on Hainan
	}
	// codesOfIndex are codes that the database puts elsewhere, or that bear
	// another country's letters, and that are the index's all the same.
	codesOfIndex = []string{
		"ASPPG", "BLGUS", "CNDSN", "CNSYA", "CNTGS", "CNZZU", "DJDCT", "GBFNT", "GBSHO", "MAEUN", "SADHU", "TWMLI", "USAXK",
	}
	// inTheSea are ports of which the name does not say rightly whether they are
	// terminals without a quay.
	inTheSea = map[string]bool{
		"57642": true,  // Dai Hang
		"53142": true,  // Kumul
		"13115": true,  // Jose Ignacio
		"60205": true,  // Suizhong
		"57470": false, // Ko Si Chang, an island
	}
)

const (
	otherPlaceNM = 25 // from its code, a port is another place
	offShoreNM   = 4  // from the shore, a terminal has no quay
)

var (
	terminalName = regexp.MustCompile(`Terminal|Term\.|Oil ?[Ff]ield`)
	offshoreName = regexp.MustCompile(`Offshore|Oil ?[Ff]ield`)
)

// isOffshore reports whether a port is by its name a terminal in the sea, or one
// that lies so far out that it is.
func isOffshore(p Port, land *Land) bool {
	return offshoreName.MatchString(p.Name) ||
		terminalName.MatchString(p.Name) && !land.Contains(p.Pos) && land.ShoreNM(p.Pos, offShoreNM) >= offShoreNM
}

// harboursOf makes harbours of the index, by what is known of its faults.
func harboursOf(index []Port, land *Land) []Port {
	seen := map[string]bool{}
	for _, term := range Terminals() {
		seen[term.WPI] = true
	}
	var out []Port
	for _, row := range index {
		if seen[row.WPI] || nowhere[row.WPI] {
			continue // a terminal stands for it; or its number comes again, in the edition of April 2026 for one place
		}
		seen[row.WPI] = true
		kind := row.Kind
		if offshore, ok := inTheSea[row.WPI]; ok && offshore || !ok && isOffshore(row, land) {
			kind = "offshore"
		}
		p := Port{Code: row.Code, Name: row.Name, Country: row.Country, Pos: row.Pos}
		if place, err := FindPlace(p.Code); p.Code != "" && !slices.Contains(codesOfIndex, p.Code) {
			at, ok := place.Pos.Get()
			if string(p.Country) != p.Code[:2] || err == nil && ok && DistanceNM(at, p.Pos) > otherPlaceNM {
				p.Code = ""
			}
		}
		out = append(out, harbour(row.WPI, string(kind), p))
	}
	return out
}

// TestHarboursAreThoseOfTheIndex: the program's own harbours are those of the
// World Port Index of April 2026, but for the faults above. -update writes them
// into ports.csv and the last column of places.csv.
func TestHarboursAreThoseOfTheIndex(t *testing.T) {
	want := harboursOf(realWPI(t).Ports, readWorld(t))
	if *update {
		writeHarbours(t, want)
		return
	}
	named := map[string]bool{"CNQIN": true, "ISSEY": true} // spelt better in places.csv
	got := map[string]Port{}
	for _, p := range Harbours() {
		if _, again := got[p.ID]; again {
			t.Errorf("%s is there twice", p.ID)
		}
		got[p.ID] = p
	}
	if len(got) != len(want) || len(want) < 3500 {
		t.Errorf("%d harbours, want %d", len(got), len(want))
	}
	for _, w := range want {
		g := got[w.ID]
		if named[w.Code] {
			w.Name = g.Name
		}
		if DistanceNM(g.Pos, w.Pos) < 0.01 { // it is rounded to four digits
			w.Pos = g.Pos
		}
		if g != w {
			t.Errorf("%+v\nwant %+v", g, w)
		}
	}
}

func writeHarbours(t *testing.T, harbours []Port) {
	t.Helper()
	b, err := os.ReadFile("places.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows := []string{"number,code,name,country,lat,lon,port"}
	places := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	inPlaces := map[string]int{}
	for i, row := range places[1:] {
		place := row[:strings.LastIndexByte(row, ',')+1]
		places[i+1] = place
		number, _, _ := strings.Cut(place[strings.LastIndex(place, ",WPI ")+len(",WPI "):], ",")
		inPlaces[number] = i + 1
	}
	for _, p := range harbours {
		kind := string(p.Kind)
		if p.Offshore {
			kind = "offshore"
		}
		if i, ok := inPlaces[p.WPI]; ok && strings.HasPrefix(places[i], p.Code+",") {
			places[i] += kind
			continue
		}
		rows = append(rows, fmt.Sprintf("%s,%s,%s,%s,%.4f,%.4f,%s", p.WPI, p.Code, csvField(p.Name), p.Country, p.Pos.Lat, p.Pos.Lon, kind))
	}
	for name, lines := range map[string][]string{"places.csv": places, "ports.csv": rows} {
		if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWhyNotTheCodesPositions: where the UN/LOCODE database has a port is no
// measure of where its berths are. Ports are looked for within 3 to 10 km.
func TestWhyNotTheCodesPositions(t *testing.T) {
	var apart []float64
	for _, p := range realWPI(t).Ports {
		if _, own := ownPlaces()[p.Code]; own || p.Code == "" {
			continue
		}
		if place, err := locodePlace(p.Code); err == nil && place.Pos.Known() {
			apart = append(apart, DistanceNM(place.Pos.Or(p.Pos), p.Pos))
		}
	}
	slices.Sort(apart)
	share := func(f float64) float64 { return apart[int(f*float64(len(apart)-1))] }
	t.Logf("%d ports: median %.2f nm, 75 %% %.1f, 90 %% %.1f, 95 %% %.1f, 98 %% %.0f, 99 %% %.0f, most %.0f", len(apart), share(0.5), share(0.75), share(0.9), share(0.95), share(0.98), share(0.99), share(1))
	if len(apart) < 2000 || share(0.5) < 1 || share(0.9) < 5 || share(0.99) < 100 {
		t.Error("the database is better than Harbours says")
	}
}

func TestKnownPorts(t *testing.T) {
	find := func(ports []Port, id string) (Port, int) {
		var last Port
		n := 0
		for _, p := range ports {
			if p.ID == id {
				last, n = p, n+1
			}
		}
		return last, n
	}
	row := func(number, code, name string, at navicert.Position) Port {
		return Port{ID: "wpi:" + number, Code: code, Name: name, Kind: SeaPort, Pos: at, WithinNM: 1, WPI: number, Source: "WPI " + number}
	}
	learned := Port{ID: "anchorage:1", Name: "anchorage", Kind: Anchorage, Pos: pos(1, 2), Source: "learned"}

	alone := KnownPorts(nil, []Port{learned})
	if len(alone) != len(Terminals())+len(Harbours())+1 || alone[len(alone)-1] != learned {
		t.Errorf("%d ports without an index", len(alone))
	}
	rotterdam, n := find(alone, "wpi:31140")
	if n != 1 || rotterdam.Code != "NLRTM" || rotterdam.Source != "WPI 31140, April 2026" {
		t.Errorf("%d Rotterdams: %+v", n, rotterdam)
	}
	etame, _ := find(alone, "wpi:46451")
	if !etame.Offshore || etame.Kind != OilTerminal {
		t.Errorf("a terminal in the sea is %+v", etame)
	}

	moved := row("31140", "NLRTM", "Rotterdam Maasvlakte", pos(51.95, 4.05)) // a new edition
	renumbered := row("99001", "DEHAM", "Hamburg", pos(53.53, 9.96))
	own := row("12180", "VEJOT", "Jose Terminal", pos(10.1, -64.85)) // a terminal of ours
	fresh := row("99002", "", "Invented Harbour", pos(12.05, -61.75))
	sea := row("46451", "GAETA", "Etame Terminal", pos(-3.75, 10.52))
	index := []Port{moved, renumbered, own, fresh, sea}
	all := KnownPorts(index, []Port{learned})
	if want := len(alone) + 1; len(all) != want { // the invented one
		t.Errorf("%d ports with an index, want %d", len(all), want)
	}
	for _, w := range []Port{moved, renumbered, fresh, learned} {
		if g, n := find(all, w.ID); n != 1 || g != w {
			t.Errorf("%d times %+v, want %+v", n, g, w)
		}
	}
	if g, n := find(all, sea.ID); n != 1 || !g.Offshore || g.Kind != OilTerminal || g.Source != sea.Source {
		t.Errorf("%d times %+v", n, g)
	}
	if _, n := find(all, own.ID); n != 0 {
		t.Error("a terminal of ours and its row are both there")
	}
	hamburgs := 0
	for _, p := range all {
		if p.Code == "DEHAM" {
			hamburgs++
		}
	}
	if hamburgs != 1 {
		t.Errorf("%d ports with Hamburg's code", hamburgs)
	}
	if index[4].Offshore {
		t.Error("the index that was given has changed")
	}
}

// TestAnImportStandsForAll: with the edition that the harbours are of imported
// nothing is there twice, and no harbour beside it.
func TestAnImportStandsForAll(t *testing.T) {
	index := realWPI(t).Ports
	if rest := HarboursBeside(index); len(rest) != 0 {
		t.Errorf("%d harbours beside the index, %+v first", len(rest), rest[0])
	}
	seen := map[string]bool{}
	for _, p := range KnownPorts(index, nil) {
		if seen[p.ID] {
			t.Errorf("%s is there twice", p.ID)
		}
		seen[p.ID] = true
	}
}

// TestHarboursAreAtTheShore: none far out at sea hides what ships do there.
func TestHarboursAreAtTheShore(t *testing.T) {
	l := readWorld(t)
	// Islands, and land won from the sea, that the coast of 1:10 million lacks.
	islands := []string{
		"Enitwetak Island", "Longan Island", "Tern Island", "Ponza", "Uto", "Criehaven", "Matinicus", "Monhegan", "Christianso Harbor",
		"Khalifa Bin Salman", "Tuban",
	}
	for _, p := range Harbours() {
		if shore := l.ShoreNM(p.Pos, 200); !p.Offshore && !l.Contains(p.Pos) && shore > 7.6 && !slices.Contains(islands, p.Name) {
			t.Errorf("%s (%s) at %v lies %.1f nm from shore", p.Name, p.ID, p.Pos, shore)
		}
	}
}
