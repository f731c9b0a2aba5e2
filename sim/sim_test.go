package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"navicert"
)

var update = flag.Bool("update", false, "write golden files anew")

// caribbean plans the built-in scenario.
func caribbean(t testing.TB, o Options) *World {
	t.Helper()
	sc, err := Builtin("caribbean")
	if err != nil {
		t.Fatal(err)
	}
	w, err := New(sc, o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// small plans a scenario of the test data.
func small(t testing.TB, name string, o Options) *World {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc, err := ParseScenario(f, name)
	if err != nil {
		t.Fatal(err)
	}
	w, err := New(sc, o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// played is a world's output.
type played struct {
	stats            Stats
	sentences, lines []byte
}

func play(t testing.TB, w *World) played {
	t.Helper()
	var sentences, truth bytes.Buffer
	stats, err := w.Write(context.Background(), &sentences, &truth)
	if err != nil {
		t.Fatal(err)
	}
	return played{stats, sentences.Bytes(), truth.Bytes()}
}

// truth reads the truth back.
func (p played) truth(t testing.TB) []Truth {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(p.lines))
	dec.DisallowUnknownFields()
	var truth []Truth
	for {
		var line Truth
		err := dec.Decode(&line)
		if errors.Is(err, io.EOF) {
			return truth
		}
		if err != nil {
			t.Fatal(err)
		}
		truth = append(truth, line)
	}
}

// whole is the built-in scenario played once with all reports, for the tests
// that look at it.
var whole = sync.OnceValue(func() (w struct {
	world *World
	played
},
) {
	sc, err := Builtin("caribbean")
	if err != nil {
		panic(err)
	}
	if w.world, err = New(sc, Options{Reports: true}); err != nil {
		panic(err)
	}
	w.played = play(new(testing.B), w.world)
	return w
})

// golden compares with a file of the test data, or writes it under -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	a, b := play(t, caribbean(t, Options{})), play(t, caribbean(t, Options{}))
	if !bytes.Equal(a.sentences, b.sentences) {
		t.Error("two runs with one seed gave different sentences")
	}
	if !bytes.Equal(a.lines, b.lines) {
		t.Error("two runs with one seed gave different truths")
	}
	c := play(t, caribbean(t, Options{Seed: 2}))
	if bytes.Equal(a.sentences, c.sentences) {
		t.Error("two seeds gave the same sentences")
	}
}

// The bytes of a small world, so that a change of them is seen.
func TestGolden(t *testing.T) {
	var sentences, truth bytes.Buffer
	if _, err := small(t, "two-ships.yaml", Options{Reports: true}).Write(t.Context(), &sentences, &truth); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(sentences.Bytes(), []byte("\r\n")); n == 0 || n != bytes.Count(sentences.Bytes(), []byte("\n")) {
		t.Errorf("%d of the lines end in CR LF, want all", n)
	}
	golden(t, "two-ships.nmea", bytes.ReplaceAll(sentences.Bytes(), []byte("\r\n"), []byte("\n")))
	golden(t, "two-ships.truth.ndjson", truth.Bytes())
}

// A ship is not changed by the ships added beside it.
func TestAddedShipsChangeNobody(t *testing.T) {
	if testing.Short() {
		t.Skip("long, on one goroutine: make check has run it")
	}
	alone := linesByShip(whole().lines)
	crowded := linesByShip(play(t, caribbean(t, Options{Reports: true, Vessels: 60})).lines)
	if len(crowded) != 60 || len(alone) != len(whole().world.plans) {
		t.Fatalf("%d ships, %d with those added, want 60", len(alone), len(crowded))
	}
	for mmsi, lines := range alone {
		same(t, "line of truth of "+mmsi, lines, crowded[mmsi])
	}
}

var mmsiField = regexp.MustCompile(`"mmsi":([0-9]+)`)

func linesByShip(truth []byte) map[string][]string {
	m := map[string][]string{}
	for line := range bytes.Lines(truth) {
		if found := mmsiField.FindSubmatch(line); found != nil {
			m[string(found[1])] = append(m[string(found[1])], string(line))
		}
	}
	return m
}

// Everything that is written is read by the real decoder, with nothing refused
// and nothing changed.
func TestDecodedEqualsTruth(t *testing.T) {
	p := whole()
	var fixes []navicert.Fix
	var statics []navicert.Static
	for _, line := range p.truth(t) {
		if line.Fix != nil {
			fixes = append(fixes, *line.Fix)
		}
		if line.Static != nil {
			statics = append(statics, *line.Static)
		}
	}
	if len(fixes) != p.stats.Positions || len(statics) != p.stats.Statics || len(fixes) < 20000 {
		t.Fatalf("%d fixes, %d static reports in the truth; stats %+v", len(fixes), len(statics), p.stats)
	}
	d := decode(t, p.sentences)
	same(t, "fix", fixes, d.fixes)
	same(t, "static report", statics, d.statics)
	if got := int(d.counts.Sentences); got != p.stats.Sentences {
		t.Errorf("%d sentences decoded, %d written", got, p.stats.Sentences)
	}
}

// same compares two long lists and shows the first elements that differ.
func same[T any](t *testing.T, what string, want, got []T) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%s: %d, want %d", what, len(got), len(want))
	}
	bad := 0
	for i := 0; i < min(len(want), len(got)) && bad < 3; i++ {
		if !reflect.DeepEqual(want[i], got[i]) {
			bad++
			t.Errorf("%s %d:\n got %+v\nwant %+v", what, i, got[i], want[i])
		}
	}
}

