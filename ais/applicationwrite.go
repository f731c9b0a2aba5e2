package ais

import (
	"errors"
	"fmt"
	"strings"

	"navicert"
)

// applicationBits are the lengths of whole messages with an application, spare
// bits included; the others end with their last field.
var applicationBits = map[[3]int]int{
	{6, 1, 12}: 360, {6, 1, 18}: 360, {6, 200, 55}: 168, {6, 235, 10}: 136, {6, 250, 10}: 136,
	{8, 1, 11}: 352, {8, 1, 31}: 360, {8, 200, 10}: 168,
}

// NewApplication makes the content of a message of type 6 or 8 in which all
// fields are unknown, to be filled in with Set and SetText; it reports false
// for one whose layout is not known. The tidal messages have three windows.
//
//	app, _ := ais.NewApplication(8, 1, 31)
//	err := app.Set("wspeed", 12)
//	m.DAC, m.FID, m.Data = 1, 31, app.Data()
func NewApplication(typ uint8, dac uint16, fid uint8) (Application, bool) {
	whole := applicationBits[[3]int{int(typ), int(dac), int(fid)}]
	ask := whole
	if ask == 0 {
		ask = MaxBits
	}
	f := applicationFields(typ, dac, fid, ask)
	if f == nil {
		return Application{}, false
	}
	return blankApplication(f, whole-headBits(typ)), true
}

// headBits is how many bits stand before the content.
func headBits(typ uint8) int {
	if typ == 6 {
		return 88
	}
	return 56
}

// blankApplication makes a content of at least that many bits.
func blankApplication(f []appField, bits int) Application {
	var b Bits
	for i := range f {
		if f[i].kind == appText {
			for range f[i].width / 6 {
				b.put(6, 0)
			}
		} else {
			b.put(f[i].width, uint64(f[i].unknown()))
		}
	}
	for b.n < bits {
		b.put(min(64, bits-b.n), 0)
	}
	return Application{f, MakeData(b)}
}

// unknown is what is sent when the field's value is not known.
func (f *appField) unknown() int64 {
	switch f.kind {
	case appLon:
		return 181 * 60000
	case appLat:
		return 91 * 60000
	case appFineLon:
		return 181 * 600000
	case appFineLat:
		return 91 * 600000
	case appMonths, appDays:
		return 24<<6 | 60
	}
	return f.not
}

func (f *appField) isSigned() bool {
	switch f.kind {
	case appInt, appLon, appLat, appFineLon, appFineLat:
		return true
	}
	return false
}

// Data returns the content's bits.
func (a Application) Data() Data { return a.data }

// find returns the field of a name, and its place; a tidal window's is named
// "tidals/1/cdir".
func (a Application) find(name string) (f *appField, off int) {
	part := 0
	if rest, is := strings.CutPrefix(name, "tidals/"); is && len(rest) > 2 && rest[1] == '/' {
		part, name = int(rest[0]-'0'), rest[2:]
	}
	for i := range a.fields {
		f := &a.fields[i]
		if f.name == name && f.part == part {
			return f, off
		}
		off += f.width
	}
	return nil, 0
}

// Int returns a field's number as it was sent. The name is gpsd's, that of a
// field of a tidal window "tidals/1/cdir"; it reports false when there is no
// such number.
func (a Application) Int(name string) (int64, bool) {
	f, off := a.find(name)
	if f == nil || f.isText() {
		return 0, false
	}
	return a.number(f, off), true
}

// Text returns a text field; it reports false when there is none of that name.
func (a Application) Text(name string) (string, bool) {
	f, off := a.find(name)
	if f == nil || !f.isText() {
		return "", false
	}
	end := a.data.end
	if f.kind == appText {
		end = a.data.off + off + f.width
	}
	return string(a.data.bits.appendText(nil, a.data.off+off, end)), true
}

func (f *appField) isText() bool { return f.kind == appText || f.kind == appRest }

// Set puts a number into a field as it is to be sent; a date holds month, day,
// hour and minute in the bits that a message has for them. The error says that
// there is no such number or that the value does not fit. It changes the bits
// that the content was read from or made with.
func (a *Application) Set(name string, v int64) error {
	if err := a.set(name, v); err != nil {
		return navicert.Errorf(navicert.Invalid, "AIS application", name, "%w", err)
	}
	return nil
}

func (a *Application) set(name string, v int64) error {
	f, off := a.find(name)
	if f == nil || f.isText() {
		return errors.New("there is no such number")
	}
	g := field{width: f.width}
	if f.isSigned() {
		g.form = signed
	}
	if low, high := g.bounds(); v < low || v > high {
		return fmt.Errorf("%d is not from %d to %d", v, low, high)
	}
	a.data.bits.set(a.data.off+off, f.width, uint64(v))
	return nil
}

// SetText puts a text into a field. The error says that there is no such field,
// or that the text is too long or has characters that six bits cannot send.
func (a *Application) SetText(name, text string) error {
	if err := a.setText(name, text); err != nil {
		return navicert.Errorf(navicert.Invalid, "AIS application", name, "%w", err)
	}
	return nil
}

func (a *Application) setText(name, text string) error {
	f, off := a.find(name)
	if f == nil || !f.isText() {
		return errors.New("there is no such text")
	}
	n := f.width / 6
	if f.kind == appRest {
		n = (MaxBits - 88 - off) / 6
	}
	if err := fits(text, n); err != nil {
		return err
	}
	at := a.data.off + off
	if f.kind == appRest { // the last field
		a.data.bits.truncate(at)
		for i := range len(text) {
			a.data.bits.put(6, uint64(sixBitCode(text[i])))
		}
		a.data.end = a.data.bits.n
		return nil
	}
	for i := range n {
		c := byte(0)
		if i < len(text) {
			c = sixBitCode(text[i])
		}
		a.data.bits.set(at+6*i, 6, uint64(c))
	}
	return nil
}

// set puts the low width bits of v at off, within the bits that there are.
func (b *Bits) set(off, width int, v uint64) {
	for i := range width {
		at := off + width - 1 - i
		if at >= b.n {
			continue
		}
		bit := uint64(1) << (63 - at&63)
		if v>>i&1 != 0 {
			b.w[at>>6] |= bit
		} else {
			b.w[at>>6] &^= bit
		}
	}
}
