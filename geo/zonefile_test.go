package geo

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"navicert"
)

func readTestZones(t testing.TB) []Zone {
	t.Helper()
	b, err := os.ReadFile("testdata/zones.geojson")
	if err != nil {
		t.Fatal(err)
	}
	zones, _, err := ReadZones(bytes.NewReader(b), "zones.geojson")
	if err != nil {
		t.Fatal(err)
	}
	return zones
}

func TestReadZones(t *testing.T) {
	b, err := os.ReadFile("testdata/zones.geojson")
	if err != nil {
		t.Fatal(err)
	}
	zones, tally, err := ReadZones(bytes.NewReader(append([]byte("\xef\xbb\xbf"), b...)), "zones.geojson")
	if err != nil {
		t.Fatal(err)
	}
	if len(zones) != 2 || tally.String() != "1 unknown property colour" {
		t.Fatalf("%d zones, tally %s", len(zones), tally.String())
	}
	a, d := zones[0], zones[1]
	if a.ID != "test-blockade-a" || a.Kind != Blockade || a.Effect != Prohibits || a.Scope.Words != "all tankers" ||
		!cmp.Equal(a.Scope.CallingAt, []navicert.Flag{"VE", "CU"}) || !a.Simulated || !a.Area.Contains(pos(11, -65)) {
		t.Errorf("zone 1: %+v", a)
	}
	if c, r, ok := d.Area.Circle(); d.ID != "test-danger" || d.Name != "test-danger" || !ok || r != 12 || c != pos(10.2, -64.8) ||
		d.Scope.Words != "vessels without business there" || !cmp.Equal(d.Scope.Flags, []navicert.Flag{"VE"}) {
		t.Errorf("zone 2: %+v", d)
	}
	if at := time.Date(2025, 12, 30, 0, 0, 0, 0, time.UTC); !a.InForce(at) || !d.InForce(at) || d.InForce(at.AddDate(0, 0, 1)) {
		t.Error("validity is wrong")
	}

	var out bytes.Buffer
	if err := WriteZones(&out, zones); err != nil {
		t.Fatal(err)
	}
	again, tally, err := ReadZones(&out, "again")
	if err != nil || tally.Total() != 0 {
		t.Fatal(err, tally.String())
	}
	if diff := cmp.Diff(zones, again, cmpopts.IgnoreFields(Zone{}, "Area")); diff != "" {
		t.Error(diff)
	}
	for i := range zones {
		if got, want := string(again[i].Area.GeoJSON()), string(zones[i].Area.GeoJSON()); got != want {
			t.Errorf("geometry %s, want %s", got, want)
		}
	}
}

func TestReadZonesRefuses(t *testing.T) {
	const box = `"geometry":{"type":"Polygon","coordinates":[[[-66,10],[-64,10],[-64,12],[-66,12],[-66,10]]]}`
	good := `"id":"z","kind":"danger","effect":"warns","from":"2026-01-01"`
	props := func(p string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature",` + box + `,"properties":{` + p + `}}]}`
	}
	for _, c := range []struct{ file, want string }{
		{props(`"kind":"danger","effect":"warns","from":"2026-01-01"`), "bad.geojson feature 1: no id"},
		{props(`"id":"z","kind":"war","effect":"warns","from":"2026-01-01"`), `feature 1 (id "z"): kind "war"`},
		{props(`"id":"z","kind":"danger","effect":"forbids","from":"2026-01-01"`), `effect "forbids"`},
		{props(`"id":"z","kind":"danger","effect":"warns"`), `from is absent`},
		{props(`"id":"z","kind":"danger","effect":"warns","from":"2026-02-30"`), `from: time: "2026-02-30"`},
		{props(`"id":"z","kind":"danger","effect":"warns","from":"yesterday"`), `from: time: "yesterday"`},
		{props(good + `,"to":"2025-12-31"`), "to 2025-12-31T00:00:00Z is not after from 2026-01-01T00:00:00Z"},
		{props(good + `,"cancelled_by":"x"`), "without cancelled_at"},
		{props(good + `,"published":"2026-01-03","cancelled_at":"2026-01-02"`), "before published"},
		{props(good + `,"flags":["Atlantis"]`), `"Atlantis"`},
		{props(good + `,"scope":{"tankers":true}`), `scope: json: unknown field "tankers"`},
		{props(good + `,"listed_only":"yes"`), "listed_only: "},
		{props(`"id":"a\nb","kind":"danger"`), "control characters"},
		{props(`"id":{},"kind":"danger"`), "want a string"},
		{`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{` + good + `}}]}`, "no geometry"},
		{`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{` + good + `}}]}`, "radius_nm"},
		{`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]},"properties":{` + good + `}}]}`, `feature 1 (id "z"): area: outer ring: the ring crosses itself`},
		{`{"type":"FeatureCollection","features":[{"type":"Feature",` + box + `,"properties":{` + good + `}},{"type":"Feature",` + box + `,"properties":{` + good + `}}]}`, `feature 2 (id "z"): feature 1 has the same id`},
		{`{"type":"FeatureCollection","features":[{"type":"Polygon"}]}`, `type "Polygon", want Feature`},
		{`{"type":"FeatureCollection"}`, "no features"},
		{`{"type":"Feature",` + box + `}`, `GeoJSON type "Feature"`},
		{`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},"features":[]}`, "EPSG::3857"},
		{props(good)[:120], "cut off?"},
		{props(good) + "}", "line 1: invalid character '}'"},
		{"", "the file is empty"},
		{"\x1a", "invalid character"},
		{strings.Repeat(" ", MaxZoneFile+1), "larger than 64 MiB"},
	} {
		zones, _, err := ReadZones(strings.NewReader(c.file), "bad.geojson")
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "bad.geojson") || len(zones) != 0 {
			t.Errorf("ReadZones(%.200s): %d zones, error %v, want %q", c.file, len(zones), err, c.want)
		}
	}
}

func FuzzReadZones(f *testing.F) {
	b, err := os.ReadFile("testdata/zones.geojson")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	for _, g := range []string{boxDateLine, cutDateLine, capNorth, holed} {
		f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","id":1,"geometry":` + g + `,"properties":{"kind":"danger","effect":"warns","from":"2026-01-01"}}]}`))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		zones, _, err := ReadZones(bytes.NewReader(data), "fuzz")
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := WriteZones(&out, zones); err != nil {
			t.Fatal(err)
		}
		again, _, err := ReadZones(&out, "again")
		if err != nil || len(again) != len(zones) {
			t.Fatalf("what was read and written is not read again: %v", err)
		}
		p := pos(10, 179.9)
		for i := range zones {
			if zones[i].Area.Contains(p) != again[i].Area.Contains(p) {
				t.Fatal("the area has changed")
			}
			zones[i].Area.Leg(p, pos(-10, -170))
		}
	})
}
