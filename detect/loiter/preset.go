package loiter

import "time"

// Preset is the thresholds of loitering.
type Preset struct {
	Name string
	// BelowKn is below what mean speed a clock hour is slow.
	BelowKn float64
	// AtLeast is how long it must last.
	AtLeast time.Duration
	// ShoreNM is how far from shore it must be on average, by hours.
	ShoreNM float64
	// MaxSilence breaks a track: what came before a longer one is over.
	MaxSilence time.Duration
	// PortNM is how near a port a ship is on a visit to it, RoughPortNM the same
	// for one whose position is known to a mile only.
	PortNM, RoughPortNM float64
	Tanker              Tanker
}

// Tanker is what makes loitering that of a tanker at rest.
type Tanker struct {
	Name      string
	BelowKn   float64 // the median of the speeds it reports
	AtLeast   time.Duration
	Sustained time.Duration
	Fixes     int
	GapWithin time.Duration // a silence so long before is told with it
	// A ship is laid up that stays within so many degrees for so long.
	LaidUpDeg         float64
	LaidUp, LongLayUp time.Duration
}

// GFW is Global Fishing Watch's product (loitering.md in
// GFW_technical_documentation 1141232, pipe-loitering 6d2c5e8). A silence of 8 h
// is what ends its segments (gpsdio-segment 8109193).
func GFW() Preset {
	return Preset{Name: "loiter.GFW", BelowKn: 2, ShoreNM: 20, MaxSilence: 8 * time.Hour, PortNM: 1.6, RoughPortNM: 5.4, Tanker: TankerRF()}
}

// RFMO is GFW of 4 h and more, as studies for fisheries organisations take it.
func RFMO() Preset {
	p := GFW()
	p.Name, p.AtLeast = "loiter.RFMO", 4*time.Hour
	return p
}

// Miller2018 is GFW of 8 h and more (Miller and others 2018).
func Miller2018() Preset {
	p := GFW()
	p.Name, p.AtLeast = "loiter.Miller2018", 8*time.Hour
	return p
}

// TankerRF is RadianceFleet's (dec5ab1).
func TankerRF() Tanker {
	return Tanker{
		Name: "loiter.TankerRF", BelowKn: 0.5, AtLeast: 4 * time.Hour, Sustained: 12 * time.Hour, Fixes: 4, GapWithin: 48 * time.Hour,
		LaidUpDeg: 0.033, LaidUp: 30 * 24 * time.Hour, LongLayUp: 60 * 24 * time.Hour,
	}
}
