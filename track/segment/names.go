package segment

import (
	"strings"
	"unicode"
)

// NormalName makes names or call signs comparable: capitals, nothing from '@'
// on (it fills the field's end), no blanks and no punctuation.
func NormalName(s string) string {
	s, _, _ = strings.Cut(s, "@")
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, s)
}
