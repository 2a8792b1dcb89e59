package task

import (
	"context"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

const selectTask = `
	SELECT id, customer_id, reminder_id, kind, key, title, detail, owner, due_on, show_on, made_by, created_at, done_at,
		done_by, outcome, note
	FROM task`

func scanTask(r db.Row) (t Task, err error) {
	err = r.Scan(&t.ID, &t.Customer, &t.Reminder, &t.Kind, &t.Key, &t.Title, &t.Detail, &t.Owner, &t.Due,
		&t.Show, &t.By, db.Instant(&t.CreatedAt), db.Instant(&t.DoneAt), &t.DoneBy, &t.Outcome, &t.Note)
	return t, err
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, list []*Task) error {
	_, err := tx.Load(ctx, db.Load{
		Table: "task",
		Columns: []string{
			"creditor_id", "id", "customer_id", "reminder_id", "kind", "key", "title", "detail", "owner", "due_on",
			"show_on", "made_by", "created_at",
		},
		Rows: func(yield func([]any) bool) {
			for _, t := range list {
				if !yield([]any{
					s.Creditor, t.ID, t.Customer, t.Reminder, string(t.Kind), t.Key, t.Title, t.Detail, t.Owner, t.Due,
					t.Show, t.By, t.CreatedAt,
				}) {
					return
				}
			}
		},
	})
	return err
}

// openKeys are the keys among wanted that an open task has, with its identifier.
func openKeys(ctx context.Context, tx *db.Tx, s creditor.Scope, wanted []string) (map[string]string, error) {
	type open struct{ key, id string }
	found := map[string]string{}
	for len(wanted) > 0 {
		n := min(len(wanted), 500) // a statement of either engine can hold them
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		w.And("done_at IS NULL AND key <> ''")
		db.In(&w, "key", wanted[:n])
		rows, err := db.All(ctx, tx, func(r db.Row) (o open, err error) {
			err = r.Scan(&o.key, &o.id)
			return o, err
		}, `
			SELECT key, id
			FROM task`+w.SQL(), w.Args...)
		if err != nil {
			return nil, err
		}
		for _, o := range rows {
			found[o.key] = o.id
		}
		wanted = wanted[n:]
	}
	return found, nil
}

func finish(ctx context.Context, tx *db.Tx, s creditor.Scope, t Task) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE task
		SET done_at = $3, done_by = $4, outcome = $5, note = $6
		WHERE creditor_id = $1 AND id = $2 AND done_at IS NULL`,
		s.Creditor, t.ID, t.DoneAt, t.DoneBy, string(t.Outcome), t.Note)
	return n > 0, err
}

func move(ctx context.Context, tx *db.Tx, s creditor.Scope, id, owner string, due cal.Date) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE task
		SET owner = $3, due_on = $4
		WHERE creditor_id = $1 AND id = $2 AND done_at IS NULL`, s.Creditor, id, owner, due)
	return n > 0, err
}

// Find is the task of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Task, error) {
	t, err := db.One(ctx, tx, scanTask, selectTask+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
	return t, agreement.Missing(err, "tâche %s", id)
}

func openOf(
	ctx context.Context, tx *db.Tx, s creditor.Scope, customer, reminder string, kind Kind,
) ([]string, error) {
	return db.All(ctx, tx, db.Value[string], `
		SELECT id
		FROM task
		WHERE creditor_id = $1 AND customer_id = $2 AND reminder_id = $3 AND kind = $4 AND done_at IS NULL
		ORDER BY id`, s.Creditor, customer, reminder, string(kind))
}

// WithKey are the open tasks whose key begins so, by day.
func WithKey(ctx context.Context, tx *db.Tx, s creditor.Scope, prefix string) ([]Task, error) {
	return db.All(ctx, tx, scanTask, selectTask+`
		WHERE creditor_id = $1 AND done_at IS NULL AND key LIKE $2 ESCAPE '\'
		ORDER BY due_on, id`, s.Creditor, db.LikeEscape(prefix)+"%")
}

// maxPage bounds a page of tasks.
const maxPage = 1000

// List are a customer's tasks, open ones first, then the newest; at most limit.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, limit int) ([]Task, error) {
	return db.All(ctx, tx, scanTask, selectTask+`
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY CASE WHEN done_at IS NULL THEN 0 ELSE 1 END, due_on DESC, id DESC
		LIMIT $3`, s.Creditor, customer, max(1, min(limit, maxPage)))
}

// Filter says which open tasks a list shows.
type Filter struct {
	Kind     Kind
	Owner    string // this person's and nobody's; empty is everybody's
	Customer string
	Until    cal.Date // due by then, or to be shown by then; the zero Date is whenever
	After    Task     // the last of the page before: its Due and ID
	Limit    int
}

func (f Filter) where(s creditor.Scope) db.Where {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	w.And("done_at IS NULL")
	if f.Kind != "" {
		w.And("kind = ?", string(f.Kind))
	}
	if f.Owner != "" {
		w.And("owner IN (?, '')", f.Owner)
	}
	if f.Customer != "" {
		w.And("customer_id = ?", f.Customer)
	}
	if !f.Until.IsZero() {
		w.And("COALESCE(show_on, due_on) <= ?", f.Until)
	}
	return w
}

// Open are the tasks to do, by their day.
func Open(ctx context.Context, tx *db.Tx, s creditor.Scope, f Filter) ([]Task, error) {
	w := f.where(s)
	if f.After.ID != "" {
		w.And("(due_on, id) > (?, ?)", f.After.Due, f.After.ID)
	}
	query := selectTask + w.SQL() + `
		ORDER BY due_on, id
		LIMIT ` + w.Arg(max(1, min(f.Limit, maxPage)))
	return db.All(ctx, tx, scanTask, query, w.Args...)
}

// Count is how many tasks of each kind are to do.
func Count(ctx context.Context, tx *db.Tx, s creditor.Scope, f Filter) (map[Kind]int, error) {
	type count struct {
		kind Kind
		n    int
	}
	w := f.where(s)
	rows, err := db.All(ctx, tx, func(r db.Row) (c count, err error) {
		err = r.Scan(&c.kind, &c.n)
		return c, err
	}, `
		SELECT kind, count(*)
		FROM task`+w.SQL()+`
		GROUP BY kind`, w.Args...)
	if err != nil {
		return nil, err
	}
	counts := make(map[Kind]int, len(rows))
	for _, c := range rows {
		counts[c.kind] = c.n
	}
	return counts, nil
}
