package ais

import "strconv"

// Application is the content of a binary message, type 6 or 8, whose layout is
// known. It refers to the message's payload and holds as long as that does;
// nothing is read until it is asked for.
//
//	if app, ok := m.Application(); ok {
//		out = app.AppendFields(out, true) // ,"crew":4,"passengers":0,…
//	}
//
// Layouts and marks for unknown are those of IMO SN.1/Circ.236 and 289, and of
// the inland AIS standard of the UNECE for area 200.
type Application struct {
	fields []appField
	data   Data
}

// An appField is one field of an application's layout; they lie end to end.
type appField struct {
	name  string
	width int
	kind  appKind
	not   int64 // the mark for unknown: this or beyond, away from zero; 0 is none
	add   int64 // what is added to the number before it is divided
	unit  int64 // how many there are to one of the unit in JSON: 1, 10, 20, 100 (0 is 1)
}

type appKind uint8

const (
	appUint   appKind = iota
	appSome           // unsigned, 0 is unknown
	appInt            // signed, two's complement
	appBool           //
	appLon            // 1/1000 minute
	appLat            // 1/1000 minute
	appText           //
	appRest           // text to the end of the message
	appMonths         // month, day, hour, minute
	appDays           // day, hour, minute
)

// weather is what the two meteorological messages share from the current on;
// none is the mark for an unknown direction, sea the one for the sea state.
func weather(none, sea int64, rest ...appField) []appField {
	return append([]appField{
		{"cspeed", 8, appUint, 255, 0, 10},
		{name: "cdir", width: 9, not: none},
		{"cspeed2", 8, appUint, 255, 0, 10},
		{name: "cdir2", width: 9, not: none},
		{name: "cdepth2", width: 5, not: 31},
		{"cspeed3", 8, appUint, 255, 0, 10},
		{name: "cdir3", width: 9, not: none},
		{name: "cdepth3", width: 5, not: 31},
		{"waveheight", 8, appUint, 255, 0, 10},
		{name: "waveperiod", width: 6, not: 63},
		{name: "wavedir", width: 9, not: none},
		{"swellheight", 8, appUint, 255, 0, 10},
		{name: "swellperiod", width: 6, not: 63},
		{name: "swelldir", width: 9, not: none},
		{name: "seastate", width: 4, not: sea},
	}, rest...)
}

// wind is the wind of the meteorological messages.
func wind(none int64, rest ...appField) []appField {
	return append([]appField{
		{name: "wspeed", width: 7, not: 127},
		{name: "wgust", width: 7, not: 127},
		{name: "wdir", width: 9, not: none},
		{name: "wgustdir", width: 9, not: none},
	}, rest...)
}

func layout(runs ...[]appField) (all []appField) {
	for _, r := range runs {
		all = append(all, r...)
	}
	return all
}

