package rule

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"navicert"
)

var update = flag.Bool("update", false, "write the vocabulary table of docs/rules.md")

const docs = "../docs/rules.md"

// TestDocumentedVocabulary holds the table of facts in docs/rules.md to the
// struct tags and comments in facts.go.
func TestDocumentedVocabulary(t *testing.T) {
	text := readDocs(t)
	const begin, end = "<!-- facts:begin -->\n", "<!-- facts:end -->"
	before, rest, ok1 := strings.Cut(text, begin)
	got, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("docs/rules.md has no place for the facts")
	}
	want := vocabularyTable(t)
	if *update {
		if err := os.WriteFile(docs, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("docs/rules.md is not what facts.go says: go test ./rule -run Vocabulary -update")
	}
}

// vocabularyTable makes the table from facts.go.
func vocabularyTable(t *testing.T) string {
	comments := fieldComments(t)
	var b strings.Builder
	b.WriteString("| fact | type | |\n|---|---|---|\n| `now` | timestamp | the world's time asked about |\n")
	facts := reflect.TypeFor[Facts]()
	for i := range facts.NumField() {
		f := facts.Field(i)
		name, typ := jsonName(f), f.Type
		if typ == reflect.TypeFor[time.Time]() {
			continue
		}
		if typ.Kind() == reflect.Slice {
			typ = typ.Elem()
			element := strings.TrimSuffix(strings.Replace(name, "ies", "y", 1), "s")
			fmt.Fprintf(&b, "| **`%s`** | list | one of them is `%s`: |\n", name, element)
			name = element
		}
		for j := range typ.NumField() {
			f := typ.Field(j)
			if f.Type == reflect.TypeFor[[]navicert.Evidence]() {
				continue
			}
			cel := f.Tag.Get("cel")
			if cel != jsonName(f) {
				t.Errorf("%s.%s is %s for CEL and %s for JSON", typ.Name(), f.Name, cel, jsonName(f))
			}
			comment := comments[typ.Name()+"."+f.Name]
			if comment == "" {
				t.Errorf("%s.%s has no comment", typ.Name(), f.Name)
			}
			fmt.Fprintf(&b, "| `%s.%s` | %s | %s |\n", name, cel, celName(t, f.Type), comment)
		}
	}
	return b.String()
}

func celName(t *testing.T, typ reflect.Type) string {
	switch typ {
	case reflect.TypeFor[time.Time]():
		return "timestamp"
	case reflect.TypeFor[[]string]():
		return "list(string)"
	}
	switch typ.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Float64:
		return "double"
	case reflect.Int:
		return "int"
	}
	t.Fatalf("no CEL name for %s", typ)
	return ""
}

// fieldComments returns the comments behind the fields of facts.go.
func fieldComments(t *testing.T) map[string]string {
	file, err := parser.ParseFile(token.NewFileSet(), "facts.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if s, ok := spec.Type.(*ast.StructType); ok {
			for _, f := range s.Fields.List {
				for _, name := range f.Names {
					out[spec.Name.Name+"."+name.Name] = strings.TrimSpace(f.Comment.Text())
				}
			}
		}
		return true
	})
	return out
}

// TestDocumentedExample loads and tests the pack that docs/rules.md shows.
func TestDocumentedExample(t *testing.T) {
	_, rest, ok1 := strings.Cut(readDocs(t), "<!-- example:begin -->\n```yaml\n")
	example, _, ok2 := strings.Cut(rest, "```\n<!-- example:end -->")
	if !ok1 || !ok2 {
		t.Fatal("docs/rules.md has no example")
	}
	p, err := Load(strings.NewReader(example), "docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Test() {
		if !r.OK {
			t.Errorf("%s, case %q: %s (%s)", r.Rule, r.Case, r.Why, r.Text)
		}
	}
	// The licence of the example lifts its rule, and the embedded pack's too.
	v, err := Embedded("venezuela")
	if err != nil {
		t.Fatal(err)
	}
	s := newSet(t, p, v)
	l, ok := s.Licence("EX-2025-001")
	if !ok {
		t.Fatal("the example's licence is not held")
	}
	f := &Facts{
		Now: day, Vessel: Vessel{IMO: "3500001"}, Parties: []Party{{Name: "Petrolera Inventada, Inc."}},
		Voyage: Voyage{From: "VEJOT", FromCountry: "VE", ToCountry: "US", Countries: []string{"VE", "US"}, Arrival: day.AddDate(0, 0, 9)}, Cargo: Cargo{Kind: "crude_oil"},
	}
	f.Licences = []Licence{l.Fact(true, day, f.Parties)}
	if got := verdict(t, s, f); got != navicert.Clear {
		t.Errorf("%s, want clear", got)
	}
	f.Licences = []Licence{l.Fact(true, day.AddDate(0, 2, 0), f.Parties)}
	if got := verdict(t, s, f); got != navicert.Refuse {
		t.Errorf("after its end: %s, want refuse", got)
	}
}

func readDocs(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
