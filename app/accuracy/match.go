package accuracy

import (
	"cmp"
	"slices"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/approach"
	"navicert/sim"
)

// rule says which truth a kind of event has behind it, and when the two belong
// together.
type rule struct {
	kind string
	// wanted says whether a piece of truth is one of this kind that the published
	// definition reaches, so that it counts as missed when it is not found;
	// possible whether it explains an event of the kind. nil: as wanted.
	wanted, possible func(t *sim.Truth, m *month) bool
	// beside is the truth of another kind that explains events of one class, as the
	// definition of that class reaches it.
	beside      func(t *sim.Truth, m *month) bool
	besideClass string
	events      func(class string) bool // which of the kind's events count; nil: all
	name        string                  // in the report, when it is not the kind
	slack       time.Duration           // by how much times may miss each other
	detail      bool                    // a row of recall beside the kind's own: its events are counted there
	// foretells says that an event finds only what begins while it lasts, or within
	// this after.
	foretells time.Duration
}

// rules are those of all kinds.
//
//   - gap: the truth's silences, of more than six hours; of the class unexplained
//     those of which the ship itself is the cause; of the class explained those of
//     jamming, in which the ship sends on without a position. The class jamming, of
//     several that are lost near each other, has events only, right where the silence
//     was jammed.
//   - possible_disabling: silences of the ship's doing of twelve hours or more; the
//     months' ships switch off more than 50 miles from any shore.
//   - encounter, transfer: both ships.
//   - loitering: to be found, what lasts eight hours or more: the preset wants
//     four whole clock hours, seen.
//   - loitering, drifting, zone: what a ship does while it fakes or is silent is not
//     counted as missed.
//   - port_visit: to be found, those of ships that came or left, and that began two
//     hours before the end: the definition has no visit of a ship that never moves.
//   - spoofing of the class slow_roll is counted by itself: it is a tanker that makes
//     little way, which is true of what drifts.
//   - spoofing of the class jump is what RadianceFleet calls a reused MMSI: two fixes
//     under one number that no one ship can have sent. Where two ships share a number
//     it is right.
//   - duplicate_mmsi of the class two_tracks is two tracks at once that cannot be one
//     ship's, with no verdict on which is real. A ship that sends now its place and now
//     another, at a distance or where others are shown, makes two.
//   - spoofing of the class offset_cluster, of several ships that leap to one place, is
//     counted against those fakes alone, and with the others in the kind's row.
//   - drifting: a ship that drifts, or keeps beside one that does.
//   - zone: the same zone; to be found, visits of an hour or more.
//   - zone_approach: to be found, visits of an hour or more of ships that come into the
//     zone, by an event that goes on until then; right when the ship is in that zone
//     within a day. What was withdrawn before the time of entry that it told is counted
//     by itself.
//   - what has no duration (changes of draught and identity): a day, since it is
//     told when later reports confirm it.
//   - feed_outage, jamming: the event's position in the area or within its cell,
//     four degrees.
func rules() []rule {
	event := func(kind string) func(*sim.Truth, *month) bool {
		return func(t *sim.Truth, _ *month) bool { return t.Truth == sim.TruthEvent && t.Kind == kind }
	}
	lasting := func(is func(*sim.Truth, *month) bool, d time.Duration) func(*sim.Truth, *month) bool {
		return func(t *sim.Truth, m *month) bool { return is(t, m) && ends(t, m).Sub(t.Start.Time) >= d }
	}
	of := func(is func(*sim.Truth, *month) bool, class string) func(*sim.Truth, *month) bool {
		return func(t *sim.Truth, m *month) bool { return is(t, m) && t.Class == class }
	}
	silence := func(causes ...sim.Cause) func(*sim.Truth, *month) bool {
		return func(t *sim.Truth, _ *month) bool {
			return t.Truth == sim.TruthSilence && (len(causes) == 0 || slices.Contains(causes, t.Cause))
		}
	}
	visit := func(t *sim.Truth, _ *month) bool { return t.Truth == sim.TruthVisit }
	drift := func(t *sim.Truth, m *month) bool {
		return t.Truth == sim.TruthAction && t.Action == sim.Drifting
	}
	adrift := func(t *sim.Truth, m *month) bool {
		return drift(t, m) || t.Truth == sim.TruthAction && t.Action == sim.Besiding
	}
	seen := func(is func(*sim.Truth, *month) bool) func(*sim.Truth, *month) bool {
		return func(t *sim.Truth, m *month) bool { return is(t, m) && !m.hidden(t) }
	}
	only := func(c string) func(string) bool { return func(class string) bool { return class == c } }
	cluster := of(event(sim.EventSpoofing), string(sim.FakeCluster))
	twoPlaces := func(t *sim.Truth, m *month) bool {
		return cluster(t, m) || of(event(sim.EventSpoofing), string(sim.FakeOffset))(t, m)
	}
	list := []rule{
		{kind: sim.EventGap, wanted: silence(), slack: time.Hour},
		{kind: sim.EventGap, name: "gap: unexplained", wanted: silence(sim.CauseOff, sim.CauseRenumbered), events: only("unexplained"), slack: time.Hour},
		{kind: sim.EventGap, name: "gap: coverage", wanted: silence(sim.CauseCoverage), events: only("coverage"), slack: time.Hour},
		{kind: sim.EventGap, name: "gap: outage", wanted: silence(sim.CauseOutage), events: only("outage"), slack: time.Hour},
		{kind: sim.EventGap, name: "gap: explained", wanted: silence(sim.CauseJamming), events: only("explained"), slack: time.Hour},
		{kind: sim.EventGap, name: "gap: jamming", possible: silence(sim.CauseJamming), events: only("jamming"), slack: time.Hour},
		{kind: sim.EventDisabling, wanted: lasting(silence(sim.CauseOff), 12*time.Hour), possible: silence(sim.CauseOff, sim.CauseRenumbered), slack: time.Hour},
		{kind: sim.EventEncounter, wanted: event(sim.EventEncounter), slack: time.Hour},
		{kind: sim.EventTransfer, wanted: event(sim.EventTransfer), slack: time.Hour},
		{kind: sim.EventTransfer, name: "transfer: at_rest", wanted: of(event(sim.EventTransfer), "at_rest"), slack: time.Hour, detail: true},
		{kind: sim.EventTransfer, name: "transfer: under_way", wanted: of(event(sim.EventTransfer), "under_way"), slack: time.Hour, detail: true},
		{kind: sim.EventLoitering, wanted: seen(lasting(event(sim.EventLoitering), 8*time.Hour)), possible: event(sim.EventLoitering), slack: 2 * time.Hour},
		{kind: "drifting", wanted: seen(lasting(drift, time.Hour)), possible: adrift, slack: time.Hour},
		{kind: sim.EventPortVisit, wanted: func(t *sim.Truth, m *month) bool {
			return event(sim.EventPortVisit)(t, m) && m.arrivesOrLeaves(t)
		}, possible: event(sim.EventPortVisit), slack: 3 * time.Hour},
		{kind: sim.EventDraught, wanted: event(sim.EventDraught), slack: 24 * time.Hour},
		{
			kind: sim.EventSpoofing, wanted: event(sim.EventSpoofing), events: func(c string) bool { return c != "slow_roll" }, slack: time.Hour,
			beside: event(sim.EventDuplicate), besideClass: "jump",
		},
		{kind: sim.EventSpoofing, name: "spoofing: slow_roll", possible: adrift, events: only("slow_roll"), slack: time.Hour},
	}
	for _, how := range []sim.FakeKind{sim.FakeCircle, sim.FakeFrozen, sim.FakeSpeed, sim.FakeJump, sim.FakeLand, sim.FakeOffset} {
		list = append(list, rule{
			kind: sim.EventSpoofing, name: "spoofing: " + string(how), wanted: of(event(sim.EventSpoofing), string(how)), slack: time.Hour, detail: true,
		})
	}
	return append(list,
		rule{kind: sim.EventSpoofing, name: "spoofing: offset_cluster", wanted: cluster, events: only("offset_cluster"), slack: time.Hour},
		rule{
			kind: sim.EventDuplicate, wanted: event(sim.EventDuplicate), slack: time.Hour,
			beside: twoPlaces, besideClass: "two_tracks",
		},
		rule{kind: sim.EventIdentity, wanted: event(sim.EventIdentity), slack: 24 * time.Hour},
		rule{kind: sim.EventFlagHopping, wanted: event(sim.EventFlagHopping), slack: 24 * time.Hour},
		rule{kind: sim.EventInvalid, wanted: event(sim.EventInvalid), slack: time.Hour},
		rule{kind: sim.EventZone, wanted: seen(lasting(visit, time.Hour)), possible: visit, slack: time.Hour},
		rule{
			kind: approach.Kind, wanted: seen(func(t *sim.Truth, m *month) bool { return lasting(visit, time.Hour)(t, m) && m.comesInto(t) }), possible: visit,
			events: func(c string) bool { return c != string(approach.Withdrawn) }, slack: 24 * time.Hour, foretells: time.Hour,
		},
		rule{kind: approach.Kind, name: "zone_approach: withdrawn", possible: visit, events: only(string(approach.Withdrawn)), slack: 24 * time.Hour},
		rule{kind: sim.EventDestination, wanted: event(sim.EventDestination), slack: time.Hour},
		rule{kind: sim.EventFeedOutage, wanted: event(sim.EventFeedOutage), slack: 2 * time.Hour},
		rule{kind: sim.EventJamming, wanted: event(sim.EventJamming), slack: 2 * time.Hour},
	)
}

