// Package detecttest tests detectors with stories that a sailor can read.
//
// A story is a text file of commands, one a line or several with ";" between;
// "#" begins a comment. [Run] plays each file of a folder through all detectors
// and compares what they find with what the story expects:
//
//	start 2026-01-01T00:00Z
//	zone danger-1 circle 10.2,-64.8 12nm danger warns
//	track 775999001 from 10.2,-64.8 course 090 speed 12 every 10m x24
//	silence 14h
//	track every 10m x6
//	expect gap 775999001 14h class cannot_tell
//
// Commands:
//
//	start TIME                       when the story begins; the first command
//	preset gfw-raw|gfw-product       the gap detector's threshold
//	zone ID circle LAT,LON Nnm WORDS  a zone; WORDS are its kind, its effect and
//	zone ID box S,W N,E WORDS         "from TIME", "to TIME", "cancelled TIME"
//	zone ID ring LAT,LON … WORDS
//	track [MMSI] WORDS               send fixes, see below; without an MMSI those
//	                                 of the ship of the command before
//	garble every D xN                the ship sends N messages without a speed
//	silence D                        the ship's next fix comes D after its last
//	outage from TIME [to TIME]       the feed was not heard; with one, the story's
//	                                 source is a live feed, else a file
//	report [MMSI] WORDS              the ship sends a static report, see below
//	port ID LAT,LON KIND [within N]  a port, an oil_terminal or an anchorage, whose
//	                                 position is known to N nautical miles
//	land S,W N,E                     a box of land
//	end TIME                         when the input ends; else at the newest fix
//	expect KIND WORDS                an event, in order of start; all are expected
//	expect nothing                   no event at all
//	expect aside N REASON            N fixes were set aside for a reason
//
// WORDS of track: "from LAT,LON" (where the ship is now), "course DEG",
// "speed KN", "heading DEG", "to LAT,LON" (straight there), "every D", "xN" (number
// of fixes), "at TIME" (of the first), "by STATION", "status N", "class B",
// "averaged" (each fix the mean of several) and "measured". Course, speed, heading,
// interval, receiver, status, class and averaging stay until they are changed; "-"
// makes heading and status unknown again. Without "at" the
// first fix comes one interval, or the silence, after the ship's last.
//
// WORDS of report: "name NAME" (with _ for a blank), "imo N", "call CALLSIGN",
// "type N", "length M", "draught M", "destination TEXT" (with _ for a blank),
// "at TIME", else the time of the ship's last fix. All stay until they are
// changed; "-" makes one unknown again.
//
// WORDS of expect: the MMSI, a duration ("14h", "open" while it lasts), and
// pairs: "zone ID", "other MMSI", "class C", "beginning WORD", "confidence C", "start TIME",
// "end TIME", "others N", "positions N", "receivers N", "because TEXT" (to the
// end of the line: words that one explanation holds); "NAME=VALUE" is a measure,
// to one decimal.
//
// Ships and zones are invented.
package detecttest

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/all"
	"navicert/geo"
	"navicert/track"
	"navicert/track/state"
)

// Run plays every story that a pattern names ("testdata/*.txt"), and compares
// the events of some kinds, or all of them. With -short, as under the race
// detector, it plays none: all of it is on one goroutine.
func Run(t *testing.T, pattern string, kinds ...string) {
	t.Helper()
	if testing.Short() {
		t.Skip("on one goroutine: make check has run it")
	}
	each(t, pattern, func(t *testing.T, s *story) {
		s.kinds = kinds
		s.check(t)
	})
}

// AllEnd plays every story that a pattern names to two days after its last fix, and
// wants no event of some kinds to be open then: all ships have been silent too long
// for anything to go on.
func AllEnd(t *testing.T, pattern string, kinds ...string) {
	t.Helper()
	each(t, pattern, func(t *testing.T, s *story) {
		s.kinds = kinds
		for i := range s.fixes {
			if at := s.fixes[i].Time.Add(48 * time.Hour); at.After(s.end) {
				s.end = at
			}
		}
		events, _, err := s.play()
		if err != nil {
			t.Fatal(err)
		}
		for _, ev := range events {
			if ev.State != navicert.EventClosed {
				t.Errorf("open: %s", describe(ev))
			}
		}
	})
}

func each(t *testing.T, pattern string, do func(*testing.T, *story)) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no story at %s (%v)", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s, err := parse(string(text))
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			do(t, s)
		})
	}
}

