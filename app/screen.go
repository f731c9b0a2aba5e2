package app

import (
	"context"

	"navicert/screen"
)

// ScreenView returns the sanctions lists as they stood at a time, ready to be
// asked many questions; a zero AsOf is now.
func (a *App) ScreenView(ctx context.Context, at screen.When) (*screen.View, error) {
	if err := notYet("screen", at.KnownAt, a.now()); err != nil {
		return nil, err
	}
	if at.AsOf.IsZero() {
		at.AsOf = a.now()
	}
	return a.screener.At(ctx, at)
}