func (r *rule) title() string { return cmp.Or(r.name, r.kind) }

func (r *rule) explains(t *sim.Truth, m *month) bool {
	if r.possible != nil {
		return r.possible(t, m)
	}
	return r.wanted != nil && r.wanted(t, m)
}

// ends is when a piece of truth ends, at the latest with the month.
func ends(t *sim.Truth, m *month) time.Time {
	if t.End.IsZero() || t.End.After(m.to) {
		return m.to
	}
	return t.End.Time
}

// hidden reports whether the ship faked or was silent at the time of a truth.
func (m *month) hidden(t *sim.Truth) bool {
	for _, h := range m.covers[t.MMSI] {
		if h.Start.Before(ends(t, m)) && t.Start.Before(ends(h, m)) {
			return true
		}
	}
	return false
}

// arrivesOrLeaves reports whether a port visit has a beginning or an end that
// can be seen.
func (m *month) arrivesOrLeaves(t *sim.Truth) bool {
	came := t.Start.After(m.begins[t.MMSI].Add(time.Minute))
	return came && t.Start.Before(m.to.Add(-2*time.Hour)) || ends(t, m).Before(m.to)
}

// visitor is a ship with an area.
type visitor struct{ ship, area string }

// comesInto reports whether a ship comes from outside at the beginning of a visit: it
// was there before, and has not been in the area for an hour.
func (m *month) comesInto(t *sim.Truth) bool {
	if m.visits == nil {
		m.visits = map[visitor][]*sim.Truth{}
		for i := range m.truth {
			if v := &m.truth[i]; v.Truth == sim.TruthVisit {
				k := visitor{m.owner[i], v.Area}
				m.visits[k] = append(m.visits[k], v)
			}
		}
	}
	if !t.Start.After(m.begins[t.MMSI].Add(time.Hour)) {
		return false
	}
	for _, name := range m.ships[t.MMSI] {
		for _, v := range m.visits[visitor{name, t.Area}] {
			if v.Start.Before(t.Start.Time) && ends(v, m).After(t.Start.Add(-time.Hour)) {
				return false
			}
		}
	}
	return true
}

