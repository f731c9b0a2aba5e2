package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"time"

	"navicert"
	"navicert/feed"
	"navicert/rule"
	"navicert/screen"
)

// LicenceImport says what became of a file of licence records.
type LicenceImport struct {
	Source   string   `json:"source"`
	SHA256   string   `json:"sha256"`
	Licences []string `json:"licences"` // their ids
	Changed  int      `json:"changed"`  // new, or a new revision
}

// maxLicenceFile is how much of a file of records is read; a pack may be as
// large.
const maxLicenceFile = 1 << 20

// ImportLicences reads a file of licence records and keeps them; by answers
// for them. A file with one wrong record is refused whole. An id that a pack
// uses is a conflict: a licence must not have two records.
func (a *App) ImportLicences(ctx context.Context, path, by string) (LicenceImport, error) {
	s, err := feed.Open(ctx, path)
	if err != nil {
		return LicenceImport{}, err
	}
	defer s.Close()
	return a.ImportLicencesFrom(ctx, s, s.Name, by)
}

// ImportLicencesFrom does the same for a stream.
func (a *App) ImportLicencesFrom(ctx context.Context, r io.Reader, source, by string) (LicenceImport, error) {
	const op = "licences import"
	b, err := io.ReadAll(io.LimitReader(r, maxLicenceFile))
	if err != nil {
		return LicenceImport{}, navicert.Errorf(navicert.Unavailable, op, source, "%w", err)
	}
	records, err := rule.ReadLicences(bytes.NewReader(b), source)
	if err != nil {
		return LicenceImport{}, err
	}
	set, err := LoadRules(append(rule.EmbeddedNames(), a.cfg.Rules...))
	if err != nil {
		return LicenceImport{}, err
	}
	sum := sha256.Sum256(b)
	in := LicenceImport{Source: source, SHA256: hex.EncodeToString(sum[:])}
	held := make([]rule.HeldLicence, len(records))
	for i, l := range records {
		if p, ok := set.Licence(l.ID); ok {
			return LicenceImport{}, navicert.Errorf(navicert.Conflict, op, source, "pack %s records a licence %s already", p.Pack, l.ID).
				WithHint("nothing was imported; give yours another id")
		}
		held[i] = rule.HeldLicence{LicenceRecord: l, EnteredBy: by, File: source, FileSHA256: in.SHA256}
		in.Licences = append(in.Licences, l.ID)
	}
	in.Changed, err = a.db.PutLicences(ctx, a.now(), held)
	return in, err
}

// OwnLicence is where a record is held that the user keeps.
const OwnLicence = "own"

// HeldLicence is a licence record with where it is held and what it is worth
// at the time asked about.
type HeldLicence struct {
	rule.HeldLicence
	HeldIn string `json:"held_in"` // the pack's name, or "own"
	State  string `json:"state"`   // "in force", "not yet", "ended", "replaced by ID", "cannot tell"
}

// Licences returns the records of the packs in force and those that the user
// keeps, as far as they had been signed and recorded by then, by id.
func (a *App) Licences(ctx context.Context, at screen.When) ([]HeldLicence, error) {
	if err := notYet("licences", at.KnownAt, a.now()); err != nil {
		return nil, err
	}
	if at.AsOf.IsZero() {
		at.AsOf = a.now()
	}
	set, err := a.rules()
	if err != nil {
		return nil, err
	}
	own, err := a.db.Licences(ctx, at.KnownAt)
	if err != nil {
		return nil, err
	}
	var all []HeldLicence
	for _, l := range set.Licences() {
		all = append(all, HeldLicence{HeldLicence: rule.HeldLicence{LicenceRecord: l}, HeldIn: l.Pack})
	}
	for _, l := range own {
		all = append(all, HeldLicence{HeldLicence: l, HeldIn: OwnLicence})
	}
	on := navicert.DateOf(at.AsOf)
	all = slices.DeleteFunc(all, func(l HeldLicence) bool { return l.Dated > on })
	slices.SortStableFunc(all, func(x, y HeldLicence) int { return strings.Compare(x.ID, y.ID) })
	records := make([]rule.LicenceRecord, len(all))
	for i := range all {
		records[i] = all[i].LicenceRecord
	}
	for i := range all {
		all[i].State = licenceState(records, &records[i], at.AsOf)
	}
	return all, nil
}

// licenceState says whether a licence authorises at t.
func licenceState(records []rule.LicenceRecord, l *rule.LicenceRecord, t time.Time) string {
	f := l.FactAmong(records, false, t, nil)
	switch {
	case f.ReplacedBy != "":
		return "replaced by " + f.ReplacedBy
	case f.InForce:
		return "in force"
	case l.FromUnknown:
		return "cannot tell"
	case t.Before(l.From.Time):
		return "not yet"
	}
	return "ended"
}
