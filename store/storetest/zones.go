package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"navicert"
	"navicert/geo"
)

var zoneTests = map[string]func(*testing.T, Store){
	"nothing is held":    noZones,
	"round trip":         zoneRoundTrip,
	"same again":         zonesAgain,
	"revisions":          zoneRevisions,
	"as of and known at": zonesAsOfKnownAt,
	"area alone changes": zoneAreaChanges,
	"refused":            badZones,
	"cancelled":          cancelledZones,
	"concurrent":         concurrentZones,
}

// square is an area of one degree whose south-west corner is given.
func square(t *testing.T, lat, lon float64) *geo.Area {
	t.Helper()
	a, err := geo.ParseArea(fmt.Appendf(
		nil, `{"type":"Polygon","coordinates":[[[%[1]v,%[2]v],[%[3]v,%[2]v],[%[3]v,%[4]v],[%[1]v,%[4]v],[%[1]v,%[2]v]]]}`,
		lon, lat, lon+1, lat+1,
	))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func zone(t *testing.T, id string) geo.Zone {
	return geo.Zone{
		ID: id, Name: "Invented " + id, Kind: geo.Danger, Effect: geo.Warns, From: navicert.At(at(0)),
		Published: navicert.At(at(0)), Simulated: true, Area: square(t, 10, -65),
	}
}

func zoneSet(imported time.Time, sha string, zones ...geo.Zone) geo.ZoneSet {
	return geo.ZoneSet{Source: "zones.geojson", SHA256: sha, Zones: zones, ImportedAt: imported}
}

func putZones(t *testing.T, s Store, want int, set geo.ZoneSet) {
	t.Helper()
	if n := must(s.PutZones(t.Context(), set))(t); n != want {
		t.Errorf("%d zones changed, want %d", n, want)
	}
}

func wantZones(t *testing.T, s Store, what string, asOf, knownAt time.Time, want ...geo.Zone) {
	t.Helper()
	same(t, what, must(s.Zones(t.Context(), asOf, knownAt))(t), want)
}

func wantSets(t *testing.T, s Store, want ...geo.ZoneSet) {
	t.Helper()
	for i := range want {
		want[i].Zones = nil
	}
	same(t, "zone sets", must(s.ZoneSets(t.Context()))(t), want)
}

func noZones(t *testing.T, s Store) {
	zs := must(s.Zones(t.Context(), time.Time{}, time.Time{}))(t)
	sets := must(s.ZoneSets(t.Context()))(t)
	if zs == nil || sets == nil || len(zs)+len(sets) > 0 {
		t.Errorf("an empty store has zones %#v and sets %#v, want none and not nil", zs, sets)
	}
	empty := zoneSet(at(1), "aa")
	putZones(t, s, 0, empty)
	wantSets(t, s, empty)
}

func zoneRoundTrip(t *testing.T, s Store) {
	full := zone(t, "a")
	full.Kind, full.Effect, full.Order, full.Authority, full.Publisher, full.Text = geo.Blockade, geo.Prohibits, "order-1", "Authority", "Publisher", "No entry."
	full.Scope = geo.Scope{Words: "all tankers", VesselKinds: []string{"tanker"}, ListedOnly: true, Flags: []navicert.Flag{"PA"}, CallingAt: []navicert.Flag{"VE"}}
	full.To, full.CancelledBy, full.CancelledAt = navicert.At(at(100)), "order-2", navicert.At(at(50))
	wantAllFields(t, full)
	bare := zone(t, "b")
	bare.Area = nil
	dateline := zone(t, "c")
	dateline.Area = square(t, -10.123456789, 178.9)
	want := []geo.Zone{full, bare, dateline}
	for i, h := range hostile {
		z := zone(t, fmt.Sprintf("h%02d%s", i, h))
		z.Name, z.Text, z.Scope.Words = h, h, h
		want = append(want, z)
	}
	set := zoneSet(at(1), "aa", want...)
	set.Source = hostile[0]
	putZones(t, s, len(want), set)
	wantZones(t, s, "zones", time.Time{}, time.Time{}, want...)
	wantSets(t, s, set)
}

func zonesAgain(t *testing.T, s Store) {
	first := zoneSet(at(1), "aa", zone(t, "b"), zone(t, "a"))
	putZones(t, s, 2, first)
	putZones(t, s, 0, zoneSet(at(2), "aa", zone(t, "a"), zone(t, "b")))
	second := zoneSet(at(3), "bb", zone(t, "a"), zone(t, "c"))
	putZones(t, s, 1, second)
	wantZones(t, s, "zones by id", time.Time{}, time.Time{}, zone(t, "a"), zone(t, "b"), zone(t, "c"))
	wantSets(t, s, first, second)
}

func zoneRevisions(t *testing.T, s Store) {
	a := zone(t, "a")
	cancelled := a
	cancelled.CancelledBy, cancelled.CancelledAt = "order-2", navicert.At(at(5))
	sets := []geo.ZoneSet{zoneSet(at(1), "aa", a), zoneSet(at(2), "bb", cancelled), zoneSet(at(3), "aa", a)}
	for _, set := range sets {
		putZones(t, s, 1, set)
	}
	wantZones(t, s, "zones", time.Time{}, time.Time{}, a)
	wantZones(t, s, "known at the second", time.Time{}, at(2), cancelled)
	wantZones(t, s, "known at the first", time.Time{}, at(2).Add(-time.Millisecond), a)
	wantSets(t, s, sets...)
}

func zonesAsOfKnownAt(t *testing.T, s Store) {
	early, late := zone(t, "early"), zone(t, "late")
	late.Published = navicert.At(at(10))
	extended := early
	extended.Published, extended.To = navicert.At(at(20)), navicert.At(at(99))
	putZones(t, s, 2, zoneSet(at(30), "aa", early, late))
	putZones(t, s, 1, zoneSet(at(40), "bb", extended))
	for _, tt := range []struct {
		name        string
		asOf, known time.Time
		want        []geo.Zone
	}{
		{"all", time.Time{}, time.Time{}, []geo.Zone{extended, late}},
		{"before any was published", at(0).Add(-time.Millisecond), time.Time{}, nil},
		{"as published at first", at(0), time.Time{}, []geo.Zone{early}},
		{"just before the second", at(10).Add(-1), time.Time{}, []geo.Zone{early}},
		{"at the second", at(10), time.Time{}, []geo.Zone{early, late}},
		{"at the revision", at(20), time.Time{}, []geo.Zone{extended, late}},
		{"before any was known", time.Time{}, at(29), nil},
		{"before the revision was known", at(50), at(35), []geo.Zone{early, late}},
		{"known, not yet published", at(15), at(50), []geo.Zone{early, late}},
	} {
		wantZones(t, s, tt.name, tt.asOf, tt.known, tt.want...)
	}
}

func zoneAreaChanges(t *testing.T, s Store) {
	a := zone(t, "a")
	putZones(t, s, 1, zoneSet(at(1), "aa", a))
	moved := a
	moved.Area = square(t, 11, -65)
	putZones(t, s, 1, zoneSet(at(2), "bb", moved))
	wantZones(t, s, "zones", time.Time{}, time.Time{}, moved)
	if z := must(s.Zones(t.Context(), time.Time{}, time.Time{}))(t)[0]; !z.Area.Contains(navicert.Position{Lat: 11.5, Lon: -64.5}) ||
		z.Area.Contains(navicert.Position{Lat: 10.5, Lon: -64.5}) {
		t.Error("the area that came back is another")
	}
}

func badZones(t *testing.T, s Store) {
	for name, set := range map[string]geo.ZoneSet{
		"no id":        zoneSet(at(1), "aa", zone(t, "a"), zone(t, "")),
		"one id twice": zoneSet(at(1), "aa", zone(t, "a"), zone(t, "b"), zone(t, "a")),
		"no time":      zoneSet(time.Time{}, "aa", zone(t, "a")),
	} {
		n, err := s.PutZones(t.Context(), set)
		if n != 0 || navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: %d changed, error %v", name, n, err)
		}
	}
	wantZones(t, s, "zones", time.Time{}, time.Time{})
	wantSets(t, s)
}

