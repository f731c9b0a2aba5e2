package geo

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"navicert"
)

func lanesFile(t testing.TB) []byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "web", "dist", "assets", "sealanes-*.json"))
	if err != nil || len(paths) != 1 {
		t.Fatalf("the network of sea lanes is %q: %v", paths, err)
	}
	b, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var network struct {
	sync.Once
	lanes *Lanes
}

func readNetwork(t testing.TB) *Lanes {
	t.Helper()
	network.Do(func() {
		n, err := ReadLanes(bytes.NewReader(lanesFile(t)), "sealanes", readWorld(t))
		if err != nil {
			t.Fatal(err)
		}
		network.lanes = n
	})
	if network.lanes == nil {
		t.Fatal("the sea lanes were not read")
	}
	return network.lanes
}

func placesOf(t testing.TB, texts ...string) []navicert.RoutePoint {
	t.Helper()
	var out []navicert.RoutePoint
	for _, text := range texts {
		p, err := FindPlace(text)
		if err != nil {
			t.Fatal(err)
		}
		at, ok := p.Pos.Get()
		if !ok {
			t.Fatalf("%s has no position", text)
		}
		out = append(out, navicert.RoutePoint{Name: p.Name, Position: at})
	}
	return out
}

func passageNames(r *Route) string {
	var out []string
	for _, p := range r.Passages() {
		out = append(out, p.Name)
	}
	return strings.Join(out, ", ")
}

// Distances as they are published, and the passages that lead there. Those of
// NOAA ("Distances Between United States Ports"), of NGA (Pub. 151) and of the
// Canal Authority are as others quote them; "rounded" are what port tables
// commonly give, to 50 nm, for want of a table to quote. The network is for
// shape: within 8 % is what is asked of it, and most are within 3 %.
func TestPublishedDistances(t *testing.T) {
	n := readNetwork(t)
	for _, c := range []struct {
		places   []string
		nm       float64
		source   string
		passages string
	}{
		{[]string{"NLRTM", "USHOU"}, 5050, "rounded", "Dover Strait, Florida Straits"},
		{[]string{"33.73,-118.27", "31.37,121.6"}, 5700, "rounded: Los Angeles to Shanghai", ""},
		{[]string{"VELAG", "CUHAV"}, 1350, "rounded", "Mona Passage, Florida Straits"},
		{[]string{"USNYC", "LKCMB"}, 8604, "NGA Pub. 151, by Gibraltar", "Strait of Gibraltar, Suez Canal, Bab el Mandeb"},
		{[]string{"ROCND", "SAJED"}, 1698, "Suez Canal Authority, Constantza to Jeddah", "Bosporus, Dardanelles, Suez Canal"},
		{[]string{"USBOS", "USANC"}, 7312, "NOAA 1978, by Panama", "Windward Passage, Panama Canal"},
		{[]string{"NLRTM", "SGSIN"}, 8300, "rounded", "Dover Strait, Strait of Gibraltar, Suez Canal, Bab el Mandeb, Strait of Malacca"},
		{[]string{"GIGIB", "EGPSD"}, 1925, "NGA Pub. 151", ""},
		{[]string{"EGSUZ", "YEADE"}, 1310, "NGA Pub. 151", "Bab el Mandeb"},
	} {
		r, err := n.Route(placesOf(t, c.places...))
		if err != nil {
			t.Errorf("%s: %v", c.places, err)
			continue
		}
		off := r.LengthNM()/c.nm - 1
		t.Logf("%s: %.0f nm, published %.0f (%s): %+.1f %%; %s", c.places, r.LengthNM(), c.nm, c.source, off*100, passageNames(r))
		if math.Abs(off) > 0.08 {
			t.Errorf("%s: %.0f nm, published %.0f (%s)", c.places, r.LengthNM(), c.nm, c.source)
		}
		if got := passageNames(r); got != c.passages {
			t.Errorf("%s: through %q, want %q", c.places, got, c.passages)
		}
	}
}

