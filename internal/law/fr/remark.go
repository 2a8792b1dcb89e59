package fr

import (
	"errors"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/law"
	"acquit/internal/money"
)

// findings are gathered one by one.
type findings []law.Finding

func (f *findings) add(code string, s law.Severity, source, fr, en string) {
	*f = append(*f, law.Finding{Code: code, Severity: s, Source: source, Text: i18n.Words{FR: fr, EN: en}})
}

// aboutInterest is what a person must know about a calculation, which is left as it
// was asked for.
func (l *Law) aboutInterest(c Claim, got Charges) ([]law.Finding, error) {
	found := findings{}
	found.consumer(c)
	if c.Insolvent != 0 && c.Insolvent <= c.Until {
		found.add("interest_stopped", law.Remark, "C. com. art. L622-28",
			"les intérêts s’arrêtent la veille du jugement du "+c.Insolvent.Long("fr"),
			"interest stops the day before the judgment of "+c.Insolvent.Long("en"))
	}
	if got.Surplus.Sign() > 0 {
		found.add("surplus", law.Remark, "C. civ. art. 1302", "reçu en trop\u00a0: "+got.Surplus.Format("fr"),
			"received beyond what is owed: "+got.Surplus.Format("en"))
	}
	if len(got.Segments) > 0 && !got.Segments[len(got.Segments)-1].Capital.IsZero() {
		found.add("compounded", law.Remark, "C. civ. art. 1343-2",
			"les intérêts dus pour une année entière en produisent eux-mêmes\u00a0: il y faut le contrat ou un juge",
			"interest due for a whole year bears interest itself: a contract or a judge must allow it")
	}
	if c.Agreed != nil {
		return found, l.aboutAgreed(&found, c, got)
	}
	l.aboutFigures(&found, c, got)
	return found, nil
}

func (f *findings) consumer(c Claim) {
	switch {
	case c.Debtor != law.Consumer:
	case c.Agreed != nil:
		f.add("consumer_rate", law.Doubt, "C. conso art. R212-2 3°",
			"un taux convenu avec un consommateur ne vaut que s’il l’a accepté et n’est pas manifestement disproportionné",
			"a rate agreed with a consumer holds only if it was accepted and is not manifestly disproportionate")
	case c.Notice == 0:
		f.add("notice_assumed", law.Doubt, "C. civ. art. 1231-6 et 1344-1",
			"un consommateur ne doit d’intérêts qu’à compter de la mise en demeure\u00a0; sa date n’est pas dite, "+
				"celle du "+c.Due.Long("fr")+" en tient lieu",
			"a consumer owes interest from the formal notice only; its date is not given, that of "+
				c.Due.Long("en")+" stands for it")
	}
}

// least is the smallest rate that the law admits in a contract.
type least struct {
	rate   money.Rate
	source string
	what   i18n.Words
}

// leastRate is the highest of the floors that hold in the segments: three times the
// legal rate between professionals (C. com. L441-10 II), what the law says itself
// for a public buyer (CCP R2192-31).
func (l *Law) leastRate(c Claim, segments []Segment) (least, error) {
	if c.Debtor == law.Public {
		rate, err := l.PublicRate(c.firstDay())
		return least{rate, "CCP art. R2192-31", i18n.Words{
			FR: "à celui que doit un acheteur public", EN: "what a public buyer owes",
		}}, err
	}
	best := least{source: "C. com. art. L441-10 II"}
	for _, s := range segments {
		for day := s.From; day <= s.To; day = anchor(nextSemester(Semester(day))) {
			floor, err := l.Floor(day)
			if err != nil {
				return best, err
			}
			if floor > best.rate {
				best.rate = floor
				best.what = i18n.Words{
					FR: "au plancher de " + Semester(day) + ", trois fois le taux légal",
					EN: "the floor of " + Semester(day) + ", three times the legal rate",
				}
			}
		}
	}
	return best, nil
}

// aboutAgreed compares the contract's rate with the least that the law admits, and
// says what the law's own rate would bring.
func (l *Law) aboutAgreed(found *findings, c Claim, got Charges) error {
	if c.Debtor == law.Consumer || len(got.Segments) == 0 {
		return nil
	}
	floor, err := l.leastRate(c, got.Segments)
	if missing, ok := errors.AsType[*MissingRateError](err); ok {
		found.add("floor_unknown", law.Doubt, "C. com. art. L441-10 II",
			"plancher du taux convenu non vérifié\u00a0: "+missing.Error(),
			"the floor of the agreed rate was not checked: no rate is known for "+missing.Semester)
		return nil
	}
	if err != nil || *c.Agreed >= floor.rate {
		return err
	}
	bare := c
	bare.Agreed = nil
	byLaw, err := l.Interest(bare)
	if err != nil {
		return err
	}
	found.add("rate_below_floor", law.Violation, floor.source,
		"le taux convenu de "+c.Agreed.Format("fr")+" est inférieur "+floor.what.FR+" ("+floor.rate.Format("fr")+
			")\u00a0; sans lui, les intérêts seraient de "+byLaw.Interest.Format("fr"),
		"the agreed rate of "+c.Agreed.Format("en")+" is below "+floor.what.EN+" ("+floor.rate.Format("en")+
			"); without it interest would be "+byLaw.Interest.Format("en"))
	return nil
}

// aboutFigures tells which of the figures used rest on memory or on one source, and
// on what convention old days were counted.
func (l *Law) aboutFigures(found *findings, c Claim, got Charges) {
	told := map[string]bool{}
	for _, s := range got.Segments {
		for day := s.From; day <= s.To; day = anchor(nextSemester(Semester(day))) {
			semester := Semester(day)
			if fact := l.factOf(c, day); !fact.Verified() && !told[semester] {
				told[semester] = true
				found.add("rate_unverified", law.Doubt, fact.Source,
					"taux de "+semester+" à vérifier avant de s’en servir",
					"the rate of "+semester+" is to be verified before it is used")
			}
		}
	}
	old := len(got.Segments) > 0 && got.Segments[0].From < l.day("penalty_semester_anchor_since")
	if old && c.Debtor != law.Consumer {
		found.add("before_semesters", law.Doubt, "loi n° 2012-387",
			"avant 2013 la loi visait la dernière opération de refinancement\u00a0: le taux du semestre en tient lieu",
			"before 2013 the law meant the latest refinancing operation: the rate of the half-year stands for it")
	}
}

// factOf is where the rate of a claim on a day comes from.
func (l *Law) factOf(c Claim, on cal.Date) Fact {
	switch {
	case c.Debtor == law.Consumer || c.Enforced != 0 && on >= c.Enforced:
		return l.rates[legalColumn(c.Creditor)][Semester(on)].Fact
	case c.Debtor == law.Public:
		return l.rates[RateECB][Semester(c.firstDay())].Fact
	}
	return l.rates[RateECB][Semester(on)].Fact
}
