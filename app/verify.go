package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"navicert"
	"navicert/seal"
	"navicert/seal/bundle"
	"navicert/seal/tlog"
)

// VerifyOptions say by what a certificate is verified. No data directory is
// needed when a key is given.
type VerifyOptions struct {
	Keys       []string // public keys of issuers: each a file, or the key itself; none is this installation's own
	Checkpoint string   // a file with a checkpoint of the issuer's log that was kept, or a witness's request
	Log        string   // the folder of a copy of the issuer's log
	Witnesses  []string // public keys of witnesses, each a file or NAME+hash+base64, beside those that are known
	Required   int      // how many must have cosigned
}

// Verifier verifies certificates and bundles. It is safe for concurrent use.
type Verifier struct {
	keys   []seal.Keys
	policy seal.Policy
	log    *tlog.Log
}

// NewVerifier reads what is verified by.
func (c Config) NewVerifier(opt VerifyOptions) (*Verifier, error) {
	v := &Verifier{policy: seal.Policy{Required: max(opt.Required, c.WitnessesRequired)}}
	for _, k := range opt.Keys {
		keys, err := ReadKeys(k)
		if err != nil {
			return nil, err
		}
		v.keys = append(v.keys, keys)
	}
	var err error
	if v.policy.Witnesses, err = c.Witnesses(); err != nil {
		return nil, err
	}
	if len(v.keys) == 0 {
		own, err := c.PublicKeys()
		if navicert.KindOf(err) == navicert.NotFound {
			return nil, navicert.Errorf(navicert.Invalid, "verify", "", "by which key? This installation has none of its own").
				WithHint("give the issuer's public key by --key; its navicert keys export prints it")
		}
		if err != nil {
			return nil, err
		}
		v.keys = append(v.keys, own)
	}
	for _, w := range opt.Witnesses {
		keys, err := ReadKeys(w)
		if err != nil {
			return nil, err
		}
		name, _, _ := strings.Cut(keys.Key, "+")
		witness, err := seal.NewWitness(name, keys.Key)
		if err != nil {
			return nil, err
		}
		v.policy.Witnesses = v.policy.Witnesses.With(witness)
	}
	if opt.Checkpoint != "" {
		b, err := ReadSmall("checkpoint", opt.Checkpoint)
		if err != nil {
			return nil, err
		}
		r, err := seal.ParseRequest(b)
		if err != nil {
			return nil, err
		}
		v.policy.Older = &r
	}
	if opt.Log != "" {
		v.log = tlog.New(opt.Log)
		if _, err := v.log.Checkpoint(); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// ReadKeys reads a public key from a file, or takes it as it is written.
func ReadKeys(s string) (seal.Keys, error) {
	if strings.Count(s, "+") >= 2 && !fileExists(s) {
		return seal.ParseKeys([]byte(s))
	}
	b, err := ReadSmall("public key", s)
	if err != nil {
		return seal.Keys{}, err
	}
	return seal.ParseKeys(b)
}

func fileExists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// ReadSmall reads a file of keys or checkpoints.
func ReadSmall(op, name string) ([]byte, error) { return readAtMost(op, name, 1<<20) }

func readAtMost(op, name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, op, name, "%w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, op, name, "%w", err)
	}
	if int64(len(b)) > most {
		return nil, navicert.Errorf(navicert.Limit, op, name, "it has more than %d bytes", most)
	}
	return b, nil
}

// VerifyFile verifies a certificate or a bundle. A report says what was found;
// an error, that the file could not be read.
func (v *Verifier) VerifyFile(name string) (seal.Report, error) {
	b, err := readAtMost("verify", name, bundle.MaxBytes)
	if err != nil {
		return seal.Report{}, err
	}
	return v.Verify(b)
}

// Verify verifies the bytes of a certificate or a bundle.
func (v *Verifier) Verify(b []byte) (seal.Report, error) {
	var r seal.Report
	if !bundle.Is(b) {
		policy, err := v.with()
		if err != nil {
			return r, err
		}
		return seal.Verify(b, policy), nil
	}
	// The rotations in a bundle are signed statements of their own, by which the
	// keys given may lead to the one that signed it.
	var rotations []string
	raw, err := bundle.Peek(b, bundle.KeysName)
	if err == nil && raw == nil {
		err = errors.New("it is not there")
	}
	if err == nil {
		var keys seal.Keys
		keys, err = seal.ParseKeys(raw)
		rotations = keys.Rotations
	}
	if err != nil {
		r.Add(bundle.CheckBytes, fmt.Errorf("%s: %w", bundle.KeysName, err), "")
		return r, nil
	}
	policy, err := v.with(rotations...)
	if err != nil { // a rotation that does not verify
		r.Add(bundle.CheckBytes, err, "")
		return r, nil
	}
	files := bundle.Open(b, policy.Trust, &r)
	if files == nil {
		return r, nil
	}
	inner := seal.Verify(files[bundle.CertificateName], policy)
	r.Certificate, r.Verdict = inner.Certificate, inner.Verdict
	r.Checks, r.OK = append(r.Checks, inner.Checks...), r.OK && inner.OK
	left, err := leftOutOf(files)
	detail := "all that the certificate cites is in the bundle"
	if len(left) > 0 {
		detail = fmt.Sprintf("%d records that the certificate cites are not in the bundle: %s", len(left), leftWords(left))
	}
	r.Add(checkRecords, err, detail)
	if c, err := seal.ReadCertificate(files[bundle.CertificateName]); err == nil { // else a check above has failed
		r.Add(checkRules, rulesAsCited(c, files, left), "each rule pack in the bundle has the hash that the certificate gives")
	}
	return r, nil
}

// leftOutOf reads what a bundle says that it does not hold.
func leftOutOf(files map[string][]byte) (left []leftOut, err error) {
	b, ok := files[leftOutFile]
	if !ok {
		return nil, navicert.Errorf(navicert.Invalid, "bundle", leftOutFile, "it is not there, so that it cannot be said whether the bundle is whole")
	}
	if err := json.Unmarshal(b, &left); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "bundle", leftOutFile, "%w", err)
	}
	return left, nil
}

