package ais

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"navicert/internal/realdata"
)

// TestEncodeAny draws messages of every type with any values in their fields,
// encodes them, and reads them back, from the payload and from sentences.
func TestEncodeAny(t *testing.T) {
	for typ := 1; typ <= 27; typ++ {
		t.Run(fmt.Sprint(typ), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				m := anyMessage(t, typ)
				bits, err := Encode(m)
				if err != nil {
					t.Fatal(err)
				}
				back, err := Decode(&bits)
				if err != nil || fieldsOf(back) != fieldsOf(m) {
					t.Fatalf("%v\nread  %s\nwrote %s", err, fieldsOf(back), fieldsOf(m))
				}
				again, err := Encode(back)
				if err != nil || again.String() != bits.String() {
					t.Fatalf("%v, written again %s\nfirst         %s", err, again.String(), bits.String())
				}
				in := Sentences(nil, "AI", 'B', 5, bits)
				got, err := newReader(bytes.NewReader(in), Options{}, 8<<10).Next()
				if err != nil || fieldsOf(got.Body) != fieldsOf(m) || got.Channel != 'B' {
					t.Fatalf("%v, not from sentences: %s", err, in)
				}
			})
		})
	}
}

// TestEncodeGoAIS decodes and encodes the payloads of go-ais's own tests: the
// same bits must come back, of every line of every file.
func TestEncodeGoAIS(t *testing.T) {
	for typ := 1; typ <= 27; typ++ {
		file, err := os.ReadFile(filepath.Join(realdata.Dir(t, "ais/vectors/go-ais-testmsg"), fmt.Sprintf("%d.msg", typ)))
		if err != nil {
			t.Fatal(err)
		}
		same := 0
		sc := bufio.NewScanner(bytes.NewReader(file))
		for sc.Scan() {
			b, err := ParseBits(strings.TrimSpace(sc.Text()))
			if err != nil {
				t.Fatalf("type %d: %v", typ, err)
			}
			body, err := Decode(&b)
			if err != nil {
				t.Errorf("type %d: %v", typ, err)
				continue
			}
			out, err := Encode(body)
			if err != nil || out.String() != b.String() {
				t.Errorf("type %d: %v\ngot  %s\nwant %s", typ, err, out.String(), b.String())
				continue
			}
			same++
		}
		if lines := bytes.Count(file, []byte("\n")); same != lines {
			t.Errorf("type %d: %d of %d lines", typ, same, lines)
		}
	}
}

// TestEncodeRecordings decodes all messages of the recordings and encodes them:
// the same characters must stand in the sentences again. Only the fill bits of
// the last character, which are no part of the message, may differ.
func TestEncodeRecordings(t *testing.T) {
	if testing.Short() {
		t.Skip("much real data on one goroutine: make check has run it")
	}
	messages, filled := 0, 0
	for _, path := range recordings(t) {
		readReal(t, path, Options{}, func(m *Message) {
			messages++
			out, err := Encode(m.Body)
			if err != nil || out.String() != m.Bits.String() {
				t.Errorf("%s: %v: %q\ngot  %s\nwant %s", filepath.Base(path), err, m.Part(0), out.String(), m.Bits.String())
				return
			}
			switch got, want := charsOf(out), rawChars(m); {
			case got == want:
			case len(got) == len(want) && got[:len(got)-1] == want[:len(want)-1]:
				filled++
			default:
				t.Errorf("%s: %q\ngot  %s\nwant %s", filepath.Base(path), m.Part(0), got, want)
			}
		})
	}
	t.Logf("%d messages, %d of them with fill bits that are not zero", messages, filled)
}

// charsOf returns the characters of a payload, rawChars those received.
func charsOf(b Bits) string {
	var all strings.Builder
	for off := 0; off < b.n; off += 6 {
		all.WriteByte(armour(byte(b.Uint(off, 6))))
	}
	return all.String()
}

func rawChars(m *Message) string {
	var all strings.Builder
	for i := range m.Parts() {
		all.WriteString(strings.Split(string(m.Part(i)), ",")[5])
	}
	return all.String()
}
