package ais

import (
	"bytes"
	"errors"
	"io"
	"time"
)

const (
	bufferBytes = 256 << 10
	// maxLine caps a line; longer ones are skipped and counted.
	maxLine = 64 << 10
	// maxStations caps how many station names are kept for [Message.Station].
	maxStations = 16 << 10
	// emptyReads is how often in a row a source may return nothing.
	emptyReads = 100
)

// ErrGap is returned, once or wrapped, by the Read of a source that has lost
// its connection and found it again: what was half received before will not be
// continued. The Reader closes what is open and reads on.
var ErrGap = errors.New("the stream was interrupted")

// Options of a Reader. The zero Options is useful.
type Options struct {
	// Arrival, when set, gives the time of messages that bring none: for live
	// streams, the clock.
	Arrival func() time.Time

	// StreamClock gives messages that bring no time of their own that of the
	// last ZDA or RMC sentence, not more than 256 lines before them. It is right
	// for the log of one ship or station, whose instruments these are.
	StreamClock bool
}

// Reader reads AIS messages from a stream of lines: sentences, with or without
// tag blocks, suffixes and prefixes, among anything else. It is not safe for
// concurrent use. It owns one buffer of 256 KiB, in which lines are found and
// read in place; what it returns refers to that buffer.
type Reader struct {
	src     io.Reader
	arrival func() time.Time
	timed   bool // by the clock

	buf        []byte
	start, end int   // of what is not yet read in buf
	at         int   // of the sentence that quick found in buf
	base       int64 // offset of buf[0] in the stream
	err        error // from src, to be returned when the buffer is read up
	idle       int   // reads in a row that brought nothing
	skipping   bool  // in a line that is too long
	begun      bool  // the first bytes have been looked at

	rest    []byte // of the line being read
	head    []byte // in front of the next sentence, from the beginning of the line
	hasData bool   // the line holds a sentence

	n      int64 // AIS sentences so far
	x      sentence
	tag    stamp // that the next sentence is to have
	lead   stamp // the first tag block of a group, with the number of the last one of it
	pghp   pghp
	clock  clock
	asm    assembler
	bits   Bits
	bodies bodies
	msg    Message
	spent  bool // tag and pghp were those of the message that was returned
	counts Counts
	names  map[string]string

	second     int64 // Unix time of secondText
	secondText []byte
}

// NewReader returns a Reader of the lines of src.
func NewReader(src io.Reader, o Options) *Reader { return newReader(src, o, bufferBytes) }

func newReader(src io.Reader, o Options, size int) *Reader {
	r := &Reader{src: src, arrival: o.Arrival, timed: o.StreamClock, buf: make([]byte, size), names: map[string]string{}}
	r.asm.counts = &r.counts
	r.asm.live = make([]uint8, 0, slots)
	r.msg.reader = r
	return r
}

// Counts returns the counters; they go on counting.
func (r *Reader) Counts() *Counts { return &r.counts }

// Next returns the next message. At the end it returns io.EOF; any other error
// is the source's. Bad input is no error: it is counted, and Next reads on.
//
// Messages come in the order of their last sentences, except those whose parts
// stood in doubt, which come up to 16 sentences later. Parts are joined only
// when talker, VDM or VDO, total, sequence id and channel are equal, station
// and tag group are equal where both parts name them, the receive times, where
// known, are within 5 s and the parts within 16 AIS sentences, and they come in
// order. When parts of another message of the same kind are about, they must
// stand directly behind each other and no part be left over, else all of them
// are dropped. What remains possible: a stream that names neither station nor
// time, with two ships using the same talker, sequence id and channel within
// 16 sentences, and both the second part of one and the first part of the other
// lost.
func (r *Reader) Next() (*Message, error) {
	if r.spent {
		r.spent = false
		r.spend()
	}
	for {
		if r.asm.held > 0 {
			if s := r.asm.ripe(r.n, false); s != nil && r.whole(s) {
				return &r.msg, nil
			}
		}
		if len(r.rest) > 0 {
			if r.step() {
				return &r.msg, nil
			}
			continue
		}
		if r.quick() {
			if r.accept(r.base + int64(r.at)) {
				return &r.msg, nil
			}
			continue
		}
		if err := r.line(); err != nil {
			if errors.Is(err, ErrGap) {
				r.gap()
				continue
			}
			r.asm.interrupt()
			if s := r.asm.ripe(r.n, true); s != nil {
				r.err = err
				if r.whole(s) {
					return &r.msg, nil
				}
				continue
			}
			return nil, err
		}
	}
}

