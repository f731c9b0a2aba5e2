package store_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"navicert"
	"navicert/decide"
	"navicert/store"
)

func someCertificate(id string) navicert.Certificate {
	return navicert.Certificate{ID: id, Verdict: navicert.Clear, IssuedAt: navicert.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))}
}

func TestOpenRefuses(t *testing.T) {
	tmp := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(tmp, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	file := write("file", "not a directory")
	garbage := strings.Repeat("not a database ", 1000)
	write("garbage/"+store.FileName, garbage)
	foreign := filepath.Join(tmp, "foreign")
	if err := os.Mkdir(foreign, 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(foreign, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE schema_version (version INTEGER)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	for _, tt := range []struct {
		dir  string
		kind navicert.Kind
		says string
	}{
		{"", navicert.Invalid, "--data"},
		{file, navicert.Unavailable, "file"},
		{filepath.Join(file, "below"), navicert.Unavailable, "below"},
		{filepath.Join(tmp, "garbage"), navicert.Invalid, "garbage"},
		{foreign, navicert.Invalid, "is not a navicert database"},
	} {
		db, err := store.Open(t.Context(), tt.dir)
		if err == nil {
			_ = db.Close()
		}
		if navicert.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("opening %q says %v, want an error of kind %s with %q", tt.dir, err, tt.kind, tt.says)
		}
	}
	if b, err := os.ReadFile(filepath.Join(tmp, "garbage", store.FileName)); err != nil || string(b) != garbage {
		t.Errorf("the refused file was changed (%v)", err)
	}
}

// TestDirectoryNames holds that no character of a path is taken for part of a
// setting.
func TestDirectoryNames(t *testing.T) {
	for _, name := range []string{
		"with space", "a?mode=memory", "a#b", "a%41b", "a%zz", "a&_pragma=synchronous(0)", "'quoted' \"twice\"", "ümlaut 希望", "a;b", "file:x", "deep/er/and/deeper",
	} {
		dir := filepath.Join(t.TempDir(), name)
		db := open(t, dir)
		if _, err := db.PutCertificate(t.Context(), decide.Issued{Certificate: someCertificate("a")}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		closeDB(t, db)
		if info, err := os.Stat(filepath.Join(dir, store.FileName)); err != nil || info.Size() == 0 {
			t.Errorf("%s: the file is not in the directory: %v", name, err)
		}
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: the directory is open to others: %v %v", name, info.Mode(), err)
		}
	}
	t.Chdir(t.TempDir())
	closeDB(t, open(t, "relative"))
	if _, err := os.Stat(filepath.Join("relative", store.FileName)); err != nil {
		t.Error(err)
	}
}

// TestReopen holds that everything is there again, and that a closed directory
// is one file.
func TestReopen(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		db := open(t, dir)
		if _, err := db.PutCertificate(t.Context(), decide.Issued{Certificate: someCertificate(fmt.Sprint(i))}); err != nil {
			t.Fatal(err)
		}
		cs, err := db.Certificates(t.Context(), time.Time{}, 0)
		if err != nil || len(cs) != i+1 {
			t.Errorf("%d certificates are held, want %d (%v)", len(cs), i+1, err)
		}
		closeDB(t, db)
		files, err := os.ReadDir(dir)
		if err != nil || len(files) != 1 {
			t.Errorf("a closed directory holds %v, %v", files, err)
		}
	}
}

// TestOpenAtOnce opens a directory that does not exist yet many times at once.
func TestOpenAtOnce(t *testing.T) {
	for range 5 {
		dir := filepath.Join(t.TempDir(), "new")
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				db, err := store.Open(t.Context(), dir)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := db.PutCertificate(t.Context(), decide.Issued{Certificate: someCertificate(fmt.Sprint(i))}); err != nil {
					t.Error(err)
				}
				closeDB(t, db)
			})
		}
		wg.Wait()
		db := open(t, dir)
		if cs, err := db.Certificates(t.Context(), time.Time{}, 0); err != nil || len(cs) != 8 {
			t.Errorf("%d certificates are held, want 8 (%v)", len(cs), err)
		}
		closeDB(t, db)
	}
}

// TestDamagedFile holds that a damaged file is an error, never an empty answer
// or a crash.
func TestDamagedFile(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	if _, err := db.Put(t.Context(), benchPublication(0), benchList(2000)); err != nil {
		t.Fatal(err)
	}
	closeDB(t, db)
	path := filepath.Join(dir, store.FileName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	damaged := bytes.Clone(whole)
	for at := 20 * page; at+page < len(damaged); at += 10 * page { // the first pages hold the tables' definitions
		copy(damaged[at:], bytes.Repeat([]byte{0xa5}, page))
	}
	for name, content := range map[string][]byte{"overwritten": damaged, "cut off": whole[:len(whole)/2]} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		err := readAll(t, dir)
		if navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: reading says %v, want an error of kind invalid", name, err)
		}
	}
}

func readAll(t *testing.T, dir string) error {
	db, err := store.Open(t.Context(), dir)
	if err != nil {
		return err
	}
	defer closeDB(t, db)
	p := benchPublication(0)
	for _, err := range db.Entries(t.Context(), p.List, p.Date) {
		if err != nil {
			return err
		}
	}
	return nil
}
