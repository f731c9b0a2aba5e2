package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/app"
)

// TestEventFixes reads all positions of a long event of two ships again: in order
// of time, whatever their order in the files, more than are held at once, and
// counts those beyond the limit.
func TestEventFixes(t *testing.T) {
	const each = 1300
	dir, a := t.TempDir(), open(t, t.TempDir())
	files := map[string][]string{}
	at := func(i int) time.Time { return day(20).Add(time.Duration(i) * 10 * time.Second) }
	for i := range each {
		for ship := range 2 {
			// The second ship's are in another file, the last first.
			name := []string{"one.csv", "two.csv"}[ship]
			files[name] = append(files[name], fmt.Sprintf("%d,%s,10.%04d,-64.9,1.2,30.5,210,,,,80,0,,,,,A\n", 775999011+ship, at(i).Format("2006-01-02T15:04:05"), i))
		}
	}
	slices.Reverse(files["two.csv"])
	for name, rows := range files {
		text := "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n" + strings.Join(rows, "")
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Replay(t.Context(), app.ReplayOptions{}, app.ReplayInput{Path: path}); err != nil {
			t.Fatal(err)
		}
	}
	ev := navicert.Event{ID: "e", Kind: "encounter", MMSI: 775999011, Other: 775999012, Start: navicert.At(at(3)), State: navicert.EventOpen}
	last := ev
	last.End, last.State = navicert.At(at(each-2)), navicert.EventClosed
	moment := ev
	moment.State = navicert.EventClosed
	alone := last
	alone.MMSI = 775999019
	for _, c := range []struct {
		what  string
		ev    navicert.Event
		limit int
		want  app.EventFixes
	}{
		{"goes on", ev, 10_000, app.EventFixes{Shown: 2 * (each - 3)}},
		{"ended", last, 10_000, app.EventFixes{Shown: 2 * (each - 4)}},
		{"as many as the limit", last, 2 * (each - 4), app.EventFixes{Shown: 2 * (each - 4)}},
		{"more than the limit", last, 1501, app.EventFixes{Shown: 1501, LeftOut: 2*(each-4) - 1501, Next: navicert.At(at(3 + 750))}},
		{"of a moment", moment, 10, app.EventFixes{Shown: 2}},
		{"one ship not held", alone, 5, app.EventFixes{Shown: 5, LeftOut: each - 4 - 5, Next: navicert.At(at(8)), Missing: []navicert.MMSI{775999019}}},
	} {
		i := 0
		got, err := a.EventFixes(t.Context(), c.ev, app.EventFixesOptions{Folders: []string{dir}, Limit: c.limit}, func(f *app.EventFix) error {
			step, ship := i/2, navicert.MMSI(i%2)
			if len(c.want.Missing) > 0 {
				step, ship = i, 1
			}
			want := fmt.Sprintf("%d,%s,", 775999011+ship, at(3+step).Format("2006-01-02T15:04:05"))
			if f.Reread != app.RereadSame || len(f.Raw) != 1 || !strings.HasPrefix(f.Raw[0], want) || f.Now.Ref != f.Ref || f.MMSI != 775999011+ship || !f.Time.Equal(at(3+step)) {
				t.Fatalf("%s: position %d is %+v, want row %s", c.what, i, f, want)
			}
			i++
			return nil
		})
		c.want.From, c.want.To = c.ev.Start, c.ev.End
		if err != nil || i != got.Shown || fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %d given, %+v, %v; want %+v", c.what, i, got, err, c.want)
		}
	}
	area := navicert.Event{ID: "e", Kind: "jamming", Zone: "cell", Start: ev.Start}
	if _, err := a.EventFixes(t.Context(), area, app.EventFixesOptions{Limit: 1}, nil); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("of an area: %v", err)
	}
}

// TestRereadPlaces: what sentences far into a file, two of them on one line, say
// when they are read again, and where they stand.
func TestRereadPlaces(t *testing.T) {
	dir := t.TempDir()
	text := strings.Repeat("$GPZDA,000000.00,02,01,2026,00,00*62\r\n", 40_000) +
		`\s:NORTH,c:1767313800*7D\!AIVDM,1,1,,,1;T3>6hP08KGmTl6oM01T8r00000,0*50` + "\r\n" +
		`\s:NORTH,c:1767314400*76\!AIVDM,1,1,,,1;T3>6hP08KGn0<6oPw1T8r00000,0*3D` +
		`\s:NORTH,c:1767315000*73\!AIVDM,1,1,,,1;T3>6hP08KGnKT6oTv1T8r00000,0*2B` + "\r\n"
	if err := os.WriteFile(filepath.Join(dir, "log.nmea"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ev := navicert.Event{ID: "e", MMSI: 775999003}
	var places []int
	for i, c := range text {
		if c == '!' {
			places = append(places, i)
		}
	}
	for i, pos := range []navicert.Position{{Lat: 12, Lon: -64.69777}, {Lat: 12.0017, Lon: -64.69631}, {Lat: 12.0034, Lon: -64.69485}} {
		ev.Evidence = append(ev.Evidence, navicert.Evidence{
			Kind: navicert.EvidenceFix, Source: "log.nmea", Ref: fmt.Sprintf("offset %d", places[i]),
			Time: navicert.At(time.Unix(1767313800+600*int64(i), 0)), Position: navicert.Some(pos),
		})
	}
	got, err := open(t, t.TempDir()).CheckEvidence(t.Context(), ev, dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range got {
		if e.Reread != app.RereadSame || e.Now.Ref != (navicert.Ref{Source: "log.nmea", Offset: int64(places[i])}) {
			t.Errorf("%d: %s %s %+v, want offset %d", i, e.Reread, e.Why, e.Now, places[i])
		}
	}
}
