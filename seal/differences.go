package seal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"navicert"
)

// Difference is one field in which two certificates differ. A field that one of
// them does not have is absent from it.
type Difference struct {
	Path   string `json:"path"` // "$.reasons[general/gap-near-zone].text"
	Before string `json:"before,omitempty"`
	Now    string `json:"now,omitempty"`
	Why    string `json:"why,omitempty"`
}

// maxDifferences is how many fields are told one by one.
const maxDifferences = 200

// Differences compares what two certificates say, without their seals, by their
// canonical bytes: none when these are the same.
func Differences(before, now navicert.Certificate) ([]Difference, error) {
	x, err := unsealed(before)
	if err != nil {
		return nil, err
	}
	y, err := unsealed(now)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(x, y) {
		return nil, nil
	}
	var b, n any
	if err := json.Unmarshal(x, &b); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "compare certificates", before.ID, "%w", err)
	}
	if err := json.Unmarshal(y, &n); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "compare certificates", now.ID, "%w", err)
	}
	var d differ
	d.compare("$", b, n)
	if d.more > 0 {
		d.found = append(d.found, Difference{Path: "$", Now: fmt.Sprintf("%d further fields differ", d.more)})
	}
	return d.found, nil
}

// unsealed is the canonical form of a certificate without its seal.
func unsealed(c navicert.Certificate) ([]byte, error) {
	b, err := Canonical(c)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(b, &fields); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "compare certificates", c.ID, "%w", err)
	}
	if _, ok := fields["seal"]; !ok {
		return b, nil
	}
	delete(fields, "seal")
	return Canonical(fields)
}

type differ struct {
	found []Difference
	more  int
}

func (d *differ) add(path string, before, now any) {
	if len(d.found) == maxDifferences {
		d.more++
		return
	}
	d.found = append(d.found, Difference{Path: path, Before: brief(before), Now: brief(now)})
}

// absent is the value of a field that is not there.
type absent struct{}

// brief is a value as it is told.
func brief(v any) string {
	if _, none := v.(absent); none {
		return ""
	}
	b, err := json.Marshal(v)
	if err != nil { // what was unmarshalled
		panic("seal: " + err.Error())
	}
	const most = 300
	if len(b) <= most {
		return string(b)
	}
	n := most
	for n > 0 && !utf8.RuneStart(b[n]) {
		n--
	}
	return string(b[:n]) + "…"
}

func (d *differ) compare(path string, before, now any) {
	switch b := before.(type) {
	case map[string]any:
		if n, ok := now.(map[string]any); ok {
			d.objects(path, b, n)
			return
		}
	case []any:
		if n, ok := now.([]any); ok {
			d.lists(path, b, n)
			return
		}
	}
	if before != now {
		d.add(path, before, now)
	}
}

func (d *differ) objects(path string, before, now map[string]any) {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(before)), maps.Keys(now))
	slices.Sort(keys)
	for _, k := range slices.Compact(keys) {
		b, inBefore := before[k]
		n, inNow := now[k]
		switch at := path + "." + k; {
		case !inBefore:
			d.add(at, absent{}, n)
		case !inNow:
			d.add(at, b, absent{})
		default:
			d.compare(at, b, n)
		}
	}
}

// lists compares elements of the same name, or of the same place where they have
// none of their own.
func (d *differ) lists(path string, before, now []any) {
	b, bOK := named(before)
	n, nOK := named(now)
	if !bOK || !nOK {
		for i := range max(len(before), len(now)) {
			switch at := fmt.Sprintf("%s[%d]", path, i); {
			case i >= len(before):
				d.add(at, absent{}, now[i])
			case i >= len(now):
				d.add(at, before[i], absent{})
			default:
				d.compare(at, before[i], now[i])
			}
		}
		return
	}
	for i, name := range b {
		at := path + "[" + name + "]"
		if j := slices.Index(n, name); j >= 0 {
			d.compare(at, before[i], now[j])
		} else {
			d.add(at, before[i], absent{})
		}
	}
	common := slices.DeleteFunc(slices.Clone(b), func(s string) bool { return !slices.Contains(n, s) })
	for j, name := range n {
		if !slices.Contains(b, name) {
			d.add(path+"["+name+"]", absent{}, now[j])
		}
	}
	if order := slices.DeleteFunc(slices.Clone(n), func(s string) bool { return !slices.Contains(b, s) }); !slices.Equal(common, order) {
		d.add(path, common, order)
	}
}

// named gives the elements of a list of objects names of their own by what
// identifies them; ok is false when it does not.
func named(list []any) (names []string, ok bool) {
	for _, v := range list {
		o, isObject := v.(map[string]any)
		if !isObject {
			return nil, false
		}
		var parts []string
		for _, k := range []string{"id", "rule", "matter", "kind", "source", "pack", "ref", "why"} {
			if s, ok := o[k].(string); ok {
				if k == "matter" {
					s, _, _ = strings.Cut(s, "-") // what it is about, not what that rests on
				}
				parts = append(parts, s)
				if k == "id" {
					break
				}
			}
		}
		name := strings.Join(parts, " ")
		if name == "" || slices.Contains(names, name) {
			return nil, false
		}
		names = append(names, name)
	}
	return names, true
}
