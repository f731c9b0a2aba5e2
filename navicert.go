// Package navicert is the vocabulary of the program: the nouns that every
// other package speaks in, and nothing that reads, stores or decides.
//
// A voyage (its vessel, parties and cargo) is what a user asks about; a
// certificate is the answer: clear, refer or refuse, with every piece of
// evidence used, every source searched and everything that could not be looked
// at. Fixes and static reports come in from AIS, entries from sanctions lists,
// zones from orders and warnings; events are what detectors make of fixes.
//
//	imo, err := navicert.ParseIMO("IMO 9074729")   // checks the check digit
//	mmsi, err := navicert.ParseMMSI("775123000")
//	flag, ok := mmsi.Flag()                        // "VE", from the MID
//
// Times are UTC, positions are WGS 84 degrees, and every quantity carries its
// unit in its name. A value that is unknown is absent (an [Opt] that holds
// nothing, an empty string, a zero [MMSI] or [IMO]): sentinels of the formats
// that values come in, such as heading 511, end at the package that reads them.
//
// The package imports only the standard library.
package navicert
