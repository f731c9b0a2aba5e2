package segment_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/track/gfw"
	"navicert/track/segment"
)

var t0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func at(tag int, minutes, lat, lon, speed, course float64) segment.Message {
	return segment.Message{
		Tag: tag, MMSI: 775999001, Time: t0.Add(time.Duration(minutes * float64(time.Minute))),
		Pos: navicert.Some(navicert.Position{Lat: lat, Lon: lon}), SpeedKn: navicert.Some(speed), CourseDeg: navicert.Some(course), Class: segment.ClassA,
	}
}

func run(t interface{ Fatal(...any) }, messages []segment.Message, split func(i int) bool) *gfw.Outcome {
	o, err := gfw.Play(messages, split)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestClasses(t *testing.T) {
	with := func(m segment.Message, change func(*segment.Message)) segment.Message {
		change(&m)
		return m
	}
	none := navicert.Opt[float64]{}
	for _, c := range []struct {
		name     string
		messages []segment.Message
		want     []string
	}{
		{"under way", []segment.Message{at(0, 0, 10, -65, 12, 90), at(1, 10, 10, -64.97, 12, 90)}, []string{"segment", "segment"}},
		{"a repeat", []segment.Message{at(0, 0, 10, -65, 12, 90), at(1, 600, 10, -65, 12, 90)}, []string{"segment", "duplicate"}},
		{"at rest a repeat is none", []segment.Message{at(0, 0, 10, -65, 0, 90), at(1, 10, 10, -65, 0, 90)}, []string{"segment", "segment"}},
		{"the same message again", []segment.Message{
			with(at(0, 0, 10, -65, 0, 0), func(m *segment.Message) { m.ID = "x" }), with(at(1, 1, 10, -65, 0, 0), func(m *segment.Message) { m.ID = "x" }),
		}, []string{"segment", "duplicate"}},
		{"noise speed", []segment.Message{at(0, 0, 10, -65, 102.3, 90)}, []string{"bad"}},
		{"no speed", []segment.Message{with(at(0, 0, 10, -65, 0, 90), func(m *segment.Message) { m.SpeedKn = none })}, []string{"bad"}},
		{"no place", []segment.Message{at(0, 0, 91, -65, 5, 90)}, []string{"bad"}},
		{"course 360 at rest", []segment.Message{at(0, 0, 10, -65, 0.3, 360)}, []string{"segment"}},
		{"course 360 under way", []segment.Message{at(0, 0, 10, -65, 0.4, 360)}, []string{"bad"}},
		{"nothing but a name", []segment.Message{{Time: t0, MMSI: 775999001}}, []string{"info"}},
		{"8 h are no silence", []segment.Message{at(0, 0, 10, -65, 0, 0), at(1, 480, 10, -65, 0, 0)}, []string{"segment", "segment"}},
		{"more are", []segment.Message{at(0, 0, 10, -65, 0, 0), at(1, 480.1, 10, -65, 0, 0)}, []string{"closed", "segment"}},
		{"type 27 soon after another", []segment.Message{
			at(0, 0, 10, -65, 0, 0), with(at(1, 59, 10, -65, 0, 0), func(m *segment.Message) { m.LongRange, m.Class = true, segment.ClassA|segment.ClassB }),
		}, []string{"segment", "bad"}},
		{"type 27 later", []segment.Message{
			at(0, 0, 10, -65, 0, 0), with(at(1, 61, 10, -65, 0, 0), func(m *segment.Message) { m.LongRange, m.Class = true, segment.ClassA|segment.ClassB }),
		}, []string{"segment", "segment"}},
		{"a stray that fits is taken back", []segment.Message{
			at(0, 0, 10, -65, 12, 90), at(1, 10, 10.08, -64.95, 12, 90), at(2, 20, 10, -64.9323, 12, 90),
		}, []string{"segment", "discarded", "segment"}},
		{"across the dateline", []segment.Message{at(0, 0, 10, 179.99, 12, 90), at(1, 10, 10, -179.976, 12, 90)}, []string{"segment", "segment"}},
	} {
		o := run(t, c.messages, nil)
		for i, w := range c.want {
			if got := o.Class(i); got != w {
				t.Errorf("%s: message %d is %s, want %s", c.name, i, got, w)
			}
		}
	}
}

func TestOutOfOrderIsAnError(t *testing.T) {
	s := segment.New(segment.GFW(), segment.Handler{})
	a, b := at(0, 10, 10, -65, 5, 90), at(1, 9, 10, -65, 5, 90)
	if err := s.Add(&a); err != nil {
		t.Fatal(err)
	}
	if err := s.Add(&b); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("error %v", err)
	}
}

