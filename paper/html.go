package paper

import (
	"bytes"
	_ "embed"
	"html/template"

	"navicert"
)

//go:embed certificate.html
var htmlText string

// HTML sets a certificate as a page that needs nothing else: no script, font or
// picture is fetched.
func HTML(c navicert.Certificate) ([]byte, error) {
	t, err := template.New("certificate").Parse(htmlText)
	if err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "certificate as HTML", c.ID, "%w", err)
	}
	d := newDocument(c)
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Simulated": d.simulated, "Verdict": d.verdict, "Class": string(c.Verdict), "Subject": d.subject, "Sentence": d.sentence,
		"Facts": d.facts, "Sections": d.sections, "Number": d.number, "Foot": d.foot,
	})
	if err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "certificate as HTML", c.ID, "%w", err)
	}
	return b.Bytes(), nil
}
