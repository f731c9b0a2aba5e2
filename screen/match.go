package screen

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"navicert"
	"navicert/list"
)

// Weights of the features. They order answers and say why; what decides is the
// name's closeness with its threshold, and identifiers.
//
// The weight of what agrees besides the name is a share of what the name lacks
// of 1: it can lift a near miss, and it never makes two names that differ score
// as equal ones do.
const (
	weightIMO       = 1.0  // an equal number is the hull
	weightOtherIMO  = 0.5  // another number is another hull
	weightMMSI      = 0.9  // an equal MMSI, alone: a match that a person must look at
	weightCallSign  = 0.85 // an equal call sign, alone; reassigned sooner than an MMSI
	weightMarks     = 0.3  // other numerals: another hull, another plant
	weightMarkSlip  = 0.05 // one digit of four or more is another: a slip, or another of the series
	weightMarkOnly  = 0.1  // of organisations: a numeral on one side only
	weightWeak      = 0.3  // a weak alias that nothing else supports
	shareBirth      = 0.5  // of what is lacking, for a birth date that agrees
	shareCountry    = 0.3
	shareFlag       = 0.1  // flags change often
	shareGender     = 0.05 // half of all people agree
	weightOtherDate = 0.2

	weightOtherGender = 0.15 // names are given to one gender, mostly, and lists are seldom wrong about it
	weightAlias       = 0.01 // an equal alias comes after an equal primary name
	weightOtherLand   = 0.05 // lists seldom give all countries that somebody has
)

// question is a query made ready for one publication.
type question struct {
	Query
	birth   days
	hasDate bool
	names   map[list.Kind]*name
}

func newQuestion(q Query) *question {
	qu := &question{Query: q, names: map[list.Kind]*name{}}
	if q.BirthDate != "" {
		qu.birth, qu.hasDate = parseBirth(q.BirthDate)
	}
	if q.Name != "" {
		for _, k := range kinds {
			if q.wants(k) {
				n := ask(q.Name, k)
				qu.names[k] = &n
			}
		}
	}
	return qu
}

// comparison is an entry and as what it is compared, a place in kinds. One of
// unknown kind may be compared as two.
type comparison struct{ entry, part int32 }

// finding collects why one entry came up.
type finding struct {
	comparison
	by        string
	nameFound bool
	nameIndex int32 // in the part's names
	closeness float64
}

// search returns the hits of one publication.
func (ix *index) search(q *question, pub *list.Publication, o Options) []Hit {
	found := map[comparison]*finding{}
	get := func(c comparison) *finding {
		f := found[c]
		if f == nil {
			f = &finding{comparison: c, by: ByName}
			found[c] = f
		}
		return f
	}
	for _, i := range ix.identified(q) {
		for _, at := range partsOf(ix.kind(i.entry)) {
			if q.wants(kinds[at]) {
				get(comparison{i.entry, at}).by = i.by
			}
		}
	}
	for at, k := range kinds {
		n := q.names[k]
		if n == nil {
			continue
		}
		p := ix.part(k)
		for _, c := range p.near(n, ix.floor(p.kind, o)) {
			f := get(comparison{p.entryOf(c.name), int32(at)})
			if !f.nameFound || ix.better(p, n, c, f) {
				f.nameFound, f.nameIndex, f.closeness = true, c.name, c.closeness
			}
		}
	}
	var hits []Hit
	unknown := map[int32]int{} // where the hit of an entry of unknown kind is
	for _, f := range found {
		h := ix.hit(q, f, pub)
		if !ix.shown(&h, f, o) {
			continue
		}
		if h.Kind == list.UnknownKind {
			if at, twice := unknown[f.entry]; twice {
				if cmp.Or(byStrength(h, hits[at]), cmp.Compare(h.part, hits[at].part)) < 0 {
					hits[at] = h
				}
				continue
			}
			unknown[f.entry] = len(hits)
		}
		hits = append(hits, h)
	}
	return hits
}

// floor is the closeness from which names are looked at.
func (ix *index) floor(k list.Kind, o Options) float64 {
	t := Default.of(k)
	if o.MinScore > 0 {
		return min(t, o.MinScore)
	}
	return t
}

// shown reports whether a hit belongs in the answer: a match, one that scores
// enough, or one whose name is near enough but that an identifier or a weak
// alias rules out, which the asker should see.
func (ix *index) shown(h *Hit, f *finding, o Options) bool {
	t := Default.of(kinds[f.part])
	if o.MinScore > 0 {
		return h.Score >= o.MinScore
	}
	if h.Match || h.By != ByName {
		return true
	}
	ruledOut := slices.ContainsFunc(h.Why, func(w Why) bool {
		return w.Score < 0 && (w.Feature == "imo" || w.Feature == "weak_alias")
	})
	return ruledOut && f.closeness >= t
}

