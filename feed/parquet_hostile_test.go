package feed

import (
	"bytes"
	"encoding/binary"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"navicert"
)

// plainRow is the least that a row of ships holds.
type plainRow struct {
	MMSI int64   `parquet:"mmsi"`
	Time string  `parquet:"base_date_time"`
	Lon  float64 `parquet:"longitude"`
	Lat  float64 `parquet:"latitude"`
}

// decimalRow has speeds in tenths, which Parquet says in the type alone.
type decimalRow struct {
	plainRow
	SOG int32 `parquet:"sog,decimal(1:5)"`
}

// dateRow has days where numbers should be.
type dateRow struct {
	plainRow
	SOG int32 `parquet:"sog,date"`
}

func plainFile[T any](t *testing.T, row T, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, parquet.DefaultEncoding(&parquet.Plain))
	for range n {
		if _, err := w.Write([]T{row}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var plain = plainRow{299000001, "2026-01-02 03:04:05", -70.5, 40.5}

func wantRefused(t *testing.T, file []byte, says string) {
	t.Helper()
	_, stats, err := readAs(t, bytes.NewReader(file), "geoparquet")
	if err == nil || navicert.KindOf(err) == "" || !strings.Contains(err.Error(), says) {
		t.Errorf("%d rows used, error %v, want one that says %q", stats.Used, err, says)
	}
}

// TestGeoParquetChecksum: a bit of a position that is wrong is an error, and no
// other position.
func TestGeoParquetChecksum(t *testing.T) {
	file := plainFile(t, plain, 3)
	lat := binary.LittleEndian.AppendUint64(nil, math.Float64bits(40.5))
	i := bytes.Index(file, bytes.Repeat(lat, 3)) // the page, and not its statistics
	if i < 0 {
		t.Fatal("the file holds no latitude")
	}
	file[i+5] ^= 0x10
	wantRefused(t, file, "column latitude: a page has not the checksum")
}

// TestGeoParquetRowsMissing: a file that says less than it holds is not whole.
func TestGeoParquetRowsMissing(t *testing.T) {
	file := plainFile(t, plain, 1000)
	few := func(m *format.FileMetaData) {
		m.RowGroups[0].NumRows = 10
		for i := range m.RowGroups[0].Columns {
			m.RowGroups[0].Columns[i].MetaData.NumValues = 10
		}
	}
	wantRefused(t, rewritten(t, file, few), "has 10 rows in its groups, and says 1000")
	wantRefused(t, rewritten(t, file, func(m *format.FileMetaData) {
		few(m)
		m.NumRows = 10
	}), "it holds more rows than the file says")
}

// TestGeoParquetScaled: numbers that stand for others are not read as they are.
func TestGeoParquetScaled(t *testing.T) {
	wantRefused(t, plainFile(t, decimalRow{plain, 101}, 3), `column "sog" holds decimals, dates or times of day`)
	wantRefused(t, plainFile(t, dateRow{plain, 101}, 3), `column "sog" holds decimals, dates or times of day`)
}

// TestGeoParquetManyChunks: four megabytes of description do not ask for
// hundreds.
func TestGeoParquetManyChunks(t *testing.T) {
	meta := []byte{
		0x15, 2, // version
		0x19, 0x1c, 0x48, 1, 'a', 0, // one column
		0x16, 0, // no rows
		0x19, 0x1c, // one row group
		0x19, 0xfc, // of many chunks
	}
	const chunks = (4<<20 - 100) / 3
	meta = binary.AppendUvarint(meta, chunks)
	for range chunks {
		meta = append(meta, 0x26, 0, 0)
	}
	meta = append(meta, 0x16, 0, 0x16, 0, 0, 0)
	file := append([]byte("PAR1"), meta...)
	file = append(binary.LittleEndian.AppendUint32(file, uint32(len(meta))), "PAR1"...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	wantRefused(t, file, "its description is damaged")
	runtime.ReadMemStats(&after)
	if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib > 64 {
		t.Errorf("%d MiB were allocated for 4", mib)
	}
}
