package screen

import (
	"slices"
	"strconv"
	"strings"
)

// The tables of this file are the words, in the lists of 2019 to 2025, that
// stand in many names and tell little about which one it is. They are written
// as they come out of split.

func isHonorific(w string) bool {
	switch w {
	case "mr", "mrs", "ms", "dr", "prof", "capt", "sir":
		return true
	}
	return false
}

func isParticle(w string) bool {
	switch w {
	case "al", "el", "ul", "ud", "bin", "ibn", "ben", "bint", "abu", "ould", "uld", "wa",
		"de", "da", "do", "du", "del", "dos", "la", "las", "los", "van", "von", "der", "den", "di", "of", "the", "and", "y", "e":
		return true
	}
	return false
}

func isGeneric(w string) bool {
	switch w {
	case "shipping", "ship", "ships", "shipmanagement", "marine", "maritime", "navigation", "tankers", "tanker", "lines", "line",
		"transport", "transportation", "logistics", "management", "services", "service", "trading", "trade", "international",
		"group", "holding", "holdings", "company", "general", "industrial", "industries", "industry", "investment", "investments",
		"development", "import", "export", "enterprise", "enterprises", "oil", "petroleum", "energy", "gas", "technology",
		"technologies", "technical", "research", "institute", "center", "centre", "state", "national", "bank", "limited",
		"production", "products", "engineering", "construction", "equipment", "factory", "plant", "foundation", "organization",
		"organisation", "establishment", "commercial", "global", "scientific":
		return true
	}
	return false
}

// isShipPrefix reports whether a word or two at the front of a ship's name say
// what ship it is and not which.
func isShipPrefix(w string) bool {
	switch w {
	case "mv", "mt", "ms", "ss", "mts", "fv", "mfv", "my", "sy", "rv", "ts", "mtv", "mtug", "vlcc", "ulcc",
		"vessel", "ship", "tanker",
		"motor vessel", "motor tanker", "motor ship", "motor yacht", "steam ship", "fishing vessel", "merchant vessel",
		"lpg c", "lng c", "oil tanker", "crude tanker", "bulk carrier":
		return true
	}
	return false
}

// legalForms maps the words of a legal form to its family. Families are coarse:
// translations of a name seldom keep more than whether it is a limited company,
// a stock company or a partnership. Longer ones come before their parts.
var legalForms = func() []legalForm {
	var forms []legalForm
	for family, names := range map[string]string{
		"limited": "limited liability company;private limited company;private limited;pvt ltd;pte ltd;pty ltd;company limited;co limited;co ltd;" +
			"limited;ltd;llc;ooo;tov;gmbh;bvba;bv;srl;sarl;ltda;lda;sdn bhd;sro;doo;spzoo;sp z oo;kft;fze;fzco;fzc;fz llc;dmcc;" +
			"limited sirketi;ltd sti;s de rl de cv;s de rl;sl;eurl;opc private limited",
		"stock": "public joint stock company;open joint stock company;closed joint stock company;joint stock company;joint stock co;" +
			"stock company;pjsc;ojsc;cjsc;jsc;oao;zao;pao;ao;ag;aktiengesellschaft;sa de cv;sa;spa;plc;nv;inc;incorporated;corp;corporation;" +
			"anonim sirketi;as;asa;oyj;oy;ab;sab de cv;public company;pjs",
		"partnership": "llp;lp;kg;ohg;gmbh co kg;partnership",
		"company":     "company;co;cie",
	} {
		for _, n := range strings.Split(names, ";") {
			forms = append(forms, legalForm{strings.Fields(n), family})
		}
	}
	slices.SortFunc(forms, func(a, b legalForm) int {
		if d := len(b.words) - len(a.words); d != 0 {
			return d
		}
		return strings.Compare(strings.Join(a.words, " "), strings.Join(b.words, " "))
	})
	return forms
}()

type legalForm struct {
	words  []string
	family string
}

// is reports whether the words are the form, with a slip allowed in each of
// five letters or more ("limtied liability company").
func (f legalForm) is(words []string) bool {
	for i, w := range f.words {
		if w != words[i] && (len(w) < 5 || alike(w, words[i]) < minFormAlike) {
			return false
		}
	}
	return true
}

// minFormAlike takes one edit in a word of five letters.
const minFormAlike = 0.8

// cutLegalForm takes legal forms off both ends of an organisation's name as
// long as other words are left, and returns the weightiest family found: a
// "co., ltd." is limited.
func cutLegalForm(words []string) (rest []string, family string) {
	for cut := true; cut; {
		cut = false
		for _, f := range legalForms {
			n := len(f.words)
			if n >= len(words) {
				continue
			}
			switch {
			case f.is(words[len(words)-n:]):
				words = words[:len(words)-n]
			case f.is(words[:n]):
				words = words[n:]
			default:
				continue
			}
			if family == "" || family == "company" {
				family = f.family
			}
			cut = true
			break
		}
	}
	return words, family
}

// roman returns the Arabic digits of a Roman numeral up to XXXIX in small
// letters, or "" when it is none.
func roman(w string) string {
	n := 0
	rest := strings.TrimLeft(w, "x")
	if tens := len(w) - len(rest); tens > 3 {
		return ""
	} else {
		n = 10 * tens
	}
	units := slices.Index([]string{"", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"}, rest)
	if units < 0 {
		return ""
	}
	if n += units; n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// numberWord returns the digits of "one" to "ten", or "".
func numberWord(w string) string {
	if i := slices.Index([]string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}, w); i >= 0 {
		return strconv.Itoa(i + 1)
	}
	return ""
}
