package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/list"
	"navicert/paper"
	"navicert/screen/own"
	"navicert/seal"
	"navicert/seal/bundle"
)

// bundleParts makes the parts of a bundle, in their order in it. To put
// something more into bundles, add a line.
var bundleParts = []func(context.Context, *bundling) error{
	certificatePart, documentParts, evidencePart, listParts, publicationsPart, fixesPart, eventsPart, zonesPart,
	ownershipPart, licencesPart, ruleParts, logParts, missingPart,
}

// bundling is a bundle in the making.
type bundling struct {
	*App
	cert  navicert.Certificate
	keys  seal.Keys
	parts []bundle.Part
	said  []cited // every piece of evidence
	left  []leftOut
}

// cited is a piece of evidence, which reason or event it is of, and the files
// of the bundle in which the record lies that it was taken from.
type cited struct {
	Of    string        `json:"of"` // "reason 1: general/listed-vessel", "event ID"
	MMSI  navicert.MMSI `json:"mmsi,omitempty"`
	Files []string      `json:"files,omitempty"`
	navicert.Evidence
}

// leftOut is a record that the certificate cites and the bundle does not hold.
type leftOut struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

func (b *bundling) add(name string, data []byte) {
	b.parts = append(b.parts, bundle.Part{Name: name, Data: data})
}

func (b *bundling) leave(what string, format string, args ...any) {
	b.left = append(b.left, leftOut{what, fmt.Sprintf(format, args...)})
}

// addJSON adds a value as indented JSON.
func (b *bundling) addJSON(name string, v any) error {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	b.add(name, out.Bytes())
	return nil
}

// Bundle makes the bundle of a certificate that is held: one file with the
// certificate and every record that it rests on, as far as they are held,
// signed by this installation's key. The same certificate gives the same bytes
// until the key is rotated or a witness has cosigned more.
func (a *App) Bundle(ctx context.Context, id string) ([]byte, error) {
	if err := a.ready(ctx); err != nil {
		return nil, err
	}
	cert, err := a.db.Certificate(ctx, id)
	if err != nil {
		return nil, err
	}
	if cert, err = a.underKeyInUse(ctx, cert); err != nil {
		return nil, err
	}
	if cert, err = a.witnessed(ctx, cert); err != nil {
		return nil, err
	}
	b := &bundling{App: a, cert: cert, said: evidenceOf(cert)}
	if b.keys, err = a.ring.Public(); err != nil {
		return nil, err
	}
	for _, part := range bundleParts {
		if err := part(ctx, b); err != nil {
			return nil, err
		}
	}
	readme := bundle.Part{Name: "README.txt", Data: b.readme()}
	var out []byte
	err = a.sealer.With(ctx, func(k *seal.Key) error {
		out, err = bundle.Write(id, append([]bundle.Part{readme}, b.parts...), k)
		return err
	})
	return out, err
}

// underKeyInUse gives a certificate of before a rotation the checkpoint of the
// log as the last rotation found it, signed by the key in use: one by a key that
// was replaced proves less.
func (a *App) underKeyInUse(ctx context.Context, c navicert.Certificate) (navicert.Certificate, error) {
	keys, err := a.ring.Public()
	if err != nil || c.Seal == nil || len(keys.Rotations) == 0 {
		return c, err
	}
	r, err := seal.ParseRotation(keys.Rotations[len(keys.Rotations)-1])
	if err != nil || c.Seal.Index >= r.Size {
		return c, err
	}
	var s navicert.Seal
	err = a.sealer.With(ctx, func(k *seal.Key) error {
		note, err := seal.SignCheckpoint(k, r.Size, r.Root)
		if err != nil {
			return err
		}
		s, err = a.log.Upgrade(ctx, *c.Seal, seal.Checkpoint{Size: r.Size, Note: note})
		return err
	})
	c.Seal = &s
	return c, err
}

