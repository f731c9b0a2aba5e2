// Package detect finds behaviour in vessels' tracks: silences, visits to
// zones. There is one folder per detector; detect/all lists them.
//
// Fixes and static reports enter an [Engine] in the order of their arrival. It
// cleans them with package track, keeps a small ledger of where and when
// anybody was heard, and gives each kept fix to the detectors; events leave
// through a function. The same input gives the same events with the same ids
// in the same order.
//
//	e := detect.NewEngine(detect.Options{
//		Detectors: all.Detectors(all.Config{Zones: index}),
//		Event: func(ev navicert.Event) error { return enc.Encode(ev) },
//	})
//	err := e.Fix(&fix)   // for each
//	err = e.Close(end)   // what is still open then
//
// An event is an observation with its evidence and with what could explain it;
// it accuses nobody. To add a detector: one folder with a type that implements
// [Detector], one line in detect/all, one scenario beside it in the language
// of detect/detecttest.
package detect
