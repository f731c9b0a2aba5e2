package detecttest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/detect/gap"
	"navicert/geo"
)

// source is what the fixes of a story come from.
const source = "story"

type story struct {
	start, end time.Time
	preset     gap.Preset
	zones      []geo.Zone
	fixes      []navicert.Fix
	statics    []navicert.Static
	ports      []geo.Port
	boxes      []*geo.Area       // of land
	kinds      []string          // of event that are compared; none: all
	outages    []navicert.Outage // of the story's one feed, when it is a live one
	expect     []expectation
	aside      map[string]int
	nothing    bool

	ships map[navicert.MMSI]*ship
	ship  *ship // of the command before
	line  int
}

type ship struct {
	fix   navicert.Fix // the last sent; before that, its settings
	sent  bool
	said  navicert.Static // the last static report
	every time.Duration
	wait  time.Duration // a silence that is to come
}

type expectation struct {
	line int
	text string
	want map[string]string
}

// words reads the words of a command one after the other.
type words struct {
	w   []string
	err error
}

func (w *words) more() bool { return len(w.w) > 0 && w.err == nil }

func (w *words) next(what string) string {
	if len(w.w) == 0 {
		if w.err == nil {
			w.err = fmt.Errorf("%s is missing", what)
		}
		return ""
	}
	s := w.w[0]
	w.w = w.w[1:]
	return s
}

func (w *words) fail(err error) {
	if w.err == nil && err != nil {
		w.err = err
	}
}

func (w *words) number(what string) float64 {
	f, err := strconv.ParseFloat(w.next(what), 64)
	w.fail(err)
	return f
}

func (w *words) duration(what string) time.Duration {
	d, err := time.ParseDuration(w.next(what))
	w.fail(err)
	return d
}

func (w *words) position(what string) navicert.Position {
	p, err := navicert.ParsePosition(w.next(what))
	w.fail(err)
	return p
}

func (w *words) time(what string) time.Time {
	t, err := parseTime(w.next(what))
	w.fail(err)
	return t
}

// parseTime reads RFC 3339, without seconds too.
func parseTime(s string) (time.Time, error) {
	if t, err := time.Parse("2006-01-02T15:04Z", s); err == nil {
		return t, nil
	}
	i, err := navicert.ParseInstant(s)
	return i.Time, err
}

func parse(text string) (*story, error) {
	s := &story{preset: gap.GFWProduct, ships: map[navicert.MMSI]*ship{}, aside: map[string]int{}}
	for n, line := range strings.Split(text, "\n") {
		s.line = n + 1
		line, _, _ = strings.Cut(line, "#")
		for command := range strings.SplitSeq(line, ";") {
			w := &words{w: strings.Fields(command)}
			if !w.more() {
				continue
			}
			name := w.next("command")
			if s.start.IsZero() && name != "start" {
				return nil, fmt.Errorf("line %d: a story begins with start TIME", s.line)
			}
			s.command(name, w, strings.TrimSpace(command))
			if w.err == nil && w.more() {
				w.err = fmt.Errorf("too much: %s", strings.Join(w.w, " "))
			}
			if w.err != nil {
				return nil, fmt.Errorf("line %d: %s: %w", s.line, strings.TrimSpace(command), w.err)
			}
		}
	}
	if !s.nothing && len(s.expect) == 0 && len(s.aside) == 0 {
		return nil, fmt.Errorf("the story expects nothing; say so")
	}
	return s, nil
}

