// Package accuracy measures how well the detectors find what happened, on
// simulated months whose truth is known, and counts what they find in public
// recordings, whose truth nobody knows. It also says how far our events and
// segments agree with the cases that Global Fishing Watch tests its own with.
//
// Seeds go in; each month is written as sentences, read by the real decoder and
// taken through the tracker and all detectors, as replay does it. Out come, for
// each kind of event, how much of the truth was found and how many events have
// no truth behind them:
//
//	report, err := accuracy.Run(ctx, accuracy.Options{Seeds: []uint64{1, 2, 3}, Land: land})
//
// An event and a piece of the truth belong together by the rule of their kind,
// see [rules]: the same ship, or both ships, and times that overlap. Events of
// no ship must lie in the area, too. docs/accuracy.md explains the figures.
package accuracy

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/all"
	"navicert/feed"
	"navicert/geo"
	"navicert/sim"
	"navicert/track/gfw"
)

// DefaultSeeds are the months that are measured when none are asked for.
func DefaultSeeds() []uint64 { return []uint64{1, 2, 3} }

// Options say what is measured.
type Options struct {
	Seeds  []uint64      // of the months; none: DefaultSeeds
	Length time.Duration // of each month, from its beginning; 0: all
	Land   *geo.Land     // for the detectors; may be nil
	Ports  *geo.Ports    // for public data; the months have their own
	// KnownPorts says that in the months, too, the detectors know the program's own
	// ports only. The months' ports lie elsewhere, as moorings do that no list has.
	KnownPorts bool
	Dir        string // of public data; "" measures none
	Progress   func(what string)
}

// Report is what was measured.
type Report struct {
	Scenario    string      `json:"scenario"`
	KnownPorts  bool        `json:"known_ports,omitempty"` // the detectors were told no port of the months
	Seeds       []uint64    `json:"seeds"`
	Vessels     int         `json:"vessels"`
	Positions   int         `json:"positions"`
	VesselYears float64     `json:"vessel_years"`
	Figures     []Figure    `json:"figures"`
	LookAlikes  []LookAlike `json:"look_alikes"`
	Forecasts   []Forecasts `json:"forecasts"`
	Public      []Public    `json:"public,omitempty"`
	Fixtures    []gfw.Set   `json:"fixtures,omitempty"` // cases that others test themselves with
	Absent      []string    `json:"absent,omitempty"`   // what could not be measured, and why
	Misses      []Miss      `json:"-"`
}

// Figure is the accuracy of one kind of event, or of one class of it.
type Figure struct {
	Kind   string `json:"kind"`
	Truths int    `json:"truths"` // that the kind's definition reaches
	Found  int    `json:"found"`
	Events int    `json:"events"`
	False  int    `json:"false"`
	// OneClass says that it is of one class of a kind whose events are counted
	// together: it has truths only.
	OneClass bool `json:"one_class,omitempty"`
}

// Recall is the share of the truth that was found, absent when there is none.
func (f Figure) Recall() navicert.Opt[float64] { return share(f.Found, f.Truths) }

// Precision is the share of the events that have truth behind them, absent
// when there are none, or where events are counted by kind only.
func (f Figure) Precision() navicert.Opt[float64] { return share(f.Events-f.False, f.Events) }

func share(n, of int) navicert.Opt[float64] {
	if of == 0 {
		return navicert.Opt[float64]{}
	}
	return navicert.Some(float64(n) / float64(of))
}

// LookAlike is how often something innocent was told as an event.
type LookAlike struct {
	Is     string         `json:"is"`   // "bunkering"
	Like   string         `json:"like"` // the kind of event that it looks like
	Times  int            `json:"times"`
	Told   int            `json:"told"`              // as that event
	Called map[string]int `json:"classes,omitempty"` // by the class that the event has
}

// Forecasts are the approaches to zones that were first told with so many hours left.
type Forecasts struct {
	FromHours float64 `json:"from_hours"`
	ToHours   float64 `json:"to_hours"` // and not more
	Told      int     `json:"told"`
	Entered   int     `json:"entered"`   // stood, and the ship was in the zone within a day
	Withdrawn int     `json:"withdrawn"` // before the time of entry that was told
	False     int     `json:"false"`     // stood, and the ship did not come
}

// Miss is one case that came out wrong: a truth without an event, or an event
// without a truth.
type Miss struct {
	What  string          `json:"what"` // "missed", "false"
	Kind  string          `json:"kind"`
	Seed  uint64          `json:"seed"`
	Like  string          `json:"like,omitempty"` // the innocent thing that it was
	Truth *sim.Truth      `json:"truth,omitempty"`
	Event *navicert.Event `json:"event,omitempty"`
}

