package sim

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"navicert"
	"navicert/geo"
)

// The kinds of event in the truth, by the names of the detectors that look for
// them. docs/simulate.md says what makes each.
const (
	EventEncounter   = "encounter"
	EventTransfer    = "transfer"
	EventLoitering   = "loitering"
	EventPortVisit   = "port_visit"
	EventDraught     = "draught_change"
	EventSpoofing    = "spoofing"
	EventDuplicate   = "duplicate_mmsi"
	EventIdentity    = "identity_change"
	EventFlagHopping = "flag_hopping"
	EventInvalid     = "invalid_identity"
	EventDestination = "destination_mismatch"
	EventFeedOutage  = "feed_outage"
	EventJamming     = "jamming"
	EventGap         = "gap"
	EventDisabling   = "possible_disabling"
	EventZone        = "zone"
	classPortCall    = "port_call"
	classAnchorage   = "anchorage_visit"
	classUnderWay    = "under_way"
	classAtRest      = "at_rest"
	classLoading     = "loaded"
	classDischarging = "discharged"
	classFlag        = "flag"
	className        = "name"
	classCallSign    = "call_sign"
	classIMO         = "imo"
	classMMSI        = "mmsi"
	classMID         = "mid"
)

// The published definitions by which the truth calls something an event (facts:
// docs/behaviour.md): of an encounter GFW's, of a draught change RadianceFleet's
// smallest, of a port call the range in which GFW holds a ship to be in port, of
// flag hopping RadianceFleet's.
const (
	encounterM     = 500.0
	encounterTime  = 2 * time.Hour
	encounterKn    = 2.0
	encounterOffKM = 10.0
	draughtM       = 1.0
	PortReachNM    = 3000 / geo.MetresPerNM
	sameVisit      = 2 * time.Hour // of a shift within the port, ours
	hoppingChanges = 2
	hoppingTime    = 90 * 24 * time.Hour
)

// labelKinds are the kinds that a scenario may state itself.
var labelKinds = []string{
	EventEncounter, EventTransfer, EventLoitering, EventPortVisit, EventDraught, EventSpoofing, EventDuplicate, EventIdentity,
	EventFlagHopping, EventInvalid, EventDestination, EventGap, EventDisabling, EventZone,
}

// checkLabels refuses labels of what cannot be.
func (w *World) checkLabels(p *plan) *navicert.Error {
	for _, l := range slices.Concat(p.v.Events, p.v.LookAlikes) {
		bad := func(format string, args ...any) *navicert.Error {
			return navicert.Errorf(navicert.Invalid, "scenario", "vessel "+p.v.Name, format, args...)
		}
		switch {
		case !slices.Contains(labelKinds, l.Kind):
			return bad("states a %q, which no detector looks for", l.Kind)
		case !l.From.Before(l.To.Time) || l.From.Before(p.starts()) || l.To.After(p.ends()):
			return bad("states a %s from %s to %s, when it is not always there", l.Kind, l.From, l.To)
		case l.With != "" && w.planNamed(l.With) == nil:
			return bad("states a %s with %q, which is no ship", l.Kind, l.With)
		}
	}
	return nil
}

func (w *World) planNamed(name string) *plan {
	for _, p := range w.plans {
		if p.v.Name == name {
			return p
		}
	}
	return nil
}

// shipEvents are the events that a ship's plan makes, and what only looks like
// them, by kind and start. What a receiver must have heard of it is not asked:
// what was not heard was missed.
func (w *World) shipEvents(p *plan) []Truth {
	e := eventList{w: w, p: p}
	for i := range p.actions {
		e.action(&p.actions[i])
	}
	e.changes()
	for _, f := range p.v.Fake {
		e.add(TruthEvent, EventSpoofing, string(f.How), f.From.Time, f.To.Time, nil)
	}
	if p.v.Shares {
		e.duplicate()
	}
	if p.v.Invalid {
		e.invalid()
	}
	for _, l := range p.v.Events {
		e.add(TruthEvent, l.Kind, l.Class, l.From.Time, l.To.Time, w.planNamed(l.With))
	}
	for _, l := range p.v.LookAlikes {
		e.add(TruthLookAlike, l.Kind, l.Class, l.From.Time, l.To.Time, w.planNamed(l.With))
	}
	slices.SortStableFunc(e.list, func(a, b Truth) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), a.Start.Compare(b.Start.Time))
	})
	return e.list
}

