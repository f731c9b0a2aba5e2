package screen

import (
	"encoding/binary"
	"math"
	"reflect"
	"strings"

	"navicert/list"
)

// shownOnly are the fields of an entry that an index does without: they are
// shown, and read from the store then.
var shownOnly = map[string]bool{
	"Row": true, "Remarks": true, "Addresses": true, "Links": true, "LegalBasis": true,
	"VesselType": true, "Tonnage": true, "GRT": true, "BuildYear": true, "Owner": true,
}

// keptFields are the other fields of an entry, by number.
var keptFields = func() []int {
	var kept []int
	for _, f := range reflect.VisibleFields(reflect.TypeFor[list.Entry]()) {
		if !shownOnly[f.Name] {
			kept = append(kept, f.Index[0])
		}
	}
	return kept
}()

// dropShown forgets what an index does without.
func dropShown(e *list.Entry) {
	v := reflect.ValueOf(e).Elem()
	for name := range shownOnly {
		v.FieldByName(name).SetZero()
	}
}

// packEntry appends what an index keeps of an entry. Texts become the numbers
// that number gives them.
func packEntry(b []byte, e *list.Entry, number func(string) uint32) []byte {
	v := reflect.ValueOf(e).Elem()
	for _, i := range keptFields {
		b = packValue(b, v.Field(i), number)
	}
	return b
}

func packValue(b []byte, v reflect.Value, number func(string) uint32) []byte {
	switch v.Kind() {
	case reflect.String:
		return binary.AppendUvarint(b, uint64(number(v.String())))
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1)
		}
		return append(b, 0)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return binary.AppendUvarint(b, v.Uint())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(b, v.Int())
	case reflect.Slice:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		for i := range v.Len() {
			b = packValue(b, v.Index(i), number)
		}
		return b
	case reflect.Struct:
		for i := range v.NumField() {
			b = packValue(b, v.Field(i), number)
		}
		return b
	}
	panic("screen: an entry has a field of type " + v.Type().String() + ", which an index cannot keep: see shownOnly")
}

// packed reads what was packed.
type packed struct {
	rest  string
	texts texts
}

func (p *packed) uvarint() uint64 {
	var n uint64
	for i := 0; ; i++ {
		c := p.rest[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			p.rest = p.rest[i+1:]
			return n
		}
	}
}

func (p *packed) varint() int64 {
	n := p.uvarint()
	return int64(n>>1) ^ -int64(n&1)
}

func (p *packed) take(n int) string {
	s := p.rest[:n]
	p.rest = p.rest[n:]
	return s
}

func (p *packed) entry() *list.Entry {
	e := new(list.Entry)
	v := reflect.ValueOf(e).Elem()
	for _, i := range keptFields {
		p.value(v.Field(i))
	}
	return e
}

func (p *packed) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(p.texts.at(int(p.uvarint())))
	case reflect.Bool:
		v.SetBool(p.take(1) == "\x01")
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(p.uvarint())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(p.varint())
	case reflect.Slice:
		if n := int(p.uvarint()); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				p.value(v.Index(i))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			p.value(v.Field(i))
		}
	}
}

// nameTable holds what many names have in common: weights and legal forms.
type nameTable struct {
	weights []float64
	legal   []string
}

// nameTableWriter numbers them.
type nameTableWriter struct {
	nameTable
	weightNumbers map[float64]uint64
	legalNumbers  map[string]uint64
}

func newNameTableWriter() *nameTableWriter {
	return &nameTableWriter{weightNumbers: map[float64]uint64{}, legalNumbers: map[string]uint64{}}
}

func numberIn[T comparable](numbers map[T]uint64, all *[]T, v T) uint64 {
	i, ok := numbers[v]
	if !ok {
		i = uint64(len(*all))
		numbers[v] = i
		*all = append(*all, v)
	}
	return i
}

// packName appends a name. Its words are parts of its text, mostly.
func packName(b []byte, n *name, t *nameTableWriter) []byte {
	text := func(s string) {
		if at := strings.Index(n.text, s); at >= 0 {
			b = binary.AppendUvarint(b, uint64(at)+1)
			b = binary.AppendUvarint(b, uint64(len(s)))
			return
		}
		b = binary.AppendUvarint(append(b, 0), uint64(len(s)))
		b = append(b, s...)
	}
	b = binary.AppendUvarint(b, uint64(len(n.text)))
	b = append(b, n.text...)
	if n.romanised {
		b = append(b, 1)
	} else {
		b = append(b, 0)
	}
	b = binary.AppendUvarint(b, numberIn(t.legalNumbers, &t.legal, n.legal))
	b = binary.AppendUvarint(b, uint64(len(n.words)))
	for _, w := range n.words {
		text(w.text)
		b = binary.AppendUvarint(b, numberIn(t.weightNumbers, &t.weights, w.weight))
	}
	b = binary.AppendUvarint(b, uint64(len(n.marks)))
	for _, m := range n.marks {
		text(m)
	}
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(n.weight))
}

// name reads a name into n, whose slices are used again.
func (p *packed) name(n *name, t *nameTable) {
	n.text = p.take(int(p.uvarint()))
	text := func() string {
		at, size := int(p.uvarint()), int(p.uvarint())
		if at == 0 {
			return p.take(size)
		}
		return n.text[at-1 : at-1+size]
	}
	n.romanised = p.take(1) == "\x01"
	n.legal = t.legal[p.uvarint()]
	n.words, n.marks = n.words[:0], n.marks[:0]
	for range p.uvarint() {
		w := text()
		n.words = append(n.words, word{w, t.weights[p.uvarint()]})
	}
	for range p.uvarint() {
		n.marks = append(n.marks, text())
	}
	w := u32s(p.take(8))
	n.weight = math.Float64frombits(uint64(w.at(0)) | uint64(w.at(1))<<32)
}
