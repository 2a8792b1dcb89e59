package plan

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
)

const selectView = `
	SELECT p.id, p.customer_id, p.made_on, p.grace, p.currency, p.note, p.made_by, p.created_at, p.ended_on, p.ended_as,
		(
			SELECT string_agg(CAST(n.due_on AS TEXT) || ' ' || CAST(n.amount AS TEXT), ',' ORDER BY n.rank)
			FROM instalment n
			WHERE n.creditor_id = p.creditor_id AND n.plan_id = p.id),
		` + agreement.Items + `, ` + agreement.Paid + `, ` + agreement.Open + `
	FROM plan p`

func scanView(r db.Row) (v View, err error) {
	var items, instalments string
	var c money.Currency
	err = r.Scan(&v.ID, &v.Customer, &v.Made, &v.Grace, &c, &v.Note, &v.By, db.Instant(&v.CreatedAt), &v.Ended,
		&v.EndedAs, &instalments, &items, &v.Paid.Minor, &v.Open.Minor)
	if err != nil {
		return v, err
	}
	v.Invoices = agreement.Split(items)
	v.Paid.Currency, v.Open.Currency = c, c
	v.Instalments, err = readInstalments(instalments, c)
	return v, err
}

// readInstalments reads "2026-12-31 14285,2027-01-31 14290".
func readInstalments(s string, c money.Currency) ([]Instalment, error) {
	var list []Instalment
	for part := range strings.SplitSeq(s, ",") {
		day, amount, _ := strings.Cut(part, " ")
		due, err := cal.Parse(day)
		if err != nil {
			return nil, err
		}
		minor, err := strconv.ParseInt(amount, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("instalment %q: %w", part, err)
		}
		list = append(list, Instalment{Due: due, Amount: money.New(minor, c)})
	}
	return list, nil
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, p Plan) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO plan (creditor_id, id, customer_id, made_on, grace, currency, note, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.Creditor, p.ID, p.Customer, p.Made, p.Grace, string(p.Total().Currency), p.Note, p.By, p.CreatedAt)
	if err != nil {
		return err
	}
	if err := agreement.AddItems(ctx, tx, s, p.ID, p.Invoices); err != nil {
		return err
	}
	_, err = tx.Load(ctx, db.Load{
		Table:   "instalment",
		Columns: []string{"creditor_id", "plan_id", "rank", "due_on", "amount"},
		Rows: func(yield func([]any) bool) {
			for i, part := range p.Instalments {
				if !yield([]any{s.Creditor, p.ID, int64(i + 1), part.Due, part.Amount.Minor}) {
					return
				}
			}
		},
	})
	return err
}

// end closes a plan that still stands and tells whether it did.
func end(ctx context.Context, tx *db.Tx, s creditor.Scope, on cal.Date, as State, id string) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE plan
		SET ended_on = $3, ended_as = $4
		WHERE creditor_id = $1 AND id = $2 AND ended_on IS NULL`, s.Creditor, id, on, string(as))
	return n > 0, err
}

// Find is the plan of that identifier, with the money as of a day.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, id string) (View, error) {
	v, err := db.One(ctx, tx, scanView, selectView+`
		WHERE p.creditor_id = $1 AND p.id = $3`, s.Creditor, day, id)
	return v, agreement.Missing(err, "échéancier %s", id)
}

// List are a customer's plans with the money as of a day, newest first.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, customer string) ([]View, error) {
	return db.All(ctx, tx, scanView, selectView+`
		WHERE p.creditor_id = $1 AND p.customer_id = $3
		ORDER BY p.made_on DESC, p.id DESC`, s.Creditor, day, customer)
}

// maxPage bounds a page of plans.
const maxPage = 1000

// Open are the plans that stand, oldest first, with the money as of a day. The
// next page comes after the identifier of the last of this one.
func Open(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, after string, limit int) ([]View, error) {
	return db.All(ctx, tx, scanView, selectView+`
		WHERE p.creditor_id = $1 AND p.ended_on IS NULL AND p.id > $3
		ORDER BY p.id
		LIMIT $4`, s.Creditor, day, after, max(1, min(limit, maxPage)))
}

// Between streams the plans that a decision sees, by customer: those made by the
// day and not ended by it, of which something is open. One that is broken is
// among them until a person ends it.
func Between(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[View, error] {
	query := selectView + `
		WHERE p.creditor_id = $1 AND p.customer_id >= $3 AND p.customer_id <= $4 AND p.made_on <= $2
		  AND (p.ended_on IS NULL OR p.ended_on > $2)`
	if !span.Past {
		query += " AND " + agreement.OpenNow
	}
	return db.Each(ctx, tx, scanView, query+`
		ORDER BY p.customer_id, p.id`, s.Creditor, span.Day, span.From, span.To)
}
