package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"navicert/app"
)

// globals are the flags that every command has, and the process's streams.
type globals struct {
	Data   string `default:"${data}" type:"path" env:"NAVICERT_DATA" help:"The data directory." group:"Everywhere:"`
	Format string `short:"f" default:"auto" enum:"auto,table,json,ndjson,csv,parquet" help:"Output: table, json, ndjson, csv, for decode also parquet (auto: table on a terminal, ndjson in a pipe)." group:"Everywhere:"`
	Config string `type:"path" help:"Read settings from this navicert.yaml." group:"Everywhere:"`
	Quiet  bool   `short:"q" help:"No progress bar, no summary on standard error." group:"Everywhere:"`

	PassphraseFile string `type:"path" env:"NAVICERT_PASSPHRASE_FILE" placeholder:"FILE" help:"Read the passphrase of the sealing key from this file's first line (or NAVICERT_PASSPHRASE)." group:"Everywhere:"`

	stdin          io.Reader
	stdout, stderr io.Writer
	usual          string // the usual data directory
	getenv         func(string) string
	cfg            app.Config
}

func (g *globals) init(stdin io.Reader, stdout, stderr io.Writer, getenv func(string) string) {
	g.stdin, g.stdout, g.stderr, g.usual, g.getenv = stdin, stdout, stderr, defaultDataDir(getenv), getenv
}

// load reads the configuration file, if one is named, and puts the flags over
// it.
func (g *globals) load() error {
	cfg, err := app.LoadConfig(g.Config)
	if err != nil {
		return err
	}
	if g.Data == "" { // an empty NAVICERT_DATA names none
		g.Data = g.usual
	}
	cfg.Data = g.Data
	cfg.Proxy = http.ProxyFromEnvironment
	cfg.Passphrase = g.passphrase(g.getenv)
	g.cfg = cfg
	return nil
}

// open opens the data directory, making it if need be. Close the App.
func (g *globals) open(ctx context.Context) (*app.App, error) { return app.New(ctx, g.cfg) }

// defaultDataDir is the user's data directory for navicert.
func defaultDataDir(getenv func(string) string) string {
	if d := getenv("XDG_DATA_HOME"); d != "" {
		return filepath.Join(d, "navicert")
	}
	if h := getenv("HOME"); h != "" {
		return filepath.Join(h, ".local", "share", "navicert")
	}
	return "navicert-data"
}

// format resolves "auto".
func (g *globals) format() string {
	if g.Format != "auto" && g.Format != "" {
		return g.Format
	}
	if isTerminal(g.stdout) {
		return "table"
	}
	return "ndjson"
}

// note prints a line for the user on standard error unless --quiet.
func (g *globals) note(format string, args ...any) {
	if !g.Quiet {
		fmt.Fprintf(g.stderr, format+"\n", args...)
	}
}

// progress returns a bar on standard error that appears after a second when
// that is a terminal and standard output, which lines go to, is none; total is
// -1 when it is not known. Finish it.
func (g *globals) progress(total int64, what string, opts ...progressbar.Option) *progressbar.ProgressBar {
	if g.Quiet || !isTerminal(g.stderr) || (isTerminal(g.stdout) && g.format() != "table") {
		return progressbar.DefaultSilent(total, what)
	}
	return progressbar.NewOptions64(total, append([]progressbar.Option{
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetWriter(delayedWriter{g.stderr, time.Now()}),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100 * time.Millisecond),
		progressbar.OptionClearOnFinish(),
	}, opts...)...)
}

// inBytes makes a bar count bytes.
func inBytes() progressbar.Option { return progressbar.OptionShowBytes(true) }

// delayedWriter swallows what is written in the first second, so that quick
// commands show no bar.
type delayedWriter struct {
	w     io.Writer
	start time.Time
}

// Write implements io.Writer.
func (d delayedWriter) Write(p []byte) (int, error) {
	if time.Since(d.start) < time.Second {
		return len(p), nil
	}
	return d.w.Write(p)
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
