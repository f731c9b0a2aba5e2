package detect

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"navicert"
)

// FixEvidence makes a fix a piece of evidence that can be checked by hand.
func FixEvidence(f *navicert.Fix) navicert.Evidence {
	var buf [96]byte
	text := f.Pos.Append(buf[:0])
	if v, ok := f.SpeedKn.Get(); ok {
		text = append(strconv.AppendFloat(append(text, ' '), v, 'f', 1, 64), " kn"...)
	}
	if v, ok := f.CourseDeg.Get(); ok {
		var course [24]byte
		digits := strconv.AppendFloat(course[:0], v, 'f', 1, 64)
		text = append(append(text, ' '), "000"[:max(0, len("000.0")-len(digits))]...)
		text = append(append(text, digits...), "°"...)
	}
	if f.Station != "" {
		text = append(append(text, " by "...), f.Station...)
	}
	if names := f.OtherStations.Names(); len(names) > 0 {
		text = append(append(text, ", heard too by "...), strings.Join(names, ", ")...)
	}
	return navicert.Evidence{
		Kind: navicert.EvidenceFix, Source: f.Ref.Source, Ref: RefText(f.Ref), Text: string(text),
		Time: navicert.At(f.Time), Position: navicert.Some(f.Pos),
	}
}

// ReportEvidence makes a static report a piece of evidence that can be checked
// by hand.
func ReportEvidence(r *navicert.Static) navicert.Evidence {
	var text []string
	add := func(what, value string) {
		if value != "" {
			text = append(text, what+" "+value)
		}
	}
	add("name", r.Name)
	add("call sign", string(r.CallSign))
	add("IMO", r.IMO.String())
	if r.IMOSent != 0 {
		add("number in place of the IMO number", fmt.Sprint(r.IMOSent))
	}
	if v, ok := r.ShipType.Get(); ok {
		add("ship type", fmt.Sprint(v))
	}
	if v, ok := r.LengthM.Get(); ok {
		add("length", fmt.Sprintf("%.0f m", v))
	}
	return navicert.Evidence{
		Kind: navicert.EvidenceReport, Source: r.Ref.Source, Ref: RefText(r.Ref), Text: strings.Join(text, ", "), Time: navicert.At(r.Time),
	}
}

// RefText says where a record stands in its source.
func RefText(r navicert.Ref) string {
	if r.Line > 0 {
		return "line " + strconv.FormatInt(r.Line, 10)
	}
	return "offset " + strconv.FormatInt(r.Offset, 10)
}

// PositionKey writes a position for an event's id: what AIS can tell apart.
func PositionKey(p navicert.Position) string {
	var buf [32]byte
	key := append(strconv.AppendFloat(buf[:0], p.Lat, 'f', 5, 64), ',')
	return string(strconv.AppendFloat(key, p.Lon, 'f', 5, 64))
}

// TimeKey writes a time for an event's id, to the millisecond, which is what
// stores keep.
func TimeKey(t time.Time) string {
	return t.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano)
}