// Run measures.
func Run(ctx context.Context, o Options) (*Report, error) {
	if len(o.Seeds) == 0 {
		o.Seeds = DefaultSeeds()
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if err := checkFolder(o.Dir); err != nil {
		return nil, err
	}
	r := &Report{Scenario: sim.MonthName, Seeds: o.Seeds, KnownPorts: o.KnownPorts}
	b := newBoard()
	for _, seed := range o.Seeds {
		o.Progress("month of seed " + strconv.FormatUint(seed, 10))
		m, err := playMonth(ctx, seed, o)
		if err != nil {
			return nil, err
		}
		b.match(m)
		r.Vessels += m.stats.Vessels
		r.Positions += m.stats.Positions
		r.VesselYears += m.vesselYears()
	}
	r.Figures, r.LookAlikes, r.Forecasts, r.Misses = b.figures(), b.likes(), b.forecasts, b.misses
	if o.Dir == "" {
		r.Absent = append(r.Absent, "public recordings, and test cases of Global Fishing Watch: no folder of public data was named")
		return r, nil
	}
	if err := r.public(ctx, o); err != nil {
		return nil, err
	}
	if err := r.fixtures(o); err != nil {
		return nil, err
	}
	return r, nil
}

// month is one that was played: what happened, and what was found.
type month struct {
	seed   uint64
	world  *sim.World
	stats  sim.Stats
	truth  []sim.Truth // events, look-alikes, visits, silences
	owner  []string    // of each: the ship's name
	ships  map[navicert.MMSI][]string
	events []navicert.Event
	begins map[navicert.MMSI]time.Time    // when each is first there
	covers map[navicert.MMSI][]*sim.Truth // times of each in which it is silent or fakes
	from   time.Time
	to     time.Time
	had    map[string][]navicert.MMSI // the numbers of each ship; see numbers
	visits map[visitor][]*sim.Truth   // see comesInto
}

// vesselYears is for how long all its ships were there.
func (m *month) vesselYears() float64 {
	const year = 365.25 * 24
	return float64(m.stats.Vessels) * m.to.Sub(m.from).Hours() / year
}

// playMonth simulates a month and takes it through the decoder and the
// detectors, both at the same time.
func playMonth(ctx context.Context, seed uint64, o Options) (*month, error) {
	sc, err := sim.CaribbeanMonth(seed)
	if err != nil {
		return nil, err
	}
	so := sim.Options{Seed: seed}
	if o.Length > 0 && o.Length < sc.To.Sub(sc.From.Time) {
		so.To = sc.From.Add(o.Length)
	}
	w, err := sim.New(sc, so)
	if err != nil {
		return nil, err
	}
	m := &month{seed: seed, world: w, from: sc.From.Time, to: sc.To.Time, ships: map[navicert.MMSI][]string{}, begins: map[navicert.MMSI]time.Time{}}
	if !so.To.IsZero() {
		m.to = so.To
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	sentences, to := io.Pipe()
	truth := &truthReader{month: m}
	written := make(chan error, 1)
	go func() {
		var err error
		m.stats, err = w.Write(ctx, to, truth)
		_ = to.CloseWithError(err) // a nil error ends the stream
		written <- err
	}()
	f := finder{newest: map[string]int{}}
	f.engine = engine(w, o, f.event)
	err = f.find(ctx, sentences, feed.Options{Source: "simulated", Format: "nmea", Simulated: true}, m.to)
	_ = sentences.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // a writer that still writes ends
	if writeErr := <-written; err == nil {
		err = writeErr
	}
	m.events = f.events
	return m, err
}

// finder collects the events of a stream, each in its last version.
type finder struct {
	engine *detect.Engine
	events []navicert.Event
	newest map[string]int
}

func (f *finder) find(ctx context.Context, r io.Reader, o feed.Options, end time.Time) error {
	if _, err := feed.Read(ctx, r, o, f); err != nil {
		return err
	}
	return f.engine.Close(end)
}

// engine returns one with all detectors and what is known of a world.
func engine(w *sim.World, o Options, event func(navicert.Event) error) *detect.Engine {
	ports := w.Ports()
	if o.KnownPorts {
		ports = geo.KnownPorts(nil, nil)
	}
	return detect.NewEngine(detect.Options{
		Detectors: all.Detectors(all.Config{
			Zones: geo.NewIndex(w.Zones()), Ports: geo.NewPorts(ports), Land: o.Land,
		}),
		Lateness: time.Minute, Event: event,
	})
}

// Fix implements feed.Sink.
func (f *finder) Fix(fix *navicert.Fix) error { return f.engine.Fix(fix) }

// Static implements feed.Sink.
func (f *finder) Static(s *navicert.Static) error { return f.engine.Static(s) }

func (f *finder) event(ev navicert.Event) error {
	if i, known := f.newest[ev.ID]; known {
		f.events[i] = ev
		return nil
	}
	f.newest[ev.ID] = len(f.events)
	f.events = append(f.events, ev)
	return nil
}

// truthReader takes the lines of the truth as they are written.
type truthReader struct {
	month *month
	ship  string
	rest  []byte
}

// Write implements io.Writer.
func (r *truthReader) Write(p []byte) (int, error) {
	r.rest = append(r.rest, p...)
	for {
		i := slices.Index(r.rest, '\n')
		if i < 0 {
			return len(p), nil
		}
		var t sim.Truth
		if err := json.Unmarshal(r.rest[:i], &t); err != nil {
			return 0, err
		}
		r.rest = r.rest[i+1:]
		r.line(t)
	}
}

// line takes a line. What follows a vessel's is of that vessel, under whatever
// number it has then, until the first silence.
func (r *truthReader) line(t sim.Truth) {
	m := r.month
	switch t.Truth {
	case sim.TruthVessel:
		r.ship = t.Name
		m.begins[t.MMSI] = t.Start.Time
	case sim.TruthSilence:
		r.ship = "" // by number
		if names := m.ships[t.MMSI]; len(names) == 1 {
			r.ship = names[0]
		}
	}
	if t.MMSI != 0 && t.Truth != sim.TruthSilence && !slices.Contains(m.ships[t.MMSI], r.ship) {
		m.ships[t.MMSI] = append(m.ships[t.MMSI], r.ship)
	}
	switch t.Truth {
	case sim.TruthEvent, sim.TruthLookAlike, sim.TruthVisit, sim.TruthSilence:
	case sim.TruthAction:
		if t.Action != sim.Drifting && t.Action != sim.Besiding {
			return
		}
	default:
		return
	}
	m.truth = append(m.truth, t)
	m.owner = append(m.owner, r.ship)
}
