package storetest

import (
	"testing"
	"time"

	"navicert"
	"navicert/rule"
)

var licenceTests = map[string]func(*testing.T, Store){
	"nothing is held":          noLicences,
	"round trip and revisions": licenceRevisions,
	"refused":                  badLicences,
	"cancelled":                cancelledLicences,
}

func licence(id string) rule.HeldLicence {
	return rule.HeldLicence{
		LicenceRecord: rule.LicenceRecord{
			ID: id, Kind: rule.Specific, Authority: "an invented authority", Title: "Invented " + id, Dated: "2026-01-01",
			From: navicert.At(at(0)), Until: navicert.At(at(48)), Zone: "America/New_York", Expiry: "12:01 a.m.",
			Persons: []string{"Invented Exporter Inc"}, OwnedEntities: true, CannotLift: []string{rule.BlockedVessel},
			Eligible: &rule.Eligible{Class: "c", OrganisedUnder: []string{"US"}, OrganisedBy: "2025-01-29"},
			Duties:   []rule.Duty{{Report: "r", To: []string{"a", "b"}, FirstDays: 10, EveryDays: 90}},
			Source:   "a paper", Text: hostile[0], Simulated: true,
		},
		EnteredBy: "J. Doe", File: "own.yaml", FileSHA256: "aa",
	}
}

func wantLicences(t *testing.T, s Store, what string, knownAt time.Time, want ...rule.HeldLicence) {
	t.Helper()
	same(t, what, must(s.Licences(t.Context(), knownAt))(t), want)
}

func noLicences(t *testing.T, s Store) {
	if ls := must(s.Licences(t.Context(), time.Time{}))(t); ls == nil || len(ls) > 0 {
		t.Errorf("an empty store has licences %#v, want none and not nil", ls)
	}
}

func licenceRevisions(t *testing.T, s Store) {
	put := func(when time.Time, want int, ls ...rule.HeldLicence) {
		t.Helper()
		if n := must(s.PutLicences(t.Context(), when, ls))(t); n != want {
			t.Errorf("%d changed, want %d", n, want)
		}
	}
	recorded := func(l rule.HeldLicence, when time.Time) rule.HeldLicence {
		l.RecordedAt = navicert.At(when)
		return l
	}
	a, b := licence("A"), licence("B")
	put(at(1), 2, b, a)
	put(at(2), 0, a, b)
	shorter := a
	shorter.Until = navicert.At(at(24))
	put(at(3), 1, shorter, b)
	wantLicences(t, s, "licences", time.Time{}, recorded(shorter, at(3)), recorded(b, at(1)))
	wantLicences(t, s, "known before", at(3).Add(-time.Millisecond), recorded(a, at(1)), recorded(b, at(1)))
	wantLicences(t, s, "known at first", at(1).Add(-time.Millisecond))
}

func badLicences(t *testing.T, s Store) {
	nobody := licence("N")
	nobody.EnteredBy = ""
	for name, ls := range map[string][]rule.HeldLicence{
		"no id": {licence("A"), licence("")}, "twice": {licence("A"), licence("A")}, "entered by nobody": {nobody},
	} {
		n, err := s.PutLicences(t.Context(), at(1), ls)
		if n != 0 || navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: %d changed, error %v", name, n, err)
		}
	}
	_, err := s.PutLicences(t.Context(), time.Time{}, []rule.HeldLicence{licence("A")})
	wantErr(t, err, navicert.Invalid)
	wantLicences(t, s, "licences", time.Time{})
}

func cancelledLicences(t *testing.T, s Store) {
	_, err := s.PutLicences(canceled(), at(1), []rule.HeldLicence{licence("A")})
	wantCanceled(t, err)
	_, err = s.Licences(canceled(), time.Time{})
	wantCanceled(t, err)
	wantLicences(t, s, "licences", time.Time{})
}
