package rule

import (
	"io"
	"reflect"
	"slices"
	"time"

	"navicert"
)

// HeldLicence is a licence record that a user keeps, with who entered it. What
// a specific licence says is known to its holder alone.
type HeldLicence struct {
	LicenceRecord
	EnteredBy  string           `json:"entered_by"`
	File       string           `json:"file,omitempty"`        // it was read from
	FileSHA256 string           `json:"file_sha256,omitempty"` // of that file
	RecordedAt navicert.Instant `json:"recorded_at,omitzero"`  // set by the store
}

// ReadLicences reads licence records from YAML or JSON: a mapping with the one
// key licences. It is as strict as a pack: an unknown key is an error with line
// and column. name is the file's, for messages.
func ReadLicences(r io.Reader, name string) ([]LicenceRecord, error) {
	const op = "licences import"
	b, err := readAll(op, r, name, maxPackBytes)
	if err != nil {
		return nil, err
	}
	doc, err := parseYAML(op, name, b)
	if err != nil {
		return nil, err
	}
	var in struct {
		Licences []LicenceRecord `json:"licences"`
	}
	if err := doc.decode(doc.root, reflect.ValueOf(&in).Elem()); err != nil {
		return nil, err
	}
	l := &loader{doc: doc, pack: &Pack{Licences: in.Licences}}
	if len(in.Licences) == 0 || len(in.Licences) > maxLicences {
		return nil, l.fail(nil, "it holds %d licences: want 1 to %d, under the key licences", len(in.Licences), maxLicences)
	}
	if err := l.checkLicences(); err != nil {
		return nil, err
	}
	return in.Licences, nil
}

// Replacement returns the record that took the place of another by t, and from
// when; ok is false when none had. Of several the first counts.
func Replacement(records []LicenceRecord, id string, t time.Time) (by LicenceRecord, from time.Time, ok bool) {
	for i := range records {
		r := &records[i]
		if r.Replaces != id || r.Stands().After(t) {
			continue
		}
		if !ok || r.Stands().Before(from) || r.Stands().Equal(from) && r.ID < by.ID {
			by, from, ok = *r, r.Stands(), true
		}
	}
	return by, from, ok
}

// Standing returns the record of a licence's chain that stood at t: the one
// asked about, or what has taken its place by then, or what it took the place
// of when it does not stand yet. ok is false when none of them stood.
func Standing(records []LicenceRecord, id string, t time.Time) (l LicenceRecord, ok bool) {
	for _, c := range Chain(records, id) {
		if !c.Stands().After(t) {
			l, ok = c, true
		}
	}
	return l, ok
}

// Chain returns the records that replace each other around a licence, the
// oldest first.
func Chain(records []LicenceRecord, id string) []LicenceRecord {
	i := slices.IndexFunc(records, func(r LicenceRecord) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	chain, seen := []LicenceRecord{records[i]}, map[string]bool{id: true}
	for { // backwards
		i := slices.IndexFunc(records, func(r LicenceRecord) bool { return r.ID == chain[0].Replaces })
		if i < 0 || seen[records[i].ID] {
			break
		}
		seen[records[i].ID] = true
		chain = slices.Insert(chain, 0, records[i])
	}
	for { // forwards
		by, _, ok := Replacement(records, chain[len(chain)-1].ID, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
		if !ok || seen[by.ID] {
			return chain
		}
		seen[by.ID] = true
		chain = append(chain, by)
	}
}

// FactAmong is [LicenceRecord.Fact] with what the other records say of its
// place: a licence that another has replaced by then authorises no longer, and
// one that is to be replaced ends then.
func (l LicenceRecord) FactAmong(records []LicenceRecord, claimed bool, at time.Time, parties []Party) Licence {
	f := l.Fact(claimed, at, parties)
	by, from, ok := Replacement(records, l.ID, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	if !ok {
		return f
	}
	if f.Until.IsZero() || from.Before(f.Until) {
		f.Until = from
	}
	if !at.Before(from) {
		f.InForce, f.ReplacedBy = false, by.ID
		f.Evidence = append(f.Evidence, navicert.Evidence{
			Kind: navicert.EvidenceLicence, Source: by.Source, Publication: by.Dated, Ref: by.ID,
			Text: by.Title + " took the place of " + l.ID + " from " + from.UTC().Format(time.RFC3339) + ".",
		})
	}
	return f
}
