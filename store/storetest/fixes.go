package storetest

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/track"
)

var fixTests = map[string]func(*testing.T, Store){
	"nothing is held":       noFixes,
	"round trip":            fixRoundTrip,
	"exact positions":       exactPositions,
	"same again":            fixesAgain,
	"one key, two contents": sameFixKey,
	"two ships at one time": sameMoment,
	"bit for bit":           exactFixes,
	"from and to":           fixRange,
	"extreme times":         extremeTimes,
	"order":                 fixOrder,
	"refused":               badFixes,
	"cancelled":             cancelledFixes,
	"latest":                latest,
	"latest of a past time": latestPast,
	"span":                  span,
	"concurrent":            concurrentFixes,
	"as a model says":       fixModel,
}

const (
	shipA navicert.MMSI = 201999901 // invented: no such ships
	shipB navicert.MMSI = 201999902
	shipC navicert.MMSI = 201999903
)

func fix(mmsi navicert.MMSI, t time.Time) navicert.Fix {
	return navicert.Fix{
		MMSI: mmsi, Time: t, TimeFrom: navicert.TimeTag, Pos: navicert.Position{Lat: 10.25, Lon: -64.75},
		SpeedKn: navicert.Some(12.3), Class: navicert.ClassA, Ref: navicert.Ref{Source: "log.nmea", Offset: t.Unix()},
	}
}

func appendFixes(t *testing.T, s Store, want int, fs ...navicert.Fix) {
	t.Helper()
	if n := must(s.AppendFixes(t.Context(), fs))(t); n != want {
		t.Errorf("%d fixes were added, want %d", n, want)
	}
}

// allFixes reads what is held of a vessel.
func allFixes(t *testing.T, s Store, mmsi navicert.MMSI) []navicert.Fix {
	t.Helper()
	return must(s.Fixes(t.Context(), mmsi, time.Time{}, time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)))(t)
}

func noFixes(t *testing.T, s Store) {
	appendFixes(t, s, 0)
	if fs := allFixes(t, s, shipA); fs == nil || len(fs) != 0 {
		t.Errorf("an unknown vessel has fixes %#v, want none and not nil", fs)
	}
	if l := must(s.Latest(t.Context(), at(0), time.Hour))(t); l == nil || len(l) != 0 {
		t.Errorf("an empty store has latest fixes %#v, want none and not nil", l)
	}
	first, last, n, err := s.Span(t.Context(), shipA, at(0))
	if err != nil || n != 0 || !first.IsZero() || !last.IsZero() {
		t.Error("the span of nothing is", first, last, n, err)
	}
}

func fixRoundTrip(t *testing.T, s Store) {
	want := []navicert.Fix{
		{MMSI: shipA, Time: at(0), Ref: navicert.Ref{Source: "bare"}},
		{
			MMSI: shipA, Time: at(1).Add(7 * time.Millisecond), TimeFrom: navicert.TimePGHP, TimeCheck: navicert.TimeUnfit, TimeUnverified: true,
			Pos: navicert.Position{Lat: -89.999999, Lon: 180}, SpeedKn: navicert.Some(0.0), CourseDeg: navicert.Some(359.9),
			HeadingDeg: navicert.Some(0.0), Status: navicert.Some(navicert.UnderWayEngine), Class: navicert.ClassB,
			LongRange: true, Station: "shore 1", OtherStations: navicert.MakeStations("shore 2", "ship"), Receptions: 3, Average: true, Simulated: true, Ref: navicert.Ref{Source: "log", Offset: math.MaxInt64, Line: math.MaxInt64},
		},
	}
	wantAllFields(t, want[1])
	for i, h := range hostile {
		f := fix(shipA, at(2+float64(i)))
		f.Ref.Source, f.Station = h, h+" receiver"
		want = append(want, f)
	}
	appendFixes(t, s, len(want), want...)
	same(t, "fixes", allFixes(t, s, shipA), want)
	same(t, "the latest", must(s.Latest(t.Context(), at(1.5), time.Hour))(t), []track.Last{{Fix: want[1]}})
}

