package screen

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
)

// A blob holds an index as it is searched and as it is stored: sections of
// bytes behind one another, numbers little-endian. It is one string, so that
// opening it copies nothing, texts in it are parts of it, and the garbage
// collector has nothing in it to follow.

// u32s is a section of 32-bit numbers.
type u32s string

func (s u32s) len() int { return len(s) / 4 }

func (s u32s) at(i int) uint32 {
	b := s[4*i : 4*i+4]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// search returns the place of the first number of a sorted section that is n
// or more.
func (s u32s) search(n uint32) int {
	from, to := 0, s.len()
	for from < to {
		if mid := (from + to) / 2; s.at(mid) < n {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return from
}

func appendU32s(b []byte, ns ...uint32) []byte {
	for _, n := range ns {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return b
}

func u32Bytes(ns []uint32) []byte { return appendU32s(make([]byte, 0, 4*len(ns)), ns...) }

// texts is a list of texts: where each begins, and all of them.
type texts struct {
	from u32s // one more than there are texts
	all  string
}

func (t texts) len() int { return t.from.len() - 1 }

func (t texts) at(i int) string { return t.all[t.from.at(i):t.from.at(i+1)] }

// textsWriter makes the two sections of texts.
type textsWriter struct{ from, all []byte }

// grow makes room for n texts of so many bytes each.
func (w *textsWriter) grow(n, each int) {
	w.from = slices.Grow(w.from, 4*n+4)
	w.all = slices.Grow(w.all, n*each)
}

func (w *textsWriter) add(s string) {
	w.from = appendU32s(w.from, uint32(len(w.all)))
	w.all = append(w.all, s...)
}

func (w *textsWriter) sections() [][]byte {
	return [][]byte{appendU32s(w.from, uint32(len(w.all))), w.all}
}

// pairs maps numbers to entries: pairs of both, sorted.
type pairs u32s

// of returns the entries of a number, in their order.
func (p pairs) of(key uint32) []int32 {
	s := u32s(p)
	from, to := 0, s.len()/2
	for from < to {
		if mid := (from + to) / 2; s.at(2*mid) < key {
			from = mid + 1
		} else {
			to = mid
		}
	}
	var out []int32
	for ; from < s.len()/2 && s.at(2*from) == key; from++ {
		out = append(out, int32(s.at(2*from+1)))
	}
	return out
}

// hash is FNV-1a, for texts in pairs. What is found by it is compared again.
func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

// blobMagic begins a stored index.
const blobMagic = "navicert index\n"

// seal makes a blob of sections: the magic, what the index is of, where each
// section begins, the sections, and a SHA-256 of all that.
func seal(key string, sections [][]byte) string {
	head := len(blobMagic) + 4 + len(key) + 4 + 4*(len(sections)+1)
	size := head
	for _, s := range sections {
		size += len(s)
	}
	var b strings.Builder
	b.Grow(size + sha256.Size)
	b.WriteString(blobMagic)
	number := func(n int) { b.Write(appendU32s(nil, uint32(n))) }
	number(len(key))
	b.WriteString(key)
	number(len(sections))
	at := head
	number(at)
	for _, s := range sections {
		at += len(s)
		number(at)
	}
	for _, s := range sections {
		b.Write(s)
	}
	sum := checksum(b.String())
	b.Write(sum[:])
	return b.String()
}

// unseal returns the sections of a blob, false when it is damaged or of
// something else.
func unseal(blob, key string) ([]string, bool) {
	if len(blob) < sha256.Size {
		return nil, false
	}
	body, sum := blob[:len(blob)-sha256.Size], blob[len(blob)-sha256.Size:]
	rest, ok := strings.CutPrefix(body, blobMagic)
	if !ok || len(rest) < 4 {
		return nil, false
	}
	n := int(u32s(rest).at(0))
	if rest = rest[4:]; n > len(rest) || rest[:n] != key {
		return nil, false
	}
	if want := checksum(body); string(want[:]) != sum {
		return nil, false
	}
	if rest = rest[n:]; len(rest) < 4 {
		return nil, false
	}
	n, rest = int(u32s(rest).at(0)), rest[4:]
	if len(rest)/4 < n+1 {
		return nil, false
	}
	sections := make([]string, n)
	for i := range sections {
		from, to := int(u32s(rest).at(i)), int(u32s(rest).at(i+1))
		if from > to || to > len(body) {
			return nil, false
		}
		sections[i] = body[from:to]
	}
	return sections, true
}

// checksum is the SHA-256 of a text, of which it copies a little at a time.
func checksum(s string) (sum [sha256.Size]byte) {
	h := sha256.New()
	buf := make([]byte, 1<<16)
	for len(s) > 0 {
		n := copy(buf, s)
		h.Write(buf[:n])
		s = s[n:]
	}
	h.Sum(sum[:0])
	return sum
}
