package app

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/detect"
	"navicert/geo"
	"navicert/list"
	"navicert/rule"
)

// VoyageChange is what the world's change means for one watched voyage.
type VoyageChange struct {
	Voyage  string           `json:"voyage"`
	Vessel  string           `json:"vessel"`
	Before  *WatchedAnswer   `json:"before,omitempty"` // absent when nothing was told of it before
	Now     WatchedAnswer    `json:"now"`
	Came    []WatchedReason  `json:"came,omitempty"`  // reasons that were not there, or not so
	Went    []WatchedReason  `json:"went,omitempty"`  // reasons that are not there any more, or not so
	Because []string         `json:"because"`         // what changed that concerns it: "list ofac-sdn: publication of 2026-01-05"
	Error   string           `json:"error,omitempty"` // why it could not be decided again
	At      navicert.Instant `json:"at"`
}

// WatchedAnswer is a certificate's answer.
type WatchedAnswer struct {
	Certificate string           `json:"certificate,omitempty"`
	Verdict     navicert.Verdict `json:"verdict,omitempty"`
}

// WatchedReason is a reason in a line.
type WatchedReason struct {
	Rule    string           `json:"rule"`
	Outcome navicert.Outcome `json:"outcome"`
	Text    string           `json:"text"`
}

// Changed reports whether the answer or its reasons are others.
func (c *VoyageChange) Changed() bool {
	return c.Before == nil || c.Error != "" || c.Before.Verdict != c.Now.Verdict || len(c.Came)+len(c.Went) > 0
}

// Watched counts what a look at the watched voyages came to.
type Watched struct {
	Voyages, Concerned, Changed int
}

// Watch looks which voyages are concerned by what has changed since their owner
// was told of each last (a list, zone, event, licence, settlement, cleared hit or
// fact of ownership, the rules in force, or the day), decides those again, issues
// their certificates and tells those whose answer or reasons are others than the
// told ones. Voyages are known by their own references.
//
// Tell is given the changes of a chunk of voyages and returns when they are
// written where they are read. Only then they count as told: when it fails, or the
// process dies before, the next look tells them again.
//
// Why a voyage cannot be decided is told once by a process, as long as it is so
// and the voyage is watched.
//
// It looks once; whoever follows changes calls it again when [App.DataVersion]
// or the day is another. It holds one chunk of voyages at a time.
func (a *App) Watch(ctx context.Context, voyages []navicert.Voyage, tell func([]VoyageChange) error) (Watched, error) {
	var n Watched
	at, err := a.times(CheckOptions{})
	if err != nil {
		return n, err
	}
	rules, err := a.rules()
	if err != nil {
		return n, err
	}
	w := &watch{App: a, at: at, rules: rules.Ref()}
	if err := w.read(ctx); err != nil {
		return n, err
	}
	a.undecided.only(voyages)
	for chunk := range slices.Chunk(voyages, fleetChunk) {
		changes, told, err := w.chunk(ctx, chunk, &n)
		if err != nil {
			return n, err
		}
		if len(changes) > 0 {
			if err := tell(changes); err != nil {
				return n, err
			}
		}
		a.undecided.told(changes)
		if len(told) == 0 {
			continue
		}
		if err := a.db.PutTold(ctx, a.now(), told); err != nil {
			return n, err
		}
	}
	return n, nil
}

