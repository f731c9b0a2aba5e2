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
	return writeBundle(ctx, a, c.ID, c.File)
}

// writeBundle writes a certificate's bundle to a file, which is there whole or
// not at all.
func writeBundle(ctx context.Context, a *app.App, id, file string) error {
	b, err := a.Bundle(ctx, id)
	if err != nil {
		return err
	}
	f, err := createOut(file)
	if err != nil {
		return err
	}
	if _, err := f.Write(b); err != nil {
		f.discard()
		return outError(file, err)
	}
	return f.commit()
}
