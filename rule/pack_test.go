package rule

import "testing"

func TestEmbeddedPacksPassTheirCases(t *testing.T) {
	for _, name := range EmbeddedNames() {
		p, err := Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, r := range p.Test() {
			n++
			if !r.OK {
				t.Errorf("%s: case %q: %s (%s)", r.Rule, r.Case, r.Why, r.Text)
			}
		}
		t.Logf("pack %s: %d rules, %d cases", name, len(p.Rules), n)
	}
}
