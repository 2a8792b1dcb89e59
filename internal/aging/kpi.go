package aging

import (
	"math/big"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// DSO is the days of sales that a balance stands for: balance / sales × days, both
// with VAT (the simple method), and none where nothing was sold. The same formula
// gives DIO and DPO.
func DSO(balance, sales money.Amount, days int) Figure {
	if sales.Sign() <= 0 {
		return Figure{}
	}
	return ratio(minor(balance), minor(sales)).times(int64(days))
}

// BestPossibleDSO is the DSO if everything were paid when due: what is not yet
// due / sales × days.
func BestPossibleDSO(current, sales money.Amount, days int) Figure { return DSO(current, sales, days) }

// CollectionEffectiveness is the share, in percent, of what could be collected
// that was: (begin + sales − end) / (begin + sales − end not yet due) × 100.
func CollectionEffectiveness(begin, sales, end, endCurrent money.Amount) Figure {
	all := new(big.Int).Add(minor(begin), minor(sales))
	collected := new(big.Int).Sub(all, minor(end))
	collectable := new(big.Int).Sub(all, minor(endCurrent))
	return ratio(collected, collectable).times(100)
}

// Month is what was sold in a month, with VAT and net of credit notes, and how
// many of its days count.
type Month struct {
	Sales money.Amount
	Days  int
}

// CountBack is a DSO by exhaustion of sales.
type CountBack struct {
	Days       Figure
	Incomplete bool         // the sales known do not cover the balance: Days is a minimum
	Left       money.Amount // the balance that they do not cover
}

// CountBackDSO takes the sales off the balance month by month, newest first, and
// adds up their days; the month in which the balance ends counts pro rata. When
// the months run out it says so and extrapolates nothing. A balance of zero or less
// has no days.
func CountBackDSO(balance money.Amount, months []Month) CountBack {
	left, days := balance, whole(0)
	for _, m := range months {
		if left.Sign() <= 0 {
			break
		}
		if left.Minor < m.Sales.Minor {
			days = days.plus(DSO(left, m.Sales, m.Days))
			left.Minor = 0
			break
		}
		days = days.plus(whole(int64(m.Days)))
		left.Minor -= max(m.Sales.Minor, 0) // more credited than sold takes nothing off
	}
	if left.Sign() > 0 {
		return CountBack{Days: days, Incomplete: true, Left: left}
	}
	return CountBack{Days: days, Left: money.Zero(balance.Currency)}
}

// Months are the months from a day back to another, newest first, with their
// sales by "2026-11": of the first and the last only the days within count.
func Months(from, to cal.Date, c money.Currency, sales map[string]money.Amount) []Month {
	var months []Month
	for last := to; last >= from; {
		y, m, _ := last.Date()
		first := max(cal.On(y, m, 1), from)
		sold, ok := sales[last.Time().Format("2006-01")]
		if !ok {
			sold = money.Zero(c)
		}
		months = append(months, Month{Sales: sold, Days: last.Sub(first) + 1})
		last = cal.On(y, m, 1).Add(-1)
	}
	return months
}

// Period is what the measures of a period are made from, in one currency.
type Period struct {
	From, To cal.Date     // the last day is the one of Balance
	Begin    money.Amount // open the day before From
	Sales    money.Amount // with VAT, net of credit notes, over the period
	Balance  money.Amount // open on the last day
	Current  money.Amount // of it, not yet due
	Months   []Month      // sales by month, newest first, as far back as is known
}

// Measures are the figures of a period.
type Measures struct {
	Simple        Figure
	CountBack     CountBack
	BestPossible  Figure
	Delinquent    Figure // simple − best possible: days lost to lateness
	Effectiveness Figure // in percent
}

// Measure works the figures of a period out.
func Measure(p Period) Measures {
	days := p.To.Sub(p.From) + 1
	m := Measures{
		Simple:        DSO(p.Balance, p.Sales, days),
		CountBack:     CountBackDSO(p.Balance, p.Months),
		BestPossible:  BestPossibleDSO(p.Current, p.Sales, days),
		Effectiveness: CollectionEffectiveness(p.Begin, p.Sales, p.Balance, p.Current),
	}
	m.Delinquent = m.Simple.Sub(m.BestPossible)
	return m
}
