package cash

import (
	"context"

	"acquit/internal/advice"
	"acquit/internal/db"
)

// meet attaches the remittance advices that waited to the entries that came: what
// they say is known before anything is matched.
func (r *run) meet(ctx context.Context) error {
	var waiting []advice.Kept
	err := r.d.Read(ctx, func(tx *db.Tx) (err error) {
		waiting, err = advice.Waiting(ctx, tx, r.s)
		return err
	})
	if err != nil || len(waiting) == 0 {
		return err
	}
	return r.d.Write(ctx, func(tx *db.Tx) error {
		_, err := advice.Meet(ctx, tx, r.rule)
		return err
	})
}
