package xmlstream_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"navicert/list/xmlstream"
)

// show writes an element on one line: name{attribute=value}"text"(children).
func show(n xmlstream.Node, attrs ...string) string {
	var b strings.Builder
	b.Write(n.Name())
	for _, a := range attrs {
		if v := n.Attr(a); v != nil {
			fmt.Fprintf(&b, "{%s=%s}", a, v)
		}
	}
	if t := n.Text(); len(t) > 0 {
		fmt.Fprintf(&b, "%q", t)
	}
	for c := range n.Children() {
		fmt.Fprintf(&b, "(%s)", show(c, attrs...))
	}
	return b.String()
}

// readAll returns the root and its children, each whole.
func readAll(src io.Reader, limits xmlstream.Limits) (root string, records []string, err error) {
	r := xmlstream.New(src, limits)
	n, err := r.Root()
	if err != nil {
		return "", nil, err
	}
	root = show(n, "xmlns", "a")
	for {
		_, ok, err := r.Next()
		if err != nil {
			return root, records, err
		}
		if !ok {
			return root, records, r.End()
		}
		e, err := r.Element()
		if err != nil {
			return root, records, err
		}
		records = append(records, show(e, "a", "b"))
	}
}

const whole = "\ufeff<?xml version='1.0' encoding=\"UTF-8\" standalone='yes'?>\n<!-- list --><l xmlns=\"urn:x\" a = 'ü &lt; \"'>\r\n" +
	"<e a='1' b='2>3'/><?do this?><!--no-->\n<e><n>A &amp; B</n> <n/><n> \r\n C&#x44;<!-- -->&#10;<![CDATA[<&]]]]> </n></e>" +
	"<f>x<g a='&#39;'>y</g>z</f ></l>\n<!-- end -->\n"

var wholeWant = []string{
	`e{a=1}{b=2>3}`,
	`e(n"A & B")(n)(n"CD\n<&]]")`,
	`f"xz"(g{a='}"y")`,
}

func TestRead(t *testing.T) {
	for name, src := range map[string]io.Reader{
		"at once": strings.NewReader(whole), "byte by byte": iotest.OneByteReader(strings.NewReader(whole)),
		"with the end": iotest.DataErrReader(strings.NewReader(whole)),
	} {
		root, records, err := readAll(src, xmlstream.Limits{})
		if err != nil || root != `l{xmlns=urn:x}{a=ü < "}` || fmt.Sprint(records) != fmt.Sprint(wholeWant) {
			t.Errorf("%s: %s %q, %v", name, root, records, err)
		}
	}
}

// A reader goes into what is a container, skips, and has each record as it
// stands in the file.
func TestCursor(t *testing.T) {
	const doc = "<l><head><date>1</date></head>\n<!-- c --><skip><a><b/></a></skip><none/><many><e  i='1'>é</e>\n<e i='2'/></many><last/></l>"
	r := xmlstream.New(iotest.OneByteReader(strings.NewReader(doc)), xmlstream.Limits{})
	if _, err := r.Root(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for {
		n, ok, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		got = append(got, string(n.Name()))
		if n.Is("many") || n.Is("none") {
			r.Enter()
			for {
				_, ok, err := r.Next()
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					break
				}
				if _, err := r.Element(); err != nil {
					t.Fatal(err)
				}
				got = append(got, string(r.Raw()))
			}
		}
	}
	want := []string{"head", "skip", "none", "many", "<e  i='1'>é</e>", "<e i='2'/>", "last"}
	if fmt.Sprint(got) != fmt.Sprint(want) || r.End() != nil || r.Line() != 3 {
		t.Errorf("%q on line %d", got, r.Line())
	}
}

func TestNotWellFormed(t *testing.T) {
	for doc, want := range map[string]string{
		"":                             "1: the file ends before its first element",
		" \n":                          "2: the file ends before its first element",
		"<":                            "1: the file ends before its first element",
		"word":                         `1: text "word" stands between elements`,
		"<a>\n<b></a></b>":             "2: </a> ends <b>",
		"</a>":                         "1: </a> ends an element that was not begun",
		"<a></a></b>":                  "1: something follows the end of the root element",
		"<a/><b/>":                     "1: something follows the end of the root element",
		"<a/>x":                        "1: something follows the end of the root element",
		"<a><b>":                       "1: the file ends within <b>",
		"<a><b":                        "1: the file ends within <a>",
		"<a><!-- ":                     "1: the file ends within <a>",
		"<a><b><![CDATA[ </b></a>":     "1: the file ends within <b>",
		"<a><b>x & y</b></a>":          `1: an ampersand begins no reference: "& y"`,
		"<a><b>&nbsp;</b></a>":         "1: &nbsp; stands for no character",
		"<a><b>&#0;</b></a>":           "1: &#0; stands for no character",
		"<a><b>]]></b></a>":            "1: a text holds ]]>",
		"<a><b c='1' c='2'/></a>":      "1: <b> has c twice",
		"<a><b c=1/></a>":              "1: the value of c within <b> is not quoted",
		"<a><b c='<'/></a>":            "1: the value of c within <b> holds <",
		"<a><b c='1'd='2'/></a>":       `1: "d=" within <b> is no attribute`,
		"<a><b c/></a>":                `1: "c/" within <b> is no attribute`,
		"<a><1/></a>":                  "1: < begins no element, and is not written &lt;",
		"<a><b>\xff</b></a>":           "1: the file is not UTF-8: byte 0xFF",
		"<a><b>\x01</b></a>":           "1: the file holds the control character 0x01",
		"\xff\xfe<\x00a\x00":           "1: the file is not UTF-8",
		"<!DOCTYPE a><a/>":             "1: the file declares a document type (DTD), which no list does",
		"<a><!ENTITY x 'y'></a>":       "1: <! begins neither a comment nor a CDATA section",
		"<a><!-- a -- b --></a>":       "1: a comment holds --",
		"<a><?xml version='1.0'?></a>": "1: an XML declaration stands within the file",
		"<?xml version='1.0' encoding='UTF-16'?><a/>": `1: the file says that its encoding is "UTF-16"; only UTF-8 is read`,
	} {
		_, _, err := readAll(strings.NewReader(doc), xmlstream.Limits{})
		var s *xmlstream.SyntaxError
		if !errors.As(err, &s) || fmt.Sprintf("%d: %s", s.Line, s.Text) != want {
			t.Errorf("%q: %v, want %s", doc, err, want)
		}
	}
}

