package detect

import (
	"math/bits"
	"slices"
	"time"

	"navicert"
	"navicert/geo"
	"navicert/track"
)

const (
	// SilenceAfter is how long a vessel must be silent before the engine asks
	// who else was heard.
	SilenceAfter = 4 * time.Hour
	// SilenceHours is how many whole clock hours after that of the last fix
	// are looked at: all lie before SilenceAfter is over.
	SilenceHours = 3
	// ReachFactor widens what a ship can reach: it absorbs rounding (facts:
	// docs/behaviour.md, impossible reappearance).
	ReachFactor = 1.1

	// WayThirds is in how many parts a silence that is over is looked at.
	WayThirds = 3
	// WayNM is how near to the straight way between the ends of a silence somebody
	// must have been heard: what is heard in 30 nm lies in one cell of the degree in
	// which Welch and others (2022) measured reception.
	WayNM = 30
	// wayLeast is of how many whole clock hours a silence must be: three to each third.
	wayLeast = 9

	// NearNM is how near to a place somebody must have been heard for it to be
	// within reception; with the cells' size some 30 nm.
	NearNM = 15

	// atRestKn is up to which speed a ship is looked for where it was.
	atRestKn = 1.0
	// deafMinutes is from how many whole minutes on in which its receivers heard
	// nobody a ship may have sailed out of reception in them: 5 nm at 20 kn. They
	// count when they begin within deafWithin minutes of its last fix: while others
	// were heard for longer than that, it would have been heard, too.
	deafMinutes = 15
	deafWithin  = 60
	// everHeard is from how many ships on, heard in the hours before, it is news
	// that a receiver hears nobody.
	everHeard = 3
)

// Silence is what the engine knows of the time after a vessel's last fix, from
// the coverage ledger: in the [SilenceHours] clock hours after its own. Its
// receivers are those of its last fix, others are vessels of its class that they
// heard in the cells that it could have reached by the end of each hour.
type Silence struct {
	// Asked says that it was looked into; it is not for a short silence.
	Asked bool
	// FeedAlive says that any vessel, anywhere, was heard in those hours.
	FeedAlive bool
	// ReceiversFell says that its receivers, which heard several ships in the
	// hours before, heard nobody anywhere in two of the hours or more. Where one is a
	// satellite, no satellite did: each hears a region for minutes, and goes on.
	ReceiversFell bool
	// DeafMinutes is for how many minutes its receivers heard nobody, when that was a
	// quarter of an hour or more and began within an hour of its last fix: DeafAfter
	// minutes after that, when they had last heard anybody. It lasts at most to the
	// end of the hours looked at. 0 when they went on hearing, or one is a satellite,
	// which ships do not sail away from.
	DeafAfter, DeafMinutes uint8
	// Others is how many others were heard, at least; OthersAny those of any
	// class by any receiver.
	Others, OthersAny int
	// OthersHours is in how many of the hours others were heard.
	OthersHours int
	// Ahead is at how many of as many places ahead of it, where it would have been
	// after two, three and four hours at 10 kn at least, its receivers hear ships of
	// its class, as far as the ledger goes back. A ship at rest is looked for where
	// it was. Where one of its receivers is a satellite, which Satellites says, any
	// satellite counts, as each hears a place for minutes, and so do ships that they
	// heard there on several days of the month: the sea may just be empty now.
	Ahead      int
	Satellites bool

	// SatellitePerDay is how many positions satellites receive of a ship a day
	// about the last fix: positions for each hour in which a ship was heard, times
	// 24, as far as the ledger goes back. 0 when none is known to have heard any.
	SatellitePerDay float64

	// WayHeard is in how many thirds of a silence of nine whole clock hours or more,
	// and of 64 at most, satellites heard ships of its class within [WayNM] of where it
	// would have been then, had it gone straight on to where it was heard again. It is
	// known once the silence is over; 0 when a satellite did not hear its last fix.
	WayHeard uint8

	// Outages are the known ones of the source of the vessel's last fix that
	// overlap the silence, in order of From. Watched says that they are all: that
	// it is a live feed whose outages were recorded from then on.
	Watched bool
	Outages []navicert.Outage
}

// MaxKn is the highest speed that is expected of a ship of a type and length:
// RadianceFleet's (dec5ab1) limits by deadweight, the lengths of such tankers
// standing for it; more when it was seen to go faster. Passenger ships and
// high-speed craft have no limit there and are given 30 kn.
func MaxKn(id *track.Particulars, seenKn float64) float64 {
	most := 17.0
	length := id.LengthM.Or(0)
	switch t := id.ShipType.Or(0); {
	case t >= 40 && t <= 49 || t >= 60 && t <= 69:
		most = 30
	case length >= 300: // 200,000 t
		most = 18
	case length >= 250: // 120,000 t
		most = 19
	case length >= 215: // 60,000 t
		most = 20
	}
	return max(most, seenKn)
}

