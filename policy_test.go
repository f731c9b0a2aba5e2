package navicert_test

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the hashes into docs/embedded-data.md")

// TestPackageComments holds that every package says what it is, in a comment
// of more than a line.
func TestPackageComments(t *testing.T) {
	for _, line := range goList(t, `{{.Name}} {{.Dir}}`) {
		name, dir, _ := strings.Cut(line, " ")
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		want := "// Package " + name + " "
		if name == "main" {
			want = "// Command "
		}
		n := 0
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			head, _, _ := strings.Cut(string(b), "\npackage ")
			if i := strings.Index(head, want); i >= 0 {
				n++
				if strings.Count(head[i:], "\n") < 2 {
					t.Errorf("%s: the package comment is too short to say how data enters and leaves", f)
				}
			}
		}
		if n != 1 {
			t.Errorf("%s: %d package comments that begin %q, want one", dir, n, want)
		}
	}
}

// TestEmbeddedData holds the list of embedded data files: each beside its
// source, date, licence and hash, so that none changes or appears unnoticed.
func TestEmbeddedData(t *testing.T) {
	b, err := os.ReadFile("docs/embedded-data.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(b)
	row := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\| `([0-9a-f]{64})` \\|$")
	listed := map[string]bool{}
	for _, m := range row.FindAllStringSubmatch(doc, -1) {
		listed[m[1]] = true
		data, err := os.ReadFile(m[1])
		if err != nil {
			t.Error(err)
			continue
		}
		h := sha256.Sum256(data)
		got := hex.EncodeToString(h[:])
		if got != m[5] && !*update {
			t.Errorf("docs/embedded-data.md: %s has hash %s (go test . -run EmbeddedData -update writes it)", m[1], got)
		}
		doc = strings.ReplaceAll(doc, m[5], got)
	}
	if *update {
		if err := os.WriteFile("docs/embedded-data.md", []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range goList(t, `{{.Dir}}{{range .EmbedFiles}} {{.}}{{end}}`) {
		f := strings.Fields(line)
		for _, name := range f[1:] {
			full := filepath.Join(f[0], name)
			wd, err := os.Getwd()
			if err != nil {
				t.Fatal(err)
			}
			rel, err := filepath.Rel(wd, full)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(rel, "web/dist/") || strings.HasSuffix(rel, ".sql") {
				continue // built from sources that a test of their own holds; migrations are code
			}
			if !listed[filepath.ToSlash(rel)] {
				t.Errorf("docs/embedded-data.md does not list %s", rel)
			}
		}
	}
}

// TestNoMachineNames holds that no committed text names a machine's paths.
func TestNoMachineNames(t *testing.T) {
	bad := regexp.MustCompile(`/work/|/root/|/tmp/w/`)
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n == ".git" || n == "node_modules" || n == "dist" || n == "bin" || n == ".cache" {
				return filepath.SkipDir
			}
			return nil
		}
		switch filepath.Ext(path) {
		case ".go", ".md", ".yaml", ".yml", ".ts", ".svelte", ".txtar", ".json", ".mjs", ".js":
		default:
			return nil
		}
		if path == "policy_test.go" {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if m := bad.Find(b); m != nil {
			t.Errorf("%s holds %q", path, m)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
