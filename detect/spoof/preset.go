package spoof

import "time"

// Preset is the detector's thresholds.
type Preset struct {
	Name string
	// MaxElapsed is the longest time between two fixes of one observation.
	MaxElapsed time.Duration
	// PortNM is how near to a port nothing is told that ports explain.
	PortNM float64

	// Circle: within a window, of which a part must hold data.
	CircleWindow, CircleSpan time.Duration
	CircleFixes              int
	CircleKn                 float64 // the median speed lies above it
	CircleSpreadDeg          float64 // standard deviation of latitude, and of longitude x cos(latitude), over max(cos(latitude), 0.3)

	// Anchor: at anchor by its status and slower than this for so long.
	AnchorKn  float64
	AnchorFor time.Duration

	// SlowRoll: a tanker between two speeds for so long.
	SlowMinKn, SlowMaxKn float64
	SlowFor              time.Duration

	// Frozen: so many fixes over so long with the same values, faster than this.
	FrozenKn    float64
	FrozenFixes int
	FrozenFor   time.Duration

	// StatusContradiction: at anchor by its status and faster than this.
	StatusKn    float64
	StatusFixes int           // ours
	StatusFor   time.Duration // ours

	// ErraticStatus: so many changes within a time.
	Changes       int // at most maxChanges
	ChangesWithin time.Duration

	// HeadingMismatch: heading and course apart by more than this, above a speed.
	HeadingDeg, HeadingKn float64
	HeadingFixes          int           // ours
	HeadingFor            time.Duration // ours

	// SpeedMismatch: so many windows one after the other in which the positions
	// moved faster than the highest speed told or, on a steady course, slower than
	// the lowest, by more than a margin.
	SpeedWindow   time.Duration
	SpeedMarginKn float64
	SpeedWindows  int
	SteadyDeg     float64 // courses that lie no farther from the first are one course

	// Jump: a fix that the ship can have come to from the one before only faster
	// than this, farther than so much and after at least so long; receivers' clocks
	// differ by up to a skew.
	JumpKn, JumpNM      float64
	JumpAfter, JumpSkew time.Duration

	// OnLand: deeper inside land than a margin, in so many fixes or for so long.
	LandMarginNM float64
	LandFixes    int
	LandFor      time.Duration
}

// RF is RadianceFleet's thresholds (RadianceFleet dec5ab1, gap_detector.py and
// circle_classifier.py), AISGuardian's for headings (jaimelopez89/AISGuardian
// 3b70a2c), and ours: nobody publishes a speed against displacement, or a ship
// on land. It lists no number of fixes for a status or a heading: one garbled or
// forgotten value is nothing, so that ours ask for three fixes over ten minutes,
// and for ten over half an hour.
func RF() Preset {
	return Preset{
		Name: "rf", MaxElapsed: 6 * time.Hour, PortNM: 5,
		CircleWindow: 6 * time.Hour, CircleSpan: 4 * time.Hour, CircleFixes: 6, CircleKn: 3, CircleSpreadDeg: 0.02,
		AnchorKn: 0.1, AnchorFor: 72 * time.Hour,
		SlowMinKn: 0.5, SlowMaxKn: 2, SlowFor: 12 * time.Hour,
		FrozenKn: 0.5, FrozenFixes: 10, FrozenFor: 2 * time.Hour,
		StatusKn: 2, StatusFixes: 3, StatusFor: 10 * time.Minute,
		Changes: 3, ChangesWithin: time.Hour,
		HeadingDeg: 45, HeadingKn: 3, HeadingFixes: 10, HeadingFor: 30 * time.Minute,
		SpeedWindow: 10 * time.Minute, SpeedMarginKn: 5, SpeedWindows: 3, SteadyDeg: 30,
		JumpKn: 30, JumpNM: 1, JumpAfter: 36 * time.Second, JumpSkew: 120 * time.Second,
		LandMarginNM: 2, LandFixes: 3, LandFor: 10 * time.Minute,
	}
}
