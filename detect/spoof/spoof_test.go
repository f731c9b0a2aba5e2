package spoof_test

import (
	"testing"

	"navicert/detect/detecttest"
	"navicert/detect/spoof"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", spoof.Kind) }
