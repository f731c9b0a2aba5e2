package accuracy

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/all"
	"navicert/feed"
	"navicert/geo"
)

// Public is what the detectors find in one public recording. Nobody knows what
// truly happened there; the events are listed so that a reader can judge them.
type Public struct {
	Data      string           `json:"data"`
	Vessels   int              `json:"vessels"`
	Positions int              `json:"positions"`
	Kept      int              `json:"kept"`
	Events    map[string]int   `json:"events"` // by kind, with its class
	List      []navicert.Event `json:"-"`
}

// publicSets are the recordings that are looked for in a folder of public data.
func publicSets() []struct{ title, pattern string } {
	return []struct{ title, pattern string }{
		{"MarineCadastre sample, 2022-01-03", "ais/csv/marinecadastre-2022-01-03-*.csv*"},
		{"Singapore tankers, 2013-14", "ais/tracks/singapore-tankers/[0-9]*.csv*"},
		{"Old Bahama Channel, 2023-25", "ais/tracks/obc/anom_datav2.csv*"},
		{"Drifting tanker, 2014-10-02", "ais/nmea/dma-aisabnormal-212123000_drift_1.ais*"},
		{"Drifting tanker, 2014-09-28", "ais/nmea/dma-aisabnormal-538004030_drift_1.ais*"},
	}
}

// checkFolder refuses what is no folder of public data; "" is none.
func checkFolder(dir string) error {
	if dir == "" {
		return nil
	}
	const hint = "name a folder of public data, or none"
	switch info, err := os.Stat(dir); {
	case err != nil:
		if p := (*fs.PathError)(nil); errors.As(err, &p) {
			err = p.Err
		}
		return navicert.Errorf(navicert.NotFound, "detect", dir, "%w", err).WithHint(hint)
	case !info.IsDir():
		return navicert.Errorf(navicert.Invalid, "detect", dir, "it is not a folder").WithHint(hint)
	}
	return nil
}

func (r *Report) public(ctx context.Context, o Options) error {
	if o.Ports == nil {
		ports, err := publicPorts(o.Dir)
		if err != nil {
			return err
		}
		o.Ports = ports
	}
	for _, set := range publicSets() {
		files, err := filepath.Glob(filepath.Join(o.Dir, filepath.FromSlash(set.pattern)))
		if err != nil {
			return err
		}
		if len(files) == 0 {
			r.Absent = append(r.Absent, set.title+": nothing at "+set.pattern)
			continue
		}
		o.Progress(set.title)
		p, err := recording(ctx, set.title, files, o)
		if err != nil {
			return err
		}
		r.Public = append(r.Public, p)
	}
	return nil
}

// publicPorts are the ports that the program knows, and the World Port Index where
// the folder has it.
func publicPorts(dir string) (*geo.Ports, error) {
	files, err := filepath.Glob(filepath.Join(dir, "geo", "wpi_*.csv*"))
	if err != nil || len(files) == 0 {
		return geo.NewPorts(geo.KnownPorts(nil, nil)), err
	}
	src, err := feed.Opener{}.Open(context.Background(), files[0]) // a file
	if err != nil {
		return nil, err
	}
	defer src.Close()
	index, err := geo.ReadWPI(context.Background(), src, src.Name)
	if err != nil {
		return nil, err
	}
	return geo.NewPorts(geo.KnownPorts(index.Ports, nil)), nil
}

// reports are those of a recording, to be put in order of time.
type reports struct {
	fixes   []navicert.Fix
	statics []navicert.Static
}

// Fix implements feed.Sink.
func (r *reports) Fix(f *navicert.Fix) error { r.fixes = append(r.fixes, *f); return nil }

// Static implements feed.Sink.
func (r *reports) Static(s *navicert.Static) error { r.statics = append(r.statics, *s); return nil }

// recording takes the files of a recording together through all detectors.
func recording(ctx context.Context, title string, files []string, o Options) (Public, error) {
	p := Public{Data: title, Events: map[string]int{}}
	var all reports
	for _, file := range files {
		src, err := feed.Opener{}.Open(ctx, file)
		if err != nil {
			return p, err
		}
		_, err = feed.Read(ctx, src, feed.Options{Source: filepath.Base(file), Unique: true}, &all)
		_ = src.Close() // was read
		if err != nil {
			return p, err
		}
	}
	p.Positions = len(all.fixes)
	slices.SortStableFunc(all.fixes, func(a, b navicert.Fix) int { return a.Time.Compare(b.Time) })
	slices.SortStableFunc(all.statics, func(a, b navicert.Static) int { return a.Time.Compare(b.Time) })
	f := finder{newest: map[string]int{}}
	f.engine = detect.NewEngine(detect.Options{Detectors: publicDetectors(o), Lateness: time.Minute, Event: f.event})
	for i := range all.fixes {
		for len(all.statics) > 0 && !all.statics[0].Time.After(all.fixes[i].Time) {
			if err := f.engine.Static(&all.statics[0]); err != nil {
				return p, err
			}
			all.statics = all.statics[1:]
		}
		if err := f.engine.Fix(&all.fixes[i]); err != nil {
			return p, err
		}
	}
	if err := f.engine.Close(time.Time{}); err != nil {
		return p, err
	}
	stats := f.engine.Stats()
	p.Vessels, p.Kept, p.List = stats.Vessels, stats.Kept, f.events
	for i := range f.events {
		kind := f.events[i].Kind
		if c := detect.ClassOf(f.events[i]); c != "" {
			kind += ": " + c
		}
		p.Events[kind]++
	}
	return p, nil
}

func publicDetectors(o Options) []detect.Detector {
	return all.Detectors(all.Config{Land: o.Land, Ports: o.Ports})
}
