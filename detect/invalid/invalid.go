// Package invalid detects identities that no ship can have: an MMSI whose
// country digits are given to nobody, one of repeated digits, one that is given
// to something else than a ship, an IMO number whose check digit is wrong.
//
// Kept fixes enter through [Detector.Step], static reports through
// [Detector.Report]; events of kind "invalid_identity" leave, one for each vessel
// and class, once three messages have said so: one garbled message is nothing.
// The first explanation names a [Class].
//
// Rules: ITU-R M.585 for MMSIs, IMO Res. A.1117(30) for IMO numbers, ITU-R
// M.1371-5 for what may stand in the place of an IMO number. The country digits
// are those of [navicert.MMSI.Flag].
package invalid

import (
	"fmt"
	"slices"

	"navicert"
	"navicert/detect"
	"navicert/track"
	"navicert/track/state"
)

// Kind is the kind of the events.
const Kind = "invalid_identity"

// Class is what is wrong with an identity.
type Class string

// The classes.
const (
	MIDUnallocated Class = "mid_unallocated"  // the first three digits are given to no country
	MIDLandlocked  Class = "mid_landlocked"   // a tanker with the digits of a country without a coast
	RepeatedDigits Class = "repeated_digits"  // 123456789, or one digit nine times
	NotAShip       Class = "not_a_ship"       // the number of a craft, a hand-held radio, or of nothing
	IMOCheckDigit  Class = "imo_check_digit"  // seven digits in the place of the IMO number, of which the last is wrong
	IMOTooShort    Class = "imo_out_of_range" // fewer than seven digits
)

var classes = [...]Class{MIDUnallocated, MIDLandlocked, RepeatedDigits, NotAShip, IMOCheckDigit, IMOTooShort}

// Preset is the detector's thresholds.
type Preset struct {
	Name string
	// Messages is how many must say the same before it is told.
	Messages int
}

// Default asks for three messages, as for a change of identity (docs/behaviour.md).
func Default() Preset { return Preset{Name: "default", Messages: 3} }

// Detector finds identities that cannot be. Make one with [New].
type Detector struct {
	preset Preset
	memory []memory // by vessel
}

// memory is what the detector holds of a vessel.
type memory struct {
	fixes   uint8    // counted up to the preset's
	told    uint8    // of the MMSI: bits by class
	sent    uint32   // in the place of the IMO number
	reports uint8    // that sent it, one after the other
	toldIMO *numbers // that were told, at most maxIMO; nil: none, as nearly always
}

// numbers stood in the place of an IMO number.
type numbers []uint32

// list is the numbers, nil of none.
func (n *numbers) list() []uint32 {
	if n == nil {
		return nil
	}
	return *n
}

// maxIMO is how many numbers that are no IMO number are told of one vessel; what
// sends more is a field in which anything is typed.
const maxIMO = 8

// New returns a detector with a preset's thresholds.
func New(p Preset) *Detector { return &Detector{preset: p} }

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

// Step implements detect.Detector: it judges the MMSI of a vessel once.
func (d *Detector) Step(s *detect.Step, emit detect.Emit) {
	m := d.of(s.Vessel)
	if int(m.fixes) >= d.preset.Messages {
		return
	}
	if m.fixes++; int(m.fixes) == d.preset.Messages {
		d.judge(s.Vessel, m, s.Fix, emit)
	}
}

// judge tells what is wrong with an MMSI; a tanker is known by its reports.
func (d *Detector) judge(v *track.Vessel, m *memory, f *navicert.Fix, emit detect.Emit) {
	for bit, class := range classes {
		why := wrong(v, class)
		if why == "" || m.told&(1<<bit) != 0 {
			continue
		}
		m.told |= 1 << bit
		ev := d.event(v, class, v.MMSI.String())
		ev.Start, ev.Position = navicert.At(f.Time), navicert.Some(f.Pos)
		ev.Evidence = []navicert.Evidence{detect.FixEvidence(f)}
		ev.Explanations = append(ev.Explanations, why, innocent(class))
		ev.Simulated = f.Simulated
		emit(ev)
	}
}

