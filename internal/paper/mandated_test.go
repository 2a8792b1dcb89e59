package paper_test

import (
	"context"
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/letter"
	"acquit/internal/mandate"
	"acquit/internal/message"
	"acquit/internal/paper"
)

// Whoever collects for another says so below each letter, a message once only.
func TestUnderAMandateEachLetterSaysWhoCollects(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, "fr", customer.Business)
		statement := func() (l letter.Letter) {
			o.Read(func(ctx context.Context, tx *db.Tx) (err error) {
				l, err = paper.Statement(ctx, tx, o.Scope, o.customer, today)
				return err
			})
			return l
		}
		if l := statement(); len(l.Below) != 0 {
			t.Errorf("without a mandate: %v", l.Below)
		}
		o.Write(func(ctx context.Context, tx *db.Tx) error {
			return mandate.Save(ctx, tx, o.Scope, &mandate.Mandate{
				Voice: mandate.Collector, Name: "Recouvrement Martin", Address: "3 rue des Halles", IBAN: "FR7630006000011234567890189",
				Declared: cal.Must("2026-01-02"), Agreed: cal.Must("2026-01-03"),
			}, today)
		})
		l := statement()
		var said []string
		for _, b := range l.Below {
			said = append(said, b.Paragraph[0][0].Text)
		}
		if len(said) != 5 {
			t.Fatalf("%d mentions: %q", len(said), said)
		}
		for i, want := range []string{"recouvrement amiable", "Atelier Dupont, 12 rue du Molinel", "accessoires", "compte dédié FR76", "L111-8"} {
			if !strings.Contains(said[i], want) {
				t.Errorf("mention %d: %q does not say %q", i+1, said[i], want)
			}
		}
		if of := paper.Of(l, message.Rendered{}); len(of.Below) != 0 {
			t.Error("a message that says it itself would say it twice")
		}
		if _, err := letter.PDF(l); err != nil {
			t.Error(err)
		}
	})
}
