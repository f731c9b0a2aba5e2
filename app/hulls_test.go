package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"testing/fstest"

	"navicert"
	"navicert/internal/realdata"
	"navicert/list"
	"navicert/list/ofac"
	"navicert/serve"
)

// spellings are how people, feeds and other programs write an IMO number, as
// JSON values.
var spellings = []string{`%d`, `"%d"`, `"IMO %d"`, `"IMO%d"`, `"imo: %d"`, `"IMO  %d "`}

// TestEveryHullOverHTTP asks the server for each of the 1,410 ships of the SDN
// list with a valid number in every spelling, in its own shape and in yente's.
func TestEveryHullOverHTTP(t *testing.T) {
	if testing.Short() {
		t.Skip("long: not with -short")
	}
	dir := realdata.Dir(t, "lists/ofac-2025-12")
	a := onDay(t, t.TempDir(), "2025-12-26")
	if _, err := a.ImportLists(context.Background(), dir, ImportOptions{Published: "2025-12-24"}); err != nil {
		t.Fatal(err)
	}
	_, entries, err := ofac.SDN().Read(context.Background(), list.Source{FS: os.DirFS(dir), Name: dir, Options: list.Options{Published: "2025-12-24"}})
	if err != nil {
		t.Fatal(err)
	}
	h, err := serve.New(a.Backend(), fstest.MapFS{"index.html": {}}, serve.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	defer s.Close()
	var ships []list.Entry
	for _, e := range entries {
		if e.IMO != 0 {
			ships = append(ships, e)
		}
	}
	if len(ships) != 1410 {
		t.Fatalf("%d ships with a number, want 1410", len(ships))
	}
	post := func(path, body string, into any) {
		t.Helper()
		resp, err := http.Post(s.URL+path, "application/json", bytes.NewReader([]byte(body)))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatal(resp.Status, err)
		}
	}
	for _, spelling := range spellings {
		var own, foreign bytes.Buffer
		for i, e := range ships {
			imo := fmt.Sprintf(spelling, uint32(e.IMO))
			fmt.Fprintf(&own, `,{"id":%q,"imo":%s}`, e.ID, imo)
			fmt.Fprintf(&foreign, `,"%d":{"schema":"Vessel","properties":{"imoNumber":[%s]}}`, i, imo)
		}
		var answers []struct {
			ID   string `json:"id"`
			Hits []struct {
				Entry    string       `json:"entry"`
				IMO      navicert.IMO `json:"imo"`
				Match    bool         `json:"match"`
				Identity bool         `json:"identity"`
			} `json:"hits"`
		}
		post("/api/v1/screen", "["+own.String()[1:]+"]", &answers)
		var matched struct {
			Responses map[string]struct {
				Results []struct {
					ID    string  `json:"id"`
					Match bool    `json:"match"`
					Score float64 `json:"score"`
				} `json:"results"`
			} `json:"responses"`
		}
		post("/match/default", `{"queries":{`+foreign.String()[1:]+`}}`, &matched)
		found, foundToo := 0, 0
		for i, e := range ships {
			for _, h := range answers[i].Hits {
				if h.Entry == e.ID && h.Match && h.Identity && h.IMO == e.IMO {
					found++
				}
			}
			for _, r := range matched.Responses[fmt.Sprint(i)].Results {
				if r.ID == "ofac-sdn-"+e.ID && r.Match && r.Score == 1 {
					foundToo++
				}
			}
		}
		if found != len(ships) || foundToo != len(ships) {
			t.Errorf("as %s: %d of %d found, over /match %d", spelling, found, len(ships), foundToo)
		}
	}
}
