package app

import (
	"context"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/geo"
)

// Heard is a row of the coverage ledger with the place of its cell.
type Heard struct {
	detect.Heard
	Position navicert.Position `json:"position"` // of the cell's centre
	NM       float64           `json:"nm"`       // from the place asked about
	Kind     string            `json:"receiver_kind"`
}

// Coverage returns what was heard by whom about a place: in the cells whose
// centres lie within a distance, the one that holds it always, in the clock hours
// that overlap [from, to).
func (a *App) Coverage(ctx context.Context, at navicert.Position, nm float64, from, to time.Time) ([]Heard, error) {
	rows, err := a.db.Heard(ctx, detect.HeardFilter{Cells: geo.CellsWithin(at, nm, detect.CellLevel), From: from, To: to})
	if err != nil {
		return nil, err
	}
	known := detect.KnownReceivers().With(a.cfg.Receivers)
	out := make([]Heard, len(rows))
	for i, r := range rows {
		ll := r.Cell.LatLng()
		p := navicert.Position{Lat: ll.Lat.Degrees(), Lon: ll.Lng.Degrees()}
		out[i] = Heard{Heard: r, Position: p, NM: geo.DistanceNM(at, p), Kind: known.Kind(r.Receiver).String()}
	}
	return out, nil
}
