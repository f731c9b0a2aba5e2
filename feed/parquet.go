package feed

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"navicert"
)

// geoParquet is MarineCadastre's table as GeoParquet: the columns of its newer
// CSV, with the place as points in well-known binary. Its values go the same way
// as the fields of a row of CSV, so that reports and counters are the same. The
// line of a reference is the number of the row.
func geoParquet() Format {
	return Format{
		Name: geoParquetName, Title: "MarineCadastre GeoParquet, a file only",
		detect: func(head []byte, _ bool) bool { return bytes.HasPrefix(head, parquetMagic) },
		read: func(ctx context.Context, _ io.Reader, o Options, s Sink) (Stats, error) {
			lay := marineCadastreLayout()
			lay.name = geoParquetName
			t := newTableReader(&lay, o, s)
			err := readParquet(ctx, t)
			return t.stats, err
		},
	}
}

const (
	geoParquetName = "geoparquet"

	// maxFooter is the most that a file may say about itself at its end; a day of
	// MarineCadastre says some hundred kilobytes.
	maxFooter = 4 << 20
	// freeRows is how many rows a file may have whatever its size; larger ones
	// must have a byte for each.
	freeRows = 1 << 20
)

var parquetMagic = []byte("PAR1")

// file is a source that can be read at any place.
type file struct {
	at   io.ReaderAt
	size int64
}

// fileOf returns r as a file, or nil when it is a stream.
func fileOf(r io.Reader) *file {
	switch f := r.(type) {
	case interface{ File() (io.ReaderAt, int64) }:
		if at, size := f.File(); at != nil {
			return &file{at, size}
		}
	case interface {
		io.ReaderAt
		Size() int64
	}: // as bytes.Reader has them
		return &file{f, f.Size()}
	}
	return nil
}

// parquetColumn is a column of the file that is read.
type parquetColumn struct {
	name     string
	index    int // among all that have values
	kind     format.Type
	optional bool
	place    bool // holds points
	print    func(dst, value []byte) []byte
	chunkReader
}

// readParquet reads the rows of the file.
func readParquet(ctx context.Context, t *tableReader) error {
	f := t.o.file
	if f == nil {
		return navicert.Errorf(navicert.Unsupported, t.lay.name, t.o.Source, "Parquet cannot be read from a stream").
			WithHint("it is read from its end: save it to a file, unpacked, and name that")
	}
	meta, err := parquetMeta(f)
	if err != nil {
		return navicert.Errorf(navicert.Invalid, t.lay.name, t.o.Source, "%w", err).WithHint("is the file whole?")
	}
	columns, err := parquetColumns(t.lay, meta.Schema)
	if err != nil {
		return navicert.Errorf(navicert.Invalid, t.lay.name, t.o.Source, "%w", err).WithHint("known are the columns of MarineCadastre's CSV, and geometry")
	}
	if t.head, err = parquetHeader(t.lay, columns, t.o.Source); err != nil {
		return err
	}
	var rows int64
	for _, group := range meta.RowGroups {
		if group.NumRows < 0 || group.NumRows > math.MaxInt64-rows {
			return navicert.Errorf(navicert.Invalid, t.lay.name, t.o.Source, "a row group has %d rows", group.NumRows)
		}
		if rows += group.NumRows; rows > max(freeRows, f.size) {
			return navicert.Errorf(navicert.Limit, t.lay.name, t.o.Source, "has more rows than bytes").WithHint("no table of ships does")
		}
	}
	if rows != meta.NumRows {
		return navicert.Errorf(navicert.Invalid, t.lay.name, t.o.Source, "has %d rows in its groups, and says %d", rows, meta.NumRows).WithHint("is the file whole?")
	}
	for i := range meta.RowGroups {
		if err := t.rowGroup(ctx, f, &meta.RowGroups[i], columns); err != nil {
			return err
		}
	}
	return nil
}

// parquetMeta reads what the file says of itself at its end.
func parquetMeta(f *file) (meta *format.FileMetaData, err error) {
	var tail [8]byte
	if f.size < 12 {
		return nil, fmt.Errorf("%d bytes are no Parquet file", f.size)
	}
	if _, err := f.at.ReadAt(tail[:], f.size-8); err != nil {
		return nil, err
	}
	if !bytes.Equal(tail[4:], parquetMagic) {
		return nil, fmt.Errorf("it does not end as a Parquet file does, with %s", parquetMagic)
	}
	size := int64(binary.LittleEndian.Uint32(tail[:4]))
	if size > f.size-12 || size > maxFooter {
		return nil, fmt.Errorf("its description would have %d bytes; there may be %d", size, min(f.size-12, maxFooter))
	}
	footer := make([]byte, size)
	if _, err := f.at.ReadAt(footer, f.size-8-size); err != nil {
		return nil, err
	}
	n, err := thriftLength(footer)
	if err != nil {
		return nil, err
	}
	var p thrift.CompactProtocol
	meta = &format.FileMetaData{}
	if err := thrift.NewDecoder(p.NewReaderFromBytes(footer[:n])).Decode(meta); err != nil {
		return nil, fmt.Errorf("its description is damaged: %w", err)
	}
	return meta, nil
}

