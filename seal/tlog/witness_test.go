package tlog_test

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"navicert"
	"navicert/seal"
	"navicert/seal/tlog"
)

// TestCosignedTwice holds that a checkpoint that a witness cosigned twice stays
// with the first, and that a witness keeps to the keys that it knows of a log.
func TestCosignedTwice(t *testing.T) {
	issuer, witness := install(t, t.TempDir()), install(t, t.TempDir())
	issuer.store.issue(t, 2)
	issuer.seal(t)
	keys, err := issuer.ring.Public()
	if err != nil {
		t.Fatal(err)
	}
	memory := tlog.NewMemory(filepath.Join(witness.dir, "witness"))
	k, err := witness.ring.Key(day)
	if err != nil {
		t.Fatal(err)
	}
	w, err := seal.NewWitness("club", k.Public())
	if err != nil {
		t.Fatal(err)
	}
	request, err := issuer.log.Request(0)
	if err != nil {
		t.Fatal(err)
	}
	first, err := memory.Witness(k, request, &keys)
	if err != nil {
		t.Fatal(err)
	}
	at, err := seal.OpenCheckpoint(first, issuer.trust(t), seal.Witnesses{w})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := issuer.sealer.Cosigned(t.Context(), first, issuer.trust(t), seal.Witnesses{w}); err != nil {
		t.Fatal(err)
	}
	second := first // of another second, as soon as the clock gives one
	for bytes.Equal(second, first) {
		time.Sleep(20 * time.Millisecond)
		if second, err = memory.Witness(k, request, nil); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := issuer.sealer.Cosigned(t.Context(), second, issuer.trust(t), seal.Witnesses{w})
	if err != nil || !bytes.Equal(kept.Note, at.Note) || len(kept.Witnesses) != 1 {
		t.Errorf("the second cosignature: %v, %s", err, kept.Note)
	}

	stranger := install(t, t.TempDir())
	other, err := stranger.ring.Key(day)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := memory.Witness(k, request, &seal.Keys{Key: other.Public()}); navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("another key given for a known log: %v, want a conflict", err)
	}
	if _, err := issuer.sealer.Rotate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if keys, err = issuer.ring.Public(); err != nil {
		t.Fatal(err)
	}
	if request, err = issuer.log.Request(0); err != nil {
		t.Fatal(err)
	}
	if _, err := memory.Witness(k, request, &keys); err != nil {
		t.Errorf("after a rotation: %v", err)
	}
	if _, err := memory.Witness(k, request, nil); err != nil {
		t.Errorf("the keys after a rotation are not remembered: %v", err)
	}
}
