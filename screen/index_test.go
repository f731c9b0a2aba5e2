package screen

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"navicert/list"
)

// entries draws entries with anything in any field.
func drawEntry(t *rapid.T) list.Entry {
	var e list.Entry
	fill(t, reflect.ValueOf(&e).Elem(), "entry")
	return e
}

func fill(t *rapid.T, v reflect.Value, label string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(rapid.SampledFrom([]string{"", "a", "Ж", "vessel", "x y"}).Draw(t, label))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, label))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(rapid.Uint32Range(0, 1<<8*uint32(v.Type().Size())-1).Draw(t, label)))
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(rapid.Int32().Draw(t, label)))
	case reflect.Slice:
		if n := rapid.IntRange(0, 2).Draw(t, label); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				fill(t, v.Index(i), label)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), v.Type().Field(i).Name)
		}
	default:
		t.Fatalf("%s has a kind that no test fills: %s", label, v.Type())
	}
}

// An entry comes out of an index as it went in, but for what is only shown.
func TestEntriesSurvivePacking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEntry(t)
		numbers := map[string]uint32{}
		var w textsWriter
		b := packEntry(nil, &e, func(s string) uint32 {
			n, ok := numbers[s]
			if !ok {
				n = uint32(len(numbers))
				numbers[s] = n
				w.add(s)
			}
			return n
		})
		s := w.sections()
		p := packed{string(b), texts{u32s(s[0]), string(s[1])}}
		got := p.entry()
		dropShown(&e)
		if d := cmp.Diff(&e, got); d != "" || p.rest != "" {
			t.Fatalf("-in +out:\n%s%d bytes left", d, len(p.rest))
		}
	})
}

// A name comes out of an index as it was normalised. Its fields are counted
// here because packName writes them by hand, all but asking, which listed names do
// not have.
func TestNamesSurvivePacking(t *testing.T) {
	for _, x := range []struct {
		t      reflect.Type
		fields int
	}{{reflect.TypeFor[name](), 7}, {reflect.TypeFor[word](), 2}} {
		if x.t.NumField() != x.fields {
			t.Errorf("%s has %d fields, and %d are known here: let it write the new one", x.t, x.t.NumField(), x.fields)
		}
	}
	table := newNameTableWriter()
	var into name
	for _, k := range kinds {
		for _, s := range fixedNames(t) {
			want := normalise(s, k)
			p := packed{rest: string(packName(nil, &want, table))}
			p.name(&into, &table.nameTable)
			if d := cmp.Diff(fmt.Sprintf("%q", fmt.Sprint(want)), fmt.Sprintf("%q", fmt.Sprint(into))); d != "" || p.rest != "" {
				t.Errorf("%s %q (-in +out):\n%s%d bytes left", k, s, d, len(p.rest))
			}
		}
	}
	odd := name{text: "ab", words: []word{{"zz", 1.1}}, marks: []string{"7"}, weight: 1.1} // words that are no part of the text
	p := packed{rest: string(packName(nil, &odd, table))}
	p.name(&into, &table.nameTable)
	if fmt.Sprint(odd) != fmt.Sprint(into) {
		t.Errorf("%v became %v", odd, into)
	}
}

