package detect_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/detect"
	"navicert/detect/all"
	"navicert/detect/gap"
	"navicert/geo"
)

var t0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const ship = navicert.MMSI(775999001)

func fixAt(m navicert.MMSI, minutes float64, lat, lon float64) navicert.Fix {
	return navicert.Fix{
		MMSI: m, Time: t0.Add(time.Duration(minutes * float64(time.Minute))), Pos: navicert.Position{Lat: lat, Lon: lon},
		SpeedKn: navicert.Some(12.0), CourseDeg: navicert.Some(90.0), Ref: navicert.Ref{Source: "test", Line: int64(minutes) + 1},
	}
}

// traffic is some hours of invented ships going east, in order of time, each
// silent for a while.
func traffic(ships int, hours float64) []navicert.Fix {
	var out []navicert.Fix
	r := rand.New(rand.NewPCG(1, 2))
	for i := range ships {
		m := ship + navicert.MMSI(i)
		lat, lon := 8+4*r.Float64(), -70+6*r.Float64()
		quiet := 60 * hours * r.Float64()
		for t := 10 * r.Float64(); t < 60*hours; t += 3 + r.Float64() {
			if t > quiet && t < quiet+700 {
				continue
			}
			out = append(out, fixAt(m, t, lat, lon+t/60*0.2))
		}
	}
	slices.SortStableFunc(out, func(a, b navicert.Fix) int { return a.Time.Compare(b.Time) })
	return out
}

func zones(t testing.TB) *geo.Index {
	t.Helper()
	var zs []geo.Zone
	for i := range 40 {
		a, err := geo.NewCircle(navicert.Position{Lat: 8 + float64(i%5), Lon: -70 + float64(i)/4}, 20)
		if err != nil {
			t.Fatal(err)
		}
		zs = append(zs, geo.Zone{ID: fmt.Sprint("zone-", i), Kind: geo.Danger, Effect: geo.Warns, From: navicert.At(t0.AddDate(-1, 0, 0)), Area: a})
	}
	return geo.NewIndex(zs)
}

// outcome is what an engine gave out, as text.
type outcome struct {
	events, kept []string
	stats        detect.Stats
}

