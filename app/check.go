package app

import (
	"context"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/rule"
	"navicert/seal"
)

// CheckOptions say which day is asked about. Zero times are now.
type CheckOptions struct {
	AsOf    time.Time // the world's time: what had been published by then is used
	KnownAt time.Time // what this installation held by then is used
}

// Check decides one voyage, gives the certificate its identifier and digest,
// stores it and seals it. Checking the same voyage again with the same times and the
// same inputs returns the certificate that was issued first.
func (a *App) Check(ctx context.Context, v navicert.Voyage, opt CheckOptions) (navicert.Certificate, error) {
	d, err := a.decider()
	if err != nil {
		return navicert.Certificate{}, err
	}
	if err := a.ready(ctx); err != nil {
		return navicert.Certificate{}, err
	}
	at, err := a.times(opt)
	if err != nil {
		return navicert.Certificate{}, err
	}
	issued, err := decided(ctx, d, v, at)
	if err != nil {
		return navicert.Certificate{}, err
	}
	if err := a.keepPacks(ctx, d.Rules); err != nil {
		return navicert.Certificate{}, err
	}
	c, err := a.db.PutCertificate(ctx, issued)
	if err != nil {
		return c, err
	}
	return a.sealed(ctx, c)
}

// notYet refuses a time that is yet to come: what will be known then is not known
// yet, and the same question would have another answer later.
func notYet(op string, t, now time.Time) error {
	if t.After(now) {
		return navicert.Errorf(navicert.Invalid, op, "", "known at %s: that is in the future, it is %s", navicert.At(t), navicert.At(now.Truncate(time.Second))).
			WithHint("leave it out to use all that is known now")
	}
	return nil
}

// times fills in the times that are not given.
func (a *App) times(opt CheckOptions) (decide.Times, error) {
	now := a.now()
	at := decide.Times{AsOf: opt.AsOf, KnownAt: opt.KnownAt, IssuedAt: now.Truncate(time.Second)}
	if err := notYet("check", at.KnownAt, now); err != nil {
		return at, err
	}
	if at.KnownAt.IsZero() {
		at.KnownAt = now
	}
	if at.AsOf.IsZero() {
		at.AsOf = at.IssuedAt
	}
	return at, nil
}

// decided is the certificate of a voyage with its identifier and digest, which is
// stored nowhere yet.
func decided(ctx context.Context, d *decide.Decider, v navicert.Voyage, at decide.Times) (c decide.Issued, err error) {
	if c.Certificate, err = d.Decide(ctx, v, at); err != nil {
		return c, err
	}
	c.Certificate, c.JSON, err = seal.Issue(c.Certificate)
	return c, err
}

// decider puts the sources together.
func (a *App) decider() (*decide.Decider, error) {
	rules, err := a.rules()
	if err != nil {
		return nil, err
	}
	return a.deciderUnder(rules), nil
}

// deciderUnder puts the sources together under some rules.
func (a *App) deciderUnder(rules *rule.Set) *decide.Decider {
	return &decide.Decider{
		Lists: a.screener, Tracks: a.db, Events: a.db, Zones: a.db,
		Rules: rules, Lanes: seaLanes, Licences: a.db, Owners: a.owners, Coverage: a.db, Settlements: a.db, Engine: "navicert " + Version,
	}
}

// keepPacks keeps the packs in force beside the certificates that are issued
// under them.
func (a *App) keepPacks(ctx context.Context, rules *rule.Set) error {
	a.packs.Lock()
	defer a.packs.Unlock()
	if a.packsKept {
		return nil
	}
	for _, p := range rules.Packs() {
		if err := a.db.PutPack(ctx, p.Ref(), p.Source()); err != nil {
			return err
		}
	}
	a.packsKept = true
	return nil
}
