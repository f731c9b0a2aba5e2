package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"navicert"
	"navicert/app"
)

type checkCmd struct {
	IMO      string   `name:"imo" help:"The vessel's IMO number." group:"The vessel:"`
	MMSI     string   `name:"mmsi" help:"Its MMSI." group:"The vessel:"`
	Name     string   `help:"Its name." group:"The vessel:"`
	CallSign string   `help:"Its call sign." group:"The vessel:"`
	Flag     string   `help:"Its flag: a country name or ISO code." group:"The vessel:"`
	Kind     string   `help:"Its kind: oil_tanker, bulk_carrier, …" group:"The vessel:"`
	DWT      *float64 `name:"dwt" help:"Its deadweight, tonnes." group:"The vessel:"`

	From    string           `help:"Place of departure: UN/LOCODE or LAT,LON." group:"The voyage:"`
	To      string           `help:"Destination." group:"The voyage:"`
	Via     []string         `help:"Places on the way, separated by semicolons." sep:";" group:"The voyage:"`
	ETD     navicert.Instant `name:"etd" help:"Departure, UTC: 2026-01-05 or 2026-01-05T06:00:00Z." group:"The voyage:"`
	ETA     navicert.Instant `name:"eta" help:"Arrival, UTC." group:"The voyage:"`
	Cargo   string           `help:"Kind of cargo: crude_oil, petroleum_products, grain, …" group:"The voyage:"`
	Party   []string         `help:"A party as role=name or role=name@COUNTRY; repeat." sep:"none" group:"The voyage:"`
	Licence []string         `help:"Identifier of a licence that is relied on; repeat." group:"The voyage:"`
	ID      string           `name:"id" help:"Your own reference for the voyage." group:"The voyage:"`

	File    string           `help:"Check every voyage of this JSON Lines file (- for standard input) instead." type:"path" group:"Many voyages:"`
	AsOf    navicert.Instant `help:"Ask about this day or time, with what had been published by then (default now)." placeholder:"TIME"`
	KnownAt navicert.Instant `help:"Use only what this installation had recorded by then (default now)." placeholder:"TIME"`
	paperFlags
	Bundle string   `type:"path" help:"Also write the certificate with everything that it rests on to this file, for a reader without navicert's data." placeholder:"FILE.zip"`
	Rules  []string `help:"Rule packs beside general: embedded names or files."`
}

// Help is printed below the flags.
func (checkCmd) Help() string {
	return `Examples:
  navicert check --imo 9256860 --from VEJOT --to CNTAO --cargo crude_oil
  navicert check --imo 9074729 --from NLRTM --to USHOU --as-of 2025-12-25
  navicert check --name "EXAMPLE STAR" --party owner="Example Shipping Ltd@PA"
  navicert check --imo 9256860 --from VEJOT --to CNTAO --pdf certificate.pdf
  navicert check --imo 9256860 --from VEJOT --to CNTAO --bundle out.zip
  navicert check --file voyages.jsonl --format ndjson > certificates.ndjson

Exit status: 0 all clear, 3 at least one refer, 4 at least one refuse,
1 failed (of a file: at least one line could not be checked, the others were),
2 wrong usage.`
}

// Run checks and prints the certificates.
func (c *checkCmd) Run(ctx context.Context, g *globals) error {
	if c.File == "" && c.given() == 0 {
		return usageError("check: name a vessel (--imo, --mmsi, --name) or a --party, or give a --file of voyages")
	}
	if c.File != "" && c.given() > 0 {
		return usageError("check: --file holds whole voyages: leave out the flags that describe one")
	}
	if c.File != "" && c.paperFlags != (paperFlags{}) {
		return usageError("check: --html and --pdf are of one voyage; navicert certificates show writes them later")
	}
	if c.File != "" && c.Bundle != "" {
		return usageError("check: a --bundle holds one certificate: for those of a --file use navicert bundle")
	}
	g.cfg.Rules = append(g.cfg.Rules, c.Rules...)
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	opt := app.CheckOptions{AsOf: c.AsOf.Time, KnownAt: c.KnownAt.Time}
	if c.File == "" {
		return c.one(ctx, g, a, opt)
	}
	return c.file(ctx, g, a, opt)
}

