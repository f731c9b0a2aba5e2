package track

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/geo"
)

var t0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const ship = navicert.MMSI(775999001)

// fixAt is a fix of an invented ship, minutes after t0.
func fixAt(minutes, lat, lon, speed float64) *navicert.Fix {
	return &navicert.Fix{
		MMSI: ship, Time: t0.Add(time.Duration(minutes * float64(time.Minute))), Pos: navicert.Position{Lat: lat, Lon: lon},
		SpeedKn: navicert.Some(speed), CourseDeg: navicert.Some(90.0), Ref: navicert.Ref{Source: "test"},
	}
}

// run feeds fixes and returns what was kept, as minutes with "/" before each
// new segment, and what was set aside.
func run(t *testing.T, fixes ...*navicert.Fix) (kept, aside string) {
	t.Helper()
	var b strings.Builder
	tr := NewTracker(GateGuardian(), func(s Step) error {
		if s.NewSegment {
			b.WriteString("/")
		}
		if (s.Prev == nil) != (s.Vessel.Kept == 1) {
			t.Errorf("fix %d of the vessel: previous %v", s.Vessel.Kept, s.Prev)
		}
		fmt.Fprintf(&b, "%g ", s.Fix.Time.Sub(t0).Minutes())
		return nil
	})
	for _, f := range fixes {
		if err := tr.Fix(f); err != nil {
			t.Fatal(err)
		}
	}
	tr.Close()
	tally := tr.SetAside().Tally()
	if tr.Received() != tr.Kept()+tally.Total() {
		t.Errorf("received %d, kept %d, set aside %d", tr.Received(), tr.Kept(), tally.Total())
	}
	return strings.TrimSpace(b.String()), tally.String()
}

func with(f *navicert.Fix, change func(*navicert.Fix)) *navicert.Fix {
	change(f)
	return f
}

