package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/app"
	"navicert/store"
)

// rows is a table of invented ships.
func rows(t *testing.T, from, to time.Time) []byte {
	t.Helper()
	var b bytes.Buffer
	o := app.SimulateOptions{Scenario: "testdata/replay.yaml", Format: "marinecadastre", From: from, To: to}
	if _, err := app.Simulate(t.Context(), o, &b, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// wrongFirst puts a row before a table's first that says the same at another time.
func wrongFirst(t *testing.T, table []byte, at string) []byte {
	t.Helper()
	lines := slices.Collect(bytes.Lines(table))
	fields := strings.Split(string(lines[1]), ",")
	if !strings.HasPrefix(string(lines[0]), "MMSI,BaseDateTime,") {
		t.Fatalf("header %q", lines[0])
	}
	fields[1] = at
	return bytes.Join(slices.Insert(lines, 1, []byte(strings.Join(fields, ","))), nil)
}

// TestFirstRecordWithWrongClock: from where a replay goes on does not hang on the
// first record alone, whose clock may be wrong.
func TestFirstRecordWithWrongClock(t *testing.T) {
	early, late := rows(t, day(22), day(24)), rows(t, day(24), day(26))
	o := app.ReplayOptions{Sort: app.SortOff, Lateness: time.Minute}
	for _, c := range []struct {
		name          string
		first, second []byte
		at            string
	}{
		{"older input, first record far ahead", late, early, "2026-06-01T00:00:00"},
		{"newer input, first record far behind", early, late, "2020-06-01T00:00:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			replay := func(second []byte) (app.ReplaySummary, []string) {
				a := withZones(t, t.TempDir())
				if _, err := a.Replay(t.Context(), o, input(c.first)); err != nil {
					t.Fatal(err)
				}
				o := o
				var events []string
				o.Event = func(ev navicert.Event) error {
					events = append(events, ev.Kind+" "+ev.ID+" "+string(ev.State))
					return nil
				}
				s, err := a.Replay(t.Context(), o, input(second))
				if err != nil {
					t.Fatal(err)
				}
				return s, events
			}
			want, events := replay(c.second)
			got, with := replay(wrongFirst(t, c.second, c.at))
			if want.Kept != want.Fixes || got.Kept < want.Kept || got.Kept > want.Kept+1 {
				t.Errorf("%d positions are kept of %d; set aside: %s; without the wrong record %d of %d", got.Kept, got.Fixes, got.SetAside.String(), want.Kept, want.Fixes)
			}
			for _, ev := range events {
				if !slices.Contains(with, ev) {
					t.Errorf("%s is not told", ev)
				}
			}
			if len(events) < 5 {
				t.Errorf("%d events", len(events))
			}
		})
	}
}

