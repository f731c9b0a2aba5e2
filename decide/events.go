package decide

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/v1"

	"navicert"
	"navicert/detect"
	"navicert/detect/disabling"
	"navicert/detect/duplicate"
	"navicert/detect/encounter"
	"navicert/detect/gap"
	"navicert/geo"
	"navicert/list"
	"navicert/rule"
	"navicert/screen"
	"navicert/track"
)

// meeting is whom a vessel met, with his listings.
type meeting struct {
	other string
	hits  []screen.Hit
}

// events reads the vessel's behaviour of the last [Lookback] before the day
// asked about, and whom it met. It touches nothing else of g, so that the lists
// can be asked meanwhile.
func (g *gathering) events(ctx context.Context) error {
	seen := map[string]bool{}
	for _, m := range g.mmsis {
		found, err := g.Events.Events(ctx, detect.Filter{
			MMSI: m, From: g.at.AsOf.Add(-Lookback), To: g.at.AsOf, KnownAt: g.at.KnownAt,
		})
		if err != nil {
			return err
		}
		for _, e := range found {
			whole := e
			e, ok := upTo(e, g.at.AsOf, g.knownBy())
			if !ok || seen[e.ID] {
				continue // an event of two MMSIs, both of them the vessel's
			}
			if e.Kind == detect.KindLog && !detect.Stands(&whole) {
				continue // it was taken back
			}
			seen[e.ID] = true
			if TellsOfSilence(e.Kind) {
				var logged []navicert.Event // what the ship's log says of it
				e.Evidence = slices.Clone(e.Evidence)
				for _, l := range detect.Logged(&e, found) {
					if l, ok := upTo(l, g.at.AsOf, g.knownBy()); ok {
						logged = append(logged, l)
						e.Evidence = append(append(e.Evidence, eventEvidence(l)), l.Evidence...)
					}
				}
				e = detect.BesideLog(e, logged)
			}
			met, err := g.met(ctx, m, &e)
			if err != nil {
				return err
			}
			g.behaviour, g.meetings = append(g.behaviour, e), append(g.meetings, met)
		}
	}
	g.hash()
	return nil
}

// TellsOfSilence reports whether events of a kind are silences, beside which the
// entries of a ship's log stand.
func TellsOfSilence(kind string) bool { return kind == gap.Kind || kind == disabling.Kind }

// hash starts to hash the events that were read, as they stand in the
// certificate.
func (g *gathering) hash() {
	if len(g.behaviour) == 0 {
		return
	}
	g.hashing.Go(func() error {
		b, err := json.Marshal(g.behaviour)
		if err != nil {
			return navicert.Errorf(navicert.Invalid, "events", "", "%w", err)
		}
		h := sha256.Sum256(b)
		g.hashed = hex.EncodeToString(h[:])
		return nil
	})
}

// behaved takes over the events that were read.
func (g *gathering) behaved() {
	g.cert.Events = g.behaviour
	for i, e := range g.behaviour {
		fact := g.eventFact(e)
		fact.Other = g.meetings[i].other
		for _, h := range g.meetings[i].hits {
			fact.OtherListed = true
			fact.Evidence = append(fact.Evidence, hitEvidence(h))
		}
		g.facts.Events = append(g.facts.Events, fact)
	}
}

// eventFact says what rules may see of an event.
func (g *gathering) eventFact(e navicert.Event) rule.Event {
	end := e.End.Time
	until := end
	if until.IsZero() {
		until = g.at.AsOf
	}
	f := rule.Event{
		ID: e.ID, Kind: e.Kind, Start: e.Start.Time, End: end, Open: e.State == navicert.EventOpen,
		Hours: until.Sub(e.Start.Time).Hours(), AgeDays: g.at.AsOf.Sub(until).Hours() / 24,
		Explanation: detect.ClassOf(e),
	}
	f.Evidence = append([]navicert.Evidence{eventEvidence(e)}, e.Evidence...)
	if e.Kind == gap.Kind {
		f.Explanation = string(gap.ClassOf(e))
		f.Logged = slices.ContainsFunc(e.Evidence, func(ev navicert.Evidence) bool {
			return ev.Kind == navicert.EvidenceEvent && strings.HasPrefix(ev.Text, detect.KindLog)
		})
		g.nearest(&f, e, until)
	}
	if e.Zone != "" {
		f.Zone = e.Zone
		for i := range g.held {
			if z := &g.held[i]; z.ID == e.Zone {
				f.Zone, f.ZoneEffect = z.Name, string(z.Effect)
				f.ZoneInForce = z.InForce(e.Start.Time)
				f.ZoneApplies = g.applies(z, asFlags(g.facts.Voyage.Countries))
				f.Evidence = append(f.Evidence, zoneEvidence(z))
			}
		}
	}
	return f
}

// knownBy is up to when events were recorded, to the second: what is asked as of
// now is asked as of a whole second, with all that is known within it.
func (g *gathering) knownBy() time.Time { return g.at.KnownAt.Truncate(time.Second) }

