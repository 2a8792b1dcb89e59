package paper

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/report"
)

// Statement is the account of a customer at the end of a day, as a letter: what
// is open, what is overdue, and how to pay it.
func Statement(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, day cal.Date) (letter.Letter, error) {
	p, err := begin(ctx, tx, s, id, day)
	if err != nil {
		return p.Letter, err
	}
	st, err := report.StatementOn(ctx, tx, s, id, day)
	if err != nil {
		return p.Letter, err
	}
	p.titled("Relevé de compte au %s", "Statement of account on %s", p.date(day))
	p.greeting()
	if len(st.Lines) == 0 {
		p.para(
			"À cette date, votre compte dans nos livres est soldé\u00a0: aucune somme n’est due de part ni d’autre.",
			"On that day your account in our books is settled: nothing is owed either way.",
		)
		p.close()
		return p.Letter, nil
	}
	p.para(
		"Voici, pièce par pièce, l’état de votre compte dans nos livres.",
		"Here is the state of your account in our books, document by document.",
	)
	for _, total := range st.Totals {
		p.add(letter.Block{Table: p.open(st, total)})
		if err := p.due(ctx, tx, s, st, total); err != nil {
			return p.Letter, err
		}
	}
	p.para(
		"Si vos livres montrent autre chose, dites-le-nous en joignant vos pièces\u00a0: nous rapprocherons nos comptes.",
		"If your books show otherwise, please tell us and enclose your documents: we shall reconcile our accounts.",
	)
	p.close()
	return p.Letter, nil
}

// StatementFile is the statement as a PDF with the name that its reader sees.
func StatementFile(
	ctx context.Context, tx *db.Tx, s creditor.Scope, id string, day cal.Date,
) (name string, pdf []byte, err error) {
	l, err := Statement(ctx, tx, s, id, day)
	if err != nil {
		return "", nil, err
	}
	pdf, err = letter.PDF(l)
	return i18n.Words{FR: "Relevé de compte.pdf", EN: "Statement of account.pdf"}.In(l.Language), pdf, err
}

// due says what is overdue of a balance, and where to pay.
func (p *page) due(ctx context.Context, tx *db.Tx, s creditor.Scope, st report.Statement, total money.Amount) error {
	late := money.Zero(total.Currency)
	for _, n := range st.Lines {
		if n.Age > 0 && n.On.Currency == total.Currency && !n.Kind.Credit() {
			late = late.Add(n.On)
		}
	}
	switch {
	case total.Sign() < 0:
		p.para(
			"Ce solde de %s est en votre faveur.", "This balance of %s is in your favour.", p.amount(total.Neg()),
		)
		return nil
	case total.IsZero():
		return nil
	case late.Sign() > 0:
		p.para(
			"Sur les factures ci-dessus, **%s** sont échus.", "Of the invoices above, **%s** are overdue.", p.amount(late),
		)
	}
	c, err := Creditor(ctx, tx, s, total.Currency)
	if err != nil {
		return err
	}
	p.pay(c.Bank, total, p.customer.Code)
	return nil
}

// open is the table of what is open in one currency, credits below zero.
func (p *page) open(st report.Statement, total money.Amount) *letter.Table {
	t := &letter.Table{Columns: []letter.Column{
		{Head: p.say("Pièce", "Document"), Weight: 3},
		{Head: p.say("Date", "Date"), Weight: 2},
		{Head: p.say("Échéance", "Due"), Weight: 2},
		{Head: p.say("Retard", "Overdue"), Weight: 1.2},
		{Head: p.say("Montant", "Amount"), Right: true},
		{Head: p.say("Reste dû", "Open"), Right: true},
	}}
	for _, n := range st.Lines {
		if n.On.Currency != total.Currency {
			continue
		}
		late := ""
		if n.Age > 0 {
			late = p.say("%s\u00a0j", "%s\u00a0d", p.Language.Int(n.Age))
		}
		amount := n.Amount
		if n.Kind.Credit() {
			amount = amount.Neg()
		}
		t.Rows = append(t.Rows, []string{
			report.DocumentWords(n.Document, p.Language) + " " + n.Number, p.Language.Date(n.Issued),
			p.Language.Date(n.Due), late, p.amount(amount), p.amount(n.On),
		})
	}
	label := p.say("Solde dû", "Balance due")
	if total.Sign() < 0 {
		label = p.say("Solde en votre faveur", "Balance in your favour")
	}
	t.Foot = []letter.Foot{{Label: label, Value: p.amount(total.Abs()), Strong: true}}
	return t
}
