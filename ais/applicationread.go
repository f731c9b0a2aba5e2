package ais

import "fmt"

// application fills in the fields of an application.
func (r *jsonReader) application(app *Application) {
	var windows []any
	if v, there := r.object["tidals"]; there {
		r.used["tidals"] = true
		windows, _ = v.([]any)
		if n := len(windows); n < 1 || n > 3 {
			r.fail("tidals holds %d windows, not 1 to 3", n)
			return
		}
	}
	if last := &app.fields[len(app.fields)-1]; last.part > 0 {
		const head, each = 2, 8
		if windows == nil {
			r.fail("tidals is missing")
			return
		}
		*app = blankApplication(app.fields[:head+each*len(windows)], 0)
	}
	for i := range app.fields {
		f := &app.fields[i]
		name, object := f.name, r.object
		if f.part > 0 {
			var is bool
			if object, is = windows[f.part-1].(map[string]any); !is {
				r.fail("tidals holds what is no object")
				return
			}
			name = fmt.Sprintf("tidals/%d/%s", f.part, f.name)
		} else {
			r.used[f.name] = true
		}
		v := object[f.name]
		if v == nil {
			continue
		}
		if err := r.applicationField(app, f, name, v); err != nil {
			r.fail("%s: %w", name, err)
		}
	}
}

func (r *jsonReader) applicationField(app *Application, f *appField, name string, v any) error {
	s, isString := v.(string)
	switch f.kind {
	case appText, appRest:
		if !isString {
			return fmt.Errorf("%v is no string", v)
		}
		return app.setText(name, s)
	case appMonths, appDays:
		n, err := parseAppTime(s, f.kind == appMonths)
		if err != nil {
			return err
		}
		return app.set(name, n)
	}
	if n, is := gpsdWord(f.name, s); is {
		return app.set(name, n)
	}
	if isString && s == "N/A" {
		return nil
	}
	n, err := f.parse(v, r.scaled)
	if err != nil {
		return err
	}
	return app.set(name, n)
}

// parse reads a number by its scale.
func (f *appField) parse(v any, scaled bool) (int64, error) {
	switch {
	case f.kind == appBool:
		return (&field{width: 1, form: truth}).parse(v, scaled)
	case !scaled:
		return decimal(v, 1)
	case f.kind == appLon || f.kind == appLat:
		return decimal(v, 60000)
	case f.kind == appFineLon || f.kind == appFineLat:
		return decimal(v, 600000)
	}
	n, err := decimal(v, max(1, f.unit))
	return n - f.add, err
}

// gpsdWord returns the code that gpsd writes as a word in its scaled form. For
// the two trends its words are those of the neighbouring codes (docs/ais.md);
// what counts here is the code that it had read.
func gpsdWord(name, word string) (code int64, is bool) {
	if name != "pressuretend" && name != "leveltrend" {
		return 0, false
	}
	for i, w := range []string{"steady", "increasing", "decreasing", "N/A"} {
		if w == word {
			return int64(i), true
		}
	}
	return 0, false
}

// parseAppTime reads "MM-DDTHH:MMZ" or "DDTHH:MMZ".
func parseAppTime(s string, months bool) (int64, error) {
	e, err := parseETA(s, months)
	return int64(e.Month)<<16 | int64(e.Day)<<11 | int64(e.Hour)<<6 | int64(e.Minute), err
}
