package portcall_test

import (
	"testing"

	"navicert/detect/detecttest"
	"navicert/detect/portcall"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", portcall.Kind) }
