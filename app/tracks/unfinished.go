package tracks

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// unfinished is how the files of this computer begin that are not whole: the
// number of the process that writes one follows.
type unfinished string

func temporary() (unfinished, error) {
	host, err := os.Hostname()
	host = strings.Map(func(r rune) rune {
		if r == os.PathSeparator || r == '*' {
			return '_'
		}
		return r
	}, host)
	return unfinished(".new-" + host + "-"), err
}

func (u unfinished) pattern() string { return fmt.Sprintf("%s%d-*", u, os.Getpid()) }

// clear removes from a folder what a process left that has ended before its file
// was whole.
func (u unfinished) clear(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Name(), string(u))
		if !ok || !e.Type().IsRegular() {
			continue
		}
		number, _, _ := strings.Cut(rest, "-")
		if pid, err := strconv.Atoi(number); err != nil || runs(pid) {
			continue
		}
		if err := os.Remove(filepath.Join(folder, e.Name())); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}

// runs reports whether there is a process of a number.
func runs(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer func() { _ = p.Release() }()
	return !errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
