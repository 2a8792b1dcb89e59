package table

import (
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/ingest"
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

// signs finds out whether amounts in one column are of money that came in or left,
// where no sign says so; a person may say that all came in, by a column of none.
func (p *plan) signs(h ingest.Hints) (missing []ingest.Field, reason string) {
	if _, told := h.Mapping[ingest.FieldSide]; told || !p.unsigned() {
		return nil, ""
	}
	in, out, neither := p.ways()
	switch {
	case out > 0:
		return []ingest.Field{ingest.FieldSide}, "rien ne dit si les montants sont des entrées ou des sorties\u00a0: il manque " +
			titles([]ingest.Field{ingest.FieldSide}) + " (exportez les colonnes débit et crédit\u202f; si tout est entré, dites-le " +
			"par --map side=-)"
	case serviced(p.names()) || p.shape(p.names()) >= surely: // banks and services write the sign of what leaves
	case neither > 0 || in == 0:
		p.warn("signs", "aucun montant n’a de signe et rien ne dit s’ils sont entrés ou sortis\u00a0: ils sont tous pris pour des entrées. "+
			"Si ce n’est pas le cas, défaites cet import et exportez les colonnes débit et crédit, ou désignez la colonne du sens (--map side=…)")
	}
	return nil, ""
}

// unsigned tells a column of amounts without a sign, that no balance proves.
func (p *plan) unsigned() bool {
	if !p.has(ingest.FieldTotal) || p.any(ingest.FieldDebit, ingest.FieldCredit, ingest.FieldSide) ||
		p.payouts() {
		return false
	}
	if p.has(ingest.FieldBalance) && p.balanced() {
		return false
	}
	at := p.at[ingest.FieldTotal]
	return !slices.ContainsFunc(p.sheet.Head[p.header+1:], func(row Row) bool {
		_, _, marked := sided(cell(row.Cells, at))
		return marked || strings.ContainsAny(cell(row.Cells, at), "+-\u2212(")
	})
}

// ways counts the rows whose words say that money came in, that it left, or neither.
func (p *plan) ways() (in, out, neither int) {
	for _, row := range p.sheet.Head[p.header+1:] {
		if amount, ok := p.minor(row, ingest.FieldTotal); ok && amount == 0 {
			continue
		}
		way := 0
		for _, f := range []ingest.Field{ingest.FieldLabel, ingest.FieldText, ingest.FieldMethod} {
			if i, ok := p.at[f]; ok && way == 0 {
				way = usualWay(cell(row.Cells, i))
			}
		}
		switch way {
		case 1:
			in++
		case -1:
			out++
		default:
			neither++
		}
	}
	return in, out, neither
}

// payouts tells Stripe's list of what it paid out: each leaves the account there.
func (p *plan) payouts() bool {
	return slices.ContainsFunc(p.columns, func(c *column) bool { return plainName(c.name) == "arrival date utc" })
}
