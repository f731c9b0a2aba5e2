package list

import (
	"context"
	"io/fs"

	"navicert"
)

// Info describes a format.
type Info struct {
	Name       string // "ofac-sdn-csv"
	List       string // identifier that its publications get: "ofac-sdn"
	Title      string // of the list, for a reader
	Files      string // what it looks for, for a reader: "sdn.csv, alt.csv, add.csv, sdn_comments.csv"
	MaxAgeDays int    // a publication older than this no longer shows that somebody is not listed
	Dated      bool   // its files state the day of publication: Options.Published may be left out
}

// Source is a publication as it lies in a folder.
type Source struct {
	FS   fs.FS  // the folder
	Name string // the folder's path or address as the user knows it, kept in Publication.From
	// Base returns the publication of a list that has a Version, with its entries,
	// for forms that can hold only what changed since; it is NotFound when none is
	// held. Nil is none.
	Base func(ctx context.Context, list, version string) (Publication, []Entry, error)
	Options
}

// Options are what the user may say about a publication that is read. Published
// is needed, unless the format is one whose files state it (Info.Dated): it must
// then be what they state. The others replace the format's own when they are
// set.
type Options struct {
	Published  navicert.Date // the day the publisher issued it
	List       string
	Title      string
	MaxAgeDays int
	Simulated  bool // invented for a demonstration: every entry and answer says so
}

// Format reads one published form of a sanctions list. Its methods are safe for
// concurrent use and keep nothing between calls. Every format passes
// [navicert/list/listtest.Run].
//
// Recognise says whether the folder holds the format's files, by their names;
// names are compared without regard to case, and ".gz", ".zst" or ".zip" behind
// them is read through. Where several forms share a name it looks at the first
// bytes too.
//
// Read returns a whole publication or an error, never a part: a file that is
// cut off, is of another kind, or names entries that are not there is an error
// that names file and line. What single rows hold that cannot be used is
// counted in Publication.Rejected and stays in the entry's remarks or row. The
// publication's ImportedAt is left to the caller. Files and rows have limits,
// so that no input takes unbounded memory.
type Format interface {
	Info() Info
	Recognise(fsys fs.FS) (bool, error)
	Read(ctx context.Context, src Source) (Publication, []Entry, error)
}

// NewPublication describes what src holds in the format of info, before it is
// read.
func NewPublication(info Info, src Source) Publication {
	p := Publication{
		List: info.List, Title: info.Title, Date: src.Published, MaxAgeDays: info.MaxAgeDays,
		From: src.Name, Simulated: src.Simulated,
	}
	if src.List != "" {
		p.List = src.List
	}
	if src.Options.Title != "" {
		p.Title = src.Options.Title
	}
	if src.MaxAgeDays > 0 {
		p.MaxAgeDays = src.MaxAgeDays
	}
	return p
}

// CountVessels fills the publication's counts of entries, vessels and vessels
// with an IMO number.
func (p *Publication) CountVessels(entries []Entry) {
	p.Entries, p.Vessels, p.WithIMO = len(entries), 0, 0
	for i := range entries {
		if entries[i].Kind != Vessel {
			continue
		}
		p.Vessels++
		if entries[i].IMO != 0 {
			p.WithIMO++
		}
	}
}

// DateOf settles the day of publication from what the user gave and what a file
// states. Either may be missing, but not both, and where both are there they
// must agree: a publication under another day than its publisher's would answer
// for days on which it was not in force.
func DateOf(src Source, file string, stated navicert.Date) (navicert.Date, error) {
	if src.Published != "" {
		if _, err := navicert.ParseDate(string(src.Published)); err != nil {
			return "", navicert.Errorf(navicert.Invalid, "publication date", src.Name, "%w", err)
		}
	}
	switch {
	case stated == "" && src.Published == "":
		return "", navicert.Errorf(navicert.Invalid, "publication date", file, "the file states none").
			WithHint("say when the list was published: --published YYYY-MM-DD")
	case stated == "":
		return src.Published, nil
	case src.Published == "" || src.Published == stated:
		return stated, nil
	}
	return "", navicert.Errorf(navicert.Invalid, "publication date", file, "the file states %s, given is %s", stated, src.Published).
		WithHint("leave the date out: this form states it itself")
}
