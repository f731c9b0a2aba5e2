package sim

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"navicert/ais"
)

// oftenEnough is how many of each kind and class of event two months hold at
// least, beside those that single ships of ordinary traffic make.
const oftenEnough = 20

// The month can be played with any seed, and holds every behaviour and every
// look-alike often.
func TestMonth(t *testing.T) {
	n := map[string]int{}
	for seed := uint64(1); seed <= 2; seed++ {
		sc, err := CaribbeanMonth(seed)
		if err != nil {
			t.Fatal(err)
		}
		w, err := New(sc, Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if len(w.plans) < 400 {
			t.Errorf("seed %d: %d ships", seed, len(w.plans))
		}
		for _, p := range w.plans {
			for _, e := range w.shipEvents(p) {
				n[string(e.Truth)+" "+e.Kind+" "+e.Class]++
			}
			for range p.off {
				n["off"]++
			}
		}
		for _, e := range w.placeEvents() {
			n[e.Kind]++
		}
	}
	for _, kind := range []string{
		"event encounter encounter", "event encounter transfer", "event transfer at_rest", "event transfer under_way",
		"event loitering drift", "event port_visit port_call", "event port_visit anchorage_visit",
		"event draught_change loaded", "event draught_change discharged",
		"event spoofing circle", "event spoofing frozen", "event spoofing speed", "event spoofing jump", "event spoofing on_land", "event spoofing offset", "event spoofing offset_cluster",
		"event duplicate_mmsi ", "event identity_change name", "event identity_change call_sign", "event identity_change flag", "event flag_hopping ",
		"event invalid_identity mid", "event invalid_identity mmsi", "event invalid_identity imo", "event destination_mismatch ",
		"feed_outage", "jamming", "off",
		"look_alike encounter bunkering", "look_alike encounter pilot", "look_alike encounter tug", "look_alike encounter fishing_pair", "look_alike loitering swinging_at_anchor",
	} {
		if n[kind] < oftenEnough {
			t.Errorf("%d of %q, want %d", n[kind], kind, oftenEnough)
		}
	}
}

// The ships that are shown at one place are the month's last, so that the others are
// what they were before; each says now that place and now its own.
func TestMonthClusters(t *testing.T) {
	m, err := writeMonth(3)
	if err != nil {
		t.Fatal(err)
	}
	w, err := New(m.sc, Options{})
	if err != nil {
		t.Fatal(err)
	}
	fakes := 0
	for i, p := range w.plans {
		last := i >= len(w.plans)-12
		for j := range p.fakes {
			f := &p.fakes[j]
			if (f.How == FakeCluster) != last {
				t.Errorf("ship %d of %d fakes %s", i+1, len(w.plans), f.How)
			}
			if f.How != FakeCluster {
				continue
			}
			fakes++
			for k, at := range []time.Duration{0, 59 * time.Minute, time.Hour, 119 * time.Minute, 2 * time.Hour} {
				now := f.From.Add(at)
				shown, is := p.reported(p.at(now), now).pos, p.at(now).pos
				if there := k != 2 && k != 3; (shown == f.at) != there || (shown == is) == there {
					t.Errorf("after %s it is at %v and says %v, the place is %v", at, is, shown, f.at)
				}
			}
		}
	}
	if fakes != 24 {
		t.Errorf("%d fakes of the kind", fakes)
	}
}

// Another seed gives another month, the same seed the same.
func TestMonthSeeds(t *testing.T) {
	if testing.Short() {
		t.Skip("long, on one goroutine: make check has run it")
	}
	day := func(seed uint64) []byte {
		sc, err := CaribbeanMonth(seed)
		if err != nil {
			t.Fatal(err)
		}
		w, err := New(sc, Options{To: sc.From.Add(6 * time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		return play(t, w).sentences
	}
	a := day(1)
	if !bytes.Equal(a, day(1)) || bytes.Equal(a, day(2)) {
		t.Error("the month is not made by its seed alone")
	}
}

// Months of many seeds can be played, and what a script's writer holds of where
// its ship goes, and when, is what the ship does.
func TestMonthsArePlayedAsWritten(t *testing.T) {
	t.Parallel()
	seeds := uint64(60)
	if testing.Short() {
		seeds = 12
	}
	for seed := uint64(1); seed <= seeds; seed++ {
		m, err := writeMonth(seed)
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		w, err := New(m.sc, Options{})
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		for _, p := range w.plans {
			written := m.played.plans[p.v.Name].legs
			if n := len(written); n < len(p.legs) || !written[n-1].to.Before(m.to) && p.ends().Before(m.to) {
				t.Errorf("seed %d: %s: %d legs end at %s, written %d", seed, p.v.Name, len(p.legs), p.ends(), n)
				continue
			}
			for i, l := range p.legs {
				if was := written[i]; l.kind != was.kind || !l.from.Equal(was.from) || !l.to.Equal(was.to) || l.a != was.a || l.b != was.b {
					t.Errorf("seed %d: %s: leg %d is a %s from %v at %s to %v at %s, written a %s from %v at %s to %v at %s", seed, p.v.Name, i,
						l.kind, l.a, l.from, l.b, l.to, was.kind, was.a, was.from, was.b, was.to)
					break
				}
			}
		}
	}
}

// What single ships of the open sea do stays there: the boxes are far from the
// coast, as the land of the basemap has it.
func TestMonthsSeasAreOpen(t *testing.T) {
	l := openLand(t)
	for name, s := range map[string]sea{
		"Venezuela basin": venezuelaBasin, "Colombia basin": colombiaBasin, "gulf": gulf, "Sargasso": sargasso,
		"east of Barbados": eastOfBarbados, "date line": dateLine, "jam box": jamBox, "hole": hole, "west of it": holeWest, "east of it": holeEast,
	} {
		for lat := s.south - 0.8; lat <= s.north+0.8; lat += 0.1 {
			for _, edge := range l.bands[band(lat)] {
				for _, p := range edge {
					lon := p[0]
					if lon < 0 && s.east > 180 {
						lon += 360
					}
					if lon > s.west-0.9 && lon < s.east+0.9 && p[1] > s.south-0.8 && p[1] < s.north+0.8 {
						t.Errorf("%s: there is a shore at %.2f,%.2f", name, p[1], p[0])
					}
				}
			}
		}
	}
}

// Ships on their way to others at sea do not cross the land.
func TestMonthsShipsMeetAtSea(t *testing.T) {
	t.Parallel()
	l := openLand(t)
	for seed := uint64(1); seed <= 11; seed++ {
		sc, err := CaribbeanMonth(seed)
		if err != nil {
			t.Fatal(err)
		}
		w, err := New(sc, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range w.plans {
			if !slices.ContainsFunc(p.legs, func(l leg) bool { return l.kind == Besiding }) {
				continue
			}
			for at := p.starts(); at.Before(p.ends()); at = at.Add(20 * time.Minute) {
				pos := p.at(at).pos
				if _, km := w.nearestPort(pos); km > encounterOffKM && l.contains(pos) {
					t.Errorf("seed %d: %s is on land at %s (%v)", seed, p.v.Name, at.Format(time.RFC3339), pos)
					break
				}
			}
		}
	}
}

// A ship that fakes, changes its number, shares one, sends a wrong one, is
// jammed or in a hole: what is heard of each.
func TestBehaviours(t *testing.T) {
	w := small(t, "behaviours.yaml", Options{Reports: true})
	p := play(t, w)
	truth := p.truth(t)
	events := map[string]int{}
	causes := map[Cause]int{}
	for _, line := range truth {
		switch line.Truth {
		case TruthEvent, TruthLookAlike:
			events[string(line.Truth)+" "+line.Kind+" "+line.Class]++
		case TruthSilence:
			causes[line.Cause]++
		}
	}
	for _, want := range []string{
		"event spoofing circle", "event spoofing frozen", "event spoofing speed", "event spoofing jump", "event spoofing on_land", "event spoofing offset",
		"event identity_change mmsi", "event identity_change flag", "event identity_change name", "event duplicate_mmsi ",
		"event invalid_identity imo", "event invalid_identity mid", "event transfer at_rest", "event encounter transfer",
		"look_alike transfer bunkering", "look_alike encounter bunkering", "event port_visit anchorage_visit", "event jamming ", "event destination_mismatch ",
	} {
		if events[want] == 0 {
			t.Errorf("no %q in the truth: %v", want, events)
		}
	}
	if causes[CauseJamming] == 0 || causes[CauseCoverage] == 0 || causes[CauseRenumbered] != 1 {
		t.Errorf("silences by cause: %v", causes)
	}
	// Each fake is seen in what the ship sends, and not in where it is.
	for _, f := range []struct {
		how  FakeKind
		most float64 // metres between where it is and what it sends
	}{{FakeCircle, 1e9}, {FakeSpeed, 60}} {
		found := 0
		for _, line := range truth {
			if line.Fix == nil || line.Fix.MMSI != 538998911 {
				continue
			}
			pl := planOf(t, w, 538998911)
			i := slices.IndexFunc(pl.fakes, func(k fake) bool {
				return k.How == f.how && !line.Fix.Time.Before(k.From.Time) && line.Fix.Time.Before(k.To.Time)
			})
			if i < 0 {
				continue
			}
			found++
			speed := line.Fix.SpeedKn.Or(0)
			if want := pl.fakes[i].SpeedKn; speed < want-1 || speed > want+1 {
				t.Errorf("%s: it sends %.1f kn, want about %g", f.how, speed, want)
			}
			if d := distanceM(line.Fix.Pos, pl.at(line.Fix.Time).pos); d > f.most {
				t.Errorf("%s: sends a place %g m from where it is", f.how, d)
			}
		}
		if found < 3 {
			t.Errorf("%s: %d reports", f.how, found)
		}
	}
	// A jammed ship is heard, with no position.
	unplaced := 0
	d := ais.NewReader(bytes.NewReader(p.sentences), ais.Options{})
	for {
		m, err := d.Next()
		if err != nil {
			break
		}
		if a, ok := m.Body.(*ais.PositionA); ok {
			if _, placed := a.Position().Get(); !placed {
				unplaced++
			}
		}
	}
	if unplaced == 0 {
		t.Error("nobody was jammed")
	}
}
