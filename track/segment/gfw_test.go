package segment_test

import (
	"path/filepath"
	"testing"

	"navicert/internal/realdata"
	"navicert/track/gfw"
)

func TestGpsdioSegment(t *testing.T) {
	set, err := gfw.Tracks(realdata.Dir(t, "behaviour/gpsdio-segment"))
	if err != nil {
		t.Fatal(err)
	}
	set.Check(t, 13)
}

// 11 positions and 2 messages without, 6 segments on days, 12 messages with
// names, 4 parameters.
func TestPipeSegment(t *testing.T) {
	set, err := gfw.Segments(realdata.Dir(t, "behaviour/pipe-segment"))
	if err != nil {
		t.Fatal(err)
	}
	set.Check(t, 11+2+6+12+4)
}

// Real tracks in batches give what they give in one.
func TestTracksInBatches(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(realdata.Dir(t, "behaviour/gpsdio-segment"), "tracks", "*.ndjson.gz"))
	if err != nil || len(paths) != 13 {
		t.Fatalf("%d tracks, want 13 (%v)", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			messages, err := gfw.ReadTrack(path)
			if err != nil {
				t.Fatal(err)
			}
			one := run(t, messages, nil)
			split := run(t, messages, func(i int) bool { return i < 100 || i%397 == 0 })
			for i := range messages {
				if split.Verdicts[i] != one.Verdicts[i] {
					t.Fatalf("line %d: %v, in one %v", i, split.Verdicts[i], one.Verdicts[i])
				}
			}
		})
	}
}
