package detect

import (
	"math/bits"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/geo"
)

const (
	// SilenceAfter is how long a vessel must be silent before the engine asks
	// who else was heard.
	SilenceAfter = 4 * time.Hour
	// NearbyNM is how far from the last fix others count as nearby. It is about
	// the range of a coastal receiver (facts: docs/behaviour.md, gaps).
	NearbyNM = 50
	// silenceHours is how many whole clock hours after that of the last fix
	// are looked at: all lie before SilenceAfter is over.
	silenceHours = 3

	cellLevel  = 8 // S2 cells of some 20 nm
	keptHours  = 8
	maxCells   = 200_000 // some 70 MB; the sea has about 280,000 of them
	sketchBits = 256
)

// Silence is what the engine knows of the time after a vessel's last fix.
type Silence struct {
	// Asked says that it was looked into; it is not for a short silence.
	Asked bool
	// FeedAlive says that any vessel, anywhere, was heard in those hours.
	FeedAlive bool
	// Others is how many other vessels were heard within NearbyNM of the last
	// fix in the three clock hours after its own; at least, from 30 upwards.
	Others int

	// Outages are the known ones of the source of the vessel's last fix that
	// overlap the silence, in order of From. Watched says that they are all: that
	// it is a live feed whose outages were recorded from then on.
	Watched bool
	Outages []navicert.Outage
}

// reception is the ledger of who was heard where: per cell and hour a sketch
// of the vessels, for the last hours. Its size is bounded by the cells in
// which anybody was heard.
type reception struct {
	cells map[s2.CellID]*receptionCell
	feed  [keptHours]hourCount
	clock clock
	full  bool // maxCells was reached: places are missing from it
}

type receptionCell struct {
	hours [keptHours]hourSketch
}

type hourSketch struct {
	hour   int64
	vessel [sketchBits / 64]uint64
}

type hourCount struct {
	hour int64
	n    int
}

func newReception() *reception { return &reception{cells: map[s2.CellID]*receptionCell{}} }

// heard notes a fix of a vessel in its cell.
func (r *reception) heard(f *navicert.Fix, id s2.CellID, last *cachedCell) {
	hour := f.Time.Unix() / 3600
	if c := &r.feed[hour%keptHours]; c.hour < hour {
		*c = hourCount{hour, 1}
	} else if c.hour == hour {
		c.n++
	}
	if last.cell == nil || last.id != id {
		cell := r.cells[id]
		if cell == nil {
			if len(r.cells) >= maxCells {
				r.full = true
				return
			}
			cell = &receptionCell{}
			r.cells[id] = cell
		}
		*last = cachedCell{id, cell}
	}
	s := &last.cell.hours[hour%keptHours]
	if s.hour < hour {
		*s = hourSketch{hour: hour}
	} else if s.hour > hour {
		return
	}
	bit := hash(uint32(f.MMSI)) % sketchBits
	s.vessel[bit/64] |= 1 << (bit % 64)
}

// cachedCell spares the look-up of the cell that a vessel was in before.
type cachedCell struct {
	id   s2.CellID
	cell *receptionCell
}

// silence looks into the hours after a vessel's last fix.
func (r *reception) silence(last *navicert.Fix) Silence {
	s := Silence{Asked: true}
	from := last.Time.Unix()/3600 + 1
	for h := from; h < from+silenceHours; h++ {
		if c := r.feed[h%keptHours]; c.hour == h && c.n > 0 {
			s.FeedAlive = true
		}
	}
	var union [sketchBits / 64]uint64
	for _, id := range geo.CellsWithin(last.Pos, NearbyNM, cellLevel) {
		cell := r.cells[id]
		if cell == nil {
			continue
		}
		for h := from; h < from+silenceHours; h++ {
			if k := &cell.hours[h%keptHours]; k.hour == h {
				for i, w := range k.vessel {
					union[i] |= w
				}
			}
		}
	}
	for _, w := range union {
		s.Others += bits.OnesCount64(w)
	}
	if s.Others == 0 && r.full { // who was heard there may not have found room
		s.FeedAlive = false
	}
	return s
}

// prune forgets the cells in which nobody was heard for as long as hours are
// kept. Cells that vessels remember are no longer in the ledger then.
func (r *reception) prune(hour int64) {
	for id, cell := range r.cells {
		stale := true
		for i := range cell.hours {
			stale = stale && cell.hours[i].hour <= hour-keptHours
		}
		if stale {
			delete(r.cells, id)
		}
	}
	r.full = len(r.cells) >= maxCells
}

// hash mixes an MMSI's bits (the finisher of MurmurHash3).
func hash(x uint32) uint32 {
	x ^= x >> 16
	x *= 0x85ebca6b
	x ^= x >> 13
	x *= 0xc2b2ae35
	return x ^ x>>16
}

// clock is the stream's time: the newest that a fix has carried. A leap of more
// than an hour counts only when the next fix ahead agrees, so that one fix with
// a wrong time does not carry the clock off.
type clock struct {
	now  time.Time
	leap time.Time // a time far ahead that waits for its like
}

const maxTick = time.Hour

// tick takes a fix and returns the hour since 1970 that has begun, and whether
// that is news.
func (c *clock) tick(f *navicert.Fix) (hour int64, news bool) {
	if !f.Time.After(c.now) {
		return 0, false
	}
	if !c.now.IsZero() && f.Time.Sub(c.now) > maxTick {
		agrees := !c.leap.IsZero() && f.Time.Sub(c.leap).Abs() <= maxTick
		c.leap = f.Time
		if !agrees {
			return 0, false
		}
	}
	before := c.now.Unix() / 3600
	c.now, c.leap = f.Time, time.Time{}
	hour = c.now.Unix() / 3600
	return hour, hour != before
}
