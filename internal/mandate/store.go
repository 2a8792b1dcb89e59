package mandate

import (
	"context"
	"errors"
	"time"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

func scan(r db.Row) (m Mandate, err error) {
	err = r.Scan(&m.ID, &m.Voice, &m.Name, &m.Address, &m.Insurance, &m.IBAN, &m.BIC, &m.Declared, &m.Agreed, &m.Fees,
		&m.Terms, &m.Since, &m.By, db.Instant(&m.CreatedAt), &m.rank)
	return m, err
}

// Find is the creditor's mandate, and whether one is on.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope) (Mandate, bool, error) {
	m, err := db.One(ctx, tx, scan, `
		SELECT id, voice, name, address, insurance, iban, bic, declared_on, agreed_on, fees, terms, since_on, made_by,
			created_at, rank
		FROM mandate
		WHERE creditor_id = $1
		ORDER BY rank DESC
		LIMIT 1`, s.Creditor)
	if errors.Is(err, fault.ErrNotFound) {
		return m, false, nil
	}
	return m, err == nil && m.Voice != Off, err
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, m Mandate) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO mandate (creditor_id, id, voice, name, address, insurance, iban, bic, declared_on, agreed_on, fees,
			terms, since_on, made_by, created_at, rank)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		s.Creditor, m.ID, string(m.Voice), m.Name, m.Address, m.Insurance, m.IBAN, m.BIC, m.Declared, m.Agreed, m.Fees,
		m.Terms, m.Since, m.By, m.CreatedAt, m.rank)
	return err
}

// FirstLetter is the reminder that left first to a customer since a day, and when;
// nothing where none has.
func FirstLetter(
	ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, m Mandate,
) (reference string, at time.Time, err error) {
	type sent struct {
		reminder string
		at       time.Time
	}
	first, err := db.All(ctx, tx, func(r db.Row) (x sent, err error) {
		return x, r.Scan(&x.reminder, db.Instant(&x.at))
	}, `
		SELECT id, sent
		FROM (
			SELECT m.reminder_id AS id, m.sent_at AS sent
			FROM message m
			JOIN reminder r ON r.creditor_id = m.creditor_id AND r.id = m.reminder_id
			WHERE m.creditor_id = $1 AND m.customer_id = $2 AND m.state = 'sent' AND r.on_day >= $3
		) AS left_already
		ORDER BY sent, id
		LIMIT 1`, s.Creditor, customer, m.Since)
	if err != nil || len(first) == 0 {
		return "", at, err
	}
	return first[0].reminder, first[0].at, nil
}

// ToRemit are the payments that came in since the mandate and that nobody has
// paid over, the oldest first.
func ToRemit(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Held, error) {
	m, on, err := Find(ctx, tx, s)
	if err != nil || !on {
		return nil, err
	}
	return db.All(ctx, tx, func(r db.Row) (h Held, err error) {
		err = r.Scan(&h.Payment, &h.Number, &h.Customer, &h.On, &h.Amount.Currency, &h.Amount.Minor)
		return h, err
	}, `
		SELECT d.id, d.number, d.customer_id, d.issued_on, d.currency, d.amount
		FROM document d
		WHERE d.creditor_id = $1 AND d.kind = 'payment' AND d.nature IN ('', 'advance') AND d.issued_on >= $2
		  AND NOT EXISTS (
			SELECT 1
			FROM remittance_item i
			WHERE i.creditor_id = d.creditor_id AND i.document_id = d.id)
		ORDER BY d.issued_on, d.id`, s.Creditor, m.Since)
}

func insertRemittance(ctx context.Context, tx *db.Tx, s creditor.Scope, r Remittance) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO remittance (creditor_id, id, on_day, currency, amount, reference, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.Creditor, r.ID, r.On, string(r.Amount.Currency), r.Amount.Minor, r.Reference, r.By, r.CreatedAt)
	for _, id := range r.Payments {
		if err != nil {
			break
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO remittance_item (creditor_id, document_id, remittance_id)
			VALUES ($1, $2, $3)`, s.Creditor, id, r.ID)
	}
	return err
}

// Remittances are the last ones recorded, the latest first, each with its payments.
func Remittances(ctx context.Context, tx *db.Tx, s creditor.Scope, limit int) ([]Remittance, error) {
	list, err := db.All(ctx, tx, func(r db.Row) (x Remittance, err error) {
		err = r.Scan(&x.ID, &x.On, &x.Amount.Currency, &x.Amount.Minor, &x.Reference, &x.By, db.Instant(&x.CreatedAt))
		return x, err
	}, `
		SELECT id, on_day, currency, amount, reference, made_by, created_at
		FROM remittance
		WHERE creditor_id = $1
		ORDER BY on_day DESC, created_at DESC, id DESC
		LIMIT $2`, s.Creditor, limit)
	for i := range list {
		if err != nil {
			break
		}
		list[i].Payments, err = db.All(ctx, tx, db.Value[string], `
			SELECT document_id
			FROM remittance_item
			WHERE creditor_id = $1 AND remittance_id = $2
			ORDER BY document_id`, s.Creditor, list[i].ID)
	}
	return list, err
}
