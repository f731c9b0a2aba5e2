package detect

import (
	"cmp"

	"navicert"
)

// compareFixes orders fixes of one time and MMSI by what they say, so that no
// two that differ are equal; where they stand in a source is looked at last.
func compareFixes(a, b *navicert.Fix) int {
	if c := cmp.Or(cmp.Compare(a.Pos.Lat, b.Pos.Lat), cmp.Compare(a.Pos.Lon, b.Pos.Lon)); c != 0 {
		return c
	}
	if c := cmp.Or(compareOpts(a.SpeedKn, b.SpeedKn), compareOpts(a.CourseDeg, b.CourseDeg), compareOpts(a.HeadingDeg, b.HeadingDeg), compareOpts(a.Status, b.Status)); c != 0 {
		return c
	}
	if c := cmp.Or(
		cmp.Compare(a.Class, b.Class), compareBools(a.LongRange, b.LongRange), compareBools(a.Average, b.Average),
		cmp.Compare(a.TimeFrom, b.TimeFrom), cmp.Compare(a.TimeCheck, b.TimeCheck), compareBools(a.TimeUnverified, b.TimeUnverified),
		compareBools(a.Simulated, b.Simulated),
	); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(a.Station, b.Station), cmp.Compare(a.OtherStations, b.OtherStations), cmp.Compare(a.Receptions, b.Receptions),
		compareRefs(a.Ref, b.Ref),
	)
}

// compareStatics is compareFixes for static reports.
func compareStatics(a, b *navicert.Static) int {
	if c := cmp.Or(
		cmp.Compare(a.IMO, b.IMO), cmp.Compare(a.IMOSent, b.IMOSent), cmp.Compare(a.Name, b.Name), cmp.Compare(a.CallSign, b.CallSign), compareOpts(a.ShipType, b.ShipType),
		compareOpts(a.LengthM, b.LengthM), compareOpts(a.BeamM, b.BeamM), compareOpts(a.DraughtM, b.DraughtM), cmp.Compare(a.Destination, b.Destination),
	); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(a.Class, b.Class), cmp.Compare(a.TimeFrom, b.TimeFrom), compareBools(a.Simulated, b.Simulated),
		cmp.Compare(a.Station, b.Station), compareRefs(a.Ref, b.Ref),
	)
}

func compareRefs(a, b navicert.Ref) int {
	return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Offset, b.Offset))
}

// compareOpts has the unknown before the known.
func compareOpts[T cmp.Ordered](a, b navicert.Opt[T]) int {
	x, ok := a.Get()
	y, also := b.Get()
	if ok != also {
		return compareBools(ok, also)
	}
	return cmp.Compare(x, y)
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
