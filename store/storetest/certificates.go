package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/detect"
)

var certificateTests = map[string]func(*testing.T, Store){
	"nothing is held":     noCertificates,
	"round trip":          certificateRoundTrip,
	"the first one stays": firstCertificate,
	"since and limit":     certificatesSince,
	"found":               findCertificates,
	"many at once":        manyCertificates,
	"unknown":             unknownCertificate,
	"refused":             badCertificates,
	"cancelled":           cancelledCertificates,
	"concurrent":          concurrentCertificates,
}

// togetherTests use several stores at once.
var togetherTests = map[string]func(*testing.T, Store){
	"all writers at once": allWritersAtOnce,
}

func certificate(id string, issued time.Time) navicert.Certificate {
	return navicert.Certificate{
		ID: id, Verdict: navicert.Clear, Subject: navicert.Voyage{ID: id, Vessel: navicert.Vessel{Name: "EXAMPLE STAR", MMSI: shipA}},
		AsOf: navicert.At(at(1)), KnownAt: navicert.At(at(2)), IssuedAt: navicert.At(issued),
		Reasons: []navicert.Reason{}, Searched: []navicert.Searched{}, NotSearched: []navicert.NotSearched{}, Events: []navicert.Event{},
		Inputs: []navicert.Input{}, Rules: navicert.RulesRef{Packs: []navicert.PackRef{}}, Engine: "navicert test", Digest: "sha256:00", Simulated: true,
	}
}

func putCertificate(t *testing.T, s Store, c navicert.Certificate) navicert.Certificate {
	t.Helper()
	return must(s.PutCertificate(t.Context(), decide.Issued{Certificate: c}))(t)
}

// sameBytes fails unless both certificates are written in the same bytes.
func sameBytes(t *testing.T, what string, got, want navicert.Certificate) {
	t.Helper()
	g, err1 := json.Marshal(got)
	w, err2 := json.Marshal(want)
	if err1 != nil || err2 != nil || string(g) != string(w) {
		t.Errorf("%s is %.2000s, want %.2000s (%v, %v)", what, g, w, err1, err2)
	}
}

func manyCertificates(t *testing.T, s Store) {
	first := putCertificate(t, s, certificate("aa01", at(1)))
	again := certificate("aa01", at(5)) // issued before: the first one stays
	other := certificate("aa02", at(5))
	held := must(s.PutCertificates(t.Context(), []decide.Issued{{Certificate: other}, {Certificate: again}}))(t)
	if len(held) != 2 {
		t.Fatalf("%d came back", len(held))
	}
	sameBytes(t, "the new one", held[0], other)
	sameBytes(t, "the one held", held[1], first)
	bad := certificate("", at(5))
	_, err := s.PutCertificates(t.Context(), []decide.Issued{{Certificate: certificate("aa03", at(6))}, {Certificate: bad}})
	wantErr(t, err, navicert.Invalid)
	if cs := must(s.Certificates(t.Context(), time.Time{}, 0))(t); len(cs) != 2 {
		t.Errorf("%d are held", len(cs))
	}
	if none := must(s.PutCertificates(t.Context(), nil))(t); len(none) != 0 {
		t.Errorf("of none came %d", len(none))
	}
}

func findCertificates(t *testing.T, s Store) {
	a, b, c := certificate("aabbcc01", at(1)), certificate("aabbdd02", at(2)), certificate("eeff0003", at(3))
	a.Subject.ID, b.Subject.ID, c.Subject.ID = "V-1", "V-1", "aabb"
	for _, x := range []navicert.Certificate{b, a, c} {
		putCertificate(t, s, x)
	}
	for of, want := range map[string][]string{
		"aabbcc01": {"aabbcc01"}, "V-1": {"aabbdd02"}, "aabb": {"eeff0003"}, "aabbc": {"aabbcc01"}, "eef": {}, "eeff": {"eeff0003"}, "V-": {}, "": {},
	} {
		same(t, "found of "+of, append([]string{}, must(s.FindCertificates(t.Context(), of))(t)...), want)
	}
	c.ID, c.Subject.ID = "aabbcc09", "other"
	putCertificate(t, s, c)
	same(t, "two begin so", must(s.FindCertificates(t.Context(), "aabbc"))(t), []string{"aabbcc01", "aabbcc09"})
}

func noCertificates(t *testing.T, s Store) {
	if cs := must(s.Certificates(t.Context(), time.Time{}, 0))(t); cs == nil || len(cs) != 0 {
		t.Errorf("an empty store has certificates %#v, want none and not nil", cs)
	}
}

