package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/app"
	"navicert/sim"
)

// eventsOf replays inputs in a new data directory with a zone, and returns all
// that was told of events but where the fixes stand in their files.
func eventsOf(t *testing.T, o app.ReplayOptions, inputs ...app.ReplayInput) []string {
	t.Helper()
	var out []string
	o.Event = func(ev navicert.Event) error {
		for i := range ev.Evidence {
			ev.Evidence[i].Source, ev.Evidence[i].Ref = "", ""
		}
		b, err := json.Marshal(ev)
		out = append(out, string(b))
		return err
	}
	if _, err := withZones(t, t.TempDir()).Replay(t.Context(), o, inputs...); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestShards: input that is split into pieces of time, named in any order, or by
// ships, gives the events that the whole gives; so do its lines when they come
// shuffled within the lateness, some of them twice.
func TestShards(t *testing.T) {
	const lateness = time.Minute
	whole := traffic(t, day(22), day(25))
	o := app.ReplayOptions{Lateness: lateness}
	want := eventsOf(t, o, input(whole))
	if len(want) < 10 {
		t.Fatalf("%d events", len(want))
	}
	lines := slices.Collect(bytes.Lines(whole))
	named := func(parts ...[][]byte) (in []app.ReplayInput) {
		for i, p := range parts {
			in = append(in, app.ReplayInput{Reader: bytes.NewReader(bytes.Join(p, nil)), Name: fmt.Sprint("part-", i)})
		}
		return in
	}
	a, b := len(lines)/3, len(lines)/2
	ships := make([][][]byte, 3)
	k := 0
	for _, l := range lines {
		if bytes.Contains(l, []byte("!AIVDM,2,2")) { // stays with its first part
			ships[k] = append(ships[k], l)
			continue
		}
		_, sentence, _ := bytes.Cut(l, []byte{'!'})
		payload := bytes.Split(sentence, []byte{','})[5]
		k = int(payload[min(5, len(payload)-1)]+payload[min(4, len(payload)-1)]) % 3 // the end of the MMSI
		ships[k] = append(ships[k], l)
	}
	for k, part := range ships {
		if len(part) < len(lines)/20 {
			t.Fatalf("part %d of the ships has %d of %d lines", k, len(part), len(lines))
		}
	}
	for name, in := range map[string][]app.ReplayInput{
		"pieces of time":              named(lines[:a], lines[a:b], lines[b:]),
		"pieces of time, other order": named(lines[b:], lines[:a], lines[a:b]),
		"ships":                       named(ships...),
		"shuffled":                    named(late(t, lines, lateness)),
	} {
		if got := eventsOf(t, o, in...); !slices.Equal(got, want) {
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					t.Logf("number %d is\n%.200s, want\n%.200s", i, got[i], want[i])
					break
				}
			}
			t.Errorf("%s: %d events, the whole gives %d:%s", name, len(got), len(want), diffLines(strings.Join(got, "\n"), strings.Join(want, "\n")))
		}
	}
}

// late shuffles lines with a tag block's time so that none comes more than the
// lateness behind newer ones; every tenth comes twice.
func late(t *testing.T, lines [][]byte, lateness time.Duration) [][]byte {
	t.Helper()
	r := rand.New(rand.NewPCG(9, 9))
	type arrival struct {
		at   float64
		line []byte
	}
	var as []arrival
	for i := 0; i < len(lines); i++ {
		text := string(lines[i])
		k := strings.Index(text, "c:")
		if k < 0 {
			t.Fatalf("no time in %q", text)
		}
		var at float64
		if _, err := fmt.Sscanf(text[k:], "c:%f", &at); err != nil {
			t.Fatal(err)
		}
		group := lines[i]
		if strings.Contains(text, "!AIVDM,2,1") && i+1 < len(lines) { // its second part stays behind it
			i++
			group = slices.Concat(group, lines[i])
		}
		as = append(as, arrival{at + lateness.Seconds()*r.Float64(), group})
		if i%10 == 0 {
			as = append(as, arrival{at + lateness.Seconds()*r.Float64(), group})
		}
	}
	slices.SortFunc(as, func(a, b arrival) int {
		if a.at < b.at {
			return -1
		}
		return 1
	})
	var out [][]byte
	for _, a := range as {
		out = append(out, a.line)
	}
	return out
}

