package feed

import (
	"bufio"
	"bytes"
	"io"
)

// pieces finds the records of a document, from one byte to another: objects of
// JSON from { to }, elements of XML from < to >. Neither holds another, so a
// document of any size is read in little memory, and one that is damaged goes on
// at the next record.
type pieces struct {
	in          *bufio.Reader
	open, close byte
	quotes      string // characters between which open and close mean nothing
	between     string // characters that may stand between records

	line, offset int64 // of the piece returned last
	atLine, at   int64
	text         []byte
	ahead        bool // open has been read already
}

func newPieces(r *bufio.Reader, open, shut byte, quotes, between string) *pieces {
	return &pieces{in: r, open: open, close: shut, quotes: quotes, between: between, atLine: 1}
}

func (p *pieces) read() (byte, error) {
	c, err := p.in.ReadByte()
	if err == nil {
		p.at++
		if c == '\n' {
			p.atLine++
		}
	}
	return c, err
}

// next returns the next record, or with ok false what is none. The text holds
// until the next call; of what is too long it is the beginning.
func (p *pieces) next() (text []byte, ok bool, err error) {
	if !p.ahead {
		if junk, err := p.skip(); err != nil || junk {
			return p.text, false, err
		}
	}
	p.ahead = false
	p.text = append(p.text[:0], p.open)
	p.line, p.offset = p.atLine, p.at-1
	quote, escaped := byte(0), false
	for {
		c, err := p.read()
		if err == io.EOF {
			return p.text, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		switch {
		case c == '\n' && quote != 0, len(p.text) >= maxLine:
			return p.text, false, nil
		case escaped:
			escaped = false
		case quote != 0:
			escaped = c == '\\' && p.open == '{'
			if c == quote {
				quote = 0
			}
		case c == p.open:
			p.ahead = true
			return p.text, false, nil
		case c == p.close:
			p.text = append(p.text, c)
			return p.text, true, nil
		case bytes.IndexByte([]byte(p.quotes), c) >= 0:
			quote = c
		}
		p.text = append(p.text, c)
	}
}

// skip goes to the next record, or behind the line that holds anything else.
func (p *pieces) skip() (junk bool, err error) {
	p.text = p.text[:0]
	for {
		c, err := p.read()
		switch {
		case err == io.EOF && junk:
			return true, nil
		case err != nil:
			return false, err
		case c == p.open:
			p.ahead = junk
			return junk, nil
		case c == '\n' && junk:
			return true, nil
		case junk || bytes.IndexByte([]byte(p.between), c) < 0:
			if !junk {
				junk, p.line, p.offset = true, p.atLine, p.at-1
			}
			if len(p.text) < 300 {
				p.text = append(p.text, c)
			}
		}
	}
}
