package ais

import (
	"strconv"
	"time"
)

func (m *PositionA) appendFields(dst []byte) []byte {
	dst = numIf(dst, `,"status":`, uint64(m.Status), uint64(StatusUnknown))
	dst = turn(dst, m.Turn)
	dst = speed(dst, m.Speed)
	dst = boolean(dst, `,"accuracy":`, m.Accuracy)
	dst = lonLat(dst, m.Lon, m.Lat)
	dst = course(dst, m.Course)
	dst = heading(dst, m.Heading)
	dst = second(dst, m.Second)
	dst = num(dst, `,"maneuver":`, uint64(m.Maneuver))
	dst = boolean(dst, `,"raim":`, m.RAIM)
	return optRadio(dst, m.Radio)
}

func (m *PositionB) appendFields(dst []byte) []byte {
	dst = num(dst, `,"reserved":`, uint64(m.Reserved))
	dst = speed(dst, m.Speed)
	dst = boolean(dst, `,"accuracy":`, m.Accuracy)
	dst = lonLat(dst, m.Lon, m.Lat)
	dst = course(dst, m.Course)
	dst = heading(dst, m.Heading)
	dst = second(dst, m.Second)
	dst = num(dst, `,"regional":`, uint64(m.Regional))
	dst = boolean(dst, `,"cs":`, m.CS)
	dst = boolean(dst, `,"display":`, m.Display)
	dst = boolean(dst, `,"dsc":`, m.DSC)
	dst = boolean(dst, `,"band":`, m.Band)
	dst = boolean(dst, `,"msg22":`, m.Message22)
	dst = boolean(dst, `,"assigned":`, m.Assigned)
	dst = boolean(dst, `,"raim":`, m.RAIM)
	return optRadio(dst, m.Radio)
}

func (m *ExtendedB) appendFields(dst []byte) []byte {
	dst = num(dst, `,"reserved":`, uint64(m.Reserved))
	dst = speed(dst, m.Speed)
	dst = boolean(dst, `,"accuracy":`, m.Accuracy)
	dst = lonLat(dst, m.Lon, m.Lat)
	dst = course(dst, m.Course)
	dst = heading(dst, m.Heading)
	dst = second(dst, m.Second)
	dst = num(dst, `,"regional":`, uint64(m.Regional))
	dst = text(dst, `,"shipname":`, m.ShipName)
	dst = numIf(dst, `,"shiptype":`, uint64(m.ShipType), 0)
	dst = dimensions(dst, m.Dim)
	dst = epfd(dst, m.EPFD)
	dst = boolean(dst, `,"raim":`, m.RAIM)
	dst = optBit(dst, `,"dte":`, m.DTE)
	if v, ok := m.Assigned.Get(); ok {
		dst = boolean(dst, `,"assigned":`, v)
	}
	return dst
}

func (m *Aircraft) appendFields(dst []byte) []byte {
	dst = numIf(dst, `,"alt":`, uint64(m.Alt), 4095)
	dst = numIf(dst, `,"speed":`, uint64(m.Speed), 1023)
	dst = boolean(dst, `,"accuracy":`, m.Accuracy)
	dst = lonLat(dst, m.Lon, m.Lat)
	dst = course(dst, m.Course)
	dst = second(dst, m.Second)
	dst = num(dst, `,"regional":`, uint64(m.Regional))
	dst = bit(dst, `,"dte":`, m.DTE)
	dst = boolean(dst, `,"assigned":`, m.Assigned)
	dst = boolean(dst, `,"raim":`, m.RAIM)
	return num(dst, `,"radio":`, uint64(m.Radio))
}

func (m *LongRange) appendFields(dst []byte) []byte {
	dst = numIf(dst, `,"status":`, uint64(m.Status), uint64(StatusUnknown))
	dst = boolean(dst, `,"accuracy":`, m.Accuracy)
	dst = coarse(dst, `,"lon":`, m.Lon, `,"lat":`, m.Lat)
	dst = numIf(dst, `,"speed":`, uint64(m.Speed), 63)
	if m.Course < 360 {
		dst = num(dst, `,"course":`, uint64(m.Course))
	}
	dst = boolean(dst, `,"raim":`, m.RAIM)
	return boolean(dst, `,"gnss":`, m.GNSS)
}

