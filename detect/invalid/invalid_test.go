package invalid_test

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"navicert"
	"navicert/detect/detecttest"
	"navicert/detect/invalid"
	"navicert/internal/realdata"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", invalid.Kind) }

// TestMIDs holds the table of country digits against another's (npm
// mmsi-country-lookup 1.0.2), and against four that are given wrongly elsewhere.
func TestMIDs(t *testing.T) {
	b, err := os.ReadFile(realdata.Dir(t, "geo/mids.json"))
	if err != nil {
		t.Fatal(err)
	}
	var theirs map[string][]string
	if err := json.Unmarshal(b, &theirs); err != nil {
		t.Fatal(err)
	}
	if len(theirs) < 290 {
		t.Fatalf("%d MIDs in the other table", len(theirs))
	}
	for mid := 200; mid < 800; mid++ {
		ours, _ := navicert.MMSI(mid * 1000000).Flag()
		other := ""
		if row := theirs[strconv.Itoa(mid)]; len(row) > 0 {
			other = row[0]
		}
		if string(ours) != other {
			t.Errorf("MID %d: %q here, %q there", mid, ours, other)
		}
	}
	for mid, want := range map[int]navicert.Flag{620: "KM", 613: "CM", 626: "GA", 572: "TV", 553: "PG", 511: "PW"} {
		if got, _ := navicert.MMSI(mid * 1000000).Flag(); got != want {
			t.Errorf("MID %d is %s, want %s", mid, got, want)
		}
	}
}
