package app

import (
	"io/fs"
	"sync"

	"navicert"
	"navicert/geo"
	"navicert/web"
)

// land is the land of the web app's chart, Natural Earth 1:10 million, which the
// program carries once. It is read when somebody first asks, in half a second
// and 20 MB, and then kept.
var land = sync.OnceValue(func() *geo.Land {
	return geo.LazyLand(func() *geo.Land {
		l, err := readLand(web.FS())
		if err != nil {
			panic(err) // the program's own file, which a test reads
		}
		return l
	})
})

func readLand(files fs.FS) (*geo.Land, error) {
	names, err := fs.Glob(files, "assets/land-10m-*.json")
	if err != nil {
		return nil, err
	}
	if len(names) != 1 {
		return nil, navicert.Errorf(navicert.NotFound, "read land", "assets/land-10m-*.json", "%d files of that name", len(names))
	}
	f, err := files.Open(names[0])
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return geo.ReadLand(f, names[0])
}
