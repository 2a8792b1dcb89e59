package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/law"
	"acquit/internal/law/fr"
	"acquit/internal/money"
)

func (p *Program) interest() *cli.Command {
	return &cli.Command{
		Name: "interest", Usage: p.say("les intérêts de retard et l’indemnité d’une créance", "late interest and the indemnity of a claim"),
		Description: p.say("Sans base de données. Les intérêts courent du lendemain de l’échéance au jour de --on ; chaque jour porte le taux de son semestre.",
			"Needs no database. Interest runs from the day after the due date to the day of --on; each day bears the rate of its half-year."),
		UsageText: "acquit interest --amount 1200.00 --due 2026-06-30 --on 2026-11-22\n" +
			"acquit interest --amount 1000.00 --due 2026-03-31 --pay 2026-05-31:500.00 --on 2026-07-31",
		Flags: []cli.Flag{
			p.amountFlag("la somme due, TTC (obligatoire)", "what is owed, with VAT (required)"),
			p.text("due", p.say("échéance AAAA-MM-JJ (obligatoire)", "due date YYYY-MM-DD (required)")),
			p.onFlag(),
			p.text("kind", p.say("débiteur : business, consumer ou public", "debtor: business, consumer or public")),
			p.text("rate", p.say("taux du contrat, en % par an ; sinon celui de la loi", "the contract’s rate, in % a year; else the law’s")),
			p.texts("pay", p.say("règlement, DATE:MONTANT", "a payment, DATE:AMOUNT")),
			p.texts("credit", p.say("avoir, DATE:MONTANT", "a credit note, DATE:AMOUNT")),
			p.text("imputation", p.say("un règlement paie d’abord : interest_first (les intérêts) ou principal_first", "a payment first pays: interest_first or principal_first")),
			p.text("basis", p.say("jours de l’année : 365 ou act", "days of the year: 365 or act")),
			p.text("notice", p.say("mise en demeure reçue d’un consommateur, AAAA-MM-JJ", "formal notice received by a consumer, YYYY-MM-DD")),
			p.text("insolvent", p.say("jugement qui ouvre une procédure collective, AAAA-MM-JJ", "judgment that opens insolvency proceedings, YYYY-MM-DD")),
			p.text("judgment", p.say("premier jour au taux légal majoré de 5 points après une condamnation, AAAA-MM-JJ", "first day at the legal rate plus 5 points after a court decision, YYYY-MM-DD")),
			p.text("owed-to", p.say("créancier, pour le taux légal : other, ou private (particulier)", "creditor, for the legal rate: other, or private (a private person)")),
			&cli.StringFlag{Name: "currency", Usage: p.say("devise", "currency"), Value: string(money.EUR)},
		},
		Action: p.doInterest,
	}
}

type segmentJSON struct {
	From      cal.Date `json:"from"`
	To        cal.Date `json:"to"`
	Days      int      `json:"days"`
	Principal string   `json:"principal"`
	Rate      string   `json:"rate"`
	Base      int      `json:"base"`
	Interest  string   `json:"interest"`
}

type lawJSON struct {
	Code     string       `json:"code"`
	Text     string       `json:"text"`
	Severity law.Severity `json:"severity"`
	Source   string       `json:"source"`
}

type interestJSON struct {
	On           cal.Date       `json:"on"`
	Currency     money.Currency `json:"currency"`
	Segments     []segmentJSON  `json:"segments"`
	Interest     string         `json:"interest"`
	InterestDue  string         `json:"interest_due"`
	PrincipalDue string         `json:"principal_due"`
	Indemnity    string         `json:"indemnity"`
	IndemnityDue string         `json:"indemnity_due"`
	Surplus      string         `json:"surplus"`
	Findings     []lawJSON      `json:"findings"`
	Conventions  []string       `json:"conventions"`
}

func (p *Program) doInterest(_ context.Context, c *cli.Command) error {
	if err := p.none(c); err != nil {
		return err
	}
	claim, err := p.claim(c)
	if err != nil {
		return err
	}
	french, err := fr.New()
	if err != nil {
		return err
	}
	got, err := french.Interest(claim)
	if err != nil {
		return err
	}
	return p.answer(p.interestJSON(claim, got), func(w io.Writer) { p.tellInterest(w, claim, got) })
}

