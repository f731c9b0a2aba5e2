package app

import (
	"context"
	"io"
	"time"

	"navicert"
	"navicert/ais"
	"navicert/feed"
)

// DecodeOptions say how to decode and who takes what comes of it. What is given
// to the functions holds during the call.
type DecodeOptions struct {
	Format string    // of the inputs: a name of feed.Formats, "" looks at the content
	Stdin  io.Reader // what "-" reads
	Clock  func() time.Time
	Feed   FeedOptions

	StreamClock bool // as in feed.Options

	// Message takes each message of inputs that consist of AIS sentences; Fix
	// and Static take what rows of tables report.
	Message func(*ais.Message) error
	Fix     func(*navicert.Fix) error
	Static  func(*navicert.Static) error

	// Idle, when set, is called before each read of an input, which may have to
	// wait: the time to flush what has been printed.
	Idle func() error
	// Progress, when set, is called before each read with the bytes read of a
	// file and its size, -1 when unknown.
	Progress func(name string, read, size int64)
}

// DecodedInput says what became of one input.
type DecodedInput struct {
	Name   string
	Format string
	Rows   feed.Stats  // of tables
	AIS    *ais.Counts // of sentences; nil for tables
}

// Decode reads AIS inputs, as feed.Open takes them, one after the other. Bad
// input is counted; an input that cannot be read ends it with an error, and
// what was counted so far is returned too.
func Decode(ctx context.Context, o DecodeOptions, paths ...string) ([]DecodedInput, error) {
	var all []DecodedInput
	for _, path := range paths {
		s, err := o.Feed.opener(o.Stdin, o.Clock).Open(ctx, path)
		if err != nil {
			return all, err
		}
		opts := feed.Options{Source: s.Name, Format: o.Format, Message: o.Message, StreamClock: o.StreamClock}
		if s.Live {
			opts.Arrival = o.Clock
		}
		stats, err := feed.Read(ctx, &decodeReader{s, &o}, opts, decodeSink{&o})
		_ = s.Close()
		all = append(all, DecodedInput{Name: s.Name, Format: stats.Format, Rows: stats, AIS: stats.AIS})
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// decodeReader tells of each read.
type decodeReader struct {
	*feed.Stream
	o *DecodeOptions
}

// Read implements io.Reader.
func (r *decodeReader) Read(p []byte) (int, error) {
	if r.o.Progress != nil {
		r.o.Progress(r.Name, r.Position(), r.Size)
	}
	if r.o.Idle != nil {
		if err := r.o.Idle(); err != nil {
			return 0, err
		}
	}
	return r.Stream.Read(p)
}

// decodeSink takes the reports of tables; those that are made of messages have
// been given out as messages.
type decodeSink struct{ o *DecodeOptions }

// Fix implements feed.Sink.
func (s decodeSink) Fix(f *navicert.Fix) error {
	if f.Ref.Line == 0 || s.o.Fix == nil {
		return nil
	}
	return s.o.Fix(f)
}

// Static implements feed.Sink.
func (s decodeSink) Static(r *navicert.Static) error {
	if r.Ref.Line == 0 || s.o.Static == nil {
		return nil
	}
	return s.o.Static(r)
}