// eventList collects a ship's events.
type eventList struct {
	w    *World
	p    *plan
	list []Truth
}

func (e *eventList) add(truth TruthKind, kind, class string, from, to time.Time, other *plan) *Truth {
	if !from.Before(e.w.to) || to.Before(e.w.from) { // not in the part that is played
		return new(Truth)
	}
	t := Truth{
		Truth: truth, Kind: kind, Class: class, MMSI: e.p.mmsiAt(from), Start: navicert.At(from), End: navicert.At(to),
		Position: navicert.Some(e.p.at(from).pos), EndPosition: navicert.Some(e.p.at(to).pos),
	}
	if other != nil {
		t.Other = other.mmsiAt(from)
	}
	e.list = append(e.list, t)
	return &e.list[len(e.list)-1]
}

func (e *eventList) action(a *action) {
	switch a.kind {
	case Drifting, Stopping:
		e.add(TruthEvent, EventLoitering, string(a.kind), a.from, a.to, nil)
	case Mooring, Anchoring:
		port, _ := e.w.nearestPort(a.a)
		if port == nil {
			return
		}
		class := classPortCall
		if a.kind == Anchoring || port.Kind == geo.Anchorage {
			class = classAnchorage
		}
		if n := len(e.list); n > 0 { // it did not leave meanwhile: one visit
			if v := &e.list[n-1]; v.Kind == EventPortVisit && v.Port == port.key && a.from.Sub(v.End.Time) <= sameVisit {
				v.End, v.EndPosition = navicert.At(a.to), navicert.Some(a.b)
				return
			}
		}
		e.add(TruthEvent, EventPortVisit, class, a.from, a.to, nil).Port = port.key
	case Besiding:
		e.meeting(a)
	}
}

// meeting says what being beside another ship is: by what the script says that
// it is for, and by the definition of an encounter.
func (e *eventList) meeting(a *action) {
	median := a.medianKn()
	_, km := e.w.nearestPort(a.a)
	switch is := a.beside.Is; is {
	case Transfer:
		class := classAtRest
		if median >= 1 {
			class = classUnderWay
		}
		e.add(TruthEvent, EventTransfer, class, a.from, a.to, a.with)
	case "", Encounter:
	default:
		e.add(TruthLookAlike, EventEncounter, string(is), a.from, a.to, a.with)
		e.add(TruthLookAlike, EventTransfer, string(is), a.from, a.to, a.with)
		return
	}
	if a.beside.DistanceM <= encounterM && a.to.Sub(a.from) >= encounterTime && median < encounterKn && km >= encounterOffKM {
		e.add(TruthEvent, EventEncounter, string(a.beside.Is), a.from, a.to, a.with)
	}
	if median < encounterKn { // it lies or drifts, too, and so does the other
		e.add(TruthEvent, EventLoitering, string(Besiding), a.from, a.to, a.with)
	}
}

// medianKn is the median speed of the ship that another is beside.
func (a *action) medianKn() float64 {
	const samples = 21
	var kn [samples]float64
	for i := range kn {
		kn[i] = a.with.at(a.from.Add(time.Duration(i) * a.to.Sub(a.from) / samples)).speedKn
	}
	slices.Sort(kn[:])
	return kn[samples/2]
}

// nearestPort returns the port within whose reach p lies, if any, and how many
// kilometres the nearest one is away.
func (w *World) nearestPort(p navicert.Position) (reached *port, km float64) {
	km = math.Inf(1)
	for i := range w.ports {
		nm := geo.DistanceNM(p, w.ports[i].pos)
		if d := nm * geo.MetresPerNM / 1000; d < km {
			km = d
			if nm <= PortReachNM {
				reached = &w.ports[i]
			}
		}
	}
	return reached, km
}

