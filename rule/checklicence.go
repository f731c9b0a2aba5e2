package rule

import (
	"fmt"
	"strings"

	"navicert"
)

// checkLicences holds every licence record to what a permission must say
// before anything may rest on it.
func (l *loader) checkLicences() error {
	ids := map[string]bool{}
	for i := range l.pack.Licences {
		r := &l.pack.Licences[i]
		path := at(nil, "licences", i)
		r.Pack = l.pack.Name
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
	if r.From.IsZero() {
		return fail("from", "it has no time from which it authorises (from)")
	}
	if !r.Until.IsZero() && !r.Until.After(r.From.Time) {
		return fail("until", "it ends (%s) before it begins (%s)", r.Until, r.From)
	}
	if r.Dated != "" {
		if _, err := navicert.ParseDate(string(r.Dated)); err != nil {
			return fail("dated", "%w", err)
		}
	}
	if r.SHA256 != "" && !sha256Pattern.MatchString(r.SHA256) {
		return fail("sha256", "want the document's SHA-256 as 64 hexadecimal digits")
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
