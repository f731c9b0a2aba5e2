package feed

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestYears reads each format's sample as if its clock had been wrong by some
// centuries or decades: no report has such a time, and each line is counted.
func TestYears(t *testing.T) {
	samples, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	from, to := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	dated := 0
	for _, sample := range samples {
		whole, err := os.ReadFile(sample)
		if err != nil {
			t.Fatal(err)
		}
		format := ""
		for _, year := range []string{"2026", "0001", "1970", "1989", "2100", "9999"} {
			text := bytes.ReplaceAll(bytes.ReplaceAll(whole, []byte("2026-01-"), []byte(year+"-01-")), []byte("/01/2026"), []byte("/01/"+year))
			text = bytes.ReplaceAll(text, []byte("202601"), []byte(year+"01")) // as exactEarth writes it
			if filepath.Ext(sample) == ".parquet" || year != "2026" && bytes.Equal(text, whole) {
				continue // it carries Unix seconds, or none
			}
			var c collect
			stats, err := Read(t.Context(), bytes.NewReader(text), Options{Source: sample, Format: format}, &c)
			if err != nil {
				t.Errorf("%s in %s: %v", sample, year, err)
				continue
			}
			format = stats.Format
			if stats.Records != stats.Used+int64(stats.Dropped.Total()) {
				t.Errorf("%s in %s: %d records, %d used, %s dropped", sample, year, stats.Records, stats.Used, stats.Dropped.String())
			}
			for _, f := range c.fixes {
				if f.Time.Before(from) || !f.Time.Before(to) {
					t.Errorf("%s in %s: a fix at %s", sample, year, f.Time)
				}
			}
			for _, s := range c.statics {
				if s.Time.Before(from) || !s.Time.Before(to) {
					t.Errorf("%s in %s: a report at %s", sample, year, s.Time)
				}
			}
			if stats.Dropped.Count(BadTime) > 0 {
				dated++
			}
		}
	}
	if dated < 5*10 {
		t.Errorf("%d samples with a wrong year were refused, of ten formats that write the year", dated)
	}
}
