package app

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"navicert"
	"navicert/rule"
	"navicert/screen"
	"navicert/seal"
	"navicert/seal/bundle"
)

// licencesPart adds the records of licences that are evidence, that lifted a
// reason, or that the voyage relies on.
func licencesPart(ctx context.Context, b *bundling) error {
	const name = "licences.jsonl"
	held, err := b.Licences(ctx, screen.When{AsOf: b.cert.AsOf.Time, KnownAt: b.cert.KnownAt.Time})
	if err != nil {
		return err
	}
	wanted := slices.Clone(b.cert.Subject.Licences)
	for _, r := range b.cert.Reasons {
		if r.LiftedBy != nil {
			wanted = append(wanted, r.LiftedBy.Licence)
		}
	}
	err = b.cites(navicert.EvidenceLicence, func(e *cited) (string, error) {
		wanted = append(wanted, e.Ref)
		return name, nil
	})
	if err != nil {
		return err
	}
	slices.Sort(wanted)
	var records []HeldLicence
	for _, id := range slices.Compact(wanted) {
		i := slices.IndexFunc(held, func(l HeldLicence) bool { return l.ID == id })
		if i < 0 {
			b.leave("the licence "+id, "no record of it is held")
			continue
		}
		records = append(records, held[i])
	}
	return addLines(b, name, records)
}

// ruleParts adds the text of every rule pack that was applied, byte for byte,
// and the rules that fired by themselves.
func ruleParts(ctx context.Context, b *bundling) error {
	var packs []*rule.Pack
	for _, ref := range b.cert.Rules.Packs {
		text, err := b.db.Pack(ctx, ref.SHA256)
		if navicert.KindOf(err) == navicert.NotFound {
			b.leave(packWords(ref), "its text with the hash %s is not held", ref.SHA256)
			continue
		}
		if err != nil {
			return err
		}
		b.add(packFile(ref), text)
		p, err := rule.Load(bytes.NewReader(text), ref.Pack)
		if err != nil {
			b.leave("the rules of "+ref.Pack+" that fired", "this version does not read the pack: %v", err)
			continue
		}
		packs = append(packs, p)
	}
	type fired struct {
		Name string `json:"rule"`
		rule.Rule
	}
	var rules []fired
	for _, r := range b.cert.Reasons {
		pack, id, _ := strings.Cut(r.Rule, "/")
		for _, p := range packs {
			if p.Name != pack {
				continue
			}
			for _, x := range p.Rules {
				if x.ID == id && !slices.ContainsFunc(rules, func(f fired) bool { return f.Name == r.Rule }) {
					x.Cases = nil
					rules = append(rules, fired{r.Rule, x})
				}
			}
		}
	}
	return addLines(b, "rules/fired.jsonl", rules)
}

// logParts adds the seal in the forms that other tools read, and the keys.
func logParts(_ context.Context, b *bundling) error {
	s := b.cert.Seal
	if s == nil {
		return navicert.Errorf(navicert.Conflict, "bundle", b.cert.ID, "the certificate has no seal")
	}
	b.add("log/entry.txt", seal.Entry(b.cert.ID, b.cert.Digest))
	b.add("log/checkpoint.txt", []byte(s.Checkpoint))
	var proof bytes.Buffer
	fmt.Fprintf(&proof, "c2sp.org/tlog-proof@v1\nindex %d\n", s.Index)
	for _, h := range s.Proof {
		fmt.Fprintln(&proof, h)
	}
	fmt.Fprintf(&proof, "\n%s", s.Checkpoint)
	b.add("log/proof.txt", proof.Bytes())
	return b.addJSON(bundle.KeysName, b.keys)
}

