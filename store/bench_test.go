package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/list"
	"navicert/store"
)

// benchEntries is the size of the SDN list of December 2025.
const benchEntries = 18_494

// benchList is an invented list with rows as long as the SDN list's: about 900
// bytes of JSON.
func benchList(n int) []list.Entry {
	es := make([]list.Entry, n)
	for i := range es {
		es[i] = list.Entry{
			ID: fmt.Sprint(10_000 + i), Kind: list.Organization, Name: fmt.Sprintf("EXAMPLE TRADING COMPANY %d LIMITED", i),
			Aliases: []list.Alias{
				{Name: fmt.Sprintf("EXAMPLE TRADING %d", i), Kind: list.AKA},
				{Name: fmt.Sprintf("E T C %d", i), Kind: list.AKA, Weak: true},
			},
			Programmes: []string{"EXAMPLE-EO1", "EXAMPLE2"}, Measure: list.Block, Countries: []navicert.Flag{"PA"},
			Addresses:   []list.Address{{Street: fmt.Sprint(i, " Example Street"), City: "Exampletown", Country: "PA", Text: fmt.Sprint(i, " Example Street; Exampletown; Panama")}},
			Identifiers: []list.Identifier{{Type: "Tax ID No.", Value: fmt.Sprint("J-", i), Country: "PA"}},
			Secondary:   []string{"section 1(b) of an invented order"},
			Remarks:     strings.Repeat("Invented remark. ", 8), Row: strings.Repeat("an invented row, ", 12),
		}
	}
	return es
}

func benchPublication(day int) list.Publication {
	return list.Publication{
		List: "invented", Date: navicert.DateOf(time.Date(2026, 1, 1+day, 0, 0, 0, 0, time.UTC)), SHA256: fmt.Sprint(day),
		ImportedAt: time.Date(2026, 1, 1+day, 9, 0, 0, 0, time.UTC),
	}
}

