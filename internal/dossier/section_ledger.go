package dossier

import (
	"cmp"
	"context"
	"io"
	"maps"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/report"
	"acquit/internal/sheet"
)

const ledgerFolder = "15-compte-411"

// writeLedger writes the customer's account: every document with the balance
// after it, and every allocation.
func (b *builder) writeLedger(context.Context, *db.Tx) error {
	entries, links := b.entrySheet(), b.linkSheet()
	b.remark(ledgerFolder, "%s et %s", some(len(entries.Rows), "écriture", "écritures"), some(len(links.Rows),
		"lettrage", "lettrages"))
	if err := b.csv(ledgerFolder+"/ecritures.csv", "compte client : écritures", entries); err != nil {
		return err
	}
	if err := b.csv(ledgerFolder+"/lettrages.csv", "compte client : lettrages", links); err != nil {
		return err
	}
	return b.add(ManifestFile{Path: ledgerFolder + "/compte-411.xlsx", What: "compte client"}, func(w io.Writer) error {
		return sheet.WriteXLSX(w, entries, links)
	})
}

// until are the documents up to the day of the dossier, by day.
func (b *builder) until() []ledger.Document {
	list := slices.DeleteFunc(slices.Clone(b.ledger), func(d ledger.Document) bool { return d.Issued > b.Day })
	slices.SortStableFunc(list, func(x, y ledger.Document) int {
		return cmp.Or(cmp.Compare(x.Amount.Currency, y.Amount.Currency), cmp.Compare(x.Issued, y.Issued))
	})
	return list
}

func (b *builder) entrySheet() sheet.Sheet {
	t := sheet.Sheet{
		Name:  "Compte 411",
		Notes: []string{b.customer.Code + " " + b.customer.Name, "Compte client au " + b.Day.Long("fr")},
		Columns: []string{
			"Date", "Pièce", "Numéro", "Libellé", "Échéance", "Débit", "Crédit", "Solde", "Reste ouvert", "Devise",
		},
	}
	balance := map[money.Currency]money.Amount{}
	for _, d := range b.until() {
		var debit, credit any = d.Amount, nil
		signed := d.Amount
		if d.Kind.Credit() {
			debit, credit, signed = nil, d.Amount, d.Amount.Neg()
		}
		c := d.Amount.Currency
		balance[c] = signed.Add(balance[c])
		open := money.Zero(c)
		if o, ok := b.open[d.ID]; ok {
			open = o.On
		}
		t.Rows = append(t.Rows, []any{
			d.Issued, report.KindWords(d.Kind, i18n.FR), d.Number, d.Label, dayOr(d.Due), debit, credit, balance[c],
			open, string(c),
		})
	}
	for _, c := range currencies(balance) {
		t.Totals = append(t.Totals, []any{nil, "Solde", nil, nil, nil, nil, nil, balance[c], nil, string(c)})
	}
	return t
}

func (b *builder) linkSheet() sheet.Sheet {
	t := sheet.Sheet{Name: "Lettrages", Columns: []string{
		"Date", "Règlement ou avoir", "Facture", "Montant",
		"Devise", "Motif",
	}}
	for _, a := range b.links {
		if a.On > b.Day {
			continue
		}
		why := a.Reason
		if a.Reverses != "" && why == "" {
			why = "annulation"
		}
		t.Rows = append(t.Rows, []any{
			a.On, b.number(a.Credit), b.number(a.Invoice), a.Amount,
			string(a.Amount.Currency), why,
		})
	}
	return t
}

// paid is what was set against an invoice up to the day, by payments and by credit
// notes, and the last day of either.
func (b *builder) paid(invoice ledger.Document) (money.Amount, money.Amount, cal.Date) {
	zero := money.Zero(invoice.Amount.Currency)
	payments, credits, last := zero, zero, cal.Date(0)
	for _, a := range b.links {
		if a.Invoice != invoice.ID || a.On > b.Day {
			continue
		}
		last = max(last, a.On)
		if b.kindOf(a.Credit) == ledger.CreditNote {
			credits = credits.Add(a.Amount)
		} else {
			payments = payments.Add(a.Amount)
		}
	}
	return payments, credits, last
}

// currencies are those of sums, in order.
func currencies(sums map[money.Currency]money.Amount) []money.Currency {
	return slices.Sorted(maps.Keys(sums))
}

func (b *books) kindOf(id string) ledger.Kind {
	for _, d := range b.ledger {
		if d.ID == id {
			return d.Kind
		}
	}
	return ledger.Payment
}