// check plays the story and compares.
func (s *story) check(t *testing.T) {
	t.Helper()
	events, stats, err := s.play()
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, ev := range events {
		found = append(found, describe(ev))
	}
	for i, want := range s.expect {
		switch {
		case i >= len(events):
			t.Errorf("line %d: expected %s, but there are only %d events", want.line, want.text, len(events))
		default:
			if why := want.differs(events[i]); why != "" {
				t.Errorf("line %d: expected %s: %s", want.line, want.text, why)
			}
		}
	}
	if len(events) > len(s.expect) {
		t.Errorf("%d events, %d expected", len(events), len(s.expect))
	}
	for reason, n := range s.aside {
		if got := stats.SetAside.Count(reason); got != n {
			t.Errorf("%d fixes set aside for %q, expected %d", got, reason, n)
		}
	}
	if n := stats.Kept + stats.SetAside.Total(); n != stats.Fixes {
		t.Errorf("%d fixes came, %d are accounted for", stats.Fixes, n)
	}
	if t.Failed() {
		t.Logf("found:\n%s", strings.Join(found, "\n"))
	}
}

// play runs the fixes through all detectors, twice, the second time with new
// detectors and engines that load at every few fixes what the ones before
// saved. It returns the last version of each event in order of start.
func (s *story) play() ([]navicert.Event, detect.Stats, error) {
	slices.SortStableFunc(s.fixes, func(a, b navicert.Fix) int { return a.Time.Compare(b.Time) })
	slices.SortStableFunc(s.statics, func(a, b navicert.Static) int { return a.Time.Compare(b.Time) })
	var first string
	for run := range 2 {
		events, stats, order, err := s.once(run == 1)
		if err != nil {
			return nil, stats, err
		}
		if text := fmt.Sprint(order); first == "" {
			first = text
			continue
		} else if text != first {
			return nil, stats, fmt.Errorf("a second run gives other events:\n%s\n%s", first, text)
		}
		return events, stats, nil
	}
	panic("unreachable")
}

