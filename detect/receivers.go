package detect

import (
	"slices"
	"strings"

	"navicert"
)

// Files is the receiver of positions that name none and came in a file. A file is no
// receiver: the next day's goes on where it ends, and that of one ship hears no other.
const Files = "files"

// ReceiverKind says from where a receiver listens. Zero is unknown.
type ReceiverKind uint8

// The kinds, as Global Fishing Watch parts them (pipe-gaps 9d9426e). Dynamic
// receivers are on ships.
const (
	Terrestrial ReceiverKind = iota + 1
	Satellite
	Dynamic

	ReceiverKinds = 3
)

// String names the kind.
func (k ReceiverKind) String() string {
	switch k {
	case Terrestrial:
		return "terrestrial"
	case Satellite:
		return "satellite"
	case Dynamic:
		return "dynamic"
	}
	return "unknown"
}

// Receivers says which receivers are known to be of which kind: by patterns of
// their names in which * stands for any text, capital letters or small. A
// receiver that no pattern names is of unknown kind, and what it hears counts
// in totals only: neither a name that is not listed nor a long-range message,
// which coastal receivers hear too, proves a satellite.
type Receivers struct {
	Satellite   []string `yaml:"satellite"`
	Terrestrial []string `yaml:"terrestrial"`
	Dynamic     []string `yaml:"dynamic"`
}

// KnownReceivers are the names that are known by themselves: exactEarth's
// satellites as its sentences name them (rEV02), sources with its name, and the
// words by which Spire's extracts tell how a message was collected.
func KnownReceivers() Receivers {
	return Receivers{
		Satellite:   []string{"rEV*", "*exactearth*", "*satellite*"},
		Terrestrial: []string{"terrestrial"},
		Dynamic:     []string{"dynamic"},
	}
}

// With returns r and what more names.
func (r Receivers) With(more Receivers) Receivers {
	return Receivers{
		Satellite:   slices.Concat(r.Satellite, more.Satellite),
		Terrestrial: slices.Concat(r.Terrestrial, more.Terrestrial),
		Dynamic:     slices.Concat(r.Dynamic, more.Dynamic),
	}
}

// Of is who heard a fix: the station that it names, else its source when that is a live
// feed or known as a receiver, else [Files].
func (r *Receivers) Of(f *navicert.Fix) string {
	if f.Station != "" {
		return f.Station
	}
	return r.ofSource(f.Ref.Source)
}

func (r *Receivers) ofSource(source string) string {
	if strings.Contains(source, "://") || r.Kind(source) != 0 {
		return source
	}
	return Files
}

// Kind returns the kind of a receiver. The most certain is asked first: what is
// named as terrestrial or on a ship is no satellite.
func (r *Receivers) Kind(name string) ReceiverKind {
	name = strings.ToLower(name)
	for _, k := range []struct {
		kind     ReceiverKind
		patterns []string
	}{{Terrestrial, r.Terrestrial}, {Dynamic, r.Dynamic}, {Satellite, r.Satellite}} {
		for _, p := range k.patterns {
			if matches(strings.ToLower(p), name) {
				return k.kind
			}
		}
	}
	return 0
}

// matches reports whether a name is what a pattern with * says.
func matches(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	name, ok := strings.CutPrefix(name, parts[0])
	for _, p := range parts[1 : len(parts)-1] {
		if !ok {
			return false
		}
		_, name, ok = strings.Cut(name, p)
	}
	return ok && strings.HasSuffix(name, parts[len(parts)-1])
}