// foretells reports whether an event went on until a truth began, or nearly.
func foretells(ev *navicert.Event, t *sim.Truth, within time.Duration) bool {
	return ev.Start.Before(t.Start.Time) && (ev.End.IsZero() || !ev.End.Before(t.Start.Add(-within)))
}

// areaSlackNM is how far from a jammed or unheard area an event of it may be
// placed: the outage detector's regions are cells of some 310 miles.
const areaSlackNM = 240

// belongs reports whether an event tells of a piece of truth, both of one kind.
func (m *month) belongs(ev *navicert.Event, i int, slack time.Duration) bool {
	t := &m.truth[i]
	end := ev.End.Time
	if end.IsZero() {
		end = m.to
	}
	if ev.Start.After(ends(t, m).Add(slack)) || end.Before(t.Start.Add(-slack)) {
		return false
	}
	if t.MMSI == 0 { // of a place
		p, ok := ev.Position.Get()
		return ok && m.near(t.Area, p)
	}
	if t.Truth == sim.TruthVisit && ev.Zone != "" && ev.Zone != t.Area {
		return false
	}
	if t.Other != 0 && ev.Other != 0 {
		return m.same(ev.MMSI, i) && m.shares(ev.Other, t.Other) || m.same(ev.Other, i) && m.shares(ev.MMSI, t.Other)
	}
	return m.same(ev.MMSI, i) || ev.Other != 0 && m.same(ev.Other, i) || t.Other != 0 && m.shares(ev.MMSI, t.Other)
}

// same reports whether a number is that of the ship that a truth is of.
func (m *month) same(mmsi navicert.MMSI, i int) bool {
	if m.truth[i].MMSI == mmsi {
		return true
	}
	return m.owner[i] != "" && m.truth[i].Truth != sim.TruthSilence && slices.Contains(m.ships[mmsi], m.owner[i])
}