func (m *BaseStation) appendFields(dst []byte) []byte {
	if t, ok := m.UTC().Get(); ok {
		dst = append(t.AppendFormat(append(dst, `,"timestamp":"`...), time.RFC3339), '"')
	}
	dst = boolean(dst, `,"accuracy":`, m.Accuracy)
	dst = lonLat(dst, m.Lon, m.Lat)
	dst = epfd(dst, m.EPFD)
	dst = boolean(dst, `,"raim":`, m.RAIM)
	return num(dst, `,"radio":`, uint64(m.Radio))
}

func (m *StaticVoyage) appendFields(dst []byte) []byte {
	dst = numIf(dst, `,"imo":`, uint64(m.IMO), 0)
	dst = num(dst, `,"ais_version":`, uint64(m.Version))
	dst = text(dst, `,"callsign":`, m.CallSign)
	dst = text(dst, `,"shipname":`, m.ShipName)
	dst = numIf(dst, `,"shiptype":`, uint64(m.ShipType), 0)
	dst = dimensions(dst, m.Dim)
	dst = epfd(dst, m.EPFD)
	dst = eta(dst, m.ETA)
	if m.Draught != 0 {
		dst = tenths(dst, `,"draught":`, uint64(m.Draught))
	}
	dst = text(dst, `,"destination":`, m.Destination)
	return optBit(dst, `,"dte":`, m.DTE)
}

func (m *StaticB) appendFields(dst []byte) []byte {
	dst = append(dst, `,"part":"`...)
	dst = append(dst, 'A'+m.Part, '"')
	switch m.Part {
	case PartA:
		return text(dst, `,"shipname":`, m.ShipName)
	case PartB:
	default:
		return dst
	}
	dst = numIf(dst, `,"shiptype":`, uint64(m.ShipType), 0)
	dst = text(dst, `,"vendorid":`, m.Vendor)
	dst = num(dst, `,"model":`, uint64(m.Model))
	dst = num(dst, `,"serial":`, uint64(m.Serial))
	dst = text(dst, `,"callsign":`, m.CallSign)
	dst = dimensions(dst, m.Dim)
	return numIf(dst, `,"mothership_mmsi":`, uint64(m.MotherShip), 0)
}

func (m *Aid) appendFields(dst []byte) []byte {
	dst = numIf(dst, `,"aid_type":`, uint64(m.AidType), 0)
	var buf [2*textHalf + maxChars]byte
	if name := m.AppendName(buf[:0]); len(name) > 0 {
		dst = str(dst, `,"name":`, name)
	}
	dst = boolean(dst, `,"accuracy":`, m.Accuracy)
	dst = lonLat(dst, m.Lon, m.Lat)
	dst = dimensions(dst, m.Dim)
	dst = epfd(dst, m.EPFD)
	dst = second(dst, m.Second)
	dst = boolean(dst, `,"off_position":`, m.OffPosition)
	dst = num(dst, `,"regional":`, uint64(m.Regional))
	dst = boolean(dst, `,"raim":`, m.RAIM)
	dst = boolean(dst, `,"virtual_aid":`, m.Virtual)
	return boolean(dst, `,"assigned":`, m.Assigned)
}

func (m *AddressedBinary) appendFields(dst []byte) []byte {
	dst = num(dst, `,"seqno":`, uint64(m.SeqNo))
	dst = num(dst, `,"dest_mmsi":`, uint64(m.Dest))
	dst = boolean(dst, `,"retransmit":`, m.Retransmit)
	dst = num(dst, `,"dac":`, uint64(m.DAC))
	dst = num(dst, `,"fid":`, uint64(m.FID))
	if app, ok := m.Application(); ok {
		return app.AppendFields(dst, true)
	}
	return data(dst, m.Data)
}

func (m *BroadcastBinary) appendFields(dst []byte) []byte {
	dst = num(dst, `,"dac":`, uint64(m.DAC))
	dst = num(dst, `,"fid":`, uint64(m.FID))
	if app, ok := m.Application(); ok {
		return app.AppendFields(dst, true)
	}
	return data(dst, m.Data)
}

func (m *SlotBinary) appendFields(dst []byte) []byte {
	dst = boolean(dst, `,"addressed":`, m.Addressed)
	dst = boolean(dst, `,"structured":`, m.Structured)
	if m.Addressed {
		dst = num(dst, `,"dest_mmsi":`, uint64(m.Dest))
	}
	if app, ok := m.App.Get(); ok {
		dst = num(dst, `,"app_id":`, uint64(app))
	}
	dst = data(dst, m.Data)
	return optRadio(dst, m.Radio)
}

