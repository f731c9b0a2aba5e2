package sim

import (
	"fmt"
	"math/rand/v2"
	"time"

	"navicert"
	"navicert/geo"
)

// MonthName is the name of the generated scenario.
const MonthName = "caribbean-month"

// monthSeed is the seed of the month when none is asked for.
const monthSeed = 1

// CaribbeanMonth makes the scenario "caribbean-month" from a seed: a January in
// which some four hundred invented ships do everything that the detectors look
// for, many times, among ordinary traffic and among ships that only look as if
// they did. The geography is that of the built-in "caribbean", with four boxes
// of open sea and one on the date line. Another seed gives other ships in other
// places at other times.
func CaribbeanMonth(seed uint64) (*Scenario, error) {
	m, err := writeMonth(seed)
	if err != nil {
		return nil, err
	}
	return m.sc, nil
}

func writeMonth(seed uint64) (*month, error) {
	if seed == 0 {
		seed = monthSeed
	}
	base, err := Builtin("caribbean")
	if err != nil {
		return nil, err
	}
	m := &month{
		r:    rand.New(rand.NewPCG(seed, 0x6d6f6e7468)),
		from: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		to:   time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC),
	}
	m.sc = &Scenario{
		Name: MonthName, Simulated: true, From: navicert.At(m.from), To: navicert.At(m.to), Seed: seed,
		About:     "Generated: every behaviour that detectors look for, many times, among ordinary traffic and innocent look-alikes.",
		Reporting: Reporting{UnderWay: Duration(10 * time.Minute), AtRest: Duration(10 * time.Minute), Static: Duration(time.Hour)},
		Noise:     base.Noise, Silence: Duration(6 * time.Hour),
		Places: base.Places, Lanes: map[string][]string{}, Areas: map[string]Shape{}, Ports: map[string]Port{},
	}
	m.played = newPlanner(m.sc, m.to)
	m.waters()
	m.receivers()
	m.traffic()
	m.meetings()
	m.silences()
	m.waiting()
	m.fakes()
	m.identities()
	m.destinations()
	m.innocent()
	// What was added since then has dice of its own and comes last: the ships before it
	// are what they were.
	m.r = rand.New(rand.NewPCG(seed, 0x636c757374657273))
	m.clusters()
	if m.err != nil {
		return nil, m.err
	}
	return m, nil
}

// month is a scenario being generated.
type month struct {
	sc       *Scenario
	r        *rand.Rand
	from, to time.Time
	ships    int
	places   int
	played   *planner // plays the scripts as they are written
	err      *navicert.Error
}

// sea is a box of open water, more than 50 miles from any shore, in which
// whatever leads from one point to another stays at sea.
type sea struct{ south, north, west, east float64 }

// The boxes. That no shore is near is tested. The last lies across the date
// line; its longitudes go on beyond 180.
var (
	venezuelaBasin = sea{13.6, 16.2, -69.0, -65.0}
	colombiaBasin  = sea{13.0, 15.6, -77.0, -73.5}
	gulf           = sea{24.2, 26.8, -92.5, -86.5}
	sargasso       = sea{21.0, 26.0, -67.0, -58.0}
	eastOfBarbados = sea{11.0, 17.0, -56.5, -50.0}
	dateLine       = sea{10.0, 16.0, 177.0, 183.0}
)

// jamBox is where receivers of satellite positions are jammed, and hole is
// where no station listens, with the waters on both sides of it.
var (
	jamBox   = sea{25.0, 25.6, -89.8, -89.2}
	hole     = sea{27.0, 33.0, -56.0, -51.0}
	holeWest = sea{29.0, 31.0, -60.0, -58.0}
	holeEast = sea{29.0, 31.0, -49.0, -47.0}
)

func (s sea) ring() []LatLon {
	return []LatLon{{s.south, s.west}, {s.south, s.east}, {s.north, s.east}, {s.north, s.west}}
}

func (s sea) contains(p navicert.Position) bool {
	lon := p.Lon
	if lon < s.west {
		lon += 360
	}
	return p.Lat >= s.south && p.Lat <= s.north && lon >= s.west && lon <= s.east
}

// somewhere is a point in the box.
func (m *month) somewhere(s sea) navicert.Position {
	lon := m.between(s.west, s.east)
	if lon > 180 {
		lon -= 360
	}
	return navicert.Position{Lat: m.between(s.south, s.north), Lon: lon}
}

func (m *month) between(low, high float64) float64 { return low + (high-low)*m.r.Float64() }

func (m *month) hours(low, high float64) time.Duration {
	return time.Duration(m.between(low, high) * float64(time.Hour)).Truncate(time.Second)
}

// day is a time on a day of the month.
func (m *month) day(n int) time.Time {
	return m.from.Add(time.Duration(n)*24*time.Hour + m.hours(0, 24))
}

// waters makes the areas and ports.
func (m *month) waters() {
	m.sc.Areas["colombia-basin"] = Shape{Ring: colombiaBasin.ring()}
	m.sc.Areas["jam-box"] = Shape{Ring: jamBox.ring()}
	m.sc.Areas["hole"] = Shape{Ring: hole.ring()}
	m.sc.Areas["venezuela-zone"] = Shape{Centre: &LatLon{15.0, -67.0}, RadiusNM: 30, Visits: true}
	m.sc.Areas["atlantic-zone"] = Shape{Centre: &LatLon{14.0, -53.2}, RadiusNM: 40, Visits: true}
	m.sc.Areas["windward-zone"] = Shape{Ring: []LatLon{{19.6, -74.6}, {20.6, -74.6}, {20.6, -73.4}, {19.6, -73.4}}, Visits: true}
	for code, p := range monthPorts {
		m.sc.Ports[code] = p
	}
}

