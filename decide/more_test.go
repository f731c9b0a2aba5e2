package decide_test

import (
	"fmt"
	"strings"
	"testing"

	"navicert"
	"navicert/decide"
	"navicert/list"
	"navicert/screen"
	"navicert/store"
)

// TestMoreHitsAreTold asks about a party with thirty namesakes on a list: twenty
// are shown, and the certificate says how many more there are and counts all.
func TestMoreHitsAreTold(t *testing.T) {
	d := world(t)
	db, err := store.Open(t.Context(), t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	var namesakes []list.Entry
	for i := range 30 {
		namesakes = append(namesakes, list.Entry{ID: fmt.Sprint(i), Kind: list.Organization, Name: "AMBER DUNE TRADING", Measure: list.Block, Row: fmt.Sprint(i)})
	}
	_, err = db.Put(t.Context(), list.Publication{
		List: "demo-sdn", Date: "2025-12-24", SHA256: strings.Repeat("c", 64), Entries: 30, ImportedAt: imported, MaxAgeDays: 14,
	}, namesakes)
	must(t, err)
	d.Lists = screen.New(db, nil)
	cert, err := d.Decide(t.Context(), navicert.Voyage{
		Vessel: tanker(otherIMO), From: "NLRTM", To: "USHOU", Parties: []navicert.Party{{Role: "shipper", Name: "Amber Dune Trading"}},
	}, at(asOf))
	must(t, err)
	shown, told := 0, ""
	for _, r := range cert.Reasons {
		switch r.Rule {
		case "general/party-name-review":
			shown++
		case decide.MoreHitsRule:
			told = r.Text
		}
	}
	if shown != screen.DefaultLimit || !strings.HasPrefix(told, "The shipper Amber Dune Trading has 10 further hits") || cert.Verdict != navicert.Refer {
		t.Errorf("%s, %d shown, told %q", cert.Verdict, shown, told)
	}
	for _, s := range cert.Searched {
		if s.Kind == navicert.SourceList && s.Found != 30 {
			t.Errorf("%d found, want all 30", s.Found)
		}
	}
}
