package brief_test

import (
	"fmt"
	"testing"
	"time"

	"navicert"
	"navicert/track/brief"
	"navicert/track/state"
)

// What names a fix as evidence comes back, before and after it was saved.
func TestEvidence(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 5, time.UTC)
	fixes := []navicert.Fix{
		{Time: at, Pos: navicert.Position{Lat: 10.123456789, Lon: -179.98}, Ref: navicert.Ref{Source: "a", Line: 7}},
		{
			Time: at, Pos: navicert.Position{Lat: -1}, SpeedKn: navicert.Some(12.5), CourseDeg: navicert.Some(0.0), Station: "r",
			Status: navicert.Some(navicert.AtAnchor), Simulated: true, Ref: navicert.Ref{Source: "b", Offset: 1 << 40},
		},
	}
	var names, loaded brief.Names
	var held []brief.Fix
	for i := range fixes {
		held = append(held, names.Of(&fixes[i]))
	}
	held = append(held, brief.Fix{})
	all := func(c *state.Coder, n *brief.Names, held *[]brief.Fix) {
		n.State(c)
		state.Slice(c, held, brief.State)
	}
	saving := state.Saving()
	all(saving, &names, &held)
	b, err := saving.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var again []brief.Fix
	loading := state.Loading(b)
	all(loading, &loaded, &again)
	if err := loading.Close(); err != nil {
		t.Fatal(err)
	}
	for i := range fixes {
		for _, got := range []navicert.Fix{names.Fix(&held[i]), loaded.Fix(&again[i])} {
			if got != fixes[i] || !again[i].Known() {
				t.Errorf("%+v, want %+v", got, fixes[i])
			}
		}
	}
	if again[2].Known() {
		t.Error("no fix became one")
	}
}

// TestManyReceivers: a stream in which each position has another receiver fills no
// memory: of further ones the source is named, of further sources nothing.
func TestManyReceivers(t *testing.T) {
	var names brief.Names
	var held []brief.Fix
	const stations, sources = 70_000, 2_000
	of := func(i int) navicert.Fix {
		f := navicert.Fix{Time: time.Unix(int64(i), 0), Ref: navicert.Ref{Source: "a", Line: int64(i + 1)}, Station: fmt.Sprint("station ", i)}
		if i >= stations {
			f.Ref.Source, f.Station = fmt.Sprint("source ", i), ""
		}
		return f
	}
	for i := range stations + sources {
		f := of(i)
		held = append(held, names.Of(&f))
	}
	named, sourced, none := 0, 0, 0
	for i := range held {
		switch got, f := names.Fix(&held[i]), of(i); {
		case got.Ref.Line != f.Ref.Line:
			t.Fatalf("%+v, want %+v", got, f)
		case got.Station == f.Station && got.Ref.Source == f.Ref.Source:
			named++
		case got.Station == "" && got.Ref.Source == f.Ref.Source:
			sourced++
		case got.Station == "" && got.Ref.Source == "":
			none++
		default:
			t.Fatalf("%+v is named as %+v", f, got)
		}
	}
	if named+sourced+none != len(held) || named > 1<<16 || sourced == 0 || none == 0 || names.Unnamed() != sourced+none {
		t.Errorf("%d named, %d by their source, %d not, %d counted", named, sourced, none, names.Unnamed())
	}
	again := names.Of(&navicert.Fix{Time: time.Unix(1, 0), Ref: navicert.Ref{Source: "a", Line: 1}, Station: "station 7"})
	if f := names.Fix(&again); f.Station != "station 7" {
		t.Errorf("one that was named before is %+v", f)
	}
	saving := state.Saving()
	names.State(saving)
	b, err := saving.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var loaded brief.Names
	loading := state.Loading(b)
	loaded.State(loading)
	if err := loading.Close(); err != nil {
		t.Error(err)
	}
}

// TestDamagedNames: a state that names too much, or nothing that is held, is refused.
func TestDamagedNames(t *testing.T) {
	saved := func(names, number int) []byte {
		c := state.Saving()
		c.Mark("names 2")
		list := make([]string, names)
		state.Slice(c, &list, func(c *state.Coder, s *string) {
			c.String(s)
			c.String(s)
		})
		var whole brief.Names
		f := navicert.Fix{Time: time.Unix(1, 0)}
		for i := range number + 1 {
			f.Station = fmt.Sprint(i)
			whole.Of(&f)
		}
		b := whole.Of(&f) // of that number
		brief.State(c, &b)
		out, err := c.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, c := range []struct {
		what          string
		names, number int
		ok            bool
	}{
		{"one of those that are named", 3, 2, true},
		{"one that is not", 3, 3, false},
		{"none is", 0, 0, false},
		{"as many as can be", 1 << 16, 2, true},
		{"more", 1<<16 + 1, 2, false},
	} {
		var n brief.Names
		var b brief.Fix
		loading := state.Loading(saved(c.names, c.number))
		n.State(loading)
		brief.State(loading, &b)
		if err := loading.Close(); (err == nil) != c.ok || err != nil && navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	for classes, ok := range map[int]bool{100: true, 70_000: false} {
		c := state.Saving()
		for i := range classes {
			f := navicert.Fix{Time: time.Unix(1, 0).UTC(), Class: navicert.Class(fmt.Sprint(i))}
			c.Fix(&f)
		}
		b, err := c.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		var n brief.Names
		loading := state.Loading(b)
		for range classes {
			var w brief.Whole
			n.WholeState(loading, &w)
		}
		if err := loading.Close(); (err == nil) != ok {
			t.Errorf("%d classes: %v", classes, err)
		}
	}
}
