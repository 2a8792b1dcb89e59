package reminder

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// approveByRule approves what the creditor lets leave without a person: steps
// that ask for no approval, below the ceiling. A new creditor approves
// everything by hand.
func (d *Desk) approveByRule(ctx context.Context, s creditor.Scope, r *Report) error {
	var o office
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		o, err = openOffice(ctx, tx, s)
		return err
	})
	if err != nil || setting.ApproveAll.In(o.values) {
		return err
	}
	rule := creditor.Scope{Creditor: s.Creditor, Actor: creditor.ActorRule, Rights: creditor.Work}
	after := ""
	for {
		var page []string
		err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
			page, err = eligible(ctx, tx, s, setting.AutoCeiling.In(o.values), o, after)
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, id := range page {
			if err := d.approveOne(ctx, rule, id, r); err != nil {
				return err
			}
		}
		after = page[len(page)-1]
	}
}

// approveOne approves in a transaction of its own: what stops one reminder, a
// missing address or a wrong template, is noted on it and stops no other.
func (d *Desk) approveOne(ctx context.Context, rule creditor.Scope, id string, r *Report) error {
	err := d.DB.Write(ctx, func(tx *db.Tx) error { return d.Approve(ctx, tx, rule, id) })
	if err == nil {
		r.Approved++
		return nil
	}
	why := err.Error()
	if fault.KindOf(err) == fault.KindInternal {
		d.Log.ErrorContext(ctx, "a reminder could not be approved", "reminder", id, "error", err)
		why = "le message n’a pas pu être écrit : voir le journal du serveur"
	}
	return d.DB.Write(ctx, func(tx *db.Tx) error { return note(ctx, tx, rule, id, why) })
}

// eligible are the next reminders that a rule may approve. A ceiling is in
// euros: a claim in another currency waits for a person.
func eligible(
	ctx context.Context, tx *db.Tx, s creditor.Scope, ceiling money.Amount, o office, after string,
) ([]string, error) {
	return db.All(ctx, tx, db.Value[string], `
		SELECT id
		FROM reminder
		WHERE creditor_id = $1 AND state = 'proposed' AND approve = FALSE AND formal = FALSE
		  AND currency = $2 AND amount <= $3 AND (not_before IS NULL OR not_before <= $4) AND id > $5
		ORDER BY id
		LIMIT 100`, s.Creditor, string(ceiling.Currency), ceiling.Minor, o.today, after)
}

// note writes on a waiting reminder why it could not be approved.
func note(ctx context.Context, tx *db.Tx, s creditor.Scope, id, why string) error {
	_, err := tx.Exec(ctx, `
		UPDATE reminder
		SET note = $3
		WHERE creditor_id = $1 AND id = $2 AND state IN ('proposed', 'failed')`, s.Creditor, id, why)
	return err
}

// Outcome is what became of one approval among many.
type Outcome struct {
	Reminder string
	Err      error
}

// ApproveAll approves many reminders, each in its own transaction; what fails
// is noted on the reminder and told.
func (d *Desk) ApproveAll(
	ctx context.Context, s creditor.Scope, ids []string, progress func(done int),
) (failed []Outcome, err error) {
	for i, id := range ids {
		err := d.DB.Write(ctx, func(tx *db.Tx) error { return d.Approve(ctx, tx, s, id) })
		if err != nil {
			failed = append(failed, Outcome{id, err})
			if fault.KindOf(err) != fault.KindConflict {
				err := d.DB.Write(ctx, func(tx *db.Tx) error { return note(ctx, tx, s, id, err.Error()) })
				if err != nil {
					return failed, err
				}
			}
		}
		if progress != nil {
			progress(i + 1)
		}
	}
	return failed, ctx.Err()
}
