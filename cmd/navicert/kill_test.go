package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"navicert"
	"navicert/detect"
	"navicert/internal/realdata"
	"navicert/list"
	"navicert/store"
)

// killsEach is how often each of import, replay and check is killed while it
// runs: more than twenty times in all.
const killsEach = 7

// killsInARow is how often in a row on one directory, before the command is
// let run to its end.
const killsInARow = 3

// TestKill kills the program with SIGKILL at random moments spread over the
// time that an import, a replay and a check take. After each kill no half of
// anything may show, and all that the program had printed must be held. Run
// again to its end, the command must leave what a run without disturbance
// leaves: nothing lost, nothing doubled.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills some thirty processes")
	}
	dir := t.TempDir()
	list1, list2 := filepath.Join(dir, "invented-2026-01-30"), filepath.Join(dir, "invented-2026-02-27")
	writeList(t, list1, 3000, "first")
	writeList(t, list2, 3000, "second")
	ais, voyages := filepath.Join(dir, "ais.csv"), filepath.Join(dir, "voyages.jsonl")
	writeAIS(t, ais, 6*time.Minute)
	writeVoyages(t, voyages)
	k := killer{dir: dir, rand: rand.New(rand.NewPCG(2025, 12))}
	first := filepath.Join(dir, "base")
	k.run(t, first, "lists", "import", list1)

	base := first // each goes on from where an undisturbed run of the one before ended
	t.Run("import", func(t *testing.T) {
		base = k.kill(t, base, killsEach, acknowledgedList, "lists", "import", list2)
	})
	t.Run("import of the real list", func(t *testing.T) {
		k.kill(t, first, killsInARow, acknowledgedList, "lists", "import", realdata.Dir(t, "lists/ofac-2025-12"))
	})
	t.Run("replay", func(t *testing.T) {
		base = k.kill(t, base, killsEach, acknowledgedEvent, "replay", ais)
	})
	t.Run("check", func(t *testing.T) {
		known := time.Now().UTC().Format(time.RFC3339) // the same for all runs: it is in what they print
		k.kill(
			t, base, killsEach, acknowledgedCertificate,
			"check", "--file", voyages, "--as-of", "2026-02-28", "--known-at", known,
		)
	})
}

// killer starts navicert and kills it.
type killer struct {
	dir  string
	rand *rand.Rand
	n    int // data directories made
}

// command is navicert, not started, working on a data directory.
func command(data string, args ...string) *exec.Cmd {
	c := exec.Command("navicert", append(args, "--data", data, "--format", "ndjson")...)
	c.Env = append(os.Environ(), "TZ=UTC")
	return c
}

