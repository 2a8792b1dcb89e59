package paper

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

const selectGuarantor = `
	SELECT id, customer_id, name, person, street, postal_code, city, country, language, signed_on, ends_on, currency,
		ceiling, note, made_by, created_at, ended_on
	FROM guarantor`

func scanGuarantor(r db.Row) (g Guarantor, err error) {
	err = r.Scan(&g.ID, &g.Customer, &g.Name, &g.Person, &g.Street, &g.PostalCode, &g.City, &g.Country, &g.Language,
		&g.SignedOn, &g.EndsOn, &g.Ceiling.Currency, &g.Ceiling.Minor, &g.Note, &g.By,
		db.Instant(&g.CreatedAt), &g.Ended)
	return g, err
}

func insertGuarantor(ctx context.Context, tx *db.Tx, s creditor.Scope, g Guarantor) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO guarantor (creditor_id, id, customer_id, name, person, street, postal_code, city, country, language,
			signed_on, ends_on, currency, ceiling, note, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		s.Creditor, g.ID, g.Customer, g.Name, g.Person, g.Street, g.PostalCode, g.City, g.Country, g.Language,
		g.SignedOn, g.EndsOn, g.Ceiling.Currency, g.Ceiling.Minor, g.Note, g.By, g.CreatedAt)
	return err
}

// FindGuarantor is the guarantor of that identifier. It needs Read.
func FindGuarantor(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Guarantor, error) {
	if err := s.Need(creditor.Read); err != nil {
		return Guarantor{}, err
	}
	return db.One(ctx, tx, scanGuarantor, selectGuarantor+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
}

// Guarantors are a customer's, those of old included. It needs Read.
func Guarantors(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Guarantor, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanGuarantor, selectGuarantor+`
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY created_at, id`, s.Creditor, customer)
}

// maxGuarantors bounds the list of all.
const maxGuarantors = 1000

// AllGuarantors are those of all customers that nobody ended. It needs Read.
func AllGuarantors(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Guarantor, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanGuarantor, selectGuarantor+`
		WHERE creditor_id = $1 AND ended_on IS NULL
		ORDER BY customer_id, created_at, id
		LIMIT $2`, s.Creditor, maxGuarantors)
}

func endGuarantor(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, on cal.Date) error {
	_, err := tx.Exec(ctx, `
		UPDATE guarantor
		SET ended_on = $3
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id, on)
	return err
}

func upsertSignature(ctx context.Context, tx *db.Tx, s creditor.Scope, person, sum string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO signature (creditor_id, person_id, sha256, created_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (creditor_id, person_id) DO UPDATE SET sha256 = excluded.sha256, created_at = excluded.created_at`,
		s.Creditor, person, sum, tx.Now)
	return err
}

func deleteSignature(ctx context.Context, tx *db.Tx, s creditor.Scope, person string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM signature
		WHERE creditor_id = $1 AND person_id = $2`, s.Creditor, person)
	return err
}

// findSignature is the fingerprint of a person's image, else of the creditor's.
func findSignature(ctx context.Context, tx *db.Tx, s creditor.Scope, person string) (string, error) {
	return db.One(ctx, tx, db.Value[string], `
		SELECT sha256
		FROM signature
		WHERE creditor_id = $1 AND person_id IN ($2, '')
		ORDER BY person_id DESC
		LIMIT 1`, s.Creditor, person)
}
