// Package track is a vessel's history.
package track
