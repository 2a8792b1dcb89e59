package table

import (
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// addsUp tells a balance that runs from row to row from what is left of each:
// it is the one before plus the debit minus the credit, and on some row more
// than that row alone could leave. It may begin anew with each customer.
func (p *plan) addsUp() bool {
	agree, beyond, differ := 0, 0, 0
	before := int64(0)
	for _, row := range p.sheet.Head[p.header+1:] {
		balance, ok1 := p.minor(row, ingest.FieldOpen)
		debit, ok2 := p.minor(row, ingest.FieldDebit)
		credit, ok3 := p.minor(row, ingest.FieldCredit)
		moved := debit - credit
		if !ok1 || !ok2 || !ok3 || moved == 0 {
			continue
		}
		switch balance {
		case moved: // the first of a customer, or a piece that nothing was paid of
		case before + moved:
			agree++
		default:
			differ++
		}
		if max(balance, -balance) > max(moved, -moved) {
			beyond++
		}
		before = balance
	}
	return agree > differ*2 && (agree > 1 || beyond > 0)
}

// ofBank tells a column whose D and C are those of a bank, not of books.
func (p *plan) ofBank(f ingest.Field) bool {
	return p.what == movements && (f == ingest.FieldTotal || f == ingest.FieldBalance)
}

// minor reads an amount of a row before its style is settled; nothing is zero.
func (p *plan) minor(row Row, f ingest.Field) (int64, bool) {
	at, ok := p.at[f]
	text := cell(row.Cells, at)
	if text == "" || !ok {
		return 0, true
	}
	m, err := amounts{decimal: ',', bank: p.ofBank(f)}.read(text, money.EUR, money.EUR)
	return m.Minor, err == nil
}
