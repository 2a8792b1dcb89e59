package table

import (
	"slices"
	"strings"

	"acquit/internal/ingest"
	"acquit/internal/money"
)

// wayOf is +1 for money that came in and −1 for money that left, as banks say it;
// 0 for what is neither.
func wayOf(s string) int {
	switch strings.ToUpper(s) {
	case "C", "CR", "CREDIT", "CRÉDIT", "CRE", "CRDT", "IN", "H", "HABEN", "ENTREE", "ENTRÉE", "BIJ", "+":
		return 1
	case "D", "DB", "DR", "DEBIT", "DÉBIT", "DEB", "DBIT", "OUT", "S", "SOLL", "SORTIE", "AF", "-":
		return -1
	}
	return 0
}

// moved is what a row moves, in hundredths, before its style is settled.
func (p *plan) moved(row Row) (minor int64, ok bool) {
	if p.has(ingest.FieldTotal) {
		minor, ok = p.minor(row, ingest.FieldTotal)
		if fee, known := p.minor(row, ingest.FieldFee); p.fees && known {
			minor -= max(fee, -fee)
		}
		if p.has(ingest.FieldSide) {
			minor = max(minor, -minor) * int64(wayOf(cell(row.Cells, p.at[ingest.FieldSide])))
		}
		return minor, ok && minor != 0
	}
	debit, credit, ok1, ok2 := int64(0), int64(0), true, true
	if p.has(ingest.FieldDebit) {
		debit, ok1 = p.minor(row, ingest.FieldDebit)
	}
	if p.has(ingest.FieldCredit) {
		credit, ok2 = p.minor(row, ingest.FieldCredit)
	}
	return credit - max(debit, -debit), ok1 && ok2 && (debit != 0 || credit != 0)
}

// feesApart tells whether the fee of a row is taken off beside its amount, as
// Revolut does, and is not in it: the balance shows it, else the names of columns.
func (p *plan) feesApart() bool {
	if !p.has(ingest.FieldFee, ingest.FieldTotal) ||
		!slices.Contains([]string{"amount", "montant"}, plainName(p.column(ingest.FieldTotal).name)) {
		return false
	}
	defer func(was bool) { p.fees = was }(p.fees)
	var wrong [2]int
	for i := range wrong {
		p.fees = i == 1
		if p.has(ingest.FieldBalance) {
			_, _, wrong[i] = p.balances()
		}
	}
	if wrong[0] != wrong[1] {
		return wrong[1] < wrong[0]
	}
	all := p.names()
	return all["date started utc"] || all["started date"] || all["date de debut"]
}

// balances tells how often the balance goes on from row to row, oldest first and
// newest first, and how often it does neither.
func (p *plan) balances() (forward, backward, neither int) {
	var before, was int64
	begun := false
	for _, row := range p.sheet.Head[p.header+1:] {
		amount, ok := p.moved(row)
		if !ok || cell(row.Cells, p.at[ingest.FieldBalance]) == "" {
			continue
		}
		balance, ok := p.minor(row, ingest.FieldBalance)
		if !ok {
			continue
		}
		if begun {
			up, down := balance == before+amount, balance == before-was
			switch {
			case up && down:
			case up:
				forward++
			case down:
				backward++
			default:
				neither++
			}
		}
		before, was, begun = balance, amount, true
	}
	return forward, backward, neither
}

// balanced tells a balance that goes on as that of a bank account: credits add.
func (p *plan) balanced() bool {
	forward, backward, neither := p.balances()
	return max(forward, backward) > neither*2
}

// runs finds the order of the rows by their balances.
func (p *plan) runs() {
	if !p.has(ingest.FieldBalance) {
		return
	}
	forward, backward, neither := p.balances()
	switch {
	case max(forward, backward) <= neither*2:
	case forward > backward:
		p.order = 1
	default:
		p.order = -1
	}
}

// running follows the balance of one account from row to row.
type running struct {
	order    int
	begun    bool
	first    int64 // the balance of the first row that has one
	firstAmt int64
	since    int64 // of the amounts up to that row, it included
	last     int64 // the balance of the last row that has one
	lastAmt  int64
	after    int64 // of the amounts since
	broken   int   // rows whose balance does not go on
	line     int   // of the first of them
}

// add takes a row; known tells whether it has a balance.
func (r *running) add(amount, balance int64, known bool, line int) {
	if !r.begun {
		r.since += amount
	}
	r.after += amount
	if !known {
		return
	}
	if !r.begun {
		r.begun, r.first, r.firstAmt = true, balance, amount
	} else if !r.goesOn(amount, balance) {
		if r.broken++; r.broken == 1 {
			r.line = line
		}
	}
	r.last, r.lastAmt, r.after = balance, amount, 0
}

// goesOn tells whether a balance follows from the one before. Newest first, the
// amounts between are those of the rows above, the one before included.
func (r *running) goesOn(amount, balance int64) bool {
	if r.order < 0 {
		return balance == r.last-(r.after-amount)-r.lastAmt
	}
	return balance == r.last+r.after
}

// ends are the balances before the oldest row and after the newest.
func (r *running) ends() (opening, closing int64, ok bool) {
	if !r.begun || r.order == 0 {
		return 0, 0, false
	}
	if r.order < 0 {
		return r.last - r.lastAmt - r.after, r.first + r.since - r.firstAmt, true
	}
	return r.first - r.since, r.last + r.after, true
}

// stated tells whether an amount was given: one that was not has no currency.
func stated(a money.Amount) bool { return a.Currency != "" }
