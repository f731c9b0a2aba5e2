package ofac

import (
	"bytes"
	"maps"
	"slices"

	"navicert"
	"navicert/list"
	"navicert/list/xmlstream"
)

// A file of the ADVANCED form with a DeltaBaseVersion holds only what changed
// since the publication with that Version: parties marked add, revise (or
// amend), and delete. It is applied to the entries of that publication, which
// must be held, and gives a whole publication.
//
// What is held are entries, not the file they came from. So a change is taken
// only where the file gives the party anew and whole, with its locations,
// documents, relationships and sanctions. A mark on a part of a party, or a
// changed part of a party that is not there, is an error: the result would be a
// guess.
type delta struct {
	base    list.Publication
	held    []list.Entry
	byID    map[string]int // places in held
	removed map[string]bool
	changed map[string]bool // parties given anew
	forgot  bool            // forget was called
	revised map[string]bool // locations that changed and that no party of the file has named yet
}

const ownsOrOperates = "Owns, controls, or operates" // the relation that is told from the owner's side

// openBase fetches the publication that a file of changes is applied to.
func (d *document) openBase() (*delta, error) {
	if d.base == "" {
		return nil, nil
	}
	refuse := func(why string) error {
		return d.fail(navicert.NotFound, "it holds only what changed since version %s of %s, %s", d.base, d.pub.List, why).
			WithHint("import the whole publication of that version first, or fetch the whole of this one")
	}
	if d.src.Base == nil {
		return nil, refuse("and there is nothing to apply it to")
	}
	base, entries, err := d.src.Base(d.ctx, d.pub.List, d.base)
	switch {
	case navicert.KindOf(err) == navicert.NotFound:
		return nil, refuse("which is not held")
	case err != nil:
		return nil, err
	}
	x := &delta{
		base: base, held: entries, byID: make(map[string]int, len(entries)),
		removed: map[string]bool{}, changed: map[string]bool{}, revised: map[string]bool{},
	}
	for i := range entries {
		x.byID[entries[i].ID] = i
	}
	d.pub.Rejected.Merge(&base.Rejected)
	d.baseSHA256 = base.SHA256
	return x, nil
}

// action reads what a record of the file does. What is below it must carry no
// mark of its own.
func (a *advanced) action(n xmlstream.Node) (string, error) {
	mark := n.Attr("DeltaAction")
	marks := bytes.Count(a.Raw(), []byte("DeltaAction"))
	switch {
	case marks == 0:
		return "", nil
	case a.delta == nil:
		return "", a.fail(navicert.Invalid, "it marks a change (DeltaAction), but names no version that it is a change of (DeltaBaseVersion)").
			WithHint("fetch the whole publication")
	case mark == nil || marks > 1:
		return "", a.fail(navicert.Unsupported, "it changes a part of a <%s>, which cannot be applied exactly", n.Name()).
			WithHint("fetch the whole publication")
	}
	switch s := string(mark); s {
	case "add", "delete", "revise":
		return s, nil
	case "amend":
		return "revise", nil
	default:
		return "", a.fail(navicert.Unsupported, "DeltaAction %q is none of add, amend, delete, revise", s)
	}
}

// changes takes the mark of a party; gone is true for one that is deleted.
func (a *advanced) changes(n xmlstream.Node) (gone bool, err error) {
	action, err := a.action(n)
	if err != nil || a.delta == nil {
		return false, err
	}
	id := string(n.Attr("FixedRef"))
	_, held := a.delta.byID[id]
	switch {
	case held && action == "add":
		return false, a.fail(navicert.Conflict, "it adds party %s, which %s has", id, a.delta.base.ID())
	case !held && action != "add":
		return false, a.fail(navicert.Conflict, "it changes or deletes party %s, which %s does not have", id, a.delta.base.ID())
	case a.delta.changed[id] || a.delta.removed[id]:
		return false, a.fail(navicert.Invalid, "party %s is there twice", id)
	case action == "delete":
		a.delta.removed[id] = true
		return true, nil
	}
	a.delta.changed[id] = true
	return false, nil
}

// linked returns the entry of a profile for a link: of the file, or held.
func (a *advanced) linked(profile string) *list.Entry {
	if i, ok := a.profiles[profile]; ok {
		return &a.entries[i]
	}
	if a.delta == nil || a.delta.removed[profile] {
		return nil
	}
	if i, ok := a.delta.byID[profile]; ok {
		return &a.delta.held[i]
	}
	return nil
}

// apply puts the parties of the file in the place of those held.
func (a *advanced) apply() error {
	x := a.delta
	x.forget()
	for _, id := range slices.Sorted(maps.Keys(x.revised)) {
		return navicert.Errorf(navicert.Unsupported, "list", a.document.name, "it changes location %s, but does not give the party anew that has it", id).
			WithHint("fetch the whole publication")
	}
	for _, identity := range slices.Sorted(maps.Keys(a.documents)) {
		return navicert.Errorf(navicert.Unsupported, "list", a.document.name, "it changes a document of identity %s, but does not give the party anew that has it", identity).
			WithHint("fetch the whole publication")
	}
	if a.pub.Date < x.base.Date {
		return navicert.Errorf(navicert.Invalid, "list", a.document.name, "it is of %s, before what it changes, %s", a.pub.Date, x.base.ID())
	}
	out := make([]list.Entry, 0, len(x.held)+len(a.entries))
	for i := range x.held {
		e := x.held[i]
		switch {
		case x.removed[e.ID]:
		case x.changed[e.ID]:
			fresh := a.entries[a.byID[e.ID]]
			for _, l := range e.Links { // told by owners that the file does not give anew
				if l.Text == ownsOrOperates && !x.changed[l.Entry] && !x.removed[l.Entry] {
					addOnce(&fresh.Links, l)
				}
			}
			out = append(out, fresh)
		default:
			out = append(out, e)
		}
	}
	for i := range a.entries {
		if _, held := x.byID[a.entries[i].ID]; !held {
			out = append(out, a.entries[i])
		}
	}
	a.rename(out)
	a.entries = out
	return nil
}

// forget takes from the entries held the links that changed owners told: what
// is left of them is in the file. It is called when all parties are read.
func (x *delta) forget() {
	if x == nil || x.forgot {
		return
	}
	x.forgot = true
	for i := range x.held {
		e := &x.held[i]
		e.Links = slices.DeleteFunc(e.Links, func(l list.Link) bool {
			return l.Text == ownsOrOperates && (x.changed[l.Entry] || x.removed[l.Entry])
		})
		if len(e.Links) == 0 {
			e.Links = nil
		}
	}
}

// rename gives links the names that their entries have now.
func (a *advanced) rename(entries []list.Entry) {
	names := make(map[string]string, len(entries))
	for i := range entries {
		names[entries[i].ID] = entries[i].Name
	}
	for i := range entries {
		for j := range entries[i].Links {
			l := &entries[i].Links[j]
			if name, ok := names[l.Entry]; ok {
				l.Name = name
			} else if l.Entry != "" && a.delta.removed[l.Entry] {
				a.rejected.Add(lostLink, "entry "+entries[i].ID+" to "+l.Entry)
			}
		}
	}
}
