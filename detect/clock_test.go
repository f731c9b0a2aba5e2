package detect_test

import (
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/all"
	"navicert/detect/gap"
)

// TestWrongClocksAtTheEnd: two ships whose clocks are wrong by the same sixty years
// do not make every other ship silent since then, at whatever lateness, and neither
// does what comes first.
func TestWrongClocksAtTheEnd(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	far := start.AddDate(60, 0, 0)
	fix := func(m navicert.MMSI, at time.Time) navicert.Fix {
		return navicert.Fix{
			MMSI: m, Time: at, Pos: navicert.Position{Lat: 10.2, Lon: -64.8}, Class: navicert.ClassA,
			SpeedKn: navicert.Some(0.0), CourseDeg: navicert.Some(0.0), Station: "pier", Ref: navicert.Ref{Source: "sea"},
		}
	}
	var right []navicert.Fix
	for i := range 60 {
		for m := range navicert.MMSI(3) {
			right = append(right, fix(775999001+m, start.Add(time.Duration(i)*10*time.Minute+time.Duration(m)*time.Second)))
		}
	}
	wrong := []navicert.Fix{fix(775999008, far), fix(775999009, far.Add(time.Minute))}
	join := func(parts ...[]navicert.Fix) (all []navicert.Fix) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	for _, c := range []struct {
		name  string
		fixes []navicert.Fix
	}{
		{"first", join(wrong, right)},
		{"in the middle", join(right[:90], wrong, right[90:])},
		{"last", join(right, wrong)},
		{"of a few", join(right[:3], wrong)},
		{"before a few", join(wrong, right[:3])},
	} {
		for _, lateness := range []time.Duration{0, time.Minute, 2 * time.Hour} {
			e := detect.NewEngine(detect.Options{
				Detectors: all.Detectors(all.Config{}), Lateness: lateness,
				Event: func(ev navicert.Event) error {
					if ev.Kind == gap.Kind {
						t.Errorf("%s, lateness %v: gap of %v from %v", c.name, lateness, ev.MMSI, ev.Start)
					}
					return nil
				},
			})
			for i := range c.fixes {
				if err := e.Fix(&c.fixes[i]); err != nil {
					t.Fatal(err)
				}
			}
			if err := e.Close(time.Time{}); err != nil {
				t.Fatal(err)
			}
			if n := e.Newest(); n.After(start.Add(24 * time.Hour)) {
				t.Errorf("%s, lateness %v: the newest time is %v", c.name, lateness, n)
			}
		}
	}
}

