package own

import (
	"encoding/json"
	"strings"
	"testing"

	"navicert"
)

const sample = "\xef\xbb\xbfowner,owner_country,owned,owned_kind,owned_imo,kind,share,from,until,published,source,document_sha256,entered_by,withdrawn\n" +
	"Invented Holding,Panama,SALT HERON,vessel,9074729,owns,100%,2024-01-01,,2024-02-01,Registry extract 7,,J. Doe,\n" +
	"Invented Holding,PA,Beta Ltd,,,owns,>25-50,,,,Filing 1," + "ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef0123456789" + ",,\n"

func TestReadCSV(t *testing.T) {
	fs, rejected, err := ReadCSV(strings.NewReader(sample), "f.csv", "the desk")
	if err != nil || len(fs) != 2 || rejected.Total() != 0 {
		t.Fatalf("%+v %s %v", fs, rejected.String(), err)
	}
	f := fs[0]
	if f.Owner.Country != "PA" || f.Owned.IMO != 9074729 || f.Owned.Kind != "vessel" || f.EnteredBy != "J. Doe" || f.From.String() != "2024-01-01T00:00:00Z" || !f.Settled() {
		t.Errorf("%+v", f)
	}
	if s, ok := fs[1].Share.Get(); !ok || s != (Share{25*One + 1, 50 * One}) || fs[1].EnteredBy != "the desk" || !strings.HasPrefix(fs[1].SHA256, "abcdef") {
		t.Errorf("%+v", fs[1])
	}
	b, err := json.Marshal(fs[1])
	var back Fact
	if err2 := json.Unmarshal(b, &back); err != nil || err2 != nil || back != fs[1] {
		t.Errorf("%s\n%+v\n%+v %v %v", b, back, fs[1], err, err2)
	}
}

func TestRejectedRows(t *testing.T) {
	rows := map[string]string{
		"A,B,eats,,,,S,":                                   "kind",
		"A,B,owns,101,,,S,":                                "share",
		"A,B,owns,50-25,,,S,":                              "share",
		"A,B,owns,1.2345678,,,S,":                          "share",
		"A,B,controls,50,,,S,":                             "a share with a kind that is not ownership",
		",B,owns,50,,,S,":                                  "no owner",
		"A,,owns,50,,,S,":                                  "no owned party",
		"A,B,owns,50,,,,":                                  "no source",
		"A,a.,owns,50,,,S,":                                "a party that owns itself",
		"A,B,owns,50,2025-02-30,,S,":                       "time",
		"A,B,owns,50,2025-02-01,2025,S,":                   "time",
		"A,B,owns,50,2025-02,2025-01,S,":                   "time",
		"A,B,owns,50,2025-02-01,2025-01-01,S,":             "until is not after from",
		"A,B,owns,50,,,S,9074720":                          "IMO number",
		"A,B,owns,50":                                      "number of columns",
		"good,B,owns,50,,,S,":                              "given twice",
		strings.Repeat("x", maxText+1) + ",B,owns,50,,,S,": "text too long or not UTF-8",
	}
	for row, reason := range rows {
		fs, rejected, err := ReadCSV(strings.NewReader("owner,owned,kind,share,from,until,source,owned_imo\ngood,B,owns,50,,,S,\n"+row+"\n"), "f.csv", "")
		if err != nil || len(fs) != 1 || rejected.Count(reason) != 1 || rejected.Total() != 1 {
			t.Errorf("%.60s: %d facts, %s, error %v, want %s", row, len(fs), rejected.String(), err, reason)
			continue
		}
		if ex := rejected.Examples(reason)[0]; !strings.HasPrefix(ex, "f.csv:3") {
			t.Errorf("%.60s: example %q names no line", row, ex)
		}
	}
}

func TestRefusedFiles(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "empty",
		"owner;owned;kind;source\n":        "unknown column",
		"owner,owned,kind\n":               "no column source",
		"owner,owned,kind,source,colour\n": `unknown column "colour"`,
		"owner,owner,owned,kind,source\n":  "there twice",
		"owner,owned,kind,source\n\"a\n":   "quote",
	} {
		_, _, err := ReadCSV(strings.NewReader(text), "f.csv", "")
		if navicert.KindOf(err) != navicert.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}

func TestParseShare(t *testing.T) {
	for s, want := range map[string]string{
		"50": "50 %", " 33.33 % ": "33.33 %", "25-50": "25 to 50 %", ">25-50": "25.000001 to 50 %", ">50": "50.000001 to 100 %",
		">=75": "75 to 100 %", "<25": "0 to 24.999999 %", "<=25%": "0 to 25 %", "0": "0 %", "100": "100 %",
	} {
		if got, known, err := ParseShare(s); err != nil || !known || got.String() != want {
			t.Errorf("%q: %s %v %v, want %s", s, got, known, err, want)
		}
	}
	for _, s := range []string{"", " ", "unknown", "Unknown"} {
		if _, known, err := ParseShare(s); known || err != nil {
			t.Errorf("%q: %v %v", s, known, err)
		}
	}
	for _, s := range []string{"-", "x", "50.", ".5", "-5", "101", ">100", "1e1", "50-", "NaN", "5 0", "100.000001", "99999999999"} {
		if got, known, err := ParseShare(s); err == nil {
			t.Errorf("%q: %s %v", s, got, known)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add(sample)
	f.Add("owner,owned,kind,source,share\nA,B,owns,s,>50\nA,B,owns,s\n")
	f.Fuzz(func(t *testing.T, text string) {
		fs, rejected, err := ReadCSV(strings.NewReader(text), "f.csv", "")
		if err != nil && len(fs) > 0 {
			t.Fatal("facts and an error")
		}
		if err == nil && len(fs)+rejected.Total() > strings.Count(text, "\n")+1 {
			t.Fatal("more facts than lines")
		}
		for i := range fs {
			if err := fs[i].Check(); err != nil {
				t.Fatal(err)
			}
			if s, ok := fs[i].Share.Get(); ok && (s.Least > s.Most || s.Most > Whole) {
				t.Fatal(s)
			}
		}
		_ = NewGraph(fs, today)
	})
}
