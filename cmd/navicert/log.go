package main

import (
	"context"
	"fmt"

	"navicert/app"
	"navicert/seal"
	"navicert/seal/tlog"
)

type logCmd struct {
	Check      logCheckCmd      `cmd:"" default:"withargs" help:"Read the whole log: is it whole, and is every certificate in it once?"`
	Checkpoint logCheckpointCmd `cmd:"" help:"Print the newest checkpoint, to keep or to have it witnessed."`
	Seal       logSealCmd       `cmd:"" help:"Seal the certificates that have no seal yet."`
}

// Help is printed below the flags.
func (logCmd) Help() string {
	return `The log is the folder log/ of the data directory, in the form of tlog-tiles; a copy of
it can be given to anybody. It holds identifiers and digests, and nothing of what
certificates say.

Examples:
  navicert log check
  navicert log checkpoint > kept.txt`
}

type logCheckCmd struct{}

// Help is printed below the flags.
func (logCheckCmd) Help() string {
	return `Exit status 5 when it is not.

Example:
  navicert log check`
}

// Run audits the log.
func (logCheckCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	audit, err := a.AuditLog(ctx)
	if err != nil {
		return err
	}
	count := func(n int) string { return fmt.Sprint(n) }
	p := newPrinter(
		g,
		column[tlog.Audit]{"log", func(r tlog.Audit) string { return r.Log }},
		column[tlog.Audit]{"entries", func(r tlog.Audit) string { return fmt.Sprint(r.Entries) }},
		column[tlog.Audit]{"issued", func(r tlog.Audit) string { return count(r.Issued) }},
		column[tlog.Audit]{"unsealed", func(r tlog.Audit) string { return count(r.Unsealed) }},
		column[tlog.Audit]{"missing", func(r tlog.Audit) string { return count(len(r.Missing)) }},
		column[tlog.Audit]{"twice", func(r tlog.Audit) string { return count(len(r.Twice)) }},
		column[tlog.Audit]{"unknown", func(r tlog.Audit) string { return count(len(r.Unknown)) }},
		column[tlog.Audit]{"root", func(r tlog.Audit) string { return yesNo(r.Root) }},
	)
	if err := p.print(audit); err != nil {
		return err
	}
	if err := p.close(); err != nil {
		return err
	}
	if !audit.OK() {
		g.note("navicert: log check: %v", audit.Err())
		return exitStatus(exitUnverified)
	}
	return nil
}

type logCheckpointCmd struct {
	Since uint64 `help:"Add the proof that the log goes on from this size, which a witness asks for." placeholder:"SIZE"`
}

// Help is printed below the flags.
func (logCheckpointCmd) Help() string {
	return `Example:
  navicert log checkpoint --since 120 > request.txt`
}

// Run prints the checkpoint, or a witness's request.
func (c *logCheckpointCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	r, err := a.LogRequest(c.Since)
	if err != nil {
		return err
	}
	out := r.Checkpoint
	if c.Since > 0 {
		out = r.Marshal()
	}
	_, err = g.stdout.Write(out)
	return err
}

type logSealCmd struct{}

// Help is printed below the flags.
func (logSealCmd) Help() string {
	return `They are those that a process left that was killed, and those of earlier versions;
the next check seals them too.

Example:
  navicert log seal`
}

// Run seals what waits.
func (logSealCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	return a.SealWaiting(ctx)
}

type witnessCmd struct {
	Add    witnessAddCmd    `cmd:"" help:"Make a witness of this log known, by its public key."`
	List   witnessListCmd   `cmd:"" help:"List the witnesses that are known."`
	Sign   witnessSignCmd   `cmd:"" help:"Cosign another installation's checkpoint, as its witness."`
	Import witnessImportCmd `cmd:"" help:"Keep a checkpoint of this log that a witness has cosigned."`
}

