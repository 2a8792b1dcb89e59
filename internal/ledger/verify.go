package ledger

import (
	"context"
	"maps"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
)

// Wrong is a document whose open amount is not what its allocations say.
type Wrong struct {
	Document string
	Number   string
	Stored   money.Amount
	Computed money.Amount
}

// Verify recomputes every open amount of a creditor. It gives how many
// documents it looked at and those that are wrong.
func Verify(ctx context.Context, tx *db.Tx, s creditor.Scope) (int64, []Wrong, error) {
	n, err := db.One(ctx, tx, db.Value[int64], `
		SELECT count(*)
		FROM document
		WHERE creditor_id = $1`, s.Creditor)
	if err != nil {
		return 0, nil, err
	}
	wrong, err := db.All(ctx, tx, scanWrong, `
		SELECT d.id, d.number, d.currency, d.open_amount, d.amount - COALESCE(a.amount, 0)
		FROM document d
		LEFT JOIN (
			SELECT doc_id, CAST(sum(amount) AS BIGINT) AS amount
			FROM (
				SELECT invoice_id AS doc_id, amount FROM allocation WHERE creditor_id = $1
				UNION ALL
				SELECT credit_id AS doc_id, amount FROM allocation WHERE creditor_id = $1
			) all_sides
			GROUP BY doc_id
		) a ON a.doc_id = d.id
		WHERE d.creditor_id = $1
		  AND (d.open_amount <> d.amount - COALESCE(a.amount, 0) OR d.open_amount < 0)
		ORDER BY d.id`, s.Creditor)
	return n, wrong, err
}

func scanWrong(r db.Row) (w Wrong, err error) {
	var c money.Currency
	err = r.Scan(&w.Document, &w.Number, &c, &w.Stored.Minor, &w.Computed.Minor)
	w.Stored.Currency, w.Computed.Currency = c, c
	return w, err
}

// Balance is what the general ledger states for a customer, or for a whole
// account when Customer is empty.
type Balance struct {
	On       cal.Date
	Account  string
	Customer string // its code
	Amount   money.Amount
	Import   string
}

// StateBalances stores balances of the general ledger.
func StateBalances(ctx context.Context, tx *db.Tx, s creditor.Scope, list []Balance) error {
	_, err := tx.Load(ctx, db.Load{
		Table: "ledger_balance",
		Columns: []string{
			"creditor_id", "id", "on_day", "account", "customer", "currency", "amount", "import_id", "created_at",
		},
		Rows: func(yield func([]any) bool) {
			for _, b := range list {
				if !yield([]any{
					s.Creditor, tx.NewID("bal"), b.On, b.Account, b.Customer, string(b.Amount.Currency), b.Amount.Minor,
					b.Import, tx.Now,
				}) {
					return
				}
			}
		},
	})
	return err
}

