package app

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"navicert"
	"navicert/feed/record"
)

// readRecorded reads what came of a source that passes from its record.
func (r *rereader) readRecorded(ctx context.Context, source string, wanted []*sought) error {
	why := "a live feed cannot be read again"
	if !strings.Contains(source, "://") {
		why = "it came from standard input and was not kept"
	}
	runs := map[string][]record.File{} // by their first file
	byRun := map[string][]*sought{}
	for _, folder := range r.records {
		files, err := record.Files(folder, source)
		if err != nil {
			why = err.Error()
			continue
		}
		if len(files) > 0 {
			why = "the record of it in " + folder + " does not hold this place: it was not recorded then, or its file is gone"
		}
		for _, s := range wanted {
			if s.reading.Reread != "" || s.reading.File != "" || s.line > 0 { // what is recorded has no numbers of lines
				continue
			}
			if run, at, ok := record.Run(files, s.offset); ok {
				s.reading.File = run[at].Path
				runs[run[0].Path] = run
				byRun[run[0].Path] = append(byRun[run[0].Path], s)
			}
		}
	}
	for _, s := range wanted {
		if s.reading.File == "" {
			s.reading.is(RereadMissing, why)
		}
	}
	for path, places := range byRun {
		if err := r.readPlaces(ctx, path, places, func(first *sought) (*sourceFile, error) { return openRun(runs[path], first.offset) }); err != nil {
			return err
		}
	}
	return nil
}

// openRun opens the files of a run from the one that holds an offset.
func openRun(run []record.File, offset int64) (*sourceFile, error) {
	head, err := os.Open(run[0].Path)
	if err != nil {
		return nil, gone(err)
	}
	defer head.Close()
	first := sourceFile{r: bufio.NewReader(head)}
	if _, err := first.read(); err != nil && err != io.EOF {
		return nil, gone(err)
	}
	_, at, _ := record.Run(run, offset)
	files := &runReader{files: run[at:]}
	return &sourceFile{s: files, r: bufio.NewReaderSize(files, 256<<10), header: first.header, headerAt: run[0].From, next: run[at].From, recorded: true}, nil
}

// gone says that a file of a record cannot be read.
func gone(err error) error {
	name := ""
	if p := (*os.PathError)(nil); errors.As(err, &p) {
		name, err = p.Path, p.Err
	}
	return navicert.Errorf(navicert.Unavailable, "record", name, "%w", err)
}

// runReader reads files one behind the other.
type runReader struct {
	files []record.File
	f     *os.File
}

// Read implements io.Reader.
func (r *runReader) Read(p []byte) (int, error) {
	for {
		if r.f == nil {
			if len(r.files) == 0 {
				return 0, io.EOF
			}
			f, err := os.Open(r.files[0].Path)
			if err != nil {
				return 0, gone(err)
			}
			r.f, r.files = f, r.files[1:]
		}
		n, err := r.f.Read(p)
		if n > 0 || err != io.EOF {
			return n, err
		}
		if err := r.Close(); err != nil {
			return 0, gone(err)
		}
	}
}

// Close implements io.Closer.
func (r *runReader) Close() error {
	if r.f == nil {
		return nil
	}
	err := r.f.Close()
	r.f = nil
	return err
}
