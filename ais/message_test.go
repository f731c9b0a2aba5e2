package ais

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/internal/realdata"
)

// checkJSON fails unless b is one JSON object with the members that all have.
func checkJSON(t *testing.T, b []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Errorf("%v: %s", err, b)
		return nil
	}
	if m["class"] != "AIS" || m["type"] == nil || m["mmsi"] == nil || m["raw"] == nil {
		t.Errorf("class, type, mmsi or raw is missing: %s", b)
	}
	return m
}

// TestRandomPayloads decodes any bits of any length: nothing may panic, the same
// bits must be encoded again, and the JSON must be sound.
func TestRandomPayloads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 1, MaxBits/8).Draw(t, "payload")
		cut := rapid.IntRange(0, 7).Draw(t, "cut")
		decodeAny(t, raw, cut)
	})
}

func decodeAny(t interface{ Fatalf(string, ...any) }, raw []byte, cut int) {
	var b Bits
	for _, c := range raw {
		b.put(8, uint64(c))
	}
	b.n = max(0, b.n-cut)
	body, err := Decode(&b)
	if err != nil {
		if navicert.KindOf(err) != navicert.Invalid {
			t.Fatalf("error %v", err)
		}
		return
	}
	if again, err := Encode(body); err != nil || again.String() != b.String() {
		t.Fatalf("encoded again, %v\ngot  %s\nwant %s", err, again.String(), b.String())
	}
	out := append(body.appendFields([]byte(`{"x":0`)), '}')
	if !json.Valid(out) {
		t.Fatalf("not JSON: %s", out)
	}
	for _, bad := range []string{`"heading":511`, `"course":360`, `"speed":102.3`, `"lon":181`, `"lat":91`, `"draught":0.0`} {
		if bytes.Contains(out, []byte(bad)) {
			t.Fatalf("a mark for unknown got out: %s in %s", bad, out)
		}
	}
}

