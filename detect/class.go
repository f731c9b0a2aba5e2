package detect

import (
	"strings"

	"navicert"
)

const classPrefix = "class: "

// ClassText is how the first explanation of an event states the class that it has
// within its kind: "class: unexplained".
func ClassText[T ~string](class T) string { return classPrefix + string(class) }

// ClassOf reads the class that an event states, "" when it states none.
func ClassOf(ev navicert.Event) string {
	if len(ev.Explanations) > 0 {
		if c, ok := strings.CutPrefix(ev.Explanations[0], classPrefix); ok {
			return c
		}
	}
	return ""
}

// ThresholdHours is the measure that says how many hours after its start an
// event counts: before that nobody could have told of it.
const ThresholdHours = "threshold_hours"
