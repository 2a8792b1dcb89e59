package money

import (
	"math/bits"

	"acquit/internal/fault"
)

// Split cuts a into n equal parts; what does not divide goes to the last one:
// 1 000,00 in 7 is six times 142,85 and 142,90. Fewer than one part is one.
func (a Amount) Split(n int) []Amount {
	parts := make([]Amount, max(n, 1))
	each := a.Minor / int64(len(parts))
	for i := range parts {
		parts[i] = Amount{Minor: each, Currency: a.Currency}
	}
	parts[len(parts)-1].Minor += a.Minor % int64(len(parts))
	return parts
}

// SplitBy cuts a in proportion to weights. The parts add up to a; each is its
// exact share rounded up or down to a minor unit, so a weight of zero gets
// nothing, and no part exceeds its weight when a does not exceed their sum.
// Weights below zero, or that are all zero, are an error.
func (a Amount) SplitBy(weights ...int64) ([]Amount, error) {
	total, err := sumWeights(weights)
	if err != nil {
		return nil, err
	}
	parts := make([]Amount, len(weights))
	var seen, given int64
	for i, w := range weights {
		seen += w
		upTo := mulDiv(a.Minor, seen, total)
		parts[i] = Amount{Minor: upTo - given, Currency: a.Currency}
		given = upTo
	}
	return parts, nil
}

func sumWeights(weights []int64) (int64, error) {
	var total uint64
	for _, w := range weights {
		if w < 0 {
			return 0, fault.Invalidf("weights", "une part négative\u00a0: %d", w)
		}
		var carry uint64
		total, carry = bits.Add64(total, uint64(w), 0)
		if carry != 0 || total > 1<<63-1 {
			return 0, fault.Invalidf("weights", "la somme des parts est trop grande")
		}
	}
	if total == 0 {
		return 0, fault.Invalidf("weights", "aucune part n’est positive")
	}
	return int64(total), nil
}

// Max is the larger of a and b.
func Max(a, b Amount) Amount {
	if a.Less(b) {
		return b
	}
	return a
}
