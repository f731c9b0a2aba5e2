package zone_test

import (
	"testing"

	"navicert"
	"navicert/detect/detecttest"
	"navicert/detect/zone"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", zone.Kind, "gap") }

// TestAllEnd: nothing goes on of ships that have been silent for two days.
func TestAllEnd(t *testing.T) { detecttest.AllEnd(t, "testdata/*.txt", zone.Kind) }

func TestBeginningOf(t *testing.T) {
	for _, c := range []struct {
		explanations []string
		want         zone.Beginning
	}{
		{nil, ""},
		{[]string{"something else"}, ""},
		{[]string{"beginning: in force"}, zone.CameForce},
	} {
		if got := zone.BeginningOf(navicert.Event{Explanations: c.explanations}); got != c.want {
			t.Errorf("BeginningOf(%q) = %q, want %q", c.explanations, got, c.want)
		}
	}
}
