package encounter_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/encounter"
)

// Two inputs, of which the second knows what came in the first, give the meeting
// that one input gives, under one id.
func TestAcrossInputs(t *testing.T) {
	start := time.Date(2026, 1, 1, 6, 0, 0, 0, time.UTC)
	var fixes []navicert.Fix
	var statics []navicert.Static
	for i := range 3 {
		m := navicert.MMSI(775999001 + i)
		statics = append(statics, navicert.Static{MMSI: m, Time: start, ShipType: navicert.Some(80), Ref: navicert.Ref{Source: "test"}})
		for k := range 120 { // ten hours: together for five of them
			f := navicert.Fix{MMSI: m, Time: start.Add(time.Duration(k) * 5 * time.Minute), Pos: navicert.Position{Lat: 14 + 0.001*float64(i), Lon: -65}, SpeedKn: navicert.Some(0.0), CourseDeg: navicert.Some(90.0), Ref: navicert.Ref{Source: "test", Line: int64(k + 1)}}
			if k > 60 {
				f.Pos.Lon += 0.02 * float64(k-60) * float64(i-1)
				f.SpeedKn = navicert.Some(12.0)
			}
			fixes = append(fixes, f)
		}
	}
	slices.SortStableFunc(fixes, func(a, b navicert.Fix) int { return a.Time.Compare(b.Time) })
	run := func(borders ...time.Time) []string {
		final := map[string]string{}
		borders = append([]time.Time{start}, append(borders, start.Add(24*time.Hour))...)
		for i := range borders[1:] {
			from, to := borders[i], borders[i+1]
			engine := detect.NewEngine(detect.Options{
				Detectors: []detect.Detector{encounter.New(encounter.GFW(), nil), encounter.NewTransfer(encounter.TankerSTS(), nil)},
				Event: func(ev navicert.Event) error {
					final[ev.ID] = fmt.Sprint(ev.Kind, ev.MMSI, ev.Other, ev.Start, ev.End, ev.State)
					return nil
				},
				History: func(m navicert.MMSI, before time.Time) (out []navicert.Fix, err error) {
					for _, f := range fixes {
						if f.MMSI == m && f.Time.Before(from) {
							out = append(out, f)
						}
					}
					return out, nil
				},
			})
			for k := range statics {
				if err := engine.Static(&statics[k]); err != nil {
					t.Fatal(err)
				}
			}
			last := from
			for k := range fixes {
				if f := &fixes[k]; !f.Time.Before(from) && f.Time.Before(to) {
					last = f.Time
					if err := engine.Fix(f); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := engine.Close(last); err != nil {
				t.Fatal(err)
			}
		}
		var out []string
		for _, text := range final {
			out = append(out, text)
		}
		slices.Sort(out)
		return out
	}
	want := run()
	if len(want) != 5 { // three meetings, of which the outer two ships' is no transfer: 222 m
		t.Fatalf("one input gives %q", want)
	}
	for _, after := range []time.Duration{40 * time.Minute, 90 * time.Minute, 200 * time.Minute, 6 * time.Hour, 9 * time.Hour} {
		if got := run(start.Add(after)); !slices.Equal(got, want) {
			t.Errorf("cut after %s:\n%q\nwant\n%q", after, got, want)
		}
	}
	if got := run(start.Add(time.Hour), start.Add(3*time.Hour), start.Add(4*time.Hour)); !slices.Equal(got, want) {
		t.Errorf("cut three times:\n%q\nwant\n%q", got, want)
	}
}
