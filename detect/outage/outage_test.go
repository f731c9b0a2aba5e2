package outage_test

import (
	"testing"

	"navicert/detect/detecttest"
	"navicert/detect/gap"
	"navicert/detect/outage"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", outage.Kind) }

// TestGaps: what an outage explains is told with it, also what was told before.
func TestGaps(t *testing.T) { detecttest.Run(t, "testdata/gaps/*.txt", outage.Kind, gap.Kind) }