// run lets a command run to its end and returns how long it took.
func (k *killer) run(t *testing.T, data string, args ...string) time.Duration {
	t.Helper()
	c := command(data, args...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	start := time.Now()
	if err := c.Run(); err != nil && c.ProcessState.ExitCode() != exitRefer && c.ProcessState.ExitCode() != exitRefuse {
		t.Fatalf("navicert %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return time.Since(start)
}

// kill kills a command a number of times while it runs, on copies of a base
// directory, and compares each in the end with an undisturbed run. It returns
// the directory of that.
func (k *killer) kill(t *testing.T, base string, kills int, acknowledged func(*testing.T, *store.DB, string), args ...string) (undisturbed string) {
	undisturbed = k.copy(t, base)
	took := k.run(t, undisturbed, args...)
	want := holds(t, undisturbed)
	if counts(t, undisturbed) == counts(t, base) {
		t.Fatal("the command added nothing: there is nothing to be lost")
	}
	killed, said := 0, 0
	for attempt := 0; killed < kills; {
		data := k.copy(t, base)
		for range killsInARow {
			if attempt++; attempt > 6*kills {
				t.Fatalf("of %d attempts only %d met the command while it ran", attempt, killed)
			}
			// One moment in each of so many equal parts of the running time.
			part := (float64(attempt%kills) + k.rand.Float64()) / float64(kills)
			lines, ended := k.killOnce(t, data, time.Duration(part*float64(took)), args...)
			if ended == 0 {
				killed++
			} else { // the machine has become quicker, or there was less to do
				took = min(took, ended)
			}
			said += len(lines)
			checkHeld(t, data, acknowledged, lines)
		}
		k.run(t, data, args...)
		wantSame(t, holds(t, data), want)
	}
	t.Logf("killed %d times within %v; %d lines had been printed and were held; %d things are as without", killed, took, said, len(want))
	return undisturbed
}

// wantSame fails with the first lines that differ.
func wantSame(t *testing.T, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	t.Errorf(
		"killed and run again, the directory holds %d things, %d without; the first that differ:\n%s",
		len(got), len(want), cmp.Diff(want[i:min(i+3, len(want))], got[i:min(i+3, len(got))]),
	)
}

// killOnce kills the command after a delay and returns the whole lines that it
// had printed and, where it had ended before, how long it took.
func (k *killer) killOnce(t *testing.T, data string, delay time.Duration, args ...string) (lines []string, ended time.Duration) {
	t.Helper()
	c := command(data, args...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	start := time.Now()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(delay, func() { _ = c.Process.Kill() }) // it may have ended
	err := c.Wait()
	timer.Stop()
	switch c.ProcessState.ExitCode() {
	case -1: // by a signal
	case exitOK, exitRefer, exitRefuse:
		ended = time.Since(start)
	default:
		t.Errorf("navicert %s after a kill: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	for line := range strings.Lines(stdout.String()) {
		if strings.HasSuffix(line, "\n") {
			lines = append(lines, line)
		}
	}
	return lines, ended
}

// copy makes a data directory as base is.
func (k *killer) copy(t *testing.T, base string) string {
	t.Helper()
	k.n++
	data := filepath.Join(k.dir, fmt.Sprint("data-", k.n))
	if err := os.CopyFS(data, os.DirFS(base)); err != nil {
		t.Fatal(err)
	}
	return data
}

// checkHeld fails when anything half done shows, or a printed line is not
// held.
func checkHeld(t *testing.T, data string, acknowledged func(*testing.T, *store.DB, string), lines []string) {
	t.Helper()
	db, err := store.Open(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ps, err := db.Publications(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range ps {
		n := 0
		for _, err := range db.Entries(t.Context(), p.List, p.Date) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != p.Entries {
			t.Errorf("%s shows %d of %d entries", p.ID(), n, p.Entries)
		}
	}
	for _, line := range lines {
		acknowledged(t, db, line)
	}
}

func acknowledgedList(t *testing.T, db *store.DB, line string) {
	t.Helper()
	var said list.Publication
	if err := json.Unmarshal([]byte(line), &said); err != nil {
		t.Fatalf("printed %q: %v", line, err)
	}
	ps, err := db.Publications(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range ps {
		if p.ID() == said.ID() && p.SHA256 == said.SHA256 {
			return
		}
	}
	t.Errorf("%s was printed and is not held", said.ID())
}

func acknowledgedEvent(t *testing.T, db *store.DB, line string) {
	t.Helper()
	var said navicert.Event
	if err := json.Unmarshal([]byte(line), &said); err != nil {
		t.Fatalf("printed %q: %v", line, err)
	}
	es, err := db.Events(t.Context(), detect.Filter{MMSI: said.MMSI, Kind: said.Kind})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		if e.ID == said.ID && (e.State == said.State || said.State == navicert.EventOpen) {
			return
		}
	}
	t.Errorf("the %s %s event %s was printed and is not held", said.State, said.Kind, said.ID)
}

func acknowledgedCertificate(t *testing.T, db *store.DB, line string) {
	t.Helper()
	var said navicert.Certificate
	if err := json.Unmarshal([]byte(line), &said); err != nil {
		t.Fatalf("printed %q: %v", line, err)
	}
	held, err := db.Certificate(t.Context(), said.ID)
	if err != nil {
		t.Errorf("the certificate %s was printed and is not held: %v", said.ID, err)
		return
	}
	if d := cmp.Diff(text(t, said), text(t, held)); d != "" {
		t.Errorf("the certificate %s is not held as it was printed:\n%s", said.ID, d)
	}
}

// holds lists all that a data directory holds, a line for each thing, without
// the times at which this installation recorded it.
func holds(t *testing.T, data string) []string {
	t.Helper()
	db, err := store.Open(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var all []string
	say := func(what string, v any) { all = append(all, what+" "+text(t, v)) }
	fail := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	ps, err := db.Publications(t.Context())
	fail(err)
	for _, p := range ps {
		p.ImportedAt = time.Time{}
		say("publication", p)
		for e, err := range db.Entries(t.Context(), p.List, p.Date) {
			fail(err)
			say("entry", e)
		}
	}
	end := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	latest, err := db.Latest(t.Context(), end.AddDate(-9999+2100, 0, 0), math.MaxInt64)
	fail(err)
	for _, l := range latest {
		fixes, err := db.Fixes(t.Context(), l.Fix.MMSI, time.Time{}, end)
		fail(err)
		for _, f := range fixes {
			say("fix", f)
		}
		ids, err := db.Identities(t.Context(), 0, l.Fix.MMSI, end)
		fail(err)
		say("identities", ids)
	}
	events, err := db.Events(t.Context(), detect.Filter{})
	fail(err)
	for _, e := range events {
		say("event", e)
	}
	cs, err := db.Certificates(t.Context(), time.Time{}, 0)
	fail(err)
	slices.SortFunc(cs, func(a, b navicert.Certificate) int { return strings.Compare(a.ID, b.ID) })
	for _, c := range cs {
		c.IssuedAt, c.Digest, c.Seal = navicert.Instant{}, "", nil
		say("certificate", c)
	}
	return append(all, text(t, counts(t, data)))
}

func counts(t *testing.T, data string) store.Counts {
	t.Helper()
	db, err := store.Open(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c, err := db.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// writeFile writes a file with what fill prints into it.
func writeFile(t *testing.T, path string, fill func(io.Writer)) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	fill(&b)
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// writeList writes an invented publication of n entries in the form of OFAC's
// CSV set.
func writeList(t *testing.T, dir string, n int, issue string) {
	t.Helper()
	none := "-0- "
	writeFile(t, filepath.Join(dir, "sdn.csv"), func(w io.Writer) {
		for i := range n {
			fmt.Fprintf(w, "%d,\"EXAMPLE TRADING %d\",%s,\"EXAMPLE\"", 9000+i, i, none)
			fmt.Fprint(w, strings.Repeat(","+none, 7))
			fmt.Fprintf(w, ",\"Tax ID No. EX-%d (Panama); invented for the %s issue.\"\r\n", i, issue)
		}
	})
	writeFile(t, filepath.Join(dir, "alt.csv"), func(w io.Writer) {
		for i := range n {
			fmt.Fprintf(w, "%d,%d,\"aka\",\"E T %d\",%s\r\n", 9000+i, i+1, i, none)
		}
	})
	writeFile(t, filepath.Join(dir, "add.csv"), func(w io.Writer) {
		for i := range n {
			fmt.Fprintf(w, "%d,%d,\"%d Example Street\",\"Exampletown\",\"Panama\",%s\r\n", 9000+i, i+1, i, none)
		}
	})
	writeFile(t, filepath.Join(dir, "sdn_comments.csv"), func(w io.Writer) {
		fmt.Fprint(w, "9000,\" more of an invented remark.\"\r\n")
	})
}

// writeAIS writes positions of 60 invented vessels over two days, in
// MarineCadastre's form; each is silent for half a day once.
func writeAIS(t *testing.T, path string, step time.Duration) {
	t.Helper()
	const vessels, days = 60, 2
	start := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	writeFile(t, path, func(w io.Writer) {
		fmt.Fprintln(w, "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass")
		for at := time.Duration(0); at < days*24*time.Hour; at += step {
			for v := range vessels {
				silent := time.Duration(v%20+8) * time.Hour
				if at > silent && at < silent+13*time.Hour {
					continue
				}
				hours := at.Hours()
				fmt.Fprintf(
					w, "%d,%s,%.5f,%.5f,10.0,90.0,90,EXAMPLE STAR %d,,ZZ%d,80,0,180,30,9.5,80,A\n",
					201990000+v, start.Add(at).Format("2006-01-02T15:04:05"), 10+float64(v)*0.1, -70+hours/6, v, v,
				)
			}
		}
	})
}

// writeVoyages writes voyages of which every third names a listed party.
func writeVoyages(t *testing.T, path string) {
	t.Helper()
	writeFile(t, path, func(w io.Writer) {
		for i := range 40 {
			party := fmt.Sprint("Innocent Shipping ", i)
			if i%3 == 0 {
				party = fmt.Sprint("EXAMPLE TRADING ", i)
			}
			fmt.Fprintf(
				w, `{"id":"v%d","vessel":{"name":"EXAMPLE STAR %d","mmsi":%d},"parties":[{"role":"owner","name":%q}],"from":"VEJOT","to":"NLRTM","cargo":{"kind":"grain"}}`+"\n",
				i, i, 201990000+i, party,
			)
		}
	})
}
