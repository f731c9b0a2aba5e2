package app

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/feed"
	"navicert/geo"
)

// EventsOf selects events of a ship by the number of its hull too.
type EventsOf struct {
	detect.Filter
	IMO navicert.IMO
}

// Events returns the events that are held, by start time. Those of an IMO number
// are the ones that name it, those of the MMSIs that it was reported with that
// name no other, and those in which such an MMSI is the other ship.
func (a *App) Events(ctx context.Context, f EventsOf) ([]navicert.Event, error) {
	if err := notYet("events", f.KnownAt, a.now()); err != nil {
		return nil, err
	}
	events, err := a.eventsOf(ctx, f)
	if err != nil {
		return nil, err
	}
	return events, besideLogs(ctx, a.db, events, f.KnownAt)
}

func (a *App) eventsOf(ctx context.Context, f EventsOf) ([]navicert.Event, error) {
	if f.IMO == 0 {
		return a.db.Events(ctx, f.Filter)
	}
	ids, err := a.db.Identities(ctx, f.IMO, 0, cmp.Or(f.To, a.now()))
	if err != nil {
		return nil, err
	}
	mmsis := map[navicert.MMSI]bool{}
	for _, id := range ids {
		mmsis[id.MMSI] = f.MMSI == 0 || id.MMSI == f.MMSI
	}
	all := f.Filter
	all.Limit = 0
	events, err := a.db.Events(ctx, all)
	if err != nil {
		return nil, err
	}
	kept := events[:0]
	for _, e := range events {
		if e.IMO == f.IMO || e.IMO == 0 && mmsis[e.MMSI] || e.Other != 0 && mmsis[e.Other] {
			kept = append(kept, e)
		}
	}
	if f.Limit > 0 && len(kept) > f.Limit {
		kept = kept[:f.Limit]
	}
	return kept, nil
}

// Event returns one event by its id or the beginning of it.
func (a *App) Event(ctx context.Context, id string, knownAt time.Time) (navicert.Event, error) {
	if err := notYet("event", knownAt, a.now()); err != nil {
		return navicert.Event{}, err
	}
	const shortest = 4
	if len(id) < shortest || strings.Trim(id, "0123456789abcdef") != "" {
		return navicert.Event{}, navicert.Errorf(navicert.Invalid, "event", strconv.Quote(id), "is no event id").
			WithHint("an id is 32 digits of 0-9 and a-f; its first " + strconv.Itoa(shortest) + " are enough where no other event begins so")
	}
	events, err := a.db.Events(ctx, detect.Filter{ID: id, KnownAt: knownAt, Limit: 2})
	switch {
	case err != nil:
		return navicert.Event{}, err
	case len(events) == 0:
		return navicert.Event{}, navicert.Errorf(navicert.NotFound, "event", id, "no such event is held").WithHint("navicert events list shows them")
	case len(events) > 1:
		return navicert.Event{}, navicert.Errorf(navicert.Conflict, "event", id, "several events begin so").WithHint("give more of the id")
	}
	err = besideLogs(ctx, a.db, events, knownAt)
	return events[0], err
}

// Reread is what came of reading a piece of evidence again where it came from.
type Reread string

// What can come of it.
const (
	RereadSame    Reread = "same"     // the record is there and says the same
	RereadDiffers Reread = "differs"  // it is there and says something else
	RereadNothing Reread = "unread"   // it cannot be read again, or says nothing that can be compared
	RereadNoFix   Reread = "no fix"   // it is no position, and so stands nowhere in a file
	RereadMissing Reread = "not here" // the source is not here
)

// CheckedEvidence is a piece of evidence of an event with what its source says
// now.
type CheckedEvidence struct {
	navicert.Evidence
	Reread Reread        `json:"reread"`
	Why    string        `json:"why,omitempty"`     // unless it is the same
	File   string        `json:"file,omitempty"`    // where it was read
	Raw    []string      `json:"raw,omitempty"`     // the sentences or the row, verbatim
	Now    *navicert.Fix `json:"decoded,omitempty"` // what they say
}