func (s *story) once(saved bool) (events []navicert.Event, stats detect.Stats, order []string, err error) {
	byID := map[string]int{}
	detectors := func() []detect.Detector {
		return all.Detectors(all.Config{Gap: s.preset, Zones: geo.NewIndex(s.zones), Land: s.land(), Ports: geo.NewPorts(s.ports)})
	}
	options := detect.Options{
		Detectors: replaceable(detectors()),
		Outages:   s.outagesOf,
		Event: func(ev navicert.Event) error {
			if len(s.kinds) > 0 && !slices.Contains(s.kinds, ev.Kind) {
				return nil
			}
			order = append(order, string(ev.State)+" "+ev.ID)
			if i, ok := byID[ev.ID]; ok {
				if events[i].State == navicert.EventClosed && ev.Revision == 0 {
					return fmt.Errorf("event %s comes again after it was closed", describe(ev))
				}
				events[i] = ev
				return nil
			}
			byID[ev.ID] = len(events)
			events = append(events, ev)
			return nil
		},
	}
	engine := detect.NewEngine(options)
	statics := s.statics
	report := func(until time.Time) error {
		for ; len(statics) > 0 && !statics[0].Time.After(until); statics = statics[1:] {
			if err := engine.Static(&statics[0]); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range s.fixes {
		if err := report(s.fixes[i].Time); err != nil {
			return nil, stats, nil, err
		}
		if err := engine.Fix(&s.fixes[i]); err != nil {
			return nil, stats, nil, err
		}
		if saved && i%saveEvery == 0 {
			for i, fresh := range detectors() {
				if err := options.Detectors[i].(*replaced).by(fresh); err != nil {
					return nil, stats, nil, err
				}
			}
		}
	}
	if err := report(farFuture); err != nil {
		return nil, stats, nil, err
	}
	end := s.end
	if end.IsZero() && len(s.fixes) > 0 {
		end = s.fixes[len(s.fixes)-1].Time
	}
	if err := engine.Close(end); err != nil {
		return nil, stats, nil, err
	}
	slices.SortStableFunc(events, func(a, b navicert.Event) int {
		if c := a.Start.Compare(b.Start.Time); c != 0 {
			return c
		}
		return strings.Compare(a.Kind+a.MMSI.String()+a.Zone, b.Kind+b.MMSI.String()+b.Zone)
	})
	return events, engine.Stats(), order, nil
}

// saveEvery is after how many fixes what is held is saved and loaded.
const saveEvery = 7

var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// replaced is a detector that can be replaced by another in the middle of a run.
type replaced struct{ detect.Detector }

func replaceable(ds []detect.Detector) []detect.Detector {
	out := make([]detect.Detector, len(ds))
	for i, d := range ds {
		out[i] = &replaced{d}
	}
	return out
}

// by saves what the detector holds and loads it into another, which then says
// the same when it is saved, and takes its place.
func (r *replaced) by(fresh detect.Detector) error {
	saved := state.Saving()
	r.State(saved)
	b, err := saved.Bytes()
	if err != nil {
		return err
	}
	loading := state.Loading(b)
	fresh.State(loading)
	if err := loading.Close(); err != nil {
		return fmt.Errorf("detector %s: %w", r.Kind(), err)
	}
	again := state.Saving()
	fresh.State(again)
	if b2, err := again.Bytes(); err != nil || string(b2) != string(b) {
		return fmt.Errorf("detector %s: saved, loaded and saved again, it says something else (%v)", r.Kind(), err)
	}
	r.Detector = fresh
	return nil
}

// Report implements detect.Reporter.
func (r *replaced) Report(v *track.Vessel, s *navicert.Static, emit detect.Emit) {
	if d, ok := r.Detector.(detect.Reporter); ok {
		d.Report(v, s, emit)
	}
}

// Odd implements detect.Doubter.
func (r *replaced) Odd(v *track.Vessel, f *navicert.Fix, emit detect.Emit) {
	if d, ok := r.Detector.(detect.Doubter); ok {
		d.Odd(v, f, emit)
	}
}

// Tick implements detect.Ticker.
func (r *replaced) Tick(now time.Time, emit detect.Emit) {
	if d, ok := r.Detector.(detect.Ticker); ok {
		d.Tick(now, emit)
	}
}

// Silent implements detect.Silencer.
func (r *replaced) Silent(v *track.Vessel, last *navicert.Fix, s *detect.Silence, emit detect.Emit) {
	if d, ok := r.Detector.(detect.Silencer); ok {
		d.Silent(v, last, s, emit)
	}
}

// Hear implements detect.Listener.
func (r *replaced) Hear(ev *navicert.Event) {
	if d, ok := r.Detector.(detect.Listener); ok {
		d.Hear(ev)
	}
}

// Finish implements detect.Finisher.
func (r *replaced) Finish(end detect.End, emit detect.Emit) {
	if d, ok := r.Detector.(detect.Finisher); ok {
		d.Finish(end, emit)
	}
}

// describe prints an event in the words of expect.
func describe(ev navicert.Event) string {
	p := properties(ev)
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s", ev.Kind, ev.MMSI, p["for"])
	for _, k := range []string{"zone", "other", "class", "beginning", "confidence", "start", "end", "others", "positions", "receivers"} {
		if p[k] != "" {
			fmt.Fprintf(&b, " %s %s", k, p[k])
		}
	}
	for _, e := range ev.Explanations[1:] {
		fmt.Fprintf(&b, "\n    because %s", e)
	}
	return b.String()
}

func properties(ev navicert.Event) map[string]string {
	p := map[string]string{
		"for": "open", "zone": ev.Zone, "confidence": ev.Confidence, "start": clock(ev.Start.Time), "end": clock(ev.End.Time),
	}
	if ev.Other != 0 {
		p["other"] = ev.Other.String()
	}
	if ev.State == navicert.EventClosed {
		p["for"] = duration(ev.End.Sub(ev.Start.Time))
	}
	if k, v, ok := strings.Cut(ev.Explanations[0], ": "); ok {
		p[k] = v
	}
	for name, v := range ev.Measures {
		p[measureKey(name)] = strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
	}
	for key, measure := range map[string]string{"others": "others_heard", "positions": "positions_before", "receivers": "receivers_before"} {
		if v, ok := ev.Measures[measure]; ok {
			p[key] = fmt.Sprint(v)
		}
	}
	return p
}

func measureKey(name string) string { return "measure " + name }

// duration prints "14h", "6h0m1s", "25m".
func duration(d time.Duration) string {
	text := d.Round(time.Second).String()
	if s, ok := strings.CutSuffix(text, "h0m0s"); ok {
		return s + "h"
	}
	if s, ok := strings.CutSuffix(text, "m0s"); ok {
		return s + "m"
	}
	return text
}

func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strings.Replace(t.UTC().Format(time.RFC3339), ":00Z", "Z", 1)
}
