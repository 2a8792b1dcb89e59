package dossier_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dossier"
	"acquit/internal/ingest"
	"acquit/internal/lifecycle"
)

// Statuses of electronic invoices prove that they were received: they are in the
// dossier with the messages as they came, but for what is not the reader's.
func TestStatusesOfInvoicesAreEvidence(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := tell(t, d)
		at := ingest.Moment(s.invoice.Issued.Add(1).String() + "T10:00:00")
		status := func(code, number, message string) *ingest.Lifecycle {
			return &ingest.Lifecycle{
				Code: code, Number: number, At: at, Issued: s.invoice.Issued, Phase: "305",
				Message: &ingest.LifecycleMessage{ID: message, Raw: []byte("<message>" + message + "</message>")},
			}
		}
		quiet := status("226", "F2026-0871", "confidentiel")
		shared := status("202", "F2026-0871", "partagé")
		other := status("202", "F-DE-QUELQUE-AUTRE", "partagé")
		other.Message = shared.Message
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := lifecycle.Take(ctx, tx, s.Scope, lifecycle.Origin{Source: "test"}, []*ingest.Lifecycle{
				status("203", "F2026-0871", "preuve"), quiet, shared, other,
			})
			return err
		})
		_, content := s.pack(s.request())
		r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		for _, f := range r.File {
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(in)
			if err != nil {
				t.Fatal(err)
			}
			all[f.Name] = string(raw)
		}
		raw := "18-facture-electronique/" + s.invoice.Issued.Add(1).String() + "-F2026-0871-203-1.xml"
		if all[raw] != "<message>preuve</message>" || !strings.Contains(all["18-facture-electronique/statuts.csv"], "Mise à disposition") {
			t.Errorf("%q: %q\n%s", raw, all[raw], all["18-facture-electronique/statuts.csv"])
		}
		for name, text := range all {
			if strings.Contains(text, "confidentiel</") || strings.Contains(text, "partagé</") || strings.Contains(text, `"226"`) {
				t.Errorf("%s tells what is not for its reader", name)
			}
		}
		s.Read(func(ctx context.Context, tx *db.Tx) error {
			c, err := dossier.Complete(ctx, tx, s.Scope, dossier.Query{Customer: s.customer, Day: today})
			for _, p := range c.Lines {
				if p.Point == dossier.PointEInvoice && p.Earned == 0 {
					t.Errorf("%+v", p)
				}
			}
			return err
		})
	})
}
