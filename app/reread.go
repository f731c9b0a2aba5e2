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
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/feed"
	"navicert/geo"
)

// Reread is what came of reading a position again where it came from.
type Reread string

// What can come of it.
const (
	RereadSame    Reread = "same"     // the record is there and says the same
	RereadDiffers Reread = "differs"  // it is there and says something else
	RereadNothing Reread = "unread"   // it cannot be read again, or says nothing that can be compared
	RereadNoFix   Reread = "no fix"   // it is no position, and so stands nowhere in a file
	RereadMissing Reread = "not here" // the source is not here
)

// Reading is what a source says now at the place of a position.
type Reading struct {
	Reread Reread        `json:"reread"`
	Why    string        `json:"why,omitempty"`     // unless it is the same
	File   string        `json:"file,omitempty"`    // where it was read
	Raw    []string      `json:"raw,omitempty"`     // the sentences or the row, verbatim
	Now    *navicert.Fix `json:"decoded,omitempty"` // what they say
}

func (r *Reading) is(what Reread, why string) {
	if r.Reread == "" {
		r.Reread, r.Why = what, why
	}
}

// sought is a position that is to be read again.
type sought struct {
	source       string
	line, offset int64 // where it stands there
	of           func(navicert.MMSI) bool
	pos          navicert.Position
	at           time.Time
	reading      *Reading
}

// stands reads where a record stands in its source.
func (r *sought) stands(ref string) error {
	word, number, _ := strings.Cut(ref, " ")
	n, err := strconv.ParseInt(number, 10, 64)
	switch {
	case err == nil && word == "line" && n > 0:
		r.line = n
	case err == nil && word == "offset" && n >= 0:
		r.offset = n
	default:
		return fmt.Errorf("%q is no place in a file", ref)
	}
	return nil
}

// rereader reads records again from files, which it looks for by name in folders,
// and what came of live feeds and standard input from what was recorded of them.
// Records behind those that it has read already cost no second reading of the file.
type rereader struct {
	folders []string
	records []string // folders in which there may be records
	files   map[string]*sourceFile
}

// rereader makes one that knows the folders of records that are remembered. Close
// it.
func (a *App) rereader(ctx context.Context, folders []string) (*rereader, error) {
	remembered, err := a.db.RecordFolders(ctx)
	return &rereader{folders: folders, records: append(slices.Clone(folders), remembered...)}, err
}

// maxReread is how many files are held open.
const maxReread = 16

// read fills in the readings of records. It fails only when the context ends or
// a file that is there cannot be read.
func (r *rereader) read(ctx context.Context, wanted []*sought) error {
	bySource := map[string][]*sought{}
	for _, s := range wanted {
		bySource[s.source] = append(bySource[s.source], s)
	}
	for _, source := range slices.Sorted(maps.Keys(bySource)) {
		read := r.readSource
		if source == "" || source == "stdin" || strings.Contains(source, "://") {
			read = r.readRecorded
		}
		if err := read(ctx, source, bySource[source]); err != nil {
			return err
		}
	}
	return nil
}

// readSource reads the records of one file.
func (r *rereader) readSource(ctx context.Context, source string, wanted []*sought) error {
	path, why := findSource(source, r.folders)
	for _, s := range wanted {
		if s.reading.File = path; path == "" {
			s.reading.is(RereadMissing, why)
		}
	}
	return r.readPlaces(ctx, path, wanted, func(*sought) (*sourceFile, error) {
		s, err := feed.Open(ctx, path)
		if err != nil {
			return nil, err
		}
		return &sourceFile{s: s, r: bufio.NewReaderSize(s, 256<<10)}, nil
	})
}