// one checks one voyage. Files to be written are opened before the certificate is
// issued, and it is printed before they are written: once issued, it is shown.
func (c *checkCmd) one(ctx context.Context, g *globals, a *app.App, opt app.CheckOptions) error {
	v, err := c.voyage()
	if err != nil {
		return usageError("check: " + err.Error())
	}
	papers, err := c.create()
	if err != nil {
		return err
	}
	var zip *outFile
	if c.Bundle != "" {
		if zip, err = createOut(c.Bundle); err != nil {
			discardAll(papers)
			return err
		}
	}
	cert, err := a.Check(ctx, v, opt)
	if err != nil {
		discardAll(papers)
		if zip != nil {
			zip.discard()
		}
		return err
	}
	if g.format() == "table" {
		err = writeCertificate(g.stdout, cert)
	} else {
		err = printCertificates(g, []navicert.Certificate{cert})
	}
	err = errors.Join(err, writeAll(papers, cert))
	if zip != nil {
		err = errors.Join(err, writeBundle(ctx, a, cert.ID, zip))
	}
	if err != nil {
		return err
	}
	return verdictStatus(cert.Verdict)
}

// given counts the flags that describe one voyage.
func (c *checkCmd) given() int {
	n := len(c.Party)
	for _, s := range []string{c.IMO, c.MMSI, c.Name, c.CallSign} {
		if s != "" {
			n++
		}
	}
	return n
}

func (c *checkCmd) voyage() (navicert.Voyage, error) {
	v := navicert.Voyage{
		ID: c.ID, From: c.From, To: c.To, Via: c.Via, ETD: c.ETD, ETA: c.ETA, Licences: c.Licence,
		Vessel: navicert.Vessel{Name: c.Name, Kind: c.Kind}, Cargo: navicert.Cargo{Kind: c.Cargo},
	}
	var err error
	if c.IMO != "" {
		if v.Vessel.IMO, err = navicert.ParseIMO(c.IMO); err != nil {
			return v, err
		}
	}
	if c.MMSI != "" {
		if v.Vessel.MMSI, err = navicert.ParseMMSI(c.MMSI); err != nil {
			return v, err
		}
	}
	if c.CallSign != "" {
		if v.Vessel.CallSign, err = navicert.ParseCallSign(c.CallSign); err != nil {
			return v, err
		}
	}
	if c.Flag != "" {
		if v.Vessel.Flag, err = navicert.ParseFlag(c.Flag); err != nil {
			return v, err
		}
	}
	if c.DWT != nil {
		v.Vessel.DWT = navicert.Some(*c.DWT)
	}
	for _, p := range c.Party {
		role, name, ok := strings.Cut(p, "=")
		if !ok || role == "" || name == "" {
			return v, fmt.Errorf("--party %q: want role=name or role=name@COUNTRY", p)
		}
		party := navicert.Party{Role: role, Name: name}
		if i := strings.LastIndexByte(name, '@'); i > 0 {
			if party.Country, err = navicert.ParseFlag(name[i+1:]); err != nil {
				return v, err
			}
			party.Name = name[:i]
		}
		v.Parties = append(v.Parties, party)
	}
	return v, nil
}

// voyageLines reads a file of voyages.
var voyageLines = jsonLines[navicert.Voyage]{
	what: "voyages", max: 1_000_000, maxLine: 1 << 20,
	hint: "each line is one voyage, see docs/command-line.md",
}

// fewLines is how many voyages that could not be checked are told one by one.
const fewLines = 20

// file checks every voyage of a JSON Lines file as it is read. A line that cannot
// be checked is told and counted, and the others are checked.
func (c *checkCmd) file(ctx context.Context, g *globals, a *app.App, opt app.CheckOptions) error {
	bar := g.progress(-1, "checking")
	p := newPrinter(g, certificateColumns...)
	worst := navicert.Clear
	n, failed := 0, 0
	var unread error
	voyages := func(yield func(app.FleetVoyage) bool) {
		unread = voyageLines.each(ctx, g, c.File, func(line int, v navicert.Voyage, err error) bool {
			return yield(app.FleetVoyage{Line: line, Voyage: v, Err: err})
		})
	}
	err := a.CheckFleet(ctx, voyages, opt, func(r app.FleetCertificate) error {
		_ = bar.Add(1) // a bar that cannot be drawn is no reason to stop
		n++
		if r.Err != nil {
			if failed++; failed <= fewLines {
				fmt.Fprintf(g.stderr, "navicert: %s line %d: %s\n", c.File, r.Line, r.Err)
			}
			return nil
		}
		worst = worst.Stricter(r.Certificate.Verdict)
		return p.print(r.Certificate)
	})
	_ = bar.Finish()
	if err := errors.Join(err, unread, p.close()); err != nil {
		return err
	}
	if failed > 0 {
		return navicert.Errorf(navicert.Invalid, "check", c.File, "%d of %d voyages could not be checked, the first at the lines told above", failed, n)
	}
	return verdictStatus(worst)
}

// verdictStatus is the exit status for the strictest verdict given.
func verdictStatus(v navicert.Verdict) error {
	switch v {
	case navicert.Refer:
		return exitStatus(exitRefer)
	case navicert.Refuse:
		return exitStatus(exitRefuse)
	}
	return nil
}
