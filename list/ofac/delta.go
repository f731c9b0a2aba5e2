package ofac

import (
	"bytes"
	"maps"
	"slices"
	"strings"

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
// only where the result is sure. A party that changes must be there whole, with
// its locations and documents. Sanctions and relationships are records of their
// own: where the file has none of a party's, they are as they were; where it has
// them without marks, they are all; marked relationships are added to or taken
// from those held. A mark on a part of a party, or a changed location, document
// or sanction of a party that is not there, is an error: the result would be a
// guess.
type delta struct {
	base    list.Publication
	held    []list.Entry
	byID    map[string]int // places in held
	removed map[string]bool
	changed map[string]bool // parties given anew
	revised map[string]bool // locations that changed and that no party of the file has named yet

	documented map[string]bool // identities of whose documents the file says something
	restated   map[string]bool // parties whose relationships the file gives anew
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
		documented: map[string]bool{}, restated: map[string]bool{},
	}
	for i := range entries {
		x.byID[entries[i].ID] = i
	}
	d.pub.Rejected.Merge(&base.Rejected)
	d.baseSHA256 = base.SHA256
	return x, nil
}

// meaning reads a mark of the schema, or a word that means the same.
func meaning(mark []byte) string {
	switch string(mark) {
	case "add":
		return "add"
	case "delete", "remove":
		return "delete"
	case "revise", "amend", "change":
		return "revise"
	}
	return ""
}

// action reads what a record of the file does. What is below a record that is
// added or deleted may carry the same mark; what is below another, none.
func (a *advanced) action(n xmlstream.Node) (string, error) {
	mark := n.Attr("DeltaAction")
	marks := bytes.Count(a.Raw(), []byte("DeltaAction"))
	action := meaning(mark)
	switch {
	case marks == 0:
		return "", nil
	case a.delta == nil:
		return "", a.fail(navicert.Invalid, "it marks a change (DeltaAction), but names no version that it is a change of (DeltaBaseVersion)").
			WithHint("fetch the whole publication")
	case mark != nil && action == "":
		return "", a.fail(navicert.Unsupported, "DeltaAction %q is none of add, amend, delete, revise", mark)
	case mark == nil, marks > 1 && (action == "revise" || bytes.Count(a.Raw(), []byte(`DeltaAction="`+string(mark)+`"`)) != marks):
		return "", a.fail(navicert.Unsupported, "it changes a part of a <%s>, which cannot be applied exactly", n.Name()).
			WithHint("fetch the whole publication")
	}
	return action, nil
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

// has reports whether the publication that is changed holds an entry.
func (x *delta) has(id string) bool {
	_, ok := x.byID[id]
	return ok
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

// relink applies the mark of a relationship that owner tells and that stands
// with holder; done says that there is nothing to add.
func (a *advanced) relink(owner, holder, action string, l list.Link) (done bool, err error) {
	x := a.delta
	switch {
	case x == nil, action == "add":
		return false, nil
	case action == "":
		if !x.changed[owner] {
			return false, a.fail(navicert.Unsupported, "it has a relationship of party %s without a mark, but does not give the party anew", owner).
				WithHint("fetch the whole publication")
		}
		if !x.restated[owner] {
			x.restated[owner] = true
			x.forget(owner)
		}
		return false, nil
	}
	same := func(h list.Link) bool { return h.Entry == l.Entry && h.Text == l.Text }
	if i, held := x.byID[holder]; held {
		x.held[i].Links = slices.DeleteFunc(x.held[i].Links, same)
	}
	return action == "delete", nil
}

// forget takes from the entries held the links that an owner told: the file
// gives them anew, or the owner is gone.
func (x *delta) forget(owner string) {
	for i := range x.held {
		e := &x.held[i]
		e.Links = slices.DeleteFunc(e.Links, func(l list.Link) bool { return l.Text == ownsOrOperates && l.Entry == owner })
	}
}

// carry takes over from the entry held what the file does not say of one that
// it gives anew.
func (a *advanced) carry(fresh *list.Entry, held *list.Entry) {
	x := a.delta
	var links []list.Link
	for _, l := range held.Links {
		if told := l.Text == ownsOrOperates; told || !x.restated[held.ID] {
			addOnce(&links, l)
		}
	}
	for _, l := range fresh.Links {
		addOnce(&links, l)
	}
	fresh.Links = links
	if a.sanctions[int32(a.byID[fresh.ID])] == nil {
		fresh.Programmes, fresh.Measure, fresh.Measures = held.Programmes, held.Measure, held.Measures
		fresh.Listed, fresh.LegalBasis = held.Listed, held.LegalBasis
		for _, s := range strings.Split(strings.TrimSuffix(held.Remarks, "."), "; ") {
			if strings.HasPrefix(s, sanctionsType) {
				remark(fresh, s)
			}
		}
	}
}

// sanctionsType begins the remark that names a measure which has no field.
const sanctionsType = "Sanctions type "

// withoutDocuments reports whether a party that is held with documents is given
// anew without any: whether it still has them cannot be known.
func (a *advanced) withoutDocuments(id, identity string) bool {
	x := a.delta
	if x == nil || x.documented[identity] {
		return false
	}
	i, held := x.byID[id]
	if !held {
		return false
	}
	e := &x.held[i]
	if e.IMO != 0 || len(e.MMSIs) > 0 {
		return true
	}
	features := map[string]bool{}
	for _, name := range a.refs["FeatureType"] {
		name, _, _ = strings.Cut(name, " - ")
		features[name] = true
	}
	return slices.ContainsFunc(e.Identifiers, func(id list.Identifier) bool { return !features[id.Type] })
}

// apply puts the parties of the file in the place of those held.
func (a *advanced) apply() error {
	x := a.delta
	for id := range x.removed {
		x.forget(id)
	}
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
			a.carry(&fresh, &e)
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

// rename gives links the names that their entries have now.
func (a *advanced) rename(entries []list.Entry) {
	names := make(map[string]string, len(entries))
	for i := range entries {
		names[entries[i].ID] = entries[i].Name
	}
	for i := range entries {
		if len(entries[i].Links) == 0 {
			entries[i].Links = nil
		}
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
