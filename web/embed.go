// Package web is the web app: a chart with vessels, zones and events, the
// certificates as documents, the sources and a form for a check. Its sources
// are in src, its built files in dist, which is committed and embedded, so that
// neither running nor installing navicert needs Node.
//
// The app reads everything from the HTTP API of the server that serves it and
// asks no other host for anything. A server takes its files from [FS] and
// serves them at the root; the names below assets carry a hash of their
// contents and may be kept for ever.
//
//	http.Handle("/", http.FileServerFS(web.FS()))
//
// After a change to the sources "make web" builds dist again; the test of this
// package fails until that is done.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// FS returns the built files: index.html, favicon.svg, assets, and the licences
// of what they hold.
func FS() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("web: " + err.Error()) // only for a path that is none
	}
	return sub
}
