package dunning

import (
	"fmt"

	"github.com/govalues/decimal"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// facts are what a condition may read, by the names in its tags. Amounts and
// dates have types of their own, so that they mix with nothing by accident.
type facts struct {
	Due      amount        `expr:"due"`
	Balance  amount        `expr:"balance"`
	Age      int           `expr:"age"`
	Day      date          `expr:"day"`
	Invoice  invoiceFacts  `expr:"invoice"`
	Customer customerFacts `expr:"customer"`
	Step     stepFacts     `expr:"step"`
}

type invoiceFacts struct {
	Number   string `expr:"number"`
	Issued   date   `expr:"issued"`
	Due      date   `expr:"due"`
	Amount   amount `expr:"amount"`
	Open     amount `expr:"open"`
	Currency string `expr:"currency"`
	Order    string `expr:"order"`
	Age      int    `expr:"age"`
}

type customerFacts struct {
	Code           string   `expr:"code"`
	Name           string   `expr:"name"`
	Kind           string   `expr:"kind"`
	Language       string   `expr:"language"`
	Country        string   `expr:"country"`
	Tags           []string `expr:"tags"`
	Since          date     `expr:"since"`
	Score          int      `expr:"score"`
	Grade          string   `expr:"grade"`
	AverageDelay   int      `expr:"average_delay"`
	BrokenPromises int      `expr:"broken_promises"`
}

type stepFacts struct {
	ID       string   `expr:"id"`
	At       int      `expr:"at"`
	Tone     string   `expr:"tone"`
	Channels []string `expr:"channels"`
}

// amount is a number of units of the currency at hand, exact. It has no exported
// method: an expression could call it.
type amount struct{ d decimal.Decimal }

// units is a in units of its currency: 2000 for 2 000,00 €.
func units(a money.Amount) amount {
	d, err := decimal.New(a.Minor, a.Currency.Decimals())
	if err != nil { // no currency has as many decimals as would overflow
		return amount{}
	}
	return amount{d}
}

// date is a civil day. One that is not known is neither before nor after any
// other: every comparison with it is false.
type date struct{ d cal.Date }

func customerFactsOf(c *Customer) customerFacts {
	return customerFacts{
		Code: c.Code, Name: c.Name, Kind: c.Kind, Language: c.Language, Country: c.Country, Tags: c.Tags,
		Since: date{c.Since}, Score: c.Score, Grade: c.Grade, AverageDelay: c.AverageDelay,
		BrokenPromises: c.BrokenPromises,
	}
}

func invoiceFactsOf(i *Item, age int) invoiceFacts {
	return invoiceFacts{
		Number: i.Number, Issued: date{i.Issued}, Due: date{i.Due}, Amount: units(i.Amount), Open: units(i.Open),
		Currency: string(i.Open.Currency), Order: i.Order, Age: age,
	}
}

func stepFactsOf(s *Step) stepFacts {
	f := stepFacts{ID: s.ID, At: s.At, Tone: string(s.Tone)}
	for _, c := range s.Channels {
		f.Channels = append(f.Channels, string(c))
	}
	return f
}

// operators are what amounts and dates add to the language: for each operator
// the functions that stand for it, with the types they take.
var operators = map[string][]overload{
	"==": {comparison("equal", func(c int) bool { return c == 0 })},
	"!=": {comparison("differ", func(c int) bool { return c != 0 })},
	"<":  {comparison("less", func(c int) bool { return c < 0 })},
	"<=": {comparison("atMost", func(c int) bool { return c <= 0 })},
	">":  {comparison("more", func(c int) bool { return c > 0 })},
	">=": {comparison("atLeast", func(c int) bool { return c >= 0 })},
	"+":  {arithmetic("plus", decimal.Decimal.AddExact), shift("later", 1)},
	"-":  {arithmetic("minus", decimal.Decimal.SubExact), shift("earlier", -1), between()},
	"*":  {times()},
}

// overload is one function and its types, as the expression library wants them.
type overload struct {
	name  string
	run   func(...any) (any, error)
	types []any
}

func comparison(name string, holds func(int) bool) overload {
	return overload{name, func(args ...any) (any, error) {
		if a, ok := args[0].(date); ok {
			b, _ := args[1].(date)
			if a.d.IsZero() || b.d.IsZero() {
				return false, nil
			}
			return holds(a.d.Sub(b.d)), nil
		}
		return holds(number(args[0]).Cmp(number(args[1]))), nil
	}, []any{
		new(func(amount, amount) bool), new(func(amount, int) bool), new(func(int, amount) bool),
		new(func(date, date) bool),
	}}
}

func arithmetic(name string, run func(a, b decimal.Decimal, scale int) (decimal.Decimal, error)) overload {
	return overload{name, func(args ...any) (any, error) {
		a, b := number(args[0]), number(args[1])
		return exact(run(a, b, max(a.Scale(), b.Scale())))
	}, []any{new(func(amount, amount) amount), new(func(amount, int) amount), new(func(int, amount) amount)}}
}

func times() overload {
	return overload{"times", func(args ...any) (any, error) {
		a, b := number(args[0]), number(args[1])
		return exact(a.MulExact(b, a.Scale()+b.Scale()))
	}, []any{new(func(amount, amount) amount), new(func(amount, int) amount), new(func(int, amount) amount)}}
}

// shift is a date some days later or earlier; one that is not known stays so.
func shift(name string, sign int) overload {
	return overload{name, func(args ...any) (any, error) {
		d, _ := args[0].(date)
		n, _ := args[1].(int)
		if d.d.IsZero() || n > maxDays || n < -maxDays {
			return date{}, nil
		}
		return date{d.d.Add(sign * n)}, nil
	}, []any{new(func(date, int) date)}}
}

// between is the days from one date to another.
func between() overload {
	return overload{"between", func(args ...any) (any, error) {
		a, _ := args[0].(date)
		b, _ := args[1].(date)
		if a.d.IsZero() || b.d.IsZero() {
			return 0, errUnknownDate
		}
		return a.d.Sub(b.d), nil
	}, []any{new(func(date, date) int)}}
}

// errUnknownDate stops a condition that counts days from a date nobody knows:
// any number would be an invention.
var errUnknownDate = fmt.Errorf("une des deux dates n’est pas connue")

// number is an amount or a whole number as a decimal.
func number(v any) decimal.Decimal {
	switch n := v.(type) {
	case amount:
		return n.d
	case int:
		d, _ := decimal.New(int64(n), 0) // scale 0 always fits
		return d
	}
	return decimal.Decimal{}
}

func exact(d decimal.Decimal, err error) (any, error) {
	if err != nil {
		return amount{}, fmt.Errorf("le montant calculé est trop grand ou a trop de décimales")
	}
	return amount{d}, nil
}
