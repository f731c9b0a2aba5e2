package store

import (
	"bytes"
	"testing"
)

// TestDamagedState: no byte of a packed state can be changed, and none lost,
// without its being told.
func TestDamagedState(t *testing.T) {
	want := bytes.Repeat([]byte("the state of a run, "), 20)
	packed, err := pack(want)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := unpack(packed); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("unpacked: %q, %v", got, err)
	}
	for i := range packed {
		for bit := range 8 {
			damaged := bytes.Clone(packed)
			damaged[i] ^= 1 << bit
			if got, err := unpack(damaged); err == nil {
				t.Errorf("byte %d, bit %d is changed: read as %q", i, bit, got)
			}
		}
		if got, err := unpack(packed[:i]); err == nil {
			t.Errorf("cut off after %d bytes: read as %q", i, got)
		}
	}
	if none, err := pack(nil); none != nil || err != nil {
		t.Errorf("of no state: %v, %v", none, err)
	}
}
