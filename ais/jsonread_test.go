package ais

import (
	"bufio"
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"navicert/internal/realdata"
)

// jsonForms are the two ways in which a message is written.
var jsonForms = map[string]func(*Message, []byte) []byte{"scaled": (*Message).AppendJSON, "unscaled": (*Message).AppendUnscaledJSON}

// throughJSON reads a message's JSON, encodes it, decodes that, and returns the
// JSON again, both without the sentences. (The command's test goes through these.)
func throughJSON(m *Message, write func(*Message, []byte) []byte) (first, again string, err error) {
	object := write(m, nil)
	first = withoutRaw(object)
	read, err := ParseJSON(object)
	if err != nil {
		return first, "", err
	}
	if len(read.Bodies) != 1 || len(read.Unused) > 0 {
		return first, "", fmt.Errorf("%d messages, members without a use %q", len(read.Bodies), read.Unused)
	}
	payload, err := Encode(read.Bodies[0])
	if err != nil {
		return first, "", err
	}
	at, _ := m.Time()
	if !read.Time.Equal(at) || read.Station != m.Station() || read.Channel != m.Channel || read.Own != m.Own {
		return first, "", fmt.Errorf("time %v, station %q, channel %q, own %v", read.Time, read.Station, read.Channel, read.Own)
	}
	got := *m
	if got.Body, err = Decode(&payload); err != nil {
		return first, "", err
	}
	got.Bits = &payload
	return first, withoutRaw(write(&got, nil)), nil
}

func withoutRaw(object []byte) string {
	s, _, _ := strings.Cut(string(object), `,"raw":`)
	return s
}

// TestJSONAny writes any message of each type as JSON, scaled and not, and reads
// it back.
func TestJSONAny(t *testing.T) {
	for typ := 1; typ <= 27; typ++ {
		for form, write := range jsonForms {
			t.Run(fmt.Sprint(typ, " ", form), func(t *testing.T) {
				rapid.Check(t, func(t *rapid.T) {
					payload, err := Encode(anyMessage(t, typ))
					if err != nil {
						t.Fatal(err)
					}
					m, err := newReader(bytes.NewReader(Sentences(nil, "AI", 'B', 5, payload)), Options{}, 8<<10).Next()
					if err != nil {
						t.Fatal(err)
					}
					first, again, err := throughJSON(m, write)
					if err != nil || first != again {
						t.Fatalf("%v\nread    %s\nwritten %s", err, again, first)
					}
				})
			})
		}
	}
}

// TestJSONRecordings does the same with all messages of the recordings, of
// gpsd's logs and of go-ais's payloads.
func TestJSONRecordings(t *testing.T) {
	if testing.Short() {
		t.Skip("long: not with -short")
	}
	files := recordings(t)
	for _, name := range []string{"sample.aivdm", "ais-nmea.log", "ais-nmea-type6-fid55.log", "ais_unpack_sixbit.log"} {
		files = append(files, realdata.Dir(t, "ais/vectors/"+name))
	}
	messages, cut, bad := 0, 0, map[string]int{}
	check := func(name string, m *Message) {
		messages++
		if b, ok := m.Body.(*SlotBinary); ok && b.sent.short {
			cut++ // too short for the application identifier, which it gets
			return
		}
		for form, write := range jsonForms {
			first, again, err := throughJSON(m, write)
			if err == nil && first == again {
				continue
			}
			key := fmt.Sprintf("%s type %d", form, m.Body.Head().Type)
			if bad[key]++; bad[key] <= 3 {
				t.Errorf("%s: %s: %v\nread    %s\nwritten %s", name, key, err, again, first)
			}
		}
	}
	for _, path := range files {
		readReal(t, path, Options{}, func(m *Message) {
			check(filepath.Base(path), m)
		})
	}
	t.Logf("%d messages, %d of types 25 and 26 cut off, different: %v", messages, cut, bad)
}

// TestJSONPayloads does it with go-ais's payloads.
func TestJSONPayloads(t *testing.T) {
	if testing.Short() {
		t.Skip("much real data on one goroutine: make check has run it")
	}
	for typ := 1; typ <= 27; typ++ {
		sc := bufio.NewScanner(openReal(t, filepath.Join(realdata.Dir(t, "ais/vectors/go-ais-testmsg"), fmt.Sprintf("%d.msg", typ))))
		for shown := 0; sc.Scan(); {
			b, err := ParseBits(strings.TrimSpace(sc.Text()))
			if err != nil {
				t.Fatal(err)
			}
			m, err := newReader(bytes.NewReader(Sentences(nil, "AI", 'B', 5, b)), Options{}, 8<<10).Next()
			if err != nil {
				t.Fatal(err)
			}
			for form, write := range jsonForms {
				if first, again, err := throughJSON(m, write); err != nil || first != again {
					if shown++; shown <= 3 {
						t.Errorf("type %d %s: %v\nread    %s\nwritten %s", typ, form, err, again, first)
					}
				}
			}
		}
	}
}

