package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"navicert"
	"navicert/feed"
	"navicert/geo"
)

// ZoneImport says what became of a zone file.
type ZoneImport struct {
	Source  string         `json:"source"`
	SHA256  string         `json:"sha256"` // of the file, unpacked
	Zones   int            `json:"zones"`
	Changed int            `json:"changed"` // new, or a new revision
	Unused  navicert.Tally `json:"unused"`  // what was read but means nothing here
}

// ImportZones reads a GeoJSON file of zones, packed or not, and keeps them. A
// file with one wrong zone is refused whole. Importing the same file again
// changes nothing.
func (a *App) ImportZones(ctx context.Context, path string) (ZoneImport, error) {
	s, err := feed.Open(ctx, path)
	if err != nil {
		return ZoneImport{}, err
	}
	defer s.Close()
	return a.ImportZonesFrom(ctx, s, s.Name)
}

// ImportZonesFrom does the same for a stream.
func (a *App) ImportZonesFrom(ctx context.Context, r io.Reader, source string) (ZoneImport, error) {
	h := sha256.New()
	zones, unused, err := geo.ReadZones(io.TeeReader(r, h), source)
	if err != nil {
		return ZoneImport{}, err
	}
	set := geo.ZoneSet{Source: source, SHA256: hex.EncodeToString(h.Sum(nil)), Zones: zones, ImportedAt: a.now()}
	changed, err := a.db.PutZones(ctx, set)
	if err != nil {
		return ZoneImport{}, err
	}
	return ZoneImport{Source: source, SHA256: set.SHA256, Zones: len(zones), Changed: changed, Unused: unused}, nil
}

// HeldZone is a zone with its state at a time and its distance from a place.
type HeldZone struct {
	geo.Zone
	InForce    bool                  `json:"in_force"`
	DistanceNM navicert.Opt[float64] `json:"distance_nm,omitzero"`
}

// Zones returns the zones held, each with whether it is in force at t; those
// published after t are left out.
func (a *App) Zones(ctx context.Context, t time.Time) ([]HeldZone, error) {
	zones, err := a.db.Zones(ctx, t, time.Time{})
	if err != nil {
		return nil, err
	}
	out := make([]HeldZone, len(zones))
	for i, z := range zones {
		out[i] = HeldZone{Zone: z, InForce: z.InForce(t)}
	}
	return out, nil
}

// ZonesAt returns the zones in force at t that hold a position, or lie within
// a distance of it.
func (a *App) ZonesAt(ctx context.Context, p navicert.Position, t time.Time, withinNM float64) ([]HeldZone, error) {
	zones, err := a.Zones(ctx, t)
	if err != nil {
		return nil, err
	}
	var out []HeldZone
	for _, z := range zones {
		if !z.InForce {
			continue
		}
		if nm := z.Area.DistanceNM(p); nm <= withinNM {
			z.DistanceNM = navicert.Some(nm)
			out = append(out, z)
		}
	}
	return out, nil
}

// Now is the present, for commands whose time is not given.
func (a *App) Now() time.Time { return a.now() }
