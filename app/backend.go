package app

import (
	"context"
	"slices"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/detect"
	"navicert/geo"
	"navicert/list"
	"navicert/screen"
	"navicert/serve"
)

// Backend returns what the server answers from.
func (a *App) Backend() serve.Backend { return backend{a} }

// backend answers the server's questions from the open data directory.
type backend struct{ *App }

// Now is the time by the installation's clock.
func (b backend) Now() time.Time { return b.now() }

// Status says what is held, and what a check now would search.
func (b backend) Status(ctx context.Context) (serve.Status, error) {
	n, err := b.db.Counts(ctx)
	if err != nil {
		return serve.Status{}, err
	}
	rules, err := b.rules()
	if err != nil {
		return serve.Status{}, err
	}
	s := serve.Status{
		Version: Version, Now: navicert.At(b.now()), Simulated: n.Simulated, Rules: rules.Ref(),
		Counts: serve.Counts{Vessels: n.Vessels, Fixes: n.Fixes, Events: n.Events, Zones: n.Zones, Publications: n.Publications, Certificates: n.Certificates},
	}
	if n.Fixes > 0 {
		s.DataFrom, s.DataTo = navicert.At(n.Oldest), navicert.At(n.Newest)
	}
	view, err := b.screener.At(ctx, screen.When{AsOf: b.now()})
	if err != nil {
		return s, err
	}
	s.Sources = view.Searched()
	return s, nil
}

// Latest gives the map's vessels, each with its number of events and the
// verdict of its newest certificate.
func (b backend) Latest(ctx context.Context, at time.Time, window time.Duration) ([]serve.VesselNow, error) {
	latest, err := b.db.Latest(ctx, at, window)
	if err != nil {
		return nil, err
	}
	events, err := b.db.Events(ctx, detect.Filter{To: at.Add(time.Millisecond)})
	if err != nil {
		return nil, err
	}
	perVessel := map[navicert.MMSI]int{}
	for _, e := range events {
		perVessel[e.MMSI]++
		if e.Other != e.MMSI {
			perVessel[e.Other]++
		}
	}
	verdicts, err := b.verdicts(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]serve.VesselNow, len(latest))
	for i, l := range latest {
		v := serve.NewVesselNow(l)
		v.Events = perVessel[v.MMSI]
		if v.Verdict = verdicts.byMMSI[v.MMSI]; v.Verdict == "" {
			v.Verdict = verdicts.byIMO[v.IMO]
		}
		out[i] = v
	}
	return out, nil
}

// newestCertificates is how many certificates are looked through for a
// vessel's newest.
const newestCertificates = 1000

type verdicts struct {
	byMMSI map[navicert.MMSI]navicert.Verdict
	byIMO  map[navicert.IMO]navicert.Verdict
}

// verdicts gives each vessel's verdict by its newest certificate.
func (b backend) verdicts(ctx context.Context) (verdicts, error) {
	v := verdicts{map[navicert.MMSI]navicert.Verdict{}, map[navicert.IMO]navicert.Verdict{}}
	cs, err := b.db.Certificates(ctx, time.Time{}, newestCertificates)
	if err != nil {
		return v, err
	}
	for _, c := range cs { // newest first
		s := c.Subject.Vessel
		if _, ok := v.byMMSI[s.MMSI]; !ok && s.MMSI != 0 {
			v.byMMSI[s.MMSI] = c.Verdict
		}
		if _, ok := v.byIMO[s.IMO]; !ok && s.IMO != 0 {
			v.byIMO[s.IMO] = c.Verdict
		}
	}
	return v, nil
}

// Vessel gives all that is known of one MMSI.
func (b backend) Vessel(ctx context.Context, mmsi navicert.MMSI, at time.Time) (serve.VesselDetail, error) {
	var d serve.VesselDetail
	if at.IsZero() {
		at = b.now()
	}
	_, last, n, err := b.db.Span(ctx, mmsi, at)
	if err != nil {
		return d, err
	}
	if n == 0 {
		return d, navicert.Errorf(navicert.NotFound, "vessel", "MMSI "+mmsi.String(), "no position of it is held at or before %s", navicert.At(at))
	}
	latest, err := b.Latest(ctx, last, time.Millisecond)
	if err != nil {
		return d, err
	}
	for _, v := range latest {
		if v.MMSI == mmsi {
			d.Vessel = v
		}
	}
	if d.Identities, err = b.db.Identities(ctx, 0, mmsi, at); err != nil {
		return d, err
	}
	if d.Events, err = b.Events(ctx, detect.Filter{MMSI: mmsi, To: at.Add(time.Millisecond)}); err != nil {
		return d, err
	}
	cs, err := b.db.Certificates(ctx, time.Time{}, newestCertificates)
	if err != nil {
		return d, err
	}
	for _, c := range cs {
		if s := c.Subject.Vessel; s.MMSI == mmsi || s.IMO != 0 && s.IMO == d.Vessel.IMO {
			d.Certificates = append(d.Certificates, serve.CertificateSummary{
				ID: c.ID, Verdict: c.Verdict, VoyageID: c.Subject.ID, AsOf: c.AsOf, IssuedAt: c.IssuedAt,
			})
		}
	}
	return d, nil
}

