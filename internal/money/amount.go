// Package money holds amounts as whole numbers of a currency's minor unit:
// never a float, and never two currencies in one sum.
package money

import (
	"fmt"
	"math"
	"math/bits"
)

// Currency is an ISO 4217 code such as "EUR".
type Currency string

// EUR is the euro.
const EUR Currency = "EUR"

// Amount is a number of minor units (cents for the euro) of one currency. The
// zero Amount is nothing in no currency: it adds to any other.
type Amount struct {
	Minor    int64
	Currency Currency
}

// New is minor units of c: New(123456, EUR) is 1 234,56 €.
func New(minor int64, c Currency) Amount { return Amount{Minor: minor, Currency: c} }

// Zero is no money, of currency c.
func Zero(c Currency) Amount { return Amount{Currency: c} }

// Add is a + b. It panics when their currencies differ or the sum overflows:
// sums are made per currency, so either is a fault of the program.
func (a Amount) Add(b Amount) Amount {
	c := a.with(b)
	sum := a.Minor + b.Minor
	if (a.Minor > 0) == (b.Minor > 0) && (sum > 0) != (a.Minor > 0) && a.Minor != 0 && b.Minor != 0 {
		panic(fmt.Sprintf("money: %d + %d overflows", a.Minor, b.Minor))
	}
	return Amount{Minor: sum, Currency: c}
}

// Sub is a − b, under the rules of Add.
func (a Amount) Sub(b Amount) Amount { return a.Add(b.Neg()) }

// Neg is −a. It panics where that overflows, as Add does.
func (a Amount) Neg() Amount {
	if a.Minor == math.MinInt64 {
		panic(fmt.Sprintf("money: -(%d) overflows", a.Minor))
	}
	return Amount{Minor: -a.Minor, Currency: a.Currency}
}

// Abs is a without its sign.
func (a Amount) Abs() Amount {
	if a.Minor < 0 {
		return a.Neg()
	}
	return a
}

// Cmp is −1, 0 or +1 as a is less than, equal to or more than b.
func (a Amount) Cmp(b Amount) int {
	a.with(b)
	switch {
	case a.Minor < b.Minor:
		return -1
	case a.Minor > b.Minor:
		return 1
	}
	return 0
}

// Less tells whether a < b.
func (a Amount) Less(b Amount) bool { return a.Cmp(b) < 0 }

// Min is the smaller of a and b.
func Min(a, b Amount) Amount {
	if b.Less(a) {
		return b
	}
	return a
}

// Sign is −1, 0 or +1.
func (a Amount) Sign() int {
	switch {
	case a.Minor < 0:
		return -1
	case a.Minor > 0:
		return 1
	}
	return 0
}

// IsZero tells whether there is no money in a, whatever the currency.
func (a Amount) IsZero() bool { return a.Minor == 0 }

// with is the currency that a and b share.
func (a Amount) with(b Amount) Currency {
	switch {
	case a.Currency == b.Currency:
		return a.Currency
	case a.Currency == "" && a.Minor == 0:
		return b.Currency
	case b.Currency == "" && b.Minor == 0:
		return a.Currency
	}
	panic(fmt.Sprintf("money: %s with %s", a.Currency, b.Currency))
}

// mulDiv is n·mul/div rounded half away from zero, exact in 128 bits. It panics
// where the result overflows, as Add does.
func mulDiv(n, mul, div int64) int64 {
	neg := (n < 0) != (mul < 0)
	hi, lo := bits.Mul64(abs(n), abs(mul))
	d := uint64(div)
	lo, carry := bits.Add64(lo, d/2, 0)
	hi += carry
	if hi >= d {
		panic(fmt.Sprintf("money: %d × %d / %d overflows", n, mul, div))
	}
	q, _ := bits.Div64(hi, lo, d)
	if q > math.MaxInt64 {
		panic(fmt.Sprintf("money: %d × %d / %d overflows", n, mul, div))
	}
	if neg {
		return -int64(q)
	}
	return int64(q)
}

func abs(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}