// readPlaces reads records of which none is of another file or run; path is what it
// is known by.
func (r *rereader) readPlaces(ctx context.Context, path string, wanted []*sought, open func(first *sought) (*sourceFile, error)) error {
	var places []*sought
	for _, s := range wanted {
		if s.reading.Reread == "" {
			places = append(places, s)
		}
	}
	if len(places) == 0 {
		return nil
	}
	tell := func(why string) {
		for _, s := range places {
			s.reading.is(RereadNothing, why)
		}
	}
	slices.SortStableFunc(places, func(a, b *sought) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.offset, b.offset)) })
	f, err := r.file(path, places[0], open)
	if err != nil {
		if navicert.KindOf(err) == "" {
			return err
		}
		tell(err.Error())
		return nil
	}
	if err := f.find(ctx, places, func(s *sought, raw []sourceLine) { compare(ctx, s, f, raw) }); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		tell(err.Error())
	}
	tell("the file ends before it")
	return nil
}

// file opens a file, or gives the open one when that has not been read beyond a
// record.
func (r *rereader) file(path string, first *sought, open func(first *sought) (*sourceFile, error)) (*sourceFile, error) {
	f := r.files[path]
	if f != nil && !f.beyond(first) {
		return f, nil
	}
	if f != nil {
		_ = f.s.Close()
		delete(r.files, path)
	}
	if len(r.files) >= maxReread {
		r.close()
	}
	f, err := open(first)
	if err != nil {
		return nil, err
	}
	if r.files == nil {
		r.files = map[string]*sourceFile{}
	}
	r.files[path] = f
	return f, nil
}