func TestTracker(t *testing.T) {
	noCourse := func(f *navicert.Fix) { f.CourseDeg = navicert.Opt[float64]{} }
	for _, c := range []struct {
		name        string
		fixes       []*navicert.Fix
		kept, aside string
	}{
		{"a passage", []*navicert.Fix{fixAt(0, 10, -65, 12), fixAt(10, 10, -64.97, 12), fixAt(20, 10, -64.94, 12)}, "/0 10 20", "none"},
		{"one odd fix", []*navicert.Fix{fixAt(0, 10, -65, 12), fixAt(10, 30, 120, 12), fixAt(20, 10, -64.94, 12)}, "/0 20", "1 implausible jump"},
		{"odd at the end", []*navicert.Fix{fixAt(0, 10, -65, 12), fixAt(10, 30, 120, 12)}, "/0", "1 implausible jump"},
		{"two that agree begin a segment", []*navicert.Fix{fixAt(0, 10, -65, 12), fixAt(10, 30, 120, 12), fixAt(20, 30, 120.03, 12)}, "/0 /10 20", "none"},
		{"two odd that disagree", []*navicert.Fix{fixAt(0, 10, -65, 12), fixAt(10, 30, 120, 12), fixAt(20, -30, 20, 12), fixAt(30, 10, -64.9, 12)}, "/0 30", "2 implausible jump"},
		{"the first was the odd one", []*navicert.Fix{fixAt(0, -45, 33, 12), fixAt(10, 10, -65, 12), fixAt(20, 10, -64.97, 12)}, "/0 /10 20", "none"},
		{"turns under one MMSI", []*navicert.Fix{fixAt(0, 10, -65, 12), fixAt(5, 30, 120, 12), fixAt(10, 10, -64.97, 12), fixAt(15, 30, 120.03, 12), fixAt(20, 10, -64.94, 12)}, "/0 10 /5 15 20", "none"}, // a vessel each
		{"over the date line", []*navicert.Fix{fixAt(0, 10, 179.99, 12), fixAt(10, 10, -179.98, 12)}, "/0 10", "none"},
		{"noise speeds", []*navicert.Fix{fixAt(0, 10, -65, 12), fixAt(10, 10, -65, 51.2), fixAt(20, 10, -65, 63.04), fixAt(30, 10, -65, 102.3), fixAt(40, 10, -65, 62.9)}, "/0 40", "3 noise speed"},
		{"no course under way", []*navicert.Fix{with(fixAt(0, 10, -65, 5), noCourse), with(fixAt(10, 10, -65, 0.35), noCourse)}, "/10", "1 no course under way"},
		{"no speed", []*navicert.Fix{with(fixAt(0, 10, -65, 5), func(f *navicert.Fix) { f.SpeedKn = navicert.Opt[float64]{} })}, "", "1 no speed"},
		{"no such place", []*navicert.Fix{fixAt(0, 91, -65, 5), fixAt(0, 0, 181, 5)}, "", "2 position out of range"},
		{"buoys and coast stations", []*navicert.Fix{
			with(fixAt(0, 10, -65, 0), func(f *navicert.Fix) { f.MMSI = 992351000 }),
			with(fixAt(0, 10, -65, 0), func(f *navicert.Fix) { f.MMSI = 2320001 }),
			with(fixAt(0, 10, -65, 0), func(f *navicert.Fix) { f.MMSI = 111232500 }),
		}, "", "3 not a ship's MMSI"},
		{"no time", []*navicert.Fix{
			with(fixAt(0, 10, -65, 0), func(f *navicert.Fix) { f.Time = time.Time{} }),
			with(fixAt(0, 10, -65, 0), func(f *navicert.Fix) { f.Time = time.Unix(0, 0) }),
			with(fixAt(0, 10, -65, 0), func(f *navicert.Fix) { f.Time = time.Unix(1<<33, 0) }),
		}, "", "3 no possible time"},
		{"repeats", []*navicert.Fix{fixAt(0, 10, -65, 12), fixAt(0, 10, -65, 12), fixAt(1, 10, -65, 12), fixAt(2, 10, -64.99, 12)}, "/0 2", "2 duplicate"},
		{"repeats at rest stay", []*navicert.Fix{fixAt(0, 10, -65, 0), fixAt(3, 10, -65, 0), fixAt(6, 10, -65, 0)}, "/0 3 6", "none"},
		{"repeats with a trace of speed are thinned, not silenced", []*navicert.Fix{fixAt(0, 10, -65, 0.1), fixAt(6, 10, -65, 0.1), fixAt(12, 10, -65, 0.1), fixAt(18, 10, -65, 0.1), fixAt(24, 10, -65, 0.1)}, "/0 12 24", "2 duplicate"},
		{"out of order", []*navicert.Fix{fixAt(10, 10, -65, 12), fixAt(5, 10, -65.02, 12), fixAt(15, 10, -64.98, 12)}, "/10 15", "1 out of order"},
		{"older than the held one", []*navicert.Fix{fixAt(0, 10, -65, 12), fixAt(10, 30, 120, 12), fixAt(5, 10, -64.98, 12)}, "/0", "1 implausible jump, 1 out of order"},
		{"clock skew between receivers", []*navicert.Fix{
			with(fixAt(0, 10, -65, 20), func(f *navicert.Fix) { f.Station = "a" }),
			with(fixAt(0.1, 10, -64.98, 20), func(f *navicert.Fix) { f.Station = "b" }), // 1.2 nm in 6 s
		}, "/0 0.1", "none"},
		{"no skew at one receiver", []*navicert.Fix{fixAt(0, 10, -65, 20), fixAt(0.1, 10, -64.98, 20)}, "/0", "1 implausible jump"},
	} {
		kept, aside := run(t, c.fixes...)
		if kept != c.kept || aside != c.aside {
			t.Errorf("%s: kept %q, aside %q; want %q, %q", c.name, kept, aside, c.kept, c.aside)
		}
	}
}

