package cash

import (
	"context"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

// adopted is how many entries one transaction makes rows of.
const adopted = 2000

// fresh is an entry that came or changed since the last run.
type fresh struct {
	id     string
	on     cal.Date
	mark   string
	counts bool
}

// adoptSome makes the rows of the next entries that came or changed, and tells
// whether there may be more.
func adoptSome(ctx context.Context, tx *db.Tx, s creditor.Scope) (more bool, err error) {
	if _, err := tx.Exec(ctx, `
		INSERT INTO cash_run (creditor_id, mark, started_at)
		VALUES ($1, '', $2)
		ON CONFLICT (creditor_id) DO UPDATE
		SET started_at = EXCLUDED.started_at`, s.Creditor, tx.Now); err != nil {
		return false, err
	}
	list, err := db.All(ctx, tx, func(r db.Row) (f fresh, err error) {
		return f, r.Scan(&f.id, &f.on, &f.mark, &f.counts)
	}, `
		SELECT e.id, e.on_day, e.mark, e.counts
		FROM bank_entry e
		WHERE e.creditor_id = $1 AND e.mark > (SELECT u.mark FROM cash_run u WHERE u.creditor_id = $1)
		ORDER BY e.mark
		LIMIT $2`, s.Creditor, adopted)
	if err != nil {
		return false, err
	}
	if len(list) == 0 {
		if err := adoptMissing(ctx, tx, s); err != nil {
			return false, err
		}
		if err := untieNoted(ctx, tx, s); err != nil {
			return false, err
		}
		return false, dropGone(ctx, tx, s)
	}
	if err := adoptThese(ctx, tx, s, list); err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, `
		UPDATE cash_run
		SET mark = $2
		WHERE creditor_id = $1`, s.Creditor, list[len(list)-1].mark)
	return true, err
}

// adoptThese opens a row for each entry that has none; one that is open already
// is to be looked at again.
func adoptThese(ctx context.Context, tx *db.Tx, s creditor.Scope, list []fresh) error {
	_, err := tx.Load(ctx, db.Load{
		Table:   "cash_entry",
		Columns: []string{"creditor_id", "entry_id", "on_day", "state", "changed_at"},
		Key:     []string{"creditor_id", "entry_id"}, Update: []string{"on_day"},
		Rows: func(yield func([]any) bool) {
			for _, f := range list {
				if f.counts && !yield([]any{s.Creditor, f.id, f.on, string(Open), tx.Now}) {
					return
				}
			}
		},
	})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE cash_entry
		SET examined_at = NULL
		WHERE creditor_id = $1 AND state = 'open' AND entry_id IN (
			SELECT id
			FROM bank_entry
			WHERE creditor_id = $1 AND mark >= $2 AND mark <= $3)`, s.Creditor, list[0].mark, list[len(list)-1].mark)
	return err
}

// adoptMissing makes rows of entries whose mark lies before what was seen: the
// clocks of two machines differ.
func adoptMissing(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO cash_entry (creditor_id, entry_id, on_day, state, changed_at)
		SELECT e.creditor_id, e.id, e.on_day, 'open', e.created_at
		FROM bank_entry e
		WHERE e.creditor_id = $1 AND e.counts AND NOT EXISTS (
			SELECT 1
			FROM cash_entry c
			WHERE c.creditor_id = e.creditor_id AND c.entry_id = e.id)`, s.Creditor)
	return err
}

// untieNoted lets go the entries that are tied to what a list showed to be settled
// where a file has made that give way since: to the payment itself, to which the run
// then ties them, or to a list on which the invoice is open again; and where less of
// it is left than they are. What gave way to another entry's money leaves them theirs.
func untieNoted(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	list, err := db.All(ctx, tx, func(r db.Row) (v [2]string, err error) { return v, r.Scan(&v[0], &v[1]) }, `
		SELECT DISTINCT a.id, a.entry_id
		FROM cash_application a
		JOIN cash_entry c ON c.creditor_id = a.creditor_id AND c.entry_id = a.entry_id AND c.state = 'linked'
		JOIN cash_part p ON p.creditor_id = a.creditor_id AND p.application_id = a.id AND p.kind = 'link'
		JOIN document d ON d.creditor_id = p.creditor_id AND d.id = p.thing_id AND d.nature = 'noted'
		JOIN allocation x ON x.creditor_id = d.creditor_id AND x.credit_id = d.id AND x.reverses IS NOT NULL
		WHERE a.creditor_id = $1 AND a.undone_at IS NULL
		  AND (x.import_id <> '' AND x.created_at >= a.made_at OR (
			SELECT coalesce(sum(o.amount), 0)
			FROM allocation o
			JOIN document i ON i.creditor_id = o.creditor_id AND i.id = o.invoice_id AND i.nature <> 'noted'
			WHERE o.creditor_id = d.creditor_id AND o.credit_id = d.id) < (
			SELECT sum(q.amount)
			FROM cash_part q
			JOIN cash_application b ON b.creditor_id = q.creditor_id AND b.id = q.application_id AND b.undone_at IS NULL
			WHERE q.creditor_id = d.creditor_id AND q.thing_id = d.id AND q.kind = 'link'))
		ORDER BY a.entry_id, a.id`, s.Creditor)
	if err != nil {
		return err
	}
	for _, v := range list {
		if err := letGo(ctx, tx, s, v[0], v[1], "le constat a fait place"); err != nil {
			return err
		}
	}
	return nil
}

// dropGone forgets what was made of entries that are no money any more and on
// which nothing stands.
func dropGone(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	const gone = `
		AND NOT EXISTS (
			SELECT 1
			FROM bank_entry e
			WHERE e.creditor_id = $1 AND e.id = entry_id AND e.counts)`
	if _, err := tx.Exec(ctx, `
		DELETE FROM cash_suspect
		WHERE creditor_id = $1`+gone, s.Creditor); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		DELETE FROM cash_entry
		WHERE creditor_id = $1 AND state IN ('open', 'aside')`+gone, s.Creditor)
	return err
}

// openPlaces are the entries that are open, the earliest first.
func openPlaces(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]bank.Place, error) {
	f := Filter{States: []State{Open}, Rising: true, Limit: -1}
	if err := f.weigh(ctx, tx, s); err != nil {
		return nil, err
	}
	query, args, err := f.query(s, "id, key1")
	if err != nil {
		return nil, err
	}
	return db.All(ctx, tx, func(r db.Row) (p bank.Place, err error) { return p, r.Scan(&p.ID, &p.On) }, query, args...)
}
