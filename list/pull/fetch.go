package pull

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"navicert"
	"navicert/list"
)

// fetched is a file as the server gave it.
type fetched struct {
	list.PulledFile
	same bool // as known: nothing was written
}

// passing is a failure that may be gone the next time.
type passing struct {
	error
	after time.Duration // when the server said how long to wait
}

func (p passing) Unwrap() error { return p.error }

// maxWait is the longest wait between two tries, whatever the server wishes.
const maxWait = time.Minute

// backOff is how long to wait after so many tries: 1, 4, 16, 60 s.
func backOff(tries int) time.Duration {
	return min(maxWait, time.Second<<(2*min(tries-1, 3)))
}

// part is what has come of a file so far.
type part struct {
	out      *os.File
	bytes    int64
	etag     string // of the content that is there
	modified string
}

// validator is by what the server can tell whether the rest is of the content
// that is there (RFC 9110, 13.1.5: a weak ETag does not do), or empty when all
// must be asked for.
func (p *part) validator() string {
	switch {
	case p.bytes == 0:
		return ""
	case p.etag != "":
		if strings.HasPrefix(p.etag, "W/") {
			return ""
		}
		return p.etag
	}
	return p.modified
}

// sameContent reports whether the head of a rest is that of the content which
// is there. A rest has the ETag of its whole (RFC 9110, 15.3.7); beside one,
// Last-Modified may be left out.
func (p *part) sameContent(head http.Header) bool {
	etag, modified := head.Get("ETag"), head.Get("Last-Modified")
	return etag == p.etag && (modified == p.modified || p.etag != "" && modified == "")
}

func (p *part) reset() error {
	p.bytes, p.etag, p.modified = 0, "", ""
	if err := p.out.Truncate(0); err != nil {
		return err
	}
	_, err := p.out.Seek(0, io.SeekStart)
	return err
}

