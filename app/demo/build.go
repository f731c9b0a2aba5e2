package demo

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"navicert"
	"navicert/sim"
)

// Program is what the builder needs of the program: the jobs that a user has,
// each done at a time of the demonstration's own, so that what is recorded, and
// with it every certificate, comes out the same each time.
type Program interface {
	ImportList(ctx context.Context, at time.Time, dir string, published navicert.Date) error
	ImportZones(ctx context.Context, at time.Time, file string) error
	ReplayAIS(ctx context.Context, at time.Time, file string) error
	Check(ctx context.Context, at time.Time, v navicert.Voyage) (navicert.Certificate, error)
	Certificate(ctx context.Context, id string) (navicert.Certificate, error)
}

// Options of a build.
type Options struct {
	Dir      string            // the data directory
	Program  string            // identifies the program and its rules: another one builds anew
	Progress func(what string) // may be nil
}

// Names within the data directory.
const (
	markerFile = "demo.json"
	// FilesDir holds what a user would bring: list folders, zones, AIS, the rule
	// pack and the voyages.
	FilesDir = "demo-files"
	// PackFile is the rule pack that the demonstration needs beside the embedded
	// ones, under FilesDir.
	PackFile = "pack.yaml"
	aisFile  = "caribbean.nmea"
)

// marker says what a directory holds. It is written before anything else, so
// that a build that was interrupted can be taken up again.
type marker struct {
	Demo         string   `json:"demo"` // hash of what it is built from
	Ready        bool     `json:"ready"`
	Certificates []string `json:"certificates,omitempty"` // of the voyages, in their order
}

// Prepare makes the data directory ready to be opened and built: it must be
// empty, missing, or a demonstration of this very program. Nothing that is
// there is removed.
func Prepare(o Options) error {
	m, err := readMarker(o.Dir)
	if err != nil {
		return err
	}
	want, err := fingerprint(o.Program)
	if err != nil {
		return err
	}
	switch {
	case m != nil && m.Demo == want:
		return nil
	case m != nil:
		return navicert.Errorf(navicert.Conflict, "demo", o.Dir, "it holds the demonstration of another version of the program").
			WithHint("remove the folder, or name another with --data")
	}
	entries, err := os.ReadDir(o.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return navicert.Errorf(navicert.Unavailable, "demo", o.Dir, "%w", err)
	}
	if len(entries) > 0 {
		return navicert.Errorf(navicert.Conflict, "demo", o.Dir, "it is not empty and holds no demonstration").
			WithHint("name an empty or new folder with --data")
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return navicert.Errorf(navicert.Unavailable, "demo", o.Dir, "%w", err)
	}
	return writeMarker(o.Dir, marker{Demo: want})
}

// Build builds the demonstration in a prepared directory and returns the eight
// voyages with their certificates. One that is built already is only read.
func Build(ctx context.Context, p Program, o Options) ([]Outcome, error) {
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	voyages, err := Voyages()
	if err != nil {
		return nil, err
	}
	m, err := readMarker(o.Dir)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, navicert.Errorf(navicert.Invalid, "demo", o.Dir, "it was not prepared")
	}
	if m.Ready {
		return held(ctx, p, voyages, m.Certificates)
	}
	if err := load(ctx, p, o); err != nil {
		return nil, err
	}
	o.Progress("checking eight voyages")
	var out []Outcome
	for _, v := range voyages {
		c, err := p.Check(ctx, v.AsOf.Time, v.Voyage)
		if err != nil {
			return nil, err
		}
		out = append(out, Outcome{v, c})
		m.Certificates = append(m.Certificates, c.ID)
	}
	m.Ready = true
	return out, writeMarker(o.Dir, *m)
}

// held reads the certificates of a demonstration that is built.
func held(ctx context.Context, p Program, voyages []Voyage, ids []string) ([]Outcome, error) {
	if len(ids) != len(voyages) {
		return nil, navicert.Errorf(navicert.Invalid, "demo", markerFile, "%d certificates for %d voyages", len(ids), len(voyages)).
			WithHint("remove the folder and build it again")
	}
	out := make([]Outcome, len(voyages))
	for i, v := range voyages {
		c, err := p.Certificate(ctx, ids[i])
		if err != nil {
			return nil, err
		}
		out[i] = Outcome{v, c}
	}
	return out, nil
}

