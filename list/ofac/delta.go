package ofac

import "navicert"

// delta refuses a file that holds only what changed.
func (d *document) delta(base string) error {
	return d.fail(navicert.Unsupported, "it holds only what changed since version %s", base).
		WithHint("fetch the whole publication")
}
