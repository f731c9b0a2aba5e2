package track

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"navicert"
)

func TestHistory(t *testing.T) {
	tr := NewTracker(GateGuardian(), func(Step) error { return nil })
	m := navicert.MMSI(257000001) // Norwegian
	say := func(minutes int, imo navicert.IMO, name, callSign string) {
		tr.Static(&navicert.Static{
			MMSI: m, Time: t0.Add(time.Duration(minutes) * time.Minute), IMO: imo, Name: name, CallSign: navicert.CallSign(callSign),
			Ref: navicert.Ref{Source: "log.nmea", Offset: int64(minutes)},
		})
	}
	lines := func() string {
		var b strings.Builder
		all, forgotten := tr.History(tr.Lookup(m))
		for _, a := range all {
			fmt.Fprintf(&b, "%s %s %s %s %.0f-%.0f x%d %d-%d; ", a.Flag, a.IMO, a.Name, a.CallSign, a.FirstSeen.Sub(t0).Minutes(), a.LastSeen.Sub(t0).Minutes(), a.Reports, a.FirstReport.Offset, a.LastReport.Offset)
		}
		return fmt.Sprintf("%s%d forgotten", b.String(), forgotten)
	}
	if all, _ := tr.History(tr.Vessel(m)); all != nil {
		t.Errorf("before any report: %v", all)
	}
	say(1, 9074729, "FIRST EXAMPLE", "LAAA")
	say(2, 9074729, "FIRST EXAMPLE", "LAAA")
	say(3, 9074729, "FIRST EXAMPLE", "LAAB")
	say(4, 9074729, "SECOND EXAMPLE", "LAAB")
	say(5, 9074729, "FIRST EXAMPLE", "LAAA")
	want := "NO 9074729 FIRST EXAMPLE LAAA 1-5 x3 1-5; NO 9074729 SECOND EXAMPLE LAAB 4-4 x1 4-4; NO 9074729 FIRST EXAMPLE LAAB 3-3 x1 3-3; 0 forgotten"
	if got := lines(); got != want {
		t.Errorf("history\n%s\nwant\n%s", got, want)
	}
	for i := range 20 {
		say(10+i, 9074729, fmt.Sprintf("EXAMPLE %d", i), "LAAB")
	}
	all, forgotten := tr.History(tr.Lookup(m))
	if len(all) != MaxAppearances+1 || forgotten != 23-len(all) || all[0].Name != "EXAMPLE 19" {
		t.Errorf("%d identities held, %d forgotten, the newest is %s", len(all), forgotten, all[0].Name)
	}
}

func TestLoad(t *testing.T) {
	for _, c := range []struct {
		draughts   []float64
		registered float64
		load       Load
		because    string
	}{
		{nil, 12, "", "no draught was reported"},
		{[]float64{0, 0}, 12, "", "no draught was reported"},
		{[]float64{9}, 0, "", "nothing to compare it with"},
		{[]float64{9}, 15, Ballast, "draught 9.0 m, reported 2026-01-01T00:00:00Z, is 60 % of 15.0 m, registered"},
		{[]float64{9.1}, 15, Laden, "61 % of 15.0 m, registered"},
		{[]float64{6, 12}, 0, Laden, "100 % of 12.0 m, the greatest of 2 reported since 2026-01-01"},
		{[]float64{12, 6}, 0, Ballast, "50 % of 12.0 m"},
		{[]float64{12, 6}, 8, Ballast, "50 % of 12.0 m"}, // more than was registered was seen
	} {
		tr := NewTracker(GateGuardian(), func(Step) error { return nil })
		for i, d := range c.draughts {
			tr.Static(&navicert.Static{MMSI: ship, Time: t0.Add(time.Duration(i) * time.Hour), Name: "AN EXAMPLE", DraughtM: navicert.Some(d)})
		}
		load, basis := tr.Vessel(ship).Draught().Load(c.registered)
		if load != c.load || !strings.Contains(basis, c.because) {
			t.Errorf("%v of %v: %q, %s; want %q, %s", c.draughts, c.registered, load, basis, c.load, c.because)
		}
	}
}
