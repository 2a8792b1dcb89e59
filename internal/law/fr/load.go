package fr

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/fault"
)

// record is a line of a file by the names of its columns.
type record struct {
	file   string
	line   int
	fields map[string]string
}

func (r record) wrong(format string, args ...any) error {
	return &fault.Invalid{File: r.file, Line: r.line, Column: 1, Message: fmt.Sprintf(format, args...)}
}

// read gives the lines of a file, which has exactly these columns.
func read(data fs.FS, file string, columns ...string) ([]record, error) {
	f, err := data.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only: nothing is lost when closing fails
	in := csv.NewReader(f)
	rows, err := in.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(rows) < 2 || !slices.Equal(rows[0], columns) {
		return nil, &fault.Invalid{File: file, Message: "colonnes attendues\u00a0: " + strings.Join(columns, ",")}
	}
	var all []record
	for i, row := range rows[1:] {
		r := record{file: file, line: i + 2, fields: make(map[string]string, len(columns))}
		for j, name := range columns {
			r.fields[name] = row[j]
		}
		all = append(all, r)
	}
	return all, nil
}

func (r record) integer(column string) (int, error) {
	n, err := strconv.Atoi(r.fields[column])
	if err != nil || n < 0 {
		return 0, r.wrong("%s\u00a0: «\u00a0%s\u00a0» n’est pas un entier positif", column, r.fields[column])
	}
	return n, nil
}

// date is a day, or no day when the column is empty.
func (r record) date(column string) (cal.Date, error) {
	if r.fields[column] == "" {
		return 0, nil
	}
	d, err := cal.Parse(r.fields[column])
	if err != nil {
		return 0, r.wrong("%s\u00a0: %v", column, err)
	}
	return d, nil
}

// validity is the days from valid_from to valid_to.
func (r record) validity() (from, to cal.Date, err error) {
	if from, err = r.date("valid_from"); err != nil {
		return 0, 0, err
	}
	if to, err = r.date("valid_to"); err != nil {
		return 0, 0, err
	}
	if to != 0 && to < from {
		return 0, 0, r.wrong("la validité finit avant de commencer")
	}
	return from, to, nil
}

// Fact is where a figure comes from and how sure it is.
type Fact struct {
	Source     string
	Confidence string // A to M-l, as the package says
	Read       cal.Date
}

// Verified tells whether the figure was read in an official text, or in two
// independent sources that agree.
func (f Fact) Verified() bool { return f.Confidence == "A" || f.Confidence == "B" }

// fact is the origin of a line, which has one.
func (r record) fact() (Fact, error) {
	read, err := r.date("read_on")
	if err != nil {
		return Fact{}, err
	}
	f := Fact{Source: r.fields["source"], Confidence: r.fields["confidence"], Read: read}
	if f.Read == 0 {
		return f, r.wrong("read_on\u00a0: le jour de lecture manque")
	}
	return f, r.sourced()
}

func (r record) sourced() error {
	if r.fields["source"] == "" {
		return r.wrong("la source manque")
	}
	if !slices.Contains([]string{"A", "B", "C", "M-h", "M-m", "M-l"}, r.fields["confidence"]) {
		return r.wrong("degré de confiance inconnu\u00a0: «\u00a0%s\u00a0»", r.fields["confidence"])
	}
	return nil
}

// units are those of parameters, and what their values look like.
var units = map[string]*regexp.Regexp{
	"bp":     regexp.MustCompile(`^\d{1,15}$`),
	"cents":  regexp.MustCompile(`^\d{1,15}$`),
	"days":   regexp.MustCompile(`^\d{1,15}$`),
	"months": regexp.MustCompile(`^\d{1,15}$`),
	"x":      regexp.MustCompile(`^\d{1,15}$`),
	"bool":   regexp.MustCompile(`^(true|false)$`),
	"answer": regexp.MustCompile(`^(yes|no|unknown)$`),
	"date":   regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`),
}

func (l *Law) loadParameters(data fs.FS) error {
	rows, err := read(data, "parameters.csv", "key", "value", "unit", "valid_from", "valid_to", "source",
		"confidence", "read_on")
	if err != nil {
		return err
	}
	l.parameters = make(map[string][]parameter)
	for _, r := range rows {
		from, to, err := r.validity()
		if err != nil {
			return err
		}
		fact, err := r.fact()
		if err != nil {
			return err
		}
		p := parameter{value: r.fields["value"], unit: r.fields["unit"], from: from, to: to, Fact: fact}
		key := r.fields["key"]
		if form := units[p.unit]; form == nil || !form.MatchString(p.value) {
			return r.wrong("%s\u00a0: «\u00a0%s\u00a0» n’est pas une valeur en «\u00a0%s\u00a0»",
				key, p.value, p.unit)
		}
		for _, other := range l.parameters[key] {
			if other.holds(p.from) || p.holds(other.from) {
				return r.wrong("%s a deux valeurs à la même date", key)
			}
		}
		if l.parameters[key] == nil {
			l.keys = append(l.keys, key)
		}
		l.parameters[key] = append(l.parameters[key], p)
	}
	for key, unit := range required {
		if held := l.parameters[key]; len(held) == 0 || held[len(held)-1].unit != unit {
			return &fault.Invalid{File: "parameters.csv", Message: "le paramètre " + key + " (" + unit + ") manque"}
		}
	}
	return nil
}

// required are the parameters that the answers are made with, and their units.
var required = map[string]string{
	"default_penalty_margin": "bp", "public_interest_margin": "bp", "contract_rate_floor_multiple": "x",
	"default_term": "days", "public_term_state": "days", "public_term_hospital": "days",
	"public_term_undertaking": "days", "einvoice_issue_large": "date", "einvoice_issue_sme": "date",
	"fixed_indemnity": "cents", "judgment_rate_surcharge": "bp", "penalty_semester_anchor_since": "date",
	"limitation_long_stop": "months", "mediation_min_restart": "months",
}

var semesterForm = regexp.MustCompile(`^\d{4}-S[12]$`)

// semester is the half-year of a line, which follows the one before it.
func (r record) semester(before string) (string, error) {
	s := r.fields["semester"]
	if !semesterForm.MatchString(s) {
		return "", r.wrong("«\u00a0%s\u00a0» n’est pas un semestre de la forme 2026-S2", s)
	}
	if before != "" && s != nextSemester(before) {
		return "", r.wrong("le semestre %s manque", nextSemester(before))
	}
	return s, nil
}

func nextSemester(s string) string { return Semester(anchor(s).AddMonths(6)) }

// anchor is the first day of a semester whose form is known to be right.
func anchor(semester string) cal.Date {
	year, half, _ := strings.Cut(semester, "-S")
	day := "-01-01"
	if half == "2" {
		day = "-07-01"
	}
	return cal.Must(year + day)
}
