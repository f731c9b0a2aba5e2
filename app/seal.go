package app

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"navicert"
	"navicert/seal"
	"navicert/seal/tlog"
	"navicert/store"
)

// Folders of the data directory that belong to sealing.
const (
	keysFolder    = "keys"
	logFolder     = "log"
	witnessFolder = "witness" // what it remembers as a witness of other logs
	witnessesFile = "witnesses.json"
)

// sealing is what an open data directory seals with.
type sealing struct {
	ring   *seal.Ring
	log    *tlog.Log
	sealer *tlog.Sealer

	once    *sync.Mutex
	isReady bool
}

func newSealing(cfg Config, db *store.DB) sealing {
	s := sealing{ring: cfg.ring(), log: tlog.New(filepath.Join(cfg.Data, logFolder)), once: new(sync.Mutex)}
	s.sealer = tlog.NewSealer(s.log, s.ring, db, cfg.Clock)
	return s
}

// ring is the data directory's keys.
func (c Config) ring() *seal.Ring {
	return seal.NewRing(filepath.Join(c.Data, keysFolder), c.Passphrase)
}

// ready reads the key, making one if need be, before anything is issued under
// it, and seals what a process that was killed had left unsealed.
func (a *App) ready(ctx context.Context) error {
	a.once.Lock()
	defer a.once.Unlock()
	if a.isReady {
		return nil
	}
	if err := a.sealer.Ready(ctx); err != nil {
		return err
	}
	if err := a.sealer.Seal(ctx); err != nil {
		return err
	}
	a.isReady = true
	return nil
}

// sealed seals a certificate that has been stored, with all others that wait,
// and returns it with its seal.
func (a *App) sealed(ctx context.Context, c navicert.Certificate) (navicert.Certificate, error) {
	if c.Seal != nil {
		return c, nil
	}
	if err := a.sealer.Seal(ctx); err != nil {
		return c, err
	}
	var err error
	c.Seal, err = a.db.Seal(ctx, c.ID)
	return c, err
}

// SealWaiting seals the certificates that have no seal yet: those that a
// process left that was killed, and those of earlier versions.
func (a *App) SealWaiting(ctx context.Context) error { return a.ready(ctx) }

// Keys returns what is published of this installation's keys, making its first
// key if need be.
func (a *App) Keys(ctx context.Context) (seal.Keys, error) {
	if err := a.sealer.Ready(ctx); err != nil {
		return seal.Keys{}, err
	}
	return a.ring.Public()
}

// PublicKeys returns what is published of the keys of a data directory, which
// is neither made nor opened for it.
func (c Config) PublicKeys() (seal.Keys, error) { return c.ring().Public() }

// KeyEncrypted reports whether the private key in use is encrypted.
func (c Config) KeyEncrypted() (bool, error) { return c.ring().Encrypted() }

// RotateKey replaces the key by a new one, which is encrypted when a passphrase
// is given.
func (a *App) RotateKey(ctx context.Context, passphrase func() (string, error)) (seal.Keys, error) {
	if err := a.ready(ctx); err != nil {
		return seal.Keys{}, err
	}
	return a.sealer.Rotate(ctx, passphrase)
}

// trust is the trust in this installation's own keys.
func (a *App) trust() (*seal.Trust, error) {
	k, err := a.ring.Public()
	if err != nil {
		return nil, err
	}
	return seal.NewTrust([]seal.Keys{k})
}

// AuditLog reads the whole log and compares it with the certificates that are
// held.
func (a *App) AuditLog(ctx context.Context) (tlog.Audit, error) {
	return a.log.Audit(ctx, a.trust, nil, a.db.AllCertificates(ctx))
}

// LogRequest returns the log's newest checkpoint, with the proof that it goes
// on from an older size: what a witness is asked to cosign.
func (a *App) LogRequest(old uint64) (seal.Request, error) { return a.log.Request(old) }

// Witnesses returns the witnesses that are known.
func (c Config) Witnesses() (seal.Witnesses, error) {
	const op = "witnesses"
	file := filepath.Join(c.Data, keysFolder, witnessesFile)
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var known []seal.Witness
	if err == nil {
		err = json.Unmarshal(b, &known)
	}
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, op, file, "%w", err)
	}
	ws := seal.Witnesses{}
	for _, w := range known {
		w, err := seal.NewWitness(w.Name, w.Key)
		if err != nil {
			return nil, err
		}
		ws = ws.With(w)
	}
	return ws, nil
}

// AddWitness makes a witness known, by its public key as its own installation
// prints it. A name that stands for another key is not given to this one: what
// that one has cosigned would count no more.
func (a *App) AddWitness(ctx context.Context, name, key string) (seal.Witness, error) {
	if strings.TrimSpace(name) == "" {
		return seal.Witness{}, navicert.Errorf(navicert.Invalid, "witness add", "", "it has no name")
	}
	w, err := seal.NewWitness(name, key)
	if err != nil {
		return w, err
	}
	err = a.sealer.With(ctx, func(k *seal.Key) error {
		if k.Public() == key {
			return navicert.Errorf(navicert.Invalid, "witness add", name, "this is the installation's own key: nobody is his own witness")
		}
		ws, err := a.cfg.Witnesses()
		if err != nil {
			return err
		}
		for _, o := range ws {
			switch same := (seal.Witnesses{o}).Has(w); {
			case o.Name == name && same:
				return nil
			case o.Name == name:
				return navicert.Errorf(navicert.Conflict, "witness add", name, "a witness of this name is known by another key, %s", o.Key).
					WithHint("call it otherwise: what the other key has cosigned stays good")
			case same:
				return navicert.Errorf(navicert.Conflict, "witness add", name, "its key is known already, as that of %s", strconv.Quote(o.Name))
			}
		}
		ws = append(ws, w)
		b, err := json.MarshalIndent(ws, "", " ")
		if err != nil {
			return err
		}
		return seal.WriteFile(filepath.Join(a.cfg.Data, keysFolder, witnessesFile), append(b, '\n'))
	})
	return w, err
}

// WitnessSign cosigns another installation's checkpoint.
func (a *App) WitnessSign(ctx context.Context, request []byte, keys *seal.Keys) (cosigned []byte, err error) {
	r, err := seal.ParseRequest(request)
	if err != nil {
		return nil, err
	}
	memory := tlog.NewMemory(filepath.Join(a.cfg.Data, witnessFolder))
	err = a.sealer.With(ctx, func(k *seal.Key) error {
		cosigned, err = memory.Witness(k, r, keys)
		return err
	})
	return cosigned, err
}

// WitnessImport keeps a checkpoint of this log that witnesses have cosigned.
func (a *App) WitnessImport(ctx context.Context, checkpoint []byte) (seal.Checkpoint, error) {
	trust, err := a.trust()
	if err != nil {
		return seal.Checkpoint{}, err
	}
	ws, err := a.cfg.Witnesses()
	if err != nil {
		return seal.Checkpoint{}, err
	}
	return a.sealer.Cosigned(ctx, checkpoint, trust, ws)
}
