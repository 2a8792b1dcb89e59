package table

import (
	"slices"
	"strings"

	"acquit/internal/bank"
)

// Words of a label by which money comes in or leaves, whatever its means.
var (
	comesIn = strings.Fields(`recu recus recue recues faveur remise remises rem remcb remchq encaissement encaissements
		versement verst telecollecte tpe avoir remboursement remb entrant`)
	leaves = strings.Fields("emis emise emises emission sortant retrait dab gab")
)

// usualWay is the way of money that a label tells on a statement where amounts have no
// sign: a direct debit, a card or a cheque leaves the account unless the label says
// that it was handed in; 0 where it tells neither.
func usualWay(label string) int {
	said := bank.Hear([]string{label})
	words := strings.Fields(plainName(label))
	has := func(list []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
	}
	switch {
	case said.Means == bank.Fee:
		return -1
	case said.Return != nil || said.Reversal:
		return 0
	case has(leaves):
		return -1
	case has(comesIn):
		return 1
	case said.Means == bank.Debit, said.Means == bank.Card, said.Means == bank.Cheque:
		return -1
	}
	return 0
}
