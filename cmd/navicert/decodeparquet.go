package main

import (
	"io"

	"github.com/parquet-go/parquet-go"

	"navicert"
	"navicert/ais"
	"navicert/app"
)

// parquetRow is one message, or one report of a table. Values are those of the
// columns of the same name in CSV; what is unknown is null.
type parquetRow struct {
	Time        *int64   `parquet:"time,optional,timestamp(millisecond:utc)"`
	TimeFrom    string   `parquet:"time_from,optional,dict"`
	Station     string   `parquet:"station,optional,dict"`
	Type        *int32   `parquet:"type,optional"`
	MMSI        int32    `parquet:"mmsi"`
	Lat         *float64 `parquet:"lat,optional"`
	Lon         *float64 `parquet:"lon,optional"`
	Speed       *float64 `parquet:"speed,optional"`
	Course      *float64 `parquet:"course,optional"`
	Heading     *float64 `parquet:"heading,optional"`
	Status      *int32   `parquet:"status,optional"`
	IMO         *int32   `parquet:"imo,optional"`
	CallSign    string   `parquet:"callsign,optional,dict"`
	ShipName    string   `parquet:"shipname,optional,dict"`
	ShipType    *int32   `parquet:"shiptype,optional"`
	Length      *float64 `parquet:"length,optional"`
	Beam        *float64 `parquet:"beam,optional"`
	Draught     *float64 `parquet:"draught,optional"`
	Destination string   `parquet:"destination,optional,dict"`
	Raw         []string `parquet:"raw,list"`
}

// How much is held before it is written: the rows of a batch go to the library,
// which holds a row group and its dictionaries until that is full, of rows or of
// text. The process takes about 150 MB for AIS, and 400 MB for a table whose texts
// are as long as a line may be, however long the input is.
const (
	parquetBatch    = 1024
	parquetRowGroup = 1 << 17
	parquetText     = 16 << 20 // bytes
)

// decodeParquet writes a Parquet file, a row group at a time. Its end says where
// everything lies: before close there is nothing that could be taken for a file.
type decodeParquet struct {
	w     *parquet.GenericWriter[parquetRow]
	row   decodedRow
	batch []parquetRow
	text  int // bytes in the row group
}

func newDecodeParquet(w io.Writer) *decodeParquet {
	return &decodeParquet{
		w: parquet.NewGenericWriter[parquetRow](
			w, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(parquetRowGroup),
			parquet.CreatedBy("navicert", app.Version, ""),
		),
		batch: make([]parquetRow, 0, parquetBatch),
	}
}

func (p *decodeParquet) message(m *ais.Message) error {
	p.row.raw = nil // the batch keeps the last row's
	p.row.message(m, true)
	return p.add()
}

func (p *decodeParquet) fix(f *navicert.Fix) error {
	p.row.fix(f)
	return p.add()
}

func (p *decodeParquet) static(s *navicert.Static) error {
	p.row.static(s)
	return p.add()
}

// add puts the row in the batch, and writes that when it is full.
func (p *decodeParquet) add() error {
	d := &p.row
	row := parquetRow{
		TimeFrom: string(d.from), Station: d.station, Type: some32(d.kind != 0, int(d.kind)), MMSI: int32(d.mmsi),
		Lat: optFloat(d.lat), Lon: optFloat(d.lon), Speed: optFloat(d.speed), Course: optFloat(d.course), Heading: optFloat(d.heading),
		IMO: some32(d.imo != 0, int(d.imo)), CallSign: d.callSign, ShipName: d.shipName, ShipType: some32(d.shipType.Known(), d.shipType.Or(0)),
		Status: some32(d.status.Known(), int(d.status.Or(0))),
		Length: optFloat(d.length), Beam: optFloat(d.beam), Draught: optFloat(d.draught), Destination: d.destination, Raw: d.raw,
	}
	if d.from != "" {
		ms := d.at.UnixMilli()
		row.Time = &ms
	}
	p.text += len(d.station) + len(d.callSign) + len(d.shipName) + len(d.destination)
	for _, s := range d.raw {
		p.text += len(s)
	}
	full := p.text >= parquetText
	if p.batch = append(p.batch, row); len(p.batch) < parquetBatch && !full {
		return nil
	}
	if err := p.write(); err != nil || !full {
		return err
	}
	p.text = 0
	return p.w.Flush() // ends the row group
}

func some32(known bool, v int) *int32 {
	if !known {
		return nil
	}
	n := int32(v)
	return &n
}

func optFloat(v navicert.Opt[float64]) *float64 {
	f, ok := v.Get()
	if !ok {
		return nil
	}
	return &f
}

func (p *decodeParquet) write() error {
	_, err := p.w.Write(p.batch)
	p.batch = p.batch[:0]
	return err
}

// flush does nothing: rows wait until a row group is full.
func (p *decodeParquet) flush() error { return nil }

func (p *decodeParquet) close() error {
	if err := p.write(); err != nil {
		return err
	}
	return p.w.Close()
}

// abandon leaves out the end, without which it is no Parquet file.
func (p *decodeParquet) abandon() {}