// shares reports whether one ship has had both numbers.
func (m *month) shares(a, b navicert.MMSI) bool {
	return a == b || slices.ContainsFunc(m.ships[a], func(name string) bool { return slices.Contains(m.ships[b], name) })
}

func (m *month) near(area string, p navicert.Position) bool {
	for _, a := range m.world.Areas() {
		if a.Name == area {
			return a.Area.Contains(p) || a.Area.DistanceNM(p) <= areaSlackNM
		}
	}
	return false
}

// board keeps the count.
type board struct {
	rules  []rule
	counts []Figure
	alike  map[[2]string]*LookAlike
	misses []Miss

	forecasts []Forecasts
}

func newBoard() *board {
	b := &board{rules: rules(), alike: map[[2]string]*LookAlike{}}
	from := 0.0
	for _, to := range []float64{0.5, 1, 2, 3, 6, 9, 12, 15, 18, 24} {
		b.forecasts = append(b.forecasts, Forecasts{FromHours: from, ToHours: to})
		from = to
	}
	for i := range b.rules {
		b.counts = append(b.counts, Figure{Kind: b.rules[i].title(), OneClass: b.rules[i].detail})
	}
	return b
}

// index finds the truth and the events of a ship quickly.
type index map[navicert.MMSI][]int

// match counts a month.
func (b *board) match(m *month) {
	m.covers = map[navicert.MMSI][]*sim.Truth{}
	for i := range m.truth {
		if t := &m.truth[i]; t.Truth == sim.TruthSilence || t.Truth == sim.TruthEvent && t.Kind == sim.EventSpoofing {
			m.covers[t.MMSI] = append(m.covers[t.MMSI], t)
		}
	}
	byKind := map[string][]int{}
	for i := range m.events {
		byKind[m.events[i].Kind] = append(byKind[m.events[i].Kind], i)
	}
	for i := range b.rules {
		b.rule(m, &b.rules[i], &b.counts[i], byKind[b.rules[i].kind])
	}
	known := map[string]bool{}
	for i := range b.rules {
		known[b.rules[i].kind] = true
	}
	for kind, events := range byKind { // a kind that nobody has written a rule for is told, not hidden
		if !known[kind] {
			b.unruled(kind, len(events))
		}
	}
	b.lookAlikes(m, byKind)
}

func (b *board) unruled(kind string, n int) {
	title := kind + " (no rule)"
	i := slices.IndexFunc(b.counts[len(b.rules):], func(f Figure) bool { return f.Kind == title })
	if i < 0 {
		b.counts = append(b.counts, Figure{Kind: title})
		i = len(b.counts) - 1 - len(b.rules)
	}
	b.counts[len(b.rules)+i].Events += n
}

func (b *board) rule(m *month, r *rule, f *Figure, events []int) {
	var counted []int
	for _, i := range events {
		if r.events == nil || r.events(detect.ClassOf(m.events[i])) {
			counted = append(counted, i)
		}
	}
	ofShip := index{}
	for _, i := range counted {
		ev := &m.events[i]
		ofShip[ev.MMSI] = append(ofShip[ev.MMSI], i)
		if ev.Other != 0 {
			ofShip[ev.Other] = append(ofShip[ev.Other], i)
		}
	}
	behind := map[int]bool{}
	for i := range m.truth {
		t := &m.truth[i]
		wanted := r.wanted != nil && r.wanted(t, m)
		explains := wanted || r.explains(t, m)
		beside := !explains && r.beside != nil && r.beside(t, m)
		if !explains && !beside {
			continue
		}
		found := false
		for _, k := range m.candidates(i, counted, ofShip) {
			if m.belongs(&m.events[k], i, r.slack) && (explains || detect.ClassOf(m.events[k]) == r.besideClass) {
				behind[k] = true
				found = found || r.foretells == 0 || foretells(&m.events[k], t, r.foretells)
			}
		}
		if !wanted {
			continue
		}
		f.Truths++
		if found {
			f.Found++
		} else if !r.detail {
			b.misses = append(b.misses, Miss{What: "missed", Kind: r.title(), Seed: m.seed, Truth: t})
		}
	}
	if r.detail {
		return
	}
	f.Events += len(counted)
	for _, k := range counted {
		if r.kind == approach.Kind {
			b.forecast(&m.events[k], behind[k])
		}
		if !behind[k] {
			f.False++
			b.misses = append(b.misses, Miss{What: "false", Kind: r.title(), Seed: m.seed, Event: &m.events[k], Like: m.like(&m.events[k])})
		}
	}
}

