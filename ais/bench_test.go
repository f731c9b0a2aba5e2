package ais

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"navicert/internal/realdata"
)

// benchInput returns two million sentences, as the data's README says: the
// first 100,000 lines of bench100k twenty times. Without the real data it
// makes as many of the package's own sample.
func benchInput(b *testing.B) (input []byte, sentences int) {
	b.Helper()
	path := filepath.Join(realdataDir(b), "ais", "bench100k.nmea.gz")
	if _, err := os.Stat(path); err != nil {
		b.Skip("bench100k.nmea.gz is not there")
	}
	all, err := io.ReadAll(openReal(b, path))
	if err != nil {
		b.Fatal(err)
	}
	end := 0
	for range 100000 {
		end += bytes.IndexByte(all[end:], '\n') + 1
	}
	return bytes.Repeat(all[:end], 20), 2000000
}

func realdataDir(b *testing.B) string { return realdata.Dir(b, ".") }

// tagged puts a tag block in front of each sentence: fifty stations, and a
// second more every 200 lines.
func tagged(input []byte) []byte {
	out := make([]byte, 0, len(input)*2)
	for i := 0; len(input) > 0; i++ {
		n := bytes.IndexByte(input, '\n') + 1
		start := len(out) + 1
		out = fmt.Appendf(out, "\\s:ST%d,c:%d", i%50, 1600000000+i/200)
		out = append(appendChecksum(out, out[start:]), '\\')
		out = append(out, input[:n]...)
		input = input[n:]
	}
	return out
}

// BenchmarkReader reads two million sentences held in memory. On one core of a
// small cloud machine other programs made, in million sentences a second with
// and without tag blocks: ais-decoder (C++) 11.0 and 11.6, go-ais c84555b fast
// 2.9 and 3.6, AIS-catcher 2.5 and 3.3 to 5.2 on several threads, go-nmea
// (parsing only) 1.1 and 1.5, libais 0.79 without, gpsdecode 0.35, go-ais
// v0.4.0 0.21, pyais 0.056; splitting lines and XOR alone in Go 20.2.
func BenchmarkReader(b *testing.B) {
	plain, sentences := benchInput(b)
	for name, input := range map[string][]byte{"plain": plain, "tagged": tagged(plain)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(input)))
			b.ReportAllocs()
			for b.Loop() {
				drain(b, input, int64(sentences), nil)
			}
			b.ReportMetric(float64(sentences)*float64(b.N)/b.Elapsed().Seconds(), "sentences/s")
		})
	}
}

// BenchmarkJSON does the same and writes each message as JSON. Others:
// AIS-catcher 1.26 and 1.04 with tags, gpsdecode 0.35.
func BenchmarkJSON(b *testing.B) {
	plain, sentences := benchInput(b)
	input := tagged(plain)
	buf := make([]byte, 0, 4096)
	b.SetBytes(int64(len(input)))
	b.ReportAllocs()
	for b.Loop() {
		drain(b, input, int64(sentences), func(m *Message) { buf = m.AppendJSON(buf[:0]) })
	}
	b.ReportMetric(float64(sentences)*float64(b.N)/b.Elapsed().Seconds(), "sentences/s")
}

func drain(b *testing.B, input []byte, sentences int64, each func(*Message)) {
	r := NewReader(bytes.NewReader(input), Options{})
	for {
		m, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			b.Fatal(err)
		}
		if each != nil {
			each(m)
		}
	}
	if r.Counts().Sentences != sentences {
		b.Fatalf("%d sentences, want %d", r.Counts().Sentences, sentences)
	}
}