// TestReadGPSD reads gpsd's own JSON, encodes it, and decodes that: what gpsd
// printed must be read, to the number in the unscaled form. The same message
// must come of its scaled form, but for what that leaves out.
func TestReadGPSD(t *testing.T) {
	for _, c := range []struct {
		name string
		bad  map[int]string // by line, what cannot be sent
	}{
		{name: "sample.aivdm.ju.chk"},
		{name: "ais-nmea.log.chk"},
		{name: "ais-nmea-type6-fid55.log.chk"},
		{name: "ais_unpack_sixbit.log.chk"},
		// Made by hand: a pressure of 11 bits, and a character that is none.
		{"synthetic-ais.json", map[int]string{17: "pressure", 45: "shipname"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i, g := range gpsdObjects(t, "ais/vectors/"+c.name) {
				bodies, err := encodeJSON(g)
				if what := c.bad[i+1]; what != "" {
					if err == nil || !strings.Contains(err.Error(), what) {
						t.Errorf("object %d: error %v, want one about %s", i+1, err, what)
					}
					continue
				}
				if err != nil {
					t.Errorf("object %d: %v: %s", i+1, err, g)
					continue
				}
				var theirs map[string]any
				parseGPSD(t, g, &theirs)
				for _, body := range bodies {
					ours := asSent(t, body)
					if field, same := sameAsGPSD(withoutPadding(ours, theirs), theirs); !same {
						t.Errorf("object %d: %s %v: %s", i+1, field, ours[field], g)
					}
				}
			}
		})
	}
}

// withoutPadding takes away what gpsd's form cannot say: sequence numbers, and
// what is in ours because its data holds the radio field.
func withoutPadding(ours, theirs map[string]any) map[string]any {
	for name := range ours {
		if theirs[name] == nil && name == "radio" {
			delete(ours, name)
		}
	}
	return ours
}

// TestReadGPSDScaled compares what is read of gpsd's two forms of its sample.
func TestReadGPSDScaled(t *testing.T) {
	scaled, unscaled := gpsdObjects(t, "ais/vectors/sample.aivdm.js.chk"), gpsdObjects(t, "ais/vectors/sample.aivdm.ju.chk")
	if len(scaled) != 97 || len(unscaled) != 97 {
		t.Fatalf("%d and %d objects, want 97", len(scaled), len(unscaled))
	}
	same, coarse := 0, 0
	for i := range scaled {
		got, err := encodeJSON(scaled[i])
		want, err2 := encodeJSON(unscaled[i])
		if strings.Contains(string(scaled[i]), "tidals") && err != nil {
			coarse++ // its four decimals, and for 1/14 its unit, lead beyond the field
			continue
		}
		if err != nil || err2 != nil {
			t.Errorf("object %d: %v, %v", i+1, err, err2)
			continue
		}
		for k := range got {
			g, w := asSent(t, got[k]), asSent(t, want[k])
			for name := range w {
				switch kind := fmt.Sprint(w["type"]); {
				case fmt.Sprint(g[name]) == fmt.Sprint(w[name]):
					same++
				case (kind == "17" || kind == "27") && (name == "lon" || name == "lat"): // a tenth of a degree
					coarse++
				case kind == "8" && (name == "lon" || name == "lat"), name == "waterlevel": // four decimals, one decimal
					coarse++
				case name == "turn" && fmt.Sprint(g[name]) == strings.TrimPrefix(fmt.Sprint(w[name]), "-"): // no sign
					coarse++
				case name == "tidals":
					coarse++
				default:
					t.Errorf("object %d: %s %v, want %v: %s", i+1, name, g[name], w[name], scaled[i])
				}
			}
		}
	}
	t.Logf("%d members the same, %d that the scaled form rounds", same, coarse)
}

// encodeJSON reads an object, encodes its messages and decodes them.
func encodeJSON(object []byte) ([]Body, error) {
	m, err := ParseJSON(object)
	if err != nil {
		return nil, err
	}
	var out []Body
	for _, body := range m.Bodies {
		bits, err := Encode(body)
		if err != nil {
			return nil, err
		}
		back, err := Decode(&bits)
		if err != nil {
			return nil, err
		}
		out = append(out, back)
	}
	return out, nil
}

// gpsdObjects returns the AIS objects of a file as they stand there.
func gpsdObjects(t *testing.T, name string) (all [][]byte) {
	sc := bufio.NewScanner(openReal(t, realdata.Dir(t, name)))
	for sc.Scan() {
		if bytes.Contains(sc.Bytes(), []byte(`"class":"AIS"`)) {
			all = append(all, bytes.Clone(sc.Bytes()))
		}
	}
	return all
}

