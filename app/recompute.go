package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"navicert"
	"navicert/decide"
	"navicert/rule"
	"navicert/seal"
)

// Recomputation is what came of computing a certificate again.
type Recomputation struct {
	Certificate string            `json:"certificate"`
	Same        bool              `json:"same"`                  // byte for byte
	Differences []seal.Difference `json:"differences,omitempty"` // each field that differs, and why
	Cannot      string            `json:"cannot,omitempty"`      // why it could not be computed again at all
}

// Recompute computes a certificate again from what it was computed from: the
// publications, zones, events, licences, settlements and further facts that this
// data directory had recorded by its known_at, under the rule packs that it names.
// The result must have the same canonical bytes, without its seal.
func (a *App) Recompute(ctx context.Context, c navicert.Certificate) (Recomputation, error) {
	r := Recomputation{Certificate: c.ID}
	rules, changed, err := a.rulesOf(ctx, c)
	if err != nil {
		if k := navicert.KindOf(err); k == navicert.NotFound || k == navicert.Invalid || k == navicert.Unsupported {
			r.Cannot = err.Error()
			return r, nil
		}
		return r, err
	}
	now, err := a.deciderUnder(rules).Decide(ctx, c.Subject, decide.Times{AsOf: c.AsOf.Time, KnownAt: c.KnownAt.Time, IssuedAt: c.IssuedAt.Time})
	if err != nil {
		if navicert.KindOf(err) == navicert.Invalid { // of the voyage or the rules, not of the store
			r.Cannot = err.Error()
			return r, nil
		}
		return r, err
	}
	if now, err = seal.Digest(now); err != nil {
		return r, err
	}
	r.Differences, err = seal.Differences(c, now)
	if err != nil {
		return r, err
	}
	r.Same = len(r.Differences) == 0
	if why := explanations(c, now, changed); !r.Same {
		for i := range r.Differences {
			r.Differences[i].Why = why.of(r.Differences[i].Path)
		}
	}
	return r, nil
}

// rulesOf loads the packs that a certificate names: the ones kept when it was
// issued or, where one is not held, the pack of that name as it is now; changed
// says how that differs.
func (a *App) rulesOf(ctx context.Context, c navicert.Certificate) (set *rule.Set, changed []string, err error) {
	const op = "recompute"
	packs := make([]*rule.Pack, len(c.Rules.Packs))
	for i, ref := range c.Rules.Packs {
		source, err := a.db.Pack(ctx, ref.SHA256)
		switch {
		case err == nil:
			if packs[i], err = rule.Load(bytes.NewReader(source), ref.Pack); err != nil {
				return nil, nil, err
			}
			continue
		case navicert.KindOf(err) != navicert.NotFound:
			return nil, nil, err
		}
		if packs[i], err = a.packNow(ref.Pack); err != nil {
			return nil, nil, navicert.Errorf(navicert.KindOf(err), op, c.ID, "rule pack %s %s (sha256 %s) is not in this data directory: %w", ref.Pack, ref.Version, ref.SHA256, err)
		}
		if is := packs[i].Ref(); is.SHA256 != ref.SHA256 {
			changed = append(changed, fmt.Sprintf("rules differ: pack %s %s → %s, sha256 %s → %s", ref.Pack, ref.Version, is.Version, ref.SHA256, is.SHA256))
		}
	}
	if len(packs) == 0 {
		return nil, nil, navicert.Errorf(navicert.Invalid, op, c.ID, "it names no rule pack")
	}
	set, err = rule.NewSet(packs...)
	return set, changed, err
}

// packNow is the pack of a name as it is now: in force here, or embedded.
func (a *App) packNow(name string) (*rule.Pack, error) {
	set, err := a.rules()
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(set.Packs(), func(p *rule.Pack) bool { return p.Name == name }); i >= 0 {
		return set.Packs()[i], nil
	}
	return LoadPack(name)
}

// causes say why a recomputed certificate differs.
type causes struct {
	rules  []string
	inputs []string
	engine string
	ais    string
}

