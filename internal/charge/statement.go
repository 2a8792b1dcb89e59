package charge

import (
	"bytes"
	"context"
	"fmt"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/paper"
	"acquit/internal/sheet"
)

// StatementLetter is the interest statement of an account as a letter: each period
// with its days, rate and source, what they add up to, and the conventions used.
func StatementLetter(ctx context.Context, tx *db.Tx, s creditor.Scope, a Account, day cal.Date) (letter.Letter, error) {
	head, err := paper.Head(ctx, tx, s, a.Customer.ID, day)
	if err != nil {
		return head, err
	}
	w := writer{head, a}
	w.Subject = w.say("Décompte des intérêts de retard arrêté au ", "Statement of late interest as of ") +
		w.Language.LongDate(a.Day)
	w.Title = w.Subject
	w.para(w.say("Madame, Monsieur,", "Dear Sir or Madam,"))
	if len(a.Totals) == 0 {
		w.para(w.say("À cette date, aucune facture en retard ne porte d’intérêts ni d’indemnité.",
			"On that day no overdue invoice bears interest or an indemnity."))
	} else {
		w.para(w.say("Voici, facture par facture et période par période, ce que vos retards de paiement ont produit.",
			"Here is, invoice by invoice and period by period, what late payment has brought about."))
	}
	for _, t := range a.Totals {
		w.table(t)
	}
	w.conventions()
	return w.Letter, nil
}

type writer struct {
	letter.Letter
	account Account
}

func (w *writer) say(fr, en string) string { return i18n.Words{FR: fr, EN: en}.In(w.Language) }

func (w *writer) para(text string) {
	w.Body = append(w.Body, letter.Block{Paragraph: [][]letter.Span{{{Text: text}}}})
}

// table is all periods and indemnities in one currency, and their sums.
func (w *writer) table(t Total) {
	l := w.Language
	table := &letter.Table{Columns: []letter.Column{
		{Head: w.say("Facture", "Invoice"), Weight: 2},
		{Head: w.say("Du", "From")},
		{Head: w.say("au", "to")},
		{Head: w.say("Jours", "Days"), Right: true},
		{Head: w.say("Principal", "Principal"), Right: true},
		{Head: w.say("Taux", "Rate"), Right: true},
		{Head: w.say("Source", "Source"), Weight: 2},
		{Head: w.say("Montant", "Amount"), Right: true},
	}}
	for _, line := range w.account.Lines {
		if line.Invoice.Amount.Currency == t.Currency {
			for _, s := range line.Charges.Segments {
				table.Rows = append(table.Rows, []string{
					line.Invoice.Number, s.From.Numeric(), s.To.Numeric(), fmt.Sprint(s.Days()), l.Amount(s.Principal),
					s.Rate.Format(string(l)), w.account.Terms.RateSource(s, l), l.Amount(s.Interest),
				})
			}
		}
		if c := line.Indemnity.Computed; c.Sign() > 0 && c.Currency == t.Currency {
			table.Rows = append(table.Rows, []string{
				line.Invoice.Number, "", "", "", "", "", w.say("indemnité (D441-5)", "indemnity (D441-5)"), l.Amount(c),
			})
		}
	}
	foot := func(fr, en string, a money.Amount, strong bool) {
		if strong || !a.IsZero() {
			table.Foot = append(table.Foot, letter.Foot{Label: w.say(fr, en), Value: l.Amount(a), Strong: strong})
		}
	}
	foot("Intérêts de retard", "Late interest", t.Interest.Computed, false)
	foot("Indemnités forfaitaires", "Fixed indemnities", t.Indemnity.Computed, false)
	foot("Abandonné", "Waived", t.given().Neg(), false)
	foot("Déjà réglé", "Already paid", t.Interest.Settled.Add(t.Indemnity.Settled).Neg(), false)
	foot("Pénalités restant dues", "Charges still owed", t.Interest.Owed().Add(t.Indemnity.Owed()), true)
	foot("Principal échu selon nos livres", "Principal overdue by our books", t.Principal, false)
	foot("Total", "Total", t.All(), true)
	w.Body = append(w.Body, letter.Block{Table: table})
}

// given is all that was waived.
func (t Total) given() money.Amount {
	return t.Interest.Waived.Add(t.Interest.Forgone).Add(t.Indemnity.Waived).Add(t.Indemnity.Forgone)
}

func (w *writer) conventions() {
	w.Body = append(w.Body, letter.Block{Heading: w.say("Conventions de calcul", "Conventions of the computation")})
	var list [][]letter.Span
	for _, text := range w.account.Conventions(w.Language) {
		list = append(list, []letter.Span{{Text: text}})
	}
	w.Body = append(w.Body, letter.Block{Bullets: list})
}