// better reports whether a name is a better reason than the one found so far:
// nearer, or as near and not weak, or then with the marks asked for.
func (ix *index) better(p *part, n *name, c candidate, f *finding) bool {
	rank := func(i int32, closeness float64) float64 {
		l := p.listed(i)
		r := closeness
		if !slices.Equal(l.marks, n.marks) {
			r -= weightMarks
		}
		if l.weak {
			r -= weightWeak
		}
		return r
	}
	return rank(c.name, c.closeness) > rank(f.nameIndex, f.closeness)
}

// identity is an entry found by an identifier, the strongest that found it.
type identity struct {
	entry int32
	by    string
}

// identified returns the entries with an identifier asked for, the strongest
// identifier last.
func (ix *index) identified(q *question) []identity {
	var out []identity
	add := func(entries []int32, by string) {
		for _, i := range entries {
			if q.wants(ix.kind(i)) {
				out = append(out, identity{i, by})
			}
		}
	}
	if q.CallSign != "" {
		add(ix.withCallSign(q.CallSign), ByCallSign)
	}
	if q.MMSI != 0 {
		add(ix.mmsi.of(uint32(q.MMSI)), ByMMSI)
	}
	if q.IMO != 0 {
		add(ix.imo.of(uint32(q.IMO)), ByIMO)
		add(ix.ofCompany(q.IMO), ByIMO)
	}
	return out
}

// hit weighs everything that is known of an entry against the question.
func (ix *index) hit(q *question, f *finding, pub *list.Publication) Hit {
	e := ix.entry(f.entry)
	h := newHit(e, pub, f.entry)
	h.By, h.part = f.by, f.part
	w := weighing{q: q, f: f, e: e, h: &h, as: kinds[f.part], threshold: Default.of(kinds[f.part])}
	if f.nameFound {
		w.listed = ix.parts[f.part].listed(f.nameIndex)
	}
	w.identifiers()
	w.nameAndMarks()
	w.rest()
	w.conclude()
	return h
}

// newHit says what an entry is, before anything is compared.
func newHit(e *list.Entry, pub *list.Publication, position int32) Hit {
	return Hit{
		List: pub.List, Publication: pub.Date, EntryID: e.ID, Kind: e.Kind, Name: e.Name,
		Programmes: e.Programmes, Measure: e.Measure, Secondary: len(e.Secondary) > 0,
		IMO: e.IMO, Flag: e.Flag, Countries: e.Countries, Simulated: e.Simulated, Entry: e, position: position,
	}
}

// weighing is one hit in the making.
type weighing struct {
	q         *question
	f         *finding
	e         *list.Entry
	listed    *listed // the name found, nil without one
	h         *Hit
	as        list.Kind // as what the entry is compared
	threshold float64

	against   bool // an identifier or a numeral says that it is another
	nameFits  bool // a name that is not weak reaches the threshold with the same marks
	sameName  bool // it is equal
	supported bool // birth date or country agree
	otherDate bool
}

func (w *weighing) why(feature string, weight, score float64, format string, args ...any) {
	w.h.Why = append(w.h.Why, Why{feature, round(weight), round(score), fmt.Sprintf(format, args...)})
}

func round(f float64) float64 { return math.Round(f*1e4) / 1e4 }

func (w *weighing) identifiers() {
	q, e := w.q, w.e
	switch {
	case q.IMO != 0 && w.f.by == ByIMO && e.IMO == q.IMO:
		w.why("imo", weightIMO, 1, "IMO %s is this hull's number, which it keeps for life", q.IMO)
	case q.IMO != 0 && w.f.by == ByIMO:
		w.why("imo", weightIMO, 1, "IMO %s is this company's number", q.IMO)
	case q.IMO != 0 && e.IMO != 0:
		w.against = true
		w.why("imo", weightOtherIMO, -1, "another hull: asked IMO %s, listed IMO %s", q.IMO, e.IMO)
	case q.IMO != 0 && e.Kind == list.Vessel:
		w.why("imo", 0, 0, "asked IMO %s; the list gives none for this vessel", q.IMO)
	}
	if q.MMSI != 0 && slices.Contains(e.MMSIs, q.MMSI) {
		weight := 0.0
		if w.f.by == ByMMSI {
			weight = weightMMSI
		}
		w.why("mmsi", weight, 1, "MMSI %s is listed for it; MMSIs change with the flag and are given again", q.MMSI)
	}
	if q.CallSign != "" && slices.Contains(e.CallSigns, q.CallSign) {
		weight := 0.0
		if w.f.by == ByCallSign {
			weight = weightCallSign
		}
		w.why("call_sign", weight, 1, "call sign %s is listed for it; call signs change with the flag and are given again", q.CallSign)
	}
}

