package encounter

import (
	"cmp"
	"math"
	"slices"

	"navicert"
	"navicert/track/brief"
)

const (
	// maxSamples is how many samples a run holds for its medians, a week of them;
	// then every second one is dropped.
	maxSamples = 1008
	// maxRuns is how many runs of one pair are held; then the two oldest are made one.
	maxRuns = 32
)

// Run is the samples of one ship in a row at which another is near.
type Run struct {
	Start, End int64 // slots of its first and last sample
	// From and To are where the ship is at them.
	From, To navicert.Position
	// Metres are the distances of the two at each sample, Knots the speeds of the
	// ship from each sample to the next.
	Metres, Knots []float64
	// Own and Other are for how many fixes the samples of each stand.
	Own, Other float64

	n           int
	lat, x, y   float64 // sums: of latitudes, and of longitudes as vectors
	to          place
	dir         int          // 0: the pair's first ship towards its second, 1: the other way
	first, last [2]brief.Fix // fixes of the pair's first and second ship, at start and end
}

// begin makes a run of one sample, of r, in whose place there was none or one that
// nobody holds.
func begin(r *Run, slot int64, own, other *sample, dir int, metres float64) *Run {
	*r = Run{dir: dir, Start: slot, From: own.at.position(), Metres: r.Metres[:0], Knots: r.Knots[:0]}
	r.first[dir], r.first[1-dir] = own.fix, other.fix
	r.add(slot, own, other, metres, 0)
	return r
}

// add takes the next sample, at a slot, hours after the last.
func (r *Run) add(slot int64, own, other *sample, metres, hours float64) {
	p := own.at.position()
	if r.n > 0 {
		r.Knots = append(r.Knots, r.to.metresTo(own.at)/1852/hours)
	}
	r.Metres = append(r.Metres, metres)
	r.n++
	r.End, r.to, r.To = slot, own.at, p
	r.Own += float64(own.density)
	r.Other += float64(other.density)
	sin, cos := math.Sincos(p.Lon * math.Pi / 180)
	r.lat += p.Lat
	r.x += cos
	r.y += sin
	r.last[r.dir], r.last[1-r.dir] = own.fix, other.fix
	if len(r.Metres) >= maxSamples {
		r.Metres, r.Knots = everySecond(r.Metres), everySecond(r.Knots)
	}
}

func everySecond(v []float64) []float64 {
	kept := v[:0]
	for i := 0; i < len(v); i += 2 {
		kept = append(kept, v[i])
	}
	return kept
}

// Ship says whose run it is: 0 the pair's first ship's, 1 the second's.
func (r *Run) Ship() int { return r.dir }

// Mean is where the ship was during the run, on average.
func (r *Run) Mean() navicert.Position {
	return navicert.Position{Lat: r.lat / float64(r.n), Lon: math.Atan2(r.y, r.x) * 180 / math.Pi}
}

// Median is the middle of values, the mean of the two middle ones, 0 of none.
func Median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	n := len(v)
	if n == 0 {
		return 0
	}
	return (v[(n-1)/2] + v[n/2]) / 2
}

// Points is a number of fixes as GFW gives it: to a hundredth, then whole.
func Points(sum float64) int { return int(math.Round(math.Round(sum*100) / 100)) }

// Meeting is runs of one pair, both ways, that belong together.
type Meeting struct {
	Start, End   int64 // slots
	From, To     navicert.Position
	Mean         navicert.Position
	MedianM      float64 // of the runs' medians
	MedianKn     float64
	First, Other int          // for how many fixes the samples of each ship stand, both ways together
	Samples      int          // of the ship that has more
	evidence     [4]brief.Fix // of the first and the second ship at its start, and at its end
}

// Merge makes meetings of runs of one pair: a run that starts less than merge
// slots after the last end belongs to the same.
func Merge(runs []*Run, merge int64) []Meeting {
	runs = slices.Clone(runs)
	slices.SortStableFunc(runs, func(a, b *Run) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.dir, b.dir))
	})
	var out []Meeting
	for len(runs) > 0 {
		end, n := runs[0].End, 1
		for n < len(runs) && runs[n].Start < end+merge {
			end = max(end, runs[n].End)
			n++
		}
		out = append(out, meetingOf(runs[:n]))
		runs = runs[n:]
	}
	return out
}

func meetingOf(runs []*Run) Meeting {
	first, last := runs[0], runs[0]
	var lat, x, y, weights float64
	var metres, knots []float64
	var points [2]float64
	var samples [2]int
	var m Meeting
	for _, r := range runs {
		if r.End > last.End {
			last = r
		}
		mean, w := r.Mean(), float64(r.End-r.Start)
		sin, cos := math.Sincos(mean.Lon * math.Pi / 180)
		lat += w * mean.Lat
		x += w * cos
		y += w * sin
		weights += w
		metres = append(metres, Median(r.Metres))
		knots = append(knots, Median(r.Knots))
		samples[r.dir] += r.n
		points[r.dir] += float64(Points(r.Own))
		points[1-r.dir] += float64(Points(r.Other))
	}
	m.Start, m.End, m.From, m.To = first.Start, last.End, first.From, last.To
	m.Mean = navicert.Position{Lat: lat / weights, Lon: math.Atan2(y, x) * 180 / math.Pi}
	m.MedianM, m.MedianKn = Median(metres), Median(knots)
	m.First, m.Other = int(points[0]), int(points[1])
	m.Samples = max(samples[0], samples[1])
	m.evidence = [4]brief.Fix{first.first[0], first.first[1], last.last[0], last.last[1]}
	return m
}

// joinOldest makes the two oldest runs of a pair one, so that their number is
// bounded: its medians are then of both together.
func joinOldest(runs []*Run) []*Run {
	a, b := runs[0], runs[1]
	if b.Start < a.Start {
		a.Start, a.From, a.first = b.Start, b.From, b.first
	}
	if b.End > a.End {
		a.End, a.to, a.To, a.last = b.End, b.to, b.To, b.last
	}
	a.Metres = append(a.Metres, b.Metres...)
	a.Knots = append(a.Knots, b.Knots...)
	for len(a.Metres) >= maxSamples {
		a.Metres, a.Knots = everySecond(a.Metres), everySecond(a.Knots)
	}
	a.Own += b.Own
	a.Other += b.Other
	a.n += b.n
	a.lat += b.lat
	a.x += b.x
	a.y += b.y
	return append(runs[:1], runs[2:]...)
}
