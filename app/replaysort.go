package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"navicert"
)

// MaxSorted is how many fixes of one file can be put in order of time; they
// take some 90 bytes each. A day of MarineCadastre has about eight million.
const MaxSorted = 12_000_000

// sorter puts the reports of one file in order of time; those of the same time
// stay in the file's order.
type sorter struct {
	fixes   []packedFix
	statics []navicert.Static
	words   []string
	word    map[string]uint32
	ordered int // how many there were when they were put in order
}

// packedFix is a fix in a third of its size: its words are numbers.
type packedFix struct {
	sec                    int64
	lat, lon               float64
	speed, course, heading float64
	offset, line           int64
	mmsi                   navicert.MMSI
	source, station, also  uint32
	receptions             uint32
	timeFrom, class        uint32
	nsec                   int32
	status                 navicert.NavStatus
	known                  uint16
}

const (
	hasSpeed = 1 << iota
	hasCourse
	hasHeading
	hasStatus
	isLongRange
	isAverage
	isSimulated
	isUnverified
	isFit
	isUnfit
)

func (s *sorter) intern(text string) uint32 {
	if n, ok := s.word[text]; ok {
		return n
	}
	if s.word == nil {
		s.word = map[string]uint32{}
	}
	n := uint32(len(s.words))
	s.words = append(s.words, text)
	s.word[text] = n
	return n
}

func (s *sorter) fix(f *navicert.Fix) error {
	if len(s.fixes) >= MaxSorted {
		return navicert.Errorf(navicert.Limit, "replay", f.Ref.Source, "more than %d positions to put in order of time", MaxSorted).
			WithHint("sort the file by time and use --sort off, or split it by day")
	}
	p := packedFix{
		sec: f.Time.Unix(), nsec: int32(f.Time.Nanosecond()), lat: f.Pos.Lat, lon: f.Pos.Lon, offset: f.Ref.Offset, line: f.Ref.Line, mmsi: f.MMSI,
		source: s.intern(f.Ref.Source), station: s.intern(f.Station), also: s.intern(string(f.OtherStations)), receptions: uint32(f.Receptions),
		timeFrom: s.intern(string(f.TimeFrom)), class: s.intern(string(f.Class)),
	}
	set := func(flag uint16, ok bool) {
		if ok {
			p.known |= flag
		}
	}
	var ok bool
	p.speed, ok = f.SpeedKn.Get()
	set(hasSpeed, ok)
	p.course, ok = f.CourseDeg.Get()
	set(hasCourse, ok)
	p.heading, ok = f.HeadingDeg.Get()
	set(hasHeading, ok)
	p.status, ok = f.Status.Get()
	set(hasStatus, ok)
	set(isLongRange, f.LongRange)
	set(isAverage, f.Average)
	set(isSimulated, f.Simulated)
	set(isUnverified, f.TimeUnverified)
	set(isFit, f.TimeCheck == navicert.TimeFits)
	set(isUnfit, f.TimeCheck == navicert.TimeUnfit)
	s.fixes = append(s.fixes, p)
	return nil
}

func (s *sorter) unpack(p *packedFix, f *navicert.Fix) {
	*f = navicert.Fix{
		MMSI: p.mmsi, Time: time.Unix(p.sec, int64(p.nsec)).UTC(), TimeFrom: navicert.TimeFrom(s.words[p.timeFrom]),
		Pos: navicert.Position{Lat: p.lat, Lon: p.lon}, Class: navicert.Class(s.words[p.class]), Station: s.words[p.station],
		OtherStations: navicert.Stations(s.words[p.also]), Receptions: int(p.receptions),
		LongRange: p.known&isLongRange != 0, Average: p.known&isAverage != 0, Simulated: p.known&isSimulated != 0,
		TimeUnverified: p.known&isUnverified != 0,
		Ref:            navicert.Ref{Source: s.words[p.source], Offset: p.offset, Line: p.line},
	}
	switch {
	case p.known&isFit != 0:
		f.TimeCheck = navicert.TimeFits
	case p.known&isUnfit != 0:
		f.TimeCheck = navicert.TimeUnfit
	}
	if p.known&hasSpeed != 0 {
		f.SpeedKn = navicert.Some(p.speed)
	}
	if p.known&hasCourse != 0 {
		f.CourseDeg = navicert.Some(p.course)
	}
	if p.known&hasHeading != 0 {
		f.HeadingDeg = navicert.Some(p.heading)
	}
	if p.known&hasStatus != 0 {
		f.Status = navicert.Some(p.status)
	}
}

func (s *sorter) static(st *navicert.Static) error {
	if len(s.statics) >= MaxSorted/4 {
		return navicert.Errorf(navicert.Limit, "replay", st.Ref.Source, "more than %d static reports to put in order of time", MaxSorted/4).
			WithHint("sort the file by time and use --sort off, or split it by day")
	}
	s.statics = append(s.statics, *st)
	return nil
}

func (s *sorter) len() int { return len(s.fixes) + len(s.statics) }

// order puts what there is in order of time.
func (s *sorter) order() {
	if s.ordered == s.len() {
		return
	}
	slices.SortStableFunc(s.fixes, func(a, b packedFix) int {
		return cmp.Or(cmp.Compare(a.sec, b.sec), cmp.Compare(a.nsec, b.nsec))
	})
	slices.SortStableFunc(s.statics, func(a, b navicert.Static) int { return a.Time.Compare(b.Time) })
	s.ordered = s.len()
}

// drain hands everything on in order of time; of a fix and a static report of
// one time the static report first, as it says whose fix it is.
func (s *sorter) drain(ctx context.Context, fix func(*navicert.Fix) error, static func(*navicert.Static) error) error {
	s.order()
	var f navicert.Fix
	k := 0
	for i := range s.fixes {
		if i%10_000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s.unpack(&s.fixes[i], &f)
		for ; k < len(s.statics) && !s.statics[k].Time.After(f.Time); k++ {
			if err := static(&s.statics[k]); err != nil {
				return err
			}
		}
		if err := fix(&f); err != nil {
			return err
		}
	}
	for ; k < len(s.statics); k++ {
		if err := static(&s.statics[k]); err != nil {
			return err
		}
	}
	return nil
}
