package app

import (
	"os"

	"github.com/goccy/go-yaml"

	"navicert"
)

// LoadConfig reads navicert.yaml strictly: an unknown key is an error that
// points at its line and column. An empty path gives the defaults.
func LoadConfig(path string) (Config, error) {
	var cfg Config
	if path == "" {
		return cfg, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return cfg, navicert.Errorf(navicert.Unavailable, "configuration", path, "%w", err)
	}
	if err := yaml.UnmarshalWithOptions(b, &cfg, yaml.Strict()); err != nil {
		// Without the lines around it: there may be a key in them.
		return cfg, navicert.Errorf(navicert.Invalid, "configuration", path, "%s", yaml.FormatError(err, false, false))
	}
	return cfg, nil
}
