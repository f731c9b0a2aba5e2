// Package segment tells the ships apart that send under one MMSI.
//
// One MMSI may be several ships, or one ship whose positions and times are
// damaged on the way. The messages of one MMSI enter a [Segmenter] in order of
// time; each leaves with a [Class], and a usable position also with the segment
// it belongs to: a run of positions that one ship can have sent, no two
// consecutive ones more than eight hours apart. A position is given to the
// segment whose projected course and speed it fits best; when two fit nearly as
// well both are closed, since nothing tells whose it is.
//
// The rules and figures are gpsdio-segment's (github.com/GlobalFishingWatch/
// gpsdio-segment 8109193, Apache-2.0), described in words in docs/tracks.md and
// written anew. Its results on 13 real tracks are reproduced line by line. What
// is held between two messages can be saved and loaded, and input in several
// batches gives what it gives in one.
//
//	s := segment.New(segment.GFW(), segment.Handler{
//		Verdict: func(v segment.Verdict) { fmt.Println(v.Tag, v.Class, v.Segment) },
//	})
//	err := s.Add(&message)
//	s.Close()
//
// The tracker of package track uses the same measures ([Preset.Discrepancy],
// [Preset.Metric]) on a stream, where a position that was given on cannot be
// taken back; docs/tracks.md says where the two differ.
package segment
