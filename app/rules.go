package app

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"navicert"
	"navicert/rule"
)

// generalPack is in force whatever the configuration says.
const generalPack = "general"

// RuleSet loads the packs in force: the general one, then those that the
// configuration names, in its order.
func (c Config) RuleSet() (*rule.Set, error) { return LoadRules(c.Rules) }

// LoadRules loads the general pack and the named ones: embedded names, or
// files. A name that is given twice is loaded once.
func LoadRules(names []string) (*rule.Set, error) {
	var packs []*rule.Pack
	var loaded []string
	for _, name := range append([]string{generalPack}, names...) {
		if slices.Contains(loaded, name) {
			continue
		}
		loaded = append(loaded, name)
		p, err := LoadPack(name)
		if err != nil {
			return nil, err
		}
		packs = append(packs, p)
	}
	return rule.NewSet(packs...)
}

// LoadPack loads one pack: an embedded one by its name, or a file.
func LoadPack(name string) (*rule.Pack, error) {
	if slices.Contains(rule.EmbeddedNames(), name) {
		return rule.Embedded(name)
	}
	f, err := os.Open(name)
	if err != nil {
		kind := navicert.Unavailable
		if errors.Is(err, fs.ErrNotExist) {
			kind = navicert.NotFound
			err = errors.New("no embedded pack and no file has this name")
		}
		return nil, navicert.Errorf(kind, "rules load", name, "%w", err).
			WithHint("embedded are " + strings.Join(rule.EmbeddedNames(), ", "))
	}
	defer f.Close()
	return rule.Load(f, name)
}

// LoadFacts reads a file of facts for [rule.Set.Explain].
func LoadFacts(name string) (*rule.Facts, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, "facts", name, "%w", err)
	}
	defer f.Close()
	return rule.ReadFacts(f, name)
}
