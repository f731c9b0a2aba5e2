package track

import (
	"slices"
	"time"

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

// Particulars are what a vessel says of itself: the newest of its identities, as
// [Identity] has it, its draught and what it said before.
type Particulars struct {
	IMO      navicert.IMO
	Reports  int32 // of this identity; 0 of a vessel that has said nothing
	Name     string
	CallSign navicert.CallSign
	LengthM  navicert.Opt[float64]
	ShipType navicert.Opt[int32]

	simulated           bool
	draught             draughtSeen
	firstSeen, lastSeen int64 // nanoseconds since 1970
	// The first and the last report of the identity.
	first, last place
	past        *past // earlier identities, when there are any
}

// nobody is of all vessels that have said nothing. It stays as it is.
var nobody Particulars

// identity is the newest of the identities of a vessel.
func (p *Particulars) identity(m navicert.MMSI) Identity {
	id := Identity{
		MMSI: m, IMO: p.IMO, Name: p.Name, CallSign: p.CallSign, LengthM: p.LengthM, Reports: int(p.Reports),
		FirstSeen: time.Unix(0, p.firstSeen).UTC(), LastSeen: time.Unix(0, p.lastSeen).UTC(), Simulated: p.simulated,
	}
	if kind, ok := p.ShipType.Get(); ok {
		id.ShipType = navicert.Some(int(kind))
	}
	return id
}

// begin begins an identity of a ship that said something before, or not: what belongs
// to the number stays.
func (p *Particulars) begin(at int64, report place) {
	*p = Particulars{firstSeen: at, first: report, draught: p.draught, past: p.past}
}

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
	at := s.Time.UnixNano()
	if at < v.Identity.lastSeen {
		return
	}
	if v.Identity == &nobody {
		v.Identity = t.newParticulars()
	}
	id, report := v.Identity, t.placeOf(s.Ref)
	other := s.IMO != 0 && s.IMO != id.IMO || s.Name != "" && id.Name != "" && s.Name != id.Name
	switch recalled := s.CallSign != "" && id.CallSign != "" && s.CallSign != id.CallSign; {
	case id.Reports == 0:
		id.begin(at, report)
	case other:
		v.remember()
		id.begin(at, report)
	case recalled:
		v.remember()
		id.firstSeen, id.first, id.Reports = at, report, 0
	}
	if s.IMO != 0 {
		id.IMO = s.IMO
	}
	// The first to say a name is held, as it is by others: of each there is one then.
	if s.Name != "" && s.Name != id.Name {
		id.Name = s.Name
	}
	if s.CallSign != "" && s.CallSign != id.CallSign {
		id.CallSign = s.CallSign
	}
	if kind, ok := s.ShipType.Get(); ok {
		id.ShipType = navicert.Some(int32(kind))
	}
	if s.LengthM.Known() {
		id.LengthM = s.LengthM
	}
	id.simulated = s.Simulated
	id.lastSeen, id.last = at, report
	id.Reports++
	id.draught.add(s)
}

// newParticulars takes memory for many at once, as newVessel does.
func (t *Tracker) newParticulars() *Particulars {
	if len(t.unsaid) == 0 {
		t.unsaid = make([]Particulars, particularsAtOnce)
	}
	p := &t.unsaid[0]
	t.unsaid = t.unsaid[1:]
	return p
}

// particularsAtOnce is for how many memory is taken at once, as many as fill 64 KB.
const particularsAtOnce = 455

// remember puts the present identity among the earlier ones.
func (v *Vessel) remember() {
	id := v.Identity
	if id.past == nil {
		id.past = &past{}
	}
	earlier := &id.past.earlier
	now := appearance{id.identity(v.MMSI), id.first, id.last}
	for i := range *earlier {
		if e := &(*earlier)[i]; sameIdentity(&e.id, &now.id) {
			now.merge(e)
			*earlier = slices.Delete(*earlier, i, i+1)
			break
		}
	}
	if len(*earlier) >= MaxAppearances { // they are in order of LastSeen
		*earlier = slices.Delete(*earlier, 0, 1)
		id.past.forgotten++
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
	id := v.Identity
	if id.Reports == 0 {
		return nil, 0
	}
	now := appearance{id.identity(v.MMSI), id.first, id.last}
	var earlier []appearance
	if id.past != nil {
		earlier, forgotten = id.past.earlier, id.past.forgotten
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
