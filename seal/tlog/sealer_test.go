package tlog_test

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/seal"
	"navicert/seal/tlog"
)

// memory is a tlog.Store in memory, which fails where a test says.
type memory struct {
	mu   sync.Mutex
	all  []navicert.Certificate
	fail func() error // before seals are kept
}

func (m *memory) issue(t interface{ Fatal(...any) }, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for range n {
		c, err := seal.Digest(navicert.Certificate{
			Verdict: navicert.Clear, Subject: navicert.Voyage{ID: fmt.Sprint("v", len(m.all))}, IssuedAt: navicert.At(day),
		})
		if err != nil {
			t.Fatal(err)
		}
		m.all = append(m.all, c)
	}
}

func (m *memory) Unsealed(_ context.Context, limit int) ([]navicert.Certificate, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []navicert.Certificate
	for _, c := range m.all {
		if c.Seal == nil && len(out) < limit {
			out = append(out, c)
		}
	}
	return out, nil
}

func (m *memory) SealedTo(context.Context) (n uint64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.all {
		if c.Seal != nil {
			n = max(n, c.Seal.Index+1)
		}
	}
	return n, nil
}

func (m *memory) PutSeals(_ context.Context, seals map[string]navicert.Seal) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		if err := m.fail(); err != nil {
			return err
		}
	}
	for i := range m.all {
		if s, ok := seals[m.all[i].ID]; ok {
			m.all[i].Seal = &s
		}
	}
	return nil
}

func (m *memory) Seal(_ context.Context, id string) (*navicert.Seal, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.all {
		if c.ID == id {
			return c.Seal, nil
		}
	}
	return nil, navicert.Errorf(navicert.NotFound, "read seal", id, "no certificate of this id is held")
}

func (m *memory) issued() iter.Seq2[navicert.Certificate, error] {
	return func(yield func(navicert.Certificate, error) bool) {
		for _, c := range m.all {
			if !yield(c, nil) {
				return
			}
		}
	}
}

var day = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

type installation struct {
	dir    string
	log    *tlog.Log
	ring   *seal.Ring
	store  *memory
	sealer *tlog.Sealer
}

func install(t testing.TB, dir string) *installation {
	i := &installation{dir: dir, log: tlog.New(filepath.Join(dir, "log")), ring: seal.NewRing(filepath.Join(dir, "keys"), nil), store: &memory{}}
	i.sealer = tlog.NewSealer(i.log, i.ring, i.store, func() time.Time { return day })
	return i
}

func (i *installation) trust(t interface{ Fatal(...any) }) *seal.Trust {
	trust, err := i.trusted()
	if err != nil {
		t.Fatal(err)
	}
	return trust
}

func (i *installation) trusted() (*seal.Trust, error) {
	k, err := i.ring.Public()
	if err != nil {
		return nil, err
	}
	return seal.NewTrust([]seal.Keys{k})
}