// explanations compare what a certificate was computed from with what there is.
func explanations(before, now navicert.Certificate, rules []string) causes {
	w := causes{rules: rules}
	if before.Engine != now.Engine {
		w.engine = fmt.Sprintf("engine differs: %s → %s", before.Engine, now.Engine)
	}
	held := func(in []navicert.Input, source string) (string, bool) {
		for _, i := range in {
			if i.Source == source {
				return i.SHA256, true
			}
		}
		return "", false
	}
	ruleInput := func(source string) bool { return strings.HasPrefix(source, "rules/") }
	for _, in := range before.Inputs {
		sum, ok := held(now.Inputs, in.Source)
		switch {
		case ruleInput(in.Source) || slices.Contains(now.Inputs, in):
		case ok:
			w.inputs = append(w.inputs, fmt.Sprintf("%s is another here: sha256 %s → %s", inputWords(in.Source), in.SHA256, sum))
		default:
			w.inputs = append(w.inputs, inputWords(in.Source)+" is not in this data directory, or was recorded after known_at")
		}
	}
	for _, in := range now.Inputs {
		if _, ok := held(before.Inputs, in.Source); !ok && !ruleInput(in.Source) {
			w.inputs = append(w.inputs, inputWords(in.Source)+" is in this data directory and was not used then")
		}
	}
	for _, s := range before.Searched {
		if s.Kind != navicert.SourceAIS {
			continue
		}
		i := slices.IndexFunc(now.Searched, func(n navicert.Searched) bool { return n.Kind == s.Kind && n.Source == s.Source })
		switch {
		case i < 0:
			w.ais = s.Source + " are not in this data directory"
		case now.Searched[i] != s:
			w.ais = fmt.Sprintf("%s: %d then, %d now; positions carry no time of recording, so that those stored since count too", s.Source, s.Entries, now.Searched[i].Entries)
		}
	}
	return w
}

// inputWords name an input for a person.
func inputWords(source string) string {
	switch kind, name, ok := strings.Cut(source, "/"); {
	case ok && kind == "zones":
		return "zone file " + name
	case ok && kind == "settlements":
		return "settlement " + name
	case ok && kind == "clearings":
		return "clearing " + name
	case ok && kind == "licence":
		return "licence record " + name
	case source == "events":
		return "the set of the vessel's events"
	case source == "coverage":
		return "what was heard of others where the vessel was last"
	case source == "ownership":
		return "the set of ownership facts"
	}
	return "publication " + source
}

// of says why a field differs.
func (w causes) of(path string) string {
	field, _, _ := strings.Cut(strings.TrimPrefix(path, "$."), ".")
	field, _, _ = strings.Cut(field, "[")
	var why []string
	switch field {
	case "engine":
		why = []string{w.engine}
	case "rules":
		why = w.rules
	case "id", "digest":
		return "it is the hash of what the other fields say"
	default:
		why = append(append(slices.Clone(w.inputs), w.rules...), w.ais)
		if field == "inputs" {
			why = append(slices.Clone(w.inputs), w.rules...)
		}
		why = append(why, w.engine)
	}
	if why = slices.DeleteFunc(why, func(s string) bool { return s == "" }); len(why) > 0 {
		return strings.Join(why, "; ")
	}
	return "no input differs: the certificate was changed, or something that is not pinned was (places, sea lanes, configuration, reports stored since)"
}

// ReadCertificate reads one certificate from JSON, strictly.
func ReadCertificate(b []byte) (navicert.Certificate, error) {
	c, err := seal.ReadCertificate(b)
	if err == nil && (c.ID == "" || c.Digest == "") {
		err = errors.New("it has no id or no digest")
	}
	if err != nil {
		return c, navicert.Errorf(navicert.Invalid, "certificate", c.ID, "%w", err)
	}
	return c, nil
}

// ReadCertificateFile reads a file of one certificate.
func ReadCertificateFile(name string) (navicert.Certificate, error) {
	b, err := readAtMost("certificate", name, seal.MaxCertificate)
	if err != nil {
		return navicert.Certificate{}, err
	}
	return ReadCertificate(b)
}
