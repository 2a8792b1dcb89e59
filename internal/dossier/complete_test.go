package dossier_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dossier"
	"acquit/internal/ledger"
	"acquit/internal/notice"
)

func (s story) complete(day cal.Date) (c dossier.Completeness) {
	s.T.Helper()
	s.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		c, err = dossier.Complete(ctx, tx, s.Scope, dossier.Query{Customer: s.customer, Day: day})
		return err
	})
	return c
}

// claimOne leaves the customer with one invoice overdue.
func (s story) claimOne() {
	s.T.Helper()
	var second ledger.Document
	s.Read(func(ctx context.Context, tx *db.Tx) error {
		list, err := ledger.Named(ctx, tx, s.Scope, "F2026/0902 é")
		second = list[0]
		return err
	})
	s.Pay(second, today.Add(-1), 1200_50)
}

// notify sends a formal notice for the invoice, and keeps the scan of its receipt.
func (s story) notify() {
	s.Write(func(ctx context.Context, tx *db.Tx) error {
		n := notice.Notice{
			Customer: s.customer, Reminder: "rem_1", Way: notice.Paper, Amount: agreementtest.EUR(2000_00), Days: 8,
			Printed: today.Add(-3), ApprovedOn: today.Add(-15), Invoices: []string{s.invoice.ID},
		}
		if err := notice.Approve(ctx, tx, s.Scope, &n); err != nil {
			return err
		}
		if err := notice.Record(ctx, tx, s.Scope, n.ID, notice.Report{
			Kind: notice.Deposited, On: today.Add(-14), Tracking: "RR123456785FR",
		}); err != nil {
			return err
		}
		return notice.Record(ctx, tx, s.Scope, n.ID, notice.Report{Kind: notice.Received, On: today.Add(-11), File: &ledger.File{
			Name: "avis.pdf", MediaType: "application/pdf", Content: pdf("avis de réception"),
		}})
	})
}

// Brought piece by piece, a dossier reaches a hundred; the day after, the check of
// the register is old and must be made again.
func TestADossierCanBeCompleted(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	clock.Set(today.Time())
	dbtest.EachAt(t, clock, func(t *testing.T, d *db.DB) {
		s := tell(t, d)
		s.claimOne()
		before := s.complete(today)
		s.notify()
		for _, k := range []dossier.Kind{
			dossier.Terms, dossier.Delivery, dossier.CompanyExtract, dossier.DebtorExtract, dossier.BODACC,
		} {
			if _, err := bring(s.Books, dossier.Evidence{Customer: s.customer, Kind: k, Name: string(k) + ".pdf"}, pdf(string(k))); err != nil {
				t.Fatal(err)
			}
		}
		after := s.complete(today)
		if before.Percent >= after.Percent || after.Percent != 100 {
			t.Errorf("%d %%, then %d %%; missing %+v", before.Percent, after.Percent, after.Missing())
		}
		if next := s.complete(today.Add(1)); next.Percent != 96 || len(next.Missing()) != 1 || next.Missing()[0].Point != dossier.PointInsolvency {
			t.Errorf("the day after: %d %%, missing %+v", next.Percent, next.Missing())
		}
		m, content := s.pack(s.request())
		if *m.Customers[0].Percent != 100 {
			t.Errorf("the archive says %d %%", *m.Customers[0].Percent)
		}
		files := unpack(t, content)
		for _, name := range []string{
			"13-mise-en-demeure/2026-11-18-received.pdf", "13-mise-en-demeure/2026-11-29-mise-en-demeure.eml",
			"13-mise-en-demeure/suivi.csv", "17-identite/2026-11-29-kbis.pdf",
		} {
			if at(files, name) < 0 {
				t.Errorf("%s is not in the archive", name)
			}
		}
		if text := files[at(files, "LISEZ-MOI.txt")].content; !strings.Contains(text, "complet à 100\u202f%") {
			t.Errorf("the readme says\n%s", text)
		}
	})
}

// Several customers go into one archive, each in a folder of its own that says all
// of that customer and nothing of the others.
func TestSeveralDossiersShareAnArchive(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := tell(t, d)
		other := s.Customer("c0042.é") // the same name but for what names cannot hold
		s.Invoice(other, "X1", today.Add(-5), agreementtest.EUR(10_00))
		o := s.request()
		o.Customers = append(o.Customers, other)
		m, content := s.pack(o)
		c := check(t, content)
		if !c.OK() || len(m.Customers) != 2 || m.Name != "dossiers-2026-11-29.zip" {
			t.Errorf("%+v %+v", m, c.Problems)
		}
		files := unpack(t, content)
		for _, name := range []string{"C0042/00-synthese.pdf", "c0042.e/00-synthese.pdf", "SHA256SUMS"} {
			if at(files, name) < 0 {
				t.Errorf("%s is not in the archive", name)
			}
		}
		if slices.ContainsFunc(files, func(f file) bool {
			return strings.HasPrefix(f.name, "c0042.e/") && strings.Contains(f.content, "F2026-0871")
		}) {
			t.Error("one customer’s folder tells of another’s invoice")
		}
	})
}
