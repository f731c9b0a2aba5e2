// Package all names the sanctions list formats that there are. A folder goes
// in; the formats that recognise its files come out.
//
//	formats, err := all.Recognise(os.DirFS(dir))
//
// To add a format, write it in a folder beside this one and add its line to
// Formats.
package all

import (
	"io/fs"

	"navicert"
	"navicert/list"
	"navicert/list/csl"
	"navicert/list/eu"
	"navicert/list/ftm"
	"navicert/list/ofac"
	"navicert/list/uk"
	"navicert/list/un"
	"navicert/list/watchlist"
)

// Formats returns every format, in the order in which folders are tried.
func Formats() []list.Format {
	return []list.Format{
		ofac.SDN(),
		ofac.Cons(),
		ofac.SDNXML(),
		ofac.ConsXML(),
		ofac.SDNAdvanced(),
		ofac.ConsAdvanced(),
		ofac.SDNEnhanced(),
		ofac.ConsEnhanced(),
		un.Format(),
		eu.CSV(),
		eu.XML(),
		eu.Vessels(),
		uk.CSV(),
		uk.XML(),
		uk.ODS(),
		uk.ConList(),
		csl.Format(),
		ftm.Format(),
		watchlist.Format(),
	}
}

// Recognise returns the formats whose files the folder holds, each of which is
// a publication of its own; none is not an error. Two forms of one list are an
// error: they hold the same entries, and one publication of a list and day is
// kept.
func Recognise(fsys fs.FS) ([]list.Format, error) {
	var found []list.Format
	for _, f := range Formats() {
		ok, err := f.Recognise(fsys)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		for _, other := range found {
			if a, b := other.Info(), f.Info(); a.List == b.List {
				return nil, navicert.Errorf(navicert.Conflict, "list", a.List, "the folder holds it in two forms: %s; and %s", a.Files, b.Files).
					WithHint("name the file that is meant, or leave only one form in the folder")
			}
		}
		found = append(found, f)
	}
	return found, nil
}
