package decide

import (
	"context"
	"time"

	"navicert"
	"navicert/rule"
)

// Licences keeps the licence records of the user: specific licences, which
// are known to their holders alone.
//
// PutLicences writes them in one transaction; a record whose ID is held
// already becomes a new revision of it, unless nothing differs. Licences
// returns, for each ID, the newest revision recorded at or before knownAt, by
// ID; a zero time does not restrict. Safe for concurrent use.
type Licences interface {
	PutLicences(ctx context.Context, recorded time.Time, ls []rule.HeldLicence) (changed int, err error)
	Licences(ctx context.Context, knownAt time.Time) ([]rule.HeldLicence, error)
}

// Packs keeps the rule packs that certificates were issued under, by the hash of
// their bytes, so that a certificate can be computed again when the packs in force
// are others.
//
// PutPack is idempotent; bytes of another hash are a navicert.Invalid error. Pack
// of an unknown hash is a navicert.NotFound error. Safe for concurrent use.
type Packs interface {
	PutPack(ctx context.Context, ref navicert.PackRef, source []byte) error
	Pack(ctx context.Context, sha256 string) ([]byte, error)
}

// Issued is a certificate to be stored. JSON is what [seal.Issue] makes of it
// beside its identifier and digest; where there is none the store writes its own.
type Issued struct {
	navicert.Certificate
	JSON []byte
}

// Certificates keeps issued certificates.
//
// PutCertificate is idempotent per ID: the first one issued stays, and is
// returned. PutCertificates does so with all or none of them. Certificates lists them newest first. FindCertificates returns the
// ids of those that may be meant: the one of that id; or else the newest of the
// voyage of that id; or else those, at most two, whose ids begin so, in at least
// four digits. Safe for concurrent use.
type Certificates interface {
	PutCertificate(ctx context.Context, c Issued) (navicert.Certificate, error)
	PutCertificates(ctx context.Context, cs []Issued) ([]navicert.Certificate, error)
	Certificate(ctx context.Context, id string) (navicert.Certificate, error)
	FindCertificates(ctx context.Context, of string) ([]string, error)
	Certificates(ctx context.Context, since time.Time, limit int) ([]navicert.Certificate, error)
}

// Told remembers of each watched voyage, by the reference that its owner gave it,
// the certificate whose answer he was told last.
//
// PutTold writes them in one transaction, each in place of the one before.
// Told returns "" where nothing was told yet. Safe for concurrent use.
type Told interface {
	PutTold(ctx context.Context, at time.Time, certificates map[string]string) error
	Told(ctx context.Context, voyage string) (certificate string, err error)
}

// SavedVoyage is a voyage that is watched until it is taken off. Its reference is
// that of the voyage, which is in normal form.
type SavedVoyage struct {
	Voyage navicert.Voyage `json:"voyage"`
	Who    string          `json:"who,omitempty"`
	Note   string          `json:"note,omitempty"`
	At     time.Time       `json:"at"` // when it was saved so
}

// Voyages keeps the saved voyages.
//
// PutVoyages writes them in one transaction, each in place of one of the same
// reference, and returns how many are new or say something else; one that says the
// same keeps its time. RemoveVoyage of one that is not saved is a
// navicert.NotFound error. Voyages returns all by reference. Safe for concurrent use.
type Voyages interface {
	PutVoyages(ctx context.Context, voyages []SavedVoyage) (changed int, err error)
	RemoveVoyage(ctx context.Context, id string) error
	Voyages(ctx context.Context) ([]SavedVoyage, error)
}
