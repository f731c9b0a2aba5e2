package identity_test

import (
	"testing"

	"navicert/detect/detecttest"
	"navicert/detect/identity"
)

func TestStories(t *testing.T) {
	detecttest.Run(t, "testdata/*.txt", identity.Kind, identity.KindHopping)
}
