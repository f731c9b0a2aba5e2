package track

// CountAnew begins the counts of another input: what was received, kept and set
// aside so far belongs to the one before.
func (t *Tracker) CountAnew() {
	t.received, t.kept, t.aside = 0, 0, SetAside{}
}
