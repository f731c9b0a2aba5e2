package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/list"
	"navicert/list/all"
	"navicert/screen"
)

// ImportOptions are what the user may say about the publications in a folder.
// What is empty is taken from the files, the folder's name and the format.
type ImportOptions struct {
	Published  navicert.Date
	List       string // identifier to keep it under
	Title      string
	MaxAgeDays int
	Simulated  bool
}

// ImportedList is one publication that was read.
type ImportedList struct {
	list.Publication
	Added bool   `json:"added"`          // false: the same content was held already
	Note  string `json:"note,omitempty"` // what was assumed
}

// ImportLists reads every publication that a folder holds, or the one that a
// file is, and keeps it. A
// publication is kept whole or not at all, and nothing is kept unless all of
// the folder's were read. The same files again, without another date, change
// nothing.
func (a *App) ImportLists(ctx context.Context, path string, o ImportOptions) ([]ImportedList, error) {
	const op = "lists import"
	dir, err := folder(path)
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, op, path, "%w", pathCause(err))
	}
	today := navicert.DateOf(a.now())
	formats, err := all.Recognise(dir)
	switch {
	case err != nil:
		return nil, err
	case len(formats) == 0:
		return nil, navicert.Errorf(navicert.Unsupported, op, path, "no list that is known lies in it").WithHint("looked for: " + lookedFor())
	case len(formats) > 1 && (o.List != "" || o.Title != ""):
		return nil, navicert.Errorf(navicert.Invalid, op, path, "it holds %d lists, and only one can be given this name", len(formats)).
			WithHint("put the files of each into a folder of its own")
	case o.Published > today:
		return nil, navicert.Errorf(navicert.Invalid, op, path, "published %s is after today, %s", o.Published, today)
	}
	type read struct {
		pub     list.Publication
		entries []list.Entry
		note    string
	}
	var all []read
	for _, f := range formats {
		in := list.PublishedIn{Date: o.Published, Earliest: o.Published}
		if in.Date == "" && !f.Info().Dated {
			if in, err = publishedIn(path, today); err != nil {
				return nil, err
			}
		}
		p, entries, err := f.Read(ctx, list.Source{FS: dir, Name: path, Base: a.version, Options: list.Options{
			Published: in.Date, List: o.List, Title: o.Title, MaxAgeDays: o.MaxAgeDays, Simulated: o.Simulated,
		}})
		if err != nil {
			return nil, err
		}
		if p.Date > today {
			return nil, navicert.Errorf(navicert.Invalid, op, path, "it states that it was published on %s, after today, %s", p.Date, today)
		}
		p.ImportedAt = a.now()
		if !in.Exact() {
			p.Earliest = in.Earliest
			p.Title += ", of " + string(in.Earliest)[:len("2006-01")] + ", day not known"
		}
		all = append(all, read{p, entries, in.Note()})
	}
	out := make([]ImportedList, 0, len(all))
	for _, r := range all {
		got, err := a.putList(ctx, r.pub, r.entries, r.note)
		if err != nil {
			return out, err
		}
		out = append(out, got)
	}
	return out, nil
}

// version returns the publication of a list that its publisher gave a number,
// the latest of them if there are two, with its entries.
func (a *App) version(ctx context.Context, listName, version string) (list.Publication, []list.Entry, error) {
	held, err := a.db.Publications(ctx)
	if err != nil {
		return list.Publication{}, nil, err
	}
	for _, p := range slices.Backward(held) {
		if p.List == listName && p.Version == version {
			entries, err := a.entries(ctx, p)
			return p, entries, err
		}
	}
	return list.Publication{}, nil, navicert.Errorf(navicert.NotFound, "lists", listName, "version %s is not held", version)
}

// putList keeps one publication, unless its content is held already and its
// own date is only assumed.
func (a *App) putList(ctx context.Context, p list.Publication, entries []list.Entry, note string) (ImportedList, error) {
	held, err := a.db.Publications(ctx)
	if err != nil {
		return ImportedList{}, err
	}
	for _, h := range held {
		if h.List != p.List || h.SHA256 != p.SHA256 || h.Date == p.Date {
			continue
		}
		if note != "" {
			return ImportedList{Publication: h, Note: "the same files are held as " + h.ID()}, nil
		}
		note = "the same files are held as " + h.ID() + " too"
	}
	added, err := a.keepPublication(ctx, p, entries)
	return ImportedList{Publication: p, Added: added, Note: note}, err
}

// keepPublication stores a publication, whole or not at all, and makes its index
// ready. The index is built while the entries are written: each takes one
// processor for about as long as the other.
func (a *App) keepPublication(ctx context.Context, p list.Publication, entries []list.Entry) (added bool, err error) {
	built := make(chan *screen.Prepared, 1)
	go func() { built <- screen.Prepare(p, entries) }()
	added, err = a.db.Put(ctx, p, entries)
	index := <-built
	if err != nil || !added {
		return false, err
	}
	return true, a.screener.Keep(ctx, index)
}

// folder is the folder at a path, or, where the path is a file, a view that
// holds only that file.
func folder(path string) (fs.FS, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return os.DirFS(path), nil
	}
	return list.OnlyFile(os.DirFS(filepath.Dir(path)), filepath.Base(path)), nil
}

// publishedIn is what the name of the folder or file says of the day of
// publication; a file's that says nothing leaves it to its folder's.
func publishedIn(path string, today navicert.Date) (list.PublishedIn, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return list.PublishedIn{}, navicert.Errorf(navicert.Unavailable, "lists import", path, "%w", err)
	}
	in, err := list.DateFromName(filepath.Base(abs), today)
	if info, serr := os.Stat(path); err != nil && serr == nil && !info.IsDir() {
		if above, aerr := list.DateFromName(filepath.Base(filepath.Dir(abs)), today); aerr == nil {
			return above, nil
		}
	}
	return in, err
}

