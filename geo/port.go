package geo

import "navicert"

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
	Source   string            `json:"source"`
}

// Ports answers which port is near. A nil Ports knows none. It does not change
// once made and is safe for concurrent use.
type Ports struct {
	ports []Port
}

// NewPorts returns an index of ports.
func NewPorts(ports []Port) *Ports { return &Ports{ports: ports} }

// Len is the number of ports.
func (p *Ports) Len() int {
	if p == nil {
		return 0
	}
	return len(p.ports)
}

// Port returns a port by its number in the index.
func (p *Ports) Port(i int) *Port { return &p.ports[i] }

// Nearest returns the number of the port nearest to a position within a
// distance, and how far it is; -1 when there is none. With several at the same
// distance it is the one with the least ID.
func (p *Ports) Nearest(at navicert.Position, withinNM float64) (port int, nm float64) {
	port, nm = -1, withinNM
	for i := range p.Len() {
		d := DistanceNM(at, p.ports[i].Pos)
		if d < nm || d == nm && (port < 0 || p.ports[i].ID < p.ports[port].ID) {
			port, nm = i, d
		}
	}
	return port, nm
}
