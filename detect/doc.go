// Package detect is behaviour detectors.
package detect
