package gap

import (
	"reflect"
	"testing"

	"navicert"
	"navicert/detect"
)

// TestWithoutArea: what an area added to a gap can be taken out again.
func TestWithoutArea(t *testing.T) {
	for _, class := range []Class{Unexplained, Coverage, CannotTell, Explained, Outage} {
		ev := navicert.Event{
			Kind: Kind, Explanations: []string{detect.ClassText(class), "why: others", "reception at the start: 4 positions", "not looked into: the ship's own log"},
			Evidence: []navicert.Evidence{{Kind: navicert.EvidenceFix, Text: "last"}},
		}
		if got := WithoutArea(ev); !reflect.DeepEqual(got, ev) {
			t.Errorf("of no area: %+v", got)
		}
		for _, area := range []Class{Jamming, Outage, ""} {
			in := explained(ev, Reason{area, "it fell silent with: 3 others", navicert.Evidence{Kind: navicert.EvidenceEvent, Text: "jamming"}})
			if got := WithoutArea(in); !reflect.DeepEqual(got, ev) || reflect.DeepEqual(in, ev) {
				t.Errorf("%s in an area of class %q: %q", class, area, got.Explanations)
			}
		}
	}
}
