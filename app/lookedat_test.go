package app_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/app"
	"navicert/app/accuracy"
	"navicert/detect"
	"navicert/internal/realdata"
)

// lookedAt is a row of docs/accuracy-looked-at.csv: an event of a public recording,
// and what a person saw on its map.
type lookedAt struct{ kind, class, event, recording, start, verdict, reason string }

func (l *lookedAt) label() string { return l.kind + ": " + l.class }

func readLookedAt(t *testing.T) []lookedAt {
	t.Helper()
	b, err := os.ReadFile("../docs/accuracy-looked-at.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(b))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], ","); got != "kind,class,event,recording,start,verdict,reason" {
		t.Fatalf("its columns are %s", got)
	}
	seen := map[string]bool{}
	var all []lookedAt
	for i, r := range rows[1:] {
		l := lookedAt{r[0], r[1], r[2], r[3], r[4], r[5], r[6]}
		switch {
		case seen[l.event]:
			t.Errorf("row %d: event %s is there twice", i+2, l.event)
		case l.verdict != "right" && l.verdict != "wrong" && l.verdict != "cannot tell":
			t.Errorf("row %d: the verdict is %q", i+2, l.verdict)
		case l.reason == "":
			t.Errorf("row %d has no reason", i+2)
		}
		seen[l.event] = true
		all = append(all, l)
	}
	return all
}

// TestLookedAtSums: the table of docs/accuracy.md has the sums of the file, for the
// same kinds and classes.
func TestLookedAtSums(t *testing.T) {
	type sums struct{ all, right, wrong, cannotTell int }
	want := map[string]sums{}
	var total sums
	add := func(s *sums, verdict string) {
		s.all++
		switch verdict {
		case "right":
			s.right++
		case "wrong":
			s.wrong++
		default:
			s.cannotTell++
		}
	}
	for _, l := range readLookedAt(t) {
		s := want[l.label()]
		add(&s, l.verdict)
		add(&total, l.verdict)
		want[l.label()] = s
	}
	b, err := os.ReadFile("../docs/accuracy.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| ([a-z_]+: [a-z_]+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|`)
	found := 0
	for _, m := range row.FindAllStringSubmatch(string(b), -1) {
		found++
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+2]) // digits
		}
		if got := (sums{n[0], n[1], n[2], n[3]}); got != want[m[1]] {
			t.Errorf("docs/accuracy.md has %+v of %s, the file %+v", got, m[1], want[m[1]])
		}
	}
	if found != len(want) {
		t.Errorf("docs/accuracy.md has %d rows, the file %d kinds and classes", found, len(want))
	}
	in := func(n int) string { return strconv.Itoa(n) }
	if said := in(total.all) + " in all: " + in(total.right) + " right, " + in(total.wrong) + " wrong, " + in(total.cannotTell) + " of which nobody can tell."; !strings.Contains(string(b), said) {
		t.Errorf("docs/accuracy.md does not say %q", said)
	}
}

// TestLookedAtEvents: each event that was looked at is still told of the public
// recordings, as the kind and class, in the recording and at the time that the file
// says; and of each kind and class ten were looked at, or all, shared among the
// recordings that have it.
func TestLookedAtEvents(t *testing.T) {
	dir := filepath.Dir(realdata.Dir(t, "ais"))
	report, err := app.DetectAccuracy(t.Context(), accuracy.Options{Seeds: []uint64{1}, Length: time.Hour, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	type told struct {
		event     navicert.Event
		recording string
	}
	byID := map[string]told{}
	for _, p := range report.Public {
		for _, ev := range p.List {
			byID[ev.ID] = told{ev, p.Data}
		}
	}
	type of struct{ label, recording string }
	looked := map[of]int{}
	for _, l := range readLookedAt(t) {
		looked[of{l.label(), l.recording}]++
		got, ok := byID[l.event]
		switch {
		case !ok:
			t.Errorf("event %s (%s of %s) is told no more", l.event, l.label(), l.start)
		case got.recording != l.recording || got.event.Kind != l.kind || detect.ClassOf(got.event) != l.class || got.event.Start.String() != l.start:
			t.Errorf("event %s is told as %s: %s in %s at %s, the file says %+v", l.event, got.event.Kind, detect.ClassOf(got.event), got.recording, got.event.Start, l)
		}
	}
	labels := map[string]bool{}
	for _, p := range report.Public {
		for label := range p.Events {
			labels[label] = true
		}
	}
	for label := range labels {
		share := map[string]int{} // one of each recording in turn
		for left, gave := 10, true; left > 0 && gave; {
			gave = false
			for _, p := range report.Public {
				if left > 0 && share[p.Data] < p.Events[label] {
					share[p.Data]++
					left--
					gave = true
				}
			}
		}
		for _, p := range report.Public {
			if n := looked[of{label, p.Data}]; n != share[p.Data] {
				t.Errorf("%s in %s: %d were looked at, want %d of %d", label, p.Data, n, share[p.Data], p.Events[label])
			}
		}
	}
}