func TestAmbiguousSegmentsAreClosed(t *testing.T) {
	var messages []segment.Message
	for i := range 20 { // two ships at rest, 12 nm apart
		messages = append(messages, at(2*i, float64(i), 10, -65, 0, 0), at(2*i+1, float64(i), 10.2, -65, 0, 0))
	}
	messages = append(messages, at(40, 25, 10.1, -65, 0, 0)) // and one between them
	o := run(t, messages, nil)
	if len(o.Segments) != 3 || o.Class(0) != "closed" || o.Class(1) != "closed" || o.Class(40) != "segment" {
		t.Errorf("%d segments, %s, %s and %s", len(o.Segments), o.Class(0), o.Class(1), o.Class(40))
	}
	if o.Verdicts[0].Segment == o.Verdicts[1].Segment {
		t.Error("the two ships are one")
	}
}

func TestStalestIsClosedAtTheLimit(t *testing.T) {
	var messages []segment.Message
	for i := range 21 {
		messages = append(messages, at(i, float64(i), -80+8*float64(i), -65, 0, 0))
	}
	o := run(t, messages, nil)
	if len(o.Segments) != 21 || o.Class(0) != "closed" || o.Class(1) != "segment" {
		t.Errorf("%d segments, the first is %s, the second %s", len(o.Segments), o.Class(0), o.Class(1))
	}
}

func TestIDsAreDistinct(t *testing.T) {
	o := run(t, []segment.Message{at(0, 0, 10, -65, 0, 0), at(1, 0, 40, -65, 0, 0), at(2, 0, 70, -65, 0, 0)}, nil)
	if o.Verdicts[2].Segment != "775999001-2026-01-01T00:00:00.002000Z" || len(o.Segments) != 3 {
		t.Errorf("third segment %s", o.Verdicts[2].Segment)
	}
}

// drawMessages makes some hours of up to three ships under one MMSI, with
// strays, repeats and unusable messages.
func drawMessages(t *rapid.T) []segment.Message {
	var messages []segment.Message
	minutes := 0.0
	for i := range rapid.IntRange(0, 80).Draw(t, "n") {
		minutes += rapid.SampledFrom([]float64{0, 0.5, 3, 10, 60, 300, 500}).Draw(t, "minutes")
		lat := rapid.SampledFrom([]float64{10, 10.02, 10.1, 10.3, 40, 91}).Draw(t, "lat")
		m := at(i, minutes, lat, -65+0.003*minutes*rapid.SampledFrom([]float64{0, 1}).Draw(t, "moves"), rapid.SampledFrom([]float64{0, 0.3, 10.6, 51.2}).Draw(t, "speed"), rapid.SampledFrom([]float64{90, 270, 360}).Draw(t, "course"))
		m.Class = rapid.SampledFrom([]segment.Classes{0, segment.ClassA, segment.ClassB}).Draw(t, "class")
		if rapid.IntRange(0, 9).Draw(t, "long range") == 0 {
			m.LongRange, m.Class = true, segment.ClassA|segment.ClassB
		}
		messages = append(messages, m)
	}
	return messages
}

