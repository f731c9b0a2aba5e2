// Package app wires the parts together: it opens the data directory, gives the
// packages their stores and offers the program's jobs (import a list, replay
// AIS, check a voyage, serve) to the command line, the server and tests, which
// all use the same three calls.
//
//	a, err := app.New(ctx, app.Config{Data: dir})
//	defer a.Close()
//	cert, err := a.Check(ctx, voyage, app.CheckOptions{})
package app

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"navicert/detect"
	"navicert/rule"
	"navicert/screen"
	"navicert/store"
)

// Version is the program's version; certificates carry it as their engine.
const Version = "0.1.0"

// Config is what the program can be told. The zero Config, with Data set, is
// useful.
type Config struct {
	Data  string   `yaml:"-"`
	Rules []string `yaml:"rules"` // packs in force: embedded names or files; general always is
	// FeedKey is the API key of WebSocket feeds, such as aisstream.io's.
	FeedKey string `yaml:"feed_key"`

	// ListSources are other addresses than the official ones from which lists are
	// pulled, by the list's identifier: mirrors.
	ListSources map[string]string `yaml:"list_sources"`

	// Receivers whose kind is known, beside those that are known by themselves.
	Receivers detect.Receivers `yaml:"receivers"`

	// WitnessesRequired is how many of the witnesses that are known must have
	// cosigned a checkpoint for a certificate to verify.
	WitnessesRequired int `yaml:"witnesses_required"`

	// Passphrase gives the passphrase of the private key; it is asked when that is
	// encrypted, and when one is made. Nil, or an empty answer, is none.
	Passphrase func() (string, error) `yaml:"-"`

	Clock func() time.Time                      `yaml:"-"` // nil is time.Now
	Proxy func(*http.Request) (*url.URL, error) `yaml:"-"` // through which lists are pulled; nil is none
}

// App is an open data directory with everything that works on it.
type App struct {
	cfg      Config
	db       *store.DB
	screener *screen.Screener
	owners   *screen.Ownership
	rules    func() (*rule.Set, error) // the packs in force, loaded once
	sealing

	packs     sync.Mutex
	packsKept bool // the packs in force are in the data directory

	undecided undecided
}

// New opens the data directory, making it if need be.
func New(ctx context.Context, cfg Config) (*App, error) {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	db, err := store.Open(ctx, cfg.Data)
	if err != nil {
		return nil, err
	}
	owners := screen.NewOwnership(db)
	screener := screen.New(db, db).WithOwnership(owners).WithClearings(db)
	return &App{
		cfg: cfg, db: db, screener: screener, owners: owners, rules: sync.OnceValues(cfg.RuleSet),
		sealing: newSealing(cfg, db),
	}, nil
}

// Close releases the data directory.
func (a *App) Close() error { return errors.Join(a.sealer.Close(), a.db.Close()) }

// now is the present, in UTC, to the millisecond.
func (a *App) now() time.Time { return a.cfg.Clock().UTC().Truncate(time.Millisecond) }
