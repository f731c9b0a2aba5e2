// Package demo is the founding situation as data, and the builder that makes a
// data directory of it: the Caribbean from 18 December 2025 to 2 January 2026
// with invented ships under a contested blockade.
//
// The data are embedded: two publications of an invented list in OFAC's CSV
// form, zones, a rule pack with one licence record, incidents, and eight
// voyages, each with the verdict that it must get and why. [Build] writes them
// into a folder, has them imported like any user's files, plays the simulated
// AIS through the real decoder, and checks the voyages; certificates come out.
// What Build needs of the program is the small interface [Program], so that the
// package knows nothing of stores or servers.
//
//	outcomes, err := demo.Build(ctx, program, demo.Options{Dir: dir})
//	for _, o := range outcomes {
//		fmt.Println(o.Certificate.Subject.ID, o.Certificate.Verdict, o.Err())
//	}
//
// Nothing in it is real but the geography and, in the incidents, what a
// newspaper reported: docs/demo.md tells the story.
package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"navicert"
)

//go:embed data
var files embed.FS

// Disclaimer stands above everything that the demonstration prints.
const Disclaimer = "SIMULATED: every vessel, company, list, zone and licence below is invented."

// List is the identifier under which the invented list is kept.
const List = "demo-sdn"

// now is when the built-in scenario ends; a test holds the two together.
var now = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// Now returns the demonstration's present, at which its traffic ends and its
// list is current.
func Now() time.Time { return now }

// Voyage is one of the eight voyages.
type Voyage struct {
	AsOf   navicert.Instant `json:"as_of"`
	Voyage navicert.Voyage  `json:"voyage"`
	Expect Expect           `json:"expect"`
	Story  string           `json:"story"`
}

// Expect is the answer that a voyage must get.
type Expect struct {
	Verdict navicert.Verdict `json:"verdict"`
	// Rule is the one that decides; of a clear voyage, the one that a licence
	// lifts, or none.
	Rule string `json:"rule,omitempty"`
	// Also are rules that fire with it for the same cause.
	Also []string `json:"also,omitempty"`
}

// Voyages returns the eight voyages in their order.
func Voyages() ([]Voyage, error) {
	b, err := files.ReadFile("data/voyages.jsonl")
	if err != nil {
		return nil, err
	}
	return readVoyages(b)
}

// readVoyages reads lines strictly: an unknown field is an error.
func readVoyages(b []byte) ([]Voyage, error) {
	var out []Voyage
	n := 0
	for line := range bytes.Lines(b) {
		n++
		d := json.NewDecoder(bytes.NewReader(line))
		d.DisallowUnknownFields()
		var v Voyage
		err := d.Decode(&v)
		if err == nil && d.More() {
			err = errors.New("more than one object")
		}
		if err != nil {
			return nil, navicert.Errorf(navicert.Invalid, "demo", fmt.Sprintf("voyages.jsonl line %d", n), "%w", err)
		}
		out = append(out, v)
	}
	return out, nil
}

// Incident is something that is said to have happened, and by whom.
type Incident struct {
	ID       string `yaml:"id"`
	Kind     string `yaml:"kind"`
	Reported struct {
		Earliest navicert.Date `yaml:"earliest"`
		Latest   navicert.Date `yaml:"latest"`
	} `yaml:"reported"` // the days between which it happened
	Said      string   `yaml:"said"`
	By        string   `yaml:"by"`
	Contested []string `yaml:"contested"` // what of it sources dispute or leave open
	Actors    []string `yaml:"actors"`    // who may have done it, where that is open
	Killed    *struct {
		Least int  `yaml:"least"`
		Most  *int `yaml:"most"` // absent: not known
	} `yaml:"killed"`
	Note      string `yaml:"note"`
	Simulated string `yaml:"simulated"` // what the demonstration makes of it
}

// Incidents returns the incidents of the situation.
func Incidents() ([]Incident, error) {
	b, err := files.ReadFile("data/incidents.yaml")
	if err != nil {
		return nil, err
	}
	var out []Incident
	if err := yaml.UnmarshalWithOptions(b, &out, yaml.Strict()); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "demo", "incidents.yaml", "%w", err)
	}
	for _, i := range out {
		for _, d := range []navicert.Date{i.Reported.Earliest, i.Reported.Latest} {
			if _, err := navicert.ParseDate(string(d)); d != "" && err != nil {
				return nil, navicert.Errorf(navicert.Invalid, "demo", "incidents.yaml "+i.ID, "%w", err)
			}
		}
	}
	return out, nil
}

// Outcome is a voyage with the certificate that it got.
type Outcome struct {
	Voyage      Voyage
	Certificate navicert.Certificate
}

// Err says how the certificate differs from what the story tells: another
// verdict, or a rule that refers or refuses for a cause that is not the
// story's. It is nil when all is as told.
func (o Outcome) Err() error {
	c, want := o.Certificate, o.Voyage.Expect
	if c.Verdict != want.Verdict {
		return fmt.Errorf("%s: verdict %s, the story tells %s (%s)", o.Voyage.Voyage.ID, c.Verdict, want.Verdict, rules(c))
	}
	if !c.Simulated {
		return fmt.Errorf("%s: the certificate is not marked simulated", o.Voyage.Voyage.ID)
	}
	expected := want.Also
	lifted := want.Verdict == navicert.Clear && want.Rule != ""
	if want.Rule != "" && !lifted {
		expected = append([]string{want.Rule}, expected...)
	}
	found := map[string]bool{}
	for _, r := range c.Reasons {
		switch {
		case r.Outcome.Verdict() == navicert.Clear:
			lifted = lifted && !(r.Rule == want.Rule && r.Outcome == navicert.OutcomeLifted && r.LiftedBy != nil)
		case !slices.Contains(expected, r.Rule):
			return fmt.Errorf("%s: %s, of which the story does not tell", o.Voyage.Voyage.ID, r.Rule)
		default:
			found[r.Rule] = true
		}
	}
	for _, rule := range expected {
		if !found[rule] {
			return fmt.Errorf("%s: %s did not hold (%s)", o.Voyage.Voyage.ID, rule, rules(c))
		}
	}
	if lifted {
		return fmt.Errorf("%s: no licence lifted %s (%s)", o.Voyage.Voyage.ID, want.Rule, rules(c))
	}
	return nil
}

func rules(c navicert.Certificate) string {
	if len(c.Reasons) == 0 {
		return "no rule held"
	}
	var all []string
	for _, r := range c.Reasons {
		all = append(all, r.Rule+" "+string(r.Outcome))
	}
	return strings.Join(all, ", ")
}

// WriteStory prints the situation in a few lines, for a terminal.
func WriteStory(w io.Writer) error {
	incidents, err := Incidents()
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, i := range incidents {
		if i.Simulated == "" || i.Kind != "seizure" && i.Kind != "strike" {
			continue
		}
		line := i.Simulated
		if len(i.Actors) > 0 {
			line += " Who did it is not settled: " + strings.Join(i.Actors, " or ") + "."
		}
		fmt.Fprintf(&b, "  %s: %s\n", i.Kind, line)
	}
	_, err = io.WriteString(w, b.String())
	return err
}
