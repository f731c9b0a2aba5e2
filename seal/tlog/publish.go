package tlog

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/transparency-dev/tessera/api/layout"

	"navicert"
	"navicert/seal"
)

// checkpoint is one that is signed and on the disk, and not published yet.
type checkpoint struct {
	log    *Log
	size   uint64
	root   []byte
	text   []byte
	beside string // the file
}

// checkpoint signs and writes the checkpoint that a log of a size will have with
// more entries: so that it need not be waited for when these are in it.
func (l *Log) checkpoint(ctx context.Context, k *seal.Key, size uint64, more [][]byte) (*checkpoint, error) {
	c := &checkpoint{log: l, size: size + uint64(len(more))}
	var err error
	if c.root, err = l.rootWith(ctx, size, more); err != nil {
		return nil, err
	}
	if c.text, err = seal.SignCheckpoint(k, c.size, c.root); err != nil {
		return nil, l.failure(err)
	}
	if c.beside, err = seal.WriteBeside(l.checkpointFile(), c.text); err != nil {
		return nil, l.failure(err)
	}
	return c, nil
}

func (l *Log) checkpointFile() string { return filepath.Join(l.dir, layout.CheckpointPath) }

// publish publishes the checkpoint of a log that has come to have its size. It is
// read from then on, and stays when the folder is synced.
func (c *checkpoint) publish(ctx context.Context) error {
	root, err := c.log.Root(ctx, c.size)
	if err == nil && !bytes.Equal(root, c.root) {
		err = navicert.Errorf(navicert.Conflict, "log", c.log.dir, "its %d entries are others than those that were added: something else writes to it", c.size)
	}
	if err == nil {
		err = os.Rename(c.beside, c.log.checkpointFile())
	}
	if err != nil {
		return errors.Join(c.log.failure(err), c.discard())
	}
	return nil
}

// discard removes it unpublished; of none it does nothing.
func (c *checkpoint) discard() error {
	if c == nil {
		return nil
	}
	return os.Remove(c.beside)
}

// sweep removes, under the lock, what a killed process had written and not
// published.
func (l *Log) sweep() error {
	left, err := filepath.Glob(filepath.Join(l.dir, seal.Beside))
	for _, f := range left {
		err = errors.Join(err, os.Remove(f))
	}
	if err != nil {
		return l.failure(err)
	}
	return nil
}
