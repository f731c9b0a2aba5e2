package feed

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"
	"time"

	"navicert/internal/realdata"
)

// realFiles are recordings with what comes of them.
var realFiles = []struct {
	format, path                  string
	records, used, fixes, statics int64
	dropped, noted                string
}{
	{"dma", "csv/dma-aisdk_header-sample.csv", 138, 124, 116, 10, "1 no_position, 13 not_vessel", "none"},
	{"exactearth", "csv/exactearth-aisdb-20210701.csv.gz", 2498, 2358, 2306, 69, "1 mmsi, 9 no_position, 111 not_vessel, 19 other_type", "4 heading, 1 imo_check"},
	{"raw-csv", "tracks/singapore-tankers/9116943.csv", 3135, 3135, 3135, 0, "none", "none"},
	{"raw-csv", "tracks/singapore-tankers/9267118.csv", 9922, 9921, 9921, 0, "1 no_position", "none"},
	{"raw-csv", "tracks/singapore-tankers/9327138.csv.gz", 39254, 39253, 39253, 0, "1 no_position", "none"},
	{"raw-csv", "tracks/singapore-tankers/9343340.csv", 8793, 8793, 8793, 0, "none", "none"},
	{"raw-csv", "tracks/singapore-tankers/9417464.csv", 13263, 13263, 13263, 0, "none", "none"},
	{"raw-csv", "tracks/singapore-tankers/9443140.csv.gz", 18132, 18100, 18100, 0, "32 no_position", "none"},
	{"raw-csv", "tracks/singapore-tankers/9538440.csv.gz", 19452, 19452, 19452, 0, "none", "none"},
	{"raw-csv", "tracks/singapore-tankers/9664225.csv", 1939, 1939, 1939, 0, "none", "none"},
	{"obc", "tracks/obc/anom_datav2.csv.gz", 6099, 6099, 6099, 1004, "none", "5 imo_check"},
	{"obc", "tracks/obc/obc_fishing.csv", 39, 36, 36, 16, "3 not_vessel", "none"},
	{"obc", "tracks/obc/obc_recreational.csv.gz", 6921, 6921, 6921, 2514, "none", "55 imo_check"},
	{"obc", "tracks/obc/obc_sailing.csv", 1872, 1872, 1872, 347, "none", "9 call_sign, 38 imo_check"},
	{"obc", "tracks/obc/test_data.csv.gz", 12907, 12907, 12907, 0, "none", "none"},
	{"gpsd", "vectors/sample.aivdm.js.chk", 97, 15, 10, 5, "2 coarse, 49 not_vessel, 31 other_type", "none"},
	{"gpsd", "vectors/sample.aivdm.ju.chk", 97, 17, 12, 5, "49 not_vessel, 31 other_type", "none"},
	{"aiscatcher", "feeds/ais-catcher.ndjson", 5, 2, 2, 0, "2 no_time, 1 other_type", "none"},
	{"aiscatcher", "feeds/ais-catcher-http.json", 1, 1, 1, 0, "none", "none"},
	{"aisstream", "feeds/aisstream.ndjson", 6, 5, 3, 2, "1 other_type", "none"},
	{"aishub", "feeds/aishub.xml", 2, 2, 2, 2, "none", "none"},
	{"digitraffic", "feeds/digitraffic.ndjson", 3, 2, 1, 1, "1 other_type", "none"},
	{"marinecadastre", "feeds/marinecadastre-2025.csv", 3, 3, 3, 3, "none", "none"},
	{"marinecadastre", "csv/marinecadastre-aisdb-20230101.csv", 1000, 998, 998, 997, "2 not_vessel", "33 imo_check"},
}

// TestRealFiles reads recordings, whose format is found by their content.
func TestRealFiles(t *testing.T) {
	dir := realdata.Dir(t, "ais")
	for _, f := range realFiles {
		s, err := Open(t.Context(), filepath.Join(dir, f.path))
		if err != nil {
			t.Fatal(err)
		}
		var c collect
		o := Options{Source: s.Name}
		if f.format == "gpsd" { // which says no time
			o.Arrival = func() time.Time { return time.Unix(1767323045, 0) }
		}
		got, err := Read(t.Context(), s, o, &c)
		if err != nil || got.Format != f.format {
			t.Fatalf("%s: read as %s: %v", f.path, got.Format, err)
		}
		if got.Records != f.records || got.Used != f.used || got.Fixes != f.fixes || got.Statics != f.statics ||
			got.Dropped.String() != f.dropped || got.Noted.String() != f.noted {
			t.Errorf("%s: %d, %d, %d, %d, %q, %q\nwant %d records, %d used, %d fixes, %d static reports, dropped %q, noted %q",
				f.path, got.Records, got.Used, got.Fixes, got.Statics, got.Dropped.String(), got.Noted.String(),
				f.records, f.used, f.fixes, f.statics, f.dropped, f.noted)
		}
		if got.Records != got.Used+int64(got.Dropped.Total()) {
			t.Errorf("%s: %d records, %d used and %s dropped", f.path, got.Records, got.Used, got.Dropped.String())
		}
		_ = s.Close()
	}
}

// TestRecognised holds every sample, ours and real, against every format: it is
// one of exactly one.
func TestRecognised(t *testing.T) {
	heads := map[string][]byte{}
	ours, err := filepath.Glob("testdata/*.*")
	if err != nil || len(ours) == 0 {
		t.Fatal("no samples", err)
	}
	for _, p := range ours {
		if heads[p], err = os.ReadFile(p); err != nil {
			t.Fatal(err)
		}
	}
	dir := realdata.Dir(t, "ais")
	for _, f := range realFiles {
		s, err := Open(t.Context(), filepath.Join(dir, f.path))
		if err != nil {
			t.Fatal(err)
		}
		if heads[f.path], err = io.ReadAll(io.LimitReader(s, headBytes)); err != nil {
			t.Fatal(err)
		}
		_ = s.Close()
	}
	for name, head := range heads {
		var is []string
		for _, f := range Formats() {
			if f.Name != "nmea" && f.detect(head, true) {
				is = append(is, f.Name)
			}
		}
		want := 1
		if f, err := detectTwice(t, head); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if f.Name == "nmea" {
			want = 0 // which takes whatever has sentences in it, and comes last
		}
		if len(is) != want {
			t.Errorf("%s is %q", name, is)
		}
	}
}

// detectTwice finds the format of a stream that comes byte by byte, and must be what
// it is when it comes at once.
func detectTwice(t *testing.T, head []byte) (Format, error) {
	t.Helper()
	slow, _, err := detect(iotest.OneByteReader(bytes.NewReader(head[:min(len(head), 8<<10)])), "slow")
	if err != nil {
		return slow, err
	}
	f, _, err := detect(bytes.NewReader(head), "whole")
	if f.Name != slow.Name {
		t.Errorf("%s at once, %s byte by byte", f.Name, slow.Name)
	}
	return f, err
}
