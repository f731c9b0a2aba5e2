package own

import (
	"navicert"
	"navicert/list"
)

// linkKinds are the links of a list that say who owns or controls an entry.
// "Linked to" says neither.
var linkKinds = map[list.LinkKind]Kind{
	list.OwnedBy: Owns, list.ControlledBy: Controls, list.OwnedOrControlled: OwnsOrControls,
}

// FromEntries makes facts of the links that a publication states: an entry
// that another owns or controls. Former links are left out, and none of them
// has a share. No person answers for them but the publisher, so they are not
// settled. Links that make no fact are counted.
func FromEntries(p list.Publication, entries []list.Entry) (facts []Fact, unused navicert.Tally) {
	byID := make(map[string]*list.Entry, len(entries))
	for i := range entries {
		byID[entries[i].ID] = &entries[i]
	}
	seen := map[string]bool{}
	for i := range entries {
		e := &entries[i]
		for _, l := range e.Links {
			kind, ok := linkKinds[l.Kind]
			if !ok || l.Former {
				continue
			}
			f := Fact{
				Owner: Party{Name: l.Name}, Owned: party(p.List, e), Kind: kind,
				Published: navicert.At(p.Date.Start()), Source: p.ID() + " entry " + e.ID, Note: l.Text, Simulated: p.Simulated || e.Simulated,
			}
			if o := byID[l.Entry]; o != nil {
				f.Owner = party(p.List, o)
			} else if l.Entry != "" {
				f.Owner.ID = p.List + "/" + l.Entry
			}
			if err := f.Check(); err != nil {
				unused.Add(cause(err), "entry "+e.ID)
				continue
			}
			if seen[f.ID()] {
				unused.Add("given twice", "entry "+e.ID)
				continue
			}
			seen[f.ID()] = true
			facts = append(facts, f)
		}
	}
	return facts, unused
}

// party is an entry as a party of facts.
func party(listName string, e *list.Entry) Party {
	p := Party{Name: e.Name, Kind: e.Kind, ID: listName + "/" + e.ID, IMO: e.IMO}
	if len(e.Countries) == 1 {
		p.Country = e.Countries[0]
	}
	for _, id := range e.Identifiers {
		if n, err := navicert.ParseIMO(id.Value); id.Type == list.CompanyIMO && err == nil && p.IMO == 0 {
			p.IMO = n
		}
	}
	return p
}
