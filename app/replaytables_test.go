package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"navicert"
	"navicert/app"
)

// atEnd calls a function when a reader has come to its end.
type atEnd struct {
	io.Reader
	call func()
}

// Read implements io.Reader.
func (r atEnd) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err == io.EOF {
		r.call()
	}
	return n, err
}

// shipsTable is a table of a day in which ships lie still, a position each second.
func shipsTable(day, rows int) []byte {
	var b bytes.Buffer
	b.WriteString("MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n")
	for i := range rows {
		fmt.Fprintf(&b, "20199990%d,2026-01-%02dT%02d:%02d:%02d,12.5,-68.5,0.0,0.0,511,,,,,,,,,,A\n", i%10, day, i/3600, i/60%60, i%60)
	}
	return b.Bytes()
}

// TestTablesOfDaysHoldOne: tables of one day after the other hold no more memory
// than one of them.
func TestTablesOfDaysHoldOne(t *testing.T) {
	const rows, days = 60_000, 6
	var live [days]uint64
	var in []app.ReplayInput
	for d := range days {
		in = append(in, app.ReplayInput{Name: fmt.Sprint("day-", d, ".csv"), Reader: atEnd{bytes.NewReader(shipsTable(d+1, rows)), func() {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			live[d] = m.HeapAlloc
		}}})
	}
	s, err := withZones(t, t.TempDir()).Replay(t.Context(), app.ReplayOptions{NoStore: true}, in...)
	if err != nil || s.Kept != rows*days {
		t.Fatalf("%d positions are kept, %v", s.Kept, err)
	}
	const table = rows * 90 // at least
	if first, last := live[0], live[days-1]; last > first+2*table {
		t.Errorf("%d bytes are held at the end of the first table, %d at that of table %d", first, last, days)
	}
}

// TestResumedTablesDoNotOverlap: a replay that goes on from its checkpoint does not
// say that a table it reads again began before the end of what was read before it.
func TestResumedTablesDoNotOverlap(t *testing.T) {
	dir, files := t.TempDir(), t.TempDir()
	var in []app.ReplayInput
	for d := range 3 {
		in = append(in, app.ReplayInput{Path: filepath.Join(files, fmt.Sprint("day-", d, ".csv"))})
		if err := os.WriteFile(in[d].Path, shipsTable(d+1, 3000), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a := withZones(t, dir)
	run := func(kept int) (resumed int, notes string) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		o := app.ReplayOptions{
			Batch: 100, Note: func(text string) { notes += text + "\n" }, Resumed: func(n int) { resumed = n },
			Kept: func(*navicert.Fix) error {
				if kept--; kept == 0 {
					cancel()
				}
				return nil
			},
		}
		if _, err := a.Replay(ctx, o, in...); (err != nil) != (kept <= 0) {
			t.Fatalf("error %v, with %d to be kept still", err, kept)
		}
		return resumed, notes
	}
	if _, notes := run(7500); notes != "" {
		t.Errorf("at first it is told: %s", notes)
	}
	resumed, notes := run(1 << 30)
	if resumed < 6000 || strings.Contains(notes, "begins at") {
		t.Errorf("it goes on after %d reports and tells: %s", resumed, notes)
	}
}

// TestWhyTablesAreReadApart: where tables cannot be read together, what overlaps is
// told with the reason, and not with an option that would not help.
func TestWhyTablesAreReadApart(t *testing.T) {
	const hours = 3
	tables := func() (in []app.ReplayInput) {
		for i := range 2 {
			in = append(in, app.ReplayInput{Name: fmt.Sprint("part-", i, ".csv"), Reader: bytes.NewReader(shipsTable(1, hours*3600))})
		}
		return in
	}
	many := tables()
	for range 255 {
		many = append(many, app.ReplayInput{Name: "header.csv", Reader: bytes.NewReader(shipsTable(1, 0))})
	}
	for why, in := range map[string][]app.ReplayInput{
		"at most 256 files are read together":   many,
		"not read together with standard input": append(tables(), app.ReplayInput{Path: "-"}),
	} {
		notes := ""
		o := app.ReplayOptions{NoStore: true, Merge: app.MergeOn, Stdin: strings.NewReader(""), Note: func(text string) { notes += text + "\n" }}
		if _, err := withZones(t, t.TempDir()).Replay(t.Context(), o, in...); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(notes, "part-1.csv begins at") || !strings.Contains(notes, why) || strings.Contains(notes, "--merge on") {
			t.Errorf("want %q: %s", why, notes)
		}
	}
}

// TestManyOverlaps: of many tables that overlap unread some are named, and the rest
// counted.
func TestManyOverlaps(t *testing.T) {
	in := []app.ReplayInput{{Path: "-"}}
	for i := range 9 {
		in = append(in, app.ReplayInput{Name: fmt.Sprint("part-", i, ".csv"), Reader: bytes.NewReader(shipsTable(1, 2*3600))})
	}
	var notes []string
	o := app.ReplayOptions{NoStore: true, Stdin: strings.NewReader(""), Note: func(text string) { notes = append(notes, text) }}
	if _, err := withZones(t, t.TempDir()).Replay(t.Context(), o, in...); err != nil {
		t.Fatal(err)
	}
	if len(notes) != 6 || !strings.HasPrefix(notes[4], "part-5.csv begins at") || notes[5] != "and 3 more begin before the end of what was read before them" {
		t.Errorf("%d notes: %q", len(notes), notes)
	}
}

// TestStreamsBesideATable: with a table among them streams are not read together,
// and one that overlaps what was read before it is told.
func TestStreamsBesideATable(t *testing.T) {
	var in []app.ReplayInput
	for i := range 2 { // the same day
		in = append(in, app.ReplayInput{Name: fmt.Sprint("part-", i, ".nmea"), Reader: bytes.NewReader(traffic(t, day(22), day(23)))})
	}
	in = append(in, app.ReplayInput{Name: "later.csv", Reader: bytes.NewReader(shipsTable(24, 100))})
	notes := ""
	o := app.ReplayOptions{NoStore: true, Note: func(text string) { notes += text + "\n" }}
	if _, err := withZones(t, t.TempDir()).Replay(t.Context(), o, in...); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(notes, "part-1.nmea begins at 2025-12-22T") || strings.Contains(notes, "part-0.nmea") || strings.Contains(notes, "later.csv") || !strings.Contains(notes, "--merge on") {
		t.Errorf("it is told: %q", notes)
	}
}

// TestFollowedTable: the rows of a table that is followed are taken as they come,
// since it has no end at which they could be put in order.
func TestFollowedTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "grows.csv")
	_, rows, _ := bytes.Cut(shipsTable(3, 100), []byte{'\n'})
	if err := os.WriteFile(path, slices.Concat(shipsTable(1, 100), rows), 0o600); err != nil {
		t.Fatal(err)
	}
	events := follow(t, withZones(t, t.TempDir()), path, true)
	if len(events) == 0 || events[0].Kind != "gap" {
		t.Errorf("%+v, want a gap", events)
	}
}
