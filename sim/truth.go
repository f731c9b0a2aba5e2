package sim

import (
	"encoding/json"
	"io"
	"time"

	"navicert"
	"navicert/geo"
)

// TruthKind tells the truth's lines apart.
type TruthKind string

// The kinds of line, in the order in which they are written: one run, then for
// each ship its vessel line, its actions, its visits, its events and what only
// looks like them, then the events of places, then silences and reports as they
// happen.
const (
	TruthRun     TruthKind = "run"
	TruthVessel  TruthKind = "vessel"
	TruthAction  TruthKind = "action"
	TruthVisit   TruthKind = "visit"
	TruthSilence TruthKind = "silence"
	TruthFix     TruthKind = "fix"
	TruthStatic  TruthKind = "static"

	TruthEvent     TruthKind = "event"      // something that a detector should find, in its words
	TruthLookAlike TruthKind = "look_alike" // something innocent that looks like such an event
)

// Cause says why a ship was not heard.
type Cause string

// The causes of a silence.
const (
	CauseOff      Cause = "off"      // its transponder was off for some of it
	CauseCoverage Cause = "coverage" // it sent, and no receiver was in reach
	CauseOutage   Cause = "outage"   // it sent, and a receiver in reach was out
	CauseLeft     Cause = "left"     // its script had ended
	CauseJamming  Cause = "jamming"  // it sent, and had no position to send

	CauseRenumbered Cause = "renumbered" // it goes on under another number
)

// Truth is one line of the ground truth. A field that does not belong to the
// line's kind is absent.
type Truth struct {
	Truth       TruthKind                       `json:"truth"`
	Scenario    string                          `json:"scenario,omitempty"` // run
	Seed        uint64                          `json:"seed,omitempty"`     // run
	Simulated   bool                            `json:"simulated"`          // always true
	MMSI        navicert.MMSI                   `json:"mmsi,omitempty"`
	IMO         navicert.IMO                    `json:"imo,omitempty"`   // vessel
	Name        string                          `json:"name,omitempty"`  // vessel
	Kind        string                          `json:"kind,omitempty"`  // vessel; event, look_alike: of the event
	Class       string                          `json:"class,omitempty"` // event; look_alike: what it is
	Other       navicert.MMSI                   `json:"other,omitempty"` // event, look_alike
	Flag        navicert.Flag                   `json:"flag,omitempty"`  // vessel
	Action      ActionKind                      `json:"action,omitempty"`
	With        navicert.MMSI                   `json:"with,omitempty"` // action beside
	Area        string                          `json:"area,omitempty"` // visit, event of a place
	Port        string                          `json:"port,omitempty"` // event port_visit
	Start       navicert.Instant                `json:"start,omitzero"` // silence: of the last report heard
	End         navicert.Instant                `json:"end,omitzero"`   // silence: of the next one, absent when none came
	Position    navicert.Opt[navicert.Position] `json:"position,omitzero"`
	EndPosition navicert.Opt[navicert.Position] `json:"end_position,omitzero"`
	Cause       Cause                           `json:"cause,omitempty"`  // silence
	Why         string                          `json:"why,omitempty"`    // silence, event: the scenario's words
	Missed      int                             `json:"missed,omitempty"` // silence: positions sent and not heard
	Fix         *navicert.Fix                   `json:"fix,omitempty"`
	Static      *navicert.Static                `json:"static,omitempty"`
}

// truthWriter writes lines of truth; a nil one writes nothing.
type truthWriter struct{ enc *json.Encoder }

func newTruthWriter(w io.Writer) *truthWriter {
	if w == nil {
		return nil
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &truthWriter{enc}
}

func (w *truthWriter) write(t Truth) error {
	if w == nil {
		return nil
	}
	t.Simulated = true
	return w.enc.Encode(t)
}

// plans writes what is settled before the world starts.
func (w *World) plannedTruth(tw *truthWriter) error {
	if tw == nil {
		return nil
	}
	err := tw.write(Truth{
		Truth: TruthRun, Scenario: w.sc.Name, Seed: w.seed,
		Start: navicert.At(w.from), End: navicert.At(w.to),
	})
	for _, p := range w.plans {
		if err != nil {
			return err
		}
		err = w.vesselTruth(tw, p)
	}
	for _, t := range w.placeEvents() {
		if err != nil {
			return err
		}
		err = tw.write(t)
	}
	return err
}

func (w *World) vesselTruth(tw *truthWriter, p *plan) error {
	mmsi := navicert.MMSI(p.v.MMSI)
	flag, _ := mmsi.Flag()
	imo := navicert.IMO(p.v.IMO)
	if !imo.Valid() { // told by its event
		imo = 0
	}
	if err := tw.write(Truth{
		Truth: TruthVessel, MMSI: mmsi, IMO: imo, Name: p.v.Name, Kind: p.v.Kind, Flag: flag,
		Start: navicert.At(p.starts()), End: navicert.At(p.ends()),
	}); err != nil {
		return err
	}
	for _, a := range p.actions {
		t := Truth{
			Truth: TruthAction, MMSI: mmsi, Action: a.kind, Start: navicert.At(a.from), End: navicert.At(a.to),
			Position: navicert.Some(a.a), EndPosition: navicert.Some(a.b),
		}
		if a.with != nil {
			t.With = navicert.MMSI(a.with.v.MMSI)
		}
		if err := tw.write(t); err != nil {
			return err
		}
	}
	for _, name := range w.visited {
		for _, v := range visits(p, w.areas[name]) {
			if err := tw.write(Truth{
				Truth: TruthVisit, MMSI: mmsi, Area: name, Start: navicert.At(v.from), End: navicert.At(v.to),
				Position: navicert.Some(p.at(v.from).pos), EndPosition: navicert.Some(p.at(v.to).pos),
			}); err != nil {
				return err
			}
		}
	}
	for _, t := range w.shipEvents(p) {
		if err := tw.write(t); err != nil {
			return err
		}
	}
	return nil
}

type span struct{ from, to time.Time }

// besideStep is how finely a ship beside another is followed over an area's
// edge.
const besideStep = time.Minute

// visits returns when a ship truly was in an area.
func visits(p *plan, area *geo.Area) []span {
	var out []span
	inside := func(from, to time.Time) {
		if n := len(out); n > 0 && !out[n-1].to.Before(from) {
			out[n-1].to = to
		} else if to.After(from) {
			out = append(out, span{from, to})
		}
	}
	for i := range p.legs {
		l := &p.legs[i]
		if l.kind != Besiding {
			straightVisits(l.a, l.b, l.from, l.to, area, inside)
			continue
		}
		for t := l.from; t.Before(l.to); t = t.Add(besideStep) {
			next := t.Add(besideStep)
			if next.After(l.to) {
				next = l.to
			}
			straightVisits(l.at(t).pos, l.at(next).pos, t, next, area, inside)
		}
	}
	return out
}

// straightVisits finds the visits on one great circle run at constant speed.
func straightVisits(a, b navicert.Position, from, to time.Time, area *geo.Area, inside func(from, to time.Time)) {
	in, since := area.Contains(a), from
	for _, x := range area.Leg(a, b) {
		t := from.Add(time.Duration(x.Fraction * float64(to.Sub(from))))
		if in && !x.Entering {
			inside(since, t)
		}
		in, since = x.Entering, t
	}
	if in {
		inside(since, to)
	}
}