// The ways of the blockade's trade, where no table is at hand: their passages,
// and that a place on the way changes them.
func TestPassages(t *testing.T) {
	n := readNetwork(t)
	for _, c := range []struct {
		places   []string
		passages string
		nm       float64
	}{
		{[]string{"VEJOT", "SGSIN"}, "Strait of Gibraltar, Suez Canal, Bab el Mandeb, Strait of Malacca", 10700},
		{[]string{"VEJOT", "AEFJR"}, "Strait of Gibraltar, Suez Canal, Bab el Mandeb", 8450},
		{[]string{"VEJOT", "-35.5,20", "AEFJR"}, "Cape of Good Hope", 10200},
		{[]string{"VEJOT", "IRBND"}, "Strait of Gibraltar, Suez Canal, Bab el Mandeb, Strait of Hormuz", 8500},
		{[]string{"RUMMK", "JPYOK"}, "Dover Strait, Strait of Gibraltar, Suez Canal, Bab el Mandeb, Strait of Malacca, Singapore Strait", 12900},
		{[]string{"VEJOT", "VEPCZ"}, "", 15},
		{[]string{"IRBAZ", "42.9,47.6"}, "", 400}, // the Caspian
	} {
		r, err := n.Route(placesOf(t, c.places...))
		if err != nil {
			t.Errorf("%s: %v", c.places, err)
			continue
		}
		if got := passageNames(r); got != c.passages || math.Abs(r.LengthNM()/c.nm-1) > 0.05 {
			t.Errorf("%s: %.0f nm through %q, want about %.0f through %q", c.places, r.LengthNM(), got, c.nm, c.passages)
		}
	}
}

// Where no way is known nothing is guessed.
func TestNoRoute(t *testing.T) {
	n := readNetwork(t)
	for want, places := range map[string][]string{
		"Madrid: the way to the nearest sea lane leads over": {"ESMAD", "NLRTM"},
		"Paris: the way to the nearest sea lane leads over":  {"NLRTM", "FRPAR"},
		"no sea lane joins them":                             {"IRBAZ", "NLRTM"}, // out of the Caspian
		"no sea lane is known within 200 nm":                 {"-85,120", "NLRTM"},
	} {
		if _, err := n.Route(placesOf(t, places...)); navicert.KindOf(err) != navicert.NotFound || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", places, err, want)
		}
	}
	for _, places := range [][]navicert.RoutePoint{nil, placesOf(t, "NLRTM"), {{Position: pos(math.NaN(), 0)}, {Position: pos(0, 0)}}} {
		if _, err := n.Route(places); navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%v: %v", places, err)
		}
	}
}

// How much of the network itself lies on land, by the coast of 1:10 million: canals
// and rivers do, islands that a lane misses by little, and the Gulf of Suez.
func TestLanesOnLand(t *testing.T) {
	n, land := readNetwork(t), readWorld(t)
	var ashore, all float64
	for _, l := range n.lanes {
		if !l.closed {
			ashore += land.legNM(n.at[l.a], n.at[l.b])
			all += l.nm
		}
	}
	points, lanes := n.Size()
	t.Logf("%d points, %d lanes, %.0f nm, of which %.0f nm on land (%.2f %%)", points, lanes, all, ashore, ashore/all*100)
	if points < 5000 || ashore/all > 0.005 {
		t.Errorf("%d points, %.2f %% on land", points, ashore/all*100)
	}
}

var ports = []string{
	"NLRTM", "USHOU", "VEJOT", "VELAG", "CUHAV", "SGSIN", "AEFJR", "IRBND", "ZACPT", "BRSSZ", "CLVAP", "AUSYD", "NZAKL",
	"JPYOK", "USLAX", "RUMMK", "UAODS", "TRIST", "GRPIR", "DEHAM", "FIHEL", "INBOM", "LKCMB", "PHMNL", "FJSUV",
}

// How much of the routes between ports of all seas lies on land by that coast:
// canals, the Gulf of Suez, rivers and harbours, and capes cut at a mile or two.
func TestRoutesOnLand(t *testing.T) {
	n := readNetwork(t)
	var ashore, all, worst float64
	some := ports[:12]
	for i, from := range some {
		for _, to := range some[i+1:] {
			r, err := n.Route(placesOf(t, from, to))
			if err != nil {
				t.Fatal(err)
			}
			here := r.AshoreNM()
			ashore, all, worst = ashore+here, all+r.LengthNM(), max(worst, here)
		}
	}
	t.Logf("%d routes, %.0f nm, of which %.0f on land (%.2f %%), at most %.0f", len(some)*(len(some)-1)/2, all, ashore, ashore/all*100, worst)
	if ashore/all > 0.02 || worst > 250 {
		t.Errorf("%.2f %% on land, at most %.0f nm", ashore/all*100, worst)
	}
}

