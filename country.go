package navicert

import (
	_ "embed"
	"encoding/csv"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// Flag is a country or flag state as an ISO 3166-1 alpha-2 code. Empty is
// unknown.
type Flag string

// countryCSV names each code in English with other spellings in use.
// Source: ISO 3166-1 codes with the names usual in English (facts), and the
// spellings found in OFAC's SDN list of December 2025. Written for this
// project, 2026-11-24; policy_test.go holds its hash.
//
//go:embed country.csv
var countryCSV string

// midCSV maps maritime identification digits to the administration's code.
// Source: ITU table of maritime identification digits (facts), 2026-11-24.
//
//go:embed mid.csv
var midCSV string

type countryTable struct {
	name   map[Flag]string
	byName map[string]Flag
}

var countries = sync.OnceValue(func() countryTable {
	t := countryTable{map[Flag]string{}, map[string]Flag{}}
	for _, row := range mustTable("country.csv", countryCSV, 3) {
		f := Flag(row[0])
		t.name[f] = row[1]
		for _, n := range append([]string{row[0], row[1]}, strings.Split(row[2], ";")...) {
			if k := countryKey(n); k != "" {
				t.byName[k] = f
			}
		}
	}
	return t
})

// midFlags is the flag of each MID, empty when it is given to nobody.
var midFlags = sync.OnceValue(func() *[1000]Flag {
	m := new([1000]Flag)
	for _, row := range mustTable("mid.csv", midCSV, 2) {
		mid, err := strconv.Atoi(row[0])
		if err != nil || mid < 201 || mid > 799 {
			panic("mid.csv: bad MID " + row[0])
		}
		m[mid] = Flag(row[1])
	}
	return m
})

// mustTable reads an embedded table without its header row.
func mustTable(name, text string, columns int) [][]string {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = columns
	rows, err := r.ReadAll()
	if err != nil {
		panic(name + ": " + err.Error())
	}
	return rows[1:]
}

// countryKey folds a name for look-up: small letters and digits only.
func countryKey(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// ParseFlag reads an alpha-2 code or an English country name, in any case and
// in the spellings that sanctions lists use.
func ParseFlag(s string) (Flag, error) {
	if f, ok := countries().byName[countryKey(s)]; ok && countryKey(s) != "" {
		return f, nil
	}
	return "", Errorf(Invalid, "country", strconv.Quote(s), "not an ISO 3166 code or a known country name")
}

// Name returns the English name, or the code itself when it is not in the
// table.
func (f Flag) Name() string {
	if n, ok := countries().name[f]; ok {
		return n
	}
	return string(f)
}
