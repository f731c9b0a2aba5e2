package ais

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// plainSixBits is the definition in words of IEC 61162-1: the code less 48,
// and less 8 more when that is over 40.
func plainSixBits(c byte) (byte, bool) {
	if c < '0' || c > 'w' || c > 'W' && c < '`' {
		return 0, false
	}
	v := c - 48
	if v > 40 {
		v -= 8
	}
	return v, true
}

func TestUnarmourEveryCharacter(t *testing.T) {
	for c := range 256 {
		want, valid := plainSixBits(byte(c))
		for at := range 19 {
			chars := bytes.Repeat([]byte{'0'}, 19)
			chars[at] = byte(c)
			var b Bits
			if got := b.unarmour(chars); got != valid {
				t.Fatalf("character %#x at %d: valid %v, want %v", c, at, got, valid)
			}
			if got := b.Uint(6*at, 6); valid && got != uint64(want) {
				t.Fatalf("character %#x at %d: %d, want %d", c, at, got, want)
			}
		}
	}
}

func TestUnarmourRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.RuneFrom([]rune("01")), 0, MaxBits, MaxBits).Draw(t, "bits")
		b, err := ParseBits(s)
		if err != nil {
			t.Fatal(err)
		}
		var chars []byte
		for i := 0; i < b.Len(); i += 6 {
			chars = append(chars, armour(byte(b.Uint(i, 6))))
		}
		var back Bits
		for i := range back.w {
			back.w[i] = ^uint64(0) // what is left of an earlier message must not show
		}
		if !back.unarmour(chars) {
			t.Fatalf("%q is not valid", chars)
		}
		if got := back.String()[:len(s)]; got != s || strings.Trim(back.String()[len(s):], "0") != "" {
			t.Fatalf("got %s, want %s", back.String(), s)
		}
	})
}

func TestXor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SliceOfN(rapid.Byte(), 0, 120).Draw(t, "bytes")
		var want byte
		for _, c := range s {
			want ^= c
		}
		if got := xor(s); got != want {
			t.Fatalf("xor %#x, want %#x", got, want)
		}
	})
}
