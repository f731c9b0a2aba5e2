package app

import (
	"math"
	"reflect"
	"testing"
	"time"

	"navicert"
)

// TestSorterKeepsAllFields: a position comes out of the sorter as it went in,
// with all that it may have.
func TestSorterKeepsAllFields(t *testing.T) {
	full := navicert.Fix{
		MMSI: 299000001, Time: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), TimeFrom: navicert.TimeTag, TimeCheck: navicert.TimeUnfit,
		TimeUnverified: true, Pos: navicert.Position{Lat: 10.25, Lon: -64.75}, SpeedKn: navicert.Some(12.5), CourseDeg: navicert.Some(90.5),
		HeadingDeg: navicert.Some(91.0), Status: navicert.Some(navicert.AtAnchor), Class: navicert.ClassA, LongRange: true, Average: true,
		Station: "SIM-1", OtherStations: navicert.MakeStations("SIM-2"), Receptions: 2, Simulated: true, Ref: navicert.Ref{Source: "log", Offset: math.MaxInt64, Line: 7},
	}
	v := reflect.ValueOf(full)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("the test leaves out %s", v.Type().Field(i).Name)
		}
	}
	fits := navicert.Fix{MMSI: 299000002, Time: full.Time, TimeCheck: navicert.TimeFits}
	bare := navicert.Fix{MMSI: 299000003, Time: full.Time}
	want := []navicert.Fix{full, fits, bare}
	var s sorter
	for i := range want {
		if err := s.fix(&want[i]); err != nil {
			t.Fatal(err)
		}
	}
	var got []navicert.Fix
	err := s.drain(t.Context(), func(f *navicert.Fix) error {
		got = append(got, *f)
		return nil
	}, nil)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
	}
}
