package handover

import (
	"context"

	"acquit/internal/agreement"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
)

const selectLoss = `
	SELECT l.id, l.customer_id, l.document_id, d.number, l.handover_id, l.currency, l.amount, l.event, l.event_on,
	l.reason,
		l.state, l.asked_on, l.asked_by, l.decided_on, l.decided_by, l.reversed_on, l.reversed_by, l.reversal,
		l.credit_id, l.allocation_id
	FROM write_off l
	JOIN document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id`

func scanLoss(r db.Row) (l Loss, err error) {
	var amount int64
	var c money.Currency
	err = r.Scan(&l.ID, &l.Customer, &l.Document, &l.Number, &l.Handover, &c, &amount, &l.Event, &l.EventOn, &l.Reason,
		&l.State, &l.AskedOn, &l.AskedBy, &l.DecidedOn, &l.DecidedBy, &l.ReversedOn, &l.ReversedBy,
		&l.Reversal, &l.Credit,
		&l.Allocation)
	l.Amount = money.New(amount, c)
	return l, err
}

// FindLoss is the write-off of that identifier.
func FindLoss(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Loss, error) {
	l, err := db.One(ctx, tx, scanLoss, selectLoss+`
		WHERE l.creditor_id = $1 AND l.id = $2`, s.Creditor, id)
	return l, agreement.Missing(err, "passage en perte %s", id)
}

// LossFilter says which write-offs a list shows, newest first.
type LossFilter struct {
	States   []LossState
	Customer string
	Limit    int
}

// Losses lists write-offs, newest first.
func Losses(ctx context.Context, tx *db.Tx, s creditor.Scope, f LossFilter) ([]Loss, error) {
	var w db.Where
	w.And("l.creditor_id = ?", s.Creditor)
	if len(f.States) > 0 {
		db.In(&w, "l.state", f.States)
	}
	if f.Customer != "" {
		w.And("l.customer_id = ?", f.Customer)
	}
	query := selectLoss + w.SQL() + `
		ORDER BY l.id DESC
		LIMIT ` + w.Arg(max(1, f.Limit))
	return db.All(ctx, tx, scanLoss, query, w.Args...)
}

func lossesOn(ctx context.Context, tx *db.Tx, s creditor.Scope, document string, state LossState) ([]Loss, error) {
	return db.All(ctx, tx, scanLoss, selectLoss+`
		WHERE l.creditor_id = $1 AND l.document_id = $2 AND l.state = $3`, s.Creditor, document, string(state))
}

func insertLoss(ctx context.Context, tx *db.Tx, s creditor.Scope, l Loss) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO write_off (creditor_id, id, customer_id, document_id, handover_id, currency, amount, event,
			event_on, reason, state, asked_on, asked_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		s.Creditor, l.ID, l.Customer, l.Document, l.Handover, string(l.Amount.Currency), l.Amount.Minor,
		string(l.Event), l.EventOn, l.Reason, string(l.State), l.AskedOn, l.AskedBy, tx.Now)
	return err
}

func updateLoss(ctx context.Context, tx *db.Tx, s creditor.Scope, l Loss) error {
	_, err := tx.Exec(ctx, `
		UPDATE write_off
		SET state = $3, decided_on = $4, decided_by = $5, reversed_on = $6, reversed_by = $7, reversal = $8,
			credit_id = $9, allocation_id = $10
		WHERE creditor_id = $1 AND id = $2`,
		s.Creditor, l.ID, string(l.State), l.DecidedOn, l.DecidedBy, l.ReversedOn, l.ReversedBy, l.Reversal, l.Credit,
		l.Allocation)
	return err
}
