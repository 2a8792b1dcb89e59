package cash

import (
	"context"
	"encoding/json"
	"slices"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/match"
)

// lock keeps everybody else from what is made of a creditor's entries until the
// end of the transaction: each is short.
func lock(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	return tx.Lock(ctx, "cash/"+s.Creditor)
}

// load gets documents as they stand, their customers' books locked.
func load(ctx context.Context, tx *db.Tx, s creditor.Scope, ids []string) (*books, error) {
	b := &books{docs: map[string]*ledger.Document{}, newID: tx.NewID, actor: s.Actor}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	found, err := ledger.WithIDs(ctx, tx, s, ids)
	if err != nil {
		return nil, err
	}
	var owners []string
	for _, d := range found {
		owners = append(owners, d.Customer)
	}
	slices.Sort(owners)
	for _, id := range slices.Compact(owners) {
		if err := tx.Lock(ctx, "customer/"+id); err != nil {
			return nil, err
		}
	}
	if found, err = ledger.WithIDs(ctx, tx, s, ids); err != nil { // as they are under the locks
		return nil, err
	}
	for i := range found {
		b.docs[found[i].ID] = &found[i]
	}
	b.freed, err = ledger.Freed(ctx, tx, s, ids)
	return b, err
}

// ids are the documents that an explanation speaks of.
func ids(x match.Explanation) []string {
	var list []string
	for _, l := range x.Lines {
		list = append(list, l.Item)
	}
	for _, a := range x.Adjustments {
		list = append(list, a.Item)
	}
	return list
}

// row is an entry's state as it is kept.
type row struct {
	entry       string
	on          cal.Date
	state       State
	customer    string
	application string
	pair        string
	code        Code
	reason      string
	answer      string
	confidence  int64
	examined    bool
}

var rowColumns = []string{
	"creditor_id", "entry_id", "on_day", "state", "customer_id", "application_id", "pair_id", "code", "reason",
	"answer", "confidence", "examined_at", "changed_at", "changed_by",
}

// putRows stores states, whatever stood there. What the last run answered stays,
// where a row brings no answer of its own: an entry that opens again shows at once
// what it could be.
func putRows(ctx context.Context, tx *db.Tx, s creditor.Scope, list []row) error {
	told := slices.DeleteFunc(slices.Clone(list), func(r row) bool { return r.answer == "" })
	silent := slices.DeleteFunc(slices.Clone(list), func(r row) bool { return r.answer != "" })
	if err := putSome(ctx, tx, s, told, rowColumns[2:]); err != nil {
		return err
	}
	kept := slices.DeleteFunc(slices.Clone(rowColumns[2:]), func(column string) bool {
		return column == "answer" || column == "confidence"
	})
	return putSome(ctx, tx, s, silent, kept)
}

func putSome(ctx context.Context, tx *db.Tx, s creditor.Scope, list []row, update []string) error {
	if len(list) == 0 {
		return nil
	}
	_, err := tx.Load(ctx, db.Load{
		Table: "cash_entry", Columns: rowColumns, Key: rowColumns[:2], Update: update,
		Rows: func(yield func([]any) bool) {
			for _, r := range list {
				var examined any
				if r.examined {
					examined = tx.Now
				}
				if !yield([]any{
					s.Creditor, r.entry, r.on, string(r.state), r.customer, r.application, r.pair, string(r.code),
					r.reason, r.answer, r.confidence, examined, tx.Now, s.Actor,
				}) {
					return
				}
			}
		},
	})
	return err
}

// statesOf are the states of entries; one that has no row yet is open.
func statesOf(ctx context.Context, tx *db.Tx, s creditor.Scope, entries []string) (map[string]State, error) {
	states := make(map[string]State, len(entries))
	for some := range slices.Chunk(entries, 500) {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, "entry_id", some)
		list, err := db.All(ctx, tx, func(r db.Row) (v [2]string, err error) { return v, r.Scan(&v[0], &v[1]) },
			`SELECT entry_id, state FROM cash_entry`+w.SQL(), w.Args...)
		if err != nil {
			return nil, err
		}
		for _, v := range list {
			states[v[0]] = State(v[1])
		}
	}
	for _, id := range entries {
		if states[id] == "" {
			states[id] = Open
		}
	}
	return states, nil
}

