package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"navicert"
	"navicert/serve"
	"navicert/web"
)

// ServeOptions say where to serve.
type ServeOptions struct {
	Listen string               // host:port; port 0 picks a free one
	Hosts  []string             // further host names to answer to
	Ready  func(address string) // called once it listens
}

// shutdownTime is how long open requests may take to end.
const shutdownTime = 5 * time.Second

// Serve serves the HTTP API and the web app until ctx ends.
func (a *App) Serve(ctx context.Context, opt ServeOptions) error {
	h, err := serve.New(a.Backend(), web.FS(), serve.Options{Version: Version, Hosts: opt.Hosts})
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", opt.Listen)
	if err != nil {
		return navicert.Errorf(navicert.Unavailable, "serve", opt.Listen, "%w", err).
			WithHint("another address can be given with --listen")
	}
	srv := serve.Server(h)
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	if opt.Ready != nil {
		opt.Ready(l.Addr().String())
	}
	select {
	case err := <-done:
		return navicert.Errorf(navicert.Unavailable, "serve", opt.Listen, "%w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := srv.Shutdown(stop); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(err, srv.Close())
	}
	return nil
}
