package promise

import (
	"context"
	"iter"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
)

const selectView = `
	SELECT p.id, p.customer_id, p.made_on, p.for_on, p.currency, p.amount, p.note, p.made_by, p.created_at, p.ended_on,
		p.ended_as, ` + agreement.Items + `, ` + agreement.Paid + `, ` + agreement.Open + `,
		` + agreement.Credits + `
	FROM promise p`

func scanView(r db.Row) (v View, err error) {
	var items string
	var c money.Currency
	err = r.Scan(&v.ID, &v.Customer, &v.Made, &v.For, &c, &v.Amount.Minor, &v.Note, &v.By, db.Instant(&v.CreatedAt),
		&v.Ended, &v.EndedAs, &items, &v.Paid.Minor, &v.Open.Minor, &v.Credits.Minor)
	v.Invoices = agreement.Split(items)
	v.Amount.Currency, v.Paid.Currency, v.Open.Currency, v.Credits.Currency = c, c, c, c
	return v, err
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, p Promise) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO promise (creditor_id, id, customer_id, made_on, for_on, currency, amount, note, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		s.Creditor, p.ID, p.Customer, p.Made, p.For, string(p.Amount.Currency), p.Amount.Minor, p.Note, p.By,
		p.CreatedAt)
	if err != nil {
		return err
	}
	return agreement.AddItems(ctx, tx, s, p.ID, p.Invoices)
}

// end closes promises that still stand and tells how many did.
func end(
	ctx context.Context, tx *db.Tx, s creditor.Scope, on cal.Date, as State, ids []string,
) (ended int64, err error) {
	for len(ids) > 0 {
		n := min(len(ids), 500) // a statement of either engine can hold them
		var w db.Where
		day, state := w.Arg(on), w.Arg(string(as))
		w.And("creditor_id = ?", s.Creditor)
		w.And("ended_on IS NULL")
		db.In(&w, "id", ids[:n])
		touched, err := tx.Exec(ctx, `
			UPDATE promise
			SET ended_on = `+day+`, ended_as = `+state+w.SQL(), w.Args...)
		if err != nil {
			return ended, err
		}
		ended += touched
		ids = ids[n:]
	}
	return ended, nil
}

// Find is the promise of that identifier, with the money as of a day.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, id string) (View, error) {
	v, err := db.One(ctx, tx, scanView, selectView+`
		WHERE p.creditor_id = $1 AND p.id = $3`, s.Creditor, day, id)
	return v, agreement.Missing(err, "promesse %s", id)
}

// List are a customer's promises with the money as of a day, newest first.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, customer string) ([]View, error) {
	return db.All(ctx, tx, scanView, selectView+`
		WHERE p.creditor_id = $1 AND p.customer_id = $3
		ORDER BY p.made_on DESC, p.id DESC`, s.Creditor, day, customer)
}

// Open are the promises that stand, by their day, with the money as of a day.
// The next page comes after the last of this one.
func Open(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, after View, limit int) ([]View, error) {
	return db.All(ctx, tx, scanView, selectView+`
		WHERE p.creditor_id = $1 AND p.ended_on IS NULL AND (p.for_on, p.id) > ($3, $4)
		ORDER BY p.for_on, p.id
		LIMIT $5`, s.Creditor, day, max(after.For, firstDay), after.ID, max(1, min(limit, maxPage)))
}

// firstDay is before every promise.
const firstDay cal.Date = 1

// maxPage bounds a page of promises.
const maxPage = 1000

// standing are the promises that nobody has ended: all, or a customer's.
func standing(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, customer string) ([]View, error) {
	return db.All(ctx, tx, scanView, selectView+`
		WHERE p.creditor_id = $1 AND p.ended_on IS NULL AND ($3 = '' OR p.customer_id = $3)
		ORDER BY p.customer_id, p.id`, s.Creditor, day, customer)
}

// Between streams the promises that a decision sees, by customer: those made by
// the day and not withdrawn, of which something is open. One that was broken is
// among them.
func Between(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[View, error] {
	query := selectView + `
		WHERE p.creditor_id = $1 AND p.customer_id >= $3 AND p.customer_id <= $4 AND p.made_on <= $2
		  AND (p.ended_on IS NULL OR p.ended_on > $2 OR p.ended_as IN ('partly', 'broken'))`
	if !span.Past {
		query += " AND " + agreement.OpenNow
	}
	return db.Each(ctx, tx, scanView, query+`
		ORDER BY p.customer_id, p.id`, s.Creditor, span.Day, span.From, span.To)
}

// countOn is how many promises each document has had that were not kept and not
// withdrawn.
func countOn(ctx context.Context, tx *db.Tx, s creditor.Scope, documents []string) (map[string]int, error) {
	var w db.Where
	w.And("i.creditor_id = ?", s.Creditor)
	db.In(&w, "i.document_id", documents)
	type count struct {
		document string
		n        int
	}
	rows, err := db.All(ctx, tx, func(r db.Row) (c count, err error) {
		err = r.Scan(&c.document, &c.n)
		return c, err
	}, `
		SELECT i.document_id, count(*)
		FROM agreement_item i
		JOIN promise p ON p.creditor_id = i.creditor_id AND p.id = i.agreement_id`+w.SQL()+`
		  AND p.ended_as IN ('', 'partly', 'broken')
		GROUP BY i.document_id`, w.Args...)
	if err != nil {
		return nil, err
	}
	counts := make(map[string]int, len(rows))
	for _, c := range rows {
		counts[c.document] = c.n
	}
	return counts, nil
}

// BrokenBetween is how many promises each customer of a range has not kept, in
// whole, by customer; those with none are left out.
func BrokenBetween(
	ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span,
) iter.Seq2[BrokenCount, error] {
	return db.Each(ctx, tx, scanBroken, `
		SELECT customer_id, count(*)
		FROM promise
		WHERE creditor_id = $1 AND customer_id >= $3 AND customer_id <= $4 AND ended_as = 'broken' AND ended_on <= $2
		GROUP BY customer_id
		ORDER BY customer_id`, s.Creditor, span.Day, span.From, span.To)
}

// BrokenCount is how many promises a customer has broken.
type BrokenCount struct {
	Customer string
	Count    int
}

func scanBroken(r db.Row) (b BrokenCount, err error) {
	err = r.Scan(&b.Customer, &b.Count)
	return b, err
}
