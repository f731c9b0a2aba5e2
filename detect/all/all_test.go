package all_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"navicert/detect/all"
)

// TestPages holds that each detector has its page in docs/detectors, to which
// docs/behaviour.md leads, and that each folder with a kind of its own is one of
// the detectors.
func TestPages(t *testing.T) {
	const docs = "../../docs/"
	pageOf := map[string]string{} // by the kind that a page names first
	first := regexp.MustCompile("(?i)\\bkind `([a-z_]+)`")
	pages, err := filepath.Glob(docs + "detectors/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		m := first.FindStringSubmatch(read(t, page))
		switch name := filepath.Base(page); {
		case m == nil:
			t.Errorf("docs/detectors/%s does not say which kind its events are", name)
		case pageOf[m[1]] != "":
			t.Errorf("docs/detectors/%s and %s are both about kind %s", pageOf[m[1]], name, m[1])
		default:
			pageOf[m[1]] = name
		}
	}

	overview := read(t, docs+"behaviour.md")
	var kinds []string
	for _, d := range all.Detectors(all.Config{}) {
		kind := d.Kind()
		kinds = append(kinds, kind)
		page := pageOf[kind]
		if page == "" {
			t.Errorf("no page in docs/detectors is about kind %s", kind)
		} else if !strings.Contains(overview, "(detectors/"+page+")") {
			t.Errorf("docs/behaviour.md does not lead to detectors/%s", page)
		}
	}
	for kind, page := range pageOf {
		if !slices.Contains(kinds, kind) {
			t.Errorf("docs/detectors/%s is about kind %s, of which there is no detector", page, kind)
		}
	}

	declared := regexp.MustCompile(`(?m)^(?:const |\t)Kind +(?:string )?= "([a-z_]+)"`)
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	folders := 0
	for _, file := range files {
		if m := declared.FindStringSubmatch(read(t, file)); m != nil {
			folders++
			if !slices.Contains(kinds, m[1]) {
				t.Errorf("%s declares kind %s, of which all.Detectors makes no detector", strings.TrimPrefix(file, "../"), m[1])
			}
		}
	}
	if folders < 10 {
		t.Errorf("%d folders with a kind were found", folders)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
