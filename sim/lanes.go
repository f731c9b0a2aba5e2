package sim

import (
	"fmt"
	"slices"
	"strings"

	"navicert"
)

// chain returns the places of a name: of one place, of a lane, or of a lane
// backwards ("-name").
func (sc *Scenario) chain(name string) ([]navicert.Position, error) {
	if p, ok := sc.Places[name]; ok {
		return []navicert.Position{p.position()}, nil
	}
	lane, backwards := strings.CutPrefix(name, "-")
	names, ok := sc.Lanes[lane]
	if !ok {
		return nil, fmt.Errorf("%q is neither a place nor a lane", name)
	}
	places := make([]navicert.Position, len(names))
	for i, n := range names {
		p, ok := sc.Places[n]
		if !ok {
			return nil, fmt.Errorf("lane %s: %q is no place", lane, n)
		}
		places[i] = p.position()
	}
	if backwards {
		slices.Reverse(places)
	}
	return places, nil
}
