package geo

import (
	"cmp"
	_ "embed"
	"encoding/csv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nspcc-dev/locode-db/pkg/locodedb"

	"navicert"
)

// placesCSV holds 1,158 places that the UN/LOCODE database lacks or puts elsewhere:
// every Venezuelan port with a code, terminals of the southern Caribbean, oil
// terminals whose published position is in another sea, and every port of the
// World Port Index whose code the database does not hold (Jebel Ali, Bergen) or
// gives to another town of the same name (Jacksonville in Arkansas).
// Source: World Port Index (NGA Pub. 150, edition of April 2026, a work of the
// US Government), whose number is in each row; by_name marks the places that
// are found by their names too, and port says what they are as ports ([Harbours]):
// nothing where a terminal of our own stands for the place or no harbour is there.
// Positions are good to the minute. policy_test.go holds its hash.
//
//go:embed places.csv
var placesCSV string

// Place is somewhere a voyage can begin, call or end.
type Place struct {
	Code    string                          `json:"code,omitempty"` // UN/LOCODE, e.g. "VEJOT"
	Name    string                          `json:"name"`
	Country navicert.Flag                   `json:"country,omitempty"`
	Pos     navicert.Opt[navicert.Position] `json:"position,omitzero"`
	Source  string                          `json:"source,omitempty"` // where the position comes from

	byName bool   // its name is no other place's that the database knows by another code
	port   string // what it is as a port
}

// FindPlace looks a place up: a UN/LOCODE in any case with or without a blank
// ("VEJOT", "ve jot"), "LAT,LON" in decimal degrees, or the name of a terminal or
// port of the program's own tables ("Puerto La Cruz"); of a name that several
// places bear none is taken. A place whose position
// is not known has none, and the caller cannot tell where it is. A code that
// is not known is a NotFound error; the place then still carries the code and
// its country.
//
// Codes come from the UN/LOCODE database of nspcc-dev/locode-db (issue 2024),
// corrected by a table of our own. The first look-up of a code that is not in
// that table unpacks the database: about 0.2 s and 5 MB.
func FindPlace(text string) (Place, error) {
	if strings.Contains(text, ",") {
		p, err := navicert.ParsePosition(text)
		if err != nil {
			return Place{}, err
		}
		return Place{Name: p.String(), Pos: navicert.Some(p)}, nil
	}
	code := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(text), " ", ""))
	if len(code) != 5 || !isLocode(code) {
		if p, err := namedPlace(text); navicert.KindOf(err) != navicert.NotFound {
			return p, err
		}
		return Place{}, navicert.Errorf(navicert.Invalid, "place", strconv.Quote(text), "neither a UN/LOCODE nor LAT,LON").
			WithHint("a UN/LOCODE is a country and three letters or digits, such as VEJOT")
	}
	if p, ok := ownPlaces()[code]; ok {
		return p, nil
	}
	p, err := locodePlace(code)
	if err != nil { // a name of five letters, such as Amuay
		if named, err := namedPlace(text); err == nil {
			return named, nil
		}
	}
	return p, err
}

// namedPlace finds a place of the program's own tables by its name, in any case;
// what stands in brackets may be left out. Places that are in the table for their
// code alone are not found so: Boston is not the one in Lincolnshire.
func namedPlace(text string) (Place, error) {
	text = strings.TrimSpace(text)
	is := func(name string) bool {
		short, _, _ := strings.Cut(name, " (")
		return strings.EqualFold(name, text) || strings.EqualFold(short, text)
	}
	found := map[string]Place{}
	for _, p := range ownPlaces() {
		if p.byName && is(p.Name) {
			found[p.Code] = p
		}
	}
	for _, t := range ownTerminals() {
		_, known := found[t.Code]
		if is(t.Name) && !(known && t.Code != "") {
			found[cmp.Or(t.Code, t.ID)] = Place{Code: t.Code, Name: t.Name, Country: t.Country, Pos: navicert.Some(t.Pos), Source: t.Source}
		}
	}
	switch len(found) {
	case 0:
		return Place{}, navicert.Errorf(navicert.NotFound, "place", strconv.Quote(text), "no place of this name is known")
	case 1:
		for _, p := range found {
			return p, nil
		}
	}
	return Place{}, navicert.Errorf(navicert.Invalid, "place", strconv.Quote(text), "several places bear this name: %s",
		strings.Join(slices.Sorted(maps.Keys(found)), ", ")).WithHint("give the UN/LOCODE or LAT,LON")
}

// locodePlace looks a code up in the UN/LOCODE database.
func locodePlace(code string) (Place, error) {
	p := Place{Code: code, Name: code}
	p.Country, _ = navicert.ParseFlag(code[:2])
	rec, err := locodedb.Get(code)
	if err != nil {
		return p, navicert.Errorf(navicert.NotFound, "place", code, "no such UN/LOCODE is known").
			WithHint("give LAT,LON in decimal degrees instead")
	}
	p.Name, p.Source = rec.Location, "UN/LOCODE"
	at := navicert.Position{Lat: shortest(rec.Point.Latitude), Lon: shortest(rec.Point.Longitude)}
	if at.Valid() && at != (navicert.Position{}) { // 0,0 is how the database writes unknown
		p.Pos = navicert.Some(at)
	}
	return p, nil
}

// shortest widens a float32 without the digits that it never had.
func shortest(f float32) float64 {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
	return v
}

func isLocode(code string) bool {
	for i, r := range code {
		letter, digit := r >= 'A' && r <= 'Z', r >= '2' && r <= '9'
		if !letter && (i < 2 || !digit) {
			return false
		}
	}
	return true
}

var ownPlaces = sync.OnceValue(func() map[string]Place {
	rows, err := csv.NewReader(strings.NewReader(placesCSV)).ReadAll()
	if err != nil {
		panic("places.csv: " + err.Error())
	}
	m := make(map[string]Place, len(rows))
	for _, row := range rows[1:] {
		p := Place{Code: row[0], Name: row[1], Source: row[4]}
		if p.Country, err = navicert.ParseFlag(p.Code[:2]); err != nil {
			panic("places.csv: " + err.Error())
		}
		if row[2] != "" {
			at, err := navicert.ParsePosition(row[2] + "," + row[3])
			if err != nil {
				panic("places.csv: " + p.Code + ": " + err.Error())
			}
			p.Pos = navicert.Some(at)
		}
		p.byName, p.port = row[5] == "yes", row[6]
		m[p.Code] = p
	}
	return m
})
