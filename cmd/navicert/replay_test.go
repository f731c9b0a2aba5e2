package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"navicert"
	"navicert/app/tracks"
)

// TestTracksOfAStoppedReplay: of files, which the next run reads again, a run that
// is stopped or fails leaves no tracks; of a live feed it keeps what came.
func TestTracksOfAStoppedReplay(t *testing.T) {
	for _, c := range []struct {
		live bool
		err  error
		want int
	}{{false, nil, 1}, {false, context.Canceled, 0}, {false, os.ErrClosed, 0}, {true, context.Canceled, 1}, {true, os.ErrClosed, 1}} {
		dir := t.TempDir()
		w := tracks.New(dir)
		if err := w.Fix(&navicert.Fix{MMSI: 775999001, Time: time.Date(2025, 12, 18, 0, 0, 0, 0, time.UTC)}); err != nil {
			t.Fatal(err)
		}
		var stderr bytes.Buffer
		if err := endTracks(&globals{stderr: &stderr}, w, dir, c.live, c.err); !errors.Is(err, c.err) {
			t.Errorf("live %v, %v: error %v", c.live, c.err, err)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
		if err != nil || len(files) != c.want {
			t.Errorf("live %v, %v: left %v, %v", c.live, c.err, files, err)
		}
		if all, _ := filepath.Glob(filepath.Join(dir, "*", ".*")); len(all) > 0 {
			t.Errorf("live %v, %v: left %v", c.live, c.err, all)
		}
		if (stderr.Len() == 0) != (errors.Is(c.err, os.ErrClosed) && !c.live) {
			t.Errorf("live %v, %v: says %q", c.live, c.err, stderr.String())
		}
	}
}