// wrong says why a vessel's MMSI is of a class, or "".
func wrong(v *track.Vessel, class Class) string {
	m := v.MMSI
	_, allocated := m.Flag()
	switch class {
	case MIDUnallocated:
		if m.Kind() == navicert.MMSIShip && !allocated && !repeated(m) {
			return fmt.Sprintf("its MMSI %s begins with %d, which the ITU has given to no country", m, m.MID())
		}
	case MIDLandlocked:
		flag, _ := m.Flag()
		if name := landlocked[flag]; name != "" && tanker(v) {
			return fmt.Sprintf("it says that it is a tanker, and its MMSI %s is one of %s, which has no coast", m, name)
		}
	case RepeatedDigits:
		if repeated(m) {
			return fmt.Sprintf("its MMSI is %s, which is typed to fill a field", m)
		}
	case NotAShip:
		if kind := m.Kind(); kind != navicert.MMSIShip && !repeated(m) {
			return fmt.Sprintf("its MMSI %s is not a ship's (%s), and it sends ship's messages", m, kindText[kind])
		}
	}
	return ""
}

// tanker reports whether the ship says that it is one.
func tanker(v *track.Vessel) bool {
	kind, ok := v.Identity.ShipType.Get()
	return ok && kind >= 80 && kind <= 89
}

// repeated reports whether a number is one digit nine times, or 123456789.
func repeated(m navicert.MMSI) bool { return m == 123456789 || m%111111111 == 0 }

var kindText = map[navicert.MMSIKind]string{
	navicert.MMSICraft: "a craft of another ship", navicert.MMSIHandheld: "a hand-held radio", navicert.MMSIOther: "given to nothing",
	navicert.MMSICoast: "a coast station", navicert.MMSIGroup: "a group of ships", navicert.MMSIAircraft: "a search and rescue aircraft",
	navicert.MMSISART: "a search and rescue transmitter", navicert.MMSIMOB: "a man overboard device", navicert.MMSIEPIRB: "an emergency beacon",
	navicert.MMSIAid: "an aid to navigation",
}

// landlocked is the states without a sea coast that have MIDs (United Nations
// list of landlocked developing countries, and those of Europe). Azerbaijan,
// Kazakhstan and Turkmenistan are left out: they have tankers on the Caspian Sea.
var landlocked = map[navicert.Flag]string{
	"AF": "Afghanistan", "AD": "Andorra", "AM": "Armenia", "AT": "Austria", "BY": "Belarus", "BT": "Bhutan", "BO": "Bolivia", "BW": "Botswana",
	"BF": "Burkina Faso", "BI": "Burundi", "CF": "the Central African Republic", "TD": "Chad", "CZ": "Czechia", "SZ": "Eswatini", "ET": "Ethiopia",
	"HU": "Hungary", "KG": "Kyrgyzstan", "LA": "Laos", "LS": "Lesotho", "LI": "Liechtenstein", "LU": "Luxembourg", "MW": "Malawi", "ML": "Mali",
	"MD": "Moldova", "MN": "Mongolia", "NP": "Nepal", "NE": "Niger", "MK": "North Macedonia", "PY": "Paraguay", "RS": "Serbia", "RW": "Rwanda",
	"SM": "San Marino", "SK": "Slovakia", "SS": "South Sudan", "CH": "Switzerland", "TJ": "Tajikistan", "UG": "Uganda", "UZ": "Uzbekistan",
	"VA": "the Vatican", "ZM": "Zambia", "ZW": "Zimbabwe",
}

// innocent is what explains a class.
func innocent(class Class) string {
	switch class {
	case MIDUnallocated:
		return "digits are mistyped when a transponder is set up; a list of country digits may be older than a new allocation"
	case MIDLandlocked:
		return "Luxembourg, Switzerland, Mongolia, Bolivia, Moldova and others register sea-going ships, and there are tankers on rivers and lakes; San Marino's and Eswatini's registers have been imitated"
	case RepeatedDigits:
		return "transponders are sold, tested and run with such numbers until somebody sets them; several ships may use one at once"
	case NotAShip:
		return "tenders, rescue boats and net markers carry transponders; radios are wrongly programmed"
	case IMOCheckDigit:
		return "digits are mistyped when a transponder is set up; a right check digit proves nothing either, since valid numbers are taken from other ships"
	case IMOTooShort:
		return "ships without an IMO number send a number of their own, as that of a register or a licence"
	}
	return ""
}

