package detect

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"navicert"
	"navicert/track/state"
)

// TestOrderSeesAllFields: no two reports that differ are equal, whatever field
// they differ in.
func TestOrderSeesAllFields(t *testing.T) {
	f := navicert.Fix{Time: time.Unix(1, 0), MMSI: 1}
	for i := range reflect.TypeOf(f).NumField() {
		name := reflect.TypeOf(f).Field(i).Name
		if name == "Time" || name == "MMSI" { // the place's key
			continue
		}
		other := f
		change(t, reflect.ValueOf(&other).Elem().Field(i))
		if a, b := compareFixes(&f, &other), compareFixes(&other, &f); a == 0 || a != -b {
			t.Errorf("fixes that differ in %s compare as %d and %d", name, a, b)
		}
	}
	s := navicert.Static{Time: time.Unix(1, 0), MMSI: 1}
	for i := range reflect.TypeOf(s).NumField() {
		name := reflect.TypeOf(s).Field(i).Name
		if name == "Time" || name == "MMSI" {
			continue
		}
		other := s
		change(t, reflect.ValueOf(&other).Elem().Field(i))
		if a, b := compareStatics(&s, &other), compareStatics(&other, &s); a == 0 || a != -b {
			t.Errorf("static reports that differ in %s compare as %d and %d", name, a, b)
		}
	}
}

func change(t *testing.T, v reflect.Value) {
	switch p := v.Addr().Interface().(type) {
	case *navicert.Opt[float64]:
		*p = navicert.Some(0.0)
	case *navicert.Opt[int]:
		*p = navicert.Some(0)
	case *navicert.Opt[navicert.NavStatus]:
		*p = navicert.Some(navicert.UnderWayEngine)
	case *navicert.Position:
		p.Lon = 1
	case *navicert.Ref:
		p.Offset = 1
	default:
		switch v.Kind() {
		case reflect.String:
			v.SetString("x")
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Int:
			v.SetInt(1)
		case reflect.Uint32:
			v.SetUint(1)
		default:
			t.Fatalf("a field of type %s", v.Type())
		}
	}
}

// left is what leaves a room, in order, as text.
type left []string

func (l *left) visitor() visitor {
	return visitor{
		fix: func(f *navicert.Fix) error {
			*l = append(*l, f.Time.UTC().Format(time.RFC3339Nano)+" "+f.MMSI.String()+" fix "+f.Station)
			return nil
		},
		static: func(s *navicert.Static) error {
			*l = append(*l, s.Time.UTC().Format(time.RFC3339Nano)+" "+s.MMSI.String()+" static "+s.Name)
			return nil
		},
	}
}

type report struct {
	at     time.Time
	mmsi   navicert.MMSI
	static bool
	text   string
}

