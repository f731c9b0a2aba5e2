package main

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// replayKills is how often the replay is killed in all; make kills asks for a hundred.
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
	dir := t.TempDir()
	k := killer{dir: dir, rand: rand.New(rand.NewPCG(28, 11))}
	ais := filepath.Join(dir, "ais.csv")
	writeAIS(t, ais, 15*time.Minute)
	args := []string{"replay", "--sort", "off", "--batch", "250", ais}

	base := filepath.Join(dir, "base")
	k.run(t, base, "zones", "list")
	whole := k.copy(t, base)
	took := k.run(t, whole, args...)
	again := k.copy(t, base)
	wantLines, _ := k.killOnce(t, again, time.Hour, args...)
	want := holds(t, whole)
	wantSame(t, holds(t, again), want)
	if len(wantLines) < 60 {
		t.Fatalf("%d events were printed", len(wantLines))
	}

	killed, resumed, directories := 0, 0, 0
	for killed < *replayKills {
		directories++
		data := k.copy(t, base)
		var lines []string
		most := 0.6 * float64(took)
		for ; ; most *= 1.05 {
			// A part of the running time: there are some checkpoints behind it, and
			// most of the input before it. It grows, so that a machine that has become
			// slower than it was at the undisturbed run comes to the end too.
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
			if strings.Contains(stderr.String(), "goes on from the checkpoint") {
				resumed++
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
	if resumed < killed/4 {
		t.Errorf("of %d runs after a kill only %d went on from a checkpoint", killed, resumed)
	}
	t.Logf("killed %d times in %d directories (an undisturbed run takes %v); %d runs went on from a checkpoint; %d things and %d lines are as without", killed, directories, took, resumed, len(want), len(wantLines))
}
