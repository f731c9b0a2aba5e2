package accuracy

import (
	"path/filepath"
	"testing"

	"navicert"
)

// A folder that is none is told before any month is played.
func TestFolderIsLookedAtFirst(t *testing.T) {
	_, err := Run(t.Context(), Options{
		Dir:      filepath.Join(t.TempDir(), "none"),
		Progress: func(what string) { t.Errorf("measures %s", what) },
	})
	if navicert.KindOf(err) != navicert.NotFound {
		t.Errorf("%v", err)
	}
}
