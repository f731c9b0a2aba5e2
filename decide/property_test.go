package decide_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"navicert"
	"navicert/decide"
	"navicert/detect"
	"navicert/geo"
	"navicert/list"
	"navicert/rule"
	"navicert/screen"
	"navicert/screen/own"
	"navicert/store"
)

// rank orders verdicts from mild to strict.
func rank(v navicert.Verdict) int {
	return slices.Index([]navicert.Verdict{navicert.Clear, navicert.Refer, navicert.Refuse}, v)
}

// anyVoyage draws a voyage of the table, and mixes parts of others into it.
func anyVoyage(rt *rapid.T, voyages []tabled) tabled {
	draw := func(what string) *tabled { return &voyages[rapid.IntRange(0, len(voyages)-1).Draw(rt, what)] }
	v := *draw("voyage")
	for _, mix := range []struct {
		what string
		put  func(o *navicert.Voyage)
	}{
		{"vessel", func(o *navicert.Voyage) { v.Voyage.Vessel = o.Vessel }},
		{"parties", func(o *navicert.Voyage) { v.Voyage.Parties = append(slices.Clone(v.Voyage.Parties), o.Parties...) }},
		{"cargo", func(o *navicert.Voyage) { v.Voyage.Cargo = o.Cargo }},
		{"places", func(o *navicert.Voyage) { v.Voyage.From, v.Voyage.Via, v.Voyage.To = o.From, o.Via, o.To }},
		{"licences", func(o *navicert.Voyage) { v.Voyage.Licences = o.Licences }},
	} {
		if rapid.Bool().Draw(rt, "mix "+mix.what) {
			mix.put(&draw(mix.what).Voyage)
		}
	}
	v.Packs = slices.DeleteFunc(rule.EmbeddedNames(), func(n string) bool { return n == "general" })
	return v
}

// plain are the voyages of the table's own world.
func plain(t testing.TB) []tabled {
	return slices.DeleteFunc(readTable(t), func(v tabled) bool { return v.Demo != "" })
}

// relisted answers as a list does that has one more entry: the party or the
// vessel asked about, whoever it is.
type relisted struct {
	decide.Screener
	hit  screen.Hit
	asks string // the name, or IMO number, that it lists
}

func (r relisted) Screen(ctx context.Context, q screen.Query, asOf, knownAt time.Time) (screen.Answer, error) {
	a, err := r.Screener.Screen(ctx, q, asOf, knownAt)
	if err == nil && (q.Name == r.asks || q.IMO != 0 && q.IMO.String() == r.asks) {
		a.Hits = append(slices.Clone(a.Hits), r.hit)
	}
	return a, err
}

// TestAListingNeverMakesMilder: one more entry, of whatever measure, programme
// and certainty, leaves the verdict or makes it stricter.
func TestAListingNeverMakesMilder(t *testing.T) {
	tb, voyages := newTable(t), plain(t)
	rapid.Check(t, func(rt *rapid.T) {
		v := anyVoyage(rt, voyages)
		before := tb.decide(t, &v, "")
		h := screen.Hit{List: rapid.SampledFrom([]string{"ofac-sdn", "eu-vessels", "uk", "un", "watchlist"}).Draw(rt, "list"), EntryID: "NEW", Match: true, Entry: &list.Entry{ID: "NEW", Row: "NEW"}}
		h.Name, h.MatchedName, h.Publication = "INVENTED", "INVENTED", "2025-12-24"
		h.Measure = rapid.SampledFrom(list.Measures()).Draw(rt, "measure")
		h.Programmes = []string{rapid.SampledFrom([]string{"SDGT", "RUSSIA-EO14024", "IRAN"}).Draw(rt, "programme")}
		h.By = rapid.SampledFrom([]string{"imo", "mmsi", "name"}).Draw(rt, "by")
		h.Identity, h.Secondary = rapid.Bool().Draw(rt, "identity"), rapid.Bool().Draw(rt, "secondary")
		var asks []string
		if v.Voyage.Vessel.Name != "" {
			asks = append(asks, v.Voyage.Vessel.Name)
		}
		if v.Voyage.Vessel.IMO != 0 {
			asks = append(asks, v.Voyage.Vessel.IMO.String())
		}
		for _, p := range v.Voyage.Parties {
			asks = append(asks, p.Name)
		}
		if len(asks) == 0 {
			return // it names nothing but an MMSI
		}
		with := *tb
		with.worlds = maps.Clone(tb.worlds)
		d := with.worlds[false]
		d.Lists = relisted{d.Lists, h, rapid.SampledFrom(asks).Draw(rt, "listed")}
		with.worlds[false] = d
		after := with.decide(t, &v, "")
		if rank(after.Verdict) < rank(before.Verdict) {
			rt.Fatalf("%s without the listing, %s with it\n%s\n%s", before.Verdict, after.Verdict, words(said(before)), words(said(after)))
		}
	})
}

