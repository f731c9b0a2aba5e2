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