// chunk decides the voyages of a chunk that are concerned again. It returns what
// is to be told, and the certificate of each by which its owner knows the answer
// then: where the answer is the old one, there is nothing to tell.
func (w *watch) chunk(ctx context.Context, voyages []navicert.Voyage, n *Watched) (changes []VoyageChange, told map[string]string, err error) {
	var todo []FleetVoyage
	var looked []VoyageChange
	var before []navicert.Certificate
	for _, v := range voyages {
		n.Voyages++
		v, wrong := decide.Normalise(v)
		if v.ID == "" {
			return nil, nil, navicert.Errorf(navicert.Invalid, "watch", v.Vessel.Label(), "the voyage has no id, by which it would be known again")
		}
		c := VoyageChange{Voyage: v.ID, Vessel: v.Vessel.Label(), At: navicert.At(w.at.IssuedAt)}
		last, ok, err := w.last(ctx, v.ID)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			c.Before = &WatchedAnswer{last.ID, last.Verdict}
			if c.Because, err = w.concerns(ctx, v, last); err != nil {
				return nil, nil, err
			}
			if len(c.Because) == 0 {
				w.undecided.not(v.ID) // it is again what it was when it could be decided
				continue
			}
		} else {
			c.Because = []string{"nothing was told of it before"}
		}
		n.Concerned++
		todo = append(todo, FleetVoyage{Line: len(todo) + 1, Voyage: v, Err: wrong})
		looked, before = append(looked, c), append(before, last)
	}
	told = map[string]string{}
	err = w.checkFleet(ctx, slices.Values(todo), w.at, func(r FleetCertificate) error {
		c := looked[r.Line-1]
		if r.Err != nil {
			if c.Error = r.Err.Error(); w.undecided.is(c.Voyage, c.Error) {
				return nil
			}
		} else {
			w.undecided.not(c.Voyage)
			c.Now = WatchedAnswer{r.Certificate.ID, r.Certificate.Verdict}
			c.Went, c.Came = reasonsOf(before[r.Line-1], r.Certificate)
			told[c.Voyage] = r.Certificate.ID
		}
		if c.Changed() {
			n.Changed++
			changes = append(changes, c)
		}
		return nil
	})
	return changes, told, err
}

// undecided are the voyages of which was told why they cannot be decided.
type undecided struct {
	sync.Mutex
	why map[string]string
}

func (u *undecided) is(voyage, why string) bool {
	u.Lock()
	defer u.Unlock()
	return u.why[voyage] == why
}

func (u *undecided) not(voyage string) {
	u.Lock()
	defer u.Unlock()
	delete(u.why, voyage)
}

// only forgets the voyages that are not watched any more.
func (u *undecided) only(watched []navicert.Voyage) {
	u.Lock()
	defer u.Unlock()
	if len(u.why) == 0 {
		return
	}
	still := map[string]string{}
	for i := range watched {
		id := voyageID(watched[i].ID)
		if why, ok := u.why[id]; ok {
			still[id] = why
		}
	}
	u.why = still
}

func (u *undecided) told(changes []VoyageChange) {
	u.Lock()
	defer u.Unlock()
	for _, c := range changes {
		if c.Error != "" {
			if u.why == nil {
				u.why = map[string]string{}
			}
			u.why[c.Voyage] = c.Error
		}
	}
}

// DataVersion is another number after each change of the data directory.
func (a *App) DataVersion(ctx context.Context) (int64, error) { return a.db.DataVersion(ctx) }

// Day is the present day.
func (a *App) Day() navicert.Date { return navicert.DateOf(a.now()) }

// watch is one look.
type watch struct {
	*App
	at    decide.Times
	rules navicert.RulesRef

	publications []list.Publication
	settlements  []decide.Settlement
	cleared      []time.Time // when a hit was cleared or a clearing taken back
	ownership    []time.Time // when facts were recorded

	since map[time.Time]*sinceThen // what changed since a moment, for all voyages
}

// sinceThen is what changed since a moment and is not of one voyage.
type sinceThen struct {
	zones    []string
	licences map[string]bool
}

func (w *watch) read(ctx context.Context) (err error) {
	w.since = map[time.Time]*sinceThen{}
	if w.publications, err = w.db.Publications(ctx); err != nil {
		return err
	}
	if w.settlements, err = w.db.Settlements(ctx); err != nil {
		return err
	}
	clearings, err := w.db.Clearings(ctx)
	if err != nil {
		return err
	}
	for _, c := range clearings {
		w.cleared = append(w.cleared, c.At)
		if c.Removed != nil {
			w.cleared = append(w.cleared, c.Removed.At)
		}
	}
	facts, err := w.db.OwnershipChanges(ctx)
	w.ownership = facts.Known
	return err
}

// last is the certificate of a voyage that its owner was told last.
func (w *watch) last(ctx context.Context, voyage string) (c navicert.Certificate, ok bool, err error) {
	id, err := w.db.Told(ctx, voyage)
	if err != nil || id == "" {
		return c, false, err
	}
	c, err = w.db.Certificate(ctx, id)
	if navicert.KindOf(err) == navicert.NotFound {
		return c, false, nil
	}
	return c, err == nil, err
}

