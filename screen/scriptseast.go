package screen

import (
	"strings"
	"unicode"
)

// Hangul syllables are made of a first consonant, a vowel and perhaps a last
// consonant, in this order in Unicode.
var (
	hangulFirst = strings.Fields("g|k|c|gh kk|gg|k n|r| d|t dd|tt|t r|l|n|| m b|p|v|f bb|pp|b|p s|sh|c ss|s || j|ch|c|z|dj|g|d jj|tch|ch|j ch|tch|t|c k|kh|c|q t|th p|f|ph h|hw|kh|f")
	hangulVowel = strings.Fields("a|ah|ar ae|ai|e|a ya|yah yae|yeh eo|o|u e|eh|ey yeo|yo|you|yu|yuh|yoo|yeu ye|e|yeh o|oh wa|ua wae|wai oe|oi|we|oo|wo yo u|oo|woo|w|ou wo|weo|won we wi|ui|wee yu|you|yoo|u eu|u|oo|| ui|eui|i|ee|yi i|ee|y|yi|ii")
	hangulLast  = strings.Fields("- k|g|c k|g k|g n|hn n n t|d|s l|r|ll k m|lm l|p l l p l m p|b p|b t|s|ss|th t|s|ss ng|n|ung t|ch t|ch k t p|f |h|t")
)

// hangulFamily holds family names whose spelling is a habit of its own.
var hangulFamily = letters(`
이,리 lee|yi|ri|rhee|i|li|rhie|yee|ree
박 park|pak|bak|pac|bahk|pahk
김 kim|gim
최 choi|choe|che|choy|chwe
정 jung|chung|jeong|jong|chong|cheong|joung
임,림 lim|rim|im|yim|leem|rhim
유,류 yoo|yu|ryu|you|ryoo|liu|lyu|yuh
노,로 roh|noh|ro|no|rho
오 oh|o
우 woo|u|wu
조 cho|jo|joe
강 kang|gang
백 paek|baek|paik|baik|back
양,량 yang|ryang
신 shin|sin
권 kwon|gwon|kweon
문 moon|mun
허 heo|huh|hur|ho|hor
여,려 yeo|ryo|yuh|ryeo
연,련 yeon|ryon
한 han|hahn
장 jang|chang
전 jeon|chon|jun|jon|chun
고 ko|go|koh
황 hwang
구 koo|ku|gu
나,라 na|ra|rah|nah
`)

// foreignInHangul reports whether a text in Hangul is one that Koreans write by
// sound: a word of it is longer than a Korean's name.
func foreignInHangul(rs []rune) bool {
	run := 0
	for _, r := range rs {
		if run++; !unicode.Is(unicode.Hangul, r) {
			run = 0
		}
		if run > 4 {
			return true
		}
	}
	return false
}

// hangulWords reads a run of Hangul: a Korean's name syllable by syllable, the
// first of which is the family's, a foreign one as one word.
func hangulWords(rs []rune, foreign bool) []spelled {
	const (
		base, end = 0xAC00, 0xD7A3
		vowels    = 21
		lasts     = 28
	)
	var words []spelled
	var tokens [][]string
	text := ""
	flush := func() {
		if len(tokens) > 0 {
			words = append(words, spelled{text, newSpelling(tokens, false, true)})
		}
		tokens, text = nil, ""
	}
	for i, r := range rs {
		if r < base || r > end {
			continue
		}
		n := int(r - base)
		family, isFamily := hangulFamily[string(r)]
		switch {
		case isFamily && i == 0 && !foreign && len(rs) > 1:
			tokens = append(tokens, strings.Split(family, "|"))
		default:
			tokens = append(tokens, strings.Split(hangulFirst[n/(vowels*lasts)], "|"), strings.Split(hangulVowel[n/lasts%vowels], "|"))
			if last := n % lasts; last > 0 {
				tokens = append(tokens, strings.Split(hangulLast[last], "|"))
			}
		}
		text += plainWord(string(r))
		if !foreign {
			flush()
		}
	}
	flush()
	return words
}

