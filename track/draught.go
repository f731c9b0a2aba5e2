package track

import (
	"fmt"
	"time"

	"navicert"
)

// Load says whether a ship carries cargo, as far as its draught tells. Empty is
// unknown.
type Load string

// The loads.
const (
	Laden   Load = "laden"
	Ballast Load = "ballast"
)

// LadenShare is the share of its greatest draught above which a ship is taken
// to be laden (docs/tracks.md; other projects take 80 to 90 % of the design
// draught).
const LadenShare = 0.60

// Draught is what a ship reported of its draught. It is typed in by hand, often
// late or never: it corroborates, and decides nothing.
type Draught struct {
	NowM    float64   `json:"now"`   // metres, reported last
	MostM   float64   `json:"most"`  // the greatest reported
	LeastM  float64   `json:"least"` // the least reported
	Reports int       `json:"reports"`
	Since   time.Time `json:"since"` // of the first report that gave one
	At      time.Time `json:"at"`    // of the last
}

// Load tells laden from ballast, by the greater of the greatest draught seen and
// the registered one (0 when it is not known), and says on what that rests.
// Where the ship has always said the same and no registered draught is known
// there is nothing to compare with, and the load is unknown.
func (d Draught) Load(registeredM float64) (Load, string) {
	if d.Reports == 0 || d.NowM <= 0 {
		return "", "no draught was reported"
	}
	most, of := d.MostM, fmt.Sprintf("the greatest of %d reported since %s", d.Reports, d.Since.UTC().Format(time.DateOnly))
	switch {
	case registeredM > most:
		most, of = registeredM, "registered"
	case registeredM <= 0 && d.LeastM == d.MostM:
		return "", fmt.Sprintf("draught %.1f m is the only one that was reported: there is nothing to compare it with", d.NowM)
	}
	share := d.NowM / most
	load := Ballast
	if share > LadenShare {
		load = Laden
	}
	return load, fmt.Sprintf("draught %.1f m, reported %s, is %.0f %% of %.1f m, %s; laden is more than %.0f %%",
		d.NowM, navicert.At(d.At), 100*share, most, of, 100*LadenShare)
}

// draughtSeen is a Draught in 20 bytes.
type draughtSeen struct {
	now, most, least uint16 // centimetres; AIS sends decimetres
	reports          uint32
	since, at        uint32 // seconds since 1970
}

func (d *draughtSeen) add(s *navicert.Static) {
	m, ok := s.DraughtM.Get()
	if !ok || !(m > 0) || m > 100 {
		return
	}
	d.now, d.at = uint16(m*100+0.5), uint32(s.Time.Unix())
	if d.reports == 0 {
		d.most, d.least, d.since = d.now, d.now, d.at
	}
	d.most, d.least = max(d.most, d.now), min(d.least, d.now)
	d.reports++
}

// Draught returns what the vessel reported of its draught.
func (v *Vessel) Draught() Draught {
	d := &v.Identity.draught
	if d.reports == 0 {
		return Draught{}
	}
	return Draught{
		NowM: float64(d.now) / 100, MostM: float64(d.most) / 100, LeastM: float64(d.least) / 100, Reports: int(d.reports),
		Since: time.Unix(int64(d.since), 0).UTC(), At: time.Unix(int64(d.at), 0).UTC(),
	}
}