func lookedFor() string {
	var files []string
	for _, f := range all.Formats() {
		files = append(files, f.Info().Files)
	}
	return strings.Join(files, "; or ")
}

func pathCause(err error) error {
	if p := (*os.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}

// ListStatus is a publication as it stands on a day.
type ListStatus struct {
	list.Publication
	AgeDays int    `json:"age_days"`
	State   string `json:"state"` // "current" or "stale"; "superseded" by a later one; "later" than the day

	// Of the list's newest publication, when the list has been pulled: when its
	// publisher was last asked, last heard, and what went wrong since.
	Tried  *time.Time `json:"pull_tried,omitempty"`
	Pulled *time.Time `json:"pull_succeeded,omitempty"`
	Error  string     `json:"pull_error,omitempty"`
}

// ListStatuses returns every publication held, by list and date, as it stands
// at a time; zero is now.
func (a *App) ListStatuses(ctx context.Context, asOf time.Time) ([]ListStatus, error) {
	held, err := a.db.Publications(ctx)
	if err != nil {
		return nil, err
	}
	if asOf.IsZero() {
		asOf = a.now()
	}
	on := navicert.DateOf(asOf)
	out := make([]ListStatus, len(held))
	for i, p := range held {
		s := ListStatus{Publication: p, AgeDays: p.AgeDays(on), State: string(p.State(on))}
		if p.Date > on {
			s.AgeDays, s.State = 0, "later"
		} else if i+1 < len(held) && held[i+1].List == p.List && held[i+1].Date <= on {
			s.State = "superseded"
		}
		out[i] = s
	}
	return out, a.addPulls(ctx, out, asOf)
}

// addPulls says of each list's newest publication how it stands with its
// publisher at a time: while he does not answer it is stale.
func (a *App) addPulls(ctx context.Context, statuses []ListStatus, asOf time.Time) error {
	pulls, err := a.db.PullStates(ctx, asOf)
	if err != nil {
		return err
	}
	for _, p := range pulls {
		for i := range slices.Backward(statuses) {
			s := &statuses[i]
			if s.List != p.List {
				continue
			}
			s.Tried, s.Error = &p.Last.At, p.Last.Error
			if p.Success != nil {
				s.Pulled = &p.Success.At
			}
			if p.Last.InVain() && s.State == string(navicert.Current) {
				s.State = string(navicert.Stale)
			}
			break
		}
	}
	return nil
}

// FindPublication finds a publication by "LIST@DATE", or by "DATE" within the
// list named, or within the only list held when none is named. A date may be
// cut to its year or month if only one publication begins so.
func (a *App) FindPublication(ctx context.Context, ref, listName string) (list.Publication, error) {
	const op = "lists"
	held, err := a.db.Publications(ctx)
	if err != nil {
		return list.Publication{}, err
	}
	date := ref
	if l, d, ok := strings.Cut(ref, "@"); ok {
		listName, date = l, d
	}
	var fit []list.Publication
	for _, p := range held {
		if (listName == "" || p.List == listName) && date != "" && strings.HasPrefix(string(p.Date), date) {
			fit = append(fit, p)
		}
	}
	var names []string
	for _, p := range fit {
		names = append(names, p.ID())
	}
	switch len(fit) {
	case 0:
		return list.Publication{}, navicert.Errorf(navicert.NotFound, op, strconv.Quote(ref), "no such publication is held").
			WithHint("navicert lists status shows what is")
	case 1:
		return fit[0], nil
	}
	return list.Publication{}, navicert.Errorf(navicert.Invalid, op, strconv.Quote(ref), "it can be any of %s", strings.Join(names, ", "))
}

// DiffLists compares two publications.
func (a *App) DiffLists(ctx context.Context, older, newer list.Publication) (list.Difference, error) {
	from, err := a.entries(ctx, older)
	if err != nil {
		return list.Difference{}, err
	}
	to, err := a.entries(ctx, newer)
	if err != nil {
		return list.Difference{}, err
	}
	return list.Diff(from, to), nil
}

func (a *App) entries(ctx context.Context, p list.Publication) ([]list.Entry, error) {
	out := make([]list.Entry, 0, p.Entries)
	for e, err := range a.db.Entries(ctx, p.List, p.Date) {
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// ListedEntry is an entry with the publication that it stands in.
type ListedEntry struct {
	List        string        `json:"list"`
	Publication navicert.Date `json:"publication"`
	list.Entry
}

// ListEntry returns the entries with an identifier in the publications in
// force at a time (zero is now), of one list or, with an empty name, of all.
// None is an error of kind NotFound.
func (a *App) ListEntry(ctx context.Context, id, listName string, asOf time.Time) ([]ListedEntry, error) {
	statuses, err := a.ListStatuses(ctx, asOf)
	if err != nil {
		return nil, err
	}
	var searched []string
	var out []ListedEntry
	for _, s := range statuses {
		if listName != "" && s.List != listName || s.State == "superseded" || s.State == "later" {
			continue
		}
		searched = append(searched, s.ID())
		for e, err := range a.db.Entries(ctx, s.List, s.Date) {
			if err != nil {
				return nil, err
			}
			if e.ID == id {
				out = append(out, ListedEntry{s.List, s.Date, e})
				break
			}
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	where := "no publication is held for that day"
	if len(searched) > 0 {
		slices.Sort(searched)
		where = fmt.Sprintf("it is in none of %s", strings.Join(searched, ", "))
	}
	return nil, navicert.Errorf(navicert.NotFound, "lists show", strconv.Quote(id), "%s", where)
}
