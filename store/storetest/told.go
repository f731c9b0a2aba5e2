package storetest

import (
	"testing"
	"time"

	"navicert"
)

var toldTests = map[string]func(*testing.T, Store){"told": told}

func told(t *testing.T, s Store) {
	wantTold := func(voyage, want string) {
		t.Helper()
		same(t, "told of "+voyage[:min(len(voyage), 50)], must(s.Told(t.Context(), voyage))(t), want)
	}
	wantTold("v1", "")
	all := map[string]string{"v1": "aa01", "v2": "aa02"}
	for _, h := range hostile {
		all[h] = "c " + h
	}
	for range 2 {
		if err := s.PutTold(t.Context(), at(1), all); err != nil {
			t.Fatal(err)
		}
	}
	for voyage, certificate := range all {
		wantTold(voyage, certificate)
	}
	if err := s.PutTold(t.Context(), at(2), map[string]string{"v2": "aa03"}); err != nil {
		t.Fatal(err)
	}
	wantTold("v1", "aa01")
	wantTold("v2", "aa03")
	for _, bad := range []map[string]string{{"v1": "aa09", "": "aa04"}, {"v1": "aa09", "v3": ""}} {
		wantErr(t, s.PutTold(t.Context(), at(3), bad), navicert.Invalid)
	}
	wantErr(t, s.PutTold(t.Context(), time.Time{}, map[string]string{"v1": "aa09"}), navicert.Invalid)
	wantCanceled(t, s.PutTold(canceled(), at(3), map[string]string{"v1": "aa09"}))
	wantTold("v1", "aa01")
	wantTold("v3", "")
	if err := s.PutTold(t.Context(), at(4), nil); err != nil {
		t.Error(err)
	}
}
