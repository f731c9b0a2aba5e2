package table_test

import (
	"context"
	"encoding/csv"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"navicert"
	"navicert/list"
	"navicert/list/table"
)

func isHeader(keys []string) bool { return len(keys) > 1 && keys[0] == "name" }

// all reads a whole file.
func all(text string, rejected *navicert.Tally) (rows []table.Row, err error) {
	t := table.New(context.Background(), strings.NewReader(text), table.Options{Name: "x.csv", Rejected: rejected})
	if _, err := t.Header(isHeader, nil); err != nil {
		return nil, err
	}
	for {
		r, ok, err := t.Next()
		if err != nil || !ok {
			return rows, err
		}
		rows = append(rows, r)
	}
}

func TestRows(t *testing.T) {
	var rejected navicert.Tally
	rows, err := all("\ufeffReport of,today\r\n\r\nName,IMO no.,,\r\n A ,1,,\r\n\r\n\"B\nC\",\"2\",\r\nD,3", &rejected)
	if err != nil {
		t.Fatal(err)
	}
	want := [][4]string{{"A", "1", " A ,1,,", "4"}, {"B\nC", "2", "\"B\nC\",\"2\",", "6"}, {"D", "3", "D,3", "8"}}
	if len(rows) != len(want) {
		t.Fatalf("%d rows", len(rows))
	}
	for i, w := range want {
		r := rows[i]
		if r.Get("name") != w[0] || r.Get("imo_no") != w[1] || r.Raw != w[2] || r.Get("other") != "" {
			t.Errorf("row %d: %q %q %q, want %q", i, r.Get("name"), r.Get("imo_no"), r.Raw, w)
		}
	}
	if rejected.Total() != 1 { // no line break behind the last row
		t.Errorf("rejected %s", rejected.String())
	}
}

// What a writer of CSV writes comes back, cell by cell, and the raw rows are the
// file's own.
func TestRoundTrip(t *testing.T) {
	cell := rapid.StringMatching(`[a-zA-Zé", \n]{0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 8).Draw(t, "rows")
		var file strings.Builder
		w := csv.NewWriter(&file)
		_ = w.Write([]string{"name", "note"})
		var want [][2]string
		for range n {
			a, b := cell.Draw(t, "a"), cell.Draw(t, "b")
			_ = w.Write([]string{"x" + a, b})
			want = append(want, [2]string{strings.TrimSpace("x" + a), strings.TrimSpace(b)})
		}
		w.Flush()
		rows, err := all(file.String(), &navicert.Tally{})
		if err != nil || len(rows) != n {
			t.Fatalf("%d of %d rows, %v", len(rows), n, err)
		}
		for i, r := range rows {
			if r.Get("name") != want[i][0] || r.Get("note") != want[i][1] || !strings.Contains(file.String(), r.Raw) {
				t.Fatalf("row %d: %q", i, r.Cells())
			}
		}
	})
}

func TestKeptRows(t *testing.T) {
	var one, two, three table.Rows
	one.Add("a,1")
	for _, r := range []string{"a,1", "b\n+ 2"} {
		two.Add(r)
	}
	for _, r := range []string{"a,1", "b\n+ 3"} {
		three.Add(r)
	}
	if one.String() != "a,1" || table.FirstRow(one.String()) != "a,1" || table.FirstRow(two.String()) != "a,1" {
		t.Errorf("%q, %q", one.String(), two.String())
	}
	if two.String() == three.String() {
		t.Error("another row, the same text")
	}
}

// A form gives its rows with the day that stands above them, and a file without
// rows is none.
func TestForm(t *testing.T) {
	form := table.Form{
		Info:   list.Info{List: "own", Files: "own.csv"},
		Search: list.Search{Names: []string{"own.csv"}}, Limit: 1 << 10,
		Is: func(keys []string) bool { return len(keys) == 2 && keys[0] == "id" },
		Above: func(r table.Row) navicert.Date {
			_, day, _ := strings.Cut(r.Raw, " ")
			return navicert.Date(day)
		},
	}
	read := func(text string) (list.Publication, []string, error) {
		var p list.Publication
		var rows []string
		err := form.Read(t.Context(), list.Source{FS: fstest.MapFS{"own.csv": {Data: []byte(text)}}}, &p, func(r table.Row, at string) error {
			rows = append(rows, at+": "+r.Get("id"))
			return nil
		})
		return p, rows, err
	}
	p, rows, err := read("Of 2025-11-03\nid,name\n1,A\n2,B\n")
	if err != nil || p.Date != "2025-11-03" || p.SHA256 == "" || strings.Join(rows, "|") != "own.csv line 3: 1|own.csv line 4: 2" {
		t.Errorf("%+v, %q, %v", p, rows, err)
	}
	if _, _, err := read("Of 2025-11-03\nid,name\n"); navicert.KindOf(err) != navicert.Invalid || !strings.Contains(err.Error(), "it holds no rows") {
		t.Errorf("no rows: %v", err)
	}
}
