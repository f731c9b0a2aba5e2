package feed

import "sync"

// queue takes whole lines from those that receive them and gives them to one
// reader. It holds up to a fixed number of bytes.
type queue struct {
	mu    sync.Mutex
	moved sync.Cond
	in    []byte // lines put
	out   []byte // the part being read
	spare []byte // out's array, to be in's next
	max   int
	woken bool
	err   error // what Read returns when everything has been read
	lost  int64 // messages that did not fit
}

func newQueue(most int) *queue {
	q := &queue{max: most}
	q.moved.L = &q.mu
	return q
}

// held is how many bytes have not been read.
func (q *queue) held() int { return len(q.in) + len(q.out) }

// offer puts lines, or counts a message as lost when there is no room.
func (q *queue) offer(lines []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err != nil {
		return
	}
	if q.held()+len(lines) > q.max {
		q.lost++
		return
	}
	q.in = append(q.in, lines...)
	q.moved.Broadcast()
}

// put puts lines and waits for room; it reports whether the queue is open.
func (q *queue) put(lines []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.err == nil && q.held() > 0 && q.held()+len(lines) > q.max {
		q.moved.Wait()
	}
	if q.err != nil {
		return false
	}
	q.in = append(q.in, lines...)
	q.moved.Broadcast()
	return true
}

// lose counts messages that were left out.
func (q *queue) lose(n int) {
	q.mu.Lock()
	q.lost += int64(n)
	q.mu.Unlock()
}

func (q *queue) dropped() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.lost
}

// wake makes a Read that waits return errWoken.
func (q *queue) wake() {
	q.mu.Lock()
	q.woken = true
	q.moved.Broadcast()
	q.mu.Unlock()
}

// fail closes the queue: what it holds can still be read, then err comes.
func (q *queue) fail(err error) {
	q.mu.Lock()
	if q.err == nil {
		q.err = err
	}
	q.moved.Broadcast()
	q.mu.Unlock()
}

// Read implements io.Reader.
func (q *queue) Read(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.out) == 0 {
		switch {
		case len(q.in) > 0:
			q.out, q.in, q.spare = q.in, q.spare[:0], q.in
		case q.err != nil:
			return 0, q.err
		case q.woken:
			q.woken = false
			return 0, errWoken
		default:
			q.moved.Wait()
		}
	}
	q.woken = false
	n := copy(p, q.out)
	q.out = q.out[n:]
	q.moved.Broadcast()
	return n, nil
}
