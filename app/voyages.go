package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"navicert"
	"navicert/decide"
)

// VoyageIDs are the owners' references of some voyages, by which these are known
// again.
type VoyageIDs map[string]bool

// Of is a voyage's reference as its certificates have it. One that has none, or
// that of another of them, is an error.
func (ids VoyageIDs) Of(v navicert.Voyage) (string, error) {
	id := voyageID(v.ID)
	switch {
	case id == "":
		return "", errors.New("it has no id, by which it would be known again")
	case ids[id]:
		return "", fmt.Errorf("two voyages have the id %q", id)
	}
	ids[id] = true
	return id, nil
}

// voyageID is a reference as certificates have it.
func voyageID(id string) string { return strings.Join(strings.Fields(id), " ") }

// SaveVoyages saves voyages to be watched, all or none of them, and returns how
// many are new or were changed. Each needs a reference.
func (a *App) SaveVoyages(ctx context.Context, voyages []navicert.Voyage, who, note string) (changed int, err error) {
	const op = "save voyages"
	ids := VoyageIDs{}
	saved := make([]decide.SavedVoyage, len(voyages))
	for i, v := range voyages {
		if v, err = decide.Normalise(v); err != nil {
			return 0, err
		}
		if v.ID, err = ids.Of(v); err != nil {
			return 0, navicert.Errorf(navicert.Invalid, op, v.Vessel.Label(), "%w", err)
		}
		saved[i] = decide.SavedVoyage{Voyage: v, Who: strings.TrimSpace(who), Note: strings.TrimSpace(note), At: a.now()}
	}
	return a.db.PutVoyages(ctx, saved)
}

// SavedVoyages returns the voyages that are saved, by reference.
func (a *App) SavedVoyages(ctx context.Context) ([]decide.SavedVoyage, error) {
	return a.db.Voyages(ctx)
}

// RemoveVoyage takes a voyage off.
func (a *App) RemoveVoyage(ctx context.Context, id string) error {
	return a.db.RemoveVoyage(ctx, voyageID(id))
}
