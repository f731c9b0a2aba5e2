package tlog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/seal/tlog"
)

// TestLostPublicKey holds that an installation whose published key is gone makes
// no other, and that nothing of its keys is deleted.
func TestLostPublicKey(t *testing.T) {
	for name, lose := range map[string][]string{"public.json": {"public.json"}, "all of it": {"public.json", "private-*"}, "the log too": {"public.json", "private-*", "../log"}} {
		i := install(t, t.TempDir())
		i.store.issue(t, 1)
		i.seal(t)
		public, err := os.ReadFile(filepath.Join(i.dir, "keys", "public.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, pattern := range lose {
			files, err := filepath.Glob(filepath.Join(i.dir, "keys", pattern))
			if err != nil || len(files) == 0 {
				t.Fatal(files, err)
			}
			for _, f := range files {
				if err := os.RemoveAll(f); err != nil {
					t.Fatal(err)
				}
			}
		}
		held := files(t, filepath.Join(i.dir, "keys"))
		again := install(t, i.dir)
		again.store = i.store
		again.sealer = tlog.NewSealer(again.log, again.ring, i.store, time.Now)
		again.store.issue(t, 1)
		for what, err := range map[string]error{"ready": again.sealer.Ready(t.Context()), "seal": again.sealer.Seal(t.Context())} {
			if navicert.KindOf(err) != navicert.Conflict || !strings.Contains(fmt.Sprint(err), "put back public.json") {
				t.Errorf("%s without %s: %v", what, name, err)
			}
		}
		if now := files(t, filepath.Join(i.dir, "keys")); !slices.Equal(now, held) {
			t.Errorf("without %s: %v became %v", name, held, now)
		}
		if name != "public.json" {
			continue
		}
		if err := os.WriteFile(filepath.Join(i.dir, "keys", "public.json"), public, 0o600); err != nil {
			t.Fatal(err)
		}
		again.seal(t)
		again.wantWhole(t, 2)
	}
}

// TestLoneFirstKey: an earlier version that was killed when it made its first key
// left the private half alone; it is published, and seals.
func TestLoneFirstKey(t *testing.T) {
	i := install(t, t.TempDir())
	k, err := i.ring.Key(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(i.dir, "keys", "public.json")); err != nil {
		t.Fatal(err)
	}
	again := install(t, i.dir)
	again.store.issue(t, 1)
	again.seal(t)
	again.wantWhole(t, 1)
	if now, err := again.ring.Public(); err != nil || now.Key != k.Public() {
		t.Errorf("%+v, %v, want the key %s", now, err, k.Public())
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	es, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range es {
		names = append(names, e.Name())
	}
	return names
}
