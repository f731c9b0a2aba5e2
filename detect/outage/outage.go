// Package outage detects feed outages: so many vessels of one region fall silent
// within two hours that it is the receivers, not the ships.
//
// The starts of silences enter through [Detector.Silent], from the gap detector,
// which asks [Detector.Explains] what explains a gap; kept fixes enter through
// [Detector.Step] and tell how many ships a region has. Events of kind
// "feed_outage" leave, of a region and no vessel.
//
// Definition and thresholds are those of RadianceFleet (dec5ab1,
// feed_outage_detector.py; facts: docs/detectors/feed_outage.md). Its regions are
// drawn by hand; ours are S2 cells of level 4, some 310 nm wide.
package outage

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/detect"
	"navicert/detect/gap"
	"navicert/track"
	"navicert/track/state"
)

// Kind is the kind of the events.
const Kind = "feed_outage"

// Preset is the thresholds.
type Preset struct {
	Name   string
	Window time.Duration
	// Least is how many ships must fall silent in any case; Times how many times
	// the region's Percentile of windows before they must be, or, while that is not
	// known of History windows, which Share of the region's ships.
	Least      int
	Times      float64
	Percentile float64
	History    int
	Share      float64
	// Suspect is of which share on of ships whose silence was unexplained before
	// it is no outage.
	Suspect float64
	// Receiver is from which share on one receiver is named.
	Receiver float64
	// Own is how near an event of Kinds of a ship's own must lie for its silence
	// not to count: it may have reasons of its own.
	Own   time.Duration
	Kinds []string
}

// RF is RadianceFleet's preset. It says nothing of how long a history must be; 12
// windows, a day, are ours.
func RF() Preset {
	return Preset{
		Name: "outage.RF", Window: 2 * time.Hour, Least: 8, Times: 3, Percentile: 0.95, History: 12, Share: 0.15,
		Suspect: 0.3, Receiver: 0.8, Own: 6 * time.Hour,
		Kinds: []string{"transfer", "spoofing", "duplicate_mmsi"},
	}
}

const (
	// level is that of the S2 cells that are the regions.
	level       = 4
	regions     = 6 << (2 * level)
	regionShift = 64 - 3 - 2*level
	// windows are kept of each region: until a silence of 12 hours that began in
	// the first of them is known.
	windows = 10
	counts  = 64
	// settled is how long after the threshold all starts are known.
	settled = 2 * detect.TickEvery
	// remembered bounds the outages that gaps can be explained by, and for how long.
	maxRemembered = 1000
	named         = 5 // fixes as evidence
)

// Detector finds outages. Make one with [New].
type Detector struct {
	preset    Preset
	threshold time.Duration
	regions   []*region                // by number
	heard     []uint32                 // by vessel: the region and window that it was counted in last
	known     []outage                 // in order of discovery
	own       map[navicert.MMSI][]span // events of a ship's own
	changes   int
	now       time.Time // of the last tick
	until     int64     // seconds since 1970 from which on a fix lies ahead of the stream
	seconds   int64     // of the preset's Window
}

// span is when an event of a ship's own was; with no end it lasts.
type span struct {
	id       string
	from, to time.Time
}

// maxOwn is how many events are held of a ship.
const maxOwn = 8

type region struct {
	histogram [counts]uint32 // of windows, by how many ships fell silent
	finished  int
	windows   [windows]window
}

type window struct {
	number int64
	ships  int
	starts []gap.Start
	known  bool // an outage
	done   bool
}

// outage is a region and window in which there was one.
type outage struct {
	region uint16
	window int64
	text   string
	event  navicert.Evidence
}

// New returns a detector; threshold is the gap detector's.
func New(p Preset, threshold time.Duration) *Detector {
	return &Detector{
		preset: p, threshold: threshold, regions: make([]*region, regions), own: map[navicert.MMSI][]span{},
		until: math.MinInt64, seconds: int64(p.Window / time.Second),
	}
}

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

func (d *Detector) windowOf(t time.Time) int64 { return t.Unix() / d.seconds }

// regionOf is the region that a cell of a higher level lies in.
func regionOf(cell s2.CellID) uint16 { return uint16(cell >> regionShift) }

// Step implements detect.Detector: it counts the ships of the region. What lies
// ahead of the stream has a wrong clock, and would shut the windows until then.
func (d *Detector) Step(s *detect.Step, _ detect.Emit) {
	if s.Unix() >= d.until {
		return
	}
	i := s.Vessel.Index
	for len(d.heard) <= i {
		d.heard = append(d.heard, 0)
	}
	r, w := regionOf(s.Cell), s.Unix()/d.seconds
	if at := uint32(w)<<11 | uint32(r); d.heard[i] != at {
		d.heard[i] = at
		if w := d.window(r, w); w != nil {
			w.ships++
		}
	}
}

// window returns a window of a region; nil when it is forgotten.
func (d *Detector) window(r uint16, number int64) *window {
	if d.regions[r] == nil {
		d.regions[r] = &region{}
	}
	w := &d.regions[r].windows[number%windows]
	if number < w.number {
		return nil
	}
	if number > w.number {
		*w = window{number: number}
	}
	return w
}

