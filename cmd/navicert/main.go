// Command navicert checks voyages: it answers clear, refer or refuse for a
// vessel, the parties behind it and a planned voyage, with the evidence.
//
// This package is the command line only: one file per command, each a struct
// whose fields are its flags and whose Run calls package app. Data enters by
// flags, files and standard input, and leaves as tables, JSON or CSV on
// standard output; errors go to standard error as one sentence.
//
//	navicert check --imo 9256860 --from VEJOT --to CNTAO --cargo crude_oil
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"navicert/app"
)

// Exit statuses; see docs/command-line.md.
const (
	exitOK         = 0
	exitFailed     = 1
	exitUsage      = 2
	exitRefer      = 3
	exitRefuse     = 4
	exitUnverified = 5
)

// commands is the command line's grammar.
type commands struct {
	globals

	Demo         demoCmd         `cmd:"" help:"Build a data directory with the founding situation (simulated vessels) and serve it."`
	Check        checkCmd        `cmd:"" help:"Check voyages and issue certificates."`
	Watch        watchCmd        `cmd:"" help:"Decide again the voyages that a change concerns, and say what changed."`
	Voyages      voyagesCmd      `cmd:"" help:"Save voyages to be watched."`
	Verify       verifyCmd       `cmd:"" help:"Verify certificates and bundles offline, by the issuer's public key."`
	Bundle       bundleCmd       `cmd:"" help:"Write a certificate with everything that it rests on to one signed file."`
	Keys         keysCmd         `cmd:"" help:"Show, rotate and export the key that certificates are sealed with."`
	Log          logCmd          `cmd:"" help:"Show, check and export the log of all certificates."`
	Witness      witnessCmd      `cmd:"" help:"Witness other installations' logs, and have this one witnessed."`
	Screen       screenCmd       `cmd:"" help:"Screen names and identifiers against the lists."`
	Lists        listsCmd        `cmd:"" help:"Import sanctions lists, show and compare their publications."`
	Ownership    ownershipCmd    `cmd:"" help:"Import facts of who owns whom, and check who a party belongs to."`
	Licences     licencesCmd     `cmd:"" help:"Keep licence records of your own, and list all that are known."`
	Subjects     subjectsCmd     `cmd:"" help:"Save subjects and see what a list's move means for them."`
	Cleared      clearedCmd      `cmd:"" help:"Remember false positives, with who, why and until when."`
	Certificates certificatesCmd `cmd:"" help:"Show certificates, also as HTML and PDF, and compute them again."`
	Settle       settleCmd       `cmd:"" help:"Record how a person settled what a certificate refers for."`
	Settlements  settlementsCmd  `cmd:"" help:"Show what has been settled, and take it back."`
	Decode       decodeCmd       `cmd:"" help:"Decode AIS into one JSON object per message."`
	Encode       encodeCmd       `cmd:"" help:"Encode such objects into NMEA sentences."`
	Replay       replayCmd       `cmd:"" help:"Read AIS into tracks and behaviour events."`
	Segments     segmentsCmd     `cmd:"" help:"Tell the ships apart that send under one MMSI, in recordings."`
	Events       eventsCmd       `cmd:"" help:"List behaviour events, and check their evidence."`
	Vessels      vesselsCmd      `cmd:"" help:"Show the identities that a ship gave itself, and whether it is laden."`
	Detect       detectCmd       `cmd:"" help:"Measure how well the detectors find what happened."`
	Feeds        feedsCmd        `cmd:"" help:"Show live feeds and when they were not heard."`
	Coverage     coverageCmd     `cmd:"" help:"Show who was heard where, by which receiver."`
	Zones        zonesCmd        `cmd:"" help:"Import, list and query zones."`
	Route        routeCmd        `cmd:"" help:"Show the way over sea lanes and the zones on it."`
	Ports        portsCmd        `cmd:"" help:"Import, list and query ports and terminals."`
	Rules        rulesCmd        `cmd:"" help:"List, test and explain rules."`
	Serve        serveCmd        `cmd:"" help:"Serve the HTTP API and the web app."`
	Simulate     simulateCmd     `cmd:"" help:"Write simulated AIS traffic."`
	Version      versionCmd      `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	stop()
	os.Exit(code)
}

// run is main without the process: tests call it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, getenv func(string) string) int {
	var cli commands
	cli.globals.init(stdin, stdout, stderr, getenv)
	exited := -1
	parser, err := kong.New(
		&cli,
		kong.Name("navicert"),
		kong.Description("Checks a voyage and says clear, refer or refuse, with every piece of evidence."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code }),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"data": defaultDataDir(getenv), "version": app.Version},
	)
	if err != nil {
		fmt.Fprintln(stderr, "navicert:", err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	kctx, err := parser.Parse(args)
	if exited >= 0 { // --help and the like have printed
		return exited
	}
	if err == nil {
		err = cli.globals.load()
	}
	if err != nil {
		fmt.Fprintln(stderr, "navicert:", err)
		fmt.Fprintln(stderr, "Run navicert --help, or navicert COMMAND --help, for what there is.")
		return exitUsage
	}
	if cli.Format == "parquet" && kctx.Selected() != nil && kctx.Selected().Name != "decode" {
		fmt.Fprintf(stderr, "navicert: --format parquet is for decode (%s writes table, json, ndjson or csv)\n", kctx.Selected().Name)
		return exitUsage
	}
	kctx.BindTo(ctx, (*context.Context)(nil))
	err = kctx.Run(&cli.globals)
	var status exitStatus
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &status):
		return int(status)
	case errors.As(err, &usage):
		fmt.Fprintln(stderr, "navicert:", err)
		return exitUsage
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(stderr, "navicert: stopped")
		return exitFailed
	case errors.Is(err, syscall.EPIPE): // the reader of our output has gone
		return exitOK
	}
	fmt.Fprintln(stderr, "navicert:", err)
	return exitFailed
}

// exitStatus is returned by commands whose status says more than done or
// failed, after they have printed their output.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// usageError is a failure of the command line itself: exit status 2.
type usageError string

func (e usageError) Error() string { return string(e) }
