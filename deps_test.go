package navicert_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport is the import table of ARCHITECTURE.md: for each top folder the
// folders it may import. What those may import is allowed too, the root always
// is, and folders below one top folder may import each other.
var mayImport = map[string][]string{
	"":       {},
	"ais":    {},
	"feed":   {"ais"},
	"geo":    {},
	"track":  {"geo"},
	"detect": {"track"},
	"list":   {},
	"screen": {"list"},
	"rule":   {},
	"decide": {"detect", "screen", "rule"},
	"seal":   {},
	"paper":  {},
	"store":  {"list", "track", "detect", "geo", "decide", "seal"},
	"sim":    {"ais", "geo"},
	"serve":  {"decide"},
	"web":    {},
	"app":    {"feed", "decide", "seal", "paper", "store", "sim", "serve", "web"},
	"cmd":    {"app"},
}

const module = "navicert"

func TestImportTable(t *testing.T) {
	for _, line := range goList(t, `{{.ImportPath}} {{join .Imports " "}}`) {
		path, imports, _ := strings.Cut(line, " ")
		top := topFolder(path)
		if top == "internal" {
			continue
		}
		if _, ok := mayImport[top]; !ok {
			t.Errorf("%s: folder %q is not in the import table", path, top)
			continue
		}
		allowed := closure(top)
		for _, imp := range strings.Fields(imports) {
			if imp != module && !strings.HasPrefix(imp, module+"/") {
				if top == "" && strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
					t.Errorf("the root package imports %s: it may import only the standard library", imp)
				}
				continue
			}
			to := topFolder(imp)
			if to == "" || to == top || slices.Contains(allowed, to) {
				continue
			}
			t.Errorf("%s imports %s: the table does not let %q import %q", path, imp, top, to)
		}
	}
}

// closure returns all folders that top may import, directly or through others.
func closure(top string) []string {
	var all []string
	for todo := mayImport[top]; len(todo) > 0; todo = todo[1:] {
		if !slices.Contains(all, todo[0]) {
			all = append(all, todo[0])
			todo = append(todo, mayImport[todo[0]]...)
		}
	}
	return all
}

func topFolder(path string) string {
	rest := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
	top, _, _ := strings.Cut(rest, "/")
	return top
}

// TestTableIsArchitecture holds the table in ARCHITECTURE.md against this one.
func TestTableIsArchitecture(t *testing.T) {
	b, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	for top, allowed := range mayImport {
		name := "`" + top + "/`"
		if top == "" {
			name = "`.`"
		}
		want := "root"
		if len(allowed) > 0 {
			want = strings.Join(allowed, ", ")
		}
		if top == "" || top == "web" {
			want = "–"
		}
		found := false
		for _, line := range strings.Split(string(b), "\n") {
			if cells := strings.Split(line, "|"); len(cells) == 5 && strings.TrimSpace(cells[1]) == name {
				found = true
				if got := strings.TrimSpace(cells[3]); got != want {
					t.Errorf("ARCHITECTURE.md says that %s may import %q, the test %q", name, got, want)
				}
			}
		}
		if !found {
			t.Errorf("ARCHITECTURE.md has no row for %s", name)
		}
	}
}

func goList(t *testing.T, format string) []string {
	t.Helper()
	cmd := exec.Command("go", "list", "-f", format, "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