// base is what identifiers give.
func (w *weighing) base() float64 {
	switch w.f.by {
	case ByIMO:
		return weightIMO
	case ByMMSI:
		return weightMMSI
	case ByCallSign:
		return weightCallSign
	}
	return 0
}

func (w *weighing) nameAndMarks() {
	if w.q.Name == "" {
		return
	}
	n := w.q.names[w.as]
	if !w.f.nameFound {
		w.why("name", 0, 0, "asked %q, listed as %q: not the same name", w.q.Name, w.e.Name)
		return
	}
	l := w.listed
	what := "listed name"
	w.h.MatchedName = w.e.Name
	weak := l.weak
	if l.alias >= 0 {
		a := w.e.Aliases[l.alias]
		w.h.MatchedName, what = a.Name, aliasWords(a)
	}
	romanised := ""
	if n.romanised {
		romanised = fmt.Sprintf(", written in Latin letters as %q", n.text)
	}
	w.why("name", 1-w.base(), w.f.closeness, "%s %q: %s%s%s", what, w.h.MatchedName, explain(n, &l.name), romanised, w.asWhat())
	if l.alias >= 0 && !weak && w.f.by == ByName && w.f.closeness == 1 {
		w.why("alias", weightAlias, -1, "the same as its %s; its primary name is %q", what, w.e.Name)
	}
	otherMarks := !slices.Equal(n.marks, l.marks)
	if otherMarks {
		w.marks(n, &l.name)
	}
	w.sameName = w.f.closeness == 1 && !otherMarks && !weak
	w.nameFits = w.f.closeness >= w.threshold && !otherMarks && !weak
}

// asWhat says as what an entry's names were compared, where that is open.
func (w *weighing) asWhat() string {
	switch {
	case w.e.Kind != list.UnknownKind:
		return ""
	case w.as == list.Person:
		return ", compared as a person's: the list does not say what it is"
	}
	return ", compared as an organisation's: the list does not say what it is"
}

func aliasWords(a list.Alias) string {
	words := map[list.AliasKind]string{list.AKA: "alias", list.FKA: "former name", list.NKA: "present name"}[a.Kind]
	if a.Weak {
		words = "weak " + words
	}
	return words
}

// marks weighs numerals that differ: two ships whose names differ by one are
// two hulls.
func (w *weighing) marks(asked, listed *name) {
	if w.f.by != ByName {
		return
	}
	say := func(marks []string) string {
		if len(marks) == 0 {
			return "none"
		}
		return strings.Join(marks, " ")
	}
	detail := fmt.Sprintf("asked %s, listed %s", say(asked.marks), say(listed.marks))
	switch {
	case slippedMark(asked.marks, listed.marks):
		w.why("numeral", weightMarkSlip, -1, "%s, which may be a slip or another of a series", detail)
	case w.e.Kind == list.Vessel:
		w.against = true
		w.why("numeral", weightMarks, -1, "another hull: %s", detail)
	case len(asked.marks) > 0 && len(listed.marks) > 0:
		w.why("numeral", weightMarks, -1, "%s", detail)
	default:
		w.why("numeral", weightMarkOnly, -1, "%s", detail)
	}
}

// longMark is the number of digits from which one that differs may be a slip.
const longMark = 4

// slippedMark reports whether the marks differ by one slip in a long number,
// also one that a letter cut in two ("6X27").
func slippedMark(asked, listed []string) bool {
	a, l := strings.Join(asked, ""), strings.Join(listed, "")
	long := max(len(a), len(l))
	return long >= longMark && long <= 2*maxLetters && distance(a, l, 1) <= editCost
}

