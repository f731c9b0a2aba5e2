package feed

import (
	"bytes"
	"errors"
	"io"

	"navicert/ais"
)

const (
	bufferBytes = 256 << 10
	maxLine     = 64 << 10
)

// lineReader splits a stream into lines in one buffer, which grows only for
// lines that are longer than it. A line that is longer
// than max is cut there and its rest skipped.
type lineReader struct {
	src        io.Reader
	max        int
	buf        []byte
	start, end int
	base       int64 // offset of buf[0] in the stream
	err        error
	number     int64 // of the line returned last, from 1
	idle       int
}

// newLineReader returns a reader of lines of up to 64 KiB.
func newLineReader(src io.Reader) *lineReader { return newLongLineReader(src, maxLine) }

func newLongLineReader(src io.Reader, longest int) *lineReader {
	return &lineReader{src: src, max: longest, buf: make([]byte, bufferBytes)}
}

// next returns the next line without its end, its offset in the stream, and
// whether it was too long. The line holds until the next call.
func (l *lineReader) next() (line []byte, offset int64, long bool, err error) {
	for {
		if i := bytes.IndexByte(l.buf[l.start:l.end], '\n'); i >= 0 {
			line, offset = l.buf[l.start:l.start+i], l.base+int64(l.start)
			l.start += i + 1
			l.number++
			if i > l.max {
				return line[:80], offset, true, nil
			}
			if i > 0 && line[i-1] == '\r' {
				line = line[:i-1]
			}
			return line, offset, false, nil
		}
		if l.end-l.start > l.max {
			line, offset, err = l.long()
			return line, offset, true, err
		}
		if l.err != nil {
			if l.start < l.end {
				line, offset = l.buf[l.start:l.end], l.base+int64(l.start)
				l.start = l.end
				l.number++
				return line, offset, false, nil
			}
			return nil, 0, false, l.err
		}
		l.fill()
	}
}

// long returns the beginning of a line that is too long, and skips its rest.
func (l *lineReader) long() (head []byte, offset int64, err error) {
	head, offset = bytes.Clone(l.buf[l.start:l.start+80]), l.base+int64(l.start)
	l.number++
	for {
		if i := bytes.IndexByte(l.buf[l.start:l.end], '\n'); i >= 0 {
			l.start += i + 1
			return head, offset, nil
		}
		l.start = l.end
		if l.err != nil {
			return head, offset, nil
		}
		l.fill()
	}
}

func (l *lineReader) fill() {
	if l.start > 0 {
		l.base += int64(l.start)
		l.end = copy(l.buf, l.buf[l.start:l.end])
		l.start = 0
	}
	if l.end == len(l.buf) { // a line longer than it, and allowed to be
		l.buf = append(l.buf, make([]byte, min(len(l.buf), l.max))...)
	}
	n, err := l.src.Read(l.buf[l.end:])
	l.end += n
	if n > 0 {
		l.idle = 0
	} else if l.idle++; err == nil && l.idle > 100 {
		err = io.ErrNoProgress
	}
	if errors.Is(err, ais.ErrGap) { // rows are whole or not there
		err = nil
	}
	l.err = err
}
