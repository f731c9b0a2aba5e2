package geo

import (
	"slices"

	"github.com/golang/geo/s2"

	"navicert"
)

// Passage is a canal, a strait or a cape that a route goes through.
type Passage struct {
	Name string  `json:"name"`
	NM   float64 `json:"nm"` // along the route
}

// gate is a line across a passage, from shore to shore and a little inland.
type gate struct {
	name     string
	from, to navicert.Position
	closed   bool // merchant ships do not go this way without a reason of their own
}

// gates of the passages that matter to merchant shipping. The network has no
// names; the lines were drawn for this project on the chart, and lie where no
// other water is near. Closed are the two ways through the Arctic, which need ice
// class, season and leave, and the canal of Corinth, which is 21 m wide. No lane of
// the network leads through the Kiel Canal.
var gates = []gate{
	{"Bab el Mandeb", navicert.Position{Lat: 12.3, Lon: 43.1}, navicert.Position{Lat: 12.9, Lon: 43.7}, false},
	{"Bering Strait", navicert.Position{Lat: 66.2, Lon: -170.5}, navicert.Position{Lat: 65.5, Lon: -167.5}, false},
	{"Bosporus", navicert.Position{Lat: 41.12, Lon: 28.8}, navicert.Position{Lat: 41.12, Lon: 29.3}, false},
	{"Cape Horn", navicert.Position{Lat: -54.9, Lon: -67.3}, navicert.Position{Lat: -67, Lon: -67.3}, false},
	{"Cape of Good Hope", navicert.Position{Lat: -34.3, Lon: 20}, navicert.Position{Lat: -65, Lon: 20}, false},
	{"Corinth Canal", navicert.Position{Lat: 37.99, Lon: 23.05}, navicert.Position{Lat: 37.87, Lon: 22.9}, true},
	{"Dardanelles", navicert.Position{Lat: 40.35, Lon: 26.1}, navicert.Position{Lat: 40.05, Lon: 26.65}, false},
	{"Dover Strait", navicert.Position{Lat: 51.2, Lon: 1.25}, navicert.Position{Lat: 50.85, Lon: 1.75}, false},
	{"Florida Straits", navicert.Position{Lat: 25.1, Lon: -80.5}, navicert.Position{Lat: 23, Lon: -80.6}, false},
	{"Great Belt", navicert.Position{Lat: 55.35, Lon: 10.6}, navicert.Position{Lat: 55.35, Lon: 11.2}, false},
	{"Kerch Strait", navicert.Position{Lat: 45.2, Lon: 36.3}, navicert.Position{Lat: 45.2, Lon: 36.9}, false},
	{"Korea Strait", navicert.Position{Lat: 35.2, Lon: 129}, navicert.Position{Lat: 33.6, Lon: 130.4}, false},
	{"Lombok Strait", navicert.Position{Lat: -8.7, Lon: 115.4}, navicert.Position{Lat: -8.7, Lon: 116.1}, false},
	{"Mona Passage", navicert.Position{Lat: 18.5, Lon: -68.4}, navicert.Position{Lat: 18.2, Lon: -67.1}, false},
	{"Chukotka", navicert.Position{Lat: 67.5, Lon: 178}, navicert.Position{Lat: 67.5, Lon: -177.5}, true},
	{"Northeast Passage", navicert.Position{Lat: 77, Lon: 105}, navicert.Position{Lat: 89.9, Lon: 105}, true},
	{"Northwest Passage", navicert.Position{Lat: 67, Lon: -95}, navicert.Position{Lat: 89.9, Lon: -95}, true},
	{"Panama Canal", navicert.Position{Lat: 9.4, Lon: -79.5}, navicert.Position{Lat: 8.85, Lon: -80.1}, false},
	{"Singapore Strait", navicert.Position{Lat: 1.4, Lon: 103.95}, navicert.Position{Lat: 1.1, Lon: 104}, false},
	{"Strait of Gibraltar", navicert.Position{Lat: 35.6, Lon: -5.5}, navicert.Position{Lat: 36.3, Lon: -5.5}, false},
	{"Strait of Hormuz", navicert.Position{Lat: 26.1, Lon: 56.45}, navicert.Position{Lat: 27.3, Lon: 56.45}, false},
	{"Strait of Magellan", navicert.Position{Lat: -53.3, Lon: -71.6}, navicert.Position{Lat: -53.3, Lon: -69.9}, false},
	{"Strait of Malacca", navicert.Position{Lat: 3.1, Lon: 101.5}, navicert.Position{Lat: 1.9, Lon: 100.5}, false},
	{"Strait of Messina", navicert.Position{Lat: 38.2, Lon: 15.4}, navicert.Position{Lat: 38.2, Lon: 15.8}, false},
	{"Suez Canal", navicert.Position{Lat: 30.45, Lon: 32}, navicert.Position{Lat: 30.45, Lon: 32.7}, false},
	{"Sunda Strait", navicert.Position{Lat: -5.7, Lon: 105.5}, navicert.Position{Lat: -6.2, Lon: 106.2}, false},
	{"Taiwan Strait", navicert.Position{Lat: 25.4, Lon: 119.4}, navicert.Position{Lat: 24.1, Lon: 120.8}, false},
	{"The Sound", navicert.Position{Lat: 56.03, Lon: 12.4}, navicert.Position{Lat: 56.03, Lon: 12.85}, false},
	{"Torres Strait", navicert.Position{Lat: -9.2, Lon: 142.3}, navicert.Position{Lat: -10.9, Lon: 142.3}, false},
	{"Windward Passage", navicert.Position{Lat: 20.2, Lon: -74.2}, navicert.Position{Lat: 19.8, Lon: -73.4}, false},
	{"Yucatan Channel", navicert.Position{Lat: 21.4, Lon: -87}, navicert.Position{Lat: 22, Lon: -84.8}, false},
}

func (g *gate) crosses(a, b s2.Point) bool {
	return s2.CrossingSign(a, b, toPoint(g.from), toPoint(g.to)) == s2.Cross
}

func closedPassage(a, b navicert.Position) bool {
	for i := range gates {
		if g := &gates[i]; g.closed && g.crosses(toPoint(a), toPoint(b)) {
			return true
		}
	}
	return false
}

// Passages returns the canals, straits and capes that the route goes through, in
// the order in which it does. One through which it goes twice is there twice.
func (r *Route) Passages() []Passage {
	var out []Passage
	unit := make([]s2.Point, len(r.points))
	for i, p := range r.points {
		unit[i] = toPoint(p.Position)
	}
	for i := range gates {
		g := &gates[i]
		crosser := s2.NewChainEdgeCrosser(toPoint(g.from), toPoint(g.to), unit[0])
		for k := range unit[1:] {
			if crosser.ChainCrossingSign(unit[k+1]) != s2.Cross {
				continue
			}
			at := s2.Intersection(unit[k], unit[k+1], toPoint(g.from), toPoint(g.to))
			out = append(out, Passage{g.name, r.atNM[k] + DistanceNM(r.points[k].Position, fromPoint(at))})
		}
	}
	slices.SortFunc(out, func(a, b Passage) int {
		switch {
		case a.NM < b.NM:
			return -1
		case a.NM > b.NM:
			return 1
		}
		return 0
	})
	return out
}
