package encounter

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/internal/realdata"
	"navicert/track"
)

// The cases of Global Fishing Watch's pipe-encounters (df93ee4, Apache-2.0); the
// fields are described in docs/detectors/encounter.md.

type gfwFix struct {
	ID     string    `json:"id"`
	Time   time.Time `json:"timestamp"`
	Lat    float64   `json:"lat"`
	Lon    float64   `json:"lon"`
	Speed  float64   `json:"speed"`
	Course float64   `json:"course"`
}

func (f *gfwFix) fix(t *testing.T) navicert.Fix {
	t.Helper()
	m, err := strconv.Atoi(f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if m < 100 {
		m += 235_000_000
	}
	return navicert.Fix{
		MMSI: navicert.MMSI(m), Time: f.Time, Pos: navicert.Position{Lat: f.Lat, Lon: f.Lon},
		SpeedKn: navicert.Some(f.Speed), CourseDeg: navicert.Some(f.Course), Ref: navicert.Ref{Source: "gfw"},
	}
}

// gfwRun is an expected run or meeting. Times are written in two ways.
type gfwRun struct {
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

type gfwFile struct {
	Inputs   map[string][]gfwFix `json:"inputs"`
	Expected map[string][]gfwRun `json:"expected"`
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(realdata.Dir(t, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

// held gives a series to the detector through an engine, in the order of time,
// with the thresholds of the upstream tests, and returns the pairs that it holds
// at the end.
func held(t *testing.T, series []gfwFix, nearest int) (*Detector, []*pair) {
	t.Helper()
	p := GFW()
	p.Grid.MaxGap, p.MinRun, p.Merge, p.Nearest = 70*time.Minute, 30*time.Minute, 24*time.Hour, nearest
	d := New(p, nil)
	e := detect.NewEngine(detect.Options{Detectors: []detect.Detector{d}, Gate: track.Gate{Name: "all", MaxKn: 1e9, OneShip: true}})
	series = slices.Clone(series)
	slices.SortStableFunc(series, func(a, b gfwFix) int { return a.Time.Compare(b.Time) })
	for i := range series {
		f := series[i].fix(t)
		if err := e.Fix(&f); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(time.Time{}); err != nil {
		t.Fatal(err)
	}
	for _, p := range d.pairs.list {
		for dir, r := range p.open {
			if r != nil {
				d.end(p, dir)
			}
		}
	}
	return d, d.pairs.list
}

func sameID(m navicert.MMSI, id string) bool {
	n, err := strconv.Atoi(id)
	return err == nil && (int(m) == n || int(m) == n+235_000_000)
}

func (d *Detector) sameTime(t *testing.T, slot int64, want any) bool {
	t.Helper()
	at := d.preset.Grid.Time(slot)
	switch w := want.(type) {
	case string:
		return at.Format(time.RFC3339) == w
	case float64:
		return at.Unix() == int64(w)
	}
	t.Fatalf("time %v", want)
	return false
}

// closeTo compares to the precision of the positions that are held, a centimetre.
func closeTo(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance {
		t.Errorf("%s is %.9f, want %.9f", what, got, want)
	}
}

func TestGFWRuns(t *testing.T) {
	var file gfwFile
	readJSON(t, "behaviour/gfw_encounters_cases.json", &file)
	for _, c := range []struct {
		name, input, expected string
		nearest               int
	}{
		{"simple", "simple_series_data", "simple", 100},
		{"multi", "multi_series_data", "multi", 100},
		{"nearest only", "multi_series_data", "nerfed_multi", 1},
		{"date line", "dateline_series_data", "dateline", 100},
		{"fast separation", "fastsep_series_data", "fastsep", 100},
		{"real", "real_series_data", "real", 100},
		{"messages", "real_series_data", "messages", 100},
	} {
		t.Run(c.name, func(t *testing.T) {
			if len(file.Inputs[c.input]) == 0 {
				t.Fatalf("no series %s", c.input)
			}
			expected, ok := file.Expected[c.expected]
			if !ok {
				t.Fatalf("no expectation %s", c.expected)
			}
			d, pairs := held(t, file.Inputs[c.input], c.nearest)
			n := 0
			for _, p := range pairs {
				for _, r := range p.runs {
					n++
					d.findRun(t, p, r, expected)
				}
			}
			if n != len(expected) {
				t.Errorf("%d runs, want %d", n, len(expected))
			}
		})
	}
}

// findRun looks for a run among those that are expected.
func (d *Detector) findRun(t *testing.T, p *pair, r *Run, expected []gfwRun) {
	t.Helper()
	for _, w := range expected {
		if !sameID(p.ship[r.dir].mmsi, w.Own) || !sameID(p.ship[1-r.dir].mmsi, w.Other) || !d.sameTime(t, r.Start, w.Start) {
			continue
		}
		if !d.sameTime(t, r.End, w.End) {
			t.Errorf("%s to %s ends %s, want %v", w.Own, w.Other, d.preset.Grid.Time(r.End), w.End)
		}
		closeTo(t, "median distance", Median(r.Metres)/1000, w.KM, 2e-5)
		closeTo(t, "median speed", Median(r.Knots), w.Kn, 1e-4)
		closeTo(t, "mean latitude", r.Mean().Lat, w.Lat, 2e-7)
		closeTo(t, "mean longitude", r.Mean().Lon, w.Lon, 2e-7)
		closeTo(t, "start latitude", r.From.Lat, w.Lat0, 2e-7)
		closeTo(t, "start longitude", r.From.Lon, w.Lon0, 2e-7)
		closeTo(t, "end latitude", r.To.Lat, w.Lat1, 2e-7)
		closeTo(t, "end longitude", r.To.Lon, w.Lon1, 2e-7)
		if Points(r.Own) != w.Points || Points(r.Other) != w.Others {
			t.Errorf("%s to %s: points %d, %d (%f, %f), want %d, %d", w.Own, w.Other, Points(r.Own), Points(r.Other), r.Own, r.Other, w.Points, w.Others)
		}
		return
	}
	t.Errorf("run of %s towards %s from %s to %s was not expected", p.ship[r.dir].mmsi, p.ship[1-r.dir].mmsi, d.preset.Grid.Time(r.Start), d.preset.Grid.Time(r.End))
}

func TestGFWMerged(t *testing.T) {
	var file gfwFile
	readJSON(t, "behaviour/gfw_encounters_cases.json", &file)
	for input, expected := range map[string]string{"real_series_data": "merged", "dateline_series_data": "merged_dateline"} {
		t.Run(expected, func(t *testing.T) {
			if len(file.Expected[expected]) != 1 {
				t.Fatalf("%d meetings expected", len(file.Expected[expected]))
			}
			d, pairs := held(t, file.Inputs[input], 100)
			if len(pairs) != 1 {
				t.Fatalf("%d pairs", len(pairs))
			}
			meetings := Merge(pairs[0].runs, d.preset.Grid.slots(d.preset.Merge))
			if len(meetings) != 1 {
				t.Fatalf("%d meetings", len(meetings))
			}
			m, w := meetings[0], file.Expected[expected][0]
			if !sameID(pairs[0].ship[0].mmsi, w.Own2) || !sameID(pairs[0].ship[1].mmsi, w.Other2) {
				t.Errorf("ships %v", pairs[0].ship)
			}
			if !d.sameTime(t, m.Start, w.Start) || !d.sameTime(t, m.End, w.End) {
				t.Errorf("from %s to %s", d.preset.Grid.Time(m.Start), d.preset.Grid.Time(m.End))
			}
			closeTo(t, "median distance", m.MedianM/1000, w.KM, 2e-5)
			closeTo(t, "median speed", m.MedianKn, w.Kn, 1e-4)
			closeTo(t, "mean latitude", m.Mean.Lat, w.Lat, 2e-7)
			closeTo(t, "mean longitude", m.Mean.Lon, w.Lon, 2e-7)
			closeTo(t, "start latitude", m.From.Lat, w.Lat0, 2e-7)
			closeTo(t, "start longitude", m.From.Lon, w.Lon0, 2e-7)
			closeTo(t, "end latitude", m.To.Lat, w.Lat1, 2e-7)
			closeTo(t, "end longitude", m.To.Lon, w.Lon1, 2e-7)
			if m.First != w.Points || m.Other != w.Others {
				t.Errorf("points %d, %d, want %d, %d", m.First, m.Other, w.Points, w.Others)
			}
		})
	}
}

func TestGFWResample(t *testing.T) {
	var file struct {
		Every   int      `json:"increment_s"`
		MaxGap  int      `json:"max_gap_s"`
		Reckons bool     `json:"extrapolate"`
		Input   []gfwFix `json:"input"`
		Want    []struct {
			Time    time.Time `json:"timestamp"`
			Lat     float64   `json:"lat"`
			Lon     float64   `json:"lon"`
			Density float64   `json:"point_density"`
			Speed   float64   `json:"speed"`
		} `json:"expected"`
	}
	readJSON(t, "behaviour/gfw_resample_case.json", &file)
	if len(file.Input) != 11 || len(file.Want) != 14 || !file.Reckons {
		t.Fatalf("%d fixes, %d samples, reckoned %v", len(file.Input), len(file.Want), file.Reckons)
	}
	g := Grid{Every: time.Duration(file.Every) * time.Second, MaxGap: time.Duration(file.MaxGap) * time.Second}
	var got []Sample
	take := func(s Sample) { got = append(got, s) }
	var last *navicert.Fix
	for i := range file.Input {
		file.Input[i].ID = "1"
		f := file.Input[i].fix(t)
		g.Leg(last, &f, take)
		last = &f
	}
	g.Reckon = time.Hour // the last fix of the day only: upstream reckons over no gap within it
	g.After(last, take)
	if len(got) != len(file.Want) {
		t.Fatalf("%d samples, want %d: %v", len(got), len(file.Want), got)
	}
	for i, w := range file.Want {
		if !g.Time(got[i].Slot).Equal(w.Time) {
			t.Errorf("sample %d at %s, want %s", i, g.Time(got[i].Slot), w.Time)
		}
		closeTo(t, "latitude", got[i].Pos.Lat, w.Lat, 1e-9)
		closeTo(t, "longitude", got[i].Pos.Lon, w.Lon, 1e-9)
		closeTo(t, "speed", got[i].SpeedKn, w.Speed, 1e-9)
		closeTo(t, "density", math.Round(got[i].Density*100)/100, w.Density, 1e-9)
	}
}