// quickBytes is how much must be in the buffer for quick.
const quickBytes = 1024

// quick reads a line that is a sentence of the usual form, with or without a
// tag block in front and nothing behind, without looking for its end first. It
// reports whether the next line is one; else nothing has happened.
func (r *Reader) quick() bool {
	s := r.buf[r.start:r.end]
	if len(s) < quickBytes+2 || r.skipping {
		return false
	}
	i, tagged := 0, s[0] == '\\'
	if tagged {
		if i = r.tag.tag(s[:quickBytes]); i == 0 {
			return false
		}
	}
	if !isSentence(s[i:]) {
		return false
	}
	n, ok := r.x.usual(s[i:quickBytes])
	if !ok {
		return false
	}
	r.at = r.start + i
	i += n
	if s[i] == '\r' {
		i++
	}
	if s[i] != '\n' || r.x.check() != used {
		return false
	}
	r.start += i + 1
	r.counts.Lines++
	r.counts.DataLines++
	r.counts.Sentences++
	r.n++
	if tagged {
		r.tagged()
	}
	return true
}

// gap closes what is open when the stream was interrupted.
func (r *Reader) gap() {
	r.counts.Gaps++
	r.lead.group = group{}
	r.clock = clock{}
	r.asm.interrupt()
	r.n += joinSentences + 1 // held messages are ripe
	r.spend()
}

// line puts the next line into rest.
func (r *Reader) line() error {
	for {
		if i := bytes.IndexByte(r.buf[r.start:r.end], '\n'); i >= 0 {
			line := r.buf[r.start : r.start+i]
			r.start += i + 1
			if r.skipping {
				r.skipping = false
				continue
			}
			if i > maxLine {
				r.countTooLong()
				continue
			}
			r.open(line)
			return nil
		}
		if r.end-r.start > maxLine {
			r.tooLong()
		}
		if r.err != nil {
			if r.end > r.start && !r.skipping {
				line := r.buf[r.start:r.end]
				r.start = r.end
				r.open(line)
				return nil
			}
			r.start, r.skipping = r.end, false
			err := r.err
			if err != io.EOF {
				r.err = nil
			}
			return err
		}
		r.fill()
	}
}

// tooLong skips the line that fills the buffer.
func (r *Reader) tooLong() {
	if !r.skipping {
		r.skipping = true
		r.countTooLong()
	}
	r.start = r.end
}

// countTooLong counts a line that is skipped, and that may have held parts.
func (r *Reader) countTooLong() {
	r.counts.Lines++
	r.counts.TooLong++
	r.n++
	r.asm.suspect()
}

// fill reads more into the buffer.
func (r *Reader) fill() {
	if r.start > 0 {
		r.base += int64(r.start)
		r.end = copy(r.buf, r.buf[r.start:r.end])
		r.start = 0
	}
	n, err := r.src.Read(r.buf[r.end:])
	r.end += n
	if n == 0 && err == nil {
		if r.idle++; r.idle >= emptyReads {
			err = io.ErrNoProgress
		}
	} else {
		r.idle = 0
	}
	r.err = err
	if !r.begun && (r.end >= 3 || err != nil) {
		r.begun = true
		if r.base == 0 && bytes.HasPrefix(r.buf[:r.end], []byte("\xef\xbb\xbf")) {
			r.start = 3
		}
	}
}

// open begins a line.
func (r *Reader) open(line []byte) {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	r.counts.Lines++
	r.hasData = false
	switch {
	case len(line) == 0:
		r.counts.Other++
	case line[0] == '#':
		r.counts.Comments++
	default:
		r.rest, r.head = line, line[:0]
		return
	}
	r.rest = nil
}