func play(t testing.TB, fixes []navicert.Fix, change func(*detect.Options)) outcome {
	t.Helper()
	var o outcome
	opts := detect.Options{
		Detectors: all.Detectors(all.Config{Zones: zones(t)}),
		Event: func(ev navicert.Event) error {
			o.events = append(o.events, fmt.Sprintf("%s %s %s %s %s %s", ev.Start, ev.MMSI, ev.Kind, ev.Zone, ev.State, ev.ID))
			return nil
		},
		Kept: func(f *navicert.Fix) error {
			o.kept = append(o.kept, fmt.Sprint(f.MMSI, f.Time.UnixMilli()))
			return nil
		},
	}
	if change != nil {
		change(&opts)
	}
	e := detect.NewEngine(opts)
	var newest time.Time
	for i := range fixes {
		if fixes[i].Time.After(newest) {
			newest = fixes[i].Time
		}
		if err := e.Fix(&fixes[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(newest); err != nil {
		t.Fatal(err)
	}
	o.stats = e.Stats()
	if n := o.stats.Kept + o.stats.SetAside.Total(); n != len(fixes) || o.stats.Fixes != len(fixes) || len(o.kept) != o.stats.Kept {
		t.Fatalf("%d fixes, stats say %d = %d kept + %s; %d given out", len(fixes), o.stats.Fixes, o.stats.Kept, o.stats.SetAside.String(), len(o.kept))
	}
	return o
}

func TestSameInputSameEvents(t *testing.T) {
	fixes := traffic(60, 48)
	a, b := play(t, fixes, nil), play(t, fixes, nil)
	if !slices.Equal(a.events, b.events) || !slices.Equal(a.kept, b.kept) {
		t.Error("two runs differ")
	}
	kinds := map[string]int{}
	for _, ev := range a.events {
		kinds[strings.Fields(ev)[2]]++
	}
	if kinds["gap"] < 40 || kinds["zone"] < 100 {
		t.Errorf("events %v: the traffic does not show what it should", kinds)
	}
}

func TestLatenessPutsFixesInOrder(t *testing.T) {
	inOrder := traffic(60, 48)
	late := slices.Clone(inOrder)
	r := rand.New(rand.NewPCG(3, 4))
	arrival := make([]float64, len(late))
	for i := range late {
		arrival[i] = float64(late[i].Time.Sub(t0).Seconds()) + 100*r.Float64()
	}
	order := make([]int, len(late))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if arrival[a] < arrival[b] {
			return -1
		}
		return 1
	})
	for i, k := range order {
		late[i] = inOrder[k]
	}
	want := play(t, inOrder, nil)
	got := play(t, late, func(o *detect.Options) { o.Lateness = 101 * time.Second })
	if !slices.Equal(got.events, want.events) {
		t.Error("fixes that arrive up to 100 s late give other events")
	}
	if got.stats.SetAside.Total() != 0 {
		t.Errorf("set aside: %s", got.stats.SetAside.String())
	}
	if o := play(t, late, nil); o.stats.SetAside.Count("implausible jump") != 0 {
		t.Error("lateness alone makes jumps")
	}
}

func TestTooLateIsCounted(t *testing.T) {
	fixes := []navicert.Fix{fixAt(ship, 0, 10, -65), fixAt(ship, 10, 10, -64.97), fixAt(ship, 3, 10, -64.99), fixAt(ship, 20, 10, -64.94)}
	o := play(t, fixes, func(o *detect.Options) { o.Lateness = 2 * time.Minute })
	if o.stats.SetAside.String() != "1 out of order" && o.stats.Kept != 4 {
		t.Errorf("set aside %s, kept %d", o.stats.SetAside.String(), o.stats.Kept)
	}
	o = play(t, fixes, func(o *detect.Options) { o.Lateness = 8 * time.Minute })
	if o.stats.Kept != 4 {
		t.Errorf("kept %d with 8 minutes of lateness: %s", o.stats.Kept, o.stats.SetAside.String())
	}
}

// One input in one go or in two, the second knowing the first from the store,
// gives the same events.
func TestHistoryContinues(t *testing.T) {
	fixes := traffic(40, 72)
	whole := final(play(t, fixes, nil).events)
	for _, hours := range []int{1, 13, 24, 50, 71} {
		cut := slices.IndexFunc(fixes, func(f navicert.Fix) bool { return f.Time.After(t0.Add(time.Duration(hours) * time.Hour)) })
		first := play(t, fixes[:cut], nil)
		second := play(t, fixes[cut:], func(o *detect.Options) {
			o.History = func(m navicert.MMSI, before time.Time) (out []navicert.Fix, err error) {
				for _, f := range fixes[:cut] {
					if f.MMSI == m {
						out = append(out, f)
					}
				}
				return out, nil
			}
			o.Known = func(time.Time) (out []navicert.MMSI, err error) {
				for _, f := range fixes[:cut] {
					out = append(out, f.MMSI)
				}
				return out, nil
			}
		})
		both := final(append(slices.Clone(first.events), second.events...))
		if !slices.Equal(both, whole) {
			t.Errorf("cut after %d h: %d events, in one go %d", hours, len(both), len(whole))
			for _, ev := range whole {
				if !slices.Contains(both, ev) {
					t.Logf("missing %s", ev)
				}
			}
			for _, ev := range both {
				if !slices.Contains(whole, ev) {
					t.Logf("extra   %s", ev)
				}
			}
		}
	}
}

// final drops what a later line closes.
func final(events []string) []string {
	byID := map[string]string{}
	for _, ev := range events {
		f := strings.Fields(ev)
		byID[f[len(f)-1]] = ev
	}
	out := []string{}
	for _, ev := range byID {
		out = append(out, ev)
	}
	slices.Sort(out)
	return out
}

func TestHistoryIsAskedOnce(t *testing.T) {
	asked := map[navicert.MMSI]int{}
	fixes := traffic(5, 10)
	play(t, fixes, func(o *detect.Options) {
		o.History = func(m navicert.MMSI, _ time.Time) ([]navicert.Fix, error) { asked[m]++; return nil, nil }
	})
	for m, n := range asked {
		if n != 1 {
			t.Errorf("%s: asked %d times", m, n)
		}
	}
	if len(asked) != 5 {
		t.Errorf("asked about %d vessels", len(asked))
	}
}

func TestErrorsStop(t *testing.T) {
	stop := errors.New("stop")
	for name, change := range map[string]func(*detect.Options){
		"event": func(o *detect.Options) { o.Event = func(navicert.Event) error { return stop } },
		"kept":  func(o *detect.Options) { o.Kept = func(*navicert.Fix) error { return stop } },
		"history": func(o *detect.Options) {
			o.History = func(navicert.MMSI, time.Time) ([]navicert.Fix, error) { return nil, stop }
		},
	} {
		opts := detect.Options{Detectors: all.Detectors(all.Config{Zones: zones(t)})}
		change(&opts)
		e := detect.NewEngine(opts)
		var err error
		for _, f := range traffic(5, 40) {
			if err = e.Fix(&f); err != nil {
				break
			}
		}
		if err != stop {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// One fix with a wrong year neither stops the clock nor hides who was heard.
func TestWrongClockDoesNotPoison(t *testing.T) {
	var fixes []navicert.Fix
	for m := range 5 {
		for minutes := 0.0; minutes < 30*60; minutes += 10 {
			if m == 0 && minutes > 120 && minutes < 20*60 {
				continue
			}
			f := fixAt(ship+navicert.MMSI(m), minutes, 10+float64(m)/20, -65)
			f.SpeedKn = navicert.Some(0.0)
			fixes = append(fixes, f)
		}
	}
	slices.SortStableFunc(fixes, func(a, b navicert.Fix) int { return a.Time.Compare(b.Time) })
	wrong := fixAt(ship+9, 0, 10, -65)
	wrong.Time = t0.AddDate(4, 0, 0)
	fixes = slices.Insert(fixes, 40, wrong)
	var gaps []navicert.Event
	e := detect.NewEngine(detect.Options{Detectors: []detect.Detector{gap.New(gap.GFWProduct, detect.KnownReceivers())}, Event: func(ev navicert.Event) error {
		gaps = append(gaps, ev)
		return nil
	}})
	for i := range fixes {
		if err := e.Fix(&fixes[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(e.Newest()); err != nil {
		t.Fatal(err)
	}
	if len(gaps) != 1 || gap.ClassOf(gaps[0]) != gap.Unexplained || gaps[0].Measures["others_heard"] != 4 {
		t.Errorf("gaps %+v", gaps)
	}
}

func TestEventsStandOnTheirFixes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var fixes []navicert.Fix
		at := 0.0
		p := navicert.Position{Lat: 10, Lon: -65}
		for range rapid.IntRange(2, 30).Draw(t, "n") {
			wait := rapid.SampledFrom([]float64{5, 30, 180, 359, 361, 900}).Draw(t, "wait")
			at += wait
			p = geo.Destination(p, rapid.Float64Range(0, 360).Draw(t, "course"), rapid.Float64Range(0, 14).Draw(t, "speed")*wait/60)
			fixes = append(fixes, fixAt(ship, at, p.Lat, p.Lon))
		}
		a, err := geo.NewCircle(navicert.Position{Lat: 10, Lon: -65}, rapid.Float64Range(1, 80).Draw(t, "radius"))
		if err != nil {
			t.Fatal(err)
		}
		z := geo.Zone{ID: "z", Kind: geo.Danger, Effect: geo.Warns, From: navicert.At(t0.AddDate(-1, 0, 0)), Area: a}
		open := map[string]bool{}
		e := detect.NewEngine(detect.Options{
			Detectors: all.Detectors(all.Config{Zones: geo.NewIndex([]geo.Zone{z})}),
			Event: func(ev navicert.Event) error {
				if ev.ID == "" || ev.MMSI != ship || len(ev.Evidence) == 0 || ev.Start.IsZero() {
					t.Fatalf("bare event %+v", ev)
				}
				if ev.State == navicert.EventClosed && ev.End.Before(ev.Start.Time) {
					t.Fatalf("ends before it starts: %+v", ev)
				}
				if closed, seen := open[ev.ID]; seen && !closed {
					t.Fatalf("event %s comes again after it was closed", ev.ID)
				}
				open[ev.ID] = ev.State == navicert.EventOpen
				starts := ev.Kind == "zone" && ev.Confidence == "inferred"
				for _, f := range fixes {
					if f.Time.Equal(ev.Start.Time) {
						starts = true
						if got := ev.Position.Or(navicert.Position{}); got != f.Pos {
							t.Fatalf("starts at %v, the fix is at %v", got, f.Pos)
						}
						if ev.Kind == "zone" && !a.Contains(f.Pos) {
							t.Fatal("a visit begins outside")
						}
					}
				}
				if !starts {
					t.Fatalf("no fix at the start of %+v", ev)
				}
				return nil
			},
		})
		gaps := 0
		for i := range fixes {
			if i > 0 && fixes[i].Time.Sub(fixes[i-1].Time) > 6*time.Hour {
				gaps++
			}
			if err := e.Fix(&fixes[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := e.Close(fixes[len(fixes)-1].Time); err != nil {
			t.Fatal(err)
		}
	})
}

func TestMemoryPerVessel(t *testing.T) {
	const n = 10_000
	var before, after runtime.MemStats
	e := detect.NewEngine(detect.Options{Detectors: all.Detectors(all.Config{Zones: zones(t)})})
	runtime.GC()
	runtime.ReadMemStats(&before)
	for k := range 50 {
		for i := range n {
			f := fixAt(200000000+navicert.MMSI(i), float64(k)*10, 5+float64(i%100)/10, -75+float64(i/100)/10+float64(k)*12/6/60) // the way that 12 kn make in ten minutes
			if err := e.Fix(&f); err != nil {
				t.Fatal(err)
			}
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if per := (after.HeapAlloc - before.HeapAlloc) / n; per > 2048 {
		t.Errorf("%d bytes per vessel, want at most 2048", per)
	} else {
		t.Logf("%d bytes per vessel", per)
	}
	runtime.KeepAlive(e)
}

// TestCloseAsksOnlyOfNews: of a silence that began long before the input, which
// is not told again, no outages are asked for.
func TestCloseAsksOnlyOfNews(t *testing.T) {
	const ships = 50
	for _, c := range []struct {
		name  string
		hours float64 // from the last fixes to the beginning of the input
		asked int
	}{
		{"long before", 48, 0},
		{"just longer than the threshold", 6.1, 0},
		{"less", 5.9, ships},
	} {
		asked := 0
		e := detect.NewEngine(detect.Options{
			Detectors: []detect.Detector{gap.New(gap.GFWProduct, detect.KnownReceivers())},
			Told:      time.Duration(gap.GFWProduct),
			Since:     t0.Add(time.Duration(c.hours * float64(time.Hour))),
			History: func(m navicert.MMSI, _ time.Time) ([]navicert.Fix, error) {
				return []navicert.Fix{fixAt(m, 0, 10, -65)}, nil
			},
			Known: func(time.Time) (all []navicert.MMSI, err error) {
				for i := range ships {
					all = append(all, ship+navicert.MMSI(i))
				}
				return all, nil
			},
			Outages: func(string, time.Time, time.Time) ([]navicert.Outage, bool, error) {
				asked++
				return nil, true, nil
			},
		})
		if err := e.Close(t0.Add(72 * time.Hour)); err != nil {
			t.Fatal(err)
		}
		if asked != c.asked {
			t.Errorf("%s: asked %d times, want %d", c.name, asked, c.asked)
		}
	}
}

// TestManyReceivers: of a stream in which each position is heard by another receiver
// it is counted how many positions do not name theirs.
func TestManyReceivers(t *testing.T) {
	e := detect.NewEngine(detect.Options{})
	const n = 1<<16 + 1000
	for i := range n {
		f := navicert.Fix{
			MMSI: 775999001, Time: time.Unix(1_767_225_600+int64(10*i), 0).UTC(), Pos: navicert.Position{Lat: 10, Lon: -65},
			Ref: navicert.Ref{Source: "s", Line: int64(i + 1)}, Station: fmt.Sprint("r", i), Class: navicert.ClassA, SpeedKn: navicert.Some(0.0),
		}
		if err := e.Fix(&f); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if s := e.Stats(); s.Kept != n || s.Unnamed < 1000 || s.Unnamed > 3000 {
		t.Errorf("%+v", s)
	}
}
