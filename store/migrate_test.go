package store

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/decide"
	"navicert/detect"
)

func openTest(t *testing.T, dir string) *DB {
	t.Helper()
	db, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// TestSettingsOfEveryConnection holds that what the file name asks for is in
// force on each connection, and not only on the first.
func TestSettingsOfEveryConnection(t *testing.T) {
	db := openTest(t, t.TempDir())
	for _, pool := range []struct {
		name string
		db   *sql.DB
		want map[string]string
	}{
		{"writer", db.writer.DB, map[string]string{"query_only": "0", "journal_size_limit": "67108864"}},
		{"reader", db.reader.DB, map[string]string{"query_only": "1"}},
	} {
		for k, v := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000", "cache_size": "-4096"} {
			pool.want[k] = v
		}
		for range pool.db.Stats().MaxOpenConnections {
			c, err := pool.db.Conn(t.Context()) // none is given back before the end: each is another
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			for pragma, want := range pool.want {
				var got string
				if err := c.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
					t.Errorf("%s: %s is %s, want %s (%v)", pool.name, pragma, got, want, err)
				}
			}
			_, err = c.ExecContext(t.Context(), "INSERT INTO word (text) VALUES ('x') ON CONFLICT DO NOTHING")
			if (err == nil) != (pool.name == "writer") {
				t.Errorf("%s: writing says %v", pool.name, err)
			}
		}
	}
}

func TestNewerDirectory(t *testing.T) {
	dir := t.TempDir()
	db := openTest(t, dir)
	if _, err := db.writer.ExecContext(t.Context(), "INSERT INTO schema_version VALUES (999, '0999_future.sql')"); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), dir)
	if navicert.KindOf(err) != navicert.Unsupported || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "schema 999") {
		t.Errorf("opening a newer directory says %v", err)
	}
}

func TestMigrations(t *testing.T) {
	ms, err := sqliteMigrations()
	if err != nil || len(ms) == 0 || ms[0].name != "0001_start.sql" {
		t.Fatalf("the embedded migrations are %v, %v", ms, err)
	}
	db := openTest(t, t.TempDir())
	next := append(ms, migration{len(ms) + 1, "next.sql", "CREATE TABLE extra (x INTEGER) STRICT; INSERT INTO extra VALUES (7);", nil})
	broken := append(next, migration{len(next) + 1, "broken.sql", "CREATE TABLE more (x INTEGER) STRICT; INSERT INTO nowhere VALUES (1);", nil})

	err = migrate(t.Context(), db.writer.DB, broken)
	if err == nil || !strings.Contains(err.Error(), "broken.sql") {
		t.Errorf("a broken migration says %v", err)
	}
	wantVersion(t, db, len(ms))
	for range 2 { // the second time there is nothing to do
		if err := migrate(t.Context(), db.writer.DB, next); err != nil {
			t.Fatal(err)
		}
		wantVersion(t, db, len(next))
	}
	var rows int
	if err := db.writer.QueryRowContext(t.Context(), "SELECT count(*) FROM extra").Scan(&rows); err != nil || rows != 1 {
		t.Errorf("the migration ran %d times, %v", rows, err)
	}
}

// TestFirstOpened brings a directory of before to when feeds were first opened.
func TestFirstOpened(t *testing.T) {
	ms, err := sqliteMigrations()
	if err != nil {
		t.Fatal(err)
	}
	const before = 4
	old, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "old.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if err := migrate(t.Context(), old, ms[:before]); err != nil {
		t.Fatal(err)
	}
	_, err = old.ExecContext(t.Context(), `INSERT INTO feed VALUES
		('a', 7, '{"feed":"a","opened":"2026-01-02T03:04:05.123456789Z"}'), ('b', 7, '{"feed":"b","opened":"0001-01-01T00:00:00Z"}')`)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrate(t.Context(), old, ms); err != nil {
		t.Fatal(err)
	}
	feeds, err := (&DB{reader: newConnections(old)}).Feeds(t.Context())
	if err != nil || len(feeds) != 2 || !feeds[0].FirstOpened.Equal(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)) || !feeds[1].FirstOpened.IsZero() {
		t.Errorf("feeds %+v, %v", feeds, err)
	}
}