func TestLimits(t *testing.T) {
	deep := strings.Repeat("<a>", 70) + strings.Repeat("</a>", 70)
	large := "<a><b>" + strings.Repeat("x", 1<<20) + "</b></a>"
	for what, doc := range map[string]string{"deep": deep, "large": large, "large tag": "<a><b c='" + large, "large comment": "<a><!--" + large} {
		_, _, err := readAll(strings.NewReader(doc), xmlstream.Limits{Element: 512 << 10})
		var s *xmlstream.SyntaxError
		if !errors.As(err, &s) || !s.Limit {
			t.Errorf("%s: %v", what, err)
		}
	}
	broken := errors.New("broken")
	if _, _, err := readAll(io.MultiReader(strings.NewReader("<a><b>"), iotest.ErrReader(broken)), xmlstream.Limits{}); !errors.Is(err, broken) {
		t.Errorf("%v, want the reader's own error", err)
	}
}

// reference reads with encoding/xml what readAll reads.
func reference(doc []byte) (records []string, err error) {
	type element struct {
		name, attrs string
		text        []byte
		inner       string
	}
	var stack []element
	d := xml.NewDecoder(bytes.NewReader(doc))
	name := func(n xml.Name) string {
		if n.Space != "" {
			return n.Space + ":" + n.Local
		}
		return n.Local
	}
	for {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return nil, err
		}
		switch v := tok.(type) {
		case xml.StartElement:
			e := element{name: name(v.Name)}
			for _, want := range [...]string{"a", "b"} {
				for _, a := range v.Attr {
					if name(a.Name) == want {
						e.attrs += fmt.Sprintf("{%s=%s}", want, strings.NewReplacer("\n", " ", "\t", " ").Replace(a.Value))
					}
				}
			}
			stack = append(stack, e)
		case xml.CharData:
			if len(stack) > 0 {
				stack[len(stack)-1].text = append(stack[len(stack)-1].text, v...)
			}
		case xml.EndElement:
			e := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			s := e.name + e.attrs
			if t := bytes.TrimSpace(e.text); len(t) > 0 {
				s += fmt.Sprintf("%q", t)
			}
			s += e.inner
			switch len(stack) {
			case 0:
			case 1:
				records = append(records, s)
			default:
				stack[len(stack)-1].inner += "(" + s + ")"
			}
		}
	}
}

// FuzzRead holds what is read against encoding/xml: what this package takes,
// that takes too, and reads alike.
func FuzzRead(f *testing.F) {
	f.Add([]byte(whole))
	for _, s := range []string{"<a><b>x&#x10FFFF;</b></a>", "<a>\r\n<b a='\r\n'>\r</b></a>", "<a:b><c:d/></a:b>", "<a><b><![CDATA[]]>x</b></a>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		_, records, err := readAll(iotest.HalfReader(bytes.NewReader(doc)), xmlstream.Limits{})
		if err != nil {
			return
		}
		if bytes.Contains(doc, []byte(":")) || bytes.Contains(doc, []byte("<?")) {
			return // encoding/xml is of other opinions about these
		}
		want, err := reference(bytes.TrimPrefix(doc, []byte("\ufeff")))
		if err != nil {
			t.Fatalf("encoding/xml refuses it: %v", err)
		}
		if fmt.Sprint(want) != fmt.Sprint(records) {
			t.Fatalf("encoding/xml reads %q, this package %q", want, records)
		}
	})
}

func benchmarkDocument() []byte {
	var b bytes.Buffer
	b.WriteString("<l>\n")
	for i := range 20000 {
		fmt.Fprintf(&b, "  <e i=\"%d\" quality=\"false\">\n    <part group=\"%d\" script=\"215\">NAME &amp; %d</part>\n    <n/>\n  </e>\n", i, i, i)
	}
	b.WriteString("</l>\n")
	return b.Bytes()
}

func BenchmarkRead(b *testing.B) {
	doc := benchmarkDocument()
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		r := xmlstream.New(bytes.NewReader(doc), xmlstream.Limits{})
		if _, err := r.Root(); err != nil {
			b.Fatal(err)
		}
		for {
			_, ok, err := r.Next()
			if err != nil {
				b.Fatal(err)
			}
			if !ok {
				break
			}
			if _, err := r.Element(); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkEncodingXML is the standard library at the same work.
func BenchmarkEncodingXML(b *testing.B) {
	doc := benchmarkDocument()
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		d := xml.NewDecoder(bytes.NewReader(doc))
		for {
			if _, err := d.RawToken(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}
