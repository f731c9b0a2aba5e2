package encounter

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/track"
	"navicert/track/brief"
)

// KindTransfer is the kind of the events of transfers.
const KindTransfer = "transfer"

// The classes of a transfer.
const (
	AtRest   = "at_rest"
	UnderWay = "under_way"
)

// Transfers finds what looks like a ship-to-ship transfer between two tankers.
// Make one with [NewTransfer].
type Transfers struct {
	preset     TransferPreset
	seconds    int64      // of the preset's Bucket
	ports      *geo.Ports // with a quay
	anchorages *geo.Ports
	known      bool // any port
	names      brief.Names
	ships      []*tankerShip // by vessel, nil for those that never said they are tankers
	rest       watch
	way        watch
	near       near
	leaps      leaps
	began      int64 // the bucket in which the input begins

	window window
	step   *detect.Step // during Step, for takeUnderWay
	takeFn func(Sample)
}

// tankerShip is what is known of a tanker.
type tankerShip struct {
	ship
	before report // its report in the newest bucket that was worked through
}

// report is where a tanker was and how it moved, in a bucket or at a moment.
type report struct {
	vessel, segment int32
	slot            int64
	at              place
	speed, course   float32 // course is its heading when it sends one
	directed        bool    // the course is known
	leapt           bool    // it is there only by a leap
	fix             brief.Fix
}

// watch follows pairs through slots of time.
type watch struct {
	class string
	slots map[int64][]report
	done  int64
	list  []*streak
	by    map[pairKey]*streak
}

// streak is slots in a row in which two tankers are together.
type streak struct {
	vessel, segment [2]int32
	ship            [2]identity
	n               int
	first, last     int64
	metres, least   float64 // the sum and the least
	knots           float64
	undirected      int // in how many a course is not known
	anchorage       string
	approach        string
	evidence        [4]brief.Fix // of both at the first, and at the last
	parted          bool         // both were heard after the last, not together
	told            bool         // or would have been, if it belonged to this input
	leapt           [2]bool      // one of them came there by a leap
	owed            bool         // and still is to be
}

// NewTransfer returns a detector of transfers.
func NewTransfer(p TransferPreset, ports *geo.Ports) *Transfers {
	t := &Transfers{
		preset: p, seconds: int64(p.Bucket / time.Second), known: ports.Len() > 0, began: math.MinInt64, leaps: leaps{preset: p.Leaps},
		// At a terminal in the sea tankers lie side by side to transfer.
		ports:      ports.Where(func(port *geo.Port) bool { return port.Kind != geo.Anchorage && !port.Offshore }),
		anchorages: ports.Where(func(port *geo.Port) bool { return port.Kind == geo.Anchorage }),
	}
	t.rest, t.way = newWatch(AtRest), newWatch(UnderWay)
	t.takeFn = t.takeUnderWay
	return t
}

func newWatch(class string) watch {
	return watch{class: class, slots: map[int64][]report{}, done: math.MinInt64, by: map[pairKey]*streak{}}
}

// Kind implements detect.Detector.
func (t *Transfers) Kind() string { return KindTransfer }

// Step implements detect.Detector.
func (t *Transfers) Step(s *detect.Step, _ detect.Emit) {
	t.take(s) // of the fix before it too, which lies before a leap
	t.leaps.see(s)
}

func (t *Transfers) take(s *detect.Step) {
	if n, ok := s.Vessel.Identity.ShipType.Get(); !ok || n < 80 || n > 89 {
		return
	}
	prev := s.Prev
	if prev == nil || s.Fix.Average || prev.Average {
		return
	}
	if b := t.bucket(prev.Time); b != t.bucket(s.Fix.Time) {
		t.takeAtRest(s.Vessel, prev, int32(s.Vessel.Segment)-int32(b2i(s.NewSegment)), b)
	}
	if s.NewSegment || t.window.holds(&t.preset.Grid, prev.Time.Unix(), s.Unix()) {
		return
	}
	if min(prev.SpeedKn.Or(0), s.Fix.SpeedKn.Or(0)) <= t.preset.UnderWayTo {
		t.step = s
		t.preset.Grid.Leg(prev, s.Fix, t.takeFn)
	}
}

func (t *Transfers) bucket(at time.Time) int64 { return at.Unix() / t.seconds }

// takeAtRest holds the last fix of a bucket.
func (t *Transfers) takeAtRest(v *track.Vessel, f *navicert.Fix, segment int32, bucket int64) {
	if speed := f.SpeedKn.Or(math.Inf(1)); bucket <= t.rest.done || speed > max(t.preset.BelowKn, t.preset.ApproachToKn) {
		return
	}
	r := t.report(v, f, segment, bucket)
	t.rest.slots[bucket] = append(t.rest.slots[bucket], r)
}

