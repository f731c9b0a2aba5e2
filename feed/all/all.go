// Package all names every feed format that there is, for the command line and
// for the test that runs the contract suite on each of them.
//
//	for _, f := range all.Formats() {
//		fmt.Println(f.Name, f.Title)
//	}
//
// To add a format: one file in package feed, one line in its Formats, and one
// sample in the test beside this file.
package all

import "navicert/feed"

// Formats returns the formats that feed.Read knows.
func Formats() []feed.Format { return feed.Formats() }