// met looks the other vessel of a meeting up in the lists, by its MMSI and the
// IMO number that it last gave by then. Of two that send one IMO number it names
// the other.
func (g *gathering) met(ctx context.Context, m navicert.MMSI, e *navicert.Event) (met meeting, err error) {
	other := e.Other
	if other == m {
		other = e.MMSI
	}
	switch {
	case e.Other == 0:
		return met, nil
	case e.Kind == duplicate.Kind && detect.ClassOf(*e) == string(duplicate.IMOConflict):
		return meeting{other: other.String()}, nil
	case e.Kind != encounter.Kind && e.Kind != encounter.KindTransfer:
		return met, nil
	}
	imo, name, err := g.calledBy(ctx, other, e.Start.Time)
	if err != nil {
		return met, err
	}
	hits, err := g.otherHits(ctx, otherShip{other, imo, name})
	return meeting{other.String(), hits}, err
}

// otherShip is how a vessel that was met is asked about.
type otherShip struct {
	mmsi navicert.MMSI
	imo  navicert.IMO
	name string
}

// calledBy is the IMO number that a vessel last gave by a time, and its name with
// that. One that gave a single pair by the day asked about is looked up once,
// however often it was met.
func (g *gathering) calledBy(ctx context.Context, mmsi navicert.MMSI, t time.Time) (navicert.IMO, string, error) {
	ids, ok := g.identities[mmsi]
	if !ok {
		var err error
		if ids, err = g.Tracks.Identities(ctx, 0, mmsi, g.at.AsOf); err != nil {
			return 0, "", err
		}
		ids = slices.DeleteFunc(ids, func(id track.Identity) bool { return id.IMO == 0 })
		if g.identities == nil {
			g.identities = map[navicert.MMSI][]track.Identity{}
		}
		g.identities[mmsi] = ids
	}
	if len(ids) == 0 {
		return 0, "", nil
	}
	one, first := ids[0], ids[0].FirstSeen
	for _, id := range ids[1:] {
		if id.IMO != one.IMO || id.Name != one.Name {
			return g.calledThen(ctx, mmsi, t)
		}
		if id.FirstSeen.Before(first) {
			first = id.FirstSeen
		}
	}
	if t.After(g.at.AsOf) || first.After(t) {
		return g.calledThen(ctx, mmsi, t)
	}
	return one.IMO, one.Name, nil
}

// calledThen is calledBy from what had been sent by then.
func (g *gathering) calledThen(ctx context.Context, mmsi navicert.MMSI, t time.Time) (navicert.IMO, string, error) {
	ids, err := g.Tracks.Identities(ctx, 0, mmsi, t)
	if i := slices.IndexFunc(ids, func(id track.Identity) bool { return id.IMO != 0 }); i >= 0 {
		return ids[i].IMO, ids[i].Name, err
	}
	return 0, "", err
}

// otherHits are the listings that are a vessel's own by its numbers. A vessel is
// screened once for a certificate.
func (g *gathering) otherHits(ctx context.Context, o otherShip) ([]screen.Hit, error) {
	if hits, ok := g.others[o]; ok {
		return hits, nil
	}
	a, err := g.Lists.Screen(ctx, screen.Query{Kind: string(list.Vessel), MMSI: o.mmsi, IMO: o.imo, Name: o.name}, g.at.AsOf, g.at.KnownAt)
	if err != nil {
		return nil, err
	}
	hits := slices.DeleteFunc(a.Hits, func(h screen.Hit) bool { return !h.Match || !h.Identity })
	if g.others == nil {
		g.others = map[otherShip][]screen.Hit{}
	}
	g.others[o] = hits
	return hits, nil
}

// nearest finds the nearest zone, other than mere warnings and territorial
// seas, that was in force at some time of the event and lies within NearNM of
// where it began or ended.
func (g *gathering) nearest(f *rule.Event, e navicert.Event, until time.Time) {
	for i := range g.held {
		z := &g.held[i]
		if z.Effect == geo.Warns || z.Kind == geo.TerritorialSea || !(z.InForce(e.Start.Time) || z.InForce(until)) {
			continue
		}
		for _, at := range []navicert.Opt[navicert.Position]{e.Position, e.EndPosition} {
			p, ok := at.Get()
			if !ok {
				continue
			}
			if nm := z.Area.DistanceNM(p); nm <= NearNM && (f.NearZone == "" || nm < f.NearNM) {
				f.NearZone, f.NearNM = z.Name, nm
				f.Evidence = append(slices.DeleteFunc(f.Evidence, func(ev navicert.Evidence) bool {
					return ev.Kind == navicert.EvidenceZone
				}), zoneEvidence(z))
			}
		}
	}
}

// eventEvidence names the event with the innocent explanations beside it.
func eventEvidence(e navicert.Event) navicert.Evidence {
	text := e.Kind + " from " + e.Start.String()
	if e.End.IsZero() {
		text += ", still open"
	} else {
		text += " to " + e.End.String()
	}
	if len(e.Explanations) > 0 {
		text += "; " + strings.Join(e.Explanations, "; ")
	}
	return navicert.Evidence{
		Kind: navicert.EvidenceEvent, Source: "AIS of MMSI " + e.MMSI.String(), Ref: e.ID, Text: text, Time: e.Start, Position: e.Position,
	}
}

func asFlags(in []string) []navicert.Flag {
	out := make([]navicert.Flag, len(in))
	for i, s := range in {
		out[i] = navicert.Flag(s)
	}
	return out
}
