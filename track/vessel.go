package track

import (
	"time"

	"navicert"
	"navicert/track/brief"
)

// Vessel is what the tracker holds of one ship: of one MMSI, or of one of the
// ships that were told apart under it.
type Vessel struct {
	MMSI     navicert.MMSI
	Kept     int32        // fixes kept
	Index    int          // its number in the tracker, from 0 in order of first sight
	Identity *Particulars // the newest; unknown parts are empty. Never nil
	Segment  int          // from 1; a new one begins with each Step.NewSegment

	last    brief.Whole
	tracker *Tracker
	// trail is the end of its segment while it is alone under its MMSI; else
	// there is a crowd, and current is the open segment it was heard in last.
	trail   trail
	crowd   *crowd
	current *openSegment

	// Messages without a usable position since the last kept fix: the
	// transmitter was on. Hours are counted, so that a burst is one.
	unplacedHours int32
	unplacedLast  int32 // the newest of those hours since 1970
}

// Last returns the last kept fix, or nil. During a step it is that step's, and after a
// static report of the vessel or [Tracker.Asked] the tracker's: it holds until the next
// of these. Else it is the caller's.
func (v *Vessel) Last() *navicert.Fix {
	if v.Kept == 0 {
		return nil
	}
	if v.tracker.stepping == v {
		return v.tracker.now
	}
	if v.tracker.asked == v {
		return v.tracker.lastAsked()
	}
	last := v.tracker.names.Unpack(&v.last)
	return &last
}

// LastTime is that of the last kept fix, the zero time when there is none.
func (v *Vessel) LastTime() time.Time {
	switch {
	case v.Kept == 0:
		return time.Time{}
	case v.tracker.stepping == v:
		return v.tracker.now.Time
	}
	return v.last.Time()
}

// Other is, of the other vessels that were told apart under its MMSI, the one that was
// heard last; nil when it is alone.
func (v *Vessel) Other() (last *Vessel) {
	if v.crowd == nil {
		return nil
	}
	for _, o := range v.crowd.vessels {
		if o != v && o.Kept > 0 && (last == nil || o.last.At > last.last.At) {
			last = o
		}
	}
	return last
}

// HeardHours returns in how many clock hours, strictly between that of the
// last kept fix and that of until, messages of the vessel were received whose
// position could not be used, or that carry none.
func (v *Vessel) HeardHours(until time.Time) int {
	n := int(v.unplacedHours)
	if n > 0 && int64(v.unplacedLast) >= hourOf(until) {
		n--
	}
	return n
}

// unplaced notes such a message. One in the hour of the last kept fix, or
// before, says nothing.
func (v *Vessel) unplaced(t time.Time) {
	h := hourOf(t)
	if v.Kept == 0 || h <= hourOf(v.LastTime()) || v.unplacedHours > 0 && h <= int64(v.unplacedLast) {
		return
	}
	v.unplacedLast = int32(h)
	v.unplacedHours++
}

func hourOf(t time.Time) int64 { return t.Unix() / 3600 }
