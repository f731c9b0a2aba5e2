package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"navicert/app"
	"navicert/feed"
)

// feedFlags are the flags of commands that read AIS.
type feedFlags struct {
	Follow  bool          `help:"Read files on as they grow, also when they are rotated."`
	Silence time.Duration `default:"2m" help:"Connect anew to a live feed that brings no data for so long (0: never)."`
	FeedKey string        `env:"NAVICERT_FEED_KEY" help:"API key of a WebSocket feed; feed_key in the configuration is the same." placeholder:"KEY"`
}

func (f feedFlags) options(g *globals) app.FeedOptions {
	o := app.FeedOptions{Follow: f.Follow, Silence: f.Silence, Key: cmp.Or(f.FeedKey, g.cfg.FeedKey)}
	if o.Silence <= 0 {
		o.Silence = -1
	}
	return o
}

// feedHelp lists the live feeds.
func feedHelp() string {
	var b strings.Builder
	b.WriteString("Live feeds are read until the command is stopped:")
	for _, a := range feed.Addresses() {
		fmt.Fprintf(&b, "\n  %-28s %s", a.Form, a.Title)
	}
	return b.String()
}
