package screen

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
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

// isTitle reports whether a word says what somebody is called for an office, a
// pilgrimage or a rank. Lists give it as part of the name or leave it out.
func isTitle(w string) bool {
	switch w {
	case "shaikh", "sheikh", "shaykh", "sheik", "haji", "hajji", "hajj", "haj", "hadji", "alhaj", "mullah", "mulla", "molla", "mawlawi", "maulavi", "maulvi", "mawlana",
		"maulana", "sayyid", "sayed", "sayyed", "seyed", "seyyed", "syed", "ayatollah", "qari", "hafiz", "imam", "general", "gen", "colonel", "col", "major",
		"president", "minister", "prince", "princess", "king", "lord", "lady", "madam", "professor", "doctor", "engineer", "eng", "ing", "jr", "sr",
		"prasident", "presidente", "presidentele", "presiden", "predsjednik", "prezident", "elnok", "llc":
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

// particles writes the article and the words for son one way, and "Abdul" with
// what follows apart: Abdelrahman, Abd al-Rahman, Abdur Rahman.
func particles(words []string) []string {
	var out []string
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w == "abd" && i+2 < len(words) && isArticle(words[i+1]):
			w = "abdul"
			i++
		case (w == "el" || w == "ul") && len(words) > 1:
			w = "al"
		case (w == "ben" || w == "ibn" || w == "ibni") && i > 0:
			w = "bin"
		case len(w) > 7 && servant(w) > 0:
			out = append(out, w[:servant(w)])
			w = w[servant(w):]
		}
		out = append(out, w)
	}
	return out
}

func isArticle(w string) bool {
	switch w {
	case "al", "el", "ul", "ur", "ud", "us", "ar", "er", "as", "ash", "az", "an", "il":
		return true
	}
	return false
}

// isServant reports whether a word is "Abdul" by itself: half a name.
func isServant(w string) bool { return len(w) == 5 && servant(w+"xx") == len(w) }

// servant returns the length of "Abdul" in one of its spellings at the front of
// a longer word, or 0. The article is assimilated: Abdurrahman, Abdussalam.
func servant(w string) int {
	if len(w) < 7 || w[:3] != "abd" || strings.IndexByte("aeuo", w[3]) < 0 || strings.IndexByte("lrsnzdt", w[4]) < 0 {
		return 0
	}
	if rest := w[5:]; w[4] == 'l' && (rest == "la" || rest == "lah" || rest == "lahi" || rest == "loh") {
		return 0 // Abdullah is one word
	}
	return 5
}

// abbreviate writes the names of states that organisations carry, and some
// spellings of British and American English, one way.
func abbreviate(words []string) []string {
	var out []string
	for i := 0; i < len(words); i++ {
		w := words[i]
		two := ""
		if i+1 < len(words) {
			two = w + " " + words[i+1]
		}
		switch {
		case two == "united states":
			w = "us"
			i++
		case two == "united kingdom":
			w = "uk"
			i++
		case w == "usa":
			w = "us"
		case w == "labour":
			w = "labor"
		case w == "centre":
			w = "center"
		case w == "organisation":
			w = "organization"
		case w == "intl":
			w = "international"
		case w == "bros":
			w = "brothers"
		case w == "mfg":
			w = "manufacturing"
		}
		out = append(out, w)
	}
	return out
}

// partForm parts a legal form from a word that it is written together with:
// "SiemensAG".
func partForm(s string) string {
	rs := []rune(s)
	for i := 1; i < len(rs); i++ {
		if !unicode.IsLower(rs[i-1]) || !unicode.IsUpper(rs[i]) {
			continue
		}
		j := i
		for j < len(rs) && unicode.IsLetter(rs[j]) {
			j++
		}
		tail := strings.ToLower(string(rs[i:j]))
		if isForm(tail) {
			return string(rs[:i]) + " " + string(rs[i:])
		}
	}
	return s
}

