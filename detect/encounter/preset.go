package encounter

import "time"

// Preset is the thresholds of an encounter.
type Preset struct {
	Name string
	Grid Grid // to which tracks are resampled
	// WithinM is how near the ships are at each sample of a run.
	WithinM float64
	// Nearest is towards how many others, the nearest, runs of one ship are followed.
	Nearest int
	// MinRun is the shortest run that counts.
	MinRun time.Duration
	// Merge joins runs of one pair that start sooner after the last end.
	Merge time.Duration
	// Longer and BelowKn are what a meeting must be: last longer, with the median
	// of the speeds below.
	Longer  time.Duration
	BelowKn float64
	// PortM is how near a port or anchorage a ship is in port, where ships lie
	// side by side: no meeting is told of there.
	PortM float64
	// MaxSilence ends a run when the ship's own silence is that long.
	MaxSilence time.Duration
	// SkipKn: a ship that is faster, by what it reports before and after and by
	// what it makes between, is in no meeting.
	SkipKn float64
	// Leaps: two ships that are both there only by a leap do not meet (ours).
	Leaps LeapPreset
}

// GFW is the definition of Global Fishing Watch's encounters (encounters.md in
// GFW_technical_documentation 1141232, pipe-encounters df93ee4).
//
// Where that works through one UTC day at a time, this works through the
// stream: MaxSilence is the day within which a ship's own silence does not end
// a run there, and there is no first or last fix of a day from which positions
// are reckoned. SkipKn is ours and saves work: it is far above BelowKn.
func GFW() Preset {
	return Preset{
		Name: "encounter.GFW",
		Grid: Grid{Every: 10 * time.Minute, MaxGap: time.Hour}, WithinM: 500, Nearest: 100, MinRun: time.Hour,
		Merge: 4 * time.Hour, Longer: 2 * time.Hour, BelowKn: 2, PortM: 10_000, MaxSilence: 24 * time.Hour, SkipKn: 6, Leaps: leaping(),
	}
}

// TransferPreset is the thresholds of a ship-to-ship transfer between two
// tankers, by the type that they send: at rest, in buckets of time, and under
// way, at the moments of a grid.
type TransferPreset struct {
	Name string

	Bucket    time.Duration // of which the last fix of each ship is compared
	WithinM   float64       // less than
	BelowKn   float64
	CourseDeg float64 // parallel or opposite to within this
	Buckets   int     // in a row
	// Unheard is how many buckets in which one of them is not heard do not break
	// the row; they do not count either.
	Unheard int
	// In a listed anchorage, that is less than AnchorageNM from its position,
	// ships lie side by side, and more is asked for.
	AnchorageNM      float64
	AnchorageKn      float64 // below
	AnchorageBuckets int
	PortNM           float64 // nearer to a port nothing is told

	Grid         Grid // to which tracks are resampled, for those under way
	UnderWayM    float64
	UnderWayDeg  float64 // how far the courses differ
	UnderWayBy   float64 // kn, how far the speeds differ
	UnderWayFrom float64 // kn, slower than which neither is under way
	UnderWayTo   float64 // kn
	UnderWay     time.Duration

	// A ship approached the other when that lay slower than ApproachRestKn and it
	// came at these speeds, on a course to it within ApproachDeg, from less than
	// ApproachTime away.
	ApproachRestKn, ApproachFromKn, ApproachToKn float64
	ApproachDeg                                  float64
	ApproachTime                                 time.Duration

	Leaps LeapPreset // as in Preset
}

// TankerSTS is RadianceFleet's (dec5ab1, sts_detector.py) for tankers at rest and
// for the approach. Its list of bunker ships, its deadweight rule and its choice
// of major ports are not at hand: tankers are taken by their type, and all
// ports count. What is under way is ours and unproven (practice guides describe
// mooring at steering speed), and so are the size of an anchorage and Unheard:
// a ship at rest is heard every 3 minutes near a coast, from orbit not.
func TankerSTS() TransferPreset {
	return TransferPreset{
		Name:   "encounter.TankerSTS",
		Bucket: 15 * time.Minute, WithinM: 200, BelowKn: 1, CourseDeg: 30, Buckets: 8, Unheard: 1,
		AnchorageNM: 3, AnchorageKn: 0.5, AnchorageBuckets: 12, PortNM: 3,
		Grid: Grid{Every: 10 * time.Minute, MaxGap: time.Hour}, UnderWayM: 500, UnderWayDeg: 15, UnderWayBy: 1, UnderWayFrom: 1, UnderWayTo: 6, UnderWay: 30 * time.Minute,
		ApproachRestKn: 0.5, ApproachFromKn: 0.5, ApproachToKn: 3, ApproachDeg: 30, ApproachTime: 4 * time.Hour,
		Leaps: leaping(),
	}
}