// file fetches one file to a path, as often as it takes and is allowed.
func (f *Fetcher) file(ctx context.Context, file File, path string, known *list.PulledFile) (got fetched, err error) {
	out, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return got, navicert.Errorf(navicert.Unavailable, op, path, "%w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	p := &part{out: out}
	err = f.tries(ctx, file, func() (err error) {
		got, err = f.try(ctx, file, p, known)
		return err
	})
	if err != nil || got.same {
		return got, err
	}
	got.Bytes = p.bytes
	got.SHA256, err = hashOf(out)
	return got, err
}

// tries asks again and again while what is wrong may pass, so often as is
// allowed.
func (f *Fetcher) tries(ctx context.Context, file File, ask func() error) error {
	for try := 1; ; try++ {
		err := ask()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		wait := passing{}
		if !errors.As(err, &wait) {
			return f.failure(file, err)
		}
		if try == f.o.Tries {
			return navicert.Errorf(navicert.Unavailable, op, address(file.Address), "%w, %d times tried", wait.error, try)
		}
		if err := f.o.Sleep(ctx, min(maxWait, max(wait.after, backOff(try)))); err != nil {
			return err
		}
	}
}

func (f *Fetcher) failure(file File, err error) error {
	if known := (*navicert.Error)(nil); errors.As(err, &known) {
		return err
	}
	return navicert.Errorf(navicert.Unavailable, op, address(file.Address), "%w", err)
}

func hashOf(out *os.File) (string, error) {
	if _, err := out.Seek(0, io.SeekStart); err != nil {
		return "", navicert.Errorf(navicert.Unavailable, op, out.Name(), "%w", err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, out); err != nil {
		return "", navicert.Errorf(navicert.Unavailable, op, out.Name(), "%w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

var (
	errStall = errors.New("the server stalled")
	errTotal = errors.New("it took too long")
)

// try asks once.
func (f *Fetcher) try(ctx context.Context, file File, p *part, known *list.PulledFile) (fetched, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stall := time.AfterFunc(f.o.Stall, func() { cancel(errStall) })
	defer stall.Stop()
	total := time.AfterFunc(f.o.Total, func() { cancel(errTotal) })
	defer total.Stop()

	if p.bytes > 0 && p.validator() == "" {
		if err := p.reset(); err != nil {
			return fetched{}, err
		}
	}
	req, err := f.request(ctx, file)
	if err != nil {
		return fetched{}, err
	}
	if v := p.validator(); v != "" {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", p.bytes))
		req.Header.Set("If-Range", v)
	} else if known != nil {
		ifChanged(req, known)
	}
	resp, err := f.client.Do(req)
	if err != nil {
		return fetched{}, f.network(ctx, err)
	}
	defer resp.Body.Close()
	got := fetched{PulledFile: list.PulledFile{
		Name: file.Name, Address: address(file.Address), From: address(resp.Request.URL.String()),
		ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified"),
	}}
	switch err := f.begin(resp, req, file, p); {
	case errors.Is(err, errSame):
		got.same = true
		got.Bytes, got.SHA256 = known.Bytes, known.SHA256
		if got.ETag == "" {
			got.ETag = known.ETag
		}
		if got.LastModified == "" {
			got.LastModified = known.LastModified
		}
		return got, nil
	case err != nil:
		return got, err
	}
	got.ETag, got.LastModified = p.etag, p.modified // the head of a rest need not repeat them
	body := &watched{resp.Body, func() { stall.Reset(f.o.Stall) }}
	if err := f.receive(ctx, file, p, body); err != nil {
		return got, err
	}
	return got, nil
}

func (f *Fetcher) request(ctx context.Context, file File) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, file.Address, nil)
	if err != nil {
		return nil, navicert.Errorf(navicert.Invalid, op, address(file.Address), "%w", err)
	}
	if err := secure(req.URL); err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", f.o.Agent)
	req.Header.Set("Accept", "*/*")
	return req, nil
}

// ifChanged asks for a file only if it is not the one known.
func ifChanged(req *http.Request, known *list.PulledFile) {
	if known.ETag != "" {
		req.Header.Set("If-None-Match", known.ETag)
	}
	if known.LastModified != "" {
		req.Header.Set("If-Modified-Since", known.LastModified)
	}
}

// network is the error of a connection that failed.
func (f *Fetcher) network(ctx context.Context, err error) error {
	if known := (*navicert.Error)(nil); errors.As(err, &known) {
		return known // a redirect that is not followed
	}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errStall):
		return passing{error: fmt.Errorf("%w: nothing came for %s", errStall, f.o.Stall)}
	case errors.Is(cause, errTotal):
		return passing{error: fmt.Errorf("%w: more than %s", errTotal, f.o.Total)}
	case cause != nil:
		return cause
	}
	if u := (*url.Error)(nil); errors.As(err, &u) { // its text holds the address, which may be signed
		err = u.Err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the server broke off")
	}
	return passing{error: err}
}

// errSame: the server has what is known.
var errSame = errors.New("not modified")

// begin looks at an answer's head and makes the part ready for its body.
func (f *Fetcher) begin(resp *http.Response, req *http.Request, file File, p *part) error {
	switch code := resp.StatusCode; {
	case code == http.StatusNotModified && req.Header.Get("Range") == "" && conditional(req):
		return errSame
	case code == http.StatusPartialContent && req.Header.Get("Range") != "":
		if start, ok := rangeStart(resp.Header.Get("Content-Range")); !ok || start != p.bytes {
			return again(p, fmt.Errorf("asked for the rest from byte %d, it sends %q", p.bytes, resp.Header.Get("Content-Range")))
		}
		if !p.sameContent(resp.Header) {
			return again(p, errors.New("it sends the rest of other content than that which began to come"))
		}
	case code == http.StatusOK:
		if err := p.reset(); err != nil {
			return err
		}
		p.etag, p.modified = resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")
	case code == http.StatusRequestedRangeNotSatisfiable:
		return again(p, answered(resp))
	default:
		return refused(resp, file)
	}
	if t, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); err == nil && (t == "text/html" || t == "application/xhtml+xml") {
		return webPage(file)
	}
	if resp.ContentLength > f.o.Bytes-p.bytes {
		return tooLarge(file, f.o.Bytes)
	}
	return nil
}

func answered(resp *http.Response) error { return fmt.Errorf("the server answers %s", resp.Status) }

// refused is the error of an answer that gives nothing.
func refused(resp *http.Response, file File) error {
	switch code := resp.StatusCode; {
	case code == http.StatusRequestTimeout, code == http.StatusTooManyRequests, code >= 500:
		return passing{answered(resp), retryAfter(resp.Header.Get("Retry-After"))}
	case code == http.StatusNotFound, code == http.StatusGone:
		return navicert.Errorf(navicert.NotFound, op, address(file.Address), "%w", answered(resp)).
			WithHint("has the publisher moved it? --from LIST=ADDRESS names another place")
	}
	return navicert.Errorf(navicert.Unavailable, op, address(file.Address), "%w", answered(resp))
}

