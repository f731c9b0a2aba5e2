package storetest

import (
	"testing"
	"time"

	"navicert"
	"navicert/list"
)

var pullTests = map[string]func(*testing.T, Store){
	"log":           pullLog,
	"refused":       badPulls,
	"hold":          holdPublication,
	"accept":        acceptPublication,
	"accept as":     acceptAsNextDay,
	"reject":        rejectPublication,
	"not in force":  heldIsNotInForce,
	"bad decisions": badDecisions,
}

func pulled(listName string, hours float64, outcome list.PullOutcome) list.Pull {
	return list.Pull{
		List: listName, At: at(hours), Outcome: outcome, Publication: "2026-02-27", SHA256: "aa", Entries: 7,
		Files: []list.PulledFile{{Name: "sdn.csv", Address: "https://publisher.example/sdn.csv", From: "https://publisher.example/2026-02-27/sdn.csv", ETag: `"x"`, LastModified: "Fri, 27 Feb 2026 10:00:00 GMT", Bytes: 9, SHA256: "bb"}},
		Note:  hostile[0],
	}
}

func pullLog(t *testing.T, s Store) {
	if ps, states := must(s.Pulls(t.Context(), "", 10))(t), must(s.PullStates(t.Context(), time.Time{}))(t); ps == nil || len(ps)+len(states) > 0 {
		t.Errorf("an empty store has pulls %#v, states %#v", ps, states)
	}
	added, failed, other := pulled("a", 1, list.PullAdded), pulled("a", 2, list.PullFailed), pulled("b", 3, list.PullFailed)
	failed.Files, failed.Error = nil, hostile[1]
	other.At = other.At.In(time.FixedZone("", 3600))
	for _, p := range []list.Pull{added, failed, other} {
		if err := s.PutPull(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	other.At = other.At.UTC()
	same(t, "all pulls", must(s.Pulls(t.Context(), "", 10))(t), []list.Pull{other, failed, added})
	same(t, "pulls of one list", must(s.Pulls(t.Context(), "a", 10))(t), []list.Pull{failed, added})
	same(t, "the newest", must(s.Pulls(t.Context(), "", 1))(t), []list.Pull{other})
	want := []list.PullState{{List: "a", Last: failed, Success: &added}, {List: "b", Last: other}}
	same(t, "states", must(s.PullStates(t.Context(), time.Time{}))(t), want)
	held := pulled("b", 4, list.PullHeld)
	if err := s.PutPull(t.Context(), held); err != nil {
		t.Fatal(err)
	}
	want[1] = list.PullState{List: "b", Last: held, Success: &held}
	same(t, "states after a success", must(s.PullStates(t.Context(), time.Time{}))(t), want)
	wantCanceled(t, s.PutPull(canceled(), held))

	stopped, onlyStopped := pulled("a", 5, list.PullFailed), pulled("c", 6, list.PullFailed)
	stopped.Stopped, onlyStopped.Stopped = true, true
	for _, p := range []list.Pull{stopped, onlyStopped} {
		if err := s.PutPull(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	want = append(want, list.PullState{List: "c", Last: onlyStopped})
	same(t, "states after two that were stopped", must(s.PullStates(t.Context(), time.Time{}))(t), want)
	again := pulled("a", 7, list.PullUnchanged)
	if err := s.PutPull(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	want[0] = list.PullState{List: "a", Last: again, Success: &again}
	same(t, "states after an answer", must(s.PullStates(t.Context(), time.Time{}))(t), want)
}

func badPulls(t *testing.T, s Store) {
	for _, p := range []list.Pull{{At: at(1), Outcome: list.PullAdded}, {List: "a", At: at(1)}, {List: "a", Outcome: list.PullAdded}} {
		wantErr(t, s.PutPull(t.Context(), p), navicert.Invalid)
	}
	h := heldPublication("aa")
	for _, change := range []func(*list.Held){
		func(h *list.Held) { h.List = "" },
		func(h *list.Held) { h.Date = "2026-02-30" },
		func(h *list.Held) { h.SHA256 = "" },
		func(h *list.Held) { h.Why = "" },
		func(h *list.Held) { h.HeldAt = time.Time{} },
	} {
		bad := h
		change(&bad)
		_, err := s.Hold(t.Context(), bad, entries(1))
		wantErr(t, err, navicert.Invalid)
	}
	if held := must(s.Held(t.Context()))(t); held == nil || len(held) != 0 {
		t.Errorf("held %#v", held)
	}
}

func heldPublication(sha string) list.Held {
	p := publication("invented", "2026-02-27", sha)
	p.Entries = 3
	return list.Held{Publication: p, HeldAt: at(13), Why: "it has 3 entries: " + hostile[2], State: list.HeldOpen}
}

var decision = list.HeldDecision{Who: "N. N.", Why: "the publisher's notice says so; " + hostile[0], At: at(14)}

func heldEntries(t *testing.T, s Store, h list.Held) []list.Entry {
	t.Helper()
	es := []list.Entry{}
	for e, err := range s.HeldEntries(t.Context(), h.List, h.Date, h.SHA256) {
		if err != nil {
			t.Fatal(err)
		}
		es = append(es, e)
	}
	return es
}

func holdPublication(t *testing.T, s Store) {
	h, again := heldPublication("aa"), heldPublication("bb")
	for i, want := range []bool{true, false} {
		if got := must(s.Hold(t.Context(), h, entries(3)))(t); got != want {
			t.Errorf("holding it for the %d. time says %v", i+1, got)
		}
	}
	if !must(s.Hold(t.Context(), again, entries(2)))(t) {
		t.Error("another of the same day was not added")
	}
	same(t, "held", must(s.Held(t.Context()))(t), []list.Held{h, again})
	same(t, "entries of the first", heldEntries(t, s, h), entries(3))
	same(t, "entries of the second", heldEntries(t, s, again), entries(2))
	for _, err := range s.HeldEntries(t.Context(), "invented", "2026-02-27", "cc") {
		wantErr(t, err, navicert.NotFound)
	}
	_, err := s.Hold(canceled(), heldPublication("dd"), entries(1))
	wantCanceled(t, err)
}

func heldIsNotInForce(t *testing.T, s Store) {
	h := heldPublication("aa")
	must(s.Hold(t.Context(), h, entries(3)))(t)
	if ps := must(s.Publications(t.Context()))(t); len(ps) != 0 {
		t.Errorf("publications %+v", ps)
	}
	for _, err := range s.Entries(t.Context(), h.List, h.Date) {
		wantErr(t, err, navicert.NotFound)
	}
	if !put(t, s, publication("invented", "2026-02-27", "bb"), entries(1)) {
		t.Error("another publication of that day was not taken")
	}
}

func acceptPublication(t *testing.T, s Store) {
	h := heldPublication("aa")
	must(s.Hold(t.Context(), h, entries(3)))(t)
	p := must(s.Decide(t.Context(), h.List, h.Date, h.SHA256, list.HeldAccepted, decision))(t)
	want := h.Publication
	want.ImportedAt = decision.At
	same(t, "the accepted", p, want)
	same(t, "publications", must(s.Publications(t.Context()))(t), []list.Publication{want})
	same(t, "entries in force", readEntries(t, s, h.List, h.Date), entries(3))
	same(t, "entries of the held", heldEntries(t, s, h), entries(3))
	h.State, h.Decision = list.HeldAccepted, new(decision)
	h.Decision.As = h.Date
	same(t, "held", must(s.Held(t.Context()))(t), []list.Held{h})
	_, err := s.Decide(t.Context(), h.List, h.Date, h.SHA256, list.HeldRejected, decision)
	wantErr(t, err, navicert.Conflict)
	if must(s.Hold(t.Context(), heldPublication("aa"), entries(3)))(t) {
		t.Error("it was held again")
	}
}

func acceptAsNextDay(t *testing.T, s Store) {
	first := publication("invented", "2026-02-27", "first")
	put(t, s, first, entries(2))
	h := heldPublication("second")
	must(s.Hold(t.Context(), h, entries(3)))(t)
	_, err := s.Decide(t.Context(), h.List, h.Date, h.SHA256, list.HeldAccepted, decision)
	wantErr(t, err, navicert.Conflict)
	same(t, "held after the conflict", must(s.Held(t.Context()))(t), []list.Held{h})
	d := decision
	d.As = "2026-02-28"
	must(s.Decide(t.Context(), h.List, h.Date, h.SHA256, list.HeldAccepted, d))(t)
	same(t, "entries of the first", readEntries(t, s, "invented", "2026-02-27"), entries(2))
	same(t, "entries of the second", readEntries(t, s, "invented", "2026-02-28"), entries(3))
	same(t, "entries of the held", heldEntries(t, s, h), entries(3))
}

func rejectPublication(t *testing.T, s Store) {
	h := heldPublication("aa")
	must(s.Hold(t.Context(), h, entries(3)))(t)
	must(s.Decide(t.Context(), h.List, h.Date, h.SHA256, list.HeldRejected, decision))(t)
	h.State, h.Decision = list.HeldRejected, &decision
	same(t, "held", must(s.Held(t.Context()))(t), []list.Held{h})
	same(t, "its entries", heldEntries(t, s, h), entries(3))
	if ps := must(s.Publications(t.Context()))(t); len(ps) != 0 {
		t.Errorf("publications %+v", ps)
	}
}

func badDecisions(t *testing.T, s Store) {
	h := heldPublication("aa")
	must(s.Hold(t.Context(), h, entries(1)))(t)
	decide := func(sha string, state list.HeldState, change func(*list.HeldDecision)) error {
		d := decision
		change(&d)
		_, err := s.Decide(t.Context(), h.List, h.Date, sha, state, d)
		return err
	}
	none := func(*list.HeldDecision) {}
	wantErr(t, decide("bb", list.HeldAccepted, none), navicert.NotFound)
	wantErr(t, decide("aa", list.HeldOpen, none), navicert.Invalid)
	wantErr(t, decide("aa", list.HeldAccepted, func(d *list.HeldDecision) { d.Who = "" }), navicert.Invalid)
	wantErr(t, decide("aa", list.HeldAccepted, func(d *list.HeldDecision) { d.Why = "" }), navicert.Invalid)
	wantErr(t, decide("aa", list.HeldAccepted, func(d *list.HeldDecision) { d.At = time.Time{} }), navicert.Invalid)
	wantErr(t, decide("aa", list.HeldAccepted, func(d *list.HeldDecision) { d.As = "tomorrow" }), navicert.Invalid)
	same(t, "held", must(s.Held(t.Context()))(t), []list.Held{h})
}
