// Package feed is where positions come from: files, standard input and live
// feeds, in NMEA, as tables or as JSON, turned into fixes and static reports.
//
// [Open] gives a stream of bytes, unpacked; [Read] finds its format, reads it and
// hands each report to a [Sink]:
//
//	src, err := feed.Open(ctx, "AIS_2022_01_03.csv.zst")
//	defer src.Close()
//	stats, err := feed.Read(ctx, src, feed.Options{Source: src.Name}, sink)
//	fmt.Println(stats.Fixes, "fixes;", stats.Dropped.String(), "dropped")
//
// A format is one file of this package and one line in [Formats]; package
// feedtest holds the suite that each must pass. A transport, the way in which a
// live feed comes, is one file and one line in [Addresses], and has its suite
// there too. Bad input is counted by reason
// and never stops a stream; what is read streams through buffers of fixed size,
// and lines are at most 64 KiB long.
package feed

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"navicert"
	"navicert/ais"
)

// Sink takes reports. The pointers hold only during the call; the strings in
// the reports may be kept. An error stops the reading and is returned.
type Sink interface {
	Fix(*navicert.Fix) error
	Static(*navicert.Static) error
}

// Auto is the format that is found by looking at the content.
const Auto = "auto"

// Options say how to read a stream. The zero Options reads any format.
type Options struct {
	Source    string           // file or feed name, for references
	Format    string           // a name of [Formats]; "" and "auto" look at the content
	Arrival   func() time.Time // set for live feeds: the time of reports that bring none
	Simulated bool             // the reports are invented, and marked so

	// StreamClock times sentences that bring no time by the ZDA and RMC
	// sentences among them, as ais.Options says.
	StreamClock bool

	// Unique makes one report of the receptions of one transmission by several
	// receivers: the same payload within 30 seconds ([SameTransmission]), of the
	// earliest time, with all receivers. Reports then wait, in the time they
	// carry, for 30 seconds. Formats that hold no payload are left as they are.
	Unique bool
	// Lateness is how far behind newer ones a reception may arrive: with Unique
	// reports wait so much longer, and then the order of arrival decides nothing.
	Lateness time.Duration

	// Message, when set, is called with each AIS message of formats that consist
	// of them, before the Sink is; the message holds only during the call.
	Message func(*ais.Message) error

	file *file // the source, when it can be read at any place
}

// Reasons for which a record is dropped, beside those of packages ais (which
// counts sentences) and of single formats.
const (
	NoTime     = "no_time"     // nothing tells when it was received
	NoPosition = "no_position" // a position report without one
	NotVessel  = "not_vessel"  // sent by a base station, an aid, an aircraft, a beacon
	OtherType  = "other_type"  // a message that is no report of a vessel
)

// Stats say what became of a stream.
type Stats struct {
	Format  string `json:"format"`
	Records int64  `json:"records"` // messages, or rows of a table
	Used    int64  `json:"used"`    // of them made a fix or a static report, or both
	Fixes   int64  `json:"fixes"`
	Statics int64  `json:"statics"`

	// Dropped counts the records that made neither; with Used they sum to
	// Records.
	Dropped navicert.Tally `json:"dropped"`
	// Noted counts single values that were left out of records that were used:
	// an IMO number with a wrong check digit, a speed of "x".
	Noted navicert.Tally `json:"noted"`

	// AIS says what became of the lines and sentences, for formats that consist
	// of them.
	AIS *ais.Counts `json:"ais,omitempty"`
}

// Format is a way in which reports are written down.
type Format struct {
	Name  string // as Options.Format names it
	Title string // what it is, for a reader

	// detect reports whether a stream that begins with head is of this format;
	// whole says that head is all there is.
	detect func(head []byte, whole bool) bool
	read   func(ctx context.Context, r io.Reader, o Options, s Sink) (Stats, error)
}

// Formats returns the formats, in the order in which content is tried against
// them.
func Formats() []Format {
	return []Format{
		marineCadastre(), dma(), exactEarth(), spire(), marineTraffic(), vesselFinder(), aisHub(), gfwCSV(), rawCSV(), oldBahama(),
		gpsd(), aisCatcher(), aisstream(), gfwJSON(), digitraffic(), geoParquet(),
		nmea(),
	}
}

// headBytes is how far into a stream auto looks for something it knows.
const headBytes = 64 << 10

// Read reads a stream to its end and hands its reports to the sink. The Stats
// are right also when it fails: with the error of the source, of the sink, of
// the context, or Unsupported when the format is not known.
func Read(ctx context.Context, r io.Reader, o Options, s Sink) (Stats, error) {
	o.file = fileOf(r)
	r = &contextReader{ctx, r}
	if o.Format == "" || o.Format == Auto {
		f, whole, err := detect(r, o.Source)
		if err != nil {
			return Stats{}, err
		}
		return f.read(ctx, whole, o, s)
	}
	for _, f := range Formats() {
		if f.Name == o.Format {
			return f.read(ctx, r, o, s)
		}
	}
	return Stats{}, navicert.Errorf(navicert.Unsupported, "feed", o.Source, "format %q is not known", o.Format).WithHint("known: " + names())
}

func names() string {
	var ns []string
	for _, f := range Formats() {
		ns = append(ns, f.Name)
	}
	return strings.Join(ns, ", ")
}

// detect finds the format by the beginning of r, and returns r with that
// beginning in front.
func detect(r io.Reader, source string) (Format, io.Reader, error) {
	head := make([]byte, 0, headBytes)
	for {
		n, err := r.Read(head[len(head):cap(head)])
		head = head[:len(head)+n]
		whole := err == io.EOF
		if err != nil && !whole && !errors.Is(err, ais.ErrGap) {
			return Format{}, nil, err
		}
		for _, f := range Formats() {
			if f.detect(head, whole) {
				return f, io.MultiReader(bytes.NewReader(head), r), nil
			}
		}
		if whole || len(head) == cap(head) {
			return Format{}, nil, navicert.Errorf(navicert.Unsupported, "feed", source, "the format is none of %s", names()).
				WithHint("say which it is with --input-format")
		}
	}
}

// contextReader ends a stream when the context does.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader: it fails when the context has ended.
func (c *contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// isVessel reports whether an MMSI may be a vessel's. Numbers that are given to
// nobody count as such: they are typed wrongly, or on purpose.
func isVessel(m navicert.MMSI) bool {
	if m >= 200000000 && m <= 799999999 { // a ship's, as nearly all are
		return true
	}
	switch m.Kind() {
	case navicert.MMSIShip, navicert.MMSICraft:
		return true
	case navicert.MMSIOther:
		return m != 0
	}
	return false
}
