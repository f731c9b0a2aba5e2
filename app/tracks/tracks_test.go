package tracks_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	"navicert"
	"navicert/app/tracks"
	"navicert/feed"
)

// TestReadBack writes fixes and reads them with the reader of MarineCadastre's
// GeoParquet: what that form can say comes back, fix by fix.
func TestReadBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "tracks")
		if err != nil {
			rt.Fatal(err)
		}
		var want []navicert.Fix
		w := tracks.New(dir)
		start := time.Date(2025, 12, 18, 0, 0, 0, 0, time.UTC)
		n := rapid.IntRange(1, 3000).Draw(rt, "fixes") // more than a batch
		for i := range n {
			f := navicert.Fix{
				MMSI: 775999001, Time: start.Add(time.Duration(i) * 7 * time.Second), Class: navicert.ClassA, Station: "SIM", Ref: navicert.Ref{Source: "a.nmea", Offset: int64(i)},
				Pos: navicert.Position{Lat: float64(i%900)/10 - 45, Lon: float64(i%3600)/10 - 180},
			}
			if i%3 > 0 {
				f.SpeedKn, f.CourseDeg = navicert.Some(float64(i%300)/10), navicert.Some(float64(i%3600)/10)
			}
			if i%5 == 0 {
				f.HeadingDeg, f.Status = navicert.Some(float64(i%360)), navicert.Some(navicert.Moored)
			}
			if err := w.Fix(&f); err != nil {
				rt.Fatal(err)
			}
			want = append(want, f)
		}
		if err := w.Close(); err != nil {
			rt.Fatal(err)
		}
		got := read(rt, filepath.Join(dir, "date=2025-12-18", "tracks.parquet"))
		if len(got) != n || w.Rows() != n || w.Files() != 1 {
			rt.Fatalf("%d fixes, %d rows in %d files, want %d", len(got), w.Rows(), w.Files(), n)
		}
		for i := range got {
			g, x := got[i], want[i]
			g.TimeFrom, g.Ref, g.Station = x.TimeFrom, x.Ref, x.Station // the form has none
			if diff := cmp.Diff(x, g, cmp.Comparer(func(a, b navicert.Opt[float64]) bool { return a == b }), cmp.Comparer(func(a, b navicert.Opt[navicert.NavStatus]) bool { return a == b })); diff != "" {
				rt.Fatal(diff)
			}
		}
	})
}

type sink struct{ fixes []navicert.Fix }

func (s *sink) Fix(f *navicert.Fix) error     { s.fixes = append(s.fixes, *f); return nil }
func (s *sink) Static(*navicert.Static) error { return nil }

func read(t *rapid.T, path string) []navicert.Fix {
	s := &sink{}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := feed.Read(context.Background(), bytes.NewReader(b), feed.Options{}, s); err != nil {
		t.Fatal(err)
	}
	return s.fixes
}

// TestDays holds that each day has its file, that late positions find it, that
// nothing is written over, and that what is abandoned is not there.
func TestDays(t *testing.T) {
	dir := t.TempDir()
	at := func(day, hour int) *navicert.Fix {
		return &navicert.Fix{MMSI: 775999001, Time: time.Date(2025, 12, day, hour, 0, 0, 0, time.UTC), Simulated: true, Ref: navicert.Ref{Source: "a.csv", Line: 2}}
	}
	w := tracks.New(dir)
	for _, f := range []*navicert.Fix{at(18, 23), at(19, 0), at(18, 22), at(20, 0), at(21, 0), at(22, 0), at(18, 21)} { // the last comes when its file is ended
		if err := w.Fix(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	rows := map[string]int64{}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(path, err)
		}
		name, _ := filepath.Rel(dir, path)
		rows[name] = f.NumRows()
		text, ok := f.Lookup("geo")
		var geo struct {
			Primary string                     `json:"primary_column"`
			Columns map[string]json.RawMessage `json:"columns"`
		}
		if err := json.Unmarshal([]byte(text), &geo); !ok || err != nil || geo.Columns[geo.Primary] == nil {
			t.Errorf("%s: geo metadata %q, %v", name, text, err)
		}
		var column map[string]json.RawMessage
		if err := json.Unmarshal(geo.Columns[geo.Primary], &column); err != nil || column["crs"] != nil { // none is WGS 84; null is unknown
			t.Errorf("%s: the points are of crs %s, %v", name, column["crs"], err)
		}
	}
	want := map[string]int64{
		"date=2025-12-18/tracks.parquet": 2, "date=2025-12-18/tracks-2.parquet": 1, "date=2025-12-19/tracks.parquet": 1,
		"date=2025-12-20/tracks.parquet": 1, "date=2025-12-21/tracks.parquet": 1, "date=2025-12-22/tracks.parquet": 1,
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	if w.Beside() != 0 {
		t.Errorf("%d files beside others that were there before", w.Beside())
	}

	again := tracks.New(dir)
	for _, d := range []int{20, 23, 24, 25, 26, 27} { // more than are open at once
		if err := again.Fix(at(d, 0)); err != nil {
			t.Fatal(err)
		}
	}
	if again.Files() != 3 || again.Beside() != 1 {
		t.Errorf("%d files are whole, %d beside another", again.Files(), again.Beside())
	}
	again.Abandon()
	for _, pattern := range []string{"date=2025-12-2[34567]/*", "*/.navicert-*", "date=2025-12-20/tracks-2.parquet"} {
		if left, err := filepath.Glob(filepath.Join(dir, pattern)); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "date=2025-12-20", "tracks.parquet")); err != nil {
		t.Errorf("what was there before: %v", err)
	}
}

// TestWhatAKillLeaves: a file that was not whole when its process ended is
// removed by the next one; that of a process that still runs, and what is not
// ours, stay.
func TestWhatAKillLeaves(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "date=2025-12-18")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	written, err := os.Create(filepath.Join(folder, ".navicert-2.unfinished"))
	if err != nil {
		t.Fatal(err)
	}
	defer written.Close()
	if err := syscall.Flock(int(written.Fd()), syscall.LOCK_EX); err != nil { // as the one that writes it does
		t.Fatal(err)
	}
	left := map[string]bool{
		".navicert-1.unfinished": false,
		".navicert-2.unfinished": true,
		".navicert-notes":        true,
		".new-elsewhere-1-123":   true,
	}
	for name := range left {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	other := tracks.New(dir) // has one under way
	if err := other.Fix(&navicert.Fix{MMSI: 775999002, Time: time.Date(2025, 12, 18, 0, 0, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := other.Close(); err != nil || other.Files() != 1 {
			t.Errorf("the other writer: %d files, %v", other.Files(), err)
		}
	}()
	w := tracks.New(dir)
	if err := w.Fix(&navicert.Fix{MMSI: 775999001, Time: time.Date(2025, 12, 18, 0, 0, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, want := range left {
		if _, err := os.Stat(filepath.Join(folder, name)); (err == nil) != want {
			t.Errorf("%s: %v, want it there: %v", name, err, want)
		}
	}
}
