package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// VerifyFiles recomputes the fingerprint of every copy that is kept. It gives
// how many it looked at and the names of those whose bytes have changed.
func VerifyFiles(ctx context.Context, tx *db.Tx, s creditor.Scope) (checked int64, wrong []string, err error) {
	for f, err := range db.Each(ctx, tx, func(r db.Row) (f File, err error) {
		return f, r.Scan(&f.SHA256, &f.Name, &f.Content)
	}, `
		SELECT sha256, name, content
		FROM file
		WHERE creditor_id = $1
		ORDER BY sha256`, s.Creditor) {
		if err != nil {
			return checked, wrong, err
		}
		checked++
		if sum := sha256.Sum256(f.Content); hex.EncodeToString(sum[:]) != f.SHA256 {
			wrong = append(wrong, f.Name)
		}
	}
	return checked, wrong, nil
}