// TestTurnedBack: when the reports that said how late it is were wrong, those that
// follow are heard in the coverage ledger all the same.
func TestTurnedBack(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	rows := 0
	e := detect.NewEngine(detect.Options{Heard: func(h []detect.Heard) error {
		for _, r := range h {
			if r.Hour.Year() == 2026 {
				rows++
			}
		}
		return nil
	}})
	at := start.AddDate(60, 0, 0)
	for i := range 120 {
		if i == 20 {
			at = start
		}
		f := navicert.Fix{
			MMSI: 775999001 + navicert.MMSI(i%40), Time: at.Add(time.Duration(i) * time.Minute), Pos: navicert.Position{Lat: 10.2, Lon: -64.8},
			SpeedKn: navicert.Some(0.0), CourseDeg: navicert.Some(0.0), Station: "pier",
		}
		if err := e.Fix(&f); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if got := e.Newest(); got.Year() != 2026 || rows == 0 {
		t.Errorf("newest %v, %d rows of the ledger are of 2026", got, rows)
	}
}

// TestSinceOfKeptFixes: a position that is set aside says nothing of when the input
// began, so that a gap that was told in an earlier input is not told again.
func TestSinceOfKeptFixes(t *testing.T) {
	start := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	fix := func(m navicert.MMSI, at time.Time) navicert.Fix {
		return navicert.Fix{
			MMSI: m, Time: at, Pos: navicert.Position{Lat: 10.2, Lon: -64.8}, Class: navicert.ClassA,
			SpeedKn: navicert.Some(0.0), CourseDeg: navicert.Some(0.0), Station: "pier", Ref: navicert.Ref{Source: "sea"},
		}
	}
	silent := fix(775999001, start.AddDate(0, 0, -3))
	e := detect.NewEngine(detect.Options{
		Detectors: all.Detectors(all.Config{}),
		Known:     func(time.Time) ([]navicert.MMSI, error) { return []navicert.MMSI{silent.MMSI}, nil },
		History: func(m navicert.MMSI, _ time.Time) ([]navicert.Fix, error) {
			if m == silent.MMSI {
				return []navicert.Fix{silent}, nil
			}
			return nil, nil
		},
		Event: func(ev navicert.Event) error {
			if ev.Kind == gap.Kind {
				t.Errorf("gap of %v from %v", ev.MMSI, ev.Start)
			}
			return nil
		},
	})
	for i := range 20 {
		f := fix(775999002, start.Add(time.Duration(i)*10*time.Minute))
		if i == 10 {
			f = fix(775999003, start.AddDate(0, 0, -3)) // of 1970 in place of a time, say
			f.Pos.Lat = 91                              // no position either
		}
		if err := e.Fix(&f); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(time.Time{}); err != nil {
		t.Fatal(err)
	}
}

// TestSlowStreams: a stream of one ship that is heard seldom is followed as it comes,
// and all of it is in the coverage ledger.
func TestSlowStreams(t *testing.T) {
	start := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	for _, lateness := range []time.Duration{0, time.Minute} {
		for _, step := range []time.Duration{10 * time.Minute, 65 * time.Minute, 3 * time.Hour, 6 * time.Hour, 24 * time.Hour} {
			kept, heard, given := 0, 0, 0
			e := detect.NewEngine(detect.Options{
				Lateness: lateness,
				Kept: func(*navicert.Fix) error {
					kept++
					return nil
				},
				Heard: func(rows []detect.Heard) error {
					for _, h := range rows {
						heard += h.Fixes
					}
					return nil
				},
			})
			at := start
			for i := range 31 {
				at = start.Add(time.Duration(i) * step)
				f := navicert.Fix{
					MMSI: 775999001, Time: at, Pos: navicert.Position{Lat: 10, Lon: -60 + 0.1*at.Sub(start).Hours()}, Class: navicert.ClassA,
					SpeedKn: navicert.Some(6.0), CourseDeg: navicert.Some(90.0), Station: "sat", Ref: navicert.Ref{Source: "log", Offset: int64(i)},
				}
				if err := e.Fix(&f); err != nil {
					t.Fatal(err)
				}
				given++
				waiting := 0
				if lateness > 0 {
					waiting = 1
				}
				if given > 8 && kept < given-waiting {
					t.Fatalf("lateness %v, every %v: %d kept of %d given", lateness, step, kept, given)
				}
			}
			if err := e.Close(time.Time{}); err != nil {
				t.Fatal(err)
			}
			if kept != 31 || !e.Newest().Equal(at) || !e.NewestKept().Equal(at) {
				t.Errorf("lateness %v, every %v: %d kept, newest %v and kept %v, want %v", lateness, step, kept, e.Newest(), e.NewestKept(), at)
			}
			if heard < 29 {
				t.Errorf("lateness %v, every %v: %d positions of 31 are in the coverage ledger", lateness, step, heard)
			}
		}
	}
}

// TestClockOfMany: what moves a clock at once and what has to be agreed with.
func TestClockOfMany(t *testing.T) {
	start := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	every := func(n int, from, step time.Duration) (out []time.Duration) {
		for i := range n {
			out = append(out, from+time.Duration(i)*step)
		}
		return out
	}
	for _, c := range []struct {
		name  string
		times []time.Duration
		want  time.Duration
	}{
		{"a ship that is heard hourly, then one of another time", append(every(40, 0, time.Hour), 300*time.Hour), 39 * time.Hour},
		{"many ships, and one clock some hours ahead", append(every(400, 0, time.Minute), 12*time.Hour), 399 * time.Minute},
		{"many ships, and two clocks that differ", append(every(400, 0, time.Minute), 48*time.Hour, 24*time.Hour*400), 399 * time.Minute},
		{"a slow stream becomes a fast one, then one clock is ahead", append(append(every(20, 0, 6*time.Hour), every(100, 114*time.Hour, time.Minute)...), 125*time.Hour), 114*time.Hour + 99*time.Minute},
		{"a slow stream, and one clock ahead of it and back", append(append(every(20, 0, 6*time.Hour), 130*time.Hour), every(20, 120*time.Hour, 6*time.Hour)...), 234 * time.Hour},
		{"a silence of five days, then many", append(every(100, 0, time.Minute), every(9, 120*time.Hour, time.Minute)...), 120*time.Hour + 8*time.Minute},
		{"a silence of five days, then an hourly ship", append(every(100, 0, time.Minute), every(20, 120*time.Hour, 2*time.Hour)...), 158 * time.Hour},
	} {
		clock := detect.NewClock(time.Hour)
		for _, d := range c.times {
			clock.Tick(start.Add(d))
		}
		if got := clock.Now().Sub(start); got != c.want {
			t.Errorf("%s: it is %v, want %v", c.name, got, c.want)
		}
	}
}

// TestArrivalVotes: of a live feed the first report is taken as it comes, when it
// carries the time at which it arrives.
func TestArrivalVotes(t *testing.T) {
	now := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	kept := 0
	e := detect.NewEngine(detect.Options{
		Arrival: func() time.Time { return now },
		Kept: func(*navicert.Fix) error {
			kept++
			return nil
		},
	})
	fix := func(m navicert.MMSI, at time.Time) {
		t.Helper()
		f := navicert.Fix{
			MMSI: m, Time: at, Pos: navicert.Position{Lat: 10, Lon: -60}, Class: navicert.ClassA,
			SpeedKn: navicert.Some(0.0), CourseDeg: navicert.Some(90.0), Station: "pier", Ref: navicert.Ref{Source: "feed"},
		}
		if err := e.Fix(&f); err != nil {
			t.Fatal(err)
		}
	}
	fix(775999002, now.AddDate(0, 0, -200))
	if kept != 0 {
		t.Errorf("%d kept of a report that is 200 days old, before anything says how late it is", kept)
	}
	fix(775999001, now.Add(-2*time.Second))
	if kept != 2 || !e.Newest().Equal(now.Add(-2*time.Second)) {
		t.Errorf("%d kept, newest %v", kept, e.Newest())
	}
	now = now.Add(30 * time.Hour)
	fix(775999001, now)
	if kept != 3 || !e.Newest().Equal(now) {
		t.Errorf("after a silence: %d kept, newest %v, want %v", kept, e.Newest(), now)
	}
	fix(775999003, now.AddDate(20, 0, 0))
	fix(775999004, now.AddDate(0, 0, -9))
	if !e.Newest().Equal(now) {
		t.Errorf("wrong clocks move it to %v", e.Newest())
	}
}

// TestClockWithoutTimes: reports without a time neither tell the clock one nor
// have it ask again for ever.
func TestClockWithoutTimes(t *testing.T) {
	c := detect.NewClock(time.Hour)
	for range 24 {
		c.Tick(time.Time{})
	}
	if !c.Now().IsZero() {
		t.Errorf("now is %v", c.Now())
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 8 {
		c.Tick(time.Time{})
		c.Tick(at.Add(time.Duration(i) * time.Second))
	}
	if got := c.Now(); got.Before(at) || got.After(at.Add(time.Minute)) {
		t.Errorf("now is %v", got)
	}
}

// TestArrivalClockIsSet: when the receiver's own clock ran ahead and is set, the
// clock follows.
func TestArrivalClockIsSet(t *testing.T) {
	c := detect.NewClock(time.Hour)
	ahead, right := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 20 {
		at := ahead.Add(time.Duration(i) * time.Second)
		c.TickArrived(at, at)
	}
	for i := range 20 {
		at := right.Add(time.Duration(i) * time.Second)
		c.TickArrived(at, at)
	}
	if got := c.Now(); !got.Equal(right.Add(19 * time.Second)) {
		t.Errorf("now is %v", got)
	}
}
