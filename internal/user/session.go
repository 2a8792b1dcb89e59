package user

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"time"

	"github.com/alexedwards/scs/v2"

	"acquit/internal/db"
	"acquit/internal/fault"
)

// Stamp changes when the person's password does: a session that carries an old
// one is over.
func (p Person) Stamp() string {
	sum := sha256.Sum256([]byte("stamp\n" + p.ID + "\n" + p.password))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// Sessions keeps the sessions of browsers in the database, under the hash of
// their token: whoever reads the database cannot take one over. Its clock is
// the world's, since cookies end by it.
type Sessions struct {
	db  *db.DB
	now func() time.Time
}

var _ scs.CtxStore = (*Sessions)(nil)

// NewSessions keeps sessions in d.
func NewSessions(d *db.DB, now func() time.Time) *Sessions { return &Sessions{db: d, now: now} }

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// FindCtx is the content of a session that has not ended.
func (s *Sessions) FindCtx(ctx context.Context, token string) (content []byte, ok bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		content, err = findSession(ctx, tx, hashToken(token), s.now())
		return err
	})
	if errors.Is(err, fault.ErrNotFound) {
		return nil, false, nil
	}
	return content, err == nil, err
}

// CommitCtx stores a session.
func (s *Sessions) CommitCtx(ctx context.Context, token string, content []byte, expires time.Time) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return putSession(ctx, tx, hashToken(token), content, expires)
	})
}

// DeleteCtx ends a session, and forgets those that have ended by themselves.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return deleteSession(ctx, tx, hashToken(token), s.now())
	})
}

// Find is FindCtx for callers without a context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for callers without a context.
func (s *Sessions) Commit(token string, content []byte, expires time.Time) error {
	return s.CommitCtx(context.Background(), token, content, expires)
}

// Delete is DeleteCtx for callers without a context.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
