package list_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"navicert"
	"navicert/list"
)

// archive is a zip archive of the named files.
func archive(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range files {
		w, err := z.Create(name)
		if err == nil && name[len(name)-1] != '/' {
			_, err = w.Write(bytes.Repeat([]byte("content of "+name), 100))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestZip(t *testing.T) {
	m := fstest.MapFS{
		"SDN.ZIP":   {Data: archive(t, "folder/", "SDN.XML")},
		"two.zip":   {Data: archive(t, "a", "b")},
		"none.zip":  {Data: archive(t)},
		"small.zip": {Data: archive(t, "a")},
	}
	if name, err := list.FindFile(m, "sdn.xml"); name != "SDN.ZIP" || err != nil {
		t.Errorf("found %q, %v", name, err)
	}
	for _, fsys := range []fs.FS{m, noReaderAt{m}} {
		if b, err := list.ReadFile(fsys, "SDN.ZIP", 5000); len(b) != 1800 || !bytes.HasPrefix(b, []byte("content of SDN.XML")) || err != nil {
			t.Errorf("%.30q…, %v", b, err)
		}
		for name, want := range map[string]navicert.Kind{"two.zip": navicert.Invalid, "none.zip": navicert.Invalid, "small.zip": navicert.Limit} {
			if _, err := list.ReadFile(fsys, name, 1000); navicert.KindOf(err) != want {
				t.Errorf("%s: %v, want kind %s", name, err, want)
			}
		}
	}
}

// noReaderAt hides what a file can do beside being read.
type noReaderAt struct{ fs.FS }

func (n noReaderAt) Open(name string) (fs.File, error) {
	f, err := n.FS.Open(name)
	return struct{ fs.File }{f}, err
}

func TestOnlyFile(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"sdn.csv", "alt.csv"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	view := list.OnlyFile(os.DirFS(dir), "sdn.csv")
	if name, err := list.FindFile(view, "SDN.csv"); name != "sdn.csv" || err != nil {
		t.Errorf("found %q, %v", name, err)
	}
	if name, err := list.FindFile(view, "alt.csv"); name != "" || err != nil {
		t.Errorf("the other file: found %q, %v", name, err)
	}
	if _, err := view.Open("alt.csv"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the other file: %v", err)
	}
	if b, err := list.ReadFile(view, "sdn.csv", 100); string(b) != "sdn.csv" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
}

func TestDateOf(t *testing.T) {
	for _, c := range []struct{ given, stated, want navicert.Date }{
		{"2024-03-06", "", "2024-03-06"},
		{"", "2024-03-06", "2024-03-06"},
		{"2024-03-06", "2024-03-06", "2024-03-06"},
		{"2024-03-07", "2024-03-06", ""},
		{"2024-02-30", "2024-03-06", ""},
		{"", "", ""},
	} {
		got, err := list.DateOf(list.Source{Name: "here", Options: list.Options{Published: c.given}}, "f.xml", c.stated)
		if got != c.want || (err != nil) != (c.want == "") || err != nil && navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("given %q, stated %q: %q, %v", c.given, c.stated, got, err)
		}
	}
}
