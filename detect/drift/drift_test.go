package drift_test

import (
	"testing"

	"navicert"
	"navicert/detect/detecttest"
	"navicert/detect/drift"
	"navicert/internal/recorded"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", drift.Kind) }

// TestAllEnd: nothing goes on of ships that have been silent for two days.
func TestAllEnd(t *testing.T) { detecttest.AllEnd(t, "testdata/*.txt", drift.Kind) }

// TestRecordings finds the drifts in two recordings that the Danish Maritime
// Authority keeps as examples (dma-ais/AisAbnormal 186e4cc): two tankers, of
// which one drifts through the night and one for twenty minutes between turns.
func TestRecordings(t *testing.T) {
	for _, c := range []struct {
		file       string
		preset     drift.Preset
		start, end string
		metres     float64
	}{
		{"212123000_drift_1", drift.Default(), "2014-10-02T17:17", "2014-10-03T05:17", 13000},
		{"212123000_drift_1", drift.AisAbnormal(), "", "", 0},
		{"538004030_drift_1", drift.Default(), "2014-09-28T16:37", "2014-09-28T16:57", 1200},
		// One message of 16:50:12 was sent an hour before and came late; this preset bears no pause.
		{"538004030_drift_1", drift.AisAbnormal(), "2014-09-28T16:37", "2014-09-28T16:50", 694},
	} {
		t.Run(c.file+"/"+c.preset.Name, func(t *testing.T) {
			events, _ := recorded.Play(t, "ais/nmea/dma-aisabnormal-"+c.file+".ais", drift.New(c.preset))
			if c.start == "" {
				if len(events) != 0 {
					t.Errorf("found %v, want nothing: the ship is slower than the preset asks", events)
				}
				return
			}
			if len(events) != 1 {
				t.Fatalf("%d events, want 1: %v", len(events), events)
			}
			ev := events[0]
			start, end := ev.Start.Format("2006-01-02T15:04"), ev.End.Format("2006-01-02T15:04")
			metres := ev.Measures["distance_nm"] * 1852
			if start != c.start || end != c.end || metres < c.metres*0.9 || metres > c.metres*1.1 || ev.State != navicert.EventClosed {
				t.Errorf("%s from %s to %s, %.0f m; want closed from %s to %s, about %.0f m", ev.State, start, end, metres, c.start, c.end, c.metres)
			}
		})
	}
}
