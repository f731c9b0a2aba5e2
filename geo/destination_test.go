package geo

import (
	"strings"
	"testing"

	"navicert"
)

func TestReadDestination(t *testing.T) {
	port := func(name, code string, country navicert.Flag, lat, lon float64) Port {
		return Port{ID: "wpi:" + name, Name: name, Code: code, Country: country, Kind: SeaPort, Pos: pos(lat, lon), Source: "WPI"}
	}
	d := NewDestinations(NewPorts(append(Terminals(),
		port("Houston", "USHOU", "US", 29.75, -95.283), port("Freeport", "BSFPO", "BS", 26.517, -78.783), port("Freeport", "BMFPT", "BM", 32.317, -64.833),
		port("Cadiz", "ESCAD", "ES", 36.53, -6.28), port("Lagos", "NGLOS", "NG", 6.4, 3.4), port("Port of Spain", "TTPOS", "TT", 10.65, -61.52), port("Aalborg", "DKAAL", "DK", 57.05, 9.92),
	)))
	for text, want := range map[string]string{
		"VEJOT":           "Jose (José Antonio Anzoátegui, TAECJAA)",
		"VE JOT":          "Jose (José Antonio Anzoátegui, TAECJAA)",
		"ve jot":          "Jose (José Antonio Anzoátegui, TAECJAA)",
		"CNTAO>VEJOT":     "Jose (José Antonio Anzoátegui, TAECJAA)",
		"CN TAO > VE JOT": "Jose (José Antonio Anzoátegui, TAECJAA)",
		"VEJOT ANCH":      "Jose (José Antonio Anzoátegui, TAECJAA)",
		"JOSE":            "Jose (José Antonio Anzoátegui, TAECJAA)",
		"JOSE TERMINAL":   "Jose (José Antonio Anzoátegui, TAECJAA)",
		"HOUSTON, TX":     "Houston",
		"HOUSTON USA":     "Houston",
		"PORT OF HOUSTON": "Houston",
		"PORT OF SPAIN":   "Port of Spain",
		"PUNTA CARDON":    "Punta Cardón",
		"CADIZ":           "Cadiz",
		"NLRTM":           "Rotterdam",
		"FREEPORT":        "Freeport|Freeport", // in two countries
	} {
		places, reading := d.Read(text)
		var names []string
		for _, p := range places {
			names = append(names, p.Name)
		}
		if got := strings.Join(names, "|"); got != want || reading != Named {
			t.Errorf("%q: %q (%s), want %q", text, got, reading, want)
		}
	}
	wrong := NewDestinations(NewPorts([]Port{port("St Petersburg", "RULED", "US", 27.77, -82.62)})) // as the World Port Index has it
	if places, _ := wrong.Read("RULED"); len(places) != 2 {
		t.Errorf("a code that an index gives to another place is %v", places)
	}
	for text, want := range map[string]Reading{
		"": Uninformative, "  ": Uninformative, "FOR ORDERS": Uninformative, "for order": Uninformative, "TBA": Uninformative,
		"ARMED GUARD ON BOARD": Uninformative, "VEJOT>": Uninformative, "CARIBS": Uninformative, "...": Uninformative,
		"QWERTZUIOP": NotRead, "XXZZZ": NotRead, "LPG": NotRead, "ORD": NotRead, "ZZ ZZZ": NotRead,
	} {
		if places, reading := d.Read(text); reading != want || len(places) > 0 {
			t.Errorf("%q is %s (%v), want %s", text, reading, places, want)
		}
	}
	if places, reading := NewDestinations(nil).Read("NLRTM"); reading != Named || len(places) != 1 {
		t.Errorf("without ports a UN/LOCODE is %s", reading)
	}
}

func FuzzReadDestination(f *testing.F) {
	d := NewDestinations(NewPorts(Terminals()))
	for _, s := range []string{"VEJOT>CNTAO", "FOR ORDERS", "HOUSTON TX", "@@@", ">", "é>ü"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		places, reading := d.Read(text)
		if (reading == Named) != (len(places) > 0) || len(places) > maxSameName {
			t.Errorf("%q: %s with %d places", text, reading, len(places))
		}
		for _, p := range places {
			if at, ok := p.Pos.Get(); !ok || !at.Valid() {
				t.Errorf("%q: %+v has no position", text, p)
			}
		}
	})
}
