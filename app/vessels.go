package app

import (
	"cmp"
	"context"
	"time"

	"navicert"
	"navicert/track"
)

// KnownVessel is what is known of a ship's identities, by IMO number or MMSI.
type KnownVessel struct {
	Appearances []track.Appearance `json:"appearances"` // newest first
	// Draught is what the MMSI of the newest appearance reported, Load what it
	// tells and Basis on what that rests.
	Draught track.Draught `json:"draught,omitzero"`
	Load    track.Load    `json:"load,omitempty"`
	Basis   string        `json:"basis,omitempty"`
}

// Vessel returns what is known of an IMO number or an MMSI (give one, leave the
// other zero) from reports at or before a time; the zero time is now.
func (a *App) Vessel(ctx context.Context, imo navicert.IMO, mmsi navicert.MMSI, asOf time.Time) (v KnownVessel, err error) {
	t := cmp.Or(asOf, a.now())
	if v.Appearances, err = a.db.Appearances(ctx, imo, mmsi, t); err != nil || len(v.Appearances) == 0 {
		return v, err
	}
	if v.Draught, err = a.db.Draught(ctx, v.Appearances[0].MMSI, t); err != nil {
		return v, err
	}
	v.Load, v.Basis = v.Draught.Load(0)
	return v, nil
}
