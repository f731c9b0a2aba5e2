package main

import (
	"context"

	"navicert/app"
)

type bundleCmd struct {
	ID   string `arg:"" name:"certificate" help:"The certificate's identifier."`
	File string `arg:"" type:"path" help:"The file to write."`
}

// Help is printed below the flags.
func (bundleCmd) Help() string {
	return `Example:
  navicert bundle 5d0c4f6f0b1e4a7c9a52c1b7d3f0e812 out.zip`
}

// Run writes the bundle.
func (c *bundleCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	f, err := createOut(c.File)
	if err != nil {
		return err
	}
	return writeBundle(ctx, a, c.ID, f)
}

// writeBundle writes a certificate's bundle to a file, which is there whole or
// not at all.
func writeBundle(ctx context.Context, a *app.App, id string, f *outFile) error {
	b, err := a.Bundle(ctx, id)
	if err != nil {
		f.discard()
		return err
	}
	return f.finish(b)
}
