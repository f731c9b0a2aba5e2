package brief

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
)

// A fix that was held whole is the same when it is given back.
func TestWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opt := func(name string) (o navicert.Opt[float64]) {
			if rapid.Bool().Draw(t, "known "+name) {
				o = navicert.Some(rapid.Float64Range(0, 360).Draw(t, name))
			}
			return o
		}
		is := func(name string) bool { return rapid.Bool().Draw(t, name) }
		f := navicert.Fix{
			MMSI: navicert.MMSI(rapid.IntRange(0, 999_999_999).Draw(t, "mmsi")), Time: time.Unix(0, rapid.Int64Range(1, 4e18).Draw(t, "time")).UTC(),
			TimeFrom:       rapid.SampledFrom([]navicert.TimeFrom{"", navicert.TimeTag, navicert.TimeArrival}).Draw(t, "from"),
			TimeCheck:      rapid.SampledFrom([]navicert.TimeCheck{"", navicert.TimeFits, navicert.TimeUnfit}).Draw(t, "check"),
			TimeUnverified: is("unverified"), Pos: navicert.Position{Lat: rapid.Float64Range(-90, 90).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, "lon")},
			SpeedKn: opt("speed"), CourseDeg: opt("course"), HeadingDeg: opt("heading"),
			Class: rapid.SampledFrom([]navicert.Class{"", navicert.ClassA, navicert.ClassB}).Draw(t, "class"), LongRange: is("long range"), Average: is("average"),
			Station: rapid.SampledFrom([]string{"", "one", "two"}).Draw(t, "station"), OtherStations: navicert.MakeStations(rapid.SliceOf(rapid.StringMatching("[a-z]{1,3}")).Draw(t, "others")...),
			Receptions: rapid.IntRange(0, 1000).Draw(t, "receptions"), Simulated: is("simulated"),
			Ref: navicert.Ref{Source: rapid.SampledFrom([]string{"", "one", "three"}).Draw(t, "source"), Offset: rapid.Int64().Draw(t, "offset"), Line: rapid.Int64().Draw(t, "line")},
		}
		if is("status known") {
			f.Status = navicert.Some(navicert.NavStatus(rapid.IntRange(0, 14).Draw(t, "status")))
		}
		var n Names
		n.Pack(&navicert.Fix{Station: "two", Class: navicert.ClassB})
		w := n.Pack(&f)
		if got := n.Unpack(&w); got != f {
			t.Fatalf("%+v\nwas %+v", got, f)
		}
		other, also := f, w
		if n.UnpackTo(&other, &Whole{}); other != (navicert.Fix{}) {
			t.Fatalf("none is %+v", other)
		}
		n.Replace(&also, &other)
		n.UnpackTo(&other, &w)
		if n.Replace(&also, &f); other != f || also != w {
			t.Fatalf("%+v, %+v\nwas %+v, %+v", other, also, f, w)
		}
	})
}

// No fix gives none, also with names that know of nothing, as a damaged state leaves it.
func TestNoWhole(t *testing.T) {
	var n Names
	if got := n.Unpack(&Whole{}); got != (navicert.Fix{}) {
		t.Errorf("%+v", got)
	}
}
