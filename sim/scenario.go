package sim

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"

	"navicert"
	"navicert/geo"
)

// Limits on a scenario file; the built-in one has 27 KB and 8,000 tokens. The
// YAML parser takes time with the square of the depth and of the number of keys
// in one mapping, so both are bounded before it starts.
const (
	maxScenarioBytes  = 1 << 20
	maxScenarioTokens = 60_000
	maxScenarioDepth  = 40 // open brackets, and columns of indentation
)

//go:embed caribbean.yaml
var builtin embed.FS

// Scenario is a world to simulate, as its YAML file says it. Places are
// [latitude, longitude] in degrees, times RFC 3339 in UTC, durations Go's
// ("10m", "6h"). docs/simulate.md describes the file.
type Scenario struct {
	Name      string              `yaml:"name"`
	About     string              `yaml:"about"`
	Simulated bool                `yaml:"simulated"` // must be true: it says that no ship in it exists
	From      navicert.Instant    `yaml:"from"`
	To        navicert.Instant    `yaml:"to"` // exclusive
	Seed      uint64              `yaml:"seed"`
	Reporting Reporting           `yaml:"reporting"`
	Noise     Noise               `yaml:"noise"`
	Silence   Duration            `yaml:"silence"` // silences longer than this go into the truth
	Places    map[string]LatLon   `yaml:"places"`
	Lanes     map[string][]string `yaml:"lanes"`   // chains of places, for routes and for added ships
	Traffic   []string            `yaml:"traffic"` // the lanes that added ships sail
	Areas     map[string]Shape    `yaml:"areas"`
	Ports     map[string]Port     `yaml:"ports"`   // where ships call, by code or name
	Jamming   []Jamming           `yaml:"jamming"` // where and when receivers of satellite positions failed
	Stations  []Station           `yaml:"stations"`
	Vessels   []Vessel            `yaml:"vessels"`
}

// Reporting thins the transmissions that the world is computed for, so that
// days of traffic stay small. A zero interval is the standard's own (ITU-R
// M.1371-5, annex 1, tables 1 and 2); a longer one replaces it, a shorter one
// does nothing.
type Reporting struct {
	UnderWay Duration `yaml:"under_way"`
	AtRest   Duration `yaml:"at_rest"`
	Static   Duration `yaml:"static"`
}

// Noise is the standard deviation of the errors that a transponder reports
// with.
type Noise struct {
	PositionM float64 `yaml:"position_m"`
	SpeedKn   float64 `yaml:"speed_kn"`
	CourseDeg float64 `yaml:"course_deg"`
}

// LatLon is a place, written [latitude, longitude].
type LatLon [2]float64

func (p LatLon) position() navicert.Position { return navicert.Position{Lat: p[0], Lon: p[1]} }

// Shape is an area: a ring of places, or a circle.
type Shape struct {
	Ring     []LatLon `yaml:"ring"`
	Centre   *LatLon  `yaml:"centre"`
	RadiusNM float64  `yaml:"radius_nm"`
	Visits   bool     `yaml:"visits"` // write the ships' visits to it into the truth
}

// Station is a receiver. One on the shore hears ships within its range, with
// less luck towards the edge. One in orbit (Every and For set) hears
// everything in its Area, or everywhere, during its passes.
type Station struct {
	Name    string   `yaml:"name"`
	At      *LatLon  `yaml:"at"`
	RangeNM float64  `yaml:"range_nm"`
	Every   Duration `yaml:"every"` // from the start of one pass to the next
	For     Duration `yaml:"for"`   // length of a pass
	Phase   Duration `yaml:"phase"` // how long before the world's beginning a pass began; 0: by its name
	Area    string   `yaml:"area"`
	Holes   []string `yaml:"holes"`  // areas that it never hears
	Chance  float64  `yaml:"chance"` // of hearing one transmission in reach; 0 means 1
	Outages []Outage `yaml:"outages"`
}

// Outage is a time at which a station hears nothing, in one area or at all. A
// ship's silence in it is not the ship's.
type Outage struct {
	From navicert.Instant `yaml:"from"`
	To   navicert.Instant `yaml:"to"`
	Area string           `yaml:"area"`
	Why  string           `yaml:"why"`
}

// Port is a place where ships call: what lies still within [PortReachNM] of it
// makes a call, or at an anchorage a visit.
type Port struct {
	At   string       `yaml:"at"`   // a place
	Name string       `yaml:"name"` // default: its key
	Kind geo.PortKind `yaml:"kind"` // port (default), oil_terminal, anchorage
}

