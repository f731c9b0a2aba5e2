package ais

// ordinals ends the names of the fields of groups that are sent several times.
var ordinals = [4]string{"1", "2", "3", "4"}

func (m *Acknowledge) layout(v visitor) {
	v.spare(2)
	m.N = v.count("mmsi", len(m.Acks), m.N)
	for i := range m.Acks[:m.N] {
		show(v, &m.Acks[i].Dest, unsigned("mmsi"+ordinals[i], 30))
		showOpt(v, &m.Acks[i].SeqNo, unsigned("seqno"+ordinals[i], 2))
	}
	v.fixed()
	v.end(0)
}

func (m *Inquiry) layout(v visitor) {
	v.spare(2)
	show(v, &m.Dest, unsigned("dest_mmsi", 30))
	v.fixed()
	v.end(72)
}

func (m *Interrogation) layout(v visitor) {
	v.spare(2)
	show(v, &m.Dest1, unsigned("mmsi1", 30))
	showAsk(v, &m.Asks1[0], "1_1")
	m.HasAsk2 = v.follows("mmsi2", m.HasAsk2)
	if m.N = v.count("type1_", len(m.Asks1), m.N); m.N < 2 && !m.HasAsk2 {
		v.fixed()
		v.end(88)
		return
	}
	v.spare(2)
	showAsk(v, &m.Asks1[1], "1_2")
	if !m.HasAsk2 {
		v.fixed()
		v.end(110)
		return
	}
	v.spare(2)
	show(v, &m.Dest2, unsigned("mmsi2", 30))
	showAsk(v, &m.Ask2, "2_1")
	v.fixed()
	v.end(160)
}

func showAsk(v visitor, a *Ask, which string) {
	show(v, &a.Type, unsigned("type"+which, 6))
	show(v, &a.Offset, unsigned("offset"+which, 12))
}

func (m *Assignment) layout(v visitor) {
	v.spare(2)
	m.N = v.count("mmsi", len(m.Assigns), m.N)
	for i := range m.Assigns[:m.N] {
		show(v, &m.Assigns[i].Dest, unsigned("mmsi"+ordinals[i], 30))
		show(v, &m.Assigns[i].Offset, unsigned("offset"+ordinals[i], 12))
		show(v, &m.Assigns[i].Increment, unsigned("increment"+ordinals[i], 10))
	}
	v.fixed()
	v.end([...]int{0, 96, 144}[m.N])
}

func (m *LinkManagement) layout(v visitor) {
	v.spare(2)
	m.N = v.count("offset", len(m.Reservations), m.N)
	for i := range m.Reservations[:m.N] {
		r := &m.Reservations[i]
		show(v, &r.Offset, unsigned("offset"+ordinals[i], 12))
		show(v, &r.Number, unsigned("number"+ordinals[i], 4))
		show(v, &r.Timeout, unsigned("timeout"+ordinals[i], 3))
		show(v, &r.Increment, unsigned("increment"+ordinals[i], 11))
	}
	v.fixed()
	v.end([...]int{0, 72, 104, 136, 160}[m.N])
}

func (m *Channels) layout(v visitor) {
	v.spare(2)
	show(v, &m.ChannelA, unsigned("channel_a", 12))
	show(v, &m.ChannelB, unsigned("channel_b", 12))
	show(v, &m.TxRx, unsigned("txrx", 4))
	showFlag(v, &m.Power, "power")
	if m.Addressed = v.early("addressed", m.Addressed); m.Addressed {
		show(v, &m.Dest1, unsigned("dest1", 30))
		v.spare(5)
		show(v, &m.Dest2, unsigned("dest2", 30))
		v.spare(5)
	} else {
		showCoarse(v, "ne_", &m.Area.NELon, &m.Area.NELat)
		showCoarse(v, "sw_", &m.Area.SWLon, &m.Area.SWLat)
	}
	showFlag(v, &m.Addressed, "addressed")
	showFlag(v, &m.BandA, "band_a")
	showFlag(v, &m.BandB, "band_b")
	show(v, &m.ZoneSize, unsigned("zonesize", 3))
	v.fixed()
	v.end(168)
}

func (m *Group) layout(v visitor) {
	v.spare(2)
	showCoarse(v, "ne_", &m.Area.NELon, &m.Area.NELat)
	showCoarse(v, "sw_", &m.Area.SWLon, &m.Area.SWLat)
	show(v, &m.StationType, unsigned("stationtype", 4))
	show(v, &m.ShipType, unsigned("shiptype", 8))
	v.spare(22)
	show(v, &m.TxRx, unsigned("txrx", 2))
	show(v, &m.Interval, unsigned("interval", 4))
	show(v, &m.Quiet, unsigned("quiet", 4))
	v.fixed()
	v.end(160)
}
