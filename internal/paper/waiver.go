package paper

import (
	"context"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/letter"
	"acquit/internal/money"
)

// What is what a waiver gives up.
type What string

// What can be given up.
const (
	WaivedInterest  What = "interest"
	WaivedIndemnity What = "indemnity"
	WaivedPrincipal What = "principal"
)

var whatWords = map[What]i18n.Words{
	WaivedInterest:  {FR: "Intérêts de retard", EN: "Late interest"},
	WaivedIndemnity: {FR: "Indemnité forfaitaire de recouvrement", EN: "Fixed compensation for recovery costs"},
	WaivedPrincipal: {FR: "Remise sur le principal", EN: "Discount on the principal"},
}

// Waived is an amount given up on one invoice.
type Waived struct {
	Invoice string // identifier
	What    What
	Amount  money.Amount
}

// Waiver tells a customer what the creditor gives up, invoice by invoice, and
// what it does not. A condition, where there is one, is written as it is: an
// abatement that is not granted yet must not read as granted.
type Waiver struct {
	Customer  string
	Lines     []Waived
	Condition string // « sous réserve du paiement du principal avant le 15 décembre »; may be empty
}

// WaiverLetter is the waiver as a letter.
func WaiverLetter(ctx context.Context, tx *db.Tx, s creditor.Scope, w Waiver, day cal.Date) (letter.Letter, error) {
	if len(w.Lines) == 0 {
		return letter.Letter{}, fault.Invalidf("lines", "il n’y a rien d’abandonné")
	}
	p, err := begin(ctx, tx, s, w.Customer, day)
	if err != nil {
		return p.Letter, err
	}
	p.waiverSubject(w)
	p.greeting()
	p.para(
		"À titre exceptionnel, nous renonçons envers vous aux sommes suivantes, et à elles seules.",
		"By way of exception, we waive the following sums towards you, and these only.",
	)
	t, err := p.waived(ctx, tx, s, w)
	if err != nil {
		return p.Letter, err
	}
	p.add(letter.Block{Table: t})
	if w.Condition != "" {
		p.para(
			"Cette renonciation ne prend effet qu’à cette condition\u00a0: %s. À défaut, ces sommes restent dues.",
			"This waiver takes effect on this condition only: %s. Failing that, these sums stay due.", w.Condition,
		)
	}
	p.para(
		"Elle ne porte sur aucune autre somme, présente ou à venir, et ne nous engage pas pour d’autres retards.",
		"It covers no other sum, present or future, and does not bind us for other delays.",
	)
	p.close()
	return p.Letter, nil
}

func (p *page) waiverSubject(w Waiver) {
	if slices.ContainsFunc(w.Lines, func(l Waived) bool { return l.What == WaivedPrincipal }) {
		p.titled("Remise accordée sur votre compte", "Discount granted on your account")
		return
	}
	p.titled("Abandon de pénalités de retard", "Waiver of late payment charges")
}

func (p *page) waived(ctx context.Context, tx *db.Tx, s creditor.Scope, w Waiver) (*letter.Table, error) {
	t := &letter.Table{Columns: []letter.Column{
		{Head: p.say("Facture", "Invoice"), Weight: 1},
		{Head: p.say("Ce à quoi nous renonçons", "What we waive"), Weight: 2},
		{Head: p.say("Montant", "Amount"), Right: true},
	}}
	totals := map[money.Currency]money.Amount{}
	for _, l := range w.Lines {
		d, err := ledger.Find(ctx, tx, s, l.Invoice)
		if err != nil {
			return nil, err
		}
		if d.Customer != w.Customer {
			return nil, fault.Invalidf("lines", "la facture %s n’est pas de ce client", d.Number)
		}
		if l.Amount.Sign() <= 0 {
			return nil, fault.Invalidf("lines", "le montant abandonné sur la facture %s doit être positif", d.Number)
		}
		totals[l.Amount.Currency] = totals[l.Amount.Currency].Add(l.Amount)
		t.Rows = append(t.Rows, []string{d.Number, whatWords[l.What].In(p.Language), p.amount(l.Amount)})
	}
	for _, c := range sortedCurrencies(totals) {
		t.Foot = append(t.Foot, letter.Foot{Label: "Total", Value: p.amount(totals[c]), Strong: true})
	}
	return t, nil
}