// silence looks into the hours after a vessel's last fix.
func (l *ledger) silence(v *track.Vessel, last *navicert.Fix) Silence {
	s := Silence{Asked: true}
	from := last.Time.Unix()/3600 + 1
	receivers := l.receivers(last)
	who := receivers
	if s.Satellites = slices.ContainsFunc(receivers, l.satellite); s.Satellites {
		who = l.orSatellites(slices.Clone(receivers))
	}
	full := false
	var before uint64
	for h := from - keptHours; h < from; h++ {
		before |= l.heardBy(h, who)
	}
	deaf := 0
	for h := from; h < from+SilenceHours; h++ {
		k := l.hour(h)
		if k != nil {
			full = full || k.full
			for _, w := range k.by {
				s.FeedAlive = s.FeedAlive || w != 0
			}
		}
		if l.heardBy(h, who) == 0 {
			deaf++
		}
	}
	s.ReceiversFell = s.FeedAlive && deaf >= 2 && bits.OnesCount64(before) >= everHeard

	s.DeafAfter, s.DeafMinutes = l.deaf(last.Time, receivers)
	kn := MaxKn(v.Identity, last.SpeedKn.Or(0)) * ReachFactor
	class := codeOf(last.Class)
	var same, any [sketchBits / 64]uint64
	reach := func(h int64) float64 { return kn * time.Unix((h+1)*3600, 0).Sub(last.Time).Hours() }
	within := l.within.Within(last.Pos, reach(from))
	for h := from; h < from+SilenceHours; h++ {
		if h > from {
			within = l.within.Wider(reach(h))
		}
		k := l.hour(h)
		if k == nil {
			continue
		}
		heardIn := false
		for _, id := range within {
			for e := k.cells[id]; e != nil; e = e.next {
				or(&any, &e.ships)
				if e.is(receivers, class) {
					or(&same, &e.ships)
					heardIn = true
				}
			}
		}
		if heardIn {
			s.OthersHours++
		}
	}
	s.Others, s.OthersAny = ones(same), ones(any)
	var there navicert.Position // that was looked at last, and what was found
	reached := false
	for i := 1; i <= SilenceHours; i++ {
		if p := ahead(last, i); i == 1 || p != there {
			there, reached = p, l.reaches(p, from, who, class)
			if s.Satellites && !reached {
				reached = l.month.received(l.within.Within(p, NearNM), class, from)
			}
		}
		if reached {
			s.Ahead++
		}
	}
	s.SatellitePerDay = l.satellitePerDay(last.Pos, from, class)
	if s.Others == 0 && full { // who was heard there may not have found room
		s.FeedAlive, s.ReceiversFell = false, false
	}
	return s
}

// Deaf is when its receivers had last heard anybody before they heard nobody, and
// when they heard somebody again, to the minute; last is when the vessel was heard.
func (s *Silence) Deaf(last time.Time) (from, to time.Time) {
	from = last.Truncate(time.Minute).Add(time.Duration(s.DeafAfter) * time.Minute)
	return from, from.Add(time.Duration(s.DeafMinutes) * time.Minute)
}

// deaf looks for minutes soon after a fix in which its receivers heard nobody.
func (l *ledger) deaf(last time.Time, receivers []uint16) (after, minutes uint8) {
	if slices.ContainsFunc(receivers, l.satellite) {
		return 0, 0
	}
	begin := last.Unix() / 60
	heard := begin
	end := (begin/60 + 1 + SilenceHours) * 60
	for m := begin + 1; m <= end && heard <= begin+deafWithin; m++ {
		if m < end && !l.heardIn(m, receivers) {
			continue
		}
		if m-heard > deafMinutes {
			return uint8(heard - begin), uint8(m - heard) // four hours at most
		}
		heard = m
	}
	return 0, 0
}

// heardIn reports whether receivers heard anybody in a minute since 1970.
func (l *ledger) heardIn(minute int64, receivers []uint16) bool {
	if h := l.hour(minute / 60); h != nil {
		for _, n := range receivers {
			if int(n) < len(h.minutes) && h.minutes[n]>>(minute%60)&1 != 0 {
				return true
			}
		}
	}
	return false
}

// ahead is a place ahead of a ship: where it would be an hour after so many, had it
// gone on, at 10 kn at least. Nearer the ledger's cells cannot tell the edge of
// reception from what lies beyond, and what was missed within an hour or two, as
// the receivers failed, does not show. A ship at rest stays.
func ahead(f *navicert.Fix, hours int) navicert.Position {
	course, ok := f.CourseDeg.Get()
	kn := f.SpeedKn.Or(0)
	if !ok || kn <= atRestKn {
		return f.Pos
	}
	return geo.Destination(f.Pos, course, max(kn, 10)*float64(hours+1))
}

