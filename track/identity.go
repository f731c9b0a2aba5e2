package track

import (
	"slices"

	"navicert"
)

// Appearance is one of the identities that an MMSI or a ship gave itself, with
// the first and the last report that said so.
type Appearance struct {
	Identity
	// Flag is that of the MMSI's country digits; empty when they are nobody's.
	Flag        navicert.Flag `json:"flag,omitempty"`
	FirstReport navicert.Ref  `json:"first_report"`
	LastReport  navicert.Ref  `json:"last_report"`
}

// MaxAppearances is how many earlier identities are held of a vessel. Beyond it
// the one that was last heard longest ago is forgotten.
const MaxAppearances = 8

// place is a [navicert.Ref] in 16 bytes.
type place struct {
	offset int64
	line   uint32
	source uint16 // in Tracker.sources
}

// appearance is an earlier identity of a vessel.
type appearance struct {
	id          Identity
	first, last place
}

// past is what is held of a vessel that gave itself several identities.
type past struct {
	earlier   []appearance
	forgotten int
}

// maxSources is how many names of inputs are told apart in evidence; the last
// stands for the others, which have none.
const maxSources = 1<<16 - 1

func (t *Tracker) placeOf(r navicert.Ref) place {
	p := place{offset: r.Offset, line: uint32(r.Line)}
	if n := len(t.sources); n > 0 && t.sources[n-1] == r.Source {
		p.source = uint16(n - 1)
		return p
	}
	i := slices.Index(t.sources, r.Source)
	if i < 0 {
		if i = len(t.sources); i > maxSources {
			return place{source: maxSources}
		}
		source := r.Source
		if i == maxSources {
			source = ""
		}
		t.sources = append(t.sources, source)
	}
	p.source = uint16(i)
	return p
}

func (t *Tracker) refOf(p place) navicert.Ref {
	return navicert.Ref{Source: t.sources[p.source], Offset: p.offset, Line: int64(p.line)}
}

// fold takes over what a static report says of the vessel. The parts that one
// report gives together stay together: a report with an IMO number, or with
// another name, begins a new identity, so that no ship is made of two; one with
// another call sign too, which keeps the rest.
func (t *Tracker) fold(v *Vessel, s *navicert.Static) {
	id := &v.Identity
	if s.Time.Before(id.LastSeen) {
		return
	}
	p := t.placeOf(s.Ref)
	other := s.IMO != 0 && s.IMO != id.IMO || s.Name != "" && id.Name != "" && s.Name != id.Name
	switch recalled := s.CallSign != "" && id.CallSign != "" && s.CallSign != id.CallSign; {
	case id.Reports == 0:
		*id = Identity{MMSI: v.MMSI, FirstSeen: s.Time}
		v.firstReport = p
	case other:
		v.remember()
		*id = Identity{MMSI: v.MMSI, FirstSeen: s.Time}
		v.firstReport = p
	case recalled:
		v.remember()
		id.FirstSeen, id.Reports = s.Time, 0
		v.firstReport = p
	}
	if s.IMO != 0 {
		id.IMO = s.IMO
	}
	if s.Name != "" {
		id.Name = s.Name
	}
	if s.CallSign != "" {
		id.CallSign = s.CallSign
	}
	if s.ShipType.Known() {
		id.ShipType = s.ShipType
	}
	if s.LengthM.Known() {
		id.LengthM = s.LengthM
	}
	id.Simulated = s.Simulated
	id.LastSeen = s.Time
	id.Reports++
	v.lastReport = p
	v.draught.add(s)
}

// remember puts the present identity among the earlier ones.
func (v *Vessel) remember() {
	if v.past == nil {
		v.past = &past{}
	}
	earlier := &v.past.earlier
	now := appearance{v.Identity, v.firstReport, v.lastReport}
	for i := range *earlier {
		if e := &(*earlier)[i]; sameIdentity(&e.id, &now.id) {
			now.merge(e)
			*earlier = slices.Delete(*earlier, i, i+1)
			break
		}
	}
	if len(*earlier) >= MaxAppearances { // they are in order of LastSeen
		*earlier = slices.Delete(*earlier, 0, 1)
		v.past.forgotten++
	}
	*earlier = append(*earlier, now)
}

func sameIdentity(a, b *Identity) bool {
	return a.IMO == b.IMO && a.Name == b.Name && a.CallSign == b.CallSign
}

// merge takes over the reports of the same identity from before.
func (a *appearance) merge(before *appearance) {
	a.id.FirstSeen, a.first = before.id.FirstSeen, before.first
	a.id.Reports += before.id.Reports
	a.id.Simulated = a.id.Simulated || before.id.Simulated
	if !a.id.ShipType.Known() {
		a.id.ShipType = before.id.ShipType
	}
	if !a.id.LengthM.Known() {
		a.id.LengthM = before.id.LengthM
	}
}

// History returns the identities that a vessel gave itself, newest first, each
// once, and how many more were forgotten. What it says now comes first.
func (t *Tracker) History(v *Vessel) (all []Appearance, forgotten int) {
	if v.Identity.Reports == 0 {
		return nil, 0
	}
	now := appearance{v.Identity, v.firstReport, v.lastReport}
	var earlier []appearance
	if v.past != nil {
		earlier, forgotten = v.past.earlier, v.past.forgotten
	}
	for i := range earlier {
		if sameIdentity(&earlier[i].id, &now.id) {
			now.merge(&earlier[i])
		}
	}
	flag, _ := v.MMSI.Flag()
	add := func(a *appearance) {
		all = append(all, Appearance{a.id, flag, t.refOf(a.first), t.refOf(a.last)})
	}
	add(&now)
	for i := len(earlier) - 1; i >= 0; i-- {
		if !sameIdentity(&earlier[i].id, &now.id) {
			add(&earlier[i])
		}
	}
	return all, forgotten
}
