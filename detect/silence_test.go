package detect

import (
	"testing"
	"time"

	"navicert"
	"navicert/geo"
	"navicert/track"
	"navicert/track/state"
)

// stranger has not said who it is.
var stranger = &track.Vessel{Identity: &track.Particulars{}}

func heardAt(l *ledger, m navicert.MMSI, t time.Time, lat, lon float64, by string) {
	f := navicert.Fix{MMSI: m, Time: t, Pos: navicert.Position{Lat: lat, Lon: lon}, Station: by, Class: navicert.ClassA}
	var row *heard
	if t.After(l.now) {
		l.now = t
	}
	l.heard(&f, f.Time.Unix(), geo.CellID(f.Pos, CellLevel), &row)
}

// TestFilesAreNoReceivers: what a silence means is the same whether positions that
// name no station come in one file or the next day's or another ship's; live feeds are
// told apart, and so are files that are known as a satellite's.
func TestFilesAreNoReceivers(t *testing.T) {
	t0 := time.Date(2026, 1, 1, 22, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		before, after string
		others        int
		fell          bool
	}{
		{"ais-0101.csv", "ais-0101.csv", 5, false},
		{"ais-0101.csv", "ais-0102.csv", 5, false},
		{"exactearth-0101.csv", "ais-0102.csv", 0, true},
		{"tcp://pier:4001", "tcp://mole:4001", 0, true},
		{"tcp://pier:4001", "tcp://pier:4001", 5, false},
		{"tcp://pier:4001", "ais-0102.csv", 0, true},
	} {
		l := newLedger()
		l.known = KnownReceivers()
		at := func(m navicert.MMSI, at time.Time, source string) navicert.Fix {
			f := navicert.Fix{MMSI: m, Time: at, Pos: navicert.Position{Lat: 10, Lon: -65}, Class: navicert.ClassA, Ref: navicert.Ref{Source: source}}
			var row *heard
			l.now = at
			l.heard(&f, at.Unix(), geo.CellID(f.Pos, CellLevel), &row)
			return f
		}
		for m := navicert.MMSI(2); m < 7; m++ {
			at(m, t0.Add(-time.Hour), c.before)
		}
		last := at(1, t0, c.before)
		for h := 1; h <= SilenceHours; h++ {
			for m := navicert.MMSI(2); m < 7; m++ {
				at(m, t0.Add(time.Duration(h)*time.Hour), c.after)
			}
		}
		if s := l.silence(stranger, &last); s.Others != c.others || s.ReceiversFell != c.fell || !s.FeedAlive {
			t.Errorf("%s, then %s: %d others, receivers fell %v; want %d, %v", c.before, c.after, s.Others, s.ReceiversFell, c.others, c.fell)
		}
	}
}

