package gap

import (
	"fmt"
	"strings"
	"time"

	"navicert"
	"navicert/detect"
)

const (
	// firstHours are those after the start in which others are looked for: what
	// a feed missed then cannot say whether the vessel went on sending.
	firstHours = 3 * time.Hour
	// namedOutages is how many outages an explanation names.
	namedOutages = 3
)

// blindness is how much of a silence nobody listened to.
type blindness struct {
	time time.Duration // in which the feed was not heard
	deaf bool          // so much that the silence says nothing of the vessel
	text string        // "" when the feed was heard all the time
}

// blind weighs the outages of the feed that heard the vessel last. The silence
// says nothing when they take up half of it or of its first hours, or when what
// is left is no longer than the threshold, so that alone it were no gap.
func blind(from, until time.Time, threshold time.Duration, s detect.Silence) blindness {
	b := blindness{time: unheard(s.Outages, from, until)}
	if b.time == 0 {
		return b
	}
	whole := until.Sub(from)
	b.deaf = 2*b.time >= whole || whole-b.time <= threshold ||
		2*unheard(s.Outages, from, from.Add(firstHours)) >= firstHours
	b.text = fmt.Sprintf("no coverage for %s of it: %s was not heard %s",
		b.time.Round(time.Second), s.Outages[0].Feed, intervals(s.Outages))
	return b
}

// unheard is the time within [from, to) that lies in one of the outages, which
// are in order of From and may overlap.
func unheard(outages []navicert.Outage, from, to time.Time) time.Duration {
	var sum time.Duration
	for _, o := range outages {
		begin, end := o.From, o.To
		if begin.Before(from) {
			begin = from
		}
		if end.IsZero() || end.After(to) {
			end = to
		}
		if end.After(begin) {
			sum += end.Sub(begin)
			from = end
		}
	}
	return sum
}

// intervals prints outages: "from T to T (why), from T on (why) and 4 more".
func intervals(outages []navicert.Outage) string {
	var out []string
	for _, o := range outages[:min(len(outages), namedOutages)] {
		end := "on"
		if !o.To.IsZero() {
			end = "to " + navicert.At(o.To).String()
		}
		out = append(out, fmt.Sprintf("from %s %s (%s)", navicert.At(o.From), end, o.Why))
	}
	text := strings.Join(out, ", ")
	if more := len(outages) - namedOutages; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
