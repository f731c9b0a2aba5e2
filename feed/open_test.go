package feed

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"navicert"
	"navicert/ais"
)

func packGzip(t *testing.T, b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func packZstd(t *testing.T, b []byte) []byte {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return w.EncodeAll(b, nil)
}

func TestOpenPacked(t *testing.T) {
	plain, err := os.ReadFile("testdata/sample.nmea")
	if err != nil {
		t.Fatal(err)
	}
	two := append(packGzip(t, plain[:100]), packGzip(t, plain[100:])...)
	for name, content := range map[string][]byte{
		"plain.nmea": plain, "a.nmea.gz": packGzip(t, plain), "a.nmea.zst": packZstd(t, plain),
		"misnamed.txt": packGzip(t, plain), "two-members.gz": two,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(s)
			if err != nil || !bytes.Equal(got, plain) {
				t.Errorf("read %d bytes, %v; want %d", len(got), err, len(plain))
			}
			if s.Name != name || s.Live || s.Size != int64(len(content)) || s.Position() != s.Size {
				t.Errorf("name %q, live %v, size %d, position %d of %d", s.Name, s.Live, s.Size, s.Position(), len(content))
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	random := make([]byte, 4096)
	for i := range random {
		random[i] = byte(i * i >> 3)
	}
	packed := packGzip(t, random)
	damaged := bytes.Clone(packed)
	damaged[len(damaged)/2] ^= 0x55
	for _, c := range []struct {
		name, path string
		kind       navicert.Kind
		says       string
	}{
		{"missing", filepath.Join(dir, "none.nmea"), navicert.Unavailable, "no such file"},
		{"folder", dir, navicert.Invalid, "folder"},
		{"scheme", "ftp://1.2.3.4:5", navicert.Unsupported, "ftp"},
		{"address", "tcp://nohost", navicert.Invalid, "HOST:PORT"},
		{"nobody listens", "tcp://127.0.0.1:1", navicert.Unavailable, "refused"},
		{"zip", write("a.zip", []byte("PK\x03\x04rest")), navicert.Unsupported, "unzip"},
		{"gzip head", write("b.gz", []byte("\x1f\x8bxx")), navicert.Invalid, "damaged"},
		{"gzip cut off", write("c.gz", packed[:len(packed)/2]), navicert.Invalid, "cut off"},
		{"gzip damaged", write("d.gz", damaged), navicert.Invalid, "damaged"},
		{"zstd cut off", write("e.zst", packZstd(t, random)[:1000]), navicert.Invalid, "cut off"},
		{"gzip bomb", write("f.gz", packGzip(t, make([]byte, 32<<20))), navicert.Limit, "1000 times"},
		{"zstd bomb", write("g.zst", packZstd(t, make([]byte, 32<<20))), navicert.Limit, "1000 times"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Open(t.Context(), c.path)
			if err == nil {
				_, err = io.Copy(io.Discard, s)
				_ = s.Close()
			}
			if err == nil || navicert.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v (%s), want %s saying %q", err, navicert.KindOf(err), c.kind, c.says)
			}
		})
	}
}

func TestStdin(t *testing.T) {
	plain := strings.Repeat("some line\n", 30000)
	s, err := Opener{Stdin: bytes.NewReader(packGzip(t, []byte(plain)))}.Open(t.Context(), "-")
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(s)
	if err != nil || string(got) != plain || s.Name != "stdin" {
		t.Errorf("%d bytes of %q, %v; want %d", len(got), s.Name, err, len(plain))
	}
}

// TestStdinInterrupted waits for a pipe that says nothing, and must be let go.
func TestStdinInterrupted(t *testing.T) {
	pr, pw := io.Pipe()
	defer pw.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, _ = io.WriteString(pw, "!AIVDM,1,1,,A,13mb9U0P00PRk8fT5nw>4?wj2006,0*44\n")
		cancel()
	}()
	s, err := Opener{Stdin: pr}.Open(ctx, "-")
	if err == nil {
		_, err = io.Copy(io.Discard, s)
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

// TestTCPReconnects serves the first part of a message, breaks off, and serves
// another ship's second part to the next connection: they must not be joined,
// and the stream must go on.
func TestTCPReconnects(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	sessions := []string{
		"!AIVDM,1,1,,A,13mb9U0P00PRk8fT5nw>4?wj2006,0*44\n!AIVDM,2,1,3,A,53nPnh800000ha@J2218UH60U@4hT6000000000t2PD33t?P008000000000,0*6B\n!AIVDM,1,1,,A,13mb9U0P00PRk",
		"8fT5nw>4?wj2006,0*44\n!AIVDM,2,2,3,A,88888888880,2*27\n!AIVDM,1,1,,A,33mkDd1000QbddT`LhTnCiKh0Dfr,0*71\n",
	}
	go func() {
		for _, text := range sessions {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, text)
			_ = c.Close()
		}
	}()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s, err := Opener{Pause: time.Millisecond}.Open(ctx, "tcp://"+l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !s.Live || s.Size != -1 {
		t.Errorf("live %v, size %d", s.Live, s.Size)
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var types []uint8
	sink := funcSink{fix: func(f *navicert.Fix) error {
		if !f.Time.Equal(at) || f.TimeFrom != navicert.TimeArrival {
			t.Errorf("time %v from %q, want arrival", f.Time, f.TimeFrom)
		}
		return nil
	}}
	stats, err := Read(ctx, s, Options{
		Source: s.Name, Arrival: func() time.Time { return at },
		Message: func(m *ais.Message) error {
			types = append(types, m.Body.Head().Type)
			if len(types) == 2 {
				cancel()
			}
			return nil
		},
	}, &sink)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	if !bytes.Equal(types, []byte{1, 3}) {
		t.Errorf("messages of types %v, want 1 and 3", types)
	}
	c := stats.AIS
	if c.Gaps < 1 || c.Dropped(ais.Incomplete) != 1 || c.Dropped(ais.Orphan) != 1 || c.Dropped(ais.NoChecksum) != 1 {
		t.Errorf("%d gaps, %d incomplete, %d orphans, %d without checksum; want 1 of each", c.Gaps, c.Dropped(ais.Incomplete), c.Dropped(ais.Orphan), c.Dropped(ais.NoChecksum))
	}
}

type funcSink struct {
	fix    func(*navicert.Fix) error
	static func(*navicert.Static) error
}

func (s *funcSink) Fix(f *navicert.Fix) error {
	if s.fix == nil {
		return nil
	}
	return s.fix(f)
}

func (s *funcSink) Static(r *navicert.Static) error {
	if s.static == nil {
		return nil
	}
	return s.static(r)
}
