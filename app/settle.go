package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/screen"
)

// Settling is what a person says of what a certificate refers for.
type Settling struct {
	Of    string // the certificate: its id or the first digits of it, or the voyage's own id, whose newest is meant
	Rule  string // that referred, with or without its pack, or the matter
	Ref   string // of the evidence, where the rule referred for several things
	All   bool   // all that the rule referred for
	Who   string
	What  string // what was seen or done
	Why   string
	Until navicert.Date // the last day on which it holds
}

// settlementDigits of its hash name a settlement; see clearingDigits.
const settlementDigits = 12

// Settle records that a person settled what a rule referred for in a
// certificate. What refuses cannot be settled.
func (a *App) Settle(ctx context.Context, in Settling) ([]decide.Settlement, error) {
	const op = "settle"
	fail := func(kind navicert.Kind, subject, format string, args ...any) ([]decide.Settlement, error) {
		return nil, navicert.Errorf(kind, op, subject, format, args...)
	}
	in.Who, in.What, in.Why = strings.TrimSpace(in.Who), strings.TrimSpace(in.What), strings.TrimSpace(in.Why)
	now := a.now()
	switch until, err := navicert.ParseDate(string(in.Until)); {
	case err != nil:
		return fail(navicert.Invalid, "", "it needs the last day on which it holds: %w", err)
	case in.Who == "" || in.Why == "":
		return fail(navicert.Invalid, "", "it needs who settled it and why")
	case until < navicert.DateOf(now):
		return fail(navicert.Invalid, "", "until %s: that is past", until)
	}
	c, err := a.FindCertificate(ctx, in.Of)
	if err != nil {
		return nil, err
	}
	reasons, err := toSettle(c, in)
	if err != nil {
		return nil, err
	}
	all := make([]decide.Settlement, len(reasons))
	for i, r := range reasons {
		s := decide.Settlement{
			Matter: r.Matter, Rule: r.Rule, Certificate: c.ID, Subject: c.Subject.Vessel.Label(), Asked: r.Settle,
			Who: in.Who, What: in.What, Why: in.Why, At: now, Until: in.Until,
		}
		sha, err := s.SHA256()
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256([]byte(sha))
		s.ID = "s-" + hex.EncodeToString(sum[:])[:settlementDigits]
		all[i] = s
	}
	for _, s := range all {
		if err := a.db.PutSettlement(ctx, s); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// toSettle picks the reasons that are meant.
func toSettle(c navicert.Certificate, in Settling) ([]navicert.Reason, error) {
	fail := func(kind navicert.Kind, format string, args ...any) *navicert.Error {
		return navicert.Errorf(kind, "settle", "certificate "+c.ID, format, args...)
	}
	var found []navicert.Reason
	refuses := false
	for _, r := range c.Reasons {
		if r.Rule != in.Rule && !strings.HasSuffix(r.Rule, "/"+in.Rule) && (r.Matter == "" || r.Matter != in.Rule) {
			continue
		}
		if in.Ref != "" && !slices.ContainsFunc(r.Evidence, func(e navicert.Evidence) bool { return e.Ref == in.Ref }) {
			continue
		}
		switch r.Outcome {
		case navicert.OutcomeRefuse:
			refuses = true
		case navicert.OutcomeRefer, navicert.OutcomeSettled:
			if r.Matter == "" {
				return nil, fail(navicert.Unsupported, "an earlier version issued it, which did not say what its reasons rest on").WithHint("check the voyage again")
			}
			found = append(found, r)
		}
	}
	switch {
	case refuses:
		return nil, fail(navicert.Invalid, "rule %s refuses: only what refers can be settled", in.Rule).
			WithHint("a hit that is somebody else is cleared with navicert cleared add; a licence is named with --licence")
	case len(found) == 0:
		return nil, fail(navicert.NotFound, "no reason of rule %s refers in it", in.Rule).WithHint("it refers for: " + referring(c))
	case len(found) > 1 && !in.All:
		var matters []string
		for _, r := range found {
			matters = append(matters, r.Matter+" ("+r.Text+")")
		}
		return nil, fail(navicert.Conflict, "rule %s refers for %d things in it: %s", in.Rule, len(found), strings.Join(matters, "; ")).
			WithHint("give the matter in place of the rule, or the --ref of its evidence, or --all")
	}
	return found, nil
}

func referring(c navicert.Certificate) string {
	var rules []string
	for _, r := range c.Reasons {
		if r.Outcome == navicert.OutcomeRefer && !slices.Contains(rules, r.Rule) {
			rules = append(rules, r.Rule)
		}
	}
	if len(rules) == 0 {
		return "nothing"
	}
	return strings.Join(rules, ", ")
}

// FindCertificate returns a certificate by its id, by the first digits of it, or
// the newest of a voyage by the voyage's own id.
func (a *App) FindCertificate(ctx context.Context, of string) (navicert.Certificate, error) {
	const op = "find certificate"
	var none navicert.Certificate
	if of == "" {
		return none, navicert.Errorf(navicert.Invalid, op, "", "neither its id nor its voyage's is given")
	}
	ids, err := a.db.FindCertificates(ctx, of)
	if err != nil {
		return none, err
	}
	switch len(ids) {
	case 0:
		return none, navicert.Errorf(navicert.NotFound, op, strconv.Quote(of), "no certificate and no voyage that was checked has this id")
	case 1:
		return a.db.Certificate(ctx, ids[0])
	}
	return none, navicert.Errorf(navicert.Conflict, op, strconv.Quote(of), "several certificates begin so").WithHint("give more digits")
}

// Settlements returns all settlements, the oldest first, those taken back too.
func (a *App) Settlements(ctx context.Context) ([]decide.Settlement, error) {
	return a.db.Settlements(ctx)
}

// SettlementState says how a settlement stands today.
func (a *App) SettlementState(s decide.Settlement) string {
	return findingState(s.Removed, s.Until, a.now(), "in force while what it is about is as it was")
}

// WithdrawSettlement takes a settlement back; it stays as history.
func (a *App) WithdrawSettlement(ctx context.Context, id, who, why string) error {
	return a.db.RemoveSettlement(ctx, id, a.removal(who, why))
}

// removal is who takes something back, now, and why: words, and no blanks for them.
func (a *App) removal(who, why string) screen.Removal {
	return screen.Removal{Who: strings.TrimSpace(who), Why: strings.TrimSpace(why), At: a.now()}
}

// findingState says how something stands that a person found.
func findingState(removed *screen.Removal, until navicert.Date, now time.Time, inForce string) string {
	switch {
	case removed != nil:
		return fmt.Sprintf("taken back by %s on %s", removed.Who, navicert.DateOf(removed.At))
	case until < navicert.DateOf(now):
		return "expired"
	}
	return inForce
}
