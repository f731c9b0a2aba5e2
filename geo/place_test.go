package geo

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"navicert"
)

var update = flag.Bool("update", false, "write places of the World Port Index that places.csv lacks into it")

func TestFindPlace(t *testing.T) {
	for _, c := range []struct {
		text, name string
		country    navicert.Flag
		near       navicert.Position
	}{
		{"VEJOT", "Jose Terminal", "VE", pos(10.10, -64.85)},
		{" ve jot ", "Jose Terminal", "VE", pos(10.10, -64.85)},
		{"CNQIN", "Qingdao", "CN", pos(36.03, 120.27)},
		{"VEMAR", "Maracaibo", "VE", pos(10.63, -71.60)}, // the database puts it at Maracay
		{"VEPCZ", "Puerto La Cruz", "VE", pos(10.25, -64.63)},
		{"NGAKP", "Akpo Oil Terminal", "NG", pos(3.13, 6.82)},     // the database puts it in the Indian Ocean
		{"CNSYA", "Sanya", "CN", pos(18.32, 109.45)},              // in Mongolia
		{"ASPPG", "Pago Pago Harbor", "AS", pos(-14.28, -170.67)}, // north of the equator
		{"NLRTM", "Rotterdam", "NL", pos(51.92, 4.5)},
		{"10.2,-64.85", "10°12.00'N 064°51.00'W", "", pos(10.2, -64.85)},
	} {
		p, err := FindPlace(c.text)
		if err != nil {
			t.Errorf("FindPlace(%q): %v", c.text, err)
			continue
		}
		at, ok := p.Pos.Get()
		if p.Name != c.name || p.Country != c.country || !ok || DistanceNM(at, c.near) > 1 {
			t.Errorf("FindPlace(%q) = %+v", c.text, p)
		}
	}
	for _, c := range []struct {
		text string
		kind navicert.Kind
		flag navicert.Flag
	}{
		{"VEXXX", navicert.NotFound, "VE"},
		{"QQQQQ", navicert.NotFound, ""},
		{"Josefina", navicert.Invalid, ""},
		{"", navicert.Invalid, ""},
		{"V3JOT", navicert.Invalid, ""},
		{"91,0", navicert.Invalid, ""},
		{"10.2,", navicert.Invalid, ""},
		{"VEJÖT", navicert.Invalid, ""},
	} {
		p, err := FindPlace(c.text)
		if navicert.KindOf(err) != c.kind || p.Country != c.flag || p.Pos.Known() {
			t.Errorf("FindPlace(%q) = %+v, %v", c.text, p, err)
		}
	}
}

func TestOwnPlacesAreSound(t *testing.T) {
	if len(ownPlaces()) != strings.Count(placesCSV, "\n")-1 {
		t.Errorf("%d places of our own in %d rows", len(ownPlaces()), strings.Count(placesCSV, "\n")-1)
	}
	for code, p := range ownPlaces() {
		if !isLocode(code) || p.Name == "" || p.Source == "" || !p.Pos.Known() {
			t.Errorf("%+v", p)
		}
	}
}

// TestPortsOfTheIndexAreKnown: every port of the World Port Index that bears a
// UN/LOCODE is found by it, and near where the index has it unless index and
// UN/LOCODE database call the place by other names. -update writes what our own
// table lacks of that into it.
func TestPortsOfTheIndexAreKnown(t *testing.T) {
	f := realWPI(t)
	rows := strings.Split(strings.TrimSuffix(placesCSV, "\n"), "\n")
	seen := map[string]bool{}
	missing, elsewhere, codes := 0, 0, 0
	for _, p := range f.Ports {
		if p.Code == "" || seen[p.Code] || string(p.Country) != p.Code[:2] {
			continue // a code that two ports bear is the first one's; one of another country is a slip
		}
		seen[p.Code] = true
		codes++
		place, err := FindPlace(p.Code)
		at, ok := place.Pos.Get()
		switch {
		case err != nil || !ok:
			missing++
		case DistanceNM(at, p.Pos) <= 25:
			continue
		case strings.EqualFold(fold(nameOf(place.Name)), fold(nameOf(p.Name))) || slices.Contains(codesOfIndex, p.Code):
			elsewhere++
		default:
			continue
		}
		rows = append(rows, fmt.Sprintf("%s,%s,%.4f,%.4f,%s,,", p.Code, csvField(p.Name), p.Pos.Lat, p.Pos.Lon, p.Source))
	}
	if *update {
		slices.Sort(rows[1:])
		if err := os.WriteFile("places.csv", []byte(strings.Join(rows, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d codes; added %d that were not known and %d that lay elsewhere", codes, missing, elsewhere)
		return
	}
	if codes < 3000 || missing+elsewhere > 0 {
		t.Errorf("of %d codes %d are not known, %d lie elsewhere", codes, missing, elsewhere)
	}
}

func nameOf(s string) string { name, _, _ := strings.Cut(s, " ("); return name }

func csvField(s string) string {
	if strings.ContainsAny(s, ",\"") {
		return strconv.Quote(s)
	}
	return s
}

func TestPlaceByName(t *testing.T) {
	for text, want := range map[string]string{"Puerto La Cruz": "VEPCZ", "puerto la cruz (guaraguao)": "VEPCZ", "Amuay": "VEAMY"} {
		p, err := FindPlace(text)
		if err != nil || p.Code != want {
			t.Errorf("%s: %+v, %v", text, p, err)
		}
	}
	for _, name := range []string{"Boston", "Lagos", "Plymouth", "Cartagena", "Liverpool", "Victoria"} { // of many places
		if p, err := FindPlace(name); err == nil || p.Pos.Known() {
			t.Errorf("%s is taken for %+v, %v", name, p, err)
		}
	}
	if p, err := FindPlace("Nowhere At All"); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("%+v, %v", p, err)
	}
	names := map[string][]string{}
	for _, x := range Terminals() {
		names[x.Name] = append(names[x.Name], x.Code)
	}
	for name, codes := range names {
		if len(codes) > 1 && codes[0] != codes[1] {
			if p, err := FindPlace(name); err == nil {
				t.Errorf("%s is %q and was taken for %+v", name, codes, p)
			}
		}
	}
}
