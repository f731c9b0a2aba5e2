// Package decide writes the certificate for a voyage: it looks at every source
// there is, puts what it found into the facts that rules see, lets the rules
// speak and sets down the verdict with its evidence, what was searched and
// what could not be looked at.
//
// A voyage and three times go in (what day the world is asked about, what had
// been recorded by then, when it is issued); a certificate comes out, without
// its identifier and digest, which package seal adds. The package reads no
// clock and keeps no state: the same inputs give the same certificate.
//
//	d := decide.Decider{Lists: screener, Tracks: db, Events: db, Zones: db, Rules: rules, Engine: "navicert 0.1.0"}
//	cert, err := d.Decide(ctx, voyage, decide.Times{AsOf: t, KnownAt: t, IssuedAt: t})
package decide

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/rule"
	"navicert/screen"
	"navicert/track"
)

// Lookback is how far before the day asked about a vessel's behaviour is
// considered: a quarter, which covers a laden ocean passage and the port calls
// at both its ends.
const Lookback = 90 * 24 * time.Hour

// NearNM is how close to a zone a gap must begin or end to be set beside it.
// A tanker makes some 12 kn, so that 50 nm is four hours' steaming: less than
// the shortest gap that is reported (6 h).
const NearNM = 50

// AssumedSpeedKn is the speed at which a route is laid down when the voyage
// does not give both ETD and ETA: a laden crude carrier's service speed, on
// the slow side, as economical speeds are.
const AssumedSpeedKn = 12

// Screener searches the sanctions lists.
type Screener interface {
	Screen(ctx context.Context, q screen.Query, asOf, knownAt time.Time) (screen.Answer, error)
}

// Tracks knows which MMSIs a ship used and what positions are held.
type Tracks interface {
	Identities(ctx context.Context, imo navicert.IMO, mmsi navicert.MMSI, t time.Time) ([]track.Identity, error)
	Span(ctx context.Context, mmsi navicert.MMSI, t time.Time) (first, last time.Time, n int, err error)
	Fixes(ctx context.Context, mmsi navicert.MMSI, from, to time.Time) ([]navicert.Fix, error)
}

// Events knows the behaviour events.
type Events interface {
	Events(ctx context.Context, f detect.Filter) ([]navicert.Event, error)
}

// Zones knows the zones and the files they came from.
type Zones interface {
	Zones(ctx context.Context, asOf, knownAt time.Time) ([]geo.Zone, error)
	ZoneSets(ctx context.Context) ([]geo.ZoneSet, error)
}

// SeaLanes gives the network of sea lanes, which may be read when it is first
// asked for.
type SeaLanes func() (*geo.Lanes, error)

// Decider holds the sources and the rules.
type Decider struct {
	Lists  Screener
	Tracks Tracks
	Events Events
	Zones  Zones
	Rules  *rule.Set
	Lanes  SeaLanes // nil: no way between places is known

	Licences HeldLicences // nil: only the packs' are known
	Owners   Owners       // nil: a licence serves the persons that it names, and nothing that they own

	Coverage Coverage // nil: it is not looked whether others were heard where the vessel was last

	Settlements Settlements // nil: nothing was settled

	Engine string // name and version, written into the certificate
}

// Times are the three times of a certificate.
type Times struct {
	AsOf     time.Time // the world's time asked about
	KnownAt  time.Time // nothing recorded after it is used
	IssuedAt time.Time
}

