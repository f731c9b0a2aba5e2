package app

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"navicert"
	"navicert/list"
	"navicert/list/all"
	"navicert/list/pull"
	"navicert/screen"
)

// PullOptions say what is fetched and from where.
type PullOptions struct {
	Lists []string          // which; empty is all there are
	From  map[string]string // other addresses than the official, by list; over Config.ListSources
	// Fetch sets the fetcher's limits.
	Fetch pull.Options
	// Began is told of each list before it is fetched; nil tells nobody.
	Began func(list string)
}

// Pulled is what became of one list.
type Pulled struct {
	list.Pull
	// InForce is the newest publication that is held and in force, which a pull
	// that failed leaves as it was.
	InForce string `json:"in_force,omitempty"`
	State   string `json:"state,omitempty"` // of that one: "current" or "stale"
}

// MaxShrink is the part of its entries that a list may lose from one
// publication to the next and still be taken unseen. OFAC's largest removal in
// a day in the publications of July and August 2026 was 97 of some 18,700, half
// a per cent; a file that was cut off or filtered on its way loses more.
const MaxShrink = 0.05

// MaxPartShrink is how many vessels, aliases or addresses may go whatever part
// of all that is, unless they all go: in a list with 20 ships, two are a tenth.
const MaxPartShrink = 10

// PullLists fetches lists from their publishers, one after the other, and keeps
// what is new. Each is kept whole or not at all, and how it went is logged: a
// list that cannot be fetched, read or trusted is told as such in its Pulled
// and leaves what is in force as it is. An error means that nothing could be
// asked or logged.
func (a *App) PullLists(ctx context.Context, o PullOptions) ([]Pulled, error) {
	sources, err := a.pullSources(o)
	if err != nil {
		return nil, err
	}
	if o.Fetch.Agent == "" {
		o.Fetch.Agent = "navicert/" + Version
	}
	if o.Fetch.Proxy == nil {
		o.Fetch.Proxy = a.cfg.Proxy
	}
	fetcher := pull.New(o.Fetch)
	states, err := a.db.PullStates(ctx, time.Time{})
	if err != nil {
		return nil, err
	}
	var out []Pulled
	for _, src := range sources {
		if o.Began != nil {
			o.Began(src.List)
		}
		var known pull.Known
		if i := slices.IndexFunc(states, func(s list.PullState) bool { return s.List == src.List }); i >= 0 && states[i].Success != nil {
			known = pull.Known{Published: states[i].Success.Publication, Files: states[i].Success.Files}
		}
		p := list.Pull{List: src.List, At: a.now()}
		if err := a.pullOne(ctx, fetcher, src, known, &p); err != nil {
			p.Outcome, p.Error, p.Files, p.Stopped = list.PullFailed, err.Error(), nil, ctx.Err() != nil
		}
		// That it was stopped is logged too.
		if err := a.db.PutPull(context.WithoutCancel(ctx), p); err != nil {
			return out, err
		}
		got, err := a.inForce(context.WithoutCancel(ctx), p)
		if err != nil {
			return out, err
		}
		out = append(out, got)
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
	}
	return out, nil
}

