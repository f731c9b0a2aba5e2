package navicert_test

import (
	"encoding/json"
	"slices"
	"testing"

	"navicert"
)

func TestStations(t *testing.T) {
	for _, c := range []struct {
		in   []string
		want []string
		json string
	}{
		{nil, nil, `[]`},
		{[]string{""}, nil, `[]`},
		{[]string{"b", "a", "b", ""}, []string{"a", "b"}, `["a","b"]`},
		{[]string{"a\x1fb"}, []string{"a b"}, `["a b"]`},
		{[]string{"b,c", `"`}, []string{`"`, "b,c"}, `["\"","b,c"]`},
	} {
		s := navicert.MakeStations(c.in...)
		if got := s.Names(); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
		b, err := json.Marshal(s)
		var back navicert.Stations
		if err != nil || string(b) != c.json || json.Unmarshal(b, &back) != nil || back != s {
			t.Errorf("%q: %s, back %q, %v; want %s", c.in, b, back, err, c.json)
		}
	}
	var s navicert.Stations
	if err := json.Unmarshal([]byte(`"a"`), &s); err == nil {
		t.Error("a word is no set of stations")
	}
	for name := range navicert.MakeStations("a", "b").All() {
		if name != "a" {
			t.Errorf("went on to %s", name)
		}
		break
	}
}