// witnessed gives the certificate the oldest checkpoint that enough witnesses
// have cosigned, where there is one.
func (a *App) witnessed(ctx context.Context, c navicert.Certificate) (navicert.Certificate, error) {
	ws, err := a.cfg.Witnesses()
	if err != nil || len(ws) == 0 || c.Seal == nil {
		return c, err
	}
	trust, err := a.trust()
	if err != nil {
		return c, err
	}
	at, err := a.log.Witnessed(c.Seal.Index, a.cfg.WitnessesRequired, trust, ws)
	if navicert.KindOf(err) == navicert.NotFound {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	s, err := a.log.Upgrade(ctx, *c.Seal, at)
	c.Seal = &s
	return c, err
}

// evidenceOf lists every piece of evidence in a certificate.
func evidenceOf(c navicert.Certificate) []cited {
	var all []cited
	mmsi := map[string]navicert.MMSI{}
	for _, e := range c.Events {
		mmsi[e.ID] = e.MMSI
	}
	for i, r := range c.Reasons {
		of := fmt.Sprintf("reason %d: %s", i+1, r.Rule)
		about := c.Subject.Vessel.MMSI
		for _, e := range r.Evidence {
			if e.Kind == navicert.EvidenceEvent && mmsi[e.Ref] != 0 {
				about = mmsi[e.Ref] // the fixes behind it are of its vessel
			}
			all = append(all, cited{Of: of, MMSI: about, Evidence: e})
		}
	}
	for _, ev := range c.Events {
		for _, e := range ev.Evidence {
			all = append(all, cited{Of: "event " + ev.ID, MMSI: ev.MMSI, Evidence: e})
		}
	}
	return all
}

func certificatePart(_ context.Context, b *bundling) error {
	c, err := seal.Canonical(b.cert)
	if err != nil {
		return err
	}
	b.add(bundle.CertificateName, c)
	return nil
}

// documentParts add the certificate as documents for people, set from the same
// certificate. Of its seal they show what a newer checkpoint does not change.
func documentParts(_ context.Context, b *bundling) error {
	for _, form := range []struct {
		name string
		set  func(navicert.Certificate) ([]byte, error)
	}{{htmlFile, paper.HTML}, {pdfFile, paper.PDF}} {
		data, err := form.set(b.cert)
		if err != nil {
			return err
		}
		b.add(form.name, data)
	}
	return nil
}

// evidencePart reserves the place of the list of evidence, which is filled in
// when it is known which files hold what.
func evidencePart(_ context.Context, b *bundling) error {
	b.add(evidenceFile, nil)
	return nil
}

// Files in which a bundle speaks of itself.
const (
	evidenceFile = "evidence.json"
	leftOutFile  = "left-out.json"
)

// Files of a bundle that are for people.
const (
	htmlFile = "certificate.html"
	pdfFile  = "certificate.pdf"
)

// cites yields the evidence of a kind; the file named holds its record.
func (b *bundling) cites(kind navicert.EvidenceKind, each func(e *cited) (file string, err error)) error {
	for i := range b.said {
		e := &b.said[i]
		if e.Kind != kind {
			continue
		}
		file, err := each(e)
		if err != nil {
			return err
		}
		if file != "" {
			e.Files = append(e.Files, file)
		}
	}
	return nil
}

// listParts adds the rows of lists that were found, whole, from the
// publications that the certificate names.
func listParts(ctx context.Context, b *bundling) error {
	type issue struct {
		list string
		date navicert.Date
	}
	wanted := map[issue]map[string]bool{}
	name := func(p issue) string { return "lists/" + fileWord(p.list) + "@" + fileWord(string(p.date)) + ".jsonl" }
	err := b.cites(navicert.EvidenceListEntry, func(e *cited) (string, error) {
		p := issue{e.Source, e.Publication}
		if wanted[p] == nil {
			wanted[p] = map[string]bool{}
		}
		wanted[p][e.Ref] = true
		return name(p), nil
	})
	if err != nil {
		return err
	}
	issues := make([]issue, 0, len(wanted))
	for p := range wanted {
		issues = append(issues, p)
	}
	slices.SortFunc(issues, func(x, y issue) int { return cmp.Compare(name(x), name(y)) })
	for _, p := range issues {
		var rows []list.Entry
		for e, err := range b.db.Entries(ctx, p.list, p.date) {
			if navicert.KindOf(err) == navicert.NotFound {
				break // each of its rows is named below
			}
			if err != nil {
				return err
			}
			if wanted[p][e.ID] {
				rows = append(rows, e)
				delete(wanted[p], e.ID)
			}
		}
		for ref := range wanted[p] {
			b.leave(p.list+" "+ref, "the publication of %s is not held, or has no such entry", p.date)
		}
		if err := addLines(b, name(p), rows); err != nil {
			return err
		}
	}
	return nil
}

// addLines adds values as JSON, one a line.
func addLines[T any](b *bundling, name string, vs []T) error {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for _, v := range vs {
		if err := enc.Encode(v); err != nil {
			return err
		}
	}
	b.add(name, out.Bytes())
	return nil
}

// publicationsPart adds what is known of each list publication searched.
func publicationsPart(ctx context.Context, b *bundling) error {
	held, err := b.db.Publications(ctx)
	if err != nil {
		return err
	}
	var ps []list.Publication
	for _, s := range b.cert.Searched {
		for _, p := range held {
			if s.Kind == navicert.SourceList && s.SHA256 != "" && p.List == s.Source && p.Date == s.Publication && p.SHA256 == s.SHA256 {
				ps = append(ps, p)
			}
		}
	}
	return addLines(b, "publications.jsonl", ps)
}

// fixesPart adds the positions and reports that are evidence, as received.
func fixesPart(ctx context.Context, b *bundling) error {
	const name = "fixes.jsonl"
	var fixes []navicert.Fix
	seen := map[string]bool{}
	err := b.cites(navicert.EvidenceFix, func(e *cited) (string, error) {
		if e.MMSI == 0 || e.Time.IsZero() {
			return "", nil
		}
		held, err := b.db.Fixes(ctx, e.MMSI, e.Time.Time, e.Time.Add(time.Millisecond))
		if err != nil {
			return "", err
		}
		for _, f := range held {
			if f.Ref.Source != e.Source || detect.RefText(f.Ref) != e.Ref {
				continue
			}
			if key := fmt.Sprint(f.MMSI, f.Time, f.Ref); !seen[key] {
				seen[key] = true
				fixes = append(fixes, f)
			}
			return name, nil
		}
		b.leave(fmt.Sprintf("the position of %s at %s, %s of %s", e.MMSI, e.Time, e.Ref, e.Source), "it is not held, or is another vessel's")
		return "", nil
	})
	if err != nil {
		return err
	}
	return addLines(b, name, fixes)
}

// eventsPart says where events stand: in the certificate.
func eventsPart(_ context.Context, b *bundling) error {
	return b.cites(navicert.EvidenceEvent, func(e *cited) (string, error) {
		for _, held := range b.cert.Events {
			if held.ID == e.Ref {
				return bundle.CertificateName, nil
			}
		}
		return "", nil
	})
}

// zonesPart adds the zones that are evidence, as they stood.
func zonesPart(ctx context.Context, b *bundling) error {
	const name = "zones.jsonl"
	held, err := b.db.Zones(ctx, b.cert.AsOf.Time, b.cert.KnownAt.Time)
	if err != nil {
		return err
	}
	var zones []geo.Zone
	err = b.cites(navicert.EvidenceZone, func(e *cited) (string, error) {
		if i := slices.IndexFunc(held, func(z geo.Zone) bool { return z.ID == e.Ref }); i >= 0 {
			if !slices.ContainsFunc(zones, func(z geo.Zone) bool { return z.ID == e.Ref }) {
				zones = append(zones, held[i])
			}
			return name, nil
		}
		b.leave("the zone "+e.Ref, "it is not held as of %s", b.cert.AsOf)
		return "", nil
	})
	if err != nil {
		return err
	}
	return addLines(b, name, zones)
}

// ownershipPart adds the facts of ownership that are evidence.
func ownershipPart(ctx context.Context, b *bundling) error {
	const name = "ownership.jsonl"
	held, err := b.db.Ownership(ctx, b.cert.AsOf.Time, b.cert.KnownAt.Time)
	if err != nil {
		return err
	}
	var facts []own.Fact
	seen := map[string]bool{}
	err = b.cites(navicert.EvidenceOwnership, func(e *cited) (string, error) {
		for i := range held {
			if held[i].ID() == e.Ref {
				if !seen[e.Ref] {
					seen[e.Ref] = true
					facts = append(facts, held[i])
				}
				return name, nil
			}
		}
		b.leave("the ownership fact "+e.Ref, "it is not held as of %s", b.cert.AsOf)
		return "", nil
	})
	if err != nil {
		return err
	}
	return addLines(b, name, facts)
}