// claim is what the flags say is owed.
func (p *Program) claim(c *cli.Command) (fr.Claim, error) {
	var claim fr.Claim
	currency, err := money.ParseCurrency(c.String("currency"))
	if err != nil {
		return claim, usage(err)
	}
	if _, err = p.need(c, "amount"); err != nil {
		return claim, err
	}
	if claim.Amount, err = p.amount(c, "amount", currency); err != nil {
		return claim, err
	}
	if claim.Due, err = p.needDay(c, "due"); err != nil {
		return claim, err
	}
	if claim.Until, err = p.dayOr(c, "on", cal.Of(p.Now())); err != nil {
		return claim, err
	}
	for name, day := range map[string]*cal.Date{
		"notice": &claim.Notice, "insolvent": &claim.Insolvent, "judgment": &claim.Enforced,
	} {
		if *day, err = p.day(c, name); err != nil {
			return claim, err
		}
	}
	if err := p.claimChoices(c, &claim); err != nil {
		return claim, err
	}
	return claim, p.movements(c, &claim)
}

// claimChoices reads the flags that have a few values, and the contract's rate.
func (p *Program) claimChoices(c *cli.Command, claim *fr.Claim) error {
	kind, err := p.choice(c, "kind", string(law.Business),
		string(law.Business), string(law.Consumer), string(law.Public))
	if err != nil {
		return err
	}
	first, err := p.choice(c, "imputation", string(fr.InterestFirst),
		string(fr.InterestFirst), string(fr.PrincipalFirst))
	if err != nil {
		return err
	}
	basis, err := p.choice(c, "basis", string(fr.Fixed365), string(fr.Fixed365), string(fr.Actual))
	if err != nil {
		return err
	}
	owed, err := p.choice(c, "owed-to", string(fr.AnyOther), string(fr.AnyOther), string(fr.PrivatePerson))
	if err != nil {
		return err
	}
	claim.Debtor, claim.Imputation, claim.Basis = law.Debtor(kind), fr.Imputation(first), fr.Basis(basis)
	claim.Creditor = fr.Creditor(owed)
	if text := c.String("rate"); text != "" {
		rate, err := money.ParseRate(text)
		if err != nil {
			return wrong("rate", err.Error(), "--rate 12.40")
		}
		claim.Agreed = &rate
	}
	return nil
}

// movements are the payments and credit notes, each as DATE:AMOUNT.
func (p *Program) movements(c *cli.Command, claim *fr.Claim) error {
	for _, name := range []string{"pay", "credit"} {
		for _, text := range c.StringSlice(name) {
			date, amount, _ := strings.Cut(text, ":")
			on, err := cal.Parse(date)
			if err != nil || amount == "" {
				return wrong(name, p.say("ce n’est pas DATE:MONTANT : ", "not DATE:AMOUNT: ")+text,
					"--"+name+" 2026-05-31:500.00")
			}
			a, err := p.amountIn(name, strings.TrimSpace(amount), claim.Amount.Currency)
			if err != nil {
				return err
			}
			claim.Movements = append(claim.Movements, fr.Movement{On: on, Amount: a, Credit: name == "credit"})
		}
	}
	return nil
}

func (p *Program) interestJSON(claim fr.Claim, got fr.Charges) interestJSON {
	out := interestJSON{
		On: claim.Until, Currency: claim.Amount.Currency, Segments: []segmentJSON{},
		Interest: got.Interest.Decimal(), InterestDue: got.InterestDue.Decimal(),
		PrincipalDue: got.PrincipalDue.Decimal(), Indemnity: got.Indemnity.Decimal(),
		IndemnityDue: got.IndemnityDue.Decimal(), Surplus: got.Surplus.Decimal(),
		Findings: p.lawJSON(got.Findings), Conventions: p.conventions(claim),
	}
	for _, s := range got.Segments {
		out.Segments = append(out.Segments, segmentJSON{
			s.From, s.To, s.Days(), s.Principal.Decimal(), s.Rate.Percent(), s.Base, s.Interest.Decimal(),
		})
	}
	return out
}

func (p *Program) lawJSON(found []law.Finding) []lawJSON {
	list := []lawJSON{}
	for _, f := range found {
		list = append(list, lawJSON{f.Code, f.Text.In(p.lang), f.Severity, f.Source})
	}
	return list
}