// isShipPrefix reports whether a word or two at the front of a ship's name say
// what ship it is and not which.
func isShipPrefix(w string) bool {
	switch w {
	case "t kh", "teplokhod", "sudno", "mv", "mt", "ms", "ss", "mts", "fv", "mfv", "my", "sy", "rv", "ts", "mtv", "mtug", "vlcc", "ulcc",
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
			"limited sirketi;ltd sti;tic ltd sti;gesellschaft mit beschrankter haftung;mbh;ggmbh;societatea cu raspundere limitata;societa a responsabilita limitata;" +
			"societe a responsabilite limitee;sociedad de responsabilidad limitada;sociedade limitada;eood;ood;sia;uab;ou;oy ltd;aps;besloten vennootschap;mchj;xk;tdv;" +
			"obschestvo s ogranichennoy otvetstvennostyu;obshchestvo s ogranichennoi otvetstvennostiu;obshchestvo s ogranichennoy otvetstvennostyu;" +
			"tovarystvo z obmezhenoyu vidpovidalnistyu;wll;llc fz;jlt;sp zoo;spol s ro;s r o;d o o;hldg;holding ltd;s de rl de cv;s de rl;sl;eurl;opc private limited",
		"stock": "public joint stock company;open joint stock company;closed joint stock company;joint stock company;joint stock co;" +
			"stock company;pjsc;ojsc;cjsc;jsc;oao;zao;pao;ao;ag;aktiengesellschaft;sa de cv;sa;spa;plc;nv;inc;incorporated;corp;corporation;" +
			"aktsionernoe obschestvo;aktsionernoye obshchestvo;publichnoe aktsionernoe obshchestvo;societe anonyme;sociedad anonima;sociedade anonima;societa per azioni;" +
			"naamloze vennootschap;aksjeselskap;aktieselskab;aktiebolag;osakeyhtio;kabushiki kaisha;kk;sab;sca;se;ad;dd;ead;sas;saas;sal;psc;kgaa;tbk;bhd;berhad;perseroan terbatas;pt;" +
			"na;national association;oaoo;zat;pat;prat;vat;anonim sirketi;as;asa;oyj;oy;ab;sab de cv;public company;pjs",
		"partnership": "llp;lp;kg;ohg;gmbh co kg;partnership",
		"company":     "company;co;cie",
		public: "ano;autonomous noncommercial organization;autonomous non commercial organization;autonomous nonprofit organization;avtonomnaya nekommercheskaya organizatsiya;" +
			"foundation;stiftung;fondation;fundacion;fond;waqf;association;federal state unitary enterprise;fgup;gup;state unitary enterprise;" +
			"federal state budgetary institution;fgbu;fku;ministry;state enterprise",
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

// public is the family of forms that are no company's.
const public = "public"

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

// nearForm reports whether a word is a slip from a legal form of one word of
// three letters or more.
func nearForm(w string) bool {
	for _, f := range legalForms {
		if len(f.words) != 1 {
			continue
		}
		x := f.words[0]
		if len(x) >= 3 && len(x) <= 5 && f.family != public && x != "company" && len(w) >= len(x)-1 && len(w) <= len(x)+1 && distance(w, x, 1) <= editCost {
			return true
		}
	}
	return false
}

// isForm reports whether a word is a legal form by itself.
func isForm(w string) bool {
	return slices.ContainsFunc(legalForms, func(f legalForm) bool { return len(f.words) == 1 && f.words[0] == w })
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

// numberWord returns the digits of "one" to "twelve" and of the tens, or "".
func numberWord(w string) string {
	if i := slices.Index([]string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}, w); i >= 0 {
		return strconv.Itoa(i + 1)
	}
	if isTens(w) {
		i := slices.Index(tens[:], w)
		return strconv.Itoa(20 + 10*i)
	}
	return ""
}

var tens = [...]string{"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}

func isTens(w string) bool { return slices.Contains(tens[:], w) }
