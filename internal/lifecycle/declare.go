package lifecycle

import (
	"cmp"
	"maps"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// reform is since when invoices have a life that platforms follow, and payments
// are declared (CGI 289 bis, 290 A).
var reform = cal.Must("2026-09-01")

// advances are the types of UNTDID 1001 that ask for money before anything is
// delivered: VAT is due when it comes, of goods too (CGI 269, 2 a).
var advances = []string{"386", "500", "503"}

// declares tells whether collected (212) is to be declared of an invoice.
func declares(e Electronic, issued cal.Date, v setting.CollectedValue) bool {
	if len(e.VAT) == 0 || issued < reform || v == setting.CollectedNone {
		return false
	}
	if v == setting.CollectedAll {
		return true
	}
	taxed := slices.ContainsFunc(e.VAT, func(r Rate) bool { return r.Tax.Sign() != 0 })
	if !taxed || e.Debits && !slices.Contains(advances, e.Type) {
		return false
	}
	services := len(e.Process) > 0 && (e.Process[0] == 'S' || e.Process[0] == 'M')
	return services || slices.Contains(advances, e.Type)
}

// receipt is a sum that came in for an invoice, or went back: an allocation of a
// payment, or its reversal.
type receipt struct {
	Allocation string
	Reverses   string
	Amount     money.Amount // negative for a reversal
	On         cal.Date     // of the money
}

// share is what an allocation has at one rate, VAT included.
type share struct {
	Allocation string
	Rate       int // hundredths of a percent
	Amount     money.Amount
	On         cal.Date
}

// declared is what was declared of an invoice so far.
type declared []share

// shares cuts receipts by VAT rate, in proportion to what is left of the invoice
// at each: so parts add up to each receipt, and at the end to each rate. What goes
// back takes exactly what was declared of it (BR-FR-CDV-14, MEN). credits is what
// was taken off the invoice by other means than money: it lowers all rates alike.
// Receipts come in the order of their days; netted are those that cancel out before
// anybody was told.
func shares(rates []Rate, credits money.Amount, was declared, list []receipt) (fresh []share, netted []string) {
	undone := map[string]string{}
	for _, r := range list {
		if r.Reverses != "" {
			undone[r.Reverses] = r.Allocation
		}
	}
	left := newRest(rates, credits)
	for _, w := range was {
		left.take(w.Rate, w.Amount)
	}
	for _, r := range list {
		if by, ok := undone[r.Allocation]; ok && r.Reverses == "" {
			netted = append(netted, r.Allocation, by)
			continue
		}
		if slices.Contains(netted, r.Allocation) {
			continue
		}
		if r.Reverses != "" {
			for _, w := range was {
				if w.Allocation == r.Reverses {
					fresh = append(fresh, share{r.Allocation, w.Rate, w.Amount.Neg(), r.On})
					left.take(w.Rate, w.Amount.Neg())
				}
			}
			continue
		}
		for rate, part := range left.split(r.Amount) {
			if !part.IsZero() {
				fresh = append(fresh, share{r.Allocation, rate, part, r.On})
				left.take(rate, part)
			}
		}
	}
	slices.SortStableFunc(fresh, func(a, b share) int {
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Allocation, b.Allocation), -cmp.Compare(a.Rate, b.Rate))
	})
	return fresh, netted
}

// rest is what has not come in yet of an invoice, by rate.
type rest struct {
	rates []int // highest first
	whole map[int]int64
	left  map[int]int64
}

func newRest(rates []Rate, credits money.Amount) *rest {
	r := &rest{whole: map[int]int64{}, left: map[int]int64{}}
	for _, x := range rates {
		if g := x.Gross().Minor; g > 0 {
			r.whole[x.Rate] += g
		}
	}
	r.rates = slices.SortedFunc(maps.Keys(r.whole), func(a, b int) int { return -cmp.Compare(a, b) })
	r.left = maps.Clone(r.whole)
	var total int64
	for _, w := range r.whole {
		total += w
	}
	if credits.Sign() > 0 && credits.Minor < total {
		for rate, part := range r.by(r.whole, credits) {
			r.left[rate] -= part.Minor
		}
	}
	return r
}

func (r *rest) take(rate int, a money.Amount) { r.left[rate] -= a.Minor }

// split cuts a sum by what is left, or by the invoice as a whole where that says
// nothing.
func (r *rest) split(a money.Amount) map[int]money.Amount {
	left, total := map[int]int64{}, int64(0)
	for _, rate := range r.rates {
		left[rate] = max(r.left[rate], 0)
		total += left[rate]
	}
	if total < a.Minor {
		left = r.whole
	}
	return r.by(left, a)
}

func (r *rest) by(weights map[int]int64, a money.Amount) map[int]money.Amount {
	list := make([]int64, len(r.rates))
	for i, rate := range r.rates {
		list[i] = weights[rate]
	}
	parts, err := a.SplitBy(list...)
	all := map[int]money.Amount{}
	if err != nil { // no rate has anything: nothing can be told
		return all
	}
	for i, rate := range r.rates {
		all[rate] = parts[i]
	}
	return all
}
