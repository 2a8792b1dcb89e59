package handover

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

func insertPartner(ctx context.Context, tx *db.Tx, s creditor.Scope, p Partner) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO partner (creditor_id, id, kind, name, street, postal_code, city, siren, contact, email, phone, rate,
			fixed, mandate, note, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		s.Creditor, p.ID, string(p.Kind), p.Name, p.Street, p.PostalCode, p.City, p.SIREN, p.Contact, p.Email, p.Phone,
		p.Terms.Rate, p.Terms.Fixed, p.Mandate, p.Note, p.CreatedAt)
	return err
}

func updatePartner(ctx context.Context, tx *db.Tx, s creditor.Scope, p Partner) error {
	var ended any
	if !p.EndedAt.IsZero() {
		ended = p.EndedAt
	}
	n, err := tx.Exec(ctx, `
		UPDATE partner
		SET kind = $3, name = $4, street = $5, postal_code = $6, city = $7, siren = $8, contact = $9, email = $10,
			phone = $11, rate = $12, fixed = $13, mandate = $14, note = $15, ended_at = $16
		WHERE creditor_id = $1 AND id = $2`,
		s.Creditor, p.ID, string(p.Kind), p.Name, p.Street, p.PostalCode, p.City, p.SIREN, p.Contact, p.Email, p.Phone,
		p.Terms.Rate, p.Terms.Fixed, p.Mandate, p.Note, ended)
	if err == nil && n == 0 {
		return fault.NotFound("intermédiaire %s", p.ID)
	}
	return err
}

func insertHandover(ctx context.Context, tx *db.Tx, s creditor.Scope, h Handover) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO handover (creditor_id, id, customer_id, partner_id, state, currency, rate, fixed, mandate,
			reminder_id, note, prepared_on, prepared_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		s.Creditor, h.ID, h.Customer, h.Partner, string(h.State), string(h.Currency), h.Terms.Rate,
		h.Terms.Fixed, h.Mandate, h.Reminder, h.Note, h.PreparedOn, h.PreparedBy)
	if err != nil {
		return err
	}
	return insertItems(ctx, tx, s, h)
}

func insertItems(ctx context.Context, tx *db.Tx, s creditor.Scope, h Handover) error {
	_, err := tx.Load(ctx, db.Load{
		Table:   "handover_item",
		Columns: []string{"creditor_id", "handover_id", "document_id", "principal", "interest", "indemnity"},
		Rows: func(yield func([]any) bool) {
			for _, i := range h.Items {
				if !yield([]any{s.Creditor, h.ID, i.Document, i.Principal.Minor, i.Interest.Minor, i.Indemnity.Minor}) {
					return
				}
			}
		},
	})
	return err
}

func replaceItems(ctx context.Context, tx *db.Tx, s creditor.Scope, h Handover) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM handover_item
		WHERE creditor_id = $1 AND handover_id = $2`, s.Creditor, h.ID)
	if err != nil {
		return err
	}
	return insertItems(ctx, tx, s, h)
}

func updateHandover(ctx context.Context, tx *db.Tx, s creditor.Scope, h Handover) error {
	_, err := tx.Exec(ctx, `
		UPDATE handover
		SET partner_id = $3, state = $4, outcome = $5, rate = $6, fixed = $7, mandate = $8, dossier = $9,
		dossier_name = $10,
			hold_id = $11, note = $12, handed_on = $13, handed_mark = $14, handed_by = $15, ended_on = $16,
			ended_by = $17, ending = $18, certified_on = $19, certificate = $20, certificate_name = $21
		WHERE creditor_id = $1 AND id = $2`,
		s.Creditor, h.ID, h.Partner, string(h.State), string(h.Outcome), h.Terms.Rate, h.Terms.Fixed,
		h.Mandate, h.Dossier, h.DossierName, h.Hold, h.Note, h.HandedOn, h.mark, h.HandedBy, h.EndedOn, h.EndedBy,
		h.Ending, h.CertifiedOn, h.Certificate, h.CertificateName)
	return err
}

func insertFeedback(ctx context.Context, tx *db.Tx, s creditor.Scope, f Feedback) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO handover_note (creditor_id, id, handover_id, on_day, status, amount, text, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.Creditor, f.ID, f.Handover, f.On, string(f.Status), f.Amount.Minor, f.Text, f.By, tx.Now)
	return err
}

func insertRemittance(ctx context.Context, tx *db.Tx, s creditor.Scope, r Remittance) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO handover_remittance (creditor_id, id, handover_id, on_day, gross, fee, net, payment_id, reference,
			made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.Creditor, r.ID, r.Handover, r.On, r.Gross.Minor, r.Fee.Minor, r.Net.Minor, r.Payment, r.Reference,
		r.By, tx.Now)
	return err
}

func insertDeclarations(
	ctx context.Context, tx *db.Tx, s creditor.Scope, handover, act, way string, on cal.Date, list []Receipt,
) error {
	_, err := tx.Load(ctx, db.Load{
		Table:   "handover_declaration",
		Columns: []string{"creditor_id", "handover_id", "allocation_id", "id", "on_day", "way", "made_by"},
		Rows: func(yield func([]any) bool) {
			for _, r := range list {
				if !yield([]any{s.Creditor, handover, r.Allocation, act, on, way, s.Actor}) {
					return
				}
			}
		},
	})
	return err
}
