package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"navicert/app"
	"navicert/app/demo"
)

type demoCmd struct {
	Once      bool   `help:"Print the certificates and exit: status 0 if every verdict is as the story tells, else 1."`
	Listen    string `default:"127.0.0.1:8080" help:"Address to serve at."`
	NoBrowser bool   `help:"Open no browser."`
}

// Help is printed below the flags.
func (demoCmd) Help() string {
	return `Builds a data directory with the founding situation, the Caribbean under a
contested blockade at the turn of 2025 to 2026, checks eight voyages and serves
the web app. All vessels, companies, lists, zones and licences are invented.

The directory is a folder of its own beside the usual data directory, or what
--data names; a finished one is used again. docs/demo.md tells the story.

Examples:
  navicert demo
  navicert demo --once
  navicert demo --data ./try --listen 127.0.0.1:9000 --no-browser`
}

// Run builds, prints and serves.
func (c *demoCmd) Run(ctx context.Context, g *globals) error {
	g.cfg.Data = c.dir(g)
	if g.Format == "auto" {
		g.Format = "table"
	}
	a, outcomes, err := app.OpenDemo(ctx, g.cfg, func(what string) { g.note("demo: %s", what) })
	if err != nil {
		return err
	}
	defer a.Close()
	if err := printDemo(g, outcomes); err != nil {
		return err
	}
	var wrong []error
	for _, o := range outcomes {
		wrong = append(wrong, o.Err())
	}
	if err := errors.Join(wrong...); err != nil || c.Once {
		return err
	}
	return a.Serve(ctx, app.ServeOptions{Listen: c.Listen, Ready: func(address string) {
		url := "http://" + address
		g.note("navicert serves the demonstration at %s (stop with Ctrl-C)", url)
		if !c.NoBrowser && isTerminal(g.stderr) {
			openBrowser(ctx, url)
		}
	}})
}

// dir is the directory given, or a demo folder beside the usual one.
func (demoCmd) dir(g *globals) string {
	if g.Data != g.usual {
		return g.Data
	}
	return filepath.Join(filepath.Dir(g.usual), "navicert-demo")
}

// printDemo prints the certificates, as a table with the story around it.
func printDemo(g *globals, outcomes []demo.Outcome) error {
	p := newPrinter(g, certificateColumns...)
	table := g.format() == "table"
	if table {
		fmt.Fprintln(p.w, demo.Disclaimer)
		fmt.Fprintln(p.w)
		if err := demo.WriteStory(p.w); err != nil {
			return err
		}
		fmt.Fprintln(p.w)
	}
	for _, o := range outcomes {
		if err := p.print(o.Certificate); err != nil {
			return err
		}
	}
	if err := p.close(); err != nil || !table {
		return err
	}
	for _, o := range outcomes {
		fmt.Fprintf(p.w, "%s %s\n", o.Voyage.Voyage.ID, strings.ToUpper(string(o.Certificate.Verdict)))
		fmt.Fprintln(p.w, wrap(o.Voyage.Story, "  "))
	}
	return p.w.Flush()
}

// openBrowser shows the page where the desktop has a way to.
func openBrowser(ctx context.Context, url string) {
	opener, err := exec.LookPath("xdg-open")
	if err != nil {
		return
	}
	cmd := exec.CommandContext(ctx, opener, url)
	if cmd.Start() == nil {
		go func() { _ = cmd.Wait() }() // whether a browser came up is for the user to see
	}
}
