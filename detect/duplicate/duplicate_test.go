package duplicate_test

import (
	"testing"

	"navicert/detect/detecttest"
	"navicert/detect/duplicate"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", duplicate.Kind) }
