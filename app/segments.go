package app

import (
	"cmp"
	"context"
	"io"
	"slices"

	"navicert"
	"navicert/feed"
	"navicert/track/segment"
)

// maxSegmented is how many positions are held to put them in order, some 2 GB.
const maxSegmented = 10_000_000

// SegmentedFix is a position and what the segmenter makes of it.
type SegmentedFix struct {
	MMSI     navicert.MMSI         `json:"mmsi"`
	Time     navicert.Instant      `json:"time"`
	Position navicert.Position     `json:"position"`
	SpeedKn  navicert.Opt[float64] `json:"speed_kn,omitzero"`
	Class    string                `json:"class"`             // "segment", "bad", "discarded" or "duplicate"
	Segment  string                `json:"segment,omitempty"` // of class "segment"
	Ref      navicert.Ref          `json:"ref"`
}

// SegmentsOptions say what is read, and who takes what comes of it.
type SegmentsOptions struct {
	Format   string // of the inputs, as in DecodeOptions
	Stdin    io.Reader
	Progress func(name string, read, size int64)
	Fix      func(SegmentedFix) error    // each position, by MMSI and time; may be nil
	Segment  func(segment.Segment) error // each segment, after the positions of its MMSI; may be nil
}

// Segments tells the ships apart that send under one MMSI in recordings that are
// read whole: the batch form of what the tracker does on a stream, as
// gpsdio-segment does it. What the reader counts as
// bad comes back, by input; more than ten million positions are an error.
func Segments(ctx context.Context, o SegmentsOptions, paths ...string) ([]DecodedInput, error) {
	var all segmentInput
	var read []DecodedInput
	for _, path := range paths {
		s, err := FeedOptions{}.opener(o.Stdin, nil).Open(ctx, path)
		if err != nil {
			return read, err
		}
		if s.Live {
			_ = s.Close()
			return read, navicert.Errorf(navicert.Invalid, "segment", path, "it is a live feed, and segments are told when the input is whole").WithHint("record it first, or use navicert replay")
		}
		stats, err := feed.Read(ctx, &decodeReader{s, &DecodeOptions{Progress: o.Progress}}, feed.Options{Source: s.Name, Format: o.Format}, &all)
		_ = s.Close()
		read = append(read, DecodedInput{Name: s.Name, Format: stats.Format, Rows: stats, AIS: stats.AIS})
		if err != nil {
			return read, err
		}
	}
	slices.SortStableFunc(all, func(a, b navicert.Fix) int {
		return cmp.Or(cmp.Compare(a.MMSI, b.MMSI), a.Time.Compare(b.Time))
	})
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(f navicert.Fix) bool { return f.MMSI != all[0].MMSI })
		if n < 0 {
			n = len(all)
		}
		if err := ctx.Err(); err != nil {
			return read, err
		}
		if err := segmentOne(all[:n], &o); err != nil {
			return read, err
		}
		all = all[n:]
	}
	return read, nil
}

// segmentOne segments the positions of one MMSI.
func segmentOne(own []navicert.Fix, o *SegmentsOptions) error {
	verdicts := make([]segment.Verdict, len(own))
	var segments []segment.Segment
	s := segment.New(segment.GFW(), segment.Handler{
		Verdict: func(v segment.Verdict) { verdicts[v.Tag] = v },
		Segment: func(s segment.Segment) { segments = append(segments, s) },
	})
	for i := range own {
		f := &own[i]
		if err := s.Add(&segment.Message{
			Tag: i, MMSI: f.MMSI, Time: f.Time, Pos: navicert.Some(f.Pos), SpeedKn: f.SpeedKn, CourseDeg: f.CourseDeg, HeadingDeg: f.HeadingDeg,
			Class: segment.ClassesOf(f), LongRange: f.LongRange,
		}); err != nil {
			return err
		}
	}
	s.Close()
	for i := range own {
		f := &own[i]
		if o.Fix == nil {
			break
		}
		if err := o.Fix(SegmentedFix{
			MMSI: f.MMSI, Time: navicert.At(f.Time), Position: f.Pos, SpeedKn: f.SpeedKn,
			Class: verdicts[i].Class.String(), Segment: verdicts[i].Segment, Ref: f.Ref,
		}); err != nil {
			return err
		}
	}
	if o.Segment == nil {
		return nil
	}
	slices.SortFunc(segments, func(a, b segment.Segment) int { return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.ID, b.ID)) })
	for _, seg := range segments {
		if err := o.Segment(seg); err != nil {
			return err
		}
	}
	return nil
}

// segmentInput collects positions.
type segmentInput []navicert.Fix

// Fix implements feed.Sink.
func (s *segmentInput) Fix(f *navicert.Fix) error {
	if len(*s) >= maxSegmented {
		return navicert.Errorf(navicert.Limit, "segment", f.Ref.Source, "more than %d positions", maxSegmented).WithHint("cut the input by ship or by day")
	}
	*s = append(*s, *f)
	return nil
}

// Static implements feed.Sink.
func (*segmentInput) Static(*navicert.Static) error { return nil }
