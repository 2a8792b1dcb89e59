package app

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/post"
	"acquit/internal/setting"
)

// follow asks the provider that posts letters what became of them.
func (a *App) follow(ctx context.Context, s creditor.Scope) error {
	var v setting.Values
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = setting.Load(ctx, tx, s.Creditor)
		return err
	})
	if err != nil {
		return err
	}
	c, err := a.carrier(v)
	if err != nil || c == nil {
		return err
	}
	return post.Follow(ctx, a.DB, s, c, a.Log)
}