// Every message gets one verdict, a segment holds no silence beyond the limit,
// and input in batches gives what it gives in one.
func TestSegmenterProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		messages := drawMessages(t)
		one := run(t, messages, nil)
		splits := rapid.SliceOfN(rapid.Bool(), len(messages), len(messages)).Draw(t, "splits")
		split := run(t, messages, func(i int) bool { return splits[i] })
		last := map[string]time.Time{}
		for i, v := range one.Verdicts {
			if v.Class == 0 {
				t.Fatalf("no verdict for message %d", i)
			}
			if split.Verdicts[i] != v || split.Segments[v.Segment] != one.Segments[v.Segment] {
				t.Fatalf("message %d: %v, in batches %v", i, v, split.Verdicts[i])
			}
			if v.Class != segment.InSegment {
				continue
			}
			if before, ok := last[v.Segment]; ok && messages[i].Time.Sub(before) > 8*time.Hour {
				t.Fatalf("message %d joins after %s", i, messages[i].Time.Sub(before))
			}
			last[v.Segment] = messages[i].Time
		}
	})
}

// Two ships that are farther apart than a ship can go never share a segment,
// however their messages interleave.
func TestFarShipsNeverFuse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var messages []segment.Message
		minutes, ship := 0.0, []int{}
		for i := range rapid.IntRange(1, 100).Draw(t, "n") {
			minutes += rapid.Float64Range(0, 200).Draw(t, "minutes")
			s := rapid.IntRange(0, 1).Draw(t, "ship")
			m := at(i, minutes, []float64{10, -30}[s], []float64{-75, 90}[s]+rapid.Float64Range(-1, 1).Draw(t, "lon"), rapid.Float64Range(0, 20).Draw(t, "speed"), rapid.Float64Range(0, 359).Draw(t, "course"))
			messages, ship = append(messages, m), append(ship, s)
		}
		o := run(t, messages, nil)
		of := map[string]int{}
		for i, v := range o.Verdicts {
			if v.Segment == "" {
				continue
			}
			if s, ok := of[v.Segment]; ok && s != ship[i] {
				t.Fatalf("message %d: two ships in segment %s", i, v.Segment)
			}
			of[v.Segment] = ship[i]
		}
	})
}

// The measures do not depend on where on the globe the longitude is cut, and a
// ship that is where it was reckoned is not off.
func TestDiscrepancyProperties(t *testing.T) {
	p := segment.GFW()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) segment.Point {
			return segment.Point{
				Lat: rapid.Float64Range(-75, 75).Draw(t, name+" lat"), Lon: rapid.Float64Range(-3, 3).Draw(t, name+" lon"),
				SpeedKn: rapid.Float64Range(0, 25).Draw(t, name+" speed"), CourseDeg: rapid.Float64Range(0, 359.9).Draw(t, name+" course"),
			}
		}
		a, b := draw("a"), draw("b")
		b.Lat = a.Lat + (b.Lat-a.Lat)/100
		hours := rapid.Float64Range(0, 8).Draw(t, "hours")
		d := p.Discrepancy(&a, &b, hours)
		cut := func(p segment.Point) segment.Point { p.Lon = math.Remainder(p.Lon+180, 360); return p }
		ca, cb := cut(a), cut(b)
		if e := p.Discrepancy(&ca, &cb, hours); math.Abs(d-e) > 1e-6*(1+d) {
			t.Fatalf("%v at Greenwich, %v at the dateline", d, e)
		}
		if d < 0 || math.IsNaN(d) {
			t.Fatalf("discrepancy %v", d)
		}
		if got := p.Discrepancy(&a, &a, 0); got != 0 {
			t.Fatalf("%v nm off itself", got)
		}
	})
	a := segment.Point{Lat: 0, Lon: 0, SpeedKn: 12, CourseDeg: 90}
	b := segment.Point{Lat: 0, Lon: 0.2, SpeedKn: 12, CourseDeg: 90}
	if d := p.Discrepancy(&a, &b, 1); d > 0.02 {
		t.Errorf("%v nm off where it was reckoned", d)
	}
}

func BenchmarkSegmenter(b *testing.B) {
	s := segment.New(segment.GFW(), segment.Handler{})
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		m := at(i, float64(i)/6, 10, -65+float64(i%100000)*0.0005, 0, 90)
		if err := s.Add(&m); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
