package camt

import (
	"acquit/internal/bank"
	"acquit/internal/ingest"
	"acquit/internal/ingest/xmltree"
	"acquit/internal/money"
)

// totals are what a statement says that its credits and its debits add up to
// (TxsSummry), and what they do.
type totals struct {
	stated  [2]*xmltree.Node // the Sum of the debits and of the credits
	counted [2]int64
	unsure  bool // an entry was refused, or is in another currency
}

func (t *totals) read(n *xmltree.Node) {
	t.stated = [2]*xmltree.Node{n.At("TtlDbtNtries/Sum"), n.At("TtlCdtNtries/Sum")}
}

// add counts the whole of an Ntry, however many payments it holds.
func (t *totals) add(e *bank.Entry, c money.Currency) {
	side := 0
	if e.Amount.Sign() > 0 {
		side = 1
	}
	t.unsure = t.unsure || e.Amount.Currency != c || t.counted[side] > maxSum
	t.counted[side] += e.Amount.Abs().Minor
}

// check holds the one against the other. A sum of nothing is what some banks put
// where they do not add up.
func (t *totals) check(f *ingest.File, s *bank.Statement) {
	for side, label := range []string{"total des débits", "total des crédits"} {
		if t.stated[side] == nil || t.unsure {
			continue
		}
		stated, err := amount(t.stated[side], s.Currency)
		if err != nil || stated.IsZero() {
			continue
		}
		f.Check(ingest.Control{
			Label: label, Stated: stated, Computed: money.New(t.counted[side], s.Currency), Line: t.stated[side].Line,
		})
	}
}
