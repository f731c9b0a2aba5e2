package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/ais"
	"navicert/app"
	"navicert/feed/record"
)

// sentence is the position of an invented ship at a minute, with a tag block.
func sentence(minute int) string {
	p := ais.NewPositionA(775999001)
	p.Lat, p.Lon, p.Speed, p.Course = ais.Lat(10*600000+100*minute), ais.Lon(-64*600000), 10, 0
	return string(ais.Sentences(ais.AppendTag(nil, "SIM", hour(0).Add(time.Duration(minute)*time.Minute)), "AI", 'A', 0, p.Encode()))
}

// listens replays a feed until it is stopped.
func listens(t *testing.T, a *app.App, address, records string) (stop func() app.ReplaySummary) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	type result struct {
		app.ReplaySummary
		err error
	}
	ended := make(chan result, 1)
	go func() {
		s, err := a.Replay(ctx, app.ReplayOptions{Record: records}, app.ReplayInput{Path: address})
		ended <- result{s, err}
	}()
	return func() app.ReplaySummary {
		t.Helper()
		time.Sleep(time.Second) // nothing tells that a line has been read
		cancel()
		r := <-ended
		if !errors.Is(r.err, context.Canceled) {
			t.Fatal(r.err)
		}
		return r.ReplaySummary
	}
}

