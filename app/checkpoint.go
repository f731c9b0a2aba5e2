package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"navicert"
	"navicert/geo"
	"navicert/store"
	"navicert/track/state"
)

// checkpoint is where a replay of files stands, kept in the data directory with
// the batch of which it is the end: the whole state of the engine, and how many
// records of the input it has taken. To go on, the files are read from their
// beginning and so many records are passed over; that is exact, as the same files
// give the same records.
//
// It is of one set of inputs: the files by name, size, time of change and
// beginning, how they are read, the zones and the program. Anything else in any
// of them, and the replay begins anew. When it comes to its end the checkpoint
// goes.
type checkpoint struct {
	input string // hash of the set; empty: none is kept
	how   string // hash of how it is read
	clock func() time.Time
	at    time.Time     // when one was taken last
	cost  time.Duration // of the last
}

// checkpointShare is how much of the time may go into checkpoints: one in so
// many parts.
const checkpointShare = 20

// due reports whether a checkpoint is to be taken.
func (c *checkpoint) due() bool {
	return c.input != "" && c.clock().Sub(c.at) >= checkpointShare*c.cost
}

// writingShare is how many times as long as saving the state takes, about, it
// takes to have it packed and written too.
const writingShare = 3

// headBytes is how much of a file's beginning is looked at to know it again.
const headBytes = 64 << 10

// inputFile is what a file is known by.
type inputFile struct {
	Name    string
	Size    int64
	Changed time.Time
	Head    string
}

// how is what decides, beside the records, what a replay gives.
type how struct {
	Version  string
	Gap      time.Duration
	Lateness time.Duration
	Zones    string
	Ports    string
	Config   string
}

// inputSet is what decides which records are given, in which order.
type inputSet struct {
	How       string
	Files     []inputFile
	Format    string
	Sort      SortMode
	Merge     MergeMode
	From, To  time.Time
	Simulated bool

	StreamClock bool
}

// hashOf is the hash of a value's JSON.
func hashOf(v any) (string, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return "", navicert.Errorf(navicert.Invalid, "replay", "", "%w", err)
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), nil
}

func (a *App) howKey(opts *ReplayOptions, where places) (string, error) {
	h := sha256.New()
	if err := geo.WriteZones(h, where.zones); err != nil {
		return "", err
	}
	ports, err := hashOf(where.ports)
	if err != nil {
		return "", err
	}
	config, err := hashOf(a.cfg.Receivers)
	if err != nil {
		return "", err
	}
	return hashOf(how{build(), time.Duration(opts.Gap), opts.Lateness, hex.EncodeToString(h.Sum(nil)), ports, config})
}

// inputKey returns the hash of the set of inputs, or nothing when one of them is
// not a file that can be read again.
func inputKey(how string, opts *ReplayOptions, inputs []ReplayInput) (string, error) {
	set := inputSet{
		How: how, Format: opts.Format, Sort: opts.Sort, Merge: opts.Merge,
		From: opts.From, To: opts.To, Simulated: opts.Simulated, StreamClock: opts.StreamClock,
	}
	if opts.Feed.Follow || len(inputs) == 0 {
		return "", nil
	}
	for _, in := range inputs {
		if in.Reader != nil || passes(in.Path) {
			return "", nil
		}
		f, err := lookAt(in.Path)
		if err != nil || f == nil {
			return "", err
		}
		set.Files = append(set.Files, *f)
	}
	return hashOf(set)
}

// build names the program, by the revision that it was built from where that is
// known.
func build() string {
	name := Version
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if strings.HasPrefix(s.Key, "vcs.") {
				name += " " + s.Value
			}
		}
	}
	return name
}

// lookAt looks at a file; nil is one that cannot be read again, and one that
// cannot be opened, which the reading will say.
func lookAt(path string) (*inputFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, nil
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.LimitReader(f, headBytes)); err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, "feed", path, "%w", err)
	}
	return &inputFile{filepath.Base(path), info.Size(), info.ModTime().UTC(), hex.EncodeToString(h.Sum(nil))}, nil
}

