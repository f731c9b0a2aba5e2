package feed

import (
	"bytes"
	"os"
	"testing"

	"navicert"
)

func FuzzNMEA(f *testing.F) {
	fuzz(f, "nmea", `\g:1-2-9,c:1767323045*00\!AIVDM,2,1,3,A,`, "sample.nmea")
}

// FuzzAuto reads anything as whatever it looks like.
func FuzzAuto(f *testing.F) {
	fuzz(f, Auto, "\xef\xbb\xbf# Timestamp\n{\"", "sample.nmea", "old.csv", "dma22.csv", "exactearth.csv", "spire.csv", "marinetraffic.csv", "vesselfinder.csv",
		"gfw.csv", "raw.csv", "obc.csv", "gpsd.ndjson", "aiscatcher.ndjson", "aisstream.ndjson", "gfw.ndjson", "digitraffic.ndjson", "aishub-human.csv",
		"aishub-raw.json", "aishub.xml")
}

func FuzzMarineCadastre(f *testing.F) {
	fuzz(f, "marinecadastre", oldHeader+`299000001,2026-01-02T03:04:05,10.25,-64.75,"`, "old.csv", "new.csv")
}

func FuzzDMA(f *testing.F) {
	fuzz(f, "dma", "# Timestamp,Type of mobile,MMSI\n", "dma22.csv", "dma26.csv")
}
func FuzzExactEarth(f *testing.F) { fuzz(f, "exactearth", "MMSI,Message_ID\n", "exactearth.csv") }
func FuzzSpire(f *testing.F)      { fuzz(f, "spire", "created_at,timestamp\n", "spire.csv") }
func FuzzMarineTraffic(f *testing.F) {
	fuzz(f, "marinetraffic", "MMSI,LAT,LON\n", "marinetraffic.csv", "marinetraffic-new.csv")
}
func FuzzVesselFinder(f *testing.F) { fuzz(f, "vesselfinder", "MMSI\n", "vesselfinder.csv") }
func FuzzGFWCSV(f *testing.F)       { fuzz(f, "gfw-csv", "ssvid\n", "gfw.csv") }
func FuzzRawCSV(f *testing.F)       { fuzz(f, "raw-csv", "mmsi\n", "raw.csv") }
func FuzzOldBahama(f *testing.F)    { fuzz(f, "obc", "MMSI\n", "obc.csv") }
func FuzzGPSD(f *testing.F)         { fuzz(f, "gpsd", `{"class":"AIS","mmsi":`, "gpsd.ndjson") }
func FuzzAISCatcher(f *testing.F) {
	fuzz(f, "aiscatcher", `{"nmea":["!"]}`, "aiscatcher.ndjson", "aiscatcher-http.ndjson")
}
func FuzzAISStream(f *testing.F) { fuzz(f, "aisstream", `{"MessageType":1}`, "aisstream.ndjson") }
func FuzzGFWJSON(f *testing.F)   { fuzz(f, "gfw-json", `{"ssvid":[[[[[[[[[[1]]]]]]]]]]}`, "gfw.ndjson") }

func FuzzDigitraffic(f *testing.F) {
	fuzz(f, "digitraffic", `{"topic":"vessels-v2//"}`, "digitraffic.ndjson")
}

func FuzzAISHub(f *testing.F) {
	fuzz(f, "aishub", `[{"ERROR":true}`, "aishub-human.csv", "aishub-raw.csv", "aishub-human.json", "aishub-raw.json", "aishub.xml")
}

// fuzz reads anything as a format: what is reported must be sound, and every
// record counted once.
func fuzz(f *testing.F, format, broken string, samples ...string) {
	f.Add([]byte(broken))
	for _, name := range samples {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		sink := funcSink{
			fix: func(x *navicert.Fix) error {
				speed, course, heading := x.SpeedKn.Or(0), x.CourseDeg.Or(0), x.HeadingDeg.Or(0)
				if !x.Pos.Valid() || x.MMSI == 0 || x.Time.IsZero() || x.TimeFrom == "" || speed < 0 || speed > 102.3 ||
					course < 0 || course >= 360 || heading < 0 || heading >= 360 || x.Status.Or(0) > 14 {
					t.Errorf("fix %+v", x)
				}
				return nil
			},
			static: func(s *navicert.Static) error {
				if s.IMO != 0 && !s.IMO.Valid() || s.MMSI == 0 || s.Time.IsZero() || s.TimeFrom == "" {
					t.Errorf("static report %+v", s)
				}
				return nil
			},
		}
		stats, err := Read(t.Context(), bytes.NewReader(b), Options{Format: format}, &sink)
		if err != nil && navicert.KindOf(err) == "" {
			t.Errorf("error %v", err)
		}
		if stats.Records != stats.Used+int64(stats.Dropped.Total()) {
			t.Errorf("%d records, %d used, %s dropped", stats.Records, stats.Used, stats.Dropped.String())
		}
	})
}