func insertApplications(ctx context.Context, tx *db.Tx, s creditor.Scope, list []*booking) error {
	var failed error
	_, err := tx.Load(ctx, db.Load{
		Table: "cash_application",
		Columns: []string{
			"creditor_id", "id", "entry_id", "kind", "content", "confidence", "made_by", "made_at",
		},
		Rows: func(yield func([]any) bool) {
			for _, k := range list {
				content, err := json.Marshal(k.app.Explanation)
				if err != nil {
					failed = err
					return
				}
				if !yield([]any{
					s.Creditor, k.app.ID, k.app.Entry, string(k.app.Kind), string(content),
					int64(k.app.Explanation.Confidence), s.Actor, tx.Now,
				}) {
					return
				}
			}
		},
	})
	if failed != nil {
		return failed
	}
	return err
}

func loadParts(ctx context.Context, tx *db.Tx, s creditor.Scope, list []*booking) error {
	_, err := tx.Load(ctx, db.Load{
		Table:   "cash_part",
		Columns: []string{"creditor_id", "application_id", "thing_id", "kind", "amount"},
		Rows: func(yield func([]any) bool) {
			for _, k := range list {
				for _, p := range k.parts {
					if !yield([]any{s.Creditor, k.app.ID, p.thing, string(p.role), p.amount}) {
						return
					}
				}
			}
		},
	})
	return err
}

// dropSuspects forgets whose money entries could be.
func dropSuspects(ctx context.Context, tx *db.Tx, s creditor.Scope, entries []string) error {
	for some := range slices.Chunk(entries, 500) {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, "entry_id", some)
		if _, err := tx.Exec(ctx, `DELETE FROM cash_suspect`+w.SQL(), w.Args...); err != nil {
			return err
		}
	}
	return nil
}

// use notes in the bank's room that something stands on entries, or nothing does.
func use(ctx context.Context, tx *db.Tx, s creditor.Scope, used bool, entries ...string) error {
	for _, id := range entries {
		if err := bank.Use(ctx, tx, s, id, used); err != nil {
			return err
		}
	}
	return nil
}

const selectApplication = `
	SELECT id, entry_id, kind, content, made_by, made_at, undone_by, undone_at, undone_reason
	FROM cash_application`

func scanApplication(r db.Row) (a Application, err error) {
	var content string
	err = r.Scan(&a.ID, &a.Entry, &a.Kind, &content, &a.By, db.Instant(&a.At), &a.UndoneBy, db.Instant(&a.UndoneAt),
		&a.Undone)
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal([]byte(content), &a.Explanation)
}

// partsOf are what an application made or used.
func partsOf(ctx context.Context, tx *db.Tx, s creditor.Scope, application string) ([]part, error) {
	return db.All(ctx, tx, func(r db.Row) (p part, err error) { return p, r.Scan(&p.thing, &p.role, &p.amount) }, `
		SELECT thing_id, kind, amount
		FROM cash_part
		WHERE creditor_id = $1 AND application_id = $2
		ORDER BY thing_id`, s.Creditor, application)
}

// things are those of a role.
func things(parts []part, roles ...Role) []string {
	var list []string
	for _, p := range parts {
		if slices.Contains(roles, p.role) {
			list = append(list, p.thing)
		}
	}
	return list
}

func endApplication(ctx context.Context, tx *db.Tx, s creditor.Scope, id, reason string) error {
	_, err := tx.Exec(ctx, `
		UPDATE cash_application
		SET undone_by = $3, undone_at = $4, undone_reason = $5
		WHERE creditor_id = $1 AND id = $2 AND undone_at IS NULL`, s.Creditor, id, s.Actor, tx.Now, reason)
	return err
}

func insertRefused(ctx context.Context, tx *db.Tx, s creditor.Scope, list []match.Refused) error {
	for _, r := range list {
		if _, err := tx.Exec(ctx, `
			INSERT INTO cash_refused (creditor_id, entry_id, customer_id, item_id, made_by, made_at)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (creditor_id, entry_id, customer_id, item_id) DO NOTHING`,
			s.Creditor, r.Entry, r.Customer, r.Item, s.Actor, tx.Now); err != nil {
			return err
		}
	}
	return nil
}

func allRefused(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]match.Refused, error) {
	return db.All(ctx, tx, func(r db.Row) (f match.Refused, err error) {
		return f, r.Scan(&f.Entry, &f.Customer, &f.Item)
	}, `
		SELECT f.entry_id, f.customer_id, f.item_id
		FROM cash_refused f
		JOIN cash_entry e ON e.creditor_id = f.creditor_id AND e.entry_id = f.entry_id
		WHERE f.creditor_id = $1 AND e.state = 'open'
		ORDER BY f.entry_id, f.customer_id, f.item_id`, s.Creditor)
}
