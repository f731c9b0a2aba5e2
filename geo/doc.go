// Package geo is distances and areas on the sphere, zones, places and routes.
//
// The earth is a sphere of radius 6,371.0088 km (the mean radius of WGS 84),
// so a distance is off by at most about 0.5 % against the ellipsoid. Nothing
// is computed in a plane: longitude may run through 180 degrees and an area
// may hold a pole.
//
// Zones and areas enter as GeoJSON and leave as GeoJSON; places enter as
// UN/LOCODEs or "LAT,LON"; a route is a list of points joined by great
// circles, and [Lanes] finds one over a network of sea lanes. Land enters as TopoJSON and says what is ashore and how far the shore
// is; ports are looked up by position.
//
//	zones, unused, err := geo.ReadZones(file, "blockade.geojson")
//	ix := geo.NewIndex(zones)
//	for _, z := range ix.At(navicert.Position{Lat: 10.2, Lon: -64.8}, now) {
//		fmt.Println(z.Name, z.Area.DistanceNM(p))
//	}
//	from, err := geo.FindPlace("VEJOT")
//	route, err := geo.NewRoute([]navicert.RoutePoint{…})
//	crossings := route.Crosses(zones, 12.5, etd)
//
// All types are safe for concurrent reading.
package geo
