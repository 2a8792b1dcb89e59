package call

import (
	"context"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
	"acquit/internal/reminder"
	"acquit/internal/task"
)

const selectCall = `
	SELECT id, customer_id, reminder_id, task_id, script, on_day, number, person, outcome, attempt, again_on, note,
		made_by, created_at
	FROM call`

func scanCall(r db.Row) (c Call, err error) {
	err = r.Scan(&c.ID, &c.Customer, &c.Reminder, &c.Task, &c.Script, &c.On, &c.Number, &c.Person,
		&c.Outcome, &c.Attempt, &c.Again, &c.Note, &c.By, db.Instant(&c.CreatedAt))
	return c, err
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, c Call) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO call (creditor_id, id, customer_id, reminder_id, task_id, script, on_day, number, person, outcome,
			attempt, again_on, note, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		s.Creditor, c.ID, c.Customer, c.Reminder, c.Task, c.Script, c.On, c.Number, c.Person,
		string(c.Outcome), c.Attempt, c.Again, c.Note, c.By, c.CreatedAt)
	if err != nil {
		return err
	}
	_, err = tx.Load(ctx, db.Load{
		Table:   "call_result",
		Columns: []string{"creditor_id", "call_id", "kind", "subject_id"},
		Rows: func(yield func([]any) bool) {
			for _, r := range c.Results {
				if !yield([]any{s.Creditor, c.ID, string(r.Kind), r.ID}) {
					return
				}
			}
		},
	})
	return err
}

// Find is the call of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Call, error) {
	c, err := db.One(ctx, tx, scanCall, selectCall+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
	if err != nil {
		return c, agreement.Missing(err, "appel %s", id)
	}
	list := []Call{c}
	err = fill(ctx, tx, s, list)
	return list[0], err
}

// maxList bounds the calls of one customer that are read: years of them.
const maxList = 1000

// List are a customer's calls, the newest first.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Call, error) {
	list, err := db.All(ctx, tx, scanCall, selectCall+`
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY on_day DESC, id DESC
		LIMIT $3`, s.Creditor, customer, maxList)
	if err != nil {
		return nil, err
	}
	return list, fill(ctx, tx, s, list)
}

// Made are the calls of a creditor, the newest first, at most limit.
func Made(ctx context.Context, tx *db.Tx, s creditor.Scope, limit int) ([]Call, error) {
	list, err := db.All(ctx, tx, scanCall, selectCall+`
		WHERE creditor_id = $1
		ORDER BY on_day DESC, id DESC
		LIMIT $2`, s.Creditor, max(1, min(limit, maxList)))
	if err != nil {
		return nil, err
	}
	return list, fill(ctx, tx, s, list)
}

// fill reads what calls led to.
func fill(ctx context.Context, tx *db.Tx, s creditor.Scope, list []Call) error {
	type result struct {
		call string
		Result
	}
	at := map[string]*Call{}
	ids := make([]string, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = &list[i], list[i].ID
	}
	for len(ids) > 0 {
		n := min(len(ids), 500) // a statement of either engine can hold them
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, "call_id", ids[:n])
		rows, err := db.All(ctx, tx, func(r db.Row) (x result, err error) {
			err = r.Scan(&x.call, &x.Kind, &x.ID)
			return x, err
		}, `
			SELECT call_id, kind, subject_id
			FROM call_result`+w.SQL()+`
			ORDER BY call_id, subject_id`, w.Args...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			at[r.call].Results = append(at[r.call].Results, r.Result)
		}
		ids = ids[n:]
	}
	return nil
}

// tried counts the calls of a reminder so far.
func tried(ctx context.Context, tx *db.Tx, s creditor.Scope, reminder string) (int, error) {
	return db.One(ctx, tx, db.Value[int], `
		SELECT count(*)
		FROM call
		WHERE creditor_id = $1 AND reminder_id = $2`, s.Creditor, reminder)
}

// ToMake is a call that is to be made, with what is at stake.
type ToMake struct {
	task.Task
	Amount  money.Amount // that its step claims; zero for a call of no step
	Age     int          // days of the oldest invoice, today
	Attempt int          // calls made so far
	Doubts  reminder.Doubts
}

// waiting are the open tasks to call somebody, to be done by a day.
func waiting(ctx context.Context, tx *db.Tx, s creditor.Scope, until cal.Date, owner string) ([]ToMake, error) {
	var w db.Where
	w.And("t.creditor_id = ?", s.Creditor)
	w.And("t.done_at IS NULL")
	w.And("t.kind = ?", string(task.Call))
	if !until.IsZero() {
		w.And("t.due_on <= ?", until)
	}
	if owner != "" {
		w.And("t.owner IN (?, '')", owner)
	}
	return db.All(ctx, tx, func(r db.Row) (m ToMake, err error) {
		var currency money.Currency
		var minor int64
		var on cal.Date
		err = r.Scan(&m.ID, &m.Customer, &m.Reminder, &m.Title, &m.Detail, &m.Owner, &m.Due, &currency, &minor,
			&m.Age, &on, &m.Attempt)
		m.Kind = task.Call
		if currency != "" {
			m.Amount = money.New(minor, currency)
		}
		if !on.IsZero() && !until.IsZero() {
			m.Age += until.Sub(on)
		}
		return m, err
	}, `
		SELECT t.id, t.customer_id, t.reminder_id, t.title, t.detail, t.owner, t.due_on, COALESCE(r.currency, ''),
			COALESCE(r.amount, 0), COALESCE(r.max_age, 0), r.on_day, (
				SELECT count(*)
				FROM call c
				WHERE c.creditor_id = t.creditor_id AND c.reminder_id = t.reminder_id AND t.reminder_id <> '')
		FROM task t
		LEFT JOIN reminder r ON r.creditor_id = t.creditor_id AND r.id = t.reminder_id`+w.SQL()+`
		ORDER BY t.due_on, t.id
		LIMIT `+w.Arg(maxList), w.Args...)
}
