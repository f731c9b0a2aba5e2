package jamming_test

import (
	"testing"

	"navicert/detect/detecttest"
	"navicert/detect/gap"
	"navicert/detect/jamming"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", jamming.Kind, gap.Kind) }