// forecast counts an approach by the hours that were left.
func (b *board) forecast(ev *navicert.Event, came bool) {
	hours := ev.Measures["first_hours_to_entry"]
	i := slices.IndexFunc(b.forecasts, func(f Forecasts) bool { return hours <= f.ToHours })
	if i < 0 {
		i = len(b.forecasts) - 1
	}
	f := &b.forecasts[i]
	f.Told++
	switch {
	case detect.ClassOf(*ev) == string(approach.Withdrawn):
		f.Withdrawn++
	case came:
		f.Entered++
	default:
		f.False++
	}
}

// candidates are the events that may belong to a piece of truth.
func (m *month) candidates(i int, counted []int, ofShip index) []int {
	t := &m.truth[i]
	if t.MMSI == 0 {
		return counted
	}
	var list []int
	numbers := []navicert.MMSI{t.MMSI}
	if t.Truth != sim.TruthSilence && m.owner[i] != "" {
		numbers = m.numbers(m.owner[i])
	}
	if t.Other != 0 && !slices.Contains(numbers, t.Other) {
		numbers = append(slices.Clone(numbers), t.Other)
	}
	for _, n := range numbers {
		list = append(list, ofShip[n]...)
	}
	return list
}

// numbers are all that a ship has had.
func (m *month) numbers(ship string) []navicert.MMSI {
	if m.had == nil {
		m.had = map[string][]navicert.MMSI{}
		for mmsi, names := range m.ships {
			for _, name := range names {
				m.had[name] = append(m.had[name], mmsi)
			}
		}
	}
	return m.had[ship]
}

// like says what innocent thing an event tells of, "" when of none.
func (m *month) like(ev *navicert.Event) string {
	for i := range m.truth {
		t := &m.truth[i]
		if t.Truth == sim.TruthLookAlike && m.belongs(ev, i, time.Hour) {
			return t.Class
		}
		if t.Truth == sim.TruthEvent && t.Kind == sim.EventDuplicate && ev.Kind != sim.EventDuplicate && (ev.MMSI == t.MMSI || ev.Other == t.MMSI) {
			return "two ships under one number"
		}
		if t.Truth == sim.TruthEvent && t.Kind == sim.EventSpoofing && ev.Kind != sim.EventSpoofing && m.belongs(ev, i, time.Hour) {
			return "spoofing: " + t.Class
		}
		if t.Truth == sim.TruthSilence && (ev.Kind == sim.EventGap || ev.Kind == sim.EventDisabling) && m.belongs(ev, i, time.Hour) {
			return "silence: " + string(t.Cause)
		}
	}
	return ""
}

// lookAlikes counts how often innocent things were told as events.
func (b *board) lookAlikes(m *month, byKind map[string][]int) {
	for i := range m.truth {
		t := &m.truth[i]
		is, like := t.Class, t.Kind
		switch {
		case t.Truth == sim.TruthLookAlike:
		case t.Truth == sim.TruthSilence && (t.Cause == sim.CauseCoverage || t.Cause == sim.CauseOutage || t.Cause == sim.CauseJamming):
			is, like = "silence: "+string(t.Cause), "gap: unexplained"
		default:
			continue
		}
		l := b.alike[[2]string{is, like}]
		if l == nil {
			l = &LookAlike{Is: is, Like: like, Called: map[string]int{}}
			b.alike[[2]string{is, like}] = l
		}
		l.Times++
		kind := like
		if t.Truth == sim.TruthSilence {
			kind = sim.EventGap
		}
		told := false
		for _, k := range byKind[kind] {
			if ev := &m.events[k]; m.belongs(ev, i, time.Hour) && overlaps(ev, t, m) {
				c := cmp.Or(detect.ClassOf(*ev), "none")
				l.Called[c]++
				told = told || kind != sim.EventGap || c == "unexplained"
			}
		}
		if told {
			l.Told++
		}
	}
}

// overlaps reports whether an event and a truth overlap for a time.
func overlaps(ev *navicert.Event, t *sim.Truth, m *month) bool {
	return ev.Start.Before(ends(t, m)) && (ev.End.IsZero() || ev.End.After(t.Start.Time))
}

func (b *board) figures() []Figure { return b.counts }

func (b *board) likes() []LookAlike {
	var list []LookAlike
	for _, l := range b.alike {
		list = append(list, *l)
	}
	slices.SortFunc(list, func(a, b LookAlike) int { return cmp.Or(cmp.Compare(a.Like, b.Like), cmp.Compare(a.Is, b.Is)) })
	return list
}