// wantAllFields fails for a field that is not set, so that a new one cannot be
// left out of a round trip.
func wantAllFields(t *testing.T, v any) {
	t.Helper()
	f := reflect.ValueOf(v)
	for i := range f.NumField() {
		if f.Field(i).IsZero() {
			t.Errorf("the round trip leaves out %s.%s", f.Type().Name(), f.Type().Field(i).Name)
		}
	}
}

// exactPositions holds that no digit of a position is lost.
func exactPositions(t *testing.T, s Store) {
	hour := 0
	rapid.Check(t, func(r *rapid.T) {
		hour++
		f := fix(shipA, at(float64(hour)))
		f.Pos = navicert.Position{Lat: rapid.Float64Range(-90, 90).Draw(r, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(r, "lon")}
		f.SpeedKn = navicert.Some(rapid.Float64Range(0, 102.2).Draw(r, "speed"))
		if _, err := s.AppendFixes(context.Background(), []navicert.Fix{f}); err != nil {
			r.Fatal(err)
		}
		got, err := s.Fixes(context.Background(), shipA, f.Time, f.Time.Add(1))
		if err != nil || len(got) != 1 || got[0].Pos != f.Pos || got[0].SpeedKn != f.SpeedKn {
			r.Fatalf("stored %v, got %v, %v", f, got, err)
		}
	})
}

func fixesAgain(t *testing.T, s Store) {
	a, b, c := fix(shipA, at(1)), fix(shipA, at(2)), fix(shipB, at(1))
	appendFixes(t, s, 2, a, b)
	appendFixes(t, s, 0, a, b)
	appendFixes(t, s, 1, c, b, a, c)
	same(t, "fixes", allFixes(t, s, shipA), []navicert.Fix{a, b})
	same(t, "fixes", allFixes(t, s, shipB), []navicert.Fix{c})
}

// sameMoment holds that two ships under one MMSI that are heard in one
// millisecond are two fixes, told apart by where they stand in the source, and
// both stay when they come again.
func sameMoment(t *testing.T, s Store) {
	one, two := fix(shipA, at(1)), fix(shipA, at(1))
	two.Pos.Lat, two.Ref.Offset = 45, one.Ref.Offset+90
	row, next := fix(shipB, at(1)), fix(shipB, at(1)) // of a table whose lines have no offset
	row.Ref, next.Ref = navicert.Ref{Source: "t.csv", Line: 3}, navicert.Ref{Source: "t.csv", Line: 4}
	appendFixes(t, s, 3, two, one, row)
	appendFixes(t, s, 1, next, one, row, two)
	same(t, "fixes", allFixes(t, s, shipA), []navicert.Fix{one, two})
	same(t, "fixes", allFixes(t, s, shipB), []navicert.Fix{row, next})
	if _, _, n, err := s.Span(t.Context(), shipA, at(2)); n != 2 || err != nil {
		t.Errorf("the span counts %d fixes, %v", n, err)
	}
	for _, l := range must(s.Latest(t.Context(), at(1), time.Hour))(t) {
		want := one
		if l.Fix.MMSI == shipB {
			want = row
		}
		same(t, "the latest", l.Fix, want)
	}
}

// sameFixKey holds that the first fix of an MMSI, time, source and place in it
// stays.
func sameFixKey(t *testing.T, s Store) {
	a := fix(shipA, at(1))
	other := a
	other.Pos.Lat = 11
	elsewhere := other
	elsewhere.Ref.Source = "second.nmea"
	appendFixes(t, s, 1, a, other)
	appendFixes(t, s, 1, other, elsewhere)
	same(t, "fixes", allFixes(t, s, shipA), []navicert.Fix{a, elsewhere})
}

func fixRange(t *testing.T, s Store) {
	a, b, c := fix(shipA, at(1)), fix(shipA, at(2)), fix(shipA, at(3))
	appendFixes(t, s, 3, a, b, c)
	for _, tt := range []struct {
		name     string
		from, to time.Time
		want     []navicert.Fix
	}{
		{"from is in, to is not", at(1), at(3), []navicert.Fix{a, b}},
		{"just after from", at(1).Add(1), at(3).Add(1), []navicert.Fix{b, c}},
		{"just before", at(1).Add(-1), at(1), nil},
		{"just to", at(2), at(2).Add(1), []navicert.Fix{b}},
		{"empty", at(2), at(2), nil},
		{"backwards", at(3), at(1), nil},
		{"another zone", at(2).In(time.FixedZone("", 3600)), at(4), []navicert.Fix{b, c}},
		{"all time", time.Unix(-1<<60, 0), time.Unix(1<<60, 0), []navicert.Fix{a, b, c}},
	} {
		same(t, tt.name, must(s.Fixes(t.Context(), shipA, tt.from, tt.to))(t), tt.want)
	}
}

func extremeTimes(t *testing.T, s Store) {
	want := []navicert.Fix{
		fix(shipA, time.Date(1, 1, 1, 0, 0, 0, 1_000_000, time.UTC)), fix(shipA, time.Unix(-1, 999_000_000).UTC()),
		fix(shipA, time.Unix(0, 0).UTC()), fix(shipA, time.Date(2262, 4, 12, 0, 0, 0, 0, time.UTC)),
		fix(shipA, time.Date(9999, 12, 31, 23, 59, 59, 998_000_000, time.UTC)),
	}
	appendFixes(t, s, len(want), want...)
	same(t, "fixes", allFixes(t, s, shipA), want)
	for _, bad := range []time.Time{{}, time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(1<<60, 0)} {
		_, err := s.AppendFixes(t.Context(), []navicert.Fix{fix(shipB, bad)})
		wantErr(t, err, navicert.Invalid)
	}
	same(t, "fixes without a possible time", allFixes(t, s, shipB), []navicert.Fix{})
}

func fixOrder(t *testing.T, s Store) {
	a, b, c := fix(shipA, at(1)), fix(shipA, at(2)), fix(shipA, at(3))
	b2 := b
	b2.Ref.Source = "aaa.nmea"
	appendFixes(t, s, 2, c, b)
	appendFixes(t, s, 2, a, b2)
	same(t, "fixes in time order", allFixes(t, s, shipA), []navicert.Fix{a, b2, b, c})
}

func badFixes(t *testing.T, s Store) {
	good := fix(shipA, at(1))
	for name, spoil := range map[string]func(*navicert.Fix){
		"no MMSI":        func(f *navicert.Fix) { f.MMSI = 0 },
		"no number":      func(f *navicert.Fix) { f.Pos.Lat = math.NaN() },
		"infinite":       func(f *navicert.Fix) { f.Pos.Lon = math.Inf(1) },
		"no speed":       func(f *navicert.Fix) { f.SpeedKn = navicert.Some(math.NaN()) },
		"infinite track": func(f *navicert.Fix) { f.CourseDeg = navicert.Some(math.Inf(-1)) },
	} {
		bad := fix(shipA, at(2))
		spoil(&bad)
		n, err := s.AppendFixes(t.Context(), []navicert.Fix{good, bad})
		if n != 0 || navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: %d added, error %v", name, n, err)
		}
	}
	same(t, "fixes", allFixes(t, s, shipA), []navicert.Fix{})
}

