package tlog_test

import (
	"slices"
	"testing"

	"navicert"
)

// TestAuditMeanwhile holds that an audit takes no fault of what is sealed, or
// signed by a new key, while it reads.
func TestAuditMeanwhile(t *testing.T) {
	i := install(t, t.TempDir())
	i.store.issue(t, 3)
	i.seal(t)
	read := 0
	issued := func(yield func(navicert.Certificate, error) bool) {
		i.store.issue(t, 4) // after the entries were read
		i.seal(t)
		for c, err := range i.store.issued() {
			read++
			if !yield(c, err) {
				return
			}
		}
		i.store.issue(t, 2) // these the store gave no more
		if _, err := i.sealer.Rotate(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	a, err := i.log.Audit(t.Context(), i.trusted, nil, issued)
	if err != nil || !a.OK() || a.Issued != 7 || read != 7 || a.Entries != 9 {
		t.Errorf("%d read: %+v, %v, %v", read, a, a.Err(), err)
	}
	i.store.all[5].Seal.Index = 8 // one that is elsewhere
	if a := i.audit(t); a.OK() || !slices.Equal(a.Missing, []string{i.store.all[5].ID}) {
		t.Errorf("%+v", a)
	}
}
