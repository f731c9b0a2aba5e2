package accuracy

import (
	"context"

	"navicert"
)

// MonthEvents returns the events that the detectors tell of a month.
func MonthEvents(ctx context.Context, seed uint64, o Options) ([]navicert.Event, error) {
	m, err := playMonth(ctx, seed, o)
	if err != nil {
		return nil, err
	}
	return m.events, nil
}
