package tracks

import (
	"os"
	"path/filepath"
	"syscall"
)

// unfinished is what the files are named that are not whole. Who writes one holds a
// lock on it, which goes with the process however that ends, and says on every
// computer that has the folder whether the file is still written.
const unfinished = ".navicert-*.unfinished"

// begin makes a file that is not whole yet.
func begin(folder string) (*os.File, error) {
	for {
		f, err := os.CreateTemp(folder, unfinished)
		if err != nil {
			return nil, err
		}
		// Where there are no locks nobody gets one, and nothing is removed.
		_ = lock(f)
		if is(f) {
			return f, nil
		}
		_ = f.Close() // another process has removed it before it was locked
	}
}

// removeLeft removes from a folder what was left by those that have ended before
// their file was whole.
func removeLeft(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		ours, err := filepath.Match(unfinished, e.Name())
		if err != nil || !ours || !e.Type().IsRegular() {
			continue
		}
		if err := removeUnlocked(filepath.Join(folder, e.Name())); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}

// removeUnlocked removes a file that nobody writes.
func removeUnlocked(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if lock(f) != nil || !is(f) {
		return nil
	}
	return os.Remove(name)
}

func lock(f *os.File) error {
	for {
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != syscall.EINTR {
			return err
		}
	}
}

// is reports whether a file still has its name.
func is(f *os.File) bool {
	open, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Lstat(f.Name())
	return err == nil && os.SameFile(open, named)
}
