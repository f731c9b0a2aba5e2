package detect

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/geo"
	"navicert/track/state"
)

// TestAheadInTheMonth: an empty sea is no hole in reception where satellites heard
// ships ahead on several days of the month, of its class. A pier's month says
// nothing, nor do satellites of what a pier heard last.
func TestAheadInTheMonth(t *testing.T) {
	t0 := time.Date(2026, 1, 31, 10, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		name       string
		by, last   string
		days, gone int // heard on so many days, the last so many before
		class      navicert.Class
		ahead      int
	}{
		{"never", "SAT-2", "SAT-1", 0, 0, navicert.ClassA, 0},
		{"on two days", "SAT-2", "SAT-1", 2, 5, navicert.ClassA, 0},
		{"on three days", "SAT-2", "SAT-1", 3, 5, navicert.ClassA, SilenceHours},
		{"of another class", "SAT-2", "SAT-1", 3, 5, navicert.ClassB, 0},
		{"of a class that is not known", "SAT-2", "SAT-1", 3, 5, "", SilenceHours},
		{"more than a month ago", "SAT-2", "SAT-1", 3, 28, navicert.ClassA, 0},
		{"by a pier", "pier", "SAT-1", 3, 5, navicert.ClassA, 0},
		{"the ship by a pier", "SAT-2", "pier", 3, 5, navicert.ClassA, 0},
	} {
		l := newLedger()
		l.known = Receivers{Satellite: []string{"SAT-*"}}
		hear := func(m navicert.MMSI, at time.Time, lat float64, by string, class navicert.Class) {
			f := navicert.Fix{MMSI: m, Time: at, Pos: navicert.Position{Lat: lat, Lon: -65}, Station: by, Class: class}
			var row *heard
			l.now = at
			l.heard(&f, f.Time.Unix(), geo.CellID(f.Pos, CellLevel), &row)
		}
		for d := c.gone + c.days - 1; d >= c.gone; d-- {
			for i, lat := range []float64{10.4, 10.6, 10.8} {
				hear(navicert.MMSI(2+i), t0.Add(-24*time.Hour*time.Duration(d)), lat, c.by, c.class)
			}
		}
		hear(1, t0, 10, c.last, navicert.ClassA)
		last := navicert.Fix{MMSI: 1, Time: t0, Pos: navicert.Position{Lat: 10, Lon: -65}, Station: c.last, Class: navicert.ClassA, CourseDeg: navicert.Some(0.0), SpeedKn: navicert.Some(12.0)}
		if s := l.silence(stranger, &last); s.Ahead != c.ahead {
			t.Errorf("%s: at %d places ahead ships are heard, want %d", c.name, s.Ahead, c.ahead)
		}
	}
}

// TestMonthHours: the last hours are remembered, late ones too, and those that a
// wrong clock has put ahead are forgotten.
func TestMonthHours(t *testing.T) {
	k := monthCell{geo.CellID(navicert.Position{Lat: 1, Lon: -65}, CellLevel), 1}
	const hour = 20_000 * 24
	var m month
	heard := func() (in []int64) {
		for h := int64(-10); h < 200; h++ {
			if m.heardIn([]s2.CellID{k.cell}, k.class, hour+h) {
				in = append(in, h)
			}
		}
		return in
	}
	for _, h := range []int64{3, 20, 20, 18, 66} {
		m.heard(k.cell, k.class, hour+h)
	}
	if got := heard(); !slices.Equal(got, []int64{3, 18, 20, 66}) {
		t.Errorf("within 64 hours: %v", got)
	}
	m.heard(k.cell, k.class, hour+80)
	if got := heard(); !slices.Equal(got, []int64{18, 20, 66, 80}) {
		t.Errorf("what is older is forgotten: %v", got)
	}
	m.turnBack(20_000)
	if got := heard(); !slices.Equal(got, []int64{18, 20}) {
		t.Errorf("what lay ahead is forgotten: %v", got)
	}
	m.heard(k.cell, k.class, hour+150)
	if got := heard(); !slices.Equal(got, []int64{150}) {
		t.Errorf("after a long time: %v", got)
	}
}

