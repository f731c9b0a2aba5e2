package ais

import "navicert"

func errTooLong(n int) error {
	return navicert.Errorf(navicert.Limit, "AIS payload", "", "%d bits, at most %d", n, MaxBits)
}

func errBit(c byte) error {
	return navicert.Errorf(navicert.Invalid, "AIS payload", "", "%q is neither 0 nor 1", c)
}