func TestSilence(t *testing.T) {
	t0 := time.Date(2026, 1, 1, 10, 30, 0, 0, time.UTC)
	last := navicert.Fix{MMSI: 1, Time: t0, Pos: navicert.Position{Lat: 10, Lon: -65}, Station: "pier", Class: navicert.ClassA}
	for _, c := range []struct {
		name     string
		after    time.Duration
		lat, lon float64
		by       string
		alive    bool
		others   int
		any      int
	}{
		{"nobody", 100 * time.Hour, 10, -65, "pier", false, 0, 0},
		{"in the hour of the last fix", 20 * time.Minute, 10, -65, "pier", false, 0, 0},
		{"in the first hour after it", 40 * time.Minute, 10, -65, "pier", true, 1, 1},
		{"by another receiver", 40 * time.Minute, 10, -65, "mole", true, 0, 1},
		{"in the third", 3*time.Hour + 20*time.Minute, 10.3, -65.3, "pier", true, 1, 1},
		{"in the fourth", 3*time.Hour + 40*time.Minute, 10, -65, "pier", false, 0, 0},
		{"55 nm away, when it could be there", 3 * time.Hour, 10.9, -65, "pier", true, 1, 1},
		{"55 nm away, too soon", 40 * time.Minute, 10.9, -65, "pier", true, 0, 0},
		{"100 nm away", time.Hour, 11.7, -65, "pier", true, 0, 0},
		{"across the world", time.Hour, -10, 115, "pier", true, 0, 0},
	} {
		l := newLedger()
		heardAt(l, 1, t0, 10, -65, "pier")
		heardAt(l, 2, t0.Add(c.after), c.lat, c.lon, c.by)
		s := l.silence(stranger, &last)
		if !s.Asked || s.FeedAlive != c.alive || s.Others != c.others || s.OthersAny != c.any || s.Ahead != SilenceHours {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
	l := newLedger()
	for m := navicert.MMSI(2); m < 22; m++ {
		for k := range 10 {
			heardAt(l, m, t0.Add(time.Hour+time.Duration(k)*time.Minute), 10, -65, "pier")
		}
	}
	if s := l.silence(stranger, &last); s.Others < 17 || s.Others > 20 {
		t.Errorf("20 others heard ten times each count as %d", s.Others)
	}
	far := navicert.Fix{Time: t0, Pos: navicert.Position{Lat: -40, Lon: 20}, Station: "pier"}
	l.hour(t0.Unix()/3600 + 1).full = true
	if s := l.silence(stranger, &far); s.FeedAlive {
		t.Error("a ledger without room claims that nobody was heard")
	}
}

// Where one satellite hears ships another does, which comes by when the first is
// elsewhere; a receiver that is not known to be a satellite is none.
func TestAheadByAnotherSatellite(t *testing.T) {
	t0 := time.Date(2026, 1, 1, 10, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		last, other string
		ahead       int
	}{{"SAT-1", "SAT-2", SilenceHours}, {"SAT-1", "pier", 0}, {"pier", "SAT-2", 0}, {"pier", "mole", 0}} {
		last := navicert.Fix{MMSI: 1, Time: t0, Pos: navicert.Position{Lat: 10, Lon: -65}, Station: c.last, CourseDeg: navicert.Some(0.0), SpeedKn: navicert.Some(12.0)}
		l := newLedger()
		l.known = Receivers{Satellite: []string{"SAT-*"}}
		heardAt(l, 1, t0, 10, -65, c.last)
		for m, lat := range []float64{10.4, 10.6, 10.8} {
			heardAt(l, navicert.MMSI(2+m), t0.Add(-2*time.Hour), lat, -65, c.other)
		}
		s := l.silence(stranger, &last)
		if s.Ahead != c.ahead {
			t.Errorf("last by %s, others by %s: %+v", c.last, c.other, s)
		}
	}
}

// A silence that a satellite's fix began is looked back at along the straight way to
// the fix that ends it, third by third, and by hours in which others were heard there.
func TestWayHeard(t *testing.T) {
	t0 := time.Date(2026, 1, 1, 0, 30, 0, 0, time.UTC)
	const lat0, lat1 = 10.0, 13.0
	for _, c := range []struct {
		name   string
		hours  int
		last   string // what heard the ship
		other  string // what heard others
		at     []int  // hours after the start
		east   float64
		class  navicert.Class
		thirds uint8
	}{
		{"nobody", 18, "SAT-1", "SAT-2", nil, 0, navicert.ClassA, 0},
		{"in each third", 18, "SAT-1", "SAT-2", []int{2, 9, 15}, 0, navicert.ClassA, 3},
		{"at both ends", 18, "SAT-1", "SAT-2", []int{1, 2, 16, 17}, 0, navicert.ClassA, 2},
		{"often in one third", 18, "SAT-1", "SAT-2", []int{7, 8, 9, 10}, 0, navicert.ClassA, 1},
		{"before and after", 18, "SAT-1", "SAT-2", []int{-1, 0, 18, 19}, 0, navicert.ClassA, 0},
		{"25 nm beside", 18, "SAT-1", "SAT-2", []int{2, 9, 15}, 25, navicert.ClassA, 3},
		{"90 nm beside", 18, "SAT-1", "SAT-2", []int{2, 9, 15}, 90, navicert.ClassA, 0},
		{"of another class", 18, "SAT-1", "SAT-2", []int{2, 9, 15}, 0, navicert.ClassB, 0},
		{"of a class that is not known", 18, "SAT-1", "SAT-2", []int{2, 9, 15}, 0, "", 3},
		{"by a pier", 18, "SAT-1", "pier", []int{2, 9, 15}, 0, navicert.ClassA, 0},
		{"the ship by a pier", 18, "pier", "SAT-2", []int{2, 9, 15}, 0, navicert.ClassA, 0},
		{"eight whole hours", 9, "SAT-1", "SAT-2", []int{2, 5, 8}, 0, navicert.ClassA, 0},
		{"nine", 10, "SAT-1", "SAT-2", []int{2, 5, 8}, 0, navicert.ClassA, 3},
		{"64", 65, "SAT-1", "SAT-2", []int{2, 30, 60}, 0, navicert.ClassA, 3},
		{"65", 66, "SAT-1", "SAT-2", []int{2, 30, 60}, 0, navicert.ClassA, 0},
	} {
		l := newLedger()
		l.known = Receivers{Satellite: []string{"SAT-*"}}
		heardAt(l, 1, t0, lat0, 179.99, c.last)
		for _, h := range c.at {
			at := t0.Add(time.Duration(h) * time.Hour)
			p := geo.Destination(navicert.Position{Lat: lat0 + (lat1-lat0)*float64(h)/float64(c.hours), Lon: 179.99}, 90, c.east)
			f := navicert.Fix{MMSI: 2, Time: at, Pos: p, Station: c.other, Class: c.class}
			if at.After(l.now) {
				l.now = at
			}
			var row *heard
			l.heard(&f, f.Time.Unix(), geo.CellID(p, CellLevel), &row)
		}
		fix := func(lat float64, at time.Time) *navicert.Fix {
			return &navicert.Fix{MMSI: 1, Time: at, Pos: navicert.Position{Lat: lat, Lon: 179.99}, Station: c.last, Class: navicert.ClassA}
		}
		if got := l.wayHeard(fix(lat0, t0), fix(lat1, t0.Add(time.Duration(c.hours)*time.Hour))); got != c.thirds {
			t.Errorf("%s: heard in %d thirds, want %d", c.name, got, c.thirds)
		}
	}
}

// TestReceiverFell: a receiver that heard several and then nobody fell; one that
// hears one ship only says nothing by hearing none.
func TestReceiverFell(t *testing.T) {
	t0 := time.Date(2026, 1, 1, 10, 30, 0, 0, time.UTC)
	last := navicert.Fix{MMSI: 1, Time: t0, Pos: navicert.Position{Lat: 10, Lon: -65}, Station: "pier", Class: navicert.ClassA}
	for ships, want := range []bool{false, false, false, true, true} {
		l := newLedger()
		for m := range ships {
			heardAt(l, navicert.MMSI(m+1), t0.Add(-time.Duration(m)*time.Minute), 10, -65, "pier")
		}
		for h := range 4 {
			heardAt(l, 99, t0.Add(time.Duration(h)*time.Hour), 50, 0, "mole")
		}
		if s := l.silence(stranger, &last); s.ReceiversFell != want {
			t.Errorf("%d ships: %+v", ships, s)
		}
	}
}

// TestSatelliteFell: that a satellite has gone on says nothing while others hear.
func TestSatelliteFell(t *testing.T) {
	t0 := time.Date(2026, 1, 1, 10, 30, 0, 0, time.UTC)
	last := navicert.Fix{MMSI: 1, Time: t0, Pos: navicert.Position{Lat: 10, Lon: -65}, Station: "SAT-1", Class: navicert.ClassA}
	for by, want := range map[string]bool{"SAT-2": false, "pier": true} {
		l := newLedger()
		l.known = Receivers{Satellite: []string{"SAT-*"}}
		for m := range 4 {
			heardAt(l, navicert.MMSI(m+1), t0.Add(-time.Duration(m)*time.Minute), 10, -65, "SAT-1")
		}
		for h := range 4 {
			heardAt(l, 99, t0.Add(time.Duration(h)*time.Hour), 50, 0, by)
		}
		if s := l.silence(stranger, &last); s.ReceiversFell != want {
			t.Errorf("%s goes on: %+v", by, s)
		}
	}
}

// TestLedger: memory is bounded by hours and rows, each change is given once,
// and what is saved is loaded.
func TestLedger(t *testing.T) {
	l := newLedger()
	given := 0
	l.give = func(rows []Heard) error {
		for _, r := range rows {
			if given++; r.Ships != 1 || r.Fixes != 2 || r.Receiver != "pier" || !r.Last.Equal(r.Hour.Add(time.Minute)) {
				t.Errorf("row %+v", r)
			}
		}
		return nil
	}
	t0 := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for h := range 24 * 10 {
		now := t0.Add(time.Duration(h) * time.Hour)
		heardAt(l, 2, now, 10, -80+float64(h)*0.5, "pier")
		heardAt(l, 2, now.Add(time.Minute), 10, -80+float64(h)*0.5, "pier")
		if err := l.over(now.Unix() / 3600); err != nil {
			t.Fatal(err)
		}
		if l.rows > keptHours || given != h {
			t.Fatalf("after %d h the ledger holds %d rows and gave %d", h, l.rows, given)
		}
	}
	saved := state.Saving()
	l.state(saved)
	b, err := saved.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	again := newLedger()
	c := state.Loading(b)
	if again.state(c); c.Close() != nil {
		t.Fatal(c.Err())
	}
	saved = state.Saving()
	again.state(saved)
	if b2, _ := saved.Bytes(); string(b2) != string(b) || again.rows != l.rows {
		t.Error("saved, loaded and saved again it says something else")
	}
	old := t0.Add(time.Hour)
	heardAt(l, 3, old, 10, -80, "pier") // it is forgotten
	if l.rows > keptHours {
		t.Errorf("%d rows", l.rows)
	}
}
