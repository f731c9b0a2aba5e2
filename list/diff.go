package list

import (
	"encoding/json"
	"reflect"
	"strings"
)

// Difference is what changed from one publication to another.
type Difference struct {
	Added   []Entry  `json:"added"`   // in the order of the newer
	Removed []Entry  `json:"removed"` // in the order of the older
	Changed []Change `json:"changed"` // in the order of the newer
}

// Change is one entry that both publications hold, with other content.
type Change struct {
	ID     string        `json:"entry"`
	Name   string        `json:"name"` // in the newer
	Kind   Kind          `json:"kind"`
	Fields []FieldChange `json:"fields"`
}

// FieldChange is one field of an entry, under its JSON name, before and after.
// An absent value is empty.
type FieldChange struct {
	Field  string          `json:"field"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}

// Diff compares two publications entry by entry, by their IDs, and field by
// field, exactly: aliases or addresses in another order are a change, as they
// are in the publication. The publisher's row is a field too, so that a change
// that no other field holds still shows.
func Diff(a, b []Entry) Difference {
	d := Difference{Added: []Entry{}, Removed: []Entry{}, Changed: []Change{}}
	before := make(map[string]*Entry, len(a))
	for i := range a {
		before[a[i].ID] = &a[i]
	}
	after := make(map[string]bool, len(b))
	for i := range b {
		e := &b[i]
		after[e.ID] = true
		old, ok := before[e.ID]
		if !ok {
			d.Added = append(d.Added, *e)
			continue
		}
		if fields := diffFields(old, e); len(fields) > 0 {
			d.Changed = append(d.Changed, Change{ID: e.ID, Name: e.Name, Kind: e.Kind, Fields: fields})
		}
	}
	for i := range a {
		if !after[a[i].ID] {
			d.Removed = append(d.Removed, a[i])
		}
	}
	return d
}

func diffFields(a, b *Entry) []FieldChange {
	var out []FieldChange
	va, vb := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for i := range va.NumField() {
		fa, fb := va.Field(i), vb.Field(i)
		if empty(fa) && empty(fb) || reflect.DeepEqual(fa.Interface(), fb.Interface()) {
			continue
		}
		name, _, _ := strings.Cut(va.Type().Field(i).Tag.Get("json"), ",")
		out = append(out, FieldChange{name, fieldJSON(fa), fieldJSON(fb)})
	}
	return out
}

// empty treats a nil slice as one without elements: which of the two it is
// depends on the store that the entry went through.
func empty(v reflect.Value) bool {
	if v.Kind() == reflect.Slice {
		return v.Len() == 0
	}
	return v.IsZero()
}

func fieldJSON(v reflect.Value) json.RawMessage {
	if empty(v) {
		return nil
	}
	b, err := json.Marshal(v.Interface())
	if err != nil { // an entry's fields are text, numbers and lists of them
		panic("list: " + err.Error())
	}
	return b
}
