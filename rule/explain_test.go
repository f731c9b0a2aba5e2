package rule

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"navicert"
)

func TestExplain(t *testing.T) {
	s := newSet(t, embedded(t, "general", "venezuela")...)
	f := &Facts{
		Now: day,
		Events: []Event{
			{ID: "g1", Kind: "gap", Explanation: "unexplained", NearZone: "Blockade", NearNM: 12.5, AgeDays: 40},
			{ID: "g2", Kind: "gap", Explanation: "unexplained", NearZone: "Blockade", NearNM: 12.5, AgeDays: 4},
		},
	}
	x, err := s.Explain("gap-near-zone", f)
	if err != nil {
		t.Fatal(err)
	}
	if x.Rule != "general/gap-near-zone" || !x.Applies || len(x.Trials) != 2 || x.Definition.Basis == "" {
		t.Fatalf("%+v", x)
	}
	want := []Value{
		{`event.kind == "gap"`, "true"},
		{"event.kind", `"gap"`},
		{`event.explanation == "unexplained"`, "true"},
		{"event.explanation", `"unexplained"`},
		{`event.near_zone != ""`, "true"},
		{"event.near_zone", `"Blockade"`},
		{"event.near_nm <= figure.near_zone_nm", "true"},
		{"event.near_nm", "12.5"},
		{"figure.near_zone_nm", "50"},
		{"event.age_days <= figure.recent_gap_days", "false"},
		{"event.age_days", "40"},
		{"figure.recent_gap_days", "30"},
	}
	if diff := cmp.Diff(want, x.Trials[0].Values); diff != "" {
		t.Error(diff)
	}
	if x.Trials[0].Fired || x.Trials[0].Reason != nil {
		t.Error("an old gap fired")
	}
	if !x.Trials[1].Fired || x.Trials[1].Reason == nil || x.Trials[1].Fact != "gap g2" {
		t.Errorf("%+v", x.Trials[1])
	}
}

func TestExplainLift(t *testing.T) {
	s := newSet(t, embedded(t, "venezuela")...)
	f := &Facts{
		Now: day, Voyage: Voyage{FromCountry: "VE", ToCountry: "US"}, Cargo: Cargo{Kind: "crude_oil"},
		Licences: []Licence{
			{ID: "no", Claimed: true, Found: true, InForce: true, Programmes: []string{"IRAN"}},
			{ID: "yes", Claimed: true, Found: true, InForce: true, AnyPerson: true, Programmes: []string{"VENEZUELA-EO13850"}, Goods: []string{"any"}, Countries: []string{"VE"}},
		},
		Hits: []Hit{{List: "l", Entry: "1", Name: "N"}}, Events: []Event{{}}, Zones: []Zone{{ID: "z", Name: "Z", Contested: true}},
	}
	x, err := s.Explain("oil-loaded-in-venezuela", f)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"hit l 1 N: not matched by identity", "zone z Z: its scope is contested", "1 events: behaviour can refer, never refuse"}, x.Withheld); diff != "" {
		t.Error(diff)
	}
	trial := x.Trials[0]
	if trial.Reason == nil || trial.Reason.Outcome != navicert.OutcomeLifted || trial.Reason.LiftedBy.Licence != "yes" {
		t.Fatalf("%+v", trial.Reason)
	}
	if len(trial.Licences) != 2 || trial.Licences[0].Lifts || !trial.Licences[1].Lifts {
		t.Errorf("%+v", trial.Licences)
	}
	found := false
	for _, v := range trial.Licences[0].Values {
		found = found || v == Value{"licence.covers(cargo)", "false"}
	}
	if !found {
		t.Errorf("the values do not show why: %+v", trial.Licences[0].Values)
	}
}

func TestExplainWithout(t *testing.T) {
	s := newSet(t, embedded(t, "general")...)
	x, err := s.Explain("listed-vessel", nil)
	if err != nil || x.Trials != nil || x.Definition.ID != "listed-vessel" {
		t.Errorf("without facts: %+v, %v", x, err)
	}
	x, err = s.Explain("listed-vessel", &Facts{Now: navicert.Date("1999-01-01").Start()})
	if err != nil || x.Applies || x.Trials != nil {
		t.Errorf("before its time: %+v, %v", x, err)
	}
	if _, err := s.Explain("nothing", nil); navicert.KindOf(err) != navicert.NotFound {
		t.Errorf("unknown rule: %v", err)
	}
	if _, err := s.Explain("listed-vessel", &Facts{}); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("facts without a time: %v", err)
	}
}
