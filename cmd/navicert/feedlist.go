package main

import (
	"context"
	"fmt"
	"time"

	"navicert"
)

type feedsCmd struct {
	From    navicert.Instant `help:"Only outages that lasted after this time." placeholder:"TIME"`
	To      navicert.Instant `help:"Only outages that began before this time." placeholder:"TIME"`
	Limit   int              `default:"1000" help:"At most so many outages of each feed, the newest."`
	Outages bool             `help:"Print a row for each outage instead of one for each feed."`
}

// Help is printed below the flags.
func (feedsCmd) Help() string {
	return `Prints the live feeds that replay has listened to: their state (waiting, live,
silent, lost, ended), when data came last, lines a second over the last minute,
lines since it began to listen, and how many outages there were in the period asked
for: times without coverage, in which a silence says nothing of a ship. While replay listens the state is at most ten
seconds old.

Examples:
  navicert feeds
  navicert feeds --outages --from 2026-01-01 --format csv`
}

// Run prints.
func (c *feedsCmd) Run(ctx context.Context, g *globals) error {
	if c.Limit < 1 {
		return usageError("feeds: --limit must be at least 1")
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	feeds, err := a.Feeds(ctx, c.From.Time, c.To.Time, c.Limit)
	if err != nil {
		return err
	}
	if len(feeds) == 0 {
		g.note("No live feed has been listened to.")
	}
	if c.Outages || g.format() != "table" && g.format() != "csv" {
		for _, f := range feeds {
			if n := len(f.Intervals); f.InPeriod > n {
				g.note("%s had %d outages in the period, of which the newest %d are given; --limit gives more.", f.Feed, f.InPeriod, n)
			}
		}
	}
	if c.Outages {
		return printOutages(g, feeds)
	}
	p := newPrinter(
		g,
		column[navicert.FeedRecord]{"feed", func(f navicert.FeedRecord) string { return f.Feed }},
		column[navicert.FeedRecord]{"state", func(f navicert.FeedRecord) string { return string(f.State) }},
		column[navicert.FeedRecord]{"last", func(f navicert.FeedRecord) string { return navicert.At(f.Last).String() }},
		column[navicert.FeedRecord]{"lines/s", func(f navicert.FeedRecord) string { return fmt.Sprintf("%.1f", f.Rate) }},
		column[navicert.FeedRecord]{"lines", func(f navicert.FeedRecord) string { return fmt.Sprint(f.Lines) }},
		column[navicert.FeedRecord]{"outages", func(f navicert.FeedRecord) string { return fmt.Sprint(f.InPeriod) }},
		column[navicert.FeedRecord]{"newest outage", newestOutage},
		column[navicert.FeedRecord]{"why", func(f navicert.FeedRecord) string { return f.Why }},
	)
	for _, f := range feeds {
		if err := p.print(f); err != nil {
			return err
		}
	}
	return p.close()
}

func newestOutage(f navicert.FeedRecord) string {
	if len(f.Intervals) == 0 {
		return ""
	}
	o := f.Intervals[len(f.Intervals)-1]
	if o.To.IsZero() {
		return "since " + navicert.At(o.From).String()
	}
	return navicert.At(o.From).String() + " to " + navicert.At(o.To).String()
}

func printOutages(g *globals, feeds []navicert.FeedRecord) error {
	p := newPrinter(
		g,
		column[navicert.Outage]{"feed", func(o navicert.Outage) string { return o.Feed }},
		column[navicert.Outage]{"from", func(o navicert.Outage) string { return navicert.At(o.From).String() }},
		column[navicert.Outage]{"to", func(o navicert.Outage) string { return navicert.At(o.To).String() }},
		column[navicert.Outage]{"lasted", func(o navicert.Outage) string {
			if o.To.IsZero() {
				return ""
			}
			return o.To.Sub(o.From).Round(time.Second).String()
		}},
		column[navicert.Outage]{"why", func(o navicert.Outage) string { return o.Why }},
	)
	for _, f := range feeds {
		for _, o := range f.Intervals {
			if err := p.print(o); err != nil {
				return err
			}
		}
	}
	return p.close()
}
