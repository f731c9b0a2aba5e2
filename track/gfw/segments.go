package gfw

import (
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"navicert/track/segment"
)

const (
	tracksName   = "segments of tracks (gpsdio-segment)"
	segmentsName = "segments by day (pipe-segment)"
)

// Tracks compares real tracks, a case each, line by line with what
// gpsdio-segment 0.20.2 makes of them: what became of the line, and which
// lines share a segment, whatever it is called.
func Tracks(dir string) (Set, error) {
	set := Set{Name: tracksName}
	paths, err := filepath.Glob(filepath.Join(dir, "tracks", "*.ndjson.gz"))
	if err != nil {
		return set, err
	}
	if len(paths) == 0 {
		return set, unread(filepath.Join(dir, "tracks"), os.ErrNotExist)
	}
	lines := 0
	for _, path := range paths {
		mmsi := strings.TrimSuffix(filepath.Base(path), ".ndjson.gz")
		messages, err := ReadTrack(path)
		if err != nil {
			return set, err
		}
		rows, err := readReference(filepath.Join(dir, "reference", mmsi+".csv.gz"))
		if err != nil {
			return set, err
		}
		if len(rows) != len(messages) {
			return set, Unusable(path, "%d messages, and a reference of %d rows", len(messages), len(rows))
		}
		o, err := Play(messages, nil)
		if err != nil {
			return set, err
		}
		lines += len(rows)
		set.Case(mmsi, o.against(rows))
	}
	set.Name = fmt.Sprintf("%s, %d lines", tracksName, lines)
	return set, nil
}

// against says which lines differ from the reference: line, class, segment.
func (o *Outcome) against(rows [][]string) (wrong []string) {
	ours, theirs := map[string]string{}, map[string]string{} // segment to segment, both ways
	for i, row := range rows {
		got, seg := o.Class(i), o.Verdicts[i].Segment
		same := got == row[1] && (seg == "") == (row[2] == "")
		if same && seg != "" {
			if ours[seg] == "" && theirs[row[2]] == "" {
				ours[seg], theirs[row[2]] = row[2], seg
			}
			same = ours[seg] == row[2] && theirs[row[2]] == seg
		}
		if !same {
			wrong = append(wrong, fmt.Sprintf("line %d is %s %s, want %s %s", i, got, seg, row[1], row[2]))
		}
	}
	return wrong
}

func readReference(path string) ([][]string, error) {
	r, err := open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	c := csv.NewReader(r)
	c.FieldsPerRecord = 3
	rows, err := c.ReadAll()
	if err != nil {
		return nil, Unusable(path, "%w", err)
	}
	if len(rows) == 0 {
		return nil, Unusable(path, "it is empty")
	}
	return rows[1:], nil
}

// day is a segment as a run of one day lists it.
type day struct {
	ID       string   `json:"seg_id"`
	SSVID    string   `json:"ssvid"`
	Closed   bool     `json:"closed"`
	Messages int      `json:"message_count"`
	Daily    int      `json:"daily_message_count"`
	First    float64  `json:"first_msg_timestamp"`
	Last     float64  `json:"last_msg_timestamp"`
	FirstOf  *float64 `json:"first_msg_of_day_timestamp"`
	LastOf   *float64 `json:"last_msg_of_day_timestamp"`
	Day      float64  `json:"timestamp"`
}

func (d *day) name() string {
	return fmt.Sprintf("segment %s on %s", d.ID, time.Unix(int64(d.Day), 0).UTC().Format(time.DateOnly))
}

func (d *day) String() string {
	of := func(v *float64) string {
		if v == nil {
			return "none"
		}
		return fmt.Sprintf("%.0f", *v)
	}
	return fmt.Sprintf("ship %s, closed %v, %d messages from %.0f to %.0f, %d of the day from %s to %s", d.SSVID, d.Closed, d.Messages, d.First, d.Last, d.Daily, of(d.FirstOf), of(d.LastOf))
}

