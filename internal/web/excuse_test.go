package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/reminder"
	"acquit/internal/web/webtest"
)

// crossed lets the reminder of Café des Halles leave on Monday, though its money
// had been at the bank since Friday, which the books learn on Tuesday.
func crossed(t *testing.T, s *webtest.Site, id string) {
	t.Helper()
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		list, err := reminder.OfCustomer(ctx, tx, s.Scope, id, 1)
		if err != nil {
			return err
		}
		return s.Desk.Approve(ctx, tx, s.Scope, list[0].ID)
	})
	if tally, err := s.Desk.Send(t.Context(), s.Scope); err != nil || tally.Sent != 1 {
		t.Fatalf("sent: %+v, %v", tally, err)
	}
	s.Clock.Set(webtest.Monday.Add(24 * time.Hour))
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		list, err := ledger.OfCustomers(ctx, tx, s.Scope, false, id)
		if err != nil {
			return err
		}
		paid := &ledger.Document{
			Customer: id, Kind: ledger.Payment, Number: "VIR-1", Issued: cal.Must("2026-11-20"), Amount: list[0].Open,
		}
		if err := ledger.Add(ctx, tx, s.Scope, []*ledger.Document{paid}); err != nil {
			return err
		}
		return ledger.Allocate(ctx, tx, s.Scope, &ledger.Allocation{
			Credit: paid.ID, Invoice: list[0].ID, Amount: list[0].Open, On: paid.Issued,
		})
	})
}

func TestAnApologyIsOfferedInOneKey(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	id := idOf(t, s, "C003")
	crossed(t, s, id)
	page := "/clients/" + id
	b := s.Open(t, "/")
	b.SignIn()
	fits(t, b, page)
	if text := b.Text(); !strings.Contains(text, "le règlement du 20 nov. 2026 était déjà à la banque : F2026-0850") {
		t.Errorf("the page does not tell of the crossing:\n%s", text)
	}
	b.Click(".notice summary")
	b.Shot("excuses")
	b.Keys("e")
	b.WaitFor(`document.body.innerText.includes("Le message d’excuses part")`)
	if text := b.Text(); !strings.Contains(text, "votre règlement est bien arrivé") || strings.Contains(text, "déjà à la banque") {
		t.Errorf("after the key the page says\n%s", text)
	}
}