func conditional(req *http.Request) bool {
	return req.Header.Get("If-None-Match") != "" || req.Header.Get("If-Modified-Since") != ""
}

// again is a passing failure after which the file is asked for from its start.
func again(p *part, err error) error {
	if err := p.reset(); err != nil {
		return err
	}
	return passing{error: err}
}

func rangeStart(header string) (int64, bool) {
	rest, ok := strings.CutPrefix(header, "bytes ")
	if !ok {
		return 0, false
	}
	first, _, ok := strings.Cut(rest, "-")
	n, err := strconv.ParseInt(first, 10, 64)
	return n, ok && err == nil
}

func retryAfter(header string) time.Duration {
	s, err := strconv.Atoi(strings.TrimSpace(header))
	if err != nil || s < 0 {
		return 0
	}
	return time.Duration(min(s, int(maxWait/time.Second))) * time.Second
}

// sniffed is how much of a file's beginning is looked at.
const sniffed = 512

// receive writes a body to the part and looks at its first bytes.
func (f *Fetcher) receive(ctx context.Context, file File, p *part, body io.Reader) error {
	n, err := io.Copy(p.out, io.LimitReader(body, f.o.Bytes-p.bytes+1))
	p.bytes += n
	if p.bytes > f.o.Bytes {
		return tooLarge(file, f.o.Bytes)
	}
	if err != nil {
		if werr := (*os.PathError)(nil); errors.As(err, &werr) {
			return navicert.Errorf(navicert.Unavailable, op, werr.Path, "%w", werr.Err)
		}
		return f.network(ctx, err)
	}
	head := make([]byte, sniffed)
	h, err := p.out.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return looksLike(file, head[:h])
}

// looksLike refuses content that cannot be of the file's type, by how it
// begins. What is compressed is left to the format that reads it.
func looksLike(file File, head []byte) error {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	low := bytes.ToLower(head)
	packed := bytes.HasPrefix(head, []byte{0x1f, 0x8b}) || bytes.HasPrefix(head, []byte("PK"))
	switch {
	case len(head) == 0:
		return navicert.Errorf(navicert.Invalid, op, address(file.Address), "the server sends nothing")
	case bytes.HasPrefix(low, []byte("<!doctype html")), bytes.HasPrefix(low, []byte("<html")):
		return webPage(file)
	case packed:
		return nil
	case file.Type == XML && !bytes.HasPrefix(head, []byte("<")),
		file.Type == CSV && bytes.ContainsRune([]byte("<{["), rune(head[0])):
		return navicert.Errorf(navicert.Invalid, op, address(file.Address), "the server sends something that is no %s", strings.ToUpper(string(file.Type))).
			WithHint("open the address in a browser: is the publisher's service out of order?")
	}
	return nil
}

func webPage(file File) error {
	return navicert.Errorf(navicert.Invalid, op, address(file.Address), "the server sends a web page in place of the list").
		WithHint("open the address in a browser: is the publisher's service out of order, or does a proxy want you to log in?")
}

func tooLarge(file File, limit int64) error {
	return navicert.Errorf(navicert.Limit, op, address(file.Address), "it has more than %s", humanize.IBytes(uint64(limit)))
}

// still asks whether a file is yet the one that was fetched.
func (f *Fetcher) still(ctx context.Context, file File, got fetched) (same bool, err error) {
	err = f.tries(ctx, file, func() (err error) {
		same, err = f.askStill(ctx, file, got)
		return err
	})
	return same, err
}

func (f *Fetcher) askStill(ctx context.Context, file File, got fetched) (bool, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, f.o.Stall, errStall)
	defer cancel()
	req, err := f.request(ctx, file)
	if err != nil {
		return false, err
	}
	ifChanged(req, &got.PulledFile)
	resp, err := f.client.Do(req)
	if err != nil {
		return false, f.network(ctx, err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusNotModified:
		return dayIn(resp.Request.URL.String()) == dayIn(got.From), nil
	case http.StatusOK:
	default:
		return false, refused(resp, file)
	}
	same := resp.Header.Get("ETag") == got.ETag && resp.Header.Get("Last-Modified") == got.LastModified
	return same && dayIn(resp.Request.URL.String()) == dayIn(got.From), nil
}

// address is one as it may be shown: without query, password and fragment.
func address(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// watched tells of each read that brought something.
type watched struct {
	r    io.Reader
	came func()
}

func (w *watched) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if n > 0 {
		w.came()
	}
	return n, err
}
