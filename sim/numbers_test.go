package sim

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"navicert"
	"navicert/ais"
	"navicert/internal/realdata"
)

func TestSimulatedNumbers(t *testing.T) {
	imos, mmsis := map[navicert.IMO]bool{}, map[navicert.MMSI]bool{}
	for n := range 50000 {
		imo := SimulatedIMO(n)
		if imos[imo] || Simulated(775998001, imo) != nil {
			t.Fatalf("IMO number %d is %s: taken before, or %v", n, imo, Simulated(775998001, imo))
		}
		imos[imo] = true
	}
	for n := range maxMMSIs {
		mmsi := SimulatedMMSI(n)
		if _, flag := mmsi.Flag(); mmsis[mmsi] || !flag || Simulated(mmsi, 0) != nil {
			t.Fatalf("MMSI %d is %s: taken before, without a flag, or %v", n, mmsi, Simulated(mmsi, 0))
		}
		mmsis[mmsi] = true
	}
}

func TestSimulatedRefuses(t *testing.T) {
	for _, c := range []struct {
		mmsi navicert.MMSI
		imo  navicert.IMO
		want string
	}{
		{775123456, 3500018, "could be a real ship's"},
		{775998010, 0, "not ending in 0"},
		{98, 0, "not a ship's"},
		{775998001, 9074729, "could be a real ship's"},
		{775998001, 3500002, "check digit"},
		{366999001, 0, "could be a real ship's"},
		{100998001, 0, "not a ship's"},
	} {
		if err := Simulated(c.mmsi, c.imo); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s, %s: %v, want %q", c.mmsi, c.imo, err, c.want)
		}
	}
}

func TestSimulatedNumbersProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 1<<30).Draw(t, "n")
		if err := Simulated(SimulatedMMSI(n), SimulatedIMO(n)); err != nil {
			t.Fatal(err)
		}
	})
}

// No number that a simulated ship may have, and no name that the built-in
// scenario uses, is found on any list or in any recording at hand.
func TestNoRealShipHasThem(t *testing.T) {
	if testing.Short() {
		t.Skip("much real data on one goroutine: make check has run it")
	}
	root := filepath.Dir(realdata.Dir(t, "README.md"))
	w := caribbean(t, Options{})
	names := map[string]bool{}
	for _, p := range w.plans {
		names[p.v.Name] = true
	}
	files, numbers := 0, 0
	for _, dir := range []string{"lists", "ais/csv", "ais/tracks", "events", "behaviour"} {
		texts(t, filepath.Join(root, dir), func(path string, text []byte) {
			files++
			for before, digits := range digitRuns(text) {
				switch {
				case len(digits) == 9:
					mmsi, _ := navicert.ParseMMSI(digits)
					numbers++
					if usable(w, mmsi) {
						t.Errorf("%s: MMSI %s", path, mmsi)
					}
				case len(digits) == 7 && bytes.HasSuffix(before, []byte("IMO")):
					numbers++
					if imo, err := navicert.ParseIMO(digits); err == nil && Simulated(775998001, imo) == nil {
						t.Errorf("%s: IMO number %s", path, imo)
					}
				}
			}
			text = bytes.ToUpper(text)
			for name := range names {
				if bytes.Contains(text, []byte(name)) {
					t.Errorf("%s: something real has the name %s", path, name)
				}
			}
		})
	}
	if files < 30 || numbers < 20000 {
		t.Fatalf("%d files with %d numbers were looked at: too few to say anything", files, numbers)
	}
	recordings(t, filepath.Join(root, "ais/nmea"), func(path string, mmsi navicert.MMSI, imo navicert.IMO, name string) {
		if usable(w, mmsi) {
			t.Errorf("%s: MMSI %s", path, mmsi)
		}
		if imo >= firstIMO && imo <= lastIMO && imo.Valid() {
			t.Errorf("%s: IMO %s", path, imo)
		}
		if names[name] {
			t.Errorf("%s: a real ship has the name %s", path, name)
		}
	})
}

// usable reports whether a simulated ship can have an MMSI: one of the scripted
// ones, one that an added ship can get, or a wrong one.
func usable(w *World, mmsi navicert.MMSI) bool {
	if SimulatedInvalid(mmsi, 0) != nil {
		return false
	}
	if !slices.Contains(busyMIDs[:], uint32(mmsi.MID())) {
		return true
	}
	for _, p := range w.plans {
		if navicert.MMSI(p.v.MMSI) == mmsi {
			return true
		}
	}
	return false
}

// digitRuns yields every run of digits with the few characters before it,
// without blanks and colons.
func digitRuns(text []byte) iter.Seq2[[]byte, string] {
	return func(yield func([]byte, string) bool) {
		for i := 0; i < len(text); i++ {
			if text[i] < '0' || text[i] > '9' {
				continue
			}
			start := i
			for i < len(text) && text[i] >= '0' && text[i] <= '9' {
				i++
			}
			if !yield(bytes.TrimRight(text[max(0, start-8):start], " :"), string(text[start:i])) {
				return
			}
		}
	}
}

// texts hands on every text file under dir, unpacked.
func texts(t *testing.T, dir string, each func(path string, text []byte)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".pdf") || strings.HasSuffix(path, ".ods") {
			return err
		}
		b, err := unpacked(path)
		if err == nil {
			each(path, b)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func unpacked(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil || !strings.HasSuffix(path, ".gz") {
		return b, err
	}
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// recordings hands on what real ships say of themselves.
func recordings(t *testing.T, dir string, ship func(path string, mmsi navicert.MMSI, imo navicert.IMO, name string)) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	ships := 0
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		b, err := unpacked(path)
		if err != nil {
			t.Fatal(err)
		}
		messages := ais.NewReader(bytes.NewReader(b), ais.Options{})
		for {
			m, err := messages.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			switch b := m.Body.(type) {
			case *ais.StaticVoyage:
				ships++
				ship(path, b.MMSI, navicert.IMO(b.IMO), b.ShipName.String())
			case *ais.StaticB:
				ship(path, b.MMSI, 0, b.ShipName.String())
			default:
				ship(path, b.Head().MMSI, 0, "")
			}
		}
	}
	if ships < 1000 {
		t.Fatalf("only %d static reports were read", ships)
	}
}