// End implements detect.Detector.
func (*Detector) End(*track.Vessel, detect.End, detect.Emit) {}

// Hear implements detect.Listener: a ship's own events.
func (d *Detector) Hear(ev *navicert.Event) {
	if !slices.Contains(d.preset.Kinds, ev.Kind) {
		return
	}
	for _, m := range []navicert.MMSI{ev.MMSI, ev.Other} {
		if m == 0 {
			continue
		}
		own := d.own[m]
		i := slices.IndexFunc(own, func(o span) bool { return o.id == ev.ID })
		if i < 0 {
			if len(own) >= maxOwn {
				own = slices.Delete(own, 0, 1)
			}
			i, own = len(own), append(own, span{id: ev.ID})
		}
		own[i].from, own[i].to = ev.Start.Time, ev.End.Time
		d.own[m] = own
	}
}

// reasons reports whether a ship had an event of its own at a time, or near it.
func (d *Detector) reasons(m navicert.MMSI, at time.Time) bool {
	return slices.ContainsFunc(d.own[m], func(o span) bool {
		return o.from.Sub(at) <= d.preset.Own && (o.to.IsZero() || at.Sub(o.to) <= d.preset.Own)
	})
}

// forget forgets the events of which no silence can be near that is still to come.
func (d *Detector) forget(now time.Time) {
	for m, own := range d.own {
		own = slices.DeleteFunc(own, func(o span) bool { return !o.to.IsZero() && now.Sub(o.to) > d.threshold+2*d.preset.Own })
		if d.own[m] = own; len(own) == 0 {
			delete(d.own, m)
		}
	}
}

// tick notes how late it is.
func (d *Detector) tick(now time.Time) {
	d.now, d.until = now, now.Add(detect.TickEvery).Unix()
}

// Silent implements gap.Areas. What goes on sending, without a position, is heard.
func (d *Detector) Silent(s *gap.Start) {
	if s.Sending || d.reasons(s.MMSI, s.At) {
		return
	}
	w := d.window(regionOf(s.Leaf), d.windowOf(s.At))
	if w == nil || w.done {
		return
	}
	w.starts = append(w.starts, *s)
}

// Look implements gap.Areas.
func (d *Detector) Look(now time.Time, _ bool, emit detect.Emit) {
	d.tick(now)
	for r, reg := range d.regions {
		if reg == nil {
			continue
		}
		for i := range reg.windows {
			w := &reg.windows[i]
			if w.number == 0 || w.done {
				continue
			}
			over := now.Sub(d.begin(w.number+1)) > d.threshold+settled
			if len(w.starts) >= d.preset.Least && (over || !w.known) {
				d.judge(uint16(r), reg, w, over, emit)
			}
			if over {
				w.done = true
				reg.histogram[min(ships(w.starts), counts-1)]++
				reg.finished++
				w.starts = nil
			}
		}
	}
	d.forget(now)
}

func (d *Detector) begin(window int64) time.Time {
	return time.Unix(window*int64(d.preset.Window/time.Second), 0).UTC()
}

// limit is how many ships must fall silent in a region, and whether that is from
// its history.
func (d *Detector) limit(reg *region, w *window) (limit float64, history bool) {
	least := float64(d.preset.Least)
	if reg.finished < d.preset.History {
		return max(least, d.preset.Share*float64(w.ships)), false
	}
	return max(least, d.preset.Times*float64(reg.percentile(d.preset.Percentile))), true
}

// percentile is the count that a share of the windows did not exceed.
func (r *region) percentile(share float64) int {
	want, sum := uint32(math.Ceil(share*float64(r.finished))), uint32(0)
	for n, k := range r.histogram {
		if sum += k; sum >= want {
			return n
		}
	}
	return counts - 1
}

// judge decides whether a window was an outage, and tells it: when it is known,
// and with all ships when it is over.
func (d *Detector) judge(r uint16, reg *region, w *window, over bool, emit detect.Emit) {
	limit, history := d.limit(reg, w)
	suspect := 0
	for i := range w.starts {
		if w.starts[i].Suspect {
			suspect++
		}
	}
	n := ships(w.starts)
	if !w.known && (float64(n) < limit || float64(suspect) > d.preset.Suspect*float64(n)) {
		return
	}
	ev, text := d.event(r, w, limit, history)
	if ev.State = navicert.EventOpen; over {
		ev.State, ev.End = navicert.EventClosed, navicert.At(d.begin(w.number+1))
	}
	emit(ev)
	if !w.known {
		w.known = true
		if len(d.known) >= maxRemembered {
			d.known = slices.Delete(d.known, 0, maxRemembered/10)
		}
		d.known = append(d.known, outage{r, w.number, text, navicert.Evidence{
			Kind: navicert.EvidenceEvent, Source: "AIS", Ref: ev.ID, Text: text, Time: ev.Start, Position: ev.Position,
		}})
		d.changes++
	}
}

// ships is how many ships starts are of: two vessels may use one MMSI.
func ships(starts []gap.Start) int {
	seen := make(map[navicert.MMSI]bool, len(starts))
	for i := range starts {
		seen[starts[i].MMSI] = true
	}
	return len(seen)
}

