package store_test

import (
	"testing"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/geo"
	"navicert/list"
	"navicert/store"
)

func TestCounts(t *testing.T) {
	db := open(t, t.TempDir())
	defer closeDB(t, db)
	want := func(what string, want store.Counts) {
		t.Helper()
		if got, err := db.Counts(t.Context()); err != nil || got != want {
			t.Errorf("%s: %+v, want %+v (%v)", what, got, want, err)
		}
	}
	want("nothing", store.Counts{})
	hour := func(h int) time.Time { return time.Date(2026, 1, 1, h, 0, 0, 0, time.UTC) }
	fix := func(mmsi navicert.MMSI, h int) navicert.Fix {
		return navicert.Fix{MMSI: mmsi, Time: hour(h), Ref: navicert.Ref{Source: "log"}}
	}
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(db.Put(t.Context(), benchPublication(0), []list.Entry{{ID: "1"}}))
	must(db.AppendFixes(t.Context(), []navicert.Fix{fix(201999901, 3), fix(201999902, 5), fix(201999901, 2)}))
	must(db.AppendFixes(t.Context(), []navicert.Fix{fix(201999901, 3), fix(201999901, 4)}))
	open := navicert.Event{ID: "a", Kind: "gap", MMSI: 201999901, Start: navicert.At(hour(1)), State: navicert.EventOpen}
	closed := open
	closed.State, closed.End = navicert.EventClosed, navicert.At(hour(2))
	must(db.PutEvents(t.Context(), hour(9), []navicert.Event{open, closed}))
	must(db.PutZones(t.Context(), geo.ZoneSet{Source: "z", SHA256: "1", ImportedAt: hour(1), Zones: []geo.Zone{{ID: "a"}, {ID: "b"}}}))
	must(db.PutZones(t.Context(), geo.ZoneSet{Source: "z", SHA256: "2", ImportedAt: hour(2), Zones: []geo.Zone{{ID: "a", Name: "new"}}}))
	must(db.PutCertificate(t.Context(), decide.Issued{Certificate: someCertificate("a")}))
	all := store.Counts{Publications: 1, Vessels: 2, Fixes: 4, Events: 1, Zones: 2, Certificates: 1, Oldest: hour(2), Newest: hour(5)}
	want("one of each", all)

	for name, put := range map[string]func(db *store.DB){
		"fix": func(db *store.DB) {
			f := fix(1, 1)
			f.Simulated = true
			must(db.AppendFixes(t.Context(), []navicert.Fix{f}))
		},
		"static": func(db *store.DB) {
			must(db.AppendStatics(t.Context(), []navicert.Static{{MMSI: 1, Time: hour(1), Simulated: true}}))
		},
		"event": func(db *store.DB) {
			e := open
			e.Simulated = true
			must(db.PutEvents(t.Context(), hour(1), []navicert.Event{e}))
		},
		"zone": func(db *store.DB) {
			must(db.PutZones(t.Context(), geo.ZoneSet{ImportedAt: hour(1), Zones: []geo.Zone{{ID: "a", Simulated: true}}}))
		},
		"publication": func(db *store.DB) { p := benchPublication(0); p.Simulated = true; must(db.Put(t.Context(), p, nil)) },
	} {
		db := open1(t)
		put(db)
		if got, err := db.Counts(t.Context()); err != nil || !got.Simulated {
			t.Errorf("a simulated %s: %+v, %v", name, got, err)
		}
	}
}

// open1 opens a new directory for the length of the test.
func open1(t *testing.T) *store.DB {
	t.Helper()
	db := open(t, t.TempDir())
	t.Cleanup(func() { closeDB(t, db) })
	return db
}
