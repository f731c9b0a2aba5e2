package sim

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"

	"navicert"
	"navicert/ais"
)

// Format is a way in which a world is written down, by the name under which
// package feed reads it.
type Format string

// The formats. Tables hold positions only, each with what the ship's last
// static report that was heard says.
const (
	FormatNMEA           Format = "nmea"           // sentences with tag blocks
	FormatAISCatcher     Format = "aiscatcher"     // AIS-catcher's JSON lines
	FormatGPSD           Format = "gpsd"           // gpsd's JSON lines, with the time of reception beside
	FormatDMA            Format = "dma"            // the Danish Maritime Authority's CSV, 22 columns
	FormatMarineCadastre Format = "marinecadastre" // MarineCadastre's CSV of 2015 to 2023
)

// Formats returns the formats.
func Formats() []Format {
	return []Format{FormatNMEA, FormatAISCatcher, FormatGPSD, FormatDMA, FormatMarineCadastre}
}

// output writes what is received in a format.
type output interface {
	// write takes a report and returns how many sentences or rows it made.
	write(r Received) (int, error)
	close() error
}

func newOutput(f Format, w io.Writer) (output, error) {
	b := bufio.NewWriterSize(w, 64<<10)
	switch f {
	case "", FormatNMEA:
		return &sentenceOutput{w: b}, nil
	case FormatAISCatcher:
		return &sentenceOutput{w: b, catcher: true}, nil
	case FormatGPSD:
		return newGPSDOutput(b), nil
	case FormatDMA:
		return newTable(b, dmaHeader, appendDMA)
	case FormatMarineCadastre:
		return newTable(b, cadastreHeader, appendCadastre)
	}
	var names []string
	for _, f := range Formats() {
		names = append(names, string(f))
	}
	return nil, navicert.Errorf(navicert.Unsupported, "simulate", string(f), "no such output format").WithHint("one of " + strings.Join(names, ", "))
}

// sentenceOutput writes sentences, bare or within AIS-catcher's objects.
type sentenceOutput struct {
	w       *bufio.Writer
	enc     encoder
	catcher bool
}

func (o *sentenceOutput) write(r Received) (int, error) {
	o.enc.catcher = o.catcher
	b, n := o.enc.encode(r)
	_, err := o.w.Write(b)
	return n, err
}

func (o *sentenceOutput) close() error { return o.w.Flush() }

// addCatcher appends one message as an object of AIS-catcher.
func (e *encoder) addCatcher(station string, unix int64, sentences []byte) {
	b := append(e.buf, `{"class":"AIS","device":"navicert-sim","stationid":`...)
	b = strconv.AppendQuote(b, station)
	b = append(b, `,"rxuxtime":`...)
	b = strconv.AppendInt(b, unix, 10)
	b = append(b, `,"nmea":[`...)
	for i, s := range strings.Fields(string(sentences)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendQuote(b, s)
	}
	e.buf = append(b, "]}\n"...)
}

// gpsdOutput writes the objects that the decoder makes of the sentences.
type gpsdOutput struct {
	w    *bufio.Writer
	enc  encoder
	pipe *io.PipeWriter
	done chan error
}

func newGPSDOutput(w *bufio.Writer) *gpsdOutput {
	r, pipe := io.Pipe()
	o := &gpsdOutput{w: w, pipe: pipe, done: make(chan error, 1)}
	go func() {
		err := o.decode(r)
		_ = r.CloseWithError(err) // a writer that still writes learns why
		o.done <- err
	}()
	return o
}

func (o *gpsdOutput) decode(r io.Reader) error {
	messages := ais.NewReader(r, ais.Options{})
	var buf []byte
	for {
		m, err := messages.Next()
		if errors.Is(err, io.EOF) {
			return o.w.Flush()
		}
		if err != nil {
			return err
		}
		buf = append(m.AppendJSON(buf[:0]), '\n')
		if _, err := o.w.Write(buf); err != nil {
			return err
		}
	}
}

func (o *gpsdOutput) write(r Received) (int, error) {
	b, n := o.enc.encode(r)
	_, err := o.pipe.Write(b)
	return n, err
}

func (o *gpsdOutput) close() error {
	_ = o.pipe.Close() // never fails
	return <-o.done
}

// table writes a row for each position.
type table struct {
	w      *bufio.Writer
	append func(dst []byte, f *navicert.Fix, s *navicert.Static) []byte
	buf    []byte
}

func newTable(w *bufio.Writer, header string, row func([]byte, *navicert.Fix, *navicert.Static) []byte) (*table, error) {
	_, err := w.WriteString(header + "\n")
	return &table{w: w, append: row}, err
}

func (o *table) write(r Received) (int, error) {
	if r.Static != nil {
		r.ship.latest = r.Static
		return 0, nil
	}
	if r.Unplaced { // tables leave out what has no position
		return 0, nil
	}
	s := r.ship.latest
	if s == nil || s.MMSI != r.Fix.MMSI {
		s = &navicert.Static{}
	}
	o.buf = append(o.append(o.buf[:0], r.Fix, s), '\n')
	_, err := o.w.Write(o.buf)
	return 1, err
}

