package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"navicert"
	"navicert/feed"
	"navicert/geo"
)

// The sets of ports, of each of which the newest is used.
const (
	portsIndex   = "wpi"     // the World Port Index
	portsLearned = "learned" // anchorages that were learned from tracks
)

// PortSet is a set of ports that the data directory holds, one file each; older
// sets stay beside the newest.
type PortSet struct {
	Set        string           `json:"set"`
	Source     string           `json:"source"`
	SHA256     string           `json:"sha256,omitempty"` // of the file, unpacked
	ImportedAt navicert.Instant `json:"imported_at"`
	geo.PortFile
}

// PortImport says what became of a file of ports.
type PortImport struct {
	Source  string         `json:"source"`
	SHA256  string         `json:"sha256"`
	Rows    int            `json:"rows"`
	Ports   int            `json:"ports"`
	Changed bool           `json:"changed"` // it was not the set in use already
	Refused navicert.Tally `json:"refused"`
	Noted   navicert.Tally `json:"noted"`
}

// ImportPorts reads the World Port Index, packed or not, and keeps its ports.
func (a *App) ImportPorts(ctx context.Context, path string) (PortImport, error) {
	s, err := feed.Open(ctx, path)
	if err != nil {
		return PortImport{}, err
	}
	defer s.Close()
	return a.ImportPortsFrom(ctx, s, s.Name)
}

// ImportPortsFrom does the same for a stream.
func (a *App) ImportPortsFrom(ctx context.Context, r io.Reader, source string) (PortImport, error) {
	h := sha256.New()
	f, err := geo.ReadWPI(ctx, io.TeeReader(r, h), source)
	if err != nil {
		return PortImport{}, err
	}
	set := PortSet{Set: portsIndex, Source: source, SHA256: hex.EncodeToString(h.Sum(nil)), ImportedAt: navicert.At(a.now()), PortFile: f}
	out := PortImport{Source: source, SHA256: set.SHA256, Rows: f.Rows, Ports: len(f.Ports), Refused: f.Refused, Noted: f.Noted}
	held, err := a.portSet(portsIndex)
	if err != nil {
		return out, err
	}
	if held == nil || held.SHA256 != set.SHA256 {
		out.Changed = true
		err = a.putPortSet(set)
	}
	return out, err
}

func (a *App) portsDir() string { return filepath.Join(a.cfg.Data, "ports") }

// putPortSet writes a set whole or not at all.
func (a *App) putPortSet(set PortSet) error {
	b, err := json.Marshal(set)
	if err != nil {
		return err
	}
	fail := func(err error) error {
		return navicert.Errorf(navicert.Unavailable, "keep ports", a.portsDir(), "%w", err)
	}
	if err := os.MkdirAll(a.portsDir(), 0o700); err != nil {
		return fail(err)
	}
	f, err := os.CreateTemp(a.portsDir(), ".new-*")
	if err != nil {
		return fail(err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if syncErr := f.Sync(); err == nil {
		err = syncErr
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(a.portsDir(), set.Set+"-"+set.ImportedAt.UTC().Format("20060102T150405.000")+".json"))
	}
	if err != nil {
		return fail(err)
	}
	return nil
}

// portSet reads the newest set of a name; nil when none is held.
func (a *App) portSet(name string) (*PortSet, error) {
	entries, err := os.ReadDir(a.portsDir())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, navicert.Errorf(navicert.Unavailable, "read ports", a.portsDir(), "%w", err)
	}
	newest := ""
	for _, e := range entries {
		if n := e.Name(); strings.HasPrefix(n, name+"-") && strings.HasSuffix(n, ".json") {
			newest = max(newest, n)
		}
	}
	if newest == "" {
		return nil, nil
	}
	path := filepath.Join(a.portsDir(), newest)
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, "read ports", path, "%w", err)
	}
	var set PortSet
	if err := json.Unmarshal(b, &set); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "read ports", path, "%w", err).WithHint("import the file again")
	}
	return &set, nil
}

