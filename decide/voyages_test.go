package decide_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

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

// The voyages of testdata/voyages are for a lawyer to read: what is asked, what
// must come out and which rules say so. Every file but those of a world is a
// list of them.
const voyagesDir = "testdata/voyages"

// tabled is one voyage of the table.
type tabled struct {
	Title   string            `json:"title"`
	Asked   navicert.Instant  `json:"asked"`           // the day it is asked about
	Known   navicert.Instant  `json:"known,omitzero"`  // what had been recorded by then; absent: the same day
	Packs   []string          `json:"packs,omitempty"` // beside general
	Voyage  navicert.Voyage   `json:"voyage,omitzero"`
	Demo    string            `json:"demo,omitempty"` // the demonstration's voyage of this id, in its world
	Verdict navicert.Verdict  `json:"verdict"`
	Reasons map[string]string `json:"reasons,omitempty"` // every rule that speaks, and what it says; "lifted by L until T" names the licence

	file string
}

// lists, ships and zones of a world. All of it is invented.
type tableWorld struct {
	Lists []struct {
		List    string        `json:"list"`
		Issued  navicert.Date `json:"issued"`
		MaxAge  int           `json:"max_age_days"`
		Entries []list.Entry  `json:"entries"`
	} `json:"lists"`
	Zones []struct {
		geo.Zone
		Lat float64 `json:"lat"`
		Lon float64 `json:"lon"`
		NM  float64 `json:"nm"`
	} `json:"zones"`
	ZonesFile string `json:"zones_file"`
	Owns      []struct {
		Owner    own.Party `json:"owner"`
		Owned    own.Party `json:"owned"`
		Kind     own.Kind  `json:"kind"`
		Percent  string    `json:"percent"`
		Answered bool      `json:"answered"` // somebody answers for it
	} `json:"owns"`
	Ships []struct {
		MMSI   navicert.MMSI `json:"mmsi"`
		IMO    navicert.IMO  `json:"imo"`
		Events []struct {
			navicert.Event
			Class string `json:"class"`
		} `json:"events"`
		Last struct { // its last position
			Time navicert.Instant `json:"time"`
			Lat  float64          `json:"lat"`
			Lon  float64          `json:"lon"`
		} `json:"last,omitzero"`
	} `json:"ships"`
	Heard []struct { // what a receiver heard, in each clock hour from From to To; recorded at To
		From     navicert.Instant `json:"from"`
		To       navicert.Instant `json:"to"`
		Receiver string           `json:"receiver"`
		Ships    int              `json:"ships"`
		Lat      float64          `json:"lat"`
		Lon      float64          `json:"lon"`
	} `json:"heard"`
	Licences []map[string]any `json:"licences"` // that the user keeps
}

