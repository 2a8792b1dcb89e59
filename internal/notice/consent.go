package notice

import (
	"context"
	"time"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
)

// Consent is that a customer agreed to be sent electronic registered letters: a
// consumer must have, before the first (CPCE L100).
type Consent struct {
	ID       string
	Customer string
	On       cal.Date
	How      string // by which writing
	FileName string // of the proof
	SHA256   string // of its content; none when empty
	By       string
	At       time.Time
}

// FindConsent is the consent of a customer that stands.
func FindConsent(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) (Consent, error) {
	c, err := db.One(ctx, tx, func(r db.Row) (c Consent, err error) {
		return c, r.Scan(&c.ID, &c.Customer, &c.On, &c.How, &c.FileName, &c.SHA256, &c.By, db.Instant(&c.At))
	}, `
		SELECT id, customer_id, on_day, how, file_name, sha256, made_by, created_at
		FROM notice_consent
		WHERE creditor_id = $1 AND customer_id = $2 AND withdrawn_at IS NULL
		ORDER BY on_day DESC, id DESC
		LIMIT 1`, s.Creditor, customer)
	return c, agreement.Missing(err, "consentement au recommandé électronique")
}

// Agree records that a customer agreed to electronic registered letters; proof
// may be nil. It needs Manage.
func Agree(ctx context.Context, tx *db.Tx, s creditor.Scope, c Consent, proof *ledger.File) (err error) {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if c.How, err = agreement.Reason("how", c.How); err != nil {
		return err
	}
	if err := agreement.Given("on", c.On); err != nil {
		return err
	}
	today, err := todayOf(ctx, tx, s)
	if err != nil {
		return err
	}
	switch {
	case c.On > today:
		return &fault.Invalid{Field: "on", Message: "ce jour n’est pas encore venu", Mend: "saisir le jour de l’accord"}
	case proof != nil && (len(proof.Content) == 0 || len(proof.Content) > maxScan):
		return &fault.Invalid{
			Field: "file", Message: "le fichier est vide ou dépasse 10 Mo", Mend: "déposer l’écrit, en PDF ou en image",
		}
	case proof != nil:
		if err := ledger.KeepFile(ctx, tx, s, proof); err != nil {
			return err
		}
		c.FileName, c.SHA256 = proof.Name, proof.SHA256
	}
	c.ID = tx.NewID("con")
	_, err = tx.Exec(ctx, `
		INSERT INTO notice_consent (creditor_id, id, customer_id, on_day, how, file_name, sha256, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.Creditor, c.ID, c.Customer, c.On, c.How, c.FileName, c.SHA256, s.Actor, tx.Now)
	if err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "notice.consent", "customer/"+c.Customer,
		map[string]any{"consent": c.ID, "on": c.On, "how": c.How, "sha256": c.SHA256})
}

// Disagree records that a customer took her consent back, or that it was noted
// by mistake. It needs Manage.
func Disagree(ctx context.Context, tx *db.Tx, s creditor.Scope, customer, why string) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	why, err := agreement.Reason("why", why)
	if err != nil {
		return err
	}
	if _, err := FindConsent(ctx, tx, s, customer); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE notice_consent
		SET withdrawn_at = $3, withdrawn_by = $4, why = $5
		WHERE creditor_id = $1 AND customer_id = $2
		AND withdrawn_at IS NULL`, s.Creditor, customer, tx.Now, s.Actor, why)
	if err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "notice.disagreed", "customer/"+customer, map[string]any{"why": why})
}
