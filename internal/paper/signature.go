package paper

import (
	"context"
	"errors"
	"net/http"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/letter"
)

// KeepSignature keeps the image that stands above a person's signature on
// letters, a PNG or a JPEG; without a person, above all others. It needs
// Manage: whoever changes how letters are signed is written down.
func KeepSignature(ctx context.Context, tx *db.Tx, s creditor.Scope, person string, image []byte) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if err := letter.CheckImage(image); err != nil {
		return err
	}
	f := ledger.File{Name: "signature", MediaType: http.DetectContentType(image), Content: image}
	if err := ledger.KeepFile(ctx, tx, s, &f); err != nil {
		return err
	}
	if err := upsertSignature(ctx, tx, s, person, f.SHA256); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "signature.kept", "creditor/"+s.Creditor,
		map[string]string{"person": person, "sha256": f.SHA256})
}

// DropSignature takes the image away again. It needs Manage.
func DropSignature(ctx context.Context, tx *db.Tx, s creditor.Scope, person string) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if err := deleteSignature(ctx, tx, s, person); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "signature.dropped", "creditor/"+s.Creditor, map[string]string{"person": person})
}

// signatureOf is a person's image, else the creditor's; nothing without either.
func signatureOf(ctx context.Context, tx *db.Tx, s creditor.Scope, person string) ([]byte, error) {
	sum, err := findSignature(ctx, tx, s, person)
	if errors.Is(err, fault.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return ledger.FileContent(ctx, tx, s, sum)
}
