package ais

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestApplications reads invented contents: values, and the marks for unknown.
func TestApplications(t *testing.T) {
	pack := func(typ, dac, fid int, fields ...[2]int64) Bits { // of width and value
		var b Bits
		b.put(6, uint64(typ))
		b.put(32, 999000001)
		if typ == 6 {
			b.put(34, 0)
		} else {
			b.put(2, 0)
		}
		b.put(10, uint64(dac))
		b.put(6, uint64(fid))
		for _, f := range fields {
			b.put(int(f[0]), uint64(f[1]))
		}
		return b
	}
	type v = [2]int64
	for _, c := range []struct {
		name             string
		bits             Bits
		scaled, unscaled string
	}{
		{
			"persons", pack(6, 200, 55, v{8, 4}, v{13, 8191}, v{8, 255}, v{51, 0}), `,"crew":4`,
			`,"crew":4,"passengers":8191,"personnel":255`,
		},
		{"persons, wrong length", pack(6, 200, 55, v{8, 4}, v{13, 3}, v{8, 2}), `,"data":"29:04001810"`, ""},
		{
			"aid", pack(6, 250, 10, v{10, 274}, v{10, 1}, v{10, 0}, v{2, 2}, v{2, 1}, v{1, 1}, v{8, 7}, v{1, 1}, v{4, 0}),
			`,"ana_int":13.70,"ana_ext1":0.05,"ana_ext2":0.00,"racon":2,"light":1,"alarm":true,"stat_ext":7,"off_pos":true`,
			`,"ana_int":274,"ana_ext1":1,"ana_ext2":0,"racon":2,"light":1,"alarm":true,"stat_ext":7,"off_pos":true`,
		},
		{
			"notice", pack(8, 1, 29, v{10, 7}, v{6, 8}, v{6, 9}, v{6, 0}), `,"linkage":7,"text":"HI"`, `,"linkage":7,"text":"HI"`,
		},
		{
			"ship", pack(8, 200, 10, v{24, 0}, v{24, 0}, v{13, 390}, v{10, 0}, v{14, 8010}, v{3, 5}, v{11, 204}, v{2, 2}, v{1, 1}, v{10, 0}),
			`,"length":390,"shiptype":8010,"draught":204,"loaded":2,"speed_q":true,"course_q":false,"heading_q":false`,
			`,"vin":"","length":390,"beam":0,"shiptype":8010,"hazard":5,"draught":204,"loaded":2,"speed_q":true,"course_q":false,"heading_q":false`,
		},
		{
			"clearance", pack(6, 1, 18, v{10, 0}, v{4, 5}, v{5, 6}, v{5, 7}, v{6, 8}, v{60, 0}, v{60, 0}, v{30, 0}, v{25, 181 * 60000}, v{24, -60000}),
			`,"arrival":"05-06T07:08Z","lat":-1.0000`,
			`,"linkage":0,"arrival":"05-06T07:08Z","portname":"","destination":"","lon":10860000,"lat":-60000`,
		},
		{"cargo, cut off", pack(6, 1, 12, v{30, 0}), `,"data":"30:00000000"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			body, err := Decode(&c.bits)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(body.appendFields(nil)); !strings.HasSuffix(got, c.scaled) {
				t.Errorf("%s, want it to end in %s", got, c.scaled)
			}
			var app Application
			var ok bool
			switch m := body.(type) {
			case *AddressedBinary:
				app, ok = m.Application()
			case *BroadcastBinary:
				app, ok = m.Application()
			}
			if got := string(app.AppendFields(nil, false)); ok != (c.unscaled != "") || ok && got != c.unscaled {
				t.Errorf("unscaled %v %s, want %s", ok, got, c.unscaled)
			}
		})
	}
}

// TestApplicationBits reads any bits as each known application: the JSON must
// be sound.
func TestApplicationBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom([][3]uint64{
			{8, 1, 11}, {8, 1, 29}, {8, 1, 31}, {8, 200, 10}, {6, 1, 12}, {6, 1, 18}, {6, 1, 30}, {6, 200, 55}, {6, 235, 10}, {6, 250, 10},
		}).Draw(t, "id")
		var b Bits
		b.put(6, id[0])
		b.put(34, rapid.Uint64().Draw(t, "head"))
		if id[0] == 6 {
			b.put(32, rapid.Uint64().Draw(t, "to"))
		}
		b.put(10, id[1])
		b.put(6, id[2])
		for _, c := range rapid.SliceOfN(rapid.Byte(), 0, 50).Draw(t, "content") {
			b.put(8, uint64(c))
		}
		in := Sentences(nil, "AI", 'A', 1, b)
		m, err := NewReader(strings.NewReader(string(in)), Options{}).Next()
		if err != nil {
			return // shorter than its type
		}
		var object map[string]any
		if out := m.AppendJSON(nil); !soundJSON(out, &object) {
			t.Fatalf("no JSON: %s", out)
		}
	})
}

func soundJSON(b []byte, into any) bool { return json.Unmarshal(b, into) == nil }
