package navicert

import (
	"encoding/json"
	"iter"
	"slices"
	"strings"
)

// Stations are the names of receivers, in alphabetical order and each once. They
// are one comparable value, in JSON an array; the zero Stations is none.
type Stations string

// stationSep stands between the names; no name holds it.
const stationSep = "\x1f"

// MakeStations makes a set of names. Empty ones are left out.
func MakeStations(names ...string) Stations {
	clean := make([]string, 0, len(names))
	for _, n := range names {
		if n = strings.ReplaceAll(n, stationSep, " "); n != "" {
			clean = append(clean, n)
		}
	}
	slices.Sort(clean)
	return Stations(strings.Join(slices.Compact(clean), stationSep))
}

// Names returns the names, nil when there are none.
func (s Stations) Names() []string {
	return slices.Collect(s.All())
}

// All goes through the names, without allocating.
func (s Stations) All() iter.Seq[string] {
	return func(yield func(string) bool) {
		for rest, more := string(s), s != ""; more; {
			var name string
			if name, rest, more = strings.Cut(rest, stationSep); !yield(name) {
				return
			}
		}
	}
}

// MarshalJSON writes an array of names.
func (s Stations) MarshalJSON() ([]byte, error) {
	if s == "" {
		return []byte("[]"), nil
	}
	return json.Marshal(s.Names())
}

// UnmarshalJSON reads an array of names.
func (s *Stations) UnmarshalJSON(b []byte) error {
	var names []string
	if err := json.Unmarshal(b, &names); err != nil {
		return err
	}
	*s = MakeStations(names...)
	return nil
}
