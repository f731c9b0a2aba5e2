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
	var out []T
	var bad error
	err := j.each(ctx, g, path, func(line int, v T, err error) bool {
		if err != nil {
			bad = navicert.Errorf(navicert.Invalid, j.what, fmt.Sprintf("%s line %d", path, line), "%w", err).WithHint(j.hint)
		}
		out = append(out, v)
		return err == nil
	})
	switch {
	case bad != nil:
		return nil, bad
	case err != nil:
		return nil, err
	}
	return out, nil
}

// each reads the file as it goes, and gives each value, or why its line holds
// none, with its number, until it is told to stop.
func (j jsonLines[T]) each(ctx context.Context, g *globals, path string, yield func(line int, v T, err error) bool) error {
	in, err := feed.Opener{Stdin: g.stdin}.Open(ctx, path)
	if err != nil {
		return err
	}
	defer in.Close()
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 4<<10), j.maxLine)
	held := 0
	for n := 1; s.Scan(); n++ {
		line := strings.TrimSpace(s.Text())
		if line == "" {
			continue
		}
		v, err := decodeLine[T](line)
		if err == nil && j.check != nil {
			v, err = j.check(v)
		}
		if held++; held > j.max {
			return navicert.Errorf(navicert.Limit, j.what, path, "more than %d", j.max)
		}
		if !yield(n, v, err) {
			return nil
		}
	}
	if err := s.Err(); err != nil {
		return navicert.Errorf(navicert.Invalid, j.what, path, "%w", err)
	}
	if held == 0 {
		return navicert.Errorf(navicert.Invalid, j.what, path, "it holds none").WithHint(j.hint)
	}
	return nil
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
