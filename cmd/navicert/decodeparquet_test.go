package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"navicert/internal/realdata"
)

// decodeTo runs decode as from the command line.
func decodeTo(t *testing.T, stdin io.Reader, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(t.Context(), append([]string{"decode", "--quiet"}, args...), stdin, &out, &errs, func(string) string { return "" })
	return out.String(), errs.String(), status
}

// TestParquetIsCSV reads Parquet back with the library: every value is the one
// that CSV has.
func TestParquetIsCSV(t *testing.T) {
	for _, name := range []string{"ais/nmea/noaadata-test.ais", "ais/nmea/dma-aislib-stream_example.txt", "ais/csv/marinecadastre-aisdb-20230101.csv"} {
		in := realdata.Dir(t, name)
		path := filepath.Join(t.TempDir(), "out.parquet")
		if _, stderr, status := decodeTo(t, nil, "--format", "parquet", "--output", path, in); status != exitOK {
			t.Fatal(stderr)
		}
		text, _, _ := decodeTo(t, nil, "--format", "csv", in)
		want, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		rows, err := parquet.ReadFile[parquetRow](path)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != len(want)-1 || len(rows) == 0 {
			t.Fatalf("%s: %d rows, csv has %d", name, len(rows), len(want)-1)
		}
		for i, r := range rows {
			got, w := r.text(), want[i+1]
			if when, err := time.Parse(time.RFC3339Nano, w[0]); err == nil {
				w[0] = when.Truncate(time.Millisecond).Format(time.RFC3339Nano)
			}
			if strings.Join(got, "|") != strings.Join(w, "|") {
				t.Fatalf("%s row %d: %q\nwant %q", name, i, got, w)
			}
			if sentences := strings.HasPrefix(name, "ais/nmea"); sentences != (len(r.Raw) > 0) {
				t.Fatalf("%s row %d: raw is %q", name, i, r.Raw)
			}
		}
	}
}

// text prints a row as CSV has it.
func (r *parquetRow) text() []string {
	float := func(p *float64, decimals int) string {
		if p == nil {
			return ""
		}
		return strconv.FormatFloat(*p, 'f', decimals, 64)
	}
	whole := func(p *int32) string {
		if p == nil {
			return ""
		}
		return strconv.Itoa(int(*p))
	}
	when := ""
	if r.Time != nil {
		when = time.UnixMilli(*r.Time).UTC().Format(time.RFC3339Nano)
	}
	return []string{
		when, r.TimeFrom, r.Station, whole(r.Type), fmt.Sprintf("%09d", r.MMSI), float(r.Lat, 6), float(r.Lon, 6),
		float(r.Speed, -1), float(r.Course, -1), float(r.Heading, -1), whole(r.Status), whole(r.IMO), r.CallSign, r.ShipName,
		whole(r.ShipType), float(r.Length, -1), float(r.Beam, -1), float(r.Draught, -1), r.Destination,
	}
}

// TestParquetSchema holds the columns and their types, which readers rely on.
func TestParquetSchema(t *testing.T) {
	got := parquet.SchemaOf(parquetRow{}).String()
	for _, want := range []string{
		"optional int64 time (TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS));", "required int32 mmsi (INT(32,true));",
		"optional double lat;", "optional int32 imo (INT(32,true));", "optional binary shipname (STRING);",
		"repeated group list {",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the schema has no %q:\n%s", want, got)
		}
	}
}

// TestParquetPipe writes to a pipe, which cannot be wound back, and nothing at
// all as well.
func TestParquetPipe(t *testing.T) {
	for sentence, rows := range map[string]int64{"!AIVDM,1,1,,A,14M9Ph@P1sKGVAP5oGL3Q2n:0000,0*23\n": 1, "\n": 0} {
		out, stderr, status := decodeTo(t, strings.NewReader(sentence), "--format", "parquet", "--input-format", "nmea")
		if status != exitOK {
			t.Fatal(stderr)
		}
		f, err := parquet.OpenFile(strings.NewReader(out), int64(len(out)))
		if err != nil || f.NumRows() != rows {
			t.Errorf("%q: %v, want %d rows", sentence, err, rows)
		}
	}
}

