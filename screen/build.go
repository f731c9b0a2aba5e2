package screen

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"navicert/list"
)

// indexVersion is part of the key of every stored index: with another one an
// index is built anew.
//
// It MUST be raised with every change of what an index holds: of how names are
// normalised or weighed (normal.go, words.go, scripts), of sound classes and
// pairs of letters (vocabulary.go), and of the layout below. TestIndexVersion
// fails when names come out otherwise under the same version. A change of the
// fields of an entry or of a name needs no new version: their shape is part of
// the key too.
const indexVersion = 6

// Sections of a blob: those of the entries, then those of each part.
const (
	secEntryFrom = iota // where each entry's packed fields begin
	secEntries
	secTextFrom // the texts of entries
	secTexts
	secKinds // one byte an entry: its place in entryKinds
	secIMO
	secCompany
	secMMSI
	secCallSign
	secID
	entrySections
)

const (
	secNameFrom = iota // where each packed name begins
	secNames
	secNameOf     // for each name its entry, and its alias + 1 with the highest bit for a weak one
	secNameWeight // for each name its weight, as float32
	secWeights    // the table of weights, as float64
	secLegalFrom  // the table of legal forms
	secLegal
	secWordFrom // the vocabulary
	secWords
	secLetters    // for each word the set of its letters, as two numbers
	secFileFrom   // for each pair of letters where its file begins
	secFiles      // the files: numbers of words
	secPostedFrom // for each word where its postings begin
	secPostings   // the postings: name, and weight as float32
	partSections
)

// What names and entries take on the SDN list of December 2025, and a little
// more: room is made for so much at once.
const (
	bytesPerName  = 48
	bytesPerEntry = 52
)

// weakBit marks a weak alias in secNameOf.
const weakBit = 1 << 31

// build makes the index of entries. The key says what it is of.
func build(key string, entries []list.Entry) string {
	var sections [][]byte
	sections = append(sections, entrySection(entries)...)
	for at, k := range kinds {
		b := partBuilder{kind: k}
		for i := range entries {
			if slices.Contains(partsOf(entries[i].Kind), int32(at)) {
				b.entry(int32(i), &entries[i])
			}
		}
		sections = append(sections, b.sections()...)
	}
	return seal(key, sections)
}

func entrySection(entries []list.Entry) [][]byte {
	numbers := map[string]uint32{}
	var words, packed textsWriter
	number := func(s string) uint32 {
		n, ok := numbers[s]
		if !ok {
			n = uint32(len(numbers))
			numbers[s] = n
			words.add(s)
		}
		return n
	}
	kindOf := make([]byte, len(entries))
	packed.grow(len(entries), bytesPerEntry)
	var imo, company, mmsi, callSign, id [][2]uint32
	var buf []byte
	for i := range entries {
		e := &entries[i]
		n := uint32(i)
		buf = packEntry(buf[:0], e, number)
		packed.add(string(buf))
		kindOf[i] = byte(slices.Index(entryKinds, e.Kind))
		if e.IMO != 0 {
			imo = append(imo, [2]uint32{uint32(e.IMO), n})
		}
		for _, m := range e.MMSIs {
			mmsi = append(mmsi, [2]uint32{uint32(m), n})
		}
		for _, c := range e.CallSigns {
			callSign = append(callSign, [2]uint32{hash(string(c)), n})
		}
		for _, x := range e.Identifiers {
			if x.Type == list.CompanyIMO {
				company = append(company, [2]uint32{hash(x.Value), n})
			}
		}
		id = append(id, [2]uint32{hash(e.ID), n})
	}
	out := packed.sections()
	out = append(out, words.sections()...)
	out = append(out, kindOf)
	for _, ps := range [][][2]uint32{imo, company, mmsi, callSign, id} {
		slices.SortStableFunc(ps, func(a, b [2]uint32) int { return cmp.Compare(a[0], b[0]) })
		b := make([]byte, 0, 8*len(ps))
		for _, p := range ps {
			b = appendU32s(b, p[:]...)
		}
		out = append(out, b)
	}
	return out
}

