package decide_test

import (
	"strings"
	"testing"

	"navicert"
	"navicert/detect/encounter"
	"navicert/store"
)

// TestMetListedVessel decides on both ships of a meeting: the one that met a listed
// ship is referred, whichever of the two MMSIs the event stands under.
func TestMetListedVessel(t *testing.T) {
	const ours, theirs, third navicert.MMSI = 775999011, 775999012, 775999013
	d := world(t)
	db := d.Events.(*store.DB)
	_, err := db.AppendStatics(t.Context(), []navicert.Static{
		{MMSI: theirs, Time: day("2025-12-20"), IMO: listedIMO, Name: "SALT HERON", Ref: navicert.Ref{Source: "t"}},
	})
	must(t, err)
	meeting := func(a, b navicert.MMSI) navicert.Event {
		return navicert.Event{
			ID: navicert.EventID(encounter.Kind, a.String(), b.String()), Kind: encounter.Kind, MMSI: a, Other: b, State: navicert.EventClosed,
			Start: navicert.At(day("2025-12-28")), End: navicert.At(day("2025-12-29")),
		}
	}
	_, err = db.PutEvents(t.Context(), imported, []navicert.Event{meeting(ours, theirs), meeting(third, ours), meeting(theirs, third)})
	must(t, err)
	for _, c := range []struct {
		mmsi  navicert.MMSI
		other string
		refer bool
	}{{ours, theirs.String(), true}, {third, theirs.String(), true}, {775999014, "", false}} {
		cert, err := d.Decide(t.Context(), navicert.Voyage{Vessel: navicert.Vessel{MMSI: c.mmsi}, From: "NLRTM", To: "USHOU"}, at(asOf))
		must(t, err)
		var met []navicert.Reason
		for _, r := range cert.Reasons {
			if r.Rule == "general/met-listed-vessel" {
				met = append(met, r)
			}
		}
		if !c.refer {
			if len(met) > 0 {
				t.Errorf("%s met nobody, and is told %+v", c.mmsi, met)
			}
			continue
		}
		if len(met) != 1 || met[0].Outcome != navicert.OutcomeRefer || !strings.Contains(met[0].Text, c.other) || cert.Verdict == navicert.Clear {
			t.Fatalf("%s: %s, %+v", c.mmsi, cert.Verdict, met)
		}
		row := false
		for _, e := range met[0].Evidence {
			row = row || e.Kind == navicert.EvidenceListEntry && e.Ref == "1"
		}
		if !row {
			t.Errorf("%s: the list's row is no evidence: %+v", c.mmsi, met[0].Evidence)
		}
	}
}
