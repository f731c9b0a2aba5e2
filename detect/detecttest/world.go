package detecttest

import (
	"os"
	"path/filepath"
	"testing"

	"navicert"
	"navicert/geo"
)

// World returns the land that the program carries, the web app's chart, read.
func World(t testing.TB) *geo.Land {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	paths, err := filepath.Glob(filepath.Join(dir, "web", "dist", "assets", "land-10m-*.json"))
	if err != nil || len(paths) != 1 {
		t.Fatalf("the web app's land is %q: %v", paths, err)
	}
	f, err := os.Open(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l, err := geo.ReadLand(f, paths[0])
	if err != nil {
		t.Fatal(err)
	}
	l.Contains(navicert.Position{})
	return l
}
