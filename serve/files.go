package serve

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"navicert"
)

// files serves the web app's built files from memory's file system with an
// entity tag for each, since embedded files carry no times.
type files struct {
	app  fs.FS
	etag map[string]string
}

func newFiles(app fs.FS) (*files, error) {
	f := &files{app: app, etag: map[string]string{}}
	err := fs.WalkDir(app, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(app, name)
		if err != nil {
			return err
		}
		h := sha256.Sum256(b)
		f.etag[name] = `"` + hex.EncodeToString(h[:12]) + `"`
		return nil
	})
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, "web app", "", "%w", err)
	}
	return f, nil
}

func (f *files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD here", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	etag, ok := f.etag[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	b, err := fs.ReadFile(f.app, name)
	if err != nil {
		http.Error(w, "the file could not be read", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("ETag", etag)
	if strings.HasPrefix(name, "assets/") { // their names carry a hash
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	if strings.HasSuffix(name, ".geojson") {
		h.Set("Content-Type", "application/geo+json")
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(b))
}