// allFixes reads all positions of the ship again.
func allFixes(t *testing.T, a *app.App, folders ...string) (all []app.EventFix) {
	t.Helper()
	ev := navicert.Event{ID: "e", MMSI: 775999001, Start: navicert.At(day(1)), State: navicert.EventOpen}
	_, err := a.EventFixes(t.Context(), ev, app.EventFixesOptions{Folders: folders, Limit: 1000}, func(f *app.EventFix) error {
		all = append(all, *f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestLiveFeedIsReadAgain records a feed that is cut in a line and found again, and
// that is listened to again later: every position leads back to the sentence as it
// was sent. What came while nothing was recorded is said to be not there.
func TestLiveFeedIsReadAgain(t *testing.T) {
	dir, records := t.TempDir(), t.TempDir()
	s := newStation(t)
	s.at(12)
	a, err := app.New(t.Context(), app.Config{Data: dir, Clock: s.now})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	sent := map[int64]string{}
	send := func(minute int) {
		t.Helper()
		text := sentence(minute)
		sent[hour(0).Add(time.Duration(minute)*time.Minute).Unix()] = strings.TrimSpace(text)
		if _, err := s.conn.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	stop := listens(t, a, s.feed(), records)
	s.accept()
	for i := range 20 {
		send(i)
	}
	if _, err := s.conn.Write([]byte(sentence(20)[:30])); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond) // nothing tells that it has been read
	_ = s.conn.Close()
	s.accept()
	for i := 21; i < 30; i++ {
		send(i)
	}
	stop()
	_ = s.conn.Close()
	stop = listens(t, a, s.feed(), "") // without a record
	s.accept()
	for i := 30; i < 40; i++ {
		send(i)
	}
	stop()
	_ = s.conn.Close()
	stop = listens(t, a, s.feed(), records) // at the same second by its clock
	s.accept()
	for i := 40; i < 50; i++ {
		send(i)
	}
	stop()
	_ = s.conn.Close()

	all := allFixes(t, a)
	if len(all) != len(sent) {
		t.Errorf("%d positions are held of %d", len(all), len(sent))
	}
	read := 0
	for _, f := range all {
		minute := int(f.Time.Sub(hour(0)) / time.Minute)
		if minute >= 30 && minute < 40 {
			if f.Reread != app.RereadMissing || !strings.Contains(f.Why, "does not hold this place") || f.Ref.Offset > 1<<20 {
				t.Errorf("minute %d, not recorded: %s, %s, %+v", minute, f.Reread, f.Why, f.Ref)
			}
			continue
		}
		if f.Reread != app.RereadSame || len(f.Raw) != 1 || f.Raw[0] != sent[f.Time.Unix()] || f.Now.Ref != f.Ref || f.Ref.Source != s.feed() {
			t.Fatalf("minute %d: %+v, want %q", minute, f, sent[f.Time.Unix()])
		}
		// By hand: the file is named by the offset of its first byte.
		text, err := os.ReadFile(f.File)
		if err != nil {
			t.Fatal(err)
		}
		var first int64
		if _, err := fmt.Sscanf(filepath.Base(f.File), "%d.log", &first); err != nil || !bytes.HasPrefix(text[f.Ref.Offset-first:], []byte("!AIVDM")) {
			t.Fatalf("minute %d: %s does not hold it at %d: %v", minute, f.File, f.Ref.Offset, err)
		}
		read++
	}
	if read != 39 {
		t.Errorf("%d are read again, want 39", read)
	}

	// The folder of records lies elsewhere now, and then it is gone.
	moved := filepath.Join(t.TempDir(), "moved")
	if err := os.Rename(records, moved); err != nil {
		t.Fatal(err)
	}
	if f := allFixes(t, a)[0]; f.Reread != app.RereadMissing || f.Why != "a live feed cannot be read again" {
		t.Errorf("gone: %s, %s", f.Reread, f.Why)
	}
	if f := allFixes(t, a, moved)[0]; f.Reread != app.RereadSame {
		t.Errorf("moved: %s, %s", f.Reread, f.Why)
	}
}

// TestOtherFeedsAreReadAgain: datagrams, gpsd's reports, which are rows with numbers
// of lines where they are not recorded, and a table from standard input.
func TestOtherFeedsAreReadAgain(t *testing.T) {
	records := t.TempDir()
	at := hour(12)
	clock := func() time.Time { return at }
	a, err := app.New(t.Context(), app.Config{Data: t.TempDir(), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()

	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	datagrams := "udp://" + c.LocalAddr().String()
	_ = c.Close()
	stop := listens(t, a, datagrams, records)
	to, err := net.Dial("udp", strings.TrimPrefix(datagrams, "udp://"))
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	time.Sleep(300 * time.Millisecond) // until it listens
	for i := range 5 {
		if _, err := to.Write([]byte(strings.TrimSpace(sentence(i)))); err != nil {
			t.Fatal(err)
		}
	}
	stop()

	s := newStation(t)
	gpsd := "gpsd://" + s.l.Addr().String()
	stop = listens(t, a, gpsd, records)
	s.accept()
	fmt.Fprint(s.conn, `{"class":"VERSION","release":"3.25","rev":"3.25","proto_major":3,"proto_minor":15}`+"\r\n")
	fmt.Fprint(s.conn, `{"class":"AIS","device":"a","type":1,"repeat":0,"mmsi":775999001,"scaled":false,"status":0,"turn":0,"speed":10,"accuracy":false,"lon":-38400000,"lat":6100000,"course":0,"heading":511,"second":1,"maneuver":0,"raim":false,"radio":0}`+"\r\n")
	stop()
	_ = s.conn.Close()

	const table = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n" +
		"775999001,2025-12-21T01:00:00,10.5000,-64.0,12.0,0.0,511,,,,80,0,,,,,A\n" +
		"775999001,2025-12-21T01:05:00,10.5100,-64.0,12.0,0.0,511,,,,80,0,,,,,A\n"
	if _, err := a.Replay(t.Context(), app.ReplayOptions{Record: records, Stdin: strings.NewReader(table)}, app.ReplayInput{Path: "-"}); err != nil {
		t.Fatal(err)
	}

	got := map[string]int{}
	for _, f := range allFixes(t, a) {
		if f.Reread != app.RereadSame || f.Now.Ref != f.Ref || f.Ref.Line != 0 || f.Ref.Offset < at.Unix()<<20 {
			t.Errorf("%+v", f)
		}
		got[f.Ref.Source]++
	}
	if want := map[string]int{datagrams: 5, gpsd: 1, "stdin": 2}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("read again %v, want %v", got, want)
	}
}

// TestRecordThatFails: when it cannot be recorded any more the replay ends and says
// so, and keeps all that it has read.
func TestRecordThatFails(t *testing.T) {
	records := t.TempDir()
	a, err := app.New(t.Context(), app.Config{Data: t.TempDir(), Clock: func() time.Time { return hour(12) }})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	// A folder stands where the first file would.
	in := filepath.Join(records, record.Folder("stdin"), fmt.Sprintf("%d.log", hour(12).Unix()<<20))
	if err := os.MkdirAll(in, 0o700); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	const sentences = 50
	for i := range sentences {
		text.WriteString(sentence(i))
	}
	s, err := a.Replay(t.Context(), app.ReplayOptions{Record: records, Stdin: strings.NewReader(text.String())}, app.ReplayInput{Path: "-"})
	if navicert.KindOf(err) != navicert.Unavailable || !strings.Contains(fmt.Sprint(err), "record: "+in) {
		t.Errorf("it ends with %v", err)
	}
	if s.Kept != sentences || s.Added.Fixes != sentences || s.Waiting != 0 || len(allFixes(t, a)) != sentences {
		t.Errorf("%d read, %d kept, %d added, %d wait; want %d", s.Fixes, s.Kept, s.Added.Fixes, s.Waiting, sentences)
	}
	if _, err := a.Replay(t.Context(), app.ReplayOptions{Record: in + "/x/y", Stdin: strings.NewReader("")}, app.ReplayInput{Path: "-"}); err != nil {
		t.Errorf("folders are made: %v", err)
	}
	if err := os.WriteFile(filepath.Join(records, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = a.Replay(t.Context(), app.ReplayOptions{Record: filepath.Join(records, "file"), Stdin: strings.NewReader(text.String())}, app.ReplayInput{Path: "-"})
	if err == nil || !strings.Contains(err.Error(), "record: ") {
		t.Errorf("a file in place of the folder: %v", err)
	}
}