// TestALicenceNeverMakesStricter: a record more, held and relied on or not,
// leaves the verdict or makes it milder, against the same voyage that relies on
// the same identifiers without that record. To rely on a licence that does not
// cover the voyage is a question of its own, and refers at most.
func TestALicenceNeverMakesStricter(t *testing.T) {
	tb, voyages := newTable(t), plain(t)
	rapid.Check(t, func(rt *rapid.T) {
		v := anyVoyage(rt, voyages)
		relied := rapid.Bool().Draw(rt, "relied on")
		if relied {
			v.Voyage.Licences = append(slices.Clone(v.Voyage.Licences), "NEW")
		}
		before := tb.decide(t, &v, "")
		any := func(what string, of ...string) []string { return []string{rapid.SampledFrom(of).Draw(rt, what)} }
		l := rule.HeldLicence{LicenceRecord: rule.LicenceRecord{
			ID: "NEW", Kind: rule.Specific, Authority: "a", Title: "t", Source: "s", Text: "x", From: navicert.At(day("2018-01-01")),
			Goods: any("goods", "any", "crude_oil", "grain"), Countries: any("countries", "any", "VE", "RU"),
			Persons: any("persons", "any", "Invented Exporter Inc"), Programmes: any("programme", "VENEZUELA-EO13850", "IRAN", "EU-833-2014"),
			BlockedVessels: rapid.Bool().Draw(rt, "blocked vessels"),
		}}
		with := *tb
		with.worlds = maps.Clone(tb.worlds)
		d := with.worlds[false]
		d.Licences = oneMore{d.Licences, l}
		with.worlds[false] = d
		after := with.decide(t, &v, "")
		if rank(after.Verdict) > rank(before.Verdict) {
			rt.Fatalf("%s without the record, %s with it\n%s\n%s", before.Verdict, after.Verdict, words(said(before)), words(said(after)))
		}
		if l := before.Verdict; !relied && after.Verdict != l {
			rt.Fatalf("a record that the voyage does not rely on made %s of %s", after.Verdict, l)
		}
		v.Voyage.Licences = nil
		if none := with.decide(t, &v, ""); rank(after.Verdict) > rank(none.Verdict) && after.Verdict == navicert.Refuse {
			rt.Fatalf("relying on licences made %s of %s", after.Verdict, none.Verdict)
		}
	})
}

type oneMore struct {
	decide.HeldLicences
	l rule.HeldLicence
}

func (o oneMore) Licences(ctx context.Context, knownAt time.Time) ([]rule.HeldLicence, error) {
	ls, err := o.HeldLicences.Licences(ctx, knownAt)
	return append(slices.Clone(ls), o.l), err
}

