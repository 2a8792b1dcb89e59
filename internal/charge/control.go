package charge

import (
	"math/big"

	"acquit/internal/i18n"
	"acquit/internal/money"
)

// rateUnit is one hundred percent in the unit of rates.
const rateUnit = 1_000_000

// control is the interest of a period before it is rounded, to four decimals of
// the currency's unit, so that each rounding can be seen.
func control(principal money.Amount, rate int64, days, base int, l i18n.Lang) string {
	over := new(big.Int).Mul(big.NewInt(principal.Minor), big.NewInt(rate))
	over.Mul(over, big.NewInt(int64(days)))
	per := money.New(1, principal.Currency).Decimal()
	unit, ok := new(big.Rat).SetString(per)
	if !ok {
		return ""
	}
	r := new(big.Rat).SetFrac(over, new(big.Int).Mul(big.NewInt(rateUnit), big.NewInt(int64(base))))
	return l.Decimal(r.Mul(r, unit).FloatString(4))
}