func (s *story) command(name string, w *words, text string) {
	switch name {
	case "start":
		s.start = w.time("time")
	case "end":
		s.end = w.time("time")
	case "preset":
		p, err := gap.ParsePreset(w.next("preset"))
		w.fail(err)
		s.preset = p
	case "zone":
		s.zone(w)
	case "track":
		s.track(w)
	case "report":
		s.report(w)
	case "port":
		s.ports = append(s.ports, geo.Port{ID: w.next("id"), Pos: w.position("position"), Kind: geo.PortKind(w.next("kind")), Source: source})
		s.ports[len(s.ports)-1].Name = s.ports[len(s.ports)-1].ID
		if w.more() && w.next("within") != "" {
			s.ports[len(s.ports)-1].WithinNM = w.number("nautical miles")
		}
	case "land":
		sw, ne := w.position("south-west"), w.position("north-east")
		a, err := ring(sw, navicert.Position{Lat: sw.Lat, Lon: ne.Lon}, ne, navicert.Position{Lat: ne.Lat, Lon: sw.Lon})
		w.fail(err)
		s.boxes = append(s.boxes, a)
	case "outage":
		s.outage(w)
	case "garble":
		s.garble(w)
	case "silence":
		if s.ship == nil || !s.ship.sent {
			w.fail(fmt.Errorf("no ship has sent anything"))
			return
		}
		s.ship.wait = w.duration("duration")
	case "expect":
		s.expectation(w, text)
	default:
		w.fail(fmt.Errorf("no such command"))
	}
}

// outage says that nobody listened for a while, or from then on.
func (s *story) outage(w *words) {
	o := navicert.Outage{Feed: source, Why: "silent for 2m0s"}
	for w.more() {
		switch word := w.next("word"); word {
		case "from":
			o.From = w.time("time")
		case "to":
			o.To = w.time("time")
		default:
			w.fail(fmt.Errorf("word %q", word))
		}
	}
	if o.From.IsZero() {
		w.fail(fmt.Errorf("from when?"))
	}
	s.outages = append(s.outages, o)
}

// outagesOf is what the engine asks; without an outage the source is a file.
func (s *story) outagesOf(feed string, from, to time.Time) (out []navicert.Outage, watched bool, err error) {
	for _, o := range s.outages {
		if feed == source && o.From.Before(to) && (o.To.IsZero() || o.To.After(from)) {
			out = append(out, o)
		}
	}
	return out, len(s.outages) > 0, nil
}

func (s *story) zone(w *words) {
	z := geo.Zone{ID: w.next("id"), Kind: geo.Danger, Effect: geo.Warns, From: navicert.At(s.start), Simulated: true}
	z.Name = z.ID
	var err error
	switch shape := w.next("shape"); shape {
	case "circle":
		centre := w.position("centre")
		radius, perr := strconv.ParseFloat(strings.TrimSuffix(w.next("radius"), "nm"), 64)
		w.fail(perr)
		z.Area, err = geo.NewCircle(centre, radius)
	case "box":
		sw, ne := w.position("south-west"), w.position("north-east")
		z.Area, err = ring(sw, navicert.Position{Lat: sw.Lat, Lon: ne.Lon}, ne, navicert.Position{Lat: ne.Lat, Lon: sw.Lon})
	case "ring":
		var at []navicert.Position
		for w.more() && strings.Contains(w.w[0], ",") {
			at = append(at, w.position("corner"))
		}
		z.Area, err = ring(at...)
	default:
		err = fmt.Errorf("shape %q", shape)
	}
	w.fail(err)
	for w.more() {
		switch word := w.next("word"); word {
		case "from":
			z.From = navicert.At(w.time("time"))
		case "to":
			z.To = navicert.At(w.time("time"))
		case "cancelled":
			z.CancelledAt = navicert.At(w.time("time"))
		case "prohibits", "restricts", "warns":
			z.Effect = geo.Effect(word)
		default:
			z.Kind = geo.ZoneKind(word)
		}
	}
	z.Published = z.From
	if w.err == nil {
		w.fail(z.Validate())
	}
	s.zones = append(s.zones, z)
}

func ring(at ...navicert.Position) (*geo.Area, error) {
	var b strings.Builder
	for _, p := range at {
		fmt.Fprintf(&b, "[%g,%g],", p.Lon, p.Lat)
	}
	return geo.ParseArea([]byte(`{"type":"Polygon","coordinates":[[` + strings.TrimSuffix(b.String(), ",") + `]]}`))
}

