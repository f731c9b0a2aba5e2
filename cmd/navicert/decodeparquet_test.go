package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
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

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