// TestSealsMoved brings a directory of before seals were kept beside certificates:
// one is sealed, one waits.
func TestSealsMoved(t *testing.T) {
	ms, err := sqliteMigrations()
	if err != nil {
		t.Fatal(err)
	}
	const before = 20
	dir := t.TempDir()
	old, err := sql.Open("sqlite", filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	if err := migrate(t.Context(), old, ms[:before]); err != nil {
		t.Fatal(err)
	}
	_, err = old.ExecContext(t.Context(), `INSERT INTO certificate (id, issued_at, body, seal, log_index) VALUES
		('aa01', 1, '{"id":"aa01","subject":{"id":"V-1"},"digest":"sha256:01"}', '{"log":"l","index":7}', 7),
		('aa02', 2, '{"id":"aa02","subject":{"id":"V-2"},"digest":"sha256:02"}', NULL, NULL)`)
	if err := errors.Join(err, old.Close()); err != nil {
		t.Fatal(err)
	}
	db := openTest(t, dir)
	if c, err := db.Certificate(t.Context(), "aa01"); err != nil || c.Subject.ID != "V-1" || c.Seal == nil || c.Seal.Index != 7 {
		t.Errorf("the sealed one is %+v, %v", c, err)
	}
	if n, err := db.SealedTo(t.Context()); err != nil || n != 8 {
		t.Errorf("sealed to %d, %v", n, err)
	}
	if cs, err := db.Unsealed(t.Context(), 10); err != nil || len(cs) != 1 || cs[0].ID != "aa02" || cs[0].Digest != "sha256:02" {
		t.Errorf("without a seal are %+v, %v", cs, err)
	}
	if ids, err := db.FindCertificates(t.Context(), "V-2"); err != nil || len(ids) != 1 || ids[0] != "aa02" {
		t.Errorf("of V-2 is %v, %v", ids, err)
	}
	if err := db.PutSeals(t.Context(), map[string]navicert.Seal{"aa02": {Index: 8}}); err != nil {
		t.Error(err)
	}
	if cs, err := db.Unsealed(t.Context(), 10); err != nil || len(cs) != 0 {
		t.Errorf("without a seal are %+v, %v", cs, err)
	}
}

// TestHeardKnown brings a directory of before the coverage ledger said when it was
// recorded and whether it is of invented data.
func TestHeardKnown(t *testing.T) {
	ms, err := sqliteMigrations()
	if err != nil {
		t.Fatal(err)
	}
	const before = 21
	for _, simulated := range []int{0, 1} {
		dir := t.TempDir()
		old, err := sql.Open("sqlite", filepath.Join(dir, FileName))
		if err != nil {
			t.Fatal(err)
		}
		if err := migrate(t.Context(), old, ms[:before]); err != nil {
			t.Fatal(err)
		}
		_, err = old.ExecContext(t.Context(), `INSERT INTO word (id, text) VALUES (7, 'pier');
			INSERT INTO vessel (mmsi, first_fix, last_fix, fixes, simulated) VALUES (775999001, 1, 2, 3, ?1);
			INSERT INTO heard (cell, hour, receiver, class, ships, fixes, last_at) VALUES (?2, 450000, 7, 'A', 3, 40, 1620000001000)`, simulated, int64(s2.CellIDFromFace(1)))
		if err := errors.Join(err, old.Close()); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		db := openTest(t, dir)
		f := detect.HeardFilter{Cells: []s2.CellID{s2.CellIDFromFace(1)}, From: time.Unix(450000*3600, 0), To: time.Unix(450001*3600, 0)}
		want := detect.Reception{Hours: 1, Receivers: 1, Ships: 3, Last: time.UnixMilli(1620000001000).UTC(), Listened: 1}
		for known, want := range map[time.Time]detect.Reception{began.Add(-time.Second): {}, time.Now().Add(time.Second): want} {
			f.KnownAt = known
			if r, err := db.Reception(t.Context(), f, simulated == 1); err != nil || r != want {
				t.Errorf("simulated %d, known at %s: %+v, %v, want %+v", simulated, known, r, err, want)
			}
			if r, err := db.Reception(t.Context(), f, simulated == 0); err != nil || r != (detect.Reception{}) {
				t.Errorf("simulated %d, asked for the others: %+v, %v", simulated, r, err)
			}
		}
	}
}

func wantVersion(t *testing.T, db *DB, want int) {
	t.Helper()
	if v, err := schemaVersion(t.Context(), db.writer); err != nil || v != want {
		t.Errorf("the schema is %d, want %d (%v)", v, want, err)
	}
}

// TestBusy holds that a writer waits for another process's transaction, that
// its context ends the wait, and that the wait's own end is a clear error.
func TestBusy(t *testing.T) {
	dir := t.TempDir()
	one, two := openTest(t, dir), openTest(t, dir)
	hold := func() func() {
		tx, err := one.writer.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return func() { _ = tx.Rollback() }
	}
	write := func(ctx context.Context) error {
		_, err := two.PutCertificate(ctx, decide.Issued{Certificate: navicert.Certificate{ID: "a", IssuedAt: navicert.At(time.Unix(1, 0))}})
		return err
	}

	release := hold()
	time.AfterFunc(100*time.Millisecond, release)
	if err := write(t.Context()); err != nil {
		t.Error("a writer that waits:", err)
	}

	release = hold()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if err := write(ctx); navicert.KindOf(err) != navicert.Unavailable || time.Since(start) > 5*time.Second {
		t.Errorf("after %v a writer whose context ended says %v", time.Since(start), err)
	}
	if _, err := two.Certificates(t.Context(), time.Time{}, 0); err != nil {
		t.Error("a reader beside a writer:", err)
	}

	if _, err := two.writer.ExecContext(t.Context(), "PRAGMA busy_timeout = 30"); err != nil {
		t.Fatal(err)
	}
	if err := write(t.Context()); navicert.KindOf(err) != navicert.Unavailable || !strings.Contains(err.Error(), "another navicert") {
		t.Errorf("a writer that waited too long says %v", err)
	}
	release()
	if err := write(t.Context()); err != nil {
		t.Error("a writer when the other is done:", err)
	}
}
