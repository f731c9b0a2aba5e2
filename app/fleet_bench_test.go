package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"navicert"
	"navicert/internal/realdata"
	"navicert/list"
)

// fleetData is an installation over the real SDN list of December 2025 with a
// silence of each of a hundred ships, and voyages of which one in fifty is of a
// listed ship.
func fleetData(b *testing.B, n int) (*App, []navicert.Voyage) {
	b.Helper()
	ctx := context.Background()
	a, err := New(ctx, Config{Data: b.TempDir(), Rules: []string{"venezuela"}, Clock: func() time.Time { return navicert.Date("2026-01-02").Start().Add(10 * time.Hour) }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := a.Close(); err != nil {
			b.Error(err)
		}
	})
	if _, err := a.ImportLists(ctx, realdata.Dir(b, "lists/ofac-2025-12"), ImportOptions{Published: "2025-12-24"}); err != nil {
		b.Fatal(err)
	}
	pubs, err := a.db.Publications(ctx)
	if err != nil {
		b.Fatal(err)
	}
	var ships []list.Entry
	for e, err := range a.db.Entries(ctx, pubs[0].List, pubs[0].Date) {
		if err != nil {
			b.Fatal(err)
		}
		if e.Kind == list.Vessel && e.IMO != 0 {
			ships = append(ships, e)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	places := []string{"NLRTM", "USHOU", "VEJOT", "CNTAO", "SGSIN", "AEFJR", "BRSSZ", "NGBON"}
	voyages := make([]navicert.Voyage, n)
	for i := range voyages {
		imo := imoNumber(900_000 + i)
		if i%50 == 0 {
			imo = ships[i%len(ships)].IMO
		}
		from := r.IntN(len(places))
		voyages[i] = navicert.Voyage{
			ID: fmt.Sprint("V-", i), Vessel: navicert.Vessel{IMO: imo, Name: fmt.Sprintf("PLAIN %s %d", []string{"WREN", "HERON", "TERN"}[i%3], i), Kind: "oil_tanker"},
			From: places[from], To: places[(from+1+r.IntN(len(places)-1))%len(places)], Cargo: navicert.Cargo{Kind: "crude_oil"},
			Parties: []navicert.Party{{Role: "owner", Name: fmt.Sprintf("Invented Shipping %d Ltd", i), Country: "PA"}, {Role: "charterer", Name: fmt.Sprintf("Plain Trading %d", i)}},
		}
	}
	return a, voyages
}

// imoNumber is a number of seven digits with its check digit.
func imoNumber(n int) navicert.IMO {
	six := n % 1_000_000
	sum, rest := 0, six
	for w := 2; w <= 7; w++ {
		sum, rest = sum+rest%10*w, rest/10
	}
	return navicert.IMO(six*10 + sum%10)
}

// BenchmarkCheckWarm is one check of many, as a server does them; p99 is its
// slowest hundredth.
func BenchmarkCheckWarm(b *testing.B) {
	a, voyages := fleetData(b, 1000)
	for _, v := range voyages[:3] {
		if _, err := a.Check(b.Context(), v, CheckOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		if _, err := a.Check(b.Context(), voyages[i%len(voyages)], CheckOptions{}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkFleet is 10,000 voyages at once.
func BenchmarkFleet(b *testing.B) {
	a, voyages := fleetData(b, 10_000)
	for b.Loop() {
		n := 0
		err := a.CheckFleet(b.Context(), func(yield func(FleetVoyage) bool) {
			for i, v := range voyages {
				if !yield(FleetVoyage{Line: i + 1, Voyage: v}) {
					return
				}
			}
		}, CheckOptions{}, func(r FleetCertificate) error {
			n++
			return r.Err
		})
		if err != nil || n != len(voyages) {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/10k")
}
