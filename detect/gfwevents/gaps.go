package gfwevents

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/gap"
	"navicert/track/gfw"
)

// gapCase is a case of pipe-gaps (tests/conftest.py).
type gapCase struct {
	ID        string             `json:"id"`
	Messages  json.RawMessage    `json:"messages"` // a list, or by day
	OpenGaps  []openGap          `json:"open_gaps"`
	Threshold float64            `json:"threshold"`
	DateRange []string           `json:"date_range"`
	Dates     []string           `json:"dates"`
	PeriodD   int                `json:"window_period_d"`
	EvalLast  *bool              `json:"eval_last"`
	Expected  json.RawMessage    `json:"expected_gaps"`
	Times     map[string]*string `json:"expected_dt"`
	group     string
}

type gapMessage struct {
	MMSI      string  `json:"ssvid"`
	Timestamp float64 `json:"timestamp"`
}

type openGap struct {
	MMSI      string  `json:"ssvid"`
	Timestamp float64 `json:"start_timestamp"`
	Positions int     `json:"start_positions_hours_before"`
	Before    int     `json:"positions_hours_before"`
}

// Gaps compares gaps: their number, the positions before them, or their times,
// in runs over consecutive periods and, where the case does not list its runs,
// in one run over the whole.
func Gaps(path string) (gfw.Set, error) {
	set := gfw.Set{Name: gapsName}
	var file struct {
		Cases map[string][]gapCase `json:"cases"`
	}
	if err := gfw.ReadJSON(path, &file); err != nil {
		return set, err
	}
	for _, group := range slices.Sorted(maps.Keys(file.Cases)) {
		for _, c := range file.Cases[group] {
			c.group = group
			name := group + "/" + c.ID
			wrong, err := c.differences()
			if err != nil {
				return set, gfw.Unusable(path, "%s: %w", name, err)
			}
			set.Case(name, wrong)
		}
	}
	return set, nil
}

func (c *gapCase) differences() (differences, error) {
	fixes, err := c.fixes()
	if err != nil {
		return nil, err
	}
	bounds, err := c.bounds(fixes)
	if err != nil {
		return nil, err
	}
	runs := [][]time.Time{bounds}
	if len(c.Dates) == 0 { // one run over the whole must give the same
		runs = append(runs, []time.Time{bounds[0], bounds[len(bounds)-1]})
	}
	var wrong differences
	for _, bounds := range runs {
		events, err := c.play(fixes, bounds)
		if err != nil {
			return nil, err
		}
		if err := c.compare(&wrong, events); err != nil {
			return nil, err
		}
	}
	return wrong, nil
}

// gapFix makes a fix of a message. The cases carry no longitude and no speed.
func gapFix(mmsi string, seconds float64) (navicert.Fix, error) {
	m, err := strconv.ParseUint(mmsi, 10, 32)
	return navicert.Fix{
		MMSI: navicert.MMSI(m), Time: time.Unix(int64(seconds), 0).UTC(), Pos: navicert.Position{Lat: 65.4},
		SpeedKn: navicert.Some(0.0), Ref: navicert.Ref{Source: "gfw"},
	}, err
}

func (c *gapCase) fixes() ([]navicert.Fix, error) {
	var list []gapMessage
	if err := json.Unmarshal(c.Messages, &list); err != nil {
		var days map[string][]gapMessage
		if err := json.Unmarshal(c.Messages, &days); err != nil {
			return nil, err
		}
		list = nil
		for _, d := range slices.Sorted(maps.Keys(days)) {
			list = append(list, days[d]...)
		}
	}
	for _, o := range c.OpenGaps { // what the store would hold from the run before
		for i := range max(o.Positions, o.Before, 1) {
			list = append(list, gapMessage{o.MMSI, o.Timestamp - float64(60*i)})
		}
	}
	var out []navicert.Fix
	for _, m := range list {
		f, err := gapFix(m.MMSI, m.Timestamp)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	if len(out) == 0 {
		return nil, navicert.Errorf(navicert.Invalid, "compare", c.ID, "no messages")
	}
	slices.SortStableFunc(out, func(a, b navicert.Fix) int { return a.Time.Compare(b.Time) })
	return out, nil
}

// play gives the fixes in runs over consecutive periods, each of which knows
// what came before it, and returns all that was emitted.
func (c *gapCase) play(fixes []navicert.Fix, bounds []time.Time) (events []navicert.Event, err error) {
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
					return nil, err
				}
			}
		}
		if err := engine.Close(to); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// bounds are the periods of the runs, each from one to the next.
