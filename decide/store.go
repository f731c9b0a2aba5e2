package decide

import (
	"context"
	"time"

	"navicert"
)

// Certificates keeps issued certificates.
//
// PutCertificate is idempotent per ID: the first one issued stays, and is
// returned. Certificates lists them newest first. Safe for concurrent use.
type Certificates interface {
	PutCertificate(ctx context.Context, c navicert.Certificate) (navicert.Certificate, error)
	Certificate(ctx context.Context, id string) (navicert.Certificate, error)
	Certificates(ctx context.Context, since time.Time, limit int) ([]navicert.Certificate, error)
}