func BenchmarkImportEntries(b *testing.B) {
	es := benchList(benchEntries)
	for range b.N {
		b.StopTimer()
		db := open(b, b.TempDir())
		b.StartTimer()
		if _, err := db.Put(b.Context(), benchPublication(0), es); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		closeDB(b, db)
	}
	b.ReportMetric(float64(benchEntries)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkImportNextDay imports an issue that differs in a few entries.
func BenchmarkImportNextDay(b *testing.B) {
	es := benchList(benchEntries)
	db := open(b, b.TempDir())
	defer closeDB(b, db)
	for i := range b.N + 1 {
		if i == 1 {
			b.ResetTimer()
		}
		es[i%len(es)].Remarks = fmt.Sprint("changed ", i)
		if _, err := db.Put(b.Context(), benchPublication(i), es); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoadEntries(b *testing.B) {
	db := open(b, b.TempDir())
	defer closeDB(b, db)
	p := benchPublication(0)
	if _, err := db.Put(b.Context(), p, benchList(benchEntries)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		n := 0
		for _, err := range db.Entries(b.Context(), p.List, p.Date) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != benchEntries {
			b.Fatal(n)
		}
	}
}

// benchFixes is n fixes of vessels that report every ten seconds, in the order
// in which a receiver hears them.
func benchFixes(n, vessels int) []navicert.Fix {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	fs := make([]navicert.Fix, n)
	for i := range fs {
		fs[i] = navicert.Fix{
			MMSI: navicert.MMSI(201990000 + i%vessels), Time: start.Add(time.Duration(i/vessels) * 10 * time.Second), TimeFrom: navicert.TimeTag,
			Pos:     navicert.Position{Lat: 10 + float64(i)*1e-5, Lon: -64 - float64(i)*1e-5},
			SpeedKn: navicert.Some(12.3), CourseDeg: navicert.Some(181.2), HeadingDeg: navicert.Some(181.0), Status: navicert.Some(navicert.UnderWayEngine),
			Class: navicert.ClassA, Station: "shore", Ref: navicert.Ref{Source: "log.nmea", Offset: int64(i) * 60},
		}
	}
	return fs
}

func BenchmarkAppendFixes(b *testing.B) {
	const n = 100_000
	fs := benchFixes(n, 500)
	for range b.N {
		b.StopTimer()
		db := open(b, b.TempDir())
		b.StartTimer()
		if added, err := db.AppendFixes(b.Context(), fs); err != nil || added != n {
			b.Fatal(added, err)
		}
		b.StopTimer()
		closeDB(b, db)
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "fixes/s")
}

// tracksOf fills a store with fixes, in batches as a replay does, and 20,000
// reports.
func tracksOf(b *testing.B, n, vessels int) *store.DB {
	db := open(b, b.TempDir())
	fs := benchFixes(n, vessels)
	for batch := range slices.Chunk(fs, 20_000) {
		if _, err := db.AppendFixes(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	var reports []navicert.Static
	for _, f := range fs[:20_000] {
		reports = append(reports, navicert.Static{MMSI: f.MMSI, Time: f.Time, Name: "EXAMPLE STAR", ShipType: navicert.Some(80), Ref: f.Ref})
	}
	if _, err := db.AppendStatics(b.Context(), reports); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	return db
}

func BenchmarkLatest(b *testing.B) {
	for _, of := range []struct{ vessels, fixes int }{{2000, 200_000}, {300_000, 1_500_000}} {
		b.Run(fmt.Sprint("vessels=", of.vessels), func(b *testing.B) {
			db := tracksOf(b, of.fixes, of.vessels)
			defer closeDB(b, db)
			end := time.Date(2026, 1, 1, 0, 0, of.fixes/of.vessels*10, 0, time.UTC)
			for _, past := range []time.Duration{0, end.Sub(end.Truncate(24*time.Hour)) / 2} {
				b.Run(fmt.Sprint("past=", past), func(b *testing.B) {
					for b.Loop() {
						l, err := db.Latest(b.Context(), end.Add(-past), time.Hour)
						if err != nil || len(l) != of.vessels {
							b.Fatal(len(l), err)
						}
					}
				})
			}
		})
	}
}

func BenchmarkOneVessel(b *testing.B) {
	db := open(b, b.TempDir())
	defer closeDB(b, db)
	fs := benchFixes(100_000, 1)
	if _, err := db.AppendFixes(b.Context(), fs); err != nil {
		b.Fatal(err)
	}
	end := fs[len(fs)-1].Time.Add(1)
	b.Run("fixes", func(b *testing.B) {
		for b.Loop() {
			if got, err := db.Fixes(b.Context(), fs[0].MMSI, fs[0].Time, end); err != nil || len(got) != len(fs) {
				b.Fatal(len(got), err)
			}
		}
	})
	b.Run("span", func(b *testing.B) {
		for b.Loop() {
			if _, _, n, err := db.Span(b.Context(), fs[0].MMSI, end); err != nil || n != len(fs) {
				b.Fatal(n, err)
			}
		}
	})
}

func BenchmarkAppendStatics(b *testing.B) {
	const n = 20_000
	fs := benchFixes(n, 500)
	reports := make([]navicert.Static, n)
	for i, f := range fs {
		reports[i] = navicert.Static{MMSI: f.MMSI, Time: f.Time, Name: "EXAMPLE STAR", ShipType: navicert.Some(80), Ref: f.Ref}
	}
	for range b.N {
		b.StopTimer()
		db := open(b, b.TempDir())
		b.StartTimer()
		if added, err := db.AppendStatics(b.Context(), reports); err != nil || added != n {
			b.Fatal(added, err)
		}
		b.StopTimer()
		closeDB(b, db)
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "reports/s")
}

func BenchmarkPutCertificate(b *testing.B) {
	db := open(b, b.TempDir())
	defer closeDB(b, db)
	for i := range b.N {
		c := navicert.Certificate{ID: fmt.Sprint(i), Verdict: navicert.Clear, IssuedAt: navicert.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))}
		if _, err := db.PutCertificate(b.Context(), decide.Issued{Certificate: c}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	db := open(b, dir)
	if _, err := db.Put(b.Context(), benchPublication(0), benchList(benchEntries)); err != nil {
		b.Fatal(err)
	}
	closeDB(b, db)
	for b.Loop() {
		closeDB(b, open(b, dir))
	}
}
