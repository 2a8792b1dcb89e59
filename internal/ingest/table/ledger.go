package table

import (
	"strings"

	"acquit/internal/ingest"
)

// wholeLedger is the column of the accounts where the rows are the entries of all
// of them, sales and banks too, and not of customers alone; −1 elsewhere.
func (p *plan) wholeLedger() int {
	if !p.has(ingest.FieldDebit, ingest.FieldCredit) && !p.has(ingest.FieldSide) {
		return -1
	}
	for _, f := range []ingest.Field{ingest.FieldAccount, ingest.FieldCustomerCode} {
		c := p.column(f)
		if p.has(f) && c.accounts > 0 && c.others > 0 && called(c.name, ingest.FieldAccount) {
			return c.index
		}
	}
	return -1
}

// otherAccount tells the number of an account that is none of a customer: of the
// classes of the French chart, but not 41.
func otherAccount(s string) bool {
	return len(s) >= 3 && s[0] != '0' && isDigits(s[:3]) && !strings.HasPrefix(s, "41")
}

// elsewhere tells an entry of an account that is none of a customer, or of
// customers not billed yet (418).
func (m *mapper) elsewhere(cells []string) bool {
	if m.accounts == 0 {
		return false
	}
	account := cell(cells, m.accounts-1)
	return otherAccount(account) || strings.HasPrefix(account, "418")
}
