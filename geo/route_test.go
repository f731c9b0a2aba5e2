package geo

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"navicert"
)

func routeOf(t *testing.T, at ...navicert.Position) *Route {
	t.Helper()
	var points []navicert.RoutePoint
	for _, p := range at {
		points = append(points, navicert.RoutePoint{Name: p.String(), Position: p})
	}
	r, err := NewRoute(points)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRouteCrosses(t *testing.T) {
	zone := func(id, geometry string) Zone { return Zone{ID: id, Area: mustArea(t, geometry)} }
	zones := []Zone{zone("caribbean", boxCaribbean), zone("date line", boxDateLine), zone("pole", capNorth), zone("holed", holed), {ID: "no area"}}
	etd := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		route *Route
		want  string
	}{
		{"through", routeOf(t, pos(11, -70), pos(11, -60)), "caribbean 236-354"},
		{"from inside, over a waypoint inside", routeOf(t, pos(11, -65), pos(11.5, -64.5), pos(11.5, -60)), "caribbean 0-71 terminal"},
		{"to inside", routeOf(t, pos(20, -65), pos(11, -65)), "caribbean 480-540 terminal"},
		{"turning inside", routeOf(t, pos(20, -65), pos(11, -65), pos(20, -65.1)), "caribbean 480-600"},
		{"twice", routeOf(t, pos(11, -70), pos(11, -60), pos(11, -70)), "caribbean 236-354, caribbean 825-943"},
		{"date line", routeOf(t, pos(0, 170), pos(0, -170)), "date line 540-660"},
		{"two zones", routeOf(t, pos(0.5, 170), pos(0.5, -170), pos(11, -64), pos(11, -63)), "date line 540-660, caribbean 7423-7541"},
		{"over the pole", routeOf(t, pos(50, 0), pos(50, 180)), "pole 600-4203"},
		{"in and out of a hole", routeOf(t, pos(5, -5), pos(5, 15)), "holed 299-419, holed 778-897"},
		{"nowhere", routeOf(t, pos(-20, 0), pos(-20, 40)), ""},
		{"standing inside", routeOf(t, pos(11, -65), pos(11, -65)), "caribbean 0-0 terminal"},
	} {
		var got []string
		for _, x := range c.route.Crosses(zones, 10, etd) {
			s := fmt.Sprintf("%s %.0f-%.0f", x.Zone.ID, x.EntryNM, x.EntryNM+x.InsideNM)
			if x.Terminal {
				s += " terminal"
			}
			got = append(got, s)
			want := etd.Add(time.Duration(x.EntryNM / 10 * float64(time.Hour)))
			if x.EntryTime.Sub(want).Abs() > time.Second || x.ExitTime.Before(x.EntryTime) {
				t.Errorf("%s: entry at %v, want %v", c.name, x.EntryTime, want)
			}
		}
		if g := strings.Join(got, ", "); g != c.want {
			t.Errorf("%s: %q, want %q", c.name, g, c.want)
		}
		for _, x := range c.route.Crosses(zones, 10, time.Time{}) {
			if !x.EntryTime.IsZero() || !x.ExitTime.IsZero() {
				t.Errorf("%s: a time without a departure", c.name)
			}
		}
	}
}

func TestRoute(t *testing.T) {
	r := routeOf(t, pos(0, 0), pos(0, 10), pos(10, 10))
	if got := r.LengthNM(); math.Abs(got-1200.8) > 0.1 {
		t.Errorf("length %v", got)
	}
	for _, c := range []struct {
		p    navicert.Position
		want float64
	}{{pos(1, 5), 60.04}, {pos(5, 10), 0}, {pos(5, 11), 59.8}, {pos(0, -1), 60.04}} {
		if got := r.DistanceNM(c.p); math.Abs(got-c.want) > 0.1 {
			t.Errorf("distance of %v is %v, want %v", c.p, got, c.want)
		}
	}
	for _, bad := range [][]navicert.RoutePoint{
		nil,
		{{Position: pos(0, 0)}},
		{{Position: pos(0, 0)}, {Position: pos(91, 0)}},
		make([]navicert.RoutePoint, maxRoutePoints+1),
	} {
		if _, err := NewRoute(bad); err == nil {
			t.Errorf("NewRoute of %d points succeeds", len(bad))
		}
	}
}
