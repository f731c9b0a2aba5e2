// Package pull fetches publications of sanctions lists from their publishers.
//
// A [Source] goes in, with what is known of the files it had the last time; the
// files of one publication come out in a folder, whole and all of the same
// day, or nothing does. What a server can do to spoil that (stop, stall, send
// a web page, change between two files) is an error or is tried again, so many
// times and no more. What the files hold is not looked into: package list's
// formats do that.
//
//	f := pull.New(pull.Options{Agent: "navicert/1"})
//	got, err := f.Fetch(ctx, source, dir, pull.Known{})
package pull

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"navicert"
	"navicert/list"
)

const op = "lists pull"

// Options set a Fetcher's limits; zero values are the defaults.
type Options struct {
	Agent string // User-Agent
	Proxy func(*http.Request) (*url.URL, error)
	Tries int           // of one file; 5
	Stall time.Duration // without a byte; 30 s
	Total time.Duration // for one try of one file; 15 minutes
	Sleep func(ctx context.Context, d time.Duration) error
	Bytes int64 // of one file; MaxBytes
}

// The defaults of Options. A file of 127 MB takes 15 minutes at 1.2 Mbit/s.
const (
	defaultTries = 5
	defaultStall = 30 * time.Second
	defaultTotal = 15 * time.Minute
)

// rounds is how often a publication is fetched anew whose files turn out to be
// of different days: the publisher was just putting it there.
const rounds = 3

// maxRedirects is how often one question may be sent on. OFAC does it once.
const maxRedirects = 5

// Fetcher fetches. It is safe for concurrent use.
type Fetcher struct {
	o      Options
	client *http.Client
}

