package detect

import "testing"

func TestReceiverKinds(t *testing.T) {
	r := KnownReceivers().With(Receivers{Terrestrial: []string{"exactearth-ground", "pier*"}, Satellite: []string{"a*b*c"}})
	for name, want := range map[string]ReceiverKind{
		"rEV02": Satellite, "REV1": Satellite, "feed.exactEarth.com": Satellite, "exactearth-ground": Terrestrial,
		"Pier 4": Terrestrial, "the pier": 0, "": 0, "dynamic": Dynamic, "terrestrial": Terrestrial, "satellite": Satellite,
		"abc": Satellite, "axxbyyc": Satellite, "axxc": 0, "abcd": 0, "ac": 0,
	} {
		if got := r.Kind(name); got != want {
			t.Errorf("%q is %v, want %v", name, got, want)
		}
	}
}
