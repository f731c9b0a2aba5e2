package geo

import (
	"slices"
	"strings"

	"navicert"
)

// Reading is what the text of a ship's declared destination says.
type Reading string

// The readings.
const (
	Named         Reading = "named"         // one place, or one of a few of that name
	Uninformative Reading = "uninformative" // empty, or a word that names no place: FOR ORDERS
	NotRead       Reading = "not read"      // something that is not known here
)

// Destinations reads the texts that ships declare as their destination. It does
// not change once made and is safe for concurrent use.
type Destinations struct {
	ports  *Ports
	byName map[string][]int32 // numbers of ports
	byCode map[string]int32
}

// maxSameName is how many places of one name are kept apart; of more, a name
// says nothing.
const maxSameName = 4

// NewDestinations reads by the names and codes of ports beside UN/LOCODEs.
func NewDestinations(ports *Ports) *Destinations {
	d := &Destinations{ports, map[string][]int32{}, map[string]int32{}}
	for i := range ports.Len() {
		p := ports.Port(i)
		if p.Kind == Anchorage {
			continue
		}
		if _, again := d.byCode[p.Code]; !again && p.Code != "" {
			d.byCode[p.Code] = int32(i)
		}
		name, _, _ := strings.Cut(p.Name, "(")
		if key := joined(nameWords(name)); len(key) >= shortestName {
			d.byName[key] = append(d.byName[key], int32(i))
		}
	}
	return d
}

func (d *Destinations) place(number int32) Place {
	p := d.ports.Port(int(number))
	return Place{Code: p.Code, Name: p.Name, Country: p.Country, Pos: navicert.Some(p.Pos), Source: p.Source}
}

// shortestName is how many letters a name has at least; shorter words are
// abbreviations, which many places share.
const shortestName = 4

// Read tells where a text says that the ship goes. Of "VEJOT>CNTAO" it is the
// last place; a word of five letters may be a UN/LOCODE and a name, and both
// are returned when they differ.
func (d *Destinations) Read(text string) ([]Place, Reading) {
	text = strings.ToUpper(text)
	if i := strings.LastIndexByte(text, '>'); i >= 0 {
		text = text[i+1:]
	}
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9')
	})
	if len(words) == 0 || len(words) <= 5 && generic(words) {
		return nil, Uninformative
	}
	var found []Place
	add := func(p Place) {
		at, ok := p.Pos.Get()
		if !ok {
			return
		}
		for _, f := range found {
			if DistanceNM(f.Pos.Or(at), at) < 30 {
				return
			}
		}
		found = append(found, p)
	}
	for _, code := range codesIn(words) {
		if i, ok := d.byCode[code]; ok {
			add(d.place(i))
		}
		if p, err := FindPlace(code); err == nil { // an index may give a code to another place: RULED to St Petersburg in Florida
			add(p)
		}
	}
	names := nameWords(text)
	for n := len(names); n > 0; n-- { // "HOUSTON TX" is Houston
		if key := joined(names[:n]); len(key) >= shortestName && len(d.byName[key]) > 0 {
			for _, i := range d.byName[key] {
				add(d.place(i))
			}
			break
		}
	}
	if len(found) == 0 || len(found) > maxSameName {
		return nil, NotRead
	}
	return found, Named
}

// codesIn returns what may be a UN/LOCODE: the whole text ("VE JOT", "VEJOT") or
// its first word.
func codesIn(words []string) []string {
	var codes []string
	for _, c := range []string{words[0], joined(words[:min(2, len(words))])} {
		whole := len(words) == 1 || c != words[0] && len(words) == 2 && len(words[0]) == 2 || c == words[0]
		if whole && len(c) == 5 && isLocode(c) && !slices.Contains(codes, c) {
			if _, err := navicert.ParseFlag(c[:2]); err == nil {
				codes = append(codes, c)
			}
		}
	}
	return codes
}

func joined(words []string) string { return strings.Join(words, "") }

// nameWords are a name's words without those that many names have.
func nameWords(name string) []string {
	words := strings.FieldsFunc(strings.ToUpper(fold(name)), func(r rune) bool { return !(r >= 'A' && r <= 'Z') })
	return slices.DeleteFunc(words, func(w string) bool {
		switch w {
		case "PORT", "OF", "PT", "THE", "ANCH", "ANCHORAGE", "ROADS", "ROAD", "OPL", "EOPL", "WOPL", "TERMINAL", "PILOT", "PS":
			return true
		}
		return false
	})
}

// fold writes the letters of Western names without their marks.
func fold(s string) string { return folds.Replace(s) }

var folds = strings.NewReplacer(
	"á", "a", "à", "a", "â", "a", "ã", "a", "ä", "a", "å", "a", "é", "e", "è", "e", "ê", "e", "ë", "e", "í", "i", "ì", "i", "î", "i", "ï", "i", "İ", "I", "ı", "i",
	"ó", "o", "ò", "o", "ô", "o", "õ", "o", "ö", "o", "ø", "o", "ú", "u", "ù", "u", "û", "u", "ü", "u", "ū", "u", "ç", "c", "ğ", "g", "ñ", "n", "ş", "s", "ė", "e", "ń", "n", "ą", "a", "ę", "e",
)

// generic reports whether words name no place.
func generic(words []string) bool {
	text := strings.Join(words, " ")
	for _, w := range []string{
		"FOR ORDERS", "FOR ORDER", "ORDERS", "ORDER", "FO", "F O", "AWAITING ORDERS", "WAITING ORDERS", "WAITING FOR ORDERS", "TO ORDER", "TO ORDERS",
		"TBA", "TBN", "TBC", "TBD", "TO BE ADVISED", "TO BE CONFIRMED", "UNKNOWN", "UNKNOWN DESTINATION", "NONE", "NIL", "NA", "N A", "NULL", "NOT DEFINED", "NOT AVAILABLE",
		"AT SEA", "SEA", "OPEN SEA", "HIGH SEA", "HIGH SEAS", "OCEAN", "DRIFTING", "AT ANCHOR", "ANCHOR", "ANCHORAGE", "ANCH", "FISHING", "FISHING GROUND", "FISHING GROUNDS",
		"OFFSHORE", "PORT", "HOME", "HOME PORT", "VARIOUS", "LOCAL", "CRUISING", "STS", "OPL", "SEA TRIAL", "SEA TRIALS", "TRIAL", "DREDGING", "TOWING", "ATLANTIC", "PACIFIC",
		"INDIAN OCEAN", "CARIBS", "CARIBBEAN", "CARIBBEAN SEA", "USG", "US GULF", "MED", "ARA", "FAR EAST", "ARMED GUARD ON BOARD", "ARMED GUARDS ON BOARD", "NO DESTINATION", "RETURN", "X", "XX", "XXX", "0", "1",
	} {
		if text == w {
			return true
		}
	}
	return false
}
