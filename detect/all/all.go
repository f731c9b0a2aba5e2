// Package all names every detector there is: adding one is one line here.
//
// A configuration enters, the detectors that an [detect.Engine] drives leave:
//
//	detect.Options{Detectors: all.Detectors(all.Config{Zones: index})}
package all

import (
	"time"

	"navicert/detect"
	"navicert/detect/approach"
	"navicert/detect/destination"
	"navicert/detect/disabling"
	"navicert/detect/draught"
	"navicert/detect/drift"
	"navicert/detect/duplicate"
	"navicert/detect/encounter"
	"navicert/detect/gap"
	"navicert/detect/identity"
	"navicert/detect/invalid"
	"navicert/detect/jamming"
	"navicert/detect/loiter"
	"navicert/detect/outage"
	"navicert/detect/portcall"
	"navicert/detect/spoof"
	"navicert/detect/zone"
	"navicert/geo"
)

// Config is what the detectors can be told. The zero Config is useful.
type Config struct {
	Gap gap.Preset // zero: gap.GFWProduct
	// Receivers whose kind is known beside detect.KnownReceivers.
	Receivers detect.Receivers
	Zones     *geo.Index  // nil: no zones
	Zone      zone.Preset // zero: zone.Default
	Land      *geo.Land   // nil: it is not known where land is
	Ports     *geo.Ports  // nil: no port is known
}

// Detectors returns a new set of all detectors.
func Detectors(c Config) []detect.Detector {
	if c.Gap == 0 {
		c.Gap = gap.GFWProduct
	}
	if c.Zones == nil {
		c.Zones = geo.NewIndex(nil)
	}
	if c.Zone == (zone.Preset{}) {
		c.Zone = zone.Default()
	}
	silence := time.Duration(c.Gap)
	outages := outage.New(outage.RF(), silence)
	jammed := jamming.New(jamming.Reach(), silence, outages)
	encounters := encounter.New(encounter.GFW(), c.Ports)
	visits := portcall.New(portcall.GFW(), c.Ports)
	gaps := gap.New(c.Gap, detect.KnownReceivers().With(c.Receivers), outages, jammed)
	disabled := disabling.New(disabling.Welch2022(), c.Land, c.Ports)
	gaps.Follow(disabled)
	return []detect.Detector{
		drift.New(drift.Default()),
		gaps,
		disabled,
		jammed,
		outages,
		duplicate.New(duplicate.RF()),
		identity.New(identity.RF()),
		invalid.New(invalid.Default()),
		spoof.New(spoof.RF(), c.Land, c.Ports),
		zone.New(c.Zones, c.Zone),
		approach.New(approach.Default(), c.Zones, c.Land),
		destination.New(destination.Default(), c.Land, c.Ports),
		encounters,
		encounter.NewTransfer(encounter.TankerSTS(), c.Ports),
		loiter.New(loiter.GFW(), c.Land, c.Ports, encounters),
		visits,
		draught.New(draught.RF(), draught.Config{Ports: c.Ports, Meetings: encounters, Calls: visits}),
	}
}