func (i *installation) seal(t testing.TB) {
	t.Helper()
	if err := i.sealer.Seal(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func (i *installation) audit(t testing.TB) tlog.Audit {
	t.Helper()
	a, err := i.log.Audit(context.Background(), i.trusted, nil, i.store.issued())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// wantWhole fails unless n certificates are in the log, each once, and verify.
func (i *installation) wantWhole(t testing.TB, n int) {
	t.Helper()
	if a := i.audit(t); !a.OK() || a.Unsealed > 0 || a.Issued != n || a.Entries != uint64(n) {
		t.Errorf("the log is not whole: %+v (%v), want %d certificates", a, a.Err(), n)
	}
	trust := i.trust(t)
	for _, c := range i.store.all {
		b, err := seal.Canonical(c)
		if err != nil {
			t.Fatal(err)
		}
		if r := seal.Verify(b, seal.Policy{Trust: trust}); !r.OK {
			t.Fatalf("a certificate does not verify: %+v", r)
		}
	}
}

func TestSeal(t *testing.T) {
	i := install(t, t.TempDir())
	i.seal(t) // nothing
	for n, batch := range []int{1, 1, 2, 251, 1, 1, 300} {
		i.store.issue(t, batch)
		i.seal(t)
		i.wantWhole(t, len(i.store.all))
		_ = n
	}
	for name, want := range map[string]os.FileMode{"keys": 0o700, "log": 0o700, "keys/public.json": 0o600} {
		info, err := os.Stat(filepath.Join(i.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", name, info.Mode().Perm(), want)
		}
	}
	private, err := filepath.Glob(filepath.Join(i.dir, "keys", "private-*"))
	if err != nil || len(private) != 1 {
		t.Fatalf("private keys %v, %v", private, err)
	}
	if info, err := os.Stat(private[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the private key has mode %v, %v", info.Mode(), err)
	}
	if err := i.sealer.Close(); err != nil {
		t.Fatal(err)
	}
	partial, err := filepath.Glob(filepath.Join(i.dir, "log", "tile", "*", "000.p"))
	if err != nil || len(partial) != 1 { // of level 1; those of 256 whole entries are gone
		t.Errorf("partial tiles %v, %v; want one folder", partial, err)
	}
}

// TestTidy holds that partial tiles of whole ones are gone when a sealer is closed,
// also those that a killed process left, and that the newest are not.
func TestTidy(t *testing.T) {
	i := install(t, t.TempDir())
	partial := func() (held []string) {
		t.Helper()
		for _, at := range []string{"tile/0/*.p", "tile/entries/*.p"} {
			found, err := filepath.Glob(filepath.Join(i.dir, "log", at))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				rel, err := filepath.Rel(filepath.Join(i.dir, "log"), f)
				if err != nil {
					t.Fatal(err)
				}
				held = append(held, filepath.ToSlash(rel))
			}
		}
		return held
	}
	for range 5 {
		i.store.issue(t, 120)
		i.seal(t)
	}
	if got := partial(); len(got) != 6 { // 600 entries: of tiles 0 and 1, which are whole, and 2
		t.Fatalf("partial tiles %v before any are removed, want six folders", got)
	}
	i.sealer = tlog.NewSealer(i.log, i.ring, i.store, time.Now) // the other was killed
	written := filepath.Join(i.dir, "log", ".new-1234")         // before it could publish this
	if err := os.WriteFile(written, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := i.sealer.Ready(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(written); err == nil {
		t.Error("what was not published is still there")
	}
	i.store.issue(t, 200)
	i.seal(t)
	if err := i.sealer.Close(); err != nil {
		t.Fatal(err)
	}
	if got, want := partial(), []string{"tile/0/003.p", "tile/entries/003.p"}; !slices.Equal(got, want) {
		t.Errorf("partial tiles %v, want %v", got, want)
	}
	i.wantWhole(t, 800)
}

// TestSealBatches holds that more certificates than a batch takes are sealed.
func TestSealBatches(t *testing.T) {
	i := install(t, t.TempDir())
	i.store.issue(t, 4500)
	i.seal(t)
	i.wantWhole(t, 4500)
}

// TestSealAgain holds that what had become an entry when a process ended is
// not appended again.
func TestSealAgain(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		i := install(t, dir)
		for range rapid.IntRange(1, 5).Draw(r, "rounds") {
			i.store.issue(t, rapid.IntRange(0, 40).Draw(r, "issued"))
			if rapid.Bool().Draw(r, "ends before the seals are kept") {
				i.store.fail = func() error { return context.Canceled }
				err := i.sealer.Seal(context.Background())
				i.store.fail = nil
				if waiting, _ := i.store.Unsealed(context.Background(), 1); len(waiting) > 0 && err == nil {
					r.Fatal("the failure was not told")
				}
			} else {
				i.seal(t)
			}
		}
		i.seal(t)
		if a := i.audit2(t); a != nil && (!a.OK() || a.Unsealed > 0 || a.Entries != uint64(len(i.store.all))) {
			r.Fatalf("%+v", a)
		}
	})
}

// audit2 is audit where there may be no log yet.
func (i *installation) audit2(t testing.TB) *tlog.Audit {
	if len(i.store.all) == 0 {
		return nil
	}
	a := i.audit(t)
	return &a
}

// TestSealTogether holds that several writers on one folder give one log.
func TestSealTogether(t *testing.T) {
	dir := t.TempDir()
	i := install(t, dir)
	others := []*tlog.Sealer{i.sealer}
	for range 3 {
		others = append(others, tlog.NewSealer(tlog.New(filepath.Join(dir, "log")), seal.NewRing(filepath.Join(dir, "keys"), nil), i.store, time.Now))
	}
	var wg sync.WaitGroup
	for _, s := range others {
		for range 4 {
			wg.Go(func() {
				i.store.issue(t, 3)
				if err := s.Seal(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	i.wantWhole(t, 48)
}

// TestRemoved holds that a log from which entries are missing is not written
// to, and that an audit says so.
func TestRemoved(t *testing.T) {
	i := install(t, t.TempDir())
	i.store.issue(t, 5)
	i.seal(t)
	kept := filepath.Join(t.TempDir(), "log")
	if err := os.CopyFS(kept, os.DirFS(filepath.Join(i.dir, "log"))); err != nil {
		t.Fatal(err)
	}
	i.store.issue(t, 5)
	i.seal(t)
	if err := os.RemoveAll(filepath.Join(i.dir, "log")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(i.dir, "log"), os.DirFS(kept)); err != nil {
		t.Fatal(err)
	}
	if a := i.audit(t); a.OK() || len(a.Missing) != 5 {
		t.Errorf("an audit of a log without 5 entries says %+v", a)
	}
	i.store.issue(t, 1)
	if err := i.sealer.Seal(context.Background()); navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("sealing into a shortened log: %v, want a conflict", err)
	}
}

// TestForked holds that a log of the same key with another history is told
// apart: by a kept checkpoint, and by a certificate of the first.
func TestForked(t *testing.T) {
	a := install(t, t.TempDir())
	a.store.issue(t, 3)
	a.seal(t)
	b := install(t, t.TempDir())
	if err := os.CopyFS(filepath.Join(b.dir, "keys"), os.DirFS(filepath.Join(a.dir, "keys"))); err != nil {
		t.Fatal(err)
	}
	b.store.issue(t, 9)
	b.store.all = b.store.all[4:] // other certificates
	b.seal(t)
	kept, err := a.log.Request(0)
	if err != nil {
		t.Fatal(err)
	}
	verify := func(c navicert.Certificate, i *installation) seal.Report {
		raw, err := seal.Canonical(c)
		if err != nil {
			t.Fatal(err)
		}
		trust := i.trust(t)
		now, err := i.log.Checkpoint()
		if err != nil {
			t.Fatal(err)
		}
		at, err := seal.OpenCheckpoint(now, trust, nil)
		if err != nil {
			t.Fatal(err)
		}
		return seal.Verify(raw, seal.Policy{Trust: trust, Older: &kept, Log: i.log, Now: &at})
	}
	if r := verify(a.store.all[0], a); !r.OK {
		t.Errorf("its own log: %+v", r)
	}
	for what, r := range map[string]seal.Report{"certificate of the fork": verify(b.store.all[0], b), "certificate of the first log": verify(a.store.all[0], b)} {
		if r.OK {
			t.Errorf("%s verifies against the fork: %+v", what, r)
		}
		failed := []string{}
		for _, c := range r.Checks {
			if !c.OK {
				failed = append(failed, c.Check)
			}
		}
		if !slices.Contains(failed, seal.CheckConsistency) && !slices.Contains(failed, seal.CheckLog) {
			t.Errorf("%s fails %v, want consistency or log", what, failed)
		}
	}
}

// TestRotate holds that certificates of before and after a rotation verify by
// either key, and that the old key is not good for what came after.
func TestRotate(t *testing.T) {
	i := install(t, t.TempDir())
	i.store.issue(t, 3)
	i.seal(t)
	before, err := i.ring.Public()
	if err != nil {
		t.Fatal(err)
	}
	i.store.issue(t, 1)
	after, err := i.sealer.Rotate(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if before.Key == after.Key || len(after.Rotations) != 1 {
		t.Fatalf("rotated from %v to %v", before, after)
	}
	i.store.issue(t, 3)
	i.seal(t)
	i.wantWhole(t, 7)
	if n := i.store.all[3].Seal; n.Key != before.Key {
		t.Error("what waited was not sealed by the old key")
	}
	for _, given := range []seal.Keys{{Key: before.Key, Rotations: after.Rotations}, after} {
		trust, err := seal.NewTrust([]seal.Keys{given})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range i.store.all {
			b, err := seal.Canonical(c)
			if err != nil {
				t.Fatal(err)
			}
			if r := seal.Verify(b, seal.Policy{Trust: trust}); !r.OK {
				t.Errorf("by the key %s: %+v", given.Key, r)
			}
		}
	}
	alone, err := seal.NewTrust([]seal.Keys{{Key: before.Key}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := seal.Canonical(i.store.all[6])
	if err != nil {
		t.Fatal(err)
	}
	if r := seal.Verify(b, seal.Policy{Trust: alone}); r.OK {
		t.Error("the old key alone verifies what the new one sealed")
	}
	private, err := filepath.Glob(filepath.Join(i.dir, "keys", "private-*"))
	if err != nil || len(private) != 1 {
		t.Errorf("private keys after a rotation: %v, %v; want the new one alone", private, err)
	}
}

func BenchmarkSeal10000(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		i := install(b, b.TempDir())
		i.store.issue(b, 10_000)
		b.StartTimer()
		i.seal(b)
	}
}

func BenchmarkSealOne(b *testing.B) {
	i := install(b, b.TempDir())
	for b.Loop() {
		b.StopTimer()
		i.store.issue(b, 1)
		b.StartTimer()
		i.seal(b)
	}
}
