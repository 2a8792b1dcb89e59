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
	"acquit/internal/message"
	"acquit/internal/money"
	"acquit/internal/paper"
)

// reminded is a message of two invoices, for a letter.
func reminded(language string, c message.Creditor) message.Facts {
	return message.Facts{
		Language: language, Creditor: c, Today: today, Reference: "F2026-0871 F2026-0902", Deadline: cal.Must("2026-12-08"),
		Collector: message.Collector{Name: "Claire Morel", Phone: "03 20 00 00 00", Email: "claire@atelier-dupont.example"},
		Customer:  message.Customer{Code: "C0042", Name: "Imprimerie Delvaux", Kind: message.Business},
		Contact:   message.Contact{Civility: "Madame", First: "Hélène", Last: "Œuvrard"},
		Claimed: []message.Line{
			{
				Number: "F2026-0871", Order: "BC-7781", Issued: cal.Must("2026-10-08"), Due: cal.Must("2026-11-07"),
				Total: eur(2450_00), Claimed: eur(2000_00), Days: 22,
			},
			{
				Number: "F2026-0902", Issued: cal.Must("2026-10-21"), Due: cal.Must("2026-11-20"), Total: eur(1200_50),
				Claimed: eur(1200_50), Days: 9,
			},
		},
		Total: eur(3200_50),
	}
}

func TestAReminderInEachToneIsALetterOfOnePage(t *testing.T) {
	t.Parallel()
	library, err := message.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, "fr", customer.Business)
		var head letter.Letter
		var c message.Creditor
		o.Read(func(ctx context.Context, tx *db.Tx) (err error) {
			if head, err = paper.Head(ctx, tx, o.Scope, o.customer, today); err != nil {
				return err
			}
			c, err = paper.Creditor(ctx, tx, o.Scope, money.EUR)
			return err
		})
		for _, x := range []struct {
			template, language string
			tone               message.Tone
			amount             string // in the code
		}{
			{"relance-1", "fr", message.Courteous, "EUR3200.50"},
			{"relance-2", "en", message.Neutral, "EUR3200.50"},
			{"relance-3", "fr", message.Firm, "EUR3200.50"},
			{"mise-en-demeure", "fr", message.Formal, ""},
			{"mise-en-demeure", "en", message.Formal, ""},
		} {
			r, err := library.Render(reminded(x.language, c), x.template, x.tone)
			if err != nil {
				t.Fatal(err)
			}
			l := paper.Of(head, r)
			text := plain(l)
			for _, want := range []string{
				"# " + r.Subject, "| F2026-0871 / ", "2\u202f000,00\u00a0€", "Claire Morel", "FR7630006000011234567890189\\n" + x.amount + "\\n",
			} {
				if x.language == "en" && strings.Contains(want, "€") {
					want = "€2,000.00"
				}
				if !strings.Contains(text, want) {
					t.Errorf("%s %s: %q is not in the letter:\n%s", x.template, x.language, want, text)
				}
			}
			pdf, err := letter.PDF(l)
			if n := strings.Count(string(pdf), "/Type /Page\n"); err != nil || n != 1 {
				t.Errorf("%s %s: %d pages, %v", x.template, x.language, n, err)
			}
		}
	})
}