func cancelledFixes(t *testing.T, s Store) {
	n, err := s.AppendFixes(canceled(), []navicert.Fix{fix(shipA, at(1))})
	wantCanceled(t, err)
	if n != 0 {
		t.Error("added although it was cancelled:", n)
	}
	_, err = s.Fixes(canceled(), shipA, at(0), at(2))
	wantCanceled(t, err)
	_, err = s.Latest(canceled(), at(0), time.Hour)
	wantCanceled(t, err)
	_, _, _, err = s.Span(canceled(), shipA, at(0))
	wantCanceled(t, err)

	fs := make([]navicert.Fix, 20_000)
	for i := range fs {
		fs[i] = fix(shipA, at(1).Add(time.Duration(i)*time.Second))
	}
	ctx, cancel := context.WithTimeoutCause(t.Context(), 15*time.Millisecond, context.Canceled)
	defer cancel()
	n, err = s.AppendFixes(ctx, fs)
	if held := len(allFixes(t, s, shipA)); (err != nil && n != 0) || held != n {
		t.Errorf("%d fixes are held, %d were said to be added, error %v", held, n, err)
	}
	if err == nil {
		t.Skip("the engine stored 20,000 fixes before the context ended")
	}
	appendFixes(t, s, len(fs), fs...)
}

