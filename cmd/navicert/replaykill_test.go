package main

import (
	"bytes"
	"database/sql"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"navicert/store"
)

// replayKills is how often replays are killed in all, half of each input; make kills
// asks for two hundred.
var replayKills = flag.Int("replaykills", 25, "how often TestKilledReplayGoesOn kills")

// TestKilledReplayGoesOn kills a replay with SIGKILL at random moments,
// again and again on one directory until it comes to its end. It goes on from
// its checkpoint, and must leave what an undisturbed run leaves, byte for byte:
// positions, identities, events. What all its runs printed, each line once, is
// what the undisturbed one printed.
func TestKilledReplayGoesOn(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills many processes")
	}
	half := (*replayKills + 1) / 2
	t.Run("silences of tankers, a table", func(t *testing.T) {
		dir := t.TempDir()
		ais := filepath.Join(dir, "ais.csv")
		writeAIS(t, ais, 15*time.Minute)
		killReplays(t, dir, half, 60, "replay", "--sort", "off", "--batch", "250", ais)
	})
	t.Run("the simulated month's beginning, sentences", func(t *testing.T) {
		dir := t.TempDir()
		var out, stderr bytes.Buffer
		c := command(dir, "simulate", "-q", "--scenario", "caribbean-month", "--to", "2026-01-02T00:00:00Z")
		c.Stdout, c.Stderr = &out, &stderr
		if err := c.Run(); err != nil {
			t.Fatalf("%v\n%s", err, stderr.String())
		}
		ais := filepath.Join(dir, "month.nmea")
		if err := os.WriteFile(ais, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		killReplays(t, dir, half, 300, "replay", "--simulated", "--batch", "1000", ais)
	})
}

// killReplays kills so many replays of a command that prints so many events or more.
func killReplays(t *testing.T, dir string, kills, events int, args ...string) {
	k := killer{dir: dir, rand: rand.New(rand.NewPCG(28, 11))}
	base := filepath.Join(dir, "base")
	k.run(t, base, "zones", "list")
	whole := k.copy(t, base)
	took := k.run(t, whole, args...)
	again := k.copy(t, base)
	wantLines, _ := k.killOnce(t, again, time.Hour, args...)
	want := holds(t, whole)
	wantSame(t, holds(t, again), want)
	if len(wantLines) < events {
		t.Fatalf("%d events were printed", len(wantLines))
	}

	killed, kept, directories := 0, 0, 0
	for killed < kills {
		directories++
		data := k.copy(t, base)
		var lines []string
		most := 0.6 * float64(took)
		for ; ; most *= 1.05 {
			// A part of the running time: there are some checkpoints behind it, and
			// most of the input before it. It grows, so that a machine that has become
			// slower than it was at the undisturbed run comes to the end too.
			behind := hasCheckpoint(t, k.copy(t, data))
			c := command(data, args...)
			var stdout, stderr bytes.Buffer
			c.Stdout, c.Stderr = &stdout, &stderr
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			timer := time.AfterFunc(time.Duration(k.rand.Float64()*most), func() { _ = c.Process.Kill() })
			err := c.Wait()
			timer.Stop()
			for line := range strings.Lines(stdout.String()) {
				if strings.HasSuffix(line, "\n") && !slices.Contains(lines, line) {
					lines = append(lines, line)
				}
			}
			goesOn := strings.Contains(stderr.String(), "goes on from the checkpoint")
			if goesOn && !behind || behind && !goesOn && c.ProcessState.ExitCode() == exitOK {
				t.Errorf("a checkpoint was there: %v; the replay went on from one: %v", behind, goesOn)
			}
			if goesOn {
				kept++
			}
			if c.ProcessState.ExitCode() == exitOK {
				break
			}
			if killed++; c.ProcessState.ExitCode() != -1 {
				t.Fatalf("after a kill: %v\n%s", err, stderr.String())
			}
		}
		wantSame(t, holds(t, data), want)
		if !slices.Equal(lines, wantLines) {
			t.Errorf("%d lines were printed, %d without kills, or others", len(lines), len(wantLines))
		}
		if err := os.RemoveAll(data); err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			break
		}
	}
	if kept == 0 {
		t.Errorf("none of %d killed replays left a checkpoint", killed)
	}
	t.Logf("killed %d times in %d directories (an undisturbed run takes %v); %d runs went on from a checkpoint, each that found one; %d things and %d lines are as without", killed, directories, took, kept, len(want), len(wantLines))
}

// hasCheckpoint looks into a copy of a data directory, as it was left behind by a
// kill, for the checkpoint of a replay that did not come to its end.
func hasCheckpoint(t *testing.T, data string) bool {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(data, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(data)
	defer db.Close()
	n := 0
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM checkpoint WHERE ended = 0").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n > 0
}