// ports returns the ports that are known: those of the program's own, the World
// Port Index in their place when it was imported, and anchorages that were learned.
func (a *App) ports() ([]geo.Port, error) {
	var index, learned []geo.Port
	for set, to := range map[string]*[]geo.Port{portsIndex: &index, portsLearned: &learned} {
		s, err := a.portSet(set)
		if err != nil {
			return nil, err
		}
		if s != nil {
			*to = s.Ports
		}
	}
	return geo.KnownPorts(index, learned), nil
}

// NearPort is a port with its distance from a place.
type NearPort struct {
	geo.Port
	DistanceNM float64 `json:"distance_nm"`
}

// PortsNear returns the ports within a distance of a place, the nearest first.
func (a *App) PortsNear(at navicert.Position, withinNM float64) ([]NearPort, error) {
	all, err := a.ports()
	if err != nil {
		return nil, err
	}
	var near []NearPort
	for _, p := range all {
		if d := geo.DistanceNM(at, p.Pos); d <= withinNM {
			near = append(near, NearPort{p, d})
		}
	}
	slices.SortStableFunc(near, func(x, y NearPort) int {
		return cmp.Or(cmp.Compare(x.DistanceNM, y.DistanceNM), cmp.Compare(x.ID, y.ID))
	})
	return near, nil
}

// PortFilter selects ports. Zero fields select everything.
type PortFilter struct {
	Country navicert.Flag
	Kind    geo.PortKind
	Name    string // a part of the name, in any case, or the UN/LOCODE
}

// ListPorts returns the ports that are known, by id.
func (a *App) ListPorts(f PortFilter) ([]geo.Port, error) {
	all, err := a.ports()
	if err != nil {
		return nil, err
	}
	name := strings.ToLower(f.Name)
	kept := all[:0]
	for _, p := range all {
		if (f.Country == "" || p.Country == f.Country) && (f.Kind == "" || p.Kind == f.Kind) &&
			(name == "" || strings.Contains(strings.ToLower(p.Name), name) || strings.EqualFold(p.Code, name)) {
			kept = append(kept, p)
		}
	}
	slices.SortFunc(kept, func(x, y geo.Port) int { return cmp.Compare(x.ID, y.ID) })
	return kept, nil
}

// PortSource is where ports come from, and what that means.
type PortSource struct {
	Source     string           `json:"source"`
	Ports      int              `json:"ports"`
	ImportedAt navicert.Instant `json:"imported_at,omitzero"`
	SHA256     string           `json:"sha256,omitempty"`
	Note       string           `json:"note"`
}

// PortStatus says which ports are known.
func (a *App) PortStatus() ([]PortSource, error) {
	var index []geo.Port
	var sets []PortSource
	for _, s := range []struct{ set, source, missing, note string }{
		{portsIndex, "World Port Index", "not imported: the program's own ports are used (ports import FILE)", "positions are good to the minute"},
		{portsLearned, "anchorages learned from tracks", "none learned (ports learn)", "where many ships lay; no statement of what the place is"},
	} {
		held, err := a.portSet(s.set)
		if err != nil {
			return nil, err
		}
		p := PortSource{Source: s.source, Note: s.missing}
		if held != nil {
			p.Ports, p.ImportedAt, p.SHA256, p.Note = len(held.Ports), held.ImportedAt, held.SHA256, s.note
			p.Source += " (" + held.Source + ")"
			if s.set == portsIndex {
				index = held.Ports
			}
		}
		sets = append(sets, p)
	}
	const (
		edition   = "positions of the World Port Index of April 2026, good to the minute; incomplete: that none is near proves nothing"
		terminals = edition + "; one that the index lacks names another source"
	)
	own := PortSource{Source: "ports of the program", Ports: len(geo.HarboursBeside(index)), Note: edition}
	if n := len(geo.Harbours()) - own.Ports; n > 0 {
		own.Note = fmt.Sprintf("%d more are in the index that was imported, which stands for them; %s", n, edition)
	}
	return append([]PortSource{{Source: "oil terminals of the program", Ports: len(geo.Terminals()), Note: terminals}, own}, sets...), nil
}
