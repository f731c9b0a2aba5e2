package gap

import (
	"fmt"
	"math"
	"strings"

	"navicert/detect"
)

// number is how many there are, or the least that there are.
type number struct {
	n     int
	exact bool
}

func (n number) text(noun string) string {
	if !n.exact {
		return count(n.n, n.n, noun)
	}
	return count(n.n, math.MaxInt, noun)
}

// reception is how a vessel was received in the 12 hours up to its last position.
type reception struct {
	positions    number
	receivers    int                          // named ones
	by           [detect.ReceiverKinds]number // of receivers whose kind is known; zero where none heard it
	unheardHours int                          // the longest row of clock hours without a position
}

func (m *memory) reception() reception {
	r := reception{receivers: m.receivers(), unheardHours: m.unheardHours()}
	r.positions.n, r.positions.exact = m.all.count(m.last)
	if m.by != nil {
		for i := range m.by {
			r.by[i].n, r.by[i].exact = m.by[i].count(m.last)
		}
	}
	return r
}

// measure notes the figures in an event's measures: what is not known is absent.
func (r *reception) measure(m map[string]float64) {
	m["positions_before"] = float64(r.positions.n)
	if r.receivers > 0 {
		m["receivers_before"] = float64(r.receivers)
	}
	for i, n := range r.by {
		if n.n > 0 {
			m[detect.ReceiverKind(i+1).String()+"_positions_before"] = float64(n.n)
		}
	}
}

func (r *reception) text() string {
	text := fmt.Sprintf("reception at the start: %s in the %.0f h before", r.positions.text("position"), Before.Hours())
	if r.receivers > 0 {
		text += ", by " + count(r.receivers, maxReceivers, "receiver")
	}
	var by []string
	for i, n := range r.by {
		if n.n > 0 {
			by = append(by, n.text("position")+" by "+detect.ReceiverKind(i+1).String()+" receivers")
		}
	}
	if len(by) > 0 {
		text += " (" + strings.Join(by, ", ") + ")"
	}
	return text
}
