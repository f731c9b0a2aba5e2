package accuracy

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/screen"
)

// The lists that names are asked of.
const (
	sdnList = "ofac-sdn"
	unList  = "un"
)

// unitedNations asks the UN list for its own names, plain and distorted. The
// two files go line by line; the plain name says which entry is meant.
func (b *bench) unitedNations(ctx context.Context) error {
	plain, err := b.rows("yente-positives_un_untreated-half.csv", 8)
	if err != nil || plain == nil {
		return err
	}
	distorted, err := b.rows("yente-positives_un_treated-half.csv", 8)
	if err != nil || distorted == nil {
		return err
	}
	un, err := b.list(ctx, unList)
	if err != nil || un == nil {
		return err
	}
	meant := un.byName()
	var qs, bent []screen.Query
	var ids [][]string
	kinds := map[string]list.Kind{}
	for _, e := range un.entries {
		kinds[e.ID] = e.Kind
	}
	gone := 0
	for i, row := range plain {
		id := meant[key(row[0])]
		if len(id) == 0 || i >= len(distorted) {
			gone++
			continue
		}
		kind := string(kinds[id[0]])
		ids = append(ids, id)
		qs = append(qs, screen.Query{Kind: kind, Name: row[0]})
		bent = append(bent, screen.Query{Kind: kind, Name: distorted[i][0]})
	}
	if gone > 0 {
		b.report.Notes = append(b.report.Notes, fmt.Sprintf("UN names: %d of %d are not in %s under the name given and were not asked", gone, len(plain), un.folder))
	}
	if _, err := b.finds(ctx, un, "UN names, plain (yente, half)", qs, ids, Figure{Bar: 0.999}, Figure{}); err != nil {
		return err
	}
	_, err = b.finds(ctx, un, "UN names, distorted (yente, half)", bent, ids,
		Figure{Bar: 0.993, Others: "watchman 98.1 %"}, Figure{Bar: 0.997, Others: "watchman 99.4 %"})
	return err
}

// finds asks for names and counts how many find an entry meant, and how many
// find it first.
func (b *bench) finds(ctx context.Context, h *heldList, set string, qs []screen.Query, ids [][]string, recall, first Figure) (found int, err error) {
	firsts := 0
	err = h.asks(ctx, qs, func(i int, a *screen.Answer) {
		at := slices.IndexFunc(a.Hits, func(x screen.Hit) bool { return x.Match && slices.Contains(ids[i], x.EntryID) })
		switch {
		case at == 0:
			found, firsts = found+1, firsts+1
		case at > 0:
			found++
			b.miss(Miss{Set: set, Asked: qs[i].Name, Other: a.Hits[0].MatchedName, Wanted: "first " + h.nameOf(ids[i][0]), Score: a.Hits[0].Score})
		default:
			b.miss(Miss{Set: set, Asked: qs[i].Name, Wanted: "found " + h.nameOf(ids[i][0])})
		}
	})
	recall.Set, recall.Measure, recall.Value, recall.Of = set, "recall", share(found, len(qs)), len(qs)
	first.Set, first.Measure, first.Value, first.Of = set, "found first", share(firsts, len(qs)), len(qs)
	b.figure(recall)
	b.figure(first)
	return found, err
}

// key is a name without case, signs and the order of its words.
func key(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" ,.-'‘’", r) })
	slices.Sort(words)
	return strings.Join(words, " ")
}

// byName returns the entries of each name that is a primary one.
func (h *heldList) byName() map[string][]string {
	out := map[string][]string{}
	for _, e := range h.entries {
		out[key(e.Name)] = append(out[key(e.Name)], e.ID)
	}
	return out
}

func (h *heldList) nameOf(id string) string {
	if i := slices.IndexFunc(h.entries, func(e list.Entry) bool { return e.ID == id }); i >= 0 {
		return h.entries[i].Name
	}
	return id
}

// innocents asks both lists for persons who are on neither.
func (b *bench) innocents(ctx context.Context) error {
	for _, f := range []struct{ file, set string }{
		{"yente-negatives_global-half.csv.gz", "innocent persons of many scripts (yente, half)"},
		{"yente-negatives_us-half.csv.gz", "innocent persons, mostly American (yente, half)"},
		{"yente-positives_us_congress_untreated-half.csv", "US Congress (yente, half)"},
	} {
		rows, err := b.rows(f.file, 1)
		if err != nil {
			return err
		}
		var qs []screen.Query
		for _, row := range sampled(rows, b.Sample) {
			qs = append(qs, screen.Query{Kind: string(list.Person), Name: row[0]})
		}
		if rows == nil {
			continue
		}
		if err := b.alarms(ctx, sdnList, f.set, qs, Figure{Bar: 0.0025, Others: "watchman 0.25 % at 0.60, Treasury's search 13.5 % at 85 (2,000 persons)"}); err != nil {
			return err
		}
		if err := b.alarms(ctx, unList, f.set, qs, Figure{Bar: 0.001}); err != nil {
			return err
		}
	}
	return nil
}

