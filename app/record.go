package app

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"navicert"
	"navicert/feed/record"
)

// passes reports whether an input is gone when it has been read: a live feed or
// standard input.
func passes(path string) bool { return path == "-" || strings.Contains(path, "://") }

// recording is the record of an input of a replay, which it tells when it fails.
type recording struct {
	*record.Writer
	of *replay
}

// record begins to record a source, in a folder that is remembered unless the
// replay keeps nothing.
func (r *replay) record(source string) (*recording, error) {
	folder, err := filepath.Abs(r.opts.Record)
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, "record", r.opts.Record, "%w", err)
	}
	w, err := record.Create(folder, source, r.app.cfg.Clock)
	if err != nil {
		return nil, err
	}
	if !r.opts.NoStore {
		if err := r.app.db.PutRecordFolder(context.WithoutCancel(r.ctx), folder, r.app.now()); err != nil {
			_ = w.Close()
			return nil, err
		}
	}
	return &recording{w, r}, nil
}

// Write implements io.Writer.
func (r *recording) Write(p []byte) (int, error) {
	n, err := r.Writer.Write(p)
	return n, r.noted(err)
}

// Close ends it.
func (r *recording) Close() error { return r.noted(r.Writer.Close()) }

func (r *recording) noted(err error) error {
	if err != nil {
		r.of.recordErr = err
	}
	return err
}

// unrecordable reports whether it was for the record that the reading failed.
func (r *replay) unrecordable(err error) bool {
	return r.recordErr != nil && errors.Is(err, r.recordErr)
}

// recordedRef is where a report stands in the record of its source: there a row has
// no number.
func recordedRef(ref navicert.Ref, from int64) navicert.Ref {
	return navicert.Ref{Source: ref.Source, Offset: from + ref.Offset}
}