// Segments compares small inputs with what pipe-segment makes of them, which
// runs day by day and carries the open segments over. A case is a message
// (its segment, or none), a segment on a day, or a parameter of the preset.
func Segments(dir string) (Set, error) {
	set := Set{Name: segmentsName}
	in := func(name string) string { return filepath.Join(dir, name) }
	byDay, err := messageCases(&set, "", []string{in("input.json"), in("input2.json")}, []string{in("expected_messages.json"), in("expected_messages2.json")})
	if err != nil {
		return set, err
	}
	want, err := readLines[day](in("expected_segments.json"))
	if err != nil {
		return set, err
	}
	set.days(byDay, want)
	if _, err := messageCases(&set, "identity ", []string{in("ident-messages-in.json")}, []string{in("ident-messages-expected.json")}); err != nil {
		return set, err
	}
	var params map[string]float64
	if err := ReadJSON(in("segmenter_params.json"), &params); err != nil {
		return set, err
	}
	p := segment.GFW()
	ours := map[string]float64{"max_hours": p.MaxHours, "max_speed": p.MaxKn, "lookback": float64(p.Lookback), "hours_exp": p.HoursExp}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		var wrong []string
		if got, ok := ours[name]; !ok || got != params[name] {
			wrong = []string{fmt.Sprintf("the preset has %v, want %v", got, params[name])}
		}
		set.Case("parameter "+name, wrong)
	}
	return set, nil
}

// messageCases compares the segment of each message of the inputs, and returns
// the segments as runs of one day list them.
func messageCases(set *Set, kind string, inputs, expected []string) ([]day, error) {
	want := map[int]string{}
	for _, path := range expected {
		lines, err := readLines[message](path)
		if err != nil {
			return nil, err
		}
		for _, m := range lines {
			if m.SegID != nil {
				want[m.MsgID] = *m.SegID
			} else if _, known := want[m.MsgID]; !known {
				want[m.MsgID] = ""
			}
		}
	}
	ships := map[string][]message{}
	for _, path := range inputs {
		lines, err := readLines[message](path)
		if err != nil {
			return nil, err
		}
		for _, m := range lines {
			if _, ok := want[m.MsgID]; !ok {
				return nil, Unusable(path, "nothing is expected of message %d", m.MsgID)
			}
			ships[m.SSVID] = append(ships[m.SSVID], m)
		}
	}
	var days []day
	for _, ssvid := range slices.Sorted(maps.Keys(ships)) {
		lines := ships[ssvid]
		slices.SortStableFunc(lines, func(a, b message) int { return a.Timestamp.Compare(b.Timestamp.Time) })
		messages, err := messagesOf(inputs[0], lines)
		if err != nil {
			return nil, err
		}
		o, err := Play(messages, func(i int) bool {
			return i > 0 && messages[i].Time.Truncate(24*time.Hour) != messages[i-1].Time.Truncate(24*time.Hour)
		})
		if err != nil {
			return nil, err
		}
		for i, m := range lines {
			var wrong []string
			got, class := o.segmentOf(i), o.Verdicts[i].Class
			if w := want[m.MsgID]; got != w || (class == segment.InSegment) != (w != "") || w == "" && class != segment.Info {
				wrong = []string{fmt.Sprintf("%v %s, want %q", class, got, w)}
			}
			set.Case(fmt.Sprintf("%smessage %d", kind, m.MsgID), wrong)
		}
		days = append(days, o.days(ssvid, messages)...)
	}
	return days, nil
}

// days are what runs of one day would list: the segments heard that day, and
// those that were closed in it.
func (o *Outcome) days(ssvid string, messages []segment.Message) (rows []day) {
	for from := time.Unix(0, 0).UTC(); from.Unix() < 2*86400; from = from.AddDate(0, 0, 1) {
		for _, id := range slices.Sorted(maps.Keys(o.Segments)) {
			seg := o.Segments[id]
			row := day{ID: strings.TrimLeft(id, "0"), SSVID: ssvid, First: float64(seg.First.Unix()), Day: float64(from.Unix())}
			for i, m := range messages {
				if o.Verdicts[i].Segment != id || !m.Time.Before(from.Add(24*time.Hour)) {
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
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// days compares segments by day; one that is not expected is a case, too.
func (s *Set) days(got, want []day) {
	for i := range want {
		w := &want[i]
		k := slices.IndexFunc(got, func(g day) bool { return g.name() == w.name() })
		if k < 0 {
			s.Case(w.name(), []string{"missing"})
			continue
		}
		var wrong []string
		if g := got[k].String(); g != w.String() {
			wrong = []string{g + "; want " + w.String()}
		}
		s.Case(w.name(), wrong)
		got = slices.Delete(got, k, k+1)
	}
	for i := range got {
		s.Case(got[i].name(), []string{"not expected"})
	}
}
