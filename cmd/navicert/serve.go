package main

import (
	"context"

	"navicert/app"
)

type serveCmd struct {
	Listen string   `default:"127.0.0.1:8080" help:"Address to serve at."`
	Host   []string `help:"Further host name to answer to; repeat."`
	Rules  []string `help:"Rule packs beside general: embedded names or files."`
}

// Help is printed below the flags.
func (serveCmd) Help() string {
	return `Serves the web app at / and the HTTP API under /api/v1, described at
/openapi.json. There are no accounts: keep it on loopback, or put your own
authentication in front of it.

Example:
  navicert serve --listen 127.0.0.1:8080 --rules venezuela`
}

// Run serves until interrupted.
func (c *serveCmd) Run(ctx context.Context, g *globals) error {
	g.cfg.Rules = append(g.cfg.Rules, c.Rules...)
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Serve(ctx, app.ServeOptions{
		Listen: c.Listen, Hosts: c.Host,
		Ready: func(address string) { g.note("navicert serves http://%s (stop with Ctrl-C)", address) },
	})
}
