package accuracy_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"testing"
	"time"

	"navicert"
	"navicert/app"
	"navicert/app/accuracy"
	"navicert/detect"
	"navicert/geo"
	"navicert/sim"
	"navicert/web"
)

// Who imports what simulate writes of a scenario's world, and replays its sentences, is
// told the events that the measurement counts, under the same ids. Port visits are of
// the same ships at the same times, but begin earlier and end later: the form in which
// ports are imported knows places to the minute, and no anchorages.
func TestReplayWithTheSetting(t *testing.T) {
	if testing.Short() {
		t.Skip("plays two weeks of simulated traffic twice")
	}
	const seed = 2
	length := 14 * 24 * time.Hour
	measured, err := accuracy.MonthEvents(t.Context(), seed, accuracy.Options{Length: length, Land: chartLand(t)})
	if err != nil {
		t.Fatal(err)
	}
	replayed := replayWithSetting(t, seed, length)

	told := map[string]string{}
	for _, ev := range replayed {
		told[ev.ID] = inShort(&ev)
	}
	kinds, replayedKinds := map[string]int{}, map[string]int{}
	for _, ev := range replayed {
		replayedKinds[ev.Kind]++
	}
	for _, ev := range measured {
		kinds[ev.Kind]++
		if ev.Kind == sim.EventPortVisit {
			if !visited(&ev, replayed) {
				t.Errorf("not told in the replay: %s", inShort(&ev))
			}
		} else if told[ev.ID] != inShort(&ev) {
			t.Errorf("measured %s, replayed %q", inShort(&ev), told[ev.ID])
		}
	}
	for kind, n := range replayedKinds {
		if n != kinds[kind] && kind != sim.EventPortVisit {
			t.Errorf("%s: %d measured, %d replayed", kind, kinds[kind], n)
		}
	}
	for _, ev := range replayed {
		if ev.Kind == sim.EventPortVisit && !visited(&ev, measured) {
			t.Errorf("told in the replay only: %s", inShort(&ev))
		}
	}
	for kind, n := range map[string]int{sim.EventEncounter: 15, sim.EventTransfer: 5, sim.EventDisabling: 10, sim.EventPortVisit: 500, sim.EventZone: 1000} {
		if kinds[kind] < n {
			t.Errorf("%d events of kind %s: they show little", kinds[kind], kind)
		}
	}
}

// replayWithSetting simulates, imports the setting, and replays.
func replayWithSetting(t *testing.T, seed uint64, length time.Duration) []navicert.Event {
	t.Helper()
	var ports, zones, sentences bytes.Buffer
	sc, err := sim.CaribbeanMonth(seed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.Simulate(t.Context(), app.SimulateOptions{
		Scenario: sim.MonthName, Seed: seed, To: sc.From.Add(length),
		Setting: func(p []geo.Port, z []geo.Zone) error {
			if err := geo.WriteWPI(&ports, p); err != nil {
				return err
			}
			return geo.WriteZones(&zones, z)
		},
	}, &sentences, nil); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), app.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if p, err := a.ImportPortsFrom(t.Context(), &ports, "ports.csv"); err != nil || p.Ports != len(sc.Ports) {
		t.Fatal(p, err)
	}
	if z, err := a.ImportZonesFrom(t.Context(), &zones, "zones.geojson"); err != nil || z.Zones == 0 {
		t.Fatal(z, err)
	}
	var events []navicert.Event
	index := map[string]int{}
	if _, err := a.Replay(t.Context(), app.ReplayOptions{
		NoStore: true, Simulated: true, Lateness: time.Minute,
		Event: func(ev navicert.Event) error {
			if i, known := index[ev.ID]; known {
				events[i] = ev
				return nil
			}
			index[ev.ID] = len(events)
			events = append(events, ev)
			return nil
		},
	}, app.ReplayInput{Reader: &sentences, Name: "simulated"}); err != nil {
		t.Fatal(err)
	}
	return events
}

func inShort(ev *navicert.Event) string {
	return fmt.Sprintf("%s %s of %s %s %s from %s to %s", ev.State, ev.Kind, detect.ClassOf(*ev), ev.MMSI, ev.Other, ev.Start, ev.End)
}

// visited reports whether there is a visit of the ship at that time.
func visited(ev *navicert.Event, among []navicert.Event) bool {
	for i := range among {
		other := &among[i]
		if other.Kind == ev.Kind && other.MMSI == ev.MMSI &&
			(ev.End.IsZero() || !other.Start.After(ev.End.Time)) && (other.End.IsZero() || !ev.Start.After(other.End.Time)) {
			return true
		}
	}
	return false
}

// chartLand is the land that replay knows.
func chartLand(t *testing.T) *geo.Land {
	t.Helper()
	files, err := fs.Glob(web.FS(), "assets/land-10m-*.json")
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	f, err := web.FS().Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	land, err := geo.ReadLand(f, "land-10m")
	if err != nil {
		t.Fatal(err)
	}
	return land
}
