package store_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/store"
)

func batchOf(i int) *store.Batch {
	at := time.Date(2026, 1, 1, i, 0, 0, 0, time.UTC)
	ref := navicert.Ref{Source: "log"}
	return &store.Batch{
		Fixes:   []navicert.Fix{{MMSI: 201999901, Time: at, Ref: ref}},
		Statics: []navicert.Static{{MMSI: 201999901, Time: at, Name: "EXAMPLE STAR", Ref: ref}},
		Events: []navicert.Event{{
			ID: fmt.Sprint("event-", i), Kind: "gap", MMSI: 201999901, Start: navicert.At(at), State: navicert.EventOpen,
		}},
		RecordedAt: at,
		Run:        "run",
	}
}

// TestBatch: a batch is written whole, with the position that belongs to it, or
// not at all; an end is there while nothing else has been stored.
func TestBatch(t *testing.T) {
	ctx := t.Context()
	db, err := store.Open(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	write := func(b *store.Batch, want store.Added) {
		t.Helper()
		if added, err := db.AppendBatch(ctx, b); err != nil || added != want {
			t.Errorf("added %+v, %v; want %+v", added, err, want)
		}
	}
	position := func(input string, want []byte) {
		t.Helper()
		if got, err := db.Checkpoint(ctx, input); err != nil || !bytes.Equal(got, want) {
			t.Errorf("the position of %q is %q, %v; want %q", input, got, err, want)
		}
	}
	end := func(how string, at time.Time, want []byte) {
		t.Helper()
		if got, err := db.End(ctx, how, at); err != nil || !bytes.Equal(got, want) {
			t.Errorf("the end of %q is %q, %v; want %q", how, got, err, want)
		}
	}
	all := store.Added{Fixes: 1, Statics: 1, Events: 1}
	b := batchOf(1)
	b.Input, b.Position = "in", []byte("after one")
	write(b, all)
	position("in", []byte("after one"))
	position("other", nil)

	b = batchOf(2)
	b.Input, b.Position = "in", []byte("after two")
	b.Events[0].Kind, b.Events[0].ID = "gap", "" // refused, and nothing of it is there
	if added, err := db.AppendBatch(ctx, b); navicert.KindOf(err) != navicert.Invalid || added != (store.Added{}) {
		t.Errorf("added %+v, %v", added, err)
	}
	position("in", []byte("after one"))
	if _, _, n, err := db.Span(ctx, 201999901, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil || n != 1 {
		t.Errorf("%d fixes, %v", n, err)
	}

	b = batchOf(3)
	ended := b.RecordedAt.Add(time.Hour)
	b.Input, b.Ended, b.End = "in", true, store.End{How: "how", At: ended, State: []byte("end")}
	write(b, all)
	position("in", nil)
	end("how", ended, []byte("end"))
	end("how", ended.Add(-time.Millisecond), nil)
	end("otherwise", ended, nil)
	write(batchOf(3), store.Added{}) // the same again is nothing new
	end("how", ended, []byte("end"))
	write(batchOf(4), all)
	end("how", ended, nil)

	if none, err := db.NothingAfter(ctx, batchOf(4).RecordedAt); err != nil || !none {
		t.Errorf("nothing is newer: %v, %v", none, err)
	}
	if none, err := db.NothingAfter(ctx, batchOf(3).RecordedAt); err != nil || none {
		t.Errorf("there is something newer: %v, %v", none, err)
	}
	if es, err := db.Events(ctx, detect.Filter{}); err != nil || len(es) != 3 {
		t.Errorf("%d events, %v", len(es), err)
	}
	for i := range 20 { // of so many only the newest stay
		write(&store.Batch{Input: fmt.Sprint("in ", i), Position: []byte{byte(i)}, RecordedAt: ended.Add(time.Duration(i) * time.Second)}, store.Added{})
	}
	position("in 11", nil)
	position("in 12", []byte{12})
	position("in 19", []byte{19})
}

// TestEndHasSeenAll: the state in which a replay ended is kept only when nothing
// was added since it began but by itself, however often it was cut short.
func TestEndHasSeenAll(t *testing.T) {
	ctx := t.Context()
	at := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		runs string // each writes one batch, "a" the last, with its end
		want bool
	}{
		{"alone", "aaa", true},
		{"once", "a", true},
		{"another before", "bba", false}, // a began before
		{"another between", "aba", false},
		{"another between, twice", "abaa", false},
		{"another that adds nothing", "aBa", true},
		{"others after each other", "abca", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, err := store.Open(ctx, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			follows := map[rune]int64{}
			n, err := db.Additions(ctx)
			if err != nil {
				t.Fatal(err)
			}
			follows['a'] = n
			for i, run := range c.runs {
				b := batchOf(i)
				if run == 'B' {
					b.Fixes, b.Statics, b.Events, b.Input = nil, nil, nil, "in"
				}
				if _, ok := follows[run]; !ok {
					if follows[run], err = db.Additions(ctx); err != nil {
						t.Fatal(err)
					}
				}
				b.Run, b.Follows = string(run), follows[run]
				if i == len(c.runs)-1 {
					b.End = store.End{How: "how", At: at, State: []byte("end")}
				}
				if _, err := db.AppendBatch(ctx, b); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := db.End(ctx, "how", at); err != nil || (got != nil) != c.want {
				t.Errorf("the end is %q, %v; want one: %v", got, err, c.want)
			}
		})
	}
}
