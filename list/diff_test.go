package list_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"navicert"
	"navicert/list"
)

func TestDiff(t *testing.T) {
	a := []list.Entry{
		{ID: "1", Kind: list.Vessel, Name: "OLD HERON", IMO: 2000016, Row: "1,old"},
		{ID: "2", Name: "GONE LTD", Row: "2"},
		{ID: "3", Name: "SAME LTD", Row: "3", Aliases: nil},
		{ID: "5", Name: "TITLED", Row: "5,Director"},
	}
	b := []list.Entry{
		{ID: "4", Name: "NEW LTD", Row: "4"},
		{
			ID: "1", Kind: list.Vessel, Name: "NEW HERON", IMO: 2000016, Row: "1,new",
			Aliases: []list.Alias{{Name: "OLD HERON", Kind: list.FKA}}, MMSIs: []navicert.MMSI{200000011},
		},
		{ID: "3", Name: "SAME LTD", Row: "3", Aliases: []list.Alias{}},
		{ID: "5", Name: "TITLED", Row: "5,Chairman"},
	}
	got, err := json.MarshalIndent(list.Diff(a, b), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	var d list.Difference
	if err := json.Unmarshal(got, &d); err != nil {
		t.Fatal(err)
	}
	compact := func(v list.Difference) string { j, _ := json.Marshal(v); return string(j) }
	want := list.Difference{
		Added: b[:1], Removed: a[1:2],
		Changed: []list.Change{
			{ID: "1", Name: "NEW HERON", Kind: list.Vessel, Fields: []list.FieldChange{
				{Field: "name", Before: json.RawMessage(`"OLD HERON"`), After: json.RawMessage(`"NEW HERON"`)},
				{Field: "aliases", After: json.RawMessage(`[{"name":"OLD HERON","kind":"fka"}]`)},
				{Field: "mmsis", After: json.RawMessage(`[200000011]`)},
				{Field: "row", Before: json.RawMessage(`"1,old"`), After: json.RawMessage(`"1,new"`)},
			}},
			{ID: "5", Name: "TITLED", Fields: []list.FieldChange{
				{Field: "row", Before: json.RawMessage(`"5,Director"`), After: json.RawMessage(`"5,Chairman"`)},
			}},
		},
	}
	if diff := cmp.Diff(compact(want), compact(d)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// Applying a difference to the older publication gives the newer, and the
// difference the other way round exchanges what was added and removed.
func TestDiffProperties(t *testing.T) {
	entries := rapid.Custom(func(t *rapid.T) []list.Entry {
		names := rapid.MapOf(rapid.StringMatching(`[1-9]`), rapid.SampledFrom([]string{"A", "B"})).Draw(t, "names")
		var out []list.Entry
		for id, n := range names {
			out = append(out, list.Entry{ID: id, Name: n, Row: id + n})
		}
		return out
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := entries.Draw(t, "a"), entries.Draw(t, "b")
		d, back := list.Diff(a, b), list.Diff(b, a)
		if len(d.Added) != len(back.Removed) || len(d.Removed) != len(back.Added) || len(d.Changed) != len(back.Changed) {
			t.Fatalf("there %+v, back %+v", d, back)
		}
		m := map[string]string{}
		for _, e := range a {
			m[e.ID] = e.Name
		}
		for _, e := range d.Removed {
			delete(m, e.ID)
		}
		for _, e := range d.Added {
			m[e.ID] = e.Name
		}
		for _, c := range d.Changed {
			m[c.ID] = c.Name
		}
		want := map[string]string{}
		for _, e := range b {
			want[e.ID] = e.Name
		}
		if diff := cmp.Diff(want, m); diff != "" {
			t.Fatal(diff)
		}
	})
}
