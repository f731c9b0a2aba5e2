package paper

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"navicert"
)

// fewOfAKind is how many events of a kind, none of which a reason's evidence names, are
// told one by one.
const fewOfAKind = 3

// events are told in a line each, and many of a kind together; their evidence
// stands where a rule names it.
func events(c navicert.Certificate) section {
	s := section{Title: "Behaviour in the 90 days before"}
	rests := map[string]bool{}
	for _, r := range c.Reasons {
		for _, e := range r.Evidence {
			if e.Kind == navicert.EvidenceEvent {
				rests[e.Ref] = true
			}
		}
	}
	others := map[string][]navicert.Event{} // by kind
	for _, e := range c.Events {
		if !rests[e.ID] {
			others[e.Kind] = append(others[e.Kind], e)
		}
	}
	told := map[string]bool{}
	for _, e := range c.Events {
		switch many := others[e.Kind]; {
		case rests[e.ID] || len(many) <= fewOfAKind:
			s.Items = append(s.Items, event(e))
		case !told[e.Kind]:
			told[e.Kind] = true
			s.Items = append(s.Items, together(many))
		}
	}
	return s
}

func event(e navicert.Event) item {
	until := "still open"
	if !e.End.IsZero() {
		until = "to " + instant(e.End)
	}
	it := item{Text: fmt.Sprintf("%s of MMSI %s from %s, %s", plain(e.Kind), e.MMSI, instant(e.Start), until)}
	class, more := classOf(e)
	if class != "" {
		more = slices.Insert(more, 0, "classed as "+plain(class))
	}
	if len(more) > 0 {
		it.Small = append(it.Small, strings.Join(more, "; "))
	}
	it.Small = append(it.Small, "event "+e.ID)
	return it
}

// together tells of events of one kind. They are in the order of their start for
// each MMSI of the vessel only.
func together(es []navicert.Event) item {
	first, last, open := es[0].Start, es[0].Start, 0
	mmsis, classes := map[navicert.MMSI]bool{}, map[string]int{}
	for _, e := range es {
		mmsis[e.MMSI], mmsis[e.Other] = true, true
		if class, _ := classOf(e); class != "" {
			classes[class]++
		}
		if e.End.IsZero() {
			open++
		}
		if e.Start.Before(first.Time) {
			first = e.Start
		}
		if e.Start.After(last.Time) {
			last = e.Start
		}
	}
	delete(mmsis, 0)
	it := item{Text: fmt.Sprintf("%d of kind %s, which begin from %s to %s; the evidence of no reason names one of them", len(es), plain(es[0].Kind), instant(first), instant(last))}
	var about []string
	if open > 0 {
		about = append(about, fmt.Sprintf("%d still open", open))
	}
	if es[0].Other != 0 {
		about = append(about, fmt.Sprintf("%d MMSIs in all", len(mmsis)))
	}
	names := slices.SortedFunc(maps.Keys(classes), func(a, b string) int {
		if n := classes[b] - classes[a]; n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
	for _, class := range names {
		about = append(about, fmt.Sprintf("%d classed as %s", classes[class], plain(class)))
	}
	if len(about) > 0 {
		it.Small = append(it.Small, strings.Join(about, "; "))
	}
	it.Small = append(it.Small, "each of them, with its evidence, is in the certificate's JSON")
	return it
}

// classOf reads the class that an event states in its first explanation, and
// returns the others.
func classOf(e navicert.Event) (class string, others []string) {
	if len(e.Explanations) == 0 {
		return "", nil
	}
	if class, ok := strings.CutPrefix(e.Explanations[0], "class: "); ok {
		return class, slices.Clone(e.Explanations[1:])
	}
	return "", slices.Clone(e.Explanations)
}
