package disabling_test

import (
	"testing"

	"navicert/detect/detecttest"
	"navicert/detect/disabling"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", disabling.Kind) }
