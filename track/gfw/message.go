package gfw

import (
	"encoding/json"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/track/segment"
	"navicert/track/state"
)

// stamp reads seconds since 1970 or RFC 3339.
type stamp struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (s *stamp) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		return json.Unmarshal(b, &s.Time)
	}
	sec, err := strconv.ParseInt(string(b), 10, 64)
	s.Time = time.Unix(sec, 0).UTC()
	return err
}

// message is a line of the cases of both projects.
type message struct {
	SSVID     string                `json:"ssvid"`
	Type      string                `json:"type"`
	MsgID     int                   `json:"msgid"`
	Timestamp stamp                 `json:"timestamp"`
	Lat       navicert.Opt[float64] `json:"lat"`
	Lon       navicert.Opt[float64] `json:"lon"`
	Speed     navicert.Opt[float64] `json:"speed"`
	Course    navicert.Opt[float64] `json:"course"`
	Heading   navicert.Opt[float64] `json:"heading"`
	ShipName  *string               `json:"shipname"`
	NName     *string               `json:"n_shipname"`
	CallSign  *string               `json:"callsign"`
	NCallSign *string               `json:"n_callsign"`
	SegID     *string               `json:"seg_id"`
}

// of makes a message of ours. The cases' number of a ship may be none that AIS
// could carry, such as 1.
func (f *message) of(tag int) (segment.Message, error) {
	mmsi, err := strconv.ParseUint(f.SSVID, 10, 32)
	if err != nil {
		return segment.Message{}, err
	}
	m := segment.Message{Tag: tag, MMSI: navicert.MMSI(mmsi), Time: f.Timestamp.Time, SpeedKn: f.Speed, CourseDeg: f.Course, HeadingDeg: f.Heading}
	if f.MsgID > 0 {
		m.ID = strconv.Itoa(f.MsgID)
	}
	if f.Lat.Known() || f.Lon.Known() {
		m.Pos = navicert.Some(navicert.Position{Lat: f.Lat.Or(91), Lon: f.Lon.Or(181)})
	}
	switch f.Type {
	case "AIS.1", "AIS.2", "AIS.3":
		m.Class = segment.ClassA
	case "AIS.18", "AIS.19":
		m.Class = segment.ClassB
	case "AIS.27":
		m.Class, m.LongRange = segment.ClassA|segment.ClassB, true
	}
	return m, nil
}

func messagesOf(path string, lines []message) ([]segment.Message, error) {
	messages := make([]segment.Message, len(lines))
	for i := range lines {
		m, err := lines[i].of(i)
		if err != nil {
			return nil, Unusable(path, "line %d: %w", i, err)
		}
		messages[i] = m
	}
	return messages, nil
}

// ReadTrack reads a track of gpsdio-segment.
func ReadTrack(path string) ([]segment.Message, error) {
	lines, err := readLines[message](path)
	if err != nil {
		return nil, err
	}
	return messagesOf(path, lines)
}

// Name is a name or call sign, and what pipe-segment makes of it, so that two
// can be compared.
type Name struct {
	Sent, Normal string
}

// Names reads those of pipe-segment's folder.
func Names(dir string) ([]Name, error) {
	lines, err := readLines[message](filepath.Join(dir, "ident-messages-expected.json"))
	if err != nil {
		return nil, err
	}
	var names []Name
	for _, m := range lines {
		for _, c := range [][2]*string{{m.ShipName, m.NName}, {m.CallSign, m.NCallSign}} {
			if c[0] != nil && c[1] != nil {
				names = append(names, Name{*c[0], *c[1]})
			}
		}
	}
	return names, nil
}

// Outcome is what the segmenter said of messages.
type Outcome struct {
	Verdicts []segment.Verdict // by Tag
	Segments map[string]segment.Segment
}

// Class is what upstream calls what became of a message.
func (o *Outcome) Class(i int) string {
	v := o.Verdicts[i]
	if v.Class == segment.InSegment && o.Segments[v.Segment].Closed {
		return "closed"
	}
	return v.Class.String()
}

// segmentOf is the id of a message's segment as pipe-segment writes it, for
// numbers of one digit.
func (o *Outcome) segmentOf(i int) string { return strings.TrimLeft(o.Verdicts[i].Segment, "0") }

// Play gives messages, tagged 0, 1, …, to the segmenter, breaking off and going
// on by way of its saved state before each message for which split says so.
func Play(messages []segment.Message, split func(i int) bool) (*Outcome, error) {
	o := &Outcome{Verdicts: make([]segment.Verdict, len(messages)), Segments: map[string]segment.Segment{}}
	twice := 0
	handler := segment.Handler{
		Verdict: func(v segment.Verdict) {
			if o.Verdicts[v.Tag].Class != 0 {
				twice++
			}
			o.Verdicts[v.Tag] = v
		},
		Segment: func(s segment.Segment) { o.Segments[s.ID] = s },
	}
	s := segment.New(segment.GFW(), handler)
	for i := range messages {
		if split != nil && split(i) {
			c := state.Saving()
			s.State(c)
			b, err := c.Bytes()
			if err != nil {
				return nil, err
			}
			s = segment.New(segment.GFW(), handler)
			c = state.Loading(b)
			s.State(c)
			if err := c.Close(); err != nil {
				return nil, err
			}
		}
		if err := s.Add(&messages[i]); err != nil {
			return nil, err
		}
	}
	s.Close()
	if twice > 0 {
		return nil, navicert.Errorf(navicert.Invalid, "segment", "messages", "%d have two verdicts", twice)
	}
	return o, nil
}