func certificateRoundTrip(t *testing.T, s Store) {
	full := certificate("full", at(3).Add(123_456_789))
	position := navicert.Some(navicert.Position{Lat: 10.123456789, Lon: -64.1})
	full.Verdict = navicert.Refuse
	full.Subject = navicert.Voyage{
		ID: "v1", Vessel: navicert.Vessel{IMO: 9074729, MMSI: shipA, Name: "X", CallSign: "ZZ9X", Flag: "PA", Kind: "oil_tanker", DWT: navicert.Some(105_000.5)},
		Parties: []navicert.Party{{Role: "owner", Name: "N", Country: "VE"}}, From: "VEJOT", To: "CNQIN", Via: []string{"10.2,-64.8"},
		ETD: navicert.At(at(1)), ETA: navicert.At(at(99)), Licences: []string{"GL-1"},
		Cargo: navicert.Cargo{Kind: "crude_oil", Grade: "heavy", Quantity: navicert.Some(1e6), Unit: "bbl"},
	}
	evidence := []navicert.Evidence{{Kind: navicert.EvidenceListEntry, Source: "invented@2026-02-27", Publication: "2026-02-27", Ref: "1", Text: "row", Time: navicert.At(at(1)), Position: position}}
	full.Reasons = []navicert.Reason{{
		Rule: "general/x", Outcome: navicert.OutcomeLifted, Basis: "b", Text: "t", Settle: "s", Evidence: evidence,
		LiftedBy: &navicert.Lift{Licence: "GL-1", Condition: "c", Until: navicert.At(at(50))},
	}}
	full.Searched = []navicert.Searched{{Kind: navicert.SourceList, Source: "invented", Title: "T", Publication: "2026-02-27", SHA256: "aa", Entries: 3, AgeDays: 2, MaxAgeDays: 7, State: navicert.Stale, Simulated: true, Found: 1}}
	full.NotSearched = []navicert.NotSearched{{Kind: navicert.SourceAIS, Source: "ais", Why: "none"}}
	full.Events = []navicert.Event{closed(event(1), 2)}
	full.Route = []navicert.RoutePoint{{Name: "a", Position: navicert.Position{Lat: 1.0 / 3, Lon: -180}}}
	full.Way = &navicert.Way{
		Source: "lanes", Caveat: "for shape", LengthNM: 1.0 / 3, SpeedKn: 12, SpeedAssumed: true, Line: []navicert.Position{{Lat: 1.0 / 3, Lon: -180}},
		Passages: []navicert.WayPassage{{Name: "strait", NM: 1, Time: navicert.At(at(7))}},
		Zones:    []navicert.WayZone{{ID: "z", Name: "Z", Entry: navicert.At(at(7)), Exit: navicert.At(at(8)), NM: 2, InForce: true}},
	}
	full.Rules = navicert.RulesRef{PackRef: navicert.PackRef{Pack: "p", Version: "1", SHA256: "cc"}, Packs: []navicert.PackRef{{Pack: "p", Version: "1", SHA256: "dd"}}}
	full.Inputs = []navicert.Input{{Source: "invented@2026-02-27", SHA256: "aa"}}
	withSeal := full
	withSeal.Seal = &navicert.Seal{} // a round trip of its own
	wantAllFields(t, withSeal)
	all := []navicert.Certificate{full, certificate("bare", at(2)), {ID: "zero", IssuedAt: navicert.At(at(1))}}
	for i, h := range hostile {
		c := certificate(h, at(1).Add(-time.Duration(i+1)*time.Second))
		c.Subject.Vessel.Name = h
		c.Reasons = []navicert.Reason{{Rule: h, Text: h, Evidence: []navicert.Evidence{{Text: h}}}}
		all = append(all, c)
	}
	for _, c := range all {
		sameBytes(t, "the certificate put", putCertificate(t, s, c), c)
		sameBytes(t, "the certificate read", must(s.Certificate(t.Context(), c.ID))(t), c)
	}
	listed := must(s.Certificates(t.Context(), time.Time{}, 0))(t)
	if len(listed) != len(all) {
		t.Fatalf("%d certificates are listed, want %d", len(listed), len(all))
	}
	for i := range all {
		sameBytes(t, "the certificate listed", listed[i], all[i])
	}
}

func firstCertificate(t *testing.T, s Store) {
	first, second := certificate("a", at(3)), certificate("a", at(4))
	second.Verdict, second.Digest = navicert.Refer, "sha256:01"
	putCertificate(t, s, first)
	sameBytes(t, "what a second put returns", putCertificate(t, s, second), first)
	sameBytes(t, "what is held", must(s.Certificate(t.Context(), "a"))(t), first)
	if n := len(must(s.Certificates(t.Context(), time.Time{}, 0))(t)); n != 1 {
		t.Errorf("%d certificates are held, want 1", n)
	}
}

