package journal

import (
	"context"
	"iter"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// EachAbout streams the entries on a subject, oldest first, for those who keep
// an extract.
func EachAbout(ctx context.Context, tx *db.Tx, s creditor.Scope, subject string) iter.Seq2[Entry, error] {
	return db.Each(ctx, tx, scanEntry, selectEntry+`
		WHERE creditor_id = $1 AND subject = $2
		ORDER BY seq`, s.Creditor, subject)
}

// End is where a creditor's journal ends: the number and hash of its last entry.
func End(ctx context.Context, tx *db.Tx, s creditor.Scope) (seq int64, hash string, err error) {
	e, err := end(ctx, tx, s)
	return e.Seq, e.Hash, err
}

// Genuine tells whether an entry of a creditor's journal has the hash of what it
// says.
func (e Entry) Genuine(creditor string) bool { return e.Hash == e.sum(creditor) }
