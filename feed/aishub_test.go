package feed

import (
	"strings"
	"testing"

	"navicert"
)

// TestAISHubRefuses reads what the service answers when it is asked too often:
// an error, and not nothing.
func TestAISHubRefuses(t *testing.T) {
	for _, text := range []string{
		"Too frequent requests!", "Too frequent requests!\n",
		`[{"ERROR":true,"USERNAME":"SIMULATED","FORMAT":"HUMAN","ERROR_MESSAGE":"Too frequent requests!"}]`,
		"<response>Too frequent requests!</response>",
	} {
		for _, format := range []string{Auto, "aishub"} {
			if format == Auto && text[0] == '<' {
				continue // nothing tells whose it is
			}
			_, err := Read(t.Context(), strings.NewReader(text), Options{Format: format}, &collect{})
			if navicert.KindOf(err) != navicert.Unavailable || !strings.Contains(err.Error(), refusal) {
				t.Errorf("%q as %s: error %v", text, format, err)
			}
		}
	}
}

// TestAISHubDamage reads documents that are broken in places: what is whole
// counts, and what is not is counted.
func TestAISHubDamage(t *testing.T) {
	const (
		object  = `{"MMSI":299000001,"TIME":"2026-01-02 03:04:05 GMT","LATITUDE":10.25,"LONGITUDE":-64.75,"NAVSTAT":0}`
		element = `<vessel MMSI="299000001" TIME="1767323045" LATITUDE="6150000" LONGITUDE="-38850000" DEST="A>B"/>`
	)
	for name, c := range map[string]struct {
		text  string
		fixes int
		bad   int
	}{
		"objects a line each":  {object + "\n" + object + "\n", 2, 0},
		"cut off object":       {"[" + object + "," + object[:40], 1, 1},
		"object in an object":  {`[{"MMSI":1,` + object + "]", 1, 1},
		"quote not ended":      {`[{"MMSI":"1` + "\n" + object + "]", 1, 1},
		"words between":        {"[" + object + "words" + object + "]", 2, 1},
		"not JSON":             {"[{MMSI:1}," + object + "]", 1, 1},
		"escaped quote":        {`[` + strings.Replace(object, `{`, `{"NAME":"A\"}B",`, 1) + "]", 1, 0},
		"endless object":       {`[` + object + `{"NAME":"` + strings.Repeat("x", 70000) + `"}` + "\n" + object, 2, 2},
		"elements":             {"<a>" + element + element + "</a>", 2, 0},
		"element cut off":      {"<a>" + element + element[:50], 1, 1},
		"element in element":   {"<a>" + element[:24] + element, 1, 1},
		"words among elements": {"<a>" + element + "words" + element, 2, 1},
		"no attribute value":   {"<a><vessel MMSI>" + element, 1, 1},
		"comment":              {"<!-- " + "simulated -->" + element, 1, 0},
	} {
		got, stats := readString(t, c.text, Options{Format: "aishub"})
		if len(got.fixes) != c.fixes || stats.Dropped.Total() != c.bad {
			t.Errorf("%s: %d fixes, dropped %s %q; want %d fixes, %d dropped", name, len(got.fixes), stats.Dropped.String(),
				stats.Dropped.Examples(BadJSON), c.fixes, c.bad)
		}
	}
}
