package navicert

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// EventState says whether an event has ended.
type EventState string

// The event states.
const (
	EventOpen   EventState = "open"
	EventClosed EventState = "closed"
)

// Event is something that a detector saw in a vessel's track. It is an
// observation with its evidence and the innocent explanations beside it; it
// accuses nobody and can refer, never refuse.
type Event struct {
	ID           string             `json:"id"`             // hash of what makes the event itself: see EventID
	Kind         string             `json:"kind"`           // "gap", "zone"
	MMSI         MMSI               `json:"mmsi,omitempty"` // absent for an event of an area, which names a zone
	IMO          IMO                `json:"imo,omitempty"`
	Start        Instant            `json:"start"`
	End          Instant            `json:"end,omitzero"` // absent while open
	State        EventState         `json:"state"`
	Position     Opt[Position]      `json:"position,omitzero"`     // at Start
	EndPosition  Opt[Position]      `json:"end_position,omitzero"` // at End
	Zone         string             `json:"zone,omitempty"`
	Area         []Position         `json:"area,omitempty"`  // the corners of the area that an event without a vessel is of
	Other        MMSI               `json:"other,omitempty"` // the second vessel, where there is one
	Measures     map[string]float64 `json:"measures,omitempty"`
	Evidence     []Evidence         `json:"evidence,omitempty"`
	Explanations []string           `json:"explanations,omitempty"` // what could explain it, and what is known of that
	Confidence   string             `json:"confidence,omitempty"`
	Simulated    bool               `json:"simulated,omitempty"`
	Revision     int                `json:"revision,omitempty"` // how often it was told anew after it had ended, as more came to be known
}

// EventID makes an event's identifier from what makes the event itself: its
// kind and the parts that a replay of the same input gives again (the MMSI,
// the time of the first fix, its position, a zone id). 128 bits, in hex.
func EventID(kind string, parts ...string) string {
	h := sha256.Sum256([]byte(kind + "\x1f" + strings.Join(parts, "\x1f")))
	return hex.EncodeToString(h[:16])
}
