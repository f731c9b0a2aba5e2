package app

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"time"

	"navicert"
	"navicert/app/demo"
)

// demoPack is the embedded pack that the demonstration needs beside its own.
const demoPack = "venezuela"

// OpenDemo opens the demonstration's data directory, building it first if it
// is not built, and returns the eight voyages with their certificates. Only
// cfg.Data is used: rules and clock are the demonstration's own. The clock
// stands at the demonstration's present when this returns, and runs on from
// there.
func OpenDemo(ctx context.Context, cfg Config, progress func(what string)) (*App, []demo.Outcome, error) {
	program, err := demoProgram()
	if err != nil {
		return nil, nil, err
	}
	o := demo.Options{Dir: cfg.Data, Program: program, Progress: progress}
	if err := demo.Prepare(o); err != nil {
		return nil, nil, err
	}
	clock := &demoClock{}
	a, err := New(ctx, Config{
		Data: cfg.Data, Clock: clock.now,
		Rules: []string{demoPack, filepath.Join(cfg.Data, demo.FilesDir, demo.PackFile)},
	})
	if err != nil {
		return nil, nil, err
	}
	outcomes, err := demo.Build(ctx, demoRun{a, clock}, o)
	if err != nil {
		return nil, nil, errors.Join(err, a.Close())
	}
	clock.run(demo.Now())
	return a, outcomes, nil
}

// demoProgram identifies what beside its own data decides how the
// demonstration comes out.
func demoProgram() (string, error) {
	rules, err := LoadRules([]string{demoPack})
	if err != nil {
		return "", err
	}
	return Version + " " + rules.Ref().SHA256, nil
}

// demoClock stands where it is set, or runs on from there.
type demoClock struct {
	at      atomic.Pointer[time.Time]
	started atomic.Pointer[time.Time]
}

func (c *demoClock) set(t time.Time) { c.at.Store(&t) }

func (c *demoClock) run(from time.Time) {
	c.set(from)
	t := time.Now()
	c.started.Store(&t)
}

func (c *demoClock) now() time.Time {
	at := c.at.Load()
	if at == nil {
		return demo.Now()
	}
	if started := c.started.Load(); started != nil {
		return at.Add(time.Since(*started))
	}
	return *at
}

// demoRun does the builder's jobs, each at its time.
type demoRun struct {
	app   *App
	clock *demoClock
}

// ImportList imports a publication of the demonstration list.
func (r demoRun) ImportList(ctx context.Context, at time.Time, dir string, published navicert.Date) error {
	r.clock.set(at)
	_, err := r.app.ImportLists(ctx, dir, ImportOptions{
		Published: published, List: demo.List, Title: "Demonstration list (simulated)", Simulated: true,
	})
	return err
}

// ImportZones imports the demonstration zones.
func (r demoRun) ImportZones(ctx context.Context, at time.Time, file string) error {
	r.clock.set(at)
	_, err := r.app.ImportZones(ctx, file)
	return err
}

// ReplayAIS replays simulated sentences.
func (r demoRun) ReplayAIS(ctx context.Context, at time.Time, file string) error {
	r.clock.set(at)
	_, err := r.app.Replay(ctx, ReplayOptions{Simulated: true}, ReplayInput{Path: file})
	return err
}

// Check asks about the time at which the clock is set: what was known then.
func (r demoRun) Check(ctx context.Context, at time.Time, v navicert.Voyage) (navicert.Certificate, error) {
	r.clock.set(at)
	return r.app.Check(ctx, v, CheckOptions{AsOf: at, KnownAt: at})
}

// Certificate gives one certificate, by its id.
func (r demoRun) Certificate(ctx context.Context, id string) (navicert.Certificate, error) {
	return r.app.db.Certificate(ctx, id)
}