// takeUnderWay holds a moment of the grid.
func (t *Transfers) takeUnderWay(x Sample) {
	s := t.step
	if x.Slot <= t.way.done || x.SpeedKn > t.preset.UnderWayTo || x.SpeedKn < t.preset.UnderWayFrom {
		return
	}
	f := s.Fix
	if at := t.preset.Grid.Time(x.Slot); at.Sub(s.Prev.Time) < s.Fix.Time.Sub(at) {
		f = s.Prev
	}
	r := t.report(s.Vessel, f, int32(s.Vessel.Segment), x.Slot)
	r.at, r.speed = placeOf(x.Pos), float32(x.SpeedKn)
	if c, ok := f.CourseDeg.Get(); ok { // under way the course over ground is the better one
		r.course = float32(c)
	}
	t.way.slots[x.Slot] = append(t.way.slots[x.Slot], r)
}

func (t *Transfers) report(v *track.Vessel, f *navicert.Fix, segment int32, slot int64) report {
	for len(t.ships) <= v.Index {
		t.ships = append(t.ships, nil)
	}
	if t.ships[v.Index] == nil {
		t.ships[v.Index] = &tankerShip{ship: ship{slot: math.MinInt64}}
	}
	who := &t.ships[v.Index].ship
	who.mmsi, who.imo, who.kind = v.MMSI, v.Identity.IMO, uint8(v.Identity.ShipType.Or(0))
	r := report{vessel: int32(v.Index), segment: segment, slot: slot, at: placeOf(f.Pos), speed: float32(f.SpeedKn.Or(0)), leapt: t.leaps.has(int32(v.Index)), fix: t.names.Of(f)}
	if h, ok := f.HeadingDeg.Get(); ok {
		r.course, r.directed = float32(h), true
	} else if c, ok := f.CourseDeg.Get(); ok {
		r.course, r.directed = float32(c), true
	}
	return r
}

// restWait is how long after its end a bucket is worked through: its last fix is
// known when the next one comes.
const restWait = time.Hour

// Tick implements detect.Ticker. As with encounters, what is recalled of the time
// before the input comes first.
func (t *Transfers) Tick(now time.Time, emit detect.Emit) {
	bucket, slot := t.bucket(now.Add(-restWait))-1, t.preset.Grid.slotOf(now.Add(-t.preset.Grid.MaxGap))-1
	if t.began == math.MinInt64 {
		t.began = t.bucket(now)
	}
	if bucket >= t.began {
		t.work(&t.rest, bucket, bucket, emit)
		t.work(&t.way, slot, slot, emit)
	}
}

// End implements detect.Detector.
func (t *Transfers) End(v *track.Vessel, _ detect.End, _ detect.Emit) {
	if n, ok := v.Identity.ShipType.Get(); ok && n >= 80 && n <= 89 && !v.Last().Average {
		t.takeAtRest(v, v.Last(), int32(v.Segment), t.bucket(v.Last().Time))
	}
}

// Finish implements detect.Finisher: what came up to the last slot but one that
// the input reaches may last, and stays open.
func (t *Transfers) Finish(end detect.End, emit detect.Emit) {
	bucket, slot := t.bucket(end.At), t.preset.Grid.slotOf(end.At)
	t.work(&t.rest, bucket, bucket-1, emit)
	t.work(&t.way, slot, slot-1, emit)
}

// work takes the slots up to and with last, and ends the streaks that did not
// come up to another.
func (t *Transfers) work(w *watch, last, upTo int64, emit detect.Emit) {
	if last <= w.done {
		return
	}
	var due []int64
	for slot := range w.slots {
		if slot <= last {
			due = append(due, slot)
		}
	}
	slices.Sort(due)
	for _, slot := range due {
		t.broken(w, slot-1, emit)
		t.together(w, slot, w.slots[slot], emit)
		delete(w.slots, slot)
	}
	t.broken(w, upTo, emit)
	w.done = last
}

// broken ends the streaks that did not come up to a slot.
func (t *Transfers) broken(w *watch, slot int64, emit detect.Emit) {
	kept := w.list[:0]
	for _, k := range w.list {
		unheard := int64(0)
		if w.class == AtRest && slot-k.last > 0 && !k.parted {
			unheard = int64(t.preset.Unheard)
		}
		if k.last >= slot-unheard {
			kept = append(kept, k)
			continue
		}
		if _, end := t.times(w, k); k.told && t.bucket(end)+1 >= t.began { // else it was told before this input
			emit(t.event(w, k, true))
		}
		delete(w.by, pairKey{k.vessel, k.segment})
	}
	clear(w.list[len(kept):])
	w.list = kept
}

