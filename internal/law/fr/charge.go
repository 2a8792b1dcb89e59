package fr

import (
	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/law"
	"acquit/internal/money"
)

// check refuses a claim that makes no sense.
func (c Claim) check() error {
	switch {
	case c.Amount.Sign() < 0 || !c.Amount.Currency.Valid():
		return fault.Invalidf("amount", "le montant réclamé doit être positif et dans une monnaie connue")
	case c.Due == 0:
		return fault.Invalidf("due", "la date d’échéance manque")
	case c.Until == 0:
		return fault.Invalidf("on", "le jour d’arrêté des intérêts manque")
	case c.Agreed != nil && *c.Agreed < 0:
		return fault.Invalidf("rate", "un taux ne peut pas être négatif")
	}
	for _, m := range c.Movements {
		if m.On == 0 || m.Amount.Sign() <= 0 || m.Amount.Currency != c.Amount.Currency {
			return fault.Invalidf("movement",
				"un règlement ou un avoir a un jour et un montant positif, dans la monnaie de la créance")
		}
	}
	return nil
}

// rateOf is the yearly rate of a claim on a day: the contract's where there is one;
// the legal rate plus five points once a judgment is enforced (CMF L313-3); for a
// consumer the legal rate of the creditor's column; for a public buyer that of the
// first day; between professionals that of the semester.
func (l *Law) rateOf(c Claim, on cal.Date) (money.Rate, error) {
	switch {
	case c.Enforced != 0 && on >= c.Enforced:
		return l.JudgmentRate(on, c.Creditor)
	case c.Agreed != nil:
		return *c.Agreed, nil
	}
	return l.statutoryRate(c, on)
}

func (l *Law) statutoryRate(c Claim, on cal.Date) (money.Rate, error) {
	switch c.Debtor {
	case law.Consumer:
		return l.LegalRate(on, c.Creditor)
	case law.Public:
		return l.PublicRate(c.firstDay())
	}
	return l.DefaultRate(on)
}

// JudgmentRate is the legal rate plus five points, which a debt bears two months
// after a decision that may be enforced (CMF L313-3).
func (l *Law) JudgmentRate(on cal.Date, c Creditor) (money.Rate, error) {
	legal, err := l.LegalRate(on, c)
	if err != nil {
		return 0, err
	}
	more, err := l.parameter("judgment_rate_surcharge", "bp", on)
	if err != nil {
		return 0, err
	}
	return legal + money.BasisPoints(more.number()), nil
}

// indemnity is the fixed compensation for the costs of recovery, in euros whatever
// the claim's currency: once for an invoice of which a professional or a public
// buyer was late with anything (C. com. L441-10 II and D441-5, CCP D2192-35), and
// not where a collective procedure forbade to pay on the due date.
func (l *Law) indemnity(c Claim, late bool) money.Amount {
	forbidden := c.Insolvent != 0 && c.Due >= c.Insolvent
	if !late || forbidden || c.Debtor == law.Consumer {
		return money.Zero(money.EUR)
	}
	p, err := l.parameter("fixed_indemnity", "cents", c.Due.Add(1))
	if err != nil { // before there was one
		return money.Zero(money.EUR)
	}
	return money.New(p.number(), money.EUR)
}
