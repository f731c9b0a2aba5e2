package feed

import (
	"bytes"
	"time"
)

// talk tells lines of data from what feeds say to keep a connection alive, and
// from the lines of other instruments.
type talk struct {
	head [16]byte // of the line that is coming
	n    int      // bytes of it so far
}

func (t *talk) atStart() bool { return t.n == 0 }
func (t *talk) reset()        { t.n = 0 }

// add counts the lines that end in b, and those of them that are data.
func (t *talk) add(b []byte) (lines, data int) {
	for len(b) > 0 {
		i := bytes.IndexByte(b, '\n')
		line, rest := b, b[len(b):]
		if i >= 0 {
			line, rest = b[:i], b[i+1:]
		}
		if t.n < len(t.head) {
			copy(t.head[t.n:], line)
		}
		t.n += len(line)
		b = rest
		if i < 0 {
			break
		}
		lines++
		if isData(t.head[:min(t.n, len(t.head))]) {
			data++
		}
		t.n = 0
	}
	return lines, data
}

// isData reports whether a line that begins so is data: not empty, no comment,
// no sentence of another instrument, no report of gpsd's own state.
func isData(head []byte) bool {
	head = bytes.TrimSpace(head)
	if len(head) == 0 || head[0] == '#' || head[0] == '$' {
		return false
	}
	class, ok := bytes.CutPrefix(head, []byte(`{"class":"`))
	return !ok || bytes.HasPrefix(class, []byte("AIS"))
}

// rate counts over the last minute, in twelve parts of it.
type rate struct {
	counts [rateParts]int
	newest int64 // number of the part that is being counted
}

const (
	rateParts = 12
	ratePart  = 5 * time.Second
)

func (r *rate) turn(now time.Time) {
	part := now.UnixNano() / int64(ratePart)
	if part-r.newest >= rateParts {
		r.counts, r.newest = [rateParts]int{}, part
	}
	for r.newest < part {
		r.newest++
		r.counts[r.newest%rateParts] = 0
	}
}

func (r *rate) add(now time.Time, n int) {
	r.turn(now)
	r.counts[r.newest%rateParts] += n
}

// perSecond is the mean since opened, and of the last minute at most.
func (r *rate) perSecond(now, opened time.Time) float64 {
	r.turn(now)
	sum := 0
	for _, n := range r.counts {
		sum += n
	}
	part := time.Duration(now.UnixNano() % int64(ratePart))
	span := min(now.Sub(opened), (rateParts-1)*ratePart+part)
	return float64(sum) / max(span.Seconds(), 1)
}
