package feed

import "navicert"

// marineCadastre is the table of MarineCadastre.gov, a day of the United
// States' coastal AIS thinned to one fix a minute: with the header of 2015 to
// 2023, or that of 2024 on, which puts longitude first.
func marineCadastre() Format { return tableFormat(marineCadastreLayout()) }

func marineCadastreLayout() layout {
	return layout{
		name: "marinecadastre", title: "MarineCadastre CSV, with the header of either kind",
		columns: columnNames{
			colMMSI: "mmsi", colTime: "basedatetime|base_date_time", colLat: "lat|latitude", colLon: "lon|longitude",
			colSOG: "sog", colCOG: "cog", colHeading: "heading", colName: "vesselname|vessel_name", colIMO: "imo",
			colCallSign: "callsign|call_sign", colType: "vesseltype|vessel_type", colStatus: "status", colLength: "length",
			colWidth: "width", colDraught: "draft", colClass: "transceiverclass|transceiver",
		},
	}
}

// letterClass reads a column that holds A or B.
func letterClass(c []byte) navicert.Class {
	if len(c) == 1 {
		switch c[0] {
		case 'A':
			return navicert.ClassA
		case 'B':
			return navicert.ClassB
		}
	}
	return ""
}
