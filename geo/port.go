package geo

import (
	"math"
	"slices"

	"navicert"
)

// PortKind is what a port is for.
type PortKind string

// The kinds of port.
const (
	SeaPort     PortKind = "port"
	OilTerminal PortKind = "oil_terminal"
	Anchorage   PortKind = "anchorage"
)

// Port is a place where ships call.
type Port struct {
	ID       string            `json:"id"`             // "wpi:12180", "terminal:ve-jose", "anchorage:…"
	Code     string            `json:"code,omitempty"` // UN/LOCODE
	Name     string            `json:"name"`
	Country  navicert.Flag     `json:"country,omitempty"`
	Kind     PortKind          `json:"kind"`
	Pos      navicert.Position `json:"position"`
	WithinNM float64           `json:"within_nm,omitempty"` // how well the position is known, 0: as well as AIS gives it
	Offshore bool              `json:"offshore,omitempty"`  // a buoy, a floating store: no quay
	Handles  string            `json:"handles,omitempty"`   // of a terminal: crude, products and so on
	WPI      string            `json:"wpi,omitempty"`       // its number in the World Port Index
	Ships    int               `json:"ships,omitempty"`     // of an anchorage that was learned: how many lay there
	Source   string            `json:"source"`
}

// Ports answers which port is near. A nil Ports knows none. It does not change
// once made and is safe for concurrent use.
type Ports struct {
	ports  []Port
	first  []int32 // of a cell of one degree in inCell; one more than there are cells
	inCell []int32 // ports, cell by cell
	only   []bool  // by number, which it knows; nil: all
	n      int     // how many
}

const (
	portColumns = 360
	portRows    = 180
	// farPorts is the distance beyond which asking each port is as good.
	farPorts = 20 * 60
)

// portCosine is the cosine of each whole degree of latitude.
var portCosine = func() (c [portRows/2 + 1]float64) {
	for i := range c {
		c[i] = math.Cos(float64(i) * math.Pi / 180)
	}
	return c
}()

// NewPorts returns an index of ports, which keep their numbers.
func NewPorts(ports []Port) *Ports {
	p := &Ports{ports: ports, first: make([]int32, portColumns*portRows+1), inCell: make([]int32, len(ports)), n: len(ports)}
	for i := range ports {
		p.first[portCell(ports[i].Pos)+1]++
	}
	for i := 1; i < len(p.first); i++ {
		p.first[i] += p.first[i-1]
	}
	next := slices.Clone(p.first)
	for i := range ports {
		cell := portCell(ports[i].Pos)
		p.inCell[next[cell]] = int32(i)
		next[cell]++
	}
	return p
}

// Where returns an index of the ports that are kept; nil when it is none of them.
// They keep their numbers, which then do not run up to its Len.
func (p *Ports) Where(keep func(*Port) bool) *Ports {
	if p == nil {
		return nil
	}
	part := &Ports{ports: p.ports, first: p.first, inCell: p.inCell, only: make([]bool, len(p.ports))}
	for i := range p.ports {
		if p.holds(i) && keep(&p.ports[i]) {
			part.only[i] = true
			part.n++
		}
	}
	if part.n == 0 {
		return nil
	}
	return part
}

func (p *Ports) holds(i int) bool { return p.only == nil || p.only[i] }

func portCell(p navicert.Position) int {
	return portRow(p.Lat)*portColumns + int(turnedLon(p.Lon))%portColumns
}

func portRow(lat float64) int { return max(0, min(portRows-1, int(lat+90))) }

// turnedLon is a longitude in degrees, a turn and a half too far, so that it
// does not become negative within a turn of it; its whole part is its column.
func turnedLon(lon float64) float64 {
	if lon < -180 || lon >= 180 {
		lon = math.Remainder(lon, 360)
	}
	return lon + 540
}

// Len is the number of ports.
func (p *Ports) Len() int {
	if p == nil {
		return 0
	}
	return p.n
}

// Port returns a port by its number.
func (p *Ports) Port(i int) *Port { return &p.ports[i] }

// Nearest returns the number of the port nearest to a position within a
// distance, and how far it is; -1 when there is none. With several at the same
// distance it is the one with the least ID. Where nothing is near it costs some
// nanoseconds.
func (p *Ports) Nearest(at navicert.Position, withinNM float64) (port int, nm float64) {
	port, nm = -1, withinNM
	if p == nil {
		return port, nm
	}
	if !(withinNM < farPorts) {
		for i := range p.ports {
			port, nm = p.nearer(i, at, port, nm)
		}
		return port, nm
	}
	const degreesPerNM = 180 / (math.Pi * nmPerRadian) * 1.000001
	d := withinNM*degreesPerNM + 1e-9 // what is rounded
	south, north := portRow(at.Lat-d), portRow(at.Lat+d)
	lon := turnedLon(at.Lon)
	west, east := int(lon), int(lon)+portColumns-1
	if lat := int(max(at.Lat, -at.Lat) + d + 1); lat < portRows/2 && d < 90*portCosine[lat] {
		// No meridian farther off than this touches the circle.
		dLon := d / portCosine[lat]
		west, east = int(lon-dLon), int(lon+dLon)
	}
	for row := south; row <= north; row++ {
		for column := west; column <= east; column++ {
			cell := row*portColumns + column%portColumns
			for _, i := range p.inCell[p.first[cell]:p.first[cell+1]] {
				if lat := p.ports[i].Pos.Lat - at.Lat; max(lat, -lat) <= d {
					port, nm = p.nearer(int(i), at, port, nm)
				}
			}
		}
	}
	return port, nm
}

// nearer returns port i if it is known and nearer than the one so far.
func (p *Ports) nearer(i int, at navicert.Position, port int, nm float64) (int, float64) {
	if !p.holds(i) {
		return port, nm
	}
	d := DistanceNM(at, p.ports[i].Pos)
	if d < nm || d == nm && (port < 0 || p.ports[i].ID < p.ports[port].ID) {
		return i, d
	}
	return port, nm
}
