package paper

import (
	"context"
	"maps"
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/report"
)

// Duty is why a guarantor is written to.
type Duty string

// The duties of a professional creditor towards a guarantor who is a natural
// person. Both letters serve as well for a company that guarantees.
const (
	Default Duty = "default" // the first payment that stays unpaid for a month (C. civ. 2303)
	Yearly  Duty = "yearly"  // before 31 March, what was owed at 31 December (C. civ. 2302)
)

// Charges are what is owed besides the principal in one currency: C. civ. 2302
// wants it told too. An empty list says that nothing is owed; none at all (nil)
// that nothing was computed, and the letter reserves it.
type Charges struct{ Interest, Indemnity money.Amount }

// Day is the day whose debts a duty tells of, in a letter of day.
func (d Duty) Day(day cal.Date) cal.Date {
	if d == Yearly {
		return cal.Of(time.Date(day.Year()-1, time.December, 31, 0, 0, 0, 0, time.UTC))
	}
	return day
}

// Inform is the letter that tells a guarantor what the debtor owes on the duty's
// Day, charges as computed for that day. It asks for nothing: a call upon the
// guarantee is a step of its own.
func Inform(
	ctx context.Context, tx *db.Tx, s creditor.Scope, id string, duty Duty, charges []Charges, day cal.Date,
) (letter.Letter, error) {
	g, err := FindGuarantor(ctx, tx, s, id)
	if err != nil {
		return letter.Letter{}, err
	}
	if !g.Stands(day) {
		return letter.Letter{}, fault.Conflictf("l’engagement de %s ne court plus à cette date", g.Name)
	}
	p, err := begin(ctx, tx, s, g.Customer, day)
	if err != nil {
		return p.Letter, err
	}
	p.turnTo(g)
	st, err := report.StatementOn(ctx, tx, s, g.Customer, duty.Day(day))
	if err != nil {
		return p.Letter, err
	}
	if duty == Yearly {
		p.yearly(g, st, charges)
	} else if err := p.defaulted(g, st, charges); err != nil {
		return p.Letter, err
	}
	p.close()
	return p.Letter, nil
}

// turnTo addresses the page to the guarantor, in her language.
func (p *page) turnTo(g Guarantor) {
	p.Language = tongue(g.Language)
	p.Dateline = dateline(p.creditor, p.Language, p.day)
	p.Recipient = recipient(p.creditor, customer.Customer{
		Name: g.Name, Street: g.Street, PostalCode: g.PostalCode, City: g.City, Country: g.Country,
		Language: g.Language,
	}, customer.Contact{})
	p.References = references(p.Language, p.customer, p.collector)
}

func (p *page) engagement(g Guarantor) string {
	text := p.say("votre engagement de caution", "your guarantee")
	if !g.SignedOn.IsZero() {
		text = p.say("votre engagement de caution du %s", "your guarantee of %s", p.date(g.SignedOn))
	}
	if g.Ceiling.Sign() > 0 {
		text += p.say(", dans la limite de %s", ", up to %s", p.amount(g.Ceiling))
	}
	return text
}

// defaulted tells of invoices that stay unpaid (C. civ. 2303).
func (p *page) defaulted(g Guarantor, st report.Statement, charges []Charges) error {
	late := lateOf(st)
	if len(late.Lines) == 0 {
		return fault.Invalidf("duty", "aucune facture de ce client n’est échue\u00a0: il n’y a pas de défaillance à annoncer")
	}
	p.titled("Information de la caution\u00a0: impayés de %s", "Notice to the guarantor: unpaid invoices of %s", p.customer.Name)
	p.greeting()
	p.para(
		"Au titre de %s en faveur de **%s**, nous vous informons, comme l’article 2303 du code civil le prévoit, que les "+
			"factures suivantes n’ont pas été payées à leur échéance.",
		"Under %s in favour of **%s**, we inform you, as article 2303 of the French civil code provides, that the following "+
			"invoices were not paid when due.", p.engagement(g), p.customer.Name,
	)
	for _, total := range late.Totals {
		p.add(letter.Block{Table: p.open(late, total)})
	}
	p.besides(charges)
	p.para(
		"Cette lettre vous informe\u202f; elle ne vous demande pas de payer. Vous pouvez à tout moment nous interroger sur "+
			"l’état de cette dette.",
		"This letter informs you; it does not ask you to pay. You may ask us at any time how this debt stands.",
	)
	return nil
}

