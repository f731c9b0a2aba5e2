package ais

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"navicert"
)

// knownApplications are those with a layout.
var knownApplications = [][3]int{
	{6, 1, 12},
	{6, 1, 14},
	{6, 1, 18},
	{6, 1, 30},
	{6, 1, 32},
	{6, 200, 55},
	{6, 235, 10},
	{6, 250, 10},
	{8, 1, 11},
	{8, 1, 29},
	{8, 1, 31},
	{8, 200, 10},
}

// withApplication returns a message that holds a content.
func withApplication(id [3]int, d Data) applied {
	h := Header{Type: uint8(id[0]), MMSI: 299000001}
	if id[0] == 6 {
		return &AddressedBinary{Header: h, Dest: 299000002, DAC: uint16(id[1]), FID: uint8(id[2]), Data: d}
	}
	return &BroadcastBinary{Header: h, DAC: uint16(id[1]), FID: uint8(id[2]), Data: d}
}

// path is the name of a field for Set.
func (f *appField) path() string {
	if f.part == 0 {
		return f.name
	}
	return fmt.Sprintf("tidals/%d/%s", f.part, f.name)
}

// TestApplicationAny fills in every field of every application with any value,
// sends it, and reads it.
func TestApplicationAny(t *testing.T) {
	for _, id := range knownApplications {
		t.Run(fmt.Sprint(id), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				app, ok := NewApplication(uint8(id[0]), uint16(id[1]), uint8(id[2]))
				if !ok {
					t.Fatal("no layout")
				}
				want := map[string]any{}
				for i := range app.fields {
					f := &app.fields[i]
					var err error
					if f.isText() {
						s := rapid.StringOfN(rapid.RuneFrom([]rune(sixBit[1:])), 0, min(20, max(f.width/6, 20*(1-min(1, f.width)))), -1).Draw(t, f.name)
						want[f.path()] = strings.TrimRight(s, " ")
						err = app.SetText(f.path(), s)
					} else {
						g := field{width: f.width}
						if f.isSigned() {
							g.form = signed
						}
						low, high := g.bounds()
						v := rapid.Int64Range(low, high).Draw(t, f.path())
						want[f.path()], err = v, app.Set(f.path(), v)
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				bits, err := Encode(withApplication(id, app.Data()))
				if err != nil {
					t.Fatal(err)
				}
				body, err := Decode(&bits)
				if err != nil {
					t.Fatal(err)
				}
				got, ok := body.(applied).Application()
				if !ok || len(got.fields) != len(app.fields) {
					t.Fatalf("%v, %d fields read, want %d", ok, len(got.fields), len(app.fields))
				}
				for name, w := range want {
					var v any
					if s, is := got.Text(name); is {
						v = s
					} else {
						v, _ = got.Int(name)
					}
					if v != w {
						t.Fatalf("%s: %v, want %v", name, v, w)
					}
				}
			})
		})
	}
}

// TestApplicationRebuilt takes all known contents of the recordings apart and
// builds them again from their fields: the bits of these must be the same, and
// the letters of texts, behind which an @ may hide rubbish.
func TestApplicationRebuilt(t *testing.T) {
	if testing.Short() {
		t.Skip("much real data on one goroutine: make check has run it")
	}
	rebuilt := map[[3]int]int{}
	for _, path := range recordings(t) {
		readReal(t, path, Options{}, func(m *Message) {
			a, is := m.Body.(applied)
			if !is {
				return
			}
			if app, ok := a.Application(); ok {
				dac, fid := a.identifier()
				rebuilt[[3]int{int(m.Body.Head().Type), int(dac), int(fid)}]++
				rebuild(t, app)
			}
		})
	}
	t.Logf("contents by type, area and function: %v", rebuilt)
	if len(rebuilt) < 3 {
		t.Errorf("only %v were found", rebuilt)
	}
}

func rebuild(t *testing.T, app Application) {
	t.Helper()
	again := blankApplication(app.fields, 0)
	for i := range app.fields {
		f := &app.fields[i]
		var err error
		if s, is := app.Text(f.path()); is {
			err = again.SetText(f.path(), s)
		} else {
			v, _ := app.Int(f.path())
			err = again.Set(f.path(), v)
		}
		if err != nil {
			t.Errorf("%s: %v", f.path(), err)
		}
	}
	for i, off := 0, 0; i < len(app.fields); off, i = off+app.fields[i].width, i+1 {
		f := &app.fields[i]
		if got, _ := again.Text(f.path()); f.isText() {
			if want, _ := app.Text(f.path()); got != want {
				t.Errorf("%s: %q, want %q", f.path(), got, want)
			}
		} else if got, want := again.data.Uint(off, min(f.width, 57)), app.data.Uint(off, min(f.width, 57)); got != want {
			t.Errorf("%s: %d, want %d", f.path(), got, want)
		}
	}
}

func TestApplicationByHand(t *testing.T) {
	app, _ := NewApplication(8, 1, 31)
	for name, v := range map[string]int64{"wspeed": 12, "airtemp": -35, "lat": 10.2 * 60000, "waterlevel": 975} {
		if err := app.Set(name, v); err != nil {
			t.Error(err)
		}
	}
	bits, err := Encode(withApplication([3]int{8, 1, 31}, app.Data()))
	if err != nil || bits.Len() != 360 {
		t.Fatalf("%d bits, want 360, %v", bits.Len(), err)
	}
	body, err := Decode(&bits)
	if err != nil {
		t.Fatal(err)
	}
	want := `,"dac":1,"fid":31,"lat":10.2000,"accuracy":false,"wspeed":12,"airtemp":-3.5,"visgreater":false,"waterlevel":-0.25`
	if got := string(body.appendFields(nil)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	tidal, _ := NewApplication(6, 1, 32)
	for name, v := range map[string]int64{"month": 5, "day": 6, "tidals/1/lon": -60000, "tidals/1/from_hour": 7, "tidals/1/from_min": 8, "tidals/3/cspeed": 25} {
		if err := tidal.Set(name, v); err != nil {
			t.Error(err)
		}
	}
	want = `,"month":5,"day":6,"tidals":[{"lon":-1.0000,"from_hour":7,"from_min":8},{},{"cspeed":2.5}]`
	if got := string(tidal.AppendFields(nil, true)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for name, err := range map[string]error{
		"beyond": app.Set("wspeed", 128), "name": app.Set("speed", 1), "text": tidal.Set("tidals/4/cdir", 1), "no text": app.SetText("wspeed", "1"),
	} {
		if navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, known := NewApplication(8, 1, 27); known {
		t.Error("8/1/27 has a layout")
	}
}
