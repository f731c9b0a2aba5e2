package rule

import (
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones are checked the same on every machine

	"navicert"
)

// checkLicences holds every licence record to what a permission must say
// before anything may rest on it.
func (l *loader) checkLicences() error {
	ids := map[string]bool{}
	for i := range l.pack.Licences {
		r := &l.pack.Licences[i]
		path := at(nil, "licences", i)
		r.Pack, r.recorded = l.pack.Name, l.pack.Recorded.Time
		if !licencePattern.MatchString(r.ID) {
			return l.fail(at(path, "id"), "a licence needs an id of letters, digits and . _ / -")
		}
		if ids[r.ID] {
			return l.fail(at(path, "id"), "there is another licence %s", r.ID)
		}
		ids[r.ID] = true
		if err := l.checkLicence(r, path); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) checkLicence(r *LicenceRecord, path []any) error {
	fail := func(key, format string, args ...any) error {
		return l.fail(at(path, key), "licence %s: %w", r.ID, fmt.Errorf(format, args...))
	}
	if r.Kind != General && r.Kind != Specific {
		return fail("kind", "kind %q is not general or specific", r.Kind)
	}
	for _, need := range []struct{ key, value string }{
		{"authority", r.Authority}, {"title", r.Title}, {"source", r.Source}, {"text", r.Text},
	} {
		if strings.TrimSpace(need.value) == "" {
			return fail(need.key, "it has no %s", need.key)
		}
	}
	if len(r.Text) > maxText {
		return fail("text", "the text is longer than %d bytes", maxText)
	}
	if r.From.IsZero() != r.FromUnknown {
		return fail("from", "it needs the time from which it authorises (from), or from_unknown: true, and not both")
	}
	if !r.From.IsZero() && !r.Until.IsZero() && !r.Until.After(r.From.Time) {
		return fail("until", "it ends (%s) before it begins (%s)", r.Until, r.From)
	}
	if r.Dated != "" {
		if _, err := navicert.ParseDate(string(r.Dated)); err != nil {
			return fail("dated", "%w", err)
		}
	}
	if !r.Known.IsZero() && r.Dated != "" && r.Known.Before(r.Dated.Start()) {
		return fail("known", "it was on record (%s) before it was dated (%s)", r.Known, r.Dated)
	}
	if r.SHA256 != "" && !sha256Pattern.MatchString(r.SHA256) {
		return fail("sha256", "want the document's SHA-256 as 64 hexadecimal digits")
	}
	if err := checkTerms(r, fail); err != nil {
		return err
	}
	for i, imo := range r.Vessels {
		n, err := navicert.ParseIMO(imo)
		if err != nil {
			return fail("vessels", "%w", err)
		}
		r.Vessels[i] = n.String()
	}
	for _, list := range []struct {
		key       string
		countries []string
	}{{"countries", r.Countries}, {"destinations", r.Destinations}, {"excluded_countries", r.ExcludedCountries}} {
		for _, c := range list.countries {
			if f, err := navicert.ParseFlag(c); c != Anything && (err != nil || string(f) != c) {
				return fail(list.key, "%q is not an ISO 3166 alpha-2 code", c)
			}
		}
	}
	return nil
}

// checkTerms holds what a record says in terms: its zone, its class, its
// duties and what it cannot lift.
func checkTerms(r *LicenceRecord, fail func(key, format string, args ...any) error) error {
	if err := checkZone(r, fail); err != nil {
		return err
	}
	if r.Replaces == r.ID {
		return fail("replaces", "it replaces itself")
	}
	if e := r.Eligible; e != nil {
		if e.Class == "" || r.Who == "" {
			return fail("eligible", "it needs a class, and the class in words (who)")
		}
		if _, err := navicert.ParseDate(string(e.OrganisedBy)); e.OrganisedBy != "" && err != nil {
			return fail("eligible", "%w", err)
		}
		for _, c := range e.OrganisedUnder {
			if f, err := navicert.ParseFlag(c); err != nil || string(f) != c {
				return fail("eligible", "%q is not an ISO 3166 alpha-2 code", c)
			}
		}
	}
	for _, d := range r.Duties {
		if d.Report == "" || len(d.To) == 0 || d.FirstDays < 0 || d.EveryDays < 0 || d.FirstDays+d.EveryDays == 0 {
			return fail("duties", "a duty needs a report, to whom, and first_days or every_days")
		}
	}
	for _, c := range r.CannotLift {
		if !slices.Contains(Lifts(), c) {
			return fail("cannot_lift", "%q is none of %s", c, strings.Join(Lifts(), ", "))
		}
		if c == BlockedVessel && r.BlockedVessels {
			return fail("cannot_lift", "it says that it cannot lift a blocked vessel, and that it extends to blocked vessels")
		}
	}
	if r.OwnedEntities && len(r.Persons) == 0 {
		return fail("owned_entities", "it serves what its persons own, and names none (persons)")
	}
	return nil
}

// checkZone holds that times were written with an offset that their zone had
// then: the -05:00 of winter in June is an hour off.
func checkZone(r *LicenceRecord, fail func(key, format string, args ...any) error) error {
	if r.Expiry != "" && (r.Until.IsZero() || r.Zone == "") {
		return fail("expiry", "an end in words needs until and zone too")
	}
	if r.Zone == "" {
		return nil
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil || r.Zone == "Local" {
		return fail("zone", "%q is no time zone: want one as America/New_York", r.Zone)
	}
	for _, i := range []struct {
		key string
		at  navicert.Instant
	}{{"from", r.From}, {"until", r.Until}, {"effective", r.Effective}} {
		// Licences begin and end at midnight or a minute past it. One that is an
		// hour off that has the offset of the other season.
		if h, m, _ := i.at.In(zone).Clock(); !i.at.IsZero() && (h == 23 || h == 1) && m <= 1 {
			return fail(i.key, "%s is %s in %s: is that the offset of the other season?", i.at, i.at.In(zone).Format("15:04 MST"), r.Zone)
		}
	}
	return nil
}

// pathText prints a path for a message: lifted_by.when, evidence.1.
func pathText(path []any) string {
	var b strings.Builder
	for i, step := range path {
		if i > 0 {
			b.WriteByte('.')
		}
		fmt.Fprint(&b, step)
	}
	return b.String()
}