// TestCheckpointIsOfItsInput: a replay that was stopped goes on where it stood;
// when a file has changed, or when it is told to, it begins anew. At its end
// nothing is left to go on from.
func TestCheckpointIsOfItsInput(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "a.nmea")
	ais := traffic(t, day(22), day(24))
	write := func(b []byte) {
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(ais)
	a := withZones(t, dir)
	run := func(o app.ReplayOptions, stop bool) (resumed int) {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		n := 0
		o.Batch, o.Event = 100, func(navicert.Event) error {
			if n++; n == 3 && stop {
				cancel()
			}
			return nil
		}
		o.Resumed = func(records int) { resumed = records }
		s, err := a.Replay(ctx, o, app.ReplayInput{Path: file})
		if (err != nil) != stop {
			t.Fatalf("error %v", err)
		}
		if !stop && s.Fixes != s.Kept+s.SetAside.Total()+s.Outside {
			t.Errorf("%d fixes: %d kept, %d set aside", s.Fixes, s.Kept, s.SetAside.Total())
		}
		return resumed
	}
	if n := run(app.ReplayOptions{}, true); n != 0 {
		t.Errorf("the first run goes on after %d records", n)
	}
	if n := run(app.ReplayOptions{Lateness: time.Hour}, true); n != 0 {
		t.Errorf("a run with another lateness goes on after %d records", n)
	}
	first := run(app.ReplayOptions{}, true)
	if first == 0 {
		t.Errorf("the second run goes on after %d records", first)
	}
	if n := run(app.ReplayOptions{FromStart: true}, true); n != 0 {
		t.Errorf("from the start, it goes on after %d records", n)
	}
	write(append(slices.Clone(ais), ais[:200]...))
	if n := run(app.ReplayOptions{}, true); n != 0 {
		t.Errorf("with a changed file, it goes on after %d records", n)
	}
	if n := run(app.ReplayOptions{}, false); n == 0 {
		t.Error("it does not go on")
	}
	if n := run(app.ReplayOptions{}, false); n != 0 {
		t.Errorf("after its end it goes on after %d records", n)
	}
}

// TestTableAmongStreams: a table that is named among streams is not merged with
// them, and none of the positions comes late for that.
func TestTableAmongStreams(t *testing.T) {
	table := func(from, to time.Time) []byte {
		var b bytes.Buffer
		o := app.SimulateOptions{Scenario: "testdata/replay.yaml", Format: "marinecadastre", From: from, To: to}
		if _, err := app.Simulate(t.Context(), o, &b, nil); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	stream, again := traffic(t, day(23), day(24)), traffic(t, day(25), day(26))
	rows, early := table(day(24), day(25)), table(day(22), day(23))
	for _, c := range []struct {
		name  string
		files [][]byte
	}{
		{"stream, table", [][]byte{stream, rows}},
		{"stream, table, stream", [][]byte{stream, rows, again}},
		{"table, stream, stream", [][]byte{early, stream, again}},
		{"table, stream, table", [][]byte{early, stream, rows}},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := func(merge app.MergeMode) (app.ReplaySummary, []string) {
				var in []app.ReplayInput
				for i, f := range c.files {
					in = append(in, app.ReplayInput{Reader: bytes.NewReader(f), Name: fmt.Sprint("part-", i)})
				}
				var events []string
				s, err := withZones(t, t.TempDir()).Replay(t.Context(), app.ReplayOptions{Merge: merge, Event: func(ev navicert.Event) error {
					events = append(events, fmt.Sprint(ev.ID, ev.State, ev.Start, ev.End))
					return nil
				}}, in...)
				if err != nil {
					t.Fatal(err)
				}
				return s, events
			}
			s, events := run(app.MergeAuto)
			if s.Kept != s.Fixes || s.Fixes == 0 {
				t.Errorf("%d of %d positions are kept; set aside: %s", s.Kept, s.Fixes, s.SetAside.String())
			}
			for i, f := range s.Files {
				if want := fmt.Sprint("part-", i); f.Name != want || f.Records == 0 {
					t.Errorf("file %d is %s with %d records, want %s", i, f.Name, f.Records, want)
				}
			}
			if _, want := run(app.MergeOff); !slices.Equal(events, want) || len(want) == 0 {
				t.Errorf("%d events, one after the other %d:%s", len(events), len(want), diffLines(strings.Join(events, "\n"), strings.Join(want, "\n")))
			}
			if on, _ := run(app.MergeOn); on.Kept != s.Kept {
				t.Errorf("merged, %d positions are kept", on.Kept)
			}
		})
	}
}

