package feed

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/ais"
	"navicert/internal/realdata"
)

// TestUniqueRecordings: two tankers that many receivers heard, with the numbers
// of payloads and receptions of the data's README. A payload that is sent anew
// after more than 30 seconds is another transmission; how many there are is
// counted here with all times at hand.
func TestUniqueRecordings(t *testing.T) {
	for _, c := range []struct {
		file                 string
		payloads, receptions int
	}{
		{"dma-aisabnormal-212123000_drift_1.ais", 905, 3130},
		{"dma-aisabnormal-538004030_drift_1.ais", 908, 5252},
	} {
		f, err := os.Open(realdata.Dir(t, "ais/nmea/"+c.file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		stations := map[string]bool{}
		sink := funcSink{
			fix: func(x *navicert.Fix) error {
				for _, s := range x.OtherStations.Names() {
					stations[s] = true
				}
				if x.Station != "" && slices.Contains(x.OtherStations.Names(), x.Station) {
					t.Errorf("%s is named twice: %+v", x.Station, x)
				}
				return nil
			},
			static: func(*navicert.Static) error { return nil },
		}
		times := map[string][]time.Time{} // by payload, of messages that are reports
		payloads := map[string]bool{}
		message := func(m *ais.Message) error {
			at, _ := m.Time()
			payloads[m.Bits.String()] = true
			switch m.Body.(type) {
			case *ais.PositionA, *ais.StaticVoyage:
				times[m.Bits.String()] = append(times[m.Bits.String()], at)
			}
			return nil
		}
		stats, err := Read(t.Context(), f, Options{Source: c.file, Unique: true, Message: message}, &sink)
		if err != nil {
			t.Fatal(err)
		}
		transmissions, copies := 0, 0
		for _, ts := range times {
			slices.SortFunc(ts, time.Time.Compare)
			first := time.Time{}
			for _, at := range ts {
				if at.Sub(first) > SameTransmission {
					first = at
					transmissions++
				} else {
					copies++
				}
			}
		}
		t.Logf("%s: %d receptions of %d payloads, %d transmissions, %d stations; dropped: %s",
			c.file, stats.Records, len(payloads), transmissions, len(stations), stats.Dropped.String())
		if int(stats.Records) != c.receptions || len(payloads) != c.payloads || stats.Records != stats.Used+int64(stats.Dropped.Total()) {
			t.Errorf("%s: %d receptions of %d payloads, %d used; want %d of %d", c.file, stats.Records, len(payloads), stats.Used, c.receptions, c.payloads)
		}
		if int(stats.Used) != transmissions || stats.Dropped.Count(Duplicate) != copies || transmissions == 0 {
			t.Errorf("%s: %d used, %d duplicates; want %d and %d", c.file, stats.Used, stats.Dropped.Count(Duplicate), transmissions, copies)
		}
	}
}

// collector keeps what it is given.
type collector struct {
	fixes   []navicert.Fix
	statics []navicert.Static
	order   []string
}

func (c *collector) Fix(f *navicert.Fix) error {
	c.fixes = append(c.fixes, *f)
	c.order = append(c.order, fmt.Sprint("fix ", f.MMSI))
	return nil
}

func (c *collector) Static(s *navicert.Static) error {
	c.statics = append(c.statics, *s)
	c.order = append(c.order, fmt.Sprint("static ", s.MMSI))
	return nil
}

func receivedAt(mmsi navicert.MMSI, seconds float64, station string) *navicert.Fix {
	return &navicert.Fix{
		MMSI: mmsi, Time: time.Unix(1767323045, 0).UTC().Add(time.Duration(seconds * 1e9)), TimeFrom: navicert.TimeTag, Station: station,
		Pos: navicert.Position{Lat: 10, Lon: -64}, Ref: navicert.Ref{Source: station},
	}
}

func TestUnique(t *testing.T) {
	type reception struct {
		key     uint64
		at      float64
		station string
	}
	type want struct {
		at         float64
		station    string
		also       []string
		receptions int
	}
	for _, c := range []struct {
		name string
		in   []reception
		want []want
	}{
		{"one", []reception{{1, 0, "A"}}, []want{{0, "A", nil, 0}}},
		{"two receivers", []reception{{1, 0, "A"}, {1, 0.5, "B"}}, []want{{0, "A", []string{"B"}, 2}}},
		{"the later one came first", []reception{{1, 2, "A"}, {1, 0, "B"}}, []want{{0, "B", []string{"A"}, 2}}},
		{"three, the earliest in the middle", []reception{{1, 2, "A"}, {1, 0, "B"}, {1, 1, "C"}}, []want{{0, "B", []string{"A", "C"}, 3}}},
		{"the same receiver twice", []reception{{1, 0, "A"}, {1, 1, "A"}}, []want{{0, "A", nil, 2}}},
		{"receivers without names", []reception{{1, 0, ""}, {1, 1, ""}, {1, 2, "C"}}, []want{{0, "", []string{"C"}, 3}}},
		{"just within", []reception{{1, 0, "A"}, {1, 30, "B"}}, []want{{0, "A", []string{"B"}, 2}}},
		{"sent anew", []reception{{1, 0, "A"}, {1, 60, "A"}}, []want{{0, "A", nil, 0}, {60, "A", nil, 0}}},
		{"just without", []reception{{1, 0, "A"}, {1, 30.1, "B"}}, []want{{0, "A", nil, 0}, {30.1, "B", nil, 0}}},
		{"others between", []reception{{1, 0, "A"}, {2, 10, "A"}, {1, 20, "B"}}, []want{{0, "A", []string{"B"}, 2}, {10, "A", nil, 0}}},
		{"after it has gone on", []reception{{1, 0, "A"}, {2, 31, "A"}, {1, 1, "B"}}, []want{{0, "A", nil, 0}, {31, "A", nil, 0}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out collector
			u := newUnique(&out, 0)
			for _, r := range c.in {
				if _, err := u.fix(r.key, receivedAt(299000001, r.at, r.station)); err != nil {
					t.Fatal(err)
				}
			}
			if err := u.flush(); err != nil {
				t.Fatal(err)
			}
			var got []want
			for _, f := range out.fixes {
				got = append(got, want{f.Time.Sub(time.Unix(1767323045, 0)).Seconds(), f.Station, f.OtherStations.Names(), f.Receptions})
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// TestUniqueSums: whatever comes in whatever order, each transmission goes on
// once, with its earliest time and all its receptions, in a stream that is out
// of order by less than a report waits.
func TestUniqueSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "transmissions")
		type reception struct {
			key uint64
			fix *navicert.Fix
		}
		var in []reception
		earliest, count := map[uint64]time.Time{}, map[uint64]int{}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for k := range uint64(n) {
			for range 1 + r.IntN(4) {
				f := receivedAt(navicert.MMSI(299000000+k), float64(k)/2+r.Float64()*10, fmt.Sprint("ST", r.IntN(5)))
				in = append(in, reception{k, f})
				if e, ok := earliest[k]; !ok || f.Time.Before(e) {
					earliest[k] = f.Time
				}
				count[k]++
			}
		}
		slices.SortStableFunc(in, func(a, b reception) int { return a.fix.Time.Compare(b.fix.Time) })
		for i := range in { // out of order by up to some 10 s
			if j := min(i+r.IntN(20), len(in)-1); in[j].fix.Time.Sub(in[i].fix.Time) < 10*time.Second {
				in[i], in[j] = in[j], in[i]
			}
		}
		var out collector
		u := newUnique(&out, 0)
		duplicates := 0
		for _, x := range in {
			again, err := u.fix(x.key, x.fix)
			if err != nil {
				t.Fatal(err)
			}
			if again {
				duplicates++
			}
		}
		if err := u.flush(); err != nil {
			t.Fatal(err)
		}
		if len(out.fixes) != n || duplicates != len(in)-n {
			t.Fatalf("%d reports and %d duplicates of %d receptions, want %d reports", len(out.fixes), duplicates, len(in), n)
		}
		for _, f := range out.fixes {
			k := uint64(f.MMSI - 299000000)
			if !f.Time.Equal(earliest[k]) || max(f.Receptions, 1) != count[k] {
				t.Errorf("transmission %d: %s, %d receptions; want %s, %d", k, f.Time, f.Receptions, earliest[k], count[k])
			}
		}
	})
}

// TestUniqueOrder: static reports and fixes go on in the order in which they
// came.
func TestUniqueOrder(t *testing.T) {
	var out collector
	u := newUnique(&out, 0)
	for i := range navicert.MMSI(5000) {
		f := receivedAt(299000000+2*i, float64(i)/100, "A")
		s := navicert.Static{MMSI: 299000001 + 2*i, Time: f.Time, Station: "A"}
		for range 2 {
			if _, err := u.fix(uint64(i), f); err != nil {
				t.Fatal(err)
			}
			if _, err := u.static(uint64(i), &s); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := u.flush(); err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 5000 {
		want = append(want, fmt.Sprint("fix ", navicert.MMSI(299000000+2*i)), fmt.Sprint("static ", navicert.MMSI(299000001+2*i)))
	}
	if got := strings.Join(out.order, ","); got != strings.Join(want, ",") {
		t.Errorf("%d reports out of order", len(out.order))
	}
}

// TestUniqueLeap: a report with a wrong time, years ahead or behind, holds
// nothing up, and two of them do not either.
func TestUniqueLeap(t *testing.T) {
	for _, wrong := range [][]float64{{1e9}, {-1e9}, {1e9, 1e9 + 1}, {1e9, -1e9, 2e9}} {
		var out collector
		u := newUnique(&out, 0)
		n := uint64(0)
		give := func(at float64) {
			n++
			if _, err := u.fix(n, receivedAt(299000001, at, "A")); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 60 {
			give(float64(i))
		}
		for _, at := range wrong {
			give(at)
		}
		for i := range 120 {
			give(float64(60 + i))
		}
		if want := 180 + len(wrong) - 32; len(out.fixes) < want {
			t.Errorf("after %v: %d of %d reports went on, want at least %d", wrong, len(out.fixes), n, want)
		}
	}
}

// TestUniqueNewPeriod: logs written one behind the other, the later period
// first: copies are still found in both.
func TestUniqueNewPeriod(t *testing.T) {
	var out collector
	u := newUnique(&out, 0)
	for _, start := range []float64{86400, 0} {
		for i := range 100 {
			for _, station := range []string{"A", "B"} {
				if _, err := u.fix(uint64(i)+uint64(start), receivedAt(299000001, start+float64(i), station)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := u.flush(); err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, f := range out.fixes {
		if f.Receptions == 2 && f.OtherStations != "" {
			named++
		}
	}
	if len(out.fixes) != 200 || named < 198 {
		t.Errorf("%d reports, %d of them with both receivers; want 200 and all but the first of each period", len(out.fixes), named)
	}
}

// TestUniqueBusy: 15,000 transmissions a second, about what the largest network
// hears, are known for the whole 30 seconds.
func TestUniqueBusy(t *testing.T) {
	if testing.Short() {
		t.Skip("holds half a million reports")
	}
	const perSecond, seconds = 15_000, 30
	n := 0
	u := newUnique(&funcSink{fix: func(*navicert.Fix) error { n++; return nil }}, 0)
	for _, late := range []float64{0, 0.5} {
		for i := range uint64(perSecond * seconds) {
			again, err := u.fix(i, receivedAt(299000001, late+float64(i)/perSecond*0.98, "A"))
			if err != nil {
				t.Fatal(err)
			}
			if again != (late > 0) {
				t.Fatalf("reception %d, %v s late: duplicate %v", i, late, again)
			}
		}
	}
}

// TestUniqueBounded: a stream whose time stands still holds no more than it may,
// and loses nothing.
func TestUniqueBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("holds half a million reports")
	}
	n := 0
	u := newUnique(&funcSink{fix: func(*navicert.Fix) error { n++; return nil }}, 0)
	f := receivedAt(299000001, 0, "A")
	const given = maxHeld + 10_000
	for i := range uint64(given) {
		if _, err := u.fix(i, f); err != nil {
			t.Fatal(err)
		}
	}
	if len(u.held) > maxHeld || n != given-maxHeld {
		t.Errorf("%d held, %d went on", len(u.held), n)
	}
	if err := u.flush(); err != nil || n != given {
		t.Errorf("%d went on, %v", n, err)
	}
	if len(u.past.last) > 2*maxHeld || len(u.past.heads) > 2*maxHeld {
		t.Errorf("%d remembered under %d heads", len(u.past.last), len(u.past.heads))
	}
}

// TestUniqueAllocations: nothing is allocated for a report once the store has
// grown, copies and new receivers' sets included.
func TestUniqueAllocations(t *testing.T) {
	u := newUnique(&funcSink{fix: func(*navicert.Fix) error { return nil }}, 0)
	stations := []string{"A", "B", "C"}
	k := uint64(0)
	step := func() {
		for range 1000 {
			k++
			for _, s := range stations {
				f := navicert.Fix{MMSI: 299000001, Time: time.Unix(1767323045, int64(k)*1e7), Station: s}
				if _, err := u.fix(k*0x9e3779b97f4a7c15, &f); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for range 200 {
		step()
	}
	if n := testing.AllocsPerRun(50, step); n > 5 {
		t.Errorf("%v allocations in 1,000 transmissions", n)
	}
}

// TestUniqueForgetsArrival: the order in which receptions arrive, within the
// lateness, decides neither what is one transmission nor what is said of it,
// also when a payload is sent anew.
func TestUniqueForgetsArrival(t *testing.T) {
	const lateness = 60
	r := rand.New(rand.NewPCG(4, 4))
	type reception struct {
		key     uint64
		f       *navicert.Fix
		arrival float64
	}
	var all []reception
	for key := range uint64(300) {
		at := 3000 * r.Float64()
		for range 1 + r.IntN(3) { // sent anew after a minute at the earliest
			for range 1 + r.IntN(5) {
				delay := float64(r.IntN(4)) // often the same
				if r.IntN(10) == 0 {
					delay = 30 * r.Float64()
				}
				f := receivedAt(navicert.MMSI(219000001+key%20), at+delay, string(rune('A'+r.IntN(6))))
				f.Ref.Offset = int64(len(all))
				all = append(all, reception{key, f, 0})
			}
			at += 61 + 30*r.Float64()
		}
	}
	var want []string
	for run := range 5 {
		for i := range all {
			all[i].arrival = float64(all[i].f.Time.UnixMilli())/1000 + lateness*r.Float64()
		}
		slices.SortFunc(all, func(a, b reception) int { return cmp.Compare(a.arrival, b.arrival) })
		var got []string
		u := newUnique(&funcSink{fix: func(f *navicert.Fix) error { got = append(got, fmt.Sprintf("%+v", *f)); return nil }}, lateness*time.Second)
		for _, a := range all {
			if _, err := u.fix(a.key, a.f); err != nil {
				t.Fatal(err)
			}
		}
		if err := u.flush(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		if run == 0 {
			want = got
		} else if !slices.Equal(got, want) {
			t.Fatalf("arrival %d makes %d transmissions, the first %d, or other ones", run, len(got), len(want))
		}
	}
	if len(want) < 400 || len(want) == len(all) {
		t.Errorf("%d transmissions of %d receptions", len(want), len(all))
	}
}
