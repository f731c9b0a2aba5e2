package sim

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/geo"
)

// Options are what a run can choose. The zero Options plays the scenario as
// written.
type Options struct {
	Seed     uint64    // 0: the scenario's own
	From, To time.Time // the part to play; zero: the scenario's whole time
	Vessels  int       // add ships until there are so many
	Reports  bool      // write every report as received into the truth
	Format   Format    // of what is received; "" is nmea
}

// maxSpan is the longest time that a world can last.
const maxSpan = 10 * 366 * 24 * time.Hour

// World is a scenario ready to play. It is not changed by playing: it can be
// played again, and at the same time from several goroutines.
type World struct {
	sc       *Scenario
	seed     uint64
	from, to time.Time
	reports  bool
	format   Format
	plans    []*plan
	stations []*receiver
	areas    map[string]*geo.Area
	visited  []string // areas whose visits are written into the truth
	jamming  []jamming
	ports    []port
}

type jamming struct {
	Jamming
	area *geo.Area
}

type port struct {
	key string
	Port
	pos navicert.Position
}

// New plans every ship of a scenario. Whatever could not be played is an error
// that names the ship, station or area: numbers that could be a real ship's, a
// place that does not exist, a rendezvous that cannot be reached in time.
func New(sc *Scenario, o Options) (*World, error) {
	bad := func(format string, args ...any) *navicert.Error {
		return navicert.Errorf(navicert.Invalid, "scenario", sc.Name, format, args...)
	}
	w := &World{sc: sc, seed: o.Seed, from: o.From, to: o.To, reports: o.Reports, format: o.Format}
	if w.seed == 0 {
		w.seed = sc.Seed
	}
	if w.from.IsZero() {
		w.from = sc.From.Time
	}
	if w.to.IsZero() {
		w.to = sc.To.Time
	}
	switch {
	case !sc.Simulated:
		return nil, bad("it does not say simulated: true").WithHint("a scenario must state that its ships are invented")
	case sc.From.IsZero() || !sc.From.Before(sc.To.Time):
		return nil, bad("it lasts from %s to %s", sc.From, sc.To)
	case w.from.Before(sc.From.Time) || !w.from.Before(w.to):
		return nil, bad("it begins at %s and cannot be played from %s to %s", sc.From, w.from.Format(time.RFC3339), w.to.Format(time.RFC3339))
	case sc.To.Sub(sc.From.Time) > maxSpan || w.to.Sub(sc.From.Time) > maxSpan:
		return nil, navicert.Errorf(navicert.Limit, "scenario", sc.Name, "it lasts longer than %d days", int(maxSpan.Hours()/24))
	case o.Vessels > MaxVessels:
		return nil, navicert.Errorf(navicert.Limit, "scenario", sc.Name, "%d ships were asked for, %d is the most", o.Vessels, MaxVessels)
	case len(sc.Stations) == 0:
		return nil, bad("it has no stations, so nothing would be heard")
	}
	if n := sc.Noise; !(n.PositionM >= 0 && n.PositionM <= 10000 && n.SpeedKn >= 0 && n.SpeedKn <= 10 && n.CourseDeg >= 0 && n.CourseDeg <= 60) {
		return nil, bad("its noise is out of range").WithHint("position_m 0 to 10000, speed_kn 0 to 10, course_deg 0 to 60")
	}
	if err := w.resolve(); err != nil {
		return nil, err
	}
	return w, w.planAll(o)
}

