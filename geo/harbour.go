package geo

import (
	_ "embed"
	"encoding/csv"
	"slices"
	"strings"
	"sync"

	"navicert"
)

// portsCSV holds the harbours of the World Port Index that places.csv and
// terminals.csv do not hold, by their numbers in it: code, name, country, place,
// and in the last column port, oil_terminal (the index says that there is one) or
// offshore (an oil or gas terminal in the sea). Codes that are another place's, and
// rows that lie where no harbour is, are left out; harbour_test.go has the rules,
// and writes the table.
// Source: World Port Index (NGA Pub. 150, edition of April 2026, a work of the US
// Government). Positions are good to the minute. policy_test.go holds its hash.
//
//go:embed ports.csv
var portsCSV string

// harbourEdition is what says in a port's source that the program had it.
const harbourEdition = ", April 2026"

// Harbours returns the ports that the program knows by itself beside its
// [Terminals]. Their positions are not those of the UN/LOCODE database: of 2,173
// ports that both have, half lie farther apart than 1.2 nm, one in ten farther
// than 6.8 nm and one in a hundred farther than 227 nm.
func Harbours() []Port { return slices.Clone(ownHarbours()) }

var ownHarbours = sync.OnceValue(func() []Port {
	rows, err := csv.NewReader(strings.NewReader(portsCSV)).ReadAll()
	if err != nil {
		panic("ports.csv: " + err.Error()) // the program's own file, which a test reads
	}
	var ports []Port
	for _, p := range ownPlaces() {
		if p.port != "" {
			number := strings.TrimPrefix(p.Source, "WPI ")
			ports = append(ports, harbour(number, p.port, Port{Code: p.Code, Name: p.Name, Country: p.Country, Pos: p.Pos.Or(navicert.Position{})}))
		}
	}
	slices.SortFunc(ports, func(a, b Port) int { return strings.Compare(a.Code, b.Code) })
	for _, row := range rows[1:] {
		p := Port{Code: row[1], Name: row[2]}
		if p.Pos, err = navicert.ParsePosition(row[4] + "," + row[5]); err == nil && row[3] != "" {
			p.Country, err = navicert.ParseFlag(row[3])
		}
		if err != nil {
			panic("ports.csv: " + row[0] + ": " + err.Error())
		}
		ports = append(ports, harbour(row[0], row[6], p))
	}
	return ports
})

// harbour makes a port of a row of the program's tables.
func harbour(number, kind string, p Port) Port {
	p.ID, p.WPI, p.Source, p.WithinNM = "wpi:"+number, number, "WPI "+number+harbourEdition, wpiWithinNM
	switch kind {
	case "port":
		p.Kind = SeaPort
	case "oil_terminal":
		p.Kind = OilTerminal
	case "offshore":
		p.Kind, p.Offshore = OilTerminal, true
	default:
		panic("kind of port " + number + ": " + kind)
	}
	return p
}

// KnownPorts puts the ports together that are known: terminals of the program, an
// index that was imported, the program's harbours that are not in it, and places
// that were learned. A terminal stands for the row of the index that it names.
// A row stands for the harbour of its number, or of its code when its number is
// new; of a harbour that lies in the sea it does not change that.
func KnownPorts(index, learned []Port) []Port {
	terminal := map[string]bool{}
	for _, t := range ownTerminals() {
		terminal["wpi:"+t.WPI] = t.WPI != ""
	}
	offshore := map[string]bool{}
	for _, h := range ownHarbours() {
		offshore[h.ID] = h.Offshore
	}
	all := Terminals()
	for _, p := range index {
		if terminal[p.ID] {
			continue
		}
		if offshore[p.ID] {
			p.Kind, p.Offshore = OilTerminal, true
		}
		all = append(all, p)
	}
	return slices.Concat(all, HarboursBeside(index), learned)
}

// HarboursBeside returns the program's harbours for which no row of an index
// stands.
func HarboursBeside(index []Port) []Port {
	numbers, codes := map[string]bool{}, map[string]bool{}
	for _, h := range ownHarbours() {
		numbers[h.WPI] = true
	}
	for _, t := range ownTerminals() {
		numbers[t.WPI] = true
	}
	for _, p := range index {
		if !numbers[p.WPI] && p.Code != "" {
			codes[p.Code] = true
		}
	}
	for _, p := range index {
		delete(numbers, p.WPI)
	}
	return slices.DeleteFunc(Harbours(), func(h Port) bool { return !numbers[h.WPI] || codes[h.Code] })
}
