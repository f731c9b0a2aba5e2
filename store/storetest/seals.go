package storetest

import (
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"navicert"
)

var sealTests = map[string]func(*testing.T, Store){
	"nothing is held":       noSeals,
	"order and limit":       unsealedOrder,
	"round trip":            sealRoundTrip,
	"all or none":           sealsAllOrNone,
	"one entry, one seal":   oneEntryOneSeal,
	"a seal is kept":        sealIsKept,
	"cancelled":             cancelledSeals,
	"sealed while writing":  sealedWhileWriting,
	"certificates as given": sealIsNotPut,
}

func sealOf(index uint64) navicert.Seal {
	return navicert.Seal{Log: "navicert/x", Key: "navicert/x+1+A", Signature: "c2ln", Index: index, Checkpoint: "navicert/x\n1\nAA==\n\n— s\n", Proof: []string{"aGFzaA=="}}
}

func unsealed(t *testing.T, s Store, limit int) string {
	t.Helper()
	ids := []string{}
	for _, c := range must(s.Unsealed(t.Context(), limit))(t) {
		if held := must(s.Certificate(t.Context(), c.ID))(t); c.Digest != held.Digest {
			t.Errorf("%s: digest %q, held is %q", c.ID, c.Digest, held.Digest)
		}
		if seal := must(s.Seal(t.Context(), c.ID))(t); seal != nil {
			t.Errorf("%s has no seal, and that seal is %+v", c.ID, seal)
		}
		ids = append(ids, c.ID)
	}
	return fmt.Sprint(ids)
}

func noSeals(t *testing.T, s Store) {
	if n := must(s.SealedTo(t.Context()))(t); n != 0 {
		t.Errorf("an empty store is sealed to %d", n)
	}
	if cs := must(s.Unsealed(t.Context(), 10))(t); cs == nil || len(cs) != 0 {
		t.Errorf("an empty store has unsealed certificates %#v, want none and not nil", cs)
	}
	if err := s.PutSeals(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func unsealedOrder(t *testing.T, s Store) {
	for i, id := range []string{"c", "a", "b", "d"} {
		putCertificate(t, s, certificate(id, at(float64(9-i))))
	}
	if got := unsealed(t, s, 3); got != "[c a b]" {
		t.Errorf("unsealed are %s, want those stored first", got)
	}
	if err := s.PutSeals(t.Context(), map[string]navicert.Seal{"a": sealOf(0), "c": sealOf(7)}); err != nil {
		t.Fatal(err)
	}
	if seal := must(s.Seal(t.Context(), "c"))(t); seal == nil || !reflect.DeepEqual(*seal, sealOf(7)) {
		t.Errorf("the seal of c is %+v", seal)
	}
	if _, err := s.Seal(t.Context(), "x"); navicert.KindOf(err) != navicert.NotFound {
		t.Errorf("the seal of a certificate that is not held: %v", err)
	}
	if got := unsealed(t, s, 9); got != "[b d]" {
		t.Errorf("unsealed are %s, want [b d]", got)
	}
	if n := must(s.SealedTo(t.Context()))(t); n != 8 {
		t.Errorf("sealed to %d, want 8", n)
	}
}

func sealRoundTrip(t *testing.T, s Store) {
	c := certificate("a", at(1))
	putCertificate(t, s, c)
	seal := sealOf(3)
	wantAllFields(t, seal)
	if err := s.PutSeals(t.Context(), map[string]navicert.Seal{"a": seal}); err != nil {
		t.Fatal(err)
	}
	c.Seal = &seal
	sameBytes(t, "the certificate read", must(s.Certificate(t.Context(), "a"))(t), c)
	sameBytes(t, "the certificate listed", must(s.Certificates(t.Context(), time.Time{}, 0))(t)[0], c)
	sameBytes(t, "the certificate put again", putCertificate(t, s, certificate("a", at(5))), c)
}

func sealsAllOrNone(t *testing.T, s Store) {
	putCertificate(t, s, certificate("a", at(1)))
	err := s.PutSeals(t.Context(), map[string]navicert.Seal{"a": sealOf(0), "b": sealOf(1)})
	wantErr(t, err, navicert.Conflict)
	if got := unsealed(t, s, 9); got != "[a]" {
		t.Errorf("after a failure unsealed are %s, want [a]", got)
	}
}

func oneEntryOneSeal(t *testing.T, s Store) {
	putCertificate(t, s, certificate("a", at(1)))
	putCertificate(t, s, certificate("b", at(1)))
	if err := s.PutSeals(t.Context(), map[string]navicert.Seal{"a": sealOf(4), "b": sealOf(4)}); err == nil {
		t.Error("two certificates have one entry")
	}
	if got := unsealed(t, s, 9); got != "[a b]" {
		t.Errorf("after a failure unsealed are %s, want [a b]", got)
	}
}

func sealIsKept(t *testing.T, s Store) {
	putCertificate(t, s, certificate("a", at(1)))
	if err := s.PutSeals(t.Context(), map[string]navicert.Seal{"a": sealOf(0)}); err != nil {
		t.Fatal(err)
	}
	wantErr(t, s.PutSeals(t.Context(), map[string]navicert.Seal{"a": sealOf(1)}), navicert.Conflict)
	if c := must(s.Certificate(t.Context(), "a"))(t); c.Seal == nil || c.Seal.Index != 0 {
		t.Errorf("the seal is %+v, want the first", c.Seal)
	}
}

func sealIsNotPut(t *testing.T, s Store) {
	c, seal := certificate("a", at(1)), sealOf(0)
	c.Seal = &seal
	if held := putCertificate(t, s, c); held.Seal != nil {
		t.Error("a certificate came back sealed that the log does not hold")
	}
}

func cancelledSeals(t *testing.T, s Store) {
	putCertificate(t, s, certificate("a", at(1)))
	_, err := s.Unsealed(canceled(), 1)
	wantCanceled(t, err)
	_, err = s.SealedTo(canceled())
	wantCanceled(t, err)
	wantCanceled(t, s.PutSeals(canceled(), map[string]navicert.Seal{"a": sealOf(0)}))
	if got := unsealed(t, s, 9); got != "[a]" {
		t.Errorf("unsealed are %s, want [a]", got)
	}
}

// sealedWhileWriting holds that nothing is sealed twice or left out while
// certificates come in.
func sealedWhileWriting(t *testing.T, s Store) {
	const n = 60
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range n {
			putCertificate(t, s, certificate(fmt.Sprint(i), at(float64(i))))
		}
	})
	for sealed := uint64(0); sealed < n; {
		seals := map[string]navicert.Seal{}
		for _, c := range must(s.Unsealed(t.Context(), 7))(t) {
			seals[c.ID] = sealOf(sealed)
			sealed++
		}
		if err := s.PutSeals(t.Context(), seals); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
	if got := unsealed(t, s, 9); got != "[]" {
		t.Errorf("unsealed are %s, want none", got)
	}
}