// table is the beginning of the simulated month as a table without stations, and its
// header.
func table(t *testing.T) (header []byte, rows [][]byte) {
	t.Helper()
	var b bytes.Buffer
	o := app.SimulateOptions{Scenario: "caribbean-month", To: time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC), Format: string(sim.FormatMarineCadastre)}
	if _, err := app.Simulate(t.Context(), o, &b, nil); err != nil {
		t.Fatal(err)
	}
	lines := slices.Collect(bytes.Lines(b.Bytes()))
	return lines[0], lines[1:]
}

// TestTableShards: tables that are split by ship are read together, and give the
// events of the whole in whatever order they are named; those of days are read one
// after the other, in order of time.
func TestTableShards(t *testing.T) {
	header, rows := table(t)
	named := func(part ...[][]byte) (in []app.ReplayInput) {
		for i, p := range part {
			in = append(in, app.ReplayInput{Reader: bytes.NewReader(slices.Concat(header, bytes.Join(p, nil))), Name: fmt.Sprint("part-", i, ".csv")})
		}
		return in
	}
	ships, days := make([][][]byte, 3), make([][][]byte, 2)
	var late, early, others [][]byte // of two thirds of the ships, and of the others
	for _, row := range rows {
		mmsi, rest, _ := bytes.Cut(row, []byte(","))
		k := int(mmsi[len(mmsi)-1]) % 3
		ships[k] = append(ships[k], row)
		d := 0
		if bytes.HasPrefix(rest, []byte("2026-01-02T")) {
			d = 1
		}
		days[d] = append(days[d], row)
		switch {
		case k == 0:
			others = append(others, row)
		case bytes.HasPrefix(rest, []byte("2026-01-02T23:1")) || bytes.Compare(rest, []byte("2026-01-02T23:2")) > 0:
			late = append(late, row)
		default:
			early = append(early, row)
		}
	}
	replay := func(parts ...[][]byte) (events []string, notes string) {
		o := app.ReplayOptions{Lateness: time.Minute, Simulated: true, Note: func(text string) { notes += text + "\n" }}
		return eventsOf(t, o, named(parts...)...), notes
	}
	whole, notes := replay(rows)
	if len(whole) < 500 || notes != "" {
		t.Fatalf("%d events; %s", len(whole), notes)
	}
	for _, order := range [][]int{{0, 1, 2}, {2, 0, 1}} {
		got, notes := replay(ships[order[0]], ships[order[1]], ships[order[2]])
		if !slices.Equal(got, whole) {
			t.Errorf("ships %v: %d events, the whole gives %d:%s", order, len(got), len(whole), diffLines(strings.Join(got, "\n"), strings.Join(whole, "\n")))
		}
		if !strings.Contains(notes, "3 tables from 2026-01-01T") {
			t.Errorf("ships %v: it is not told that they are read together: %q", order, notes)
		}
	}
	inOrder, notes := replay(days[0], days[1])
	turned, turnedNotes := replay(days[1], days[0])
	if !slices.Equal(inOrder, turned) || notes != "" || turnedNotes != "" {
		t.Errorf("days in order give %d events, in the other order %d; %s%s", len(inOrder), len(turned), notes, turnedNotes)
	}

	// What the first thousand rows do not say is told when it is seen.
	if len(late) < 1000 {
		t.Fatalf("%d late rows", len(late))
	}
	_, notes = replay(others, slices.Concat(late, early))
	if !strings.Contains(notes, "part-1.csv begins at 2026-01-01T") || !strings.Contains(notes, "--merge on") {
		t.Errorf("a table that overlaps unseen: %q", notes)
	}
}