// readYAML reads a file into v, strictly.
func readYAML(t testing.TB, name string, v any) {
	t.Helper()
	b, err := os.ReadFile(name)
	must(t, err)
	b, err = yaml.YAMLToJSON(b)
	must(t, err)
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// readTable reads all voyages.
func readTable(t testing.TB) []tabled {
	t.Helper()
	files, err := filepath.Glob(voyagesDir + "/*.yaml")
	must(t, err)
	var all []tabled
	for _, f := range files {
		if strings.Contains(filepath.Base(f), "world") {
			continue
		}
		var vs []tabled
		readYAML(t, f, &vs)
		for i := range vs {
			vs[i].file = filepath.Base(f)
		}
		all = append(all, vs...)
	}
	demo := demoVoyages(t)
	for i := range all {
		if id := all[i].Demo; id != "" {
			v, ok := demo[id]
			if !ok {
				t.Fatalf("the demonstration has no voyage %s", id)
			}
			all[i].Voyage, all[i].Asked = v.Voyage, v.AsOf
			if v.Expect.Verdict != all[i].Verdict || v.Expect.Rule != "" && all[i].Reasons[v.Expect.Rule] == "" {
				t.Errorf("%s: the demonstration expects %+v, the table %s", id, v.Expect, all[i].Verdict)
			}
		}
	}
	return all
}

type demoVoyage struct {
	AsOf   navicert.Instant `json:"as_of"`
	Voyage navicert.Voyage  `json:"voyage"`
	Expect struct {
		Verdict navicert.Verdict `json:"verdict"`
		Rule    string           `json:"rule"`
	} `json:"expect"`
}

func demoVoyages(t testing.TB) map[string]demoVoyage {
	t.Helper()
	b, err := os.ReadFile("../app/demo/data/voyages.jsonl")
	must(t, err)
	out := map[string]demoVoyage{}
	for d := json.NewDecoder(bytes.NewReader(b)); ; {
		var v demoVoyage
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		out[v.Voyage.ID] = v
	}
}

// openWorld fills a store with a world, and returns what decides over it.
func openWorld(t testing.TB, name string) decide.Decider {
	t.Helper()
	ctx := t.Context()
	var w tableWorld
	readYAML(t, filepath.Join(voyagesDir, name), &w)
	db, err := store.Open(ctx, t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	for i, l := range w.Lists {
		for j := range l.Entries {
			e := &l.Entries[j]
			e.Row = fmt.Sprintf("%s,%q,%s", e.ID, e.Name, strings.Join(e.Programmes, " "))
		}
		_, err := db.Put(ctx, list.Publication{
			List: l.List, Title: l.List, Date: l.Issued, SHA256: fmt.Sprintf("%064x", i+1),
			Entries: len(l.Entries), ImportedAt: l.Issued.Start(), MaxAgeDays: l.MaxAge,
		}, l.Entries)
		must(t, err)
	}
	set := geo.ZoneSet{Source: "zones", SHA256: "z", ImportedAt: day("2018-01-01")}
	for _, z := range w.Zones {
		z.Area, err = geo.NewCircle(navicert.Position{Lat: z.Lat, Lon: z.Lon}, z.NM)
		must(t, err)
		z.Published = z.From
		set.Zones = append(set.Zones, z.Zone)
	}
	if w.ZonesFile != "" {
		b, err := os.ReadFile(filepath.Join(voyagesDir, w.ZonesFile))
		must(t, err)
		zones, _, err := geo.ReadZones(bytes.NewReader(b), "zones.geojson")
		must(t, err)
		set.Zones = append(set.Zones, zones...)
	}
	_, err = db.PutZones(ctx, set)
	must(t, err)
	facts := own.Set{Source: "facts", SHA256: "f", RecordedAt: day("2018-01-01")}
	for _, o := range w.Owns {
		f := own.Fact{Owner: o.Owner, Owned: o.Owned, Kind: o.Kind, Source: "an invented register", Published: navicert.At(day("2018-01-01"))}
		if o.Answered {
			f.EnteredBy = "J. Doe"
		}
		if o.Percent != "" {
			share, _, err := own.ParseShare(o.Percent)
			must(t, err)
			f.Share = navicert.Some(share)
		}
		facts.Facts = append(facts.Facts, f)
	}
	if len(facts.Facts) > 0 {
		_, err = db.PutOwnership(ctx, facts)
		must(t, err)
	}
	for _, s := range w.Ships {
		_, err = db.AppendStatics(ctx, []navicert.Static{{MMSI: s.MMSI, Time: day("2017-01-01"), IMO: s.IMO, Ref: navicert.Ref{Source: "t"}}})
		must(t, err)
		_, err = db.AppendFixes(ctx, []navicert.Fix{{MMSI: s.MMSI, Time: day("2017-01-01"), Pos: navicert.Position{Lat: 50, Lon: -30}, Ref: navicert.Ref{Source: "t"}}})
		must(t, err)
		if l := s.Last; !l.Time.IsZero() {
			_, err = db.AppendFixes(ctx, []navicert.Fix{{MMSI: s.MMSI, Time: l.Time.Time, Pos: navicert.Position{Lat: l.Lat, Lon: l.Lon}, Ref: navicert.Ref{Source: "t", Line: 2}}})
			must(t, err)
		}
		for i, e := range s.Events {
			e.ID, e.MMSI, e.IMO, e.State = navicert.EventID(e.Kind, s.MMSI.String(), fmt.Sprint(i)), s.MMSI, s.IMO, navicert.EventClosed
			if e.End.IsZero() {
				e.State = navicert.EventOpen
			}
			e.Explanations = []string{detect.ClassText(e.Class)}
			_, err = db.PutEvents(ctx, e.Start.Time, []navicert.Event{e.Event})
			must(t, err)
		}
	}
	for _, h := range w.Heard {
		must(t, db.PutHeard(ctx, h.To.Time, heardRows(navicert.Position{Lat: h.Lat, Lon: h.Lon}, h.Receiver, h.Ships, h.From.Time, h.To.Time)))
	}
	b, err := yaml.Marshal(map[string]any{"licences": w.Licences})
	must(t, err)
	if len(w.Licences) > 0 {
		ls, err := rule.ReadLicences(bytes.NewReader(b), name)
		must(t, err)
		var held []rule.HeldLicence
		for _, l := range ls {
			held = append(held, rule.HeldLicence{LicenceRecord: l, EnteredBy: "J. Doe"})
		}
		_, err = db.PutLicences(ctx, day("2018-01-01"), held)
		must(t, err)
	}
	owners := screen.NewOwnership(db)
	return decide.Decider{
		Lists: screen.New(db, nil).WithOwnership(owners), Owners: owners, Licences: db,
		Tracks: db, Events: db, Zones: db, Coverage: db, Lanes: lanes, Engine: "test",
	}
}

// heardRows are what a receiver heard about a place in each clock hour of a time.
func heardRows(p navicert.Position, receiver string, ships int, from, to time.Time) (rows []detect.Heard) {
	for hour := from; hour.Before(to); hour = hour.Add(time.Hour) {
		rows = append(rows, detect.Heard{
			Cell: geo.CellID(p, detect.CellLevel), Hour: hour, Receiver: receiver, Class: navicert.ClassA,
			Ships: ships, Fixes: 10 * ships, Last: hour.Add(50 * time.Minute),
		})
	}
	return rows
}

// table decides voyages over their worlds, with packs that may lack a rule.
type table struct {
	worlds map[bool]decide.Decider // true: the demonstration's
	packs  map[string]*rule.Pack
}

func newTable(t testing.TB) *table {
	tb := &table{worlds: map[bool]decide.Decider{false: openWorld(t, "world.yaml"), true: openWorld(t, "world-demo.yaml")}, packs: map[string]*rule.Pack{}}
	for _, name := range rule.EmbeddedNames() {
		p, err := rule.Embedded(name)
		must(t, err)
		tb.packs[name] = p
	}
	b, err := os.ReadFile("../app/demo/data/pack.yaml")
	must(t, err)
	tb.packs["demo"], err = rule.Load(bytes.NewReader(b), "pack.yaml")
	must(t, err)
	return tb
}

// decide returns the certificate of a voyage under its packs, without the rule
// named, if one is.
func (tb *table) decide(t testing.TB, v *tabled, without string) navicert.Certificate {
	t.Helper()
	var packs []*rule.Pack
	for _, name := range append([]string{"general"}, v.Packs...) {
		p := tb.packs[name]
		if p == nil {
			t.Fatalf("%s: no pack %s", v.Title, name)
		}
		if id, ok := strings.CutPrefix(without, name+"/"); ok {
			less := *p
			less.Rules = slices.DeleteFunc(slices.Clone(p.Rules), func(r rule.Rule) bool { return r.ID == id })
			p = &less
		}
		packs = append(packs, p)
	}
	set, err := rule.NewSet(packs...)
	must(t, err)
	d := tb.worlds[v.Demo != ""]
	d.Rules = set
	times := decide.Times{AsOf: v.Asked.Time, KnownAt: v.Known.Time, IssuedAt: v.Asked.Time}
	if times.KnownAt.IsZero() {
		times.KnownAt = times.AsOf
	}
	cert, err := d.Decide(t.Context(), v.Voyage, times)
	if err != nil {
		t.Fatalf("%s: %s: %v", v.file, v.Title, err)
	}
	return cert
}

// said is what each rule says, the strictest of each: refuse, or "lifted by L
// until T".
func said(c navicert.Certificate) map[string]string {
	out := map[string]string{}
	for _, r := range c.Reasons {
		if out[r.Rule] != "" {
			continue // reasons stand the strictest first
		}
		out[r.Rule] = string(r.Outcome)
		if l := r.LiftedBy; l != nil {
			out[r.Rule] = "lifted by " + l.Licence
			if !l.Until.IsZero() {
				out[r.Rule] += " until " + l.Until.UTC().Format(time.RFC3339)
			}
		}
	}
	return out
}

func (v *tabled) holds(c navicert.Certificate) bool {
	return c.Verdict == v.Verdict && maps.Equal(said(c), v.Reasons)
}

// TestVoyages decides every voyage of the table.
func TestVoyages(t *testing.T) {
	tb, voyages := newTable(t), readTable(t)
	if len(voyages) < 60 {
		t.Errorf("%d voyages, want sixty at least", len(voyages))
	}
	titles := map[string]bool{}
	for i := range voyages {
		v := &voyages[i]
		if v.Title == "" || titles[v.Title] {
			t.Errorf("%s: voyage %d needs a title of its own (%q)", v.file, i+1, v.Title)
		}
		titles[v.Title] = true
		t.Run(v.file+"/"+v.Title, func(t *testing.T) {
			c := tb.decide(t, v, "")
			if !v.holds(c) {
				t.Errorf("%s, want %s\n  verdict: %s\n  reasons: %s\n%s", c.Verdict, v.Verdict, c.Verdict, words(said(c)), words(v.Reasons))
			}
			for _, r := range c.Reasons {
				if len(r.Evidence) == 0 && !strings.HasPrefix(r.Rule, "navicert/") {
					t.Errorf("%s rests on no evidence", r.Rule)
				}
			}
		})
	}
}

func words(reasons map[string]string) string {
	var out []string
	for _, r := range slices.SortedFunc(maps.Keys(reasons), cmp.Compare[string]) {
		out = append(out, r+": "+reasons[r])
	}
	return "{" + strings.Join(out, ", ") + "}"
}

// TestEveryRuleIsMissed takes each rule of the embedded packs out: a voyage of
// the table must come out otherwise than it should. A rule sees no other's
// outcome, so that only voyages of which it speaks can miss it.
func TestEveryRuleIsMissed(t *testing.T) {
	tb, voyages := newTable(t), readTable(t)
	for _, name := range rule.EmbeddedNames() {
		for i := range tb.packs[name].Rules {
			id := name + "/" + tb.packs[name].Rules[i].ID
			missed := slices.ContainsFunc(voyages, func(v tabled) bool {
				return v.Reasons[id] != "" && !v.holds(tb.decide(t, &v, id))
			})
			if !missed {
				t.Errorf("no voyage misses %s", id)
			}
		}
	}
}