// New makes a Fetcher.
func New(o Options) *Fetcher {
	if o.Tries <= 0 {
		o.Tries = defaultTries
	}
	if o.Stall <= 0 {
		o.Stall = defaultStall
	}
	if o.Total <= 0 {
		o.Total = defaultTotal
	}
	if o.Bytes <= 0 {
		o.Bytes = MaxBytes
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	return &Fetcher{o: o, client: &http.Client{
		Transport: &http.Transport{
			Proxy:                  o.Proxy,
			TLSHandshakeTimeout:    o.Stall,
			ResponseHeaderTimeout:  o.Stall,
			DisableCompression:     true, // so that the length that is announced is the file's
			ForceAttemptHTTP2:      true,
			IdleConnTimeout:        time.Minute,
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return navicert.Errorf(navicert.Invalid, op, via[0].URL.Redacted(), "it is sent on more than %d times", maxRedirects)
			}
			if via[len(via)-1].URL.Scheme == "https" && r.URL.Scheme != "https" { // to this machine neither
				return navicert.Errorf(navicert.Invalid, op, address(via[0].URL.String()), "it is sent on from https to %s", address(r.URL.String()))
			}
			return secure(r.URL)
		},
	}}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// Known is what an earlier fetch got.
type Known struct {
	Published navicert.Date
	Files     []list.PulledFile
}

// Result is what a fetch got.
type Result struct {
	Unchanged bool          // the publisher still has what is known; nothing was written
	Published navicert.Date // the day that the folder's name gives, or empty
	Modified  time.Time     // when the newest of the files was last changed, by the server; may be zero
	Files     []list.PulledFile
}

// errMoved is a publication whose files are not of one day.
var errMoved = errors.New("its files changed while they were fetched")

// Fetch fetches a publication's files into a folder that exists. When the
// server says that all of them are as known, and the day of publication is the
// one known, nothing is fetched.
//
// An error of kind Unavailable may pass; others will stay until somebody does
// something. The folder may then hold some of the files.
func (f *Fetcher) Fetch(ctx context.Context, src Source, dir string, known Known) (Result, error) {
	for round := 1; ; round++ {
		got, err := f.round(ctx, src, dir, known)
		if !errors.Is(err, errMoved) {
			return got, err
		}
		if round == rounds {
			return Result{}, navicert.Errorf(navicert.Unavailable, op, src.List, "%d times %w", rounds, err).WithHint("try again later: the publisher is at work on it")
		}
		if err := f.o.Sleep(ctx, backOff(round)); err != nil {
			return Result{}, err
		}
		known = Known{}
	}
}

// round fetches all files once.
func (f *Fetcher) round(ctx context.Context, src Source, dir string, known Known) (Result, error) {
	got := make([]fetched, len(src.Files))
	changed := 0
	for i, file := range src.Files {
		var err error
		if got[i], err = f.file(ctx, file, filepath.Join(dir, file.Name), known.of(src, i)); err != nil {
			return Result{}, err
		}
		if !got[i].same {
			changed++
		}
	}
	res, err := result(src, got)
	if err != nil {
		return Result{}, err
	}
	if changed == 0 && (!src.DatedFolder || res.Published == known.Published) {
		res.Unchanged = true
		return res, nil
	}
	for i, file := range src.Files { // a publication is whole: also what did not change is needed
		if got[i].same {
			if got[i], err = f.file(ctx, file, filepath.Join(dir, file.Name), nil); err != nil {
				return Result{}, err
			}
		}
	}
	if res, err = result(src, got); err != nil {
		return Result{}, err
	}
	if len(src.Files) > 1 {
		if err := f.confirm(ctx, src.Files[0], got[0]); err != nil {
			return Result{}, err
		}
	}
	return res, nil
}

// of returns what is known of a source's file, if all its files are known from
// the same addresses.
func (k Known) of(src Source, i int) *list.PulledFile {
	if len(k.Files) != len(src.Files) {
		return nil
	}
	for j := range src.Files {
		if k.Files[j].Address != address(src.Files[j].Address) || k.Files[j].ETag == "" && k.Files[j].LastModified == "" {
			return nil
		}
	}
	return &k.Files[i]
}

// result puts together what was got; all of it must be of one day.
func result(src Source, got []fetched) (Result, error) {
	var res Result
	for i, g := range got {
		d := dayIn(g.PulledFile.From)
		if i > 0 && d != res.Published {
			return Result{}, navicert.Errorf(navicert.Unavailable, op, src.List, "%w: %s is of %s, %s of %s",
				errMoved, got[0].Name, orNone(res.Published), g.Name, orNone(d))
		}
		res.Published = d
		res.Files = append(res.Files, g.PulledFile)
		if t, err := http.ParseTime(g.LastModified); err == nil && t.After(res.Modified) {
			res.Modified = t.UTC()
		}
	}
	if src.DatedFolder && res.Published == "" {
		return Result{}, navicert.Errorf(navicert.Invalid, op, src.List, "the server does not say when it was published: %s is in no folder named for a day", got[0].From).
			WithHint("fetch the files by hand and give the day: navicert lists import FOLDER --published YYYY-MM-DD")
	}
	if !src.DatedFolder { // a number that looks like a day in another publisher's address is none
		res.Published = ""
	}
	return res, nil
}

func orNone(d navicert.Date) string {
	if d == "" {
		return "an unknown day"
	}
	return string(d)
}

// confirm asks for the first file again when the last has come: a publisher
// that issues twice in a day leaves the folder's name as it is.
func (f *Fetcher) confirm(ctx context.Context, file File, got fetched) error {
	if got.ETag == "" && got.LastModified == "" {
		return nil
	}
	still, err := f.still(ctx, file, got)
	if err != nil {
		return err
	}
	if !still {
		return navicert.Errorf(navicert.Unavailable, op, file.Name, "%w", errMoved)
	}
	return nil
}

var folderDay = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// dayIn is the last folder of an address that is named for a day.
func dayIn(address string) navicert.Date {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	folders := strings.Split(u.Path, "/")
	for _, name := range slices.Backward(folders[:len(folders)-1]) {
		if d, err := navicert.ParseDate(name); err == nil && folderDay.MatchString(name) {
			return d
		}
	}
	return ""
}