// StatementSheet is the interest statement as a table of values that a person can
// work out again: principal × rate × days ÷ base is the control column, unrounded.
func StatementSheet(a Account, l i18n.Lang) sheet.Sheet {
	say := func(fr, en string) string { return i18n.Words{FR: fr, EN: en}.In(l) }
	t := sheet.Sheet{
		Name:  say("Intérêts", "Interest"),
		Notes: []string{a.Customer.Name, say("Décompte arrêté au ", "Statement as of ") + l.LongDate(a.Day)},
		Columns: []string{
			say("Facture", "Invoice"), say("Échéance", "Due"), say("Poste", "Item"), say("Du", "From"), say("Au", "To"),
			say("Jours", "Days"), say("Principal", "Principal"), say("Taux (%)", "Rate (%)"), say("Base", "Base"),
			say("Source du taux", "Source of the rate"), say("Montant", "Amount"), say("Contrôle", "Control"),
			say("Devise", "Currency"),
		},
	}
	t.Notes = append(t.Notes, a.Conventions(l)...)
	for _, line := range a.Lines {
		for _, s := range line.Charges.Segments {
			t.Rows = append(t.Rows, []any{
				line.Invoice.Number, line.Invoice.Due, Interest.In(l), s.From, s.To, s.Days(), s.Principal,
				l.Decimal(s.Rate.Percent()), s.Base, a.Terms.RateSource(s, l), s.Interest,
				control(s.Principal, int64(s.Rate), s.Days(), s.Base, l), string(s.Interest.Currency),
			})
		}
		if c := line.Indemnity.Computed; c.Sign() > 0 {
			t.Rows = append(t.Rows, []any{
				line.Invoice.Number, line.Invoice.Due, Indemnity.In(l), nil, nil, nil, nil, nil, nil,
				"C. com. art. D441-5", c, nil, string(c.Currency),
			})
		}
	}
	for _, total := range a.Totals {
		sum := total.Interest.Computed.Add(total.Indemnity.Computed)
		t.Totals = append(t.Totals, []any{
			"Total", nil, nil, nil, nil, nil, nil, nil, nil, nil, sum, nil, string(total.Currency),
		})
	}
	return t
}

// Freeze issues the interest statement of a customer by a day: its letter and its
// table are kept as they are, under the next version. It needs Work.
func Freeze(
	ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, until, today cal.Date,
) (i Issued, err error) {
	if err := s.Need(creditor.Work); err != nil {
		return i, err
	}
	if err := tx.Lock(ctx, "customer/"+customer); err != nil {
		return i, err
	}
	a, err := Of(ctx, tx, s, customer, until)
	if err != nil {
		return i, err
	}
	before, err := Statements(ctx, tx, s, customer)
	if err != nil {
		return i, err
	}
	i = Issued{
		ID: tx.NewID("ist"), Customer: customer, Version: int64(len(before)) + 1, Until: until, By: s.Actor, At: tx.Now,
	}
	if i.PDF, i.XLSX, err = keep(ctx, tx, s, a, i, today); err != nil {
		return i, err
	}
	if err := insertStatement(ctx, tx, s, i); err != nil {
		return i, err
	}
	return i, journal.Write(ctx, tx, s, "charge.statement", "customer/"+customer, map[string]any{
		"statement": i.ID, "version": i.Version, "until": until, "pdf": i.PDF, "xlsx": i.XLSX,
	})
}

// keep stores the two files of a statement and gives their fingerprints.
func keep(
	ctx context.Context, tx *db.Tx, s creditor.Scope, a Account, i Issued, today cal.Date,
) (pdf, xlsx string, err error) {
	text, err := StatementLetter(ctx, tx, s, a, today)
	if err != nil {
		return "", "", err
	}
	var page, table bytes.Buffer
	if err := letter.Write(&page, text); err != nil {
		return "", "", err
	}
	if err := sheet.WriteXLSX(&table, StatementSheet(a, text.Language)); err != nil {
		return "", "", err
	}
	name := fmt.Sprintf("decompte-interets-%s-v%d", a.Customer.Code, i.Version)
	files := []*ledger.File{
		{Name: name + ".pdf", MediaType: "application/pdf", Content: page.Bytes()},
		{Name: name + ".xlsx", MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Content: table.Bytes()},
	}
	for _, f := range files {
		if err := ledger.KeepFile(ctx, tx, s, f); err != nil {
			return "", "", err
		}
	}
	return files[0].SHA256, files[1].SHA256, nil
}