// step reads on in the line, up to behind the next sentence, and reports
// whether a message is complete.
func (r *Reader) step() bool {
	s := r.rest
	if s[0] != '!' && s[0] != '\\' {
		s = r.skip(s)
	}
	switch {
	case len(s) == 0:
	case s[0] == '\\':
		r.rest = r.block(s)
		if len(r.rest) == 0 {
			r.close()
		}
		return false
	case isSentence(s):
		return r.sentence(s)
	default: // a lone !
		r.rest = s[1:]
		if len(r.rest) > 0 {
			return false
		}
	}
	r.rest = nil
	r.close()
	return false
}

// close ends a line without another sentence.
func (r *Reader) close() {
	if !r.hasData {
		r.counts.Other++
	}
}

// skip passes over other talk, up to the next tag block or sentence.
func (r *Reader) skip(s []byte) []byte {
	n := bytes.IndexByte(s, '!')
	if n < 0 {
		n = len(s)
	}
	if i := bytes.IndexByte(s[:n], '\\'); i >= 0 {
		n = i
	}
	if talk := s[:n]; talk[0] == '$' {
		if bytes.HasPrefix(talk, []byte("$PGHP,")) {
			r.pghp.parse(talk)
		} else {
			if r.clock.read(talk, r.counts.Lines) {
				r.counts.Clocks++
			}
			r.tag.reset() // the tag block was this sentence's
		}
	}
	if !r.hasData {
		r.head = s[:n]
	}
	return s[n:]
}

// block reads a tag block.
func (r *Reader) block(s []byte) (rest []byte) {
	n := r.tag.tag(s)
	if n == 0 {
		return s[1:]
	}
	r.tagged()
	return s[n:]
}

// tagged is called for each tag block that has been read. It keeps the first
// of a group, whose time and station the others may lack.
func (r *Reader) tagged() {
	if r.tag.unverified {
		r.counts.TagUnverified++
	}
	switch g := r.tag.group; {
	case g.number == 1:
		r.lead = r.tag
	case r.lead.group == group{}:
	case g.id == r.lead.group.id && g.total == r.lead.group.total && g.number == r.lead.group.number+1:
		r.lead.group.number++
	default: // ids are not unique: a group's blocks follow each other or are none
		r.lead.group = group{}
	}
}

// inherit gives a single sentence that is a later one of a tag group the time
// and station that only the first names. The parts of a message have them from
// their own first part.
func (r *Reader) inherit() {
	if g := r.tag.group; g.number < 2 || g != r.lead.group {
		return
	}
	if r.tag.from == fromNone && r.lead.from != fromNone {
		r.tag.setTime(r.lead.time, r.lead.from)
		r.tag.unverified = r.tag.unverified || r.lead.unverified
	}
	if r.tag.stationLen == 0 {
		r.tag.setStation(r.lead.stationName())
	}
}

// sentence reads the sentence at the beginning of s and reports whether a
// message is complete.
func (r *Reader) sentence(s []byte) bool {
	if !r.hasData {
		r.hasData = true
		r.counts.DataLines++
	}
	r.n++
	r.counts.Sentences++
	x, st := &r.x, &r.tag
	n, why := x.parse(s)
	r.rest = s[n:]
	if why != used {
		r.broken(x, why)
		return false
	}
	if len(r.rest) > 0 && r.rest[0] == ',' {
		tail := r.rest[:interrupted(r.rest)]
		st.suffix(tail)
		r.rest = r.rest[len(tail):]
	}
	if len(r.head) > 0 {
		if st.from == fromNone {
			st.prefix(r.head)
		}
		r.head = r.head[:0]
	}
	return r.accept(r.offset(s))
}

// accept takes the sentence x and reports whether a message is complete.
func (r *Reader) accept(offset int64) bool {
	if r.x.total == 1 {
		return r.single(offset)
	}
	slot := r.asm.add(&r.x, &r.tag, &r.pghp, offset, r.n)
	r.spend()
	return slot != nil && r.whole(slot)
}

