package feed

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"navicert"
)

var update = flag.Bool("update", false, "rewrite the samples")

// vesselRow is a row of MarineCadastre's columns but for time and place, which
// the variants write in different ways.
type vesselRow struct {
	MMSI        int32    `parquet:"mmsi"`
	SOG         *float64 `parquet:"sog,optional"`
	COG         *float32 `parquet:"cog,optional"`
	Heading     *int64   `parquet:"heading,optional"`
	VesselName  string   `parquet:"vessel_name,optional,dict"`
	IMO         string   `parquet:"imo,optional,dict"`
	CallSign    string   `parquet:"call_sign,optional"`
	VesselType  *int32   `parquet:"vessel_type,optional,dict"`
	Status      *int32   `parquet:"status,optional"`
	Length      *float64 `parquet:"length,optional,dict"`
	Width       *float64 `parquet:"width,optional"`
	Draft       *float64 `parquet:"draft,optional"`
	Transceiver string   `parquet:"transceiver,optional,dict"`
}

type textPointRow struct {
	vesselRow
	Time string `parquet:"base_date_time,plain"`
	BBox struct {
		XMin float64 `parquet:"xmin"`
		YMin float64 `parquet:"ymin"`
	} `parquet:"bbox"`
	Geometry []byte `parquet:"geometry,plain"`
}

type milliPointRow struct {
	Time int64 `parquet:"base_date_time,timestamp(millisecond)"`
	vesselRow
	Geometry []byte `parquet:"geometry,optional,dict"`
}

type microColumnsRow struct {
	Longitude *float64 `parquet:"longitude,optional"`
	Latitude  *float64 `parquet:"latitude,optional"`
	vesselRow
	Time *int64 `parquet:"base_date_time,optional,dict,timestamp(microsecond:local)"`
}

// pointWKB writes a point, as EWKB when there is a SRID.
func pointWKB(order binary.AppendByteOrder, srid uint32, lon, lat float64) []byte {
	b, kind := []byte{0}, uint32(1)
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		b[0] = 1
	}
	if srid != 0 {
		kind |= 0x20000000
	}
	b = order.AppendUint32(b, kind)
	if srid != 0 {
		b = order.AppendUint32(b, srid)
	}
	return order.AppendUint64(order.AppendUint64(b, math.Float64bits(lon)), math.Float64bits(lat))
}

// tableRow is a row of CSV in parts.
type tableRow struct {
	vesselRow
	at       time.Time
	lon, lat float64
}

// tableRows reads rows of the old header with encoding/csv.
func tableRows(t testing.TB, text []byte) []tableRow {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []tableRow
	for _, f := range all[1:] {
		number := func(i int) *float64 {
			v, err := strconv.ParseFloat(f[i], 64)
			if err != nil {
				return nil
			}
			return &v
		}
		var r tableRow
		mmsi, _ := strconv.Atoi(f[0])
		r.MMSI = int32(mmsi)
		if r.at, err = time.Parse("2006-01-02T15:04:05", f[1]); err != nil {
			t.Fatal(err)
		}
		r.lat, r.lon, r.SOG = *number(2), *number(3), number(4)
		if v := number(5); v != nil {
			c := float32(*v)
			r.COG = &c
		}
		whole := func(i int) *int32 {
			v := number(i)
			if v == nil {
				return nil
			}
			n := int32(*v)
			return &n
		}
		if h := whole(6); h != nil {
			v := int64(*h)
			r.Heading = &v
		}
		r.VesselName, r.IMO, r.CallSign, r.VesselType, r.Status = f[7], f[8], f[9], whole(10), whole(11)
		r.Length, r.Width, r.Draft, r.Transceiver = number(12), number(13), number(14), f[16]
		rows = append(rows, r)
	}
	return rows
}

