package app_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"navicert"
	"navicert/ais"
	"navicert/app"
	"navicert/detect/gap"
)

// TestStopOfLiveFeedLosesNothing: what a live feed has brought cannot be read
// again, so that all of it is kept when the user stops, also what waits for
// other receptions and for older positions; and who had fallen silent is told.
func TestStopOfLiveFeedLosesNothing(t *testing.T) {
	s := newStation(t)
	s.at(12)
	a, err := app.New(t.Context(), app.Config{Data: t.TempDir(), Clock: s.now})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var open []navicert.Event
	type result struct {
		app.ReplaySummary
		err error
	}
	ended := make(chan result, 1)
	go func() {
		summary, err := a.Replay(ctx, app.ReplayOptions{
			Lateness: 10 * time.Minute,
			Event: func(ev navicert.Event) error {
				if ev.State == navicert.EventOpen && ev.Kind == gap.Kind {
					open = append(open, ev)
				}
				return nil
			},
		}, app.ReplayInput{Path: s.feed()})
		ended <- result{summary, err}
	}()
	s.accept()
	const ships, minutes = 3, 600
	send := func(mmsi navicert.MMSI, minute int) {
		p := ais.NewPositionA(mmsi)
		p.Lat, p.Lon, p.Speed, p.Course = ais.Lat(10*600000+minute), ais.Lon(-64*600000), 0, 0
		line := ais.AppendTag(nil, "SIM", hour(0).Add(time.Duration(minute)*time.Minute))
		if _, err := s.conn.Write(ais.Sentences(line, "AI", 'A', 0, p.Encode())); err != nil {
			t.Fatal(err)
		}
	}
	sent := 0
	for minute := range minutes {
		for ship := range navicert.MMSI(ships) {
			if ship == 0 && minute > 10 { // falls silent
				continue
			}
			send(775999001+ship, minute)
			sent++
		}
	}
	time.Sleep(3 * time.Second) // nothing tells that a line has been read, and machines are busy
	cancel()
	got := <-ended
	if !errors.Is(got.err, context.Canceled) {
		t.Fatal(got.err)
	}
	if got.Fixes != sent || got.Fixes != got.Kept+got.SetAside.Total()+got.Outside || got.Added.Fixes != got.Kept {
		t.Errorf("%d sent: %d read, %d kept, %d set aside (%s), %d in the data directory", sent, got.Fixes, got.Kept, got.SetAside.Total(), got.SetAside.String(), got.Added.Fixes)
	}
	if want := fmt.Sprint([]navicert.MMSI{775999001}); len(open) != 1 || fmt.Sprint([]navicert.MMSI{open[0].MMSI}) != want {
		t.Errorf("open events %+v, want one gap of %s", open, want)
	}
}