func TestRestWithoutCourseHasSpeedZero(t *testing.T) {
	tr := NewTracker(GateGuardian(), func(s Step) error {
		if s.Fix.SpeedKn != navicert.Some(0.0) {
			t.Errorf("speed %v, want 0", s.Fix.SpeedKn)
		}
		return nil
	})
	if err := tr.Fix(with(fixAt(0, 10, -65, 0.3), func(f *navicert.Fix) { f.CourseDeg = navicert.Opt[float64]{} })); err != nil {
		t.Fatal(err)
	}
}

func TestExamplesNameTheirPlace(t *testing.T) {
	tr := NewTracker(GateGuardian(), func(Step) error { return nil })
	f := fixAt(0, 95, -65, 5)
	f.Ref = navicert.Ref{Source: "a.csv", Line: 7}
	if err := tr.Fix(f); err != nil {
		t.Fatal(err)
	}
	tally := tr.SetAside().Tally()
	if got := tally.Examples("position out of range"); len(got) != 1 || got[0] != "a.csv line 7: MMSI 775999001 at 2026-01-01T00:00:00Z, 95.00000,-65.00000" {
		t.Errorf("example %q", got)
	}
}

func TestStepErrorStops(t *testing.T) {
	stop := fmt.Errorf("stop")
	tr := NewTracker(GateGuardian(), func(Step) error { return stop })
	if err := tr.Fix(fixAt(0, 10, -65, 5)); err != stop {
		t.Errorf("error %v", err)
	}
}

func TestIdentity(t *testing.T) {
	tr := NewTracker(GateGuardian(), func(Step) error { return nil })
	say := func(minutes int, imo navicert.IMO, name, callSign string) {
		tr.Static(&navicert.Static{MMSI: ship, Time: t0.Add(time.Duration(minutes) * time.Minute), IMO: imo, Name: name, CallSign: navicert.CallSign(callSign)})
	}
	check := func(step string, imo navicert.IMO, name, callSign string) {
		t.Helper()
		id := tr.Lookup(ship).Identity
		if id.IMO != imo || id.Name != name || id.CallSign != navicert.CallSign(callSign) {
			t.Errorf("%s: %+v", step, id)
		}
	}
	say(0, 9074729, "FIRST EXAMPLE", "YYAB")
	check("type 5", 9074729, "FIRST EXAMPLE", "YYAB")
	say(1, 0, "", "YYAC")
	check("a part", 9074729, "FIRST EXAMPLE", "YYAC")
	say(2, 0, "SECOND EXAMPLE", "")
	check("another name takes nothing over", 0, "SECOND EXAMPLE", "")
	say(3, 0, "", "YYAD")
	check("its other half", 0, "SECOND EXAMPLE", "YYAD")
	say(1, 9074729, "FIRST EXAMPLE", "YYAB")
	check("an older report changes nothing", 0, "SECOND EXAMPLE", "YYAD")
	tr.Static(&navicert.Static{MMSI: 2320001, Time: t0, Name: "A COAST STATION"})
	if tr.Lookup(2320001) != nil {
		t.Error("a coast station became a vessel")
	}
}

func TestHeardHours(t *testing.T) {
	tr := NewTracker(GateGuardian(), func(Step) error { return nil })
	feed := func(minutes float64, bad bool) {
		f := fixAt(minutes, 10, -65, 0)
		if bad {
			f.SpeedKn = navicert.Opt[float64]{}
		}
		if err := tr.Fix(f); err != nil {
			t.Fatal(err)
		}
	}
	feed(0, false)
	v := tr.Lookup(ship)
	feed(30, true) // in the hour of the last fix
	feed(70, true)
	feed(80, true)
	tr.Static(&navicert.Static{MMSI: ship, Time: t0.Add(190 * time.Minute), Name: "AN EXAMPLE"})
	feed(605, true)
	if got := v.HeardHours(t0.Add(620 * time.Minute)); got != 2 { // hours 1 and 3; hour 10 is that of the end
		t.Errorf("%d hours, want 2", got)
	}
	feed(620, false)
	if got := v.HeardHours(t0.Add(24 * time.Hour)); got != 0 {
		t.Errorf("%d hours after a fix", got)
	}
}