// TestEveryPassageIsOnALane: a passage through which no lane leads is never named.
func TestEveryPassageIsOnALane(t *testing.T) {
	n := readNetwork(t)
	for i := range gates {
		g := &gates[i]
		if !g.closed && !slices.ContainsFunc(n.lanes, func(l lane) bool { return g.crosses(n.unit[l.a], n.unit[l.b]) }) {
			t.Errorf("no lane leads through %s", g.name)
		}
	}
}

// TestCutCornersAreAtSea: where a route leaves the lanes to cut a corner it leads
// over no more than a mile of land.
func TestCutCornersAreAtSea(t *testing.T) {
	if testing.Short() {
		t.Skip("long, on one goroutine: make check has run it")
	}
	n := readNetwork(t)
	joined, point := map[[2]navicert.Position]bool{}, map[navicert.Position]bool{}
	for _, l := range n.lanes {
		a, b := n.at[l.a], n.at[l.b]
		joined[[2]navicert.Position{a, b}], joined[[2]navicert.Position{b, a}] = true, true
		point[a], point[b] = true, true
	}
	cut := 0
	for i, from := range ports {
		for _, to := range ports[i+1:] {
			r, err := n.Route(placesOf(t, from, to))
			if err != nil {
				t.Fatal(err)
			}
			for k := 1; k < len(r.points); k++ {
				a, b := r.points[k-1].Position, r.points[k].Position
				if !point[a] || !point[b] || joined[[2]navicert.Position{a, b}] { // the way to a lane, or along it
					continue
				}
				cut++
				if nm := n.land.legNM(a, b); nm > sameCoastNM+landStepNM {
					t.Errorf("%s to %s: %v to %v leads over %.1f nm of land", from, to, a, b, nm)
				}
			}
		}
	}
	if cut < 100 {
		t.Errorf("%d corners cut", cut)
	}
}

// TestWayOutOfABay: a ship leaves a bay by its mouth, not over the land beside it.
func TestWayOutOfABay(t *testing.T) {
	n := readNetwork(t)
	for _, c := range []struct {
		port, to string
		mouth    gate
	}{
		{"JPTYO", "USLAX", gate{from: pos(35.25, 139.65), to: pos(35.25, 139.85)}},   // the Uraga Channel
		{"USSFO", "JPYOK", gate{from: pos(37.79, -122.48), to: pos(37.84, -122.48)}}, // the Golden Gate
		{"USBAL", "NLRTM", gate{from: pos(36.9, -76.05), to: pos(37.15, -75.9)}},     // the capes of the Chesapeake
	} {
		r, err := n.Route(placesOf(t, c.port, c.to))
		if err != nil {
			t.Errorf("%s: %v", c.port, err)
			continue
		}
		crossed, ashore := false, 0.0
		for k := range r.points[1:] {
			a, b := r.points[k].Position, r.points[k+1].Position
			ashore += n.land.legNM(a, b)
			if crossed = c.mouth.crosses(toPoint(a), toPoint(b)); crossed {
				break
			}
		}
		if !crossed || ashore > 5 {
			t.Errorf("%s: through its mouth %v, %.1f nm ashore: %v", c.port, crossed, ashore, r.points)
		}
	}
}

// How much land lies between ports and their lanes: of every fifth port of the
// World Port Index.
func TestPortsFromTheirLanes(t *testing.T) {
	if testing.Short() {
		t.Skip("long, on one goroutine: make check has run it")
	}
	n := readNetwork(t)
	var mile, three, ten, more, none int
	ports := realWPI(t).Ports
	for i := 0; i < len(ports); i += 5 {
		b, err := n.berth(navicert.RoutePoint{Name: ports[i].Name, Position: ports[i].Pos})
		switch nm := b.ashore(); {
		case err != nil && navicert.KindOf(err) != navicert.NotFound:
			t.Fatal(err)
		case err != nil:
			none++
		case nm <= 1:
			mile++
		case nm <= 3:
			three++
		case nm <= 10:
			ten++
		default:
			more++
		}
	}
	all := mile + three + ten + more + none
	t.Logf("of %d ports %d within a mile of land of a lane, %d three, %d ten, %d more, %d not joined", all, mile, three, ten, more, none)
	if mile+three < all*4/5 || none > all/10 {
		t.Errorf("%d of %d within three miles of land, %d not joined", mile+three, all, none)
	}
}

