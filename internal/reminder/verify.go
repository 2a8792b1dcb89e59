package reminder

import (
	"context"

	"acquit/internal/channel"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

// VerifyMessages recomputes the fingerprint of every message that was written.
// It gives how many it looked at and the identifiers of those whose bytes have
// changed since.
func VerifyMessages(ctx context.Context, tx *db.Tx, s creditor.Scope) (checked int64, wrong []string, err error) {
	type stored struct {
		sum     string
		message channel.Message
	}
	for m, err := range db.Each(ctx, tx, func(r db.Row) (m stored, err error) {
		return m, r.Scan(&m.message.ID, &m.sum, &m.message.Raw)
	}, `
		SELECT id, sha256, raw
		FROM message
		WHERE creditor_id = $1
		ORDER BY id`, s.Creditor) {
		if err != nil {
			return checked, wrong, err
		}
		checked++
		if m.message.Fingerprint() != m.sum {
			wrong = append(wrong, m.message.ID)
		}
	}
	return checked, wrong, nil
}
