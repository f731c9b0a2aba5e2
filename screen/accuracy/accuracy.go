// Package accuracy measures how well names are matched, on pairs and names that
// others labelled and on real lists.
//
// A folder with the labelled data goes in, the sanctions lists in a folder
// "lists" beside it; out come figures, each with its bar and with what others
// reach on the same data, and every miss:
//
//	report, err := accuracy.Run(ctx, accuracy.Options{Dir: "data/matching"})
//
// What the data does not have is named in Report.Absent: a figure that could
// not be measured is never left out in silence. Everything random is seeded, so
// that two runs on the same data give the same report.
package accuracy

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"

	"navicert"
)

// Options say what is measured.
type Options struct {
	Dir      string           // the labelled data; the lists are in "lists" beside it
	Sample   int              // of files of innocents and ships ask at most so many, evenly spread; 0 is DefaultSample
	Progress func(set string) // is told what comes next; may be nil
}

// DefaultSample is how many innocents of a file are asked about.
const DefaultSample = 5000

// Report is what was measured.
type Report struct {
	Figures []Figure `json:"figures"`
	Misses  []Miss   `json:"misses"`
	Absent  []string `json:"absent,omitempty"` // what could not be measured, and why
	Notes   []string `json:"notes,omitempty"`  // what was left out of a figure, and why
}

// Figure is one measured number: a share of 1, of so many cases.
type Figure struct {
	Set     string  `json:"set"`
	Measure string  `json:"measure"`
	Value   float64 `json:"value"`
	Of      int     `json:"of"`
	Bar     float64 `json:"bar,omitempty"` // 0 is none
	AtMost  bool    `json:"at_most,omitempty"`
	Others  string  `json:"others,omitempty"` // what other programs reach, as they or their users published it
}

// Met reports whether the figure reaches its bar; one without a bar does.
func (f Figure) Met() bool {
	switch {
	case f.Bar == 0:
		return true
	case f.AtMost:
		return f.Value <= f.Bar
	}
	return f.Value >= f.Bar
}

// Miss is one case that came out wrong.
type Miss struct {
	Set    string  `json:"set"`
	Asked  string  `json:"asked"`
	Other  string  `json:"other,omitempty"` // the name that it was held against, or came up
	Wanted string  `json:"wanted"`
	Score  float64 `json:"score"`
	Why    string  `json:"why,omitempty"`
}

// bench is one run.
type bench struct {
	Options
	data   fs.FS
	lists  fs.FS
	held   map[string]*heldList
	report *Report
}

// Run measures all that the data allows. An error is data that is there and
// cannot be read, or an end asked for through ctx.
func Run(ctx context.Context, o Options) (*Report, error) {
	if o.Sample <= 0 {
		o.Sample = DefaultSample
	}
	if info, err := os.Stat(o.Dir); err != nil || !info.IsDir() {
		return nil, navicert.Errorf(navicert.NotFound, "measure matching", o.Dir, "there is no such folder").
			WithHint("name the folder with the labelled pairs; the lists are looked for in a folder lists beside it")
	}
	b := &bench{
		Options: o, data: os.DirFS(o.Dir), lists: os.DirFS(filepath.Join(filepath.Dir(filepath.Clean(o.Dir)), "lists")),
		held: map[string]*heldList{}, report: &Report{},
	}
	for _, part := range []struct {
		name    string
		measure func(context.Context) error
	}{
		{"labelled pairs of names", b.nameBench},
		{"labelled pairs of entities", b.entityChecks},
		{"scores of Treasury's own search", b.treasury},
		{"pairs across scripts", b.crossScript},
		{"spellings of one name", b.spellings},
		{"UN names", b.unitedNations},
		{"innocent persons", b.innocents},
		{"typing errors", b.typos},
		{"real ships", b.ships},
	} {
		if o.Progress != nil {
			o.Progress(part.name)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := part.measure(ctx); err != nil {
			return nil, err
		}
	}
	return b.report, nil
}

func (b *bench) figure(f Figure) {
	b.report.Figures = append(b.report.Figures, f)
}

func (b *bench) miss(m Miss) { b.report.Misses = append(b.report.Misses, m) }

// share is n of m, 0 of none.
func share(n, m int) float64 {
	if m == 0 {
		return 0
	}
	return float64(n) / float64(m)
}
