// Package decide is gathering facts and writing the certificate.
package decide
