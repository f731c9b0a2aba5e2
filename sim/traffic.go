package sim

import (
	"fmt"
	"math/rand/v2"
	"time"

	"navicert"
	"navicert/geo"
)

// shipClass is a sort of ship that added traffic is made of, with the share of
// it among them and its usual size and speed.
type shipClass struct {
	kind             string
	shipType         int // ITU-R M.1371 table 53
	share            float64
	length, beam     int
	draught, speedKn float64
	class            navicert.Class
}

// The shares, sizes and speeds are ours: a mix of the sorts that such lanes see,
// each with a common size and service speed. Nothing is measured by them.
var shipClasses = [...]shipClass{
	{"oil_tanker", 80, 0.24, 228, 32, 11.5, 12.5, navicert.ClassA},
	{"bulk_carrier", 70, 0.24, 190, 32, 10.8, 12, navicert.ClassA},
	{"container_ship", 71, 0.16, 260, 40, 12, 17.5, navicert.ClassA},
	{"general_cargo", 79, 0.16, 110, 17, 6.2, 11, navicert.ClassA},
	{"tug", 52, 0.06, 32, 11, 4.5, 9, navicert.ClassA},
	{"sailing_yacht", 36, 0.14, 14, 4, 2.2, 6, navicert.ClassB},
}

// addTraffic makes n ships that sail the scenario's traffic lanes to and fro
// with stays at their ends, until the end of the world.
func addTraffic(sc *Scenario, n int, seed uint64, end time.Time) ([]Vessel, error) {
	if n <= 0 {
		return nil, nil
	}
	if len(sc.Traffic) == 0 {
		return nil, navicert.Errorf(navicert.Invalid, "scenario", sc.Name, "it names no traffic lanes, so no ships can be added").
			WithHint("leave the number of vessels out, or add traffic: to the scenario")
	}
	taken := map[uint32]bool{}
	for i := range sc.Vessels {
		taken[sc.Vessels[i].MMSI], taken[sc.Vessels[i].IMO] = true, true
		for _, step := range sc.Vessels[i].Script {
			if step.Report != nil && step.Report.MMSI != nil {
				taken[*step.Report.MMSI] = true
			}
		}
	}
	delete(taken, 0)
	vessels := make([]Vessel, 0, n)
	for i := 0; len(vessels) < n; i++ {
		if i >= maxMMSIs {
			return nil, navicert.Errorf(navicert.Limit, "scenario", sc.Name, "there are numbers for %d invented ships, not for more", maxMMSIs)
		}
		mmsi, imo := SimulatedMMSI(i), SimulatedIMO(i)
		if taken[uint32(mmsi)] || taken[uint32(imo)] {
			continue
		}
		v := addedVessel(sc, i, rand.New(rand.NewPCG(seed, uint64(mmsi))), end)
		v.MMSI = uint32(mmsi)
		if v.Class == navicert.ClassA {
			v.IMO = uint32(imo)
		}
		vessels = append(vessels, v)
	}
	return vessels, nil
}

func addedVessel(sc *Scenario, i int, r *rand.Rand, end time.Time) Vessel {
	pick, c := r.Float64(), shipClasses[0]
	for _, c = range shipClasses {
		if pick -= c.share; pick < 0 {
			break
		}
	}
	lane := sc.Lanes[sc.Traffic[r.IntN(len(sc.Traffic))]]
	at, step := r.IntN(len(lane)), 1
	if r.IntN(2) == 0 {
		step = -1
	}
	v := Vessel{
		Name: addedName(i), CallSign: addedCallSign(i), Class: c.class, Kind: c.kind, ShipType: c.shipType,
		LengthM: c.length + r.IntN(20) - 10, BeamM: c.beam, DraughtM: c.draught, Destination: "SIMULATED", At: lane[at],
		Start: sc.From,
	}
	// A first stay of up to a day spreads the ships over the lane; each later
	// one is a port call.
	hours := end.Sub(sc.From.Time).Hours()
	spent := r.Float64() * 24
	v.Script = append(v.Script, Step{Anchor: &Stay{For: hoursLong(spent)}})
	for spent <= hours {
		if at+step < 0 || at+step >= len(lane) {
			step = -step
			stay := 10 + 30*r.Float64()
			spent += stay
			v.Script = append(v.Script, Step{Moor: &Stay{For: hoursLong(stay)}})
			continue
		}
		speed := c.speedKn * (0.9 + 0.2*r.Float64())
		a, b := sc.Places[lane[at]], sc.Places[lane[at+step]]
		spent += geo.DistanceNM(a.position(), b.position()) / speed
		at += step
		v.Script = append(v.Script, Step{Sail: &Sail{Along: []string{lane[at]}, SpeedKn: speed}})
	}
	return v
}

func hoursLong(h float64) Duration { return Duration(h * float64(time.Hour)) }

// Words of added ships' names, short enough that a name with its number has 20
// letters; with the number no two are equal.
var (
	nameFirst  = [...]string{"QUILL", "OSIER", "THRUM", "VESPER", "GAMBOGE", "HALYARD", "INKWELL", "JORAM", "KELSON", "LUNETTE"}
	nameSecond = [...]string{"DRIFT", "LAMP", "MERLE", "PINTLE", "QUOIN", "RAVEL", "SEXTON", "TRUSS", "UMBREL", "WIMPLE"}
)

func addedName(i int) string {
	if i >= 100_000 {
		return fmt.Sprintf("%s %d", nameFirst[i%10], i)
	}
	return fmt.Sprintf("%s %s %d", nameFirst[i%10], nameSecond[i/10%10], i)
}

func addedCallSign(i int) string {
	if i > 0xffff {
		return fmt.Sprintf("S%06X", i)
	}
	return fmt.Sprintf("SIM%04X", i)
}
