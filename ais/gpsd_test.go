package ais

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"navicert"
	"navicert/internal/realdata"
)

// asSent returns a message's numbers as they were sent, under gpsd's names for
// its unscaled form.
func asSent(t testing.TB, body Body) map[string]any {
	h := body.Head()
	m := map[string]any{"type": h.Type, "repeat": h.Repeat, "mmsi": h.MMSI}
	set := func(names string, values ...any) {
		for i, n := range strings.Fields(names) {
			m[n] = values[i]
		}
	}
	dim := func(d Dimensions) { set("to_bow to_stern to_port to_starboard", d.Bow, d.Stern, d.Port, d.Starboard) }
	switch b := body.(type) {
	case *PositionA:
		set("status turn speed accuracy lon lat course heading second maneuver raim radio",
			b.Status, b.Turn, b.Speed, b.Accuracy, b.Lon, b.Lat, b.Course, b.Heading, b.Second, b.Maneuver, b.RAIM, b.Radio.Or(0))
	case *BaseStation:
		set("timestamp accuracy lon lat epfd raim radio",
			fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", b.Year, b.Month, b.Day, b.Hour, b.Minute, b.Second),
			b.Accuracy, b.Lon, b.Lat, b.EPFD, b.RAIM, b.Radio)
	case *StaticVoyage:
		set("imo ais_version callsign shipname shiptype epfd eta draught destination dte",
			b.IMO, b.Version, b.CallSign.String(), b.ShipName.String(), b.ShipType, b.EPFD,
			fmt.Sprintf("%02d-%02dT%02d:%02dZ", b.ETA.Month, b.ETA.Day, b.ETA.Hour, b.ETA.Minute), b.Draught,
			b.Destination.String(), asNumber(b.DTE.Or(false)))
		dim(b.Dim)
	case *AddressedBinary:
		set("seqno dest_mmsi retransmit dac fid", b.SeqNo, b.Dest, b.Retransmit, b.DAC, b.FID)
		app, ok := b.Application()
		application(t, m, app, ok, b.Data)
	case *BroadcastBinary:
		set("dac fid", b.DAC, b.FID)
		app, ok := b.Application()
		application(t, m, app, ok, b.Data)
	case *Acknowledge:
		for i, a := range b.Acks {
			m[fmt.Sprintf("mmsi%d", i+1)] = a.Dest
		}
	case *Aircraft:
		set("alt speed accuracy lon lat course second regional dte raim radio",
			b.Alt, b.Speed, b.Accuracy, b.Lon, b.Lat, b.Course, b.Second, b.Regional, asNumber(b.DTE), b.RAIM, b.Radio)
	case *Inquiry:
		m["dest_mmsi"] = b.Dest
	case *SafetyAddressed:
		set("seqno dest_mmsi retransmit text", b.SeqNo, b.Dest, b.Retransmit, string(b.Text.AppendText(nil)))
	case *SafetyBroadcast:
		m["text"] = string(b.Text.AppendText(nil))
	case *Interrogation:
		set("mmsi1 type1_1 offset1_1 type1_2 offset1_2 mmsi2 type2_1 offset2_1",
			b.Dest1, b.Asks1[0].Type, b.Asks1[0].Offset, b.Asks1[1].Type, b.Asks1[1].Offset, b.Dest2, b.Ask2.Type, b.Ask2.Offset)
	case *Assignment:
		for i, a := range b.Assigns {
			set(fmt.Sprintf("mmsi%d offset%[1]d increment%[1]d", i+1), a.Dest, a.Offset, a.Increment)
		}
	case *DGNSS:
		set("lon lat data", b.Lon, b.Lat, string(b.Data.Append(nil)))
	case *PositionB:
		set("reserved speed accuracy lon lat course heading second regional cs display dsc band msg22 raim radio",
			b.Reserved, b.Speed, b.Accuracy, b.Lon, b.Lat, b.Course, b.Heading, b.Second, b.Regional,
			b.CS, b.Display, b.DSC, b.Band, b.Message22, b.RAIM, b.Radio.Or(0))
	case *ExtendedB:
		set("reserved speed accuracy lon lat course heading second regional shipname shiptype epfd raim dte assigned",
			b.Reserved, b.Speed, b.Accuracy, b.Lon, b.Lat, b.Course, b.Heading, b.Second, b.Regional,
			b.ShipName.String(), b.ShipType, b.EPFD, b.RAIM, asNumber(b.DTE.Or(false)), b.Assigned.Or(false))
		dim(b.Dim)
	case *LinkManagement:
		for i, r := range b.Reservations {
			set(fmt.Sprintf("offset%d number%[1]d timeout%[1]d increment%[1]d", i+1), r.Offset, r.Number, r.Timeout, r.Increment)
		}
	case *Aid:
		set("aid_type name accuracy lon lat epfd second off_position regional raim virtual_aid",
			b.AidType, string(b.AppendName(nil)), b.Accuracy, b.Lon, b.Lat, b.EPFD, b.Second, b.OffPosition, b.Regional, b.RAIM, b.Virtual)
		dim(b.Dim)
	case *Channels:
		set("channel_a channel_b txrx power addressed band_a band_b zonesize",
			b.ChannelA, b.ChannelB, b.TxRx, b.Power, b.Addressed, b.BandA, b.BandB, b.ZoneSize)
		if b.Addressed {
			set("dest1 dest2", b.Dest1, b.Dest2)
		} else {
			set("ne_lon ne_lat sw_lon sw_lat", b.Area.NELon, b.Area.NELat, b.Area.SWLon, b.Area.SWLat)
		}
	case *Group:
		set("ne_lon ne_lat sw_lon sw_lat stationtype shiptype interval quiet",
			b.Area.NELon, b.Area.NELat, b.Area.SWLon, b.Area.SWLat, b.StationType, b.ShipType, b.Interval, b.Quiet)
	case *StaticB:
		if b.Part == PartA {
			m["shipname"] = b.ShipName.String()
			break
		}
		set("shiptype vendorid model serial callsign", b.ShipType, b.Vendor.String(), b.Model, b.Serial, b.CallSign.String())
		if b.MotherShip != 0 {
			m["mothership_mmsi"] = b.MotherShip
		} else {
			dim(b.Dim)
		}
	case *SlotBinary:
		set("addressed structured dest_mmsi app_id data", b.Addressed, b.Structured, b.Dest, b.App.Or(0), string(b.Data.Append(nil)))
	case *LongRange:
		set("status accuracy lon lat speed course raim gnss", b.Status, b.Accuracy, b.Lon, b.Lat, b.Speed, b.Course, b.RAIM, b.GNSS)
	default:
		t.Fatalf("no fields for %T", body)
	}
	return m
}

