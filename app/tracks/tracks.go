// Package tracks writes the positions that a replay keeps as GeoParquet, a folder
// for each day (UTC), as tools of this field partition them:
//
//	DIR/date=2025-12-18/tracks.parquet
//
//	w := tracks.New(dir)
//	err := w.Fix(fix) // for each kept fix, in the order in which they come
//	err = w.Close()
//
// The columns have the names of MarineCadastre's own GeoParquet, so that what
// reads that reads these, replay and decode among them; beside them stand the
// receiver, where the record stands in its source, and whether it is invented.
// The points are well-known binary, declared by the file's "geo" metadata
// (GeoParquet 1.1). A file has its name only when it is whole.
package tracks

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/parquet-go/parquet-go"

	"navicert"
)

// row is one fix. What is unknown is null.
type row struct {
	MMSI        int32    `parquet:"mmsi"`
	Time        int64    `parquet:"base_date_time,timestamp(millisecond:utc)"`
	Longitude   float64  `parquet:"longitude"`
	Latitude    float64  `parquet:"latitude"`
	SOG         *float64 `parquet:"sog,optional"`
	COG         *float64 `parquet:"cog,optional"`
	Heading     *float64 `parquet:"heading,optional"`
	Status      *int32   `parquet:"status,optional"`
	Transceiver string   `parquet:"transceiver,optional,dict"`
	Station     string   `parquet:"station,optional,dict"`
	Source      string   `parquet:"source,dict"`
	Line        *int64   `parquet:"line,optional"`
	Offset      *int64   `parquet:"offset,optional"`
	Simulated   bool     `parquet:"simulated"`
	Geometry    []byte   `parquet:"geometry,plain"`
}

const (
	// openDays is how many days are written at once: late positions belong to the
	// day before.
	openDays = 3
	batch    = 1024
	rowGroup = 1 << 17
)

// geo is what GeoParquet 1.1 wants to be told of the column with the points. No crs is
// OGC:CRS84, longitude and latitude of WGS 84; null would mean that it is not known.
const geo = `{"version":"1.1.0","primary_column":"geometry","columns":{"geometry":{"encoding":"WKB","geometry_types":["Point"]}}}`

// Writer writes the files. It is not safe for concurrent use.
type Writer struct {
	dir   string
	days  []*day   // that are open, the one used last at the end
	named []string // files that are whole
	beside,
	rows int
}

// day is one file that is being written.
type day struct {
	date string
	file *os.File
	w    *parquet.GenericWriter[row]
	rows []row
}

// New returns a writer of files below a folder, which it makes when it is needed.
func New(dir string) *Writer { return &Writer{dir: dir} }

// Files is how many files are whole.
func (w *Writer) Files() int { return len(w.named) }

// Rows is how many fixes were written to all.
func (w *Writer) Rows() int { return w.rows }

// Beside is how many of the files lie beside one of the same day that was there
// before: what stands in both is there twice.
func (w *Writer) Beside() int { return w.beside }

// Fix writes a fix to the file of its day. It copies what it keeps.
func (w *Writer) Fix(f *navicert.Fix) error {
	d, err := w.day(f.Time.UTC().Format(time.DateOnly))
	if err != nil {
		return err
	}
	w.rows++
	if d.rows = append(d.rows, rowOf(f)); len(d.rows) < batch {
		return nil
	}
	return d.write()
}

// day returns the file of a day, and ends the one that was longest not used when
// there are too many.
func (w *Writer) day(date string) (*day, error) {
	i := slices.IndexFunc(w.days, func(d *day) bool { return d.date == date })
	switch {
	case i >= 0 && i == len(w.days)-1:
		return w.days[i], nil
	case i >= 0:
		d := w.days[i]
		w.days = append(slices.Delete(w.days, i, i+1), d)
		return d, nil
	}
	if len(w.days) == openDays {
		if err := w.end(w.days[0]); err != nil {
			return nil, err
		}
		w.days = slices.Delete(w.days, 0, 1)
	}
	folder := filepath.Join(w.dir, "date="+date)
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, failure(err)
	}
	if err := removeLeft(folder); err != nil {
		return nil, failure(err)
	}
	f, err := begin(folder)
	if err != nil {
		return nil, failure(err)
	}
	d := &day{date: date, file: f, w: parquet.NewGenericWriter[row](
		f, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(rowGroup),
		parquet.KeyValueMetadata("geo", geo), parquet.CreatedBy("navicert", "", ""),
	)}
	w.days = append(w.days, d)
	return d, nil
}

