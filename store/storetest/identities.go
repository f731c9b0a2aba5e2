package storetest

import (
	"context"
	"math"
	"sync"
	"testing"
	"time"

	"navicert"
	"navicert/track"
)

var identityTests = map[string]func(*testing.T, Store){
	"nothing is held":      noIdentities,
	"folding":              foldStatics,
	"same again":           staticsAgain,
	"one key":              sameStaticKey,
	"by IMO number":        identitiesByIMO,
	"at a past time":       identitiesPast,
	"type and length":      typeAndLength,
	"late report":          lateReport,
	"simulated":            simulatedStatic,
	"hostile strings":      hostileStatics,
	"refused":              badStatics,
	"cancelled":            cancelledStatics,
	"concurrent":           concurrentStatics,
	"nothing but a number": emptyStatic,
	"appearances":          appearances,
	"draughts":             draughts,
}

func static(mmsi navicert.MMSI, t time.Time, name string) navicert.Static {
	return navicert.Static{
		MMSI: mmsi, Time: t, TimeFrom: navicert.TimeTag, Name: name, Destination: "NOWHERE", DraughtM: navicert.Some(9.5),
		BeamM: navicert.Some(30.0), Class: navicert.ClassA, Station: "shore", Ref: navicert.Ref{Source: "log.nmea", Offset: 77},
	}
}

func appendStatics(t *testing.T, s Store, want int, reports ...navicert.Static) {
	t.Helper()
	if n := must(s.AppendStatics(t.Context(), reports))(t); n != want {
		t.Errorf("%d reports were added, want %d", n, want)
	}
}

func identities(t *testing.T, s Store, imo navicert.IMO, mmsi navicert.MMSI, when time.Time) []track.Identity {
	t.Helper()
	return must(s.Identities(t.Context(), imo, mmsi, when))(t)
}

func noIdentities(t *testing.T, s Store) {
	appendStatics(t, s, 0)
	if ids := identities(t, s, 0, shipA, at(0)); ids == nil || len(ids) != 0 {
		t.Errorf("an unknown vessel has identities %#v, want none and not nil", ids)
	}
	identities(t, s, 9074729, 0, at(0))
	_, err := s.Identities(t.Context(), 0, 0, at(0))
	wantErr(t, err, navicert.Invalid)
	_, err = s.Identities(t.Context(), 9074729, shipA, at(0))
	wantErr(t, err, navicert.Invalid)
}

func foldStatics(t *testing.T, s Store) {
	a, b := static(shipA, at(1), "FIRST"), static(shipA, at(2), "FIRST")
	renamed := static(shipA, at(3), "SECOND")
	called := static(shipA, at(4), "SECOND")
	called.CallSign = "ZZ9X"
	numbered := static(shipA, at(5), "SECOND")
	numbered.CallSign, numbered.IMO = "ZZ9X", 9074729
	back := static(shipA, at(6), "FIRST")
	appendStatics(t, s, 6, a, renamed, b, called, numbered, back)
	want := []track.Identity{
		{MMSI: shipA, Name: "FIRST", FirstSeen: at(1), LastSeen: at(6), Reports: 3},
		{MMSI: shipA, Name: "SECOND", CallSign: "ZZ9X", IMO: 9074729, FirstSeen: at(5), LastSeen: at(5), Reports: 1},
		{MMSI: shipA, Name: "SECOND", CallSign: "ZZ9X", FirstSeen: at(4), LastSeen: at(4), Reports: 1},
		{MMSI: shipA, Name: "SECOND", FirstSeen: at(3), LastSeen: at(3), Reports: 1},
	}
	same(t, "identities", identities(t, s, 0, shipA, at(9)), want)
	same(t, "another vessel's", identities(t, s, 0, shipB, at(9)), []track.Identity{})
}

func staticsAgain(t *testing.T, s Store) {
	a, b := static(shipA, at(1), "NAME"), static(shipA, at(2), "NAME")
	appendStatics(t, s, 2, a, b)
	appendStatics(t, s, 0, b, a)
	appendStatics(t, s, 1, a, static(shipA, at(3), "NAME"), b)
	same(t, "identities", identities(t, s, 0, shipA, at(9)), []track.Identity{
		{MMSI: shipA, Name: "NAME", FirstSeen: at(1), LastSeen: at(3), Reports: 3},
	})
}

