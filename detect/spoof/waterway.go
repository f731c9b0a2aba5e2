package spoof

import (
	"navicert"
	"navicert/geo"
)

// waterway is a river, lake or canal that sea-going ships or inland ships with
// transponders use and that the land we know does not show: a line, and how far
// from it water may lie.
type waterway struct {
	name string
	nm   float64
	line []navicert.Position
}

// onWaterway reports whether a position lies near a navigable inland waterway.
func onWaterway(p navicert.Position) bool {
	for i := range waterways {
		w := &waterways[i]
		for k := range w.line {
			q, last := w.line[k], w.line[max(0, k-1)]
			// A mile is no more than a sixtieth of a degree of latitude, and great circles
			// as short as these leave the parallels of their ends by less than half a degree.
			if off := w.nm/60 + 0.5; p.Lat < min(q.Lat, last.Lat)-off || p.Lat > max(q.Lat, last.Lat)+off {
				continue
			}
			if k == 0 {
				if geo.DistanceNM(p, q) <= w.nm {
					return true
				}
				continue
			}
			if geo.LegNM(p, last, q) <= w.nm {
				return true
			}
		}
	}
	return false
}

// waterways was written for this project from general geography, 2026-11-28: the
// lines are rough and the distances wide, since only a ship where no waterway is
// at all is to be told. Natural Earth shows no lake or river as water.
var waterways = []waterway{
	{"Rhine", 12, []navicert.Position{{Lat: 51.95, Lon: 4.1}, {Lat: 51.85, Lon: 6.1}, {Lat: 50.95, Lon: 7.0}, {Lat: 50.0, Lon: 8.25}, {Lat: 49.0, Lon: 8.3}, {Lat: 47.6, Lon: 7.6}}},
	{"Main and Main-Danube canal", 8, []navicert.Position{{Lat: 50.0, Lon: 8.3}, {Lat: 49.97, Lon: 9.1}, {Lat: 49.8, Lon: 9.9}, {Lat: 49.9, Lon: 10.9}, {Lat: 49.4, Lon: 11.1}, {Lat: 48.9, Lon: 11.9}}},
	{"Neckar", 6, []navicert.Position{{Lat: 49.5, Lon: 8.45}, {Lat: 49.15, Lon: 9.2}, {Lat: 48.75, Lon: 9.4}}},
	{"Mosel", 8, []navicert.Position{{Lat: 50.36, Lon: 7.6}, {Lat: 49.75, Lon: 6.65}, {Lat: 49.1, Lon: 6.2}}},
	{"Danube", 12, []navicert.Position{{Lat: 48.9, Lon: 11.9}, {Lat: 48.3, Lon: 14.3}, {Lat: 48.2, Lon: 16.4}, {Lat: 47.5, Lon: 19.0}, {Lat: 45.25, Lon: 19.85}, {Lat: 44.8, Lon: 20.5}, {Lat: 44.6, Lon: 22.7}, {Lat: 43.9, Lon: 25.95}, {Lat: 44.3, Lon: 28.0}, {Lat: 45.45, Lon: 28.1}, {Lat: 45.2, Lon: 29.7}}},
	{"Seine", 10, []navicert.Position{{Lat: 49.45, Lon: 0.2}, {Lat: 49.4, Lon: 1.1}, {Lat: 48.85, Lon: 2.35}}},
	{"Meuse and Belgian canals", 15, []navicert.Position{{Lat: 51.3, Lon: 4.3}, {Lat: 51.0, Lon: 5.5}, {Lat: 50.6, Lon: 5.6}, {Lat: 50.4, Lon: 4.4}}},
	{"Netherlands waterways", 30, []navicert.Position{{Lat: 52.1, Lon: 5.2}}},
	{"Elbe", 12, []navicert.Position{{Lat: 53.9, Lon: 9.0}, {Lat: 53.5, Lon: 10.0}, {Lat: 52.1, Lon: 11.65}, {Lat: 51.05, Lon: 13.75}}},
	{"Weser and Mittelland canal", 10, []navicert.Position{{Lat: 53.5, Lon: 8.55}, {Lat: 53.05, Lon: 8.85}, {Lat: 52.3, Lon: 8.9}, {Lat: 52.4, Lon: 9.75}, {Lat: 52.25, Lon: 11.5}, {Lat: 52.5, Lon: 13.3}}},
	{"Ems and Dortmund-Ems canal", 10, []navicert.Position{{Lat: 53.3, Lon: 7.2}, {Lat: 52.3, Lon: 7.5}, {Lat: 51.5, Lon: 7.45}}},
	{"Kiel canal", 5, []navicert.Position{{Lat: 53.89, Lon: 9.14}, {Lat: 54.37, Lon: 10.15}}},
	{"Oder and Havel", 10, []navicert.Position{{Lat: 53.4, Lon: 14.6}, {Lat: 52.6, Lon: 14.6}, {Lat: 52.4, Lon: 13.1}}},
	{"Vistula", 8, []navicert.Position{{Lat: 54.3, Lon: 18.9}, {Lat: 53.0, Lon: 18.6}, {Lat: 52.25, Lon: 21.0}}},
	{"Swedish lakes and canals", 12, []navicert.Position{{Lat: 58.3, Lon: 12.3}, {Lat: 58.9, Lon: 13.3}, {Lat: 58.5, Lon: 15.0}, {Lat: 59.45, Lon: 17.0}}},
	{"Saimaa", 40, []navicert.Position{{Lat: 60.75, Lon: 28.7}, {Lat: 61.8, Lon: 28.8}}},
	{"Neva, Ladoga and Onega", 30, []navicert.Position{{Lat: 59.95, Lon: 30.3}, {Lat: 60.8, Lon: 31.5}, {Lat: 61.0, Lon: 33.0}, {Lat: 61.7, Lon: 35.5}}},
	{"Volga-Baltic and White Sea canals", 15, []navicert.Position{{Lat: 61.0, Lon: 35.6}, {Lat: 59.1, Lon: 37.9}, {Lat: 58.05, Lon: 38.8}, {Lat: 62.8, Lon: 34.8}, {Lat: 64.5, Lon: 34.8}}},
	{"Volga", 20, []navicert.Position{{Lat: 56.85, Lon: 35.9}, {Lat: 58.05, Lon: 38.8}, {Lat: 57.6, Lon: 39.9}, {Lat: 56.35, Lon: 44.0}, {Lat: 55.8, Lon: 49.1}, {Lat: 53.2, Lon: 50.1}, {Lat: 51.55, Lon: 46.05}, {Lat: 48.7, Lon: 44.5}, {Lat: 46.35, Lon: 48.05}, {Lat: 45.7, Lon: 47.8}}},
	{"Kama", 15, []navicert.Position{{Lat: 55.3, Lon: 49.5}, {Lat: 56.0, Lon: 53.0}, {Lat: 58.0, Lon: 56.2}}},
	{"Don and Volga-Don canal", 12, []navicert.Position{{Lat: 47.1, Lon: 39.4}, {Lat: 47.6, Lon: 42.1}, {Lat: 48.5, Lon: 44.5}}},
	{"Dnieper", 15, []navicert.Position{{Lat: 46.6, Lon: 32.6}, {Lat: 47.8, Lon: 35.1}, {Lat: 48.5, Lon: 35.0}, {Lat: 49.4, Lon: 32.1}, {Lat: 50.45, Lon: 30.6}}},
	{"Thames", 4, []navicert.Position{{Lat: 51.5, Lon: -0.1}, {Lat: 51.48, Lon: 0.5}}},
	{"Manchester ship canal", 4, []navicert.Position{{Lat: 53.35, Lon: -2.9}, {Lat: 53.47, Lon: -2.3}}},
	{"Gironde and Garonne", 8, []navicert.Position{{Lat: 45.5, Lon: -1.0}, {Lat: 44.85, Lon: -0.55}}},
	{"Guadalquivir", 6, []navicert.Position{{Lat: 36.8, Lon: -6.35}, {Lat: 37.35, Lon: -6.0}}},
	{"Po", 10, []navicert.Position{{Lat: 45.0, Lon: 12.4}, {Lat: 45.05, Lon: 10.0}}},
	{"Suez canal", 8, []navicert.Position{{Lat: 31.3, Lon: 32.35}, {Lat: 30.6, Lon: 32.3}, {Lat: 29.9, Lon: 32.55}}},
	{"Nile", 10, []navicert.Position{{Lat: 31.4, Lon: 31.8}, {Lat: 30.05, Lon: 31.2}, {Lat: 27.2, Lon: 31.2}, {Lat: 24.1, Lon: 32.9}}},
	{"Panama canal", 10, []navicert.Position{{Lat: 9.4, Lon: -79.95}, {Lat: 9.0, Lon: -79.55}}},
	{"Mississippi", 20, []navicert.Position{{Lat: 28.95, Lon: -89.4}, {Lat: 29.95, Lon: -90.1}, {Lat: 30.45, Lon: -91.2}, {Lat: 32.3, Lon: -91.0}, {Lat: 35.1, Lon: -90.1}, {Lat: 37.0, Lon: -89.15}, {Lat: 38.6, Lon: -90.2}, {Lat: 41.5, Lon: -90.6}, {Lat: 44.9, Lon: -93.1}}},
	{"Houston ship channel", 10, []navicert.Position{{Lat: 29.35, Lon: -94.75}, {Lat: 29.75, Lon: -95.05}, {Lat: 29.75, Lon: -95.35}}},
	{"Sabine and Neches", 8, []navicert.Position{{Lat: 29.7, Lon: -93.85}, {Lat: 30.0, Lon: -93.9}, {Lat: 30.1, Lon: -94.1}}},
	{"Calcasieu", 8, []navicert.Position{{Lat: 29.75, Lon: -93.35}, {Lat: 30.25, Lon: -93.3}}},
	{"Louisiana bayous", 25, []navicert.Position{{Lat: 29.2, Lon: -90.2}, {Lat: 29.6, Lon: -90.8}, {Lat: 29.6, Lon: -91.3}}},
	{"Miami and New river", 6, []navicert.Position{{Lat: 25.77, Lon: -80.15}, {Lat: 25.81, Lon: -80.27}, {Lat: 26.08, Lon: -80.2}}},
	{"Ohio", 12, []navicert.Position{{Lat: 37.0, Lon: -89.15}, {Lat: 38.0, Lon: -87.6}, {Lat: 38.3, Lon: -85.75}, {Lat: 39.1, Lon: -84.5}, {Lat: 38.4, Lon: -82.4}, {Lat: 40.4, Lon: -80.0}}},
	{"Tennessee and Cumberland", 15, []navicert.Position{{Lat: 37.05, Lon: -88.5}, {Lat: 36.15, Lon: -86.8}, {Lat: 35.0, Lon: -88.3}, {Lat: 34.6, Lon: -87.0}, {Lat: 35.05, Lon: -85.3}, {Lat: 35.95, Lon: -83.9}}},
	{"Tennessee-Tombigbee", 12, []navicert.Position{{Lat: 30.7, Lon: -88.0}, {Lat: 32.5, Lon: -87.9}, {Lat: 34.9, Lon: -88.2}}},
	{"Black Warrior", 10, []navicert.Position{{Lat: 32.5, Lon: -87.85}, {Lat: 33.2, Lon: -87.6}}},
	{"Missouri", 10, []navicert.Position{{Lat: 38.8, Lon: -90.1}, {Lat: 39.1, Lon: -94.6}, {Lat: 41.25, Lon: -95.9}}},
	{"Arkansas", 12, []navicert.Position{{Lat: 34.0, Lon: -91.1}, {Lat: 34.75, Lon: -92.3}, {Lat: 35.4, Lon: -94.4}, {Lat: 36.1, Lon: -95.8}}},
	{"Red River and Atchafalaya", 15, []navicert.Position{{Lat: 29.6, Lon: -91.3}, {Lat: 31.3, Lon: -92.4}, {Lat: 32.5, Lon: -93.7}}},
	{"Illinois", 10, []navicert.Position{{Lat: 38.95, Lon: -90.45}, {Lat: 40.7, Lon: -89.6}, {Lat: 41.6, Lon: -88.1}, {Lat: 41.85, Lon: -87.6}}},
	{"Gulf Intracoastal Waterway", 15, []navicert.Position{{Lat: 26.0, Lon: -97.3}, {Lat: 27.8, Lon: -97.3}, {Lat: 28.7, Lon: -95.9}, {Lat: 29.7, Lon: -94.0}, {Lat: 30.1, Lon: -93.2}, {Lat: 29.7, Lon: -91.3}, {Lat: 29.9, Lon: -90.1}, {Lat: 30.3, Lon: -88.5}, {Lat: 30.4, Lon: -86.5}, {Lat: 30.1, Lon: -85.6}}},
	{"Florida waterways", 15, []navicert.Position{{Lat: 30.4, Lon: -81.4}, {Lat: 29.0, Lon: -81.3}, {Lat: 26.9, Lon: -80.9}, {Lat: 26.6, Lon: -81.9}}},
	{"Atlantic Intracoastal Waterway", 10, []navicert.Position{{Lat: 36.9, Lon: -76.3}, {Lat: 36.0, Lon: -76.0}, {Lat: 34.7, Lon: -76.7}, {Lat: 33.8, Lon: -78.7}, {Lat: 32.1, Lon: -81.0}, {Lat: 30.4, Lon: -81.5}}},
	{"Hudson and Erie canal", 8, []navicert.Position{{Lat: 40.7, Lon: -74.0}, {Lat: 42.7, Lon: -73.7}, {Lat: 43.1, Lon: -75.2}, {Lat: 43.2, Lon: -77.6}, {Lat: 43.0, Lon: -78.9}}},
	{"Lake Champlain", 8, []navicert.Position{{Lat: 43.6, Lon: -73.4}, {Lat: 45.0, Lon: -73.3}, {Lat: 46.0, Lon: -73.1}}},
	{"Delaware and Chesapeake canals", 8, []navicert.Position{{Lat: 39.5, Lon: -75.6}, {Lat: 40.2, Lon: -74.8}}},
	{"Chesapeake rivers", 12, []navicert.Position{{Lat: 37.5, Lon: -77.4}, {Lat: 38.85, Lon: -77.0}, {Lat: 39.3, Lon: -76.5}}},
	{"Connecticut river", 5, []navicert.Position{{Lat: 41.3, Lon: -72.35}, {Lat: 41.75, Lon: -72.65}}},
	{"Savannah and Cape Fear", 6, []navicert.Position{{Lat: 32.1, Lon: -81.1}, {Lat: 33.4, Lon: -81.95}}},
	{"Saint Lawrence", 15, []navicert.Position{{Lat: 47.0, Lon: -70.6}, {Lat: 46.8, Lon: -71.2}, {Lat: 45.5, Lon: -73.55}, {Lat: 44.3, Lon: -76.3}}},
	{"Lake Ontario", 45, []navicert.Position{{Lat: 43.4, Lon: -79.4}, {Lat: 43.7, Lon: -76.6}}},
	{"Lake Erie", 40, []navicert.Position{{Lat: 41.8, Lon: -83.0}, {Lat: 42.6, Lon: -79.5}}},
	{"Lake Huron and Georgian Bay", 75, []navicert.Position{{Lat: 43.4, Lon: -82.2}, {Lat: 45.0, Lon: -82.5}, {Lat: 45.8, Lon: -84.0}}},
	{"Georgian Bay", 50, []navicert.Position{{Lat: 45.2, Lon: -81.0}}},
	{"Lake Saint Clair and Detroit river", 20, []navicert.Position{{Lat: 42.4, Lon: -82.7}}},
	{"Lake Michigan", 60, []navicert.Position{{Lat: 42.0, Lon: -87.2}, {Lat: 44.0, Lon: -87.0}, {Lat: 45.8, Lon: -85.5}}},
	{"Lake Superior", 80, []navicert.Position{{Lat: 46.8, Lon: -91.8}, {Lat: 47.5, Lon: -88.0}, {Lat: 47.5, Lon: -85.5}}},
	{"Saint Marys river", 20, []navicert.Position{{Lat: 46.4, Lon: -84.2}}},
	{"Columbia and Snake", 8, []navicert.Position{{Lat: 46.2, Lon: -123.9}, {Lat: 46.15, Lon: -123.2}, {Lat: 46.1, Lon: -122.9}, {Lat: 45.85, Lon: -122.8}, {Lat: 45.6, Lon: -122.7}, {Lat: 45.7, Lon: -121.2}, {Lat: 46.2, Lon: -119.1}, {Lat: 46.4, Lon: -117.0}}},
	{"Willamette", 6, []navicert.Position{{Lat: 45.65, Lon: -122.77}, {Lat: 45.35, Lon: -122.6}}},
	{"Sacramento and San Joaquin", 10, []navicert.Position{{Lat: 38.05, Lon: -122.1}, {Lat: 38.6, Lon: -121.5}, {Lat: 37.95, Lon: -121.3}}},
	{"Lake Washington", 8, []navicert.Position{{Lat: 47.6, Lon: -122.25}}},
	{"Fraser", 8, []navicert.Position{{Lat: 49.1, Lon: -123.2}, {Lat: 49.2, Lon: -122.0}}},
	{"Yukon and Kuskokwim", 20, []navicert.Position{{Lat: 62.6, Lon: -164.8}, {Lat: 61.8, Lon: -160.0}, {Lat: 60.8, Lon: -161.7}}},
	{"Mackenzie", 30, []navicert.Position{{Lat: 69.3, Lon: -134.0}, {Lat: 67.4, Lon: -134.9}, {Lat: 65.3, Lon: -126.9}, {Lat: 61.9, Lon: -121.4}, {Lat: 61.0, Lon: -116.5}}},
	{"Lake Winnipeg", 50, []navicert.Position{{Lat: 51.0, Lon: -97.0}, {Lat: 53.0, Lon: -98.0}}},
	{"Lake Tahoe", 12, []navicert.Position{{Lat: 39.1, Lon: -120.05}}},
	{"Lakes Mead and Powell", 20, []navicert.Position{{Lat: 36.2, Lon: -114.4}, {Lat: 37.2, Lon: -111.2}}},
	{"Orinoco", 20, []navicert.Position{{Lat: 8.6, Lon: -60.9}, {Lat: 8.4, Lon: -62.7}, {Lat: 7.9, Lon: -64.0}, {Lat: 7.6, Lon: -66.2}, {Lat: 5.7, Lon: -67.6}}},
	{"Lake Maracaibo", 45, []navicert.Position{{Lat: 9.9, Lon: -71.5}, {Lat: 10.9, Lon: -71.6}}},
	{"Magdalena", 15, []navicert.Position{{Lat: 11.1, Lon: -74.85}, {Lat: 9.2, Lon: -74.4}, {Lat: 7.05, Lon: -73.9}}},
	{"Amazon", 35, []navicert.Position{{Lat: -0.2, Lon: -50.5}, {Lat: -1.5, Lon: -52.5}, {Lat: -2.4, Lon: -54.7}, {Lat: -3.1, Lon: -58.4}, {Lat: -3.1, Lon: -60.0}, {Lat: -3.4, Lon: -64.7}, {Lat: -4.2, Lon: -69.9}, {Lat: -3.7, Lon: -73.2}}},
	{"Madeira and Tapajos", 20, []navicert.Position{{Lat: -3.4, Lon: -58.8}, {Lat: -5.8, Lon: -61.3}, {Lat: -8.75, Lon: -63.9}}},
	{"Para and Tocantins", 25, []navicert.Position{{Lat: -0.6, Lon: -47.9}, {Lat: -1.5, Lon: -48.6}, {Lat: -3.8, Lon: -49.7}}},
	{"Parana and Paraguay", 20, []navicert.Position{{Lat: -34.3, Lon: -58.5}, {Lat: -32.95, Lon: -60.6}, {Lat: -31.6, Lon: -60.6}, {Lat: -27.5, Lon: -58.9}, {Lat: -25.3, Lon: -57.65}, {Lat: -19.0, Lon: -57.65}}},
	{"Uruguay river", 10, []navicert.Position{{Lat: -34.1, Lon: -58.3}, {Lat: -32.3, Lon: -58.1}}},
	{"Guayas and Essequibo", 15, []navicert.Position{{Lat: -2.2, Lon: -79.9}, {Lat: 6.4, Lon: -58.6}}},
	{"Congo", 20, []navicert.Position{{Lat: -6.0, Lon: 12.5}, {Lat: -5.85, Lon: 13.4}}},
	{"Niger delta", 25, []navicert.Position{{Lat: 4.4, Lon: 6.0}, {Lat: 5.5, Lon: 5.7}, {Lat: 5.0, Lon: 7.0}}},
	{"Shatt al-Arab and Karun", 12, []navicert.Position{{Lat: 29.95, Lon: 48.55}, {Lat: 30.55, Lon: 47.8}, {Lat: 31.3, Lon: 48.7}}},
	{"Ganges delta and Hooghly", 40, []navicert.Position{{Lat: 21.7, Lon: 88.1}, {Lat: 22.6, Lon: 88.4}, {Lat: 22.5, Lon: 90.3}, {Lat: 23.7, Lon: 90.4}}},
	{"Irrawaddy", 15, []navicert.Position{{Lat: 15.9, Lon: 95.1}, {Lat: 16.8, Lon: 96.2}, {Lat: 18.8, Lon: 95.2}}},
	{"Mekong and Saigon", 25, []navicert.Position{{Lat: 9.6, Lon: 106.5}, {Lat: 10.75, Lon: 106.7}, {Lat: 10.4, Lon: 105.4}, {Lat: 11.55, Lon: 104.95}}},
	{"Chao Phraya", 10, []navicert.Position{{Lat: 13.5, Lon: 100.6}, {Lat: 14.35, Lon: 100.55}}},
	{"Pearl river delta", 30, []navicert.Position{{Lat: 22.3, Lon: 113.5}, {Lat: 23.1, Lon: 113.2}, {Lat: 23.1, Lon: 112.5}, {Lat: 23.4, Lon: 110.0}}},
	{"Yangtze", 20, []navicert.Position{{Lat: 31.4, Lon: 121.7}, {Lat: 31.95, Lon: 120.3}, {Lat: 32.1, Lon: 118.7}, {Lat: 30.95, Lon: 117.8}, {Lat: 29.75, Lon: 116.0}, {Lat: 30.6, Lon: 114.3}, {Lat: 29.45, Lon: 113.1}, {Lat: 30.3, Lon: 112.2}, {Lat: 30.7, Lon: 111.3}, {Lat: 30.8, Lon: 108.4}, {Lat: 29.6, Lon: 106.6}}},
	{"Grand Canal and Lake Tai", 15, []navicert.Position{{Lat: 30.3, Lon: 120.2}, {Lat: 31.3, Lon: 120.4}, {Lat: 32.0, Lon: 119.5}, {Lat: 33.5, Lon: 119.1}, {Lat: 35.4, Lon: 116.6}}},
	{"Huangpu and Qiantang", 15, []navicert.Position{{Lat: 31.3, Lon: 121.5}, {Lat: 30.6, Lon: 121.1}, {Lat: 30.3, Lon: 120.3}}},
	{"Yellow river delta and Hai", 10, []navicert.Position{{Lat: 38.95, Lon: 117.7}, {Lat: 39.1, Lon: 117.2}}},
	{"Songhua and Amur", 20, []navicert.Position{{Lat: 53.1, Lon: 140.8}, {Lat: 50.3, Lon: 136.9}, {Lat: 48.5, Lon: 135.0}, {Lat: 45.8, Lon: 126.6}}},
	{"Han", 8, []navicert.Position{{Lat: 37.55, Lon: 126.6}, {Lat: 37.55, Lon: 127.0}}},
	{"Ob, Irtysh and Yenisey", 25, []navicert.Position{{Lat: 66.5, Lon: 69.5}, {Lat: 61.2, Lon: 73.4}, {Lat: 58.2, Lon: 68.25}}},
	{"Yenisey", 20, []navicert.Position{{Lat: 71.8, Lon: 82.8}, {Lat: 69.4, Lon: 86.2}, {Lat: 58.0, Lon: 92.7}}},
	{"Lena", 25, []navicert.Position{{Lat: 72.0, Lon: 127.0}, {Lat: 62.0, Lon: 129.7}}},
	{"Kapuas, Barito and Mahakam", 20, []navicert.Position{{Lat: -0.05, Lon: 109.3}, {Lat: -3.3, Lon: 114.6}, {Lat: -0.5, Lon: 117.15}}},
	{"Musi and Batang Hari", 20, []navicert.Position{{Lat: -2.4, Lon: 104.9}, {Lat: -3.0, Lon: 104.75}, {Lat: -1.6, Lon: 103.6}}},
	{"Lakes of East Africa", 60, []navicert.Position{{Lat: -1.0, Lon: 33.0}}},
}