// offset returns where s, a part of the buffer, lies in the stream.
func (r *Reader) offset(s []byte) int64 { return r.base + int64(cap(r.buf)-cap(s)) }

// broken counts a sentence that cannot be used.
func (r *Reader) broken(x *sentence, why Reason) {
	if len(x.raw) < 8 || x.raw[7] != '1' {
		r.asm.suspect()
	}
	r.counts.drop(why, x.raw)
	r.head = r.head[:0]
	r.spend()
}

// single makes the message of a single sentence.
func (r *Reader) single(offset int64) bool {
	x := &r.x
	ok, why := false, Payload
	switch {
	case x.guess:
		if ok = r.bits.unarmour(x.payload); !ok { // where then do the commas stand?
			if _, why = x.unusual(x.raw); why == used {
				why, ok = Payload, len(x.payload) <= maxChars && r.bits.unarmour(x.payload)
			}
		}
	case len(x.payload) > 0 && len(x.payload) <= maxChars:
		ok = r.bits.unarmour(x.payload)
	}
	if ok {
		r.bits.n = max(0, r.bits.n-int(x.fill))
		r.msg.Body, why = r.bodies.decode(&r.bits)
	}
	if why != used {
		r.counts.drop(why, x.raw)
		r.spend()
		return false
	}
	r.inherit()
	r.msg.slot, r.msg.raw, r.msg.Offset = nil, x.raw, offset
	r.deliver(&r.tag, &r.pghp, x.channel, x.own, x.sum, 1)
	r.spent = true // the message refers to the tag
	return true
}

// spend forgets what was said of the sentence that has been read.
func (r *Reader) spend() {
	r.tag.reset()
	r.pghp.set = false
}

// whole makes the message of several parts.
func (r *Reader) whole(s *slot) bool {
	r.counts.Pending -= int64(s.parts)
	why := Payload
	if !s.over && s.nChars > 0 && r.bits.unarmour(s.chars[:s.nChars]) {
		r.bits.n = max(0, r.bits.n-int(s.fill))
		r.msg.Body, why = r.bodies.decode(&r.bits)
	}
	if why != used {
		for i := range int(s.parts) {
			r.counts.drop(why, s.part(i))
		}
		return false
	}
	r.msg.slot, r.msg.raw, r.msg.Offset = s, nil, s.offset
	r.deliver(&s.stamp, &s.pghp, s.channel, s.own, s.sum, int64(s.parts))
	return true
}

// deliver finishes a message: the best time and station, and the counters.
func (r *Reader) deliver(st *stamp, p *pghp, channel byte, own bool, sum byte, parts int64) {
	if p.set && (p.check == sum || own && p.check == 0) {
		if st.from != fromTag {
			st.setTime(p.time, fromPGHP)
		}
		if st.stationLen == 0 {
			st.setStation(p.station[:p.length])
		}
	}
	if st.from == fromNone && r.timed {
		if t, ok := r.clock.at(r.counts.Lines); ok {
			st.setTime(t, fromClock)
		}
	}
	if st.from == fromNone && r.arrival != nil {
		st.setTime(r.arrival().UnixNano(), fromArrival)
	}
	m := &r.msg
	m.Bits, m.Channel, m.Own, m.stamp = &r.bits, channel, own, st
	r.counts.Used += parts
	r.counts.Messages++
	r.counts.times[st.from]++
	t := m.Body.Head().Type
	r.counts.types[t]++
	m.check = secondUnchecked
	if st.from != fromNone {
		m.check = r.counts.checkSecond(&r.bits, t, st.time)
	}
}

// intern returns the name as a string without allocating it anew each time.
func (r *Reader) intern(name []byte) string {
	if len(name) == 0 {
		return ""
	}
	if s, ok := r.names[string(name)]; ok {
		return s
	}
	s := string(name)
	if len(r.names) < maxStations {
		r.names[s] = s
	}
	return s
}