// land is nil when the story has none: it is then not known where land is.
func (s *story) land() *geo.Land {
	if len(s.boxes) == 0 {
		return nil
	}
	return geo.NewLand(s.boxes...)
}

// which reads an MMSI, if there is one, and returns its ship, else the ship of
// the command before.
func (s *story) which(w *words) *ship {
	if w.more() {
		if m, err := navicert.ParseMMSI(w.w[0]); err == nil {
			w.next("MMSI")
			s.ship = s.ships[m]
			if s.ship == nil {
				s.ship = &ship{fix: navicert.Fix{MMSI: m, Time: s.start, Simulated: true, Class: navicert.ClassA, CourseDeg: navicert.Some(0.0), SpeedKn: navicert.Some(0.0)}}
				s.ship.said = navicert.Static{MMSI: m, Simulated: true, Class: navicert.ClassA}
				s.ships[m] = s.ship
			}
		}
	}
	if s.ship == nil {
		w.fail(fmt.Errorf("which ship?"))
	}
	return s.ship
}

// report sends a static report of one ship.
func (s *story) report(w *words) {
	v := s.which(w)
	if v == nil {
		return
	}
	r := &v.said
	r.Time = v.fix.Time
	for w.more() {
		switch word := w.next("word"); word {
		case "at":
			r.Time = w.time("time")
		case "by":
			r.Station = w.next("station")
		case "name":
			r.Name = w.text("name")
		case "call":
			r.CallSign = navicert.CallSign(w.text("call sign"))
		case "destination":
			r.Destination = w.text("destination")
		case "imo":
			n := uint32(w.optional("IMO number").Or(0))
			r.IMO, r.IMOSent = navicert.IMO(n), 0
			if n != 0 && !r.IMO.Valid() {
				r.IMO, r.IMOSent = 0, n
			}
		case "type":
			r.ShipType = navicert.Opt[int]{}
			if n, ok := w.optional("type").Get(); ok {
				r.ShipType = navicert.Some(int(n))
			}
		case "length":
			r.LengthM = w.optional("length")
		case "draught":
			r.DraughtM = w.optional("draught")
		default:
			w.fail(fmt.Errorf("word %q", word))
		}
	}
	r.Ref = navicert.Ref{Source: source, Line: int64(s.line)}
	s.statics = append(s.statics, *r)
}

// text reads a word in which _ stands for a blank, and - for nothing.
func (w *words) text(what string) string {
	s := w.next(what)
	if s == "-" {
		return ""
	}
	return strings.ReplaceAll(s, "_", " ")
}

// optional reads a number, or "-".
func (w *words) optional(what string) navicert.Opt[float64] {
	if w.more() && w.w[0] == "-" {
		w.next(what)
		return navicert.Opt[float64]{}
	}
	return navicert.Some(w.number(what))
}

// track sends fixes of one ship.
func (s *story) track(w *words) {
	v := s.which(w)
	if v == nil {
		return
	}
	f := &v.fix
	n, moved := 1, false
	var to *navicert.Position
	var at time.Time
	for w.more() {
		switch word := w.next("word"); word {
		case "from":
			f.Pos, moved = w.position("position"), true
		case "to":
			p := w.position("position")
			to = &p
		case "course":
			f.CourseDeg = navicert.Some(w.number("course"))
		case "speed":
			f.SpeedKn = navicert.Some(w.number("speed"))
		case "heading":
			f.HeadingDeg = w.optional("heading")
		case "every":
			v.every = w.duration("interval")
		case "at":
			at = w.time("time")
		case "by":
			f.Station = w.next("station")
		case "status":
			f.Status = navicert.Opt[navicert.NavStatus]{}
			if n, ok := w.optional("status").Get(); ok {
				f.Status = navicert.Some(navicert.NavStatus(n))
			}
		case "class":
			f.Class = navicert.Class(w.next("class"))
		case "averaged":
			f.Average = true
		case "measured":
			f.Average = false
		default:
			count, err := strconv.Atoi(strings.TrimPrefix(word, "x"))
			if err != nil || count < 1 || count > 100_000 {
				w.fail(fmt.Errorf("word %q", word))
			}
			n = count
		}
	}
	if w.err == nil {
		s.send(v, n, moved, at, to, w)
	}
}

