package app

import (
	"context"
	"iter"
	"runtime"
	"sync"
	"sync/atomic"

	"navicert"
	"navicert/decide"
)

// FleetVoyage is one voyage of many, or why what stands at its place is none.
type FleetVoyage struct {
	Line   int // where it stands, from 1
	Voyage navicert.Voyage
	Err    error
}

// FleetCertificate is the answer to one of them, or why there is none.
type FleetCertificate struct {
	Line        int
	Certificate navicert.Certificate
	Err         error
}

// fleetChunk is how many voyages are decided before their certificates are stored
// together, and so how many are held in memory: one transaction costs as much as
// deciding a few.
const fleetChunk = 256

// CheckFleet decides many voyages, on all processors, stores and seals their
// certificates and gives each to the caller in the order of the voyages. All are decided as
// known at one moment. A voyage that cannot be decided is told and does not stop
// the others; a store that does not answer does.
func (a *App) CheckFleet(ctx context.Context, voyages iter.Seq[FleetVoyage], opt CheckOptions, each func(FleetCertificate) error) error {
	at, err := a.times(opt)
	if err != nil {
		return err
	}
	return a.checkFleet(ctx, voyages, at, each)
}

func (a *App) checkFleet(ctx context.Context, voyages iter.Seq[FleetVoyage], at decide.Times, each func(FleetCertificate) error) error {
	d, err := a.decider()
	if err != nil {
		return err
	}
	if err := a.keepPacks(ctx, d.Rules); err != nil {
		return err
	}
	if err := a.ready(ctx); err != nil {
		return err
	}
	chunk := make([]FleetVoyage, 0, fleetChunk)
	for v := range voyages {
		if chunk = append(chunk, v); len(chunk) < fleetChunk {
			continue
		}
		if err := a.checkChunk(ctx, d, chunk, at, each); err != nil {
			return err
		}
		chunk = chunk[:0]
	}
	return a.checkChunk(ctx, d, chunk, at, each)
}

func (a *App) checkChunk(ctx context.Context, d *decide.Decider, voyages []FleetVoyage, at decide.Times, each func(FleetCertificate) error) error {
	results, made := decideAll(ctx, d, voyages, at)
	var toIssue []decide.Issued
	for i := range results {
		if err := results[i].Err; err == nil {
			toIssue = append(toIssue, made[i])
		} else if ctx.Err() != nil || navicert.KindOf(err) == navicert.Unavailable {
			return err
		}
	}
	issued, err := a.db.PutCertificates(ctx, toIssue)
	if err != nil {
		return err
	}
	for _, r := range results {
		if r.Err == nil {
			if r.Certificate, err = a.sealed(ctx, issued[0]); err != nil { // the first seals all
				return err
			}
			issued = issued[1:]
		}
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

// decideAll decides voyages on all processors; what is made of them, and what went
// wrong, is in their order.
func decideAll(ctx context.Context, d *decide.Decider, voyages []FleetVoyage, at decide.Times) ([]FleetCertificate, []decide.Issued) {
	results, made := make([]FleetCertificate, len(voyages)), make([]decide.Issued, len(voyages))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(voyages)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(voyages); i = int(next.Add(1)) - 1 {
				v, r := &voyages[i], &results[i]
				if r.Line, r.Err = v.Line, v.Err; r.Err == nil {
					made[i], r.Err = decided(ctx, d, v.Voyage, at)
				}
			}
		})
	}
	workers.Wait()
	return results, made
}
