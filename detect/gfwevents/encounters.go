package gfwevents

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/encounter"
	"navicert/track"
	"navicert/track/gfw"
)

// seriesFix is a position of pipe-encounters (tests/series_data.py). Its id is
// an MMSI, or a small number.
type seriesFix struct {
	ID     string    `json:"id"`
	Time   time.Time `json:"timestamp"`
	Lat    float64   `json:"lat"`
	Lon    float64   `json:"lon"`
	Speed  float64   `json:"speed"`
	Course float64   `json:"course"`
}

func (f *seriesFix) fix() (navicert.Fix, error) {
	m, err := mmsiOf(f.ID)
	return navicert.Fix{
		MMSI: m, Time: f.Time, Pos: navicert.Position{Lat: f.Lat, Lon: f.Lon},
		SpeedKn: navicert.Some(f.Speed), CourseDeg: navicert.Some(f.Course), Ref: navicert.Ref{Source: "gfw"},
	}, err
}

func mmsiOf(id string) (navicert.MMSI, error) {
	m, err := strconv.ParseUint(id, 10, 32)
	if m < 100 {
		m += 235_000_000
	}
	return navicert.MMSI(m), err
}

// seriesRun is an expected run or meeting (tests/test_compute_encounters.py).
// Times are written in two ways.
type seriesRun struct {
	Own    string  `json:"vessel_1_seg_id"`
	Other  string  `json:"vessel_2_seg_id"`
	Own2   string  `json:"vessel_1_id"`
	Other2 string  `json:"vessel_2_id"`
	Start  any     `json:"start_time"`
	End    any     `json:"end_time"`
	Lat    float64 `json:"mean_latitude"`
	Lon    float64 `json:"mean_longitude"`
	KM     float64 `json:"median_distance_km"`
	Kn     float64 `json:"median_speed_knots"`
	Points int     `json:"vessel_1_point_count"`
	Others int     `json:"vessel_2_point_count"`
	Lat0   float64 `json:"start_lat"`
	Lon0   float64 `json:"start_lon"`
	Lat1   float64 `json:"end_lat"`
	Lon1   float64 `json:"end_lon"`
}

// Encounters compares encounters with the thresholds of the upstream tests: raw
// ones, towards each ship, and merged ones of two ships.
func Encounters(path string) (gfw.Set, error) {
	set := gfw.Set{Name: encountersName}
	var file struct {
		Inputs   map[string][]seriesFix `json:"inputs"`
		Expected map[string][]seriesRun `json:"expected"`
	}
	if err := gfw.ReadJSON(path, &file); err != nil {
		return set, err
	}
	for _, c := range []struct {
		input, expected string
		nearest         int
		compare         func(*differences, *encounter.Preset, []encounter.PairRuns, []seriesRun)
	}{
		{"simple_series_data", "simple", 100, (*differences).runs},
		{"multi_series_data", "multi", 100, (*differences).runs},
		{"multi_series_data", "nerfed_multi", 1, (*differences).runs}, // towards the nearest only
		{"dateline_series_data", "dateline", 100, (*differences).runs},
		{"fastsep_series_data", "fastsep", 100, (*differences).runs},
		{"real_series_data", "real", 100, (*differences).runs},
		{"real_series_data", "messages", 100, (*differences).runs},
		{"real_series_data", "merged", 100, (*differences).meetings},
		{"dateline_series_data", "merged_dateline", 100, (*differences).meetings},
	} {
		series, expected := file.Inputs[c.input], file.Expected[c.expected]
		if len(series) == 0 || expected == nil {
			return set, gfw.Unusable(path, "it has no series %s or nothing expected as %s", c.input, c.expected)
		}
		p := encounter.GFW()
		p.Grid.MaxGap, p.MinRun, p.Merge, p.Nearest = 70*time.Minute, 30*time.Minute, 24*time.Hour, c.nearest
		pairs, err := runsOf(p, series)
		if err != nil {
			return set, gfw.Unusable(path, "%s: %w", c.input, err)
		}
		var wrong differences
		c.compare(&wrong, &p, pairs, slices.Clone(expected))
		set.Case(c.expected, wrong)
	}
	return set, nil
}

// runsOf gives a series to the detector through an engine, in the order of
// time, and returns the runs that it holds at the end.
func runsOf(p encounter.Preset, series []seriesFix) ([]encounter.PairRuns, error) {
	d := encounter.New(p, nil)
	e := detect.NewEngine(detect.Options{Detectors: []detect.Detector{d}, Gate: track.Gate{Name: "all", MaxKn: 1e9, OneShip: true}})
	series = slices.Clone(series)
	slices.SortStableFunc(series, func(a, b seriesFix) int { return a.Time.Compare(b.Time) })
	for i := range series {
		f, err := series[i].fix()
		if err != nil {
			return nil, err
		}
		if err := e.Fix(&f); err != nil {
			return nil, err
		}
	}
	if err := e.Close(time.Time{}); err != nil {
		return nil, err
	}
	return d.EndRuns(), nil
}

// is reports whether an id is that of a ship.
func is(m navicert.MMSI, id string) bool {
	n, err := mmsiOf(id)
	return err == nil && m == n
}

func sameTime(at time.Time, want any) bool {
	switch w := want.(type) {
	case string:
		return at.Format(time.RFC3339) == w
	case float64:
		return float64(at.Unix()) == w
	}
	return false
}

