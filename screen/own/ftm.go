package own

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"navicert"
	"navicert/list"
)

// Limits on a FollowTheMoney file.
const (
	maxFtMLine    = 4 << 20
	maxFtMParties = 1_000_000
)

// ftmEdges are the schemata of FollowTheMoney that say who owns, controls or
// directs whom, with the properties of the two sides. A director has a say in
// a company, which is not yet control: it counts as management.
var ftmEdges = map[string]struct {
	owner, owned string
	kind         Kind
}{
	"Ownership":    {"owner", "asset", Owns},
	"Control":      {"controller", "controlled", Controls},
	"Directorship": {"director", "organization", Manages},
}

// ftmEntity is one line.
type ftmEntity struct {
	ID         string                       `json:"id"`
	Caption    string                       `json:"caption"`
	Schema     string                       `json:"schema"`
	Datasets   []string                     `json:"datasets"`
	Properties map[string][]json.RawMessage `json:"properties"`
}

// ReadFtM reads the ownership, control and directorship edges of a file of
// FollowTheMoney entities, one JSON object a line; name is the file's, for
// messages, by answers for the facts, and prefix makes identifiers of the
// entities' own: "ftm" gives "ftm/NK-1"; the identifier of a list makes them
// its entries.
//
// An edge whose sides are not in the file, or that does not say who owns whom
// (UnknownLink), is counted with its reason. A percentage in words is kept as a
// note, and the share is unknown.
func ReadFtM(r io.Reader, name, prefix, by string) (facts []Fact, rejected navicert.Tally, err error) {
	parties := map[string]Party{}
	var edges []*ftmEntity
	var lines []int
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 0, 64<<10), maxFtMLine)
	line := 0
	for in.Scan() {
		line++
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		e := &ftmEntity{}
		if err := json.Unmarshal(in.Bytes(), e); err != nil || e.ID == "" || e.Schema == "" {
			if line == 1 {
				return nil, rejected, navicert.Errorf(navicert.Invalid, opImport, name+":1", "it is not a FollowTheMoney entity: no JSON object with id and schema")
			}
			rejected.Add("not an entity", fmt.Sprintf("%s:%d", name, line))
			continue
		}
		switch _, edge := ftmEdges[e.Schema]; {
		case edge:
			edges, lines = append(edges, e), append(lines, line)
		case e.Schema == "UnknownLink":
			rejected.Add("a link that does not say who owns whom", fmt.Sprintf("%s:%d %s", name, line, e.ID))
		default:
			parties[e.ID] = e.party(prefix)
		}
		if len(parties) > maxFtMParties || len(edges) > maxRows {
			return nil, rejected, navicert.Errorf(navicert.Limit, opImport, name, "more than %d parties or %d edges", maxFtMParties, maxRows).
				WithHint("nothing was imported; keep only what concerns you")
		}
	}
	if err := in.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return nil, rejected, navicert.Errorf(navicert.Limit, opImport, fmt.Sprintf("%s:%d", name, line+1), "a line longer than %d MiB", maxFtMLine>>20)
		}
		return nil, rejected, navicert.Errorf(navicert.Unavailable, opImport, name, "%w", err)
	}
	seen := map[string]bool{}
	for i, e := range edges {
		at := fmt.Sprintf("%s:%d %s", name, lines[i], e.ID)
		for _, f := range e.facts(parties, prefix, by, name, at, &rejected) {
			if seen[f.ID()] {
				rejected.Add("given twice", at)
				continue
			}
			seen[f.ID()] = true
			facts = append(facts, f)
		}
	}
	return facts, rejected, nil
}

