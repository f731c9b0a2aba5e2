package ais

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// Each type of message has a target of its own, so that none of them starves
// another.
func FuzzType01(f *testing.F) { fuzzType(f, 1) }
func FuzzType02(f *testing.F) { fuzzType(f, 2) }
func FuzzType03(f *testing.F) { fuzzType(f, 3) }
func FuzzType04(f *testing.F) { fuzzType(f, 4) }
func FuzzType05(f *testing.F) { fuzzType(f, 5) }
func FuzzType06(f *testing.F) { fuzzType(f, 6) }
func FuzzType07(f *testing.F) { fuzzType(f, 7) }
func FuzzType08(f *testing.F) { fuzzType(f, 8) }
func FuzzType09(f *testing.F) { fuzzType(f, 9) }
func FuzzType10(f *testing.F) { fuzzType(f, 10) }
func FuzzType11(f *testing.F) { fuzzType(f, 11) }
func FuzzType12(f *testing.F) { fuzzType(f, 12) }
func FuzzType13(f *testing.F) { fuzzType(f, 13) }
func FuzzType14(f *testing.F) { fuzzType(f, 14) }
func FuzzType15(f *testing.F) { fuzzType(f, 15) }
func FuzzType16(f *testing.F) { fuzzType(f, 16) }
func FuzzType17(f *testing.F) { fuzzType(f, 17) }
func FuzzType18(f *testing.F) { fuzzType(f, 18) }
func FuzzType19(f *testing.F) { fuzzType(f, 19) }
func FuzzType20(f *testing.F) { fuzzType(f, 20) }
func FuzzType21(f *testing.F) { fuzzType(f, 21) }
func FuzzType22(f *testing.F) { fuzzType(f, 22) }
func FuzzType23(f *testing.F) { fuzzType(f, 23) }
func FuzzType24(f *testing.F) { fuzzType(f, 24) }
func FuzzType25(f *testing.F) { fuzzType(f, 25) }
func FuzzType26(f *testing.F) { fuzzType(f, 26) }
func FuzzType27(f *testing.F) { fuzzType(f, 27) }

// fuzzType decodes any payload of one type.
func fuzzType(f *testing.F, kind uint8) {
	for _, fill := range []byte{0x00, 0xa5, 0xff} {
		f.Add(bytes.Repeat([]byte{fill}, 12), uint8(0))
		f.Add(bytes.Repeat([]byte{fill}, 21), uint8(0))
		f.Add(bytes.Repeat([]byte{fill}, 53), uint8(2))
		f.Add(bytes.Repeat([]byte{fill}, MaxBits/8), uint8(0))
	}
	if kind == 6 || kind == 8 {
		for _, app := range [][2]uint64{{1, 11}, {1, 12}, {1, 14}, {1, 18}, {1, 29}, {1, 30}, {1, 31}, {1, 32}, {200, 10}, {200, 55}, {235, 10}, {250, 10}} {
			for _, bytesLong := range []int{17, 21, 45, 126} { // 136, 168, 360 and 1,008 bits
				f.Add(binarySeed(kind, app[0], app[1], bytesLong), uint8(0))
			}
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte, cut uint8) {
		if len(raw) == 0 || len(raw) > MaxBits/8 || cut > 7 {
			return
		}
		raw = bytes.Clone(raw)
		raw[0] = raw[0]&3 | kind<<2
		decodeAny(t, raw, int(cut))
	})
}

// binarySeed is a binary message with an application's identifiers.
func binarySeed(kind uint8, dac, fid uint64, bytesLong int) []byte {
	var b Bits
	before := 40 // bits in front of the identifiers
	if kind == 6 {
		before = 72
	}
	b.put(before-38, 0x15)
	b.put(38, 0x15)
	b.put(10, dac)
	b.put(6, fid)
	raw := make([]byte, bytesLong)
	for i := range raw {
		raw[i] = byte(b.Uint(i*8, 8))
		if i*8 >= b.n {
			raw[i] = 0x5a
		}
	}
	return raw
}

// FuzzPayload has no type of its own: those that are none are in it too.
func FuzzPayload(f *testing.F) {
	for t := range 29 {
		f.Add(append([]byte{byte(t) << 2}, bytes.Repeat([]byte{0xa5}, 60)...), 0)
	}
	f.Fuzz(func(t *testing.T, raw []byte, cut int) {
		if len(raw) > 0 && len(raw) <= MaxBits/8 && cut >= 0 && cut < 8 {
			decodeAny(t, raw, cut)
		}
	})
}

func FuzzReader(f *testing.F) {
	f.Add([]byte(sentence1 + "\n"))
	f.Add([]byte(`\g:1-2-9,s:ST1,c:1767323045*00\` + strings.Join(ship(0, 'A', 3), "\n") + ",rST2,1767323045\n"))
	f.Add([]byte("$PGHP,1,2026,1,2,3,4,5,250,299,,2990001,1,23*5C\n" + sentence1))
	f.Add([]byte("2026-01-02T03:04:05;" + sentence1 + sentence1[:9] + sentence1))
	f.Add([]byte("\xef\xbb\xbf\x00\\\\!AIVDM,9,9,,,,*"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := newReader(strings.NewReader(string(b)), Options{}, 128<<10)
		var buf []byte
		for {
			m, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			for i := range m.Parts() {
				if p := m.Part(i); !isSentence(p) || !strings.Contains(string(b), string(p)) {
					t.Errorf("part %q is not of the input", p)
				}
			}
			buf = m.AppendJSON(buf[:0])
			checkJSON(t, buf)
		}
		checkSums(t, r.Counts())
	})
}

func FuzzTag(f *testing.F) {
	for _, s := range []string{`\s:ST1,c:1767323045*6B\`, `\g:1-2-9999,c:1767323045*53\`, `\c:1767323045250*00\`, `\x,c:1*2*3\`, `\si:A*3F\`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 || b[0] != '\\' {
			return
		}
		var s stamp
		n := s.tag(b)
		if n < 0 || n > len(b) || n > 0 && b[n-1] != '\\' {
			t.Errorf("tag block ends at %d of %q", n, b)
		}
		if s.from != fromNone && (s.time < minEpoch*1e9 || s.time >= maxEpoch*1e9) {
			t.Errorf("time %d of %q", s.time, b)
		}
	})
}
