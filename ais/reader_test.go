package ais

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"navicert"
)

// one real-looking sentence of an invented ship, and its parts.
const (
	sentence1 = "!AIVDM,1,1,,A,14M9Ph@P1sKGVAP5oGL3Q2n:0000,0*23"
	payload1  = "14M9Ph@P1sKGVAP5oGL3Q2n:0000"
)

func TestLines(t *testing.T) {
	plain := func(rest string) string {
		return "!" + string(checksummed("AIVDM,1,1,,A,"+payload1+rest))
	}
	for _, c := range []struct {
		name, in  string
		messages  int
		drop      string
		lines     int64
		dataLines int64
	}{
		{"nothing", "", 0, "none", 0, 0},
		{"no line end", sentence1, 1, "none", 1, 1},
		{"CR LF", sentence1 + "\r\n" + sentence1 + "\r\n", 2, "none", 2, 2},
		{"CR only", sentence1 + "\r" + sentence1 + "\r", 2, "none", 1, 1},
		{"byte order mark", "\xef\xbb\xbf" + sentence1, 1, "none", 1, 1},
		{"byte order mark and comment", "\xef\xbb\xbf# x " + sentence1, 0, "none", 1, 0},
		{"NUL in front", "\x00\x00" + sentence1 + "\x00\n" + sentence1, 2, "none", 2, 2},
		{"NUL inside", "!AIVDM,1,1,,A,14M9\x00Ph@P1sKGVAP5oGL3Q2n:0000,0*23\n", 0, "1 payload", 1, 1},
		{"bytes that are no text", "\xff\xfe!\x80" + sentence1, 1, "none", 1, 1},
		{"words in front", "12:00 rx> " + sentence1, 1, "none", 1, 1},
		{"joined", sentence1 + sentence1 + " " + sentence1, 3, "none", 1, 1},
		{"cut off and joined", "!AIVDM,1,1,,A,14M9Ph@P1s" + sentence1, 1, "1 no_checksum", 1, 1},
		{"cut off before a tag block", "!AIVDM,1,1,,A,14M9" + `\s:X*2A\` + sentence1, 1, "1 no_checksum", 1, 1},
		{"cut off in the checksum", sentence1[:len(sentence1)-1] + "\n" + sentence1, 1, "1 no_checksum", 2, 2},
		{"not hexadecimal", sentence1[:len(sentence1)-2] + "G0\n", 0, "1 no_checksum", 1, 1},
		{"wrong checksum", sentence1[:len(sentence1)-1] + "0\n", 0, "1 checksum", 1, 1},
		{"no fill", plain(""), 1, "none", 1, 1},
		{"empty fill", plain(","), 1, "none", 1, 1},
		{"eight fields", plain(",0,0"), 1, "none", 1, 1},
		{"nine fields", plain(",0,0,0"), 0, "1 fields", 1, 1},
		{"fill no digit", plain(",x"), 0, "1 fields", 1, 1},
		{"three fields", "!" + string(checksummed("AIVDM,1,1")), 0, "1 fields", 1, 1},
		{"total no digit", "!" + string(checksummed("AIVDM,x,1,,A,"+payload1+",0")), 0, "1 fields", 1, 1},
		{"number over total", "!" + string(checksummed("AIVDM,1,2,,A,"+payload1+",0")), 0, "1 part_number", 1, 1},
		{"comma in the payload", "!" + string(checksummed("AIVDM,1,1,,A,14M9Ph@P1sKGVAP5oGL,Q2n:0000,0")), 0, "1 fields", 1, 1},
		{"star in the payload", "!" + string(checksummed("AIVDM,1,1,,A,14M9Ph@P1sKGVAP5oGL*Q2n:0000,0")), 0, "1 no_checksum", 1, 1},
		{"payload too long", "!" + string(checksummed("AIVDM,1,1,,A,"+strings.Repeat("0", 200)+",0")), 0, "1 payload", 1, 1},
		{"line too long", strings.Repeat("x", 70<<10) + sentence1 + "\n" + sentence1, 1, "none", 2, 1},
		{"line much too long", strings.Repeat("x", 200<<10) + sentence1 + "\n" + sentence1, 1, "none", 2, 1},
		{"no line end and too long", strings.Repeat("x", 200<<10), 0, "none", 1, 0},
		{"other sentences", "$GPRMC,,V*00\n!XXALR,1*00\n!\n\\\n\\x\\\n" + sentence1, 1, "none", 6, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, in := range []io.Reader{strings.NewReader(c.in), iotest.OneByteReader(strings.NewReader(c.in)), iotest.DataErrReader(strings.NewReader(c.in))} {
				r := NewReader(in, Options{})
				n := 0
				for ; ; n++ {
					m, err := r.Next()
					if err == io.EOF {
						break
					}
					if err != nil {
						t.Fatal(err)
					}
					if string(m.Part(0)[:len(payload1)]) != sentence1[:len(payload1)] && m.Bits.Len() != 168 {
						t.Errorf("message %s", m.AppendJSON(nil))
					}
					if at := m.Offset; c.in[at:at+int64(len(m.Part(0)))] != string(m.Part(0)) {
						t.Errorf("at offset %d stands %.20q, not %q", at, c.in[at:], m.Part(0))
					}
				}
				got, tally := r.Counts(), r.Counts().Tally()
				if n != c.messages || tally.String() != c.drop || got.Lines != c.lines || got.DataLines != c.dataLines {
					t.Errorf("%d messages, dropped %s, %d lines, %d with data; want %d, %s, %d, %d",
						n, tally.String(), got.Lines, got.DataLines, c.messages, c.drop, c.lines, c.dataLines)
				}
				checkSums(t, got)
			}
		})
	}
}

// TestStamps reads time, its origin and the station from what stands around a
// sentence.
func TestStamps(t *testing.T) {
	tag := func(s string) string { return `\` + string(checksummed(s)) + `\` }
	pghp := func(check string) string {
		return "$" + string(checksummed("PGHP,1,2026,1,2,3,4,5,250,299,,2990001,1,"+check)) + "\n"
	}
	const s, ms = "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.25Z"
	for _, c := range []struct {
		name, in, time string
		from           navicert.TimeFrom
		station        string
		unverified     bool
	}{
		{"nothing", sentence1, "", "", "", false},
		{"tag", tag("s:ST1,c:1767323045") + sentence1, s, "tag", "ST1", false},
		{"tag, other order, other fields", tag("n:5,c:1767323045,d:x,s:ST1") + sentence1, s, "tag", "ST1", false},
		{"tag, milliseconds", tag("c:1767323045250") + sentence1, ms, "tag", "", false},
		{"tag, microseconds", tag("c:1767323045250000") + sentence1, ms, "tag", "", false},
		{"tag, nanoseconds", tag("c:1767323045250000000") + sentence1, ms, "tag", "", false},
		{"tag, time impossible", tag("c:17,s:ST1") + sentence1, "", "", "ST1", false},
		{"tag, time in ten characters that are no digits", tag("c:123,s:ABCD") + sentence1, "", "", "ABCD", false},
		{"tag, a long station", tag("s:"+strings.Repeat("S", 30)+",c:1767323045") + sentence1, s, "tag", strings.Repeat("S", 30), false},
		{"tag, wrong checksum", `\s:ST1,c:1767323045*00\` + sentence1, s, "tag", "ST1", true},
		{"tag, no checksum", `\s:ST1,c:1767323045\` + sentence1, s, "tag", "ST1", true},
		{"tag, checksum before g", `\g:1-1-9,` + string(checksummed("s:ST1,c:1767323045")) + `\` + sentence1, s, "tag", "ST1", false},
		{"tag, field without a colon", tag("x,c:1767323045") + sentence1, s, "tag", "", false},
		{"tag on its own line", tag("s:ST1,c:1767323045") + "\n" + sentence1, s, "tag", "ST1", false},
		{"tag of another sentence", tag("s:ST1,c:1767323045") + "$GPRMC,,V*00\n" + sentence1, "", "", "", false},
		{"tag of the sentence before", tag("s:ST1,c:1767323045") + "!AIVDM,1,1,,A,0*00\n" + sentence1, "", "", "", false},
		{"tag group, the first of another sentence", tag("g:1-2-7,s:ST1,c:1767323045") + "$GPRMC,,V*00\n" + tag("g:2-2-7") + sentence1, s, "tag", "ST1", false},
		{"tag group, a third that follows", tag("g:1-3-7,s:ST1,c:1767323045") + "$X*00\n" + tag("g:2-3-7") + "$X*00\n" + tag("g:3-3-7") + sentence1, s, "tag", "ST1", false},
		{"tag group, another between", tag("g:1-2-7,s:ST1,c:1767323045") + "$X*00\n" + tag("g:1-2-8,s:ST2") + "$X*00\n" + tag("g:2-2-7") + sentence1, "", "", "", false},
		{"tag group, a tag without group between", tag("g:1-2-7,s:ST1") + "$X*00\n" + tag("s:ST2") + "$X*00\n" + tag("g:2-2-7") + sentence1, "", "", "", false},
		{"tag group, another number", tag("g:1-3-7,s:ST1") + "$X*00\n" + tag("g:3-3-7") + sentence1, "", "", "", false},
		{"pghp", pghp("23") + sentence1, ms, "pghp", "2990001", false},
		{"pghp, tag in front", tag("si:X") + "\n" + pghp("23") + sentence1, ms, "pghp", "2990001", false},
		{"pghp that does not fit", pghp("24") + sentence1, "", "", "", false},
		{"pghp damaged", strings.Replace(pghp("23"), "2026", "2027", 1) + sentence1, "", "", "", false},
		{"pghp, impossible date", "$" + string(checksummed("PGHP,1,2026,13,2,3,4,5,250,299,,2990001,1,23")) + "\n" + sentence1, "", "", "", false},
		{"pghp of the sentence before", pghp("23") + "!AIVDM,1,1,,A,0*00\n" + sentence1, "", "", "", false},
		{"tag before pghp", pghp("23") + tag("c:1767323046") + sentence1, "2026-01-02T03:04:06Z", "tag", "2990001", false},
		{"pghp before suffix", pghp("23") + sentence1 + ",rST2,1767323046", ms, "pghp", "rST2", false},
		{"suffix", sentence1 + ",rST2,1767323045", s, "suffix", "rST2", false},
		{"suffix, milliseconds", sentence1 + ",1767323045250", ms, "delivery", "", false},
		{"suffix with blanks", sentence1 + ",rST2 , 1767323045 ", "", "", "rST2", false},
		{"prefix, nanoseconds", "1767323045250000000 " + sentence1, ms, "prefix", "", false},
		{"prefix, ISO", "2026-01-02T03:04:05;" + sentence1, s, "prefix", "", false},
		{"prefix, ISO with offset and fraction", "2026-01-02T04:04:05.25+01:00 " + sentence1, ms, "prefix", "", false},
		{"prefix, date and time", "2026-01-02 03:04:05, " + sentence1, s, "prefix", "", false},
		{"prefix, time and words", "1767323045 rx: " + sentence1, s, "prefix", "", false},
		{"prefix, line number", "17 " + sentence1, "", "", "", false},
		{"suffix before prefix", "1767323046 " + sentence1 + ",rST2,1767323045", s, "suffix", "rST2", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := NewReader(strings.NewReader(c.in), Options{})
			m, err := r.Next()
			if err != nil {
				t.Fatal(err)
			}
			at, from := m.Time()
			got := ""
			if from != "" {
				got = at.Format(time.RFC3339Nano)
			}
			if got != c.time || from != c.from || m.Station() != c.station || m.TagUnverified() != c.unverified {
				t.Errorf("time %s from %q, station %q, unverified %v; want %s from %q, %q, %v",
					got, from, m.Station(), m.TagUnverified(), c.time, c.from, c.station, c.unverified)
			}
		})
	}
}

// TestUnverifiedOnce counts a tag block once, on the line or before it.
func TestUnverifiedOnce(t *testing.T) {
	in := `\s:ST1*00\` + "\n" + sentence1 + "\n" + `\s:ST1*00\` + sentence1 + "\n" + strings.Repeat(sentence1+"\n", 40)
	r := NewReader(strings.NewReader(in), Options{})
	for {
		if _, err := r.Next(); err != nil {
			break
		}
	}
	if c := r.Counts(); c.TagUnverified != 2 || c.Messages != 42 {
		t.Errorf("%d tag blocks unverified of %d messages, want 2 of 42", c.TagUnverified, c.Messages)
	}
}

func TestArrival(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r := NewReader(strings.NewReader(sentence1+"\n"+`\c:1767323046*57\`+sentence1), Options{Arrival: func() time.Time { return at }})
	var got []navicert.TimeFrom
	for {
		m, err := r.Next()
		if err != nil {
			break
		}
		_, from := m.Time()
		got = append(got, from)
	}
	if len(got) != 2 || got[0] != navicert.TimeArrival || got[1] != navicert.TimeTag {
		t.Errorf("times from %q, want arrival and tag", got)
	}
}

func TestSourceErrors(t *testing.T) {
	fail := errors.New("disk on fire")
	r := NewReader(io.MultiReader(strings.NewReader(sentence1+"\n"+ship(0, 'A', 1)[0]), iotest.ErrReader(fail)), Options{})
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); !errors.Is(err, fail) {
		t.Errorf("error %v, want the source's", err)
	}
	checkSums(t, r.Counts())
	stuck := NewReader(readerFunc(func([]byte) (int, error) { return 0, nil }), Options{})
	if _, err := stuck.Next(); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a source that gives nothing: %v, want %v", err, io.ErrNoProgress)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestNothingAllocated reads sentences of every kind: plain, tagged, in parts,
// damaged.
func TestNothingAllocated(t *testing.T) {
	var in strings.Builder
	for i := range 50 {
		in.WriteString(sentence1 + "\n")
		in.WriteString(`\s:ST1,c:1767323045*6B\` + sentence1 + "\n")
		for _, p := range ship(i%5, 'A', i%10) {
			in.WriteString(p + ",rST2,1767323045\n")
		}
		in.WriteString("$GPRMC,,V*00\n!AIVDM,1,1,,A,14M9*00\n!AIVDM,2,1,1,A,14M9*4B\n")
	}
	src := strings.NewReader("")
	r := NewReader(src, Options{})
	messages := 0
	once := func() {
		src.Reset(in.String())
		r.err = nil // the end of the last round
		for {
			m, err := r.Next()
			if err != nil {
				return
			}
			_ = m.Station()
			messages++
		}
	}
	once() // keeps the examples of what is dropped
	if n := testing.AllocsPerRun(20, once); n != 0 {
		t.Errorf("%v allocations in 400 lines, want none", n)
	}
	if messages != 22*150 {
		t.Errorf("%d messages, want %d", messages, 22*150)
	}
}