// together takes one slot.
func (t *Transfers) together(w *watch, slot int64, reports []report, emit detect.Emit) {
	slices.SortFunc(reports, func(a, b report) int {
		return cmp.Or(cmp.Compare(t.ships[a.vessel].mmsi, t.ships[b.vessel].mmsi), cmp.Compare(a.vessel, b.vessel))
	})
	within := t.preset.WithinM
	if w.class == UnderWay {
		within = t.preset.UnderWayM
	}
	for _, e := range t.near.within(len(reports), func(i int) place { return reports[i].at }, within, math.MaxInt) {
		if e.own >= e.other {
			continue
		}
		a, b := &reports[e.own], &reports[e.other]
		if a.leapt && b.leapt {
			continue // where they are is in doubt
		}
		need := 0
		anchorage := ""
		if w.class == UnderWay {
			need = t.underWay(a, b)
		} else {
			need, anchorage = t.atRest(a, b, e.metres)
		}
		if need == 0 || t.inPort(a) {
			continue
		}
		k := t.streak(w, a, b)
		k.take(slot, a, b, e.metres)
		if anchorage != "" {
			k.anchorage = anchorage
		}
		if w.class == AtRest && k.anchorage != "" {
			need = t.preset.AnchorageBuckets
		}
		if k.n >= need && !k.told {
			k.told = true
			k.owed = true
		}
		if _, end := t.times(w, k); k.owed && t.bucket(end)+1 >= t.began {
			k.owed = false
			emit(t.event(w, k, false))
		}
	}
	if w.class != AtRest {
		return
	}
	for i := range reports {
		t.ships[reports[i].vessel].before = reports[i]
	}
	for _, k := range w.list {
		k.parted = k.last < slot && t.ships[k.vessel[0]].before.slot == slot && t.ships[k.vessel[1]].before.slot == slot
	}
}

// atRest returns how many buckets in a row two reports at rest are part of, 0
// when they do not count, and the anchorage that they are in.
func (t *Transfers) atRest(a, b *report, metres float64) (need int, anchorage string) {
	fastest := float64(max(a.speed, b.speed))
	if metres >= t.preset.WithinM || fastest >= t.preset.BelowKn {
		return 0, ""
	}
	if a.directed && b.directed {
		apart := apartDeg(a.course, b.course)
		if min(apart, 180-apart) > t.preset.CourseDeg {
			return 0, ""
		}
	}
	if i, nm := t.anchorages.Nearest(a.at.position(), t.preset.AnchorageNM); i >= 0 && nm < t.preset.AnchorageNM {
		if fastest >= t.preset.AnchorageKn {
			return 0, ""
		}
		return t.preset.AnchorageBuckets, t.anchorages.Port(i).Name
	}
	return t.preset.Buckets, ""
}

// underWay returns how many moments in a row two reports under way are part of.
func (t *Transfers) underWay(a, b *report) int {
	if !a.directed || !b.directed || apartDeg(a.course, b.course) > t.preset.UnderWayDeg || math.Abs(float64(a.speed-b.speed)) > t.preset.UnderWayBy {
		return 0
	}
	return int(t.preset.Grid.Slots(t.preset.UnderWay)) + 1
}

// apartDeg is how far two directions are apart, 0 to 180.
func apartDeg(a, b float32) float64 {
	return math.Abs(math.Remainder(float64(a-b), 360))
}

func (t *Transfers) inPort(r *report) bool {
	return t.ships[r.vessel].near(t.ports, r.at, t.preset.PortNM*geo.MetresPerNM)
}

func (t *Transfers) streak(w *watch, a, b *report) *streak {
	key := pairKey{[2]int32{a.vessel, b.vessel}, [2]int32{a.segment, b.segment}}
	k := w.by[key]
	if k == nil {
		k = &streak{vessel: key.vessel, segment: key.segment, least: math.Inf(1)}
		if w.class == AtRest {
			k.approach = t.approached(a, b)
			if k.approach == "" {
				k.approach = t.approached(b, a)
			}
		}
		w.by[key] = k
		w.list = append(w.list, k)
	}
	for i, r := range []*report{a, b} {
		s := &t.ships[r.vessel].ship
		k.ship[i] = identity{s.mmsi, s.imo, s.kind}
		k.leapt[i] = k.leapt[i] || r.leapt
	}
	return k
}

