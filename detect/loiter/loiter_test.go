package loiter_test

import (
	"testing"

	"navicert/detect/detecttest"
	"navicert/detect/loiter"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", loiter.Kind) }
