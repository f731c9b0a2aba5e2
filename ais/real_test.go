package ais

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"navicert/internal/realdata"
)

// variant is one line of vectors/variants.jsonl.
type variant struct {
	Case   string   `json:"case"`
	Lines  []string `json:"lines"`
	Expect []struct {
		Type    int      `json:"type"`
		MMSI    uint32   `json:"mmsi"`
		Time    *float64 `json:"time"`
		Station *string  `json:"station"`
		Parts   int      `json:"parts"`
	} `json:"expect"`
	Drop map[string]int64 `json:"drop"`
}

func TestVariants(t *testing.T) {
	f, err := os.Open(realdata.Dir(t, "ais/vectors/variants.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cases := 0
	for sc := bufio.NewScanner(f); sc.Scan(); cases++ {
		var v variant
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		t.Run(v.Case, func(t *testing.T) { checkVariant(t, &v) })
	}
	if cases != 59 {
		t.Errorf("%d cases, want 59", cases)
	}
}

func checkVariant(t *testing.T, v *variant) {
	r := NewReader(strings.NewReader(strings.Join(v.Lines, "\r\n")+"\r\n"), Options{})
	for i := 0; ; i++ {
		m, err := r.Next()
		if err == io.EOF {
			if i != len(v.Expect) {
				t.Errorf("%d messages, want %d", i, len(v.Expect))
			}
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if i >= len(v.Expect) {
			t.Fatalf("one message too many: %s", m.AppendJSON(nil))
		}
		want := v.Expect[i]
		h := m.Body.Head()
		if int(h.Type) != want.Type || uint32(h.MMSI) != want.MMSI || m.Parts() != want.Parts {
			t.Errorf("message %d: type %d of %d in %d parts, want type %d of %d in %d", i, h.Type, h.MMSI, m.Parts(), want.Type, want.MMSI, want.Parts)
		}
		at, from := m.Time()
		if want.Time == nil && from != "" || want.Time != nil && (from == "" || math.Abs(float64(at.UnixNano())/1e9-*want.Time) > 1e-4) {
			t.Errorf("message %d: time %v from %q, want %v", i, at, from, want.Time)
		}
		station := ""
		if want.Station != nil {
			station = *want.Station
		}
		if m.Station() != station {
			t.Errorf("message %d: station %q, want %q", i, m.Station(), station)
		}
	}
	for why := used + 1; why < reasons; why++ {
		if got := r.Counts().Dropped(why); got != v.Drop[why.String()] {
			t.Errorf("dropped as %s: %d, want %d", why, got, v.Drop[why.String()])
		}
	}
	checkSums(t, r.Counts())
}

// checkSums checks that every line and every sentence is in one counter.
func checkSums(t *testing.T, c *Counts) {
	t.Helper()
	if c.Lines != c.DataLines+c.Comments+c.Other+c.TooLong {
		t.Errorf("%d lines, but %d with data, %d comments, %d other, %d too long", c.Lines, c.DataLines, c.Comments, c.Other, c.TooLong)
	}
	dropped, messages, timed := int64(0), int64(0), int64(0)
	for _, n := range c.dropped {
		dropped += n
	}
	for _, n := range c.types {
		messages += n
	}
	for _, n := range c.times {
		timed += n
	}
	if c.Sentences != c.Used+c.Pending+dropped || c.Pending != 0 {
		t.Errorf("%d sentences, but %d used, %d pending, %d dropped", c.Sentences, c.Used, c.Pending, dropped)
	}
	if c.Messages != messages || c.Messages != timed {
		t.Errorf("%d messages, but %d by type and %d by time", c.Messages, messages, timed)
	}
}

// open opens a file of the real data, unpacked.
func openReal(t testing.TB, path string) io.Reader {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if !strings.HasSuffix(path, ".gz") {
		return f
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// recordings returns the paths of the 29 recordings.
func recordings(t testing.TB) []string {
	files, err := filepath.Glob(filepath.Join(realdata.Dir(t, "ais/nmea"), "*"))
	if err != nil || len(files) != 29 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	return files
}

// readReal reads a file to its end and shows each message.
func readReal(t testing.TB, path string, o Options, show func(*Message)) *Counts {
	r := NewReader(openReal(t, path), o)
	for {
		m, err := r.Next()
		if err == io.EOF {
			return r.Counts()
		}
		if err != nil {
			t.Fatal(err)
		}
		show(m)
	}
}

// TestRecordings holds the counts of every recording against the table of the
// data's README.
func TestRecordings(t *testing.T) {
	readme, err := os.ReadFile(realdata.Dir(t, "ais/README.md"))
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for _, line := range strings.Split(string(readme), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 10 {
			continue
		}
		var want [4]int64 // lines, valid, messages, timed
		ok := true
		for i := range want {
			n, err := strconv.ParseInt(strings.TrimSpace(cells[4+i]), 10, 64)
			want[i], ok = n, ok && err == nil
		}
		if !ok {
			continue
		}
		files++
		name := strings.TrimSpace(cells[1])
		t.Run(name, func(t *testing.T) {
			src := &lastByte{r: openReal(t, realdata.Dir(t, filepath.Join("ais/nmea", name)))}
			r := NewReader(src, Options{})
			for {
				m, err := r.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				checkParts(t, m)
			}
			c := r.Counts()
			valid := c.Sentences - c.Dropped(Checksum) - c.Dropped(NoChecksum)
			got := [4]int64{c.Lines, valid, c.Messages, c.Messages - c.Time("")}
			if src.last != '\n' && got[0] == want[0]+1 {
				want[0]++ // the table counts line ends in most files
			}
			if got != want {
				b, _ := json.Marshal(c)
				t.Errorf("lines, valid, messages, timed: %v, want %v\n%s", got, want, b)
			}
			checkSums(t, c)
		})
	}
	if files != 29 {
		t.Errorf("%d recordings, want 29", files)
	}
}

// checkParts checks that the sentences of a message agree in all that parts
// must share. In go-ais-aistest.nmea a decoder that looks at the sequence id
// alone joins SEASMILE, 229474000, with a second part from the other channel.
func checkParts(t *testing.T, m *Message) {
	first := strings.Split(string(m.Part(0)), ",")
	for i := range m.Parts() {
		f := strings.Split(string(m.Part(i)), ",")
		if f[0] != first[0] || f[1] != first[1] || f[2] != strconv.Itoa(i+1) || f[3] != first[3] || f[4] != first[4] {
			t.Errorf("parts that do not belong together: %q and %q", m.Part(0), m.Part(i))
		}
	}
	if m.Parts() != int(first[1][0]-'0') {
		t.Errorf("%d parts: %q", m.Parts(), m.Part(0))
	}
}

// lastByte remembers the last byte that was read.
type lastByte struct {
	r    io.Reader
	last byte
}

func (l *lastByte) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if n > 0 {
		l.last = p[n-1]
	}
	return n, err
}
