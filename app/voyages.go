package app

import (
	"context"
	"strconv"
	"strings"

	"navicert"
	"navicert/decide"
)

// SaveVoyages saves voyages to be watched, all or none of them, and returns how
// many are new or were changed. Each needs a reference.
func (a *App) SaveVoyages(ctx context.Context, voyages []navicert.Voyage, who, note string) (changed int, err error) {
	const op = "save voyages"
	seen := make(map[string]bool, len(voyages))
	saved := make([]decide.SavedVoyage, len(voyages))
	for i, v := range voyages {
		if v, err = decide.Normalise(v); err != nil {
			return 0, err
		}
		switch {
		case v.ID == "":
			return 0, navicert.Errorf(navicert.Invalid, op, v.Vessel.Label(), "it has no id, by which it would be known again")
		case seen[v.ID]:
			return 0, navicert.Errorf(navicert.Invalid, op, strconv.Quote(v.ID), "two voyages have this id")
		}
		seen[v.ID] = true
		saved[i] = decide.SavedVoyage{Voyage: v, Who: strings.TrimSpace(who), Note: strings.TrimSpace(note), At: a.now()}
	}
	return a.db.PutVoyages(ctx, saved)
}

// SavedVoyages returns the voyages that are saved, by reference.
func (a *App) SavedVoyages(ctx context.Context) ([]decide.SavedVoyage, error) {
	return a.db.Voyages(ctx)
}

// RemoveVoyage takes a voyage off.
func (a *App) RemoveVoyage(ctx context.Context, id string) error { return a.db.RemoveVoyage(ctx, id) }