// texts are the values of a property that are plain.
func (e *ftmEntity) texts(property string) []string {
	var out []string
	for _, raw := range e.Properties[property] {
		var s string
		if json.Unmarshal(raw, &s) == nil && s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (e *ftmEntity) text(property string) string {
	if v := e.texts(property); len(v) > 0 {
		return v[0]
	}
	return ""
}

// party is an entity as a party of facts.
func (e *ftmEntity) party(prefix string) Party {
	p := Party{Name: strings.Join(strings.Fields(e.Caption), " "), ID: prefix + "/" + e.ID}
	if p.Name == "" {
		p.Name = strings.Join(strings.Fields(e.text("name")), " ")
	}
	switch e.Schema {
	case "Vessel":
		p.Kind = list.Vessel
	case "Person":
		p.Kind = list.Person
	case "Airplane":
		p.Kind = list.Aircraft
	case "Company", "Organization", "PublicBody":
		p.Kind = list.Organization
	}
	for _, s := range e.texts("imoNumber") {
		if n, err := navicert.ParseIMO(s); err == nil {
			p.IMO = n
			break
		}
	}
	var countries []navicert.Flag
	for _, property := range []string{"jurisdiction", "country", "nationality", "citizenship"} {
		for _, s := range e.texts(property) {
			if c, err := navicert.ParseFlag(s); err == nil && !slices.Contains(countries, c) {
				countries = append(countries, c)
			}
		}
	}
	if len(countries) == 1 { // one of several would be a guess
		p.Country = countries[0]
	}
	return p
}

// side returns the parties of one side of an edge: identifiers of entities in
// the file, or entities nested in it.
func (e *ftmEntity) side(property, prefix string, parties map[string]Party) (out []Party, missing []string) {
	for _, raw := range e.Properties[property] {
		var id string
		if json.Unmarshal(raw, &id) == nil {
			if p, ok := parties[id]; ok {
				out = append(out, p)
			} else {
				missing = append(missing, id)
			}
			continue
		}
		nested := ftmEntity{}
		if json.Unmarshal(raw, &nested) == nil && nested.ID != "" {
			out = append(out, nested.party(prefix))
		}
	}
	return out, missing
}

// facts makes those of one edge.
func (e *ftmEntity) facts(parties map[string]Party, prefix, by, name, at string, rejected *navicert.Tally) []Fact {
	edge := ftmEdges[e.Schema]
	owners, lost := e.side(edge.owner, prefix, parties)
	owned, lost2 := e.side(edge.owned, prefix, parties)
	for _, id := range append(lost, lost2...) {
		rejected.Add("a side that is not in the file", at+": "+id)
	}
	f := Fact{Kind: edge.kind, EnteredBy: by, Source: name + " " + e.ID}
	if len(e.Datasets) > 0 {
		f.Source = strings.Join(e.Datasets, ", ") + " " + e.ID
	}
	var notes []string
	for _, property := range []string{"role", "ownershipType", "controlType", "status"} {
		if v := e.text(property); v != "" {
			notes = append(notes, property+": "+v)
		}
	}
	if percent := e.text("percentage"); percent != "" && f.Kind == Owns {
		if s, known, err := ParseShare(percent); err == nil && known {
			f.Share = navicert.Some(s)
		} else {
			notes = append(notes, "percentage: "+percent)
		}
	} else if f.Kind == Owns && strings.Contains(strings.ToLower(e.text("role")), "control") {
		f.Kind = OwnsOrControls
	}
	f.Note = strings.ToValidUTF8(strings.Join(notes, "; "), "")
	if len(f.Note) > maxText {
		f.Note = strings.ToValidUTF8(f.Note[:maxText], "")
	}
	var err error
	if f.From, _, err = ftmTime(e.text("startDate")); err == nil {
		_, f.Until, err = ftmTime(e.text("endDate"))
	}
	if err != nil {
		rejected.Add("time", at+": "+err.Error())
		return nil
	}
	var out []Fact
	for _, o := range owners {
		for _, d := range owned {
			g := f
			g.Owner, g.Owned = o, d
			if err := g.Check(); err != nil {
				rejected.Add(cause(err), at)
				continue
			}
			out = append(out, g)
		}
	}
	return out
}

// ftmTime reads a date that may lack its day or month: first is when it
// begins. last, where a thing that ends then has ended, is the day itself, or
// the end of the month or year: what is not told is not cut short.
func ftmTime(s string) (first, last navicert.Instant, err error) {
	if s == "" {
		return first, last, nil
	}
	for _, form := range []struct {
		layout        string
		years, months int
	}{{"2006", 1, 0}, {"2006-01", 0, 1}, {time.DateOnly, 0, 0}} {
		if t, err := time.Parse(form.layout, s); err == nil {
			return navicert.At(t), navicert.At(t.AddDate(form.years, form.months, 0)), nil
		}
	}
	first, err = navicert.ParseInstant(s)
	return first, first, err
}

// ReadFile reads facts in either form: CSV, or FollowTheMoney entities when
// the file begins with a brace.
func ReadFile(r io.Reader, name, prefix, by string) ([]Fact, navicert.Tally, error) {
	br := bufio.NewReaderSize(r, 64<<10)
	for skip := 0; ; skip++ {
		b, err := br.Peek(skip + 1)
		if err != nil || skip > 1000 || !bytes.ContainsAny(b[skip:], " \t\r\n") {
			if err == nil && b[skip] == '{' {
				return ReadFtM(br, name, prefix, by)
			}
			return ReadCSV(br, name, by)
		}
	}
}
