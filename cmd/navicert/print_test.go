package main

import (
	"bytes"
	"strings"
	"testing"
)

// A table that is flushed in parts has one header, and columns below each other;
// one that begins anew has its own.
func TestTableInParts(t *testing.T) {
	var out bytes.Buffer
	g := &globals{stdout: &out, Format: "table"}
	p := newPrinter(g, column[string]{"name", func(s string) string { return s }}, column[string]{"length", func(s string) string { return strings.Repeat("x", len(s)) }})
	for _, part := range [][]string{{"a rather long one"}, {"ab", "abc"}, nil, {"a"}} {
		if part == nil {
			p.begin()
		}
		for _, s := range part {
			if err := p.print(s); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.close(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		got = append(got, strings.TrimRight(line, " \n"))
	}
	rule := 0
	for i, line := range got {
		if strings.HasPrefix(line, "─") {
			got[i] = "─"
			rule++
		}
	}
	want := "name               length\n─\na rather long one  xxxxxxxxxxxxxxxxx\nab                 xx\nabc                xxx\nname  length\n─\na     x"
	if strings.Join(got, "\n") != want {
		t.Errorf("it prints\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}