// reaches says whether receivers hear ships of a class near a place, in any of
// the hours that are kept about one.
func (l *ledger) reaches(p navicert.Position, about int64, receivers []uint16, class classCode) bool {
	heard := uint64(0) // by the receivers, anywhere
	for h := about - keptHours; h < about+SilenceHours; h++ {
		heard |= l.heardBy(h, receivers)
	}
	if heard == 0 {
		return false
	}
	for _, id := range l.within.Within(p, NearNM) {
		for h := about - keptHours; h < about+SilenceHours; h++ {
			k := l.hour(h)
			if k == nil {
				continue
			}
			for e := k.cells[id]; e != nil; e = e.next {
				if e.is(receivers, class) {
					return true
				}
			}
		}
	}
	return false
}

// satellitePerDay is the measured reception about a place before an hour.
func (l *ledger) satellitePerDay(p navicert.Position, before int64, class classCode) float64 {
	if !slices.Contains(l.kinds, Satellite) {
		return 0
	}
	fixes, ships := 0, 0
	for _, id := range l.within.Within(p, NearNM) {
		for h := before - keptHours; h < before; h++ {
			k := l.hour(h)
			if k == nil {
				continue
			}
			for e := k.cells[id]; e != nil; e = e.next {
				if l.kinds[e.receiver] == Satellite && (class == 0 || e.class == 0 || e.class == class) {
					fixes += int(e.fixes)
					ships += ones(e.ships)
				}
			}
		}
	}
	if ships == 0 {
		return 0
	}
	return float64(fixes) / float64(ships) * 24
}

// wayHeard looks back at a silence from one fix to the next; see [Silence.WayHeard].
// What ends reception for the whole of a silence, a hole or a failure, ends it in its
// middle, too.
func (l *ledger) wayHeard(from, to *navicert.Fix) (thirds uint8) {
	first, end := from.Time.Unix()/3600+1, to.Time.Unix()/3600
	n := end - first
	if n < wayLeast || n > monthHours || !slices.ContainsFunc(l.receivers(from), l.satellite) {
		return 0
	}
	class := codeOf(from.Class)
	whole := to.Time.Sub(from.Time)
	for i := range int64(WayThirds) {
		for h := first + n*i/WayThirds; h < first+n*(i+1)/WayThirds; h++ {
			middle := time.Unix(h*3600+1800, 0)
			p := geo.Interpolate(from.Pos, to.Pos, float64(middle.Sub(from.Time))/float64(whole))
			if l.month.heardIn(l.within.Within(p, WayNM), class, h) {
				thirds++
				break
			}
		}
	}
	return thirds
}

// is says whether a row is of one of the receivers and of a class; a class that
// is not known is as any.
func (e *heard) is(receivers []uint16, class classCode) bool {
	if class != 0 && e.class != 0 && e.class != class {
		return false
	}
	for _, n := range receivers {
		if e.receiver == n {
			return true
		}
	}
	return false
}

// receivers are the numbers of those that heard a fix.
func (l *ledger) receivers(f *navicert.Fix) (out []uint16) {
	if n, ok := l.number[l.receiverOf(f)]; ok {
		out = append(out, n)
	}
	for name := range f.OtherStations.All() {
		if n, ok := l.number[name]; ok {
			out = append(out, n)
		}
	}
	return out
}

// hour returns a clock hour, or nil when it is not kept.
func (l *ledger) hour(h int64) *hourLedger {
	if h < 0 || l.hours[h%keptHours].hour != h {
		return nil
	}
	return &l.hours[h%keptHours]
}

func (l *ledger) satellite(n uint16) bool { return l.kinds[n] == Satellite }

// orSatellites adds all satellites to receivers of which one is. A satellite hears a
// place for minutes and comes back half a day later: that another heard ships there
// says as much of reception.
func (l *ledger) orSatellites(receivers []uint16) []uint16 {
	for i := range l.kinds {
		if n := uint16(i); l.satellite(n) && !slices.Contains(receivers, n) {
			receivers = append(receivers, n)
		}
	}
	return receivers
}

// heardBy is a sketch of the ships that receivers heard in an hour, anywhere.
func (l *ledger) heardBy(h int64, receivers []uint16) (ships uint64) {
	if k := l.hour(h); k != nil {
		for _, n := range receivers {
			if int(n) < len(k.by) {
				ships |= k.by[n]
			}
		}
	}
	return ships
}

func or(to, from *[sketchBits / 64]uint64) {
	for i := range to {
		to[i] |= from[i]
	}
}