func latest(t *testing.T, s Store) {
	a1, a2 := fix(shipA, at(1)), fix(shipA, at(2))
	b1, c9 := fix(shipB, at(1.5)), fix(shipC, at(9))
	second := a2
	second.Ref.Source = "aaa.nmea"
	appendFixes(t, s, 5, a1, a2, b1, c9, second)
	for _, tt := range []struct {
		name   string
		t      time.Time
		window time.Duration
		want   []navicert.Fix
	}{
		{"all before", at(3), 10 * time.Hour, []navicert.Fix{second, b1}},
		{"at t itself", at(2), time.Minute, []navicert.Fix{second}},
		{"just before t", at(2).Add(-1), time.Hour, []navicert.Fix{a1, b1}},
		{"window's edge", at(2.5), time.Hour, []navicert.Fix{second, b1}},
		{"out of the window", at(2.5).Add(1), time.Hour, []navicert.Fix{second}},
		{"nobody heard", at(8), time.Hour, nil},
		{"no window", at(1.5), 0, []navicert.Fix{b1}},
		{"before all", at(0.5), time.Hour, nil},
		{"the widest window", at(10), math.MaxInt64, []navicert.Fix{second, b1, c9}},
	} {
		var got []navicert.Fix
		for _, l := range must(s.Latest(t.Context(), tt.t, tt.window))(t) {
			got = append(got, l.Fix)
		}
		same(t, tt.name, got, tt.want)
	}
}

// latestPast holds that later fixes and reports do not show at a past time.
func latestPast(t *testing.T, s Store) {
	appendFixes(t, s, 2, fix(shipA, at(1)), fix(shipA, at(5)))
	appendStatics(t, s, 3, static(shipA, at(0.5), "OLD NAME"), static(shipA, at(0.7), "OLD NAME"), static(shipA, at(4), "NEW NAME"))
	past := must(s.Latest(t.Context(), at(2), 24*time.Hour))(t)
	if len(past) != 1 || past[0].Identity.Name != "OLD NAME" || past[0].Identity.Reports != 2 || !past[0].Identity.LastSeen.Equal(at(0.7)) {
		t.Errorf("at a past time: %+v", past)
	}
	now := must(s.Latest(t.Context(), at(6), 24*time.Hour))(t)
	if len(now) != 1 || now[0].Identity.Name != "NEW NAME" || !now[0].Fix.Time.Equal(at(5)) {
		t.Errorf("now: %+v", now)
	}
}

func span(t *testing.T, s Store) {
	appendFixes(t, s, 4, fix(shipA, at(1)), fix(shipA, at(2)), fix(shipA, at(4)), fix(shipB, at(3)))
	for _, tt := range []struct {
		t           time.Time
		first, last time.Time
		n           int
	}{
		{at(0), time.Time{}, time.Time{}, 0},
		{at(1), at(1), at(1), 1},
		{at(3), at(1), at(2), 2},
		{time.Unix(1<<60, 0), at(1), at(4), 3},
	} {
		first, last, n, err := s.Span(t.Context(), shipA, tt.t)
		if err != nil || !first.Equal(tt.first) || !last.Equal(tt.last) || n != tt.n {
			t.Errorf("span at %v is %v to %v, %d, %v", tt.t, first, last, n, err)
		}
	}
}

