package decide_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/detect"
	"navicert/screen"
)

// failing answers no question; one waits for another's end.
type failing struct {
	errs  map[string]error // by the name asked about
	after string           // the name whose failure is waited for
	waits string           // by this one
	done  chan struct{}
}

func (f *failing) Screen(_ context.Context, q screen.Query, _, _ time.Time) (screen.Answer, error) {
	switch q.Name {
	case f.after:
		defer close(f.done)
	case f.waits:
		<-f.done
	}
	return screen.Answer{}, f.errs[q.Name]
}

// endless gives no event until its context ends.
type endless struct{ ended chan struct{} }

func (e *endless) Events(ctx context.Context, _ detect.Filter) ([]navicert.Event, error) {
	<-ctx.Done()
	close(e.ended)
	return nil, ctx.Err()
}

// TestWhichErrorIsTold: of several questions that cannot be answered the first is
// told, whichever failed first; and nothing else is read to its end.
func TestWhichErrorIsTold(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2)) // as many questions are asked at once
	ship, owner := errors.New("the ship's"), errors.New("the owner's")
	v := navicert.Voyage{
		Vessel: navicert.Vessel{MMSI: silentMMSI, Name: "QUIET TERN"}, From: "NLRTM", To: "USHOU",
		Parties: []navicert.Party{{Role: "owner", Name: "Plain Wren Ltd"}},
	}
	for _, order := range [][2]string{{"QUIET TERN", "Plain Wren Ltd"}, {"Plain Wren Ltd", "QUIET TERN"}} {
		d := world(t)
		events := &endless{make(chan struct{})}
		d.Events = events
		d.Lists = &failing{
			errs:  map[string]error{"QUIET TERN": ship, "Plain Wren Ltd": owner},
			after: order[0], waits: order[1], done: make(chan struct{}),
		}
		if _, err := d.Decide(t.Context(), v, decide.Times{AsOf: asOf, KnownAt: asOf, IssuedAt: asOf}); !errors.Is(err, ship) {
			t.Errorf("%s fails first: %v", order[0], err)
		}
		<-events.ended
	}
}