// TestMonth: what is late counts for its day, what is older than a month or was put
// far ahead by a wrong clock is forgotten, and what is saved is loaded.
func TestMonth(t *testing.T) {
	cell := func(n int) s2.CellID { return geo.CellID(navicert.Position{Lat: float64(n), Lon: -65}, CellLevel) }
	var m month
	const day = 20_000
	for _, d := range []int64{0, 3, 2, 2, 29} {
		m.heard(cell(1), 1, (day+d)*24)
	}
	for _, c := range []struct {
		up   int64
		want uint32
	}{{29, 1<<29 | 1<<27 | 1<<26 | 1}, {30, 1<<28 | 1<<27 | 1<<1}, {58, 1 << 29}, {59, 0}, {28, 1<<28 | 1<<26 | 1<<25}, {2, 1<<2 | 1}, {-1, 0}, {-31, 0}} {
		if got := m.cells[monthCell{cell(1), 1}].upTo(day + c.up); got != c.want {
			t.Errorf("up to day %d: %b, want %b", c.up, got, c.want)
		}
	}
	saved := state.Saving()
	m.heard(cell(2), 2, (day+29)*24)
	m.state(saved)
	b, err := saved.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var again month
	c := state.Loading(b)
	if again.state(c); c.Close() != nil {
		t.Fatal(c.Err())
	}
	saved = state.Saving()
	again.state(saved)
	if b2, _ := saved.Bytes(); !bytes.Equal(b, b2) || len(again.cells) != 2 || again.day != m.day {
		t.Errorf("loaded it is %v, was %v", again, m)
	}
	m.heard(cell(3), 1, (day+1000)*24)
	if len(m.cells) != 1 {
		t.Errorf("%d cells years later", len(m.cells))
	}
	m.heard(cell(4), 1, (day+40)*24)
	if _, ok := m.cells[monthCell{cell(3), 1}]; ok || len(m.cells) != 1 {
		t.Error("what a wrong clock put ahead stays")
	}
}

// TestMonthTurnsBack: what a wrong clock has put on days to come is not there when
// they come; what was heard before stays.
func TestMonthTurnsBack(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 1, 10+n, 10, 30, 0, 0, time.UTC) }
	for _, wrong := range []int{1, 2, 29, 400} {
		l := newLedger()
		l.known = Receivers{Satellite: []string{"SAT-*"}}
		var f navicert.Fix
		hear := func(n int, lat float64) {
			f = navicert.Fix{MMSI: 775999001, Time: day(n), Pos: navicert.Position{Lat: lat, Lon: -65}, Station: "SAT-1", Class: navicert.ClassA}
			if _, _, _, err := l.tick(f.Time, f.Time); err != nil { // the stream's clock goes with it
				t.Fatal(err)
			}
			var row *heard
			l.heard(&f, f.Time.Unix(), geo.CellID(f.Pos, CellLevel), &row)
		}
		heardOn := func(lat float64, n int) bool {
			k := monthCell{geo.CellID(navicert.Position{Lat: lat, Lon: -65}, CellLevel), 1}
			return l.month.cells[k].upTo(day(n).Unix()/86400)&1 != 0
		}
		hear(0, 10)
		hear(wrong, 10)
		hear(wrong, 20)
		hear(0, 30)
		if wrong < monthDays && !heardOn(10, 0) || !heardOn(30, 0) {
			t.Errorf("%d days ahead: the day itself is forgotten", wrong)
		}
		if heardOn(10, wrong) || heardOn(20, wrong) || len(l.month.cells) > 2 || l.month.day != day(0).Unix()/86400 {
			t.Errorf("%d days ahead: what a wrong clock put there stays: %v", wrong, l.month)
		}
	}
}

// TestMonthOfAState: a state has no more cells than are remembered, and none of no
// day or class.
func TestMonthOfAState(t *testing.T) {
	load := func(m *month) error {
		save := state.Saving()
		m.state(save)
		b, err := save.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		var again month
		c := state.Loading(b)
		again.state(c)
		return c.Close()
	}
	full := &month{cells: make(map[monthCell]days, maxMonth+1), day: 20_000}
	for i := range maxMonth {
		full.cells[monthCell{s2.CellID(i), 1}] = days{bits: 1, last: 20_000}
	}
	if err := load(full); err != nil {
		t.Errorf("one with as many as are remembered: %v", err)
	}
	full.cells[monthCell{s2.CellID(maxMonth), 1}] = days{bits: 1, last: 20_000}
	for what, m := range map[string]*month{
		"too many": full,
		"no class": {cells: map[monthCell]days{{1, codeOfB + 1}: {bits: 1, last: 20_000}}},
		"no day":   {cells: map[monthCell]days{{1, 1}: {last: 20_000}}},
	} {
		if err := load(m); navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
}