// sameStaticKey holds that the first report of an MMSI, time and source stays,
// and that the second leaves no trace.
func sameStaticKey(t *testing.T, s Store) {
	a, other := static(shipA, at(1), "NAME"), static(shipA, at(1), "OTHER")
	elsewhere := static(shipA, at(1), "NAME")
	elsewhere.Ref.Source = "second.nmea"
	appendStatics(t, s, 2, a, other, elsewhere)
	same(t, "identities", identities(t, s, 0, shipA, at(9)), []track.Identity{
		{MMSI: shipA, Name: "NAME", FirstSeen: at(1), LastSeen: at(1), Reports: 2},
	})
}

func identitiesByIMO(t *testing.T, s Store) {
	a, b := static(shipA, at(1), "NAME"), static(shipB, at(2), "NAME")
	a.IMO, b.IMO = 9074729, 9074729
	none := static(shipC, at(3), "NAME")
	appendStatics(t, s, 3, a, b, none)
	same(t, "identities", identities(t, s, 9074729, 0, at(9)), []track.Identity{
		{MMSI: shipB, IMO: 9074729, Name: "NAME", FirstSeen: at(2), LastSeen: at(2), Reports: 1},
		{MMSI: shipA, IMO: 9074729, Name: "NAME", FirstSeen: at(1), LastSeen: at(1), Reports: 1},
	})
}

func identitiesPast(t *testing.T, s Store) {
	appendStatics(
		t, s, 4, static(shipA, at(1), "OLD"), static(shipA, at(2), "OLD"), static(shipA, at(4), "OLD"), static(shipA, at(3), "NEW"),
	)
	for _, tt := range []struct {
		name string
		t    time.Time
		want []track.Identity
	}{
		{"before all", at(0), nil},
		{"at the first", at(1), []track.Identity{{MMSI: shipA, Name: "OLD", FirstSeen: at(1), LastSeen: at(1), Reports: 1}}},
		{"just before the third", at(3).Add(-1), []track.Identity{{MMSI: shipA, Name: "OLD", FirstSeen: at(1), LastSeen: at(2), Reports: 2}}},
		{"between", at(3.5), []track.Identity{
			{MMSI: shipA, Name: "NEW", FirstSeen: at(3), LastSeen: at(3), Reports: 1},
			{MMSI: shipA, Name: "OLD", FirstSeen: at(1), LastSeen: at(2), Reports: 2},
		}},
		{"after all", time.Unix(1<<60, 0), []track.Identity{
			{MMSI: shipA, Name: "OLD", FirstSeen: at(1), LastSeen: at(4), Reports: 3},
			{MMSI: shipA, Name: "NEW", FirstSeen: at(3), LastSeen: at(3), Reports: 1},
		}},
	} {
		same(t, tt.name, identities(t, s, 0, shipA, tt.t), tt.want)
	}
}

// typeAndLength holds that the newest report that says them decides, at any
// time, and that one that does not say them leaves them.
func typeAndLength(t *testing.T, s Store) {
	reports := []navicert.Static{static(shipA, at(1), "N"), static(shipA, at(2), "N"), static(shipA, at(3), "N"), static(shipA, at(4), "N")}
	reports[1].ShipType, reports[1].LengthM = navicert.Some(80), navicert.Some(180.5)
	reports[2].ShipType = navicert.Some(70)
	appendStatics(t, s, 4, reports...)
	for _, tt := range []struct {
		at     float64
		typ    navicert.Opt[int]
		length navicert.Opt[float64]
	}{
		{1, navicert.Opt[int]{}, navicert.Opt[float64]{}},
		{2, navicert.Some(80), navicert.Some(180.5)},
		{3, navicert.Some(70), navicert.Some(180.5)},
		{4, navicert.Some(70), navicert.Some(180.5)},
	} {
		ids := identities(t, s, 0, shipA, at(tt.at))
		if len(ids) != 1 || ids[0].ShipType != tt.typ || ids[0].LengthM != tt.length || ids[0].Reports != int(tt.at) {
			t.Errorf("at %v: %+v", tt.at, ids)
		}
	}
}

