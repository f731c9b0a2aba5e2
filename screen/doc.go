// Package screen answers whether a ship, a person or an organisation is on a
// sanctions list.
//
// A query goes in (a name, identifiers, what else is known); an answer comes
// out with the entries that came near, each with the features compared, their
// weights and what was found, and with every list searched, its date, hash,
// size and age. That a list holds nothing is a finding only because the answer
// says which list, of which day, was looked at.
//
//	s := screen.New(store, cache)
//	a, err := s.Screen(ctx, screen.Query{Kind: "vessel", Name: "PERUN"}, asOf, time.Time{})
//
// An IMO number belongs to a hull for life: an equal number is identity, and
// another number is another hull, whatever the name. MMSIs and call signs are
// reassigned, and names are shared, so they match but do not identify alone.
//
// An index is built for each publication once and kept in a [Cache] from one
// process to the next, in the form in which it is searched (blob.go, build.go).
// What is only shown of an entry stays in the store. A name is compared only with names that share enough pairs of letters with
// it; a test holds that this finds all that a comparison with every name finds.
package screen
