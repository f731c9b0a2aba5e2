package ais

import (
	"fmt"
	"io"
	"slices"
	"testing"

	"navicert/internal/realdata"
)

// TestGPSDLogs compares what we read in gpsd's recordings, message for message
// and field for field, with what gpsd reads. The only messages that it does not
// print are parts of type 24 whose other part never comes, which it holds back.
func TestGPSDLogs(t *testing.T) {
	for _, c := range []struct {
		name     string
		messages int
	}{
		{"ais-nmea.log", 171},
		{"ais-nmea-type6-fid55.log", 1326},
		{"ais_unpack_sixbit.log", 13},
	} {
		t.Run(c.name, func(t *testing.T) {
			theirs := gpsdSays(t, "ais/vectors/"+c.name+".chk")
			r := NewReader(openReal(t, realdata.Dir(t, "ais/vectors/"+c.name)), Options{})
			names := map[string]bool{} // of whom gpsd prints a type 24
			for _, g := range theirs {
				names[fmt.Sprint(g["type"], g["mmsi"])] = true
			}
			messages, held, other := 0, 0, 0
			for ; ; messages++ {
				m, err := r.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				ours := asSent(t, m.Body)
				i := slices.IndexFunc(theirs, func(g map[string]any) bool {
					_, same := sameAsGPSD(ours, g)
					return same
				})
				h := m.Body.Head()
				if i < 0 && h.Type == 24 && !names[fmt.Sprint(24, uint32(h.MMSI))] {
					held++
					continue
				}
				if i < 0 {
					other++
					t.Errorf("gpsd does not read %v: %q", ours, m.Part(0))
					continue
				}
				if _, both := m.Body.(*StaticB); !both { // gpsd makes one message of the two parts
					theirs = slices.Delete(theirs, i, i+1)
				}
			}
			left := 0
			for _, g := range theirs {
				if fmt.Sprint(g["type"]) != "24" {
					left++
					t.Errorf("only gpsd reads %v", g)
				}
			}
			if messages != c.messages {
				t.Errorf("%d messages, want %d", messages, c.messages)
			}
			t.Logf("%d messages, %d as gpsd reads them, %d parts held back, %d only gpsd's", messages, messages-held-other, held, left)
		})
	}
}