// resolve makes the areas and stations, and checks places and lanes.
func (w *World) resolve() error {
	sc := w.sc
	for name, p := range sc.Places {
		if !p.position().Valid() {
			return navicert.Errorf(navicert.Invalid, "scenario", "place "+name, "%v is no latitude and longitude", p)
		}
	}
	for name := range sc.Lanes {
		if _, err := sc.chain(name); err != nil {
			return navicert.Errorf(navicert.Invalid, "scenario", "lane "+name, "%w", err)
		}
	}
	for _, name := range sc.Traffic {
		if len(sc.Lanes[name]) < 2 {
			return navicert.Errorf(navicert.Invalid, "scenario", "traffic "+name, "it is not a lane of at least two places")
		}
	}
	w.areas = map[string]*geo.Area{}
	for _, name := range slices.Sorted(maps.Keys(sc.Areas)) {
		a, err := sc.Areas[name].area()
		if err != nil {
			return navicert.Errorf(navicert.Invalid, "scenario", "area "+name, "%w", err)
		}
		w.areas[name] = a
		if sc.Areas[name].Visits {
			w.visited = append(w.visited, name)
		}
	}
	for _, s := range sc.Stations {
		r, err := newReceiver(sc, s, w.areas)
		if err != nil {
			return err
		}
		w.stations = append(w.stations, r)
	}
	for i, j := range sc.Jamming {
		a, err := namedArea(w.areas, j.Area)
		if err != nil || a == nil || !j.From.Before(j.To.Time) || j.Why == "" {
			return navicert.Errorf(navicert.Invalid, "scenario", "jamming "+strconv.Itoa(i+1), "want area, from, to and why (area %q, %s to %s)", j.Area, j.From, j.To)
		}
		w.jamming = append(w.jamming, jamming{j, a})
	}
	for _, key := range slices.Sorted(maps.Keys(sc.Ports)) {
		p := sc.Ports[key]
		at, ok := sc.Places[p.At]
		switch {
		case !ok:
			return navicert.Errorf(navicert.Invalid, "scenario", "port "+key, "it is at %q, which is no place", p.At)
		case p.Kind == "":
			p.Kind = geo.SeaPort
		case p.Kind != geo.SeaPort && p.Kind != geo.OilTerminal && p.Kind != geo.Anchorage:
			return navicert.Errorf(navicert.Invalid, "scenario", "port "+key, "it is a %q", p.Kind).WithHint("port, oil_terminal or anchorage")
		}
		w.ports = append(w.ports, port{key, p, at.position()})
	}
	return nil
}

func (w *World) planAll(o Options) error {
	vessels := slices.Clone(w.sc.Vessels)
	added, err := addTraffic(w.sc, o.Vessels-len(vessels), w.seed, w.to)
	if err != nil {
		return err
	}
	vessels = append(vessels, added...)
	end := w.sc.To.Time
	if w.to.After(end) {
		end = w.to
	}
	pl := newPlanner(w.sc, end)
	mmsis := map[uint32]*Vessel{}
	for i := range vessels {
		v := &vessels[i]
		if err := checkVessel(v); err != nil {
			return err
		}
		if pl.byName[v.Name] != nil {
			return navicert.Errorf(navicert.Invalid, "scenario", "vessel "+v.Name, "two ships have this name")
		}
		if other := mmsis[v.MMSI]; other != nil && !(v.Shares && other.Shares) {
			return navicert.Errorf(navicert.Invalid, "scenario", "vessel "+v.Name, "it has the MMSI of %s", other.Name).
				WithHint("two ships that share one both say shares: true")
		}
		pl.byName[v.Name], mmsis[v.MMSI] = v, v
	}
	for i := range vessels {
		p, err := pl.plan(vessels[i].Name)
		if err != nil {
			return err
		}
		if i >= len(w.sc.Vessels) {
			vessels[i].Script = nil // has become the plan
		}
		p.order = len(w.plans)
		w.plans = append(w.plans, p)
	}
	for _, p := range w.plans {
		for _, c := range p.changes {
			if c.report.MMSI == nil {
				continue
			}
			if other := mmsis[*c.report.MMSI]; other != nil && other != p.v {
				return navicert.Errorf(navicert.Invalid, "scenario", "vessel "+p.v.Name, "it changes to the MMSI of %s", other.Name)
			}
			mmsis[*c.report.MMSI] = p.v
		}
		if err := w.checkLabels(p); err != nil {
			return err
		}
	}
	if err := w.checkClusters(); err != nil {
		return err
	}
	return nil
}

// firstPortNumber is where the numbers of invented ports begin: the World Port Index
// has none so high.
const firstPortNumber = 990001

// Ports returns the scenario's ports, for detectors. They have numbers as of the World
// Port Index, so that they can be written in its form.
func (w *World) Ports() []geo.Port {
	all := make([]geo.Port, len(w.ports))
	for i, p := range w.ports {
		name := p.Name
		if name == "" {
			name = p.key
		}
		all[i] = geo.Port{
			ID: "sim:" + p.key, Code: strings.ReplaceAll(p.key, " ", ""), Name: name + " (SIMULATED)", Kind: p.Kind, Pos: p.pos,
			WPI: strconv.Itoa(firstPortNumber + i), Source: "scenario " + w.sc.Name,
		}
	}
	return all
}

