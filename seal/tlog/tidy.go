package tlog

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/transparency-dev/tessera/api/layout"
)

// Each time the log grows, its newest tile and bundle of entries are written anew,
// under names that tell how full they are. Once whole they replace those partial
// ones, of which there are then 510. To remove them takes as long as to seal ten
// certificates, so that it is left until the log rests, or many have gathered.
const (
	tidyAfter = 5 * time.Second
	tidyMany  = 4 * layout.TileWidth // entries, each of which leaves some 20 KiB
)

// tidying removes what the growth of a log has replaced.
type tidying struct {
	log *Log

	mu       sync.Mutex
	from, to uint64 // sizes between which nothing has been removed
	rests    *time.Timer

	run sync.Mutex // held while something is removed
}

// grew takes down that the log has grown.
func (t *tidying) grew(from, to uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.from == t.to {
		t.from = from
	}
	t.to = max(t.to, to)
	if t.from/layout.TileWidth == t.to/layout.TileWidth {
		return
	}
	wait := tidyAfter
	if t.to-t.from >= tidyMany {
		wait = 0
	}
	if t.rests == nil {
		t.rests = time.AfterFunc(wait, func() { _ = t.now() }) // what fails is tried again, at last by close, which tells of it
		return
	}
	t.rests.Reset(wait)
}

// now removes what has been replaced so far.
func (t *tidying) now() error {
	t.run.Lock()
	defer t.run.Unlock()
	t.mu.Lock()
	from, to := t.from, t.to
	t.from = to
	t.mu.Unlock()
	err := t.log.prune(from, to)
	if err != nil {
		t.mu.Lock()
		t.from = min(t.from, from)
		t.mu.Unlock()
	}
	return err
}

func (t *tidying) close() error {
	t.mu.Lock()
	if t.rests != nil {
		t.rests.Stop()
	}
	t.mu.Unlock()
	return t.now()
}

// prune removes the partial tiles that the growth of the log from one size to
// another has replaced by whole ones, and those next before them that a process
// left when it was killed.
func (l *Log) prune(from, to uint64) error {
	for level, width := uint64(0), uint64(layout.TileWidth); from/width < to/width; level, width = level+1, width*layout.TileWidth {
		first := from / width
		for ; first > 0; first-- {
			if left, err := l.hasPartial(level, first-1); err != nil {
				return err
			} else if !left {
				break
			}
		}
		for i := first; i < to/width; i++ {
			for _, folder := range l.partial(level, i) {
				if err := os.RemoveAll(folder); err != nil {
					return l.failure(err)
				}
			}
		}
	}
	return nil
}

// partial names the folders of the partial forms of a tile.
func (l *Log) partial(level, index uint64) []string {
	folders := []string{filepath.Join(l.dir, layout.TilePath(level, index, 0)+".p")}
	if level == 0 {
		folders = append(folders, filepath.Join(l.dir, layout.EntriesPath(index, 0)+".p"))
	}
	return folders
}

func (l *Log) hasPartial(level, index uint64) (bool, error) {
	for _, folder := range l.partial(level, index) {
		_, err := os.Lstat(folder)
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return false, l.failure(err)
		}
	}
	return false, nil
}
