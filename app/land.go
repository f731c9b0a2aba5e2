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
	f, err := dataFile(files, "read land", "assets/land-10m-*.json")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return geo.ReadLand(f, "land-10m")
}

// seaLanes is the network of sea lanes that the program carries beside the land.
// It is read when a route is first asked for.
var seaLanes = sync.OnceValues(func() (*geo.Lanes, error) { return readLanes(web.FS()) })

func readLanes(files fs.FS) (*geo.Lanes, error) {
	f, err := dataFile(files, "read sea lanes", "assets/sealanes-*.json")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return geo.ReadLanes(f, "sealanes", land())
}

// dataFile opens the one file of a name that carries a hash.
func dataFile(files fs.FS, op, pattern string) (fs.File, error) {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, err
	}
	if len(names) != 1 {
		return nil, navicert.Errorf(navicert.NotFound, op, pattern, "%d files of that name", len(names))
	}
	return files.Open(names[0])
}