// The layouts.
var (
	appWeather = layout( // 8/1/31
		[]appField{
			{name: "lon", width: 25, kind: appLon},
			{name: "lat", width: 24, kind: appLat},
			{name: "accuracy", width: 1, kind: appBool},
			{name: "timestamp", width: 16, kind: appDays},
		},
		wind(
			360, appField{"airtemp", 11, appInt, -1024, 0, 10}, appField{name: "humidity", width: 7, not: 101},
			appField{"dewpoint", 10, appInt, 501, 0, 10}, appField{"pressure", 9, appUint, 511, 799, 1},
			appField{name: "pressuretend", width: 2, not: 3}, appField{name: "visgreater", width: 1, kind: appBool},
			appField{"visibility", 7, appUint, 127, 0, 10}, appField{"waterlevel", 12, appUint, 4001, -1000, 100},
			appField{name: "leveltrend", width: 2, not: 3},
		),
		weather(
			360, 13, appField{"watertemp", 10, appInt, 501, 0, 10}, appField{name: "preciptype", width: 3, not: 7},
			appField{"salinity", 9, appUint, 510, 0, 10}, appField{name: "ice", width: 2, not: 3},
		),
	)
	appOldWeather = layout( // 8/1/11
		[]appField{
			{name: "lat", width: 24, kind: appLat}, {name: "lon", width: 25, kind: appLon}, {name: "timestamp", width: 16, kind: appDays},
		},
		wind(
			511, appField{"airtemp", 11, appUint, 2047, -600, 10}, appField{name: "humidity", width: 7, not: 127},
			appField{"dewpoint", 10, appUint, 1023, -200, 10}, appField{"pressure", 9, appUint, 511, 800, 1},
			appField{name: "pressuretend", width: 2, not: 3}, appField{"visibility", 8, appUint, 255, 0, 10},
			appField{"waterlevel", 9, appUint, 511, -100, 10}, appField{name: "leveltrend", width: 2, not: 3},
		),
		weather(
			511, 15, appField{"watertemp", 10, appUint, 1023, -100, 10}, appField{name: "preciptype", width: 3, not: 7},
			appField{"salinity", 9, appUint, 511, 0, 10}, appField{name: "ice", width: 2, not: 3},
		),
	)
	appInland = []appField{ // 8/200/10
		{name: "vin", width: 48, kind: appText},
		{name: "length", width: 13, kind: appSome},
		{name: "beam", width: 10, kind: appSome},
		{name: "shiptype", width: 14, kind: appSome},
		{name: "hazard", width: 3, not: 5},
		{name: "draught", width: 11, kind: appSome},
		{name: "loaded", width: 2, kind: appSome},
		{name: "speed_q", width: 1, kind: appBool},
		{name: "course_q", width: 1, kind: appBool},
		{name: "heading_q", width: 1, kind: appBool},
	}
	appNotice = []appField{{name: "linkage", width: 10, kind: appSome}, {name: "text", kind: appRest}} // 8/1/29, 6/1/30
	appPeople = []appField{                                                                            // 6/200/55
		{name: "crew", width: 8, not: 255}, {name: "passengers", width: 13, not: 8191}, {name: "personnel", width: 8, not: 255},
	}
	appAid = []appField{ // 6/235/10, 6/250/10
		{"ana_int", 10, appUint, 0, 0, 20},
		{"ana_ext1", 10, appUint, 0, 0, 20},
		{"ana_ext2", 10, appUint, 0, 0, 20},
		{name: "racon", width: 2},
		{name: "light", width: 2},
		{name: "alarm", width: 1, kind: appBool},
		{name: "stat_ext", width: 8},
		{name: "off_pos", width: 1, kind: appBool},
	}
	appDangerous = []appField{ // 6/1/12
		{name: "lastport", width: 30, kind: appText},
		{name: "departure", width: 20, kind: appMonths},
		{name: "nextport", width: 30, kind: appText},
		{name: "eta", width: 20, kind: appMonths},
		{name: "dangerous", width: 120, kind: appText},
		{name: "imdcat", width: 24, kind: appText},
		{name: "unid", width: 13, kind: appSome},
		{name: "amount", width: 10, kind: appSome},
		{name: "unit", width: 2, kind: appSome},
	}
	appClearance = []appField{ // 6/1/18
		{name: "linkage", width: 10, kind: appSome},
		{name: "arrival", width: 20, kind: appMonths},
		{name: "portname", width: 120, kind: appText},
		{name: "destination", width: 30, kind: appText},
		{name: "lon", width: 25, kind: appLon},
		{name: "lat", width: 24, kind: appLat},
	}
)

// Application returns the content, when its layout is known and all of it is
// there: dangerous cargo (1/12), clearance time (1/18), notice (1/30), persons
// aboard (200/55) and the state of an aid (235/10 and 250/10).
func (m *AddressedBinary) Application() (Application, bool) {
	var f []appField
	switch id := uint32(m.DAC)<<6 | uint32(m.FID); id {
	case 1<<6 | 12:
		f = appDangerous
	case 1<<6 | 18:
		f = appClearance
	case 1<<6 | 30:
		f = appNotice
	case 200<<6 | 55:
		if m.Data.end == 168 {
			f = appPeople
		}
	case 235<<6 | 10, 250<<6 | 10:
		if m.Data.end == 136 {
			f = appAid
		}
	}
	return newApplication(f, m.Data)
}

