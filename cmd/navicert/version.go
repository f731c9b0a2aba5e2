package main

import (
	"fmt"

	"navicert/app"
)

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(g *globals) error {
	_, err := fmt.Fprintln(g.stdout, "navicert", app.Version)
	return err
}
