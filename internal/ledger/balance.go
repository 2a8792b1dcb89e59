package ledger

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
)

// OpenOn is a document with what was open on a past or present day.
type OpenOn struct {
	Document
	On money.Amount // open on that day; Open stays today's
}

// later is, for each document, what allocations after a day have taken: added
// back to the open amount of today it gives that of the day.
const later = `
	SELECT doc_id, CAST(sum(amount) AS BIGINT) AS amount
	FROM (
		SELECT invoice_id AS doc_id, amount
		FROM allocation
		WHERE creditor_id = $1 AND made_on > $2
		UNION ALL
		SELECT credit_id AS doc_id, amount
		FROM allocation
		WHERE creditor_id = $1 AND made_on > $2
	) moved
	GROUP BY doc_id`

// OpenOf is what was open of one customer at the end of a day, by due date.
func OpenOf(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, day cal.Date) ([]OpenOn, error) {
	return db.All(ctx, tx, scanOpenOn, `
		SELECT d.id, d.customer_id, d.kind, d.number, d.issued_on, d.due_on, d.currency, d.amount,
			d.open_amount, d.open_amount + COALESCE(l.amount, 0)
		FROM document d
		LEFT JOIN (
			SELECT doc_id, CAST(sum(amount) AS BIGINT) AS amount
			FROM (
				SELECT invoice_id AS doc_id, amount
				FROM allocation
				WHERE creditor_id = $1 AND customer_id = $3 AND made_on > $2
				UNION ALL
				SELECT credit_id AS doc_id, amount
				FROM allocation
				WHERE creditor_id = $1 AND customer_id = $3 AND made_on > $2
			) moved
			GROUP BY doc_id
		) l ON l.doc_id = d.id
		WHERE d.creditor_id = $1 AND d.customer_id = $3 AND d.issued_on <= $2
		  AND d.open_amount + COALESCE(l.amount, 0) <> 0
		ORDER BY d.currency, COALESCE(d.due_on, d.issued_on), d.number`, s.Creditor, day, customer)
}

func scanOpenOn(r db.Row) (o OpenOn, err error) {
	err = r.Scan(&o.ID, &o.Customer, &o.Kind, &o.Number, &o.Issued, &o.Due, &o.Amount.Currency, &o.Amount.Minor,
		&o.Open.Minor, &o.On.Minor)
	o.Open.Currency, o.On.Currency = o.Amount.Currency, o.Amount.Currency
	return o, err
}

// Aged is a customer's balance in one currency, spread over bands of age.
type Aged struct {
	Customer string
	Currency money.Currency
	Bands    []int64 // signed minor units; the last band is the oldest
	Apart    int64   // credits shown apart, negative; 0 where they are aged
}

// AgedQuery says how AgedBalance spreads.
type AgedQuery struct {
	Day cal.Date
	// Edges are signed ages in days, ascending: [0 30 60 90] makes the bands
	// ≤0 (not due), 1–30, 31–60, 61–90 and over 90. Without edges there is one
	// band: the balance.
	Edges []int
	// Apart shows credits that no invoice took in a column of their own
	// instead of ageing them by their own date.
	Apart bool
}

// AgedBalance gives the balance of each customer and currency over the bands,
// by customer. The engine adds up: only one row a customer and currency comes
// back. An invoice without due date is not due.
func AgedBalance(ctx context.Context, tx *db.Tx, s creditor.Scope, q AgedQuery) iter.Seq2[Aged, error] {
	return func(yield func(Aged, error) bool) {
		moved, err := movedAfter(ctx, tx, s, q.Day)
		if err != nil {
			yield(Aged{}, err)
			return
		}
		query, args := agedSQL(s, q, moved)
		scan := func(r db.Row) (a Aged, err error) {
			a.Bands = make([]int64, len(q.Edges)+1)
			dest := []any{&a.Customer, &a.Currency, &a.Apart}
			for i := range a.Bands {
				dest = append(dest, &a.Bands[i])
			}
			return a, r.Scan(dest...)
		}
		for a, err := range db.Each(ctx, tx, scan, query, args...) {
			if !yield(a, err) {
				return
			}
		}
	}
}

// movedAfter tells whether anything was allocated after the day: if not,
// today's open amounts are the day's and the partial index answers alone.
func movedAfter(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) (bool, error) {
	n, err := db.One(ctx, tx, db.Value[int64], `
		SELECT count(*)
		FROM (
			SELECT 1
			FROM allocation
			WHERE creditor_id = $1 AND made_on > $2
			LIMIT 1
		) any_row`, s.Creditor, day)
	return n > 0, err
}

// openThen is how much of a document d was open at the end of day $2 of creditor $1,
// where it is read from, and the condition that anything was.
func openThen(moved bool) (amount, from, where string) {
	if !moved {
		return "d.open_amount", "document d", "d.open_amount <> 0"
	}
	return "(d.open_amount + COALESCE(l.amount, 0))",
		"document d\n\t\tLEFT JOIN (" + later + ") l ON l.doc_id = d.id",
		"(d.open_amount <> 0 OR l.amount IS NOT NULL)"
}