// monthPorts are where the month's ships call, by UN/LOCODE as ships write it.
var monthPorts = map[string]Port{
	"US GLS": {At: "galveston"}, "US JAX": {At: "jacksonville"}, "CO CTG": {At: "cartagena"}, "PA ONX": {At: "colon"},
	"JM KIN": {At: "kingston"}, "TT PTS": {At: "point-lisas"}, "DO CAU": {At: "caucedo"},
	"CW BUB": {At: "bullen-bay"}, "PR SJU": {At: "san-juan"}, "GD STG": {At: "grenada"}, "AN EUX": {At: "st-eustatius", Kind: geo.OilTerminal},
	"AW SNL": {At: "aruba-west", Kind: geo.Anchorage}, "TT POS": {At: "port-of-spain", Kind: geo.Anchorage},
}

// monthRoutes are the routes of ordinary traffic, from port to port.
var monthRoutes = [][]string{
	{"US GLS", "gulf-west", "gulf-centre", "yucatan", "yucatan-south", "cayman-gap", "pedro-west", "colombia-basin", "cartagena-off", "CO CTG"},
	{"US GLS", "gulf-west", "gulf-centre", "yucatan", "yucatan-south", "cayman-gap", "pedro-west", "colon-off", "PA ONX"},
	{"US GLS", "gulf-west", "gulf-centre", "yucatan", "yucatan-south", "cayman-gap", "jamaica-west", "jamaica-south", "JM KIN"},
	{"US GLS", "gulf-west", "tortugas", "florida-keys", "florida-bend", "miami-off", "florida-north", "US JAX"},
	{"US JAX", "florida-north", "miami-off", "florida-bend", "nicholas", "old-bahama-west", "old-bahama", "old-bahama-east", "inagua-west", "windward", "windward-south", "navassa-west", "cartagena-off", "CO CTG"},
	{"TT PTS", "port-of-spain", "dragons-mouth", "paria-north", "grenada-west", "GD STG"},
	{"JM KIN", "jamaica-south", "colon-off", "PA ONX"},
	{"DO CAU", "caucedo-off", "beata-south", "morant-south", "JM KIN"},
	{"DO CAU", "caucedo-off", "bonaire-north", "curacao-west", "bullen-off", "CW BUB"},
	{"PR SJU", "san-juan-off", "mona-north", "mona", "mona-south", "caucedo-off", "DO CAU"},
	{"JM KIN", "morant-south", "basin-west", "aruba-north", "curacao-west", "bullen-off", "CW BUB"},
	{"TT PTS", "port-of-spain", "dragons-mouth", "paria-north", "grenada-west", "aves-island", "anegada-south", "AN EUX"},
}

// monthSatellites are how often the satellites pass, and how long before the month a
// pass began: drawn once, for all months. The detectors know the word in their names.
var monthSatellites = []struct{ every, phase time.Duration }{
	{94 * time.Minute, 669702707459},
	{95 * time.Minute, 5369214335670},
	{97 * time.Minute, 3468725963881},
	{99 * time.Minute, 2768237592092},
	{101 * time.Minute, 27749220303},
	{103 * time.Minute, 2627260848514},
	{105 * time.Minute, 4266772476725},
	{107 * time.Minute, 3446284104936},
}

// receivers makes the stations, their outages and the jamming.
func (m *month) receivers() {
	shore := func(name, at string, nm float64) {
		p := m.sc.Places[at]
		m.sc.Stations = append(m.sc.Stations, Station{Name: "SIM-" + name, At: &p, RangeNM: nm})
	}
	shore("GALVESTON", "galveston", 50)
	shore("JAX", "jacksonville", 45)
	shore("MIAMI", "miami-off", 50)
	shore("KINGSTON", "kingston", 45)
	shore("COLON", "colon", 45)
	shore("CARTAGENA", "cartagena", 50)
	shore("ARUBA", "aruba-west", 40)
	shore("CURACAO", "bullen-bay", 45)
	shore("SANJUAN", "san-juan", 50)
	shore("CAUCEDO", "caucedo", 45)
	shore("GRENADA", "grenada", 50)
	shore("TRINIDAD", "port-of-spain", 45)
	shore("EUSTATIUS", "st-eustatius", 45)
	var outages []Outage
	for i := range 12 {
		at := m.from.Add(time.Duration(36+56*i)*time.Hour + m.hours(0, 20))
		outages = append(outages, Outage{From: navicert.At(at), To: navicert.At(at.Add(m.hours(8, 14))), Area: "colombia-basin", Why: "the satellites' ground station was out (simulated outage)"})
	}
	for i, s := range monthSatellites {
		m.sc.Stations = append(m.sc.Stations, Station{
			Name: fmt.Sprintf("SIM-SATELLITE-%c", 'A'+i), Every: Duration(s.every), Phase: Duration(s.phase), For: Duration(30 * time.Minute), Chance: 0.85,
			Holes: []string{"hole"}, Outages: outages,
		})
	}
	for i := range 12 {
		at := m.from.Add(time.Duration(30+57*i)*time.Hour + m.hours(0, 20))
		m.sc.Jamming = append(m.sc.Jamming, Jamming{From: navicert.At(at), To: navicert.At(at.Add(m.hours(7, 12))), Area: "jam-box", Why: "satellite positions were jammed (simulated)"})
	}
}
