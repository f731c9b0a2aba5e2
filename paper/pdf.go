package paper

import (
	"bytes"
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"

	"navicert"
)

// The page, in millimetres, and sizes of type, in points.
const (
	margin     = 16.0
	footHeight = 18.0
	textSize   = 9.0
	smallSize  = 7.0
	leading    = 1.3 * 25.4 / 72 // of a line, millimetres for each point
)

// PDF sets a certificate as a file of A4 pages, with its number, digest and seal,
// and the number of the page, at the foot of each.
func PDF(c navicert.Certificate) ([]byte, error) {
	p, err := newPDF(c)
	if err != nil {
		return nil, err
	}
	d := newDocument(c)
	p.SetTitle(d.verdict+": "+p.known(d.subject)+", certificate "+d.number, true)
	p.SetFooterFunc(func() { p.foot(d) })
	p.AddPage()
	p.head(d, c.Verdict)
	for _, s := range d.sections {
		p.section(s)
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "certificate as PDF", c.ID, "%w", err)
	}
	return b.Bytes(), nil
}

// newPDF is a file without pages.
func newPDF(c navicert.Certificate) (*pdf, error) {
	glyphs, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "certificate as PDF", c.ID, "%w", err)
	}
	p := &pdf{Fpdf: fpdf.New("P", "mm", "A4", ""), glyphs: glyphs}
	p.SetCatalogSort(true) // the same bytes each time
	p.SetCreationDate(c.IssuedAt.UTC())
	p.SetModificationDate(c.IssuedAt.UTC())
	p.SetProducer("navicert", true)
	p.AddUTF8FontFromBytes("go", "", goregular.TTF)
	p.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	p.SetMargins(margin, margin, margin)
	p.SetAutoPageBreak(true, footHeight+4)
	p.AliasNbPages("{pages}")
	return p, nil
}

type pdf struct {
	*fpdf.Fpdf
	glyphs *sfnt.Font
	buffer sfnt.Buffer
}

// known writes characters that the fonts do not have as their code points.
func (p *pdf) known(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == '\n' || r == '\t' {
			b.WriteByte(' ')
			continue
		}
		if i, err := p.glyphs.GlyphIndex(&p.buffer, r); err != nil || i == 0 {
			fmt.Fprintf(&b, "[U+%04X]", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// text writes a paragraph, indented by so many millimetres.
func (p *pdf) text(style string, size, indent float64, s string) {
	p.SetFont("go", style, size)
	p.SetX(margin + indent)
	width, _ := p.GetPageSize()
	p.MultiCell(width-2*margin-indent, size*leading, p.known(s), "", "L", false)
}

func (p *pdf) head(d document, v navicert.Verdict) {
	p.text("", textSize, 0, "navicert – certificate of search for a voyage")
	if d.simulated {
		p.text("B", textSize, 0, "SIMULATED: this certificate rests on invented data.")
	}
	switch v {
	case navicert.Refuse:
		p.SetTextColor(0x9b, 0x1c, 0x1c)
	case navicert.Refer:
		p.SetTextColor(0x8a, 0x5a, 0x00)
	default:
		p.SetTextColor(0x14, 0x63, 0x2f)
	}
	p.text("B", 26, 0, d.verdict)
	p.SetTextColor(0, 0, 0)
	p.text("B", textSize+2, 0, d.subject)
	p.text("", textSize, 0, d.sentence)
	p.Ln(2)
	const nameWidth = 38
	for _, f := range d.facts {
		y := p.GetY()
		p.text("", textSize, nameWidth, f.Value)
		end, page := p.GetY(), p.PageNo()
		if end > y { // on the same page
			p.SetY(y)
			p.SetTextColor(0x55, 0x55, 0x55)
			p.text("", textSize, 0, f.Name)
			p.SetTextColor(0, 0, 0)
			if p.PageNo() == page {
				p.SetY(max(end, p.GetY()))
			}
		}
	}
}

func (p *pdf) section(s section) {
	_, height := p.GetPageSize()
	if p.GetY() > height-footHeight-25 { // no title alone at the foot
		p.AddPage()
	}
	p.Ln(3)
	p.text("B", textSize+1.5, 0, s.Title)
	width, _ := p.GetPageSize()
	p.Line(margin, p.GetY(), width-margin, p.GetY())
	p.Ln(1)
	for _, it := range s.Items {
		style := "B"
		if len(it.Lines)+len(it.Small) == 0 {
			style = ""
		}
		p.text(style, textSize, 0, it.Text)
		for _, l := range it.Lines {
			p.text("", textSize, 0, l)
		}
		for _, l := range it.Small {
			p.text("", smallSize, 5, l)
		}
		p.Ln(1.2)
	}
}

func (p *pdf) foot(d document) {
	p.SetY(-footHeight)
	width, _ := p.GetPageSize()
	p.Line(margin, p.GetY(), width-margin, p.GetY())
	p.Ln(1)
	p.SetFont("go", "", smallSize)
	half := width - 2*margin
	p.CellFormat(half, smallSize*leading, fmt.Sprintf("page %d of {pages}", p.PageNo()), "", 0, "R", false, 0, "")
	for i, words := range d.foot {
		if d.simulated && i == len(d.foot)-1 {
			words += "   SIMULATED"
		}
		p.SetX(margin)
		p.CellFormat(half, smallSize*leading, p.known(words), "", 1, "L", false, 0, "")
	}
}
