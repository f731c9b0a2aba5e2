package ofac

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"navicert"
	"navicert/list"
)

// Reasons in Publication.Rejected that concern single rows and remarks. What
// they count is not lost: it stays in the entry's Remarks or Row.
const (
	badIMO         = "IMO number that fails its check digit or length, kept as an identifier"
	secondIMO      = "second IMO number of one vessel, kept as an identifier"
	badMMSI        = "MMSI without nine digits, kept in the remarks"
	badCallSign    = "call sign that is none, kept in the row"
	badCountry     = "country not recognised, kept as text"
	orphanComment  = "overflow of remarks for an entry that is not in the list"
	needlessRest   = "overflow of remarks that were not cut, left out"
	missingRest    = "remarks cut at 1,000 characters without their overflow"
	aliasNameless  = "alias without a name"
	entryUnderName = "alias that repeats a name of its entry"
)

// remarksLimit is where OFAC cuts remarks in the file of entries.
const remarksLimit = 1000

// builder makes entries of rows.
type builder struct {
	format
	rejected  *navicert.Tally
	simulated bool
	flags     map[string]navicert.Flag // names seen; "" is not recognised

	entries []list.Entry
	byID    map[string]int
}

func (b *builder) build(ctx context.Context, s set) ([]list.Entry, error) {
	rest, err := b.overflow(&s)
	if err != nil {
		return nil, err
	}
	b.entries = make([]list.Entry, 0, len(s.entries.rows))
	b.byID = make(map[string]int, len(s.entries.rows))
	lines := make(map[string]int, len(s.entries.rows))
	for i := range s.entries.rows {
		r := &s.entries.rows[i]
		if i%1000 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if first, twice := lines[r.id]; twice {
			return nil, navicert.Errorf(navicert.Invalid, "list", s.entries.at(r), "entry %s is already on line %d", r.id, first).
				WithHint("are two publications in one file?")
		}
		lines[r.id] = r.line
		e, err := b.entry(&s.entries, r, rest)
		if err != nil {
			return nil, err
		}
		b.byID[r.id] = len(b.entries)
		b.entries = append(b.entries, e)
	}
	if err := b.aliases(&s.aliases); err != nil {
		return nil, err
	}
	return b.entries, b.addresses(&s.addresses)
}

// overflow returns what sdn_comments holds of remarks that were cut, by entry,
// and counts what fits no entry.
func (b *builder) overflow(s *set) (map[string]string, error) {
	rest := make(map[string]string, len(s.comments.rows))
	for i := range s.comments.rows {
		r := &s.comments.rows[i]
		if _, twice := rest[r.id]; twice {
			return nil, navicert.Errorf(navicert.Invalid, "list", s.comments.at(r), "entry %s has two rows", r.id)
		}
		rest[r.id] = r.col[1]
	}
	cut := map[string]bool{}
	for i := range s.entries.rows {
		r := &s.entries.rows[i]
		full := utf8.RuneCountInString(r.col[11]) >= remarksLimit
		switch _, has := rest[r.id]; {
		case has:
			cut[r.id] = full
		case !full || strings.HasSuffix(r.col[11], "."): // remarks end with a full stop
		case s.comments.name == "":
			return nil, navicert.Errorf(navicert.NotFound, "list", b.comments, "the folder does not hold it, and the remarks on %s are cut", s.entries.at(r))
		default:
			b.rejected.Add(missingRest, s.entries.at(r))
		}
	}
	for i := range s.comments.rows {
		r := &s.comments.rows[i]
		if wasCut, known := cut[r.id]; !known {
			b.rejected.Add(orphanComment, s.comments.at(r))
			delete(rest, r.id)
		} else if !wasCut {
			b.rejected.Add(needlessRest, s.comments.at(r))
			delete(rest, r.id)
		}
	}
	return rest, nil
}

