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

	"navicert/list"
	"navicert/list/ofac"
)

// Formats returns every format, in the order in which folders are tried.
func Formats() []list.Format {
	return []list.Format{
		ofac.SDN(),
		ofac.Cons(),
	}
}

// Recognise returns the formats whose files the folder holds, each of which is
// a publication of its own; none is not an error.
func Recognise(fsys fs.FS) ([]list.Format, error) {
	var found []list.Format
	for _, f := range Formats() {
		ok, err := f.Recognise(fsys)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, f)
		}
	}
	return found, nil
}
