package main

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestHelpHasExamples: every command, and every group of commands, shows in its
// help how it is called, and what is shown there can be parsed.
func TestHelpHasExamples(t *testing.T) {
	model := parser(t).Model
	seen := 0
	err := kong.Visit(model, func(v kong.Visitable, next kong.Next) error {
		n, ok := v.(*kong.Node)
		if !ok || n.Type != kong.CommandNode || n.Name == "version" {
			return next(nil)
		}
		seen++
		call := strings.TrimSuffix("navicert "+n.Path(), " ")
		examples := 0
		for line := range strings.Lines(strings.ReplaceAll(n.Detail, "\\\n", "")) {
			line = strings.TrimSpace(line)
			if at := strings.Index(line, "| "+call); at >= 0 {
				line = line[at+2:]
			}
			if line != call && !strings.HasPrefix(line, call+" ") {
				continue
			}
			examples++
			if strings.ContainsAny(line, "|<>$#") { // what a shell does is not looked at
				continue
			}
			if _, err := parser(t).Parse(shellWords(strings.TrimPrefix(line, "navicert "))); err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
		if examples == 0 {
			t.Errorf("%s --help has no example", call)
		}
		return next(nil)
	})
	if err != nil || seen < 30 {
		t.Errorf("%d commands, %v", seen, err)
	}
}

func parser(t *testing.T) *kong.Kong {
	t.Helper()
	var cli commands
	cli.globals.init(nil, nil, nil, func(string) string { return "" })
	k, err := kong.New(&cli, kong.Name("navicert"), kong.Vars{"data": "data", "version": "0"})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// shellWords cuts a line as a shell does, as far as quotation marks go.
func shellWords(line string) []string {
	var words []string
	var w strings.Builder
	quote, some := rune(0), false
	for _, r := range line + " " {
		switch {
		case quote == 0 && r == ' ':
			if some || w.Len() > 0 {
				words = append(words, w.String())
			}
			w.Reset()
			some = false
		case quote == 0 && (r == '"' || r == '\''):
			quote, some = r, true
		case r == quote:
			quote = 0
		default:
			w.WriteRune(r)
		}
	}
	return words
}