func (p *Program) tellInterest(w io.Writer, claim fr.Claim, got fr.Charges) {
	fmt.Fprintf(w, p.say("Intérêts de retard arrêtés au %s\n\n", "Late interest as of %s\n\n"),
		p.lang.LongDate(claim.Until))
	t := p.table(w)
	if len(got.Segments) > 0 {
		t.row(p.say("Du", "From"), p.say("au", "to"), p.say("Jours", "Days"), p.say("Principal", "Principal"),
			p.say("Taux", "Rate"), p.say("Base", "Base"), p.say("Intérêts", "Interest"))
	}
	for _, s := range got.Segments {
		t.row(p.lang.Date(s.From), p.lang.Date(s.To), s.Days(), s.Principal,
			s.Rate.Format(string(p.lang)), s.Base, s.Interest)
	}
	t.endOr(p.say("Aucun jour de retard.", "No day late."))
	fmt.Fprintln(w)
	t = p.table(w)
	t.row(p.say("Intérêts courus", "Interest accrued"), got.Interest)
	t.row(p.say("Intérêts restant dus", "Interest still due"), got.InterestDue)
	t.row(p.say("Principal restant dû", "Principal still due"), got.PrincipalDue)
	t.row(p.say("Indemnité forfaitaire restant due", "Fixed indemnity still due"), got.IndemnityDue)
	if got.Indemnity.Currency == claim.Amount.Currency {
		t.row(p.say("Total", "Total"), got.PrincipalDue.Add(got.InterestDue).Add(got.IndemnityDue))
	}
	t.end()
	p.tellLaw(w, got.Findings)
	fmt.Fprintf(w, "\n%s\n", p.say("Conventions", "Conventions"))
	for _, line := range p.conventions(claim) {
		fmt.Fprintf(w, "- %s\n", line)
	}
}

// tellLaw shows what the law has to say, each with its article.
func (p *Program) tellLaw(w io.Writer, found []law.Finding) {
	if len(found) > 0 {
		fmt.Fprintln(w)
	}
	for _, f := range found {
		head := p.say("À savoir", "To know")
		switch f.Severity {
		case law.Violation:
			head = p.say("Contraire à la loi", "Contrary to the law")
		case law.Doubt:
			head = p.say("À vérifier", "To verify")
		}
		fmt.Fprintf(w, "%s : %s (%s).\n", head, f.Text.In(p.lang), f.Source)
	}
}

// conventions are the choices behind the figures where no text decides, and the
// articles where one does.
func (p *Program) conventions(c fr.Claim) []string {
	year := p.say("année de 365 jours", "a year of 365 days")
	if c.Basis == fr.Actual {
		year = p.say("année de 365 ou 366 jours selon le calendrier", "a year of 365 or 366 days as in the calendar")
	}
	first := p.say("un règlement paie les intérêts, puis le principal, puis l’indemnité (C. civ. art. 1343-1)",
		"a payment pays interest, then principal, then the indemnity (C. civ. art. 1343-1)")
	if c.Imputation == fr.PrincipalFirst {
		first = p.say("un règlement paie le principal, puis les intérêts, puis l’indemnité (clause du contrat)",
			"a payment pays principal, then interest, then the indemnity (clause of the contract)")
	}
	return []string{
		p.rateWords(c),
		p.say("le premier jour est le lendemain de l’échéance, le dernier celui du règlement ou de l’arrêté, compris",
			"the first day is the one after the due date, the last that of the payment or of the closing, included"),
		p.say("montants TTC, ", "amounts with VAT, ") + year,
		p.say("chaque période est arrondie une fois au centime, la moitié vers le haut ; le total est la somme des périodes",
			"each period is rounded once to a minor unit, halves up; the total is the sum of the periods"),
		first,
		p.say("un avoir ne diminue que le principal", "a credit note only lowers the principal"),
	}
}

// rateWords say where the rate comes from.
func (p *Program) rateWords(c fr.Claim) string {
	switch {
	case c.Agreed != nil:
		return p.say("taux du contrat, le même tout du long", "the contract’s rate, the same all along")
	case c.Debtor == law.Consumer:
		return p.say("taux de l’intérêt légal du semestre, à compter de la mise en demeure (C. civ. art. 1231-6, CMF art. L313-2)",
			"the legal rate of the half-year, from the formal notice (C. civ. art. 1231-6, CMF art. L313-2)")
	case c.Debtor == law.Public:
		return p.say("taux de la BCE plus 8 points, celui du semestre du premier jour jusqu’au bout (CCP art. R2192-31)",
			"the ECB’s rate plus 8 points, that of the first day’s half-year to the end (CCP art. R2192-31)")
	}
	return p.say("taux de la BCE au premier jour du semestre plus 10 points (C. com. art. L441-10 II)",
		"the ECB’s rate on the first day of the half-year plus 10 points (C. com. art. L441-10 II)")
}
