package geo

import (
	_ "embed"
	"encoding/csv"
	"strconv"
	"strings"
	"sync"

	"navicert"
)

// terminalsCSV holds oil and gas terminals: where, of what kind (berths, buoys,
// floating storage) and what they handle. Positions: the World Port Index (NGA
// Pub. 150, edition of April 2026, a work of the US Government), the number of the
// entry in each row, good to the minute; of a terminal that the index lacks, which
// has no number, the source that its row names, taken for as good. What a terminal is
// and handles was written for this project from general knowledge and is no statement
// of who uses it. policy_test.go holds its hash.
//
//go:embed terminals.csv
var terminalsCSV string

// Terminals returns the oil terminals that the program knows by itself. A
// terminal without berths is Offshore.
func Terminals() []Port { return append([]Port(nil), ownTerminals()...) }

var ownTerminals = sync.OnceValue(func() []Port {
	ports, err := readTerminals(terminalsCSV)
	if err != nil {
		panic("terminals.csv: " + err.Error()) // the program's own file, which a test reads
	}
	return ports
})

func readTerminals(text string) ([]Port, error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	var ports []Port
	for i, row := range rows[1:] {
		fail := func(why string, args ...any) error {
			return navicert.Errorf(navicert.Invalid, "read terminals", "row "+strconv.Itoa(i+2), why, args...)
		}
		p := Port{ID: "terminal:" + row[0], Name: row[1], Code: row[3], Kind: OilTerminal, WithinNM: wpiWithinNM, Handles: row[7], WPI: row[8], Source: row[9] + ", checked " + row[10]}
		if p.Country, err = navicert.ParseFlag(row[2]); err != nil {
			return nil, fail("%w", err)
		}
		if p.Pos, err = navicert.ParsePosition(row[4] + "," + row[5]); err != nil {
			return nil, fail("%w", err)
		}
		p.Offshore = true
		for kind := range strings.SplitSeq(row[6], ";") {
			switch kind {
			case "berth":
				p.Offshore = false
			case "buoy", "floating":
			default:
				return nil, fail("kind %q", kind)
			}
		}
		if p.Name == "" || p.Handles == "" || row[9] == "" || p.WPI != "" && row[9] != "WPI "+p.WPI || p.WPI == "" && strings.HasPrefix(row[9], "WPI") || !strings.HasPrefix(row[0], strings.ToLower(row[2])+"-") {
			return nil, fail("it is not whole")
		}
		ports = append(ports, p)
	}
	return ports, nil
}
