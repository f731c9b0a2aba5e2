package ais

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
	part  int   // of which of several windows, from 1; 0 is none
}

type appKind uint8

const (
	appUint    appKind = iota
	appSome            // unsigned, 0 is unknown
	appInt             // signed, two's complement
	appBool            //
	appLon             // 1/1000 minute
	appLat             // 1/1000 minute
	appFineLon         // 1/10000 minute
	appFineLat         // 1/10000 minute
	appText            //
	appRest            // text to the end of the message
	appMonths          // month, day, hour, minute
	appDays            // day, hour, minute
)

// weather is what the two meteorological messages share from the current on;
// none is the mark for an unknown direction, sea the one for the sea state.
func weather(none, sea int64, rest ...appField) []appField {
	return append([]appField{
		{"cspeed", 8, appUint, 255, 0, 10, 0},
		{name: "cdir", width: 9, not: none},
		{"cspeed2", 8, appUint, 255, 0, 10, 0},
		{name: "cdir2", width: 9, not: none},
		{name: "cdepth2", width: 5, not: 31},
		{"cspeed3", 8, appUint, 255, 0, 10, 0},
		{name: "cdir3", width: 9, not: none},
		{name: "cdepth3", width: 5, not: 31},
		{"waveheight", 8, appUint, 255, 0, 10, 0},
		{name: "waveperiod", width: 6, not: 63},
		{name: "wavedir", width: 9, not: none},
		{"swellheight", 8, appUint, 255, 0, 10, 0},
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

// tidal is the date and the three windows of the tidal messages.
func tidal(place ...appField) []appField {
	all := []appField{{name: "month", width: 4, kind: appSome}, {name: "day", width: 5, kind: appSome}}
	for i := 1; i <= 3; i++ {
		for _, f := range append(place[:2:2], []appField{
			{name: "from_hour", width: 5, not: 24},
			{name: "from_min", width: 6, not: 60},
			{name: "to_hour", width: 5, not: 24},
			{name: "to_min", width: 6, not: 60},
			{name: "cdir", width: 9, not: 360},
			{"cspeed", 8, appUint, 255, 0, 10, 0},
		}...) {
			f.part = i
			all = append(all, f)
		}
	}
	return all
}

// windows returns as much of a tidal layout as whole windows are in that many
// bits, nil when there is none.
func windows(all []appField, bits int) []appField {
	const head, each = 2, 8
	for n := len(all); n >= head+each; n -= each {
		if widths(all[:n]) <= bits {
			return all[:n]
		}
	}
	return nil
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
			360, appField{"airtemp", 11, appInt, -1024, 0, 10, 0}, appField{name: "humidity", width: 7, not: 101},
			appField{"dewpoint", 10, appInt, 501, 0, 10, 0}, appField{"pressure", 9, appUint, 511, 799, 1, 0},
			appField{name: "pressuretend", width: 2, not: 3}, appField{name: "visgreater", width: 1, kind: appBool},
			appField{"visibility", 7, appUint, 127, 0, 10, 0}, appField{"waterlevel", 12, appUint, 4001, -1000, 100, 0},
			appField{name: "leveltrend", width: 2, not: 3},
		),
		weather(
			360, 13, appField{"watertemp", 10, appInt, 501, 0, 10, 0}, appField{name: "preciptype", width: 3, not: 7},
			appField{"salinity", 9, appUint, 510, 0, 10, 0}, appField{name: "ice", width: 2, not: 3},
		),
	)
	appOldWeather = layout( // 8/1/11
		[]appField{
			{name: "lat", width: 24, kind: appLat}, {name: "lon", width: 25, kind: appLon}, {name: "timestamp", width: 16, kind: appDays},
		},
		wind(
			511, appField{"airtemp", 11, appUint, 2047, -600, 10, 0}, appField{name: "humidity", width: 7, not: 127},
			appField{"dewpoint", 10, appUint, 1023, -200, 10, 0}, appField{"pressure", 9, appUint, 511, 800, 1, 0},
			appField{name: "pressuretend", width: 2, not: 3}, appField{"visibility", 8, appUint, 255, 0, 10, 0},
			appField{"waterlevel", 9, appUint, 511, -100, 10, 0}, appField{name: "leveltrend", width: 2, not: 3},
		),
		weather(
			511, 15, appField{"watertemp", 10, appUint, 1023, -100, 10, 0}, appField{name: "preciptype", width: 3, not: 7},
			appField{"salinity", 9, appUint, 511, 0, 10, 0}, appField{name: "ice", width: 2, not: 3},
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
		{"ana_int", 10, appUint, 0, 0, 20, 0},
		{"ana_ext1", 10, appUint, 0, 0, 20, 0},
		{"ana_ext2", 10, appUint, 0, 0, 20, 0},
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
	appTidal     = tidal(appField{name: "lat", width: 27, kind: appFineLat}, appField{name: "lon", width: 28, kind: appFineLon}) // 6/1/14
	appNewTidal  = tidal(appField{name: "lon", width: 25, kind: appLon}, appField{name: "lat", width: 24, kind: appLat})         // 6/1/32
	appClearance = []appField{                                                                                                   // 6/1/18
		{name: "linkage", width: 10, kind: appSome},
		{name: "arrival", width: 20, kind: appMonths},
		{name: "portname", width: 120, kind: appText},
		{name: "destination", width: 30, kind: appText},
		{name: "lon", width: 25, kind: appLon},
		{name: "lat", width: 24, kind: appLat},
	}
)

// Application returns the content, when its layout is known and all of it is
// there: dangerous cargo (1/12), tidal windows (1/14 and 1/32), clearance time
// (1/18), notice (1/30), persons aboard (200/55) and the state of an aid (235/10
// and 250/10).
func (m *AddressedBinary) Application() (Application, bool) {
	return newApplication(applicationFields(6, m.DAC, m.FID, 88+m.Data.Len()), m.Data)
}

func (m *AddressedBinary) identifier() (dac uint16, fid uint8) { return m.DAC, m.FID }

// Application returns the content, when its layout is known and all of it is
// there: weather (1/31 and the older 1/11), notice (1/29) and inland ship
// (200/10).
func (m *BroadcastBinary) Application() (Application, bool) {
	return newApplication(applicationFields(8, m.DAC, m.FID, 56+m.Data.Len()), m.Data)
}

func (m *BroadcastBinary) identifier() (dac uint16, fid uint8) { return m.DAC, m.FID }

// applicationFields returns the layout of an application in a message of that
// many bits, nil when it is not known. The lengths are those that gpsd asks for,
// where senders use the same identifiers for something else.
func applicationFields(typ uint8, dac uint16, fid uint8, bits int) []appField {
	switch id := [3]int{int(typ), int(dac), int(fid)}; id {
	case [3]int{6, 1, 12}:
		return appDangerous
	case [3]int{6, 1, 14}:
		return windows(appTidal, bits-88)
	case [3]int{6, 1, 18}:
		return appClearance
	case [3]int{6, 1, 30}, [3]int{8, 1, 29}:
		return appNotice
	case [3]int{6, 1, 32}:
		return windows(appNewTidal, bits-88)
	case [3]int{6, 200, 55}:
		if bits == 168 {
			return appPeople
		}
	case [3]int{6, 235, 10}, [3]int{6, 250, 10}:
		if bits == 136 {
			return appAid
		}
	case [3]int{8, 1, 11}:
		return appOldWeather
	case [3]int{8, 1, 31}:
		return appWeather
	case [3]int{8, 200, 10}:
		if bits == 168 {
			return appInland
		}
	}
	return nil
}

func newApplication(f []appField, d Data) (Application, bool) {
	return Application{f, d}, len(f) > 0 && d.Len() >= widths(f)
}

// widths is the number of bits of a layout.
func widths(f []appField) (bits int) {
	for i := range f {
		bits += f[i].width
	}
	return bits
}
