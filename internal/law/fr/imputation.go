package fr

import (
	"slices"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/money"
)

// Debt is one of several that a payment may go to.
type Debt struct {
	ID   string
	Open money.Amount
	Due  cal.Date
}

// Share is what a payment gives to a debt.
type Share struct {
	ID     string
	Amount money.Amount
}

// Impute spreads a payment of a day over debts in its currency (C. civ. 1342-10):
// first those that the debtor names, in that order and only where the money pays
// them whole, for nobody can be made to take a part; then those that are due, the
// oldest first and debts of one day in proportion; then, in the same way, those to
// come. What is left is owed back. Interest in paying one debt rather than another
// is not known here, and all count alike.
func Impute(payment money.Amount, on cal.Date, debts []Debt, named ...string) ([]Share, money.Amount, error) {
	left := payment
	var shares []Share
	rest := slices.Clone(debts)
	for _, d := range rest {
		if d.Open.Currency != payment.Currency || d.Open.Sign() < 0 {
			return nil, left, fault.Invalidf("debts", "une dette est négative ou dans une autre monnaie que le règlement")
		}
	}
	for _, id := range named {
		at := slices.IndexFunc(rest, func(d Debt) bool { return d.ID == id })
		if at < 0 {
			return nil, left, fault.NotFound("dette %s", id)
		}
		if !left.Less(rest[at].Open) {
			shares, left = append(shares, Share{id, rest[at].Open}), left.Sub(rest[at].Open)
			rest = slices.Delete(rest, at, at+1)
		}
	}
	for _, group := range byAge(rest, on) {
		given, err := spread(left, group)
		if err != nil {
			return nil, left, err
		}
		for _, s := range given {
			if !s.Amount.IsZero() {
				shares, left = append(shares, s), left.Sub(s.Amount)
			}
		}
	}
	return shares, left, nil
}

// byAge are the debts of each due date together: those due first, each lot by age.
func byAge(debts []Debt, on cal.Date) [][]Debt {
	toCome := func(d Debt) int {
		if d.Due > on {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(debts, func(a, b Debt) int {
		if x := toCome(a) - toCome(b); x != 0 {
			return x
		}
		return int(a.Due - b.Due)
	})
	var groups [][]Debt
	for i, d := range debts {
		if i > 0 && debts[i-1].Due == d.Due {
			groups[len(groups)-1] = append(groups[len(groups)-1], d)
			continue
		}
		groups = append(groups, []Debt{d})
	}
	return groups
}

// spread gives an amount to debts of one day in proportion to what is open of each,
// and to none more than that.
func spread(a money.Amount, debts []Debt) ([]Share, error) {
	total := money.Zero(a.Currency)
	weights := make([]int64, len(debts))
	for i, d := range debts {
		total, weights[i] = total.Add(d.Open), d.Open.Minor
	}
	if total.IsZero() {
		return nil, nil
	}
	parts, err := money.Min(a, total).SplitBy(weights...)
	if err != nil {
		return nil, err
	}
	shares := make([]Share, len(debts))
	for i, d := range debts {
		shares[i] = Share{d.ID, parts[i]}
	}
	return shares, nil
}
