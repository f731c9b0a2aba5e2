package gfw

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"navicert"
)

func TestCase(t *testing.T) {
	var s Set
	s.Case("one", nil)
	s.Case("two", []string{"a", "b"})
	s.Case("many", strings.Split(strings.Repeat("x", 13), ""))
	if s.All != 3 || s.Agree != 1 || len(s.Misses) != 2 || s.Misses[0] != "two: a; b" || !strings.HasSuffix(s.Misses[1], "x; and 3 more") {
		t.Errorf("%+v", s)
	}
	for want, complaints := range map[int]int{3: 2, 4: 3} {
		var got counter
		if s.Check(&got, want); int(got) != complaints {
			t.Errorf("%d complaints where %d cases are wanted, want %d", got, want, complaints)
		}
	}
}

type counter int

func (*counter) Helper()                 {}
func (c *counter) Errorf(string, ...any) { *c++ }

// A track of one line, once with what is true of it in the reference and once
// with what is not; without a reference there is nothing to compare.
func TestTracks(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Tracks(dir); navicert.KindOf(err) != navicert.NotFound {
		t.Errorf("without tracks: %v", err)
	}
	write("tracks/775999001.ndjson.gz", `{"ssvid":"775999001","type":"AIS.1","timestamp":"2026-01-01T00:00:00Z","lat":10,"lon":-65,"speed":3,"course":90}`+"\n")
	if _, err := Tracks(dir); navicert.KindOf(err) != navicert.NotFound {
		t.Errorf("without a reference: %v", err)
	}
	for _, c := range []struct {
		row   string
		agree int
	}{{"0,segment,1", 1}, {"0,closed,1", 0}, {"0,segment,", 0}, {"0,bad,", 0}} {
		write("reference/775999001.csv.gz", "line,class,segment\n"+c.row+"\n")
		set, err := Tracks(dir)
		if err != nil {
			t.Fatal(err)
		}
		if set.All != 1 || set.Agree != c.agree || len(set.Misses) != 1-c.agree {
			t.Errorf("%s: %+v", c.row, set)
		}
	}
	write("reference/775999001.csv.gz", "line,class,segment\n")
	if _, err := Tracks(dir); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("with a reference of other lines: %v", err)
	}
}

func TestDays(t *testing.T) {
	a, b := day{ID: "1-x", SSVID: "1", Messages: 2}, day{ID: "2-x", SSVID: "2"}
	changed := a
	changed.Messages = 3
	for _, c := range []struct {
		name       string
		got, want  []day
		agree, all int
	}{
		{"the same", []day{b, a}, []day{a, b}, 2, 2},
		{"one missing", []day{a}, []day{a, b}, 1, 2},
		{"one too many", []day{a, b}, []day{a}, 1, 2},
		{"another number", []day{changed}, []day{a}, 0, 1},
	} {
		var s Set
		if s.days(c.got, c.want); s.Agree != c.agree || s.All != c.all {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}
