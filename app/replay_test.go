package app_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/app"
	"navicert/detect"
	"navicert/internal/realdata"
	"navicert/store"
)

func day(d int) time.Time { return time.Date(2025, 12, d, 0, 0, 0, 0, time.UTC) }

// traffic is NMEA of invented ships.
func traffic(t *testing.T, from, to time.Time) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := app.Simulate(t.Context(), app.SimulateOptions{Scenario: "testdata/replay.yaml", From: from, To: to}, &b, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// blockade is a zone off Venezuela that invented ships sail through.
const blockade = `{"type":"FeatureCollection","features":[{"type":"Feature",
"geometry":{"type":"Polygon","coordinates":[[[-66,9.5],[-63,9.5],[-63,13.5],[-66,13.5],[-66,9.5]]]},
"properties":{"id":"test-blockade","kind":"blockade","effect":"prohibits","from":"2025-12-01","simulated":true}}]}`

func open(t *testing.T, dir string) *app.App {
	t.Helper()
	a, err := app.New(t.Context(), app.Config{Data: dir, Clock: func() time.Time { return day(31) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

func withZones(t *testing.T, dir string) *app.App {
	t.Helper()
	a := open(t, dir)
	if _, err := a.ImportZonesFrom(t.Context(), strings.NewReader(blockade), "zones.geojson"); err != nil {
		t.Fatal(err)
	}
	return a
}

func input(b []byte) app.ReplayInput {
	return app.ReplayInput{Reader: bytes.NewReader(b), Name: "sim.nmea"}
}

// held is all that a data directory holds of tracks and events, as text.
func held(t *testing.T, dir string) string {
	t.Helper()
	db, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var b strings.Builder
	latest, err := db.Latest(t.Context(), day(40), 100*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range latest {
		fixes, err := db.Fixes(t.Context(), l.Fix.MMSI, time.Time{}, day(40))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fixes {
			fmt.Fprintf(&b, "fix %s %d %v %s %d\n", f.MMSI, f.Time.UnixMilli(), f.Pos, f.Ref.Source, f.Ref.Offset)
		}
		ids, err := db.Identities(t.Context(), 0, l.Fix.MMSI, day(40))
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			fmt.Fprintf(&b, "identity %+v\n", id)
		}
	}
	events, err := db.Events(t.Context(), detect.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, ev := range events {
		fmt.Fprintf(&b, "event %+v\n", ev)
	}
	return b.String()
}

func TestReplayCountsAddUp(t *testing.T) {
	if testing.Short() {
		t.Skip("much real data on one goroutine: make check has run it")
	}
	path := realdata.Dir(t, "ais/csv/marinecadastre-2022-01-03-first99999.csv.gz")
	events := 0
	s, err := open(t, t.TempDir()).Replay(t.Context(), app.ReplayOptions{Event: func(navicert.Event) error { events++; return nil }}, app.ReplayInput{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	f := s.Files[0]
	if f.Records != 99999 || f.Records != f.Used+int64(f.Dropped.Total()) || f.Fixes != int64(s.Fixes) {
		t.Errorf("records %d, used %d, dropped %d; %d fixes, %d came", f.Records, f.Used, f.Dropped.Total(), f.Fixes, s.Fixes)
	}
	if s.Fixes != s.Kept+s.SetAside.Total()+s.Outside || s.Kept < 90_000 {
		t.Errorf("%d fixes: %d kept, %d set aside, %d outside", s.Fixes, s.Kept, s.SetAside.Total(), s.Outside)
	}
	// Two reports of one vessel in one millisecond count as one in the store.
	if s.Added.Fixes > s.Kept || s.Added.Fixes < s.Kept-100 {
		t.Errorf("%d fixes kept, %d stored", s.Kept, s.Added.Fixes)
	}
	if s.Vessels < 10_000 || s.Events["gap"] == 0 || events < s.Events["gap"] {
		t.Errorf("%d vessels, events %v, %d given out", s.Vessels, s.Events, events)
	}
	if s.SetAside.Count("out of order") != 0 {
		t.Errorf("a table is not sorted: %s", s.SetAside.String())
	}
}

var errCut = errors.New("the power fails")

// cutReader fails after so many bytes.
type cutReader struct {
	r    io.Reader
	left int
}

func (c *cutReader) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errCut
	}
	n, err := c.r.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

// However often a replay is cut short, running it again to the end leaves what
// one undisturbed run leaves.
// Of a packed file that is cut off all that could be read is accounted for: what
// waited for its turn is named, and is no more than came in the last minute.
func TestReplayCountsCutOff(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(traffic(t, day(22), day(24))); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "cut.nmea.gz")
	for _, c := range []struct {
		bytes int
		cut   bool
	}{{packed.Len() / 2, true}, {packed.Len(), false}} {
		if err := os.WriteFile(path, packed.Bytes()[:c.bytes], 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := open(t, t.TempDir()).Replay(t.Context(), app.ReplayOptions{Lateness: time.Minute}, app.ReplayInput{Path: path})
		if c.cut != errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("%d bytes: %v", c.bytes, err)
		}
		if s.Fixes < 100 || s.Fixes != s.Kept+s.SetAside.Total()+s.Outside+s.Waiting {
			t.Errorf("%d fixes: %d kept, %d set aside, %d outside, %d waiting", s.Fixes, s.Kept, s.SetAside.Total(), s.Outside, s.Waiting)
		}
		if c.cut != (s.Waiting > 0) || s.Waiting > 20 {
			t.Errorf("%d fixes wait in %d of %d bytes", s.Waiting, c.bytes, packed.Len())
		}
	}
}

func TestReplayAgainAfterInterruptions(t *testing.T) {
	ais := traffic(t, day(23), day(26))
	clean := t.TempDir()
	whole, err := withZones(t, clean).Replay(t.Context(), app.ReplayOptions{Simulated: true}, input(ais))
	if err != nil {
		t.Fatal(err)
	}
	if whole.Events["gap"] == 0 || whole.Events["zone"] == 0 || whole.Added.Fixes != whole.Kept || whole.Zones != 1 {
		t.Fatalf("%+v", whole)
	}
	dir := t.TempDir()
	a := withZones(t, dir)
	r := rand.New(rand.NewPCG(5, 6))
	for range 6 {
		cut := &cutReader{bytes.NewReader(ais), r.IntN(len(ais))}
		if _, err := a.Replay(t.Context(), app.ReplayOptions{Simulated: true}, app.ReplayInput{Reader: cut, Name: "sim.nmea"}); !errors.Is(err, errCut) {
			t.Fatalf("error %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		n, stop := 0, r.IntN(8)+1
		_, err := a.Replay(ctx, app.ReplayOptions{Simulated: true, Event: func(navicert.Event) error {
			if n++; n == stop {
				cancel()
			}
			return nil
		}}, input(ais))
		cancel()
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	last, err := a.Replay(t.Context(), app.ReplayOptions{Simulated: true}, input(ais))
	if err != nil {
		t.Fatal(err)
	}
	if last.Kept != whole.Kept || last.Events["gap"] != whole.Events["gap"] || last.Events["zone"] != whole.Events["zone"] {
		t.Errorf("the last run: %+v, undisturbed: %+v", last, whole)
	}
	if got, want := held(t, dir), held(t, clean); got != want {
		t.Error("interrupted runs leave something else", diffLines(got, want))
	}
	again, err := a.Replay(t.Context(), app.ReplayOptions{Simulated: true}, input(ais))
	if err != nil || again.Added != (app.ReplayAdded{}) {
		t.Errorf("again: %+v, %v", again.Added, err)
	}
}

func diffLines(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	var b strings.Builder
	for _, l := range g {
		if !slices.Contains(w, l) {
			fmt.Fprintf(&b, "\nextra   %.300s", l)
		}
	}
	for _, l := range w {
		if !slices.Contains(g, l) {
			fmt.Fprintf(&b, "\nmissing %.300s", l)
		}
	}
	return b.String()
}

// Day by day gives the same events as all days at once.
func TestReplayContinues(t *testing.T) {
	all := traffic(t, day(22), day(27))
	oneGo, byDay := t.TempDir(), t.TempDir()
	if _, err := withZones(t, oneGo).Replay(t.Context(), app.ReplayOptions{}, input(all)); err != nil {
		t.Fatal(err)
	}
	a := withZones(t, byDay)
	for d := 22; d < 27; d++ {
		s, err := a.Replay(t.Context(), app.ReplayOptions{From: day(d), To: day(d + 1)}, input(all))
		if err != nil {
			t.Fatal(err)
		}
		if s.Outside == 0 || s.Fixes != s.Kept+s.SetAside.Total()+s.Outside {
			t.Errorf("day %d: %d fixes, %d kept, %d set aside, %d outside", d, s.Fixes, s.Kept, s.SetAside.Total(), s.Outside)
		}
	}
	if got, want := eventIDs(t, byDay), eventIDs(t, oneGo); !slices.Equal(got, want) {
		t.Errorf("day by day:\n%s\nin one go:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func eventIDs(t *testing.T, dir string) (out []string) {
	t.Helper()
	db, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	events, err := db.Events(t.Context(), detect.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, ev := range events {
		out = append(out, fmt.Sprintf("%s %s %s %s %s %s %s", ev.Kind, ev.MMSI, ev.Start, ev.End, ev.State, ev.Zone, ev.ID))
	}
	return out
}

func TestReplayNoStoreLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	s, err := open(t, dir).Replay(t.Context(), app.ReplayOptions{NoStore: true}, input(traffic(t, day(23), day(24))))
	if err != nil || s.Kept == 0 || s.Added != (app.ReplayAdded{}) {
		t.Fatalf("%+v, %v", s, err)
	}
	if got := held(t, dir); got != "" {
		t.Errorf("held: %.200s", got)
	}
}

func TestReplaySortsTables(t *testing.T) {
	var rows []string
	for i := range 300 {
		at := day(20).Add(time.Duration(i*7) * time.Minute)
		rows = append(rows, fmt.Sprintf("775999001,%s,10.%04d,-64.8,12.0,0.0,511,,,,,,,,,,A", at.Format("2006-01-02T15:04:05"), i*20))
	}
	const header = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n"
	rand.New(rand.NewPCG(7, 8)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	shuffled := []byte(header + strings.Join(rows, "\n") + "\n")
	slices.Sort(rows)
	a := withZones(t, t.TempDir())
	run := func(sort app.SortMode, b []byte) app.ReplaySummary {
		t.Helper()
		s, err := a.Replay(t.Context(), app.ReplayOptions{NoStore: true, Sort: sort}, app.ReplayInput{Reader: bytes.NewReader(b), Name: "t.csv"})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	inOrder := run(app.SortOff, []byte(header+strings.Join(rows, "\n")+"\n"))
	if inOrder.Kept != 300 || inOrder.Events["zone"] != 1 {
		t.Fatalf("%+v", inOrder)
	}
	for _, mode := range []app.SortMode{"", app.SortAuto, app.SortOn} {
		if s := run(mode, shuffled); s.Kept != 300 || s.Events["zone"] != 1 {
			t.Errorf("sort %q: kept %d, events %v, aside %s", mode, s.Kept, s.Events, s.SetAside.String())
		}
	}
	if s := run(app.SortOff, shuffled); s.SetAside.Count("out of order") == 0 || s.Kept+s.SetAside.Total() != 300 {
		t.Errorf("unsorted: kept %d, aside %s", s.Kept, s.SetAside.String())
	}
}

// A class B ship says its name and its call sign in two messages of the same
// second; both are kept.
func TestReplayKeepsBothHalves(t *testing.T) {
	dir := t.TempDir()
	if _, err := open(t, dir).Replay(t.Context(), app.ReplayOptions{}, input(traffic(t, day(23), day(24)))); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	latest, err := db.Latest(t.Context(), day(24), 48*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	classB := 0
	for _, l := range latest {
		if l.Fix.Class != navicert.ClassB {
			continue
		}
		classB++
		if id := l.Identity; id.Name == "" || id.CallSign == "" || !id.ShipType.Known() {
			t.Errorf("%+v", id)
		}
	}
	if classB == 0 {
		t.Error("there is no class B ship in the traffic")
	}
}

func TestReplayRefuses(t *testing.T) {
	a := open(t, t.TempDir())
	text := filepath.Join(t.TempDir(), "text.txt")
	if err := os.WriteFile(text, []byte("no positions here\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Replay(t.Context(), app.ReplayOptions{}, app.ReplayInput{Path: text}); navicert.KindOf(err) != navicert.Unsupported {
		t.Errorf("error %v", err)
	}
	if _, err := a.Replay(t.Context(), app.ReplayOptions{}, app.ReplayInput{Path: filepath.Join(t.TempDir(), "none")}); navicert.KindOf(err) != navicert.Unavailable {
		t.Errorf("error %v", err)
	}
}

func TestZones(t *testing.T) {
	a := open(t, t.TempDir())
	path := filepath.Join(t.TempDir(), "zones.geojson")
	if err := os.WriteFile(path, []byte(blockade), 0o600); err != nil {
		t.Fatal(err)
	}
	first, err := a.ImportZones(t.Context(), path)
	if err != nil || first.Zones != 1 || first.Changed != 1 || first.Source != "zones.geojson" || len(first.SHA256) != 64 {
		t.Fatalf("%+v, %v", first, err)
	}
	if again, err := a.ImportZones(t.Context(), path); err != nil || again.Changed != 0 {
		t.Errorf("again: %+v, %v", again, err)
	}
	changed := strings.Replace(blockade, `"from":"2025-12-01"`, `"from":"2025-12-01","to":"2025-12-20"`, 1)
	if s, err := a.ImportZonesFrom(t.Context(), strings.NewReader(changed), "changed"); err != nil || s.Changed != 1 {
		t.Errorf("changed: %+v, %v", s, err)
	}
	broken := strings.Replace(strings.Replace(blockade, "test-blockade", "another", 1), `"2025-12-01"`, `"2025-12-41"`, 1)
	if _, err := a.ImportZonesFrom(t.Context(), strings.NewReader(broken), "broken"); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("broken: %v", err)
	}
	for _, c := range []struct {
		lat, lon, within float64
		t                time.Time
		want             int
	}{
		{10.2, -64.8, 0, day(10), 1},
		{10.2, -64.8, 0, day(21), 0},
		{9.4, -64.8, 0, day(10), 0},
		{9.4, -64.8, 10, day(10), 1},
	} {
		zones, err := a.ZonesAt(t.Context(), navicert.Position{Lat: c.lat, Lon: c.lon}, c.t, c.within)
		if err != nil || len(zones) != c.want {
			t.Errorf("%+v: %d zones, %v", c, len(zones), err)
		}
	}
	if all, err := a.Zones(t.Context(), day(21)); err != nil || len(all) != 1 || all[0].InForce {
		t.Errorf("%+v, %v", all, err)
	}
}
