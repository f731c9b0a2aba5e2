// Package serve is the HTTP API and the web app: requests come in under
// /api/v1, are answered by a [Backend], and go out as JSON in the shapes of
// docs/api.md; everything else is the web app's built files. The API describes
// itself as OpenAPI 3.1 at /openapi.json.
//
//	h, err := serve.New(backend, web.FS(), serve.Options{Version: "0.1.0"})
//	err = http.ListenAndServe("127.0.0.1:8080", h)
//
// The server reads and checks; it holds no accounts. It is meant for a
// loopback address or a network that its operator trusts, and answers only to
// the host names it was told of, so that a web page elsewhere cannot reach it
// through a name of its own (DNS rebinding).
package serve

import (
	"io/fs"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Options are the server's settings.
type Options struct {
	Version string
	Hosts   []string // further host names to answer to, beside loopback and the listener's own
}

// maxBody caps a request's body; a voyage is a few kilobytes. Batches may have
// maxScreenBody.
const maxBody = 1 << 20

func bodyLimit(path string) int64 {
	if path == "/api/v1/screen" || strings.HasPrefix(path, "/match/") {
		return maxScreenBody
	}
	return maxBody
}

// New returns the server's handler.
func New(b Backend, app fs.FS, opt Options) (http.Handler, error) {
	files, err := newFiles(app)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	cfg := huma.DefaultConfig("navicert", opt.Version)
	cfg.Info.Description = "For a vessel, the parties behind it and a planned voyage: clear, refer or refuse, with every piece of evidence, everything searched and not found, and everything that could not be looked at."
	cfg.DocsPath = "" // the web app shows it, without a network
	cfg.SchemasPath = ""
	cfg.CreateHooks = nil // no $schema member: certificates keep their own bytes
	cfg.RejectUnknownQueryParameters = true
	registerTypes(cfg.Components.Schemas)
	api := humago.New(mux, cfg)
	register(api, b)
	registerScreen(api, mux, b)
	registerYente(api, mux, b)
	mux.Handle("/", files)
	return guard(mux, opt.Hosts), nil
}

// Server returns an http.Server with limits on time and size.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}

// contentSecurityPolicy lets the page load only what this server serves.
// MapLibre makes pictures of blobs and starts its worker from a file of ours.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
	"worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard answers only to known host names, lets no other site's page write, caps
// bodies and sets the security headers.
func guard(next http.Handler, hosts []string) http.Handler {
	others := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !knownHost(r, hosts) {
			http.Error(w, "this server does not answer to that host name (start it with --host NAME to let it)", http.StatusMisdirectedRequest)
			return
		}
		if err := others.Check(r); err != nil {
			http.Error(w, "another site's page may not ask for this", http.StatusForbidden)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit(r.URL.Path))
		next.ServeHTTP(w, r)
	})
}

// knownHost reports whether the Host header names loopback, the address that
// the request came in on, or one of the operator's names.
func knownHost(r *http.Request, hosts []string) bool {
	name := r.Host
	if h, _, err := net.SplitHostPort(name); err == nil {
		name = h
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	if name == "localhost" || slices.Contains(hosts, name) {
		return true
	}
	ip := net.ParseIP(name)
	if ip == nil {
		return false
	}
	if ip.IsLoopback() {
		return true
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	h, _, err := net.SplitHostPort(local.String())
	return err == nil && ip.Equal(net.ParseIP(h))
}
