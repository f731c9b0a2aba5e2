package geo

// Area is a region of the sphere: polygons with holes.
type Area struct{}
