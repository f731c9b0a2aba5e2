package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/app"
	"navicert/detect"
	"navicert/store"
)

// TestCheckEvidenceOfAnArea: the fixes of an event that is of an area are read
// again whoever sent them, and a reference that is no place stops no other.
func TestCheckEvidenceOfAnArea(t *testing.T) {
	dir := t.TempDir()
	const table = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n" +
		"775999001,2025-12-20T01:00:00,10.0000,-64.9,12.0,0.0,511,,,,80,0,,,,,A\n" +
		"775999002,2025-12-20T01:05:00,10.1000,-64.9,12.0,0.0,511,,,,80,0,,,,,A\n"
	if err := os.WriteFile(filepath.Join(dir, "a.csv"), []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2025, 12, 20, 1, 0, 0, 0, time.UTC)
	fix := func(ref string, minutes int, lat float64) navicert.Evidence {
		return navicert.Evidence{
			Kind: navicert.EvidenceFix, Source: "a.csv", Ref: ref, Time: navicert.At(at.Add(time.Duration(minutes) * time.Minute)),
			Position: navicert.Some(navicert.Position{Lat: lat, Lon: -64.9}),
		}
	}
	ev := navicert.Event{ID: "e", Kind: "jamming", Zone: "cell", Start: navicert.At(at), Evidence: []navicert.Evidence{
		fix("line 2", 0, 10), fix("line 3", 5, 10.1), fix("line 3", 5, 10.2), fix("line -1", 0, 10), fix("offset -7", 0, 10), fix("line 0", 0, 10),
	}}
	got, err := open(t, t.TempDir()).CheckEvidence(t.Context(), ev, dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []app.Reread{app.RereadSame, app.RereadSame, app.RereadDiffers, app.RereadNothing, app.RereadNothing, app.RereadNothing} {
		if got[i].Reread != want || i > 2 && !strings.Contains(got[i].Why, "is no place in a file") {
			t.Errorf("%s: %s, %s; want %s", ev.Evidence[i].Ref, got[i].Reread, got[i].Why, want)
		}
	}
	ev.MMSI = 775999002 // of a ship, another one's is none of it
	if got, err = open(t, t.TempDir()).CheckEvidence(t.Context(), ev, dir); err != nil || got[0].Reread != app.RereadNothing || got[1].Reread != app.RereadSame {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestOtherShipHasItsEvents: an event of two ships counts for each on the chart, and
// one of an area for none.
func TestOtherShipHasItsEvents(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	db, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	b := store.Batch{RecordedAt: day(20), Events: []navicert.Event{
		{ID: "01", Kind: "encounter", MMSI: 775999011, Other: 775999012, Start: navicert.At(day(19)), State: navicert.EventClosed},
		{ID: "02", Kind: "gap", MMSI: 775999011, Start: navicert.At(day(19)), State: navicert.EventClosed},
		{ID: "03", Kind: "jamming", Zone: "cell", Start: navicert.At(day(19)), State: navicert.EventClosed},
	}}
	for i := range 3 {
		b.Fixes = append(b.Fixes, navicert.Fix{MMSI: navicert.MMSI(775999011 + i), Time: day(19), Ref: navicert.Ref{Source: "a"}})
	}
	if _, err := db.AppendBatch(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	latest, err := a.Backend().Latest(t.Context(), day(20), 48*time.Hour)
	if err != nil || len(latest) != 3 {
		t.Fatalf("%+v, %v", latest, err)
	}
	for i, want := range []int{2, 1, 0} {
		if v := latest[i]; v.MMSI != navicert.MMSI(775999011+i) || v.Events != want {
			t.Errorf("%s has %d events, want %d", v.MMSI, v.Events, want)
		}
	}
}

// TestLogEntryThatIsNotKept: what is given back is what is held.
func TestLogEntryThatIsNotKept(t *testing.T) {
	a := open(t, t.TempDir())
	closed := detect.LogEntry{MMSI: 775999001, From: navicert.At(day(20)), To: navicert.At(day(21)), Reason: "piracy", RecordedBy: "duty officer"}
	if _, err := a.LogAISOff(t.Context(), closed, ""); err != nil {
		t.Fatal(err)
	}
	if ev, err := a.LogAISOff(t.Context(), closed, ""); err != nil || ev.End != closed.To {
		t.Errorf("the same again: %+v, %v", ev, err)
	}
	still := closed
	still.To = navicert.Instant{}
	if ev, err := a.LogAISOff(t.Context(), still, ""); navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("one that is open again: %+v, %v", ev, err)
	}
	other := closed
	other.Reason = "storm"
	for i, l := range []detect.LogEntry{other, closed} { // a new version; then one that is behind it
		if _, err := a.LogAISOff(t.Context(), l, ""); (navicert.KindOf(err) == navicert.Conflict) != (i == 1) {
			t.Errorf("version %d: %v", i, err)
		}
	}
}

// TestBesideLogs: whoever asks for events, of few vessels or many, has what a ship's
// log says beside its gap, and beside no other's.
func TestBesideLogs(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	db, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const logged, vessels = navicert.MMSI(775999005), 25
	var events []navicert.Event
	for i := range vessels {
		events = append(events, navicert.Event{
			ID: navicert.EventID("gap", string(rune('a'+i))), Kind: "gap", MMSI: 775999001 + navicert.MMSI(i), Start: navicert.At(day(19)), End: navicert.At(day(20)),
			State: navicert.EventClosed, Explanations: []string{"class: coverage", detect.NotLookedInto + detect.ShipsLog},
		})
	}
	if _, err := db.PutEvents(t.Context(), day(21), events); err != nil {
		t.Fatal(err)
	}
	if _, err := db.AppendFixes(t.Context(), []navicert.Fix{{MMSI: logged, Time: day(19), Ref: navicert.Ref{Source: "a"}}}); err != nil {
		t.Fatal(err)
	}
	entry := detect.LogEntry{MMSI: logged, From: navicert.At(day(19)), To: navicert.At(day(20)), Reason: "piracy", RecordedBy: "duty officer"}
	if ev, err := a.LogAISOff(t.Context(), entry, ""); err != nil || ev.Simulated {
		t.Fatalf("%+v, %v", ev, err)
	}
	for name, get := range map[string]func(detect.Filter) ([]navicert.Event, error){
		"list": func(f detect.Filter) ([]navicert.Event, error) { return a.Events(t.Context(), app.EventsOf{Filter: f}) },
		"API":  func(f detect.Filter) ([]navicert.Event, error) { return a.Backend().Events(t.Context(), f) },
	} {
		for _, f := range []detect.Filter{{Kind: "gap"}, {Kind: "gap", MMSI: logged}, {Kind: "gap", MMSI: logged + 1}, {Kind: "gap", KnownAt: day(22)}} {
			got, err := get(f)
			if err != nil || len(got) == 0 {
				t.Fatalf("%s, %+v: %d events, %v", name, f, len(got), err)
			}
			for _, ev := range got {
				text := strings.Join(ev.Explanations, "; ")
				want := ev.MMSI == logged && f.KnownAt.IsZero()
				if strings.Contains(text, "piracy") != want || strings.Contains(text, detect.ShipsLog) == want {
					t.Errorf("%s, %+v: the gap of %s says %s", name, f, ev.MMSI, text)
				}
			}
		}
	}
	d, err := a.Backend().Vessel(t.Context(), logged, day(31))
	if err != nil || len(d.Events) != 2 || !strings.Contains(strings.Join(d.Events[0].Explanations, ""), "piracy") {
		t.Errorf("%+v, %v", d.Events, err)
	}
}

// TestLogEntryOfASimulatedShip: an entry is simulated when each silence that it
// overlaps is.
func TestLogEntryOfASimulatedShip(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	db, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	gap := func(id string, from, to int, simulated bool) navicert.Event {
		return navicert.Event{ID: id, Kind: "gap", MMSI: 775999001, Start: navicert.At(day(from)), End: navicert.At(day(to)), State: navicert.EventClosed, Simulated: simulated}
	}
	if _, err := db.PutEvents(t.Context(), day(30), []navicert.Event{gap("01", 10, 12, true), gap("02", 14, 16, false)}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from, to int
		want     bool
	}{{10, 11, true}, {11, 15, false}, {14, 15, false}, {12, 14, false}, {20, 21, false}} {
		l := detect.LogEntry{MMSI: 775999001, From: navicert.At(day(c.from)), To: navicert.At(day(c.to)), Reason: "piracy", RecordedBy: "duty officer"}
		if ev, err := a.LogAISOff(t.Context(), l, ""); err != nil || ev.Simulated != c.want {
			t.Errorf("from %d to %d: simulated %v, %v; want %v", c.from, c.to, ev.Simulated, err, c.want)
		}
	}
}
