package app

import (
	"context"

	"navicert/app/accuracy"
)

// DetectAccuracy measures the detectors; see package accuracy. The land is the
// chart's where no other is given.
func DetectAccuracy(ctx context.Context, o accuracy.Options) (*accuracy.Report, error) {
	if o.Land == nil {
		o.Land = land()
	}
	return accuracy.Run(ctx, o)
}