// pullSources are the sources that are meant, at the addresses that are meant.
func (a *App) pullSources(o PullOptions) ([]pull.Source, error) {
	const op = "lists pull"
	official := pull.Sources()
	var names []string
	for _, s := range official {
		names = append(names, s.List)
	}
	check := func(name string) error {
		if slices.Contains(names, name) {
			return nil
		}
		return navicert.Errorf(navicert.NotFound, op, name, "no address of such a list is known").WithHint("there are: " + strings.Join(names, ", "))
	}
	for _, name := range o.Lists {
		if err := check(name); err != nil {
			return nil, err
		}
	}
	at := map[string]string{}
	for _, from := range []map[string]string{a.cfg.ListSources, o.From} {
		for name, address := range from {
			if err := check(name); err != nil {
				return nil, err
			}
			at[name] = address
		}
	}
	var out []pull.Source
	for _, s := range official {
		if len(o.Lists) > 0 && !slices.Contains(o.Lists, s.List) {
			continue
		}
		if address := at[s.List]; address != "" {
			var err error
			if s, err = s.At(address); err != nil {
				return nil, err
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// pullFolder is the folder of the data directory in which files are while they
// are fetched and read.
const pullFolder = "pull"

// leftAfter is how old a folder is that a killed pull left behind.
const leftAfter = 24 * time.Hour

// pullOne fetches a list, reads it and keeps it, and fills in how it went.
func (a *App) pullOne(ctx context.Context, fetcher *pull.Fetcher, src pull.Source, known pull.Known, p *list.Pull) error {
	dir, err := a.pullDir(src.List)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) // what cannot be removed goes with the next pull
	got, err := fetcher.Fetch(ctx, src, dir, known)
	if err != nil {
		return err
	}
	p.Files = got.Files
	if got.Unchanged {
		p.Outcome, p.Publication = list.PullUnchanged, known.Published
		if err := a.sayOlder(ctx, p); err != nil {
			return err
		}
		return a.stillHeld(ctx, p)
	}
	pub, entries, err := a.readPulled(ctx, src, got, dir, p)
	if err != nil {
		return err
	}
	p.Publication, p.SHA256, p.Entries = pub.Date, pub.SHA256, pub.Entries
	if err := a.keepPulled(ctx, pub, entries, p); err != nil {
		return err
	}
	return a.sayOlder(ctx, p)
}

// sayOlder says of a pull that got a publication from before the newest in
// force that it did: a mirror has gone back, or was never brought up to date.
func (a *App) sayOlder(ctx context.Context, p *list.Pull) error {
	held, err := a.db.Publications(ctx)
	if err != nil {
		return err
	}
	newest := p.Publication
	for _, q := range held {
		if q.List == p.List && q.Date > newest {
			newest = q.Date
		}
	}
	if newest == p.Publication || p.Outcome != list.PullAdded && p.Outcome != list.PullUnchanged {
		return nil
	}
	if p.Outcome == list.PullAdded {
		p.Outcome = list.PullOlder
	}
	note := fmt.Sprintf("it is older than %s, which stays in force: has the publisher or the mirror gone back", list.Publication{List: p.List, Date: newest}.ID())
	p.Note = strings.TrimPrefix(p.Note+"; "+note, "; ")
	return nil
}

// stillHeld says again of a publication that has not changed that it waits for
// a person.
func (a *App) stillHeld(ctx context.Context, p *list.Pull) error {
	held, err := a.db.Held(ctx)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.List == p.List && h.Date == p.Publication && h.State == list.HeldOpen {
			p.Outcome, p.SHA256, p.Entries, p.Note = list.PullHeld, h.SHA256, h.Entries, h.Why
		}
	}
	return nil
}

// pullDir makes a folder for one pull and removes those that killed ones left.
func (a *App) pullDir(listName string) (string, error) {
	root := filepath.Join(a.cfg.Data, pullFolder)
	fail := func(err error) (string, error) {
		return "", navicert.Errorf(navicert.Unavailable, "lists pull", root, "%w", pathCause(err))
	}
	if err := os.MkdirAll(root, 0o700); err != nil {
		return fail(err)
	}
	left, err := os.ReadDir(root)
	if err != nil {
		return fail(err)
	}
	for _, l := range left {
		if info, err := l.Info(); err == nil && time.Since(info.ModTime()) > leftAfter {
			if err := os.RemoveAll(filepath.Join(root, l.Name())); err != nil {
				return fail(err)
			}
		}
	}
	dir, err := os.MkdirTemp(root, listName+"-")
	if err != nil {
		return fail(err)
	}
	return dir, nil
}

// readPulled reads what was fetched, dated as its publisher dates it.
func (a *App) readPulled(ctx context.Context, src pull.Source, got pull.Result, dir string, p *list.Pull) (list.Publication, []list.Entry, error) {
	fsys := os.DirFS(dir)
	f, err := formatOf(fsys, src)
	if err != nil {
		return list.Publication{}, nil, err
	}
	date := got.Published
	if date == "" && !f.Info().Dated {
		if got.Modified.IsZero() {
			return list.Publication{}, nil, navicert.Errorf(navicert.Invalid, "lists pull", src.List, "neither the files nor the server say when it was published").
				WithHint("fetch the files by hand and give the day: navicert lists import FOLDER --published YYYY-MM-DD")
		}
		date = navicert.DateOf(got.Modified)
		p.Note = "the day is that on which the server says the file was last changed"
	}
	from := got.Files[0].From
	pub, entries, err := f.Read(ctx, list.Source{FS: fsys, Name: from, Options: list.Options{Published: date, List: src.List}})
	if err != nil {
		return pub, nil, err
	}
	if today := navicert.DateOf(a.now()); pub.Date > today {
		return pub, nil, navicert.Errorf(navicert.Invalid, "lists pull", pub.ID(), "it is dated after today, %s", today).WithHint("is this machine's clock right?")
	}
	return pub, entries, nil
}

func formatOf(fsys fs.FS, src pull.Source) (list.Format, error) {
	formats, err := all.Recognise(fsys)
	if err != nil {
		return nil, err
	}
	if len(formats) != 1 {
		return nil, navicert.Errorf(navicert.Invalid, "lists pull", src.List, "what was fetched is no list that is known")
	}
	return formats[0], nil
}

// keepPulled puts a publication into force, or aside for a person.
func (a *App) keepPulled(ctx context.Context, pub list.Publication, entries []list.Entry, p *list.Pull) error {
	pub.ImportedAt = a.now()
	why, err := a.whyHold(ctx, pub, p)
	if err != nil || p.Outcome == list.PullUnchanged {
		return err
	}
	if why == "" {
		added, err := a.keepPublication(ctx, pub, entries)
		if p.Outcome = list.PullUnchanged; added {
			p.Outcome = list.PullAdded
		}
		return err
	}
	if _, err := a.db.Hold(ctx, list.Held{Publication: pub, HeldAt: pub.ImportedAt, Why: why}, entries); err != nil {
		return err
	}
	p.Outcome, p.Note = list.PullHeld, why
	return nil
}

// whyHold says why a person must look at a publication first, or "". What is
// held already, or was decided on, is an unchanged outcome.
func (a *App) whyHold(ctx context.Context, pub list.Publication, p *list.Pull) (string, error) {
	held, err := a.db.Held(ctx)
	if err != nil {
		return "", err
	}
	for _, h := range held {
		if h.List == pub.List && h.Date == pub.Date && h.SHA256 == pub.SHA256 && h.State != list.HeldOpen {
			p.Outcome = list.PullUnchanged
			p.Note = fmt.Sprintf("%s has %s it on %s: %s", h.Decision.Who, h.State, navicert.DateOf(h.Decision.At), h.Decision.Why)
			return "", nil
		}
	}
	inForce, err := a.db.Publications(ctx)
	if err != nil {
		return "", err
	}
	var before *list.Publication
	for i := range inForce {
		q := &inForce[i]
		switch {
		case q.List != pub.List:
		case q.Date == pub.Date && q.SHA256 == pub.SHA256:
			p.Outcome = list.PullUnchanged
			return "", nil
		case q.Date == pub.Date:
			return fmt.Sprintf("it was issued again on the same day with other content than %s, which is in force (sha256 %.12s, now %.12s)", q.ID(), q.SHA256, pub.SHA256), nil
		case q.Date < pub.Date:
			before = q // they come by date
		}
	}
	if before == nil {
		return "", nil
	}
	return shrunk(*before, pub), nil
}

// shrunk says what a publication has lost against the one before, if it is so
// much that a person must look, or "".
func shrunk(before, now list.Publication) string {
	for _, c := range []struct {
		what        string
		before, now int
		mayGo       int
	}{
		{"entries", before.Entries, now.Entries, 0},
		{"vessels", before.Vessels, now.Vessels, MaxPartShrink},
		{"vessels with an IMO number", before.WithIMO, now.WithIMO, MaxPartShrink},
		{"aliases", before.Aliases, now.Aliases, MaxPartShrink},
		{"addresses", before.Addresses, now.Addresses, MaxPartShrink},
	} {
		lost := c.before - c.now
		if (lost > c.mayGo || c.now == 0) && float64(lost) > MaxShrink*float64(c.before) {
			return fmt.Sprintf("it has %d %s, %s had %d: %.1f %% fewer, and more than %.0f %% is not taken unseen",
				c.now, c.what, before.ID(), c.before, 100*float64(lost)/float64(c.before), 100*MaxShrink)
		}
	}
	return ""
}

// inForce adds what a list's answers rest on after a pull.
func (a *App) inForce(ctx context.Context, p list.Pull) (Pulled, error) {
	statuses, err := a.ListStatuses(ctx, time.Time{})
	if err != nil {
		return Pulled{}, err
	}
	out := Pulled{Pull: p}
	for _, s := range statuses {
		if s.List == p.List && (s.State == string(navicert.Current) || s.State == string(navicert.Stale)) {
			out.InForce, out.State = s.ID(), s.State
		}
	}
	return out, nil
}

// Pulls returns how fetching lists has gone, the newest first.
func (a *App) Pulls(ctx context.Context, listName string, limit int) ([]list.Pull, error) {
	return a.db.Pulls(ctx, listName, limit)
}

// HeldLists returns the publications kept aside, decided or not.
func (a *App) HeldLists(ctx context.Context) ([]list.Held, error) { return a.db.Held(ctx) }

// DecideHeld accepts or rejects a publication that is kept aside: "LIST@DATE",
// and where several have that name the beginning of its hash.
func (a *App) DecideHeld(ctx context.Context, ref, sha string, state list.HeldState, d list.HeldDecision) (list.Publication, error) {
	const op = "lists held"
	held, err := a.db.Held(ctx)
	if err != nil {
		return list.Publication{}, err
	}
	var fit []list.Held
	for _, h := range held {
		if h.ID() == ref && strings.HasPrefix(h.SHA256, sha) && h.State == list.HeldOpen {
			fit = append(fit, h)
		}
	}
	switch {
	case len(fit) == 0:
		return list.Publication{}, navicert.Errorf(navicert.NotFound, op, ref, "no such publication is kept aside").
			WithHint("navicert lists held shows those that are")
	case len(fit) > 1:
		return list.Publication{}, navicert.Errorf(navicert.Invalid, op, ref, "%d publications of that day are kept aside", len(fit)).
			WithHint("say which with --sha256, the beginning of its hash")
	}
	h := fit[0]
	if d.As != "" && (d.As < h.Date || d.As > navicert.DateOf(h.Date.Start().AddDate(0, 0, 1))) {
		return list.Publication{}, navicert.Errorf(navicert.Invalid, op, ref, "it can be accepted under its own date or the next day's, not %s", d.As)
	}
	d.At = a.now()
	if today := navicert.DateOf(d.At); d.As > today {
		return list.Publication{}, navicert.Errorf(navicert.Invalid, op, ref, "%s is after today, %s", d.As, today).
			WithHint("accept it on that day: until then it would be searched by nobody")
	}
	if state != list.HeldAccepted {
		return a.db.Decide(ctx, h.List, h.Date, h.SHA256, state, d)
	}
	return a.acceptHeld(ctx, h, d)
}

// acceptHeld puts a publication into force and makes its index ready, as of one
// that did not have to wait.
func (a *App) acceptHeld(ctx context.Context, h list.Held, d list.HeldDecision) (list.Publication, error) {
	entries := make([]list.Entry, 0, h.Entries)
	for e, err := range a.db.HeldEntries(ctx, h.List, h.Date, h.SHA256) {
		if err != nil {
			return list.Publication{}, err
		}
		entries = append(entries, e)
	}
	p, err := a.db.Decide(ctx, h.List, h.Date, h.SHA256, list.HeldAccepted, d)
	if err != nil {
		return p, err
	}
	return p, a.screener.Keep(ctx, screen.Prepare(p, entries))
}
