package web_test

import (
	"context"
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/handover"
	"acquit/internal/money"
	"acquit/internal/web/webtest"
)

func TestLegalInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	id, day := idOf(t, s, "C006"), cal.Of(webtest.Monday)
	var made handover.Handover
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		agency := handover.Partner{
			Kind: handover.Agency, Name: "Recouvrement du Nord", Mandate: "CV-2026-12", Contact: "Mme Petit",
			Terms: handover.Terms{Rate: 12_50, Fixed: 15_00},
		}
		return handover.AddPartner(ctx, tx, s.Scope, &agency)
	})
	b := s.Open(t, "/")
	b.SignIn()
	ways := "/contentieux/client/" + id
	fits(t, b, "/contentieux", ways)
	b.Go(ways)
	for _, words := range []string{"Injonction de payer", "indemnité"} {
		if text := b.Text(); !strings.Contains(strings.ToLower(text), strings.ToLower(words)) {
			t.Errorf("the ways do not say %q:\n%s", words, text)
		}
	}
	s.Write(t, func(ctx context.Context, tx *db.Tx) (err error) {
		made, err = handover.Prepare(ctx, tx, s.Scope, handover.Preparing{Customer: "C006"}, day)
		return err
	})
	one := "/contentieux/" + made.ID
	b.Go(one)
	total := made.Sums().Total
	figure := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(total.Format("fr"))
	if text := b.Text(); total.Sign() <= 0 || !strings.Contains(text, figure) {
		t.Errorf("the page does not say %s:\n%s", total.Format("fr"), text)
	}
	fits(t, b, one)
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		made, err := handover.Hand(ctx, tx, s.Scope, made.ID, handover.Handing{Partner: "Recouvrement du Nord"}, day)
		if err != nil {
			return err
		}
		return handover.Tell(ctx, tx, s.Scope, &handover.Feedback{
			Handover: made.ID, Status: handover.Collected, Amount: money.New(100_00, money.EUR), Text: "virement reçu",
		}, day)
	})
	fits(t, b, "/contentieux", one+"?")
	b.Press(`aside form[action="/langue"] button`)
	fits(t, b, "/contentieux?en", ways+"?en", one+"?en")
	b.Go("/contentieux")
	if text := b.Text(); !strings.Contains(text, "Handed over") || !strings.Contains(text, "Recouvrement du Nord") {
		t.Errorf("in English the page says\n%s", text)
	}
	b.Press(`main a[href="/mises-en-demeure"]`)
	if b.Path() != "/mises-en-demeure" {
		t.Errorf("formal notices are at %s", b.Path())
	}
}
