package rule

import (
	"strings"
	"testing"
	"time"
)

func TestText(t *testing.T) {
	p := newEnvs(nil)
	env, err := p.get(false, "hits", false)
	if err != nil {
		t.Fatal(err)
	}
	f := &Facts{
		Now:    time.Date(2025, 12, 20, 6, 30, 59, 0, time.FixedZone("", -4*3600)),
		Vessel: Vessel{Name: "A  B", DWT: 105000.456},
		Hits:   []Hit{{Name: "${now}", Programmes: []string{"X", "Y"}, Score: 0.9, Identity: true}},
		Events: []Event{{NearNM: 3}},
	}
	in, err := newInput(f)
	if err != nil {
		t.Fatal(err)
	}
	a := &activation{in: in, name: "hit", value: in.items("hits")[0].value}
	for text, want := range map[string]string{
		"plain":                                "plain",
		"  folded\n   over lines ":             "folded over lines",
		"${hit.name}":                          "${now}", // what a fact holds is not looked into
		"$${hit.name} ${vessel.name}":          "${hit.name} A  B",
		"$ {x} $":                              "$ {x} $",
		"${vessel.dwt} t":                      "105000.46 t",
		"${hit.score}/${hits.size()}":          "0.9/1",
		"${events[0].near_nm}":                 "3",
		"${hit.identity}, ${hit.secondary}":    "yes, no",
		"${hit.programmes}":                    "X, Y",
		"${now}":                               "2025-12-20 10:30 UTC",
		"${voyage.etd}":                        "an unknown time",
		"at ${utc(now)}":                       "at 2025-12-20 10:30 UTC",
		`${"}" + '{' + "\"}"}.`:                `}{"}.`,
		`${{"a": "b"}["a"]}`:                   "b",
		`${hit.identity ? "is" : "is not"} it`: "is it",
	} {
		tt, err := compileText(env, text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		got, err := tt.render(a)
		if err != nil || got != want {
			t.Errorf("%q: got %q, want %q, %v", text, got, want, err)
		}
	}
	for text, want := range map[string]string{
		"${":             "not closed",
		"a ${hit.name":   "not closed",
		"${}":            "Syntax error",
		"${hit}":         "want text, a number",
		"${hits}":        "want text, a number",
		"${hit.name + }": "Syntax error",
	} {
		if _, err := compileText(env, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