func (r *rereader) close() {
	for path, f := range r.files {
		_ = f.s.Close()
		delete(r.files, path)
	}
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

// sourceFile reads a text file line by line.
type sourceFile struct {
	s      io.Closer
	r      *bufio.Reader
	header string       // the first line
	number int64        // of the line read last; in a record they have none
	next   int64        // offset of the next
	last   []sourceLine // the lines read last
	again  []sourceLine // of them those that are to be given again

	recorded bool  // it is the record of a source
	headerAt int64 // offset of the first line
}

// sourceLine is a line without its end.
type sourceLine struct {
	text               string
	number, start, end int64 // end: where the next begins
}

const (
	// parts is how many lines from the one named can belong to one message.
	parts = 6
	// maxRawLine is how much of a line is kept.
	maxRawLine = 64 << 10
)

// beyond reports whether the file has been read too far for a record.
func (f *sourceFile) beyond(rec *sought) bool {
	if len(f.last) == 0 {
		return false
	}
	if rec.line > 0 {
		return rec.line < f.last[0].number
	}
	return rec.offset < f.last[0].start
}

// within reports whether a record stands on a line, or before it.
func (s *sought) within(l *sourceLine) bool {
	if s.line > 0 {
		return s.line == l.number
	}
	return s.offset < l.end
}

// find gives each record, in the order of their places, its line and those
// behind it.
func (f *sourceFile) find(ctx context.Context, places []*sought, found func(rec *sought, raw []sourceLine)) error {
	type waiting struct {
		*sought
		raw []sourceLine
	}
	var open []waiting
	f.again = f.last
	for n := 0; len(places)+len(open) > 0; n++ {
		if n%10_000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line, err := f.read()
		if err != nil && err != io.EOF {
			return err
		}
		ended := err == io.EOF
		if !ended {
			for i := range open {
				open[i].raw = append(open[i].raw, line)
			}
			for len(places) > 0 && places[0].within(&line) {
				open = append(open, waiting{places[0], []sourceLine{line}})
				places = places[1:]
			}
		}
		kept := open[:0]
		for _, w := range open {
			if ended || len(w.raw) == parts {
				found(w.sought, w.raw)
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

// read returns the next line; what is too long is cut.
func (f *sourceFile) read() (sourceLine, error) {
	if len(f.again) > 0 {
		line := f.again[0]
		f.again = f.again[1:]
		return line, nil
	}
	start := f.next
	var text []byte
	for {
		piece, err := f.r.ReadSlice('\n')
		f.next += int64(len(piece))
		text = append(text, piece[:min(len(piece), maxRawLine-len(text))]...)
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil && (err != io.EOF || f.next == start) { // a last line may lack its end
			return sourceLine{}, err
		}
		break
	}
	if !f.recorded {
		f.number++
	}
	line := sourceLine{strings.TrimRight(string(text), "\r\n"), f.number, start, f.next}
	if f.number == 1 {
		f.header = line.text
	}
	if len(f.last) == parts {
		f.last = slices.Delete(f.last, 0, 1)
	}
	f.last = append(f.last, line)
	return line, nil
}

// compare decodes a record anew and says whether it is what was noted of it.
func compare(ctx context.Context, rec *sought, in *sourceFile, raw []sourceLine) {
	c := rec.reading
	row := rec.line > 1 || in.recorded && raw[0].start > in.headerAt // needs the header, if it is one
	// A sentence may have parts on the lines behind it.
	for n := 1; n <= len(raw) && c.Now == nil && (rec.line == 0 || n == 1); n++ {
		c.Raw = texts(raw[:n])
		c.Now = rec.nearest(decodeAgain(ctx, rec.source, raw[:n]))
		if c.Now == nil && row && n == 1 {
			header := sourceLine{text: in.header, start: in.headerAt}
			c.Now = rec.nearest(slices.DeleteFunc(decodeAgain(ctx, rec.source, []sourceLine{header, raw[0]}), func(f navicert.Fix) bool {
				return f.Ref.Offset < raw[0].start
			}))
		}
	}
	if c.Now == nil {
		c.Raw = texts(raw[:1])
		c.is(RereadNothing, "the line there gives no position of this ship by itself")
		return
	}
	switch metres := geo.DistanceM(rec.pos, c.Now.Pos); {
	case metres > sameMetres:
		c.is(RereadDiffers, fmt.Sprintf("the line there says %s, %.0f m away", c.Now.Pos, metres))
	case c.Now.TimeFrom == navicert.TimeArrival:
		c.is(RereadSame, "the line itself brings no time")
	case !rec.sameTime(c.Now):
		// Of several receptions the earliest counts, and the best clock.
		if d := c.Now.Time.Sub(rec.at).Abs(); d <= feed.SameTransmission {
			c.is(RereadSame, fmt.Sprintf("received at another receiver %s apart", d))
		} else {
			c.is(RereadDiffers, fmt.Sprintf("the line there says %s", navicert.At(c.Now.Time)))
		}
	default:
		c.is(RereadSame, "")
	}
}

// sameMetres is how far apart positions may lie that are the same.
const sameMetres = 1

func (r *sought) sameTime(f *navicert.Fix) bool {
	return f.Time.Truncate(time.Millisecond).Equal(r.at.Truncate(time.Millisecond))
}

// nearest is the position of the ship that says what was noted of the record,
// or else the first one.
func (r *sought) nearest(all []navicert.Fix) *navicert.Fix {
	var first *navicert.Fix
	for i := range all {
		f := &all[i]
		switch {
		case !r.of(f.MMSI):
		case geo.DistanceM(r.pos, f.Pos) <= sameMetres && r.sameTime(f):
			return f
		case first == nil:
			first = f
		}
	}
	return first
}

func texts(lines []sourceLine) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.text
	}
	return out
}

// decodeAgain reads the positions of a few lines, with the places that they have
// in the source.
func decodeAgain(ctx context.Context, source string, lines []sourceLine) []navicert.Fix {
	text := []byte(strings.Join(texts(lines), "\n") + "\n")
	var sink fixes
	// Lines that are nothing give nothing, which the caller tells.
	_, _ = feed.Read(ctx, bytes.NewReader(text), feed.Options{Source: source, Arrival: func() time.Time { return time.Unix(0, 0).UTC() }}, &sink)
	for i := range sink {
		f := &sink[i]
		if f.TimeFrom == navicert.TimeArrival {
			f.Time = time.Time{}
		}
		n := 0 // the line that it begins on
		for at := f.Ref.Offset; n < len(lines)-1 && at > int64(len(lines[n].text)); n++ {
			at -= int64(len(lines[n].text)) + 1
			f.Ref.Offset = at
		}
		f.Ref.Offset += lines[n].start
		if f.Ref.Line > 0 {
			f.Ref.Line = lines[n].number
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