func (d *Detector) event(r uint16, w *window, limit float64, history bool) (ev navicert.Event, text string) {
	cell := s2.CellFromCellID(s2.CellID(uint64(r)<<regionShift | 1<<(regionShift-1)))
	begin, end := d.begin(w.number), d.begin(w.number+1)
	starts := slices.Clone(w.starts)
	slices.SortStableFunc(starts, func(a, b gap.Start) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.MMSI, b.MMSI)) })
	zone := "s2-" + cell.ID().ToToken()
	ev = navicert.Event{
		ID: navicert.EventID(Kind, zone, detect.TimeKey(begin)), Kind: Kind, Zone: zone,
		Start: navicert.At(begin), Position: navicert.Some(position(cell.Center())),
		Measures: map[string]float64{"ships_silent": float64(ships(starts)), "ships_heard": float64(w.ships), "ships_needed": limit},
	}
	for i := range 4 {
		ev.Area = append(ev.Area, position(cell.Vertex(i)))
	}
	by := map[string]int{}
	for i, s := range starts {
		if s.Receiver != detect.Files {
			by[s.Receiver]++
		}
		ev.Simulated = ev.Simulated || s.Simulated
		if i < named {
			ev.Evidence = append(ev.Evidence, s.Evidence)
		}
	}
	receiver := ""
	for name, n := range by { // at most one passes, as the share is above a half
		if float64(n) > d.preset.Receiver*float64(len(starts)) {
			receiver = name
		}
	}
	basis := fmt.Sprintf("where a history is not known: %.0f are needed, %.0f %% of the ships heard there", limit, d.preset.Share*100)
	if history {
		basis = fmt.Sprintf("%.0f are needed, %g times what %.0f %% of the windows before did not exceed", limit, d.preset.Times, d.preset.Percentile*100)
	}
	text = fmt.Sprintf("at least %d ships of one region of some 310 nm fell silent between %s and %s", ships(starts), navicert.At(begin), navicert.At(end))
	class := "region"
	if receiver != "" {
		class = "receiver"
	}
	ev.Explanations = []string{
		detect.ClassText(class), fmt.Sprintf("%s, of about %d heard there then; %s", text, w.ships, basis),
	}
	if receiver != "" {
		text += fmt.Sprintf(", more than %.0f %% of them last heard by %s", d.preset.Receiver*100, receiver)
		ev.Explanations = append(ev.Explanations, fmt.Sprintf("more than %.0f %% of them were last heard by %s", d.preset.Receiver*100, receiver))
	}
	text += ": an outage of receivers, or jamming"
	ev.Explanations = append(
		ev.Explanations, "an outage of a receiver or of its link, interference, or a common order to switch off do this; which cannot be told from AIS",
	)
	return ev, text
}

func position(p s2.Point) navicert.Position {
	ll := s2.LatLngFromPoint(p)
	return navicert.Position{Lat: ll.Lat.Degrees(), Lon: ll.Lng.Degrees()}
}

// Explains implements gap.Areas.
func (d *Detector) Explains(leaf s2.CellID, at time.Time) (gap.Reason, bool) {
	r, w := regionOf(leaf), d.windowOf(at)
	for i := len(d.known) - 1; i >= 0; i-- {
		if o := &d.known[i]; o.region == r && o.window == w {
			return gap.Reason{Class: gap.Outage, Text: o.text, Evidence: o.event}, true
		}
	}
	return gap.Reason{}, false
}

// Changes implements gap.Areas.
func (d *Detector) Changes() int { return d.changes }

// State implements detect.Detector.
func (d *Detector) State(c *state.Coder) {
	c.Mark("feed_outage 2")
	state.Array(c, d.regions, func(c *state.Coder, r **region) {
		state.Ptr(c, r, func(c *state.Coder, r *region) {
			state.Array(c, r.histogram[:], state.Int[uint32])
			state.Int(c, &r.finished)
			state.Array(c, r.windows[:], func(c *state.Coder, w *window) {
				state.Int(c, &w.number)
				state.Int(c, &w.ships)
				state.Slice(c, &w.starts, func(c *state.Coder, s *gap.Start) { s.State(c) })
				c.Bool(&w.known)
				c.Bool(&w.done)
			})
		})
	})
	state.Slice(c, &d.heard, state.Int[uint32])
	state.Slice(c, &d.known, func(c *state.Coder, o *outage) {
		state.Int(c, &o.region)
		state.Int(c, &o.window)
		c.String(&o.text)
		c.Evidence(&o.event)
	})
	state.Map(c, &d.own, cmp.Compare[navicert.MMSI], state.Int[navicert.MMSI], func(c *state.Coder, own *[]span) {
		state.Slice(c, own, func(c *state.Coder, o *span) {
			c.String(&o.id)
			c.Time(&o.from)
			c.Time(&o.to)
		})
	})
	c.Time(&d.now)
	if c.Loads() && !d.now.IsZero() {
		d.tick(d.now)
	}
	state.Int(c, &d.changes)
}
