package ais

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"navicert/internal/realdata"
)

// asSent returns a message's fields in the unscaled JSON that users get.
func asSent(t testing.TB, body Body) map[string]any {
	t.Helper()
	object := appendUnscaled(body.Head().appendJSON(nil), body)
	var m map[string]any
	parseGPSD(t, append(object, '}'), &m)
	delete(m, "class")
	return m
}

// beyondGPSD are the members of ours that gpsd does not print, by type.
var beyondGPSD = map[string][]string{
	"7": {"seqno1", "seqno2", "seqno3", "seqno4"}, "13": {"seqno1", "seqno2", "seqno3", "seqno4"},
	"9": {"assigned"}, "18": {"assigned"}, "21": {"assigned"}, "23": {"txrx"}, "24": {"part"},
}

// sameAsGPSD compares all members, of ours and of gpsd's, but those in which
// gpsd is known to depart from the standard or to print what was not sent
// (docs/ais.md).
func sameAsGPSD(ours, theirs map[string]any) (field string, same bool) {
	kind := fmt.Sprint(ours["type"])
	text := func(v any) string { return strings.TrimRight(fmt.Sprint(v), " ") }
	padded := slices.Contains([]string{"7", "13", "15", "16", "20"}, kind) // gpsd prints what is left of a group that is not all there
	for name, v := range ours {
		w, there := theirs[name]
		switch {
		case !there && slices.Contains(beyondGPSD[kind], name):
		case !there && name == "data" && theirs["tidals"] != nil: // a tidal window that is cut off, which gpsd reads beyond the end
		case !there:
			return name, false
		case kind == "26" && name == "radio": // gpsd prints 0, and the field's bits at the end of the data
		case kind == "26" && name == "data":
			if s := fmt.Sprint(w); len(s) < 2 || !strings.HasPrefix(fmt.Sprint(v), s[:len(s)-2]) {
				return name, false
			}
		case name == "vendorid": // gpsd prints seven characters
			if !strings.HasPrefix(fmt.Sprint(w), fmt.Sprint(v)) {
				return name, false
			}
		case text(v) != text(w):
			return name, false
		}
	}
	for name, w := range theirs {
		_, there := ours[name]
		switch {
		case there, name == "class", name == "device", name == "scaled", strings.HasSuffix(name, "_text"):
		case padded, kind == "24": // gpsd joins the parts of 24
		case ours["data"] != nil && slices.Contains([]string{"month", "day", "tidals"}, name):
		case (kind == "25" || kind == "26") && (name == "dest_mmsi" || name == "app_id"): // printed when they were not sent too
		case slices.Contains([]string{"radio", "dte", "assigned"}, name) && (text(w) == "0" || text(w) == "false"): // not sent
		default:
			return name, false
		}
	}
	return "", true
}

// parseGPSD reads one of gpsd's objects with its numbers as they stand there.
func parseGPSD(t testing.TB, b []byte, into any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

// caseSource gives the Reader the sentences of one case after another, with a
// gap between them so that no case has to do with the next.
type caseSource struct {
	t     testing.TB
	lines *bufio.Scanner
	text  string
	cases []gpsdCase // read and not yet compared
}

type gpsdCase struct {
	NMEA []string       `json:"nmea"`
	GPSD map[string]any `json:"gpsd_unscaled"`
}

func (s *caseSource) Read(p []byte) (int, error) {
	if s.text != "" {
		n := copy(p, s.text)
		s.text = s.text[n:]
		return n, nil
	}
	if !s.lines.Scan() {
		return 0, io.EOF
	}
	var c gpsdCase
	parseGPSD(s.t, s.lines.Bytes(), &c)
	s.cases = append(s.cases, c)
	s.text = strings.Join(c.NMEA, "\n")
	return 0, ErrGap
}

func newCaseSource(t testing.TB, path string) *caseSource {
	sc := bufio.NewScanner(openReal(t, realdata.Dir(t, path)))
	sc.Buffer(nil, 1<<20)
	return &caseSource{t: t, lines: sc}
}

// TestAgreed compares every field of 71,084 real messages with what gpsd reads,
// where gpsd and pyais agree.
func TestAgreed(t *testing.T) {
	if testing.Short() {
		t.Skip("much real data on one goroutine: make check has run it")
	}
	src := newCaseSource(t, "ais/vectors/agreed-142880-half.jsonl.gz")
	r := NewReader(src, Options{})
	messages, fields := 0, 0
	bad := map[string]int{}
	for ; ; messages++ {
		m, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil || len(src.cases) == 0 {
			t.Fatalf("%v with %d cases read", err, len(src.cases))
		}
		c := src.cases[0]
		src.cases = src.cases[1:]
		ours := asSent(t, m.Body)
		if field, same := sameAsGPSD(ours, c.GPSD); !same {
			key := fmt.Sprintf("type %v %s", c.GPSD["type"], field)
			if bad[key]++; bad[key] <= 3 {
				t.Errorf("%s: %v, want %v: %q", key, ours[field], c.GPSD[field], c.NMEA)
			}
		}
		fields += len(ours)
	}
	if messages != 71084 {
		t.Errorf("%d messages, want 71084", messages)
	}
	t.Logf("%d fields of %d messages; different: %v", fields, messages, bad)
}
