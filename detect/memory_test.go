package detect_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/all"
)

// fleet is ships in two thousand waters of a degree each, fifty to each, of which six
// in ten lie, a third has class B and a tenth are tankers: each sends a position every
// ten minutes, and those of class A say half-hourly who they are and where they go;
// half of that names a place. They are made as they are sent, so that nobody holds
// them but the engine.
type fleet struct {
	at       []navicert.Position
	receiver []string
}

const (
	fleetShips   = 100_000
	fleetMinutes = 130
	fleetEvery   = 10
)

func newFleet(onLand func(navicert.Position) bool) *fleet {
	f := &fleet{}
	r := rand.New(rand.NewPCG(5, 6))
	for len(f.at) < fleetShips {
		water := navicert.Position{Lat: 120*r.Float64() - 60, Lon: 358*r.Float64() - 179}
		name := fmt.Sprintf("r%05d", len(f.at))
		for range 50 {
			if p := (navicert.Position{Lat: water.Lat + r.Float64(), Lon: water.Lon + r.Float64()}); !onLand(p) {
				f.at, f.receiver = append(f.at, p), append(f.receiver, name)
			}
		}
	}
	r.Shuffle(len(f.at), func(i, k int) {
		f.at[i], f.at[k] = f.at[k], f.at[i]
		f.receiver[i], f.receiver[k] = f.receiver[k], f.receiver[i]
	})
	return f
}

func (f *fleet) lies(i int) bool { return i%10 < 6 }
func (f *fleet) class(i int) navicert.Class {
	if i%3 == 2 {
		return navicert.ClassB
	}
	return navicert.ClassA
}
func (f *fleet) mmsi(i int) navicert.MMSI { return navicert.MMSI(205_000_001 + 4_001*i) }

// fix is a ship's position some minutes after the beginning.
func (f *fleet) fix(i, minutes int, r *rand.Rand) navicert.Fix {
	out := navicert.Fix{
		MMSI: f.mmsi(i), Time: t0.Add(time.Duration(minutes)*time.Minute + time.Duration(i)*time.Minute/fleetShips),
		TimeFrom: navicert.TimeTag, Pos: f.at[i], Class: f.class(i), Station: f.receiver[i],
		SpeedKn: navicert.Some(0.0), CourseDeg: navicert.Some(float64(r.IntN(3600)) / 10), HeadingDeg: navicert.Some(float64(i % 360)),
		Status: navicert.Some(navicert.AtAnchor), Ref: navicert.Ref{Source: "live", Offset: int64(i) << 20},
	}
	if f.lies(i) {
		out.Pos.Lat += 2e-4 * r.Float64()
		out.Pos.Lon += 2e-4 * r.Float64()
		return out
	}
	course, kn := float64(i%360), 9+float64(i%8)
	nm := kn * float64(minutes) / 60
	sin, cos := math.Sincos(course * math.Pi / 180)
	out.Pos.Lat += nm / 60 * cos
	out.Pos.Lon = math.Remainder(out.Pos.Lon+nm/60*sin/math.Cos(out.Pos.Lat*math.Pi/180), 360)
	out.SpeedKn, out.CourseDeg = navicert.Some(kn+float64(r.IntN(5))/10), navicert.Some(course)
	out.Status = navicert.Some(navicert.UnderWayEngine)
	return out
}

// kinds of ship: cargo ships, tankers, passenger ships, fishing boats and tugs.
var kinds = [...]int{70, 71, 30, 52, 70, 79, 80, 60, 30, 70}

var declared = [...]string{"ROTTERDAM", "SGSIN", "FISHING GROUNDS", "FOR ORDERS", "HAMBURG", "CN SHA", "SEA", "AEFJR", "GUARD DUTY", "TOWING"}

func (f *fleet) report(i int, at time.Time) navicert.Static {
	return navicert.Static{
		MMSI: f.mmsi(i), Time: at, TimeFrom: navicert.TimeTag, IMO: imoOf(i), Name: fmt.Sprintf("SHIP NUMBER %d", i), CallSign: navicert.CallSign(fmt.Sprintf("C%05d", i)),
		ShipType: navicert.Some(kinds[i%len(kinds)]), LengthM: navicert.Some(120.0 + float64(i%200)), BeamM: navicert.Some(32.0), DraughtM: navicert.Some(8 + float64(i%40)/10),
		Destination: string([]byte(declared[i/10%len(declared)])), Class: navicert.ClassA, Station: f.receiver[i], Ref: navicert.Ref{Source: "live", Offset: int64(i) << 20},
	}
}

// imoOf is a number with a right check digit.
func imoOf(i int) navicert.IMO {
	n, sum := 100_000+i, 0
	for d, k := n, 2; k <= 7; d, k = d/10, k+1 {
		sum += d % 10 * k
	}
	return navicert.IMO(n*10 + sum%10)
}

// BenchmarkVesselMemory measures what a hundred thousand ships take after two hours,
// in the tracker, the coverage ledger and all detectors together: the heap in use
// that goes when the engine goes. Without reports, ships send positions only.
func BenchmarkVesselMemory(b *testing.B) {
	with := config(b, zones(b))
	f := newFleet(with.Land.Contains)
	for _, reports := range []bool{false, true} {
		b.Run(map[bool]string{false: "positions", true: "reports"}[reports], func(b *testing.B) {
			perVessel := 0.0
			for b.Loop() {
				e := detect.NewEngine(detect.Options{Detectors: all.Detectors(with), Event: func(navicert.Event) error { return nil }})
				if err := f.sail(e, reports); err != nil {
					b.Fatal(err)
				}
				if s := e.Stats(); s.Vessels != fleetShips {
					b.Fatalf("%d vessels of %d", s.Vessels, fleetShips)
				}
				with := heap()
				runtime.KeepAlive(e)
				e = nil
				perVessel = float64(with-heap()) / fleetShips
			}
			b.ReportMetric(perVessel, "B/vessel")
			runtime.KeepAlive(f)
		})
	}
}

// sail gives an engine what the ships send.
func (f *fleet) sail(e *detect.Engine, reports bool) error {
	r := rand.New(rand.NewPCG(7, 8))
	for minutes := 0; minutes < fleetMinutes; minutes += fleetEvery {
		for i := range fleetShips {
			fix := f.fix(i, minutes, r)
			if reports && fix.Class == navicert.ClassA && (minutes+fleetEvery*(i%3))%30 == 0 {
				static := f.report(i, fix.Time)
				if err := e.Static(&static); err != nil {
					return err
				}
			}
			if err := e.Fix(&fix); err != nil {
				return err
			}
		}
	}
	return nil
}

// heap is how many bytes of it are in use.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