// entry makes an entry of its own row and remarks.
func (b *builder) entry(t *table, r *row, rest map[string]string) (list.Entry, error) {
	e := list.Entry{
		ID: r.id, Name: r.col[1], Measure: b.measure, Row: r.raw, Simulated: b.simulated,
		VesselType: r.col[6], Tonnage: r.col[7], GRT: r.col[8], Owner: r.col[10],
		Remarks: r.col[11] + rest[r.id],
	}
	if e.Name == "" {
		return e, navicert.Errorf(navicert.Invalid, "list", t.at(r), "the entry has no name")
	}
	switch r.col[2] {
	case "":
		e.Kind = list.Organization
	case "individual":
		e.Kind = list.Person
	case "vessel":
		e.Kind = list.Vessel
	case "aircraft":
		e.Kind = list.Aircraft
	default:
		return e, navicert.Errorf(navicert.Unsupported, "list", t.at(r), "type %s is none of individual, vessel, aircraft", strconv.Quote(r.col[2])).
			WithHint("are the columns in their order? else the format has changed")
	}
	for _, p := range strings.Split(r.col[3], "] [") {
		if p = strings.Trim(p, "[] "); p != "" {
			e.Programmes = append(e.Programmes, p)
		}
	}
	if c := r.col[5]; c != "" {
		b.callSign(&e, c)
	}
	e.Flag = b.flag(r.col[9])
	b.remarks(&e)
	return e, nil
}

func (b *builder) aliases(t *table) error {
	for i := range t.rows {
		r := &t.rows[i]
		e, err := b.owner(t, r)
		if err != nil {
			return err
		}
		kind := list.AliasKind(r.col[2])
		if kind != list.AKA && kind != list.FKA && kind != list.NKA {
			return navicert.Errorf(navicert.Unsupported, "list", t.at(r), "alias kind %s is none of aka, fka, nka", strconv.Quote(r.col[2])).
				WithHint("are the columns in their order? else the format has changed")
		}
		if r.col[3] == "" {
			b.rejected.Add(aliasNameless, t.at(r))
			continue
		}
		b.alias(e, list.Alias{Name: r.col[3], Kind: kind}, t.at(r))
	}
	return nil
}

// alias adds a name to an entry; a strong alias replaces a weak one of the same
// name.
func (b *builder) alias(e *list.Entry, a list.Alias, at string) {
	i := slices.IndexFunc(e.Aliases, func(h list.Alias) bool { return h.Name == a.Name })
	switch {
	case a.Name == e.Name, i >= 0 && (a.Weak || !e.Aliases[i].Weak):
		b.rejected.Add(entryUnderName, at)
	case i >= 0:
		e.Aliases[i] = a
	default:
		e.Aliases = append(e.Aliases, a)
	}
}

func (b *builder) addresses(t *table) error {
	for i := range t.rows {
		r := &t.rows[i]
		e, err := b.owner(t, r)
		if err != nil {
			return err
		}
		var parts []string
		for _, c := range r.col[2:] {
			if c != "" {
				parts = append(parts, c)
			}
		}
		if len(parts) == 0 {
			continue // a row of nulls says only that no address is known
		}
		a := list.Address{Street: r.col[2], City: r.col[3], Country: b.flag(r.col[4]), Text: strings.Join(parts, ", ")}
		e.Addresses = append(e.Addresses, a)
		addOnce(&e.Countries, a.Country)
	}
	return nil
}

// owner finds the entry that a row of another file belongs to.
func (b *builder) owner(t *table, r *row) (*list.Entry, error) {
	i, ok := b.byID[r.id]
	if !ok {
		return nil, navicert.Errorf(navicert.Invalid, "list", t.at(r), "entry %s is not in %s", r.id, b.format.entries).
			WithHint("is " + b.format.entries + " cut off, or are the files of different days?")
	}
	return &b.entries[i], nil
}

// flag reads a country's name. Words that say that it is not known give none;
// what is not recognised is counted.
func (b *builder) flag(name string) navicert.Flag {
	f := b.lookUp(name)
	if f == "" && !unknownCountry(name) {
		b.rejected.Add(badCountry, name)
	}
	return f
}

// lookUp reads a country's name, or returns "" when it is none.
func (b *builder) lookUp(name string) navicert.Flag {
	f, seen := b.flags[name]
	if !seen {
		f, _ = navicert.ParseFlag(strings.TrimPrefix(name, "possibly "))
		b.flags[name] = f
	}
	return f
}

// unknownCountry reports whether a country column says that there is none.
func unknownCountry(name string) bool {
	switch strings.ToLower(name) {
	case "", "unknown", "undetermined", "none identified", "none":
		return true
	}
	return false
}

func (b *builder) callSign(e *list.Entry, s string) {
	c, err := navicert.ParseCallSign(s)
	if err != nil {
		b.rejected.Add(badCallSign, e.ID+" "+s)
		return
	}
	addOnce(&e.CallSigns, c)
}

// addOnce appends v unless it is zero or there already.
func addOnce[T comparable](s *[]T, v T) {
	var zero T
	if v != zero && !slices.Contains(*s, v) {
		*s = append(*s, v)
	}
}
