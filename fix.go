package navicert

import "time"

// TimeFrom says which clock a receive time was read from, best first.
type TimeFrom string

// The clocks (facts in docs/ais.md).
const (
	TimeTag      TimeFrom = "tag"      // tag block field c
	TimePGHP     TimeFrom = "pghp"     // Gatehouse $PGHP sentence
	TimeSuffix   TimeFrom = "suffix"   // epoch behind the sentence
	TimeDelivery TimeFrom = "delivery" // milliseconds behind the sentence: when a satellite provider handed it on, up to hours later
	TimePrefix   TimeFrom = "prefix"   // time in front of the sentence
	TimeClock    TimeFrom = "clock"    // ZDA or RMC in the same stream
	TimeFile     TimeFrom = "file"     // a column of the file
	TimeArrival  TimeFrom = "arrival"  // when it reached our socket
)

// TimeCheck says whether a receive time agrees with the UTC second that the
// message itself holds: true receptions lie from 5 seconds before it to 20
// after (docs/ais.md). Empty is not checked: the message holds no second, or
// there is nothing to compare it with.
type TimeCheck string

// The results of the check. A time that is unfit belongs to another moment, as
// those of delivery do, or to a clock that is wrong.
const (
	TimeFits  TimeCheck = "fits"
	TimeUnfit TimeCheck = "unfit"
)

// Class is the kind of AIS transponder. Empty is unknown.
type Class string

// The transponder classes; a long-range message (type 27) comes from class A.
const (
	ClassA Class = "A"
	ClassB Class = "B"
)

// NavStatus is the navigational status of ITU-R M.1371, 0 to 14; 15, not
// defined, is unknown and so absent.
type NavStatus uint8

// Some statuses that detectors ask for.
const (
	UnderWayEngine NavStatus = 0
	AtAnchor       NavStatus = 1
	Moored         NavStatus = 5
	Aground        NavStatus = 6
	Fishing        NavStatus = 7
	UnderWaySail   NavStatus = 8
)

// Ref says where a record stands, so that a reader can check it by hand.
type Ref struct {
	Source string `json:"source"`           // file name or feed name
	Offset int64  `json:"offset,omitempty"` // byte offset of the record in it
	Line   int64  `json:"line,omitempty"`   // line number, from 1, for tables
}

// Fix is one received position report.
type Fix struct {
	MMSI           MMSI           `json:"mmsi"`
	Time           time.Time      `json:"time"` // of reception, UTC
	TimeFrom       TimeFrom       `json:"time_from,omitempty"`
	TimeCheck      TimeCheck      `json:"time_check,omitempty"`
	TimeUnverified bool           `json:"time_unverified,omitempty"` // the clock's own checksum, of a tag block, is wrong
	Pos            Position       `json:"position"`
	SpeedKn        Opt[float64]   `json:"speed,omitzero"`   // over ground
	CourseDeg      Opt[float64]   `json:"course,omitzero"`  // over ground, true
	HeadingDeg     Opt[float64]   `json:"heading,omitzero"` // true
	Status         Opt[NavStatus] `json:"status,omitzero"`
	Class          Class          `json:"class,omitempty"`
	LongRange      bool           `json:"long_range,omitempty"`     // type 27: position to 1/10 minute
	Average        bool           `json:"average,omitempty"`        // the mean of several reports: no proof of having been there
	Station        string         `json:"station,omitempty"`        // the receiver, when named
	OtherStations  Stations       `json:"other_stations,omitempty"` // the other receivers of the same transmission
	Receptions     int            `json:"receptions,omitempty"`     // of the same transmission, when there are several
	Simulated      bool           `json:"simulated,omitempty"`      // invented, not received
	Ref            Ref            `json:"ref"`
}

// Static is one received report of a ship's identity and voyage particulars.
type Static struct {
	MMSI        MMSI         `json:"mmsi"`
	Time        time.Time    `json:"time"` // of reception, UTC
	TimeFrom    TimeFrom     `json:"time_from,omitempty"`
	IMO         IMO          `json:"imo,omitempty"`      // only with a right check digit
	IMOSent     uint32       `json:"imo_sent,omitempty"` // what stood in its place, when it is no IMO number
	Name        string       `json:"name,omitempty"`
	CallSign    CallSign     `json:"call_sign,omitempty"`
	ShipType    Opt[int]     `json:"ship_type,omitzero"` // ITU-R M.1371 table, 80-89 tanker
	LengthM     Opt[float64] `json:"length,omitzero"`
	BeamM       Opt[float64] `json:"beam,omitzero"`
	DraughtM    Opt[float64] `json:"draught,omitzero"`
	Destination string       `json:"destination,omitempty"`
	Class       Class        `json:"class,omitempty"`
	Station     string       `json:"station,omitempty"`
	Simulated   bool         `json:"simulated,omitempty"` // invented, not received
	Ref         Ref          `json:"ref"`
}