func (c *gapCase) bounds(fixes []navicert.Fix) (out []time.Time, err error) {
	dates := c.Dates
	if len(dates) == 0 {
		dates = c.DateRange
	}
	for _, s := range dates {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	switch {
	case len(c.Dates) > 0:
		return append(out, out[len(out)-1].AddDate(0, 0, 1)), nil
	case len(out) == 2:
		from, to := out[0], out[1]
		out = nil
		for at := from; at.Before(to); at = at.AddDate(0, 0, max(c.PeriodD, 1)) {
			out = append(out, at)
		}
		return append(out, to), nil
	}
	last := fixes[len(fixes)-1].Time
	return []time.Time{fixes[0].Time, last.Truncate(24*time.Hour).AddDate(0, 0, 1)}, nil
}

func (c *gapCase) compare(wrong *differences, emitted []navicert.Event) error {
	if len(c.Dates) > 0 { // each version of each gap
		var want [][2]*string
		if err := json.Unmarshal(c.Expected, &want); err != nil {
			return err
		}
		var w []string
		for _, p := range want {
			w = append(w, offOn(p[0], p[1]))
		}
		if got := times(emitted); !slices.Equal(got, w) {
			wrong.add("gaps %s, want %s", strings.Join(got, ", "), strings.Join(w, ", "))
		}
		return nil
	}
	final := finalVersions(emitted)
	evalLast := c.group == "OPEN_GAPS" || c.group == "GAP_BETWEEN_DAYS"
	if c.EvalLast != nil {
		evalLast = *c.EvalLast
	}
	if !evalLast {
		final = slices.DeleteFunc(final, func(ev navicert.Event) bool { return ev.State == navicert.EventOpen })
	}
	var before []struct {
		N int `json:"positions_hours_before"`
	}
	var n int
	if json.Unmarshal(c.Expected, &n) != nil { // not a number but a list
		if err := json.Unmarshal(c.Expected, &before); err != nil {
			return err
		}
		n = len(before)
	}
	if len(final) != n {
		wrong.add("%d gaps, want %d: %s", len(final), n, strings.Join(times(final), ", "))
		return nil
	}
	for i, b := range before {
		if got := final[i].Measures["positions_before"]; got != float64(b.N) {
			wrong.add("gap %d: %v positions before, want %d", i, got, b.N)
		}
	}
	for _, off := range slices.Sorted(maps.Keys(c.Times)) {
		if want := offOn(&off, c.Times[off]); !slices.Contains(times(final), want) {
			wrong.add("gap %s is missing in %s", want, strings.Join(times(final), ", "))
		}
	}
	return nil
}

func offOn(off, on *string) string {
	var a, b string
	if off != nil {
		a = *off
	}
	if on != nil {
		b = *on
	}
	return a + " " + b
}

func times(events []navicert.Event) (out []string) {
	for _, ev := range events {
		out = append(out, fmt.Sprintf("%s %s", ev.Start, ev.End))
	}
	return out
}

// finalVersions keeps the last version of each event, by start.
func finalVersions(events []navicert.Event) (out []navicert.Event) {
	at := map[string]int{}
	for _, ev := range events {
		if i, known := at[ev.ID]; known {
			out[i] = ev
			continue
		}
		at[ev.ID] = len(out)
		out = append(out, ev)
	}
	slices.SortStableFunc(out, func(a, b navicert.Event) int { return a.Start.Compare(b.Start.Time) })
	return out
}
