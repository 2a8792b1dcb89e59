package insolvency

import (
	"context"
	"encoding/json"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/registry"
)

const selectCase = `
	SELECT id, customer_id, kind, judgment_on, published_on, court, office_name, office_street, office_postal,
	office_city,
		office_email, far, securities, retention, source, note, made_by, created_at, declared_on, tracking, objected_on,
		closed_on, closed_as
	FROM insolvency`

func scanCase(r db.Row) (c Case, err error) {
	o := &c.Office
	err = r.Scan(&c.ID, &c.Customer, &c.Kind, &c.Judgment, &c.Published, &c.Court, &o.Name, &o.Street,
		&o.PostalCode, &o.City,
		&o.Email, &c.Far, &c.Securities, &c.Retention, &c.Source, &c.Note, &c.By, db.Instant(&c.CreatedAt), &c.Declared,
		&c.Tracking, &c.Objected, &c.Ended, &c.EndedAs)
	return c, err
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, c Case) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO insolvency (creditor_id, id, customer_id, kind, judgment_on, published_on, court, office_name,
			office_street, office_postal, office_city, office_email, far, securities, retention, source, note, made_by,
			created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		s.Creditor, c.ID, c.Customer, string(c.Kind), c.Judgment, c.Published, c.Court, c.Office.Name, c.Office.Street,
		c.Office.PostalCode, c.Office.City, c.Office.Email, c.Far, c.Securities, c.Retention, c.Source, c.Note, c.By,
		c.CreatedAt)
	return err
}

func update(ctx context.Context, tx *db.Tx, s creditor.Scope, c Case) error {
	_, err := tx.Exec(ctx, `
		UPDATE insolvency
		SET kind = $3, judgment_on = $4, published_on = $5, court = $6, office_name = $7, office_street = $8,
			office_postal = $9, office_city = $10, office_email = $11, far = $12, securities = $13, retention = $14,
			note = $15, declared_on = $16, tracking = $17, objected_on = $18, closed_on = $19, closed_as = $20
		WHERE creditor_id = $1 AND id = $2`,
		s.Creditor, c.ID, string(c.Kind), c.Judgment, c.Published, c.Court, c.Office.Name, c.Office.Street,
		c.Office.PostalCode, c.Office.City, c.Office.Email, c.Far, c.Securities, c.Retention, c.Note,
		c.Declared, c.Tracking, c.Objected, c.Ended, string(c.EndedAs))
	return err
}

// Find is the case of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Case, error) {
	c, err := db.One(ctx, tx, scanCase, selectCase+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
	return c, agreement.Missing(err, "procédure %s", id)
}

// List are the cases of a customer, the newest first.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Case, error) {
	return db.All(ctx, tx, scanCase, selectCase+`
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY judgment_on DESC, id DESC`, s.Creditor, customer)
}

// maxOpen bounds a list of cases that go on.
const maxOpen = 500

// Going are the cases that go on, the newest judgment first.
func Going(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Case, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanCase, selectCase+`
		WHERE creditor_id = $1 AND closed_on IS NULL
		ORDER BY judgment_on DESC, id DESC
		LIMIT $2`, s.Creditor, maxOpen)
}

// Of is the collective procedure that a customer is in: the case, or the day alone
// where that is all that its card says. Nothing is no procedure.
func Of(ctx context.Context, tx *db.Tx, s creditor.Scope, customerID string) (*Case, error) {
	list, err := List(ctx, tx, s, customerID)
	if err != nil {
		return nil, err
	}
	who, err := customer.Find(ctx, tx, s, customerID)
	if err != nil || who.InsolventOn.IsZero() {
		return nil, err
	}
	for _, c := range list {
		if c.EndedAs != Mistake && c.Judgment == who.InsolventOn {
			return &c, nil
		}
	}
	return &Case{Customer: who.ID, Judgment: who.InsolventOn, Source: ByHand}, nil
}

// Known is an announcement that was recognised as a customer's.
type Known struct {
	registry.Announcement

	Customer string
	Register string
	Meaning  Meaning
}

func scanKnown(r db.Row) (k Known, err error) {
	var content string
	if err := r.Scan(&k.Customer, &k.Register, &k.Meaning, &content); err != nil {
		return k, err
	}
	return k, json.Unmarshal([]byte(content), &k.Announcement)
}

// Announcements are those recognised as a customer's, the newest first.
func Announcements(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Known, error) {
	return db.All(ctx, tx, scanKnown, `
		SELECT customer_id, register, meaning, content
		FROM announcement
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY published_on DESC, id DESC`, s.Creditor, customer)
}

// keep stores an announcement once, and tells whether it is new.
func keep(ctx context.Context, tx *db.Tx, s creditor.Scope, k Known) (bool, error) {
	content, err := json.Marshal(k.Announcement)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `
		INSERT INTO announcement (creditor_id, customer_id, register, id, meaning, published_on, title, content,
		seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (creditor_id, customer_id, register, id) DO NOTHING`,
		s.Creditor, k.Customer, k.Register, k.ID, string(k.Meaning), k.Published, k.Title(), string(content), tx.Now)
	return n > 0, err
}

// withSIREN are the customers of that number, alone or in their SIRET.
func withSIREN(ctx context.Context, tx *db.Tx, s creditor.Scope, siren string) ([]string, error) {
	return db.All(ctx, tx, db.Value[string], `
		SELECT id
		FROM customer
		WHERE creditor_id = $1 AND (siren = $2 OR siret LIKE $3)
		ORDER BY id`, s.Creditor, siren, siren+"_____")
}

// Watched is a customer who owes something and can be looked up.
type Watched struct{ ID, Code, SIREN string }

// Watch are customers with something open and a number, by identifier, those looked up
// since a day left out.
func Watch(
	ctx context.Context, tx *db.Tx, s creditor.Scope, register, after string, since cal.Date, limit int,
) ([]Watched, error) {
	return db.All(ctx, tx, func(r db.Row) (w Watched, err error) {
		return w, r.Scan(&w.ID, &w.Code, &w.SIREN)
	}, `
		SELECT c.id, c.code, CASE WHEN c.siren <> '' THEN c.siren ELSE substr(c.siret, 1, 9) END
		FROM customer c
		LEFT JOIN register_check k ON k.creditor_id = c.creditor_id AND k.customer_id = c.id AND k.register = $3
			AND k.problem = ''
		WHERE c.creditor_id = $1 AND c.id > $2 AND c.kind = 'business' AND (c.siren <> '' OR c.siret <> '')
		  AND (k.checked_at IS NULL OR k.checked_at < $4)
		  AND EXISTS (
			SELECT 1
			FROM document d
			WHERE d.creditor_id = c.creditor_id AND d.customer_id = c.id AND d.kind = 'invoice' AND d.open_amount <> 0)
		ORDER BY c.id
		LIMIT $5`, s.Creditor, after, register, since.Time(), limit)
}

// checked notes that a customer was looked up, and what went wrong.
func checked(ctx context.Context, tx *db.Tx, s creditor.Scope, register, customer, problem string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO register_check (creditor_id, customer_id, register, checked_at, problem)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (creditor_id, customer_id, register) DO UPDATE
		SET checked_at = excluded.checked_at,
		problem = excluded.problem`, s.Creditor, customer, register, tx.Now, problem)
	return err
}