// kanaWords reads a run of Hiragana or Katakana. Katakana write foreign names:
// "r" may be "l", vowels between consonants may not have been there.
func kanaWords(rs []rune) []spelled {
	var tokens [][]string
	text := ""
	for _, r := range rs {
		if r == 'ー' || r == '・' {
			if len(tokens) > 0 {
				tokens = append(tokens, []string{"", "a", "i", "u", "e", "o", "h", "r"})
			}
			continue
		}
		if r >= 'ァ' && r <= 'ヶ' {
			r -= 'ァ' - 'ぁ'
		}
		switch r {
		case 'ゃ', 'ゅ', 'ょ', 'ぁ', 'ぃ', 'ぅ', 'ぇ', 'ぉ':
			small := strings.TrimPrefix(plainWord(string(r)), "x")
			if len(tokens) == 0 {
				tokens = append(tokens, []string{small})
				break
			}
			last := tokens[len(tokens)-1]
			var with []string
			for _, a := range last {
				stem := strings.TrimRight(a, "aiueo")
				with = append(with, stem+small, stem+small[len(small)-1:])
			}
			tokens[len(tokens)-1] = with
		case 'っ':
			tokens = append(tokens, []string{"", "k", "t", "p", "s", "c"})
		default:
			w := plainWord(string(r))
			if w == "" {
				continue
			}
			tokens = append(tokens, kanaWays(w))
		}
		text += strings.TrimPrefix(plainWord(string(r)), "x")
	}
	if len(tokens) == 0 {
		return nil
	}
	return []spelled{{text, newSpelling(tokens, false, false)}}
}

// kanaWays returns the ways to write a syllable, from its Hepburn reading.
func kanaWays(w string) []string {
	switch w {
	case "n":
		return []string{"n", "m", "ng"}
	case "u":
		return []string{"u", "w", "v", "", "oo"}
	case "o":
		return []string{"o", "oh", "ou", "", "wo"}
	case "i":
		return []string{"i", "y", "e", ""}
	}
	vowel := w[len(w)-1:]
	stem := w[:len(w)-1]
	stems := map[string][]string{
		"r": {"r", "l"}, "b": {"b", "v"}, "j": {"j", "d", "z", "g", "zh", "di"}, "z": {"z", "s"}, "d": {"d", "z"}, "ch": {"ch", "t", "c"},
		"sh": {"sh", "s", "ch"}, "s": {"s", "th", "c"}, "ts": {"ts", "t", "z"}, "f": {"f", "h", "ph"}, "h": {"h", "f", "kh"},
		"k": {"k", "c", "q"}, "t": {"t", "th"}, "p": {"p"}, "g": {"g"}, "v": {"v", "b"}, "zy": {"j", "z"}, "ty": {"ch", "t"}, "sy": {"sh", "s"},
	}[stem]
	if stems == nil {
		stems = []string{stem}
	}
	var ways []string
	for _, s := range stems {
		ways = append(ways, s+vowel)
		switch vowel {
		case "u", "o", "i":
			ways = append(ways, s)
		case "a":
			ways = append(ways, s+"er", s+"ar")
		}
		if vowel == "i" || vowel == "e" {
			ways = append(ways, s+"y", s+"i", s+"e")
		}
		if vowel == "o" {
			ways = append(ways, s+"oh", s+"ou")
		}
	}
	return ways
}