// runs compares raw encounters, each of which is expected once.
func (d *differences) runs(p *encounter.Preset, pairs []encounter.PairRuns, expected []seriesRun) {
	for _, pair := range pairs {
		for _, r := range pair.Runs {
			own, other, start := pair.Ships[r.Ship()], pair.Ships[1-r.Ship()], p.Grid.Time(r.Start)
			k := slices.IndexFunc(expected, func(w seriesRun) bool {
				return is(own, w.Own) && is(other, w.Other) && sameTime(start, w.Start)
			})
			if k < 0 {
				d.add("run of %s towards %s from %s to %s was not expected", own, other, start, p.Grid.Time(r.End))
				continue
			}
			d.measures(&expected[k], measured{
				p.Grid.Time(r.End), encounter.Median(r.Metres), encounter.Median(r.Knots), r.Mean(), r.From, r.To, encounter.Points(r.Own), encounter.Points(r.Other),
			})
			expected = slices.Delete(expected, k, k+1)
		}
	}
	for _, w := range expected {
		d.add("run of %s towards %s from %v to %v is missing", w.Own, w.Other, w.Start, w.End)
	}
}

// meetings compares merged encounters, of which each case has one.
func (d *differences) meetings(p *encounter.Preset, pairs []encounter.PairRuns, expected []seriesRun) {
	if len(pairs) != 1 || len(expected) != 1 {
		d.add("%d pairs, want 1, of which %d meetings are expected, want 1", len(pairs), len(expected))
		return
	}
	meetings := encounter.Merge(pairs[0].Runs, p.Grid.Slots(p.Merge))
	if len(meetings) != 1 {
		d.add("%d meetings, want 1", len(meetings))
		return
	}
	m, w := &meetings[0], &expected[0]
	if !is(pairs[0].Ships[0], w.Own2) || !is(pairs[0].Ships[1], w.Other2) {
		d.add("ships %v, want %s and %s", pairs[0].Ships, w.Own2, w.Other2)
	}
	if start := p.Grid.Time(m.Start); !sameTime(start, w.Start) {
		d.add("begins %s, want %v", start, w.Start)
	}
	d.measures(w, measured{p.Grid.Time(m.End), m.MedianM, m.MedianKn, m.Mean, m.From, m.To, m.First, m.Other})
}

// measured is what is compared of a run or a meeting.
type measured struct {
	end            time.Time
	metres, knots  float64
	mean, from, to navicert.Position
	points, others int
}

// measures compares to the precision of the positions that are held, a centimetre.
func (d *differences) measures(w *seriesRun, m measured) {
	if !sameTime(m.end, w.End) {
		d.add("ends %s, want %v", m.end, w.End)
	}
	d.near("median distance", m.metres/1000, w.KM, 2e-5)
	d.near("median speed", m.knots, w.Kn, 1e-4)
	d.near("mean latitude", m.mean.Lat, w.Lat, 2e-7)
	d.near("mean longitude", m.mean.Lon, w.Lon, 2e-7)
	d.near("start latitude", m.from.Lat, w.Lat0, 2e-7)
	d.near("start longitude", m.from.Lon, w.Lon0, 2e-7)
	d.near("end latitude", m.to.Lat, w.Lat1, 2e-7)
	d.near("end longitude", m.to.Lon, w.Lon1, 2e-7)
	if m.points != w.Points || m.others != w.Others {
		d.add("points %d, %d, want %d, %d", m.points, m.others, w.Points, w.Others)
	}
}

// Resample compares a track on the grid of ten minutes: a case is a sample.
func Resample(path string) (gfw.Set, error) {
	set := gfw.Set{Name: resampleName}
	var file struct {
		Every   int         `json:"increment_s"`
		MaxGap  int         `json:"max_gap_s"`
		Reckons bool        `json:"extrapolate"`
		Input   []seriesFix `json:"input"`
		Want    []struct {
			Time    time.Time `json:"timestamp"`
			Lat     float64   `json:"lat"`
			Lon     float64   `json:"lon"`
			Density float64   `json:"point_density"`
			Speed   float64   `json:"speed"`
		} `json:"expected"`
	}
	if err := gfw.ReadJSON(path, &file); err != nil {
		return set, err
	}
	if file.Every <= 0 || !file.Reckons || len(file.Input) == 0 {
		return set, gfw.Unusable(path, "%d fixes every %d s, reckoned %v", len(file.Input), file.Every, file.Reckons)
	}
	g := encounter.Grid{Every: time.Duration(file.Every) * time.Second, MaxGap: time.Duration(file.MaxGap) * time.Second}
	var got []encounter.Sample
	take := func(s encounter.Sample) { got = append(got, s) }
	var last *navicert.Fix
	for i := range file.Input {
		file.Input[i].ID = "1"
		f, err := file.Input[i].fix()
		if err != nil {
			return set, err
		}
		g.Leg(last, &f, take)
		last = &f
	}
	g.Reckon = time.Hour // the last fix of the day only: upstream reckons over no gap within it
	g.After(last, take)
	for i, w := range file.Want {
		name := "sample at " + w.Time.Format(time.RFC3339)
		if i >= len(got) {
			set.Case(name, differences{"missing"})
			continue
		}
		var wrong differences
		if at := g.Time(got[i].Slot); !at.Equal(w.Time) {
			wrong.add("at %s", at)
		}
		wrong.near("latitude", got[i].Pos.Lat, w.Lat, 1e-9)
		wrong.near("longitude", got[i].Pos.Lon, w.Lon, 1e-9)
		wrong.near("speed", got[i].SpeedKn, w.Speed, 1e-9)
		wrong.near("density", math.Round(got[i].Density*100)/100, w.Density, 1e-9)
		set.Case(name, wrong)
	}
	for _, s := range got[min(len(got), len(file.Want)):] {
		set.Case(fmt.Sprintf("sample at %s", g.Time(s.Slot)), differences{"not expected"})
	}
	return set, nil
}
