package rule

import (
	"encoding"
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"navicert"
)

// decode writes a YAML node into v, strictly, by the fields' JSON names. It is
// our own because the YAML library turns a date that does not exist into an
// unknown one, 3.5 into 3 and the MMSI 002241 into 1185, all in silence. Here
// a string is what is written, and everything else is an error with its line.
func (d *document) decode(n ast.Node, v reflect.Value) error {
	if _, null := n.(*ast.NullNode); null || n == nil {
		return nil
	}
	if v.CanAddr() {
		switch t := v.Addr().Interface().(type) {
		case *time.Time:
			return d.decodeTime(n, t)
		case encoding.TextUnmarshaler:
			return d.decodeText(n, t)
		case json.Unmarshaler:
			return d.decodeJSON(n, t)
		}
	}
	switch v.Kind() {
	case reflect.Struct:
		return d.decodeStruct(n, v)
	case reflect.Slice:
		return d.decodeSlice(n, v)
	case reflect.Map:
		return d.decodeMap(n, v)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return d.decode(n, v.Elem())
	}
	return d.decodeScalar(n, v)
}

func (d *document) decodeStruct(n ast.Node, v reflect.Value) error {
	return d.each(n, func(key string, at ast.Node, value ast.Node) error {
		f, ok := field(v, key)
		if !ok {
			return d.errorAt(at, "unknown key %q", key).WithHint("known: " + strings.Join(keys(v.Type()), ", "))
		}
		return d.decode(value, f)
	})
}

func (d *document) decodeMap(n ast.Node, v reflect.Value) error {
	v.Set(reflect.MakeMap(v.Type()))
	return d.each(n, func(key string, _ ast.Node, value ast.Node) error {
		e := reflect.New(v.Type().Elem()).Elem()
		if err := d.decode(value, e); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(key), e)
		return nil
	})
}

// each calls f for every key of a mapping.
func (d *document) each(n ast.Node, f func(key string, at, value ast.Node) error) error {
	m, ok := n.(ast.MapNode)
	if !ok {
		return d.errorAt(n, "want keys and values, not %s", describe(n))
	}
	seen := map[string]bool{}
	for it := m.MapRange(); it.Next(); {
		key := it.Key().GetToken().Value
		if seen[key] {
			return d.errorAt(it.Key(), "key %q is given twice", key)
		}
		seen[key] = true
		if err := f(key, it.Key(), it.KeyValue().Value); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) decodeSlice(n ast.Node, v reflect.Value) error {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		return d.errorAt(n, "want a list, not %s", describe(n))
	}
	out := reflect.MakeSlice(v.Type(), len(s.Values), len(s.Values))
	for i, e := range s.Values {
		if _, null := e.(*ast.NullNode); null || e == nil {
			return d.errorAt(n, "item %d of the list is empty", i+1)
		}
		if err := d.decode(e, out.Index(i)); err != nil {
			return err
		}
	}
	v.Set(out)
	return nil
}

func (d *document) decodeScalar(n ast.Node, v reflect.Value) error {
	s, ok := scalarText(n)
	if !ok {
		return d.errorAt(n, "want one value, not %s", describe(n))
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
		return nil
	case reflect.Bool:
		if b, ok := n.(*ast.BoolNode); ok {
			v.SetBool(b.Value)
			return nil
		}
		return d.errorAt(n, "want true or false, not %q", s)
	case reflect.Int:
		i, err := strconv.ParseInt(s, 10, 64)
		if _, number := n.(*ast.IntegerNode); !number || err != nil {
			return d.errorAt(n, "want a whole number, not %q", s)
		}
		v.SetInt(i)
		return nil
	case reflect.Float64:
		f, err := strconv.ParseFloat(s, 64)
		switch n.(type) {
		case *ast.IntegerNode, *ast.FloatNode:
			if err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
				v.SetFloat(f)
				return nil
			}
		}
		return d.errorAt(n, "want a number, not %q", s)
	}
	return d.errorAt(n, "nothing can be read into a %s", v.Type())
}

func (d *document) decodeTime(n ast.Node, t *time.Time) error {
	s, ok := scalarText(n)
	if !ok {
		return d.errorAt(n, "want a time, not %s", describe(n))
	}
	i, err := navicert.ParseInstant(s)
	if err != nil {
		return d.errorAt(n, "%w", err)
	}
	*t = i.Time
	return nil
}

func (d *document) decodeText(n ast.Node, t encoding.TextUnmarshaler) error {
	s, ok := scalarText(n)
	if !ok {
		return d.errorAt(n, "want one value, not %s", describe(n))
	}
	if err := t.UnmarshalText([]byte(s)); err != nil {
		return d.errorAt(n, "%w", err)
	}
	return nil
}

// decodeJSON reads a type that knows only its JSON form.
func (d *document) decodeJSON(n ast.Node, t json.Unmarshaler) error {
	v, err := d.plain(n)
	if err != nil {
		return err
	}
	b, err := json.Marshal(v)
	if err == nil {
		err = t.UnmarshalJSON(b)
	}
	if err != nil {
		return d.errorAt(n, "%w", err)
	}
	return nil
}

// plain makes maps, slices and scalars of a node.
func (d *document) plain(n ast.Node) (any, error) {
	switch n := n.(type) {
	case *ast.SequenceNode:
		out := make([]any, len(n.Values))
		for i, e := range n.Values {
			v, err := d.plain(e)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	case ast.MapNode:
		out := map[string]any{}
		err := d.each(n.(ast.Node), func(key string, _, value ast.Node) error {
			v, err := d.plain(value)
			out[key] = v
			return err
		})
		return out, err
	case *ast.BoolNode:
		return n.Value, nil
	case *ast.IntegerNode, *ast.FloatNode:
		var f float64
		err := d.decodeScalar(n, reflect.ValueOf(&f).Elem())
		return f, err
	}
	s, _ := scalarText(n)
	return s, nil
}

// scalarText returns the text of a scalar: of a quoted or block string its
// value, of anything else exactly what is written.
func scalarText(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	case *ast.NullNode:
		return "", true
	}
	return "", false
}

func describe(n ast.Node) string {
	switch n.(type) {
	case *ast.SequenceNode:
		return "a list"
	case ast.MapNode:
		return "keys and values"
	}
	return "a single value"
}

// field returns the struct field with a JSON name.
func field(v reflect.Value, name string) (reflect.Value, bool) {
	t := v.Type()
	for i := range t.NumField() {
		if jsonName(t.Field(i)) == name {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func keys(t reflect.Type) []string {
	var ks []string
	for i := range t.NumField() {
		if k := jsonName(t.Field(i)); k != "" {
			ks = append(ks, k)
		}
	}
	return ks
}

// jsonName returns the JSON name of a field, or "" when it has none.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "-" || !f.IsExported() {
		return ""
	}
	return name
}