// TestScaled holds the methods of the number types against the standard.
func TestScaled(t *testing.T) {
	known := func(v float64) navicert.Opt[float64] { return navicert.Some(v) }
	unknown := navicert.Opt[float64]{}
	for _, c := range []struct {
		name      string
		got, want navicert.Opt[float64]
	}{
		{"speed", Speed(1022).Knots(), known(102.2)},
		{"speed unknown", Speed(1023).Knots(), unknown},
		{"course", Course(3599).Degrees(), known(359.9)},
		{"course unknown", Course(3600).Degrees(), unknown},
		{"course not used", Course(3601).Degrees(), unknown},
		{"heading", Heading(359).Degrees(), known(359)},
		{"heading not used", Heading(360).Degrees(), unknown},
		{"heading unknown", Heading(511).Degrees(), unknown},
		{"turn none", Turn(0).DegreesPerMinute(), known(0)},
		{"turn unknown", Turn(-128).DegreesPerMinute(), unknown},
		{"turn right, no indicator", Turn(127).DegreesPerMinute(), unknown},
		{"turn left, no indicator", Turn(-127).DegreesPerMinute(), unknown},
		{"longitude", Lon(-180 * 600000).Degrees(), known(-180)},
		{"longitude beyond", Lon(180*600000 + 1).Degrees(), unknown},
		{"longitude unknown", LonUnknown.Degrees(), unknown},
		{"latitude", Lat(90 * 600000).Degrees(), known(90)},
		{"latitude beyond", Lat(-90*600000 - 1).Degrees(), unknown},
		{"latitude unknown", LatUnknown.Degrees(), unknown},
		{"coarse longitude unknown", CoarseLon(108600).Degrees(), unknown},
		{"coarse latitude unknown", CoarseLat(54600).Degrees(), unknown},
		{"draught unknown", Draught(0).Metres(), unknown},
		{"draught", Draught(255).Metres(), known(25.5)},
		{"length unknown", Dimensions{}.Length(), unknown},
		{"length without reference point", Dimensions{Stern: 250}.Length(), known(250)},
		{"beam", Dimensions{Port: 3, Starboard: 4}.Beam(), known(7)},
		{"long range speed unknown", (&LongRange{Speed: 63}).Knots(), unknown},
		{"long range course unknown", (&LongRange{Course: 511}).CourseDegrees(), unknown},
		{"altitude unknown", (&Aircraft{Alt: 4095}).Altitude(), unknown},
		{"aircraft's speed", WholeKnots(300).Knots(), known(300)},
		{"aircraft's speed unknown", WholeKnots(1023).Knots(), unknown},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
	if v := Turn(-20).DegreesPerMinute().Or(0); v > -17.8 || v < -17.9 {
		t.Errorf("turn -20: %v degrees per minute, want -(20/4.733)²", v)
	}
	if (ETA{Hour: 24, Minute: 60}).Known() || !(ETA{Month: 1, Day: 9, Hour: 24}).Known() {
		t.Error("an ETA is known when its date is")
	}
	if Status(15).Nav().Known() || Status(5).Nav().Or(0) != navicert.Moored {
		t.Error("status 15 is unknown, 5 moored")
	}
	if ShipIMO(9074720).Number().Known() || ShipIMO(9074729).Number().Or(0) != 9074729 {
		t.Error("an IMO number is one only with its check digit")
	}
	if (&BaseStation{Year: 2026, Month: 2, Day: 30}).UTC().Known() {
		t.Error("30 February exists")
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"SIMULATED": "SIMULATED", "  LEADING": "  LEADING", "TRAILING   ": "TRAILING", "A@RUBBISH": "A", "@": "", "": "",
		"small": "SMALL", "Ü": "??", "TWENTY CHARACTERS OK": "TWENTY CHARACTERS OK", "LONGER THAN TWENTY CHARS": "LONGER THAN TWENTY C",
	} {
		m := MakeText(in, 20)
		if got := m.String(); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		var b Bits
		b.putTextOf(m, 20)
		if back := b.text(0, 20); back != m {
			t.Errorf("%q: read back as %q", in, back.String())
		}
	}
}

// gpsdSays reads the messages of one of gpsd's check files.
func gpsdSays(t *testing.T, name string) []map[string]any {
	b, err := os.ReadFile(realdata.Dir(t, name))
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	for line := range bytes.Lines(b) {
		var m map[string]any
		if bytes.Contains(line, []byte(`"class":"AIS"`)) {
			parseGPSD(t, line, &m)
			all = append(all, m)
		}
	}
	return all
}

// TestGPSDSample compares what we read in gpsd's sample, message for message,
// with what gpsd reads, unscaled and in our JSON.
func TestGPSDSample(t *testing.T) {
	unscaled := gpsdSays(t, "ais/vectors/sample.aivdm.ju.chk")
	scaled := gpsdSays(t, "ais/vectors/sample.aivdm.js.chk")
	f, err := os.Open(realdata.Dir(t, "ais/vectors/sample.aivdm"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := NewReader(f, Options{})
	messages, equal := 0, 0
	var others []string
	for {
		m, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		messages++
		ours := asSent(t, m.Body)
		i := slices.IndexFunc(unscaled, func(g map[string]any) bool {
			_, same := sameAsGPSD(ours, g)
			return same
		})
		if i < 0 {
			others = append(others, string(m.Part(0)))
			continue
		}
		equal++
		var object map[string]any
		parseGPSD(t, m.AppendJSON(nil), &object)
		if want := scaled[i]; want["mmsi"] == object["mmsi"] {
			sameScaled(t, object, want)
		} else {
			t.Fatalf("the two check files differ in order at %v", want)
		}
		if _, both := m.Body.(*StaticB); !both { // gpsd makes one message of the two parts
			unscaled, scaled = slices.Delete(unscaled, i, i+1), slices.Delete(scaled, i, i+1)
		}
	}
	// Applications 1/12 and 1/18 that end in the middle, which gpsd reads beyond
	// the end, parts of type 24 whose other part never comes, which it holds
	// back, and a type 1 of 163 bits, of which it prints a radio field that is
	// cut off.
	want := []string{
		"!AIVDM,1,1,,A,63LBA4;WBevJ04k0=@E=B0td,0*17", "!AIVDM,1,1,,B,6h2E3MDrDRiB0580@00000000000,0*04",
		"!AIVDM,1,1,,A,H42O3qiA8U10Tp0000000000000,2*37", "!AIVDM,1,1,,A,H42Mh`lUi2hhljiI=mikk000B050,0*17",
		"!AIVDM,1,1,,B,602E:s0tw@9B0580@00000000000,0*68", "!AIVDM,1,1,,B,602E:s0tw@9B0580@00000000000,0*68",
		"!AIVDM,1,1,,A,13aIkM@P00PJ@qPNL=e@0?wJ28JO,5*63",
	}
	if messages != 102 || equal != 95 || !slices.Equal(others, want) {
		t.Errorf("%d messages, %d as gpsd reads them, others %q", messages, equal, others)
	}
}

// sameScaled compares our JSON with gpsd's scaled form: all that both have must
// be written alike, and what we leave out must be unknown.
func sameScaled(t *testing.T, ours, theirs map[string]any) {
	t.Helper()
	kind := fmt.Sprint(ours["type"])
	for name, v := range ours {
		w, there := theirs[name]
		switch {
		case slices.Contains([]string{"time", "time_from", "time_check", "station", "channel", "raw", "own", "part", "assigned", "txrx"}, name) && !there:
		case strings.HasPrefix(name, "seqno"): // gpsd lacks it
		case name == "data" && kind == "26": // gpsd prints bits of the radio field; compared unscaled
		case name == "data" && theirs["tidals"] != nil: // 1/14 and 1/32 cut off in their first window
		case slices.Contains([]string{"pressuretend", "leveltrend", "preciptype", "ice"}, name): // words in gpsd, two of them exchanged, the codes here (docs/ais.md); compared unscaled
		case name == "waterlevel": // rounded to decimetres by gpsd; compared unscaled
		case slices.Contains([]string{"17", "27"}, kind) && slices.Contains([]string{"lon", "lat", "status"}, name): // one decimal, and words
		case name == "vendorid", name == "turn": // seven characters, and no sign
		case name == "radio" && kind == "26": // gpsd prints 0
		case !there || fmt.Sprint(w) != fmt.Sprint(v):
			t.Errorf("%s: %v, gpsd %v: %v", name, v, w, ours)
		}
	}
	marks := map[string][]string{
		"turn": {"nan"}, "speed": {"nan"}, "course": {"360.0", "511"}, "heading": {"511"}, "lon": {"181.000000"}, "lat": {"91.000000"}, "second": {"60"},
		"imo": {"0"}, "callsign": {""}, "shipname": {""}, "destination": {""}, "shiptype": {"0"}, "draught": {"0.0"}, "epfd": {"0", "15"},
		"to_bow": {"0"}, "to_stern": {"0"}, "to_port": {"0"}, "to_starboard": {"0"}, "eta": {"00-00T24:60Z"}, "name": {""}, "aid_type": {"0"},
		"wspeed": {"127"}, "wgust": {"127"}, "wdir": {"511", "360"}, "wgustdir": {"511", "360"}, "humidity": {"127", "101"},
		"airtemp": {"144.7", "-102.4"}, "dewpoint": {"82.3", "50.1"}, "pressure": {"1311", "1310"}, "pressuretend": {"N/A"},
		"leveltrend": {"N/A"}, "visibility": {"25.5", "12.7"}, "waterlevel": {"41.1", "30.0"}, "cspeed": {"25.5"}, "cspeed2": {"25.5"},
		"cspeed3": {"25.5"}, "cdir": {"511", "360"}, "cdir2": {"511", "360"}, "cdir3": {"511", "360"}, "cdepth2": {"31"}, "cdepth3": {"31"},
		"waveheight": {"25.5"}, "waveperiod": {"63"}, "wavedir": {"511", "360"}, "swellheight": {"25.5"}, "swellperiod": {"63"},
		"swelldir": {"511", "360"}, "seastate": {"15", "13"}, "watertemp": {"92.3", "50.1"}, "preciptype": {"7", "N/A"},
		"salinity": {"51.1", "51.0"}, "ice": {"3", "N/A"},
		"vendorid": {""}, "text": {""}, "alt": {"4095"}, "app_id": {"0"}, "dest_mmsi": {"0"},
	}
	for name, w := range theirs {
		_, there := ours[name]
		switch {
		case there, name == "device", strings.HasSuffix(name, "_text"):
		case kind == "24": // merged parts
		case ours["data"] != nil && slices.Contains([]string{"month", "day", "tidals"}, name): // the same
		case slices.Contains([]string{"7", "13", "15", "16", "20"}, kind): // beyond the end
		case name == "timestamp" && !timeExists(fmt.Sprint(w)): // no time that exists
		case name == "lon" && outside(w, 180), name == "lat" && outside(w, 90):
		case !slices.Contains(marks[name], fmt.Sprint(w)):
			t.Errorf("we have no %s, gpsd %v: %v", name, w, ours)
		}
	}
}

func timeExists(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

func outside(v any, limit float64) bool {
	f, err := v.(json.Number).Float64()
	return err == nil && (f > limit || f < -limit)
}

// TestJSON writes messages of invented ships, known and unknown values, each
// with what stands around it.
func TestJSON(t *testing.T) {
	full := NewPositionA(299000001)
	full.Status, full.Turn, full.Speed, full.Course, full.Heading, full.Second = 5, -20, 5, 1, 0, 59
	full.Lon, full.Lat = -1, 1
	static := NewStaticVoyage(299000001)
	static.IMO, static.ShipName, static.Destination = 2000004, MakeText(`A "B" \`, 20), MakeText("NOWHERE", 20)
	static.CallSign, static.ShipType, static.Dim, static.Draught = MakeText("ZZ9A1", 7), 80, Dimensions{0, 250, 20, 0}, 101
	static.ETA = ETA{Month: 1, Day: 9, Hour: 24, Minute: 60}
	craft := NewStaticB(982990001, PartB)
	craft.MotherShip = 299000001
	for _, c := range []struct {
		bits  Bits
		check string
		want  string
	}{
		{
			(&PositionA{Header: full.Header, Status: 15, Turn: -128, Speed: 1023, Lon: LonUnknown, Lat: LatUnknown, Course: 3600, Heading: 511, Second: 60}).Encode(), "",
			`"type":1,"repeat":0,"mmsi":299000001,"scaled":true,"accuracy":false,"maneuver":0,"raim":false,"radio":0,`,
		},
		{
			full.Encode(), `"time_check":"fits",`,
			`"type":1,"repeat":0,"mmsi":299000001,"scaled":true,"status":5,"turn":-17.86,"speed":0.5,"accuracy":false,` +
				`"lon":-0.000002,"lat":0.000002,"course":0.1,"heading":0,"second":59,"maneuver":0,"raim":false,"radio":0,`,
		},
		{
			static.Encode(), "",
			`"type":5,"repeat":0,"mmsi":299000001,"scaled":true,"imo":2000004,"ais_version":0,"callsign":"ZZ9A1","shipname":"A \"B\" \\",` +
				`"shiptype":80,"to_bow":0,"to_stern":250,"to_port":20,"to_starboard":0,"eta":"01-09","draught":10.1,"destination":"NOWHERE","dte":0,`,
		},
		{
			craft.Encode(), "",
			`"type":24,"repeat":0,"mmsi":982990001,"scaled":true,"part":"B","model":0,"serial":0,"mothership_mmsi":299000001,`,
		},
	} {
		var in []byte
		for _, l := range lines(Sentences(nil, "AI", 'B', 1, c.bits)) {
			in = append(append(append(in, `\s:ST"1,c:1767323045250*00\`...), l...), '\n')
		}
		r := NewReader(bytes.NewReader(in), Options{})
		m, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := json.Marshal(lines(Sentences(nil, "AI", 'B', 1, c.bits)))
		raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte(`\u003c`), []byte("<")), []byte(`\u003e`), []byte(">"))
		want := `{"class":"AIS",` + c.want + `"time":"2026-01-02T03:04:05.25Z","time_from":"tag",` + c.check + `"tag_unverified":true,"station":"ST\"1","channel":"B","raw":` + string(raw) + "}"
		if got := string(m.AppendJSON(nil)); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
