package ais

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
)

// ship returns the sentences of an invented ship's type 5, one line a part. Its
// name, destination and draught say whose each half is.
func ship(k int, channel byte, seq int) []string {
	m := NewStaticVoyage(navicert.MMSI(299000000 + k))
	m.ShipName = MakeText(fmt.Sprintf("SIMULATED %c", 'A'+k), 20)
	m.Destination = MakeText(strings.Repeat(string(rune('A'+k)), 20), 20)
	m.ShipType, m.Draught = 80, Draught(10+k)
	return lines(Sentences(nil, "AI", channel, seq, m.Encode()))
}

// threeParts returns the sentences of an invented type 14 of three parts.
func threeParts(k int, channel byte, seq int) []string {
	m := SafetyBroadcast{Header: Header{Type: 14, MMSI: navicert.MMSI(299000000 + k)}, Text: MakeLetters(strings.Repeat(string(rune('A'+k)), 140))}
	return lines(Sentences(nil, "AI", channel, seq, encoded(&m)))
}

func aPosition(k int) string {
	m := NewPositionA(navicert.MMSI(299000000 + k))
	return lines(Sentences(nil, "AI", 'A', 0, m.Encode()))[0]
}

func lines(b []byte) []string { return strings.Split(strings.TrimSpace(string(b)), "\r\n") }

// checkWhole fails when a message mixes two ships.
func checkWhole(t interface{ Fatalf(string, ...any) }, m *Message) {
	k := int(m.Body.Head().MMSI) - 299000000
	switch b := m.Body.(type) {
	case *StaticVoyage:
		if b.Destination.String() != strings.Repeat(string(rune('A'+k)), 20) || b.Draught != Draught(10+k) {
			t.Fatalf("a chimera: %s", m.AppendJSON(nil))
		}
	case *SafetyBroadcast:
		if got := string(b.Text.AppendText(nil)); got != strings.Repeat(string(rune('A'+k)), 140) {
			t.Fatalf("a chimera: %s", m.AppendJSON(nil))
		}
	}
}

// TestInterleaved puts the parts of two ships, with the same talker, sequence
// id and channel and without stations, into one stream in every order that
// keeps each ship's own, with other sentences between them. No message may mix
// them, and one that stands alone must not be lost.
func TestInterleaved(t *testing.T) {
	for _, parts := range []func(int, byte, int) []string{ship, threeParts} {
		a, b := parts(0, 'A', 3), parts(1, 'A', 3)
		var try func(stream []string, a, b []string)
		streams := 0
		try = func(stream []string, a, b []string) {
			if len(a)+len(b) == 0 {
				streams++
				between(t, stream)
				return
			}
			if len(a) > 0 {
				try(append(stream[:len(stream):len(stream)], a[0]), a[1:], b)
			}
			if len(b) > 0 {
				try(append(stream[:len(stream):len(stream)], b[0]), a, b[1:])
			}
		}
		try(nil, a, b)
		if want := map[int]int{2: 6, 3: 20}[len(a)]; streams != want {
			t.Errorf("%d orders, want %d", streams, want)
		}
	}
}

// between reads the stream with other sentences in each gap.
func between(t *testing.T, stream []string) {
	gaps := len(stream) + 1
	most := 3
	if gaps > 5 {
		most = 2
	}
	for mask := range pow(most, gaps) {
		var in []string
		for i := range gaps {
			for range mask / pow(most, i) % most {
				in = append(in, aPosition(9))
			}
			if i < len(stream) {
				in = append(in, stream[i])
			}
		}
		r := newReader(strings.NewReader(strings.Join(in, "\n")), Options{}, 8<<10)
		for {
			m, err := r.Next()
			if err == io.EOF {
				break
			}
			checkWhole(t, m)
		}
		checkSums(t, r.Counts())
	}
}

func pow(a, b int) int {
	n := 1
	for range b {
		n *= a
	}
	return n
}

// part is a sentence of the random stream, with whose it is.
type part struct {
	line string
	ship int
}

