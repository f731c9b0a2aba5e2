package gap_test

import (
	"testing"

	"navicert"
	"navicert/detect/detecttest"
	"navicert/detect/gap"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", gap.Kind) }

func TestClassOf(t *testing.T) {
	for _, c := range []struct {
		explanations []string
		want         gap.Class
	}{
		{nil, gap.CannotTell},
		{[]string{"something else"}, gap.CannotTell},
		{[]string{"class: unexplained", "x"}, gap.Unexplained},
		{[]string{"class: coverage"}, gap.Coverage},
	} {
		if got := gap.ClassOf(navicert.Event{Explanations: c.explanations}); got != c.want {
			t.Errorf("ClassOf(%q) = %q, want %q", c.explanations, got, c.want)
		}
	}
	if _, err := gap.ParsePreset("gfw"); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("ParsePreset: %v", err)
	}
}