// lateOf is what a statement holds of overdue invoices.
func lateOf(st report.Statement) report.Statement {
	totals := map[money.Currency]money.Amount{}
	late := st
	late.Lines, late.Totals = nil, nil
	for _, n := range st.Lines {
		if n.Age > 0 && !n.Kind.Credit() {
			late.Lines = append(late.Lines, n)
			totals[n.On.Currency] = totals[n.On.Currency].Add(n.On)
		}
	}
	for _, c := range sortedCurrencies(totals) {
		late.Totals = append(late.Totals, totals[c])
	}
	return late
}

func sortedCurrencies(totals map[money.Currency]money.Amount) []money.Currency {
	return slices.Sorted(maps.Keys(totals))
}

// yearly tells what was owed at the end of last year, and until when the
// guarantee lasts (C. civ. 2302).
func (p *page) yearly(g Guarantor, st report.Statement, charges []Charges) {
	p.titled("Information annuelle de la caution\u00a0: %s", "Yearly notice to the guarantor: %s", p.customer.Name)
	p.greeting()
	p.para(
		"Au titre de %s en faveur de **%s**, nous vous faisons connaître, comme l’article 2302 du code civil le prévoit, ce "+
			"qui restait dû au %s.",
		"Under %s in favour of **%s**, we let you know, as article 2302 of the French civil code provides, what was owed on "+
			"%s.", p.engagement(g), p.customer.Name, p.date(st.On),
	)
	if len(st.Lines) == 0 {
		p.para("Rien n’était dû à cette date.", "Nothing was owed on that day.")
	}
	for _, total := range st.Totals {
		p.add(letter.Block{Table: p.open(st, total)})
	}
	p.besides(charges)
	if g.EndsOn.IsZero() {
		p.para(
			"Votre engagement est sans terme\u00a0: vous pouvez le résilier à tout moment pour les dettes à venir, par lettre "+
				"recommandée, en respectant le préavis convenu ou, à défaut, un délai raisonnable (article 2315 du code civil).",
			"Your guarantee has no term: you may end it at any time for future debts, by registered letter, with the notice "+
				"agreed or, failing that, reasonable notice (article 2315 of the French civil code).",
		)
		return
	}
	p.para("Votre engagement court jusqu’au **%s**.", "Your guarantee lasts until **%s**.", p.date(g.EndsOn))
}

// besides tells what is owed besides the principal.
func (p *page) besides(charges []Charges) {
	if charges == nil {
		p.para(
			"Ces sommes sont en principal\u202f; les intérêts de retard et accessoires dus par la loi ou le contrat s’y ajoutent.",
			"These sums are principal; late interest and charges owed under the law or the contract are added.",
		)
		return
	}
	told := false
	for _, c := range charges {
		if c.Interest.Sign() > 0 || c.Indemnity.Sign() > 0 {
			told = true
			p.para(
				"S’y ajoutent à cette date **%s** d’intérêts de retard et **%s** d’indemnités de recouvrement.",
				"To this are added on that day **%s** of late interest and **%s** of compensation for recovery costs.",
				p.amount(c.Interest), p.amount(c.Indemnity),
			)
		}
	}
	if !told {
		p.para(
			"Aucun intérêt ni accessoire n’est réclamé à cette date en sus de ces sommes.",
			"No interest or charge is claimed on that day besides these sums.",
		)
	}
}
