package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"navicert"
)

const (
	// MaxZoneFile is the largest zone file in bytes, after decompression.
	MaxZoneFile = 64 << 20
	// MaxZones is the most zones in one file.
	MaxZones = 50_000
	// maxZoneID is the longest zone identifier in bytes.
	maxZoneID = 200
)

// ReadZones reads a GeoJSON FeatureCollection of zones. A feature's geometry
// is what [ParseArea] reads; its properties are the JSON fields of [Zone]. The
// scope may be an object, its fields may stand among the properties
// ("vessel_kinds", "listed_only", "flags", "calling_at", "scope_words"), or
// "scope" may be the words alone. A circle's "radius_nm" may be a property.
// The id may be the feature's own.
//
// Required are id, kind, effect and from. A name that is absent is the id; an
// order whose publication is absent counts as published when it came into
// force, which the tally tells, as it tells properties that it does not know.
//
// A file is read whole or not at all: the first zone that is wrong is an error
// that names source, feature (from 1) and id. It is bounded by MaxZoneFile,
// MaxZones and MaxVertices.
func ReadZones(r io.Reader, source string) ([]Zone, navicert.Tally, error) {
	var tally navicert.Tally
	data, err := io.ReadAll(io.LimitReader(r, MaxZoneFile+1))
	if err != nil {
		return nil, tally, navicert.Errorf(navicert.Unavailable, "zones", source, "%w", err)
	}
	if len(data) > MaxZoneFile {
		return nil, tally, navicert.Errorf(navicert.Limit, "zones", source, "larger than %d MiB", MaxZoneFile>>20)
	}
	features, err := readCollection(data, source)
	if err != nil {
		return nil, tally, err
	}
	zones := make([]Zone, 0, len(features))
	first := map[string]int{}
	for i, f := range features {
		id, z, err := f.zone(&tally)
		if err == nil && first[z.ID] > 0 {
			err = fmt.Errorf("feature %d has the same id", first[z.ID])
		}
		if err != nil {
			return nil, tally, featureError(source, i+1, id, err)
		}
		first[z.ID] = i + 1
		zones = append(zones, z)
	}
	return zones, tally, nil
}

func featureError(source string, n int, id string, err error) error {
	subject := fmt.Sprintf("%s feature %d", source, n)
	if id != "" {
		subject += fmt.Sprintf(" (id %q)", id)
	}
	kind := navicert.Invalid
	var e *navicert.Error
	if errors.As(err, &e) {
		kind = e.Kind
	}
	return (&navicert.Error{Kind: kind, Op: "zones", Subject: subject, Err: err}).
		WithHint("nothing was imported")
}

type feature struct {
	Type       string                     `json:"type"`
	ID         json.RawMessage            `json:"id"`
	Geometry   json.RawMessage            `json:"geometry"`
	Properties map[string]json.RawMessage `json:"properties"`
}

func readCollection(data []byte, source string) ([]feature, error) {
	invalid := func(format string, args ...any) *navicert.Error {
		return navicert.Errorf(navicert.Invalid, "zones", source, format, args...)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, invalid("the file is empty")
	}
	var c struct {
		Type     string          `json:"type"`
		Features []feature       `json:"features"`
		CRS      json.RawMessage `json:"crs"`
	}
	if err := json.Unmarshal(data, &c); err != nil {
		e := invalid("%w", err)
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			e = invalid("line %d: %w", 1+bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n")), err)
			if int(syntax.Offset) >= len(data) {
				e = e.WithHint("is the file cut off?")
			}
		}
		return nil, e
	}
	switch {
	case c.Type != "FeatureCollection":
		return nil, invalid("GeoJSON type %.40q, want FeatureCollection", c.Type)
	case c.Features == nil:
		return nil, invalid("no features in it")
	case len(c.Features) > MaxZones:
		return nil, navicert.Errorf(navicert.Limit, "zones", source, "%d features, limit is %d", len(c.Features), MaxZones)
	case len(c.CRS) > 0 && !isWGS84(c.CRS):
		return nil, invalid("coordinate system %.80s, want WGS 84 degrees", c.CRS).
			WithHint("GeoJSON (RFC 7946) knows only WGS 84; convert the file")
	}
	return c.Features, nil
}

// isWGS84 reports whether a "crs" member of the older GeoJSON names longitude
// and latitude on WGS 84.
func isWGS84(crs json.RawMessage) bool {
	s := string(crs)
	return s == "null" || strings.Contains(s, "CRS84") || strings.Contains(s, "EPSG::4326") || strings.Contains(s, "EPSG:4326")
}

// zone makes a zone of a feature. The id is returned as soon as it is known,
// for the error.
func (f *feature) zone(tally *navicert.Tally) (id string, z Zone, err error) {
	if f.Type != "Feature" {
		return "", z, fmt.Errorf("type %.40q, want Feature", f.Type)
	}
	props := f.Properties
	raw := props["id"]
	if len(raw) == 0 {
		raw = f.ID
	}
	if z.ID, err = zoneID(raw); err != nil {
		return "", z, err
	}
	var radius *float64
	if err := f.read(&z, &radius, tally); err != nil {
		return z.ID, z, err
	}
	if z.Area, err = f.area(radius); err != nil {
		return z.ID, z, err
	}
	if z.Name == "" {
		z.Name = z.ID
	}
	if z.Published.IsZero() && !z.From.IsZero() {
		z.Published = z.From
		tally.Add("published absent, taken as from", z.ID)
	}
	return z.ID, z, z.Validate()
}

