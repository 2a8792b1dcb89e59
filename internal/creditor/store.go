package creditor

import (
	"context"

	"acquit/internal/db"
	"acquit/internal/fault"
)

const selectCreditor = `
	SELECT id, name, legal_form, capital, siren, siret, vat_id, register, street, postal_code, city, country, email,
		phone, website, created_at
	FROM creditor`

func scanCreditor(r db.Row) (c Creditor, err error) {
	err = r.Scan(&c.ID, &c.Name, &c.LegalForm, &c.Capital, &c.SIREN, &c.SIRET, &c.VATID, &c.Register, &c.Street,
		&c.PostalCode, &c.City, &c.Country, &c.Email, &c.Phone, &c.Website, db.Instant(&c.CreatedAt))
	return c, err
}

// Find is the creditor of the scope.
func Find(ctx context.Context, tx *db.Tx, s Scope) (Creditor, error) {
	if err := s.Need(Read); err != nil {
		return Creditor{}, err
	}
	return db.One(ctx, tx, scanCreditor, selectCreditor+`
		WHERE id = $1`, s.Creditor)
}

// List is every creditor of the installation, oldest first: for the program
// itself and for whoever holds the database.
func List(ctx context.Context, tx *db.Tx) ([]Creditor, error) {
	return db.All(ctx, tx, scanCreditor, selectCreditor+`
		ORDER BY created_at, id`)
}

func insert(ctx context.Context, tx *db.Tx, c Creditor) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO creditor (id, name, legal_form, capital, siren, siret, vat_id, register, street, postal_code,
			city, country, email, phone, website, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		c.ID, c.Name, c.LegalForm, c.Capital, c.SIREN, c.SIRET, c.VATID, c.Register, c.Street, c.PostalCode,
		c.City, c.Country, c.Email, c.Phone, c.Website, c.CreatedAt)
	return err
}

func update(ctx context.Context, tx *db.Tx, s Scope, c Creditor) error {
	_, err := tx.Exec(ctx, `
		UPDATE creditor
		SET name = $2, legal_form = $3, capital = $4, siren = $5, siret = $6, vat_id = $7, register = $8, street = $9,
			postal_code = $10, city = $11, country = $12, email = $13, phone = $14, website = $15
		WHERE id = $1`,
		s.Creditor, c.Name, c.LegalForm, c.Capital, c.SIREN, c.SIRET, c.VATID, c.Register, c.Street,
		c.PostalCode, c.City, c.Country, c.Email, c.Phone, c.Website)
	return err
}

const selectAccount = `
	SELECT id, holder, iban, bic, currency, created_at, ended_at
	FROM bank_account`

func scanAccount(r db.Row) (a Account, err error) {
	err = r.Scan(&a.ID, &a.Holder, &a.IBAN, &a.BIC, &a.Currency, db.Instant(&a.CreatedAt), db.Instant(&a.EndedAt))
	return a, err
}

// Accounts are the bank accounts in use, oldest first: the first of a currency
// is the one that messages show.
func Accounts(ctx context.Context, tx *db.Tx, s Scope) ([]Account, error) {
	if err := s.Need(Read); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanAccount, selectAccount+`
		WHERE creditor_id = $1 AND ended_at IS NULL
		ORDER BY created_at, id`, s.Creditor)
}

func insertAccount(ctx context.Context, tx *db.Tx, s Scope, a Account) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO bank_account (creditor_id, id, holder, iban, bic, currency, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		s.Creditor, a.ID, a.Holder, a.IBAN, a.BIC, a.Currency, a.CreatedAt)
	return err
}

func endAccount(ctx context.Context, tx *db.Tx, s Scope, id string) error {
	n, err := tx.Exec(ctx, `
		UPDATE bank_account
		SET ended_at = $3
		WHERE creditor_id = $1 AND id = $2 AND ended_at IS NULL`, s.Creditor, id, tx.Now)
	if err == nil && n == 0 {
		return fault.NotFound("compte bancaire %s", id)
	}
	return err
}

const selectClosure = `
	SELECT id, from_on, until_on, label
	FROM closure`

func scanClosure(r db.Row) (c Closure, err error) {
	err = r.Scan(&c.ID, &c.Days.From, &c.Days.To, &c.Label)
	return c, err
}

// Closures are the days on which the creditor does not work, by date.
func Closures(ctx context.Context, tx *db.Tx, s Scope) ([]Closure, error) {
	if err := s.Need(Read); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanClosure, selectClosure+`
		WHERE creditor_id = $1
		ORDER BY from_on, id`, s.Creditor)
}

func insertClosure(ctx context.Context, tx *db.Tx, s Scope, c Closure) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO closure (creditor_id, id, from_on, until_on, label)
		VALUES ($1, $2, $3, $4, $5)`, s.Creditor, c.ID, c.Days.From, c.Days.To, c.Label)
	return err
}

func deleteClosure(ctx context.Context, tx *db.Tx, s Scope, id string) error {
	n, err := tx.Exec(ctx, `
		DELETE FROM closure
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
	if err == nil && n == 0 {
		return fault.NotFound("fermeture %s", id)
	}
	return err
}
