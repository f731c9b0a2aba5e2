package main

import (
	"context"
	"errors"
	"os"
	"strings"

	"navicert"
	"navicert/app"
	"navicert/paper"
)

// paperFlags write a certificate as a document.
type paperFlags struct {
	HTML string `name:"html" type:"path" help:"Write the certificate as a page to read and print." placeholder:"FILE" group:"A document:"`
	PDF  string `name:"pdf" type:"path" help:"Write it as a PDF file, A4." placeholder:"FILE" group:"A document:"`
}

// paperFile is a document that is to be written.
type paperFile struct {
	*outFile
	set func(navicert.Certificate) ([]byte, error)
}

// create opens the files, before anything is issued that is to be in them.
func (p paperFlags) create() ([]paperFile, error) {
	var files []paperFile
	for _, form := range []struct {
		name string
		set  func(navicert.Certificate) ([]byte, error)
	}{{p.HTML, paper.HTML}, {p.PDF, paper.PDF}} {
		if form.name == "" {
			continue
		}
		f, err := createOut(form.name)
		if err != nil {
			discardAll(files)
			return nil, err
		}
		files = append(files, paperFile{f, form.set})
	}
	return files, nil
}

// write sets the certificate in this form. The file is there whole or not at all.
func (p paperFile) write(c navicert.Certificate) error {
	b, err := p.set(c)
	if err != nil {
		p.discard()
		return err
	}
	return p.finish(b)
}

// writeAll sets the certificate in each form; one that fails keeps no other back.
func writeAll(files []paperFile, c navicert.Certificate) error {
	var errs []error
	for _, f := range files {
		errs = append(errs, f.write(c))
	}
	return errors.Join(errs...)
}

func discardAll(files []paperFile) {
	for _, f := range files {
		f.discard()
	}
}

type certificatesCmd struct {
	Show      certificatesShowCmd      `cmd:"" help:"Show a certificate that was issued, also as HTML and PDF."`
	Recompute certificatesRecomputeCmd `cmd:"" help:"Compute certificates again from what they were computed from."`
}

// Help is printed below the flags.
func (certificatesCmd) Help() string {
	return `Examples:
  navicert certificates show A-1 --pdf certificate.pdf
  navicert certificates recompute A-1`
}

type certificatesShowCmd struct {
	Of string `arg:"" name:"certificate" help:"Its id or the first digits of it; or your reference of the voyage, whose newest is meant."`
	paperFlags
}

// Help is printed below the flags.
func (certificatesShowCmd) Help() string {
	return `The same certificate gives the same bytes in each form.

Examples:
  navicert certificates show 5f2a --format table
  navicert certificates show A-1 --pdf certificate.pdf --html certificate.html`
}

// Run prints it, or writes it as documents.
func (c *certificatesShowCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	cert, err := a.FindCertificate(ctx, c.Of)
	if err != nil {
		return err
	}
	if c.paperFlags != (paperFlags{}) {
		files, err := c.create()
		if err != nil {
			return err
		}
		return writeAll(files, cert)
	}
	if g.format() == "table" {
		return writeCertificate(g.stdout, cert)
	}
	return printCertificates(g, []navicert.Certificate{cert})
}

type certificatesRecomputeCmd struct {
	Of []string `arg:"" name:"certificate" help:"Ids, or references of voyages; or files of one certificate each, as JSON."`
}

// Help is printed below the flags.
func (certificatesRecomputeCmd) Help() string {
	return `Decides the voyage again as known at the certificate's known_at, under the rule
packs that it names, and compares every byte but the seal. What differs is told
field by field, with why: a publication that this data directory does not hold,
rules that are others.

Examples:
  navicert certificates recompute A-1
  navicert certificates recompute certificate.json --format table

Exit status: 0 all come out the same, 5 at least one differs or cannot be computed
again, 1 failed, 2 wrong usage.`
}

// recomputedRow is one field that differs, or that nothing does.
type recomputedRow struct {
	app.Recomputation
}

// Run recomputes each.
func (c *certificatesRecomputeCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	p := newPrinter(
		g,
		column[recomputedRow]{"certificate", func(r recomputedRow) string { return r.Certificate }},
		column[recomputedRow]{"same", func(r recomputedRow) string { return yesNo(r.Same) }},
		column[recomputedRow]{"differs", recomputedRow.words},
	)
	differs := false
	for _, of := range c.Of {
		cert, err := certificateOf(ctx, a, of)
		if err != nil {
			return errors.Join(err, p.close())
		}
		r, err := a.Recompute(ctx, cert)
		if err != nil {
			return errors.Join(err, p.close())
		}
		differs = differs || !r.Same
		if err := p.print(recomputedRow{r}); err != nil {
			return err
		}
	}
	if err := p.close(); err != nil {
		return err
	}
	if differs {
		return exitStatus(exitUnverified)
	}
	return nil
}

func (r recomputedRow) words() string {
	lines := []string{}
	if r.Cannot != "" {
		lines = append(lines, r.Cannot)
	}
	for _, d := range r.Differences {
		lines = append(lines, d.Path+": "+d.Before+" → "+d.Now+": "+d.Why)
	}
	return strings.Join(lines, "\n")
}

// certificateOf reads a certificate from a file, or finds it in the data
// directory.
func certificateOf(ctx context.Context, a *app.App, of string) (navicert.Certificate, error) {
	if _, err := os.Stat(of); err != nil { // no file: an id, and when there is none of it that is told
		return a.FindCertificate(ctx, of)
	}
	return app.ReadCertificateFile(of)
}
