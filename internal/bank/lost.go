package bank

import (
	"context"
	"strconv"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// VerifyRecords finds entries and statements that are gone, texts of banks that are not
// as they came, records that a statement had and has no more, and entries whose amount
// no record tells.
func VerifyRecords(ctx context.Context, tx *db.Tx, s creditor.Scope) (checked int64, lost []db.Lost, err error) {
	checked, lost, err = db.LostOf(ctx, tx, s.Creditor,
		db.Link{Table: "bank_record", Key: recordKey, Column: "entry_id", Target: "bank_entry"},
		db.Link{Table: "bank_record", Key: recordKey, Column: "statement_id", Target: "bank_statement"},
		db.Link{Table: "bank_entry", Key: "t.id", Column: "statement_id", Target: "bank_statement"},
		db.Link{Table: "bank_entry", Key: "t.id", Column: "undoes_id", Target: "bank_entry"})
	if err != nil {
		return checked, lost, err
	}
	for _, find := range []func(context.Context, *db.Tx, creditor.Scope) ([]db.Lost, error){altered, untold, emptied} {
		list, err := find(ctx, tx, s)
		if err != nil {
			return checked, lost, err
		}
		lost = append(lost, list...)
	}
	return checked, lost, nil
}

const recordKey = "t.statement_id || '/' || CAST(t.seq AS TEXT)"

// altered are the records whose text is not the one that came.
func altered(ctx context.Context, tx *db.Tx, s creditor.Scope) (lost []db.Lost, err error) {
	for r, err := range db.Each(ctx, tx, func(r db.Row) (v [3]string, err error) {
		return v, r.Scan(&v[0], &v[1], &v[2])
	}, `
		SELECT `+recordKey+`, t.hash, t.raw
		FROM bank_record t
		WHERE t.creditor_id = $1
		ORDER BY t.statement_id, t.seq`, s.Creditor) {
		if err != nil {
			return lost, err
		}
		if hash(r[2]) != r[1] {
			lost = append(lost, db.Lost{Table: "bank_record", ID: r[0]})
		}
	}
	return lost, nil
}

// untold are the entries that no record tells of any more, or not with that amount.
func untold(ctx context.Context, tx *db.Tx, s creditor.Scope) (lost []db.Lost, err error) {
	type told struct {
		entry, said string
		amount      int64
	}
	last, alike := "", true
	var amount int64
	end := func() {
		if last != "" && !alike {
			lost = append(lost, db.Lost{Table: "bank_entry", ID: last})
		}
	}
	for r, err := range db.Each(ctx, tx, func(r db.Row) (v told, err error) {
		return v, r.Scan(&v.entry, &v.amount, &v.said)
	}, `
		SELECT e.id, e.amount, COALESCE(r.said, '')
		FROM bank_entry e
		LEFT JOIN bank_record r ON r.creditor_id = e.creditor_id AND r.entry_id = e.id
		WHERE e.creditor_id = $1
		ORDER BY e.id`, s.Creditor) {
		if err != nil {
			return lost, err
		}
		if r.entry != last {
			end()
			last, alike, amount = r.entry, false, r.amount
		}
		if said, err := decode(r.said); r.said != "" && err == nil && said.Amount.Minor == amount {
			alike = true
		}
	}
	end()
	return lost, nil
}

// emptied are the statements that have fewer records than were read in them.
func emptied(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]db.Lost, error) {
	return db.All(ctx, tx, func(r db.Row) (x db.Lost, err error) {
		var missing int64
		x.Table, x.Target = "bank_statement", "bank_record"
		err = r.Scan(&x.ID, &missing)
		x.Missing = strconv.FormatInt(missing, 10)
		return x, err
	}, `
		SELECT t.id, t.entries - count(r.seq)
		FROM bank_statement t
		LEFT JOIN bank_record r ON r.creditor_id = t.creditor_id AND r.statement_id = t.id
		WHERE t.creditor_id = $1
		GROUP BY t.id, t.entries
		HAVING count(r.seq) < t.entries
		ORDER BY t.id
		LIMIT 1000`, s.Creditor)
}
