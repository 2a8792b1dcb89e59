package user

import (
	"context"
	"errors"
	"fmt"
	"time"

	"acquit/internal/db"
	"acquit/internal/fault"
)

// The lockout. After free wrong passwords an account waits a minute, then twice
// as long each time, up to an hour; an address of the network has more room,
// since a whole office may share it. A day without a failure forgets them.
const (
	freePerPerson  = 5
	freePerNetwork = 30
	firstWait      = time.Minute
	longestWait    = time.Hour
	forgetAfter    = 24 * time.Hour
)

// ErrWrong is the one answer to a wrong address, a wrong password and an account
// that may not sign in: it tells a stranger nothing.
var ErrWrong = &fault.Denied{Message: "adresse ou mot de passe incorrect"}

// SignIn is the person with that address and password, or ErrWrong, or a
// fault.Denied that says how long to wait. Network is where the attempt comes
// from. An attempt is counted before the password is looked at, so that many at
// once gain nothing.
func SignIn(ctx context.Context, d *db.DB, h *Hasher, email, password, network string) (Person, error) {
	keys := []attempt{
		{"person/" + normal(email), freePerPerson},
		{"network/" + network, freePerNetwork},
	}
	var p Person
	err := d.Write(ctx, func(tx *db.Tx) error {
		for _, k := range keys {
			if err := k.count(ctx, tx); err != nil {
				return err
			}
		}
		found, err := ByEmail(ctx, tx, email)
		if errors.Is(err, fault.ErrNotFound) {
			return nil
		}
		p = found
		return err
	})
	if err != nil {
		return Person{}, err
	}
	if err := prove(ctx, d, h, p, password, keys); err != nil {
		return Person{}, err
	}
	return p, nil
}

// prove checks the password outside of any transaction, since it takes its
// time, and forgets the failures when it is right.
func prove(ctx context.Context, d *db.DB, h *Hasher, p Person, password string, keys []attempt) error {
	hash := p.password
	if hash == "" {
		hash = h.decoy
	}
	right, stale, err := h.Check(ctx, hash, password)
	if err != nil {
		return err
	}
	if !right || p.password == "" || !p.DisabledAt.IsZero() {
		return ErrWrong
	}
	fresh := ""
	if stale {
		if fresh, err = h.Hash(ctx, password); err != nil {
			return err
		}
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		for _, k := range keys {
			if err := clearFailures(ctx, tx, k.key, tx.Now.Add(-forgetAfter)); err != nil {
				return err
			}
		}
		if fresh == "" {
			return nil
		}
		return storePassword(ctx, tx, p.ID, fresh)
	})
}

// attempt is one of the two ways in which attempts are counted.
type attempt struct {
	key  string
	free int64
}

// count adds an attempt, or refuses it while its key must wait: a refused
// attempt is not counted, so that nobody is locked out for ever by another.
func (a attempt) count(ctx context.Context, tx *db.Tx) error {
	if err := tx.Lock(ctx, "login/"+a.key); err != nil {
		return err
	}
	f, err := failuresOf(ctx, tx, a.key)
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return err
	}
	if tx.Now.Sub(f.last) > forgetAfter {
		f.count = 0
	}
	if wait := f.last.Add(a.wait(f.count)).Sub(tx.Now); wait > 0 {
		return fault.Deniedf("trop d’essais : attendez %s avant de réessayer", minutes(wait))
	}
	return putFailures(ctx, tx, a.key, failures{count: f.count + 1, last: tx.Now})
}

// wait is how long after the count-th attempt the next one is refused.
func (a attempt) wait(count int64) time.Duration {
	if count < a.free {
		return 0
	}
	return min(longestWait, firstWait<<min(count-a.free, 10))
}

func minutes(d time.Duration) string {
	n := int((d + time.Minute - 1) / time.Minute)
	if n == 1 {
		return "une minute"
	}
	return fmt.Sprintf("%d minutes", n)
}

// SetPassword gives a person a password, whatever it was before, and thereby
// ends their sessions and links.
func SetPassword(ctx context.Context, d *db.DB, h *Hasher, id, password string) error {
	var p Person
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = Find(ctx, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	if err := checkPassword(p, password); err != nil {
		return err
	}
	hash, err := h.Hash(ctx, password)
	if err != nil {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		if err := clearFailures(ctx, tx, "person/"+p.Email, tx.Now.Add(-forgetAfter)); err != nil {
			return err
		}
		return storePassword(ctx, tx, id, hash)
	})
}

// ChangePassword is SetPassword by the person, who proves the old one.
func ChangePassword(ctx context.Context, d *db.DB, h *Hasher, p Person, old, password string) error {
	if _, err := SignIn(ctx, d, h, p.Email, old, "self/"+p.ID); err != nil {
		if errors.Is(err, ErrWrong) {
			return fault.Invalidf("old", "ce n’est pas votre mot de passe actuel")
		}
		return err
	}
	return SetPassword(ctx, d, h, p.ID, password)
}
