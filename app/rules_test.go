package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"navicert"
	"navicert/rule"
)

func TestLoadRules(t *testing.T) {
	if testing.Short() {
		t.Skip("much real data on one goroutine: make check has run it")
	}
	own := filepath.Join(t.TempDir(), "own.yaml")
	text := "pack: own\nversion: v1\ntitle: t\nlicences:\n  - {id: L, kind: specific, authority: A, title: T, from: 2025-01-01, source: S, text: X}\n"
	if err := os.WriteFile(own, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rules []string
		want  string
	}{
		{nil, "general"},
		{[]string{"general"}, "general"},
		{[]string{"venezuela", own, "venezuela"}, "general+venezuela+own"},
		{[]string{own, "general"}, "general+own"},
	} {
		s, err := Config{Rules: tt.rules}.RuleSet()
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Ref().Pack; got != tt.want {
			t.Errorf("%v: %s, want %s", tt.rules, got, tt.want)
		}
	}
	p, err := rule.Embedded("venezuela")
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.yaml")
	if err := os.WriteFile(copied, p.Source(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadRules([]string{"venezuela", copied}); navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("a pack and its copy: %v", err)
	}
	if _, err := LoadRules([]string{"atlantis"}); navicert.KindOf(err) != navicert.NotFound || !strings.Contains(err.Error(), "embedded are eu, general, ofac, uk, un, venezuela") {
		t.Errorf("no such pack: %v", err)
	}
	if _, err := LoadRules([]string{t.TempDir()}); navicert.KindOf(err) != navicert.Unavailable {
		t.Errorf("a folder: %v", err)
	}
}
