package rule

import (
	"strings"
	"testing"
	"time"

	"navicert"
)

var exporter = LicenceRecord{
	ID: "VE-1", Kind: Specific, Authority: "OFAC", Title: "An invented licence",
	From:       navicert.At(day),
	Until:      navicert.At(day.AddDate(0, 0, 10)),
	Programmes: []string{"VENEZUELA-EO13850"}, Goods: []string{"crude_oil"}, Countries: []string{"VE"}, Destinations: []string{"US"},
	ExcludedCountries: []string{"CU", "IR"}, Persons: []string{"Invented Oil, Inc.", "Óleos Invéntados S.A."},
	Source: "a paper", Dated: "2025-12-01", Text: "It says so.",
}

func TestLicenceFact(t *testing.T) {
	f := exporter.Fact(true, day.Add(time.Hour), []Party{{Name: "Another"}, {Name: "INVENTED OIL INC"}})
	if !f.Claimed || !f.Found || !f.InForce || f.Party != "INVENTED OIL INC" || f.AnyPerson {
		t.Errorf("%+v", f)
	}
	e := f.Evidence[0]
	if e.Kind != navicert.EvidenceLicence || e.Ref != "VE-1" || e.Source != "a paper" || e.Publication != "2025-12-01" || !strings.Contains(e.Text, "It says so.") {
		t.Errorf("%+v", e)
	}
	for at, want := range map[time.Time]bool{
		day.Add(-time.Second): false, day: true, day.AddDate(0, 0, 10).Add(-time.Second): true, day.AddDate(0, 0, 10): false,
	} {
		if got := exporter.Fact(true, at, nil).InForce; got != want {
			t.Errorf("at %s: in force %v, want %v", at, got, want)
		}
	}
}

// TestLicenceNamesAreNotStretched: a permission serves the name it gives and no
// name that is like it.
func TestLicenceNamesAreNotStretched(t *testing.T) {
	for name, want := range map[string]bool{
		"invented oil inc": true, "Invented-Oil, Inc": true, "ÓLEOS INVÉNTADOS SA": true,
		"Invented Oil": false, "Invented Oil Inc Trading": false, "Oleos Inventados SA": false, "any": false, "": false, ", .": false,
	} {
		if got := exporter.Fact(true, day, []Party{{Name: name}}).Party != ""; got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
	open := LicenceRecord{Persons: []string{Anything}}
	if f := open.Fact(true, day, []Party{{Name: "any"}}); !f.AnyPerson || f.Party != "" {
		t.Errorf("%+v", f)
	}
}

func TestUnknownLicence(t *testing.T) {
	f := UnknownLicence("X-9")
	if f.ID != "X-9" || !f.Claimed || f.Found || f.InForce || len(f.Evidence) != 1 {
		t.Errorf("%+v", f)
	}
}

func TestCovers(t *testing.T) {
	l := exporter.Fact(true, day, []Party{{Name: "Invented Oil Inc"}})
	for _, tt := range []struct {
		name string
		got  bool
		want bool
	}{
		{"cargo named", l.CoversCargo(&Cargo{Kind: "crude_oil"}), true},
		{"other cargo", l.CoversCargo(&Cargo{Kind: "fuel_oil"}), false},
		{"cargo not declared", l.CoversCargo(&Cargo{}), false},
		{"no goods", (&Licence{}).CoversCargo(&Cargo{Kind: "crude_oil"}), false},
		{"any goods", (&Licence{Goods: []string{Anything}}).CoversCargo(&Cargo{}), true},
		{"voyage", l.CoversVoyage(&Voyage{FromCountry: "VE", ToCountry: "US", ETA: day.AddDate(0, 0, 9)}), true},
		{"arrival neither declared nor reckoned", l.CoversVoyage(&Voyage{FromCountry: "VE", ToCountry: "US"}), false},
		{"arrival reckoned", l.CoversVoyage(&Voyage{FromCountry: "VE", ToCountry: "US", Arrival: day.AddDate(0, 0, 9)}), true},
		{"arrival reckoned when it ends", l.CoversVoyage(&Voyage{FromCountry: "VE", ToCountry: "US", Arrival: day.AddDate(0, 0, 10)}), false},
		{"arrival when it ends", l.CoversVoyage(&Voyage{FromCountry: "VE", ToCountry: "US", ETA: day.AddDate(0, 0, 10)}), false},
		{"other loading country", l.CoversVoyage(&Voyage{FromCountry: "CO", ToCountry: "US"}), false},
		{"loading country not known", l.CoversVoyage(&Voyage{ToCountry: "US"}), false},
		{"other destination", l.CoversVoyage(&Voyage{FromCountry: "VE", ToCountry: "CN"}), false},
		{"destination not known", l.CoversVoyage(&Voyage{FromCountry: "VE"}), false},
		{"by way of an excluded country", l.CoversVoyage(&Voyage{FromCountry: "VE", ToCountry: "US", Countries: []string{"VE", "CU", "US"}}), false},
		{"to an excluded country", (&Licence{Countries: []string{"VE"}, ExcludedCountries: []string{"CU"}}).CoversVoyage(&Voyage{FromCountry: "VE", ToCountry: "CU"}), false},
		{"no end", (&Licence{Countries: []string{"VE"}}).CoversVoyage(&Voyage{FromCountry: "VE", ETA: day}), true},
		{"parties", l.CoversParties([]Party{{Name: "Invented Oil Inc", Country: "US"}}), true},
		{"a party of an excluded country", l.CoversParties([]Party{{Name: "Invented Oil Inc"}, {Name: "B", Country: "CU"}}), false},
		{"no party", (&Licence{}).CoversParties(nil), false},
		{"vessel", l.CoversVessel(&Vessel{IMO: "3500001"}), true},
		{"listed vessel", l.CoversVessel(&Vessel{IMO: "3500001", Listed: true}), false},
		{"listed vessel that it extends to", (&Licence{BlockedVessels: true, Vessels: []string{"3500001"}}).CoversVessel(&Vessel{IMO: "3500001", Listed: true}), true},
		{"other vessel", (&Licence{Vessels: []string{"3500001"}}).CoversVessel(&Vessel{IMO: "3500013"}), false},
		{"vessel without a number", (&Licence{Vessels: []string{""}}).CoversVessel(&Vessel{}), false},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, tt.got, tt.want)
		}
	}
}
