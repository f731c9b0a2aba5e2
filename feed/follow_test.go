package feed_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"navicert/feed"
)

// TestFollowRotation: after a log is renamed and made anew its writer goes on in
// the old file until it is told. No line of either is lost.
func TestFollowRotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ais.log")
	old, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	write := func(f *os.File, lines int) {
		for range lines {
			n++
			if _, err := fmt.Fprintf(f, "!line %d\n", n); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(old, 10)
	ctx, cancel := context.WithCancel(t.Context())
	s, err := feed.Opener{Follow: true}.Open(ctx, path)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	lines := make(chan string, 1000)
	defer func() { // Close is not for calling beside Read
		cancel()
		for range lines {
		}
		_ = s.Close()
	}()
	go func() {
		defer close(lines)
		for {
			sc := bufio.NewScanner(s) // it ends at an interruption
			for sc.Scan() {
				lines <- sc.Text()
			}
			if ctx.Err() != nil {
				return
			}
		}
	}()
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	fresh, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		time.Sleep(150 * time.Millisecond)
		write(old, 10)
	}
	write(fresh, 10)
	write(old, 10) // what was under way
	want := n
	for i := range want {
		select {
		case l := <-lines:
			if i < 60 && l != fmt.Sprintf("!line %d", i+1) {
				t.Fatalf("line %d is %q", i+1, l)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%d of %d lines were read", i, want)
		}
	}
}
