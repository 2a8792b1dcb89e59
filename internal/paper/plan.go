package paper

import (
	"context"
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/plan"
)

// Terms are what the parties choose in the agreement of a plan.
type Terms struct {
	// Acceleration makes all that is left payable when an instalment stays unpaid
	// after a formal notice. Without it only the missed instalment is overdue: the
	// law takes the benefit of the term away in its own cases only (C. civ. 1305-4).
	Acceleration bool
	NoticeDays   int // after the formal notice; 8 when zero
}

const defaultNoticeDays = 8

// Agreement is an instalment plan as the parties sign it: the debt, which the
// debtor acknowledges (C. civ. 2240: the limitation begins again), the
// schedule, what a missed instalment means, and what the plan leaves untouched.
func Agreement(
	ctx context.Context, tx *db.Tx, s creditor.Scope, id string, day cal.Date, t Terms,
) (letter.Letter, error) {
	v, err := plan.Find(ctx, tx, s, day, id)
	if err != nil {
		return letter.Letter{}, err
	}
	if v.EndedAs != "" {
		return letter.Letter{}, fault.Conflictf("cet échéancier est clos (%s)\u00a0: il ne se signe plus", v.EndedAs.In("fr"))
	}
	p, err := begin(ctx, tx, s, v.Customer, day)
	if err != nil {
		return p.Letter, err
	}
	p.titled("Échéancier de règlement convenu le %s", "Instalment agreement of %s", p.date(v.Made))
	p.parties()
	if err := p.debt(ctx, tx, s, v); err != nil {
		return p.Letter, err
	}
	p.schedule(v)
	p.missed(t)
	p.untouched()
	c, err := Creditor(ctx, tx, s, v.Total().Currency)
	if err != nil {
		return p.Letter, err
	}
	if c.Bank.IBAN != "" {
		p.heading("Règlement", "Payment")
		p.pay(c.Bank, money.Zero(v.Total().Currency), p.customer.Code)
	}
	p.signatures()
	return p.Letter, nil
}

func (p *page) parties() {
	p.para(
		"Entre **%s**, le créancier, et **%s**, le débiteur, il est convenu ce qui suit.",
		"Between **%s**, the creditor, and **%s**, the debtor, the following is agreed.",
		join(", ", p.creditor.Name, Form(p.creditor), join(" ", p.creditor.Register, threes(p.creditor.SIREN))),
		join(", ", p.customer.Name, siren(p.customer.SIREN)),
	)
}

func siren(number string) string {
	if number == "" {
		return ""
	}
	return "SIREN " + threes(number)
}

func (p *page) debt(ctx context.Context, tx *db.Tx, s creditor.Scope, v plan.View) error {
	p.heading("1. La dette", "1. The debt")
	t := &letter.Table{Columns: []letter.Column{
		{Head: p.say("Facture", "Invoice"), Weight: 2},
		{Head: p.say("Date", "Date"), Weight: 2},
		{Head: p.say("Échéance d’origine", "Original due date"), Weight: 2},
		{Head: p.say("Montant", "Amount"), Right: true},
		{Head: p.say("Reste dû", "Open"), Right: true},
	}}
	open, err := ledger.OpenOf(ctx, tx, s, v.Customer, v.Made)
	if err != nil {
		return err
	}
	for _, ref := range v.Invoices {
		d, err := ledger.Find(ctx, tx, s, ref)
		if err != nil {
			return err
		}
		left := ""
		for _, o := range open {
			if o.ID == ref {
				left = p.amount(o.On)
			}
		}
		t.Rows = append(t.Rows, []string{
			d.Number, p.Language.Date(d.Issued), p.Language.Date(d.Due), p.amount(d.Amount), left,
		})
	}
	t.Foot = []letter.Foot{{
		Label: p.say("Reste dû à la date de l’accord", "Open on the day of the agreement"),
		Value: p.amount(v.Total()), Strong: true,
	}}
	p.para(
		"Le débiteur reconnaît devoir au créancier la somme de **%s** en principal, au titre des factures ci-dessous. "+
			"Cette reconnaissance interrompt la prescription (article 2240 du code civil).",
		"The debtor acknowledges owing the creditor the principal sum of **%s** under the invoices below. "+
			"This acknowledgment interrupts the limitation period (article 2240 of the French civil code).", p.amount(v.Total()),
	)
	p.add(letter.Block{Table: t})
	return nil
}