// Decide checks one voyage. The certificate has neither ID nor Digest yet. An
// error means that something could not be looked at at all (a store that does
// not answer, a rule that cannot be evaluated): there is no certificate then.
func (d *Decider) Decide(ctx context.Context, v navicert.Voyage, at Times) (navicert.Certificate, error) {
	v, err := Normalise(v)
	if err != nil {
		return navicert.Certificate{}, err
	}
	g := &gathering{Decider: d, at: at, cert: navicert.Certificate{
		Subject:  v,
		AsOf:     navicert.At(at.AsOf),
		KnownAt:  navicert.At(at.KnownAt),
		IssuedAt: navicert.At(at.IssuedAt),
		Rules:    d.Rules.Ref(),
		Engine:   d.Engine,
	}}
	if err := g.identity(ctx); err != nil {
		return navicert.Certificate{}, err
	}
	if err := g.look(ctx); err != nil {
		return navicert.Certificate{}, err
	}
	g.behaved()
	if err := g.silence(); err != nil {
		return navicert.Certificate{}, err
	}
	if err := g.licences(ctx); err != nil {
		return navicert.Certificate{}, err
	}
	g.facts.Now, g.facts.KnownAt = at.AsOf.UTC(), at.KnownAt.UTC()
	reasons, err := d.Rules.Evaluate(&g.facts)
	if err != nil {
		return navicert.Certificate{}, err
	}
	if reasons, err = g.settle(ctx, reasons); err != nil {
		return navicert.Certificate{}, err
	}
	reasons = g.shorten(reasons)
	if err := g.hashing.Wait(); err != nil {
		return navicert.Certificate{}, err
	}
	if g.hashed != "" {
		g.input("events", g.hashed)
	}
	return g.finish(append(reasons, g.notes...)), nil
}

// look reads the vessel's behaviour while the lists are asked. When these or the
// zones fail, that is told, and the reading ends.
func (g *gathering) look(ctx context.Context) error {
	whole, cancel := context.WithCancel(ctx)
	defer cancel()
	var reading sync.WaitGroup
	var noEvents, noCoverage error // both kept: which is told must not depend on which is first
	reading.Go(func() { noEvents = g.events(whole) })
	reading.Go(func() { noCoverage = g.heardLast(whole) })
	err := g.lists(ctx)
	if err == nil {
		err = g.zones(ctx)
	}
	if err != nil {
		cancel()
	}
	reading.Wait()
	return cmp.Or(err, noEvents, noCoverage)
}

// gathering is one certificate in the making.
type gathering struct {
	*Decider
	at    Times
	cert  navicert.Certificate
	facts rule.Facts
	mmsis []navicert.MMSI // that the vessel is known to have used

	lastHeard time.Time     // the vessel, by the day asked about
	lastMMSI  navicert.MMSI // under which that was
	silent    *silence      // since then; nil when that was not long ago, or too long

	owned   owned                // what was known of who owns the vessel and the parties
	notes   []navicert.Reason    // hits that a person has cleared, and hits beyond those shown
	held    []geo.Zone           // every zone known by then
	entries map[string]string    // hash of each entry that matched, by list and number
	signed  []rule.LicenceRecord // all that had been signed by then

	behaviour []navicert.Event // of the vessel, as they stand in the certificate
	meetings  []meeting        // of each event
	hashing   errgroup.Group   // of the behaviour
	hashed    string           // empty when there is none

	identities map[navicert.MMSI][]track.Identity // with an IMO number, of vessels that were met
	others     map[otherShip][]screen.Hit         // of vessels that were met
}

// finish puts everything into the certificate's own order.
func (g *gathering) finish(reasons []navicert.Reason) navicert.Certificate {
	c := g.cert
	c.Verdict = navicert.Clear
	for _, r := range reasons {
		c.Verdict = c.Verdict.Stricter(r.Outcome.Verdict())
	}
	c.Reasons = reasons
	for _, p := range c.Rules.Packs {
		g.input("rules/"+p.Pack+"@"+p.Version, p.SHA256)
	}
	c.Inputs = g.cert.Inputs
	slices.SortFunc(c.Inputs, func(a, b navicert.Input) int { return cmp.Compare(a.Source, b.Source) })
	for _, e := range c.Events {
		c.Simulated = c.Simulated || e.Simulated
	}
	for _, s := range c.Searched {
		c.Simulated = c.Simulated || s.Simulated
	}
	// No slice is nil, so that the bytes do not depend on how it came to be empty.
	c.Reasons, c.Searched, c.NotSearched = notNil(c.Reasons), notNil(c.Searched), notNil(c.NotSearched)
	c.Events, c.Inputs = notNil(c.Events), notNil(c.Inputs)
	for i := range c.Reasons {
		c.Reasons[i].Evidence = notNil(c.Reasons[i].Evidence)
	}
	return c
}

func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// input pins something that the certificate is computed from.
func (g *gathering) input(source, sha256 string) {
	in := navicert.Input{Source: source, SHA256: sha256}
	if !slices.Contains(g.cert.Inputs, in) {
		g.cert.Inputs = append(g.cert.Inputs, in)
	}
}

