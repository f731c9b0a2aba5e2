package rule

import (
	"bytes"
	"embed"
	"strings"

	"navicert"
)

// packFiles are the packs that come with the program. Each rule and licence in
// them names its own source.
//
//go:embed pack/*.yaml
var packFiles embed.FS

// EmbeddedNames returns the names of the packs that come with the program.
func EmbeddedNames() []string {
	files, err := packFiles.ReadDir("pack")
	if err != nil {
		return nil // the embedded folder is always there
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".yaml"))
	}
	return names
}

// Embedded loads a pack that comes with the program.
func Embedded(name string) (*Pack, error) {
	b, err := packFiles.ReadFile("pack/" + name + ".yaml")
	if err != nil {
		return nil, navicert.Errorf(navicert.NotFound, opLoad, name, "no such pack").
			WithHint("embedded are " + strings.Join(EmbeddedNames(), ", "))
	}
	return Load(bytes.NewReader(b), name+".yaml")
}