func writeParquet[T any](t testing.TB, rows []tableRow, row func(tableRow) T, o ...parquet.WriterOption) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, append(o, parquet.DefaultEncoding(&parquet.Plain))...)
	for _, r := range rows {
		if _, err := w.Write([]T{row(r)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func textPoint(r tableRow) textPointRow {
	return textPointRow{vesselRow: r.vesselRow, Time: r.at.Format(time.DateTime), Geometry: pointWKB(binary.LittleEndian, 0, r.lon, r.lat)}
}

func milliPoint(r tableRow) milliPointRow {
	return milliPointRow{r.at.UnixMilli(), r.vesselRow, pointWKB(binary.BigEndian, 4326, r.lon, r.lat)}
}

func microColumns(r tableRow) microColumnsRow {
	us := r.at.UnixMicro()
	return microColumnsRow{&r.lon, &r.lat, r.vesselRow, &us}
}

func readAs(t *testing.T, r io.Reader, formatName string) (*collect, Stats, error) {
	t.Helper()
	var c collect
	stats, err := Read(t.Context(), r, Options{Source: "day", Format: formatName}, &c)
	for i := range c.fixes {
		c.fixes[i].Ref.Offset, c.fixes[i].Ref.Line = 0, 0
	}
	for i := range c.statics {
		c.statics[i].Ref.Offset, c.statics[i].Ref.Line = 0, 0
	}
	if stats.Records != stats.Used+int64(stats.Dropped.Total()) {
		t.Errorf("%d records, %d used, %s dropped", stats.Records, stats.Used, stats.Dropped.String())
	}
	return &c, stats, err
}

// TestGeoParquetIsCSV writes real rows of CSV as Parquet in the ways that writers
// choose: what comes of them is what comes of the CSV.
func TestGeoParquetIsCSV(t *testing.T) {
	text := realRows(t, 1)
	end := 0
	for range 20001 {
		end += bytes.IndexByte(text[end:], '\n') + 1
	}
	text = text[:end]
	want, wantStats, err := readAs(t, bytes.NewReader(text), "marinecadastre")
	if err != nil {
		t.Fatal(err)
	}
	rows := tableRows(t, text)
	for name, b := range map[string][]byte{
		"text, zstd":             writeParquet(t, rows, textPoint, parquet.Compression(&parquet.Zstd)),
		"milliseconds, snappy":   writeParquet(t, rows, milliPoint, parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(3000)),
		"microseconds, gzip, v1": writeParquet(t, rows, microColumns, parquet.Compression(&parquet.Gzip), parquet.DataPageVersion(1)),
		"plain, small pages":     writeParquet(t, rows, milliPoint, parquet.PageBufferSize(2000), parquet.DataPageVersion(1)),
	} {
		got, stats, err := readAs(t, bytes.NewReader(b), Auto)
		if err != nil || stats.Format != "geoparquet" {
			t.Fatalf("%s: %v, %s", name, err, stats.Format)
		}
		if stats.Records != wantStats.Records || stats.Used != wantStats.Used || stats.Dropped.String() != wantStats.Dropped.String() || stats.Noted.String() != wantStats.Noted.String() {
			t.Errorf("%s: %+v\nwant %+v", name, stats, wantStats)
		}
		if len(got.fixes) != len(want.fixes) || len(got.statics) != len(want.statics) {
			t.Fatalf("%s: %d fixes, %d static reports, want %d, %d", name, len(got.fixes), len(got.statics), len(want.fixes), len(want.statics))
		}
		for i := range want.fixes {
			if got.fixes[i] != want.fixes[i] {
				t.Fatalf("%s: fix %+v\nwant %+v", name, got.fixes[i], want.fixes[i])
			}
		}
		for i := range want.statics {
			if got.statics[i] != want.statics[i] {
				t.Fatalf("%s: static report %+v\nwant %+v", name, got.statics[i], want.statics[i])
			}
		}
	}
}

// inventedRows are what the samples hold: nothing real.
func inventedRows(t testing.TB) []tableRow {
	return tableRows(t, []byte(oldHeader+
		"299000001,2026-01-02T03:04:05,10.25,-64.75,12.3,90.5,91,SIMULATED ONE,IMO2000004,ZZ9A1,80,0,250,44,12.5,80,A\n"+
		"299000002,2026-01-02T03:04:06,10.5,-65,,360,511,,,,,,,,,,B\n"+
		"299000001,2026-01-02T03:05:05,10.26,-64.74,12.3,90.5,91,SIMULATED ONE,IMO2000004,ZZ9A1,80,0,250,44,12.5,80,A\n"))
}

// samples are the files of testdata, written by -update.
func samples(t testing.TB) map[string][]byte {
	rows := inventedRows(t)
	return map[string][]byte{
		"geo-text.parquet":   writeParquet(t, rows, textPoint, parquet.Compression(&parquet.Zstd)),
		"geo-milli.parquet":  writeParquet(t, rows, milliPoint, parquet.Compression(&parquet.Snappy)),
		"geo-micros.parquet": writeParquet(t, rows, microColumns, parquet.DataPageVersion(1)),
	}
}

func TestGeoParquetSamples(t *testing.T) {
	for name, b := range samples(t) {
		if *update {
			if err := os.WriteFile("testdata/"+name, b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		f, err := Open(t.Context(), "testdata/"+name)
		if err != nil {
			t.Fatal(err)
		}
		got, stats, err := readAs(t, f, Auto)
		_ = f.Close()
		if err != nil || stats.Used != 3 || len(got.fixes) != 3 || len(got.statics) != 1 || got.fixes[1].Pos != (navicert.Position{Lat: 10.5, Lon: -65}) {
			t.Errorf("%s: %v, %+v", name, err, got)
		}
	}
}

// TestGeoParquetStream gives it through a pipe, and packed.
func TestGeoParquetStream(t *testing.T) {
	b := samples(t)["geo-text.parquet"]
	for _, name := range []string{Auto, "geoparquet"} {
		_, stats, err := readAs(t, io.MultiReader(bytes.NewReader(b)), name)
		if navicert.KindOf(err) != navicert.Unsupported || !strings.Contains(err.Error(), "save it to a file") || stats.Records != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestGeoParquetDamaged cuts the samples off and changes bytes all over: an
// error that names the file, or rows that are counted, and never a panic.
func TestGeoParquetDamaged(t *testing.T) {
	for name, b := range samples(t) {
		for n := 0; n < len(b); n += 7 {
			_, _, err := readAs(t, bytes.NewReader(b[:n]), "geoparquet")
			if navicert.KindOf(err) != navicert.Invalid || !strings.Contains(err.Error(), "day") {
				t.Fatalf("%s, %d of %d bytes: %v", name, n, len(b), err)
			}
		}
		for i := 0; i < len(b); i += 5 {
			bad := bytes.Clone(b)
			bad[i] ^= byte(1 + 127*(i%3))
			if _, _, err := readAs(t, bytes.NewReader(bad), "geoparquet"); err != nil && navicert.KindOf(err) == "" {
				t.Fatalf("%s, byte %d: %v", name, i, err)
			}
		}
	}
}

// TestGeoParquetRefused gives files that are whole but not what is wanted.
func TestGeoParquetRefused(t *testing.T) {
	rows := inventedRows(t)
	type list struct {
		MMSI     []int32 `parquet:"mmsi,list"`
		Time     string  `parquet:"base_date_time"`
		Geometry []byte  `parquet:"geometry"`
	}
	type noTime struct {
		MMSI     int32  `parquet:"mmsi"`
		Geometry []byte `parquet:"geometry"`
	}
	type noPlace struct {
		MMSI     int32   `parquet:"mmsi"`
		Time     string  `parquet:"base_date_time"`
		Latitude float64 `parquet:"latitude"`
	}
	type bareTime struct {
		MMSI     int32  `parquet:"mmsi"`
		Time     int64  `parquet:"base_date_time"`
		Geometry []byte `parquet:"geometry"`
	}
	type truth struct {
		MMSI     bool   `parquet:"mmsi"`
		Time     string `parquet:"base_date_time"`
		Geometry []byte `parquet:"geometry"`
	}
	for want, b := range map[string][]byte{
		`column "mmsi" holds other columns or lists`:           writeParquet(t, rows, func(tableRow) list { return list{} }),
		`there is no column basedatetime or base_date_time`:    writeParquet(t, rows, func(tableRow) noTime { return noTime{} }),
		`there is no column geometry`:                          writeParquet(t, rows, func(tableRow) noPlace { return noPlace{} }),
		`column "base_date_time" has the type INT64, which is`: writeParquet(t, rows, func(tableRow) bareTime { return bareTime{} }),
		`column "mmsi" has the type BOOLEAN, which is not`:     writeParquet(t, rows, func(tableRow) truth { return truth{} }),
		`it does not end as a Parquet file does`:               append(samples(t)["geo-text.parquet"], "more"...),
		`its description would have 4294967295 bytes`:          append([]byte("PAR1xxxx"), "\xff\xff\xff\xffPAR1"...),
	} {
		if _, _, err := readAs(t, bytes.NewReader(b), "geoparquet"); navicert.KindOf(err) != navicert.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestGeoParquetPoints counts what is no point.
func TestGeoParquetPoints(t *testing.T) {
	line := pointWKB(binary.LittleEndian, 0, 1, 2)
	line[1] = 2
	order := pointWKB(binary.LittleEndian, 0, 1, 2)
	order[0] = 7
	for why, points := range map[string][][]byte{
		BadNumber:  {line, order, pointWKB(binary.BigEndian, 0, 1, 2)[:20], {}, pointWKB(binary.LittleEndian, 4326, 1, 2)[:22], pointWKB(binary.LittleEndian, 0, 1, 91.5)},
		NoPosition: {pointWKB(binary.LittleEndian, 0, math.NaN(), math.NaN()), nil, pointWKB(binary.LittleEndian, 0, 181, 91)},
	} {
		for _, p := range points {
			b := writeParquet(t, inventedRows(t)[1:2], func(r tableRow) milliPointRow {
				row := milliPoint(r)
				row.Geometry = p
				return row
			})
			// The library writes an empty value of an optional column as null.
			if _, stats, err := readAs(t, bytes.NewReader(b), Auto); err != nil || stats.Dropped.Count(why) != 1 && len(p) > 0 || stats.Dropped.Total() != 1 {
				t.Errorf("%x: %v, dropped %s, want 1 %s", p, err, stats.Dropped.String(), why)
			}
		}
	}
	z := binary.LittleEndian.AppendUint64(pointWKB(binary.LittleEndian, 0, 1, 2), 0)
	z[4] = 0x80 // with height, as EWKB says it
	if lat, lon, known, ok := wkbPoint(z); lat != 2 || lon != 1 || !known || !ok {
		t.Errorf("a point with height: %v, %v, %v, %v", lat, lon, known, ok)
	}
}

// TestGeoParquetBombs has pages and counts that claim or become more than there
// is.
func TestGeoParquetBombs(t *testing.T) {
	pack, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	zeros := pack.EncodeAll(make([]byte, 64<<20), nil)
	for name, c := range map[string]struct {
		codec  format.CompressionCodec
		packed []byte
		size   int
	}{
		"zstd, more than it says": {format.Zstd, zeros, 1000},
		"zstd, less":              {format.Zstd, pack.EncodeAll(make([]byte, 10), nil), 1000},
		"snappy, more":            {format.Snappy, []byte{0xff, 0xff, 0xff, 0x7f, 0}, 1000},
		"not packed, less":        {format.Uncompressed, []byte{1}, 1000},
	} {
		if _, err := (&chunkReader{codec: c.codec}).unpack(c.packed, c.size); !errors.Is(err, errPageSize) {
			t.Errorf("%s: %v, want %v", name, err, errPageSize)
		}
	}
	for n, v := range map[int]uint32{1 << 20: 7} { // a run of billions is not laid out
		h := hybrid{rest: append(binary.AppendUvarint(nil, 1<<40), 7), width: 8}
		for range n {
			if got, ok := h.next(); !ok || got != v {
				t.Fatal(got, ok)
			}
		}
	}
	big := rewritten(t, samples(t)["geo-text.parquet"], func(m *format.FileMetaData) { m.RowGroups[0].NumRows = 1 << 40 })
	if _, _, err := readAs(t, bytes.NewReader(big), Auto); navicert.KindOf(err) != navicert.Limit {
		t.Errorf("2^40 rows: %v", err)
	}
	list := []byte{0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07} // field 2, a list of 2^31-1 structures
	if _, err := thriftLength(append(list, 0)); err == nil {
		t.Error("a list that is longer than the file is taken")
	}
	if _, err := thriftLength(bytes.Repeat([]byte{0x1c}, 1<<20)); err == nil {
		t.Error("a million nested structures are taken")
	}
}

// rewritten changes what a file says of itself.
func rewritten(t *testing.T, b []byte, change func(*format.FileMetaData)) []byte {
	t.Helper()
	meta, err := parquetMeta(&file{bytes.NewReader(b), int64(len(b))})
	if err != nil {
		t.Fatal(err)
	}
	change(meta)
	footer, err := thrift.Marshal(new(thrift.CompactProtocol), meta)
	if err != nil {
		t.Fatal(err)
	}
	at := len(b) - 8 - int(binary.LittleEndian.Uint32(b[len(b)-8:]))
	out := append(bytes.Clone(b[:at]), footer...)
	return append(binary.LittleEndian.AppendUint32(out, uint32(len(footer))), parquetMagic...)
}

// TestGeoParquetColumnsMoved has a row group that lies about where columns are.
func TestGeoParquetColumnsMoved(t *testing.T) {
	for name, change := range map[string]func(*format.ColumnMetaData){
		"before the file": func(m *format.ColumnMetaData) { m.DataPageOffset, m.DictionaryPageOffset = -5, 0 },
		"behind it":       func(m *format.ColumnMetaData) { m.DataPageOffset = 1 << 40 },
		"too long":        func(m *format.ColumnMetaData) { m.TotalCompressedSize = math.MaxInt64 },
		"another type":    func(m *format.ColumnMetaData) { m.Type = format.Double },
		"fewer values":    func(m *format.ColumnMetaData) { m.NumValues-- },
		"another codec":   func(m *format.ColumnMetaData) { m.Codec = format.Brotli },
	} {
		b := rewritten(t, samples(t)["geo-micros.parquet"], func(m *format.FileMetaData) { change(&m.RowGroups[0].Columns[2].MetaData) })
		if _, _, err := readAs(t, bytes.NewReader(b), Auto); navicert.KindOf(err) != navicert.Invalid || !strings.Contains(err.Error(), "column ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGeoParquetUnits(t *testing.T) {
	got, _, err := readAs(t, bytes.NewReader(samples(t)["geo-milli.parquet"]), Auto)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), got.fixes[0].Time); d != "" {
		t.Error(d)
	}
}

func FuzzGeoParquet(f *testing.F) {
	fuzz(f, "geoparquet", "PAR1\x00\x00\x00\x00PAR1", "geo-text.parquet", "geo-milli.parquet", "geo-micros.parquet")
}
