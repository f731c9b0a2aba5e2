package sim

import (
	"fmt"

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
//
// A test holds both ranges against every list and recording at hand.
const (
	firstIMO, lastIMO       = 3500000, 3999999
	firstSerial, lastSerial = 998000, 998999
)

// Simulated reports whether the numbers lie in the ranges for invented ships;
// an IMO number of 0 is one that the ship does not have.
func Simulated(mmsi navicert.MMSI, imo navicert.IMO) error {
	serial := uint32(mmsi) % 1000000
	switch {
	case mmsi.Kind() != navicert.MMSIShip:
		return fmt.Errorf("MMSI %s is not a ship's", mmsi)
	case serial < firstSerial || serial > lastSerial || serial%10 == 0:
		return fmt.Errorf("MMSI %s could be a real ship's: want MID998nnn, not ending in 0", mmsi)
	case imo == 0:
		return nil
	case imo < firstIMO || imo > lastIMO:
		return fmt.Errorf("IMO number %s could be a real ship's: want %d to %d", imo, firstIMO, lastIMO)
	case !imo.Valid():
		return fmt.Errorf("IMO number %s fails its check digit", imo)
	}
	return nil
}

// SimulatedIMO returns the n-th number for an invented ship, n from 0 to
// 49,999, with its right check digit.
func SimulatedIMO(n int) navicert.IMO {
	imo := navicert.IMO(firstIMO + 10*(n%((lastIMO-firstIMO+1)/10)))
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

// serialsPerMID is how many serials one MID offers: 900.
const serialsPerMID = (lastSerial - firstSerial + 1) * 9 / 10

// SimulatedMMSI returns the n-th MMSI for an added ship, n from 0 to 17,999,
// spread over the usual registers.
func SimulatedMMSI(n int) navicert.MMSI {
	mid := trafficMIDs[n%len(trafficMIDs)]
	serial := n / len(trafficMIDs) % serialsPerMID
	return navicert.MMSI(mid*1000000 + firstSerial + uint32(serial/9*10+serial%9+1))
}

// MaxVessels is how many ships a world can hold: there are numbers for no
// more.
const MaxVessels = len(trafficMIDs) * serialsPerMID