// A route is as long as its way back, no shorter than the great circle, and a
// place on the way lengthens it or leaves it but for the corners cut.
func TestRouteProperties(t *testing.T) {
	n := readNetwork(t)
	rapid.Check(t, func(rt *rapid.T) {
		port := rapid.SampledFrom(ports)
		p := placesOf(t, port.Draw(rt, "from"), port.Draw(rt, "via"), port.Draw(rt, "to"))
		length := func(places ...navicert.RoutePoint) float64 {
			r, err := n.Route(places)
			if err != nil {
				rt.Fatal(err)
			}
			return r.LengthNM()
		}
		direct, by := length(p[0], p[2]), length(p...)
		if back := length(p[2], p[0]); math.Abs(back-direct) > 1e-6 {
			rt.Errorf("%.3f nm there, %.3f back", direct, back)
		}
		if gc := DistanceNM(p[0].Position, p[2].Position); direct < gc-1e-6 {
			rt.Errorf("%.1f nm, the great circle has %.1f", direct, gc)
		}
		if by < direct*0.97 {
			rt.Errorf("%.1f nm, by %s %.1f", direct, p[1].Name, by)
		}
	})
}

// The same file gives the same route, whatever was asked before.
func TestRouteIsDetermined(t *testing.T) {
	n := readNetwork(t)
	places := placesOf(t, "VEJOT", "CNTAO")
	a, err := n.Route(places)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ReadLanes(bytes.NewReader(lanesFile(t)), "again", readWorld(t))
	if err != nil {
		t.Fatal(err)
	}
	if other.SHA256() != n.SHA256() || len(n.SHA256()) != 64 {
		t.Errorf("hashes %s and %s", n.SHA256(), other.SHA256())
	}
	back, err := other.Route([]navicert.RoutePoint{places[1], places[0]})
	if err != nil {
		t.Fatal(err)
	}
	b, err := other.Route(places)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a.Points(), b.Points()) {
		t.Error("two routes for one question")
	}
	turned := back.Points()
	slices.Reverse(turned)
	if !slices.Equal(a.Points(), turned) {
		t.Error("the way back is another")
	}
}

// A way over the antimeridian is not a way round the globe.
func TestRouteAcrossTheAntimeridian(t *testing.T) {
	n := readNetwork(t)
	a, err := n.Route(placesOf(t, "FJSUV", "USLAX"))
	if err != nil {
		t.Fatal(err)
	}
	if a.LengthNM() > 5200 { // great circle 4,800
		t.Errorf("Suva to Los Angeles is %.0f nm", a.LengthNM())
	}
}

func TestHostileLanes(t *testing.T) {
	whole := lanesFile(t)
	small := `{"type":"Topology","transform":{"scale":[1,1],"translate":[0,0]},"objects":{"lanes":{}},"arcs":[[[0,0],[1,1]]]}`
	if _, err := ReadLanes(strings.NewReader(small), "small", nil); err != nil {
		t.Errorf("one lane: %v", err)
	}
	for name, text := range map[string]string{
		"empty":           "",
		"cut off":         string(whole[:len(whole)/2]),
		"no lanes":        strings.Replace(small, `"lanes"`, `"land"`, 1),
		"no lane":         strings.Replace(small, `[[0,0],[1,1]]`, `[[0,0],[0,0]]`, 1),
		"NaN":             strings.Replace(small, `"scale":[1,1]`, `"scale":[NaN,1]`, 1),
		"infinite":        strings.Replace(small, `"scale":[1,1]`, `"scale":[1e999,1]`, 1),
		"beyond the pole": strings.Replace(small, `[1,1]]`, `[1,91]]`, 1),
		"overflowing":     strings.Replace(small, `[1,1]]`, `[9223372036854775807,1],[9223372036854775807,1]]`, 1),
		"a fraction":      strings.Replace(small, `[1,1]]`, `[1.5,1]]`, 1),
		"not quantised":   strings.Replace(small, `"transform"`, `"other"`, 1),
		"huge":            small + strings.Repeat(" ", maxTopologyBytes),
		"too many lanes":  `{"type":"Topology","transform":{"scale":[0.0001,0.0001],"translate":[0,0]},"objects":{"lanes":{}},"arcs":[[[0,0]` + strings.Repeat(",[1,0],[0,1]", 110_000) + `]]}`,
	} {
		if _, err := ReadLanes(strings.NewReader(text), name, nil); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}

// A route between ports that were asked for before, and one between others.
func BenchmarkRoute(b *testing.B) {
	n := readNetwork(b)
	places := placesOf(b, "VEJOT", "CNTAO")
	for name, fresh := range map[string]bool{"kept": false, "fresh": true} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if fresh {
					n.mu.Lock()
					clear(n.found)
					n.mu.Unlock()
				}
				if _, err := n.Route(places); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
