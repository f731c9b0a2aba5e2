package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"navicert"
	"navicert/app"
	"navicert/seal"
	"navicert/seal/bundle"
)

type verifyCmd struct {
	Key        []string `help:"The issuer's public key: a file, or the key as written (default: this installation's own)." placeholder:"FILE|KEY" sep:"none"`
	Log        string   `type:"path" help:"A copy of the issuer's log: the certificate must be in it, and it must go on from the certificate's checkpoint." placeholder:"DIR"`
	Checkpoint string   `type:"path" help:"A checkpoint of the log that you kept: the certificate's must be consistent with it." placeholder:"FILE"`
	Witness    []string `help:"A witness's public key, beside those that witness add has made known." placeholder:"FILE|KEY" sep:"none"`
	Witnesses  int      `help:"How many witnesses must have cosigned the checkpoint (default: witnesses_required of the configuration)." placeholder:"N"`

	Recompute bool `help:"Also compute each again from what this data directory holds, and compare every byte: see certificates recompute."`

	Files []string `arg:"" name:"file" type:"path" help:"Certificates with their seals, as JSON, and bundles."`
}

// Help is printed below the flags.
func (verifyCmd) Help() string {
	return `Examples:
  navicert verify certificate.json --key issuer.pub
  navicert verify bundle.zip --key issuer.pub --checkpoint kept.txt --log /mnt/log

Nothing is fetched: the public key is enough. Exit status: 0 all verify,
5 at least one does not, 1 a file could not be read, 2 wrong usage.`
}

// verifyRow is one file's report.
type verifyRow struct {
	File string `json:"file"`
	seal.Report
}

// Run verifies each file and prints every check.
func (c *verifyCmd) Run(ctx context.Context, g *globals) error {
	v, err := g.cfg.NewVerifier(app.VerifyOptions{
		Keys: c.Key, Log: c.Log, Checkpoint: c.Checkpoint, Witnesses: c.Witness, Required: c.Witnesses,
	})
	if err != nil {
		return err
	}
	var a *app.App
	if c.Recompute {
		if a, err = g.open(ctx); err != nil {
			return err
		}
		defer a.Close()
	}
	p := newPrinter(
		g,
		column[verifyRow]{"file", func(r verifyRow) string { return r.File }},
		column[verifyRow]{"certificate", func(r verifyRow) string { return r.Certificate }},
		column[verifyRow]{"verdict", func(r verifyRow) string { return strings.ToUpper(string(r.Verdict)) }},
		column[verifyRow]{"verifies", func(r verifyRow) string { return yesNo(r.OK) }},
		column[verifyRow]{"failed", func(r verifyRow) string { return failedChecks(r.Report) }},
	)
	bad, unread := 0, 0
	for _, f := range c.Files {
		r, err := v.VerifyFile(f)
		if err != nil {
			fmt.Fprintln(g.stderr, "navicert:", err)
			unread++
			continue
		}
		if c.Recompute {
			if err := recompute(ctx, a, f, &r); err != nil {
				return err
			}
		}
		if !r.OK {
			bad++
		}
		if g.format() == "table" {
			err = writeReport(g.stdout, f, r)
		} else {
			err = p.print(verifyRow{f, r})
		}
		if err != nil {
			return err
		}
	}
	if g.format() != "table" {
		if err := p.close(); err != nil {
			return err
		}
	}
	switch {
	case bad > 0:
		return exitStatus(exitUnverified)
	case unread > 0:
		return exitStatus(exitFailed)
	}
	return nil
}

// recompute adds to a file's report whether its certificate comes out the same.
func recompute(ctx context.Context, a *app.App, file string, r *seal.Report) error {
	b, err := os.ReadFile(file) // of a size that VerifyFile has taken
	if err != nil {
		return navicert.Errorf(navicert.Unavailable, "verify", file, "%w", err)
	}
	if bundle.Is(b) {
		b, err = bundle.Peek(b, bundle.CertificateName)
	}
	const check = "recompute"
	var cert navicert.Certificate
	if err == nil {
		cert, err = app.ReadCertificate(b)
	}
	if err != nil { // which other checks tell too
		r.Add(check, err, "")
		return nil
	}
	again, err := a.Recompute(ctx, cert)
	if err != nil {
		return err
	}
	if !again.Same {
		err = navicert.Errorf(navicert.Conflict, check, cert.ID, "%s", recomputedRow{again}.words())
	}
	r.Add(check, err, "the same bytes come out of what this data directory holds")
	return nil
}

func failedChecks(r seal.Report) string {
	var names []string
	for _, c := range r.Checks {
		if !c.OK {
			names = append(names, c.Check)
		}
	}
	return strings.Join(names, ", ")
}

// writeReport prints a report for a person at a terminal.
func writeReport(w io.Writer, file string, r seal.Report) error {
	var b strings.Builder
	verifies := "VERIFIED"
	if !r.OK {
		verifies = "NOT VERIFIED"
	}
	fmt.Fprintf(&b, "%s  %s\n", verifies, file)
	if r.Certificate != "" {
		fmt.Fprintf(&b, "  certificate %s: %s\n", r.Certificate, r.Verdict)
	}
	for _, c := range r.Checks {
		mark := "ok    "
		if !c.OK {
			mark = "FAILED"
		}
		fmt.Fprintf(&b, "  %s  %-16s %s\n", mark, c.Check, c.Detail)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