func (d *day) write() error {
	_, err := d.w.Write(d.rows)
	clear(d.rows)
	d.rows = d.rows[:0]
	return failure(err)
}

// end makes a file whole and gives it its name.
func (w *Writer) end(d *day) error {
	err := d.write()
	if err == nil {
		err = failure(d.w.Close())
	}
	if err == nil {
		err = failure(d.file.Sync())
	}
	if err == nil {
		err = w.name(d)
	}
	if removeErr := failure(os.Remove(d.file.Name())); err == nil {
		err = removeErr
	}
	if closeErr := failure(d.file.Close()); err == nil { // last: it is locked until it has its name
		err = closeErr
	}
	return err
}

// name gives a file the first name of its day that is free.
func (w *Writer) name(d *day) error {
	for n := 1; ; n++ {
		path := filepath.Join(filepath.Dir(d.file.Name()), "tracks.parquet")
		if n > 1 {
			path = filepath.Join(filepath.Dir(d.file.Name()), fmt.Sprintf("tracks-%d.parquet", n))
		}
		// A link fails where the name is taken, a renaming would replace.
		err := os.Link(d.file.Name(), path)
		if err == nil {
			if w.named = append(w.named, path); n > 1 && !slices.Contains(w.named, filepath.Join(filepath.Dir(path), "tracks.parquet")) {
				w.beside++
			}
			return nil
		}
		if !os.IsExist(err) {
			return failure(err)
		}
	}
}

// Close makes the files that are open whole.
func (w *Writer) Close() error {
	var first error
	for _, d := range w.days {
		if err := w.end(d); first == nil {
			first = err
		}
	}
	w.days = nil
	return first
}

// Abandon takes away all that was written, so that nothing is there twice when it
// is written again.
func (w *Writer) Abandon() {
	for _, d := range w.days {
		_ = d.file.Close()
		_ = os.Remove(d.file.Name())
	}
	for _, path := range w.named {
		_ = os.Remove(path)
		_ = os.Remove(filepath.Dir(path)) // when it is empty
	}
	w.days, w.named, w.beside, w.rows = nil, nil, 0, 0
}

func rowOf(f *navicert.Fix) row {
	r := row{
		MMSI: int32(f.MMSI), Time: f.Time.UnixMilli(), Longitude: f.Pos.Lon, Latitude: f.Pos.Lat,
		SOG: float(f.SpeedKn), COG: float(f.CourseDeg), Heading: float(f.HeadingDeg), Transceiver: string(f.Class),
		Station: f.Station, Source: f.Ref.Source, Simulated: f.Simulated, Geometry: point(f.Pos),
	}
	if v, ok := f.Status.Get(); ok {
		n := int32(v)
		r.Status = &n
	}
	if f.Ref.Line > 0 {
		line := f.Ref.Line
		r.Line = &line
	} else {
		offset := f.Ref.Offset
		r.Offset = &offset
	}
	return r
}

func float(o navicert.Opt[float64]) *float64 {
	v, ok := o.Get()
	if !ok {
		return nil
	}
	return &v
}

// point is a position in well-known binary, little-endian, longitude first.
func point(p navicert.Position) []byte {
	b := make([]byte, 0, 21)
	b = append(b, 1)
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p.Lon))
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(p.Lat))
}

func failure(err error) error {
	if err == nil {
		return nil
	}
	return navicert.Errorf(navicert.Unavailable, "write tracks", "", "%w", err)
}
