package cash

import (
	"context"
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ledger"
)

// Money is a payment or a refund that bank entries have brought, with the rows of
// accounting files that tell of the same.
type Money struct {
	ledger.Document
	Claims []Claim
}

// Claim is a row of an accounting file about money that the bank had brought: the
// row is not booked again.
type Claim struct {
	Document string
	Customer string
	Source   string
	Number   string
	On       cal.Date
	Amount   int64 // minor units; less than the document's where a file spreads it
	Rank     int64 // from 1: tells rows that say the very same apart
}

// MoneyOf is what the bank has brought of customers and still holds.
func MoneyOf(ctx context.Context, tx *db.Tx, s creditor.Scope, customers []string) ([]Money, error) {
	var list []Money
	at := map[string]int{}
	for some := range slices.Chunk(customers, 500) {
		var w db.Where
		w.And("d.creditor_id = ?", s.Creditor)
		db.In(&w, "d.customer_id", some)
		w.And("d.source = '" + Source + "'")
		w.And("(d.kind = 'payment' OR d.nature = 'refund')")
		ids, err := db.All(ctx, tx, db.Value[string], `
			SELECT DISTINCT d.id
			FROM document d
			JOIN cash_part p ON p.creditor_id = d.creditor_id AND p.thing_id = d.id
			JOIN cash_application a
			  ON a.creditor_id = p.creditor_id AND a.id = p.application_id AND a.undone_at IS NULL`+w.SQL(), w.Args...)
		if err != nil {
			return nil, err
		}
		docs, err := ledger.WithIDs(ctx, tx, s, ids)
		if err != nil {
			return nil, err
		}
		for _, d := range docs {
			at[d.ID] = len(list)
			list = append(list, Money{Document: d})
		}
		if err := eachClaim(ctx, tx, s, some, func(c Claim) {
			if i, ok := at[c.Document]; ok {
				list[i].Claims = append(list[i].Claims, c)
			}
		}); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b Money) int {
		if a.Issued != b.Issued {
			return a.Issued.Sub(b.Issued)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list, nil
}

func eachClaim(ctx context.Context, tx *db.Tx, s creditor.Scope, customers []string, fn func(Claim)) error {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	db.In(&w, "customer_id", customers)
	for c, err := range db.Each(ctx, tx, func(r db.Row) (c Claim, err error) {
		return c, r.Scan(&c.Document, &c.Customer, &c.Source, &c.Number, &c.On, &c.Amount, &c.Rank)
	}, `
		SELECT document_id, customer_id, source, number, on_day, amount, rank
		FROM cash_claim`+w.SQL()+`
		ORDER BY document_id, source, number, on_day, rank`, w.Args...) {
		if err != nil {
			return err
		}
		fn(c)
	}
	return nil
}

// AddClaims notes that the rows of an import tell of what the bank has brought.
func AddClaims(ctx context.Context, tx *db.Tx, s creditor.Scope, imported string, list []Claim) error {
	_, err := tx.Load(ctx, db.Load{
		Table: "cash_claim",
		Columns: []string{
			"creditor_id", "document_id", "customer_id", "source", "number", "on_day", "amount", "rank", "import_id",
		},
		Rows: func(yield func([]any) bool) {
			for _, c := range list {
				if !yield([]any{
					s.Creditor, c.Document, c.Customer, c.Source, c.Number, c.On, c.Amount, c.Rank, imported,
				}) {
					return
				}
			}
		},
	})
	return err
}

// RemoveImport forgets what an import that is undone had to do with entries: its
// rows that told of the bank's money, and the ties to documents that it brought,
// whose entries are open again.
func RemoveImport(ctx context.Context, tx *db.Tx, s creditor.Scope, imported string) error {
	if err := lock(ctx, tx, s); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `
		DELETE FROM cash_claim
		WHERE creditor_id = $1 AND import_id = $2`, s.Creditor, imported); err != nil {
		return err
	}
	tied, err := db.All(ctx, tx, func(r db.Row) (v [2]string, err error) { return v, r.Scan(&v[0], &v[1]) }, `
		SELECT DISTINCT a.id, a.entry_id
		FROM cash_application a
		JOIN cash_part p ON p.creditor_id = a.creditor_id AND p.application_id = a.id AND p.kind = 'link'
		JOIN document d ON d.creditor_id = p.creditor_id AND d.id = p.thing_id
		WHERE a.creditor_id = $1 AND a.undone_at IS NULL AND a.kind = 'link'
		  AND d.import_id = $2`, s.Creditor, imported)
	if err != nil {
		return err
	}
	for _, v := range tied {
		if err := letGo(ctx, tx, s, v[0], v[1], "import défait"); err != nil {
			return err
		}
	}
	return nil
}

// letGo ends the tie of an entry to documents that are no longer its money, and
// opens the entry again.
func letGo(ctx context.Context, tx *db.Tx, s creditor.Scope, application, entry, why string) error {
	if err := endApplication(ctx, tx, s, application, why); err != nil {
		return err
	}
	e, err := bank.Find(ctx, tx, s, entry)
	if err != nil {
		return err
	}
	if err := putRows(ctx, tx, s, []row{{entry: entry, on: e.On, state: Open}}); err != nil {
		return err
	}
	return use(ctx, tx, s, false, entry)
}

// HasMoney tells whether the bank has brought anything into the books.
func HasMoney(ctx context.Context, tx *db.Tx, s creditor.Scope) (bool, error) {
	n, err := db.One(ctx, tx, db.Value[int64], `
		SELECT count(*)
		FROM (
			SELECT 1
			FROM cash_application
			WHERE creditor_id = $1
			LIMIT 1
		) any_row`, s.Creditor)
	return n > 0, err
}

// claimed are those of the documents that accounting files speak of as their own
// payments.
func claimed(ctx context.Context, tx *db.Tx, s creditor.Scope, documents []string) ([]string, error) {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	db.In(&w, "document_id", documents)
	return db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT document_id
		FROM cash_claim`+w.SQL()+`
		ORDER BY document_id`, w.Args...)
}
