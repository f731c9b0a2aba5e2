// Package rule holds rule packs: what makes a voyage clear, refer or refuse,
// as data. A pack is a YAML file of rules, each with a condition in CEL over
// the typed [Facts], its basis in law, its dates, the text it puts on the
// certificate, the licences that lift it, and cases that prove it; a pack may
// also hold dated licence records.
//
// Packs come in through [Load] (a file) or [Embedded] (the packs in pack/) and
// are checked whole: an unknown key, an unknown fact, a type error, a rule
// without a basis or without cases is an error with file, line and column.
// Several packs make a [Set]; facts go in to [Set.Evaluate] and reasons come
// out, in an order that depends on nothing but the input.
//
//	general, err := rule.Embedded("general")
//	set, err := rule.NewSet(general)
//	reasons, err := set.Evaluate(&rule.Facts{Now: now, Vessel: rule.Vessel{IMO: "9074729"}})
//
// Two policies are part of the engine and not of any pack, so that no pack can
// break them. A rule that refuses cannot read events at all, sees only the
// list entries that matched by identity and only the zones whose scope nobody
// contests: behaviour, a similar name and an unsettled report can refer, never
// refuse. And an expression that fails, or costs more than [CostLimit], is an
// error of the evaluation, never a rule that did not fire.
//
// docs/rules.md shows how to write a rule and lists the facts.
package rule
