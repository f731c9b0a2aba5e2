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

// TestMoreHitsAreTold asks about a party with many namesakes: twenty are shown,
// the certificate says how many more there are and counts all, and an entry that
// refuses is not lost behind those that do not, whatever its list is called.
func TestMoreHitsAreTold(t *testing.T) {
	for _, namesakes := range []int{5, 30} {
		for _, blocks := range []bool{false, true} {
			t.Run(fmt.Sprint(namesakes, blocks), func(t *testing.T) { withNamesakes(t, namesakes, blocks) })
		}
	}
}

func withNamesakes(t *testing.T, namesakes int, blocks bool) {
	d := world(t)
	db, err := store.Open(t.Context(), t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	entry := func(id string, m list.Measure) list.Entry {
		return list.Entry{ID: id, Kind: list.Organization, Name: "AMBER DUNE TRADING", Measure: m, Countries: []navicert.Flag{"PA"}, Row: id}
	}
	put := func(name string, entries ...list.Entry) {
		_, err := db.Put(t.Context(), list.Publication{
			List: name, Date: "2025-12-24", SHA256: strings.Repeat("c", 64), Entries: len(entries), ImportedAt: imported, MaxAgeDays: 14,
		}, entries)
		must(t, err)
	}
	var restricting []list.Entry
	for i := range namesakes {
		restricting = append(restricting, entry(fmt.Sprint(i), list.Restrict))
	}
	put("a-list", restricting...)
	want := navicert.Refer
	if blocks {
		put("z-list", entry("1", list.Block))
		want = navicert.Refuse
	}
	d.Lists = screen.New(db, nil)
	cert, err := d.Decide(t.Context(), navicert.Voyage{
		Vessel: tanker(otherIMO), From: "NLRTM", To: "USHOU", Parties: []navicert.Party{{Role: "shipper", Name: "Amber Dune Trading", Country: "PA"}},
	}, at(asOf))
	must(t, err)
	shown, told := 0, ""
	for _, r := range cert.Reasons {
		switch r.Rule {
		case "general/party-restricted":
			shown++
		case decide.MoreHitsRule:
			told += r.Text
		}
	}
	if cert.Verdict != want || shown != min(namesakes, 20) {
		t.Errorf("%s, %d shown, want %s", cert.Verdict, shown, want)
	}
	if more := namesakes - 20; more > 0 != strings.HasPrefix(told, fmt.Sprintf("The shipper Amber Dune Trading has %d further hits", more)) {
		t.Errorf("told %q of %d", told, more)
	}
	for _, s := range cert.Searched {
		if s.Source == "a-list" && s.Found != namesakes {
			t.Errorf("%d found, want %d", s.Found, namesakes)
		}
	}
}