func agedSQL(s creditor.Scope, q AgedQuery, moved bool) (string, []any) {
	args := []any{s.Creditor, q.Day}
	age := "CASE WHEN d.kind = 'invoice' THEN COALESCE(d.due_on, $2) ELSE d.issued_on END"
	amount, from, where := openThen(moved)
	signed := "CASE WHEN d.kind = 'invoice' THEN " + amount + " ELSE -" + amount + " END"
	in, apart := "", "0"
	if q.Apart {
		in, apart = "d.kind = 'invoice' AND ", "CASE WHEN d.kind <> 'invoice' THEN -"+amount+" ELSE 0 END"
	}
	cols := []string{"CAST(sum(" + apart + ") AS BIGINT)"}
	for i := 0; i <= len(q.Edges); i++ {
		conds := []string{"1 = 1"}
		if i > 0 { // older than the edge before: due earlier than day − edge
			args = append(args, q.Day.Add(-q.Edges[i-1]))
			conds = append(conds, fmt.Sprintf("due < $%d", len(args)))
		}
		if i < len(q.Edges) {
			args = append(args, q.Day.Add(-q.Edges[i]))
			conds = append(conds, fmt.Sprintf("due >= $%d", len(args)))
		}
		cond := in + strings.Join(conds, " AND ")
		cols = append(cols, "CAST(sum(CASE WHEN "+strings.ReplaceAll(cond, "due ", age+" ")+
			" THEN "+signed+" ELSE 0 END) AS BIGINT)")
	}
	return `
		SELECT d.customer_id, d.currency, ` + strings.Join(cols, ",\n\t\t\t") + `
		FROM ` + from + `
		WHERE d.creditor_id = $1 AND d.issued_on <= $2 AND ` + where + `
		GROUP BY d.customer_id, d.currency
		ORDER BY d.customer_id, d.currency`, args
}

// LateBy is what is open of all invoices that were due on a day.
type LateBy struct {
	Due  cal.Date
	Open money.Amount
}

// LateByDue gives what was open at the end of a day of the invoices that were late,
// by currency and due date.
func LateByDue(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) ([]LateBy, error) {
	moved, err := movedAfter(ctx, tx, s, day)
	if err != nil {
		return nil, err
	}
	amount, from, where := openThen(moved)
	scan := func(r db.Row) (l LateBy, err error) { return l, r.Scan(&l.Open.Currency, &l.Due, &l.Open.Minor) }
	return db.All(ctx, tx, scan, `
		SELECT d.currency, d.due_on, CAST(sum(`+amount+`) AS BIGINT)
		FROM `+from+`
		WHERE d.creditor_id = $1 AND d.kind = 'invoice' AND d.issued_on <= $2 AND d.due_on < $2
		  AND `+where+`
		GROUP BY d.currency, d.due_on
		ORDER BY d.currency, d.due_on`, s.Creditor, day)
}

// Totals are what is open today per currency.
type Totals struct {
	Currency money.Currency
	Invoices int64 // how many are open
	NotDue   int64 // minor units
	Overdue  int64
	Credits  int64 // not yet allocated, positive
}

// TotalsOn sums up the open items of today, seen from a day: euros first.
func TotalsOn(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) ([]Totals, error) {
	return db.All(ctx, tx, func(r db.Row) (t Totals, err error) {
		err = r.Scan(&t.Currency, &t.Invoices, &t.NotDue, &t.Overdue, &t.Credits)
		return t, err
	}, `
		SELECT currency,
			CAST(sum(CASE WHEN kind = 'invoice' THEN 1 ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN kind = 'invoice' AND (due_on IS NULL
			OR due_on >= $2) THEN open_amount ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN kind = 'invoice' AND due_on < $2 THEN open_amount ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN kind <> 'invoice' THEN open_amount ELSE 0 END) AS BIGINT)
		FROM document
		WHERE creditor_id = $1 AND open_amount <> 0
		GROUP BY currency
		ORDER BY CASE WHEN currency = 'EUR' THEN 0 ELSE 1 END, currency`, s.Creditor, day)
}

// AnyOpen tells whether anything is owed at all.
func AnyOpen(ctx context.Context, tx *db.Tx, s creditor.Scope) (bool, error) {
	list, err := db.All(ctx, tx, db.Value[int], `
		SELECT 1
		FROM document
		WHERE creditor_id = $1 AND open_amount <> 0 AND kind = 'invoice'
		LIMIT 1`, s.Creditor)
	return len(list) > 0, err
}

// MonthlySales is what was invoiced in a month, less credit notes, for DSO.
type MonthlySales struct {
	Month  string // 2026-11
	Amount money.Amount
}

// Sales are the monthly sales with VAT of one currency between two days,
// newest month first. What is not simply an invoice or a credit note, such as an
// amount carried over from an earlier year, is no sale.
func Sales(
	ctx context.Context, tx *db.Tx, s creditor.Scope, c money.Currency, from, to cal.Date,
) ([]MonthlySales, error) {
	return db.All(ctx, tx, func(r db.Row) (m MonthlySales, err error) {
		err = r.Scan(&m.Month, &m.Amount.Minor)
		m.Amount.Currency = c
		return m, err
	}, `
		SELECT substr(CAST(issued_on AS TEXT), 1, 7) AS month,
			CAST(sum(CASE WHEN kind = 'invoice' THEN amount ELSE -amount END) AS BIGINT)
		FROM document
		WHERE creditor_id = $1 AND currency = $2 AND kind IN ('invoice', 'credit_note') AND nature = ''
		  AND issued_on >= $3 AND issued_on <= $4
		GROUP BY substr(CAST(issued_on AS TEXT), 1, 7)
		ORDER BY month DESC`, s.Creditor, string(c), from, to)
}
