package bundle_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/seal"
	"navicert/seal/bundle"
	"navicert/seal/sealtest"
)

func key(t testing.TB) (*seal.Key, *seal.Trust) {
	t.Helper()
	k, err := seal.GenerateKey("")
	if err != nil {
		t.Fatal(err)
	}
	trust, err := seal.NewTrust([]seal.Keys{{Key: k.Public()}})
	if err != nil {
		t.Fatal(err)
	}
	return k, trust
}

func parts() []bundle.Part {
	return []bundle.Part{
		{Name: "README.txt", Data: []byte("read me\n")},
		{Name: "lists/invented.jsonl", Data: []byte(`{"id":"1"}` + "\n")},
		{Name: "empty", Data: nil},
		{Name: bundle.CertificateName, Data: []byte("{}")},
	}
}

func write(t testing.TB, k *seal.Key) []byte {
	t.Helper()
	b, err := bundle.Write("0123", parts(), k)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func open(b []byte, trust *seal.Trust) (map[string][]byte, seal.Report) {
	var r seal.Report
	files := bundle.Open(b, trust, &r)
	return files, r
}

func TestRoundTrip(t *testing.T) {
	k, trust := key(t)
	b := write(t, k)
	if !bytes.Equal(b, write(t, k)) {
		t.Error("two bundles of one certificate differ")
	}
	files, r := open(b, trust)
	if !r.OK || len(files) != len(parts())+1 {
		t.Fatalf("%d files, %+v", len(files), r)
	}
	for _, p := range parts() {
		if !bytes.Equal(files[p.Name], p.Data) {
			t.Errorf("%s is %q", p.Name, files[p.Name])
		}
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(z.File) != len(files) || !strings.HasPrefix(z.Comment, "navicert.bundle.v1\n0123\n") {
		t.Errorf("another zip reader sees %v, %v", z, err)
	}
	_, other := key(t)
	if _, r := open(b, other); r.OK {
		t.Error("another key verifies it")
	}
}

// TestEachByte holds that no byte of a bundle can be changed, removed, added or
// put behind it.
func TestEachByte(t *testing.T) {
	k, trust := key(t)
	b := write(t, k)
	for i := range b {
		for bit := range 8 {
			m := bytes.Clone(b)
			m[i] ^= 1 << bit
			if _, r := open(m, trust); r.OK {
				t.Fatalf("bit %d of byte %d of %d was flipped, and it verifies", bit, i, len(b))
			}
		}
		if _, r := open(append(bytes.Clone(b[:i]), b[i+1:]...), trust); r.OK {
			t.Fatalf("byte %d was removed, and it verifies", i)
		}
		if _, r := open(b[:i], trust); r.OK {
			t.Fatalf("it was cut off at byte %d, and it verifies", i)
		}
		if _, r := open(b[i:], trust); r.OK && i > 0 {
			t.Fatalf("%d bytes were cut off at its beginning, and it verifies", i)
		}
	}
	for _, more := range []string{"\n", "x", "PK\x05\x06", "— x AAAAAAAA\n"} {
		if _, r := open(append(bytes.Clone(b), more...), trust); r.OK {
			t.Errorf("%q was put behind it, and it verifies", more)
		}
		if _, r := open(append([]byte(more), b...), trust); r.OK {
			t.Errorf("%q was put before it, and it verifies", more)
		}
	}
}

// TestSignedByIssuer holds what even a signed archive may not be.
func TestSignedByIssuer(t *testing.T) {
	k, trust := key(t)
	for name, fill := range map[string]func(*zip.Writer) error{
		"compressed": func(w *zip.Writer) error {
			f, err := w.Create("a")
			if err == nil {
				_, err = f.Write(make([]byte, 1<<20))
			}
			return err
		},
		"a path that leads out": func(w *zip.Writer) error {
			_, err := w.CreateHeader(&zip.FileHeader{Name: "../a", Method: zip.Store})
			return err
		},
		"a file that is not listed": func(w *zip.Writer) error {
			_, err := w.CreateHeader(&zip.FileHeader{Name: "a", Method: zip.Store})
			return err
		},
	} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		if err := fill(w); err != nil {
			t.Fatal(err)
		}
		// The length of the comment is known, and what it says is signed.
		note, err := k.Note(seal.BundleEntry("0123", "sha256:"+strings.Repeat("0", 64)))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.SetComment(string(note)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		before := b.Bytes()[:b.Len()-len(note)]
		if note, err = k.Note(seal.BundleEntry("0123", bundle.Digest(before))); err != nil {
			t.Fatal(err)
		}
		if _, r := open(append(before, note...), trust); r.OK || len(r.Checks) != 2 || !r.Checks[0].OK {
			t.Errorf("%s: %+v, want its bytes verified and its manifest not", name, r)
		}
	}
}

func TestBadParts(t *testing.T) {
	k, _ := key(t)
	for _, names := range [][]string{{""}, {"/a"}, {"../a"}, {"a//b"}, {"a\\b"}, {"a", "a"}, {bundle.ManifestName}} {
		var ps []bundle.Part
		for _, n := range names {
			ps = append(ps, bundle.Part{Name: n})
		}
		if _, err := bundle.Write("0123", ps, k); err == nil {
			t.Errorf("%q were taken as names", names)
		}
	}
}

// TestManyFiles: an archive of very many files is refused before its list of
// files is read into memory, whoever made it.
func TestManyFiles(t *testing.T) {
	_, trust := key(t)
	for _, n := range []int{20_000, 70_000} { // the second is more than zip can say without zip64
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for i := range n {
			if _, err := w.CreateRaw(&zip.FileHeader{Name: fmt.Sprint(i), Method: zip.Store}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.SetComment("x"); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		data := b.Bytes()
		allocs := testing.AllocsPerRun(1, func() {
			if p, err := bundle.Peek(data, bundle.KeysName); err == nil || p != nil {
				t.Errorf("a file of an archive of %d was read", n)
			}
		})
		if allocs > 100 {
			t.Errorf("%v allocations to refuse an archive of %d files", allocs, n)
		}
		if files, r := open(data, trust); files != nil || r.OK {
			t.Errorf("an archive of %d files: %+v", n, r)
		}
	}
	k, _ := key(t)
	many := make([]bundle.Part, 10_000)
	for i := range many {
		many[i].Name = fmt.Sprint(i)
	}
	if _, err := bundle.Write("0123", many, k); navicert.KindOf(err) != navicert.Limit {
		t.Errorf("a bundle of more files than are read: %v", err)
	}
	if _, err := bundle.Write("0123", many[:9_999], k); err != nil {
		t.Error(err)
	}
}

// TestPeek: of an archive that is not verified only the file that is asked for is
// read.
func TestPeek(t *testing.T) {
	k, _ := key(t)
	b := write(t, k)
	other := bytes.Index(b, []byte("read me"))
	b[other] ^= 1 // its checksum is wrong now
	if got, err := bundle.Peek(b, "lists/invented.jsonl"); err != nil || string(got) != `{"id":"1"}`+"\n" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := bundle.Peek(b, "README.txt"); err == nil {
		t.Errorf("a file with a wrong checksum is %q", got)
	}
	if got, err := bundle.Peek(b, "nothing"); err != nil || got != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// TestReplacedKey: a key that was replaced signs no bundle of a certificate that
// came into the log later, and of an older one verifying says that it was.
func TestReplacedKey(t *testing.T) {
	from, _ := key(t)
	to, err := seal.GenerateKey(from.Name())
	if err != nil {
		t.Fatal(err)
	}
	rotation, err := seal.Rotate(from, to, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), 5, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	trust, err := seal.NewTrust([]seal.Keys{{Key: to.Public(), Rotations: []string{rotation}}})
	if err != nil {
		t.Fatal(err)
	}
	for certificate, want := range map[string]bool{`{"seal":{"index":4}}`: true, `{"seal":{"index":5}}`: false, `{}`: false, `{`: false} {
		b, err := bundle.Write("0123", []bundle.Part{{Name: bundle.CertificateName, Data: []byte(certificate)}}, from)
		if err != nil {
			t.Fatal(err)
		}
		files, r := open(b, trust)
		if r.OK != want || (files != nil) != want || !strings.Contains(r.Checks[0].Detail, "replaced when the log had 5 entries") {
			t.Errorf("%s by a key that was replaced at 5 entries: %+v", certificate, r)
		}
		if b, err = bundle.Write("0123", []bundle.Part{{Name: bundle.CertificateName, Data: []byte(certificate)}}, to); err != nil {
			t.Fatal(err)
		}
		if _, r := open(b, trust); !r.OK || strings.Contains(r.Checks[0].Detail, "replaced") {
			t.Errorf("%s by the key in use: %+v", certificate, r)
		}
	}
}

func FuzzOpen(f *testing.F) {
	k, trust := sealtest.Key(f)
	good := write(f, k)
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\xff", 18)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, r := open(b, trust); r.OK && !bytes.Equal(b, good) {
			t.Errorf("%d bytes verify that nobody signed", len(b))
		}
		total := 0
		for _, name := range []string{bundle.ManifestName, bundle.KeysName} {
			peeked, _ := bundle.Peek(b, name) // what cannot be read has no bytes
			total += len(peeked)
		}
		if total > 2*len(b) {
			t.Error(fmt.Sprint("two files of ", len(b), " bytes hold ", total))
		}
	})
}