func zoneID(raw json.RawMessage) (string, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return "", errors.New("no id")
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		var n json.Number
		if err := json.Unmarshal(raw, &n); err != nil {
			return "", fmt.Errorf("id %.40s: want a string", raw)
		}
		s = n.String()
	}
	if s == "" || len(s) > maxZoneID || strings.ContainsFunc(s, unicode.IsControl) {
		return "", fmt.Errorf("id %.40q: want 1 to %d bytes without control characters", s, maxZoneID)
	}
	return s, nil
}

// read fills the zone from the properties, and counts those it does not know.
func (f *feature) read(z *Zone, radius **float64, tally *navicert.Tally) error {
	fields := map[string]any{
		"name": &z.Name, "kind": &z.Kind, "effect": &z.Effect, "order": &z.Order,
		"authority": &z.Authority, "publisher": &z.Publisher, "text": &z.Text,
		"from": &z.From, "to": &z.To, "published": &z.Published,
		"cancelled_by": &z.CancelledBy, "cancelled_at": &z.CancelledAt, "simulated": &z.Simulated,
		"scope_words": &z.Scope.Words, "vessel_kinds": &z.Scope.VesselKinds, "listed_only": &z.Scope.ListedOnly,
		"flags": &z.Scope.Flags, "calling_at": &z.Scope.CallingAt, "radius_nm": radius,
	}
	for key, value := range f.Properties {
		switch to := fields[key]; {
		case key == "id":
		case key == "scope":
			if err := readScope(value, &z.Scope); err != nil {
				return err
			}
		case to == nil:
			tally.Add("unknown property "+key, z.ID)
		default:
			if err := json.Unmarshal(value, to); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
		}
	}
	for _, flags := range [][]navicert.Flag{z.Scope.Flags, z.Scope.CallingAt} {
		for i, f := range flags {
			flag, err := navicert.ParseFlag(string(f))
			if err != nil {
				return err
			}
			flags[i] = flag
		}
	}
	return nil
}

func readScope(value json.RawMessage, s *Scope) error {
	if len(value) > 0 && value[0] == '"' {
		return json.Unmarshal(value, &s.Words)
	}
	d := json.NewDecoder(bytes.NewReader(value))
	d.DisallowUnknownFields() // a scope word that is not understood must not widen the zone
	if err := d.Decode(s); err != nil {
		return fmt.Errorf("scope: %w", err)
	}
	return nil
}

func (f *feature) area(radius *float64) (*Area, error) {
	if len(f.Geometry) == 0 || string(f.Geometry) == "null" {
		return nil, errors.New("no geometry")
	}
	var g geometryJSON
	if err := json.Unmarshal(f.Geometry, &g); err != nil {
		return nil, parseErrorf("%w", err)
	}
	if g.RadiusNM == nil {
		g.RadiusNM = radius
	}
	return g.area()
}

// Validate reports what a zone lacks or contradicts: no id, an unknown kind or
// effect, no start, an end that is not after the start, a cancellation without
// its time or its author, no area.
func (z *Zone) Validate() error {
	switch {
	case z.ID == "":
		return errors.New("no id")
	case !z.Kind.known():
		return fmt.Errorf("kind %.40q: want blockade, danger, listed_area, territorial_sea or closure", string(z.Kind))
	case !z.Effect.known():
		return fmt.Errorf("effect %.40q: want prohibits, restricts or warns", string(z.Effect))
	case z.From.IsZero():
		return errors.New("from is absent: want the time at which it comes into force")
	case !z.To.IsZero() && !z.To.After(z.From.Time):
		return fmt.Errorf("to %s is not after from %s", z.To, z.From)
	case z.CancelledBy != "" && z.CancelledAt.IsZero():
		return fmt.Errorf("cancelled_by %q without cancelled_at", z.CancelledBy)
	case !z.CancelledAt.IsZero() && z.CancelledAt.Before(z.Published.Time):
		return fmt.Errorf("cancelled_at %s is before published %s", z.CancelledAt, z.Published)
	case z.Area == nil:
		return errors.New("no geometry")
	}
	return nil
}

func (k ZoneKind) known() bool {
	switch k {
	case Blockade, Danger, ListedArea, TerritorialSea, Closure:
		return true
	}
	return false
}

func (e Effect) known() bool { return e == Prohibits || e == Restricts || e == Warns }

// WriteZones writes zones as a GeoJSON FeatureCollection, one feature a line,
// in the form that [ReadZones] reads.
func WriteZones(w io.Writer, zones []Zone) error {
	var b bytes.Buffer
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i := range zones {
		f, err := zones[i].Feature()
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(f)
	}
	b.WriteString("\n]}\n")
	if _, err := w.Write(b.Bytes()); err != nil {
		return navicert.Errorf(navicert.Unavailable, "zones", "", "write: %w", err)
	}
	return nil
}

// Feature returns the zone as one GeoJSON feature.
func (z *Zone) Feature() ([]byte, error) {
	b, err := json.Marshal(struct {
		Type       string          `json:"type"`
		ID         string          `json:"id"`
		Geometry   json.RawMessage `json:"geometry"`
		Properties *Zone           `json:"properties"`
	}{"Feature", z.ID, z.Area.GeoJSON(), z})
	if err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "zones", z.ID, "%w", err)
	}
	return b, nil
}