// changes finds what the changes of a ship's reports are.
func (e *eventList) changes() {
	v := e.p.v
	draught, name, callSign, mmsi, imo := v.DraughtM, v.Name, v.CallSign, navicert.MMSI(v.MMSI), v.IMO
	var flags []time.Time
	for _, c := range e.p.changes {
		r := c.report
		if r.DraughtM != nil {
			if by := *r.DraughtM - draught; draught > 0 && math.Abs(by) >= draughtM {
				class := classLoading
				if by < 0 {
					class = classDischarging
				}
				e.add(TruthEvent, EventDraught, class, c.at, c.at, nil)
			}
			draught = *r.DraughtM
		}
		if r.Name != nil && *r.Name != name {
			e.add(TruthEvent, EventIdentity, className, c.at, c.at, nil)
			name = *r.Name
		}
		if r.CallSign != nil && *r.CallSign != callSign {
			e.add(TruthEvent, EventIdentity, classCallSign, c.at, c.at, nil)
			callSign = *r.CallSign
		}
		if r.IMO != nil && *r.IMO != imo {
			e.add(TruthEvent, EventIdentity, classIMO, c.at, c.at, nil)
			imo = *r.IMO
		}
		if r.MMSI != nil && navicert.MMSI(*r.MMSI) != mmsi {
			e.add(TruthEvent, EventIdentity, classMMSI, c.at, c.at, nil)
			if now := navicert.MMSI(*r.MMSI); !sameCountry(now, mmsi) {
				e.add(TruthEvent, EventIdentity, classFlag, c.at, c.at, nil)
				flags = append(flags, c.at)
			}
			mmsi = navicert.MMSI(*r.MMSI)
		}
	}
	if n := len(flags); n >= hoppingChanges && flags[n-1].Sub(flags[n-hoppingChanges]) <= hoppingTime {
		e.add(TruthEvent, EventFlagHopping, "", flags[0], flags[n-1], nil)
	}
}

// sameCountry reports whether the first digits of two numbers are one country's:
// the great registers have several.
func sameCountry(a, b navicert.MMSI) bool {
	was, known := a.Flag()
	is, also := b.Flag()
	if !known || !also {
		return a.MID() == b.MID()
	}
	return was == is
}

// duplicate finds the later ships that share this one's number at the same time.
func (e *eventList) duplicate() {
	for _, other := range e.w.plans[e.p.order+1:] {
		if other.v.MMSI != e.p.v.MMSI {
			continue
		}
		from, to := later(e.p.starts(), other.starts()), earlier(e.p.ends(), other.ends())
		if from.Before(to) {
			e.add(TruthEvent, EventDuplicate, "", from, to, other)
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (e *eventList) invalid() {
	v := e.p.v
	mmsi, imo := navicert.MMSI(v.MMSI), navicert.IMO(v.IMO)
	from, to := e.p.starts(), e.p.ends()
	if mmsi.Kind() != navicert.MMSIShip {
		e.add(TruthEvent, EventInvalid, classMMSI, from, to, nil)
	} else if _, allocated := mmsi.Flag(); !allocated {
		e.add(TruthEvent, EventInvalid, classMID, from, to, nil)
	}
	if imo != 0 && !imo.Valid() {
		e.add(TruthEvent, EventInvalid, classIMO, from, to, nil).Why = fmt.Sprintf("%07d fails its check digit", uint32(imo))
	}
}

// placeEvents are the events of places: receivers that were out, areas that
// were jammed.
func (w *World) placeEvents() []Truth {
	var list []Truth
	for _, r := range w.stations {
		for _, o := range r.outages {
			t := Truth{Truth: TruthEvent, Kind: EventFeedOutage, Area: o.Area, Start: o.From, End: o.To, Why: o.Why}
			if !slices.Contains(list, t) { // several receivers failed at once: one outage
				list = append(list, t)
			}
		}
	}
	for _, j := range w.jamming {
		list = append(list, Truth{Truth: TruthEvent, Kind: EventJamming, Area: j.Area, Start: j.From, End: j.To, Why: j.Why})
	}
	return slices.DeleteFunc(list, func(t Truth) bool { return !t.Start.Before(w.to) || !t.End.After(w.from) })
}
