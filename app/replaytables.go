package app

import (
	"cmp"
	"slices"
	"time"

	"navicert"
)

const (
	// tablePeek is how many of the first reports of a table say when it begins.
	tablePeek = 1000
	// tableStray is of how many reports of a table one may have a wrong clock, when it
	// is asked when the table begins and ends.
	tableStray = 200
	// tableOverlap is by how much tables must overlap to be read together: those of
	// days or hours may hold some rows of their neighbours.
	tableOverlap = time.Hour
	// toldOverlaps is of how many inputs it is told one by one that they overlap unread.
	toldOverlaps = 5
	// maxTogether is how many reports of tables are held at once, in some 2 GB.
	maxTogether = 2 * MaxSorted
)

// A table is held whole and put in order of time before its first report can be given
// on. So of several tables, those are read together that overlap in time, as tables
// split by ship do: what ships did with each other would not be seen else, nor who
// else was heard. Tables of one day after the other are read so, and hold the memory
// of one. What begins when, the first reports say; where rows stand in no order they
// may not, which is told.

// tableSpan is when a table is, as far as it has been read.
type tableSpan struct {
	peeked   bool
	from, to time.Time // but for strays
	sorter   *sorter
}

// span is from when to when what a sorter holds is, but for strays.
func (s *sorter) span() (from, to time.Time) {
	s.order()
	within := func(n int, at func(int) time.Time) {
		if n == 0 {
			return
		}
		stray := n / tableStray
		if first := at(stray); from.IsZero() || first.Before(from) {
			from = first
		}
		if last := at(n - 1 - stray); last.After(to) {
			to = last
		}
	}
	within(len(s.fixes), func(i int) time.Time { return time.Unix(s.fixes[i].sec, int64(s.fixes[i].nsec)).UTC() })
	within(len(s.statics), func(i int) time.Time { return s.statics[i].Time })
	return from, to
}

// peek waits, once, when the first reports of a table have been read.
func (m *mergedInput) peek() error {
	t := m.table
	if t == nil || t.peeked {
		return nil
	}
	t.peeked = true
	t.from, _ = t.sorter.span()
	return m.pause()
}

// whole waits when a table has been read to its end.
func (m *mergedInput) whole() error {
	if m.table == nil {
		return nil
	}
	if err := m.peek(); err != nil {
		return err
	}
	m.table.from, m.table.to = m.table.sorter.span()
	err := m.pause()
	m.table = nil // what it holds is let go when it has been given on
	return err
}

func (m *mergedInput) pause() error {
	if !m.yield(m.table.from) {
		return errMergeEnded
	}
	return nil
}

// readGroups reads inputs among which are tables, whose first reports have been read:
// in order of when they begin, those together that overlap. A stream among them is
// read by itself.
func (r *replay) readGroups(open []*mergedInput, bound *time.Time) error {
	all := len(open)
	slices.SortStableFunc(open, func(a, b *mergedInput) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.index, b.index)) })
	for len(open) > 0 {
		group, err := readWhole(open)
		if err != nil {
			return err
		}
		open = open[len(group):]
		*bound = endOfTime
		if first := group[0]; first.table == nil {
			r.overlaps(first.name, first.at)
		} else if len(group) > 1 {
			*bound = time.Time{} // none may go on before the first reports of all are known
			r.summary.Merged = len(group) == all
			r.note("%d tables from %s on overlap in time: they are read together, in memory", len(group), navicert.At(group[0].at))
		}
		var together []*mergedInput
		for _, m := range group {
			var more bool
			if m.at, more = m.resume(); more {
				together = append(together, m)
			} else if m.err != nil {
				return m.err
			}
		}
		if err := r.mergeAll(together, bound); err != nil {
			return err
		}
	}
	return nil
}

// readWhole reads the first of inputs, which stand in order of when they begin, to its
// end if it is a table, and the tables after it that it or one of them overlaps. It
// returns these, the first ones.
func readWhole(open []*mergedInput) (group []*mergedInput, err error) {
	var end time.Time
	held := 0
	for i, m := range open {
		if i > 0 && (m.table == nil || !m.table.from.Before(end.Add(-tableOverlap))) {
			return open[:i], nil
		}
		if m.table == nil {
			return open[:1], nil
		}
		if m.at, _ = m.resume(); m.err != nil {
			return nil, m.err
		}
		if held += m.table.sorter.len(); held > maxTogether {
			return nil, navicert.Errorf(navicert.Limit, "replay", "", "tables that overlap in time hold more than %d reports together", maxTogether).
				WithHint("split them by day, or read them one after the other with --merge off: what ships of different files did together is not seen then")
		}
		if m.table.to.After(end) {
			end = m.table.to
		}
	}
	return open, nil
}

// overlaps tells that a file begins before the end of what was read earlier. Up to a
// checkpoint from which the replay goes on it was told, and the engine is further on.
func (r *replay) overlaps(name string, from time.Time) {
	if !r.begun || r.given < r.skip || r.opts.Merge == MergeOff {
		return
	}
	if from.Before(r.engine.Newest().Add(-tableOverlap)) {
		if r.overlapped++; r.overlapped > toldOverlaps {
			return
		}
		r.note("%s begins at %s, before the end of what was read before it: what its ships did with others' is not seen whole (%s)",
			name, navicert.At(from), cmp.Or(r.apart, "--merge on reads all files together, in memory"))
	}
}
