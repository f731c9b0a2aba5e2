package navicert

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// TallyExamples is how many examples a Tally keeps for each reason.
const TallyExamples = 3

// tallyExampleBytes caps the length of a kept example.
const tallyExampleBytes = 300

// Tally counts input that was not used, by reason, and keeps the first
// examples of each: nothing is dropped in silence. The zero Tally is ready. It
// is not safe for concurrent use.
type Tally struct {
	counts map[string]*tallied
}

type tallied struct {
	n        int
	examples []string
}

// Add counts one rejection. The example (a line, a row with its number) is
// copied if it is among the first TallyExamples and cut at 300 bytes.
func (t *Tally) Add(reason, example string) {
	c := t.counts[reason]
	if c == nil {
		if t.counts == nil {
			t.counts = map[string]*tallied{}
		}
		c = &tallied{}
		t.counts[reason] = c
	}
	c.n++
	if len(c.examples) < TallyExamples && example != "" {
		if len(example) > tallyExampleBytes {
			example = example[:tallyExampleBytes] + "…"
		}
		c.examples = append(c.examples, strings.ToValidUTF8(strings.Clone(example), "�"))
	}
}

// AddN counts n rejections of which up to TallyExamples examples are given; n of
// 0 or less counts nothing.
func (t *Tally) AddN(reason string, n int, examples ...string) {
	if n <= 0 {
		return
	}
	for i := range min(n, max(1, min(len(examples), TallyExamples))) {
		ex := ""
		if i < len(examples) {
			ex = examples[i]
		}
		t.Add(reason, ex)
		n--
	}
	t.counts[reason].n += n
}

// Merge adds what another tally counted.
func (t *Tally) Merge(o *Tally) {
	for _, r := range o.Reasons() {
		t.AddN(r, o.counts[r].n, o.counts[r].examples...)
	}
}

// Count returns how many were counted for a reason.
func (t *Tally) Count(reason string) int {
	if c := t.counts[reason]; c != nil {
		return c.n
	}
	return 0
}

// Total returns how many were counted for all reasons together.
func (t *Tally) Total() int {
	n := 0
	for _, c := range t.counts {
		n += c.n
	}
	return n
}

// Reasons returns the reasons counted so far, in alphabetical order.
func (t *Tally) Reasons() []string {
	rs := make([]string, 0, len(t.counts))
	for r := range t.counts {
		rs = append(rs, r)
	}
	slices.Sort(rs)
	return rs
}

// Examples returns the kept examples of a reason.
func (t *Tally) Examples(reason string) []string {
	if c := t.counts[reason]; c != nil {
		return slices.Clone(c.examples)
	}
	return nil
}

// String prints "3 checksum, 1 short", or "none".
func (t *Tally) String() string {
	if t.Total() == 0 {
		return "none"
	}
	var parts []string
	for _, r := range t.Reasons() {
		parts = append(parts, fmt.Sprintf("%d %s", t.counts[r].n, r))
	}
	return strings.Join(parts, ", ")
}

// tallyJSON is what a reason's count looks like on the wire.
type tallyJSON struct {
	Count    int      `json:"count"`
	Examples []string `json:"examples,omitempty"`
}

// MarshalJSON writes {"reason":{"count":n,"examples":[…]}}.
func (t Tally) MarshalJSON() ([]byte, error) {
	m := make(map[string]tallyJSON, len(t.counts))
	for r, c := range t.counts {
		m[r] = tallyJSON{c.n, c.examples}
	}
	return json.Marshal(m)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (t *Tally) UnmarshalJSON(b []byte) error {
	var m map[string]tallyJSON
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	*t = Tally{}
	for r, c := range m {
		if c.Count < 1 || len(c.Examples) > min(c.Count, TallyExamples) {
			return Errorf(Invalid, "tally", r, "count %d with %d examples", c.Count, len(c.Examples))
		}
		if t.counts == nil {
			t.counts = make(map[string]*tallied, len(m))
		}
		t.counts[r] = &tallied{c.Count, c.Examples}
	}
	return nil
}
