package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"navicert"
)

var packTests = map[string]func(*testing.T, Store){"rule packs": packs}

func packs(t *testing.T, s Store) {
	source := []byte("pack: " + hostile[1])
	sum := sha256.Sum256(source)
	ref := navicert.PackRef{Pack: "general", Version: "1", SHA256: hex.EncodeToString(sum[:])}
	_, err := s.Pack(t.Context(), ref.SHA256)
	wantErr(t, err, navicert.NotFound)
	for range 2 { // the second changes nothing
		if err := s.PutPack(t.Context(), ref, source); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "the pack", must(s.Pack(t.Context(), ref.SHA256))(t), source)
	wantErr(t, s.PutPack(t.Context(), ref, []byte("other bytes")), navicert.Invalid)
	wantCanceled(t, s.PutPack(canceled(), ref, source))
}
