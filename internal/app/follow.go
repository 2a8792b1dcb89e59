package app

import (
	"context"
	"errors"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/post"
	"acquit/internal/setting"
)

// follow asks the providers that carry letters what became of them.
func (a *App) follow(ctx context.Context, s creditor.Scope) error {
	var v setting.Values
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = setting.Load(ctx, tx, s.Creditor)
		return err
	})
	if err != nil {
		return err
	}
	return errors.Join(a.followPost(ctx, s, v), a.followRegistered(ctx, s, v))
}

func (a *App) followPost(ctx context.Context, s creditor.Scope, v setting.Values) error {
	c, err := a.carrier(v)
	if err != nil || c == nil {
		return err
	}
	return post.Follow(ctx, a.DB, s, c, a.Log)
}

func (a *App) followRegistered(ctx context.Context, s creditor.Scope, v setting.Values) error {
	c, err := a.courier(v)
	if err != nil || c == nil {
		return err
	}
	return post.FollowRegistered(ctx, a.DB, s, c, a.Log)
}
