package detect

import (
	"strings"

	"navicert"
)

// KindLog is the kind of the event that holds a master's log entry.
const KindLog = "ais_off_log"

// LogEntry is what a ship's log says of AIS that was switched off, which the
// master may do for safety or security and then logs with time, place and reason
// (IMO A.1106(29)). It is evidence beside a gap and takes nothing away from it.
type LogEntry struct {
	MMSI       navicert.MMSI
	IMO        navicert.IMO
	From       navicert.Instant
	To         navicert.Instant // unknown while AIS is off
	Position   navicert.Opt[navicert.Position]
	Reason     string // in the log's words
	RecordedBy string // who entered it here
	Document   string // what it was read from: a file's name
	SHA256     string // of the document
}

// Event makes the event that keeps the entry. An entry recorded again, of the same
// ship, beginning and document, is a new version of it.
func (l *LogEntry) Event() (navicert.Event, error) {
	refuse := func(why string) (navicert.Event, error) {
		return navicert.Event{}, navicert.Errorf(navicert.Invalid, "log entry", l.MMSI.String(), "%s", why)
	}
	switch {
	case l.MMSI == 0:
		return refuse("it names no vessel")
	case l.From.IsZero():
		return refuse("it does not say when AIS was switched off")
	case !l.To.IsZero() && !l.To.After(l.From.Time):
		return refuse("it ends before it begins")
	case strings.TrimSpace(l.Reason) == "" || strings.TrimSpace(l.RecordedBy) == "":
		return refuse("it needs a reason and who recorded it")
	}
	ev := navicert.Event{
		ID:   navicert.EventID(KindLog, l.MMSI.String(), TimeKey(l.From.Time), l.SHA256),
		Kind: KindLog, MMSI: l.MMSI, IMO: l.IMO, Start: l.From, End: l.To, State: navicert.EventClosed, Position: l.Position,
		Explanations: []string{
			"class: log_entry", "AIS was off, says the ship's log: " + l.Reason, "recorded by " + l.RecordedBy,
			"a log entry is the ship's own word: evidence beside a gap, which it does not take away",
		},
	}
	if l.To.IsZero() {
		ev.State = navicert.EventOpen
	}
	text := l.Reason
	ref := "no document was given"
	if l.SHA256 != "" {
		ref = "sha256 " + l.SHA256
	}
	source := l.Document
	if source == "" {
		source = "the word of " + l.RecordedBy
	}
	ev.Evidence = []navicert.Evidence{{Kind: navicert.EvidenceSource, Source: source, Ref: ref, Text: text, Time: l.From, Position: l.Position}}
	return ev, nil
}

// Logged returns, of a vessel's events, the log entries that overlap one of them.
func Logged(ev *navicert.Event, events []navicert.Event) (out []navicert.Event) {
	for _, l := range events {
		if l.Kind == KindLog && l.MMSI == ev.MMSI && (l.End.IsZero() || l.End.After(ev.Start.Time)) &&
			(ev.End.IsZero() || l.Start.Before(ev.End.Time)) {
			out = append(out, l)
		}
	}
	return out
}