func (s *story) send(v *ship, n int, moved bool, at time.Time, to *navicert.Position, w *words) {
	f := &v.fix
	from := f.Pos
	for i := range n {
		wait := v.every
		if v.wait > 0 {
			wait, v.wait = v.wait, 0
		}
		switch {
		case i == 0 && !at.IsZero():
			f.Time = at
		case v.sent:
			if wait <= 0 {
				w.fail(fmt.Errorf("every how long?"))
				return
			}
			f.Time = f.Time.Add(wait)
		}
		switch {
		case to != nil && n > 1:
			before := f.Pos
			f.Pos = geo.Interpolate(from, *to, float64(i)/float64(n-1))
			if i > 0 {
				f.CourseDeg = navicert.Some(geo.BearingDeg(before, f.Pos))
				f.SpeedKn = navicert.Some(geo.DistanceNM(before, f.Pos) / wait.Hours())
			}
		case to != nil:
			f.Pos = *to
		case i > 0 || v.sent && !moved:
			f.Pos = geo.Destination(f.Pos, f.CourseDeg.Or(0), f.SpeedKn.Or(0)*wait.Hours())
		}
		v.sent = true
		s.add(*f)
	}
}

// garble sends messages without a speed, which no track keeps.
func (s *story) garble(w *words) {
	if s.ship == nil || !s.ship.sent {
		w.fail(fmt.Errorf("no ship has sent anything"))
		return
	}
	if w.next("every") != "every" {
		w.fail(fmt.Errorf("want every D xN"))
	}
	every := w.duration("interval")
	n, err := strconv.Atoi(strings.TrimPrefix(w.next("number"), "x"))
	w.fail(err)
	for i := range n {
		f := s.ship.fix
		f.Time = f.Time.Add(time.Duration(i+1) * every)
		f.SpeedKn = navicert.Opt[float64]{}
		s.add(f)
	}
}

func (s *story) add(f navicert.Fix) {
	f.Ref = navicert.Ref{Source: source, Line: int64(s.line)}
	s.fixes = append(s.fixes, f)
}

func (s *story) expectation(w *words, text string) {
	switch kind := w.next("kind"); kind {
	case "nothing":
		s.nothing = true
	case "aside":
		n := int(w.number("number"))
		s.aside[strings.Join(w.w, " ")] = n
		w.w = nil
	default:
		want := map[string]string{"kind": kind}
		for w.more() {
			word := w.next("word")
			switch {
			case word == "open" || word[0] >= '0' && word[0] <= '9' && strings.Trim(word, "0123456789") != "":
				want["for"] = word
			case strings.Trim(word, "0123456789") == "":
				want["mmsi"] = word
			case strings.Contains(word, "="):
				name, value, _ := strings.Cut(word, "=")
				want[measureKey(name)] = value
			case word == "because":
				want["because"] = strings.Join(w.w, " ")
				w.w = nil
			case word == "beginning" && len(w.w) > 1 && w.w[0] == "in": // "in force"
				want[word] = w.next("word") + " " + w.next("word")
			default:
				want[word] = w.next(word)
			}
		}
		s.expect = append(s.expect, expectation{s.line, text, want})
	}
}

// differs says how an event differs from what is expected, or "".
func (e *expectation) differs(ev navicert.Event) string {
	p := properties(ev)
	p["kind"], p["mmsi"] = ev.Kind, ev.MMSI.String()
	for key, want := range e.want {
		if key == "because" {
			if !strings.Contains(strings.Join(ev.Explanations, "\n"), want) {
				return fmt.Sprintf("no explanation holds %q", want)
			}
			continue
		}
		got, known := p[key]
		if !known {
			return fmt.Sprintf("the event has no %s", key)
		}
		if got != want {
			return fmt.Sprintf("%s is %s, not %s", key, got, want)
		}
	}
	return ""
}
