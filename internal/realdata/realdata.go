// Package realdata finds the real data that tests use: lists, AIS recordings
// and fixtures that others made, which are read where they lie and never
// copied into the repository.
//
//	dir := realdata.Dir(t, "lists/ofac-2025-12")
package realdata

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Dir returns the path of a file or folder of the test data. It looks in
// $NAVICERT_TESTDATA, else in ../shared/data beside the repository. When it is
// not there the test is skipped with a message that says so, or fails where CI
// is set, since there nothing may be skipped.
func Dir(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(Root(), filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("test data %s is not there: %v", name, err)
		}
		t.Skipf("test data %s is not there (set NAVICERT_TESTDATA, or put it in ../shared/data)", name)
	}
	return path
}

// Root returns the folder in which the test data is looked for, whether it is
// there or not.
func Root() string {
	if root := os.Getenv("NAVICERT_TESTDATA"); root != "" {
		return root
	}
	_, self, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(self), "..", "..", "..", "shared", "data")
}
