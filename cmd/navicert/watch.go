package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"navicert"
	"navicert/app"
)

type watchCmd struct {
	Voyages string        `type:"path" help:"The voyages to watch: a JSON Lines file as for check --file, each with an id of its own (- for standard input). Default: those that voyages save has saved." placeholder:"FILE"`
	Once    bool          `help:"Look once and end."`
	Every   time.Duration `default:"10s" help:"How often to look whether anything changed."`
	Rules   []string      `help:"Rule packs beside general: embedded names or files."`
}

// Help is printed below the flags.
func (watchCmd) Help() string {
	return `Decides again the voyages that a change concerns (of a list, zone, event, licence,
settlement, fact of ownership, of the rules, or of the day), issues their
certificates, and prints those whose answer or reasons changed: the verdict before
and now, the reasons that came and went, and what changed. A voyage is compared
with what was printed of it last: what could not be printed is printed by the next
look.

Examples:
  navicert watch --every 1m > changes.ndjson
  navicert watch --voyages fleet.jsonl --once --format table
  navicert watch --voyages fleet.jsonl --every 1m > changes.ndjson

Exit status with --once: 0 nothing changed or all is clear now, 3 a changed voyage
refers, 4 one is refused, 1 failed, 2 wrong usage.`
}

// watchedVoyages reads a file of voyages, each with a reference of its own.
func watchedVoyages() jsonLines[navicert.Voyage] {
	ids := app.VoyageIDs{}
	return jsonLines[navicert.Voyage]{
		what: "voyages", max: 100_000, maxLine: 1 << 20, hint: "nothing was done; each line is one voyage with an id",
		check: func(v navicert.Voyage) (_ navicert.Voyage, err error) {
			v.ID, err = ids.Of(v)
			return v, err
		},
	}
}

// Run looks once, or whenever something changed until it is stopped.
func (c *watchCmd) Run(ctx context.Context, g *globals) error {
	if c.Every < time.Second {
		return usageError("watch: --every: at least a second")
	}
	var given []navicert.Voyage
	if c.Voyages != "" {
		var err error
		if given, err = watchedVoyages().read(ctx, g, c.Voyages); err != nil {
			return err
		}
	}
	g.cfg.Rules = append(g.cfg.Rules, c.Rules...)
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	voyages := func() ([]navicert.Voyage, error) { return given, nil }
	if c.Voyages == "" {
		voyages = func() ([]navicert.Voyage, error) { return savedVoyages(ctx, a) }
		if saved, err := voyages(); err != nil {
			return err
		} else if len(saved) == 0 {
			return navicert.Errorf(navicert.NotFound, "watch", "", "no voyage is saved").WithHint("navicert voyages save FILE saves some, or --voyages names a file")
		}
	}
	p := newPrinter(g, watchColumns...)
	worst, failed := navicert.Clear, 0
	look := func() error {
		now, err := voyages() // saved ones may be others since the last look
		if err != nil {
			return err
		}
		p.begin()
		n, err := a.Watch(ctx, now, func(changes []app.VoyageChange) error {
			for _, v := range changes {
				if v.Error != "" {
					failed++
				}
				worst = worst.Stricter(v.Now.Verdict)
				if err := p.print(v); err != nil {
					return err
				}
			}
			return p.flush()
		})
		if err == nil && n.Concerned > 0 {
			g.note("Of %d voyages %d are concerned; %d changed.", n.Voyages, n.Concerned, n.Changed)
		}
		return err
	}
	if c.Once {
		if err := errors.Join(look(), p.close()); err != nil {
			return err
		}
		if failed > 0 {
			return navicert.Errorf(navicert.Invalid, "watch", c.Voyages, "%d voyages could not be decided", failed)
		}
		return verdictStatus(worst)
	}
	return errors.Join(c.follow(ctx, a, look), p.close())
}

func savedVoyages(ctx context.Context, a *app.App) ([]navicert.Voyage, error) {
	saved, err := a.SavedVoyages(ctx)
	voyages := make([]navicert.Voyage, len(saved))
	for i, s := range saved {
		voyages[i] = s.Voyage
	}
	return voyages, err
}

// follow looks at once and whenever the data directory or the day is another.
// What the looking itself has issued makes it look once more, at nothing that is
// concerned.
func (c *watchCmd) follow(ctx context.Context, a *app.App, look func() error) error {
	tick := time.NewTicker(c.Every)
	defer tick.Stop()
	var last string
	for {
		version, err := a.DataVersion(ctx)
		if err != nil {
			return err
		}
		if now := fmt.Sprint(version, a.Day()); now != last {
			if err := look(); err != nil {
				return err
			}
			last = now
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

var watchColumns = []column[app.VoyageChange]{
	{"voyage", func(c app.VoyageChange) string { return c.Voyage }},
	{"vessel", func(c app.VoyageChange) string { return c.Vessel }},
	{"before", func(c app.VoyageChange) string {
		if c.Before == nil {
			return ""
		}
		return strings.ToUpper(string(c.Before.Verdict))
	}},
	{"now", func(c app.VoyageChange) string { return strings.ToUpper(string(c.Now.Verdict)) }},
	{"came", func(c app.VoyageChange) string { return watchedReasons(c.Came) }},
	{"went", func(c app.VoyageChange) string { return watchedReasons(c.Went) }},
	{"because of", func(c app.VoyageChange) string { return strings.Join(c.Because, "; ") }},
	{"certificate", func(c app.VoyageChange) string { return c.Now.Certificate }},
	{"error", func(c app.VoyageChange) string { return c.Error }},
}

func watchedReasons(rs []app.WatchedReason) string {
	var words []string
	for _, r := range rs {
		words = append(words, r.Rule+" "+string(r.Outcome))
	}
	return strings.Join(words, ", ")
}