// hanReadings holds how characters are read in Korean and Japanese names; how
// they are in Chinese comes from a library. They are those of the commonest
// family and given names, and of the words in organisations' and ships' names.
var hanReadings = letters(`
金 kim|gim|kane|kana|kin
李 lee|ri|yi|i|li
朴 park|pak|bak
崔 choi|choe|che
鄭,郑 jung|jong|chong|jeong|cheng
姜 kang|gang
趙,赵 cho|jo|chao
尹 yun|yoon
張,张 jang|chang
林 lim|rim|im|hayashi|bayashi
韓,韩 han
申 sin|shin
吳,吴 o|oh|wu|ng
徐 so|seo|suh|hsu
黃,黄 hwang|huang|wong
宋 song|sung
柳 ryu|yu|yoo|yanagi
洪 hong|hung
全 jon|jeon|chon
高 ko|go|koh|taka|kao
文 mun|moon|bun|fumi
白 paek|baek|paik|shira|pai
許,许 ho|heo|huh|hsu
盧,卢 ro|no|roh|noh|lu
正 jong|jung|jeong|chong|masa|sho|cheng
恩 un|eun|on
日 il|ni|nichi|hi
成 song|sung|seong|nari|cheng
哲 chol|chul|cheol|tetsu|che
永 yong|young|yeong|naga|ei
男 nam|o
英 yong|young|hide|ei
浩 ho|hiro|hao
民 min|tami
敏 min|toshi
秀 su|soo|hide
勇 yong|isamu|yu
南 nam|minami
東 tong|dong|higashi|to|azuma|tung
海 hae|hai|kai|umi|mi
明 myong|myung|myeong|aki|mei|ming
光 kwang|gwang|mitsu|ko|kuang
國,国 kuk|guk|kook|kuni|koku|kuo
星 song|sung|seong|hoshi|sei|hsing
山 san|yama|shan
口 kuchi|guchi|ko
田 ta|da|den|tien
中 chung|jung|naka|chu
川 kawa|gawa|chon
本 moto|hon|pon
村 mura|chon
木 ki|gi|moku
小 o|ko|so
大 tae|dae|o|dai|ta
橋,桥 hashi|bashi
佐 sa
藤 to|do|fuji
伊 i
井 i
上 ue|kami|jo|sang
下 shita|shimo|ha
渡 wata|watana
辺,邊,辺 be|nabe
斎,斉,齋 sai
加 ka|ga
吉 yoshi|kichi|kil|gil
原 hara|wara|bara|won
石 ishi|sok|shi|seok
岡 oka
長,长 naga|cho|jang|chang
谷 ya|tani|gai|kok
野 no|ya
松 matsu|song|sung
竹 take
清 kiyo|shi|sei|chong|ching
水 mizu|su|sui
太 ta|tae|tai|dai
郎 ro|rou|nang
一 ichi|kazu|il|i
三 mi|san|zo|sam
組 gumi|kumi
会,會 kai|hoe
真 shin|ma|jin|chen
理 ri|li
教 kyo|gyo
花 hana|ka|hwa
子 ko|ja|tzu
健 ken|gon|kon
建 ken|gon|kon|take
次 ji|tsugu
雄 o|ung|yu
夫 o|bu
美 mi|mei
彦 hiko
京 kyo|kyong|gyeong|ching
丸 maru
島,岛 shima|jima|to|do
沢,澤 sawa|zawa|taek
浜,濱 hama
森 mori|sam
池 ike|ji|chi
安 yasu|an|ahn
住 sumi
稲 ina
神 kami|jin|kan|shin
戸 to|be
福 fuku|bok
宮 miya|gung
崎 saki|zaki
千 chi|sen|chon
秋 aki|chu
春 haru|chun
和 kazu|wa|hwa
平 hira|pyong|hei|ping
新 shin|nii|ara|sin|hsin
近 chin|kon
介 suke
助 suke
弘 hiro|hong
博 hiro|bak|po
志 shi|ji
智 tomo|ji|chi
俊 jun|toshi|chun
義,义 yoshi|ui
信 nobu|sin|shin
篠 shino
鈴 suzu|ryong
市 ichi|shi|si
治 ji|haru|chi
`)

// hanWords reads each character as a word of its own: names join them in many
// ways, and two neighbours joined are compared too.
func hanWords(rs []rune) []spelled {
	var words []spelled
	for _, r := range rs {
		w := plainWord(string(r))
		if w == "" {
			continue
		}
		ways := append([]string{w}, wadeGiles(w)...)
		if more, ok := hanReadings[string(r)]; ok {
			ways = append(ways, strings.Split(more, "|")...)
		}
		words = append(words, spelled{w, newSpelling([][]string{ways}, false, true)})
	}
	return words
}

// wadeGiles returns how a syllable of Pinyin is written in Wade-Giles, without
// its signs, or nil when it is the same.
func wadeGiles(pinyin string) []string {
	w := pinyin
	for _, p := range [][2]string{
		{"zhi", "chih"}, {"chi", "chih"}, {"shi", "shih"}, {"ri", "jih"}, {"zi", "tzu"}, {"ci", "tzu"}, {"si", "ssu"},
	} {
		if w == p[0] {
			return []string{p[1]}
		}
	}
	for _, p := range [][2]string{
		{"zh", "ch"},
		{"ch", "ch"},
		{"sh", "sh"},
		{"b", "p"},
		{"d", "t"},
		{"g", "k"},
		{"j", "ch"},
		{"q", "ch"},
		{"x", "hs"},
		{"z", "ts"},
		{"c", "ts"},
		{"r", "j"},
	} {
		if strings.HasPrefix(w, p[0]) {
			w = p[1] + w[len(p[0]):]
			break
		}
	}
	switch {
	case strings.HasSuffix(w, "ong"):
		w = strings.TrimSuffix(w, "ong") + "ung"
	case strings.HasSuffix(w, "ian"):
		w = strings.TrimSuffix(w, "ian") + "ien"
	case strings.HasSuffix(w, "ie"):
		w += "h"
	case strings.HasSuffix(w, "uo") && !strings.HasSuffix(w, "kuo"):
		w = strings.TrimSuffix(w, "uo") + "o"
	}
	if w == pinyin {
		return nil
	}
	return []string{w}
}
