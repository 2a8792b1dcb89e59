package dossier

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/journal"
	"acquit/internal/ledger"
)

// Made is an archive that was written.
type Made struct {
	Name      string
	SHA256    string
	Size      int64
	Files     int
	At        time.Time
	Customers []ManifestParty
	Kept      bool // its bytes can be had again
	IDs       []string
}

func made(a *archive, o Request) Made {
	m := Made{
		Name: "dossiers-" + o.Day.String() + ".zip", SHA256: a.sum(), Size: a.counted.n,
		Files: len(a.manifest.Files) + 2, At: a.manifest.MadeAt, Customers: a.manifest.Customers,
	}
	if len(m.Customers) == 1 {
		m.Name = "dossier-" + safe(m.Customers[0].Code) + "-" + o.Day.String() + ".zip"
	}
	return m
}

// keptSize is up to which size the bytes of an archive stay in the database, to be
// had again. Of a larger one the fingerprint stays, and all it was made of.
const keptSize = 32 << 20

// Make writes the archive of a request into a file and records that it was made:
// by whom, when, for whom, how complete, with which fingerprint.
func Make(ctx context.Context, d *db.DB, s creditor.Scope, o Request, f *os.File) (m Made, err error) {
	err = d.Read(ctx, func(tx *db.Tx) (err error) {
		m, err = Write(ctx, tx, s, o, f)
		return err
	})
	if err != nil {
		return m, err
	}
	var content []byte
	if m.Kept = m.Size <= keptSize; m.Kept {
		if content, err = reread(f); err != nil {
			return m, err
		}
	}
	err = d.Write(ctx, func(tx *db.Tx) error { return record(ctx, tx, s, o, &m, content) })
	return m, err
}

func reread(f *os.File) ([]byte, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	content, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	_, err = f.Seek(0, io.SeekEnd)
	return content, err
}

// record writes an archive down, once a customer.
func record(ctx context.Context, tx *db.Tx, s creditor.Scope, o Request, m *Made, content []byte) error {
	if m.Kept {
		f := ledger.File{Name: m.Name, MediaType: "application/zip", Content: content}
		if err := ledger.KeepFile(ctx, tx, s, &f); err != nil {
			return err
		}
	}
	for _, c := range m.Customers {
		h := Handout{
			ID: tx.NewID("dos"), Customer: c.ID, On: o.Day, At: m.At, By: s.Actor, Recipient: o.Recipient,
			SHA256: m.SHA256,
			Name:   m.Name, Size: m.Size, Files: m.Files, Percent: *c.Percent, Kept: m.Kept,
		}
		m.IDs = append(m.IDs, h.ID)
		err := errors.Join(insertHandout(ctx, tx, s, h), journal.Write(ctx, tx, s, "dossier.made", "customer/"+c.ID,
			handoutNote{
				Dossier: h.ID, On: o.Day, SHA256: m.SHA256, Size: m.Size, Percent: h.Percent, Recipient: o.Recipient,
			}))
		if err != nil {
			return err
		}
	}
	return nil
}

// handoutNote is what the journal says of an archive.
type handoutNote struct {
	Dossier   string   `json:"dossier"`
	On        cal.Date `json:"on"`
	SHA256    string   `json:"sha256"`
	Size      int64    `json:"size"`
	Percent   int      `json:"percent"`
	Recipient string   `json:"recipient,omitempty"`
}

// Handout is an archive that was made of a customer's dossier.
type Handout struct {
	ID        string
	Customer  string
	On        cal.Date
	At        time.Time
	By        string
	Recipient string
	SHA256    string
	Name      string
	Size      int64
	Files     int
	Percent   int
	Kept      bool
}
