package accuracy

import (
	"bytes"
	"io"
	"testing"
	"time"

	"navicert"
	"navicert/detect/detecttest"
	"navicert/feed"
	"navicert/sim"
)

// decoded is what a decoder made of a stream, in order.
type decoded struct {
	fixes  []navicert.Fix
	static []navicert.Static
	order  []bool // true: the next is a fix
}

func (r *decoded) Fix(f *navicert.Fix) error {
	r.fixes, r.order = append(r.fixes, *f), append(r.order, true)
	return nil
}

func (r *decoded) Static(s *navicert.Static) error {
	r.static, r.order = append(r.static, *s), append(r.order, false)
	return nil
}

// BenchmarkMonth measures the first days of the simulated month, with its zones,
// ports, land and all detectors, in positions per second: decoded positions
// through waiting room, tracker and detectors, and from the bytes of sentences.
func BenchmarkMonth(b *testing.B) {
	const days = 4
	sc, err := sim.CaribbeanMonth(1)
	if err != nil {
		b.Fatal(err)
	}
	end := sc.From.Add(days * 24 * time.Hour)
	w, err := sim.New(sc, sim.Options{Seed: 1, To: end})
	if err != nil {
		b.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := w.Write(b.Context(), &text, io.Discard); err != nil {
		b.Fatal(err)
	}
	o := feed.Options{Source: "simulated", Format: "nmea", Simulated: true}
	in := &decoded{}
	if _, err := feed.Read(b.Context(), bytes.NewReader(text.Bytes()), o, in); err != nil {
		b.Fatal(err)
	}
	land := detecttest.World(b)
	count := func(navicert.Event) error { return nil }
	run := func(name string, pass func(b *testing.B) error) {
		b.Run(name, func(b *testing.B) {
			detecttest.OneCore(b)
			if err := pass(b); err != nil { // tables that are made once
				b.Fatal(err)
			}
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				if err := pass(b); err != nil {
					b.Fatal(err)
				}
				n += len(in.fixes)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "positions/s")
		})
	}
	run("positions", func(*testing.B) error {
		e := engine(w, Options{Land: land}, count)
		fixes, static := in.fixes, in.static
		for _, isFix := range in.order {
			var err error
			if isFix {
				err, fixes = e.Fix(&fixes[0]), fixes[1:]
			} else {
				err, static = e.Static(&static[0]), static[1:]
			}
			if err != nil {
				return err
			}
		}
		return e.Close(end)
	})
	run("nmea", func(b *testing.B) error {
		f := finder{newest: map[string]int{}}
		f.engine = engine(w, Options{Land: land}, f.event)
		return f.find(b.Context(), bytes.NewReader(text.Bytes()), o, end)
	})
}
