package sim

import (
	"fmt"
	"slices"
	"sync"

	"navicert"
)

// Numbers of invented ships. They are valid in form, so that every check of
// the program passes over them as over real ones, and lie in ranges of which no
// number in use is known:
//
//   - IMO numbers 3500000 to 3999999. On the lists and in the recordings at hand
//     ships' numbers begin with 1 and with 4 to 9; companies' numbers, which are
//     of the same form, with 0 to 6, but none lies in this range.
//   - MMSIs MID 998nnn, not ending in 0. The MID makes the flag. The high serials
//     that are in use behind real MIDs mostly end in 0, as those of ships with
//     Inmarsat terminals do.
//   - MMSIs MID 999nnn, not ending in 0, of the MIDs behind which nobody at hand
//     has one: see busyMIDs.
//   - 100998nnn and 100999nnn, not ending in 0, for ships whose transponder was
//     set up wrongly: numbers that begin with 1 are given to no ship.
//
// A test holds the ranges against every list and recording at hand.
const (
	firstIMO, lastIMO       = 3500000, 3999999
	firstSerial, lastSerial = 998000, 998999
	moreSerials, lastMore   = 999000, 999999
	noMID                   = 100
)

// busyMIDs are the administrations behind which something at hand has a number
// of one of the ranges: added ships get none of theirs. Scripted ones may have
// single numbers of the first range, which the test looks at one by one.
var busyMIDs = [...]uint32{
	203, 211, 227, 228, 242, 258, 269, 277, 316, 338, 359, 366, 399, 445, 494, 518, 616, 620, 710, 744, 775, 792,
}

// Simulated reports whether the numbers lie in the ranges for invented ships;
// an IMO number of 0 is one that the ship does not have.
func Simulated(mmsi navicert.MMSI, imo navicert.IMO) error {
	if mmsi.Kind() != navicert.MMSIShip {
		return fmt.Errorf("MMSI %s is not a ship's", mmsi)
	}
	if err := simulatedSerial(mmsi); err != nil {
		return err
	}
	if imo != 0 && !imo.Valid() {
		return fmt.Errorf("IMO number %s fails its check digit", imo)
	}
	return simulatedIMO(imo)
}

// SimulatedInvalid is [Simulated] for a ship that sends numbers that cannot be
// right: a number that is no ship's, MIDs of nobody, wrong check digits.
func SimulatedInvalid(mmsi navicert.MMSI, imo navicert.IMO) error {
	if err := simulatedSerial(mmsi); err != nil {
		return err
	}
	return simulatedIMO(imo)
}

func simulatedSerial(mmsi navicert.MMSI) error {
	mid, serial := uint32(mmsi)/1000000, uint32(mmsi)%1000000
	busy := slices.Contains(busyMIDs[:], mid)
	if _, allocated := mmsi.Flag(); busy && !allocated {
		return fmt.Errorf("MMSI %s could be a real ship's: somebody uses that MID", mmsi)
	}
	more := serial >= moreSerials && serial <= lastMore && !busy
	if mmsi.Kind() != navicert.MMSIShip && mid != noMID || serial%10 == 0 || !more && (serial < firstSerial || serial > lastSerial) {
		return fmt.Errorf("MMSI %s could be a real ship's: want MID998nnn or MID999nnn, not ending in 0", mmsi)
	}
	return nil
}

func simulatedIMO(imo navicert.IMO) error {
	if imo != 0 && (imo < firstIMO || imo > lastIMO) {
		return fmt.Errorf("IMO number %s could be a real ship's: want %d to %d", imo, firstIMO, lastIMO)
	}
	return nil
}

// maxIMOs is how many valid IMO numbers the range holds.
const maxIMOs = (lastIMO - firstIMO + 1) / 10

// SimulatedIMO returns the n-th number for an invented ship, n from 0 to
// 49,999, with its right check digit; 0 beyond.
func SimulatedIMO(n int) navicert.IMO {
	if n >= maxIMOs {
		return 0
	}
	imo := navicert.IMO(firstIMO + 10*n)
	for !imo.Valid() {
		imo++
	}
	return imo
}

// trafficMIDs are the administrations whose flags added ships fly: the usual
// registers of merchant ships.
var trafficMIDs = [...]uint32{
	212, 215, 236, 241, 255, 257, 305, 308, 311, 314, 319, 352, 357, 374, 416, 538, 563, 577, 636, 671,
}

// serialsPerMID is how many serials one range of a MID offers: 900.
const serialsPerMID = (lastSerial - firstSerial + 1) * 9 / 10

// usualMMSIs is how many numbers the usual registers have in the first range.
const usualMMSIs = len(trafficMIDs) * serialsPerMID

// SimulatedMMSI returns the n-th MMSI for an added ship, n from 0 to 399,999:
// those of the usual registers come first.
func SimulatedMMSI(n int) navicert.MMSI {
	if n %= maxMMSIs; n < usualMMSIs {
		return numberIn(trafficMIDs[n%len(trafficMIDs)], firstSerial, n/len(trafficMIDs))
	}
	n -= usualMMSIs
	ranges := furtherRanges()
	r := ranges[n%len(ranges)]
	return numberIn(r.mid, r.first, n/len(ranges))
}

// numberIn is the i-th number of a range, without those that end in 0.
func numberIn(mid, first uint32, i int) navicert.MMSI {
	i %= serialsPerMID
	return navicert.MMSI(mid*1000000 + first + uint32(i/9*10+i%9+1))
}

// numberRange is a thousand serials of one MID.
type numberRange struct{ mid, first uint32 }

// furtherRanges are those of all MIDs, but the usual ones' first, in order.
var furtherRanges = sync.OnceValue(func() (all []numberRange) {
	for mid := uint32(200); mid < 800; mid++ {
		if _, allocated := numberIn(mid, firstSerial, 0).Flag(); !allocated || slices.Contains(busyMIDs[:], mid) {
			continue
		}
		if !slices.Contains(trafficMIDs[:], mid) {
			all = append(all, numberRange{mid, firstSerial})
		}
		all = append(all, numberRange{mid, moreSerials})
	}
	return all
})

// MaxVessels is how many ships a world can hold. IMO numbers are for the first 50,000 of class A; the others have
// none, as most of the world's craft.
const MaxVessels = 300_000

// maxMMSIs is for how many there are numbers: a ship may use several.
const maxMMSIs = 400_000