// parquetColumns finds the columns that the layout reads. Without columns of
// latitude and longitude there must be one of points.
func parquetColumns(lay *layout, schema []format.SchemaElement) ([]*parquetColumn, error) {
	var known []string
	for _, names := range lay.columns {
		if names != "" {
			known = append(known, strings.Split(names, "|")...)
		}
	}
	var columns []*parquetColumn
	leaf := 0
	for i := 1; i < len(schema); { // the first is the table itself
		name := strings.ToLower(schema[i].Name)
		place := name == "geometry" || name == "geom"
		if place || slices.Contains(known, name) {
			c, err := parquetColumnOf(&schema[i], name, place)
			if err == nil && slices.ContainsFunc(columns, func(o *parquetColumn) bool { return o.name == name || o.place && place }) {
				err = errors.New("is there twice")
			}
			if err != nil {
				return nil, fmt.Errorf("column %q %w", schema[i].Name, err)
			}
			c.index = leaf
			columns = append(columns, c)
		}
		for open := int64(1); open > 0 && i < len(schema); i++ { // over it, and what is nested in it
			if schema[i].Type.Valid {
				leaf++
			} else {
				open += max(0, int64(schema[i].NumChildren.V))
			}
			open--
		}
	}
	has := func(c int) bool {
		return slices.ContainsFunc(columns, func(p *parquetColumn) bool { return isName(lay, c, p.name) })
	}
	if has(colLat) && has(colLon) {
		columns = slices.DeleteFunc(columns, func(c *parquetColumn) bool { return c.place })
	} else {
		columns = slices.DeleteFunc(columns, func(c *parquetColumn) bool { return isName(lay, colLat, c.name) || isName(lay, colLon, c.name) })
		if !slices.ContainsFunc(columns, func(c *parquetColumn) bool { return c.place }) {
			return nil, errors.New("there is no column geometry, nor latitude and longitude")
		}
	}
	for _, c := range []int{colMMSI, colTime} {
		if !has(c) {
			return nil, fmt.Errorf("there is no column %s", strings.ReplaceAll(lay.columns[c], "|", " or "))
		}
	}
	return columns, nil
}

func isName(lay *layout, c int, name string) bool {
	return slices.Contains(strings.Split(lay.columns[c], "|"), name)
}

// parquetColumnOf says how a column's values are printed. The error follows its
// name in a sentence.
func parquetColumnOf(e *format.SchemaElement, name string, place bool) (*parquetColumn, error) {
	if !e.Type.Valid || e.RepetitionType.Valid && e.RepetitionType.V == format.Repeated {
		return nil, errors.New("holds other columns or lists")
	}
	c := &parquetColumn{
		name: name, kind: e.Type.V, place: place,
		optional: e.RepetitionType.Valid && e.RepetitionType.V == format.Optional,
	}
	isTime := name == "base_date_time" || name == "basedatetime"
	unit, isStamp := timestampUnit(e)
	switch {
	case isScaled(e):
		return nil, errors.New("holds decimals, dates or times of day, which are not read")
	case c.kind == format.ByteArray:
		c.print = func(dst, v []byte) []byte { return append(dst, v...) }
	case isTime && isStamp && c.kind == format.Int64:
		c.print = func(dst, v []byte) []byte {
			n := int64(binary.LittleEndian.Uint64(v))
			per := int64(time.Second / unit)
			return time.Unix(n/per, n%per*int64(unit)).UTC().AppendFormat(dst, "2006-01-02T15:04:05.999999999")
		}
	case isTime, place, isStamp:
		return nil, fmt.Errorf("has the type %s, which is not what it holds", c.kind)
	case c.kind == format.Int32:
		c.print = func(dst, v []byte) []byte {
			return strconv.AppendInt(dst, int64(int32(binary.LittleEndian.Uint32(v))), 10)
		}
	case c.kind == format.Int64:
		c.print = func(dst, v []byte) []byte { return strconv.AppendInt(dst, int64(binary.LittleEndian.Uint64(v)), 10) }
	case c.kind == format.Double:
		c.print = func(dst, v []byte) []byte {
			return appendNumber(dst, math.Float64frombits(binary.LittleEndian.Uint64(v)), 64)
		}
	case c.kind == format.Float:
		c.print = func(dst, v []byte) []byte {
			return appendNumber(dst, float64(math.Float32frombits(binary.LittleEndian.Uint32(v))), 32)
		}
	default:
		return nil, fmt.Errorf("has the type %s, which is not read", c.kind)
	}
	return c, nil
}

