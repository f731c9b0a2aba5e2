package table

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"strings"
)

// Rows is what an entry keeps of the rows that it stands in: the first verbatim
// and, where there are more, how many and a hash of all, so that a change in any
// of them shows. Some lists give a person with eight names and nine addresses
// seventy-two rows. The zero Rows is ready.
type Rows struct {
	first string
	more  int
	hash  hash.Hash
}

// Add notes a further row.
func (r *Rows) Add(raw string) {
	if r.hash == nil {
		r.first, r.hash = raw, sha256.New()
	} else {
		r.more++
	}
	fmt.Fprintf(r.hash, "%s\n", raw)
}

// String is what the entry keeps.
func (r *Rows) String() string {
	if r.more == 0 {
		return r.first
	}
	return fmt.Sprintf("%s%s%d more rows, sha256 of all %x", r.first, rowsMark, r.more, r.hash.Sum(nil))
}

const rowsMark = "\n+ "

// FirstRow is the verbatim part of what String returned.
func FirstRow(row string) string {
	if i := strings.LastIndex(row, rowsMark); i >= 0 {
		return row[:i]
	}
	return row
}
