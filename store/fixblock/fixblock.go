// Package fixblock packs the fixes of a block, in the order of vessel and time,
// into few bytes and gives them back exactly: every bit of every number.
//
//	var w fixblock.Writer
//	for each row, in order { w.Add(&row); if w.Full() { body := w.Finish() … } }
//
//	r, err := fixblock.NewReader(body)
//	for r.Next(&row) { … }
//	err = r.Err()
//
// Each column is predicted from what stands before it in the block, and the
// difference is coded by what differences were like so far (coder.go): the time
// from the interval before; a position from the one before, speed and course, and
// a vessel's first from where others were first; the place in the source from the
// places of fixes of about that time (refs.go); a number that is a whole multiple
// of a source's unit, such as 1/600000 degree, as that multiple, and any other by
// all of its 64 bits. Names are numbers that the caller knows.
//
// A body has a checksum and its count in front. Reading a damaged one is an
// error, and never takes more than what MaxRows rows take.
package fixblock

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"navicert"
)

// Row is a fix as a block holds it.
type Row struct {
	MMSI       navicert.MMSI
	Millis     int64 // UTC, since 1970
	Source     int64 // number of the name
	Offset     int64
	Line       int64
	Station    int64   // number of the name, 0 for none
	Others     []int64 // numbers of the names; a Reader uses the memory again
	Lat        float64
	Lon        float64
	Speed      navicert.Opt[float64]
	Course     navicert.Opt[float64]
	Heading    navicert.Opt[float64]
	Status     navicert.Opt[navicert.NavStatus]
	Receptions int
	Kind
}

// Kind is what most fixes of a source have alike.
type Kind struct {
	Class      navicert.Class
	TimeFrom   navicert.TimeFrom
	TimeCheck  navicert.TimeCheck
	Unverified bool
	LongRange  bool
	Average    bool
	Simulated  bool
}

// The limits of a block.
const (
	MaxRows = 8192
	// MaxOthers is how many other receivers a row can name.
	MaxOthers = 1 << 15
	// MaxText is how long a class or a name of a clock can be.
	MaxText = 255

	maxOthersInBlock = 2 * MaxOthers
)

// Size is from where on a block is full. SQLite keeps a row of this size and a
// little more in three pages of 4096 bytes of which the third is shared with
// six other rows and hardly a byte is left over
// (https://www.sqlite.org/fileformat2.html#cell_payload_overflow_pages):
// what does not fit in whole overflow pages of 4092 bytes stands in the
// table's own page, at least 489 bytes.
const Size = 2*4092 + 489

const (
	version    = 2
	versionV1  = 1 // written before schema 23, and read for as long as directories hold it
	headerSize = 1 + 4
)

var table = crc32.MakeTable(crc32.Castagnoli)

// Writer packs rows. The zero value is ready.
type Writer struct {
	v1     bool // only tests write version 1
	c      coder
	s      state
	n      int
	others int
	buf    []byte
}

func learning(v1 bool) *shares {
	if v1 {
		return &sharesV1
	}
	return &laplace
}

// Add takes the next row.
func (w *Writer) Add(r *Row) error {
	if len(r.Others) > MaxOthers || len(r.Class) > MaxText || len(r.TimeFrom) > MaxText || len(r.TimeCheck) > MaxText {
		return errors.New("a fix names more receivers than can be, or has too long a class")
	}
	if w.n == 0 {
		w.s.reset(w.v1)
		w.c.startWriting(w.buf[:0], learning(w.v1))
	}
	w.n++
	w.others += len(r.Others)
	w.s.row(&w.c, r)
	return nil
}

// Rows is how many rows were added since the last Finish.
func (w *Writer) Rows() int { return w.n }

// Full reports whether the block is as large as it should become.
func (w *Writer) Full() bool {
	return len(w.c.out)+w.c.held >= Size || w.n >= MaxRows || w.others >= MaxOthers
}

// Finish returns the block, which is the caller's, and begins another.
func (w *Writer) Finish() []byte {
	w.buf = w.c.finish()
	body := make([]byte, headerSize, headerSize+binary.MaxVarintLen64+len(w.buf))
	body[0] = version
	if w.v1 {
		body[0] = versionV1
	}
	body = binary.AppendUvarint(body, uint64(w.n))
	body = append(body, w.buf...)
	binary.LittleEndian.PutUint32(body[1:], crc32.Checksum(body[headerSize:], table))
	w.n, w.others, w.c.out = 0, 0, nil
	return body
}

// Reader reads a block.
type Reader struct {
	c      coder
	s      state
	left   int
	others int
	err    error
}

// Reset begins to read a block, whose bytes must not change meanwhile.
func (r *Reader) Reset(body []byte) error {
	r.left, r.others, r.err = 0, 0, nil
	if len(body) <= headerSize {
		return errShort
	}
	if body[0] != version && body[0] != versionV1 {
		return fmt.Errorf("it has version %d, this program knows 1 and %d", body[0], version)
	}
	if crc32.Checksum(body[headerSize:], table) != binary.LittleEndian.Uint32(body[1:]) {
		return errors.New("its checksum is wrong")
	}
	n, size := binary.Uvarint(body[headerSize:])
	if size <= 0 || n == 0 || n > MaxRows {
		return fmt.Errorf("it says that it has %d rows: want 1 to %d", n, MaxRows)
	}
	r.left = int(n)
	v1 := body[0] == versionV1
	r.s.reset(v1)
	r.c.startReading(body[headerSize+size:], learning(v1))
	return nil
}

// Next reads the next row; false is the end, or an error.
func (r *Reader) Next(row *Row) bool {
	if r.left == 0 || r.err != nil {
		return false
	}
	r.left--
	r.s.row(&r.c, row)
	r.others += len(row.Others)
	switch {
	case r.s.bad != nil:
		r.err = r.s.bad
	case r.c.past > maxPast:
		r.err = errShort
	case r.others > maxOthersInBlock:
		r.err = errors.New("it names more receivers than can be")
	}
	return r.err == nil
}

// Err is what ended the reading, nil at the end.
func (r *Reader) Err() error { return r.err }
