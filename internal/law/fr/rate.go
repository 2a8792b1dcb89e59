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
	Key      RateKey
	Rate     string // what it is, in French
	Semester string // 2027-S1
}

func (e *MissingRateError) Error() string {
	return fmt.Sprintf("le %s du semestre %s n’est pas connu\u00a0: ajoutez-le dès sa publication, "+
		"à la page Réglages › Droit ou par «\u00a0acquit law set %s --semester %s\u00a0»",
		e.Rate, e.Semester, e.Key, e.Semester)
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

// RateKey is one of the rates that are published for a semester.
type RateKey string

// The rates. Those of the legal rate are its two columns (CMF L313-2).
const (
	RateECB          RateKey = "ecb_rate"
	RateLegalPrivate RateKey = "legal_rate_private"
	RateLegalOther   RateKey = "legal_rate_other"
)

// rateKeys are all of them, in the order in which they are shown.
var rateKeys = []RateKey{RateECB, RateLegalOther, RateLegalPrivate}

// published is a rate of a semester, in basis points.
type published struct {
	bp int64
	Fact
}

// rate is what was published for the semester of a day.
func (l *Law) rate(key RateKey, on cal.Date) (published, error) {
	p, ok := l.rates[key][Semester(on)]
	if !ok {
		return p, &MissingRateError{Key: key, Rate: figureWords[string(key)].FR, Semester: Semester(on)}
	}
	return p, nil
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
	base, err := l.rate(RateECB, on)
	if err != nil {
		return 0, err
	}
	return money.BasisPoints(base.bp + p.number()), nil
}

// LegalRate is the taux d'intérêt légal on a day for a creditor.
func (l *Law) LegalRate(on cal.Date, c Creditor) (money.Rate, error) {
	r, err := l.rate(legalColumn(c), on)
	return money.BasisPoints(r.bp), err
}

// legalColumn is the column of the legal rate for a creditor.
func legalColumn(c Creditor) RateKey {
	if c == PrivatePerson {
		return RateLegalPrivate
	}
	return RateLegalOther
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
func (l *Law) LastSemester() string {
	last := ""
	for semester := range l.rates[RateECB] {
		_, private := l.rates[RateLegalPrivate][semester]
		_, other := l.rates[RateLegalOther][semester]
		if private && other && semester > last {
			last = semester
		}
	}
	return last
}

func (l *Law) loadECB(data fs.FS) error {
	rows, err := read(data, "ecb_rate.csv", "semester", "ecb_mro_bp", "source", "confidence", "read_on")
	if err != nil {
		return err
	}
	changes, err := read(data, "ecb_changes.csv", "effective_from", "mro_bp", "source", "confidence", "read_on")
	if err != nil {
		return err
	}
	l.rates = map[RateKey]map[string]published{RateECB: {}, RateLegalPrivate: {}, RateLegalOther: {}}
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
		l.rates[RateECB][before] = published{int64(rate), fact}
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
	l.floors = make(map[string]int64, len(rows))
	before := ""
	for _, r := range rows {
		if before, err = r.semester(before); err != nil {
			return err
		}
		fact, err := r.fact()
		if err != nil {
			return err
		}
		for column, key := range map[string]RateKey{
			"particuliers_bp": RateLegalPrivate, "autres_cas_bp": RateLegalOther,
		} {
			bp, err := r.integer(column)
			if err != nil {
				return err
			}
			l.rates[key][before] = published{int64(bp), fact}
		}
		floor, err := r.integer("floor_3x_bp")
		if err != nil {
			return err
		}
		l.floors[before] = int64(floor)
	}
	return nil
}

// checkRates holds the rates against each other: floors were published beside the
// rates that they come from.
func (l *Law) checkRates() error {
	for semester, published := range l.floors {
		floor, err := l.Floor(anchor(semester))
		if err != nil {
			return err
		}
		if floor != money.BasisPoints(published) {
			return &fault.Invalid{
				File:    "legal_rate.csv",
				Message: "plancher de " + semester + "\u00a0: " + floor.Percent() + " attendu",
			}
		}
	}
	if l.LastSemester() == "" {
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