// Help is printed below the flags.
func (witnessCmd) Help() string {
	return `Two installations witness each other by files: the issuer writes a request, the
witness cosigns it, and the issuer imports what comes back. A witness cosigns only
what goes on from what it cosigned before.

Examples:
  navicert log checkpoint > request.txt
  navicert witness sign request.txt --key issuer.pub > cosigned.txt
  navicert witness import cosigned.txt`
}

type witnessAddCmd struct {
	Name string `arg:"" help:"What to call it."`
	Key  string `arg:"" help:"Its public key: a file, or the key as written."`
}

// Help is printed below the flags.
func (witnessAddCmd) Help() string {
	return `Example:
  navicert witness add club witness.pub`
}

// Run makes a witness known.
func (c *witnessAddCmd) Run(ctx context.Context, g *globals) error {
	keys, err := app.ReadKeys(c.Key)
	if err != nil {
		return err
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	w, err := a.AddWitness(ctx, c.Name, keys.Key)
	if err != nil {
		return err
	}
	return printWitnesses(g, seal.Witnesses{w})
}

type witnessListCmd struct{}

// Help is printed below the flags.
func (witnessListCmd) Help() string {
	return `Example:
  navicert witness list`
}

// Run lists the witnesses.
func (witnessListCmd) Run(g *globals) error {
	ws, err := g.cfg.Witnesses()
	if err != nil {
		return err
	}
	return printWitnesses(g, ws)
}

func printWitnesses(g *globals, ws seal.Witnesses) error {
	p := newPrinter(
		g,
		column[seal.Witness]{"name", func(w seal.Witness) string { return w.Name }},
		column[seal.Witness]{"key", func(w seal.Witness) string { return w.Key }},
	)
	for _, w := range ws {
		if err := p.print(w); err != nil {
			return err
		}
	}
	return p.close()
}

type witnessSignCmd struct {
	File string `arg:"" type:"path" help:"The request: what log checkpoint printed."`
	Key  string `help:"The log's public key, needed the first time and when it has changed: a file, or the key as written." placeholder:"FILE|KEY"`
}

// Help is printed below the flags.
func (witnessSignCmd) Help() string {
	return `Example:
  navicert witness sign request.txt --key issuer.pub > cosigned.txt`
}

// Run prints the cosigned checkpoint.
func (c *witnessSignCmd) Run(ctx context.Context, g *globals) error {
	var keys *seal.Keys
	if c.Key != "" {
		k, err := app.ReadKeys(c.Key)
		if err != nil {
			return err
		}
		keys = &k
	}
	request, err := app.ReadSmall("witness sign", c.File)
	if err != nil {
		return err
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	cosigned, err := a.WitnessSign(ctx, request, keys)
	if err != nil {
		return err
	}
	_, err = g.stdout.Write(cosigned)
	return err
}

type witnessImportCmd struct {
	File string `arg:"" type:"path" help:"The cosigned checkpoint."`
}

// Help is printed below the flags.
func (witnessImportCmd) Help() string {
	return `Example:
  navicert witness import cosigned.txt`
}

// witnessedRow says what was kept.
type witnessedRow struct {
	Log       string   `json:"log"`
	Size      uint64   `json:"size"`
	Witnesses []string `json:"witnesses"`
}

// Run keeps a cosigned checkpoint.
func (c *witnessImportCmd) Run(ctx context.Context, g *globals) error {
	b, err := app.ReadSmall("witness import", c.File)
	if err != nil {
		return err
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	kept, err := a.WitnessImport(ctx, b)
	if err != nil {
		return err
	}
	p := newPrinter(
		g,
		column[witnessedRow]{"log", func(r witnessedRow) string { return r.Log }},
		column[witnessedRow]{"size", func(r witnessedRow) string { return fmt.Sprint(r.Size) }},
		column[witnessedRow]{"witnesses", func(r witnessedRow) string { return fmt.Sprint(r.Witnesses) }},
	)
	if err := p.print(witnessedRow{kept.Log, kept.Size, kept.Witnesses}); err != nil {
		return err
	}
	return p.close()
}
