// Package ais reads and writes AIS: NMEA 0183 sentences with their tag blocks,
// the assembly of sentences into messages, and the messages of ITU-R M.1371-5.
//
// Bytes enter through an [io.Reader]; messages leave one at a time, with the
// receive time and where that time comes from, the receiving station, and the
// sentences as they were received:
//
//	r := ais.NewReader(file, ais.Options{})
//	for {
//		m, err := r.Next()
//		if err == io.EOF {
//			break
//		}
//		if err != nil {
//			return err
//		}
//		switch b := m.Body.(type) {
//		case *ais.PositionA:
//			lat, known := b.Lat.Degrees().Get()
//			…
//		case *ais.StaticVoyage:
//			name := b.ShipName.String()
//			…
//		}
//	}
//	fmt.Println(r.Counts()) // what became of every line and sentence
//
// A [Message] and its Body belong to the Reader and hold until the next call of
// Next. Nothing is allocated per sentence or message, and text stays in its
// six-bit form until it is asked for.
//
// Numbers are kept as they were sent; a field's type says what they mean and
// which of them mean unknown ([Speed], [Heading], …). The halves of two ships'
// messages are not joined: [Reader.Next] gives the rules, and the one loss that
// no reader can tell from a message.
//
// The other way, [Encode] makes [Bits] of a message of any type, and
// [Sentences] makes sentences of them. A message that was received gives the
// bits that were received, spare ones and an odd length included.
//
// Layouts, units and marks for unknown are those of ITU-R M.1371-5, annex 8;
// sentences and tag blocks those of IEC 61162-1 and NMEA 0183 version 4.10.
package ais