// leftWords name the first of what is left out.
func leftWords(left []leftOut) string {
	const most = 3
	var words []string
	for _, l := range left[:min(most, len(left))] {
		words = append(words, l.What+" ("+l.Why+")")
	}
	if len(left) > most {
		words = append(words, "…")
	}
	return strings.Join(words, "; ")
}

// with is the policy by the keys given and rotations from elsewhere.
func (v *Verifier) with(rotations ...string) (seal.Policy, error) {
	p := v.policy
	var err error
	if p.Trust, err = seal.NewTrust(v.keys, rotations...); err != nil {
		return p, err
	}
	if v.log == nil {
		return p, nil
	}
	raw, err := v.log.Checkpoint()
	if err != nil {
		return p, err
	}
	now, err := seal.OpenCheckpoint(raw, p.Trust, p.Witnesses)
	if err != nil {
		return p, navicert.Errorf(navicert.Conflict, "verify", "", "the checkpoint of the log: %w", err)
	}
	p.Log, p.Now = v.log, &now
	return p, nil
}

// The checks of what a bundle holds beside the certificate.
const (
	checkRecords = "records"
	checkRules   = "rules"
)

// rulesAsCited fails unless the rule packs in a bundle are those that the
// certificate applied, byte for byte. A pack that could not be put in must be
// named in the bundle's list of what is missing.
func rulesAsCited(c navicert.Certificate, files map[string][]byte, left []leftOut) error {
	for _, ref := range c.Rules.Packs {
		text, ok := files[packFile(ref)]
		if !ok {
			if !slices.ContainsFunc(left, func(l leftOut) bool { return l.What == packWords(ref) }) {
				return navicert.Errorf(navicert.Conflict, "rules", ref.Pack, "its text is not in the bundle, which does not say why")
			}
			continue
		}
		if got := strings.TrimPrefix(bundle.Digest(text), "sha256:"); got != ref.SHA256 {
			return navicert.Errorf(navicert.Conflict, "rules", ref.Pack, "its text has the hash %s, the certificate gives %s", got, ref.SHA256)
		}
	}
	return nil
}

// packWords name a rule pack that is left out of a bundle.
func packWords(ref navicert.PackRef) string { return "the rule pack " + ref.Pack + " " + ref.Version }

// packFile is where a rule pack's text lies in a bundle.
func packFile(ref navicert.PackRef) string {
	return "rules/" + fileWord(filepath.Base(ref.Pack)) + "-" + fileWord(ref.Version) + ".yaml"
}

// fileWord makes a text part of a file's name.
func fileWord(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.', r == '@':
			return r
		}
		return '_'
	}, s)
}
