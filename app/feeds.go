package app

import (
	"io"
	"time"

	"navicert/feed"
)

// FeedOptions say how live feeds are read. The zero options are useful.
type FeedOptions struct {
	Follow  bool          // read files on as they grow
	Silence time.Duration // as in feed.Opener
	Key     string        // of feeds that want one; never printed or kept
}

// opener makes the opener of a job's inputs.
func (f FeedOptions) opener(stdin io.Reader, clock func() time.Time) feed.Opener {
	return feed.Opener{Stdin: stdin, Follow: f.Follow, Silence: f.Silence, Key: f.Key, Clock: clock}
}
