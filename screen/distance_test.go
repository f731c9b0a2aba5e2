package screen

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"perun", "perun", 0},
		{"perun", "perum", 10},
		{"perun", "peru", 10},
		{"perun", "pperun", 10},
		{"perun", "pernu", 10}, // neighbours swapped
		{"perun", "prenu", 20},
		{"tetyana", "tetiana", 3}, // one sound
		{"qasim", "kasim", 3},
		{"moskovsky", "moskovskiy", 10},
		{"abc", "xyz", 30},
		{"", "ab", 20},
	} {
		if got := distance(c.a, c.b, 4); got != c.want {
			t.Errorf("%s, %s: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// plainDistance is the same distance over the whole matrix, by its definition.
func plainDistance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0:
				d[i][j] = j * editCost
				continue
			case j == 0:
				d[i][j] = i * editCost
				continue
			}
			cost := editCost
			if a[i-1] == b[j-1] {
				cost = 0
			} else if sound(a[i-1]) == sound(b[j-1]) {
				cost = soundCost
			}
			d[i][j] = min(d[i-1][j-1]+cost, d[i-1][j]+editCost, d[i][j-1]+editCost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+editCost)
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestDistanceEqualsItsDefinition(t *testing.T) {
	words := rapid.StringMatching(`[aeiouykcqvwsz]{0,9}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, most := words.Draw(t, "a"), words.Draw(t, "b"), rapid.IntRange(0, 4).Draw(t, "most")
		got, want := distance(a, b, most), plainDistance(a, b)
		if want/editCost > most {
			if got/editCost <= most {
				t.Fatalf("got %d, they are %d apart", got, want)
			}
			return
		}
		if got != want || distance(b, a, most) != want {
			t.Fatalf("got %d and %d the other way, want %d", got, distance(b, a, most), want)
		}
	})
}

// The index looks for words by their sound classes: it may only do so because
// that never makes two words further apart.
func TestSoundsAreNeverFurtherApart(t *testing.T) {
	words := rapid.StringMatching(`[a-z]{0,12}`)
	sounds := func(w string) string {
		b := []byte(w)
		for i := range b {
			b[i] = sound(b[i])
		}
		return string(b)
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := words.Draw(t, "a"), words.Draw(t, "b")
		if x, y := plainDistance(sounds(a), sounds(b)), plainDistance(a, b); x > y {
			t.Fatalf("by sound %d apart, by letter %d", x, y)
		}
	})
}

func TestReachCoversAlike(t *testing.T) {
	for n := 1; n <= maxLetters; n++ {
		for m := n; m <= 2*maxLetters; m++ {
			if allowed := m-n <= maxEdits(m); allowed && m-n > reach(n) {
				t.Errorf("words of %d and %d letters can be alike, but %d reaches only %d further", n, m, n, reach(n))
			}
		}
	}
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"ab", "ab", 1},
		{"ab", "ac", 0}, // too short for a slip
		{"ali", "alu", 2. / 3},
		{"fiona", "fiora", 0.8},
		{"hermes", "hormas", 0},
	} {
		if got := alike(c.a, c.b); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s, %s: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