// Jamming is a time at which ships in an area have no position of their own:
// they go on sending, with the position not available.
type Jamming struct {
	From navicert.Instant `yaml:"from"`
	To   navicert.Instant `yaml:"to"`
	Area string           `yaml:"area"`
	Why  string           `yaml:"why"`
}

// Vessel is one invented ship with its script.
type Vessel struct {
	Name        string           `yaml:"name"`
	MMSI        uint32           `yaml:"mmsi"`
	IMO         uint32           `yaml:"imo"` // 0: has none, as most small craft
	CallSign    string           `yaml:"call_sign"`
	Class       navicert.Class   `yaml:"class"`     // default A
	Kind        string           `yaml:"kind"`      // "oil_tanker", …: for the truth, AIS sends ShipType
	ShipType    int              `yaml:"ship_type"` // ITU-R M.1371 table 53
	LengthM     int              `yaml:"length_m"`
	BeamM       int              `yaml:"beam_m"`
	DraughtM    float64          `yaml:"draught_m"`
	Destination string           `yaml:"destination"`
	At          string           `yaml:"at"`    // the place it starts from
	Start       navicert.Instant `yaml:"start"` // default: the scenario's From
	Script      []Step           `yaml:"script"`
	Off         []Off            `yaml:"off"`     // transponder switched off
	Fake        []Fake           `yaml:"fake"`    // times at which it reports what is not true
	Shares      bool             `yaml:"shares"`  // another ship has its MMSI, too
	Invalid     bool             `yaml:"invalid"` // its MMSI or IMO number cannot be right
	Events      []Labelled       `yaml:"events"`  // what the script alone does not show to be one
	LookAlikes  []Labelled       `yaml:"look_alikes"`
}

// Labelled is a piece of the truth that a scenario states itself: an event of
// this ship, or something innocent that looks like one.
type Labelled struct {
	Kind  string           `yaml:"kind"`  // of the event: "destination_mismatch"
	Class string           `yaml:"class"` // the event's class, or what is innocent: "drifting_at_anchor"
	From  navicert.Instant `yaml:"from"`
	To    navicert.Instant `yaml:"to"`
	With  string           `yaml:"with"` // another ship's name
}

// Off is a time at which the ship itself keeps silent.
type Off struct {
	From navicert.Instant `yaml:"from"`
	To   navicert.Instant `yaml:"to"`
	Why  string           `yaml:"why"`
}

// Step is one thing that a ship does; exactly one field is set.
type Step struct {
	Sail   *Sail   `yaml:"sail"`
	Moor   *Stay   `yaml:"moor"`
	Anchor *Stay   `yaml:"anchor"`
	Stop   *Stay   `yaml:"stop"` // lying stopped at sea, not under command
	Drift  *Drift  `yaml:"drift"`
	Beside *Beside `yaml:"beside"`
	Report *Report `yaml:"report"`
}

// Sail goes along places and lanes by great circles. Give the speed, or the
// time of arrival that sets it.
type Sail struct {
	Along   []string         `yaml:"along"` // names of places and lanes; "-name" is a lane backwards
	SpeedKn float64          `yaml:"speed"`
	Arrive  navicert.Instant `yaml:"arrive"`
}

// Stay is lying still: give Until or For; neither means to the end.
type Stay struct {
	Until  navicert.Instant `yaml:"until"`
	For    Duration         `yaml:"for"`
	SwingM float64          `yaml:"swing_m"` // at anchor: how far it swings round the place
}

// Drift is being carried along by wind and current.
type Drift struct {
	Until     navicert.Instant `yaml:"until"`
	For       Duration         `yaml:"for"`
	SpeedKn   float64          `yaml:"speed"`
	CourseDeg float64          `yaml:"course"`
}

// Beside is keeping a fixed distance from another ship, wherever it goes: a
// transfer from hull to hull at 100 m, an escort at 900 m. Sail to where the
// other ship is first; [Sail.Along] takes "NAME@" for that.
type Beside struct {
	Vessel     string           `yaml:"vessel"`
	DistanceM  float64          `yaml:"distance_m"`
	BearingDeg float64          `yaml:"bearing"` // from the other ship, true
	Until      navicert.Instant `yaml:"until"`
	For        Duration         `yaml:"for"`
	Is         Meeting          `yaml:"is"` // what it is beside the other ship for
}