// missingPart says what could not be put in, and fills in the list of evidence.
func missingPart(_ context.Context, b *bundling) error {
	left := b.left
	if left == nil {
		left = []leftOut{}
	}
	slices.SortFunc(left, func(x, y leftOut) int { return strings.Compare(x.What+x.Why, y.What+y.Why) })
	if err := b.addJSON(leftOutFile, slices.Compact(left)); err != nil {
		return err
	}
	said := b.said
	if said == nil {
		said = []cited{}
	}
	if err := b.addJSON(evidenceFile, said); err != nil {
		return err
	}
	filled := b.parts[len(b.parts)-1]
	b.parts = b.parts[:len(b.parts)-1]
	i := slices.IndexFunc(b.parts, func(p bundle.Part) bool { return p.Name == evidenceFile })
	b.parts[i] = filled
	return nil
}

// readme is for the reader who has the bundle and nothing else.
func (b *bundling) readme() []byte {
	var w bytes.Buffer
	c := b.cert
	line := func(format string, args ...any) { fmt.Fprintf(&w, format+"\n", args...) }
	line("CERTIFICATE %s", c.ID)
	if c.Simulated {
		line("SIMULATED: it rests on invented data.")
	}
	line("")
	line("Verdict:  %s", strings.ToUpper(string(c.Verdict)))
	line("Vessel:   %s", c.Subject.Vessel.Label())
	if c.Subject.From != "" || c.Subject.To != "" {
		line("Voyage:   %s to %s", c.Subject.From, c.Subject.To)
	}
	line("As of:    %s, with what was known at %s", c.AsOf, c.KnownAt)
	line("Issued:   %s by %s (%s)", c.IssuedAt, c.Seal.Log, c.Engine)
	line("")
	line("Reasons:")
	if len(c.Reasons) == 0 {
		line("  none: nothing was found")
	}
	for i, r := range c.Reasons {
		line("  %d. %s %s: %s", i+1, strings.ToUpper(string(r.Outcome)), r.Rule, r.Text)
		if r.LiftedBy != nil {
			line("     lifted by %s: %s", r.LiftedBy.Licence, r.LiftedBy.Condition)
		}
		if r.Settle != "" {
			line("     to settle: %s", r.Settle)
		}
		for _, e := range b.said {
			if strings.HasPrefix(e.Of, fmt.Sprintf("reason %d:", i+1)) {
				line("     %s %s %s%s", e.Kind, e.Source, e.Ref, inFiles(e.Files))
			}
		}
	}
	line("")
	line("Files:")
	for _, f := range [][2]string{
		{bundle.CertificateName, "the certificate with its seal, in canonical form (RFC 8785)"},
		{pdfFile, "the same for people, to read and print; where the two differ, the certificate counts"},
		{htmlFile, "and as a page"},
		{evidenceFile, "every piece of evidence, and the file that holds its record"},
		{"lists/", "the list rows that were found, whole; one JSON object a line"},
		{"publications.jsonl", "the list publications that were searched: date, hash, number of entries"},
		{"fixes.jsonl", "the positions that are evidence, as received"},
		{"zones.jsonl", "the zones that are evidence, with their words and area"},
		{"ownership.jsonl", "the facts of who owns whom that are evidence"},
		{"licences.jsonl", "the licences, with their texts"},
		{"rules/", "the text of each rule pack that was applied; fired.jsonl has the rules that fired"},
		{"log/", "the entry in the issuer's log, the signed checkpoint, and the proof that leads from one to the other"},
		{bundle.KeysName, "the issuer's public key and its rotations"},
		{leftOutFile, "records that the certificate cites and that are not in here, and why"},
		{bundle.ManifestName, "the SHA-256 of every file"},
	} {
		line("  %-20s %s", f[0], f[1])
	}
	line("")
	line("To verify:")
	line("  navicert verify THIS.zip --key KEY")
	line("with the issuer's public key, which you have from the issuer and not from here.")
	line("The key that is in use says of itself: %s", b.keys.Key)
	line("with the fingerprint %s.", b.keys.Fingerprint)
	line("Every byte of the archive is signed; the signature is the archive's comment.")
	return w.Bytes()
}

func inFiles(files []string) string {
	if len(files) == 0 {
		return ""
	}
	return " (" + strings.Join(files, ", ") + ")"
}
