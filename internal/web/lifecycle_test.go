package web_test

import (
	"context"
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ingest"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/lifecycle"
	"acquit/internal/money"
	"acquit/internal/web/webtest"
)

// lives gives the invoices of the books statuses of every sort: one suspended, one
// refused, one that waits for its invoice, one paid and to be declared.
func lives(t *testing.T, s *webtest.Site) (document string) {
	t.Helper()
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		docs, err := ledger.Named(ctx, tx, s.Scope, "F2026-0871")
		if err != nil {
			return err
		}
		f := docs[0]
		document = f.ID
		say := func(code, number, at, reason string) *ingest.Lifecycle {
			l := &ingest.Lifecycle{
				Code: code, Number: number, At: ingest.Moment(at), Phase: "23", Issuer: ingest.Actor{Name: "Imprimerie Delvaux", Role: "BY"},
				Buyer: ingest.Actor{Name: "Imprimerie Delvaux"}, Message: &ingest.LifecycleMessage{ID: code, Raw: []byte("<a>" + code + number + "</a>")},
			}
			if reason != "" {
				l.Details = []ingest.StatusDetail{{Reason: reason}}
			}
			return l
		}
		if _, err := lifecycle.Take(ctx, tx, s.Scope, lifecycle.Origin{Source: "test", Name: "statut.xml"}, []*ingest.Lifecycle{
			say("200", f.Number, "2026-10-09T08:00:00", ""), say("203", f.Number, "2026-10-09T09:30:00", ""),
			say("999", f.Number, "2026-10-09T09:31:00", ""),
			say("208", f.Number, "2026-10-12T14:05:00", "JUSTIF_ABS"), say("210", "F2026-9999", "2026-11-02T10:00:00", "DOUBLON"),
		}); err != nil {
			return err
		}
		euros := func(n int64) money.Amount { return money.New(n, money.EUR) }
		if err := lifecycle.Keep(ctx, tx, s.Scope, []lifecycle.Electronic{{
			Document: f.ID, Process: "S1", Type: "380", Buyer: "200000008", VAT: []lifecycle.Rate{
				{Category: "S", Rate: 2000, Basis: euros(1_000_00), Tax: euros(200_00)}, {Category: "S", Rate: 550, Basis: euros(500_00), Tax: euros(27_50)},
			},
		}}); err != nil {
			return err
		}
		p := &ledger.Document{Customer: f.Customer, Kind: ledger.Payment, Number: "VIR-1", Issued: cal.Of(webtest.Monday).Add(-3), Amount: euros(400_00)}
		if err := ledger.Add(ctx, tx, s.Scope, []*ledger.Document{p}); err != nil {
			return err
		}
		return ledger.Allocate(ctx, tx, s.Scope, &ledger.Allocation{Credit: p.ID, Invoice: f.ID, On: p.Issued, Amount: euros(400_00)})
	})
	return document
}

func TestTheLifeOfInvoicesInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	document := lives(t, s)
	b := s.Open(t, "/")
	b.SignIn()
	b.Width(1440)
	b.Go("/factures-electroniques")
	text := b.Text()
	for _, says := range []string{"F2026-9999", "aucune facture de ce numéro", "Suspendue", "SIREN de votre société manque"} {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(says)) {
			t.Errorf("the page does not say %q:\n%s", says, text)
		}
	}
	b.Shot("einvoices")
	fits(t, b, "/factures-electroniques", "/factures-electroniques/"+document)
	b.Shot("einvoice-380")
	b.Width(1440)
	b.Go("/factures-electroniques/" + document)
	if text := b.Text(); !strings.Contains(text, "attend une pièce") || !strings.Contains(text, "12 oct. 2026, 14:05") ||
		!strings.Contains(text, "999 n’est pas un statut connu") {
		t.Errorf("%s", text)
	}
	b.Shot("einvoice")
	if bad := b.Axe(); len(bad) > 0 {
		t.Errorf("%v", bad)
	}
	b.Go("/factures-electroniques?statut=210")
	if text := b.Text(); !strings.Contains(text, "facture reçue deux fois (DOUBLON)") && !strings.Contains(text, "Facture reçue deux fois (DOUBLON)") &&
		!strings.Contains(text, "Aucune facture de ce numéro") {
		t.Errorf("%s", text)
	}
}

// What came in is declared by rate from the page; what goes back is declared too.
func TestCollectedIsDeclaredInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	document := lives(t, s)
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		c, err := creditor.Find(ctx, tx, s.Scope)
		if err != nil {
			return err
		}
		c.SIREN = "732829320"
		return creditor.Update(ctx, tx, s.Scope, c, journal.Write)
	})
	b := s.Open(t, "/")
	b.SignIn()
	declares := func(shot string, want ...string) {
		t.Helper()
		fits(t, b, "/factures-electroniques")
		b.Shot(shot + "-380")
		b.Width(1440)
		b.Go("/factures-electroniques")
		b.Shot(shot)
		text := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(b.Text())
		for _, says := range want {
			if !strings.Contains(text, says) {
				t.Errorf("the page does not say %q:\n%s", says, text)
			}
		}
		b.Press(`form[action="/factures-electroniques/envoyer"] button`)
		b.Go("/factures-electroniques")
		if text := b.Text(); strings.Contains(text, "À déclarer encaissé") || !strings.Contains(text, "Encaissé TTC") {
			t.Errorf("after sending the page says\n%s", text)
		}
	}
	// 1 727,50 with VAT: 400 of it is 277,86 at 20 % and 122,14 at 5,5 %.
	declares("einvoices-due", "277,86 € à 20 %", "122,14 € à 5,50 %", "400,00 €")
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		f, err := ledger.Find(ctx, tx, s.Scope, document)
		if err != nil {
			return err
		}
		made, err := ledger.AllocationsOf(ctx, tx, s.Scope, f.Customer)
		if err != nil {
			return err
		}
		for _, a := range made {
			if a.Invoice == document {
				return ledger.Reverse(ctx, tx, s.Scope, a.ID, cal.Of(webtest.Monday), "prélèvement rejeté")
			}
		}
		t.Error("nothing to take back")
		return nil
	})
	declares("einvoices-back", "−277,86 € à 20 %", "−122,14 € à 5,50 %", "−400,00 €")
}