func (r report) enter(t *testing.T, w *waitingRoom, on visitor) {
	t.Helper()
	var err error
	if r.static {
		err = w.static(&navicert.Static{MMSI: r.mmsi, Time: r.at, Name: r.text}, on)
	} else {
		err = w.fix(&navicert.Fix{MMSI: r.mmsi, Time: r.at, Station: r.text}, on)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// shuffled puts reports in an order of arrival in which none comes later than
// lateness behind newer ones.
func shuffled(rs []report, lateness time.Duration, seed uint64) []report {
	r := rand.New(rand.NewPCG(seed, 1))
	type arrival struct {
		at time.Time
		report
	}
	as := make([]arrival, len(rs))
	for i := range rs {
		as[i] = arrival{rs[i].at.Add(time.Duration(r.Float64() * float64(lateness))), rs[i]}
	}
	slices.SortStableFunc(as, func(a, b arrival) int { return a.at.Compare(b.at) })
	out := make([]report, len(rs))
	for i := range as {
		out[i] = as[i].report
	}
	return out
}

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func busyHour() (rs []report) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 4000 {
		at := noon.Add(time.Duration(r.IntN(36_000)) * 100 * time.Millisecond)
		rep := report{at, navicert.MMSI(200_000_001 + r.IntN(5)), r.IntN(6) == 0, string(rune('a' + r.IntN(3)))}
		rs = append(rs, rep)
		if r.IntN(3) == 0 { // a copy by another receiver
			rep.text = string(rune('d' + r.IntN(3)))
			rs = append(rs, rep)
		}
	}
	slices.SortStableFunc(rs, func(a, b report) int { return a.at.Compare(b.at) })
	return rs
}

// TestRoomForgetsArrival: whatever the order of arrival within the lateness,
// and with one report, or a station's every hundredth, from the far future, the
// same leaves in the same order; also when the room is saved and loaded.
func TestRoomForgetsArrival(t *testing.T) {
	const lateness = time.Minute
	for name, odd := range map[string]int{"no wrong clock": 0, "one from the future": 1, "one at the beginning": 2, "a station of the future": 40} {
		rs := busyHour()
		for i := range odd {
			at := len(rs) * (i + 1) / (odd + 1)
			if name == "one at the beginning" {
				at = i
			}
			rs = slices.Insert(rs, at, report{rs[at].at.AddDate(73, 0, 0), 209_000_009, false, "wrong"})
		}
		var want left
		for seed := range uint64(6) {
			w := newWaitingRoom(lateness)
			var got left
			for i, rep := range arrivals(rs, lateness, seed) {
				rep.enter(t, w, got.visitor())
				if w.n > 400 {
					t.Fatalf("%s: %d reports wait", name, w.n)
				}
				if seed == 5 && i%97 == 0 {
					w = savedRoom(t, w)
				}
			}
			before := len(got)
			if before < len(rs)-400 {
				t.Errorf("%s: only %d of %d had left before the end", name, before, len(rs))
			}
			if err := w.flush(got.visitor()); err != nil {
				t.Fatal(err)
			}
			if len(got) != len(rs) || !slices.IsSortedFunc(got, func(a, b string) int { return compareTexts(a, b) }) {
				t.Errorf("%s, arrival %d: %d of %d left, in order of time %v", name, seed, len(got), len(rs), slices.IsSorted(got))
			}
			if want == nil {
				want = got
			} else if !slices.Equal(got, want) {
				t.Errorf("%s: arrival %d leaves another order", name, seed)
			}
		}
	}
}

// compareTexts compares what [left] writes, of which the time is fixed in width
// but for its decimals.
func compareTexts(a, b string) int {
	x, _ := time.Parse(time.RFC3339Nano, a[:indexSpace(a)])
	y, _ := time.Parse(time.RFC3339Nano, b[:indexSpace(b)])
	return x.Compare(y)
}

func indexSpace(s string) int { return slices.Index([]byte(s), ' ') }

// arrivals shuffles all but what is wrong, which comes where it stands.
func arrivals(rs []report, lateness time.Duration, seed uint64) []report {
	if seed == 0 {
		return rs
	}
	var right []report
	for _, r := range rs {
		if r.text != "wrong" {
			right = append(right, r)
		}
	}
	right = shuffled(right, lateness, seed)
	for i, r := range rs {
		if r.text == "wrong" {
			right = slices.Insert(right, i, r)
		}
	}
	return right
}

func savedRoom(t *testing.T, w *waitingRoom) *waitingRoom {
	t.Helper()
	c := state.Saving()
	w.state(c)
	b, err := c.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	loaded := newWaitingRoom(w.lateness)
	c = state.Loading(b)
	loaded.state(c)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if loaded.n != w.n {
		t.Fatalf("%d wait, %d were saved", loaded.n, w.n)
	}
	return loaded
}

// TestRoomFollowsTheStream: a silence of the whole stream, and another file
// that is of an earlier time, move the room's time, and what follows is put in
// order as before.
func TestRoomFollowsTheStream(t *testing.T) {
	for name, shift := range map[string]time.Duration{"a silence": 9 * time.Hour, "an earlier file": -30 * time.Hour} {
		first, then := busyHour(), busyHour()
		for i := range then {
			then[i].at = then[i].at.Add(shift)
		}
		w := newWaitingRoom(time.Minute)
		var got left
		for _, rs := range [][]report{shuffled(first, time.Minute, 1), shuffled(then, time.Minute, 2)} {
			for _, rep := range rs {
				rep.enter(t, w, got.visitor())
			}
			if w.n > 800 {
				t.Errorf("%s: %d reports wait", name, w.n)
			}
		}
		if err := w.flush(got.visitor()); err != nil {
			t.Fatal(err)
		}
		turns := 0
		for i := range got[1:] {
			if compareTexts(got[i], got[i+1]) > 0 {
				turns++
			}
		}
		if want := map[bool]int{true: 1}[shift < 0]; turns != want || len(got) != len(first)+len(then) {
			t.Errorf("%s: the time of what leaves turns back %d times, want %d; %d of %d left", name, turns, want, len(got), len(first)+len(then))
		}
	}
}

// TestRoomIsBounded: beyond its size what is far ahead goes on first, then the
// oldest.
func TestRoomIsBounded(t *testing.T) {
	const most = 20_000
	w := newWaitingRoom(time.Hour)
	w.most = most
	var n, future int
	var last time.Time
	on := visitor{fix: func(f *navicert.Fix) error {
		n++
		switch {
		case f.Time.After(noon.AddDate(1, 0, 0)):
			future++
		case f.Time.Before(last):
			t.Fatal("out of order")
		default:
			last = f.Time
		}
		return nil
	}}
	f := navicert.Fix{MMSI: 1}
	for i := range most + 1000 {
		f.Time = noon.Add(time.Duration(i) * 100 * time.Millisecond)
		if i%5 == 4 && i < 1000 {
			f.Time = f.Time.AddDate(73, 0, 0)
		}
		if err := w.fix(&f, on); err != nil {
			t.Fatal(err)
		}
		if w.n > most {
			t.Fatalf("%d wait", w.n)
		}
	}
	if n < 1000 || n > 1100 || future != 200 {
		t.Errorf("%d went on, %d of them of the future", n, future)
	}
}
