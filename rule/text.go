package rule

import (
	"errors"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// template is a text with ${CEL} parts.
type template struct{ parts []part }

// part is a piece of plain text, or an expression.
type part struct {
	plain string
	expr  *expr
}

// compileText checks a text and its parts. Runs of white space in the text
// become one blank, so that it may be folded in the file; "$${" stands for
// "${".
func compileText(env *cel.Env, text string) (*template, error) {
	if len(text) > maxText {
		return nil, errors.New("the text is longer than " + strconv.Itoa(maxText) + " bytes")
	}
	t := &template{}
	text = oneLine(text)
	for text != "" {
		i := strings.Index(text, "${")
		if i < 0 {
			t.plain(text)
			break
		}
		if i > 0 && text[i-1] == '$' {
			t.plain(text[:i-1] + "${")
			text = text[i+2:]
			continue
		}
		t.plain(text[:i])
		n := closing(text[i+2:])
		if n < 0 {
			return nil, errors.New("${ is not closed by }")
		}
		source := text[i+2 : i+2+n]
		e, err := compile(env, source, "text, a number, true or false, a time or a list of texts", printable)
		if err != nil {
			return nil, errors.New("${" + quoteExpr(source) + "}: " + err.Error())
		}
		t.parts = append(t.parts, part{expr: e})
		text = text[i+2+n+1:]
	}
	return t, nil
}

func (t *template) plain(s string) {
	if s != "" {
		t.parts = append(t.parts, part{plain: s})
	}
}

// closing returns the index of the brace that closes an expression, skipping
// nested braces and strings, or -1.
func closing(s string) int {
	depth := 0
	var quote byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '{':
			depth++
		case c == '}' && depth == 0:
			return i
		case c == '}':
			depth--
		}
	}
	return -1
}

// oneLine folds white space outside ${}: inside strings of an expression it is
// folded too, which is harmless for texts that people read.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func printable(t *cel.Type) bool {
	for _, ok := range []*cel.Type{
		cel.StringType, cel.IntType, cel.UintType, cel.DoubleType, cel.BoolType, cel.TimestampType, cel.ListType(cel.StringType),
	} {
		if t.IsExactType(ok) {
			return true
		}
	}
	return false
}

// render writes the text.
func (t *template) render(a cel.Activation) (string, error) {
	var b strings.Builder
	for _, p := range t.parts {
		if p.expr == nil {
			b.WriteString(p.plain)
			continue
		}
		v, err := p.expr.eval(a)
		if err != nil {
			return "", err
		}
		b.WriteString(display(v))
	}
	return b.String(), nil
}

// display prints a value for a person: numbers with at most two decimals,
// times in UTC, lists with commas. What is unknown prints as such.
func display(v ref.Val) string {
	switch v := v.(type) {
	case types.Double:
		s := strconv.FormatFloat(float64(v), 'f', 2, 64)
		return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	case types.Bool:
		if v {
			return "yes"
		}
		return "no"
	case types.Timestamp:
		if v.IsZero() || v.Unix() == 0 { // CEL reads a zero time.Time as 1970
			return "an unknown time"
		}
		return v.UTC().Format("2006-01-02 15:04 UTC")
	case types.String:
		return string(v)
	case traits.Lister:
		var items []string
		for it := v.Iterator(); it.HasNext() == types.True; {
			items = append(items, display(it.Next()))
		}
		return strings.Join(items, ", ")
	}
	return strings.TrimSpace(toString(v))
}

func toString(v ref.Val) string {
	if s, ok := v.ConvertToType(types.StringType).(types.String); ok {
		return string(s)
	}
	return v.Type().TypeName()
}
