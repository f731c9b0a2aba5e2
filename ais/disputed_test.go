package ais

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"navicert/internal/realdata"
)

// TestDisputed holds the decoder to testdata/disputed.md, which settles the
// messages on which two other decoders differ, and the document to the bits.
func TestDisputed(t *testing.T) {
	rules, err := disputedRules("testdata/disputed.md")
	if err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(openReal(t, realdata.Dir(t, "ais/vectors/disputed-209.jsonl")))
	sc.Buffer(nil, 1<<20)
	line, fields := 0, 0
	for sc.Scan() {
		line++
		var c gpsdCase
		parseGPSD(t, sc.Bytes(), &c)
		m, err := NewReader(strings.NewReader(strings.Join(c.NMEA, "\n")), Options{}).Next()
		if err != nil {
			t.Fatalf("line %d: %v", line, err)
		}
		if len(rules[line]) == 0 {
			t.Errorf("line %d is not settled", line)
		}
		for field, rule := range rules[line] {
			fields++
			if err := disputedField(m.Body.(*StaticVoyage), m.Bits, field, rule); err != nil {
				t.Errorf("line %d: %s, %s: %v", line, field, rule, err)
			}
		}
		if field, same := sameAsGPSD(asSent(t, m.Body), c.GPSD); !same { // all fields that are not in dispute
			if _, disputed := rules[line][field]; !disputed {
				t.Errorf("line %d: %s is not as gpsd reads it", line, field)
			}
		}
	}
	if line != 209 || len(rules) != 209 {
		t.Errorf("%d messages and %d settled, want 209", line, len(rules))
	}
	t.Logf("%d fields of %d messages as settled", fields, line)
}

// disputedRules reads the document's table: field and rule by line.
func disputedRules(path string) (map[int]map[string]string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	rules := map[int]map[string]string{}
	for row := range strings.Lines(string(b)) {
		cells := strings.Split(row, "|")
		var line int
		if len(cells) != 5 {
			continue
		}
		if _, err := fmt.Sscan(cells[1], &line); err != nil {
			continue // the heads of the tables, and the table of rules
		}
		if rules[line] == nil {
			rules[line] = map[string]string{}
		}
		rules[line][strings.TrimSpace(cells[2])] = strings.TrimSpace(cells[3])
	}
	return rules, nil
}

// disputedField checks one field against the bits by its rule.
func disputedField(m *StaticVoyage, b *Bits, field, rule string) error {
	if field == "shiptype" {
		if sent := fmt.Sprintf("type %d", b.Uint(232, 8)); sent != rule || fmt.Sprintf("type %d", m.ShipType) != rule {
			return fmt.Errorf("sent %s, read %d", sent, m.ShipType)
		}
		return nil
	}
	place := map[string]struct {
		off, n int
		got    string
	}{
		"callsign": {70, 7, m.CallSign.String()}, "shipname": {112, 20, m.ShipName.String()}, "destination": {302, 20, m.Destination.String()},
	}[field]
	var sent strings.Builder
	for i := range place.n {
		sent.WriteByte(sixBit[b.Uint(place.off+6*i, 6)])
	}
	text, rest, _ := strings.Cut(sent.String(), "@")
	switch {
	case place.got != strings.TrimRight(text, " "):
		return fmt.Errorf("sent %q, read %q", sent.String(), place.got)
	case rule == "blank" && (place.got == "" || place.got[0] != ' '):
		return fmt.Errorf("%q does not begin with a blank", place.got)
	case rule == "end" && strings.Trim(rest, "@") == "":
		return fmt.Errorf("nothing stands behind the @ in %q", sent.String())
	case rule != "blank" && rule != "end":
		return fmt.Errorf("no such rule")
	}
	return nil
}
