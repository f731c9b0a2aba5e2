package main

// The help of groups of commands, and of commands whose flags say all but how
// they are used.

// Help is printed below the flags.
func (listsCmd) Help() string {
	return `Examples:
  navicert lists import ofac-2025-12-24
  navicert lists pull
  navicert lists status
  navicert lists diff 2025-11 2025-12`
}

// Help is printed below the flags.
func (listsPullsCmd) Help() string {
	return `Prints one line for each time that a list was asked for: what came of it, and why
nothing did.

Example:
  navicert lists pulls --list ofac-sdn --limit 5`
}

// Help is printed below the flags.
func (listsHeldCmd) Help() string {
	return `What is kept aside is searched by nobody until lists accept or lists reject.

Examples:
  navicert lists held
  navicert lists held --all`
}

// Help is printed below the flags.
func (listsRejectCmd) Help() string {
	return `It is kept as history, and not held again when it is fetched again.

Example:
  navicert lists reject ofac-sdn@2026-08-20 --who "N. N." --why "cut off by the mirror"`
}

// Help is printed below the flags.
func (listsStatusCmd) Help() string {
	return `A list that is stale, or was not published yet on the day, shows of nobody that he
is not listed.

Examples:
  navicert lists status
  navicert lists status --as-of 2025-12-24`
}

// Help is printed below the flags.
func (listsDiffCmd) Help() string {
	return `Prints one line for each entry that was added, removed or changed, with the fields
that did.

Examples:
  navicert lists diff ofac-sdn@2026-07-23 ofac-sdn@2026-08-20
  navicert lists diff 2025-11 2025-12 --list ofac-sdn --format csv`
}

// Help is printed below the flags.
func (listsShowCmd) Help() string {
	return `Examples:
  navicert lists show 36 --list ofac-sdn
  navicert lists show DPR0097 --as-of 2025-12-24`
}

// Help is printed below the flags.
func (ownershipCmd) Help() string {
	return `Examples:
  navicert ownership import facts.csv
  navicert ownership check "Example Shipping Ltd"`
}

// Help is printed below the flags.
func (ownershipListCmd) Help() string {
	return `Example:
  navicert ownership list`
}

// Help is printed below the flags.
func (licencesCmd) Help() string {
	return `Examples:
  navicert licences import licences.yaml --by "N. N."
  navicert licences list`
}

// Help is printed below the flags.
func (licencesListCmd) Help() string {
	return `Example:
  navicert licences list`
}

// Help is printed below the flags.
func (subjectsCmd) Help() string {
	return `Examples:
  navicert subjects import fleet.jsonl --note "own fleet"
  navicert subjects screen`
}

// Help is printed below the flags.
func (subjectsListCmd) Help() string {
	return `Examples:
  navicert subjects list
  navicert subjects list --known-at 2026-07-23`
}

// Help is printed below the flags.
func (subjectsRemoveCmd) Help() string {
	return `That it was saved stays as history: subjects list --known-at shows it.

Example:
  navicert subjects remove fleet-7 --who "N. N." --why sold`
}

// Help is printed below the flags.
func (clearedCmd) Help() string {
	return `Examples:
  navicert cleared add --subject customer-12 --list ofac-sdn --entry 12345 --who "N. N." --why "born in Perm, not Omsk" --until 2027-06-30
  navicert cleared list`
}

// Help is printed below the flags.
func (clearedListCmd) Help() string {
	return `Example:
  navicert cleared list`
}

// Help is printed below the flags.
func (clearedRemoveCmd) Help() string {
	return `The hit is a hit again from the next question on.

Example:
  navicert cleared remove 3f9a1c --who "N. N." --why "the passport was forged"`
}

// Help is printed below the flags.
func (zonesCmd) Help() string {
	return `Examples:
  navicert zones import zones.geojson
  navicert zones list`
}

// Help is printed below the flags.
func (zonesListCmd) Help() string {
	return `Example:
  navicert zones list`
}

// Help is printed below the flags.
func (rulesCmd) Help() string {
	return `Examples:
  navicert rules list
  navicert rules test own.yaml`
}

// Help is printed below the flags.
func (rulesListCmd) Help() string {
	return `Examples:
  navicert rules list
  navicert rules list own.yaml --licences`
}

// Help is printed below the flags.
func (rulesTestCmd) Help() string {
	return `Example:
  navicert rules test own.yaml --failed`
}

// Help is printed below the flags.
func (rulesExplainCmd) Help() string {
	return `Examples:
  navicert rules explain general/listed-vessel
  navicert rules explain own/no-calls --rules own.yaml --facts facts.yaml`
}