func (o *table) close() error { return o.w.Flush() }

const (
	dmaHeader = "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name," +
		"Ship type,Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type"
	cadastreHeader = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass"
)

func appendDMA(b []byte, f *navicert.Fix, s *navicert.Static) []byte {
	b = f.Time.AppendFormat(b, "02/01/2006 15:04:05")
	b = append(b, ",Class "...)
	b = append(b, f.Class...)
	b = append(b, ',')
	b = append(b, f.MMSI.String()...)
	b = appendPosition(b, f.Pos)
	b = append(b, ',')
	b = append(b, danishStatus(f.Status)...)
	b = append(b, ',') // no rate of turn
	b = appendNumber(b, f.SpeedKn, 1)
	b = appendNumber(b, f.CourseDeg, 1)
	b = appendNumber(b, f.HeadingDeg, 0)
	imo := "Unknown"
	if s.IMO != 0 {
		imo = s.IMO.String()
	}
	for _, text := range []string{imo, string(s.CallSign), s.Name, danishType(s.ShipType), ""} {
		b = append(append(b, ','), text...)
	}
	b = appendNumber(b, s.BeamM, 0)
	b = appendNumber(b, s.LengthM, 0)
	b = append(b, ",GPS"...)
	b = appendNumber(b, s.DraughtM, 1)
	b = append(append(b, ','), s.Destination...)
	return append(b, ",,AIS"...)
}

// danishStatus is a navigational status in the words of the Danish tables.
func danishStatus(s navicert.Opt[navicert.NavStatus]) string {
	status, ok := s.Get()
	if !ok {
		return "Unknown value"
	}
	words := map[navicert.NavStatus]string{
		navicert.UnderWayEngine: "Under way using engine", navicert.AtAnchor: "At anchor", notUnderCommand: "Not under command", navicert.Moored: "Moored",
	}
	return words[status]
}

// danishType is a ship type in their words.
func danishType(t navicert.Opt[int]) string {
	code, ok := t.Get()
	if !ok {
		return "Undefined"
	}
	words := map[int]string{30: "Fishing", 31: "Towing", 36: "Sailing", 37: "Pleasure", 50: "Pilot", 52: "Tug", 6: "Passenger", 7: "Cargo", 8: "Tanker"}
	if w, ok := words[code]; ok {
		return w
	}
	if w, ok := words[code/10]; ok {
		return w
	}
	return "Other"
}

func appendCadastre(b []byte, f *navicert.Fix, s *navicert.Static) []byte {
	b = append(b, f.MMSI.String()...)
	b = append(b, ',')
	b = f.Time.AppendFormat(b, "2006-01-02T15:04:05")
	b = appendPosition(b, f.Pos)
	b = appendNumber(b, f.SpeedKn, 1)
	b = appendNumber(b, f.CourseDeg, 1)
	b = appendNumber(b, f.HeadingDeg, 0)
	imo := ""
	if s.IMO != 0 {
		imo = "IMO" + s.IMO.String()
	}
	for _, text := range []string{s.Name, imo, string(s.CallSign)} {
		b = append(append(b, ','), text...)
	}
	b = append(b, ',')
	if t, ok := s.ShipType.Get(); ok {
		b = strconv.AppendInt(b, int64(t), 10)
	}
	b = append(b, ',')
	if st, ok := f.Status.Get(); ok {
		b = strconv.AppendInt(b, int64(st), 10)
	}
	b = appendNumber(b, s.LengthM, 0)
	b = appendNumber(b, s.BeamM, 0)
	b = appendNumber(b, s.DraughtM, 1)
	b = append(b, ",,"...) // no cargo
	return append(b, f.Class...)
}

func appendPosition(b []byte, p navicert.Position) []byte {
	b = strconv.AppendFloat(append(b, ','), p.Lat, 'f', 6, 64)
	return strconv.AppendFloat(append(b, ','), p.Lon, 'f', 6, 64)
}

// appendNumber appends a comma and the number, if it is known.
func appendNumber(b []byte, v navicert.Opt[float64], digits int) []byte {
	b = append(b, ',')
	if x, ok := v.Get(); ok {
		b = strconv.AppendFloat(b, x, 'f', digits, 64)
	}
	return b
}

// reportTruth is the line of truth of a report as received.
func reportTruth(r Received) Truth {
	if r.Fix != nil {
		return Truth{Truth: TruthFix, MMSI: r.Fix.MMSI, Fix: r.Fix}
	}
	s := *r.Static
	if !s.IMO.Valid() { // a reader takes none with a wrong check digit
		s.IMO = 0
	}
	return Truth{Truth: TruthStatic, MMSI: s.MMSI, Static: &s}
}
