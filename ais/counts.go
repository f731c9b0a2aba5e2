package ais

import (
	"encoding/json"

	"navicert"
)

// Reason says what became of a sentence that was not used.
type Reason uint8

// The reasons.
const (
	used        Reason = iota
	NoChecksum         // cut off before its checksum
	Checksum           // the checksum is wrong
	Fields             // the checksum is right, the fields are not those of VDM
	PartNumber         // its number is 0 or more than the total
	Orphan             // a later part without the ones before it
	Incomplete         // a part whose successors did not come
	Unsure             // parts that may belong to two ships
	Payload            // nothing in it, too much, or a character outside the alphabet
	Short              // too few bits for its type
	UnknownType        // type 0 or above 27
	reasons
)

var reasonNames = [reasons]string{
	"used", "no_checksum", "checksum", "fields", "part_number", "orphan", "incomplete", "unsure", "payload", "short", "unknown_type",
}

// String returns the reason as counters name it: "no_checksum".
func (r Reason) String() string {
	if r < reasons {
		return reasonNames[r]
	}
	return "unknown"
}

// Counts says what became of the input so far. Every line is in one of
// DataLines, Comments, Other and TooLong; every sentence in one of Used,
// Pending and Dropped.
type Counts struct {
	Lines     int64 // all
	DataLines int64 // with at least one AIS sentence, whole or not
	Comments  int64 // beginning with #
	Other     int64 // other talk: other sentences, tag blocks on their own, blank lines, anything
	TooLong   int64 // over 64 KiB, skipped

	Sentences int64 // all that begin like one
	Used      int64 // that became messages
	Pending   int64 // waiting for their other parts; 0 at the end
	Messages  int64

	TagUnverified int64 // tag blocks whose checksum is wrong; their values are used and marked
	Gaps          int64 // interruptions that the source told of
	Clocks        int64 // ZDA and RMC sentences that give a time

	// Of the timed messages that hold a UTC second: the receive time lies from 5
	// seconds before it to 20 after, or not. None is dropped for it.
	SecondFits  int64
	SecondUnfit int64

	times    [timeSources]int64
	types    [28]int64
	dropped  [reasons]int64
	examples [reasons][]string
}

// Dropped returns how many sentences were not used for one reason.
func (c *Counts) Dropped(r Reason) int64 {
	if r < reasons {
		return c.dropped[r]
	}
	return 0
}

// Type returns how many messages there were of one type.
func (c *Counts) Type(t int) int64 {
	if t < 0 || t >= len(c.types) {
		return 0
	}
	return c.types[t]
}

// Time returns how many messages have their time from one clock; "" counts
// those that have none.
func (c *Counts) Time(from navicert.TimeFrom) int64 {
	for i, f := range timeFrom {
		if f == from {
			return c.times[i]
		}
	}
	return 0
}

// Tally returns the dropped sentences by reason, with the first examples of
// each.
func (c *Counts) Tally() navicert.Tally {
	var t navicert.Tally
	for r := used + 1; r < reasons; r++ {
		t.AddN(r.String(), int(c.dropped[r]), c.examples[r]...)
	}
	return t
}

// MarshalJSON writes all counters; those of times, types and reasons only when
// they are not zero.
func (c *Counts) MarshalJSON() ([]byte, error) {
	times, types := map[string]int64{}, map[int]int64{}
	for i, n := range c.times {
		if n > 0 && timeFrom[i] != "" {
			times[string(timeFrom[i])] = n
		} else if n > 0 {
			times["none"] = n
		}
	}
	for t, n := range c.types {
		if n > 0 {
			types[t] = n
		}
	}
	return json.Marshal(struct {
		Lines         int64            `json:"lines"`
		DataLines     int64            `json:"data_lines"`
		Comments      int64            `json:"comment"`
		Other         int64            `json:"other"`
		TooLong       int64            `json:"too_long"`
		Sentences     int64            `json:"sentences"`
		Used          int64            `json:"used"`
		Pending       int64            `json:"pending,omitempty"`
		Dropped       navicert.Tally   `json:"dropped"`
		Messages      int64            `json:"messages"`
		Types         map[int]int64    `json:"types"`
		Times         map[string]int64 `json:"time"`
		TagUnverified int64            `json:"tag_unverified"`
		Gaps          int64            `json:"gaps,omitempty"`
		Clocks        int64            `json:"clocks,omitempty"`
		SecondFits    int64            `json:"second_fits"`
		SecondUnfit   int64            `json:"second_unfit"`
	}{
		c.Lines, c.DataLines, c.Comments, c.Other, c.TooLong, c.Sentences, c.Used, c.Pending,
		c.Tally(), c.Messages, types, times, c.TagUnverified, c.Gaps, c.Clocks, c.SecondFits, c.SecondUnfit,
	})
}

// exampleBytes caps an example; a Tally cuts shorter.
const exampleBytes = 512

// drop counts one sentence and keeps it if it is among the first examples.
func (c *Counts) drop(r Reason, raw []byte) {
	c.dropped[r]++
	if len(c.examples[r]) < navicert.TallyExamples {
		c.examples[r] = append(c.examples[r], string(raw[:min(len(raw), exampleBytes)]))
	}
}
