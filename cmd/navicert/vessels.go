package main

import (
	"context"
	"fmt"

	"navicert"
	"navicert/app"
	"navicert/detect"
	"navicert/track"
)

type vesselsCmd struct {
	IMO  string           `name:"imo" help:"An IMO number: all MMSIs, names and call signs it was reported with."`
	MMSI string           `name:"mmsi" help:"An MMSI: all that it said of itself."`
	AsOf navicert.Instant `help:"From reports at or before this time." placeholder:"TIME"`
}

// Help is printed below the flags.
func (vesselsCmd) Help() string {
	return `One line for each distinct combination of MMSI, IMO number, name and call sign
that was reported, newest first, with the flag of the MMSI, the span and number
of reports, and where the first and the last of them stand in the input. JSON
says too whether the ship is laden by its draught, and on what that rests
(docs/tracks.md).

Examples:
  navicert vessels --imo 9256860
  navicert vessels --mmsi 775999001 --as-of 2025-12-20 --format json`
}

// Run shows it.
func (c *vesselsCmd) Run(ctx context.Context, g *globals) error {
	var imo navicert.IMO
	var mmsi navicert.MMSI
	var err error
	switch {
	case (c.IMO == "") == (c.MMSI == ""):
		return usageError("vessels: give --imo or --mmsi, one of the two")
	case c.IMO != "":
		imo, err = navicert.ParseIMO(c.IMO)
	default:
		mmsi, err = navicert.ParseMMSI(c.MMSI)
	}
	if err != nil {
		return usageError("vessels: " + err.Error())
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	v, err := a.Vessel(ctx, imo, mmsi, c.AsOf.Time)
	if err != nil {
		return err
	}
	if len(v.Appearances) == 0 {
		g.note("No report of it is held.")
	}
	if f := g.format(); f == "json" || f == "ndjson" {
		p := newPrinter[app.KnownVessel](g)
		if err := p.print(v); err != nil {
			return err
		}
		return p.close()
	}
	type row = track.Appearance
	p := newPrinter(
		g,
		column[row]{"mmsi", func(a row) string { return a.MMSI.String() }},
		column[row]{"imo", func(a row) string { return a.IMO.String() }},
		column[row]{"name", func(a row) string { return a.Name }},
		column[row]{"call sign", func(a row) string { return string(a.CallSign) }},
		column[row]{"flag", func(a row) string { return string(a.Flag) }},
		column[row]{"first seen", func(a row) string { return navicert.At(a.FirstSeen).String() }},
		column[row]{"last seen", func(a row) string { return navicert.At(a.LastSeen).String() }},
		column[row]{"reports", func(a row) string { return fmt.Sprint(a.Reports) }},
		column[row]{"first report", func(a row) string { return standsAt(a.FirstReport) }},
		column[row]{"last report", func(a row) string { return standsAt(a.LastReport) }},
	)
	for _, a := range v.Appearances {
		if err := p.print(a); err != nil {
			return err
		}
	}
	if err := p.close(); err != nil {
		return err
	}
	switch {
	case v.Basis == "":
	case v.Load == "":
		g.note("Laden or in ballast: unknown; %s.", v.Basis)
	default:
		g.note("Laden or in ballast: %s; %s.", v.Load, v.Basis)
	}
	return nil
}

// standsAt says where a record stands.
func standsAt(r navicert.Ref) string { return r.Source + " " + detect.RefText(r) }
