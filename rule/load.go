package rule

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"

	"navicert"
)

// Limits on a pack.
const (
	maxPackBytes  = 512 << 10
	maxFactsBytes = 4 << 20
	maxRules      = 300
	maxLicences   = 1000
	maxCases      = 50 // of one rule
	maxExpression = 2000
	maxText       = 2000
)

const opLoad = "rules load"

var (
	namePattern    = regexp.MustCompile(`^[a-z][a-z0-9-]{0,63}$`)
	figurePattern  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)
	licencePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,79}$`)
	sha256Pattern  = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// Load reads a pack; name is the file's, for messages. Everything that can be
// checked before a rule runs is checked: an error names file, line and column.
// The cases are not run: see [Pack.Test].
func Load(r io.Reader, name string) (*Pack, error) {
	b, err := readAll(opLoad, r, name, maxPackBytes)
	if err != nil {
		return nil, err
	}
	doc, err := parseYAML(opLoad, name, b)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	p := &Pack{sha256: hex.EncodeToString(sum[:]), source: b}
	if err := doc.decode(doc.root, reflect.ValueOf(p).Elem()); err != nil {
		return nil, err
	}
	l := &loader{doc: doc, pack: p}
	if err := l.check(); err != nil {
		return nil, err
	}
	return p, nil
}

// ReadFacts reads a set of facts, in JSON when the file begins with a brace
// and in YAML otherwise.
func ReadFacts(r io.Reader, name string) (*Facts, error) {
	const op = "facts"
	b, err := readAll(op, r, name, maxFactsBytes)
	if err != nil {
		return nil, err
	}
	f := &Facts{}
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("{")) {
		dec := json.NewDecoder(bytes.NewReader(b))
		dec.DisallowUnknownFields()
		if err := dec.Decode(f); err != nil {
			return nil, navicert.Errorf(navicert.Invalid, op, name, "%w", err)
		}
		return f, nil
	}
	doc, err := parseYAML(op, name, b)
	if err != nil {
		return nil, err
	}
	if err := doc.decode(doc.root, reflect.ValueOf(f).Elem()); err != nil {
		return nil, err
	}
	return f, nil
}

func readAll(op string, r io.Reader, name string, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, op, name, "%w", err)
	}
	if int64(len(b)) > limit {
		return nil, navicert.Errorf(navicert.Limit, op, name, "larger than %d KiB", limit>>10)
	}
	return b, nil
}

// loader checks and compiles a decoded pack.
type loader struct {
	doc  *document
	pack *Pack
	envs *envs
}

// fail makes an error at a path in the file.
func (l *loader) fail(path []any, format string, args ...any) *navicert.Error {
	return l.doc.errorAt(l.doc.find(path...), format, args...)
}

func at(path []any, more ...any) []any { return append(slices.Clone(path), more...) }

func (l *loader) check() error {
	p := l.pack
	if !namePattern.MatchString(p.Name) {
		return l.fail(at(nil, "pack"), "a pack needs a name of small letters, digits and hyphens (key pack)")
	}
	if p.Version == "" || p.Title == "" {
		return l.fail(nil, "pack %s needs a version and a title", p.Name)
	}
	if len(p.Rules) == 0 && len(p.Licences) == 0 {
		return l.fail(nil, "pack %s holds neither rules nor licences", p.Name)
	}
	if len(p.Rules) > maxRules || len(p.Licences) > maxLicences {
		e := l.fail(nil, "pack %s holds more than %d rules or %d licences", p.Name, maxRules, maxLicences)
		e.Kind = navicert.Limit
		return e
	}
	for _, name := range sortedKeys(p.Figures) {
		f := p.Figures[name]
		if !figurePattern.MatchString(name) || f.Unit == "" || f.Source == "" {
			return l.fail(at(nil, "figures", name), "figure %s needs a name of small letters, digits and underscores, a unit and a source", name)
		}
		if len(f.Values) > 0 && f.Value != 0 {
			return l.fail(at(nil, "figures", name), "figure %s has a value, or values with their dates, and not both", name)
		}
		for i, v := range f.Values {
			if v.From.IsZero() || i > 0 && !v.From.After(f.Values[i-1].From.Time) {
				return l.fail(at(nil, "figures", name, "values", i), "figure %s: each value needs the time from which it holds (from), the oldest first", name)
			}
		}
	}
	l.envs = newEnvs(p.Figures)
	ids := map[string]bool{}
	for i := range p.Rules {
		r := &p.Rules[i]
		path := at(nil, "rules", i)
		if ids[r.ID] {
			return l.fail(at(path, "id"), "there is another rule %s", r.ID)
		}
		ids[r.ID] = true
		r.recorded = p.Recorded.Time
		if err := l.checkRule(r, path); err != nil {
			return err
		}
	}
	if err := l.checkFigures(); err != nil {
		return err
	}
	return l.checkLicences()
}

func (l *loader) checkRule(r *Rule, path []any) error {
	if !namePattern.MatchString(r.ID) {
		return l.fail(at(path, "id"), "a rule needs an id of small letters, digits and hyphens")
	}
	for _, need := range []struct{ key, value string }{
		{"title", r.Title}, {"basis", r.Basis}, {"when", r.When}, {"text", r.Text}, {"outcome", string(r.Outcome)},
	} {
		if strings.TrimSpace(need.value) == "" {
			return l.fail(path, "rule %s has no %s", r.ID, need.key)
		}
	}
	if len(r.Basis) > maxText || len(r.Source) > maxText || len(r.Title) > maxText {
		return l.fail(path, "rule %s: title, basis and source may have %d bytes each", r.ID, maxText)
	}
	switch r.Outcome {
	case navicert.OutcomeNote, navicert.OutcomeRefer, navicert.OutcomeRefuse:
	default:
		return l.fail(at(path, "outcome"), "rule %s: outcome %q is not note, refer or refuse", r.ID, r.Outcome)
	}
	if (r.Outcome == navicert.OutcomeRefer) != (strings.TrimSpace(r.Settle) != "") {
		return l.fail(at(path, "settle"), "rule %s: a rule that refers says what a person must settle (key settle), and only such a rule does", r.ID)
	}
	if r.Valid.From.IsZero() {
		return l.fail(at(path, "valid"), "rule %s has no date from which it applies (valid: {from: …})", r.ID)
	}
	if !r.Valid.To.IsZero() && !r.Valid.To.After(r.Valid.From.Time) {
		return l.fail(at(path, "valid", "to"), "rule %s ends before it begins", r.ID)
	}
	if err := l.checkWordings(r, path); err != nil {
		return err
	}
	if err := l.compileRule(r, path); err != nil {
		return err
	}
	return l.checkCases(r, path)
}

// checkWordings checks what a rule says since more was known.
func (l *loader) checkWordings(r *Rule, path []any) error {
	before := r.KnownFrom()
	for i, w := range r.Later {
		path := at(path, "later", i)
		switch {
		case !w.Known.After(before):
			return l.fail(path, "rule %s: each later wording needs the time from which it was known (known), after that of the wording before it", r.ID)
		case w == Wording{Known: w.Known}:
			return l.fail(path, "rule %s: a later wording that changes nothing", r.ID)
		case w.Settle != "" && r.Outcome != navicert.OutcomeRefer:
			return l.fail(at(path, "settle"), "rule %s: only a rule that refers says what a person must settle", r.ID)
		case w.Condition != "" && r.LiftedBy == nil:
			return l.fail(at(path, "condition"), "rule %s: nothing lifts this rule", r.ID)
		case len(w.Basis) > maxText || len(w.Source) > maxText || len(w.Title) > maxText:
			return l.fail(path, "rule %s: title, basis and source may have %d bytes each", r.ID, maxText)
		}
		before = w.Known.Time
	}
	return nil
}

// compileRule makes the rule's program.
func (l *loader) compileRule(r *Rule, path []any) error {
	if r.ForEach != "" {
		if _, _, ok := element(r.ForEach); !ok {
			return l.fail(at(path, "for_each"), "rule %s: for_each %q is not one of %s", r.ID, r.ForEach, forEachNames)
		}
	}
	if r.refuses() && r.ForEach == "events" {
		return l.fail(at(path, "for_each"), "rule %s refuses for an event: behaviour can refer, never refuse", r.ID)
	}
	env, err := l.envs.get(r.refuses(), r.ForEach, false)
	if err != nil {
		return l.fail(path, "%w", err)
	}
	c := compiler{l: l, rule: r, env: env}
	r.program = &program{figures: l.pack.Figures, when: c.condition(r.When, at(path, "when"))}
	for i, w := range r.Wordings() {
		path := path
		if i > 0 {
			path = at(path, "later", i-1)
		}
		r.program.wordings = append(r.program.wordings, c.wording(w, path))
	}
	for i, source := range r.Evidence {
		r.program.evidence = append(r.program.evidence, c.evidence(source, at(path, "evidence", i)))
	}
	if r.LiftedBy != nil {
		l.compileLift(&c, path)
	}
	return c.err
}

func (l *loader) compileLift(c *compiler, path []any) {
	r := c.rule
	path = at(path, "lifted_by")
	if r.ForEach == "licences" {
		c.fail(path, errors.New("a rule for each licence cannot be lifted by a licence"))
		return
	}
	if strings.TrimSpace(r.LiftedBy.When) == "" || strings.TrimSpace(r.LiftedBy.Condition) == "" {
		c.fail(path, errors.New("lifted_by needs when and condition"))
		return
	}
	env, err := l.envs.get(r.refuses(), r.ForEach, true)
	if err != nil {
		c.fail(path, err)
		return
	}
	c.env = env
	r.program.lift = c.condition(r.LiftedBy.When, at(path, "when"))
	for i, w := range r.Wordings() {
		path := path
		if i > 0 {
			path = at(path[:2], "later", i-1)
		}
		r.program.wordings[i].condition = c.text(w.Condition, at(path, "condition"))
	}
}

// compiler compiles the parts of one rule and keeps the first error.
type compiler struct {
	l    *loader
	rule *Rule
	env  *cel.Env
	err  error
}

func (c *compiler) fail(path []any, err error) {
	if c.err != nil {
		return
	}
	key := path[2:]
	e := c.l.fail(path, "rule %s: %s: %w", c.rule.ID, pathText(key), err)
	if c.rule.refuses() && strings.Contains(err.Error(), "undeclared reference to 'events'") {
		e.Hint = "a rule that refuses cannot read events: behaviour can refer, never refuse"
	}
	c.err = e
}

func (c *compiler) condition(source string, path []any) *expr {
	e, err := compileCondition(c.env, source)
	if err != nil {
		c.fail(path, err)
	}
	return e
}

func (c *compiler) text(source string, path []any) *template {
	t, err := compileText(c.env, source)
	if err != nil {
		c.fail(path, err)
	}
	return t
}

// wording compiles what a rule says, but for the condition of its lifting.
func (c *compiler) wording(w Wording, path []any) wording {
	out := wording{known: w.Known.Time, basis: oneLine(w.Basis), text: c.text(w.Text, at(path, "text"))}
	if w.Settle != "" {
		out.settle = c.text(w.Settle, at(path, "settle"))
	}
	return out
}

func (c *compiler) evidence(source string, path []any) *expr {
	e, err := compile(c.env, source, "facts: "+forEachNames+", vessel, voyage, cargo, or some of them", isEvidence)
	if err != nil {
		c.fail(path, err)
	}
	return e
}

func (l *loader) checkCases(r *Rule, path []any) error {
	if len(r.Cases) > maxCases {
		return l.fail(at(path, "cases"), "rule %s has more than %d cases", r.ID, maxCases)
	}
	fires, rests, lifts := false, false, false
	names := map[string]bool{}
	for i := range r.Cases {
		c := &r.Cases[i]
		path := at(path, "cases", i)
		if strings.TrimSpace(c.Name) == "" || names[c.Name] {
			return l.fail(path, "rule %s: case %d needs a name of its own", r.ID, i+1)
		}
		names[c.Name] = true
		switch c.Expect {
		case string(r.Outcome):
			fires = true
		case ExpectNone:
			rests = true
		case ExpectLifted:
			if r.LiftedBy == nil {
				return l.fail(at(path, "expect"), "rule %s: nothing lifts this rule", r.ID)
			}
			lifts = true
		default:
			return l.fail(at(path, "expect"), "rule %s: a case expects %s, lifted or none, not %q", r.ID, r.Outcome, c.Expect)
		}
		if c.Says != "" && c.Expect == ExpectNone {
			return l.fail(at(path, "says"), "rule %s: a rule that does not fire says nothing", r.ID)
		}
		if c.Facts.Now.IsZero() {
			c.Facts.Now = r.Valid.From.Time
		}
	}
	if !fires || !rests {
		return l.fail(at(path, "cases"), "rule %s needs at least two cases: one that expects %s and one that expects none", r.ID, r.Outcome)
	}
	if r.LiftedBy != nil && !lifts {
		return l.fail(at(path, "cases"), "rule %s can be lifted and needs a case that expects lifted", r.ID)
	}
	return nil
}

// checkFigures refuses a figure that no rule reads: it would look as if it
// mattered.
func (l *loader) checkFigures() error {
	used := map[string]bool{}
	for i := range l.pack.Rules {
		r := &l.pack.Rules[i]
		for _, e := range r.program.expressions() {
			for _, ref := range e.ast.NativeRep().ReferenceMap() {
				used[ref.Name] = true
				name, _ := strings.CutPrefix(ref.Name, figurePrefix)
				if f := l.pack.Figures[name]; len(f.Values) > 0 && r.Valid.From.Before(f.Values[0].From.Time) {
					return l.fail(at(nil, "rules", i, "valid"), "rule %s applies from %s, and figure.%s has no value before %s", r.ID, r.Valid.From, name, f.Values[0].From)
				}
			}
		}
	}
	for _, name := range sortedKeys(l.pack.Figures) {
		if !used[figurePrefix+name] {
			return l.fail(at(nil, "figures", name), "no rule reads figure.%s", name)
		}
	}
	return nil
}

// expressions returns all expressions of a rule.
func (p *program) expressions() []*expr {
	es := append([]*expr{p.when}, p.evidence...)
	if p.lift != nil {
		es = append(es, p.lift)
	}
	for _, w := range p.wordings {
		for _, t := range []*template{w.text, w.settle, w.condition} {
			if t == nil {
				continue
			}
			for _, part := range t.parts {
				if part.expr != nil {
					es = append(es, part.expr)
				}
			}
		}
	}
	return es
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
