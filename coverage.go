package navicert

import "time"

// FeedState says how a live feed is.
type FeedState string

// The states of a feed.
const (
	FeedWaiting FeedState = "waiting" // connected or listening, and nothing has come yet
	FeedLive    FeedState = "live"    // data come
	FeedSilent  FeedState = "silent"  // nothing has come for longer than it may be silent
	FeedLost    FeedState = "lost"    // the connection broke and there is no new one yet
	FeedEnded   FeedState = "ended"   // this program stopped listening
)

// FeedHealth is how a live feed is, at one moment.
type FeedHealth struct {
	Feed    string    `json:"feed"` // its address, without passwords and keys, or the whole path of a followed file
	State   FeedState `json:"state"`
	Why     string    `json:"why,omitempty"` // it is not live
	At      time.Time `json:"at"`            // the moment
	Opened  time.Time `json:"opened"`        // when this program began to listen
	Last    time.Time `json:"last,omitzero"` // when data came last; keep-alive lines are none
	Rate    float64   `json:"rate"`          // lines of data a second, of the last minute
	Lines   int64     `json:"lines"`         // of data, since Opened
	Other   int64     `json:"other"`         // lines that are no data: empty, comments, other instruments
	Bytes   int64     `json:"bytes"`         // of both
	Dropped int64     `json:"dropped"`       // messages that came and found no room, or were too long
	Opens   int       `json:"opens"`         // connections made
	Outages int       `json:"outages"`       // since Opened

	FirstOpened time.Time `json:"first_opened,omitzero"` // the earliest Opened that a store was given
}

// Outage is a time without coverage by a feed: what a vessel sent then was not
// heard, and that nothing was heard says nothing about the vessel.
type Outage struct {
	Feed string    `json:"feed"`
	From time.Time `json:"from"`        // when data came last
	To   time.Time `json:"to,omitzero"` // when they came again, or listening ended; zero while it lasts
	Why  string    `json:"why"`
}

// FeedRecord is what is kept of a feed: its newest health, and its outages of a
// period in order of time.
type FeedRecord struct {
	FeedHealth
	Intervals []Outage `json:"outage_intervals"`  // the newest, as many as were asked for
	InPeriod  int      `json:"outages_in_period"` // all
}
