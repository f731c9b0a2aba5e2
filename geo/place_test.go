package geo

import (
	"testing"

	"navicert"
)

func TestFindPlace(t *testing.T) {
	for _, c := range []struct {
		text, name string
		country    navicert.Flag
		near       navicert.Position
	}{
		{"VEJOT", "Jose Terminal", "VE", pos(10.10, -64.85)},
		{" ve jot ", "Jose Terminal", "VE", pos(10.10, -64.85)},
		{"CNQIN", "Qingdao", "CN", pos(36.03, 120.27)},
		{"VEMAR", "Maracaibo", "VE", pos(10.63, -71.60)}, // the database puts it at Maracay
		{"VEPCZ", "Puerto La Cruz", "VE", pos(10.25, -64.63)},
		{"NGAKP", "Akpo Oil Terminal", "NG", pos(3.13, 6.82)}, // the database puts it in the Indian Ocean
		{"NLRTM", "Rotterdam", "NL", pos(51.92, 4.5)},
		{"10.2,-64.85", "10°12.00'N 064°51.00'W", "", pos(10.2, -64.85)},
	} {
		p, err := FindPlace(c.text)
		if err != nil {
			t.Errorf("FindPlace(%q): %v", c.text, err)
			continue
		}
		at, ok := p.Pos.Get()
		if p.Name != c.name || p.Country != c.country || !ok || DistanceNM(at, c.near) > 1 {
			t.Errorf("FindPlace(%q) = %+v", c.text, p)
		}
	}
	for _, c := range []struct {
		text string
		kind navicert.Kind
		flag navicert.Flag
	}{
		{"VEXXX", navicert.NotFound, "VE"},
		{"QQQQQ", navicert.NotFound, ""},
		{"Josefina", navicert.Invalid, ""},
		{"", navicert.Invalid, ""},
		{"V3JOT", navicert.Invalid, ""},
		{"91,0", navicert.Invalid, ""},
		{"10.2,", navicert.Invalid, ""},
		{"VEJÖT", navicert.Invalid, ""},
	} {
		p, err := FindPlace(c.text)
		if navicert.KindOf(err) != c.kind || p.Country != c.flag || p.Pos.Known() {
			t.Errorf("FindPlace(%q) = %+v, %v", c.text, p, err)
		}
	}
}

func TestOwnPlacesAreSound(t *testing.T) {
	if len(ownPlaces()) != 46 {
		t.Errorf("%d places of our own, want 46", len(ownPlaces()))
	}
	for code, p := range ownPlaces() {
		if !isLocode(code) || p.Name == "" || p.Source == "" || !p.Pos.Known() {
			t.Errorf("%+v", p)
		}
	}
}

func TestPlaceByName(t *testing.T) {
	for text, want := range map[string]string{"Puerto La Cruz": "VEPCZ", "puerto la cruz (guaraguao)": "VEPCZ", "Amuay": "VEAMY"} {
		p, err := FindPlace(text)
		if err != nil || p.Code != want {
			t.Errorf("%s: %+v, %v", text, p, err)
		}
	}
	if p, err := FindPlace("Nowhere At All"); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("%+v, %v", p, err)
	}
	names := map[string][]string{}
	for _, x := range Terminals() {
		names[x.Name] = append(names[x.Name], x.Code)
	}
	for name, codes := range names {
		if len(codes) > 1 && codes[0] != codes[1] {
			if p, err := FindPlace(name); err == nil {
				t.Errorf("%s is %q and was taken for %+v", name, codes, p)
			}
		}
	}
}
