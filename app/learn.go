package app

import (
	"context"
	"time"

	"navicert"
	"navicert/geo"
)

// LearnOptions say from what anchorages are learned.
type LearnOptions struct {
	From, To time.Time         // fixes with From <= time < To; zero: all up to now
	Rule     geo.AnchorageRule // zero: geo.GFWAnchorage
	// Progress, when set, is called after each ship.
	Progress func(done, ships int)
}

// Learned says what was learned.
type Learned struct {
	Ships     int        `json:"ships"`     // whose positions were looked at
	Fixes     int        `json:"fixes"`     // that were used
	Left      int        `json:"left"`      // that were not: simulated, or means of several positions
	Stays     int        `json:"stays"`     // of ships that lay long enough
	Places    []geo.Port `json:"places"`    // where enough of them did
	Rule      string     `json:"rule"`      // by what rule
	Unchanged bool       `json:"unchanged"` // nothing was learned: what was learned before stays in use
}

// LearnPorts learns anchorages and berths from the positions that are held, and
// keeps them: they are then among [App.Ports]. Simulated ships teach nothing.
func (a *App) LearnPorts(ctx context.Context, o LearnOptions) (Learned, error) {
	const atOnce = 30 * 24 * time.Hour // of one ship, so that memory is bounded
	if o.Rule == (geo.AnchorageRule{}) {
		o.Rule = geo.GFWAnchorage()
	}
	to := o.To
	if to.IsZero() {
		to = a.now()
	}
	latest, err := a.db.Latest(ctx, to, to.Sub(time.Unix(0, 0))) // every ship
	if err != nil {
		return Learned{}, err
	}
	stays := geo.NewStays(o.Rule)
	out := Learned{Ships: len(latest), Rule: o.Rule.Name}
	for i, v := range latest {
		first, last, n, err := a.db.Span(ctx, v.Fix.MMSI, to)
		if err != nil {
			return out, err
		}
		if first.Before(o.From) {
			first = o.From
		}
		for at := first; n > 0 && !at.After(last); at = at.Add(atOnce) {
			fixes, err := a.db.Fixes(ctx, v.Fix.MMSI, at, minTime(at.Add(atOnce), to))
			if err != nil {
				return out, err
			}
			for i := range fixes {
				f := &fixes[i]
				if f.Simulated || f.Average {
					out.Left++
					continue
				}
				out.Fixes++
				stays.Fix(f.Time, f.Pos, moored(f))
			}
		}
		stays.End(v.Fix.MMSI)
		if o.Progress != nil {
			o.Progress(i+1, len(latest))
		}
	}
	out.Stays = stays.Found
	index, err := a.portSet(portsIndex)
	if err != nil {
		return out, err
	}
	var rows []geo.Port
	if index != nil {
		rows = index.Ports
	}
	out.Places = stays.Anchorages(geo.NewPorts(geo.KnownPorts(rows, nil)))
	if len(out.Places) == 0 {
		out.Unchanged = true
		return out, nil
	}
	return out, a.putPortSet(PortSet{
		Set: portsLearned, Source: o.Rule.Name, ImportedAt: navicert.At(a.now()),
		PortFile: geo.PortFile{Rows: len(out.Places), Ports: out.Places},
	})
}

// moored is what a ship's status says of lying at a berth: at anchor it does
// not, and under way it says nothing of a ship that lies still.
func moored(f *navicert.Fix) navicert.Opt[bool] {
	switch s, _ := f.Status.Get(); {
	case f.Status.Known() && s == navicert.Moored:
		return navicert.Some(true)
	case f.Status.Known() && s == navicert.AtAnchor:
		return navicert.Some(false)
	}
	return navicert.Opt[bool]{}
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