// TestOutputWholeOrNot stops decode in the middle: what was there under the name
// stays, and nothing else is left in the folder.
func TestOutputWholeOrNot(t *testing.T) {
	for _, format := range []string{"parquet", "ndjson"} {
		dir := t.TempDir()
		path := filepath.Join(dir, "out")
		if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		in := io.MultiReader(strings.NewReader("!AIVDM,1,1,,A,14M9Ph@P1sKGVAP5oGL3Q2n:0000,0*23\n"), readerFunc(func([]byte) (int, error) {
			cancel()
			return 0, errors.New("cable cut")
		}))
		var stderr bytes.Buffer
		if run(ctx, []string{"decode", "--format", format, "--output", path}, in, io.Discard, &stderr, func(string) string { return "" }) != exitFailed {
			t.Errorf("%s: no failure: %s", format, stderr.String())
		}
		files, err := os.ReadDir(dir)
		if b, _ := os.ReadFile(path); err != nil || len(files) != 1 || string(b) != "before" {
			t.Errorf("%s: %d files, %q in the one named, %v", format, len(files), b, err)
		}
	}
}

// TestOutputInPlace: a link stays one and its target is what is written, with
// the permissions that it had; a pipe stays a pipe.
func TestOutputInPlace(t *testing.T) {
	const sentence = "!AIVDM,1,1,,A,14M9Ph@P1sKGVAP5oGL3Q2n:0000,0*23\n"
	dir := t.TempDir()
	target, link, pipe := filepath.Join(dir, "target"), filepath.Join(dir, "link"), filepath.Join(dir, "pipe")
	if err := os.WriteFile(target, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("target", link); err != nil {
		t.Fatal(err)
	}
	decode := func(path string) {
		t.Helper()
		if _, stderr, status := decodeTo(t, strings.NewReader(sentence), "--output", path); status != exitOK {
			t.Fatal(stderr)
		}
	}
	decode(link)
	info, err := os.Lstat(link)
	b, _ := os.ReadFile(target)
	if err != nil || info.Mode()&os.ModeSymlink == 0 || !bytes.HasPrefix(b, []byte(`{"class":"AIS"`)) {
		t.Errorf("the link is %v, its target holds %q, %v", info.Mode(), b, err)
	}
	if info, err = os.Stat(target); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the target's permissions are %v, %v", info.Mode(), err)
	}

	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan []byte)
	go func() {
		b, _ := os.ReadFile(pipe)
		read <- b
	}()
	decode(pipe)
	if b := <-read; !bytes.HasPrefix(b, []byte(`{"class":"AIS"`)) {
		t.Errorf("%q came through the pipe", b)
	}
	if info, err = os.Stat(pipe); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe is %v, %v", info.Mode(), err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 3 {
		t.Errorf("%d files, %v", len(files), err)
	}
}

// TestArrayCutOff: an array that is not whole is not closed.
func TestArrayCutOff(t *testing.T) {
	in := io.MultiReader(strings.NewReader("!AIVDM,1,1,,A,14M9Ph@P1sKGVAP5oGL3Q2n:0000,0*23\n"), readerFunc(func([]byte) (int, error) {
		return 0, errors.New("cable cut")
	}))
	out, _, status := decodeTo(t, in, "--format", "json")
	if status != exitFailed || !strings.HasPrefix(out, "[\n {") || json.Valid([]byte(out)) {
		t.Errorf("status %d, %s", status, out)
	}
}

// TestParquetLongTexts: long texts end a row group before it is large.
func TestParquetLongTexts(t *testing.T) {
	var in strings.Builder
	in.WriteString("MMSI,BaseDateTime,LAT,LON,VesselName\n")
	const rows, length = 1500, 30_000
	for i := range rows {
		fmt.Fprintf(&in, "%d,2026-01-02T03:04:05,10,-64,%d%s\n", 299000001+i, i, strings.Repeat("X", length))
	}
	out, stderr, status := decodeTo(t, strings.NewReader(in.String()), "--format", "parquet")
	if status != exitOK {
		t.Fatal(stderr)
	}
	f, err := parquet.OpenFile(strings.NewReader(out), int64(len(out)))
	if err != nil {
		t.Fatal(err)
	}
	if groups := len(f.RowGroups()); f.NumRows() != 2*rows || groups < rows*length/parquetText {
		t.Errorf("%d rows in %d groups", f.NumRows(), groups)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