// TestNoChimeras interleaves the messages of many ships at random: each with a
// sequence id and channel of few, some with stations, some with times, parts of
// tagged ones lost. Whatever comes out must be whole, and every sentence must
// be in one counter.
func TestNoChimeras(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tags := rapid.SampledFrom([]string{"none", "station", "station and time"}).Draw(t, "tags")
		n := rapid.IntRange(2, 6).Draw(t, "ships")
		queues := make([][]part, n)
		for k := range queues {
			channel := byte('A' + rapid.IntRange(0, 1).Draw(t, "channel"))
			seq := rapid.IntRange(0, 1).Draw(t, "seq")
			ps := ship(k, channel, seq)
			if rapid.Bool().Draw(t, "long") {
				ps = threeParts(k, channel, seq)
			}
			for _, p := range ps {
				if tags != "none" {
					at := time.Time{}
					if tags == "station and time" {
						at = time.Unix(1767323045+int64(k)*int64(rapid.IntRange(0, 1).Draw(t, "apart")*6), 0)
					}
					p = string(AppendTag(nil, fmt.Sprintf("ST%d", k), at)) + p
					if rapid.IntRange(0, 4).Draw(t, "lost") == 0 {
						continue
					}
				}
				queues[k] = append(queues[k], part{p, k})
			}
		}
		var in []string
		for left := true; left; {
			left = false
			for range 3 {
				k := rapid.IntRange(0, n).Draw(t, "next")
				if k == n {
					in = append(in, aPosition(20))
				} else if len(queues[k]) > 0 {
					in = append(in, queues[k][0].line)
					queues[k] = queues[k][1:]
				}
			}
			for _, q := range queues {
				left = left || len(q) > 0
			}
		}
		r := newReader(strings.NewReader(strings.Join(in, "\n")), Options{}, 8<<10)
		for {
			m, err := r.Next()
			if err == io.EOF {
				break
			}
			checkWhole(t, m)
		}
		c := r.Counts()
		if int(c.Sentences) != len(in) || c.Pending != 0 {
			t.Fatalf("%d sentences and %d pending of %d", c.Sentences, c.Pending, len(in))
		}
	})
}

// TestNothingLost checks that ships with stations of their own, interleaved but
// within the limits, all come through: no message of a tagged stream may be
// lost for fear of chimeras.
func TestNothingLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "ships")
		queues := make([][]string, n)
		total := 0
		for k := range queues {
			queues[k] = ship(k, 'A', 3)
			for i, p := range queues[k] {
				queues[k][i] = string(AppendTag(nil, fmt.Sprintf("ST%d", k), time.Unix(1767323045, 0))) + p
			}
			total += len(queues[k])
		}
		var in []string
		for len(in) < total {
			if k := rapid.IntRange(0, n-1).Draw(t, "next"); len(queues[k]) > 0 {
				in = append(in, queues[k][0])
				queues[k] = queues[k][1:]
			}
		}
		r := newReader(strings.NewReader(strings.Join(in, "\r\n")), Options{}, 8<<10)
		got := 0
		for ; ; got++ {
			m, err := r.Next()
			if err == io.EOF {
				break
			}
			checkWhole(t, m)
		}
		if got != n {
			t.Fatalf("%d messages of %d ships: %v", got, n, in)
		}
	})
}

