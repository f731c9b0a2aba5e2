package accuracy

import (
	"navicert"
	"navicert/detect/gfwevents"
)

// fixtures compares with the cases that others test themselves with. A set that
// is not there is not measured; one that cannot be read is an error.
func (r *Report) fixtures(o Options) error {
	for _, source := range gfwevents.Sources() {
		o.Progress(source.Name)
		set, err := source.In(o.Dir)
		switch {
		case navicert.KindOf(err) == navicert.NotFound:
			r.Absent = append(r.Absent, source.Name+": nothing at "+source.Path)
		case err != nil:
			return err
		default:
			r.Fixtures = append(r.Fixtures, set)
		}
	}
	return nil
}
