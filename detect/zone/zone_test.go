package zone_test

import (
	"testing"

	"navicert/detect/detecttest"
	"navicert/detect/zone"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", zone.Kind, "gap") }

// TestAllEnd: nothing goes on of ships that have been silent for two days.
func TestAllEnd(t *testing.T) { detecttest.AllEnd(t, "testdata/*.txt", zone.Kind) }