// lateReport holds that the order of arrival does not matter.
func lateReport(t *testing.T, s Store) {
	newer, older, oldest := static(shipA, at(3), "N"), static(shipA, at(2), "N"), static(shipA, at(1), "N")
	newer.ShipType, older.ShipType, oldest.ShipType = navicert.Some(70), navicert.Some(80), navicert.Some(70)
	for _, r := range []navicert.Static{newer, older, oldest} {
		appendStatics(t, s, 1, r)
	}
	same(t, "identities", identities(t, s, 0, shipA, at(9)), []track.Identity{
		{MMSI: shipA, Name: "N", ShipType: navicert.Some(70), FirstSeen: at(1), LastSeen: at(3), Reports: 3},
	})
	same(t, "identities at a past time", identities(t, s, 0, shipA, at(1)), []track.Identity{
		{MMSI: shipA, Name: "N", ShipType: navicert.Some(70), FirstSeen: at(1), LastSeen: at(1), Reports: 1},
	})
}

func hostileStatics(t *testing.T, s Store) {
	var want []track.Identity
	for i, h := range hostile {
		r := static(shipA, at(float64(i)), h)
		r.CallSign, r.Destination, r.Ref.Source, r.Station = navicert.CallSign(h), h, h, h
		appendStatics(t, s, 1, r)
		want = append([]track.Identity{{MMSI: shipA, Name: h, CallSign: r.CallSign, FirstSeen: r.Time, LastSeen: r.Time, Reports: 1}}, want...)
	}
	same(t, "identities", identities(t, s, 0, shipA, at(99)), want)
}

func badStatics(t *testing.T, s Store) {
	good := static(shipA, at(1), "N")
	for name, spoil := range map[string]func(*navicert.Static){
		"no MMSI":   func(r *navicert.Static) { r.MMSI = 0 },
		"no time":   func(r *navicert.Static) { r.Time = time.Time{} },
		"far time":  func(r *navicert.Static) { r.Time = time.Unix(1<<60, 0) },
		"no length": func(r *navicert.Static) { r.LengthM = navicert.Some(math.NaN()) },
		"no depth":  func(r *navicert.Static) { r.DraughtM = navicert.Some(math.Inf(1)) },
	} {
		bad := static(shipA, at(2), "N")
		spoil(&bad)
		n, err := s.AppendStatics(t.Context(), []navicert.Static{good, bad})
		if n != 0 || navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: %d added, error %v", name, n, err)
		}
	}
	same(t, "identities", identities(t, s, 0, shipA, at(9)), []track.Identity{})
}

func cancelledStatics(t *testing.T, s Store) {
	_, err := s.AppendStatics(canceled(), []navicert.Static{static(shipA, at(1), "N")})
	wantCanceled(t, err)
	_, err = s.Identities(canceled(), 0, shipA, at(1))
	wantCanceled(t, err)
	same(t, "identities", identities(t, s, 0, shipA, at(9)), []track.Identity{})
}

