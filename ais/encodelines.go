package ais

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"navicert"
)

// maxJSONLine is the length of the longest line that an Encoder reads; the
// longest object that is written has nine sentences, under 4 KiB.
const maxJSONLine = 64 << 10

// Reasons for which an Encoder drops a line.
const (
	NotJSON    = "not_json"    // another line than an object
	OtherClass = "other_class" // an object about something else, such as gpsd writes
	BadMessage = "bad_message" // a value that cannot be sent, or one that must be there
	LongLine   = "long_line"   // over 64 KiB
)

// EncoderOptions say what is written around the payload.
type EncoderOptions struct {
	Talker  string // "AI", or with the kind of sentence "AIVDM"; empty is "AI"
	Channel byte   // of messages that name none; 0 leaves it empty
	Tag     bool   // write tag blocks with the receiving station and time
}

// An Encoder writes the messages of JSON lines as sentences.
type Encoder struct {
	w    *bufio.Writer
	o    EncoderOptions
	seq  int // of the last message of several sentences
	line []byte
	out  []byte
}

// EncoderCounts say what became of the lines of one input: each is a message,
// skipped or dropped.
type EncoderCounts struct {
	Lines     int64
	Skipped   int64 // blank lines and comments, which begin with #
	Messages  int64 // objects; a type 24 of gpsd holds two messages and counts once
	Sentences int64
	Dropped   navicert.Tally // lines by reason, with examples that name the line
	Unused    navicert.Tally // members that say nothing about their message, by name
}

// NewEncoder returns an Encoder that writes to w.
func NewEncoder(w io.Writer, o EncoderOptions) *Encoder {
	if o.Talker == "" {
		o.Talker = "AI"
	}
	return &Encoder{w: bufio.NewWriterSize(w, 64<<10), o: o, seq: -1}
}

// Lines reads JSON lines to their end and writes sentences; see [ParseJSON] for
// the objects. What was written is flushed whenever the input pauses. The error
// is that of reading or writing: a bad line is counted, and nothing else.
func (e *Encoder) Lines(in io.Reader) (*EncoderCounts, error) {
	c := &EncoderCounts{}
	r := bufio.NewReaderSize(&flushFirst{in, e.w}, maxJSONLine)
	for {
		line, err := r.ReadSlice('\n')
		if len(line) > 0 {
			c.Lines++
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			c.drop(LongLine, errors.New("it is over 64 KiB"))
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = r.ReadSlice('\n')
			}
		case err == nil || errors.Is(err, io.EOF):
			e.one(bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff"))), len(line) > 0, c)
		case errors.Is(err, ErrGap) && len(line) > 0:
			c.drop(NotJSON, errors.New("it is cut off"))
		}
		switch {
		case errors.Is(err, io.EOF):
			return c, e.w.Flush()
		case err != nil && !errors.Is(err, ErrGap):
			_ = e.w.Flush() // the first error counts
			return c, err
		}
	}
}

// flushFirst writes what is ready before each read, which may have to wait.
type flushFirst struct {
	io.Reader
	w *bufio.Writer
}

// Read implements io.Reader. It fails when what is ready cannot be written.
func (f *flushFirst) Read(p []byte) (int, error) {
	if err := f.w.Flush(); err != nil {
		return 0, err
	}
	return f.Reader.Read(p)
}

func (c *EncoderCounts) drop(why string, err error) {
	c.Dropped.Add(why, fmt.Sprintf("line %d: %v", c.Lines, err))
}

// maxUnused is how many names of members without a use are counted each by
// itself; the rest are counted together.
const maxUnused = 50

func (c *EncoderCounts) unused(name string) {
	if c.Unused.Count(name) == 0 && len(c.Unused.Reasons()) >= maxUnused {
		name = "others"
	}
	c.Unused.Add(name, fmt.Sprintf("line %d", c.Lines))
}

// one writes the message of one line.
func (e *Encoder) one(line []byte, there bool, c *EncoderCounts) {
	switch {
	case !there:
		return
	case len(line) == 0 || line[0] == '#':
		c.Skipped++
		return
	case line[0] != '{':
		c.drop(NotJSON, fmt.Errorf("%.60q is no JSON object", line))
		return
	}
	m, err := ParseJSON(line)
	if errors.Is(err, ErrNotAIS) {
		c.drop(OtherClass, err)
		return
	}
	if err == nil {
		err = e.message(m, c)
	}
	if err != nil {
		why := BadMessage
		if errors.Is(err, errNotJSON) {
			why = NotJSON
		}
		if is := (*navicert.Error)(nil); errors.As(err, &is) {
			err = is.Err
		}
		c.drop(why, err)
		return
	}
	c.Messages++
	for _, name := range m.Unused {
		c.unused(fmt.Sprintf("%.40q", name))
	}
}

// message writes both messages of an object or, when one cannot be sent, none.
func (e *Encoder) message(m *JSONMessage, c *EncoderCounts) error {
	talker := e.o.Talker
	if m.Own && len(talker) == 2 {
		talker += "VDO"
	}
	channel := m.Channel
	if channel == 0 {
		channel = e.o.Channel
	}
	if e.o.Tag && !m.Time.IsZero() && (m.Time.Unix() < minEpoch || m.Time.Unix() >= maxEpoch) {
		return fmt.Errorf("time %s is not of the years 1990 to 2099", m.Time.Format(time.RFC3339))
	}
	e.out = e.out[:0]
	sentences := int64(0)
	for _, body := range m.Bodies {
		payload, err := Encode(body)
		if err != nil {
			return err
		}
		if payload.n > 6*charsPerSentence {
			e.seq = (e.seq + 1) % 10
		}
		e.line = Sentences(e.line[:0], talker, channel, max(e.seq, 0), payload)
		for line := range bytes.Lines(e.line) {
			if e.o.Tag {
				e.out = AppendFineTag(e.out, m.Station, m.Time)
			}
			e.out = append(e.out, line...)
			sentences++
		}
	}
	c.Sentences += sentences
	_, _ = e.w.Write(e.out) // the writer keeps its error, and Lines flushes
	return nil
}
