package geo

import (
	"bytes"
	"testing"

	"navicert"
)

// What is written is read again, but for what the form has no word for.
func TestWriteWPI(t *testing.T) {
	ports := []Port{
		{WPI: "12180", Name: "Jose, Terminal", Code: "VEJOT", Country: "VE", Kind: OilTerminal, Pos: navicert.Position{Lat: 10.1, Lon: -64.85}},
		{WPI: "990001", Name: "KINGSTON \"OLD\"", Code: "JMKIN", Kind: SeaPort, Pos: navicert.Position{Lat: 17.8, Lon: -76.8}},
		{WPI: "990002", Name: "ROADS", Kind: Anchorage, Pos: navicert.Position{Lat: -12.5, Lon: 179.123456}},
	}
	var b bytes.Buffer
	if err := WriteWPI(&b, ports); err != nil {
		t.Fatal(err)
	}
	f, err := ReadWPI(t.Context(), &b, "ports.csv")
	if err != nil || len(f.Ports) != len(ports) {
		t.Fatalf("%d ports, refused %s, %v", len(f.Ports), f.Refused.String(), err)
	}
	for i, got := range f.Ports {
		want := ports[i]
		want.ID, want.Source, want.WithinNM = "wpi:"+want.WPI, "WPI "+want.WPI, wpiWithinNM
		if want.Kind == Anchorage {
			want.Kind = SeaPort
		}
		if want.Code == "JMKIN" {
			want.Country = "JM"
		}
		if got != want {
			t.Errorf("read %+v, want %+v", got, want)
		}
	}
	if err := WriteWPI(&b, []Port{{ID: "sim:X", Name: "X"}}); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("a port without a number: %v", err)
	}
}
