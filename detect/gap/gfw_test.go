package gap_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/gap"
	"navicert/internal/realdata"
)

// gfwCase is a case of Global Fishing Watch's pipe-gaps (9d9426e,
// tests/conftest.py, Apache-2.0); the fields are described in
// docs/behaviour.md.
type gfwCase struct {
	ID        string             `json:"id"`
	Messages  json.RawMessage    `json:"messages"` // a list, or by day
	OpenGaps  []gfwOpenGap       `json:"open_gaps"`
	Threshold float64            `json:"threshold"`
	DateRange []string           `json:"date_range"`
	Dates     []string           `json:"dates"`
	PeriodD   int                `json:"window_period_d"`
	EvalLast  *bool              `json:"eval_last"`
	Expected  json.RawMessage    `json:"expected_gaps"`
	Times     map[string]*string `json:"expected_dt"`
	group     string
}

type gfwMessage struct {
	MMSI      string  `json:"ssvid"`
	Timestamp float64 `json:"timestamp"`
}

type gfwOpenGap struct {
	MMSI      string  `json:"ssvid"`
	Timestamp float64 `json:"start_timestamp"`
	Positions int     `json:"start_positions_hours_before"`
	Before    int     `json:"positions_hours_before"`
}

func gfwCases(t *testing.T) []gfwCase {
	t.Helper()
	b, err := os.ReadFile(realdata.Dir(t, "behaviour/gfw_gaps_cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases map[string][]gfwCase `json:"cases"`
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	var all []gfwCase
	for group, cases := range file.Cases {
		for _, c := range cases {
			c.group = group
			all = append(all, c)
		}
	}
	return all
}

// fix makes a fix of a message. The cases carry no longitude and no speed.
func fix(t *testing.T, mmsi string, seconds float64) navicert.Fix {
	t.Helper()
	m, err := strconv.ParseUint(mmsi, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	return navicert.Fix{
		MMSI: navicert.MMSI(m), Time: time.Unix(int64(seconds), 0).UTC(), Pos: navicert.Position{Lat: 65.4},
		SpeedKn: navicert.Some(0.0), Ref: navicert.Ref{Source: "gfw"},
	}
}

func (c *gfwCase) fixes(t *testing.T) []navicert.Fix {
	t.Helper()
	var list []gfwMessage
	if err := json.Unmarshal(c.Messages, &list); err != nil {
		var days map[string][]gfwMessage
		if err := json.Unmarshal(c.Messages, &days); err != nil {
			t.Fatal(err)
		}
		for _, d := range days {
			list = append(list, d...)
		}
	}
	var out []navicert.Fix
	for _, m := range list {
		out = append(out, fix(t, m.MMSI, m.Timestamp))
	}
	for _, o := range c.OpenGaps { // what the store would hold from the run before
		for i := range max(o.Positions, o.Before, 1) {
			out = append(out, fix(t, o.MMSI, o.Timestamp-float64(60*i)))
		}
	}
	slices.SortStableFunc(out, func(a, b navicert.Fix) int { return a.Time.Compare(b.Time) })
	return out
}

// runs plays the fixes in runs over consecutive periods, each of which knows
// what came before it, and returns all that was emitted.
func (c *gfwCase) runs(t *testing.T, fixes []navicert.Fix, bounds []time.Time) []navicert.Event {
	t.Helper()
	var events []navicert.Event
	for i := range bounds[1:] {
		from, to := bounds[i], bounds[i+1]
		engine := detect.NewEngine(detect.Options{
			Detectors: []detect.Detector{gap.New(gap.Preset(c.Threshold*float64(time.Hour)), detect.KnownReceivers())},
			Since:     from,
			Event:     func(ev navicert.Event) error { events = append(events, ev); return nil },
			History: func(m navicert.MMSI, before time.Time) (out []navicert.Fix, err error) {
				for _, f := range fixes {
					if f.MMSI == m && f.Time.Before(from) {
						out = append(out, f)
					}
				}
				return out, nil
			},
			Known: func(before time.Time) (out []navicert.MMSI, err error) {
				for _, f := range fixes {
					if f.Time.Before(before) {
						out = append(out, f.MMSI)
					}
				}
				return out, nil
			},
		})
		for k := range fixes {
			if f := &fixes[k]; !f.Time.Before(from) && f.Time.Before(to) {
				if err := engine.Fix(f); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := engine.Close(to); err != nil {
			t.Fatal(err)
		}
	}
	return events
}

func (c *gfwCase) bounds(t *testing.T, fixes []navicert.Fix) []time.Time {
	t.Helper()
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	switch {
	case len(c.Dates) > 0:
		var out []time.Time
		for _, d := range c.Dates {
			out = append(out, day(d))
		}
		return append(out, out[len(out)-1].AddDate(0, 0, 1))
	case len(c.DateRange) == 2:
		from, to := day(c.DateRange[0]), day(c.DateRange[1])
		out := []time.Time{from}
		for step := max(c.PeriodD, 1); ; {
			next := out[len(out)-1].AddDate(0, 0, step)
			if !next.Before(to) {
				return append(out, to)
			}
			out = append(out, next)
		}
	}
	last := fixes[len(fixes)-1].Time
	return []time.Time{fixes[0].Time, last.Truncate(24*time.Hour).AddDate(0, 0, 1)}
}

func TestGFWCases(t *testing.T) {
	cases := gfwCases(t)
	if len(cases) != 20 {
		t.Errorf("%d cases, want 20", len(cases))
	}
	for _, c := range cases {
		t.Run(c.group+"/"+c.ID, func(t *testing.T) {
			fixes := c.fixes(t)
			bounds := c.bounds(t, fixes)
			c.compare(t, c.runs(t, fixes, bounds))
			if len(c.Dates) == 0 { // one run over the whole must give the same
				c.compare(t, c.runs(t, fixes, []time.Time{bounds[0], bounds[len(bounds)-1]}))
			}
		})
	}
}

func (c *gfwCase) compare(t *testing.T, emitted []navicert.Event) {
	t.Helper()
	if len(c.Dates) > 0 {
		var want [][]*string
		if err := json.Unmarshal(c.Expected, &want); err != nil {
			t.Fatal(err)
		}
		var w, got []string
		for _, p := range want {
			w = append(w, pair(p[0], p[1]))
		}
		for _, ev := range emitted {
			got = append(got, fmt.Sprintf("%s %s", ev.Start, ev.End))
		}
		if !slices.Equal(got, w) {
			t.Errorf("gaps\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(w, "\n"))
		}
		return
	}
	final := finalVersions(emitted)
	evalLast := c.group == "OPEN_GAPS" || c.group == "GAP_BETWEEN_DAYS"
	if c.EvalLast != nil {
		evalLast = *c.EvalLast
	}
	if !evalLast {
		final = slices.DeleteFunc(final, func(ev navicert.Event) bool { return ev.State == navicert.EventOpen })
	}
	var n int
	if json.Unmarshal(c.Expected, &n) == nil {
		if len(final) != n {
			t.Errorf("%d gaps, want %d: %v", len(final), n, times(final))
		}
	} else {
		var before []struct {
			N int `json:"positions_hours_before"`
		}
		if err := json.Unmarshal(c.Expected, &before); err != nil {
			t.Fatal(err)
		}
		if len(final) != len(before) {
			t.Fatalf("%d gaps, want %d: %v", len(final), len(before), times(final))
		}
		for i, b := range before {
			if got := final[i].Measures["positions_before"]; got != float64(b.N) {
				t.Errorf("gap %d: %v positions before, want %d", i, got, b.N)
			}
		}
	}
	for off, on := range c.Times {
		want := pair(&off, on)
		if !slices.Contains(times(final), want) {
			t.Errorf("gap %s is missing in %v", want, times(final))
		}
	}
}

func pair(off, on *string) string {
	if on == nil {
		return *off + " "
	}
	return *off + " " + *on
}

func times(events []navicert.Event) (out []string) {
	for _, ev := range events {
		out = append(out, fmt.Sprintf("%s %s", ev.Start, ev.End))
	}
	return out
}

// finalVersions keeps the last version of each event, by start.
func finalVersions(events []navicert.Event) []navicert.Event {
	byID := map[string]navicert.Event{}
	for _, ev := range events {
		byID[ev.ID] = ev
	}
	var out []navicert.Event
	for _, ev := range byID {
		out = append(out, ev)
	}
	slices.SortFunc(out, func(a, b navicert.Event) int { return a.Start.Compare(b.Start.Time) })
	return out
}
