package app

import (
	"context"
	"errors"
	"time"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ingest/apply"
	"acquit/internal/setting"
)

// watch takes in what lies in the creditor's watched folders. A folder that
// cannot be read stops no other.
func (a *App) watch(ctx context.Context, s creditor.Scope) error {
	var v setting.Values
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = setting.Load(ctx, tx, s.Creditor)
		return err
	})
	if err != nil {
		return err
	}
	o := apply.Options{Drivers: Formats(), Vanish: setting.StockVanishShare.In(v)}
	var all error
	for _, dir := range setting.WatchFolders.In(v) {
		o.Source = dir
		list, err := apply.Watch(ctx, a.DB, s, o, dir, time.Now)
		all = errors.Join(all, err)
		for _, one := range list {
			if one.Err != nil {
				a.Log.WarnContext(ctx, "dropped file refused", "creditor", s.Creditor, "file", one.File, "why", one.Err)
			}
		}
	}
	return errors.Join(all, a.match(ctx, s))
}