// Meeting is what two ships are beside each other for. All but a transfer and
// an encounter are innocent.
type Meeting string

// The meetings.
const (
	Transfer  Meeting = "transfer"
	Encounter Meeting = "encounter" // a meeting of unknown purpose
	Bunkering Meeting = "bunkering"
	Piloting  Meeting = "pilot"
	Towing    Meeting = "tug"
	PairTrawl Meeting = "fishing_pair"
	Escort    Meeting = "escort"
)

// Report changes what the ship's reports say from now on. A new MMSI is on
// the position reports, too.
type Report struct {
	Destination *string  `yaml:"destination"`
	DraughtM    *float64 `yaml:"draught_m"`
	Name        *string  `yaml:"name"`
	CallSign    *string  `yaml:"call_sign"`
	MMSI        *uint32  `yaml:"mmsi"`
	IMO         *uint32  `yaml:"imo"`
}

// Duration is a time.Duration written as Go writes it.
type Duration time.Duration

// UnmarshalYAML reads "1h30m".
func (d *Duration) UnmarshalYAML(b []byte) error {
	s := strings.Trim(strings.TrimSpace(string(b)), `"'`)
	v, err := time.ParseDuration(s)
	if err != nil || v < 0 {
		return fmt.Errorf("duration %q: want one like 10m or 6h", s)
	}
	*d = Duration(v)
	return nil
}

// Builtin returns a scenario that comes with the program: "caribbean", or
// "caribbean-month" with the seed that it has by itself (see [CaribbeanMonth]).
func Builtin(name string) (*Scenario, error) {
	if name == MonthName {
		return CaribbeanMonth(0)
	}
	f, err := builtin.Open(name + ".yaml")
	if err != nil {
		return nil, navicert.Errorf(navicert.NotFound, "scenario", name, "no such built-in scenario").
			WithHint("built in: caribbean, caribbean-month; or name a .yaml file")
	}
	defer f.Close()
	return ParseScenario(f, name)
}

// BuiltinSHA256 is the hash of a built-in scenario's file, "" when there is no
// such scenario.
func BuiltinSHA256(name string) string {
	b, err := builtin.ReadFile(name + ".yaml")
	if err != nil {
		return ""
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// ParseScenario reads a scenario strictly: an unknown key is an error with its
// line and column, and so is whatever [New] could not play. name is used in
// errors.
func ParseScenario(r io.Reader, name string) (*Scenario, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxScenarioBytes+1))
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, "scenario", name, "%w", err)
	}
	if len(b) > maxScenarioBytes {
		return nil, navicert.Errorf(navicert.Limit, "scenario", name, "longer than %d bytes", maxScenarioBytes)
	}
	if err := checkYAML(string(b)); err != nil {
		return nil, navicert.Errorf(navicert.Limit, "scenario", name, "%w", err)
	}
	var sc Scenario
	if err := yaml.UnmarshalWithOptions(b, &sc, yaml.Strict()); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "scenario", name, "%w", err)
	}
	if _, err := New(&sc, Options{}); err != nil {
		return nil, err
	}
	return &sc, nil
}

// checkYAML refuses a text that would take the parser long, and anchors, which
// could make a small text a huge scenario.
func checkYAML(text string) error {
	tokens := lexer.Tokenize(text)
	if len(tokens) > maxScenarioTokens {
		return fmt.Errorf("more than %d tokens", maxScenarioTokens)
	}
	open := 0
	for _, t := range tokens {
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType, token.TagType:
			return fmt.Errorf("line %d: a scenario is plain YAML, without anchors, aliases, merge keys and tags (%.20q)", t.Position.Line, t.Value)
		case token.SequenceStartType, token.MappingStartType:
			open++
		case token.SequenceEndType, token.MappingEndType:
			open--
		case token.SequenceEntryType:
			if t.Position.Column > maxScenarioDepth {
				return fmt.Errorf("line %d: nested more than %d deep", t.Position.Line, maxScenarioDepth)
			}
		case token.MappingValueType:
			if open <= 0 && t.Prev != nil && t.Prev.Position.Column > maxScenarioDepth {
				return fmt.Errorf("line %d: nested more than %d deep", t.Position.Line, maxScenarioDepth)
			}
		}
		if open > maxScenarioDepth {
			return fmt.Errorf("line %d: nested more than %d deep", t.Position.Line, maxScenarioDepth)
		}
	}
	return nil
}