// CheckEvidence reads the fixes of an event again from the files that they came
// from, which it looks for by name in folders, and decodes them anew.
func (a *App) CheckEvidence(ctx context.Context, ev navicert.Event, folders ...string) ([]CheckedEvidence, error) {
	out := make([]CheckedEvidence, len(ev.Evidence))
	bySource := map[string][]*CheckedEvidence{}
	var sources []string
	for i, e := range ev.Evidence {
		c := &out[i]
		c.Evidence = e
		switch {
		case e.Kind != navicert.EvidenceFix:
			c.Reread = RereadNoFix
			continue
		case e.Source == "" || e.Source == "stdin":
			c.Reread, c.Why = RereadMissing, "it came from standard input and was not kept"
			continue
		case strings.Contains(e.Source, "://"):
			c.Reread, c.Why = RereadMissing, "a live feed cannot be read again"
			continue
		}
		if bySource[e.Source] == nil {
			sources = append(sources, e.Source)
		}
		bySource[e.Source] = append(bySource[e.Source], c)
	}
	for _, source := range sources {
		if err := reread(ctx, ev, source, bySource[source], folders); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// place is where a record stands in its source.
type place struct {
	line, offset int64
	of           *CheckedEvidence
}

// reread reads one source once.
func reread(ctx context.Context, ev navicert.Event, source string, of []*CheckedEvidence, folders []string) error {
	tell := func(r Reread, why string) {
		for _, c := range of {
			if c.Reread == "" {
				c.Reread, c.Why = r, why
			}
		}
	}
	path, why := findSource(source, folders)
	if path == "" {
		tell(RereadMissing, why)
		return nil
	}
	var places []place
	for _, c := range of {
		c.File = path
		p := place{of: c}
		word, number, _ := strings.Cut(c.Ref, " ")
		n, err := strconv.ParseInt(number, 10, 64)
		switch {
		case err == nil && word == "line" && n > 0:
			p.line = n
		case err == nil && word == "offset" && n >= 0:
			p.offset = n
		default:
			c.Reread, c.Why = RereadNothing, fmt.Sprintf("%q is no place in a file", c.Ref)
			continue
		}
		places = append(places, p)
	}
	s, err := feed.Open(ctx, path)
	if err != nil {
		if navicert.KindOf(err) == "" {
			return err
		}
		tell(RereadNothing, err.Error())
		return nil
	}
	defer s.Close()
	lines := &sourceLines{r: bufio.NewReaderSize(s, 256<<10)}
	if err := lines.find(ctx, places, func(p place, header string, raw []string) { compare(ctx, ev, p, header, raw) }); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		tell(RereadNothing, err.Error())
	}
	tell(RereadNothing, "the file ends before it")
	return nil
}

// findSource looks for a file by its name in folders.
func findSource(source string, folders []string) (path, why string) {
	if filepath.Base(source) != source {
		return "", "its name is not that of a file"
	}
	for _, folder := range folders {
		path := filepath.Join(folder, source)
		info, err := os.Stat(path)
		if err == nil && info.Mode().IsRegular() {
			return path, ""
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err.Error()
		}
	}
	return "", "there is no " + source + " in " + strings.Join(folders, ", ")
}

// sourceLines reads a text file line by line.
type sourceLines struct {
	r      *bufio.Reader
	number int64 // of the line at hand
	start  int64 // its offset
	next   int64 // that of the next
}

const (
	// parts is how many lines from the one named can belong to one message.
	parts = 6
	// maxRawLine is how much of a line is kept.
	maxRawLine = 64 << 10
)

// find gives each place its line and those behind it, and the file's first.
func (l *sourceLines) find(ctx context.Context, places []place, found func(p place, header string, raw []string)) error {
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.offset, b.offset)) })
	type waiting struct {
		place
		raw []string
	}
	var header string
	var open []waiting
	for len(places)+len(open) > 0 {
		if l.number%10_000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line, err := l.read()
		if err != nil && err != io.EOF {
			return err
		}
		ended := err == io.EOF && line == ""
		if !ended {
			if l.number == 1 {
				header = line
			}
			for i := range open {
				open[i].raw = append(open[i].raw, line)
			}
			for len(places) > 0 && (places[0].line == l.number || places[0].line == 0 && places[0].offset < l.next) {
				open = append(open, waiting{places[0], []string{line}})
				places = places[1:]
			}
		}
		kept := open[:0]
		for _, w := range open {
			if ended || len(w.raw) == parts {
				found(w.place, header, w.raw)
			} else {
				kept = append(kept, w)
			}
		}
		open = kept
		if ended {
			return nil
		}
	}
	return nil
}

