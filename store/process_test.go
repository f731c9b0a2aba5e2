package store_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/detect"
	"navicert/list"
	"navicert/store"
)

// childDir is the variable that makes the test binary a process that writes to
// the data directory it names until it is killed; childName tells such
// processes apart.
const (
	childDir  = "NAVICERT_TEST_STORE"
	childName = "NAVICERT_TEST_STORE_NAME"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := writeUntilKilled(context.Background(), dir, os.Getenv(childName)); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

const (
	childEntries = 400
	childFixes   = 300
)

// childMMSI is the vessel of one batch of a process's fixes.
func childMMSI(name string, i int) navicert.MMSI {
	return navicert.MMSI(201_000_000 + int(name[0])*100_000 + i)
}

func childPublication(name string, i int) list.Publication {
	p := benchPublication(i)
	p.List = "list-" + name
	return p
}

func childEvent(name string, i int) navicert.Event {
	return navicert.Event{
		ID: fmt.Sprint(name, "-", i), Kind: "gap", MMSI: childMMSI(name, i), State: navicert.EventOpen,
		Start: navicert.At(time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC)),
	}
}

// writeUntilKilled writes to every store and prints a line after each call
// that has returned.
func writeUntilKilled(ctx context.Context, dir, name string) error {
	db, err := store.Open(ctx, dir)
	if err != nil {
		return err
	}
	fixes := benchFixes(childFixes, 1)
	for i := 0; ; i++ {
		es := benchList(childEntries)
		es[0].Remarks = fmt.Sprint(name, i)
		for j := range fixes {
			fixes[j].MMSI = childMMSI(name, i)
		}
		for _, step := range []struct {
			done string
			do   func() error
		}{
			{"certificate", func() error {
				_, err := db.PutCertificate(ctx, decide.Issued{Certificate: someCertificate(fmt.Sprint(name, "-", i))})
				return err
			}},
			{"publication", func() error { _, err := db.Put(ctx, childPublication(name, i), es); return err }},
			{"fixes", func() error { _, err := db.AppendFixes(ctx, fixes); return err }},
			{"event", func() error {
				e := childEvent(name, i)
				_, err := db.PutEvents(ctx, e.Start.Time, []navicert.Event{e})
				return err
			}},
		} {
			if err := step.do(); err != nil {
				return err
			}
			fmt.Println(step.done, i)
		}
	}
}

// TestTwoProcessesKilled runs two processes on one directory, kills both at a
// random moment, and looks for what they had said was done, four times over on
// the same directory.
func TestTwoProcessesKilled(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	dir := t.TempDir()
	for round := range 4 {
		delay := 100*time.Millisecond + time.Duration(r.IntN(400))*time.Millisecond
		names := []string{string(rune('a' + 2*round)), string(rune('b' + 2*round))}
		said := runAndKill(t, dir, delay, names)
		db := open(t, dir)
		lines := 0
		for _, name := range names {
			lines += len(said[name])
			for _, line := range said[name] {
				checkSaid(t, db, name, line)
			}
			checkWhole(t, db, name)
		}
		checkIntegrity(t, dir)
		t.Logf("round %d: killed after %v and %d acknowledged steps", round, delay, lines)
		closeDB(t, db)
	}
}

func runAndKill(t *testing.T, dir string, delay time.Duration, names []string) map[string][]string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	outputs := map[string]*bytes.Buffer{}
	var children []*exec.Cmd
	for _, name := range names {
		c := exec.Command(self)
		c.Env = append(os.Environ(), childDir+"="+dir, childName+"="+name)
		outputs[name] = &bytes.Buffer{}
		c.Stdout, c.Stderr = outputs[name], os.Stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		children = append(children, c)
	}
	time.Sleep(delay)
	for _, c := range children {
		if err := c.Process.Kill(); err != nil {
			t.Errorf("a process ended by itself: %v", err)
		}
	}
	said := map[string][]string{}
	for i, c := range children {
		if err := c.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Errorf("a process ended by itself: %v", err)
		}
		for s := bufio.NewScanner(outputs[names[i]]); s.Scan(); {
			said[names[i]] = append(said[names[i]], s.Text())
		}
	}
	return said
}

// checkSaid fails when what a process said was done is not there.
func checkSaid(t *testing.T, db *store.DB, name, line string) {
	t.Helper()
	var what string
	var i int
	if _, err := fmt.Sscan(line, &what, &i); err != nil {
		t.Fatalf("a process said %q", line)
	}
	n, want := 0, 1
	var err error
	switch what {
	case "certificate":
		_, err = db.Certificate(t.Context(), fmt.Sprint(name, "-", i))
		n = 1
	case "publication":
		want = childEntries
		for _, e := range db.Entries(t.Context(), childPublication(name, i).List, childPublication(name, i).Date) {
			err = e
			n++
		}
	case "fixes":
		want = childFixes
		_, _, n, err = db.Span(t.Context(), childMMSI(name, i), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	case "event":
		var es []navicert.Event
		es, err = db.Events(t.Context(), detect.Filter{MMSI: childMMSI(name, i)})
		n = len(es)
	}
	if err != nil || n != want {
		t.Errorf("process %s said %q; there are %d of %d (%v)", name, line, n, want, err)
	}
}

// checkWhole fails when half of a call shows, whether it had returned or not.
func checkWhole(t *testing.T, db *store.DB, name string) {
	t.Helper()
	ps, err := db.Publications(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range ps {
		if p.List == "list-"+name {
			checkSaid(t, db, name, fmt.Sprint("publication ", i-indexOf(ps, p.List)))
		}
	}
	for i := range len(ps) + 1 {
		from, to := time.Time{}, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		fs, err := db.Fixes(t.Context(), childMMSI(name, i), from, to)
		if err != nil || len(fs)%childFixes != 0 {
			t.Errorf("vessel %d has %d fixes (%v)", childMMSI(name, i), len(fs), err)
		}
	}
}

// checkIntegrity asks SQLite itself whether the file is sound.
func checkIntegrity(t *testing.T, dir string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var says string
	if err := db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&says); err != nil || says != "ok" {
		t.Errorf("the integrity check says %q, %v", says, err)
	}
	var broken int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM pragma_foreign_key_check").Scan(&broken); err != nil || broken != 0 {
		t.Errorf("%d references lead nowhere, %v", broken, err)
	}
}

// indexOf returns where the publications of a list begin.
func indexOf(ps []list.Publication, name string) int {
	for i, p := range ps {
		if p.List == name {
			return i
		}
	}
	return len(ps)
}
