// Package rule is rule packs.
package rule
