package main

import (
	"compress/zlib"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"navicert/internal/realdata"
)

var update = flag.Bool("update", false, "rewrite the expected output in the scripts")

// TestMain makes the test binary serve as navicert too: scripts and the kill
// test start it as a process of its own, with the real main.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"navicert": main})
}

// TestScript runs testdata/script/*.txtar, each in an empty folder that is its
// home and its data directory. Beside testscript's own commands there is
//
//	exits 3 navicert check …
//
// which asserts an exit status; $SHARED is the folder of the real data, and a
// script that needs it begins with
//
//	[!shared] skip 'the real data is not there'
//
// which in CI fails instead. "publisher DIR" serves a folder over HTTP, sending on
// from /current/ to the folder that DIR/current names, until the script ends; its
// address is $PUBLISHER. "eventid KIND [TEXT]" sets $ID to the id of the first event
// of a kind, with a text on its line, that the last command has printed; "certid"
// sets it to that of the first certificate. "tamper FILE OLD NEW OUT" writes a file
// again with one text in place of another, which must be there. "pdfsays FILE TEXT"
// asserts that a certificate's pages have a text.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		UpdateScripts:      *update,
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_DATA_HOME", "")
			env.Setenv("NAVICERT_DATA", filepath.Join(env.WorkDir, ".navicert"))
			env.Setenv("SHARED", realdata.Root())
			env.Setenv("TZ", "America/Caracas") // output must not depend on it
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond != "shared" {
				return false, fmt.Errorf("there is no condition %q", cond)
			}
			_, err := os.Stat(realdata.Root())
			if err != nil && os.Getenv("CI") != "" {
				return false, fmt.Errorf("in CI the real data must be there: %w", err)
			}
			return err == nil, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "publisher": publisher, "eventid": eventID, "certid": certID, "tamper": tamper, "pdfsays": pdfSays},
	})
}

// pdfSays inflates the streams of a PDF and looks for a text, wherever its lines
// are broken.
func pdfSays(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: pdfsays FILE TEXT")
	}
	shown := regexp.MustCompile(`(?s)\(((?:[^\\)]|\\.)*)\)Tj`)
	unescape := strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r")
	var said strings.Builder
	for _, packed := range strings.Split(ts.ReadFile(args[0]), "stream\n")[1:] {
		z, err := zlib.NewReader(strings.NewReader(packed))
		if err != nil {
			continue // the end of a stream, or one that is not packed
		}
		text, _ := io.ReadAll(z) // as far as it goes
		for _, m := range shown.FindAllSubmatch(text, -1) {
			said.WriteString(strings.ReplaceAll(unescape.Replace(string(m[1])), "\x00", "") + " ") // UTF-16, of which the script asks Latin letters only
		}
	}
	words := strings.Join(strings.Fields(said.String()), " ")
	if words == "" {
		ts.Fatalf("pdfsays: %s has no text that can be read", args[0])
	}
	if strings.Contains(words, args[1]) == neg {
		ts.Fatalf("pdfsays: that %s says %q is %v", args[0], args[1], neg)
	}
}

// exits runs a command and asserts its exit status.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND [ARGUMENT…]")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("exits: %q is no status", args[0])
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok || exit.ExitCode() < 0 {
			ts.Fatalf("exits: %v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status is %d, want %d", got, want)
	}
}

// eventID finds an event's id in what was printed.
func eventID(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: eventid KIND [TEXT]")
	}
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		var ev struct{ ID, Kind string }
		if json.Unmarshal([]byte(line), &ev) == nil && ev.Kind == args[0] && (len(args) < 2 || strings.Contains(line, args[1])) {
			ts.Setenv("ID", ev.ID)
			return
		}
	}
	ts.Fatalf("no such event was printed")
}

// certID sets $ID to the id of the first certificate printed.
func certID(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: certid")
	}
	var c struct{ ID string }
	line, _, _ := strings.Cut(ts.ReadFile("stdout"), "\n")
	if err := json.Unmarshal([]byte(line), &c); err != nil || c.ID == "" {
		ts.Fatalf("no certificate was printed: %v", err)
	}
	ts.Setenv("ID", c.ID)
}

// tamper changes a text in a file.
func tamper(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: tamper FILE OLD NEW OUT")
	}
	b := ts.ReadFile(args[0])
	if !strings.Contains(b, args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[3]), []byte(strings.Replace(b, args[1], args[2], 1)), 0o600))
}

// publisher serves a folder as a list's publisher does.
func publisher(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: publisher DIR")
	}
	dir := ts.MkAbs(args[0])
	files := http.FileServer(http.Dir(dir))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, ok := strings.CutPrefix(r.URL.Path, "/current/"); ok {
			day, err := os.ReadFile(filepath.Join(dir, "current"))
			if err != nil {
				http.Error(w, "out of order", http.StatusServiceUnavailable)
				return
			}
			http.Redirect(w, r, "/"+strings.TrimSpace(string(day))+"/"+name, http.StatusFound)
			return
		}
		files.ServeHTTP(w, r)
	}))
	ts.Defer(s.Close)
	ts.Setenv("PUBLISHER", s.URL)
}
