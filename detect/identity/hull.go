package identity

import (
	"fmt"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/track/state"
)

// hull is what is known of an IMO number, whatever MMSIs it was sent under.
type hull struct {
	mmsi   navicert.MMSI
	seen         // under that MMSI
	vessel int32 // the index of the one that said so last
	*moves       // nil of most, which keep their number
}

// moves is what is known of a hull that more than one MMSI sent.
type moves struct {
	next    *candidate   // another MMSI that sends the number
	changes []flagChange // of flag, the newest maxFlags
}

// flagChange is a change of flag, by the first digits of the MMSI.
type flagChange struct {
	at       uint32 // first heard
	from, to navicert.MMSI
}

// maxFlags is how many changes of flag are kept: what five in a year need.
const maxFlags = 5

// maxHulls is how many IMO numbers are held; there are some 100,000 ships in
// service that have one.
const maxHulls = 1_000_000

func hullState(c *state.Coder, h *hull) {
	state.Int(c, &h.mmsi)
	seenState(c, &h.seen)
	state.Int(c, &h.vessel)
	state.Ptr(c, &h.moves, func(c *state.Coder, m *moves) {
		state.Ptr(c, &m.next, candidateState)
		state.Slice(c, &m.changes, func(c *state.Coder, f *flagChange) {
			state.Int(c, &f.at)
			state.Int(c, &f.from)
			state.Int(c, &f.to)
		})
	})
}

// sail looks at the MMSI under which an IMO number is sent. A number that two
// MMSIs send in turn is no change: package duplicate tells that.
func (d *Detector) sail(x *report) {
	h := d.hulls[x.r.IMO]
	m := x.v.MMSI
	switch {
	case h == nil:
		if len(d.hulls) < maxHulls {
			d.hulls[x.r.IMO] = &hull{mmsi: m, seen: seen{x.at, x.at, 1}, vessel: int32(x.v.Index)}
		}
		return
	case h.mmsi == m:
		h.again(x.at)
		if h.vessel = int32(x.v.Index); h.moves != nil {
			h.next = nil
		}
		return
	case h.moves == nil:
		h.moves = &moves{next: newCandidate("", uint32(m), x.at, x.r.Ref.Source)}
	case h.next == nil || h.next.number != uint32(m):
		h.next = newCandidate("", uint32(m), x.at, x.r.Ref.Source)
	default:
		h.next.take(x.at, x.r.Ref.Source)
	}
	c := h.next
	if !d.enough(c) {
		return
	}
	if int(h.reports) >= d.preset.Reports {
		ref := d.ref(d.ships[h.vessel])
		x.changed(change{MMSI, h.mmsi.String(), m.String(), h.seen, c.seen, ref})
		if from, to := flagOf(h.mmsi), flagOf(m); from != to {
			x.changed(change{Flag, from, to, h.seen, c.seen, ref})
			h.changes = append(h.changes, flagChange{c.first, h.mmsi, m})
			if len(h.changes) > maxFlags {
				h.changes = h.changes[1:]
			}
			d.hopping(x, h)
		}
	}
	h.mmsi, h.seen, h.vessel, h.next = m, c.seen, int32(x.v.Index), nil
}

// flagOf names the flag of an MMSI, or its first digits when they are given to
// nobody.
func flagOf(m navicert.MMSI) string {
	if f, ok := m.Flag(); ok {
		return string(f)
	}
	return fmt.Sprintf("none (%d)", m.MID())
}

// hopping tells when the flag changed often.
func (d *Detector) hopping(x *report, h *hull) {
	n := len(h.changes)
	within := func(count int, limit time.Duration) bool {
		return n >= count && h.changes[n-1].at-h.changes[n-count].at <= uint32(limit.Seconds())
	}
	class, count, limit := Class(""), 0, time.Duration(0)
	switch p := &d.preset; {
	case within(5, p.FiveWithin):
		class, count, limit = FiveIn365, 5, p.FiveWithin
	case within(3, p.ThreeWithin):
		class, count, limit = ThreeIn90, 3, p.ThreeWithin
	case within(2, p.TwoWithin):
		class, count, limit = TwoIn90, 2, p.TwoWithin
	default:
		return
	}
	changes := h.changes[n-count:]
	ev := navicert.Event{
		ID:   navicert.EventID(KindHopping, string(class), x.r.IMO.String(), fmt.Sprint(changes[0].at)),
		Kind: KindHopping, MMSI: x.v.MMSI, IMO: x.r.IMO, State: navicert.EventClosed,
		Start: instant(changes[0].at), End: instant(changes[count-1].at),
		Measures:     map[string]float64{"changes": float64(count), "within_days": limit.Hours() / 24},
		Evidence:     []navicert.Evidence{detect.ReportEvidence(x.r)},
		Explanations: []string{detect.ClassText(class)},
		Simulated:    x.r.Simulated,
	}
	for _, f := range changes {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf("from %s (%s) to %s (%s), first heard %s", flagOf(f.from), f.from, flagOf(f.to), f.to, instant(f.at)))
	}
	ev.Explanations = append(
		ev.Explanations,
		"the days are those on which AIS first told the new number here; no register was looked into",
		"a sale often brings an interim flag and then another; a flag alone says nothing of a ship",
	)
	if at := x.v.Last(); at != nil {
		ev.Position = navicert.Some(at.Pos)
	}
	x.emit(ev)
}
