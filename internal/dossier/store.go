package dossier

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// Fingerprint is the SHA-256 of bytes, in hexadecimal.
func Fingerprint(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

const selectEvidence = `
	SELECT id, customer_id, kind, sha256, name, media_type, size, on_day, note, made_by, created_at, withdrawn_at,
		withdrawn_by, withdrawn_why
	FROM evidence`

func scanEvidence(r db.Row) (e Evidence, err error) {
	err = r.Scan(&e.ID, &e.Customer, &e.Kind, &e.SHA256, &e.Name, &e.MediaType, &e.Size, &e.On, &e.Note, &e.By,
		db.Instant(&e.CreatedAt), db.Instant(&e.WithdrawnAt), &e.WithdrawnBy, &e.WithdrawnWhy)
	return e, err
}

func insertEvidence(ctx context.Context, tx *db.Tx, s creditor.Scope, e Evidence) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO evidence (creditor_id, id, customer_id, kind, sha256, name, media_type, size, on_day, note,
			made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		s.Creditor, e.ID, e.Customer, string(e.Kind), e.SHA256, e.Name, e.MediaType, e.Size, e.On, e.Note, e.By,
		e.CreatedAt)
	if err != nil {
		return err
	}
	_, err = tx.Load(ctx, db.Load{
		Table: "evidence_item", Columns: []string{"creditor_id", "evidence_id", "document_id"},
		Rows: func(yield func([]any) bool) {
			for _, d := range e.Documents {
				if !yield([]any{s.Creditor, e.ID, d}) {
					return
				}
			}
		},
	})
	return err
}

// EvidenceOf are the pieces of a customer's dossier, the creditor's own and those
// withdrawn included, in the order of the checklist, then by day.
func EvidenceOf(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Evidence, error) {
	list, err := db.All(ctx, tx, scanEvidence, selectEvidence+`
		WHERE creditor_id = $1 AND customer_id IN ('', $2)
		ORDER BY on_day, id`, s.Creditor, customer)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	slices.SortStableFunc(list, func(a, b Evidence) int { return a.Kind.rank() - b.Kind.rank() })
	for i, e := range list {
		at[e.ID] = i
	}
	type item struct{ evidence, document string }
	for x, err := range db.Each(ctx, tx, func(r db.Row) (x item, err error) {
		return x, r.Scan(&x.evidence,
			&x.document)
	}, `
		SELECT i.evidence_id, i.document_id
		FROM evidence_item i
		JOIN evidence e ON e.creditor_id = i.creditor_id AND e.id = i.evidence_id
		WHERE e.creditor_id = $1 AND e.customer_id IN ('', $2)
		ORDER BY i.evidence_id, i.document_id`, s.Creditor, customer) {
		if err != nil {
			return nil, err
		}
		e := &list[at[x.evidence]]
		e.Documents = append(e.Documents, x.document)
	}
	return list, nil
}

func withdraw(ctx context.Context, tx *db.Tx, s creditor.Scope, id, why string) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE evidence
		SET withdrawn_at = $3, withdrawn_by = $4, withdrawn_why = $5
		WHERE creditor_id = $1 AND id = $2 AND withdrawn_at IS NULL`, s.Creditor, id, tx.Now, s.Actor, why)
	return n > 0, err
}

const selectHandout = `
	SELECT id, customer_id, on_day, made_at, made_by, recipient, sha256, name, size, files, score, kept
	FROM dossier`

func scanHandout(r db.Row) (h Handout, err error) {
	err = r.Scan(&h.ID, &h.Customer, &h.On, db.Instant(&h.At), &h.By, &h.Recipient, &h.SHA256, &h.Name, &h.Size,
		&h.Files, &h.Percent, &h.Kept)
	return h, err
}

func insertHandout(ctx context.Context, tx *db.Tx, s creditor.Scope, h Handout) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO dossier (creditor_id, id, customer_id, on_day, made_at, made_by, recipient, sha256, name, size,
			files, score, kept)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		s.Creditor, h.ID, h.Customer, h.On, h.At, h.By, h.Recipient, h.SHA256, h.Name, h.Size, h.Files, h.Percent,
		h.Kept)
	return err
}

// Handouts are the archives that were made of a customer's dossier, the newest
// first, at most limit.
func Handouts(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, limit int) ([]Handout, error) {
	return db.All(ctx, tx, scanHandout, selectHandout+`
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY id DESC
		LIMIT $3`, s.Creditor, customer, limit)
}

// FindHandout is one of them, by its identifier.
func FindHandout(ctx context.Context, tx *db.Tx, s creditor.Scope, customer, id string) (Handout, error) {
	return db.One(ctx, tx, scanHandout, selectHandout+`
		WHERE creditor_id = $1 AND customer_id = $2 AND id = $3`, s.Creditor, customer, id)
}
