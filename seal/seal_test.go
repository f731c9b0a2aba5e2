package seal_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/rfc6962"
	"pgregory.net/rapid"

	"navicert"
	"navicert/seal"
	"navicert/seal/sealtest"
)

func key(t testing.TB) (*seal.Key, *seal.Trust) {
	t.Helper()
	k, err := seal.GenerateKey("")
	if err != nil {
		t.Fatal(err)
	}
	trust, err := seal.NewTrust([]seal.Keys{{Key: k.Public()}})
	if err != nil {
		t.Fatal(err)
	}
	return k, trust
}

// sealed is a certificate that is the second of two entries of a log.
func sealed(t testing.TB, k *seal.Key) []byte {
	t.Helper()
	c, err := seal.Digest(cert())
	if err != nil {
		t.Fatal(err)
	}
	h := rfc6962.DefaultHasher
	before := h.HashLeaf(seal.Entry("00", "sha256:00"))
	entry := seal.Entry(c.ID, c.Digest)
	checkpoint, err := seal.SignCheckpoint(k, 2, h.HashChildren(before, h.HashLeaf(entry)))
	if err != nil {
		t.Fatal(err)
	}
	signature, err := k.Sign(entry)
	if err != nil {
		t.Fatal(err)
	}
	c.Seal = &navicert.Seal{Log: k.Name(), Key: k.Public(), Signature: signature, Index: 1, Checkpoint: string(checkpoint), Proof: []string{b64(before)}}
	b, err := seal.Canonical(c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func b64(b []byte) string {
	s, _ := json.Marshal(b)
	return strings.Trim(string(s), `"`)
}

// TestVerifyEachByte holds that no byte of a sealed certificate can be changed
// or removed, but for another way of writing the same JSON ("1E+21").
func TestVerifyEachByte(t *testing.T) {
	k, trust := key(t)
	b := sealed(t, k)
	p := seal.Policy{Trust: trust}
	spelt := 0
	same := func(m []byte) bool {
		c, err := seal.Canonical(json.RawMessage(m))
		return err == nil && bytes.Equal(c, b)
	}
	if r := seal.Verify(b, p); !r.OK {
		t.Fatalf("%+v", r)
	}
	for i := range b {
		for bit := range 8 {
			m := bytes.Clone(b)
			m[i] ^= 1 << bit
			if r := seal.Verify(m, p); r.OK {
				if same(m) {
					spelt++
					continue
				}
				t.Fatalf("bit %d of byte %d was flipped, and it verifies: …%s…", bit, i, m[max(0, i-30):min(len(m), i+30)])
			}
		}
		if m := append(bytes.Clone(b[:i]), b[i+1:]...); seal.Verify(m, p).OK {
			if !same(m) {
				t.Fatalf("byte %d was removed, and it verifies", i)
			}
			spelt++
		}
	}
	if spelt > 2 {
		t.Errorf("%d changes spell the same JSON, want those to a number with an exponent", spelt)
	}
}

// TestVerifyForm holds that the form of the JSON does not matter, and its
// content does.
func TestVerifyForm(t *testing.T) {
	k, trust := key(t)
	b := sealed(t, k)
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, b, "", "  "); err != nil {
		t.Fatal(err)
	}
	if r := seal.Verify(pretty.Bytes(), seal.Policy{Trust: trust}); !r.OK {
		t.Errorf("indented: %+v", r)
	}
	for name, m := range map[string]string{
		"key twice":       strings.Replace(string(b), `"verdict":"refer"`, `"verdict":"clear","verdict":"refer"`, 1),
		"key's case":      strings.Replace(string(b), `"verdict":`, `"Verdict":`, 1),
		"unknown field":   strings.Replace(string(b), `"verdict":`, `"colour":"red","verdict":`, 1),
		"something after": string(b) + "{}",
		"no seal":         string(b[:bytes.Index(b, []byte(`,"searched"`))]) + "}",
		"empty":           "",
		"null":            "null",
		"array":           "[]",
		"deep":            strings.Repeat("[", 100_000),
	} {
		if r := seal.Verify([]byte(m), seal.Policy{Trust: trust}); r.OK || len(r.Checks) == 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// TestOtherKey holds that the seal of another key of the same name is refused.
func TestOtherKey(t *testing.T) {
	k, _ := key(t)
	other, err := seal.GenerateKey(k.Name())
	if err != nil {
		t.Fatal(err)
	}
	trust, err := seal.NewTrust([]seal.Keys{{Key: other.Public()}})
	if err != nil {
		t.Fatal(err)
	}
	r := seal.Verify(sealed(t, k), seal.Policy{Trust: trust})
	if r.OK {
		t.Errorf("%+v", r)
	}
}

// TestRotations holds which keys rotations make trusted.
// TestSecondSuccessor: a key that was replaced cannot bring in another successor,
// whoever brings the rotation; one that leads to no trusted key is of no effect.
func TestSecondSuccessor(t *testing.T) {
	at := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	old, _ := key(t)
	rotate := func(from *seal.Key, size uint64) (*seal.Key, string) {
		to, err := seal.GenerateKey(from.Name())
		if err != nil {
			t.Fatal(err)
		}
		s, err := seal.Rotate(from, to, at, size, make([]byte, 32))
		if err != nil {
			t.Fatal(err)
		}
		return to, s
	}
	own, first := rotate(old, 10)
	_, thief := rotate(old, 10)
	given := []seal.Keys{{Key: own.Public(), Rotations: []string{first}}}
	if _, err := seal.NewTrust(given, first); err != nil {
		t.Errorf("the same rotation again: %v", err)
	}
	if _, err := seal.NewTrust(given, thief); navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("another successor: %v, want a conflict", err)
	}
	stranger, _ := key(t)
	_, a := rotate(stranger, 3)
	_, b := rotate(stranger, 4)
	if _, err := seal.NewTrust(given, a, b); err != nil {
		t.Errorf("rotations of a stranger: %v", err)
	}
}

func TestRotations(t *testing.T) {
	keys := make([]*seal.Key, 4)
	var rotations []string
	for i := range keys {
		name := ""
		if i > 0 {
			name = keys[0].Name()
		}
		k, err := seal.GenerateKey(name)
		if err != nil {
			t.Fatal(err)
		}
		keys[i] = k
		if i > 0 {
			s, err := seal.Rotate(keys[i-1], k, time.Date(2026, 1, i, 0, 0, 0, 0, time.UTC), uint64(i), make([]byte, 32))
			if err != nil {
				t.Fatal(err)
			}
			rotations = append(rotations, s)
		}
	}
	for from := range keys {
		trust, err := seal.NewTrust([]seal.Keys{{Key: keys[from].Public(), Rotations: rotations}})
		if err != nil {
			t.Fatal(err)
		}
		for i, k := range keys {
			for size := uint64(0); size < 6; size++ {
				c, err := seal.SignCheckpoint(k, size, make([]byte, 32))
				if err != nil {
					t.Fatal(err)
				}
				_, err = seal.OpenCheckpoint(c, trust, nil)
				if good := i == len(keys)-1 || size <= uint64(i+1); (err == nil) != good {
					t.Errorf("trusting key %d, a checkpoint of %d entries by key %d: %v", from, size, i, err)
				}
			}
		}
	}
	for i := range rotations[0] {
		m := []byte(rotations[0])
		m[i] ^= 1
		if _, err := seal.ParseRotation(string(m)); err == nil {
			t.Fatalf("byte %d of a rotation was changed, and it is taken", i)
		}
	}
	stranger, _ := key(t)
	trust, err := seal.NewTrust([]seal.Keys{{Key: stranger.Public(), Rotations: rotations}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := seal.SignCheckpoint(keys[3], 1, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seal.OpenCheckpoint(c, trust, nil); err == nil {
		t.Error("rotations between strangers make one of them trusted")
	}
}

// TestCosign holds what counts as a witness.
func TestCosign(t *testing.T) {
	k, trust := key(t)
	w, _ := key(t)
	raw, err := seal.SignCheckpoint(k, 7, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	c, err := seal.OpenCheckpoint(raw, trust, nil)
	if err != nil {
		t.Fatal(err)
	}
	line, err := seal.Cosign(w, c)
	if err != nil {
		t.Fatal(err)
	}
	cosigned := append(bytes.Clone(raw), line...)
	known, err := seal.NewWitness("club", w.Public())
	if err != nil {
		t.Fatal(err)
	}
	got, err := seal.OpenCheckpoint(cosigned, trust, seal.Witnesses{known})
	if err != nil || len(got.Witnesses) != 1 || got.Witnesses[0] != "club" || got.Unknown != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := seal.OpenCheckpoint(cosigned, trust, nil); err != nil || len(got.Witnesses) != 0 || got.Unknown != 1 {
		t.Errorf("an unknown witness: %+v, %v", got, err)
	}
	if twice := append(bytes.Clone(cosigned), line...); true {
		if _, err := seal.OpenCheckpoint(twice, trust, seal.Witnesses{known}); err == nil {
			t.Error("a cosignature that is there twice is taken")
		}
	}
	for i := range cosigned {
		m := bytes.Clone(cosigned)
		m[i] ^= 1
		if got, err := seal.OpenCheckpoint(m, trust, seal.Witnesses{known}); err == nil && len(got.Witnesses) == 1 {
			t.Fatalf("byte %d was changed, and the cosignature counts", i)
		}
	}
	if joined := seal.WithCosignatures(raw, cosigned); !bytes.Equal(joined, cosigned) || !bytes.Equal(seal.WithCosignatures(joined, cosigned), cosigned) {
		t.Errorf("joined: %s", joined)
	}
}

func TestRequest(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		in := seal.Request{Old: rapid.Uint64().Draw(r, "old"), Checkpoint: []byte("navicert/x\n1\nAA==\n\n— x AAAA\n")}
		for range rapid.IntRange(0, 64).Draw(r, "hashes") {
			in.Proof = append(in.Proof, rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(r, "hash"))
		}
		out, err := seal.ParseRequest(in.Marshal())
		if err != nil || !bytes.Equal(out.Marshal(), in.Marshal()) || out.Old != in.Old || len(out.Proof) != len(in.Proof) {
			r.Fatalf("%+v, %v", out, err)
		}
	})
}

// TestWitnessesOnce: one witness given twice, in either way of writing its key, is
// one witness.
func TestWitnessesOnce(t *testing.T) {
	k, trust := key(t)
	w, _ := key(t)
	raw, err := seal.SignCheckpoint(k, 7, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	c, err := seal.OpenCheckpoint(raw, trust, nil)
	if err != nil {
		t.Fatal(err)
	}
	line, err := seal.Cosign(w, c)
	if err != nil {
		t.Fatal(err)
	}
	var ws seal.Witnesses
	for _, name := range []string{"club", "club", "another name"} {
		known, err := seal.NewWitness(name, w.Public())
		if err != nil {
			t.Fatal(err)
		}
		ws = ws.With(known)
	}
	got, err := seal.OpenCheckpoint(append(bytes.Clone(raw), line...), trust, ws)
	if err != nil || len(ws) != 1 || len(got.Witnesses) != 1 {
		t.Errorf("%d known, %+v, %v", len(ws), got, err)
	}
}

// TestReplacedKey holds for what a key is good that was replaced.
func TestReplacedKey(t *testing.T) {
	from, _ := key(t)
	to, err := seal.GenerateKey(from.Name())
	if err != nil {
		t.Fatal(err)
	}
	good := sealed(t, from) // entry 1 of 2
	var c navicert.Certificate
	if err := json.Unmarshal(good, &c); err != nil {
		t.Fatal(err)
	}
	_, _, root, err := seal.PeekCheckpoint([]byte(c.Seal.Checkpoint))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		size   uint64
		root   []byte
		signed *seal.Key // the checkpoint
		want   bool
	}{
		{2, root, from, true},
		{2, root, to, true},
		{3, make([]byte, 32), from, true},
		{2, make([]byte, 32), from, false}, // another log than the one that was rotated
		{1, make([]byte, 32), from, false},
		{1, make([]byte, 32), to, false}, // the entry is later than the rotation
	} {
		rotation, err := seal.Rotate(from, to, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), tt.size, tt.root)
		if err != nil {
			t.Fatal(err)
		}
		trust, err := seal.NewTrust([]seal.Keys{{Key: to.Public(), Rotations: []string{rotation}}})
		if err != nil {
			t.Fatal(err)
		}
		checkpoint, err := seal.SignCheckpoint(tt.signed, 2, root)
		if err != nil {
			t.Fatal(err)
		}
		c.Seal.Checkpoint = string(checkpoint)
		b, err := seal.Canonical(c)
		if err != nil {
			t.Fatal(err)
		}
		if r := seal.Verify(b, seal.Policy{Trust: trust}); r.OK != tt.want {
			t.Errorf("rotated at %d entries, the checkpoint by the key %s: %+v, want %v", tt.size, tt.signed.Public(), r, tt.want)
		}
	}
}

func FuzzVerify(f *testing.F) {
	k, trust := sealtest.Key(f)
	good := sealed(f, k)
	f.Add(good)
	f.Add([]byte(`{"seal":{"checkpoint":"navicert/x\n1\n\n\n— x AA==\n"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := seal.Verify(b, seal.Policy{Trust: trust})
		if len(r.Checks) == 0 {
			t.Error("nothing was checked")
		}
		if !r.OK {
			return
		}
		c, err := seal.Canonical(json.RawMessage(b))
		if err != nil || !bytes.Equal(c, good) {
			t.Errorf("%.2000s verifies", b)
		}
	})
}

func FuzzCheckpoint(f *testing.F) {
	k, trust := sealtest.Key(f)
	witness, err := seal.NewWitness("w", k.Public())
	if err != nil {
		f.Fatal(err)
	}
	raw, err := seal.SignCheckpoint(k, 7, make([]byte, 32))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add(seal.Request{Old: 3, Proof: [][]byte{make([]byte, 32)}, Checkpoint: raw}.Marshal())
	f.Add([]byte("old 18446744073709551616\n\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := seal.ParseRequest(b); err == nil && bytes.HasPrefix(b, []byte("old ")) && !bytes.Equal(r.Marshal(), b) {
			t.Errorf("%q and %q are one request", b, r.Marshal())
		}
		if c, err := seal.OpenCheckpoint(b, trust, seal.Witnesses{witness}); err == nil && !bytes.HasPrefix(b, raw[:bytes.Index(raw, []byte("\n\n"))]) {
			t.Errorf("%+v was not signed", c)
		}
	})
}

func FuzzKeys(f *testing.F) {
	k, _ := sealtest.Key(f)
	f.Add([]byte(k.Public()))
	f.Add([]byte(`{"key":"` + k.Public() + `","rotations":["navicert.rotation.v1\n\n\n\n\n0\n\n"]}`))
	f.Fuzz(func(_ *testing.T, b []byte) {
		keys, err := seal.ParseKeys(b)
		if err != nil {
			return
		}
		_, _ = seal.NewTrust([]seal.Keys{keys}) // it must return
	})
}

func BenchmarkVerify(b *testing.B) {
	k, trust := key(b)
	c := sealed(b, k)
	b.ReportAllocs()
	for b.Loop() {
		if r := seal.Verify(c, seal.Policy{Trust: trust}); !r.OK {
			b.Fatal(r)
		}
	}
}
