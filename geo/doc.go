// Package geo is distances and areas on the sphere, zones, places and routes.
package geo
