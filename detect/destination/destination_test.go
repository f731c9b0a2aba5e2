package destination_test

import (
	"testing"

	"navicert/detect/destination"
	"navicert/detect/detecttest"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", destination.Kind) }