// trackDefault is how far back a track reaches when no start is given.
const trackDefault = 30 * 24 * time.Hour

// Track gives the fixes of one vessel.
func (b backend) Track(ctx context.Context, mmsi navicert.MMSI, from, to time.Time) ([]navicert.Fix, error) {
	if to.IsZero() {
		_, last, _, err := b.db.Span(ctx, mmsi, b.now())
		if err != nil {
			return nil, err
		}
		to = last.Add(time.Millisecond)
	}
	if from.IsZero() {
		from = to.Add(-trackDefault)
	}
	return b.db.Fixes(ctx, mmsi, from, to)
}

// Zones gives the zones published by asOf, as recorded by knownAt.
func (b backend) Zones(ctx context.Context, asOf, knownAt time.Time) ([]geo.Zone, error) {
	if err := notYet("zones", knownAt, b.now()); err != nil {
		return nil, err
	}
	return b.db.Zones(ctx, asOf, knownAt)
}

// Events gives the behaviour events that a filter lets through.
func (b backend) Events(ctx context.Context, f detect.Filter) ([]navicert.Event, error) {
	events, err := b.db.Events(ctx, f)
	if err != nil {
		return nil, err
	}
	return events, besideLogs(ctx, b.db, events, f.KnownAt)
}

// Publications gives the list publications that are held.
func (b backend) Publications(ctx context.Context) ([]list.Publication, error) {
	return b.db.Publications(ctx)
}

// PullStates says how the lists stand with their publishers.
func (b backend) PullStates(ctx context.Context) ([]list.PullState, error) {
	return b.db.PullStates(ctx, time.Time{})
}

// SubjectChanges says what the move of the lists means for the saved subjects.
func (b backend) SubjectChanges(ctx context.Context, since string, asOf time.Time) ([]screen.Change, error) {
	return b.App.SubjectChanges(ctx, ChangesOptions{Since: since, AsOf: asOf})
}

// View gives the lists as they stood at a time, now when it is zero.
func (b backend) View(ctx context.Context, at screen.When) (*screen.View, error) {
	return b.ScreenView(ctx, at)
}

// Check decides a voyage and stores its certificate.
func (b backend) Check(ctx context.Context, v navicert.Voyage, asOf, knownAt time.Time) (navicert.Certificate, error) {
	return b.App.Check(ctx, v, CheckOptions{AsOf: asOf, KnownAt: knownAt})
}

// Certificates gives the certificates issued since a time, at most limit.
func (b backend) Certificates(ctx context.Context, since time.Time, limit int) ([]navicert.Certificate, error) {
	return b.db.Certificates(ctx, since, limit)
}

// Certificate gives one certificate, by its id.
func (b backend) Certificate(ctx context.Context, id string) (navicert.Certificate, error) {
	return b.db.Certificate(ctx, id)
}

// Settle records how a person settled what a certificate refers for.
func (b backend) Settle(ctx context.Context, in serve.Settling) ([]serve.SettlementNow, error) {
	settled, err := b.App.Settle(ctx, Settling(in))
	return b.standing(settled), err
}

// Settlements gives all settlements, the oldest first.
func (b backend) Settlements(ctx context.Context) ([]serve.SettlementNow, error) {
	all, err := b.App.Settlements(ctx)
	return b.standing(all), err
}

// WithdrawSettlement takes a settlement back; it stays as history.
func (b backend) WithdrawSettlement(ctx context.Context, id string, by serve.Withdrawal) (serve.SettlementNow, error) {
	if err := b.App.WithdrawSettlement(ctx, id, by.Who, by.Why); err != nil {
		return serve.SettlementNow{}, err
	}
	all, err := b.App.Settlements(ctx)
	i := slices.IndexFunc(all, func(s decide.Settlement) bool { return s.ID == id })
	if err != nil || i < 0 {
		return serve.SettlementNow{}, err
	}
	return b.standing(all[i:])[0], nil
}

func (b backend) standing(settlements []decide.Settlement) []serve.SettlementNow {
	out := make([]serve.SettlementNow, len(settlements))
	for i, s := range settlements {
		out[i] = serve.SettlementNow{Settlement: s, State: b.SettlementState(s)}
	}
	return out
}