// application adds what the application says, or its bits.
func application(t testing.TB, m map[string]any, app Application, ok bool, d Data) {
	if !ok {
		m["data"] = string(d.Append(nil))
		return
	}
	var fields map[string]any
	parseGPSD(t, append(app.AppendFields([]byte(`{"application":true`), false), '}'), &fields)
	delete(fields, "application")
	maps.Copy(m, fields)
}

func asNumber(v bool) int {
	if v {
		return 1
	}
	return 0
}

// sameAsGPSD compares all fields but those in which gpsd is known to depart
// from the standard or to print what was not sent.
func sameAsGPSD(ours, theirs map[string]any) (field string, same bool) {
	short := func(v any) string {
		switch v := v.(type) {
		case navicert.MMSI:
			return fmt.Sprint(uint32(v))
		case string:
			return strings.TrimRight(v, " ")
		}
		return fmt.Sprint(v)
	}
	for name, v := range ours {
		w, there := theirs[name]
		if !there {
			if name == "data" && theirs["tidals"] != nil { // 1/14 and 1/32, which we leave as bits
				continue
			}
			return name, false
		}
		if s := fmt.Sprint(w); name == "data" && fmt.Sprint(ours["type"]) == "26" { // gpsd prints bits of the radio field
			if len(s) < 2 || !strings.HasPrefix(v.(string), s[:len(s)-2]) {
				return name, false
			}
			continue
		}
		if name == "vendorid" { // gpsd prints seven characters
			if !strings.HasPrefix(fmt.Sprint(w), fmt.Sprint(v)) {
				return name, false
			}
			continue
		}
		if tail := fmt.Sprint(ours["type"]); short(v) == "0" && slices.Contains([]string{"7", "13", "15", "16", "20"}, tail) {
			continue // gpsd prints what is left of a field that is not all there
		}
		if short(v) != short(w) {
			return name, false
		}
	}
	return "", true
}

// parseGPSD reads one of gpsd's objects with its numbers as they stand there.
func parseGPSD(t testing.TB, b []byte, into any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

// caseSource gives the Reader the sentences of one case after another, with a
// gap between them so that no case has to do with the next.
type caseSource struct {
	t     testing.TB
	lines *bufio.Scanner
	text  string
	cases []gpsdCase // read and not yet compared
}

type gpsdCase struct {
	NMEA []string       `json:"nmea"`
	GPSD map[string]any `json:"gpsd_unscaled"`
}

func (s *caseSource) Read(p []byte) (int, error) {
	if s.text != "" {
		n := copy(p, s.text)
		s.text = s.text[n:]
		return n, nil
	}
	if !s.lines.Scan() {
		return 0, io.EOF
	}
	var c gpsdCase
	parseGPSD(s.t, s.lines.Bytes(), &c)
	s.cases = append(s.cases, c)
	s.text = strings.Join(c.NMEA, "\n")
	return 0, ErrGap
}

func newCaseSource(t testing.TB, path string) *caseSource {
	sc := bufio.NewScanner(openReal(t, realdata.Dir(t, path)))
	sc.Buffer(nil, 1<<20)
	return &caseSource{t: t, lines: sc}
}

// TestAgreed compares every field of 71,084 real messages with what gpsd reads,
// where gpsd and pyais agree.
func TestAgreed(t *testing.T) {
	src := newCaseSource(t, "ais/vectors/agreed-142880-half.jsonl.gz")
	r := NewReader(src, Options{})
	messages, fields := 0, 0
	bad := map[string]int{}
	for ; ; messages++ {
		m, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil || len(src.cases) == 0 {
			t.Fatalf("%v with %d cases read", err, len(src.cases))
		}
		c := src.cases[0]
		src.cases = src.cases[1:]
		ours := asSent(t, m.Body)
		if field, same := sameAsGPSD(ours, c.GPSD); !same {
			key := fmt.Sprintf("type %v %s", c.GPSD["type"], field)
			if bad[key]++; bad[key] <= 3 {
				t.Errorf("%s: %v, want %v: %q", key, ours[field], c.GPSD[field], c.NMEA)
			}
		}
		fields += len(ours)
	}
	if messages != 71084 {
		t.Errorf("%d messages, want 71084", messages)
	}
	t.Logf("%d fields of %d messages; different: %v", fields, messages, bad)
}
