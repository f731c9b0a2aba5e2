package detect

import (
	"testing"
	"time"

	"navicert"
	"navicert/geo"
)

func heardAt(r *reception, m navicert.MMSI, t time.Time, lat, lon float64) {
	f := navicert.Fix{MMSI: m, Time: t, Pos: navicert.Position{Lat: lat, Lon: lon}}
	var cache cachedCell
	r.heard(&f, geo.CellID(f.Pos, cellLevel), &cache)
}

func TestSilence(t *testing.T) {
	t0 := time.Date(2026, 1, 1, 10, 30, 0, 0, time.UTC)
	last := navicert.Fix{MMSI: 1, Time: t0, Pos: navicert.Position{Lat: 10, Lon: -65}}
	for _, c := range []struct {
		name     string
		after    time.Duration
		lat, lon float64
		alive    bool
		others   int
	}{
		{"nobody", 100 * time.Hour, 10, -65, false, 0},
		{"in the hour of the last fix", 20 * time.Minute, 10, -65, false, 0},
		{"in the first hour after it", 40 * time.Minute, 10, -65, true, 1},
		{"in the third", 3*time.Hour + 20*time.Minute, 10.3, -65.3, true, 1},
		{"in the fourth", 3*time.Hour + 40*time.Minute, 10, -65, false, 0},
		{"30 nm away", time.Hour, 10.5, -65, true, 1},
		{"100 nm away", time.Hour, 11.7, -65, true, 0},
		{"across the world", time.Hour, -10, 115, true, 0},
	} {
		r := newReception()
		heardAt(r, 2, t0.Add(c.after), c.lat, c.lon)
		if s := r.silence(&last); !s.Asked || s.FeedAlive != c.alive || s.Others != c.others {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
	r := newReception()
	for m := navicert.MMSI(2); m < 22; m++ {
		for k := range 10 {
			heardAt(r, m, t0.Add(time.Hour+time.Duration(k)*time.Minute), 10, -65)
		}
	}
	if s := r.silence(&last); s.Others < 18 || s.Others > 20 {
		t.Errorf("20 others heard ten times each count as %d", s.Others)
	}
	r.full = true
	if s := r.silence(&navicert.Fix{Time: t0, Pos: navicert.Position{Lat: -40, Lon: 20}}); s.FeedAlive {
		t.Error("a ledger without room claims that nobody was heard")
	}
}

func TestLedgerForgets(t *testing.T) {
	r := newReception()
	t0 := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for h := range 24 * 10 {
		now := t0.Add(time.Duration(h) * time.Hour)
		heardAt(r, 2, now, 10, -80+float64(h)*0.5)
		if h%keptHours == 0 {
			r.prune(now.Unix() / 3600)
		}
		if len(r.cells) > 3*keptHours {
			t.Fatalf("after %d h the ledger holds %d cells", h, len(r.cells))
		}
	}
}