// read returns the next line without its end; what is too long is cut.
func (l *sourceLines) read() (string, error) {
	l.start = l.next
	var line []byte
	for {
		piece, err := l.r.ReadSlice('\n')
		l.next += int64(len(piece))
		line = append(line, piece[:min(len(piece), maxRawLine-len(line))]...)
		if err == bufio.ErrBufferFull {
			continue
		}
		if err == io.EOF && l.next > l.start {
			err = nil // a last line without an end
		}
		l.number++
		return strings.TrimRight(string(line), "\r\n"), err
	}
}

// compare decodes a record anew and says whether it is what the evidence says.
func compare(ctx context.Context, ev navicert.Event, p place, header string, raw []string) {
	c := p.of
	var nearest *navicert.Fix
	try := func(text string) {
		for _, f := range decodeAgain(ctx, c.Source, text) {
			if nearest == nil && sentBy(f.MMSI, ev) {
				nearest = &f
			}
		}
	}
	// A sentence may have parts on the lines behind it; a row needs its header.
	for n := 1; n <= len(raw) && nearest == nil; n++ {
		if c.Raw = raw[:n]; p.line > 0 && n > 1 {
			break
		}
		try(strings.Join(c.Raw, "\n") + "\n")
		if nearest == nil && p.line > 1 {
			try(header + "\n" + raw[0] + "\n")
		}
	}
	if nearest == nil {
		c.Raw = raw[:1]
		c.Reread, c.Why = RereadNothing, "the line there gives no position of this ship by itself"
		return
	}
	c.Now = nearest
	at, _ := c.Position.Get()
	switch metres := geo.DistanceM(at, nearest.Pos); {
	case metres > 1:
		c.Reread, c.Why = RereadDiffers, fmt.Sprintf("the line there says %s, %.0f m away", nearest.Pos, metres)
	case nearest.TimeFrom != navicert.TimeArrival && !nearest.Time.Truncate(time.Millisecond).Equal(c.Time.Time):
		// Of several receptions the earliest counts, and the best clock.
		if d := nearest.Time.Sub(c.Time.Time).Abs(); d <= feed.SameTransmission {
			c.Reread, c.Why = RereadSame, fmt.Sprintf("received at another receiver %s apart", d)
		} else {
			c.Reread, c.Why = RereadDiffers, fmt.Sprintf("the line there says %s", navicert.At(nearest.Time))
		}
	case nearest.TimeFrom == navicert.TimeArrival:
		c.Reread, c.Why = RereadSame, "the line itself brings no time"
	default:
		c.Reread = RereadSame
	}
}

// sentBy reports whether an MMSI is one that evidence of an event can be of. That
// of an area's is of any.
func sentBy(m navicert.MMSI, ev navicert.Event) bool {
	return ev.MMSI == 0 || m == ev.MMSI || ev.Other != 0 && m == ev.Other
}

// decodeAgain reads the positions of a few lines.
func decodeAgain(ctx context.Context, source, text string) []navicert.Fix {
	var sink fixes
	// Lines that are nothing give nothing, which the caller tells.
	_, _ = feed.Read(ctx, bytes.NewReader([]byte(text)), feed.Options{Source: source, Arrival: func() time.Time { return time.Unix(0, 0).UTC() }}, &sink)
	for i := range sink {
		if sink[i].TimeFrom == navicert.TimeArrival {
			sink[i].Time = time.Time{}
		}
	}
	return sink
}

// fixes keeps what a feed brings.
type fixes []navicert.Fix

// Fix implements feed.Sink.
func (s *fixes) Fix(f *navicert.Fix) error { *s = append(*s, *f); return nil }

// Static implements feed.Sink.
func (s *fixes) Static(*navicert.Static) error { return nil }