func cancelledZones(t *testing.T, s Store) {
	_, err := s.PutZones(canceled(), zoneSet(at(1), "aa", zone(t, "a")))
	wantCanceled(t, err)
	_, err = s.Zones(canceled(), time.Time{}, time.Time{})
	wantCanceled(t, err)
	_, err = s.ZoneSets(canceled())
	wantCanceled(t, err)
	wantZones(t, s, "zones", time.Time{}, time.Time{})
	wantSets(t, s)
}

func concurrentZones(t *testing.T, s Store) {
	const writers, each = 4, 20
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	zones := make([]geo.Zone, each)
	for i := range zones {
		zones[i] = zone(t, fmt.Sprintf("z%02d", i))
	}
	for range writers {
		wg.Go(func() {
			for i := range each {
				n, err := s.PutZones(context.Background(), zoneSet(at(1), fmt.Sprint(i), zones[i])) // all put the same
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				total += n
				mu.Unlock()
				if _, err := s.Zones(context.Background(), at(2), at(2)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	wantZones(t, s, "zones", time.Time{}, time.Time{}, zones...)
	if sets := must(s.ZoneSets(t.Context()))(t); total != each || len(sets) != each {
		t.Errorf("%d changes and %d sets, want %d of each", total, len(sets), each)
	}
}