// knownBy is up to when a certificate has taken in what was recorded. One of an
// earlier version may claim more than was known when it was issued, which is
// written in whole seconds.
func knownBy(c navicert.Certificate) time.Time {
	if issued := c.IssuedAt.Add(time.Second); c.KnownAt.After(issued) {
		return c.IssuedAt.Time
	}
	return c.KnownAt.Time
}

// zonesMatter reports whether zones may change a certificate's answer: those on
// the way, those that the vessel's own behaviour or its last position lies in or
// near, and the first ones where there were none to be looked at.
func zonesMatter(c navicert.Certificate) bool {
	return len(c.Route) > 0 || len(c.Events) > 0 || decide.LooksAtSilence(c) ||
		slices.ContainsFunc(c.NotSearched, func(n navicert.NotSearched) bool { return n.Kind == navicert.SourceZones && n.Source == "zones" })
}

// concerns says what has changed since a certificate that concerns its voyage.
func (w *watch) concerns(ctx context.Context, v navicert.Voyage, c navicert.Certificate) ([]string, error) {
	var because []string
	say := func(format string, args ...any) { because = append(because, fmt.Sprintf(format, args...)) }
	then := knownBy(c)
	later := func(t time.Time) bool { return t.After(then) }

	if same, err := decide.SameVoyage(v, c.Subject); err != nil || !same {
		if err != nil {
			return nil, err
		}
		say("the voyage is declared otherwise")
	}
	if c.Rules.SHA256 != w.rules.SHA256 {
		say("the rules in force: %s %s → %s %s", c.Rules.Pack, c.Rules.Version, w.rules.Pack, w.rules.Version)
	}
	if day := navicert.DateOf(w.at.AsOf); navicert.DateOf(c.AsOf.Time) != day {
		say("the day: %s", day)
	}
	for _, p := range w.publications {
		if later(p.ImportedAt) {
			say("list %s: publication of %s", p.List, p.Date)
		}
	}
	for _, s := range w.settlements {
		about := slices.ContainsFunc(c.Reasons, func(r navicert.Reason) bool {
			return r.Matter != "" && decide.Thing(r.Matter) == decide.Thing(s.Matter)
		})
		switch {
		case !about:
		case s.Removed != nil && later(s.Removed.At):
			say("settlement %s: taken back by %s", s.ID, s.Removed.Who)
		case later(s.At):
			say("settlement %s: by %s", s.ID, s.Who)
		}
	}
	if slices.ContainsFunc(w.cleared, later) {
		say("hits that were cleared, or are not any more")
	}
	if slices.ContainsFunc(w.ownership, later) {
		say("facts of ownership")
	}
	s, err := w.sinceThen(ctx, then)
	if err != nil {
		return nil, err
	}
	if zonesMatter(c) {
		for _, id := range s.zones {
			say("zone %s", id)
		}
	}
	for _, id := range v.Licences {
		if s.licences[id] {
			say("licence %s", id)
		}
	}
	events, err := w.events(ctx, v, c, then)
	if err != nil {
		return nil, err
	}
	return append(because, events...), nil
}

// sinceThen compares zones and licences with what was known at a moment.
func (w *watch) sinceThen(ctx context.Context, then time.Time) (*sinceThen, error) {
	if s := w.since[then]; s != nil {
		return s, nil
	}
	s := &sinceThen{licences: map[string]bool{}}
	if len(w.since) > fleetChunk { // each voyage was checked at a moment of its own
		clear(w.since)
	}
	w.since[then] = s
	zonesThen, err := w.db.Zones(ctx, w.at.AsOf, then)
	if err != nil {
		return nil, err
	}
	zonesNow, err := w.db.Zones(ctx, w.at.AsOf, w.at.KnownAt)
	if err != nil {
		return nil, err
	}
	s.zones = differing(zonesThen, zonesNow, func(z geo.Zone) string { return z.ID }, func(x, y geo.Zone) bool {
		return areaText(x) == areaText(y) && reflect.DeepEqual(withoutArea(x), withoutArea(y))
	})
	licencesThen, err := w.db.Licences(ctx, then)
	if err != nil {
		return nil, err
	}
	licencesNow, err := w.db.Licences(ctx, w.at.KnownAt)
	if err != nil {
		return nil, err
	}
	same := func(x, y rule.HeldLicence) bool { return x.RecordedAt == y.RecordedAt }
	for _, id := range differing(licencesThen, licencesNow, func(l rule.HeldLicence) string { return l.ID }, same) {
		s.licences[id] = true
		i := slices.IndexFunc(licencesNow, func(l rule.HeldLicence) bool { return l.ID == id })
		for i >= 0 && licencesNow[i].Replaces != "" && !s.licences[licencesNow[i].Replaces] { // what it takes the place of
			replaced := licencesNow[i].Replaces
			s.licences[replaced] = true
			i = slices.IndexFunc(licencesNow, func(l rule.HeldLicence) bool { return l.ID == replaced })
		}
	}
	return s, nil
}