// approached says how a came to b in the bucket before, "" when it is not known
// that it did.
func (t *Transfers) approached(a, b *report) string {
	from, rest := &t.ships[a.vessel].before, &t.ships[b.vessel].before
	p := &t.preset
	if from.slot != a.slot-1 || rest.slot != b.slot-1 || from.segment != a.segment || rest.segment != b.segment || !from.directed {
		return ""
	}
	speed := float64(from.speed)
	if float64(rest.speed) >= p.ApproachRestKn || speed < p.ApproachFromKn || speed > p.ApproachToKn {
		return ""
	}
	nm := from.at.metresTo(rest.at) / geo.MetresPerNM
	bearing := geo.BearingDeg(from.at.position(), rest.at.position())
	if nm/speed >= p.ApproachTime.Hours() || math.Abs(math.Remainder(float64(from.course)-bearing, 360)) > p.ApproachDeg {
		return ""
	}
	return fmt.Sprintf("%s came towards %s, which lay still, at %.1f kn from %.1f nm away", t.ships[a.vessel].mmsi, t.ships[b.vessel].mmsi, speed, nm)
}

func (k *streak) take(slot int64, a, b *report, metres float64) {
	if k.n == 0 {
		k.first, k.evidence[0], k.evidence[1] = slot, a.fix, b.fix
	}
	k.n++
	k.last, k.evidence[2], k.evidence[3] = slot, a.fix, b.fix
	k.metres += metres
	k.least = min(k.least, metres)
	k.knots += float64(a.speed+b.speed) / 2
	if !a.directed || !b.directed {
		k.undirected++
	}
}

// event describes what a streak is, which lasts unless it is closed.
func (t *Transfers) event(w *watch, k *streak, closed bool) navicert.Event {
	a, b := &k.ship[0], &k.ship[1]
	start, end := t.times(w, k)
	ev := navicert.Event{
		ID:   navicert.EventID(KindTransfer, w.class, a.mmsi.String(), b.mmsi.String(), detect.TimeKey(start), detect.PositionKey(k.evidence[0].Pos)),
		Kind: KindTransfer, MMSI: a.mmsi, IMO: a.imo, Other: b.mmsi,
		Start: navicert.At(start), State: navicert.EventOpen, Position: navicert.Some(k.evidence[0].Pos),
		Measures: map[string]float64{
			"duration_hours": end.Sub(start).Hours(), "mean_distance_m": k.metres / float64(k.n), "least_distance_m": k.least,
			"mean_speed_kn": k.knots / float64(k.n), "samples": float64(k.n), detect.ThresholdHours: t.counts(w, k).Hours(),
		},
	}
	if closed {
		ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(end), navicert.Some(k.evidence[2].Pos)
	}
	ev.Evidence, ev.Simulated = evidence(&t.names, k.ship, k.evidence)
	ev.Explanations = t.explain(w, k)
	return ev
}

// counts is how long a streak must last.
func (t *Transfers) counts(w *watch, k *streak) time.Duration {
	switch {
	case w.class == UnderWay:
		return t.preset.UnderWay
	case k.anchorage != "":
		return time.Duration(t.preset.AnchorageBuckets-1) * t.preset.Bucket
	}
	return time.Duration(t.preset.Buckets-1) * t.preset.Bucket
}

// times are when a streak began and ended: at rest those of the fixes, under way
// those of the grid.
func (t *Transfers) times(w *watch, k *streak) (start, end time.Time) {
	if w.class == UnderWay {
		return t.preset.Grid.Time(k.first), t.preset.Grid.Time(k.last)
	}
	e := &k.evidence
	return time.Unix(0, min(e[0].At, e[1].At)).UTC(), time.Unix(0, max(e[2].At, e[3].At)).UTC()
}

func (t *Transfers) explain(w *watch, k *streak) []string {
	out := []string{detect.ClassText(w.class)}
	if w.class == UnderWay {
		out = append(out, "two tankers on one course at one slow speed: a possible approach or transfer under way; convoys, tows, channels and queues for a pilot look the same, and how often this is a false alarm is not proven")
	} else {
		out = append(out, "two tankers lay as if side by side: a possible transfer")
	}
	if k.approach != "" {
		out = append(out, k.approach)
	}
	if k.anchorage != "" {
		out = append(out, "in the anchorage "+k.anchorage+", where ships lie side by side")
	}
	out = append(out, innocent(Tankers))
	if text := leapText(&k.ship, k.leapt); text != "" {
		out = append(out, text)
	}
	if k.undirected > 0 {
		out = append(out, fmt.Sprintf("in %d of %d comparisons the heading or course of one is not known", k.undirected, k.n))
	}
	not := []string{"registers of bunker ships", "notified transfers"}
	if !t.known {
		not = append([]string{"ports and anchorages (none are known)"}, not...)
	}
	return append(out, "not looked into: "+strings.Join(not, ", "))
}
