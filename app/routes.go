package app

import (
	"context"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/geo"
)

// RouteQuery asks for the way over sea lanes between places: UN/LOCODEs, names
// of terminals or LAT,LON, two or more.
type RouteQuery struct {
	Places   []string
	ETD, ETA time.Time // zero ETD is now
	SpeedKn  float64   // when ETD and ETA are not both given; zero is decide.AssumedSpeedKn
	AsOf     time.Time // zones published by then; zero is now
}

// Route is a way with the places that it joins.
type Route struct {
	Places []navicert.RoutePoint `json:"places"`
	ETD    navicert.Instant      `json:"etd"`
	navicert.Way
}

// Route lays a way down as a check does.
func (a *App) Route(ctx context.Context, q RouteQuery) (Route, error) {
	now := a.now()
	if q.ETD.IsZero() {
		q.ETD = now.Truncate(time.Minute)
	}
	if q.AsOf.IsZero() {
		q.AsOf = now
	}
	out := Route{ETD: navicert.At(q.ETD)}
	for _, text := range q.Places {
		p, err := geo.FindPlace(text)
		if err != nil {
			return out, err
		}
		at, ok := p.Pos.Get()
		if !ok {
			return out, navicert.Errorf(navicert.NotFound, "route", text, "its position is not known").WithHint("give LAT,LON in decimal degrees instead")
		}
		out.Places = append(out.Places, navicert.RoutePoint{Name: p.Name, Position: at})
	}
	lanes, err := seaLanes()
	if err != nil {
		return out, err
	}
	route, err := lanes.Route(out.Places)
	if err != nil {
		return out, err
	}
	zones, err := a.db.Zones(ctx, q.AsOf, now)
	if err != nil {
		return out, err
	}
	speed, assumed := decide.WaySpeed(route, q.ETD, q.ETA, q.SpeedKn)
	way, _ := decide.Along(route, zones, speed, q.ETD)
	out.Way = *way
	out.SpeedAssumed = assumed
	return out, nil
}