// TestEndHasSeenWhatOthersStored: a replay that goes on after another one has
// stored newer positions leaves no state to continue from that lacks them: no
// gap is told of a time in which its ship was heard.
func TestEndHasSeenWhatOthersStored(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(t.TempDir(), "a.nmea")
	if err := os.WriteFile(file, traffic(t, day(22), day(24)), 0o600); err != nil {
		t.Fatal(err)
	}
	a := withZones(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n, resumed := 0, 0
	stopping := app.ReplayOptions{Batch: 100, Event: func(navicert.Event) error {
		if n++; n == 3 {
			cancel()
		}
		return nil
	}, Resumed: func(records int) { resumed = records }}
	if _, err := a.Replay(ctx, stopping, app.ReplayInput{Path: file}); err == nil {
		t.Fatal("it was not stopped")
	}
	if _, err := a.Replay(t.Context(), app.ReplayOptions{}, input(traffic(t, day(24), day(26)))); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Replay(t.Context(), stopping, app.ReplayInput{Path: file}); err != nil || resumed == 0 {
		t.Fatalf("it goes on after %d records, %v", resumed, err)
	}
	gaps := 0
	o := app.ReplayOptions{Event: func(ev navicert.Event) error {
		if ev.Kind != "gap" || ev.End.IsZero() {
			return nil
		}
		gaps++
		db, err := store.Open(t.Context(), dir)
		if err != nil {
			return err
		}
		defer db.Close()
		fixes, err := db.Fixes(t.Context(), ev.MMSI, ev.Start.Add(time.Second), ev.End.Time)
		if len(fixes) > 0 {
			t.Errorf("a gap of %s from %s to %s, in which it was heard %d times", ev.MMSI, ev.Start, ev.End, len(fixes))
		}
		return err
	}}
	if _, err := a.Replay(t.Context(), o, input(traffic(t, day(26), day(28)))); err != nil || gaps == 0 {
		t.Errorf("%d gaps, %v", gaps, err)
	}
}

// TestDamagedState: states that replays could go on from cost what they were kept
// for when they are damaged, and the user is told.
func TestDamagedState(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(t.TempDir(), "a.nmea")
	if err := os.WriteFile(file, traffic(t, day(24), day(26)), 0o600); err != nil {
		t.Fatal(err)
	}
	a := withZones(t, dir)
	damage := func() {
		db, err := sql.Open("sqlite", filepath.Join(dir, store.FileName))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		r, err := db.Exec("UPDATE checkpoint SET state = x'00ff00ff'")
		if err != nil {
			t.Fatal(err)
		}
		if n, err := r.RowsAffected(); err != nil || n != 1 {
			t.Fatalf("%d states, %v", n, err)
		}
	}
	var notes []string
	o := app.ReplayOptions{Note: func(text string) { notes = append(notes, text) }}
	noted := func(want string) {
		t.Helper()
		if len(notes) != 1 || !strings.Contains(notes[0], want) {
			t.Errorf("notes %q, want one with %q", notes, want)
		}
		notes = nil
	}
	if _, err := a.Replay(t.Context(), o, input(traffic(t, day(22), day(24)))); err != nil {
		t.Fatal(err)
	}
	damage()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o.Batch, o.Event = 100, func(navicert.Event) error { cancel(); return nil }
	if _, err := a.Replay(ctx, o, app.ReplayInput{Path: file}); err == nil || ctx.Err() == nil {
		t.Fatalf("it was not stopped: %v", err)
	}
	noted("the last replay ended is damaged")
	damage()
	if s, err := a.Replay(t.Context(), o, app.ReplayInput{Path: file}); err != nil || s.Resumed != 0 || s.Kept != s.Fixes {
		t.Errorf("%+v, %v", s, err)
	}
	noted("it begins anew")
}

// seldom is a table of one ship's positions, so many at so great a distance in time.
func seldom(from time.Time, n int, step time.Duration) []byte {
	var b bytes.Buffer
	b.WriteString("MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n")
	for i := range n {
		at := from.Add(time.Duration(i) * step)
		fmt.Fprintf(&b, "775999001,%s,10.0,%.5f,6.0,90.0,90,,,,,,,,,,A\n", at.Format("2006-01-02T15:04:05"), -60+at.Sub(day(1)).Hours()*0.1)
	}
	return b.Bytes()
}

// TestShipsHeardSeldom: what lies between the positions of a ship that is heard every
// few hours is kept when it comes later, and so is what follows.
func TestShipsHeardSeldom(t *testing.T) {
	for _, step := range []time.Duration{50 * time.Minute, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 72 * time.Hour} {
		a := withZones(t, t.TempDir())
		replay := func(name string, from time.Time, n int, step time.Duration) {
			t.Helper()
			in := app.ReplayInput{Reader: bytes.NewReader(seldom(from, n, step)), Name: name}
			s, err := a.Replay(t.Context(), app.ReplayOptions{Lateness: time.Minute}, in)
			if err != nil {
				t.Fatal(err)
			}
			newest := from.Add(time.Duration(n-1) * step)
			if s.Kept != n || s.Added.Fixes != n || step <= 24*time.Hour && !s.Newest.Equal(newest) {
				t.Errorf("every %v, %s: %d kept and %d stored of %d, newest %v; set aside: %s", step, name, s.Kept, s.Added.Fixes, n, s.Newest, s.SetAside.String())
			}
		}
		replay("first", day(1), 12, step)
		for i := range 10 { // each after one that is held
			replay("within", day(1).Add(time.Duration(i)*step+11*time.Minute), 3, step/10)
		}
		replay("after", day(1).Add(12*step), 9, step)
	}
}
