package fixblock

import (
	"math"
	"math/bits"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"navicert"
)

// anyRow draws a row that a file may hold, and now and then one that none does.
func anyRow(r *rapid.T, before *Row) Row {
	row := Row{
		MMSI:    rapid.SampledFrom([]navicert.MMSI{201999901, 201999902, 999999999, 1, math.MaxUint32}).Draw(r, "mmsi"),
		Source:  rapid.Int64Range(1, 4).Draw(r, "source"),
		Station: rapid.SampledFrom([]int64{0, 1, 2, 300, math.MaxInt64}).Draw(r, "station"),
		Lat:     degrees(r, "lat", before.Lat), Lon: degrees(r, "lon", before.Lon),
		Speed: measure(r, "speed"), Course: measure(r, "course"), Heading: measure(r, "heading"),
	}
	row.Millis = oneOf(r, "time", before.Millis, 253_402_300_799_999, -62_135_596_800_000)
	row.Offset = oneOf(r, "offset", before.Offset, math.MaxInt64, math.MinInt64)
	row.Line = oneOf(r, "line", before.Line, math.MaxInt64, -1)
	if rapid.Bool().Draw(r, "status known") {
		row.Status = navicert.Some(navicert.NavStatus(rapid.Uint8().Draw(r, "status")))
	}
	if rapid.Bool().Draw(r, "heard by others") {
		row.Others = rapid.SliceOfN(rapid.Int64Range(0, 9), 1, 4).Draw(r, "others")
		row.Receptions = rapid.IntRange(-1, 9).Draw(r, "receptions")
	}
	row.Class = rapid.SampledFrom([]navicert.Class{"", "A", "B", "another"}).Draw(r, "class")
	row.TimeFrom = rapid.SampledFrom([]navicert.TimeFrom{"", navicert.TimeTag, navicert.TimeFile, "a sundial"}).Draw(r, "clock")
	row.TimeCheck = rapid.SampledFrom([]navicert.TimeCheck{"", navicert.TimeFits, navicert.TimeUnfit, "\x00"}).Draw(r, "check")
	row.Unverified, row.LongRange = rapid.Bool().Draw(r, "unverified"), rapid.Bool().Draw(r, "long range")
	row.Average, row.Simulated = rapid.Bool().Draw(r, "average"), rapid.Bool().Draw(r, "simulated")
	return row
}

func oneOf(r *rapid.T, what string, before int64, odd ...int64) int64 {
	switch rapid.IntRange(0, 9).Draw(r, what+" kind") {
	case 0:
		return rapid.SampledFrom(odd).Draw(r, what)
	case 1:
		return rapid.Int64Range(-1e13, 1e13).Draw(r, what)
	case 2:
		return 0
	}
	return before + rapid.Int64Range(-2, 100_000).Draw(r, what)
}

func degrees(r *rapid.T, what string, before float64) float64 {
	switch rapid.IntRange(0, 5).Draw(r, what+" kind") {
	case 0:
		return rapid.Float64Range(-180, 180).Draw(r, what)
	case 1:
		return rapid.SampledFrom([]float64{0, math.Copysign(0, -1), math.MaxFloat64, math.SmallestNonzeroFloat64, 180, -90}).Draw(r, what)
	case 2:
		return float64(rapid.IntRange(-18_000_000, 18_000_000).Draw(r, what)) / 100_000
	}
	return float64(int64(before*600_000)+rapid.Int64Range(-500, 500).Draw(r, what)) / 600_000
}

func measure(r *rapid.T, what string) navicert.Opt[float64] {
	switch rapid.IntRange(0, 5).Draw(r, what+" kind") {
	case 0:
		return navicert.Opt[float64]{}
	case 1:
		return navicert.Some(rapid.Float64Range(-1e300, 1e300).Draw(r, what))
	case 2:
		return navicert.Some(math.Copysign(0, -1))
	}
	return navicert.Some(float64(rapid.IntRange(0, 3600).Draw(r, what)) / 10)
}

// exact is a row with its floats as bits, so that -0 is not 0.
func exact(r Row) any {
	b := func(o navicert.Opt[float64]) [2]uint64 {
		v, known := o.Get()
		return [2]uint64{uint64(flagIndex(known)), math.Float64bits(v)}
	}
	more := []any{math.Float64bits(r.Lat), math.Float64bits(r.Lon), b(r.Speed), b(r.Course), b(r.Heading), len(r.Others), slices.Clone(r.Others)}
	r.Lat, r.Lon, r.Others = 0, 0, nil
	r.Speed, r.Course, r.Heading = navicert.Opt[float64]{}, navicert.Opt[float64]{}, navicert.Opt[float64]{}
	if len(more[6].([]int64)) == 0 {
		more[6] = []int64(nil)
	}
	return append(more, r)
}

// TestRoundTrip holds that what is packed is what is read, bit for bit, in
// any order, also when writer and reader have been used before.
func TestRoundTrip(t *testing.T) {
	var w Writer
	var rd Reader
	rapid.Check(t, func(r *rapid.T) {
		w.v1 = rapid.Bool().Draw(r, "version 1")
		var rows []Row
		var before Row
		for range rapid.IntRange(1, 60).Draw(r, "rows") {
			row := anyRow(r, &before)
			rows = append(rows, row)
			before = row
			if err := w.Add(&row); err != nil {
				r.Fatal(err)
			}
		}
		body := w.Finish()
		if err := rd.Reset(body); err != nil {
			r.Fatal(err)
		}
		var got Row
		for i := range rows {
			if !rd.Next(&got) {
				r.Fatalf("it ends at row %d of %d: %v", i, len(rows), rd.Err())
			}
			if !reflect.DeepEqual(exact(got), exact(rows[i])) {
				r.Fatalf("row %d is\n%+v, want\n%+v", i, got, rows[i])
			}
		}
		if rd.Next(&got) || rd.Err() != nil {
			r.Fatalf("it goes on: %+v, %v", got, rd.Err())
		}
	})
}

// TestNumbers codes every length of number.
func TestNumbers(t *testing.T) {
	var c coder
	var m numbers
	var s signs
	var vs []uint64
	for n := range 64 {
		vs = append(vs, 1<<n, 1<<n-1, 1<<n|0x5555555555555555&(1<<n-1))
	}
	vs = append(vs, math.MaxUint64)
	c.startWriting(nil, &laplace)
	for _, v := range vs {
		c.number(&m, v)
		c.signed(&s, int64(v))
		c.signed(&s, -int64(v))
	}
	c.startReading(c.finish(), &laplace)
	m, s = numbers{}, signs{}
	for _, v := range vs {
		if got := c.number(&m, 0); got != v {
			t.Fatalf("%x became %x", v, got)
		}
		if a, b := c.signed(&s, 0), c.signed(&s, 0); a != int64(v) || b != -int64(v) {
			t.Fatalf("%d bits: %x became %x and %x", bits.Len64(v), v, a, b)
		}
	}
}
