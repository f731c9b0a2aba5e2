// Package gfwevents compares our detectors with the cases of Global Fishing
// Watch's pipe-gaps (9d9426e), pipe-encounters (df93ee4), pipe-anchorages
// (e1db7c8) and pipe-segment (b72a868), all Apache-2.0. Package track/gfw has
// the segments, and says what a set is.
//
// The tests of the detectors and navicert detect --bench call the same functions:
//
//	set, err := gfwevents.Gaps("behaviour/gfw_gaps_cases.json")
package gfwevents

import (
	"fmt"
	"math"

	"navicert/detect/identity"
	"navicert/track/gfw"
)

const (
	gapsName       = "gaps (pipe-gaps)"
	encountersName = "encounters (pipe-encounters)"
	resampleName   = "resampled tracks (pipe-encounters)"
	visitsName     = "port visits (pipe-anchorages)"
	namesName      = "names (pipe-segment)"
)

// Sources are all sets of cases, those of segments too.
func Sources() []gfw.Source {
	return append([]gfw.Source{
		{Name: gapsName, Path: "behaviour/gfw_gaps_cases.json", Compare: Gaps},
		{Name: encountersName, Path: "behaviour/gfw_encounters_cases.json", Compare: Encounters},
		{Name: resampleName, Path: "behaviour/gfw_resample_case.json", Compare: Resample},
		{Name: visitsName, Path: "behaviour/gfw_port_visits_cases.json", Compare: Visits},
		{Name: namesName, Path: "behaviour/pipe-segment", Compare: Names},
	}, gfw.Sources()...)
}

// Names compares which names and call signs are the same to a change of
// identity: a case is one as it was sent, against all as pipe-segment
// normalises them.
func Names(dir string) (gfw.Set, error) {
	set := gfw.Set{Name: namesName}
	names, err := gfw.Names(dir)
	if err != nil {
		return set, err
	}
	for _, a := range names {
		var wrong []string
		for _, b := range names {
			if got, want := identity.SameName(a.Sent, b.Normal), a.Normal == b.Normal; got != want {
				wrong = append(wrong, fmt.Sprintf("the same as %q: %v", b.Normal, got))
			}
		}
		set.Case(fmt.Sprintf("%q", a.Sent), wrong)
	}
	return set, nil
}

// differences collects what differs in a case.
type differences []string

func (d *differences) add(format string, args ...any) { *d = append(*d, fmt.Sprintf(format, args...)) }

// near compares two numbers.
func (d *differences) near(what string, got, want, tolerance float64) {
	if !(math.Abs(got-want) <= tolerance) { // nor is it a number
		d.add("%s is %.9f, want %.9f", what, got, want)
	}
}
