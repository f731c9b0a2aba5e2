package fixblock

import (
	"encoding/binary"
	"flag"
	"hash/crc32"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"navicert"
)

var update = flag.Bool("update", false, "write the block of testdata anew")

// voyage is an invented vessel that reports every ten seconds, and another that
// lies still.
func voyage(n int) []Row {
	rows := make([]Row, n)
	for i := range rows {
		r := &rows[i]
		*r = Row{
			MMSI: 201999901, Millis: 1_772_323_200_000 + int64(i)*10_000 + int64(i*i%900), Source: 1, Offset: int64(i) * 480, Station: int64(i % 3),
			Lat: float64(6_150_000+i*17+i*i%5) / 600_000, Lon: float64(-38_850_000-i*21-i%4) / 600_000,
			Speed: navicert.Some(float64(123+i%3) / 10), Course: navicert.Some(float64(2310+i%7) / 10), Heading: navicert.Some(float64(231)),
			Status: navicert.Some(navicert.UnderWayEngine), Kind: Kind{Class: navicert.ClassA, TimeFrom: navicert.TimeTag, TimeCheck: navicert.TimeFits},
		}
		if i%5 == 0 {
			r.Others, r.Receptions = []int64{7, 9}, 3
		}
		if i >= n/2 {
			r.MMSI, r.Lat, r.Lon, r.Speed = 201999902, 10.123456789, -64.5, navicert.Some(0.0)
			r.Line, r.Source, r.Class, r.Simulated = int64(i), 2, navicert.ClassB, true
		}
	}
	return rows
}

func pack(t testing.TB, rows []Row) []byte {
	t.Helper()
	return packWith(t, &Writer{}, rows)
}

func packWith(t testing.TB, w *Writer, rows []Row) []byte {
	t.Helper()
	for i := range rows {
		if err := w.Add(&rows[i]); err != nil {
			t.Fatal(err)
		}
	}
	return w.Finish()
}

// TestFormat holds that a block that was written once is read by every later
// version and on every machine: it is compared byte for byte.
func TestFormat(t *testing.T) {
	rows := voyage(200)
	for name, w := range map[string]*Writer{"voyage.block": {v1: true}, "voyage-2.block": {}} {
		file := filepath.Join("testdata", name)
		body := packWith(t, w, rows)
		if *update && !w.v1 {
			if err := os.WriteFile(file, body, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(want) != string(body) {
			t.Errorf("%s packs into other bytes (%d, %d were committed): blocks that lie on disks could not be read", name, len(body), len(want))
		}
		wantRows(t, want, rows)
	}
}

func wantRows(t *testing.T, body []byte, rows []Row) {
	t.Helper()
	var r Reader
	if err := r.Reset(body); err != nil {
		t.Fatal(err)
	}
	var got Row
	for i := range rows {
		if !r.Next(&got) || !reflect.DeepEqual(exact(got), exact(rows[i])) {
			t.Fatalf("row %d is %+v, want %+v (%v)", i, got, rows[i], r.Err())
		}
	}
	if r.Next(&got) || r.Err() != nil {
		t.Errorf("it goes on: %v", r.Err())
	}
}

// TestDamaged holds that no bit of a block can turn unseen, and that no part of
// one reads as one.
func TestDamaged(t *testing.T) {
	for _, v1 := range []bool{false, true} {
		testDamaged(t, packWith(t, &Writer{v1: v1}, voyage(100)))
	}
}

func testDamaged(t *testing.T, body []byte) {
	read := func(b []byte) error {
		var r Reader
		if err := r.Reset(b); err != nil {
			return err
		}
		for row := (Row{}); r.Next(&row); {
		}
		return r.Err()
	}
	if err := read(body); err != nil {
		t.Fatal(err)
	}
	for i := range len(body) * 8 {
		body[i/8] ^= 1 << (i % 8)
		if read(body) == nil {
			t.Errorf("bit %d turned, and nobody saw it", i)
		}
		body[i/8] ^= 1 << (i % 8)
	}
	for n := range body {
		if read(body[:n]) == nil {
			t.Errorf("%d of %d bytes read as a block", n, len(body))
		}
	}
}

// TestLimits holds that what no block can hold is refused when it is written,
// and that a block ends where it should.
func TestLimits(t *testing.T) {
	var w Writer
	for _, bad := range []Row{{Others: make([]int64, MaxOthers+1)}, {Kind: Kind{Class: navicert.Class(strings.Repeat("A", MaxText+1))}}} {
		if err := w.Add(&bad); err == nil || w.Rows() != 0 {
			t.Errorf("%d rows, %v", w.Rows(), err)
		}
	}
	for !w.Full() {
		if err := w.Add(&Row{}); err != nil {
			t.Fatal(err)
		}
	}
	if w.Rows() != MaxRows {
		t.Errorf("%d rows that are all the same fill a block, want %d", w.Rows(), MaxRows)
	}
	wantRows(t, w.Finish(), make([]Row, MaxRows))
	for i := 0; !w.Full(); i++ {
		if err := w.Add(&Row{MMSI: 1, Offset: int64(i) * 0x9e3779b97f4a7c1}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(w.Finish()); n < Size || n > Size+100 {
		t.Errorf("a full block has %d bytes, want %d and a row", n, Size)
	}
}

// FuzzBlock reads anything as a block: it may fail, and what it reads without
// failing packs into a block that says the same.
func FuzzBlock(f *testing.F) {
	for _, n := range []int{1, 2, 30} {
		f.Add(pack(f, voyage(n))[headerSize:])
		f.Add(packWith(f, &Writer{v1: true}, voyage(n))[headerSize:])
	}
	f.Add([]byte{255, 63})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, v := range []byte{version, versionV1} {
			body := make([]byte, headerSize, headerSize+len(b))
			body[0] = v
			binary.LittleEndian.PutUint32(body[1:], crc32.Checksum(b, table))
			rows, err := readAll(append(body, b...))
			if err == nil {
				wantRows(t, packWith(t, &Writer{v1: v == versionV1}, rows), rows)
			}
		}
	})
}

func readAll(body []byte) (rows []Row, err error) {
	var r Reader
	if err := r.Reset(body); err != nil {
		return nil, err
	}
	for row := (Row{}); r.Next(&row); {
		c := row
		c.Others = append([]int64(nil), row.Others...)
		rows = append(rows, c)
	}
	return rows, r.Err()
}

func BenchmarkWrite(b *testing.B) {
	rows := voyage(1000)
	var w Writer
	for b.Loop() {
		for i := range rows {
			if err := w.Add(&rows[i]); err != nil {
				b.Fatal(err)
			}
		}
		w.Finish()
	}
	b.ReportMetric(float64(len(rows)*b.N)/b.Elapsed().Seconds(), "fixes/s")
}

func BenchmarkRead(b *testing.B) {
	body := pack(b, voyage(1000))
	var r Reader
	var row Row
	n := 0
	for b.Loop() {
		if err := r.Reset(body); err != nil {
			b.Fatal(err)
		}
		for r.Next(&row) {
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "fixes/s")
}