// The days on which the demonstration's operator brings things in. Zones come
// after the last of them was published, AIS when it ends.
var (
	firstListAt = time.Date(2025, 12, 2, 6, 0, 0, 0, time.UTC)
	laterListAt = time.Date(2025, 12, 24, 21, 0, 0, 0, time.UTC)
	zonesAt     = time.Date(2025, 12, 27, 12, 0, 0, 0, time.UTC)
)

// load writes the files and has them imported.
func load(ctx context.Context, p Program, o Options) error {
	dir := filepath.Join(o.Dir, FilesDir)
	o.Progress("writing " + dir)
	if err := writeFiles(dir); err != nil {
		return err
	}
	o.Progress("simulating two weeks of AIS")
	if err := writeAIS(ctx, filepath.Join(dir, aisFile)); err != nil {
		return err
	}
	o.Progress("importing two publications of the list, and the zones")
	for _, l := range []struct {
		published navicert.Date
		at        time.Time
	}{{"2025-12-01", firstListAt}, {"2025-12-24", laterListAt}} {
		if err := p.ImportList(ctx, l.at, filepath.Join(dir, string(l.published)), l.published); err != nil {
			return err
		}
	}
	if err := p.ImportZones(ctx, zonesAt, filepath.Join(dir, "zones.geojson")); err != nil {
		return err
	}
	o.Progress("replaying the AIS through decoder, tracks and detectors")
	return p.ReplayAIS(ctx, now, filepath.Join(dir, aisFile))
}

// writeFiles writes the embedded files to a folder.
func writeFiles(dir string) error {
	return fs.WalkDir(files, "data", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel("data", filepath.FromSlash(path))
		if err != nil {
			return err
		}
		to := filepath.Join(dir, rel)
		if d.IsDir() {
			if err := os.MkdirAll(to, 0o700); err != nil {
				return navicert.Errorf(navicert.Unavailable, "demo", to, "%w", err)
			}
			return nil
		}
		b, err := files.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(to, b, 0o600); err != nil {
			return navicert.Errorf(navicert.Unavailable, "demo", to, "%w", err)
		}
		return nil
	})
}

// writeAIS plays the scenario into a file.
func writeAIS(ctx context.Context, path string) (err error) {
	sc, err := sim.Builtin("caribbean")
	if err != nil {
		return err
	}
	w, err := sim.New(sc, sim.Options{})
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return navicert.Errorf(navicert.Unavailable, "demo", path, "%w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriter(f)
	if _, err := w.Write(ctx, out, nil); err != nil {
		return err
	}
	return out.Flush()
}

// fingerprint names all that a demonstration is built from.
func fingerprint(program string) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, program)
	var paths []string
	if err := fs.WalkDir(files, "data", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			paths = append(paths, path)
		}
		return err
	}); err != nil {
		return "", err
	}
	slices.Sort(paths)
	for _, path := range paths {
		b, err := files.ReadFile(path)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n%s", path, len(b), b)
	}
	fmt.Fprintln(h, sim.BuiltinSHA256("caribbean"))
	return hex.EncodeToString(h.Sum(nil)), nil
}

// readMarker returns nil when the directory has none.
func readMarker(dir string) (*marker, error) {
	path := filepath.Join(dir, markerFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, "demo", path, "%w", err)
	}
	var m marker
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "demo", path, "%w", err).WithHint("remove the folder, or name another with --data")
	}
	return &m, nil
}

// writeMarker replaces the marker in one step.
func writeMarker(dir string, m marker) error {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, markerFile)
	if err := os.WriteFile(path+".new", append(b, '\n'), 0o600); err != nil {
		return navicert.Errorf(navicert.Unavailable, "demo", path, "%w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return navicert.Errorf(navicert.Unavailable, "demo", path, "%w", err)
	}
	return nil
}
