package decide_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/detect"
	"navicert/geo"
	"navicert/list"
	"navicert/rule"
	"navicert/screen"
)

// referred returns the reason of a rule.
func referred(t *testing.T, c navicert.Certificate, rule string) navicert.Reason {
	t.Helper()
	i := slices.IndexFunc(c.Reasons, func(r navicert.Reason) bool { return r.Rule == rule })
	if i < 0 {
		t.Fatalf("no reason of %s in %s", rule, pretty(t, c.Reasons))
	}
	return c.Reasons[i]
}

// heldLicences are licences that the installation records.
type heldLicences map[string]*rule.HeldLicence

func (h heldLicences) Licences(context.Context, time.Time) (all []rule.HeldLicence, _ error) {
	for _, id := range slices.Sorted(maps.Keys(h)) {
		all = append(all, *h[id])
	}
	return all, nil
}

// settling is one voyage that refers for one rule, and what changes about it.
type settling struct {
	what    string
	voyage  navicert.Voyage
	rule    string
	same    func(*testing.T, *navicert.Voyage, decide.Decider) // what is no change of the matter
	changed func(*testing.T, *navicert.Voyage, decide.Decider)
}

// TestSettled: what a person settled refers no more, is shown with who and why,
// and refers again when what it was about changes, after its last day, when it
// is taken back, and as known before.
func TestSettled(t *testing.T) {
	recorded := day("2026-01-02").Add(time.Hour)
	gapEvent := func(t *testing.T, d decide.Decider) navicert.Event {
		es, err := d.Events.Events(t.Context(), detect.Filter{MMSI: silentMMSI})
		must(t, err)
		return es[0]
	}
	publish := func(t *testing.T, d decide.Decider, row string) {
		company := list.Entry{ID: "2", Kind: list.Organization, Name: "SOMBRA PETROLEUM S.A.", Programmes: []string{"DEMO"}, Measure: list.Block, Countries: []navicert.Flag{"PA"}, Row: row}
		_, err := d.Events.(list.Store).Put(t.Context(), list.Publication{
			List: "demo-sdn", Date: "2026-01-01", SHA256: strings.Repeat("b", 64), Entries: 1, ImportedAt: recorded, MaxAgeDays: 14,
		}, []list.Entry{company})
		must(t, err)
	}
	for _, c := range []settling{
		{
			"a silence",
			navicert.Voyage{Vessel: tanker(silentIMO), From: "NLRTM", To: "USHOU"},
			"general/gap-near-zone",
			func(_ *testing.T, v *navicert.Voyage, _ decide.Decider) {
				v.From, v.ID, v.Parties = "CNTAO", "other", []navicert.Party{{Role: "agent", Name: "Somebody Else"}}
			},
			func(t *testing.T, _ *navicert.Voyage, d decide.Decider) {
				e := gapEvent(t, d)
				e.Explanations, e.Revision = append(e.Explanations, "more came to be known"), 1
				_, err := d.Events.(detect.Store).PutEvents(t.Context(), recorded, []navicert.Event{e})
				must(t, err)
			},
		},
		{
			"a name",
			navicert.Voyage{Vessel: navicert.Vessel{IMO: otherIMO, Kind: "bulk_carrier"}, From: "NLRTM", To: "USHOU", Parties: []navicert.Party{{Role: "shipper", Name: "Sombra Petroleum SA"}}},
			"general/party-name-review",
			func(t *testing.T, v *navicert.Voyage, d decide.Decider) {
				v.To = "CNTAO"
				publish(t, d, `2,"SOMBRA PETROLEUM S.A."`) // the list is issued again and says the same
			},
			func(t *testing.T, _ *navicert.Voyage, d decide.Decider) {
				publish(t, d, `2,"SOMBRA PETROLEUM S.A.","Company Number 7"`)
			},
		},
		{
			"a party's name, when it is another party's",
			navicert.Voyage{Vessel: navicert.Vessel{IMO: otherIMO, Kind: "bulk_carrier"}, From: "NLRTM", To: "USHOU", Parties: []navicert.Party{{Role: "shipper", Name: "Sombra Petroleum SA"}}},
			"general/party-name-review",
			nil,
			func(_ *testing.T, v *navicert.Voyage, _ decide.Decider) { v.Parties[0].Role = "owner" },
		},
		{
			"a disputed order",
			navicert.Voyage{Vessel: tanker(otherIMO), From: "VEJOT", To: "USHOU", Cargo: navicert.Cargo{Kind: "grain"}},
			"general/zone-contested",
			func(_ *testing.T, v *navicert.Voyage, _ decide.Decider) { v.ID = "other" },
			func(t *testing.T, _ *navicert.Voyage, d decide.Decider) {
				z := zone(t, "blockade-all", geo.Blockade, geo.Prohibits, "order-1", geo.Scope{Words: "all tankers", VesselKinds: []string{"tanker"}, CallingAt: []navicert.Flag{"VE"}}, 11, -65, 70)
				_, err := d.Zones.(geo.ZoneStore).PutZones(t.Context(), geo.ZoneSet{Source: "more", SHA256: "m", ImportedAt: recorded, Zones: []geo.Zone{z}})
				must(t, err)
			},
		},
		{
			"a disputed order, on another voyage",
			navicert.Voyage{Vessel: tanker(otherIMO), From: "VEJOT", To: "USHOU", Cargo: navicert.Cargo{Kind: "grain"}},
			"general/zone-contested",
			nil,
			func(_ *testing.T, v *navicert.Voyage, _ decide.Decider) { v.Cargo.Kind = "gravel" },
		},
		{
			"an unknown licence",
			navicert.Voyage{Vessel: tanker(otherIMO), From: "NLRTM", To: "USHOU", Licences: []string{"LIC-9"}},
			"general/licence-unknown",
			func(_ *testing.T, v *navicert.Voyage, _ decide.Decider) { v.ID = "other" },
			func(_ *testing.T, v *navicert.Voyage, _ decide.Decider) { v.Cargo.Kind = "grain" },
		},
		{
			"a licence's terms",
			navicert.Voyage{Vessel: tanker(otherIMO), From: "NLRTM", To: "USHOU", Cargo: navicert.Cargo{Kind: "grain"}, Licences: []string{"LIC-7"}},
			"general/licence-cargo",
			func(_ *testing.T, v *navicert.Voyage, _ decide.Decider) { v.ID = "other" },
			func(_ *testing.T, _ *navicert.Voyage, d decide.Decider) {
				d.Licences.(heldLicences)["LIC-7"].Exclusions = []string{"any sale to this very buyer"}
			},
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			d := world(t)
			db := d.Events.(decide.Settlements)
			d.Settlements = db
			d.Licences = heldLicences{"LIC-7": {LicenceRecord: rule.LicenceRecord{
				ID: "LIC-7", Kind: "specific", Authority: "an invented authority", Title: "Invented licence 7", From: navicert.At(day("2025-11-01")),
				Goods: []string{"diluents"}, Countries: []string{"any"}, Persons: []string{"any"}, Source: "written for this test", Text: "lets anybody load diluents",
			}}}
			decideAt := func(at decide.Times) navicert.Certificate {
				t.Helper()
				cert, err := d.Decide(t.Context(), c.voyage, at)
				must(t, err)
				return cert
			}
			times := decide.Times{AsOf: asOf, KnownAt: recorded.Add(time.Hour), IssuedAt: asOf}
			before := decideAt(times)
			r := referred(t, before, c.rule)
			if before.Verdict != navicert.Refer || r.Settle == "" || r.Matter == "" || r.SettledBy != nil {
				t.Fatalf("%s, reason %+v", before.Verdict, r)
			}
			s := decide.Settlement{
				ID: "s-1", Matter: r.Matter, Rule: r.Rule, Asked: r.Settle, Who: "N. N.", What: "log book seen", Why: "receiver replaced", At: recorded, Until: "2026-01-05",
			}
			must(t, db.PutSettlement(t.Context(), s))
			for i, other := range before.Reasons { // the second reading of one order
				if other.Rule == c.rule && other.Matter != r.Matter {
					also := s
					also.ID, also.Matter = fmt.Sprint("s-also-", i), other.Matter
					must(t, db.PutSettlement(t.Context(), also))
				}
			}
			sha, err := s.SHA256()
			must(t, err)

			want := "settled by N. N. on 2026-01-02 until 2026-01-05: receiver replaced (log book seen)"
			holds := func(cert navicert.Certificate, settled bool, lapsed string) {
				t.Helper()
				r := referred(t, cert, c.rule)
				last := r.Evidence[len(r.Evidence)-1]
				pinned := slices.Contains(cert.Inputs, navicert.Input{Source: "settlements/s-1", SHA256: sha})
				switch {
				case settled:
					if cert.Verdict != navicert.Clear || r.Outcome != navicert.OutcomeSettled || r.SettledBy == nil || r.SettledBy.Who != "N. N." || r.Settle == "" || last.Text != want || !pinned {
						t.Errorf("%s, pinned %v, reason %s", cert.Verdict, pinned, pretty(t, r))
					}
				case cert.Verdict != navicert.Refer || r.Outcome != navicert.OutcomeRefer || r.SettledBy != nil:
					t.Errorf("%s, reason %s", cert.Verdict, pretty(t, r))
				case lapsed != "" && (!pinned || last.Ref != "s-1" || !strings.Contains(last.Text, "does not hold any more: "+lapsed)):
					t.Errorf("pinned %v, last %+v, want %q", pinned, last, lapsed)
				case lapsed == "" && (pinned || last.Kind == navicert.EvidenceSettlement):
					t.Errorf("pinned %v, last %+v", pinned, last)
				}
			}
			holds(decideAt(times), true, "")
			lastDay := times
			lastDay.AsOf = day("2026-01-05")
			holds(decideAt(lastDay), true, "")
			lastDay.AsOf = day("2026-01-06")
			holds(decideAt(lastDay), false, "it held until 2026-01-05")
			early := times
			early.KnownAt = recorded.Add(-time.Second)
			holds(decideAt(early), false, "")

			v := c.voyage
			if c.same != nil {
				c.same(t, &c.voyage, d)
				holds(decideAt(times), true, "")
				c.voyage = v
			}
			if c.what != "a name" || c.same == nil {
				c.changed(t, &c.voyage, d)
				if strings.Contains(c.what, "another party") {
					holds(decideAt(times), false, "")
				} else {
					holds(decideAt(times), false, "what it was about is not as it was")
				}
				c.voyage = v
			}
			must(t, db.RemoveSettlement(t.Context(), "s-1", screen.Removal{Who: "M. M.", At: recorded.Add(30 * time.Minute)}))
			holds(decideAt(times), false, "")
		})
	}
}
