package detect

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"navicert"
)

// KindLog is the kind of the event that holds a master's log entry.
const KindLog = "ais_off_log"

// WithdrawnEntry is the class of a log entry that was taken back.
const WithdrawnEntry = "withdrawn"

// NotLookedInto begins the explanation that names what could still explain an
// event and was not looked into, with commas between; ShipsLog is one of them.
const (
	NotLookedInto = "not looked into: "
	ShipsLog      = "the ship's own log"
)

// NothingHeard begins what is said of an entry of a vessel that is known from it
// only.
const NothingHeard = "nothing had been heard of MMSI"

// AISSince is the day on which the International Maritime Organization adopted the
// performance standard for AIS (MSC.74(69), annex 3): before it no log has an
// entry about it.
var AISSince = time.Date(1998, time.May, 12, 0, 0, 0, 0, time.UTC)

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
	Unheard    bool   // nothing had been heard of the vessel when it was recorded
	Simulated  bool   // the silence that it is about is a simulated ship's
}

// Event makes the event that keeps the entry as it is recorded now. An entry
// recorded again, of the same ship, beginning and document, is a new version of it.
func (l *LogEntry) Event(now time.Time) (navicert.Event, error) {
	refuse := func(why string, args ...any) (navicert.Event, error) {
		return navicert.Event{}, navicert.Errorf(navicert.Invalid, "log entry", l.MMSI.String(), why, args...)
	}
	switch {
	case l.MMSI == 0:
		return refuse("it names no vessel")
	case l.From.IsZero():
		return refuse("it does not say when AIS was switched off")
	case !l.To.IsZero() && !l.To.After(l.From.Time):
		return refuse("it ends before it begins: off from %s, on again at %s", l.From, l.To)
	case l.From.Before(AISSince):
		return refuse("it begins at %s, and there is no AIS before %s, when the IMO adopted its performance standard", l.From, navicert.DateOf(AISSince))
	case l.From.After(now):
		return refuse("it begins at %s, which is still to come", l.From)
	case l.To.After(now):
		return refuse("it ends at %s, which is still to come: while AIS is off it has no end", l.To)
	case strings.TrimSpace(l.Reason) == "" || strings.TrimSpace(l.RecordedBy) == "":
		return refuse("it needs a reason and who recorded it")
	}
	ev := navicert.Event{
		ID:   navicert.EventID(KindLog, l.MMSI.String(), TimeKey(l.From.Time), l.SHA256),
		Kind: KindLog, MMSI: l.MMSI, IMO: l.IMO, Start: l.From, End: l.To, State: navicert.EventClosed, Position: l.Position,
		Explanations: []string{
			ClassText("log_entry"), "AIS was off, says the ship's log: " + l.Reason, "recorded by " + l.RecordedBy,
			"a log entry is the ship's own word: evidence beside a gap, which it does not take away",
		},
		Simulated: l.Simulated,
	}
	if l.Unheard {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf("%s %s when the log entry was recorded: the ship may be silent, or the number not its own", NothingHeard, l.MMSI))
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

// WithdrawLogEntry makes the version of a log entry that says that it was taken
// back, by whom, when and why, beside what it said.
func WithdrawLogEntry(ev navicert.Event, who, why string, now time.Time) (navicert.Event, error) {
	refuse := func(kind navicert.Kind, why string) (navicert.Event, error) {
		return navicert.Event{}, navicert.Errorf(kind, "withdraw log entry", ev.ID, "%s", why)
	}
	switch {
	case ev.Kind != KindLog:
		return refuse(navicert.Invalid, "it is an event of kind "+ev.Kind+", which was seen and not entered: only a log entry can be taken back")
	case strings.TrimSpace(who) == "":
		return refuse(navicert.Invalid, "it needs who takes it back")
	case !Stands(&ev):
		return refuse(navicert.Conflict, "it has been taken back already")
	}
	text := fmt.Sprintf("taken back by %s on %s", strings.TrimSpace(who), navicert.DateOf(now))
	if why = strings.TrimSpace(why); why != "" {
		text += ": " + why
	}
	ev.Explanations = slices.Concat([]string{ClassText(WithdrawnEntry), text}, ev.Explanations[1:])
	return ev, nil
}

// Stands reports whether an event is a log entry that was not taken back.
func Stands(ev *navicert.Event) bool { return ev.Kind == KindLog && ClassOf(*ev) != WithdrawnEntry }

// Logged returns, of a vessel's events, the log entries that stand and overlap one
// of them.
func Logged(ev *navicert.Event, events []navicert.Event) (out []navicert.Event) {
	for i := range events {
		l := &events[i]
		if Stands(l) && l.MMSI == ev.MMSI && (l.End.IsZero() || l.End.After(ev.Start.Time)) &&
			(ev.End.IsZero() || l.Start.Before(ev.End.Time)) {
			out = append(out, *l)
		}
	}
	return out
}

// BesideLog is an event as it reads beside log entries: it has what they say among
// its explanations, and does not say that the ship's log was not looked into.
func BesideLog(ev navicert.Event, entries []navicert.Event) navicert.Event {
	if len(entries) == 0 {
		return ev
	}
	said := make([]string, 0, len(ev.Explanations)+3*len(entries))
	for _, e := range ev.Explanations {
		if not, ok := strings.CutPrefix(e, NotLookedInto); ok {
			left := slices.DeleteFunc(strings.Split(not, ", "), func(what string) bool { return what == ShipsLog })
			if len(left) == 0 {
				continue
			}
			e = NotLookedInto + strings.Join(left, ", ")
		}
		said = append(said, e)
	}
	for _, l := range entries {
		for _, e := range l.Explanations[min(1, len(l.Explanations)):] {
			if !slices.Contains(said, e) {
				said = append(said, e)
			}
		}
	}
	ev.Explanations = said
	return ev
}
