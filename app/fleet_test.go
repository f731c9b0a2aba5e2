package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
)

// TestCheckFleet: results come in order, over more than one chunk, one bad voyage
// is told and stops no other, and each certificate is what a single check gives.
func TestCheckFleet(t *testing.T) {
	clock := &movingClock{navicert.Date("2026-01-02").Start().Add(10 * time.Hour)}
	a := appAt(t, clock)
	learn(t, a, "2025-12-24", "a")
	clock.t = clock.t.Add(time.Minute)
	const n = 2*fleetChunk + 7
	voyage := func(i int) navicert.Voyage {
		v := navicert.Voyage{ID: fmt.Sprint(i), Vessel: navicert.Vessel{IMO: quietIMO, Name: fmt.Sprint("Ship ", i%5)}, From: "NLRTM", To: "USHOU"}
		if i%100 == 1 {
			v.Vessel = navicert.Vessel{}
		}
		return v
	}
	taken := 0
	voyages := func(yield func(FleetVoyage) bool) {
		for i := range n {
			v := FleetVoyage{Line: i + 1, Voyage: voyage(i)}
			if i == 50 {
				v.Err = navicert.Errorf(navicert.Invalid, "voyages", "", "a bad line")
			}
			if taken++; !yield(v) {
				return
			}
		}
	}
	var failed []int
	at, most := 0, 0
	err := a.CheckFleet(t.Context(), voyages, CheckOptions{}, func(r FleetCertificate) error {
		most = max(most, taken-at)
		if at++; r.Line != at {
			t.Fatalf("line %d came at place %d", r.Line, at)
		}
		if r.Err != nil {
			failed = append(failed, r.Line)
			return nil
		}
		if r.Certificate.Subject.ID != fmt.Sprint(r.Line-1) || r.Certificate.KnownAt.Time != clock.t {
			t.Errorf("line %d: certificate of %s known at %s", r.Line, r.Certificate.Subject.ID, r.Certificate.KnownAt)
		}
		held, err := a.db.Certificate(t.Context(), r.Certificate.ID)
		if err != nil || held.Digest != r.Certificate.Digest {
			t.Errorf("line %d: held is %s, %v", r.Line, held.Digest, err)
		}
		return nil
	})
	if err != nil || at != n {
		t.Fatalf("%d came, %v", at, err)
	}
	if want := []int{2, 51, 102, 202, 302, 402, 502}; !slices.Equal(failed, want) {
		t.Errorf("failed %v, want %v", failed, want)
	}
	if most > fleetChunk {
		t.Errorf("%d voyages were held at once", most)
	}
	one, err := a.Check(t.Context(), voyage(7), CheckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if cs, err := a.db.Certificates(t.Context(), time.Time{}, 0); err != nil || len(cs) != n-len(failed) {
		t.Errorf("%d certificates are held (%s was checked again alone), %v", len(cs), one.ID, err)
	}
	stop := fmt.Errorf("enough")
	if err := a.CheckFleet(t.Context(), voyages, CheckOptions{}, func(FleetCertificate) error { return stop }); err != stop {
		t.Errorf("the caller stopped it: %v", err)
	}
	a.Close()
	if err := a.CheckFleet(t.Context(), voyages, CheckOptions{}, func(FleetCertificate) error { return nil }); err == nil || strings.Contains(err.Error(), "a bad line") {
		t.Errorf("a closed store: %v", err)
	}
}