// fixedNames are names of every sort that normalisation knows of, invented.
func fixedNames(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile("testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(b)), "\n")
}

// TestIndexVersion fails when an index would be another but has the same
// version: then stored indexes of an older program would be searched by the
// rules of a newer one. testdata/index.json says what the version stands for.
func TestIndexVersion(t *testing.T) {
	var entries []list.Entry
	for _, k := range kinds {
		for _, s := range fixedNames(t) {
			entries = append(entries, list.Entry{ID: fmt.Sprint(len(entries)), Kind: k, Name: s, Aliases: []list.Alias{{Name: s, Kind: list.AKA, Weak: true}}})
		}
	}
	type golden struct {
		Version int    `json:"version"`
		SHA256  string `json:"sha256"`
	}
	sections, _ := unseal(build("fixed", entries), "fixed")
	names := strings.Join(sections[entrySections:], "|") // entries: their shape is part of the key
	sum := sha256.Sum256([]byte(names))
	now := golden{indexVersion, fmt.Sprintf("%x", sum)}
	var was golden
	if b, err := os.ReadFile("testdata/index.json"); err == nil {
		if err := json.Unmarshal(b, &was); err != nil {
			t.Fatal(err)
		}
	}
	if now == was {
		return
	}
	if now.Version == was.Version {
		t.Fatalf("indexes come out otherwise than those of version %d did: raise indexVersion, then run go test ./screen -run TestIndexVersion -update", was.Version)
	}
	if !*update {
		t.Fatalf("testdata/index.json is of version %d, indexVersion is %d: run with -update", was.Version, now.Version)
	}
	b, _ := json.Marshal(now)
	if err := os.WriteFile("testdata/index.json", append(b, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// fakeCache is a Cache in memory that can fail.
type fakeCache struct {
	mu    sync.Mutex
	held  map[string]string
	saves int
	fail  error
}

func (c *fakeCache) LoadIndex(_ context.Context, name string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held[name], c.fail
}

func (c *fakeCache) SaveIndex(_ context.Context, name, index string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.saves++
	if c.fail == nil {
		c.held[name] = index
	}
	return c.fail
}

// A stored index is used as it is; one that is damaged, of another publication
// or of another version is built again, and the answers are the same.
func TestStoredIndexes(t *testing.T) {
	ask := func(s *Screener) string {
		t.Helper()
		a, err := s.Screen(context.Background(), Query{Name: "COPPER LANTERN", IMO: 2000016}, day("2025-12-02"), day("2026-01-01"))
		if err != nil {
			t.Fatal(err)
		}
		b, _ := json.Marshal(a)
		return string(b)
	}
	store := held(t)
	want := ask(New(store, nil))
	const of = "a-list@2025-11-20"
	cache := &fakeCache{held: map[string]string{}}
	ask(New(store, cache))
	if cache.saves != 2 || len(cache.held[of]) == 0 {
		t.Fatalf("%d indexes of two publications were saved", cache.saves)
	}
	good := cache.held[of]
	for what, damaged := range map[string]string{
		"as saved":       good,
		"none":           "",
		"another's":      cache.held["b-list@2025-11-10"],
		"cut":            good[:len(good)-1],
		"cut to nothing": good[:10],
		"no checksum":    good[:len(good)-sha256.Size],
		"a bit turned":   flip(good, len(good)/2),
		"head damaged":   flip(good, 3),
		"key damaged":    flip(good, len(blobMagic)+6),
		"of old version": strings.Replace(good, fmt.Sprintf(" %d %s", indexVersion, shape), fmt.Sprintf(" %d %s", indexVersion-1, shape), 1),
		"zeros":          strings.Repeat("\x00", 200),
	} {
		cache.held[of] = damaged
		store.read, cache.saves = 0, 0
		if got := ask(New(store, cache)); got != want {
			t.Errorf("%s: answer %s, want %s", what, got, want)
		}
		rebuilt := damaged != good
		if (store.read > 0) != rebuilt || (cache.saves > 0) != rebuilt || cache.held[of] != good {
			t.Errorf("%s: entries read %d times, %d saved, whole again: %v", what, store.read, cache.saves, cache.held[of] == good)
		}
	}
	failing := &fakeCache{held: map[string]string{}, fail: errors.New("no disk")}
	if got := ask(New(store, failing)); got != want {
		t.Errorf("with a cache that fails: %s", got)
	}
	p := store.pubs[1]
	if err := New(store, failing).Keep(context.Background(), Prepare(p, store.entries[p.ID()])); err == nil {
		t.Error("an index that cannot be kept is no error")
	}
	store.read = 0
	prepared := &fakeCache{held: map[string]string{}}
	if err := New(store, prepared).Keep(context.Background(), Prepare(p, store.entries[p.ID()])); err != nil || prepared.held[of] != good {
		t.Errorf("a prepared index differs from one built from the store: %v", err)
	}
}

func flip(s string, at int) string {
	b := []byte(s)
	b[at] ^= 4
	return string(b)
}

// Whatever a file holds, opening it as an index does not fail otherwise than by
// saying so.
func FuzzOpenIndex(f *testing.F) {
	good := build("k", []list.Entry{{ID: "1", Kind: list.Vessel, Name: "COPPER LANTERN", IMO: 2000016}})
	f.Add(good)
	f.Add(good[:50])
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		if ix, ok := openIndex(s, "k"); ok && s != good {
			t.Errorf("opened %d entries of %q", ix.count, s)
		}
	})
}
