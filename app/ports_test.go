package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/app"
	"navicert/geo"
)

// TestPortsWithoutAnImport: at an ordinary port ships that lie side by side have
// called there and have not met; 8 nm off it they have met.
func TestPortsWithoutAnImport(t *testing.T) {
	a := open(t, t.TempDir())
	ports, err := a.ListPorts(app.PortFilter{Name: "MYMYY"}) // Miri, on an open coast
	if err != nil || len(ports) == 0 {
		t.Fatalf("%v, %v", ports, err)
	}
	harbour := ports[0].Pos
	roads := geo.Destination(harbour, 315, 8) // 14.8 km
	var b strings.Builder
	b.WriteString("MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n")
	ships := []struct {
		mmsi int
		at   navicert.Position
	}{{636_999_001, harbour}, {636_999_002, harbour}, {636_999_003, roads}, {636_999_004, roads}}
	begin := time.Date(2025, 12, 20, 0, 0, 0, 0, time.UTC)
	for minutes := 0; minutes < 12*60; minutes += 5 {
		for i, s := range ships {
			fmt.Fprintf(&b, "%d,%s,%.5f,%.5f,0.0,0.0,511,INVENTED TERN %d,,,70,5,,,,,A\n", s.mmsi, begin.Add(time.Duration(minutes)*time.Minute).Format("2006-01-02T15:04:05"), s.at.Lat+0.0005*float64(i%2), s.at.Lon, i)
		}
	}
	told := map[string]map[navicert.MMSI]bool{}
	_, err = a.Replay(t.Context(), app.ReplayOptions{Event: func(ev navicert.Event) error {
		if told[ev.Kind] == nil {
			told[ev.Kind] = map[navicert.MMSI]bool{}
		}
		told[ev.Kind][ev.MMSI] = true
		return nil
	}}, app.ReplayInput{Reader: strings.NewReader(b.String()), Name: "ships.csv"})
	if err != nil {
		t.Fatal(err)
	}
	if e := told["encounter"]; len(e) != 1 || !e[636_999_003] {
		t.Errorf("encounters %v, want that of 636999003 only", e)
	}
	if v := told["port_visit"]; len(v) != 2 || !v[636_999_001] || !v[636_999_002] {
		t.Errorf("port visits %v, want those of 636999001 and 636999002", v)
	}
}
