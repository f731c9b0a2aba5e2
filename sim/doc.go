// Package sim is simulated AIS traffic with ground truth: invented ships that
// sail, stop, meet, drift and fall silent by script, receivers that hear some
// of it, and the sentences that come out of those receivers.
//
// A scenario enters as YAML ([ParseScenario]; [Builtin] holds one). A [World]
// plans every ship's whole voyage from it, so that where each ship is at any
// time is a plain function of time, and then plays the world: real !AIVDM
// sentences with tag blocks leave on one writer in time order, what truly
// happened leaves as JSON lines on another. Memory grows with the number of
// ships, not with time. The same scenario and seed give the same bytes.
//
//	sc, err := sim.Builtin("caribbean")
//	w, err := sim.New(sc, sim.Options{Seed: 7})
//	stats, err := w.Write(ctx, sentences, truth)
//
// All ships are invented. Their numbers are taken from ranges of which none in
// use is known: see [SimulatedIMO] and [SimulatedMMSI]; a scenario with other
// numbers is refused.
//
// The truth holds, one JSON object a line, told apart by "truth": the run
// itself ("run"), each ship ("vessel"), each thing that it did ("action"),
// its visits to the scenario's areas ("visit"), each time that it was not
// heard for long, with the reason ("silence"), and, if asked for, every report
// as received ("fix", "static"). See [Truth].
package sim
