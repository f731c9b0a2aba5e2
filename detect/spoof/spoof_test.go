package spoof_test

import (
	"testing"

	"navicert/detect/detecttest"
	"navicert/detect/spoof"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", spoof.Kind) }

// TestAllEnd: nothing goes on of ships that have been silent for two days.
func TestAllEnd(t *testing.T) { detecttest.AllEnd(t, "testdata/*.txt", spoof.Kind) }
