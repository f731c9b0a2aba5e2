// Package storetest is the contract that every engine behind package store
// keeps: the clauses in the comments of list.Store, list.PullStore,
// list.HeldStore, screen.SubjectStore, screen.ClearingStore, track.Store,
// detect.Store, detect.CoverageStore, geo.ZoneStore, own.Store, decide.Licences,
// decide.Settlements, decide.Packs, decide.Certificates, decide.Told, decide.Voyages and tlog.Store, each as a test.
// A function that opens an empty store goes in; failures come out through the tests it runs.
//
//	func TestSQLite(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) storetest.Store { … })
//	}
//
// All vessels, lists and voyages in it are invented.
package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"navicert"
	"navicert/decide"
	"navicert/detect"
	"navicert/geo"
	"navicert/list"
	"navicert/rule"
	"navicert/screen"
	"navicert/screen/own"
	"navicert/seal/tlog"
	"navicert/track"
)

// Store is everything that an engine implements.
type Store interface {
	list.Store
	list.PullStore
	list.HeldStore
	screen.SubjectStore
	screen.ClearingStore
	track.Store
	detect.Store
	detect.CoverageStore
	geo.ZoneStore
	own.Store
	decide.Licences
	decide.Settlements
	decide.Packs
	decide.Certificates
	decide.Told
	decide.Voyages
	tlog.Store
}

// Run runs the suite. Open must return a new empty store at each call and
// close it when its test ends.
func Run(t *testing.T, open func(t *testing.T) Store) {
	for _, suite := range []struct {
		name  string
		tests map[string]func(*testing.T, Store)
	}{
		{"publications", publicationTests},
		{"pulls", pullTests},
		{"subjects", subjectTests},
		{"fixes", fixTests},
		{"identities", identityTests},
		{"events", eventTests},
		{"coverage", coverageTests},
		{"zones", zoneTests},
		{"ownership", ownershipTests},
		{"licences", licenceTests},
		{"settlements", settlementTests},
		{"rule packs", packTests},
		{"certificates", certificateTests},
		{"told", toldTests},
		{"voyages", voyageTests},
		{"seals", sealTests},
		{"together", togetherTests},
	} {
		t.Run(suite.name, func(t *testing.T) {
			for name, test := range suite.tests {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					test(t, open(t))
				})
			}
		})
	}
}

// hostile are strings that an engine might misread, cut or alter.
var hostile = []string{
	"'; DROP TABLE fix; --",
	`" OR ""="`,
	"NUL \x00 inside",
	"two\r\nlines\tand a tab",
	"%_\\?$1:name@x",
	"</script>&amp;",
	"МТ Надежда",
	"希望丸",
	"ناقلة النفط",
	"e\u0301 is not \u00e9", // NFD and NFC
	"\u202eright to left\u202c",
	"\ufeffmark",
	"🚢",
	strings.Repeat("long ", 20_000),
}

var day = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// at is a time so many hours into the day of the tests, to the millisecond.
func at(hours float64) time.Time {
	return day.Add(time.Duration(hours * float64(time.Hour))).Round(time.Millisecond)
}

// canceled is a context that has ended.
func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func wantErr(t *testing.T, err error, kind navicert.Kind) {
	t.Helper()
	if navicert.KindOf(err) != kind {
		t.Errorf("error is %v, want one of kind %s", err, kind)
	}
}

func wantCanceled(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want context.Canceled", err)
	}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// same fails unless got equals want; nil and empty slices are the same, times
// are compared as instants and must be UTC.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	opts := cmp.Options{
		cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(rule.LicenceRecord{}),
		cmp.AllowUnexported(navicert.Opt[float64]{}, navicert.Opt[int]{}, navicert.Opt[navicert.NavStatus]{}, navicert.Opt[navicert.Position]{}, navicert.Opt[own.Share]{}),
		cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) && a.Location() == time.UTC && b.Location() == time.UTC }),
		cmp.Comparer(func(a, b navicert.Tally) bool { return cmp.Equal(tallyMap(a), tallyMap(b)) }),
		cmp.Comparer(sameArea),
	}
	if d := cmp.Diff(want, got, opts); d != "" {
		if len(d) > 4000 {
			d = d[:4000] + "…"
		}
		t.Errorf("%s differ (-want +got):\n%s", what, d)
	}
}

func tallyMap(t navicert.Tally) map[string][]string {
	m := map[string][]string{}
	for _, r := range t.Reasons() {
		m[r] = append([]string{strings.Repeat("x", t.Count(r))}, t.Examples(r)...)
	}
	return m
}

func sameArea(a, b *geo.Area) bool {
	if a == nil || b == nil {
		return a == b
	}
	return string(a.GeoJSON()) == string(b.GeoJSON())
}
