package geo

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/golang/geo/r3"
	"github.com/golang/geo/s2"

	"navicert"
)

// AnchorageRule says what makes a place an anchorage.
type AnchorageRule struct {
	Name     string
	WithinNM float64       // a ship lies while it stays so near to where it came to lie
	Stay     time.Duration // for so long
	Ships    int           // as many different ships
	Level    int           // in one S2 cell of this level
	// Silence is the longest time without a fix that does not break off a stay.
	Silence time.Duration
}

// GFWAnchorage is Global Fishing Watch's rule (pipe-anchorages e1db7c8): S2 cells of
// level 14, about 0.5 km, in which 20 ships or more lay for 12 hours or more within
// 0.5 km. That a silence of 12 hours breaks off a stay is our own: a ship may have
// been away in it.
func GFWAnchorage() AnchorageRule {
	return AnchorageRule{Name: "anchorage.GFW", WithinNM: 500 / MetresPerNM, Stay: 12 * time.Hour, Ships: 20, Level: 14, Silence: 12 * time.Hour}
}

// Stays learns anchorages from tracks, ship by ship:
//
//	for each ship { for each fix in order of time { s.Fix(at, pos, moored) }; s.End(mmsi) }
//	anchorages := s.Anchorages(ports)
//
// Its memory is bounded by the number of stays.
type Stays struct {
	rule  AnchorageRule
	cells map[s2.CellID]*stayCell
	stay  stay
	Found int // stays so far
	done  []stay
}

// stay is one ship at one place.
type stay struct {
	first, last     time.Time
	at              navicert.Position
	sum             r3.Vector
	fixes           int
	moored, checked int // fixes that say moored, and that say anything
}

type stayCell struct {
	ships      map[navicert.MMSI]bool
	sum        r3.Vector
	stays      int
	moored     int // stays at a berth, by what the ships say
	from, till time.Time
}

// NewStays returns a learner.
func NewStays(rule AnchorageRule) *Stays { return &Stays{rule: rule, cells: map[s2.CellID]*stayCell{}} }

// Fix takes the next position of the ship at hand; moored says whether its status
// says so, if it says anything.
func (s *Stays) Fix(t time.Time, at navicert.Position, moored navicert.Opt[bool]) {
	c := &s.stay
	if c.fixes > 0 && (t.Sub(c.last) > s.rule.Silence || DistanceNM(c.at, at) > s.rule.WithinNM) {
		s.close()
	}
	if c.fixes == 0 {
		*c = stay{first: t, at: at}
	}
	c.last, c.sum = t, c.sum.Add(toPoint(at).Vector)
	c.fixes++
	if v, known := moored.Get(); known {
		c.checked++
		if v {
			c.moored++
		}
	}
}

func (s *Stays) close() {
	if c := s.stay; c.fixes > 0 && c.last.Sub(c.first) >= s.rule.Stay {
		s.done = append(s.done, c)
	}
	s.stay = stay{}
}

// End ends the track of a ship.
func (s *Stays) End(mmsi navicert.MMSI) {
	s.close()
	for _, c := range s.done {
		s.Found++
		mean := s2.Point{Vector: c.sum.Normalize()}
		id := Leaf(fromPoint(mean)).Parent(s.rule.Level)
		cell := s.cells[id]
		if cell == nil {
			cell = &stayCell{ships: map[navicert.MMSI]bool{}, from: c.first, till: c.last}
			s.cells[id] = cell
		}
		cell.ships[mmsi] = true
		cell.sum = cell.sum.Add(mean.Vector)
		cell.stays++
		if 2*c.moored > c.checked {
			cell.moored++
		}
		if c.first.Before(cell.from) {
			cell.from = c.first
		}
		if c.last.After(cell.till) {
			cell.till = c.last
		}
	}
	s.done = s.done[:0]
}

// Anchorages returns the places where enough ships lay, by id. Where most of them
// say that they are moored it is a port: a berth. A place is named by the port that
// is nearest within 20 nm, if one is known.
func (s *Stays) Anchorages(ports *Ports) []Port {
	const nameNM = 20
	out := []Port{}
	for id, c := range s.cells {
		if len(c.ships) < s.rule.Ships {
			continue
		}
		at := fromPoint(s2.Point{Vector: c.sum.Normalize()})
		p := Port{
			ID: "anchorage:" + id.ToToken(), Kind: Anchorage, Pos: navicert.Position{Lat: roundTo(at.Lat), Lon: roundTo(at.Lon)}, Ships: len(c.ships),
			Source: fmt.Sprintf("learned from %d ships, %s to %s", len(c.ships), c.from.UTC().Format(time.DateOnly), c.till.UTC().Format(time.DateOnly)),
		}
		word := "anchorage"
		if 2*c.moored > c.stays {
			p.ID, p.Kind, word = "berth:"+id.ToToken(), SeaPort, "berth"
		}
		p.Name = fmt.Sprintf("%s at %s", word, p.Pos)
		if i, nm := ports.Nearest(p.Pos, nameNM); i >= 0 {
			near := ports.Port(i)
			p.Country = near.Country
			p.Name = fmt.Sprintf("%s %.0f nm from %s", word, nm, near.Name)
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Port) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// roundTo rounds to a hundred thousandth of a degree, a metre.
func roundTo(v float64) float64 { return math.Round(v*1e5) / 1e5 }