// TestOrderDoesNotMatter: parties and licences in another order, and packs
// given in another order, come to the same verdict and the same reasons.
func TestOrderDoesNotMatter(t *testing.T) {
	tb, voyages := newTable(t), plain(t)
	texts := func(c navicert.Certificate) []string {
		var out []string
		for _, r := range c.Reasons {
			var evidence []string
			for _, e := range r.Evidence {
				evidence = append(evidence, e.Ref+" "+e.Text)
			}
			slices.Sort(evidence)
			text := r.Text
			if r.Rule == "general/licence-party" || r.Rule == "ofac/iran-us-person" || r.Rule == "uk/russian-ship-port" {
				text = "" // it lists the parties as declared
			}
			out = append(out, fmt.Sprint(r.Rule, r.Outcome, text, r.LiftedBy, strings.Join(evidence, "|")))
		}
		slices.Sort(out)
		return out
	}
	rapid.Check(t, func(rt *rapid.T) {
		v := anyVoyage(rt, voyages)
		before := tb.decide(t, &v, "")
		v.Voyage.Parties = rapid.Permutation(v.Voyage.Parties).Draw(rt, "parties")
		v.Voyage.Licences = rapid.Permutation(v.Voyage.Licences).Draw(rt, "licences")
		v.Packs = rapid.Permutation(v.Packs).Draw(rt, "packs")
		after := tb.decide(t, &v, "")
		if before.Verdict != after.Verdict {
			rt.Fatalf("%s and %s", before.Verdict, after.Verdict)
		}
		if diff := cmp.Diff(texts(before), texts(after)); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// TestWhatIsLearnedLaterChangesNothing: lists, licences, rules and zones that
// come after the day asked about leave the certificate of that day as it is.
func TestWhatIsLearnedLaterChangesNothing(t *testing.T) {
	tb, voyages := newTable(t), plain(t)
	later, err := rule.Load(strings.NewReader(`pack: later
version: "1"
title: Recorded later
recorded: 2027-01-01
rules:
  - id: everything
    title: Everything
    valid: {from: 2000-01-01}
    basis: learned later
    outcome: refuse
    when: voyage.from != "nowhere"
    text: no
    cases: [{name: a, expect: refuse}, {name: b, facts: {voyage: {from: nowhere}}, expect: none}]
licences:
  - {id: LATER, kind: general, authority: A, title: T, dated: 2020-01-01, from: 2020-01-01, goods: [any], countries: [any], persons: [any], source: S, text: X}
`), "later.yaml")
	must(t, err)
	learned := *tb
	learned.worlds = map[bool]decide.Decider{false: openWorld(t, "world.yaml")}
	learn(t, learned.worlds[false].Tracks.(*store.DB))
	learned.packs = maps.Clone(tb.packs)
	learned.packs["later"] = later
	rapid.Check(t, func(rt *rapid.T) {
		v := anyVoyage(rt, voyages)
		if v.Asked.After(day("2026-12-31")) {
			return // it is after what is learned
		}
		before := tb.decide(t, &v, "")
		w := v
		w.Packs = append(slices.Clone(v.Packs), "later")
		after := learned.decide(t, &w, "")
		after.Rules, after.Inputs, before.Inputs = before.Rules, nil, nil
		if diff := cmp.Diff(pretty(t, before), pretty(t, after)); diff != "" {
			rt.Fatal(diff)
		}
	})
	// The same day, with what was known in 2027: all of it speaks.
	v := voyages[slices.IndexFunc(voyages, func(v tabled) bool { return v.Title == "Nothing is found of ship or parties" })]
	v.Packs, v.Known = []string{"later"}, navicert.At(day("2027-01-02"))
	got := said(learned.decide(t, &v, ""))
	for _, r := range []string{"later/everything", "general/listed-vessel", "general/zone-prohibited", "general/doubtful-positions", "general/owned-by-listed-review"} {
		if got[r] == "" {
			t.Errorf("known in 2027, %s says nothing: %s", r, words(got))
		}
	}
}

// learn puts into a store what is learned in 2027: every ship listed, owned by a
// listed company and seen hiding, and every zone closed.
func learn(t testing.TB, db *store.DB) {
	t.Helper()
	ctx, recorded := t.Context(), day("2027-01-01")
	var w tableWorld
	readYAML(t, voyagesDir+"/world.yaml", &w)
	var entries []list.Entry
	facts := own.Set{Source: "later", SHA256: "l", RecordedAt: recorded}
	for i, s := range w.Ships {
		entries = append(entries, list.Entry{ID: fmt.Sprint("N", i), Kind: list.Vessel, Name: fmt.Sprint("SHIP ", i), IMO: s.IMO, Measure: list.Block, Row: "later"})
		facts.Facts = append(facts.Facts, own.Fact{
			Owner: own.Party{Name: "HOLLOW CROWN HOLDING", Country: "RU"}, Owned: own.Party{Kind: list.Vessel, IMO: s.IMO, Name: fmt.Sprint("SHIP ", i)},
			Kind: own.Controls, Source: "a later register", EnteredBy: "J. Doe",
		})
		_, err := db.PutEvents(ctx, recorded, []navicert.Event{{
			ID: navicert.EventID("spoofing", s.MMSI.String(), "later"), Kind: "spoofing", MMSI: s.MMSI, IMO: s.IMO, State: navicert.EventClosed,
			Start: navicert.At(day("2025-12-20")), End: navicert.At(day("2025-12-21")), Explanations: []string{detect.ClassText("circle")},
		}})
		must(t, err)
	}
	for _, s := range w.Ships {
		if p := (navicert.Position{Lat: s.Last.Lat, Lon: s.Last.Lon}); !s.Last.Time.IsZero() {
			hour := s.Last.Time.Truncate(time.Hour)
			must(t, db.PutHeard(ctx, recorded, heardRows(p, "an invented receiver, known of later", 50, hour, hour.AddDate(0, 0, 3))))
		}
	}
	_, err := db.Put(ctx, list.Publication{List: "ofac-sdn", Title: "ofac-sdn", Date: "2025-12-25", SHA256: strings.Repeat("e", 64), Entries: len(entries), ImportedAt: recorded, MaxAgeDays: 365}, entries)
	must(t, err)
	_, err = db.PutOwnership(ctx, facts)
	must(t, err)
	_, err = db.PutZones(ctx, geo.ZoneSet{Source: "later zones", SHA256: "l", ImportedAt: recorded, Zones: []geo.Zone{
		zone(t, "everywhere", geo.Closure, geo.Prohibits, "", geo.Scope{}, -20, -20, 3000),
	}})
	must(t, err)
}
