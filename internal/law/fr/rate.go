package fr

import (
	"fmt"
	"io/fs"
	"strconv"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/money"
)

// MissingRateError is a rate that was not known when the figures were written: it
// is never guessed from the one before.
type MissingRateError struct {
	Rate     string // what it is, in French
	Semester string // 2027-S1
}

func (e *MissingRateError) Error() string {
	return fmt.Sprintf("le %s du semestre %s n’est pas connu\u00a0: complétez les taux avant de calculer",
		e.Rate, e.Semester)
}

// Unwrap makes it a fault of the kind not found.
func (e *MissingRateError) Unwrap() error { return fault.ErrNotFound }

// Creditor is the column of the legal rate that counts: it depends on who is owed,
// not on who owes (CMF L313-2).
type Creditor string

// The two columns.
const (
	PrivatePerson Creditor = "private" // a natural person not acting for business
	AnyOther      Creditor = "other"
)

// legalRate and ecbRate are of a semester, in basis points.
type legalRate struct {
	private, other, floor int
	Fact
}

type ecbRate struct {
	bp int
	Fact
}

// DefaultRate is the yearly rate of late penalties between professionals on a day,
// where the contract has none: the ECB's rate on the semester's first day plus ten
// points (C. com. L441-10 II).
func (l *Law) DefaultRate(on cal.Date) (money.Rate, error) {
	return l.ecbPlus("default_penalty_margin", on)
}

// PublicRate is the yearly rate that a public buyer owes when interest began to
// run on a day: the ECB's rate of that semester plus eight points, and the same
// until it has paid (CCP R2192-31).
func (l *Law) PublicRate(began cal.Date) (money.Rate, error) {
	return l.ecbPlus("public_interest_margin", began)
}

func (l *Law) ecbPlus(margin string, on cal.Date) (money.Rate, error) {
	p, err := l.parameter(margin, "bp", on)
	if err != nil {
		return 0, err
	}
	base, ok := l.ecb[Semester(on)]
	if !ok {
		return 0, &MissingRateError{Rate: "taux de refinancement de la BCE", Semester: Semester(on)}
	}
	return money.BasisPoints(int64(base.bp) + p.number()), nil
}

// LegalRate is the taux d'intérêt légal on a day for a creditor.
func (l *Law) LegalRate(on cal.Date, c Creditor) (money.Rate, error) {
	r, ok := l.legal[Semester(on)]
	if !ok {
		return 0, &MissingRateError{Rate: "taux de l’intérêt légal", Semester: Semester(on)}
	}
	if c == PrivatePerson {
		return money.BasisPoints(int64(r.private)), nil
	}
	return money.BasisPoints(int64(r.other)), nil
}

// Floor is the least rate that professionals may agree on: three times the legal
// rate (C. com. L441-10 II). It may exceed the default rate, which it does not bind.
func (l *Law) Floor(on cal.Date) (money.Rate, error) {
	times, err := l.parameter("contract_rate_floor_multiple", "x", on)
	if err != nil {
		return 0, err
	}
	legal, err := l.LegalRate(on, AnyOther)
	if err != nil {
		return 0, err
	}
	return legal.Times(times.number()), nil
}

// LastSemester is the last one for which all rates are known.
func (l *Law) LastSemester() string { return l.last }

func (l *Law) loadECB(data fs.FS) error {
	rows, err := read(data, "ecb_rate.csv", "semester", "ecb_mro_bp", "source", "confidence", "read_on")
	if err != nil {
		return err
	}
	changes, err := read(data, "ecb_changes.csv", "effective_from", "mro_bp", "source", "confidence", "read_on")
	if err != nil {
		return err
	}
	l.ecb = make(map[string]ecbRate, len(rows))
	before := ""
	for _, r := range rows {
		if before, err = r.semester(before); err != nil {
			return err
		}
		rate, err := r.integer("ecb_mro_bp")
		if err != nil {
			return err
		}
		inForce, err := rateInForce(changes, anchor(before))
		if err != nil {
			return err
		}
		if rate != inForce {
			return r.wrong("le taux au %s est %d points de base, les décisions de la BCE disent %d",
				anchor(before), rate, inForce)
		}
		fact, err := r.fact()
		if err != nil {
			return err
		}
		l.ecb[before] = ecbRate{rate, fact}
	}
	return nil
}

// rateInForce is the ECB's rate on a day after its decisions.
func rateInForce(changes []record, on cal.Date) (int, error) {
	rate, last := -1, cal.Date(0)
	for _, c := range changes {
		from, err := c.date("effective_from")
		if err != nil {
			return 0, err
		}
		if from <= last {
			return 0, c.wrong("les décisions ne se suivent pas")
		}
		last = from
		if from > on {
			continue
		}
		if rate, err = c.integer("mro_bp"); err != nil {
			return 0, err
		}
	}
	return rate, nil
}

func (l *Law) loadLegalRate(data fs.FS) error {
	rows, err := read(data, "legal_rate.csv", "semester", "particuliers_bp", "autres_cas_bp", "floor_3x_bp",
		"source", "confidence", "read_on")
	if err != nil {
		return err
	}
	l.legal = make(map[string]legalRate, len(rows))
	before := ""
	for _, r := range rows {
		if before, err = r.semester(before); err != nil {
			return err
		}
		var rate legalRate
		for column, into := range map[string]*int{
			"particuliers_bp": &rate.private, "autres_cas_bp": &rate.other, "floor_3x_bp": &rate.floor,
		} {
			if *into, err = r.integer(column); err != nil {
				return err
			}
		}
		if rate.Fact, err = r.fact(); err != nil {
			return err
		}
		l.legal[before] = rate
	}
	return nil
}

// checkRates holds the rates against each other: floors were published beside the
// rates that they come from.
func (l *Law) checkRates() error {
	for semester, r := range l.legal {
		floor, err := l.Floor(anchor(semester))
		if err != nil {
			return err
		}
		if floor != money.BasisPoints(int64(r.floor)) {
			return &fault.Invalid{File: "legal_rate.csv",
				Message: "plancher de " + semester + "\u00a0: " + floor.Percent() + " attendu"}
		}
	}
	for semester := range l.legal {
		if _, ok := l.ecb[semester]; ok && semester > l.last {
			l.last = semester
		}
	}
	if l.last == "" {
		return &fault.Invalid{File: "ecb_rate.csv", Message: "aucun semestre n’a les deux taux"}
	}
	return nil
}

// number is the value of a parameter whose unit is one of whole numbers, as
// checked when it was loaded.
func (p parameter) number() int64 {
	n, err := strconv.ParseInt(p.value, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