func concurrentFixes(t *testing.T, s Store) {
	const writers, each = 4, 200
	var wg sync.WaitGroup
	counts := make([]int, writers)
	for w := range writers {
		wg.Go(func() {
			for i := 0; i < each; i += 20 {
				var fs []navicert.Fix
				for j := range 20 { // all writers write the same
					fs = append(fs, fix(shipA+navicert.MMSI(j%3), at(float64(i+j))))
				}
				n, err := s.AppendFixes(context.Background(), fs)
				if err != nil {
					t.Error(err)
				}
				counts[w] += n
				if _, err := s.Latest(context.Background(), at(each), 1000*time.Hour); err != nil {
					t.Error(err)
				}
				if _, err := s.Fixes(context.Background(), shipA, at(0), at(each)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	total := 0
	for _, n := range counts {
		total += n
	}
	held := len(allFixes(t, s, shipA)) + len(allFixes(t, s, shipB)) + len(allFixes(t, s, shipC))
	if total != each || held != each {
		t.Errorf("%d fixes are held and %d were said to be added, want %d", held, total, each)
	}
}

// exactFixes holds that what is appended is what is read, bit for bit, however it
// is cut into batches, in whatever order it comes and however often.
func exactFixes(t *testing.T, s Store) {
	base := shipA
	rapid.Check(t, func(r *rapid.T) {
		base += 10 // a fresh set of vessels in the one store
		all := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) navicert.Fix { return anyFix(r, base) }), 1, 60).Draw(r, "fixes")
		all = append(all, rapid.SliceOfN(rapid.SampledFrom(all), 0, 20).Draw(r, "again")...)
		held := map[string]navicert.Fix{}
		for rest := all; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(r, "batch")
			want := 0
			for _, f := range rest[:n] {
				key := fmt.Sprint(f.MMSI, f.Time.UnixMilli(), f.Ref)
				if _, ok := held[key]; !ok {
					held[key] = f
					want++
				}
			}
			if added, err := s.AppendFixes(context.Background(), rest[:n]); err != nil || added != want {
				r.Fatalf("%d added, want %d, %v", added, want, err)
			}
			rest = rest[n:]
		}
		from, to := at(rapid.Float64Range(0, 3).Draw(r, "from")), at(rapid.Float64Range(0, 3).Draw(r, "to"))
		for m := base; m < base+2; m++ {
			got, err := s.Fixes(context.Background(), m, from, to)
			if err != nil {
				r.Fatal(err)
			}
			want := map[string]int{}
			for _, f := range held {
				if f.MMSI == m && !f.Time.Before(from) && f.Time.Before(to) {
					want[bitsOf(f)]++
				}
			}
			for _, f := range got {
				want[bitsOf(f)]--
			}
			for f, n := range want {
				if n != 0 {
					r.Fatalf("%d too few are read of %s", n, f)
				}
			}
		}
	})
}

// bitsOf tells all of a fix, also which zero it has.
func bitsOf(f navicert.Fix) string {
	number := func(o navicert.Opt[float64]) string {
		v, known := o.Get()
		return fmt.Sprintf("%v %x", known, math.Float64bits(v))
	}
	more := fmt.Sprintf("%x %x %s %s %s", math.Float64bits(f.Pos.Lat), math.Float64bits(f.Pos.Lon), number(f.SpeedKn), number(f.CourseDeg), number(f.HeadingDeg))
	return fmt.Sprintf("%#v %d %s", f, f.Time.UnixMilli(), more)
}

// anyFix draws a fix: mostly as an AIS message or a table gives it.
func anyFix(r *rapid.T, base navicert.MMSI) navicert.Fix {
	number := func(what string, high float64) float64 {
		switch rapid.IntRange(0, 4).Draw(r, what+" kind") {
		case 0:
			return rapid.Float64Range(-high, high).Draw(r, what)
		case 1:
			return math.Copysign(0, -1)
		case 2:
			return float64(rapid.IntRange(-int(high*1e5), int(high*1e5)).Draw(r, what)) / 1e5
		}
		return float64(rapid.IntRange(-int(high*6e5), int(high*6e5)).Draw(r, what)) / 6e5
	}
	measure := func(what string) navicert.Opt[float64] {
		if rapid.Bool().Draw(r, what+" is known") {
			return navicert.Some(number(what, 360))
		}
		return navicert.Opt[float64]{}
	}
	f := navicert.Fix{
		MMSI:    base + navicert.MMSI(rapid.IntRange(0, 1).Draw(r, "vessel")),
		Time:    at(0).Add(time.Duration(rapid.IntRange(0, 10_000_000).Draw(r, "time")) * time.Millisecond),
		Pos:     navicert.Position{Lat: number("lat", 90), Lon: number("lon", 180)},
		SpeedKn: measure("speed"), CourseDeg: measure("course"), HeadingDeg: measure("heading"),
		TimeFrom:       rapid.SampledFrom([]navicert.TimeFrom{"", navicert.TimeTag, navicert.TimeArrival}).Draw(r, "clock"),
		TimeCheck:      rapid.SampledFrom([]navicert.TimeCheck{"", navicert.TimeFits, navicert.TimeUnfit}).Draw(r, "check"),
		TimeUnverified: rapid.Bool().Draw(r, "unverified"),
		Class:          rapid.SampledFrom([]navicert.Class{"", navicert.ClassA, navicert.ClassB}).Draw(r, "class"),
		LongRange:      rapid.Bool().Draw(r, "long range"), Average: rapid.Bool().Draw(r, "average"), Simulated: rapid.Bool().Draw(r, "simulated"),
		Station:       rapid.SampledFrom([]string{"", "shore 1", "shore 2"}).Draw(r, "station"),
		OtherStations: navicert.MakeStations(rapid.SliceOfN(rapid.SampledFrom([]string{"shore 3", "ship", "希望丸"}), 0, 3).Draw(r, "others")...),
		Receptions:    rapid.IntRange(0, 9).Draw(r, "receptions"),
		Ref: navicert.Ref{
			Source: rapid.SampledFrom([]string{"a", "b"}).Draw(r, "source"),
			Offset: rapid.Int64Range(0, 9).Draw(r, "offset"), Line: rapid.SampledFrom([]int64{0, 1, math.MaxInt64}).Draw(r, "line"),
		},
	}
	if rapid.Bool().Draw(r, "has status") {
		f.Status = navicert.Some(navicert.NavStatus(rapid.Uint8Range(0, 14).Draw(r, "status")))
	}
	if rapid.Bool().Draw(r, "round time") {
		f.Time = f.Time.Truncate(time.Minute)
	}
	return f
}

// fixModel compares Latest and Span with a plain model over random histories.
func fixModel(t *testing.T, s Store) {
	base := shipA
	rapid.Check(t, func(r *rapid.T) {
		base += 10 // a fresh set of vessels in the one store
		type key struct {
			mmsi   navicert.MMSI
			minute int
			source string
		}
		held := map[key]bool{}
		for range rapid.IntRange(1, 4).Draw(r, "batches") {
			var fs []navicert.Fix
			want := 0
			for range rapid.IntRange(0, 12).Draw(r, "fixes") {
				k := key{base + navicert.MMSI(rapid.IntRange(0, 2).Draw(r, "vessel")), rapid.IntRange(0, 9).Draw(r, "minute"), rapid.SampledFrom([]string{"a", "b"}).Draw(r, "source")}
				f := fix(k.mmsi, at(float64(k.minute)/60))
				f.Ref.Source = k.source
				fs = append(fs, f)
				if !held[k] {
					want++
				}
				held[k] = true
			}
			if n, err := s.AppendFixes(context.Background(), fs); err != nil || n != want {
				r.Fatalf("%d added, want %d, %v", n, want, err)
			}
		}
		now, window := rapid.IntRange(0, 10).Draw(r, "now"), rapid.IntRange(0, 10).Draw(r, "window")
		newest := map[navicert.MMSI]string{}
		for m := navicert.MMSI(0); m < 3; m++ {
			n := 0
			for minute := range now + 1 {
				for _, source := range []string{"b", "a"} {
					if held[key{base + m, minute, source}] {
						n++
						if minute >= now-window {
							newest[base+m] = fmt.Sprint(minute, source)
						}
					}
				}
			}
			if _, _, got, err := s.Span(context.Background(), base+m, at(float64(now)/60)); err != nil || got != n {
				r.Fatalf("span counts %d, want %d, %v", got, n, err)
			}
		}
		last, err := s.Latest(context.Background(), at(float64(now)/60), time.Duration(window)*time.Minute)
		if err != nil {
			r.Fatal(err)
		}
		for _, l := range last {
			if l.Fix.MMSI < base {
				continue // of an earlier run
			}
			got := fmt.Sprint(int(l.Fix.Time.Sub(day).Minutes()), l.Fix.Ref.Source)
			if newest[l.Fix.MMSI] != got {
				r.Fatalf("latest of %d is %s, want %s", l.Fix.MMSI, got, newest[l.Fix.MMSI])
			}
			delete(newest, l.Fix.MMSI)
		}
		if len(newest) > 0 {
			r.Fatalf("latest leaves out %v", newest)
		}
	})
}
