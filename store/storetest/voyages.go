package storetest

import (
	"testing"
	"time"

	"navicert"
	"navicert/decide"
)

var voyageTests = map[string]func(*testing.T, Store){"saved": savedVoyages, "refused": badVoyages}

func savedVoyage(id string, hours float64) decide.SavedVoyage {
	return decide.SavedVoyage{
		Who: hostile[0], Note: hostile[3], At: at(hours),
		Voyage: navicert.Voyage{ID: id, Vessel: navicert.Vessel{IMO: 9074729, Name: hostile[6], DWT: navicert.Some(105_000.5)}, From: "VEJOT", Via: []string{"10.2,-64.8"}, ETD: navicert.At(at(1))},
	}
}

func savedVoyages(t *testing.T, s Store) {
	if got := must(s.Voyages(t.Context()))(t); got == nil || len(got) != 0 {
		t.Errorf("an empty store has voyages %#v", got)
	}
	b, a := savedVoyage("b", 1), savedVoyage(hostile[1], 1)
	if n := must(s.PutVoyages(t.Context(), []decide.SavedVoyage{b, a}))(t); n != 2 {
		t.Errorf("%d new, want 2", n)
	}
	later := b
	later.At = at(2)
	if n := must(s.PutVoyages(t.Context(), []decide.SavedVoyage{later}))(t); n != 0 {
		t.Errorf("the same again: %d changed", n)
	}
	same(t, "voyages", must(s.Voyages(t.Context()))(t), []decide.SavedVoyage{a, b})
	later.Voyage.To = "USHOU"
	if n := must(s.PutVoyages(t.Context(), []decide.SavedVoyage{a, later}))(t); n != 1 {
		t.Errorf("another destination: %d changed", n)
	}
	same(t, "after a change", must(s.Voyages(t.Context()))(t), []decide.SavedVoyage{a, later})
	if err := s.RemoveVoyage(t.Context(), hostile[1]); err != nil {
		t.Fatal(err)
	}
	wantErr(t, s.RemoveVoyage(t.Context(), hostile[1]), navicert.NotFound)
	same(t, "after one was taken off", must(s.Voyages(t.Context()))(t), []decide.SavedVoyage{later})
}

func badVoyages(t *testing.T, s Store) {
	nameless, timeless := savedVoyage("", 1), savedVoyage("x", 1)
	timeless.At = time.Time{}
	for _, bad := range []decide.SavedVoyage{nameless, timeless} {
		_, err := s.PutVoyages(t.Context(), []decide.SavedVoyage{savedVoyage("good", 1), bad})
		wantErr(t, err, navicert.Invalid)
	}
	_, err := s.PutVoyages(canceled(), []decide.SavedVoyage{savedVoyage("x", 1)})
	wantCanceled(t, err)
	wantErr(t, s.RemoveVoyage(t.Context(), "x"), navicert.NotFound)
	if got := must(s.Voyages(t.Context()))(t); len(got) != 0 {
		t.Errorf("held %+v", got)
	}
}
