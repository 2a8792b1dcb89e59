package cash

import (
	"cmp"
	"context"
	"slices"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// maxSuspected bounds the entries that are told of one customer.
const maxSuspected = 100

// SuspectedOf are, by customer, the entries that are not applied and could be the
// customer's money, the likeliest first: while there are any, nobody is told that
// nothing came.
func SuspectedOf(
	ctx context.Context, tx *db.Tx, s creditor.Scope, customers ...string,
) (map[string][]Line, error) {
	entries := map[string][]string{} // by customer
	var all []string
	customers = slices.Compact(slices.Sorted(slices.Values(customers)))
	for some := range slices.Chunk(customers, 500) {
		found, err := suspectRows(ctx, tx, s, some)
		if err != nil {
			return nil, err
		}
		for _, v := range found {
			entries[v[0]] = append(entries[v[0]], v[1])
			all = append(all, v[1])
		}
	}
	slices.Sort(all)
	list, err := fill(ctx, tx, s, slices.Compact(all), (*filler).rows, (*filler).suspects)
	if err != nil {
		return nil, err
	}
	at := make(map[string]Line, len(list))
	for _, l := range list {
		at[l.Entry.ID] = l
	}
	of := make(map[string][]Line, len(entries))
	for c, ids := range entries {
		for _, id := range ids {
			if l, ok := at[id]; ok {
				of[c] = append(of[c], l)
			}
		}
		slices.SortStableFunc(of[c], func(a, b Line) int { return compareFor(c, a, b) })
	}
	return of, nil
}

// suspectRows are pairs of a customer and an entry.
func suspectRows(ctx context.Context, tx *db.Tx, s creditor.Scope, customers []string) ([][2]string, error) {
	var w db.Where
	w.And("x.creditor_id = ?", s.Creditor)
	w.And("c.state = ?", string(Open))
	db.In(&w, "x.customer_id", customers)
	return db.All(ctx, tx, func(r db.Row) (v [2]string, err error) { return v, r.Scan(&v[0], &v[1]) }, `
		SELECT customer_id, entry_id
		FROM (
			SELECT x.customer_id, x.entry_id, row_number() OVER (
				PARTITION BY x.customer_id
				ORDER BY x.rank, c.confidence DESC, c.on_day DESC, c.entry_id DESC) AS place
			FROM cash_suspect x
			JOIN cash_entry c ON c.creditor_id = x.creditor_id AND c.entry_id = x.entry_id`+w.SQL()+`) AS likely
		WHERE place <= `+w.Arg(maxSuspected)+`
		ORDER BY customer_id, place`, w.Args...)
}

// compareFor puts first the entry that is a customer's likelier than another: the
// first proposal is theirs, then they stand higher among the suspects, then what
// is proposed for them is surer; of equals the newer.
func compareFor(customer string, a, b Line) int {
	return cmp.Or(
		cmp.Compare(foremost(customer, b), foremost(customer, a)),
		cmp.Compare(slices.Index(a.Suspects, customer), slices.Index(b.Suspects, customer)),
		cmp.Compare(surest(customer, b), surest(customer, a)),
		cmp.Compare(b.Entry.On, a.Entry.On),
	)
}

// foremost is 1 where the first proposal is the customer's.
func foremost(customer string, l Line) int {
	if len(l.Proposals) > 0 && l.Proposals[0].Customer == customer {
		return 1
	}
	return 0
}

// surest is the confidence of the best proposal for a customer.
func surest(customer string, l Line) int {
	best := 0
	for _, p := range l.Proposals {
		if p.Customer == customer {
			best = max(best, int(p.Confidence))
		}
	}
	return best
}

// SuspectSQL are the customers of creditor $1 of whom an entry that is not
// applied could be the money.
const SuspectSQL = `
	SELECT x.customer_id
	FROM cash_suspect x
	JOIN cash_entry c ON c.creditor_id = x.creditor_id AND c.entry_id = x.entry_id
	WHERE x.creditor_id = $1 AND c.state = 'open'`

// Unexamined counts the entries that no run has looked at as they stand: whose
// money they could be is not known.
func Unexamined(ctx context.Context, tx *db.Tx, s creditor.Scope) (int, error) {
	n, err := db.One(ctx, tx, db.Value[int64], `
		SELECT (
			SELECT count(*)
			FROM bank_entry e
			WHERE e.creditor_id = $1 AND e.status = 'booked' AND e.counts AND e.mark > COALESCE((
				SELECT u.mark
				FROM cash_run u
				WHERE u.creditor_id = $1), '')
		) + (
			SELECT count(*)
			FROM cash_entry
			WHERE creditor_id = $1 AND examined_at IS NULL)`, s.Creditor)
	return int(n), err
}

// Numbers are those of the documents that an entry was set against, each once.
func (l Line) Numbers() (numbers []string) {
	for _, a := range l.Allocations {
		if !slices.Contains(numbers, a.Number) {
			numbers = append(numbers, a.Number)
		}
	}
	return numbers
}
