package report

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/money"
)

// What a customer owes in a currency; the day on which it is late is $2.
const (
	sumOpen   = "CAST(sum(CASE WHEN kind = 'invoice' THEN open_amount ELSE -open_amount END) AS BIGINT)"
	sumLate   = "CAST(sum(CASE WHEN kind = 'invoice' AND due_on < $2 THEN open_amount ELSE 0 END) AS BIGINT)"
	minDue    = "min(CASE WHEN kind = 'invoice' THEN due_on END)"
	countOpen = "CAST(sum(CASE WHEN kind = 'invoice' THEN 1 ELSE 0 END) AS BIGINT)"
)

// portion is how many customers one statement asks about.
const portion = 500

// owedBy adds up what is open of the customers, the engine over its index.
func owedBy(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, ids []string) (map[string][]Owed, error) {
	found := make(map[string][]Owed, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), portion)
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		w.Arg(day)
		db.In(&w, "customer_id", ids[:n])
		w.And("open_amount <> 0")
		query := "SELECT customer_id, currency, " + strings.Join([]string{sumOpen, sumLate, minDue, countOpen}, ", ") + `
			FROM document` + w.SQL() + `
			GROUP BY customer_id, currency
			ORDER BY customer_id, currency`
		list, err := db.All(ctx, tx, scanOwed, query, w.Args...)
		if err != nil {
			return nil, err
		}
		for _, o := range list {
			found[o.customer] = append(found[o.customer], o.Owed)
		}
		ids = ids[n:]
	}
	return found, nil
}

type customerOwed struct {
	customer string
	Owed
}

func scanOwed(r db.Row) (o customerOwed, err error) {
	var c money.Currency
	err = r.Scan(&o.customer, &c, &o.Open.Minor, &o.Late.Minor, &o.Oldest, &o.Invoices)
	o.Open.Currency, o.Late.Currency = c, c
	return o, err
}

// ranked gives the places of the customers that a query lists. By name the index
// on names answers alone; by amount and day the engine first adds up what is
// open, over its index, as for the aged balance.
func ranked(ctx context.Context, tx *db.Tx, s creditor.Scope, q DebtorsQuery) ([]Place, error) {
	var w db.Where
	from, rank, key, err := q.ranking(ctx, tx, s, &w)
	if err != nil {
		return nil, err
	}
	w.And("customer.creditor_id = ?", s.Creditor)
	q.Restrict(&w)
	columns, order := "''", ""
	if rank != "" {
		columns, order = rank, rank+", "
	}
	switch {
	case q.After.ID == "":
	case rank == "":
		w.And("(name, id) > (?, ?)", q.After.Name, q.After.ID)
	default:
		w.And("("+rank+", name, id) > (?, ?, ?)", key, q.After.Name, q.After.ID)
	}
	query := "SELECT " + columns + ", name, id\nFROM " + from + w.SQL() + "\nORDER BY " + order + "name, id"
	if q.Limit > 0 { // one more tells whether there is a next page
		query += "\nLIMIT " + w.Arg(q.Limit+1)
	}
	return db.All(ctx, tx, q.Order.scan, query, w.Args...)
}

// scan reads a place; its rank comes as what the order sorts by.
func (o Order) scan(r db.Row) (p Place, err error) {
	switch o {
	case ByOpen, ByLate:
		var m int64
		err = r.Scan(&m, &p.Name, &p.ID)
		p.Rank = strconv.FormatInt(m, 10)
	case ByOldest:
		var d cal.Date
		err = r.Scan(&d, &p.Name, &p.ID)
		p.Rank = d.String()
	default:
		err = r.Scan(&p.Rank, &p.Name, &p.ID)
	}
	return p, err
}

// ranking is what a list is read from, what it is sorted by before names, the
// smallest first, and the rank of the place that it follows.
func (q DebtorsQuery) ranking(
	ctx context.Context, tx *db.Tx, s creditor.Scope, w *db.Where,
) (from, rank string, key any, err error) {
	if q.Order == ByName || q.Order == "" {
		return "customer", "", nil, nil
	}
	currency, err := mostOpen(ctx, tx, s)
	if err != nil {
		return "", "", nil, err
	}
	mine, _ := w.Arg(s.Creditor), w.Arg(q.Day) // the sums know the day as $2
	from = `customer
		LEFT JOIN (
			SELECT customer_id, ` + sumOpen + ` AS open, ` + sumLate + ` AS late, ` + minDue + ` AS oldest
			FROM document
			WHERE creditor_id = ` + mine + ` AND open_amount <> 0 AND currency = ` + w.Arg(currency) + `
			GROUP BY customer_id
		) owed ON owed.customer_id = customer.id`
	if q.Order == ByOldest {
		key, err = cal.Parse(cmp.Or(q.After.Rank, neverDue))
		return from, "COALESCE(owed.oldest, " + w.Arg(cal.Must(neverDue)) + ")", key, placed(err)
	}
	key, err = strconv.ParseInt(cmp.Or(q.After.Rank, "0"), 10, 64)
	return from, "-COALESCE(owed." + string(q.Order) + ", 0)", key, placed(err)
}

// placed says that an address was changed by hand.
func placed(err error) error {
	if err == nil {
		return nil
	}
	return fault.Invalidf("rang", "cette page de la liste n’existe pas")
}

// mostOpen is the currency of most open items.
func mostOpen(ctx context.Context, tx *db.Tx, s creditor.Scope) (money.Currency, error) {
	list, err := db.All(ctx, tx, db.Value[money.Currency], `
		SELECT currency
		FROM document
		WHERE creditor_id = $1 AND open_amount <> 0
		GROUP BY currency
		ORDER BY count(*) DESC, currency
		LIMIT 1`, s.Creditor)
	if err != nil || len(list) == 0 {
		return money.EUR, err
	}
	return list[0], nil
}
