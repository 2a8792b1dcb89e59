package charge

import (
	"context"
	"fmt"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
)

func scanEntry(r db.Row) (e Entry, err error) {
	var c money.Currency
	err = r.Scan(&e.ID, &e.Customer, &e.Invoice, &e.What, &e.Act, &e.Claim, &c, &e.Amount.Minor, &e.Until,
		&e.On, &e.Reason, &e.Note, &e.By, db.Instant(&e.At))
	e.Amount.Currency = c
	return e, err
}

const selectEntry = `
	SELECT id, customer_id, document_id, what, act, claim_id, currency, amount, until_on, on_day, reason, note_id,
		made_by, created_at
	FROM charge_entry`

// entriesOf are a customer's entries that stand, oldest first.
func entriesOf(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Entry, error) {
	return db.All(ctx, tx, scanEntry, selectEntry+`
		WHERE creditor_id = $1 AND customer_id = $2 AND withdrawn_at IS NULL
		ORDER BY id`, s.Creditor, customer)
}

func findEntry(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Entry, error) {
	return db.One(ctx, tx, scanEntry, selectEntry+`
		WHERE creditor_id = $1 AND id = $2 AND withdrawn_at IS NULL`, s.Creditor, id)
}

func insertEntry(ctx context.Context, tx *db.Tx, s creditor.Scope, e Entry) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO charge_entry (creditor_id, id, customer_id, document_id, what, act, claim_id, currency, amount,
			until_on, on_day, reason, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		s.Creditor, e.ID, e.Customer, e.Invoice, string(e.What), string(e.Act), e.Claim, string(e.Amount.Currency),
		e.Amount.Minor, e.Until, e.On, e.Reason, e.By, e.At)
	return err
}

// withdraw takes back an entry that is in no books and tells whether it did.
func withdraw(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE charge_entry
		SET withdrawn_at = $3, withdrawn_by = $4
		WHERE creditor_id = $1 AND id = $2 AND withdrawn_at IS NULL AND note_id = ''`,
		s.Creditor, id, tx.Now, s.Actor)
	return n > 0, err
}

func book(ctx context.Context, tx *db.Tx, s creditor.Scope, id, note string) error {
	_, err := tx.Exec(ctx, `
		UPDATE charge_entry
		SET note_id = $3
		WHERE creditor_id = $1 AND id = $2 AND note_id = ''`, s.Creditor, id, note)
	return err
}

// nextNumber is the next of a series: they have no gaps, so that nothing booked
// can be taken away unseen.
func nextNumber(ctx context.Context, tx *db.Tx, s creditor.Scope, series string) (string, error) {
	n, err := db.One(ctx, tx, db.Value[int64], `
		INSERT INTO charge_number (creditor_id, series, last)
		VALUES ($1, $2, 1)
		ON CONFLICT (creditor_id, series) DO UPDATE
		SET last = charge_number.last + 1
		RETURNING last`, s.Creditor, series)
	return fmt.Sprintf("%s-%04d", series, n), err
}

func findContract(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) (Contract, error) {
	return db.One(ctx, tx, func(r db.Row) (c Contract, err error) {
		return c, r.Scan(&c.Rate, &c.Imputation, &c.Basis, &c.CompoundOn)
	}, `
		SELECT rate, imputation, basis, compound_on
		FROM charge_terms
		WHERE creditor_id = $1 AND customer_id = $2`, s.Creditor, customer)
}

func putContract(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, c Contract) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO charge_terms
			(creditor_id, customer_id, rate, imputation, basis, compound_on, changed_at, changed_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (creditor_id, customer_id) DO UPDATE
		SET rate = excluded.rate, imputation = excluded.imputation, basis = excluded.basis,
			compound_on = excluded.compound_on, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
		s.Creditor, customer, c.Rate, string(c.Imputation), string(c.Basis), c.CompoundOn, tx.Now, s.Actor)
	return err
}

func insertNotice(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, r Received) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO charge_notice (creditor_id, id, customer_id, received_on, note, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, s.Creditor, r.ID, customer, r.On, r.Note, r.By, r.At)
	return err
}

// Notices are the formal notices that a person has recorded as received, oldest
// first.
func Notices(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Received, error) {
	return db.All(ctx, tx, func(r db.Row) (n Received, err error) {
		return n, r.Scan(&n.ID, &n.On, &n.Note, &n.By, db.Instant(&n.At))
	}, `
		SELECT id, received_on, note, made_by, created_at
		FROM charge_notice
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY received_on, id`, s.Creditor, customer)
}

func scanStatement(r db.Row) (i Issued, err error) {
	return i, r.Scan(&i.ID, &i.Customer, &i.Version, &i.Until, &i.PDF, &i.XLSX, &i.By, db.Instant(&i.At))
}

const selectStatement = `
	SELECT id, customer_id, version, until_on, pdf, xlsx, made_by, created_at
	FROM charge_statement`

// Statements are those issued to a customer, newest first.
func Statements(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Issued, error) {
	return db.All(ctx, tx, scanStatement, selectStatement+`
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY version DESC`, s.Creditor, customer)
}

// FindStatement is the one of that identifier.
func FindStatement(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Issued, error) {
	return db.One(ctx, tx, scanStatement, selectStatement+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
}

func insertStatement(ctx context.Context, tx *db.Tx, s creditor.Scope, i Issued) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO charge_statement (creditor_id, id, customer_id, version, until_on, pdf, xlsx, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.Creditor, i.ID, i.Customer, i.Version, i.Until, i.PDF, i.XLSX, i.By, i.At)
	return err
}
