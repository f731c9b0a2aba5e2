// Package gfw compares our segmenter with the cases of Global Fishing Watch's
// gpsdio-segment (8109193) and pipe-segment (b72a868), both Apache-2.0. Package
// detect/gfwevents does the same for events, and lists all sets of cases.
//
// The cases are read where they lie and are no part of the program. The
// tests of track/segment and navicert detect --bench call the same functions:
//
//	set, err := gfw.Tracks("behaviour/gpsdio-segment")
package gfw

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"navicert"
)

// Set is how far we agree with one set of cases.
type Set struct {
	Name   string   `json:"name"`
	Agree  int      `json:"agree"`
	All    int      `json:"all"`
	Misses []string `json:"misses,omitempty"` // each a case, with what differs
}

// Case counts a case, of which wrong says what differs.
func (s *Set) Case(name string, wrong []string) {
	s.All++
	if len(wrong) == 0 {
		s.Agree++
		return
	}
	const most = 10
	more := ""
	if n := len(wrong); n > most {
		wrong, more = wrong[:most], fmt.Sprintf("; and %d more", n-most)
	}
	s.Misses = append(s.Misses, name+": "+strings.Join(wrong, "; ")+more)
}

// Check reports to a test what differs, and a number of cases that is not the
// one wanted.
func (s *Set) Check(t interface {
	Helper()
	Errorf(format string, args ...any)
}, want int,
) {
	t.Helper()
	for _, m := range s.Misses {
		t.Errorf("%s: %s", s.Name, m)
	}
	if s.All != want || s.Agree+len(s.Misses) != s.All {
		t.Errorf("%s: %d of %d cases agree, %d do not; want %d cases", s.Name, s.Agree, s.All, len(s.Misses), want)
	}
}

// Source is where a set is found in a folder of public data, and what compares it.
type Source struct {
	Name    string
	Path    string // with slashes
	Compare func(path string) (Set, error)
}

// In compares the set of a folder of public data. A file without cases is an
// error: of none, nothing agrees.
func (s Source) In(dir string) (Set, error) {
	path := filepath.Join(dir, filepath.FromSlash(s.Path))
	set, err := s.Compare(path)
	if err == nil && set.All == 0 {
		err = Unusable(path, "it has no cases")
	}
	return set, err
}

// Sources are those of this package.
func Sources() []Source {
	return []Source{
		{tracksName, "behaviour/gpsdio-segment", Tracks},
		{segmentsName, "behaviour/pipe-segment", Segments},
	}
}

// ReadJSON reads a file of one value.
func ReadJSON(path string, into any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return unread(path, err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		return Unusable(path, "%w", err)
	}
	return nil
}

// Unusable is the error of a file of cases that is not as it should be.
func Unusable(path, format string, args ...any) error {
	return navicert.Errorf(navicert.Invalid, "compare", path, format, args...).WithHint("the cases are those that docs/accuracy.md names")
}

func unread(path string, err error) error {
	kind := navicert.Unavailable
	if os.IsNotExist(err) {
		kind = navicert.NotFound
	}
	return navicert.Errorf(kind, "compare", path, "%w", err)
}

// open opens a file, packed or not.
func open(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unread(path, err)
	}
	if filepath.Ext(path) != ".gz" {
		return f, nil
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		_ = f.Close() // was read only
		return nil, Unusable(path, "%w", err)
	}
	return struct {
		io.Reader
		io.Closer
	}{z, f}, nil
}

// readLines reads a file of one value a line.
func readLines[T any](path string) ([]T, error) {
	r, err := open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var all []T
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return nil, Unusable(path, "%w", err)
		}
		all = append(all, v)
	}
	if err := lines.Err(); err != nil {
		return nil, Unusable(path, "%w", err)
	}
	return all, nil
}
