package own

import (
	"strings"
	"testing"

	"navicert"
)

const ftmSample = `{"id":"p1","schema":"Person","caption":"Invented Person","properties":{"nationality":["pa"]},"datasets":["invented"]}
{"id":"c1","schema":"Company","caption":"Invented Holding","properties":{"jurisdiction":["pa"],"imoNumber":["IMO 2100012"]}}

{"id":"v1","schema":"Vessel","properties":{"name":["PLAIN TERN"],"imoNumber":["IMO2000042"],"flag":["pa"]}}
{"id":"o1","schema":"Ownership","datasets":["a register"],"properties":{"owner":["p1"],"asset":["c1"],"percentage":["60%"],"startDate":["2019"],"endDate":["2025-03"]}}
{"id":"o2","schema":"Ownership","properties":{"owner":["c1"],"asset":["v1"],"percentage":["a majority"]}}
{"id":"o3","schema":"Ownership","properties":{"owner":["c1"],"asset":[{"id":"n1","schema":"Company","caption":"Nested Ltd","properties":{}}],"role":["control"]}}
{"id":"d1","schema":"Directorship","properties":{"director":["p1"],"organization":["c1"],"role":["chair"]}}
{"id":"k1","schema":"Control","properties":{"controller":["p1"],"controlled":["c1"]}}
{"id":"o4","schema":"Ownership","properties":{"owner":["absent"],"asset":["v1"]}}
{"id":"o5","schema":"Ownership","properties":{"owner":["c1"],"asset":["c1"]}}
{"id":"o6","schema":"Ownership","properties":{"owner":["c1"],"asset":["v1"],"startDate":["once"]}}
{"id":"u1","schema":"UnknownLink","properties":{"subject":["p1"],"object":["c1"]}}
not json
`

func TestReadFtM(t *testing.T) {
	if fs, _, err := ReadFile(strings.NewReader("\n "+ftmSample), "x.json", "ftm", ""); err != nil || len(fs) != 5 {
		t.Errorf("a blank line first: %d facts, %v", len(fs), err)
	}
	fs, rejected, err := ReadFile(strings.NewReader(ftmSample), "x.json", "invented", "")
	if err != nil || len(fs) != 5 {
		t.Fatalf("%d facts, %s, %v", len(fs), rejected.String(), err)
	}
	for reason, n := range map[string]int{
		"a side that is not in the file": 1, "a party that owns itself": 1, "time": 1, "a link that does not say who owns whom": 1, "not an entity": 1,
	} {
		if rejected.Count(reason) != n {
			t.Errorf("%s: %d, want %d (%s)", reason, rejected.Count(reason), n, rejected.String())
		}
	}
	if rejected.Total() != 5 {
		t.Errorf("rejected %s", rejected.String())
	}
	f := fs[0]
	if s, _ := f.Share.Get(); s != Exactly(60*One) || f.Owner.ID != "invented/p1" || f.Owner.Country != "PA" || f.Owned.IMO != 2100012 ||
		f.From.String() != "2019-01-01T00:00:00Z" || f.Until.String() != "2025-04-01T00:00:00Z" || f.Source != "a register o1" || f.Settled() {
		t.Errorf("%+v", f)
	}
	if f := fs[1]; f.Share.Known() || f.Note != "percentage: a majority" || f.Owned.Name != "PLAIN TERN" || f.Owned.Kind != "vessel" {
		t.Errorf("%+v", f)
	}
	if f := fs[2]; f.Kind != OwnsOrControls || f.Owned.Name != "Nested Ltd" {
		t.Errorf("%+v", f)
	}
	if fs[3].Kind != Manages || fs[4].Kind != Controls {
		t.Errorf("%s %s", fs[3].Kind, fs[4].Kind)
	}
	if _, _, err := ReadFtM(strings.NewReader("{\"a\":1}\n"), "x", "ftm", ""); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("error %v", err)
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add(ftmSample)
	f.Add(sample)
	f.Fuzz(func(t *testing.T, text string) {
		fs, _, err := ReadFile(strings.NewReader(text), "x", "ftm", "")
		if err != nil {
			return
		}
		for i := range fs {
			if err := fs[i].Check(); err != nil {
				t.Fatal(err)
			}
		}
		g := NewGraph(fs, today)
		if len(fs) > 0 {
			if _, err := g.Check(fs[0].Owned, Rules(today), func(Party) ([]Listing, error) { return nil, nil }); err != nil {
				t.Fatal(err)
			}
		}
	})
}
