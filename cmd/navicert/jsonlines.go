package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"navicert"
	"navicert/feed"
)

// jsonLines says how a file of JSON lines is read.
type jsonLines[T any] struct {
	what    string             // what the lines are, for errors: "voyages"
	hint    string             // what to do about a bad line
	max     int                // the most lines there may be
	maxLine int                // the most bytes a line may have
	check   func(T) (T, error) // makes a value normal or refuses it; nil takes all
}

// read reads the whole file strictly (- is standard input, .gz and .zst are
// unpacked): an unknown field, a second object on a line or a value that the
// check refuses is an error that names the line, and nothing is returned.
func (j jsonLines[T]) read(ctx context.Context, g *globals, path string) ([]T, error) {
	in, err := feed.Opener{Stdin: g.stdin}.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var out []T
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 4<<10), j.maxLine)
	for n := 1; s.Scan(); n++ {
		line := strings.TrimSpace(s.Text())
		if line == "" {
			continue
		}
		v, err := decodeLine[T](line)
		if err == nil && j.check != nil {
			v, err = j.check(v)
		}
		if err != nil {
			return nil, navicert.Errorf(navicert.Invalid, j.what, fmt.Sprintf("%s line %d", path, n), "%w", err).WithHint(j.hint)
		}
		if out = append(out, v); len(out) > j.max {
			return nil, navicert.Errorf(navicert.Limit, j.what, path, "more than %d", j.max)
		}
	}
	if err := s.Err(); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, j.what, path, "%w", err)
	}
	if len(out) == 0 {
		return nil, navicert.Errorf(navicert.Invalid, j.what, path, "it holds none").WithHint(j.hint)
	}
	return out, nil
}

func decodeLine[T any](line string) (T, error) {
	d := json.NewDecoder(strings.NewReader(line))
	d.DisallowUnknownFields()
	var v T
	err := d.Decode(&v)
	if err == nil && d.More() {
		err = errors.New("more than one object on a line")
	}
	return v, err
}
