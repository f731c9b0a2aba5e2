package state_test

import (
	"cmp"
	"math"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"navicert"
	"navicert/track/state"
)

// everything holds one of each.
type everything struct {
	B    bool
	F    float64
	I8   int8
	U32  uint32
	I64  int64
	S    string
	T    time.Time
	O    navicert.Opt[float64]
	P    *int
	L    []string
	A    [3]int
	M    map[string]int
	Fix  navicert.Fix
	Stat navicert.Static
}

func (e *everything) State(c *state.Coder) {
	c.Mark("everything 1")
	c.Bool(&e.B)
	c.Float(&e.F)
	state.Int(c, &e.I8)
	state.Int(c, &e.U32)
	state.Int(c, &e.I64)
	c.String(&e.S)
	c.Time(&e.T)
	state.Opt(c, &e.O, (*state.Coder).Float)
	state.Ptr(c, &e.P, state.Int[int])
	state.Slice(c, &e.L, (*state.Coder).String)
	state.Array(c, e.A[:], state.Int[int])
	state.Map(c, &e.M, cmp.Compare[string], (*state.Coder).String, state.Int[int])
	c.Fix(&e.Fix)
	c.Static(&e.Stat)
}

func save(t interface{ Fatal(...any) }, e *everything) []byte {
	c := state.Saving()
	e.State(c)
	b, err := c.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func load(b []byte) (everything, error) {
	var e everything
	c := state.Loading(b)
	e.State(c)
	return e, c.Close()
}

// TestBothWays saves values of every kind and loads them again.
func TestBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		moment := time.Unix(rapid.Int64Range(-1e9, 4e9).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).UTC()
		if rapid.Bool().Draw(t, "no time") {
			moment = time.Time{}
		}
		number := rapid.Int().Draw(t, "number")
		want := everything{
			B: rapid.Bool().Draw(t, "b"), F: rapid.Float64().Draw(t, "f"), I8: rapid.Int8().Draw(t, "i8"), U32: rapid.Uint32().Draw(t, "u32"),
			I64: rapid.Int64().Draw(t, "i64"), S: rapid.String().Draw(t, "s"), T: moment, L: []string{"a", "", "a"}, A: [3]int{1, -2, 3},
			M:    rapid.MapOfN(rapid.String(), rapid.Int(), 1, 9).Draw(t, "m"),
			Fix:  navicert.Fix{MMSI: 775999001, Time: moment, Pos: navicert.Position{Lat: -1.5, Lon: 179}, Status: navicert.Some(navicert.Moored), OtherStations: navicert.MakeStations("x", "y"), Ref: navicert.Ref{Source: "f", Line: 3}},
			Stat: navicert.Static{MMSI: 1, Name: "N", ShipType: navicert.Some(80), DraughtM: navicert.Some(7.5)},
		}
		if number%2 == 0 {
			want.P, want.O = &number, navicert.Some(math.Inf(1))
		}
		b := save(t, &want)
		got, err := load(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(want, got, gocmp.Comparer(func(a, b navicert.Opt[float64]) bool { return a == b }),
			gocmp.Comparer(func(a, b navicert.Opt[int]) bool { return a == b }), gocmp.Comparer(func(a, b navicert.Opt[navicert.NavStatus]) bool { return a == b })); diff != "" {
			t.Fatal(diff)
		}
		if again := save(t, &got); string(again) != string(b) {
			t.Fatal("saved again, the bytes are others")
		}
	})
}

// FuzzLoad gives damaged bytes: an error, or what can be saved again.
func FuzzLoad(f *testing.F) {
	whole := save(f, &everything{S: "text", L: []string{"a"}, M: map[string]int{"k": 1}})
	for i := range whole {
		f.Add(whole[:i])
	}
	f.Add(whole)
	f.Fuzz(func(t *testing.T, b []byte) {
		if e, err := load(b); err == nil {
			save(t, &e)
		} else if !strings.HasPrefix(err.Error(), "load the state of a run") {
			t.Fatal(err)
		}
	})
}

// TestCutOff cuts a state at every byte.
func TestCutOff(t *testing.T) {
	whole := save(t, &everything{S: "text", L: []string{"a", "b"}, M: map[string]int{"k": 1}, T: time.Unix(1, 2)})
	for i := range whole {
		if _, err := load(whole[:i]); err == nil {
			t.Errorf("cut off at %d of %d bytes it loads", i, len(whole))
		}
	}
	if _, err := load(append(whole, 0)); err == nil {
		t.Error("with a byte too many it loads")
	}
}