func certificatesSince(t *testing.T, s Store) {
	for _, c := range []navicert.Certificate{
		certificate("b", at(2)), certificate("d", at(4)), certificate("a", at(1)), certificate("c1", at(3)), certificate("c2", at(3)),
	} {
		putCertificate(t, s, c)
	}
	for _, tt := range []struct {
		name  string
		since time.Time
		limit int
		want  string
	}{
		{"all, newest first", time.Time{}, 0, "[d c2 c1 b a]"},
		{"since one", at(3), 0, "[d c2 c1]"},
		{"just after it", at(3).Add(1), 0, "[d]"},
		{"limit", time.Time{}, 2, "[d c2]"},
		{"both", at(2), 3, "[d c2 c1]"},
		{"none", at(5), 0, "[]"},
		{"far away", time.Unix(1<<60, 0), 0, "[]"},
		{"always", time.Unix(-1<<60, 0), 1, "[d]"},
	} {
		ids := []string{}
		for _, c := range must(s.Certificates(t.Context(), tt.since, tt.limit))(t) {
			ids = append(ids, c.ID)
		}
		if got := fmt.Sprint(ids); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func unknownCertificate(t *testing.T, s Store) {
	putCertificate(t, s, certificate("a", at(1)))
	for _, id := range append([]string{"", "A", "a ", "b"}, hostile...) {
		_, err := s.Certificate(t.Context(), id)
		wantErr(t, err, navicert.NotFound)
	}
}

func badCertificates(t *testing.T, s Store) {
	_, err := s.PutCertificate(t.Context(), decide.Issued{Certificate: certificate("", at(1))})
	wantErr(t, err, navicert.Invalid)
	_, err = s.PutCertificate(t.Context(), decide.Issued{Certificate: certificate("a", time.Time{})})
	wantErr(t, err, navicert.Invalid)
	noCertificates(t, s)
}

func cancelledCertificates(t *testing.T, s Store) {
	_, err := s.PutCertificate(canceled(), decide.Issued{Certificate: certificate("a", at(1))})
	wantCanceled(t, err)
	noCertificates(t, s)
	putCertificate(t, s, certificate("a", at(1)))
	_, err = s.Certificate(canceled(), "a")
	wantCanceled(t, err)
	_, err = s.Certificates(canceled(), time.Time{}, 0)
	wantCanceled(t, err)
}

func concurrentCertificates(t *testing.T, s Store) {
	const writers, each = 4, 30
	var wg sync.WaitGroup
	got := make([][]string, writers)
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				c := certificate(fmt.Sprint(i), at(float64(w))) // one id, different times of issue
				c.Digest = fmt.Sprint("sha256:", w)
				held, err := s.PutCertificate(context.Background(), decide.Issued{Certificate: c})
				if err != nil {
					t.Error(err)
				}
				got[w] = append(got[w], held.Digest)
			}
		})
	}
	wg.Wait()
	for i := range each {
		held := must(s.Certificate(t.Context(), fmt.Sprint(i)))(t)
		for w := range writers {
			if got[w][i] != held.Digest {
				t.Errorf("writer %d was given %s of certificate %d, %s is held", w, got[w][i], i, held.Digest)
			}
		}
	}
}

// allWritersAtOnce holds that the stores do not stand in each other's way.
func allWritersAtOnce(t *testing.T, s Store) {
	ctx := context.Background()
	z := zone(t, "z")
	var wg sync.WaitGroup
	const each = 10
	for i := range each {
		for _, do := range []func() error{
			func() error {
				_, err := s.Put(ctx, publication("invented", navicert.Date(fmt.Sprintf("2026-02-%02d", i+1)), "aa"), entries(200))
				return err
			},
			func() error {
				_, err := s.AppendFixes(ctx, []navicert.Fix{fix(shipA, at(float64(i)))})
				return err
			},
			func() error {
				_, err := s.AppendStatics(ctx, []navicert.Static{static(shipA, at(float64(i)), "N")})
				return err
			},
			func() error { _, err := s.PutEvents(ctx, at(99), []navicert.Event{event(float64(i))}); return err },
			func() error {
				named := z
				named.ID = fmt.Sprint("z", i)
				_, err := s.PutZones(ctx, zoneSet(at(1), fmt.Sprint(i), named))
				return err
			},
			func() error {
				_, err := s.PutCertificate(ctx, decide.Issued{Certificate: certificate(fmt.Sprint(i), at(1))})
				return err
			},
		} {
			wg.Go(func() {
				if err := do(); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	counts := []int{
		len(must(s.Publications(ctx))(t)), len(allFixes(t, s, shipA)), identities(t, s, 0, shipA, at(99))[0].Reports,
		len(must(s.Events(ctx, detect.Filter{}))(t)), len(must(s.Zones(ctx, time.Time{}, time.Time{}))(t)),
		len(must(s.Certificates(ctx, time.Time{}, 0))(t)),
	}
	for i, n := range counts {
		if n != each {
			t.Errorf("store %d holds %d values, want %d", i, n, each)
		}
	}
}