// Whatever comes, every fix is counted once, and what is kept of a track is in
// order and within reach; two ships of one MMSI have a track each.
func TestTrackerProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gate := GateGuardian()
		last := map[*Vessel]navicert.Fix{}
		tr := NewTracker(gate, func(s Step) error {
			if p, ok := last[s.Vessel]; ok {
				if s.Prev == nil || s.Prev.Time != p.Time || s.Prev.Pos != p.Pos {
					t.Fatalf("previous is %v, was %v", s.Prev, p)
				}
				if s.Fix.Time.Before(p.Time) {
					t.Fatal("out of order")
				}
				if !s.NewSegment && geo.DistanceNM(p.Pos, s.Fix.Pos) > gate.MaxKn*(s.Fix.Time.Sub(p.Time)+gate.Slack).Hours()+1e-9 {
					t.Fatal("out of reach")
				}
			}
			last[s.Vessel] = *s.Fix
			return nil
		})
		n := rapid.IntRange(0, 60).Draw(t, "n")
		for range n {
			f := fixAt(rapid.Float64Range(0, 3000).Draw(t, "minutes"), rapid.Float64Range(-91, 91).Draw(t, "lat"), rapid.Float64Range(-181, 181).Draw(t, "lon"), rapid.Float64Range(0, 103).Draw(t, "speed"))
			f.MMSI = rapid.SampledFrom([]navicert.MMSI{ship, ship + 1, 2320001, 0}).Draw(t, "mmsi")
			if err := tr.Fix(f); err != nil {
				t.Fatal(err)
			}
		}
		tr.Close()
		tally := tr.SetAside().Tally()
		if tr.Received() != n || tr.Kept()+tally.Total() != n {
			t.Fatalf("%d came, %d kept, %d set aside", n, tr.Kept(), tally.Total())
		}
	})
}

// An ordinary vessel, with a name, a draught and more fixes than are compared.
func TestMemoryPerVessel(t *testing.T) {
	const n, most = 20_000, 512
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	tr := NewTracker(GateGuardian(), func(Step) error { return nil })
	f := fixAt(0, 10, -65, 5)
	for i := range n {
		f.MMSI = 200000000 + navicert.MMSI(i)
		for k := range 8 {
			f.Time = t0.Add(time.Duration(k) * time.Minute)
			f.Pos.Lon += 0.001
			if err := tr.Fix(f); err != nil {
				t.Fatal(err)
			}
		}
		tr.Static(&navicert.Static{MMSI: f.MMSI, Time: f.Time, Name: fmt.Sprintf("EXAMPLE %08d", i), CallSign: navicert.CallSign(fmt.Sprintf("YX%05d", i)), DraughtM: navicert.Some(8.0), Ref: f.Ref})
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	per := (after.HeapAlloc - before.HeapAlloc) / n
	t.Logf("%d bytes per vessel", per)
	if per > most {
		t.Errorf("%d bytes per vessel, want at most %d", per, most)
	}
	runtime.KeepAlive(tr)
}

func BenchmarkTracker(b *testing.B) {
	tr := NewTracker(GateGuardian(), func(Step) error { return nil })
	f := fixAt(0, 10, -65, 12)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		f.MMSI = 200000000 + navicert.MMSI(i%5000)
		f.Time = t0.Add(time.Duration(i/5000) * 10 * time.Second)
		f.Pos.Lon = -65 + float64(i/5000%100000)*0.0005
		i++
		if err := tr.Fix(f); err != nil {
			b.Fatal(err)
		}
	}
	if tr.Kept() != i {
		b.Fatalf("kept %d of %d", tr.Kept(), i)
	}
}