// RemoveBalances takes away those that an undone import had brought.
func RemoveBalances(ctx context.Context, tx *db.Tx, s creditor.Scope, imported string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM ledger_balance
		WHERE creditor_id = $1 AND import_id = $2`, s.Creditor, imported)
	return err
}

// Difference is a customer, or a whole account, that our open items and the
// general ledger do not agree about.
type Difference struct {
	Customer string // its code; empty for the whole account
	Name     string
	Stated   money.Amount
	Ours     money.Amount
}

// Comparison sets our open items against the newest balances of the general
// ledger.
type Comparison struct {
	On          cal.Date
	Stated      money.Amount // the sum of what the general ledger states
	Ours        money.Amount // our open items on that day
	Differences []Difference
}

// Compare compares in one currency; ok is false when no balance was imported.
func Compare(ctx context.Context, tx *db.Tx, s creditor.Scope, c money.Currency) (cmp Comparison, ok bool, err error) {
	err = scanLast(ctx, tx, s, c, &cmp.On)
	if err != nil || cmp.On.IsZero() {
		return cmp, false, err
	}
	stated, err := statedOn(ctx, tx, s, c, cmp.On)
	if err != nil {
		return cmp, false, err
	}
	ours, names, err := oursOn(ctx, tx, s, c, cmp.On)
	if err != nil {
		return cmp, false, err
	}
	cmp.Stated, cmp.Ours = money.Zero(c), money.Zero(c)
	whole, hasWhole := stated[""]
	delete(stated, "")
	for _, a := range stated {
		cmp.Stated = cmp.Stated.Add(a)
	}
	for _, a := range ours {
		cmp.Ours = cmp.Ours.Add(a)
	}
	if len(stated) > 0 {
		cmp.Differences = differences(stated, ours, names, c)
	}
	if hasWhole {
		if len(stated) == 0 {
			cmp.Stated = whole
		}
		if whole != cmp.Ours {
			cmp.Differences = append(cmp.Differences, Difference{Stated: whole, Ours: cmp.Ours})
		}
	}
	return cmp, true, nil
}

func scanLast(ctx context.Context, tx *db.Tx, s creditor.Scope, c money.Currency, on *cal.Date) error {
	last, err := db.One(ctx, tx, db.Value[cal.Date], `
		SELECT max(on_day)
		FROM ledger_balance
		WHERE creditor_id = $1 AND currency = $2`, s.Creditor, string(c))
	*on = last
	return err
}

func statedOn(
	ctx context.Context, tx *db.Tx, s creditor.Scope, c money.Currency, on cal.Date,
) (map[string]money.Amount, error) {
	stated := map[string]money.Amount{}
	for b, err := range db.Each(ctx, tx, func(r db.Row) (b Balance, err error) {
		err = r.Scan(&b.Customer, &b.Amount.Minor)
		b.Amount.Currency = c
		return b, err
	}, `
		SELECT customer, CAST(sum(amount) AS BIGINT)
		FROM ledger_balance
		WHERE creditor_id = $1 AND currency = $2 AND on_day = $3
		  AND import_id = (
			SELECT max(import_id)
			FROM ledger_balance
			WHERE creditor_id = $1 AND currency = $2 AND on_day = $3)
		GROUP BY customer`, s.Creditor, string(c), on) {
		if err != nil {
			return nil, err
		}
		stated[b.Customer] = b.Amount
	}
	return stated, nil
}

func oursOn(
	ctx context.Context, tx *db.Tx, s creditor.Scope, c money.Currency, on cal.Date,
) (map[string]money.Amount, map[string]string, error) {
	codes, names := map[string]string{}, map[string]string{}
	type who struct{ id, code, name string }
	for w, err := range db.Each(ctx, tx, func(r db.Row) (w who, err error) {
		return w, r.Scan(&w.id, &w.code, &w.name)
	}, `
		SELECT id, code, name
		FROM customer
		WHERE creditor_id = $1`, s.Creditor) {
		if err != nil {
			return nil, nil, err
		}
		codes[w.id], names[w.code] = w.code, w.name
	}
	ours := map[string]money.Amount{}
	for a, err := range AgedBalance(ctx, tx, s, AgedQuery{Day: on}) {
		if err != nil {
			return nil, nil, err
		}
		if a.Currency == c {
			ours[codes[a.Customer]] = money.New(a.Bands[0], c)
		}
	}
	return ours, names, nil
}

// differences are by code, the amounts that either side lacks being zero.
func differences(stated, ours map[string]money.Amount, names map[string]string, c money.Currency) []Difference {
	codes := map[string]bool{}
	for code := range stated {
		codes[code] = true
	}
	for code := range ours {
		codes[code] = true
	}
	list := []Difference{}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		d := Difference{Customer: code, Name: names[code], Stated: money.Zero(c), Ours: money.Zero(c)}
		d.Stated, d.Ours = d.Stated.Add(stated[code]), d.Ours.Add(ours[code])
		if d.Stated != d.Ours {
			list = append(list, d)
		}
	}
	return list
}
