package geo

import (
	"encoding/csv"
	"io"
	"strconv"

	"navicert"
)

// WriteWPI writes ports in the form that [ReadWPI] reads: the columns of the World
// Port Index that it looks at. Each port has a number in WPI. The index has no word
// for an anchorage, which is read as a port.
func WriteWPI(w io.Writer, ports []Port) error {
	out := csv.NewWriter(w)
	rows := [][]string{wpiColumns[:]}
	for i := range ports {
		p := &ports[i]
		if _, ok := wpiNumber(p.WPI); !ok {
			return navicert.Errorf(navicert.Invalid, "write ports", p.ID, "%q is no number of the World Port Index", p.WPI)
		}
		oil := "Unknown"
		if p.Kind == OilTerminal {
			oil = "Yes"
		}
		rows = append(rows, []string{p.WPI, p.Name, p.Code, string(p.Country), degrees(p.Pos.Lat), degrees(p.Pos.Lon), oil})
	}
	if err := out.WriteAll(rows); err != nil {
		return navicert.Errorf(navicert.Unavailable, "write ports", "", "%w", err)
	}
	return nil
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
