package vesselpage

import (
	"encoding/binary"
	"flag"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"navicert"
)

var update = flag.Bool("update", false, "write the page of testdata anew")

// harbour is n invented vessels, most of one country, some heard once.
func harbour(n int, unit int64) []Vessel {
	vs := make([]Vessel, n)
	for i := range vs {
		first := 1_772_323_200_000 + int64(i*i%911)*unit
		vs[i] = Vessel{MMSI: 201999000 + navicert.MMSI(i*7+i*i%5), First: first, Last: first + int64(i%13)*70*unit, Fixes: int64(i%13) + 1}
	}
	vs[n-1].MMSI = 999999999
	return vs
}

func pack(t testing.TB, vs []Vessel) []byte {
	t.Helper()
	body, err := Pack(vs)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func wantVessels(t testing.TB, body []byte, want []Vessel) {
	t.Helper()
	if got, err := Unpack(nil, body); err != nil || !slices.Equal(got, want) {
		t.Fatalf("it holds\n%+v, %v, want\n%+v", got, err, want)
	}
}

// TestRoundTrip holds that what is packed is what is read.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		unit := rapid.SampledFrom([]int64{1, 1000}).Draw(r, "unit")
		far := rapid.SampledFrom([]int64{0, 1000, 1e9, maxTime / 1000}).Draw(r, "far")
		vs := make([]Vessel, rapid.IntRange(1, 90).Draw(r, "vessels"))
		at := int64(-1)
		for i := range vs {
			at += 1 + rapid.SampledFrom([]int64{0, 5, 300, 20_000_000}).Draw(r, "apart")
			first := rapid.Int64Range(-far, far).Draw(r, "first")
			last := first + rapid.Int64Range(0, far-first).Draw(r, "span")
			vs[i] = Vessel{
				MMSI: navicert.MMSI(at), First: first * unit, Last: last * unit, Simulated: rapid.IntRange(0, 9).Draw(r, "simulated") == 0,
				Fixes: rapid.OneOf(rapid.Int64Range(1, 9), rapid.Int64Range(1, maxValue-1)).Draw(r, "fixes"),
			}
		}
		body, err := Pack(vs)
		if err != nil {
			r.Fatal(err)
		}
		got, err := Unpack(vs[:1:1], body)
		if err != nil || got[0] != vs[0] || !slices.Equal(got[1:], vs) {
			r.Fatalf("it holds\n%+v, %v, want\n%+v", got[1:], err, vs)
		}
	})
}

// TestFormat holds that a page that was written once is read by every later
// version: it is compared byte for byte.
func TestFormat(t *testing.T) {
	file := filepath.Join("testdata", "harbour.page")
	vs := harbour(100, 1000)
	vs[3].Simulated = true
	body := pack(t, vs)
	if *update {
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(body) {
		t.Errorf("the harbour packs into other bytes (%d, %d were committed): pages that lie on disks could not be read", len(body), len(want))
	}
	wantVessels(t, want, vs)
}

// TestSmall holds that a vessel takes few bytes.
func TestSmall(t *testing.T) {
	for unit, want := range map[int64]int{1000: 440, 1: 560} {
		if n := len(pack(t, harbour(100, unit))); n > want {
			t.Errorf("a hundred vessels, times in %d ms, take %d bytes, want %d at most", unit, n, want)
		}
	}
}

// TestLimits holds that what no page holds is refused when it is written.
func TestLimits(t *testing.T) {
	ok := Vessel{MMSI: 7, First: 1, Last: 2, Fixes: 3}
	most := []Vessel{{MMSI: 0, First: -maxTime, Last: maxTime, Fixes: maxValue - 1}, {MMSI: math.MaxUint32, First: maxTime, Last: maxTime, Fixes: 1}}
	wantVessels(t, pack(t, most), most)
	for what, vs := range map[string][]Vessel{
		"none":          {},
		"too many":      make([]Vessel, MaxVessels+1),
		"twice":         {ok, ok},
		"wrong order":   {ok, {MMSI: 6, First: 1, Last: 2, Fixes: 3}},
		"never heard":   {{MMSI: 7, First: 1, Last: 2}},
		"ends before":   {{MMSI: 7, First: 2, Last: 1, Fixes: 1}},
		"far past":      {{MMSI: 7, First: -maxTime - 1, Last: 1, Fixes: 1}},
		"far future":    {{MMSI: 7, First: 1, Last: maxTime + 1, Fixes: 1}},
		"heard too oft": {{MMSI: 7, First: 1, Last: 2, Fixes: maxValue}},
	} {
		if _, err := Pack(vs); err == nil {
			t.Errorf("%s: it is packed", what)
		}
	}
}

// TestDamaged holds that no bit of a page can turn unseen, and that no part of
// one reads as one.
func TestDamaged(t *testing.T) {
	body := pack(t, harbour(50, 1))
	for i := range len(body) * 8 {
		body[i/8] ^= 1 << (i % 8)
		if _, err := Unpack(nil, body); err == nil {
			t.Errorf("bit %d turned, and nobody saw it", i)
		}
		body[i/8] ^= 1 << (i % 8)
	}
	for n := range body {
		if _, err := Unpack(nil, body[:n]); err == nil {
			t.Errorf("%d of %d bytes read as a page", n, len(body))
		}
	}
}

// FuzzPage reads anything as a page: it may fail, and what it reads without
// failing packs into a page that says the same.
func FuzzPage(f *testing.F) {
	for _, unit := range []int64{1, 1000} {
		f.Add(pack(f, harbour(30, unit))[headerSize:])
	}
	f.Add([]byte{2, 1, 0})
	f.Add([]byte{255, 7, 3, 255, 255})
	f.Fuzz(func(t *testing.T, b []byte) {
		body := make([]byte, headerSize, headerSize+len(b))
		body[0] = version
		binary.LittleEndian.PutUint32(body[1:], crc32.Checksum(b, table))
		if vs, err := Unpack(nil, append(body, b...)); err == nil {
			wantVessels(t, pack(t, vs), vs)
		}
	})
}

func BenchmarkPage(b *testing.B) {
	vs := harbour(96, 1)
	body := pack(b, vs)
	b.Run("pack", func(b *testing.B) {
		for b.Loop() {
			pack(b, vs)
		}
	})
	b.Run("unpack", func(b *testing.B) {
		for b.Loop() {
			if _, err := Unpack(vs[:0], body); err != nil {
				b.Fatal(err)
			}
		}
	})
}
