package app

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"navicert"
	"navicert/internal/realdata"
	"navicert/list"
	"navicert/sim"
)

// fleetData is an installation over the consolidated lists of OFAC, the US (all
// agencies), EU, UK and UN, with the positions and events of the simulated month
// (some four hundred ships), and voyages: a third are of ships of that month, one
// in fifty of the others is of a listed ship.
func fleetData(b *testing.B, n int) (*App, []navicert.Voyage) {
	b.Helper()
	ctx := context.Background()
	a, err := New(ctx, Config{Data: b.TempDir(), Rules: []string{"venezuela"}, Clock: func() time.Time { return navicert.Date("2026-03-01").Start().Add(10 * time.Hour) }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := a.Close(); err != nil {
			b.Error(err)
		}
	})
	for folder, published := range map[string]navicert.Date{
		"ofac-2025-12": "2025-12-24", "us_csl-2025-05": "2025-05-01", "eu-2024-01": "2024-01-24", "uk-2024-01/ConList_2024-01-25.csv.gz": "2024-01-25", "un-2026-02-27": "2026-02-27",
	} {
		if _, err := a.ImportLists(ctx, realdata.Dir(b, "lists/"+folder), ImportOptions{Published: published}); err != nil {
			b.Fatal(err)
		}
	}
	sc, err := sim.CaribbeanMonth(1)
	if err != nil {
		b.Fatal(err)
	}
	w, err := sim.New(sc, sim.Options{})
	if err != nil {
		b.Fatal(err)
	}
	ais, to := io.Pipe()
	go func() {
		_, err := w.Write(ctx, to, nil)
		to.CloseWithError(err)
	}()
	sum, err := a.Replay(ctx, ReplayOptions{Simulated: true}, ReplayInput{Reader: ais, Name: "month"})
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%+v", sum)
	sailing := slices.DeleteFunc(slices.Clone(sc.Vessels), func(v sim.Vessel) bool { return !navicert.IMO(v.IMO).Valid() })
	pubs, err := a.db.Publications(ctx)
	if err != nil {
		b.Fatal(err)
	}
	var ships []list.Entry
	entries := 0
	for _, p := range pubs {
		entries += p.Entries
		for e, err := range a.db.Entries(ctx, p.List, p.Date) {
			if err != nil {
				b.Fatal(err)
			}
			if e.Kind == list.Vessel && e.IMO != 0 {
				ships = append(ships, e)
			}
		}
	}
	b.Logf("%d lists with %d entries, %d ships of the month", len(pubs), entries, len(sailing))
	r := rand.New(rand.NewPCG(1, 2))
	places := []string{"NLRTM", "USHOU", "VEJOT", "CNTAO", "SGSIN", "AEFJR", "BRSSZ", "NGBON"}
	voyages := make([]navicert.Voyage, n)
	for i := range voyages {
		imo := imoNumber(900_000 + i)
		if i%50 == 0 {
			imo = ships[i%len(ships)].IMO
		}
		var mmsi navicert.MMSI
		if i%3 == 1 {
			v := sailing[i%len(sailing)]
			imo, mmsi = navicert.IMO(v.IMO), navicert.MMSI(v.MMSI)
		}
		from := r.IntN(len(places))
		voyages[i] = navicert.Voyage{
			ID: fmt.Sprint("V-", i), Vessel: navicert.Vessel{IMO: imo, MMSI: mmsi, Name: fmt.Sprintf("PLAIN %s %d", []string{"WREN", "HERON", "TERN"}[i%3], i), Kind: "oil_tanker"},
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

// BenchmarkChecks are checks over all lists and a month of tracks: warm, one
// after the other as a server does them (p99 is the slowest hundredth), and
// 10,000 voyages at once.
func BenchmarkChecks(b *testing.B) {
	a, voyages := fleetData(b, 10_000)
	asked := 300
	b.Run("warm", func(b *testing.B) {
		for _, v := range voyages[:300] {
			if _, err := a.Check(b.Context(), v, CheckOptions{}); err != nil {
				b.Fatal(err)
			}
		}
		var took []time.Duration
		check := func() {
			v := voyages[asked%len(voyages)] // none that has been asked before
			asked++
			start := time.Now()
			if _, err := a.Check(b.Context(), v, CheckOptions{}); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(start))
		}
		for b.Loop() {
			check()
		}
		for len(took) < 2000 { // a hundredth of a second's checks is one of them
			check()
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	})
	b.Run("fleet", func(b *testing.B) {
		for b.Loop() {
			n := 0
			err := a.CheckFleet(b.Context(), func(yield func(FleetVoyage) bool) {
				for i, v := range voyages {
					v.ID = "fleet-" + v.ID // none that has been asked before
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
	})
}