// alarms asks a list for names that are not on it and counts those that match.
func (b *bench) alarms(ctx context.Context, list, set string, qs []screen.Query, f Figure) error {
	h, err := b.list(ctx, list)
	if err != nil || h == nil {
		return err
	}
	n := 0
	f.Set, f.Measure, f.Of, f.AtMost = set, "false against "+list, len(qs), true
	err = h.asks(ctx, qs, func(i int, a *screen.Answer) {
		if !a.Matched() {
			return
		}
		n++
		b.miss(Miss{Set: f.Set + ", " + f.Measure, Asked: qs[i].Name, Other: a.Hits[0].MatchedName, Wanted: "no match", Score: a.Hits[0].Score, Why: a.Hits[0].Why[0].Detail})
	})
	f.Value = share(n, len(qs))
	b.figure(f)
	return err
}

// typoCount is how many listed names are asked for with one letter wrong.
const typoCount = 1000

// typos asks for listed names with one letter lost, added, changed or swapped
// with its neighbour, at any place where a letter or digit stands.
func (b *bench) typos(ctx context.Context) error {
	sdn, err := b.list(ctx, sdnList)
	if err != nil || sdn == nil {
		return err
	}
	r := rand.New(rand.NewPCG(3, 4))
	var qs []screen.Query
	var ids [][]string
	byKind := map[string][]int{}
	for i := range typoCount {
		e := &sdn.entries[r.IntN(len(sdn.entries))]
		q := screen.Query{Kind: string(e.Kind), Name: typo(r, e.Name)}
		qs, ids = append(qs, q), append(ids, []string{e.ID})
		byKind[q.Kind] = append(byKind[q.Kind], i)
	}
	const set = "listed names with one letter wrong"
	_, err = b.finds(ctx, sdn, set, qs, ids,
		Figure{Bar: 0.97, Others: "watchman 83.1 % at 0.60, Treasury's search 99.1 % at 85"},
		Figure{Others: "watchman 91.6 % at any score, Treasury's search 98.5 %"})
	if err != nil {
		return err
	}
	for _, k := range []list.Kind{list.Vessel, list.Person, list.Organization, list.Aircraft} {
		missed := 0
		for _, i := range byKind[string(k)] {
			if slices.ContainsFunc(b.report.Misses, func(m Miss) bool {
				return m.Set == set && m.Asked == qs[i].Name && strings.HasPrefix(m.Wanted, "found ")
			}) {
				missed++
			}
		}
		n := len(byKind[string(k)])
		b.figure(Figure{Set: set, Measure: "recall, " + string(k), Value: share(n-missed, n), Of: n})
	}
	return nil
}

func typo(r *rand.Rand, s string) string {
	var places []int
	for i := range len(s) {
		if c := s[i] | 0x20; c >= 'a' && c <= 'z' || s[i] >= '0' && s[i] <= '9' {
			places = append(places, i)
		}
	}
	if len(places) < 2 {
		return s
	}
	at := r.IntN(len(places))
	i := places[at]
	letter := string(rune('A' + r.IntN(26)))
	switch r.IntN(4) {
	case 0:
		return s[:i] + s[i+1:]
	case 1:
		return s[:i] + letter + s[i:]
	case 2:
		return s[:i] + letter + s[i+1:]
	}
	if i+1 < len(s) && at+1 < len(places) && places[at+1] == i+1 {
		return s[:i] + s[i+1:i+2] + s[i:i+1] + s[i+2:]
	}
	return s[:i] + s[i+1:]
}

// shipCount is how many real ships are asked about.
const shipCount = 2000

// ships asks for real merchant ships whose IMO numbers are not listed, by name
// alone, and for those with a listed ship's name, with their own number.
func (b *bench) ships(ctx context.Context) error {
	sdn, err := b.list(ctx, sdnList)
	if err != nil || sdn == nil {
		return err
	}
	files, err := fs.Glob(b.lists, "vessels/*.csv")
	if err != nil {
		return err
	}
	if len(files) == 0 {
		b.report.Absent = append(b.report.Absent, "real ships: lists/vessels has no CSV files")
		return nil
	}
	listed, names := map[navicert.IMO]bool{}, map[string]bool{}
	for _, e := range sdn.entries {
		if e.Kind == list.Vessel {
			listed[e.IMO] = true
			names[key(e.Name)] = true
			for _, a := range e.Aliases {
				names[key(a.Name)] = true
			}
		}
	}
	var ships [][]string
	for _, f := range files {
		rows, err := b.rowsOf(b.lists, f, 2)
		if err != nil {
			return err
		}
		ships = append(ships, rows...)
	}
	var qs, namesakes []screen.Query
	kind := string(list.Vessel)
	for _, row := range sampled(ships, len(ships)) {
		imo, err := navicert.ParseIMO(row[0])
		if err != nil || listed[imo] {
			continue
		}
		qs = append(qs, screen.Query{Kind: kind, Name: row[1]})
		if names[key(row[1])] {
			namesakes = append(namesakes, screen.Query{Kind: kind, Name: row[1], IMO: imo})
		}
	}
	if len(qs) > shipCount {
		all := qs
		qs = nil
		for i := range shipCount {
			qs = append(qs, all[i*len(all)/shipCount])
		}
	}
	if err := b.alarms(ctx, sdnList, "real ships that are not listed, by name alone", qs,
		Figure{Bar: 0.025, Others: "watchman 4.6 % at 0.60, Treasury's search 32.5 % at 85"}); err != nil {
		return err
	}
	return b.alarms(ctx, sdnList, "real ships with a listed ship's name and their own IMO number", namesakes,
		Figure{Others: "watchman 95 of 98 hit, Treasury's search 96"})
}
