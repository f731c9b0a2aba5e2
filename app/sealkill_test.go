package app_test

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/app"
	"navicert/seal"
)

// sealChild is the variable that makes the test binary a process that issues
// certificates into the data directory it names until it is killed.
const sealChild = "NAVICERT_TEST_SEAL"

var (
	sealKills        = flag.Int("sealkills", 8, "how often TestSealKilled kills a process")
	sealCertificates = flag.Int("sealcertificates", 300, "how many certificates it has issued at least")
)

func TestMain(m *testing.M) {
	flag.Parse()
	if dir := os.Getenv(sealChild); dir != "" {
		fmt.Fprintln(os.Stderr, issueUntilKilled(context.Background(), dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// issueUntilKilled checks voyages in batches of any size and prints the
// identifier of each certificate that it is given.
func issueUntilKilled(ctx context.Context, dir string) error {
	a, err := app.New(ctx, app.Config{Data: dir})
	if err != nil {
		return err
	}
	for n := 0; ; {
		batch := rand.IntN(60) + 1
		voyages := func(yield func(app.FleetVoyage) bool) {
			for range batch {
				n++
				v := navicert.Voyage{ID: fmt.Sprint(os.Getpid(), "-", n), Vessel: navicert.Vessel{Name: "EXAMPLE STAR"}}
				if !yield(app.FleetVoyage{Line: n, Voyage: v}) {
					return
				}
			}
		}
		err := a.CheckFleet(ctx, voyages, app.CheckOptions{}, func(c app.FleetCertificate) error {
			if c.Err != nil {
				return c.Err
			}
			if c.Certificate.Seal == nil {
				return fmt.Errorf("%s was given out without a seal", c.Certificate.ID)
			}
			_, err := fmt.Println(c.Certificate.ID)
			return err
		})
		if err != nil {
			return err
		}
	}
}

// TestSealKilled kills processes that issue certificates, with SIGKILL at
// random moments. After each kill the log goes on from what it was before; in
// the end every certificate is in it once, and each that was given out is held
// with a seal that verifies. The full run is
//
//	go test ./app -run SealKilled -sealkills 100 -sealcertificates 10000
func TestSealKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills processes")
	}
	dir := t.TempDir()
	given := map[string]bool{}
	var before *seal.Checkpoint
	halves := 0
	for kills := 0; kills < *sealKills || len(given) < *sealCertificates; kills++ {
		for _, id := range killIssuing(t, dir, time.Duration(rand.Int64N(int64(900*time.Millisecond)))) {
			given[id] = true
		}
		waiting := logGoesOn(t, dir, &before)
		if waiting {
			halves++
		}
		if kills > 40**sealKills+1000 {
			t.Fatalf("only %d certificates in %d kills", len(given), kills)
		}
	}
	a, err := app.New(t.Context(), app.Config{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := a.SealWaiting(t.Context()); err != nil {
		t.Fatal(err)
	}
	audit, err := a.AuditLog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !audit.OK() || audit.Unsealed > 0 || audit.Entries != uint64(audit.Issued) {
		t.Errorf("the log is not whole: %v; %d entries, %d issued, %d unsealed", audit.Err(), audit.Entries, audit.Issued, audit.Unsealed)
	}
	v, err := app.Config{Data: dir}.NewVerifier(app.VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for id := range given {
		c, err := a.Backend().Certificate(t.Context(), id)
		if err != nil {
			t.Fatalf("%s was given out and is not held: %v", id, err)
		}
		b, err := seal.Canonical(c)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := v.Verify(b); err != nil || !r.OK {
			t.Fatalf("%s does not verify: %+v, %v", id, r, err)
		}
	}
	t.Logf("%d certificates issued, %d given out; %d kills left certificates that waited", audit.Issued, len(given), halves)
}

// killIssuing runs a process for a while and returns what it had given out.
func killIssuing(t *testing.T, dir string, after time.Duration) (ids []string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe)
	c.Env = append(os.Environ(), sealChild+"="+dir)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(after, func() { _ = c.Process.Kill() })
	_ = c.Wait() // by the kill
	if c.ProcessState.ExitCode() != -1 {
		t.Fatalf("the process ended by itself: %s", stderr.String())
	}
	whole := stdout.String()
	whole = whole[:strings.LastIndexByte(whole, '\n')+1]
	for s := bufio.NewScanner(strings.NewReader(whole)); s.Scan(); {
		ids = append(ids, s.Text())
	}
	return ids
}

// logGoesOn fails unless the log's checkpoint goes on from the one before, and
// reports whether certificates wait for their seals.
func logGoesOn(t *testing.T, dir string, before **seal.Checkpoint) (waiting bool) {
	t.Helper()
	a, err := app.New(t.Context(), app.Config{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	keys, err := app.Config{Data: dir}.PublicKeys()
	if navicert.KindOf(err) == navicert.NotFound && *before == nil {
		return false // killed before there was a key
	}
	if err != nil {
		t.Fatal(err)
	}
	trust, err := seal.NewTrust([]seal.Keys{keys})
	if err != nil {
		t.Fatal(err)
	}
	old := uint64(0)
	if *before != nil {
		old = (*before).Size
	}
	r, err := a.LogRequest(old)
	if navicert.KindOf(err) == navicert.NotFound && *before == nil {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	now, err := seal.OpenCheckpoint(r.Checkpoint, trust, nil)
	if err != nil {
		t.Fatal(err)
	}
	if *before != nil {
		if err := seal.Consistent(**before, now, r.Proof); err != nil {
			t.Fatal(err)
		}
	}
	*before = &now
	audit, err := a.AuditLog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !audit.Root || len(audit.Missing)+len(audit.Twice) > 0 {
		t.Fatalf("after a kill: %v", audit.Err())
	}
	return audit.Unsealed > 0
}