// Silences in the truth are exactly the long intervals between received
// positions, with the right reasons.
func TestSilences(t *testing.T) {
	p := whole()
	limit := time.Duration(p.world.sc.Silence)
	type silence struct {
		mmsi       navicert.MMSI
		start, end time.Time
	}
	want, got := map[silence]bool{}, map[silence]Cause{}
	last := map[navicert.MMSI]time.Time{}
	for _, f := range decode(t, p.sentences).fixes {
		if before, ok := last[f.MMSI]; ok && f.Time.Sub(before) > limit {
			want[silence{f.MMSI, before, f.Time}] = true
		}
		last[f.MMSI] = f.Time
	}
	for mmsi, before := range last {
		if p.world.to.Sub(before) > limit {
			want[silence{mmsi, before, time.Time{}}] = true
		}
	}
	for _, line := range p.truth(t) {
		if line.Truth == TruthSilence {
			got[silence{line.MMSI, line.Start.Time, line.End.Time}] = line.Cause
		}
	}
	for s := range want {
		if _, ok := got[s]; !ok {
			t.Errorf("%s was not heard from %s to %s, and the truth does not tell", s.mmsi, s.start, s.end)
		}
	}
	causes := map[Cause]int{}
	for s, cause := range got {
		causes[cause]++
		if !want[s] {
			t.Errorf("the truth tells a silence of %s from %s to %s, but it was heard", s.mmsi, s.start, s.end)
		}
	}
	if causes[CauseOff] != 1 || causes[CauseOutage] != 3 || causes[CauseLeft] != 0 {
		t.Errorf("causes %v, want one ship off and three in the outage", causes)
	}
}

// A window of the world holds what the whole world holds of that time: the
// same ships in the same places, though not heard at the same instants.
func TestWindow(t *testing.T) {
	from := time.Date(2025, 12, 25, 0, 0, 0, 0, time.UTC)
	w := caribbean(t, Options{From: from, To: from.Add(6 * time.Hour)})
	p := play(t, w)
	n := 0
	for _, f := range decode(t, p.sentences).fixes {
		n++
		if f.Time.Before(from) || !f.Time.Before(from.Add(6*time.Hour)) {
			t.Fatalf("a fix of %s", f.Time)
		}
		truth := planOf(t, whole().world, f.MMSI).at(f.Time).pos
		if d := distanceM(truth, f.Pos); d > 100 {
			t.Fatalf("%s is %g m from where it should be", f.MMSI, d)
		}
	}
	if n < 300 {
		t.Errorf("only %d fixes in six hours", n)
	}
}

func planOf(t *testing.T, w *World, mmsi navicert.MMSI) *plan {
	t.Helper()
	for _, p := range w.plans {
		if navicert.MMSI(p.v.MMSI) == mmsi {
			return p
		}
	}
	t.Fatalf("no ship has MMSI %s", mmsi)
	return nil
}

func TestStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := caribbean(t, Options{}).Write(ctx, io.Discard, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestWriteErrorsAreReturned(t *testing.T) {
	w := small(t, "two-ships.yaml", Options{})
	if _, err := w.Write(t.Context(), failingWriter{}, nil); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("sentences: %v", err)
	}
	if _, err := w.Write(t.Context(), io.Discard, failingWriter{}); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("truth: %v", err)
	}
}