func concurrentStatics(t *testing.T, s Store) {
	const writers, each = 4, 60
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for i := range each {
				r := static(shipA+navicert.MMSI(i%2), at(float64(i)), []string{"X", "Y", "Z"}[i%3]) // all write the same
				if _, err := s.AppendStatics(context.Background(), []navicert.Static{r}); err != nil {
					t.Error(err)
				}
				if _, err := s.Identities(context.Background(), 0, shipA, at(each)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	n := 0
	for _, mmsi := range []navicert.MMSI{shipA, shipB} {
		ids := identities(t, s, 0, mmsi, at(each))
		if len(ids) != 3 {
			t.Errorf("%d has %d identities, want 3", mmsi, len(ids))
		}
		for _, id := range ids {
			n += id.Reports
		}
	}
	if n != each {
		t.Errorf("%d reports were folded, want %d", n, each)
	}
}

func emptyStatic(t *testing.T, s Store) {
	r := navicert.Static{MMSI: shipA, Time: at(1)}
	appendStatics(t, s, 1, r)
	same(t, "identities", identities(t, s, 0, shipA, at(9)), []track.Identity{
		{MMSI: shipA, FirstSeen: at(1), LastSeen: at(1), Reports: 1},
	})
}

// simulatedStatic holds that an identity is simulated from its first simulated
// report on.
func simulatedStatic(t *testing.T, s Store) {
	invented := static(shipA, at(2), "N")
	invented.Simulated = true
	appendStatics(t, s, 3, static(shipA, at(1), "N"), invented, static(shipA, at(3), "N"))
	for when, want := range map[float64]bool{1: false, 2: true, 3: true} {
		ids := identities(t, s, 0, shipA, at(when))
		if len(ids) != 1 || ids[0].Simulated != want || ids[0].Reports != int(when) {
			t.Errorf("at %v: %+v", when, ids)
		}
	}
}

func appearances(t *testing.T, s Store) {
	numbered := func(m navicert.MMSI, minutes float64, name string, offset int64) navicert.Static {
		r := static(m, at(minutes), name)
		r.IMO, r.Ref.Offset = 9074729, offset
		return r
	}
	appendStatics(t, s, 5, numbered(shipA, 1, "FIRST", 10), numbered(shipA, 2, "FIRST", 20), numbered(shipA, 3, "FIRST", 30),
		numbered(shipB, 4, "SECOND", 40), static(shipA, at(5), "FIRST"))
	log := func(offset int64) navicert.Ref { return navicert.Ref{Source: "log.nmea", Offset: offset} }
	flagA, _ := shipA.Flag()
	flagB, _ := shipB.Flag()
	first := track.Appearance{
		Identity: track.Identity{MMSI: shipA, IMO: 9074729, Name: "FIRST", FirstSeen: at(1), LastSeen: at(3), Reports: 3},
		Flag:     flagA, FirstReport: log(10), LastReport: log(30),
	}
	second := track.Appearance{
		Identity: track.Identity{MMSI: shipB, IMO: 9074729, Name: "SECOND", FirstSeen: at(4), LastSeen: at(4), Reports: 1},
		Flag:     flagB, FirstReport: log(40), LastReport: log(40),
	}
	same(t, "appearances", must(s.Appearances(t.Context(), 9074729, 0, at(9)))(t), []track.Appearance{second, first})
	first.LastSeen, first.Reports, first.LastReport = at(2), 2, log(20)
	same(t, "appearances earlier", must(s.Appearances(t.Context(), 9074729, 0, at(2)))(t), []track.Appearance{first})
	if got := must(s.Appearances(t.Context(), 0, shipA, at(9)))(t); len(got) != 2 {
		t.Errorf("the MMSI appeared as %v, want two identities", got)
	}
	same(t, "appearances of nobody", must(s.Appearances(t.Context(), 0, shipC, at(9)))(t), []track.Appearance{})
	_, err := s.Appearances(t.Context(), 0, 0, at(9))
	wantErr(t, err, navicert.Invalid)
}

func draughts(t *testing.T, s Store) {
	say := func(minutes float64, metres navicert.Opt[float64]) navicert.Static {
		r := static(shipA, at(minutes), "FIRST")
		r.DraughtM = metres
		return r
	}
	appendStatics(t, s, 4, say(1, navicert.Some(12.0)), say(2, navicert.Some(6.5)), say(3, navicert.Opt[float64]{}), say(4, navicert.Some(0.0)))
	want := track.Draught{NowM: 6.5, MostM: 12, LeastM: 6.5, Reports: 2, Since: at(1), At: at(2)}
	same(t, "draught", must(s.Draught(t.Context(), shipA, at(9)))(t), want)
	same(t, "draught before", must(s.Draught(t.Context(), shipA, at(1)))(t), track.Draught{NowM: 12, MostM: 12, LeastM: 12, Reports: 1, Since: at(1), At: at(1)})
	same(t, "draught of nobody", must(s.Draught(t.Context(), shipB, at(9)))(t), track.Draught{})
}