// Application returns the content, when its layout is known and all of it is
// there: weather (1/31 and the older 1/11), notice (1/29) and inland ship
// (200/10).
func (m *BroadcastBinary) Application() (Application, bool) {
	var f []appField
	switch id := uint32(m.DAC)<<6 | uint32(m.FID); id {
	case 1<<6 | 11:
		f = appOldWeather
	case 1<<6 | 29:
		f = appNotice
	case 1<<6 | 31:
		f = appWeather
	case 200<<6 | 10:
		if m.Data.end == 168 {
			f = appInland
		}
	}
	return newApplication(f, m.Data)
}

func newApplication(f []appField, d Data) (Application, bool) {
	bits := 0
	for i := range f {
		bits += f[i].width
	}
	return Application{f, d}, len(f) > 0 && d.Len() >= bits
}

// AppendFields appends the fields as JSON members with gpsd's names. Scaled,
// they are in everyday units (but for 200/10, whose lengths gpsd leaves in
// decimetres and centimetres) and what is unknown is absent; else all are as
// they were sent.
func (a Application) AppendFields(dst []byte, scaled bool) []byte {
	off := 0
	for i := range a.fields {
		dst = a.appendField(dst, &a.fields[i], off, scaled)
		off += a.fields[i].width
	}
	return dst
}

func (a Application) appendField(dst []byte, f *appField, off int, scaled bool) []byte {
	width, v := f.width, int64(0)
	switch f.kind {
	case appRest:
		width = a.data.Len() - off
		fallthrough
	case appText:
		var buf [maxChars]byte
		s := a.data.bits.appendText(buf[:0], a.data.off+off, a.data.off+off+width)
		if scaled && len(s) == 0 {
			return dst
		}
		return str(dst, member(f.name), s)
	case appInt, appLon, appLat:
		v = a.data.bits.Int(a.data.off+off, width)
	default:
		v = a.data.bits.int(a.data.off+off, width)
	}
	switch {
	case f.kind == appBool:
		return boolean(dst, member(f.name), v != 0)
	case f.kind == appMonths || f.kind == appDays:
		return appTime(dst, f, v, scaled)
	case !scaled:
		return strconv.AppendInt(append(dst, member(f.name)...), v, 10)
	case f.kind == appSome && v == 0 || f.not > 0 && v >= f.not || f.not < 0 && v <= f.not:
		return dst
	case f.kind == appLon && (v > 180*60000 || v < -180*60000), f.kind == appLat && (v > 90*60000 || v < -90*60000):
		return dst
	}
	dst = append(dst, member(f.name)...)
	switch {
	case f.kind == appLon || f.kind == appLat:
		return strconv.AppendFloat(dst, float64(v)/60000, 'f', 4, 64)
	case f.unit > 10:
		return strconv.AppendFloat(dst, float64(v+f.add)/float64(f.unit), 'f', 2, 64)
	case f.unit == 10:
		return strconv.AppendFloat(dst, float64(v+f.add)/10, 'f', 1, 64)
	}
	return strconv.AppendInt(dst, v+f.add, 10)
}

func (b *Bits) int(off, width int) int64 { return int64(b.Uint(off, width)) }

func member(name string) string { return `,"` + name + `":` }

// appTime appends "MM-DDTHH:MMZ" or, without the month, "DDTHH:MMZ"; scaled,
// only when there is such a date and time of day.
func appTime(dst []byte, f *appField, v int64, scaled bool) []byte {
	month, day, hour, minute := uint8(v>>16), uint8(v>>11)&31, uint8(v>>6)&31, uint8(v)&63
	if scaled && (day == 0 || hour > 23 || minute > 59 || f.kind == appMonths && (month == 0 || month > 12)) {
		return dst
	}
	dst = append(append(dst, member(f.name)...), '"')
	if f.kind == appMonths {
		dst = append(two(dst, month), '-')
	}
	return append(two(append(two(append(two(dst, day), 'T'), hour), ':'), minute), 'Z', '"')
}
