package encounter_test

import (
	"testing"

	"navicert/detect/detecttest"
	"navicert/detect/encounter"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", encounter.Kind) }

func TestTransferStories(t *testing.T) {
	detecttest.Run(t, "testdata/transfer/*.txt", encounter.KindTransfer)
}
