package detect_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"navicert"
	"navicert/detect"
)

// What a fix says of itself is written by hand; this is what it is to be.
func TestFixEvidenceText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := navicert.Fix{Pos: navicert.Position{Lat: rapid.Float64Range(-90, 90).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, "lon")}}
		want := f.Pos.String()
		if rapid.Bool().Draw(t, "has speed") {
			v := float64(rapid.IntRange(0, 10230).Draw(t, "speed")) / 100
			f.SpeedKn = navicert.Some(v)
			want += fmt.Sprintf(" %.1f kn", v)
		}
		if rapid.Bool().Draw(t, "has course") {
			v := float64(rapid.IntRange(0, 36000).Draw(t, "course")) / 100
			f.CourseDeg = navicert.Some(v)
			want += fmt.Sprintf(" %05.1f°", v)
		}
		if rapid.Bool().Draw(t, "has receivers") {
			f.Station, f.OtherStations = "A", navicert.MakeStations("B", "C")
			want += " by A, heard too by B, C"
		}
		if got := detect.FixEvidence(&f).Text; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if got, want := detect.PositionKey(f.Pos), fmt.Sprintf("%.5f,%.5f", f.Pos.Lat, f.Pos.Lon); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}
