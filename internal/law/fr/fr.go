// Package fr answers for French law: ceilings of payment terms, what an invoice
// must say, the rates of late interest. Its figures are dated facts in data/*.csv,
// each with its source and how sure it is:
//
//	A      read in the statute or an official text
//	B      two independent sources agree
//	C      one secondary source
//	M-h, M-m, M-l   from memory, to be verified: high, medium or low confidence
//
// None of it is legal advice.
package fr

import (
	"embed"
	"fmt"
	"io/fs"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/law"
)

//go:embed data/*.csv
var files embed.FS

// Law is French law with its figures. It does not change once loaded.
type Law struct {
	parameters map[string][]parameter
	keys       []string // of the parameters, in the order of their file
	terms      []ceiling
	rates      map[RateKey]map[string]published // by semester; the ECB's is that of its first day
	floors     map[string]int64                 // published beside the legal rates
	kinds      []LimitationKind
	courts     map[string]local // by department
}

var _ law.Country = (*Law)(nil)

// New loads the figures that come with the program.
func New() (*Law, error) {
	data, err := fs.Sub(files, "data")
	if err != nil {
		return nil, err
	}
	return Load(data)
}

// Load reads the figures from the files of a folder: parameters.csv, terms.csv,
// ecb_rate.csv, ecb_changes.csv, legal_rate.csv, limitation.csv and court.csv. Anything that is missing,
// unknown, or that contradicts another file is an error with its line.
func Load(data fs.FS) (*Law, error) {
	l := &Law{}
	for _, load := range []func(fs.FS) error{
		l.loadParameters, l.loadTerms, l.loadECB, l.loadLegalRate, l.loadLimitation,
		l.loadCourts,
	} {
		if err := load(data); err != nil {
			return nil, err
		}
	}
	if err := l.checkRates(); err != nil {
		return nil, err
	}
	return l, nil
}

// parameter is one value of a figure and when it holds.
type parameter struct {
	value, unit string
	from, to    cal.Date // the zero Date is without end
	Fact
}

func (p parameter) holds(on cal.Date) bool {
	return (p.from == 0 || on >= p.from) && (p.to == 0 || on <= p.to)
}

// parameter is the value of a figure on a day, in the unit expected.
func (l *Law) parameter(key, unit string, on cal.Date) (parameter, error) {
	for _, p := range l.parameters[key] {
		if p.holds(on) && p.unit == unit {
			return p, nil
		}
	}
	return parameter{}, fault.NotFound("paramètre légal «\u00a0%s\u00a0» au %s", key, on)
}

// Semester is the half-year of a day, as rates are published: 2026-S2.
func Semester(on cal.Date) string {
	y, m, _ := on.Date()
	if m <= 6 {
		return fmt.Sprintf("%d-S1", y)
	}
	return fmt.Sprintf("%d-S2", y)
}
