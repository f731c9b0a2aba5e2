package web

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The files that the build reads: tools/sources.mjs lists the same.
var (
	sourceFolders = []string{"public", "src", "tools"}
	sourceFiles   = []string{
		".npmrc", "index.html", "package-lock.json", "package.json",
		"svelte.config.js", "tsconfig.json", "vite.config.ts",
	}
)

// TestDistIsFresh compares the hashes of the sources with those that dist was
// built from.
func TestDistIsFresh(t *testing.T) {
	built := builtFrom(t)
	found := map[string]string{}
	add := func(name string) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.Sum256(b)
		found[filepath.ToSlash(name)] = hex.EncodeToString(h[:])
	}
	for _, name := range sourceFiles {
		add(name)
	}
	for _, folder := range sourceFolders {
		err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				add(name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, hash := range found {
		switch was, ok := built[name]; {
		case !ok:
			t.Errorf("%s is new since dist was built: run make web", name)
		case was != hash:
			t.Errorf("%s has changed since dist was built: run make web", name)
		}
	}
	for name := range built {
		if _, ok := found[name]; !ok {
			t.Errorf("%s is gone since dist was built: run make web", name)
		}
	}
}

func builtFrom(t *testing.T) map[string]string {
	t.Helper()
	b, err := fs.ReadFile(FS(), "SOURCES.sha256")
	if err != nil {
		t.Fatal(err)
	}
	built := map[string]string{}
	for line := range strings.Lines(string(b)) {
		hash, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok || len(hash) != 64 {
			t.Fatalf("SOURCES.sha256: bad line %q", line)
		}
		built[name] = hash
	}
	return built
}

var (
	reference = regexp.MustCompile(`(?:src|href)="\./([^"]+)"`)
	inline    = regexp.MustCompile(`(?i)<script(?:>|\s[^>]*>)[^<]+|<style|\sstyle=|\son\w+=`)
	elsewhere = regexp.MustCompile(`(?i)(?:src|href)="(?:https?:)?//`)
)

// TestIndexIsWhole checks that index.html names only embedded files and would
// pass a content security policy without 'unsafe-inline'.
func TestIndexIsWhole(t *testing.T) {
	b, err := fs.ReadFile(FS(), "index.html")
	if err != nil {
		t.Fatal(err)
	}
	refs := reference.FindAllStringSubmatch(string(b), -1)
	if len(refs) < 3 {
		t.Fatalf("index.html names %d files, want its icon, script and style", len(refs))
	}
	for _, ref := range refs {
		if _, err := fs.Stat(FS(), path.Clean(ref[1])); err != nil {
			t.Errorf("index.html names %s: %v", ref[1], err)
		}
	}
	for what, re := range map[string]*regexp.Regexp{"inline code": inline, "another host": elsewhere} {
		if m := re.FindString(string(b)); m != "" {
			t.Errorf("index.html holds %s: %q", what, m)
		}
	}
}

// maxDist caps what the app adds to the binary. The coastlines are 4.0 MB,
// swagger-ui 1.7 MB, MapLibre 1.6 MB.
const maxDist = 9 << 20

// TestDistIsSmall keeps the embedded files within bounds and free of source
// maps.
func TestDistIsSmall(t *testing.T) {
	var total int64
	err := fs.WalkDir(FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasSuffix(name, ".map") {
			t.Errorf("%s: source maps are not embedded", name)
		}
		info, err := d.Info()
		total += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if total > maxDist {
		t.Errorf("dist is %d bytes, limit is %d", total, maxDist)
	}
}