func (p *page) schedule(v plan.View) {
	p.heading("2. Les échéances", "2. The instalments")
	t := &letter.Table{Columns: []letter.Column{
		{Head: p.say("N°", "No.")},
		{Head: p.say("Date", "Date"), Weight: 1},
		{Head: p.say("Montant", "Amount"), Right: true},
		{Head: p.say("Reste après paiement", "Left after payment"), Right: true},
	}}
	left := v.Total()
	for i, part := range v.Instalments {
		left = left.Sub(part.Amount)
		t.Rows = append(t.Rows, []string{
			strconv.Itoa(i + 1), p.Language.LongDate(part.Due), p.amount(part.Amount), p.amount(left),
		})
	}
	t.Foot = []letter.Foot{{Label: "Total", Value: p.amount(v.Total()), Strong: true}}
	p.para(
		"Le débiteur paiera cette somme aux dates suivantes, chacune au plus tard le jour dit.",
		"The debtor shall pay this sum on the following dates, each on the day at the latest.",
	)
	p.add(letter.Block{Table: t})
}

func (p *page) missed(t Terms) {
	p.heading("3. Si une échéance n’est pas payée", "3. If an instalment is not paid")
	if !t.Acceleration {
		p.para(
			"Une échéance impayée est exigible à sa date\u202f; les suivantes gardent leur terme, sauf dans les cas que la loi "+
				"prévoit (article 1305-4 du code civil).",
			"An unpaid instalment is due on its date; the later ones keep theirs, save in the cases that the law provides "+
				"(article 1305-4 of the French civil code).",
		)
		return
	}
	days := t.NoticeDays
	if days == 0 {
		days = defaultNoticeDays
	}
	p.para(
		"Si une échéance reste impayée en tout ou partie %s après une mise en demeure de la payer qui rappelle la présente "+
			"clause, tout ce qui reste dû devient exigible de plein droit.",
		"If an instalment stays unpaid in whole or in part %s after a formal notice to pay it that recalls this clause, all "+
			"that is left becomes payable by right.", p.days(days),
	)
}

func (p *page) days(n int) string {
	if n == 1 {
		return p.say("un jour", "one day")
	}
	return p.say("%d\u00a0jours", "%d\u00a0days", n)
}

// untouched is what a plan does not change. Nothing here takes from a debtor the
// right to ask a judge for time (C. civ. 1343-5: no clause may).
func (p *page) untouched() {
	p.heading("4. Ce que l’accord ne change pas", "4. What the agreement does not change")
	interest := p.say(
		"Les intérêts et indemnités dus pour le retard courent depuis l’échéance d’origine de chaque facture\u202f; le créancier "+
			"n’y renonce pas par le présent accord.",
		"Interest and compensation owed for lateness run from the original due date of each invoice; the creditor does not "+
			"waive them by this agreement.",
	)
	if p.customer.Kind == customer.Consumer {
		interest = p.say(
			"Aucuns frais ne s’ajoutent à la dette du fait du présent accord.",
			"No charge is added to the debt by reason of this agreement.",
		)
	}
	p.add(letter.Block{Bullets: [][]letter.Span{
		spans(p.say(
			"L’accord n’emporte pas novation\u00a0: la dette, ses garanties et ses cautions demeurent (article 1330 du code civil).",
			"The agreement is no novation: the debt, its securities and its guarantees remain (article 1330 of the civil code).",
		)),
		spans(interest),
		spans(p.say(
			"Le débiteur peut payer plus tôt, sans pénalité.", "The debtor may pay sooner, without penalty.",
		)),
		spans(p.say(
			"Le débiteur garde le droit de demander des délais au juge (article 1343-5 du code civil).",
			"The debtor keeps the right to ask a court for time (article 1343-5 of the French civil code).",
		)),
	}})
}

// signatures are two boxes. A consumer writes the sum by hand: without that, an
// acknowledgment by one who is not a trader is only a beginning of proof (C.
// civ. 1376).
func (p *page) signatures() {
	place := p.creditor.City
	if place == "" {
		place = "…………………"
	}
	p.heading("5. Signatures", "5. Signatures")
	p.para(
		"Fait en deux exemplaires originaux, un pour chaque partie, à %s, le …………………………",
		"Made in two originals, one for each party, at %s, on …………………………", place,
	)
	blank := strings.Repeat("\n", 6)
	debtor := p.say("Nom et qualité\u00a0:", "Name and position:") + blank
	if p.customer.Kind == customer.Consumer {
		debtor = p.say(
			"Écrire à la main «\u00a0Bon pour la somme de\u00a0» suivi de la somme en toutes lettres et en chiffres (article 1376 du code civil), puis signer\u00a0:",
			"Write by hand “Bon pour la somme de” and the sum in words and figures (article 1376 of the civil code), then sign:",
		) + blank
	}
	p.add(letter.Block{Table: &letter.Table{
		Columns: []letter.Column{
			{Head: p.say("Le créancier", "The creditor"), Weight: 1},
			{Head: p.say("Le débiteur", "The debtor"), Weight: 1},
		},
		Rows:  [][]string{{p.say("Nom et qualité\u00a0:", "Name and position:") + blank, debtor}},
		Boxed: true,
	}})
}