// Report implements detect.Reporter.
func (d *Detector) Report(v *track.Vessel, r *navicert.Static, emit detect.Emit) {
	m := d.of(v)
	if int(m.fixes) >= d.preset.Messages && v.Last() != nil && tanker(v) {
		d.judge(v, m, v.Last(), emit) // it may have said only now that it is one; else nothing is new
	}
	class := classOf(r.IMOSent)
	if r.IMO != 0 {
		m.sent, m.reports = 0, 0
	}
	if class == "" {
		return
	}
	if r.IMOSent != m.sent {
		m.sent, m.reports = r.IMOSent, 0
	}
	if int(m.reports) >= d.preset.Messages {
		return
	}
	if m.reports++; int(m.reports) < d.preset.Messages || slices.Contains(m.toldIMO.list(), r.IMOSent) || len(m.toldIMO.list()) >= maxIMO {
		return
	}
	told := numbers(append(m.toldIMO.list(), r.IMOSent))
	m.toldIMO = &told
	emit(d.imoEvent(v, class, r))
}

// classOf is what is wrong with a number that stands in the place of an IMO
// number, "" when nothing is: from 10000000 on it is the flag state's own.
func classOf(sent uint32) Class {
	switch {
	case sent == 0 || sent > 9999999:
		return ""
	case sent >= 1000000:
		return IMOCheckDigit
	}
	return IMOTooShort
}

func (d *Detector) imoEvent(v *track.Vessel, class Class, r *navicert.Static) navicert.Event {
	ev := d.event(v, class, fmt.Sprint(r.IMOSent))
	ev.Start, ev.Evidence, ev.Simulated = navicert.At(r.Time), []navicert.Evidence{detect.ReportEvidence(r)}, r.Simulated
	ev.Measures["number_sent"] = float64(r.IMOSent)
	why := fmt.Sprintf("it sends %d as its IMO number, which has not seven digits", r.IMOSent)
	if class == IMOCheckDigit {
		why = fmt.Sprintf("it sends %d as its IMO number, whose check digit is wrong", r.IMOSent)
	}
	ev.Explanations = append(ev.Explanations, why, innocent(class))
	return ev
}

// event is what all events have in common. Its id is the identity's: whichever
// input it is found in, it is one event, told once. It stays open: that a ship
// sends another number later ends nothing, for the number could never be right.
func (d *Detector) event(v *track.Vessel, class Class, what string) navicert.Event {
	return navicert.Event{
		ID:   navicert.EventID(Kind, string(class), v.MMSI.String(), what),
		Kind: Kind, MMSI: v.MMSI, IMO: v.Identity.IMO, State: navicert.EventOpen,
		Measures:     map[string]float64{"messages": float64(d.preset.Messages)},
		Explanations: []string{detect.ClassText(class)},
	}
}

func (d *Detector) of(v *track.Vessel) *memory {
	for len(d.memory) <= v.Index {
		d.memory = append(d.memory, memory{})
	}
	return &d.memory[v.Index]
}

// End implements detect.Detector: an identity does not end with the input.
func (d *Detector) End(*track.Vessel, detect.End, detect.Emit) {}

// State implements detect.Detector.
func (d *Detector) State(c *state.Coder) {
	c.Mark("invalid 3")
	state.Slice(c, &d.memory, func(c *state.Coder, m *memory) {
		state.Int(c, &m.fixes)
		state.Int(c, &m.told)
		state.Int(c, &m.sent)
		state.Int(c, &m.reports)
		state.Ptr(c, &m.toldIMO, func(c *state.Coder, n *numbers) { state.Slice(c, (*[]uint32)(n), state.Int[uint32]) })
	})
}