func TestDecimal(t *testing.T) {
	for _, c := range []struct {
		in   string
		unit int64
		want int64
		ok   bool
	}{
		{"17.7", 10, 177, true},
		{"-37.327088", 600000, -22396253, true}, // int64(float*600000) is one less
		{"0.29", 100, 29, true},                 // 0.29*100 is 28.999999999999996
		{"-0.05", 10, -1, true},
		{"0.049999", 10, 0, true},
		{"1e2", 10, 1000, true},
		{"1.5e-1", 100, 15, true},
		{"12.34567890123456789012", 10, 123, true},
		{"5.0", 1, 5, true},
		{"5.5", 1, 0, false},
		{"1e30", 1, 0, false},
		{"123456789012345678901", 1, 0, false},
		{"", 1, 0, false},
		{"-", 1, 0, false},
		{"1,5", 10, 0, false},
		{"0x10", 1, 0, false},
	} {
		got, err := decimal(c.in, c.unit)
		if (err == nil) != c.ok || got != c.want && c.ok {
			t.Errorf("%s × %d: %d, %v, want %d", c.in, c.unit, got, err, c.want)
		}
	}
	for v := -126; v <= 126; v++ {
		s := string(turn(nil, Turn(v)))
		_, s, _ = strings.Cut(s, ":")
		if got, err := parseTurn(s, s); err != nil || got != int64(v) {
			t.Errorf("turn %s: %d, %v, want %d", s, got, err, v)
		}
	}
}

// FuzzParseJSON reads any object: nothing may panic, and what can be encoded
// must be decoded again.
func FuzzParseJSON(f *testing.F) {
	for _, s := range []string{
		`{"type":1,"mmsi":299000001,"scaled":true,"lat":10.2,"lon":-64.85,"speed":"fast","turn":-17.86}`,
		`{"type":5,"mmsi":299000001,"scaled":false,"bits":420,"shipname":"SIMULATED","eta":"02-03T04:05Z","destination":"X"}`,
		`{"type":8,"mmsi":299000001,"scaled":true,"dac":1,"fid":31,"wspeed":12,"timestamp":"02T03:04Z"}`,
		`{"type":6,"mmsi":299000001,"scaled":true,"dac":1,"fid":32,"tidals":[{"lon":1},{}]}`,
		`{"type":24,"mmsi":299000001,"scaled":false,"shipname":"A","vendorid":"1D00014","callsign":"B"}`,
		`{"type":26,"mmsi":299000001,"scaled":false,"addressed":true,"structured":true,"data":"12:fff0"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, object []byte) {
		m, err := ParseJSON(object)
		if err != nil {
			return
		}
		for _, body := range m.Bodies {
			bits, err := Encode(body)
			if err != nil {
				continue
			}
			if _, err := Decode(&bits); err != nil {
				t.Fatalf("%v: %s", err, object)
			}
		}
	})
}

// TestJSONStrict: what says two things, or is not the whole object, is no
// message.
func TestJSONStrict(t *testing.T) {
	const area = `{"class":"AIS","type":22,"repeat":0,"mmsi":299000001,"scaled":false,"channel_a":2087,"channel_b":2088,"txrx":0,"power":false,`
	for name, c := range map[string]struct {
		text string
		ok   bool
	}{
		"whole":                  {`{"class":"AIS","type":10,"mmsi":299000001,"scaled":true,"dest_mmsi":299000002}`, true},
		"a brace behind":         {`{"class":"AIS","type":10,"mmsi":299000001,"scaled":true,"dest_mmsi":299000002}}`, false},
		"more behind":            {`{"class":"AIS","type":10,"mmsi":299000001,"scaled":true,"dest_mmsi":299000002}] x`, false},
		"addressed as a number":  {area + `"addressed":1,"dest1":299000002,"dest2":299000003,"band_a":false,"band_b":false,"zonesize":2}`, true},
		"addressed as no number": {area + `"addressed":"yes","dest1":299000002,"dest2":299000003,"band_a":false,"band_b":false,"zonesize":2}`, false},
		"a window that is none":  {`{"class":"AIS","type":8,"mmsi":299000001,"scaled":false,"dac":1,"fid":14,"month":1,"day":2,"tidals":["x"]}`, false},
	} {
		m, err := ParseJSON([]byte(c.text))
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if ch, is := c22(m); err == nil && is && (!ch.Addressed || ch.Dest1 != 299000002) {
			t.Errorf("%s: %+v", name, ch)
		}
	}
	// Not addressed: the destinations are no part of it, and said to be left over.
	m, err := ParseJSON([]byte(area + `"addressed":0,"dest1":299000002,"dest2":299000003,"ne_lon":1,"ne_lat":1,"sw_lon":1,"sw_lat":1,"band_a":false,"band_b":false,"zonesize":2}`))
	if err != nil {
		t.Fatal(err)
	}
	if ch, is := c22(m); !is || ch.Addressed || ch.Area.NELon != 1 || len(m.Unused) != 2 {
		t.Errorf("%+v, unused %v", m, m.Unused)
	}
}

func c22(m *JSONMessage) (*Channels, bool) {
	if m == nil {
		return nil, false
	}
	ch, is := m.Bodies[0].(*Channels)
	return ch, is
}
