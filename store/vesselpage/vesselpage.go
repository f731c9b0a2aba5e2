// Package vesselpage packs what a store knows of each vessel at a glance, the
// span and the count of its positions, for a page of vessels in the order of
// their MMSIs: 6 to 9 bytes each.
//
//	body, err := vesselpage.Pack(vessels)
//	vessels, err = vesselpage.Unpack(vessels[:0], body)
//
// Behind version, checksum and count stand four columns: how far each MMSI is
// from the one before, when it was heard first after the earliest of the page,
// for how long, and how often. A column is written in the way that makes it
// shortest (column.go). A damaged page is an error.
package vesselpage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"

	"navicert"
)

// Vessel is the span and the count of one vessel's positions.
type Vessel struct {
	MMSI        navicert.MMSI
	First, Last int64 // milliseconds since 1970, UTC
	Fixes       int64
	Simulated   bool // one of them is
}

// MaxVessels is how many vessels a page can hold.
const MaxVessels = 1024

const (
	maxTime    = maxValue / 4 // either way; no other is a day that has a name
	version    = 1
	headerSize = 1 + 4
)

// Flags of a page.
const (
	wholeSeconds  = 1 << iota // all its times are such
	someSimulated             // a bit for each vessel says which
	knownFlags    = 1<<iota - 1
)

var table = crc32.MakeTable(crc32.Castagnoli)

// Pack makes the page of one vessel or more, which must be in order and each
// have a fix.
func Pack(vs []Vessel) ([]byte, error) {
	if len(vs) == 0 || len(vs) > MaxVessels {
		return nil, fmt.Errorf("%d vessels are no page: want 1 to %d", len(vs), MaxVessels)
	}
	if err := check(vs); err != nil {
		return nil, err
	}
	flags, unit, earliest := byte(wholeSeconds), int64(1000), vs[0].First
	for i := range vs {
		v := &vs[i]
		if v.First%1000 != 0 || v.Last%1000 != 0 {
			flags, unit = flags&^wholeSeconds, 1
		}
		if v.Simulated {
			flags |= someSimulated
		}
		earliest = min(earliest, v.First)
	}
	body := make([]byte, headerSize, headerSize+24+8*len(vs))
	body[0] = version
	body = binary.AppendUvarint(body, uint64(len(vs)))
	body = append(body, flags)
	body = binary.AppendVarint(body, earliest/unit)
	w := bitWriter{out: body}
	column := make([]uint64, len(vs))
	write := func(of func(*Vessel) uint64) {
		for i := range vs {
			column[i] = of(&vs[i])
		}
		w.column(column)
	}
	next := int64(0)
	write(func(v *Vessel) uint64 {
		apart := int64(v.MMSI) - next
		next = int64(v.MMSI) + 1
		return uint64(apart)
	})
	write(func(v *Vessel) uint64 { return uint64((v.First - earliest) / unit) })
	write(func(v *Vessel) uint64 { return uint64((v.Last - v.First) / unit) })
	write(func(v *Vessel) uint64 { return uint64(v.Fixes - 1) })
	if flags&someSimulated != 0 {
		for i := range vs {
			w.bits(bit(vs[i].Simulated), 1)
		}
	}
	body = w.end()
	binary.LittleEndian.PutUint32(body[1:], crc32.Checksum(body[headerSize:], table))
	return body, nil
}

// check holds what a page can hold.
func check(vs []Vessel) error {
	for i := range vs {
		v := &vs[i]
		if i > 0 && v.MMSI <= vs[i-1].MMSI {
			return fmt.Errorf("MMSI %s does not stand behind %s", v.MMSI, vs[i-1].MMSI)
		}
		if v.First < -maxTime || v.Last > maxTime || v.Last < v.First || v.Fixes < 1 || v.Fixes >= maxValue {
			return fmt.Errorf("MMSI %s has %d positions from %d to %d", v.MMSI, v.Fixes, v.First, v.Last)
		}
	}
	return nil
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// Unpack appends the vessels of a page.
func Unpack(vs []Vessel, body []byte) ([]Vessel, error) {
	if len(body) <= headerSize {
		return vs, errShort
	}
	if body[0] != version {
		return vs, fmt.Errorf("it has version %d, this program knows %d", body[0], version)
	}
	if crc32.Checksum(body[headerSize:], table) != binary.LittleEndian.Uint32(body[1:]) {
		return vs, errors.New("its checksum is wrong")
	}
	rest := body[headerSize:]
	count, size := binary.Uvarint(rest)
	if size <= 0 || count == 0 || count > MaxVessels {
		return vs, fmt.Errorf("it says that it has %d vessels: want 1 to %d", count, MaxVessels)
	}
	if rest = rest[size:]; len(rest) == 0 || rest[0] > knownFlags {
		return vs, errors.New("its flags are none that are known")
	}
	flags := rest[0]
	earliest, size := binary.Varint(rest[1:])
	if size <= 0 {
		return vs, errShort
	}
	unit := int64(1)
	if flags&wholeSeconds != 0 {
		unit = 1000
	}
	n := len(vs)
	vs = append(vs, make([]Vessel, count)...)
	if err := (&bitReader{in: rest[1+size:]}).vessels(vs[n:], flags, earliest, unit); err != nil {
		return vs[:n], err
	}
	return vs, nil
}

func (r *bitReader) vessels(vs []Vessel, flags byte, earliest, unit int64) error {
	at := int64(-1)
	for i, c := 0, r.column(); i < len(vs); i++ {
		at += int64(min(r.value(c), math.MaxUint32+1)) + 1
		if at > math.MaxUint32 {
			return errors.New("it has an MMSI that is none")
		}
		vs[i].MMSI = navicert.MMSI(at)
	}
	limit := uint64(maxValue / unit) // beyond it a product may not be a number
	earliest = max(min(earliest, maxValue/unit), -maxValue/unit)
	for i, c := 0, r.column(); i < len(vs); i++ {
		vs[i].First = (earliest + int64(min(r.value(c), limit))) * unit
	}
	for i, c := 0, r.column(); i < len(vs); i++ {
		vs[i].Last = vs[i].First + int64(min(r.value(c), limit))*unit
	}
	for i, c := 0, r.column(); i < len(vs); i++ {
		vs[i].Fixes = int64(min(r.value(c), maxValue)) + 1
	}
	if flags&someSimulated != 0 {
		for i := range vs {
			vs[i].Simulated = r.bits(1) != 0
		}
	}
	if r.past() {
		return errShort
	}
	return check(vs)
}
