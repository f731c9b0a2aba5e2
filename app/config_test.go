package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"navicert/app"
)

// TestConfigErrorShowsNoKey: an error points at line and column, and does not
// print what stands around.
func TestConfigErrorShowsNoKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "navicert.yaml")
	for name, text := range map[string]string{
		"unknown key":  "feed_key: TOPSECRET123\nbogus: 1\n",
		"no YAML":      "feed_key: TOPSECRET123\n\t- [\n",
		"another type": "feed_key: TOPSECRET123\nrules: 7\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := app.LoadConfig(path)
		if err == nil || strings.Contains(err.Error(), "TOPSECRET") || !strings.Contains(err.Error(), "[2:") {
			t.Errorf("%s: error %v, want one of line 2 without the key", name, err)
		}
	}
	if err := os.WriteFile(path, []byte("feed_key: TOPSECRET123\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := app.LoadConfig(path); err != nil || c.FeedKey != "TOPSECRET123" {
		t.Errorf("%+v, %v", c, err)
	}
}
