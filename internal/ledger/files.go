package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// File is a document's own copy, as it came.
type File struct {
	SHA256    string
	Name      string
	MediaType string
	Content   []byte
	Import    string // that brought it; empty when a person did
}

// KeepFile stores the bytes of a file, once however often they come, and fills
// in their fingerprint, by which they are found again.
func KeepFile(ctx context.Context, tx *db.Tx, s creditor.Scope, f *File) error {
	sum := sha256.Sum256(f.Content)
	f.SHA256 = hex.EncodeToString(sum[:])
	_, err := tx.Exec(ctx, `
		INSERT INTO file (creditor_id, sha256, name, media_type, size, content, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (creditor_id, sha256) DO NOTHING`,
		s.Creditor, f.SHA256, f.Name, f.MediaType, len(f.Content), f.Content, tx.Now)
	return err
}

// FileContent are the bytes of that fingerprint.
func FileContent(ctx context.Context, tx *db.Tx, s creditor.Scope, sum string) ([]byte, error) {
	return db.One(ctx, tx, db.Value[[]byte], `
		SELECT content
		FROM file
		WHERE creditor_id = $1 AND sha256 = $2`, s.Creditor, sum)
}

// AttachFile keeps a copy beside a document.
func AttachFile(ctx context.Context, tx *db.Tx, s creditor.Scope, document string, f File) error {
	if err := KeepFile(ctx, tx, s, &f); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO document_file (creditor_id, document_id, sha256, name, import_id)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (creditor_id, document_id, sha256) DO NOTHING`, s.Creditor, document, f.SHA256, f.Name, f.Import)
	return err
}

// Files are the copies kept beside a document.
func Files(ctx context.Context, tx *db.Tx, s creditor.Scope, document string) ([]File, error) {
	return db.All(ctx, tx, func(r db.Row) (f File, err error) {
		return f, r.Scan(&f.SHA256, &f.Name, &f.MediaType, &f.Content)
	}, `
		SELECT f.sha256, d.name, f.media_type, f.content
		FROM document_file d
		JOIN file f ON f.creditor_id = d.creditor_id AND f.sha256 = d.sha256
		WHERE d.creditor_id = $1 AND d.document_id = $2
		ORDER BY d.name, f.sha256`, s.Creditor, document)
}

// Copy is a document's own copy without its bytes.
type Copy struct {
	Document string
	SHA256   string
	Name     string
}

// CopiesOf are the copies kept beside a customer's documents.
func CopiesOf(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Copy, error) {
	return db.All(ctx, tx, func(r db.Row) (c Copy, err error) {
		return c, r.Scan(&c.Document, &c.SHA256, &c.Name)
	}, `
		SELECT f.document_id, f.sha256, f.name
		FROM document_file f
		JOIN document d ON d.creditor_id = f.creditor_id AND d.id = f.document_id
		WHERE d.creditor_id = $1 AND d.customer_id = $2
		ORDER BY d.issued_on, d.id, f.name, f.sha256`, s.Creditor, customer)
}