// rest weighs what is known besides names and identifiers.
func (w *weighing) rest() {
	if w.f.by != ByName {
		return
	}
	lacking := 1 - w.f.closeness
	if w.q.hasDate && w.mayBePerson() {
		w.birthDate(lacking)
	}
	if w.q.Gender != "" && w.e.Gender != "" && w.mayBePerson() {
		if strings.EqualFold(w.q.Gender, w.e.Gender) {
			w.why("gender", shareGender*lacking, 1, "%s is listed", w.q.Gender)
		} else {
			w.isPerson()
			w.why("gender", weightOtherGender, -1, "asked %s, listed %s", w.q.Gender, strings.ToLower(w.e.Gender))
		}
	}
	if w.q.Country != "" && len(w.e.Countries) > 0 && w.e.Kind != list.Vessel {
		if slices.Contains(w.e.Countries, w.q.Country) {
			w.supported = true
			w.why("country", shareCountry*lacking, 1, "%s is listed", w.q.Country.Name())
		} else {
			w.why("country", weightOtherLand, -1, "asked %s, listed %s", w.q.Country.Name(), flagNames(w.e.Countries))
		}
	}
	if flags := append(slices.Clone(w.e.FormerFlags), w.e.Flag); w.q.Flag != "" && w.e.Kind == list.Vessel && w.e.Flag != "" {
		if slices.Contains(flags, w.q.Flag) {
			w.why("flag", shareFlag*lacking, 1, "flag %s is listed", w.q.Flag.Name())
		} else {
			w.why("flag", 0, -1, "asked %s, listed %s; flags change", w.q.Flag.Name(), flagNames(flags))
		}
	}
	if w.listed.weak && !(w.supported && w.f.closeness == 1) {
		w.why("weak_alias", weightWeak, -1, "a weak alias alone identifies nobody: it needs the same spelling and a birth date or country that agrees")
	}
}

func (w *weighing) birthDate(lacking float64) {
	var near bool
	var read []string
	for _, s := range w.e.BirthDates {
		d, ok := parseBirth(s)
		if !ok {
			continue
		}
		read = append(read, s)
		near = near || d.overlaps(w.q.birth)
	}
	switch {
	case len(read) == 0:
	case near:
		w.supported = true
		w.why("birth_date", shareBirth*lacking, 1, "%s agrees with %s", w.q.BirthDate, strings.Join(read, ", "))
	default:
		w.otherDate = true
		w.isPerson()
		w.why("birth_date", weightOtherDate, -1, "asked %s, listed %s", w.q.BirthDate, strings.Join(read, ", "))
	}
}

func flagNames(flags []navicert.Flag) string {
	var names []string
	for _, f := range flags {
		if f != "" {
			names = append(names, f.Name())
		}
	}
	return strings.Join(names, ", ")
}

// conclude adds up and says what it means.
func (w *weighing) conclude() {
	sum := 0.0
	for _, y := range w.h.Why {
		sum += y.Weight * y.Score
	}
	w.h.Score = round(min(1, max(0, sum)))
	switch w.f.by {
	case ByIMO:
		w.h.Match, w.h.Identity = true, true
	case ByMMSI, ByCallSign:
		w.h.Match = !w.against
		w.h.Identity = w.h.Match && w.nameFits
	default:
		w.h.Match = !w.against && w.h.Score >= w.threshold
		w.h.Identity = w.h.Match && w.identifiedByName()
	}
}

// mayBePerson reports whether the entry is a person, or may be one.
func (w *weighing) mayBePerson() bool {
	return w.e.Kind == list.Person || w.e.Kind == list.UnknownKind
}

// isPerson has an entry judged by a person's threshold, as whatever its names
// were compared: both it and who is asked for have a birth date or a gender.
func (w *weighing) isPerson() { w.threshold = max(w.threshold, Default.Person) }

// identifiedByName: for a person or an organisation, the same full name and a
// country that agrees; a person, and who may be one, needs two words and no other
// birth date.
func (w *weighing) identifiedByName() bool {
	n := w.q.names[w.as]
	switch {
	case !w.sameName || w.otherDate || w.q.Country == "" || !slices.Contains(w.e.Countries, w.q.Country):
		return false
	case w.mayBePerson():
		return len(n.words) >= 2
	}
	return w.e.Kind == list.Organization
}

// byStrength orders hits: matches first, identities before others, then by
// score, then by list and entry so that the order is always the same.
func byStrength(a, b Hit) int {
	truth := func(x bool) int {
		if x {
			return 0
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(truth(a.Match), truth(b.Match)),
		cmp.Compare(truth(a.Identity), truth(b.Identity)),
		cmp.Compare(b.Score, a.Score),
		cmp.Compare(a.List, b.List),
		cmp.Compare(len(a.EntryID), len(b.EntryID)),
		cmp.Compare(a.EntryID, b.EntryID),
	)
}