func (m *SafetyAddressed) appendFields(dst []byte) []byte {
	dst = num(dst, `,"seqno":`, uint64(m.SeqNo))
	dst = num(dst, `,"dest_mmsi":`, uint64(m.Dest))
	dst = boolean(dst, `,"retransmit":`, m.Retransmit)
	return longText(dst, `,"text":`, m.Text)
}

func (m *SafetyBroadcast) appendFields(dst []byte) []byte { return longText(dst, `,"text":`, m.Text) }

func (m *DGNSS) appendFields(dst []byte) []byte {
	return data(coarse(dst, `,"lon":`, m.Lon, `,"lat":`, m.Lat), m.Data)
}

func (m *Acknowledge) appendFields(dst []byte) []byte {
	for i, a := range m.Acks[:m.N] {
		dst = num(nth(dst, `,"mmsi`, i), "", uint64(a.Dest))
		if n, ok := a.SeqNo.Get(); ok {
			dst = num(nth(dst, `,"seqno`, i), "", uint64(n))
		}
	}
	return dst
}

// nth appends a name with its number, from 1.
func nth(dst []byte, name string, i int) []byte {
	return append(strconv.AppendInt(append(dst, name...), int64(i)+1, 10), `":`...)
}

func (m *Inquiry) appendFields(dst []byte) []byte {
	return num(dst, `,"dest_mmsi":`, uint64(m.Dest))
}

func (m *Interrogation) appendFields(dst []byte) []byte {
	dst = num(dst, `,"mmsi1":`, uint64(m.Dest1))
	dst = num(dst, `,"type1_1":`, uint64(m.Asks1[0].Type))
	dst = num(dst, `,"offset1_1":`, uint64(m.Asks1[0].Offset))
	if m.N > 1 {
		dst = num(dst, `,"type1_2":`, uint64(m.Asks1[1].Type))
		dst = num(dst, `,"offset1_2":`, uint64(m.Asks1[1].Offset))
	}
	if m.HasAsk2 {
		dst = num(dst, `,"mmsi2":`, uint64(m.Dest2))
		dst = num(dst, `,"type2_1":`, uint64(m.Ask2.Type))
		dst = num(dst, `,"offset2_1":`, uint64(m.Ask2.Offset))
	}
	return dst
}

func (m *Assignment) appendFields(dst []byte) []byte {
	for i, a := range m.Assigns[:m.N] {
		dst = num(nth(dst, `,"mmsi`, i), "", uint64(a.Dest))
		dst = num(nth(dst, `,"offset`, i), "", uint64(a.Offset))
		dst = num(nth(dst, `,"increment`, i), "", uint64(a.Increment))
	}
	return dst
}

func (m *LinkManagement) appendFields(dst []byte) []byte {
	for i, r := range m.Reservations[:m.N] {
		dst = num(nth(dst, `,"offset`, i), "", uint64(r.Offset))
		dst = num(nth(dst, `,"number`, i), "", uint64(r.Number))
		dst = num(nth(dst, `,"timeout`, i), "", uint64(r.Timeout))
		dst = num(nth(dst, `,"increment`, i), "", uint64(r.Increment))
	}
	return dst
}

func (m *Channels) appendFields(dst []byte) []byte {
	dst = num(dst, `,"channel_a":`, uint64(m.ChannelA))
	dst = num(dst, `,"channel_b":`, uint64(m.ChannelB))
	dst = num(dst, `,"txrx":`, uint64(m.TxRx))
	dst = boolean(dst, `,"power":`, m.Power)
	if m.Addressed {
		dst = num(dst, `,"dest1":`, uint64(m.Dest1))
		dst = num(dst, `,"dest2":`, uint64(m.Dest2))
	} else {
		dst = area(dst, m.Area)
	}
	dst = boolean(dst, `,"addressed":`, m.Addressed)
	dst = boolean(dst, `,"band_a":`, m.BandA)
	dst = boolean(dst, `,"band_b":`, m.BandB)
	return num(dst, `,"zonesize":`, uint64(m.ZoneSize))
}

func (m *Group) appendFields(dst []byte) []byte {
	dst = area(dst, m.Area)
	dst = num(dst, `,"stationtype":`, uint64(m.StationType))
	dst = numIf(dst, `,"shiptype":`, uint64(m.ShipType), 0)
	dst = num(dst, `,"txrx":`, uint64(m.TxRx))
	dst = num(dst, `,"interval":`, uint64(m.Interval))
	return num(dst, `,"quiet":`, uint64(m.Quiet))
}