// resume makes a replay: one that goes on from its checkpoint, or a new one when
// there is none, when it is of another version, or when it is not wanted.
func (a *App) resume(ctx context.Context, opts ReplayOptions, where places, heard *coverage, inputs []ReplayInput) (*replay, error) {
	fresh := newReplay(ctx, a, opts, where, heard)
	fresh.checkpoint.clock = a.cfg.Clock
	if opts.NoStore {
		fresh.begun = true
		return fresh, nil
	}
	how, err := a.howKey(&opts, where)
	if err != nil {
		return nil, err
	}
	key, err := inputKey(how, &opts, inputs)
	if err != nil {
		return nil, err
	}
	fresh.checkpoint.how, fresh.checkpoint.input = how, key
	if key == "" || opts.FromStart {
		return fresh, nil
	}
	saved, err := a.db.Checkpoint(ctx, key)
	if damaged(err) {
		fresh.note("the checkpoint of a replay of the same files is damaged, and is not used (%v): it begins anew", err)
		return fresh, nil
	}
	if err != nil || saved == nil {
		return fresh, err
	}
	r := newReplay(ctx, a, opts, where, heard)
	r.checkpoint = fresh.checkpoint
	again, err := r.load(saved)
	if damaged(err) { // or another version's: beginning anew gives the same
		return fresh, nil
	}
	if err != nil {
		return nil, err
	}
	r.summary.Resumed = r.skip
	if opts.Resumed != nil {
		opts.Resumed(r.skip)
	}
	for _, ev := range again {
		if err := r.tell(ev); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// ended keeps, for the last batch, the state that another replay can continue
// from: when it has seen all that is held. That is input newer than every fix kept:
// a few may lie ahead of the stream's time, and older ones of their ships would be
// out of order. Those of the future have wrong clocks, and hold up nothing.
func (r *replay) ended() error {
	at := r.engine.Newest()
	if kept := r.engine.NewestKept(); kept.After(at) && !kept.After(r.app.now()) {
		at = kept
	}
	if !r.complete || at.IsZero() {
		return nil
	}
	c := state.Saving()
	r.engine.State(c)
	b, err := c.Bytes()
	r.end = store.End{How: r.checkpoint.how, At: at, State: b}
	return err
}

// position is where the replay stands: what the batch at hand will hold is not
// in it, but for its events, which will be held and may not have been told.
func (r *replay) position(held []navicert.Static) ([]byte, error) {
	began := r.checkpoint.clock()
	c := state.Saving()
	told := r.batch.events
	r.state(c, &held, &told)
	r.checkpoint.at = r.checkpoint.clock()
	r.checkpoint.cost = writingShare * r.checkpoint.at.Sub(began)
	return c.Bytes()
}

// note tells the user something.
func (r *replay) note(format string, args ...any) {
	if r.opts.Note != nil {
		r.opts.Note(fmt.Sprintf(format, args...))
	}
}

// load takes the replay to a position, and returns the events that may not have
// been told.
func (r *replay) load(saved []byte) (again []navicert.Event, err error) {
	c := state.Loading(saved)
	var held []navicert.Static
	r.state(c, &held, &again)
	if err := c.Close(); err != nil {
		return nil, err
	}
	r.skip = r.given
	r.given = 0
	for i := range held {
		r.batch.addStatic(&held[i])
	}
	return again, nil
}

func (r *replay) state(c *state.Coder, held *[]navicert.Static, told *[]navicert.Event) {
	c.Mark("replay 2")
	c.String(&r.id)
	state.Int(c, &r.follows)
	state.Int(c, &r.given)
	c.Bool(&r.begun)
	c.Bool(&r.complete)
	state.Slice(c, held, (*state.Coder).Static)
	state.Slice(c, told, (*state.Coder).Event)
	state.Map(c, &r.summary.Events, cmp.Compare[string], (*state.Coder).String, state.Int[int])
	state.Map(c, &r.open, cmp.Compare[string], (*state.Coder).String, func(*state.Coder, *struct{}) {})
	r.engine.State(c)
}