func (g *gathering) notSearched(kind navicert.SourceKind, source, why string) {
	g.cert.NotSearched = append(g.cert.NotSearched, navicert.NotSearched{Kind: kind, Source: source, Why: why})
}

// missing is notSearched of a source of which nothing is held, which rules see
// as one that is missing.
func (g *gathering) missing(kind navicert.SourceKind, source, why string) {
	g.notSearched(kind, source, why)
	g.facts.Sources = append(g.facts.Sources, rule.Source{
		ID: source, Kind: string(kind), State: string(navicert.Missing),
		Evidence: []navicert.Evidence{{Kind: navicert.EvidenceSource, Source: source, Text: why}},
	})
}

// SameVoyage reports whether a voyage, however it is written, is the subject of a
// certificate.
func SameVoyage(v, subject navicert.Voyage) (bool, error) {
	v, err := Normalise(v)
	if err != nil { // deciding it says why
		return false, nil
	}
	x, err := json.Marshal(v)
	if err != nil {
		return false, navicert.Errorf(navicert.Invalid, "voyage", v.ID, "%w", err)
	}
	y, err := json.Marshal(subject)
	if err != nil {
		return false, navicert.Errorf(navicert.Invalid, "voyage", subject.ID, "%w", err)
	}
	return bytes.Equal(x, y), nil
}

// limits on what one voyage may name.
const (
	maxParties  = 100
	maxVia      = 50
	maxLicences = 50
	maxText     = 500
)

// Normalise trims a voyage's words, writes place codes in capitals and refuses
// one that names nothing to check or contradicts itself: so it stands in
// its certificate.
func Normalise(v navicert.Voyage) (navicert.Voyage, error) {
	fail := func(format string, args ...any) (navicert.Voyage, error) {
		return v, navicert.Errorf(navicert.Invalid, "voyage", v.ID, format, args...)
	}
	if len(v.Parties) > maxParties || len(v.Via) > maxVia || len(v.Licences) > maxLicences {
		return fail("too many: at most %d parties, %d places on the way, %d licences", maxParties, maxVia, maxLicences)
	}
	v.Parties, v.Via, v.Licences = slices.Clone(v.Parties), slices.Clone(v.Via), slices.Clone(v.Licences)
	words := []*string{&v.ID, &v.Vessel.Name, &v.Vessel.Kind, &v.From, &v.To, &v.Cargo.Kind, &v.Cargo.Grade, &v.Cargo.Unit, &v.Cargo.Attestation}
	for i := range v.Parties {
		words = append(words, &v.Parties[i].Role, &v.Parties[i].Name)
	}
	for i := range v.Via {
		words = append(words, &v.Via[i])
	}
	for i := range v.Licences {
		words = append(words, &v.Licences[i])
	}
	for _, w := range words {
		if *w = strings.Join(strings.Fields(*w), " "); len(*w) > maxText {
			return fail("a text of %d characters: at most %d", len(*w), maxText)
		}
	}
	places := []*string{&v.From, &v.To}
	for i := range v.Via {
		places = append(places, &v.Via[i])
	}
	for _, p := range places {
		*p = strings.ToUpper(*p)
	}
	v.Cargo.Kind = strings.ToLower(strings.ReplaceAll(v.Cargo.Kind, " ", "_"))
	v.Vessel.Kind = strings.ToLower(strings.ReplaceAll(v.Vessel.Kind, " ", "_"))
	if v.Vessel.IMO != 0 && !v.Vessel.IMO.Valid() {
		return fail("IMO number %s fails its check digit", v.Vessel.IMO)
	}
	if v.Vessel.IMO == 0 && v.Vessel.MMSI == 0 && v.Vessel.Name == "" && len(v.Parties) == 0 {
		return fail("it names no vessel and no party: there is nothing to check")
	}
	if price, ok := v.Cargo.PriceUSDBbl.Get(); ok && price <= 0 {
		return fail("a price of %g USD a barrel", price)
	}
	if !v.ETD.IsZero() && !v.ETA.IsZero() && !v.ETA.After(v.ETD.Time) {
		return fail("ETA %s is not after ETD %s", v.ETA, v.ETD)
	}
	for _, p := range v.Parties {
		if p.Name == "" {
			return fail("a party without a name")
		}
	}
	return v, nil
}