// appendNumber prints a number so that it is read back the same; NaN, which some
// writers put for what is unknown, is blank.
func appendNumber(dst []byte, v float64, size int) []byte {
	if math.IsNaN(v) {
		return dst
	}
	return strconv.AppendFloat(dst, v, 'f', -1, size)
}

// isScaled reports whether the numbers stand for others than themselves, in a
// way that is not read.
func isScaled(e *format.SchemaElement) bool {
	switch e.LogicalType.Value.(type) {
	case *format.DecimalType, *format.DateType, *format.TimeType:
		return true
	}
	if !e.ConvertedType.Valid {
		return false
	}
	switch e.ConvertedType.V {
	case deprecated.Decimal, deprecated.Date, deprecated.TimeMillis, deprecated.TimeMicros:
		return true
	}
	return false
}

// timestampUnit returns what a time is counted in.
func timestampUnit(e *format.SchemaElement) (time.Duration, bool) {
	if t, ok := e.LogicalType.Value.(*format.TimestampType); ok && t.Unit.Value != nil {
		return t.Unit.Value.Duration(), true
	}
	if e.ConvertedType.Valid {
		switch e.ConvertedType.V {
		case deprecated.TimestampMillis:
			return time.Millisecond, true
		case deprecated.TimestampMicros:
			return time.Microsecond, true
		}
	}
	return 0, false
}

// parquetHeader says where the columns stand in a row: as they are in the file,
// a place as latitude and longitude.
func parquetHeader(lay *layout, columns []*parquetColumn, source string) (header, error) {
	var names []string
	for _, c := range columns {
		if c.place {
			names = append(names, "latitude", "longitude")
		} else {
			names = append(names, c.name)
		}
	}
	return lay.parseHeader([]byte(strings.Join(names, ",")), source)
}

// rowGroup reads the rows of a group.
func (t *tableReader) rowGroup(ctx context.Context, f *file, group *format.RowGroup, columns []*parquetColumn) error {
	fail := func(c *parquetColumn, err error) error {
		return navicert.Errorf(navicert.Invalid, t.lay.name, fmt.Sprintf("%s row %d", t.o.Source, t.line), "column %s: %w", c.name, err).
			WithHint("the file is damaged, or written in a way that is not read")
	}
	for _, c := range columns {
		if err := c.open(f, group); err != nil {
			return fail(c, err)
		}
	}
	for n := range group.NumRows {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		t.line++
		r := &t.row
		r.scratch, r.ends[0] = r.scratch[:0], -1
		at := 0
		end := func() {
			at++
			r.ends[at] = len(r.scratch)
			r.scratch = append(r.scratch, ',')
		}
		for _, c := range columns {
			v, err := c.next()
			if err != nil {
				return fail(c, err)
			}
			switch {
			case len(v) > maxLine:
				return fail(c, fmt.Errorf("a value has %d bytes", len(v)))
			case c.place:
				t.printPlace(v, end)
			case v != nil:
				r.scratch = c.print(r.scratch, v)
				end()
			default:
				end()
			}
		}
		r.text = r.scratch
		t.stats.Records++
		text := r.text[:len(r.text)-1]
		why, err := t.record(text)
		if err != nil {
			return err
		}
		t.count(why, text)
	}
	for _, c := range columns {
		if err := c.ended(); err != nil {
			return fail(c, err)
		}
	}
	return nil
}

// printPlace prints a point as two fields; what is no point is not a number.
func (t *tableReader) printPlace(v []byte, end func()) {
	r := &t.row
	lat, lon, known, ok := wkbPoint(v)
	switch {
	case v == nil || ok && !known:
		end()
	case !ok:
		r.scratch = fmt.Appendf(r.scratch, "no point: %x", v[:min(len(v), 24)])
		end()
		r.scratch = append(r.scratch, '?')
	default:
		r.scratch = appendNumber(r.scratch, lat, 64)
		end()
		r.scratch = appendNumber(r.scratch, lon, 64)
	}
	end()
}

// open goes to the column's values in a row group.
func (c *parquetColumn) open(f *file, group *format.RowGroup) error {
	if c.index >= len(group.Columns) {
		return errors.New("a row group lacks it")
	}
	m := &group.Columns[c.index].MetaData
	if len(m.PathInSchema) != 1 || m.Type != c.kind || m.NumValues != group.NumRows {
		return errors.New("a row group describes it otherwise than the file")
	}
	start, size := m.DataPageOffset, m.TotalCompressedSize
	if m.DictionaryPageOffset > 0 {
		start = min(start, m.DictionaryPageOffset)
	}
	if start < 4 || size < 0 || size > f.size || start > f.size-size {
		return errors.New("it lies outside the file")
	}
	in := c.in
	if in == nil {
		in = bufio.NewReaderSize(nil, maxPageHeader)
	}
	in.Reset(io.NewSectionReader(f.at, start, size))
	c.chunkReader = chunkReader{in: in, codec: m.Codec, kind: c.kind, optional: c.optional}
	return nil
}