func areaText(z geo.Zone) string {
	if z.Area == nil {
		return ""
	}
	return string(z.Area.GeoJSON())
}

func withoutArea(z geo.Zone) geo.Zone {
	z.Area = nil
	return z
}

// events names the vessel's events that are new or were told anew, and the MMSIs
// that it is known to have used since its certificate.
func (w *watch) events(ctx context.Context, v navicert.Voyage, c navicert.Certificate, then time.Time) ([]string, error) {
	mmsis := []navicert.MMSI{}
	if v.Vessel.MMSI != 0 {
		mmsis = append(mmsis, v.Vessel.MMSI)
	}
	if v.Vessel.IMO != 0 {
		ids, err := w.db.Identities(ctx, v.Vessel.IMO, 0, w.at.AsOf)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if !slices.Contains(mmsis, id.MMSI) {
				mmsis = append(mmsis, id.MMSI)
			}
		}
	}
	var because []string
	for _, m := range mmsis {
		if !decide.LookedAt(c, m) {
			because = append(because, fmt.Sprintf("MMSI %s: a report gives the ship's IMO number with it", m))
		}
		f := detect.Filter{MMSI: m, From: w.at.AsOf.Add(-decide.Lookback), To: w.at.AsOf, KnownAt: then}
		before, err := w.db.Events(ctx, f)
		if err != nil {
			return nil, err
		}
		f.KnownAt = w.at.KnownAt
		now, err := w.db.Events(ctx, f)
		if err != nil {
			return nil, err
		}
		same := func(x, y navicert.Event) bool { return reflect.DeepEqual(x, y) }
		for _, id := range differing(before, now, func(e navicert.Event) string { return e.ID }, same) {
			kind := "event"
			if i := slices.IndexFunc(now, func(e navicert.Event) bool { return e.ID == id }); i >= 0 {
				kind = now[i].Kind
			}
			because = append(because, fmt.Sprintf("event %s: %s of MMSI %s", id, kind, m))
		}
	}
	return because, nil
}

// differing names what is in one of two lists only, or differs.
func differing[T any](before, now []T, id func(T) string, same func(x, y T) bool) []string {
	held := make(map[string]T, len(before))
	for _, x := range before {
		held[id(x)] = x
	}
	var changed []string
	for _, y := range now {
		if x, ok := held[id(y)]; !ok || !same(x, y) {
			changed = append(changed, id(y))
		}
		delete(held, id(y))
	}
	for gone := range held {
		changed = append(changed, gone)
	}
	slices.Sort(changed)
	return changed
}

// reasonsOf compares the reasons of two certificates: each by its rule, its
// outcome and what it is about. Notes of when the vessel was heard last are left out,
// which are others at each look.
func reasonsOf(before, now navicert.Certificate) (went, came []WatchedReason) {
	key := func(r navicert.Reason) string {
		about := decide.Thing(r.Matter)
		if about == "" {
			for _, e := range r.Evidence {
				about += " " + string(e.Kind) + " " + e.Source + " " + e.Ref
			}
		}
		return strings.Join([]string{r.Rule, string(r.Outcome), about}, "\x1f")
	}
	only := func(in, out []navicert.Reason) (some []WatchedReason) {
		for _, r := range in {
			if r.Outcome == navicert.OutcomeNote && decide.OfSilence(r) {
				continue
			}
			if !slices.ContainsFunc(out, func(o navicert.Reason) bool { return key(o) == key(r) }) {
				some = append(some, WatchedReason{r.Rule, r.Outcome, r.Text})
			}
		}
		return some
	}
	return only(before.Reasons, now.Reasons), only(now.Reasons, before.Reasons)
}
