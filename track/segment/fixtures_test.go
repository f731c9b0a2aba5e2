package segment

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"navicert"
	"navicert/internal/realdata"
	"navicert/track/state"
)

// The fixtures are read from the test data, behaviour/gpsdio-segment and
// behaviour/pipe-segment, where the README names repository, commit and licence.

// stamp reads seconds since 1970 or RFC 3339.
type stamp struct{ time.Time }

func (s *stamp) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		return json.Unmarshal(b, &s.Time)
	}
	sec, err := strconv.ParseInt(string(b), 10, 64)
	s.Time = time.Unix(sec, 0).UTC()
	return err
}

type fixtureMessage struct {
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

func (f *fixtureMessage) message(tag int) Message {
	mmsi, _ := strconv.Atoi(f.SSVID)
	m := Message{Tag: tag, MMSI: navicert.MMSI(mmsi), Time: f.Timestamp.Time, SpeedKn: f.Speed, CourseDeg: f.Course, HeadingDeg: f.Heading}
	if f.MsgID > 0 {
		m.ID = strconv.Itoa(f.MsgID)
	}
	if f.Lat.Known() || f.Lon.Known() {
		m.Pos = navicert.Some(navicert.Position{Lat: f.Lat.Or(91), Lon: f.Lon.Or(181)})
	}
	switch f.Type {
	case "AIS.1", "AIS.2", "AIS.3":
		m.Class = ClassA
	case "AIS.18", "AIS.19":
		m.Class = ClassB
	case "AIS.27":
		m.Class, m.LongRange = ClassA|ClassB, true
	}
	return m
}

func readLines[T any](t *testing.T, path string) []T {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	if filepath.Ext(path) == ".gz" {
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		lines = bufio.NewScanner(z)
	}
	var all []T
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all = append(all, v)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// outcome is what a test sees of a run.
type outcome struct {
	verdicts []Verdict // by Tag
	segments map[string]Segment
}

func (o *outcome) handler() Handler {
	return Handler{
		Verdict: func(v Verdict) {
			if o.verdicts[v.Tag].Class != 0 {
				panic("two verdicts for one message")
			}
			o.verdicts[v.Tag] = v
		},
		Segment: func(s Segment) { o.segments[s.ID] = s },
	}
}

// run segments messages, breaking off and going on by way of the saved state
// before each message for which split says so.
func run(t interface{ Fatal(...any) }, messages []Message, split func(i int) bool) outcome {
	o := outcome{verdicts: make([]Verdict, len(messages)), segments: map[string]Segment{}}
	s := New(GFW(), o.handler())
	for i := range messages {
		if split != nil && split(i) {
			c := state.Saving()
			s.State(c)
			b, err := c.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			s = New(GFW(), o.handler())
			c = state.Loading(b)
			s.State(c)
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Add(&messages[i]); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	return o
}

// class is the name that the reference uses.
func (o *outcome) class(i int) string {
	v := o.verdicts[i]
	if v.Class == InSegment && o.segments[v.Segment].Closed {
		return "closed"
	}
	return v.Class.String()
}

func TestGpsdioSegmentTracks(t *testing.T) {
	dir := realdata.Dir(t, "behaviour/gpsdio-segment")
	paths, err := filepath.Glob(filepath.Join(dir, "tracks", "*.ndjson.gz"))
	if err != nil || len(paths) != 13 {
		t.Fatalf("%d tracks, want 13 (%v)", len(paths), err)
	}
	for _, path := range paths {
		mmsi := filepath.Base(path)[:9]
		t.Run(mmsi, func(t *testing.T) {
			var messages []Message
			for i, f := range readLines[fixtureMessage](t, path) {
				messages = append(messages, f.message(i))
			}
			rows := readReference(t, filepath.Join(dir, "reference", mmsi+".csv.gz"))
			if len(rows) != len(messages) {
				t.Fatalf("%d messages, %d rows of reference", len(messages), len(rows))
			}
			o := run(t, messages, nil)
			ours, theirs := map[string]string{}, map[string]string{} // segment to segment, both ways
			wrong := 0
			for i, row := range rows {
				got, seg := o.class(i), o.verdicts[i].Segment
				same := got == row[1]
				if same && seg != "" {
					if ours[seg] == "" && theirs[row[2]] == "" {
						ours[seg], theirs[row[2]] = row[2], seg
					}
					same = ours[seg] == row[2] && theirs[row[2]] == seg
				}
				if !same {
					if wrong++; wrong <= 10 {
						t.Errorf("line %d: %s %s, want %s %s", i, got, seg, row[1], row[2])
					}
				}
			}
			t.Logf("%d lines, %d segments, %d lines differ", len(rows), len(o.segments), wrong)
			split := run(t, messages, func(i int) bool { return i < 100 || i%397 == 0 })
			for i := range messages {
				if split.verdicts[i] != o.verdicts[i] {
					t.Fatalf("in batches, line %d: %v, in one %v", i, split.verdicts[i], o.verdicts[i])
				}
			}
		})
	}
}

func readReference(t *testing.T, path string) [][]string {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// pipe-segment runs day by day and carries the open segments over.
func TestPipeSegment(t *testing.T) {
	dir := realdata.Dir(t, "behaviour/pipe-segment")
	type day struct {
		ID        string                `json:"seg_id"`
		SSVID     string                `json:"ssvid"`
		Closed    bool                  `json:"closed"`
		Messages  int                   `json:"message_count"`
		Daily     int                   `json:"daily_message_count"`
		First     float64               `json:"first_msg_timestamp"`
		Last      float64               `json:"last_msg_timestamp"`
		FirstOf   *float64              `json:"first_msg_of_day_timestamp"`
		LastOf    *float64              `json:"last_msg_of_day_timestamp"`
		Timestamp navicert.Opt[float64] `json:"timestamp"`
	}
	input := readLines[fixtureMessage](t, filepath.Join(dir, "input.json"))
	info := readLines[fixtureMessage](t, filepath.Join(dir, "input2.json"))
	segOf := map[int]string{}
	for _, file := range []string{"expected_messages.json", "expected_messages2.json"} {
		for _, m := range readLines[fixtureMessage](t, filepath.Join(dir, file)) {
			if m.SegID != nil {
				segOf[m.MsgID] = *m.SegID
			}
		}
	}
	if len(segOf) != 11 {
		t.Fatalf("%d expected positions, want 11", len(segOf))
	}
	var got []day
	for _, ssvid := range []string{"1", "2", "3", "4", "5"} {
		var all []fixtureMessage
		for _, m := range append(append([]fixtureMessage{}, input...), info...) {
			if m.SSVID == ssvid {
				all = append(all, m)
			}
		}
		slices.SortStableFunc(all, func(a, b fixtureMessage) int { return a.Timestamp.Compare(b.Timestamp.Time) })
		messages := make([]Message, len(all))
		for i := range all {
			messages[i] = all[i].message(i)
		}
		o := run(t, messages, func(i int) bool {
			return i > 0 && messages[i].Time.Truncate(24*time.Hour) != messages[i-1].Time.Truncate(24*time.Hour)
		})
		for i, m := range all {
			v := o.verdicts[i]
			id := strings.TrimLeft(v.Segment, "0")
			if want := segOf[m.MsgID]; id != want || (v.Class == InSegment) != (want != "") || want == "" && v.Class != Info {
				t.Errorf("message %d: %v %s, want %q", m.MsgID, v.Class, id, want)
			}
		}
		// What a run of one day would list: the segments heard that day, and those
		// that were closed in it.
		for d := int64(0); d < 2; d++ {
			from := time.Unix(d*86400, 0).UTC()
			for _, id := range slices.Sorted(maps.Keys(o.segments)) {
				seg := o.segments[id]
				row := day{
					ID: strings.TrimLeft(id, "0"), SSVID: ssvid, First: float64(seg.First.Unix()),
					Timestamp: navicert.Some(float64(from.Unix())),
				}
				for i, m := range messages {
					if o.verdicts[i].Segment != id || !m.Time.Before(from.Add(24*time.Hour)) {
						continue
					}
					at := float64(m.Time.Unix())
					row.Messages++
					row.Last = at
					if !m.Time.Before(from) {
						row.Daily++
						if row.FirstOf == nil {
							row.FirstOf = &at
						}
						row.LastOf = &at
					}
				}
				row.Closed = seg.Closed && row.Daily == 0
				if row.Daily > 0 || row.Closed && seg.First.Before(from) {
					got = append(got, row)
				}
			}
		}
	}
	want := readLines[day](t, filepath.Join(dir, "expected_segments.json"))
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b navicert.Opt[float64]) bool { return a == b })); diff != "" {
		t.Errorf("segments per day (-want +got):\n%s", diff)
	}
	var params map[string]float64
	b, err := os.ReadFile(filepath.Join(dir, "segmenter_params.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &params); err != nil {
		t.Fatal(err)
	}
	p := GFW()
	if ours := map[string]float64{"max_hours": p.MaxHours, "max_speed": p.MaxKn, "lookback": float64(p.Lookback), "hours_exp": p.HoursExp}; !maps.Equal(ours, params) {
		t.Errorf("preset %v, the fixture's is %v", ours, params)
	}
}

func TestPipeSegmentNames(t *testing.T) {
	dir := realdata.Dir(t, "behaviour/pipe-segment")
	texts := 0
	for _, m := range readLines[fixtureMessage](t, filepath.Join(dir, "ident-messages-expected.json")) {
		for _, c := range [][2]*string{{m.ShipName, m.NName}, {m.CallSign, m.NCallSign}} {
			if c[0] == nil {
				continue
			}
			texts++
			if got := NormalName(*c[0]); got != *c[1] {
				t.Errorf("%q is %q, want %q", *c[0], got, *c[1])
			}
		}
	}
	if texts != 8 {
		t.Errorf("%d names, want 8", texts)
	}
	// Segments of the same file.
	bySSVID := map[string][]fixtureMessage{}
	want := map[int]*string{}
	for _, m := range readLines[fixtureMessage](t, filepath.Join(dir, "ident-messages-expected.json")) {
		want[m.MsgID] = m.SegID
	}
	for _, m := range readLines[fixtureMessage](t, filepath.Join(dir, "ident-messages-in.json")) {
		bySSVID[m.SSVID] = append(bySSVID[m.SSVID], m)
	}
	for _, all := range bySSVID {
		messages := make([]Message, len(all))
		for i := range all {
			messages[i] = all[i].message(i)
		}
		o := run(t, messages, nil)
		for i, m := range all {
			got := strings.TrimLeft(o.verdicts[i].Segment, "0")
			if w := want[m.MsgID]; w == nil && got != "" || w != nil && got != *w {
				t.Errorf("message %d: %q, want %v", m.MsgID, got, w)
			}
		}
	}
}