// TestAssembly tells small stories: what comes in, what comes out and why the
// rest does not.
func TestAssembly(t *testing.T) {
	a, b := ship(0, 'A', 3), ship(1, 'A', 3)
	ta, tb := threeParts(0, 'A', 3), threeParts(1, 'A', 3)
	p := aPosition(9)
	tag := func(s, line string) string { return `\` + string(checksummed(s)) + `\` + line }
	many := func(n int) (ps []string) {
		for range n {
			ps = append(ps, p)
		}
		return ps
	}
	cat := func(parts ...[]string) (all []string) {
		for _, x := range parts {
			all = append(all, x...)
		}
		return all
	}
	for _, c := range []struct {
		story string
		in    []string
		ships string // of the messages of several parts, in order
		drop  string
	}{
		{"parts in order", cat(a, b), "AB", "none"},
		{"three parts", ta, "A", "none"},
		{"second part twice", cat(a, a[1:]), "A", "1 orphan"},
		{"sixteen sentences apart", cat(a[:1], many(15), a[1:]), "A", "none"},
		{"seventeen sentences apart", cat(a[:1], many(17), a[1:]), "", "1 incomplete, 1 orphan"},
		{"middle part missing", []string{ta[0], ta[2]}, "", "2 unsure"},
		{"parts in the wrong order", []string{a[1], a[0]}, "", "1 incomplete, 1 orphan"},
		{"first part alone", a[:1], "", "1 incomplete"},
		{"crossed", []string{a[0], b[0], a[1], b[1]}, "", "1 incomplete, 1 orphan, 2 unsure"},
		{"one inside the other", []string{a[0], b[0], b[1], a[1]}, "", "1 incomplete, 1 orphan, 2 unsure"},
		{"replaced", []string{a[0], b[0], b[1]}, "B", "1 incomplete"},
		{"replaced, and the next message at once", cat([]string{a[0], b[0], b[1]}, a), "BA", "1 incomplete"},
		{"replaced, and the next message later", cat([]string{a[0], b[0], b[1]}, many(20), a), "BA", "1 incomplete"},
		{"two long ones crossed", []string{ta[0], tb[0], ta[1], tb[1], ta[2], tb[2]}, "", "1 incomplete, 2 orphan, 3 unsure"},
		{
			"stations differ",
			[]string{tag("s:X", a[0]), tag("s:Y", b[0]), tag("s:X", a[1]), tag("s:Y", b[1])},
			"AB", "none",
		},
		{
			"one names no station and stands behind",
			[]string{tag("s:X", a[0]), a[1]},
			"A", "none",
		},
		{
			"one names no station and stands apart",
			[]string{tag("s:X", a[0]), p, a[1]},
			"", "1 incomplete, 1 orphan",
		},
		{
			"no station, two first parts that do",
			[]string{tag("s:X", a[0]), tag("s:Y", b[0]), b[1], a[1]},
			"", "1 orphan, 3 unsure",
		},
		{
			"groups interleaved, of which later parts name no station",
			[]string{tag("g:1-2-7,s:X", a[0]), tag("g:1-2-8,s:Y", b[0]), tag("g:2-2-7", a[1]), tag("g:2-2-8", b[1])},
			"AB", "none",
		},
		{
			"one group id for all",
			[]string{tag("g:1-2-9999,s:X", a[0]), tag("g:1-2-9999,s:Y", b[0]), tag("g:2-2-9999", a[1]), tag("g:2-2-9999", b[1])},
			"", "1 orphan, 3 unsure",
		},
		{"groups differ", []string{tag("g:1-2-7", a[0]), tag("g:2-2-8", b[1])}, "", "1 incomplete, 1 orphan"},
		{
			"times differ by 5 s",
			[]string{tag("c:1767323045", a[0]), tag("c:1767323050", a[1])},
			"A", "none",
		},
		{
			"times differ by 6 s",
			[]string{tag("c:1767323051", a[0]), tag("c:1767323045", a[1])},
			"", "2 unsure",
		},
		{"a broken part between", []string{a[0], "!AIVDM,2,2,3,A,000*00", a[1]}, "", "1 checksum, 2 unsure"},
		{"a line too long between", []string{a[0], strings.Repeat("x", 70<<10), a[1]}, "", "2 unsure"},
		{"a broken single between", []string{a[0], "!AIVDM,1,1,,A,000*00", a[1]}, "A", "1 checksum"},
	} {
		t.Run(c.story, func(t *testing.T) {
			r := NewReader(strings.NewReader(strings.Join(c.in, "\n")), Options{}) // of full size, for the long line
			var ships strings.Builder
			for {
				m, err := r.Next()
				if err == io.EOF {
					break
				}
				checkWhole(t, m)
				if m.Parts() > 1 {
					ships.WriteByte('A' + byte(m.Body.Head().MMSI-299000000))
				}
			}
			tally := r.Counts().Tally()
			if ships.String() != c.ships || tally.String() != c.drop {
				t.Errorf("messages of %q, dropped %s; want %q, %s", ships.String(), tally.String(), c.ships, c.drop)
			}
			checkSums(t, r.Counts())
		})
	}
}

func checksummed(s string) []byte { return appendChecksum([]byte(s), []byte(s)) }

// TestGap checks that what was open when a connection was lost is not joined
// with what comes after.
func TestGap(t *testing.T) {
	a, b := ship(0, 'A', 3), ship(1, 'A', 3)
	src := &gapSource{chunks: []string{aPosition(9) + "\n" + a[0] + "\n" + a[1][:9], b[1] + "\n" + aPosition(9)}}
	r := NewReader(src, Options{})
	n := 0
	for ; ; n++ {
		m, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		checkWhole(t, m)
	}
	c := r.Counts()
	tally := c.Tally()
	if n != 2 || c.Gaps != 1 || tally.String() != "1 incomplete, 1 no_checksum, 1 orphan" {
		t.Errorf("%d messages, %d gaps, dropped %s", n, c.Gaps, tally.String())
	}
	checkSums(t, c)
}

type gapSource struct{ chunks []string }

func (s *gapSource) Read(p []byte) (int, error) {
	if len(s.chunks) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.chunks[0])
	if s.chunks[0] = s.chunks[0][n:]; s.chunks[0] == "" {
		if s.chunks = s.chunks[1:]; len(s.chunks) > 0 {
			return n, fmt.Errorf("connection lost: %w", ErrGap)
		}
	}
	return n, nil
}