// partBuilder collects the names of one kind.
type partBuilder struct {
	kind  list.Kind
	names []name
	of    []byte
}

func (b *partBuilder) entry(i int32, e *list.Entry) {
	b.name(e.Name, i, 0)
	for j := range e.Aliases {
		of := uint32(j + 1)
		if e.Aliases[j].Weak {
			of |= weakBit
		}
		b.name(e.Aliases[j].Name, i, of)
	}
}

// name adds a name, unless there is nothing in it to compare, as in a name of
// signs only.
func (b *partBuilder) name(s string, entry int32, alias uint32) {
	n := normalise(s, b.kind)
	if len(n.words) == 0 {
		return
	}
	b.names = append(b.names, n)
	b.of = appendU32s(b.of, uint32(entry), alias)
}

func (b *partBuilder) sections() [][]byte {
	out := make([][]byte, partSections)
	table := newNameTableWriter()
	var packed, legal, words textsWriter
	var weights []byte
	number := map[string]uint32{}
	var buf []byte
	weights = make([]byte, 0, 4*len(b.names))
	packed.grow(len(b.names), bytesPerName)
	for i := range b.names {
		n := &b.names[i]
		buf = packName(buf[:0], n, table)
		packed.add(string(buf))
		weights = appendU32s(weights, math.Float32bits(float32(n.weight)))
		n.units(func(text string, _ int, _ float64) { number[text] = 0 })
	}
	vocabulary := sortedWords(number)
	words.grow(len(vocabulary), 10)
	for i, w := range vocabulary {
		number[w] = uint32(i)
		words.add(w)
	}
	for _, l := range table.legal {
		legal.add(l)
	}
	var table64 []byte
	for _, w := range table.weights {
		bits := math.Float64bits(w)
		table64 = appendU32s(table64, uint32(bits), uint32(bits>>32))
	}
	copy(out[secNameFrom:], packed.sections())
	copy(out[secLegalFrom:], legal.sections())
	copy(out[secWordFrom:], words.sections())
	out[secNameOf], out[secNameWeight], out[secWeights] = b.of, weights, table64
	out[secLetters], out[secFileFrom], out[secFiles] = files(vocabulary)
	out[secPostedFrom], out[secPostings] = b.postings(number)
	return out
}

// sortedWords returns the words, the shortest first.
func sortedWords(words map[string]uint32) []string {
	out := make([]string, 0, len(words))
	for w := range words {
		out = append(out, w)
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) })
	return out
}

// files makes the files of a vocabulary, and its words' sets of letters.
func files(words []string) (letters, from, numbers []byte) {
	var begin [gramCodes*gramCodes + 1]uint32
	var buf []int
	letters = make([]byte, 0, 8*len(words))
	for _, w := range words {
		set := letterSet(w)
		letters = appendU32s(letters, uint32(set), uint32(set>>32))
		buf = grams(w, buf[:0])
		for _, g := range buf {
			begin[g+1]++
		}
	}
	for g := range begin[1:] {
		begin[g+1] += begin[g]
	}
	from = u32Bytes(begin[:])
	filed := make([]uint32, begin[len(begin)-1])
	for i, w := range words {
		buf = grams(w, buf[:0])
		for _, g := range buf {
			filed[begin[g]] = uint32(i)
			begin[g]++
		}
	}
	return letters, from, u32Bytes(filed)
}

// postings makes the postings of all words.
func (b *partBuilder) postings(number map[string]uint32) (from, all []byte) {
	begin := make([]uint32, len(number)+1)
	for i := range b.names {
		b.names[i].units(func(text string, _ int, _ float64) { begin[number[text]+1]++ })
	}
	for w := range begin[1:] {
		begin[w+1] += begin[w]
	}
	from = u32Bytes(begin)
	posted := make([]uint32, 2*begin[len(begin)-1])
	for i := range b.names {
		b.names[i].units(func(text string, _ int, weight float64) {
			at := &begin[number[text]]
			posted[2**at], posted[2**at+1] = uint32(i), math.Float32bits(float32(weight))
			*at++
		})
	}
	return from, u32Bytes(posted)
}