// Zones returns the areas whose visits are in the truth, for detectors.
func (w *World) Zones() []geo.Zone {
	all := make([]geo.Zone, len(w.visited))
	for i, name := range w.visited {
		all[i] = geo.Zone{ID: name, Name: name, Kind: geo.Danger, Effect: geo.Warns, From: navicert.At(w.sc.From.Time), Published: navicert.At(w.sc.From.Time), Simulated: true, Area: w.areas[name]}
	}
	return all
}

// checkVessel refuses what could be a real ship or could not be sent.
func checkVessel(v *Vessel) error {
	bad := func(format string, args ...any) *navicert.Error {
		return navicert.Errorf(navicert.Invalid, "scenario", "vessel "+v.Name, format, args...)
	}
	if v.Class == "" {
		v.Class = navicert.ClassA
	}
	check := Simulated
	if v.Invalid {
		check = SimulatedInvalid
	}
	if err := check(navicert.MMSI(v.MMSI), navicert.IMO(v.IMO)); err != nil {
		return bad("%w", err).WithHint("simulated ships have numbers that no real ship can have")
	}
	switch {
	case v.Name == "" || len(v.Name) > 20 || badShipText(v.Name):
		return bad("a name has 1 to 20 capital letters, digits and blanks")
	case len(v.CallSign) > 7 || badShipText(v.CallSign):
		return bad("a call sign has at most 7 capital letters and digits")
	case len(v.Destination) > 20 || badShipText(v.Destination):
		return bad("a destination has at most 20 capital letters, digits and blanks")
	case v.Class != navicert.ClassA && v.Class != navicert.ClassB:
		return bad("class %q is neither A nor B", v.Class)
	case v.ShipType < 0 || v.ShipType > 99:
		return bad("ship type %d is not in the table", v.ShipType)
	case v.LengthM < 0 || v.LengthM > 500 || v.BeamM < 0 || v.BeamM > 100 || !(v.DraughtM >= 0 && v.DraughtM <= 25):
		return bad("%d x %d m, draught %g m is no ship's size", v.LengthM, v.BeamM, v.DraughtM)
	}
	return nil
}

// badShipText reports whether a text holds what six-bit text cannot carry.
func badShipText(s string) bool {
	for _, c := range s {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != ' ' && c != '-' && c != '.' && c != '>' && c != '/' {
			return true
		}
	}
	return false
}

// area makes the shape's area.
func (s Shape) area() (*geo.Area, error) {
	switch {
	case s.Centre != nil && len(s.Ring) == 0:
		return geo.NewCircle(s.Centre.position(), s.RadiusNM)
	case s.Centre == nil && s.RadiusNM == 0 && len(s.Ring) >= 3:
		ring := make([][2]float64, len(s.Ring))
		for i, p := range s.Ring {
			ring[i] = [2]float64{p[1], p[0]} // GeoJSON puts longitude first
		}
		b, err := json.Marshal(map[string]any{"type": "Polygon", "coordinates": [][][2]float64{ring}})
		if err != nil {
			return nil, err
		}
		return geo.ParseArea(b)
	}
	return nil, errors.New("want a ring of at least three places, or centre and radius_nm")
}

// namedArea looks an area up; no name is no area.
func namedArea(areas map[string]*geo.Area, name string) (*geo.Area, error) {
	if name == "" {
		return nil, nil
	}
	a := areas[name]
	if a == nil {
		return nil, navicert.Errorf(navicert.Invalid, "scenario", "area "+name, "it is not defined")
	}
	return a, nil
}

// NamedArea is an area of the scenario.
type NamedArea struct {
	Name string
	Area *geo.Area
}

// Areas returns the scenario's areas, by name.
func (w *World) Areas() []NamedArea {
	var list []NamedArea
	for _, name := range slices.Sorted(maps.Keys(w.areas)) {
		list = append(list, NamedArea{name, w.areas[name]})
	}
	return list
}
