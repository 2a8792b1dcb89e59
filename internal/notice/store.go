package notice

import (
	"context"
	"encoding/json"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

const selectNotice = `
	SELECT id, customer_id, reminder_id, way, state, currency, amount, days, printed_on, deadline_on, approved_on,
		approved_by, tracking, points, created_at
	FROM notice`

func scanNotice(r db.Row) (n Notice, err error) {
	var points string
	err = r.Scan(&n.ID, &n.Customer, &n.Reminder, &n.Way, &n.State, &n.Amount.Currency, &n.Amount.Minor, &n.Days,
		&n.Printed, &n.Deadline, &n.ApprovedOn, &n.ApprovedBy, &n.Tracking, &points, db.Instant(&n.CreatedAt))
	if err != nil {
		return n, err
	}
	return n, json.Unmarshal([]byte(points), &n.Points)
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, n Notice) error {
	points, err := json.Marshal(n.Points)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO notice (creditor_id, id, customer_id, reminder_id, way, state, currency, amount, days, printed_on,
			deadline_on, approved_on, approved_by, tracking, points, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		s.Creditor, n.ID, n.Customer, n.Reminder, string(n.Way), string(n.State), string(n.Amount.Currency),
		n.Amount.Minor, n.Days, n.Printed, n.Deadline, n.ApprovedOn, n.ApprovedBy, n.Tracking,
		string(points), n.CreatedAt)
	if err != nil {
		return err
	}
	for _, id := range n.Invoices {
		_, err := tx.Exec(ctx, `
			INSERT INTO notice_item (creditor_id, notice_id, document_id)
			VALUES ($1, $2, $3)`, s.Creditor, n.ID, id)
		if err != nil {
			return err
		}
	}
	return nil
}

// settle writes where a notice stands.
func settle(ctx context.Context, tx *db.Tx, s creditor.Scope, n Notice) error {
	_, err := tx.Exec(ctx, `
		UPDATE notice
		SET state = $3, deadline_on = $4
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, n.ID, string(n.State), n.Deadline)
	return err
}

func insertEvent(ctx context.Context, tx *db.Tx, s creditor.Scope, e Event) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO notice_event (creditor_id, id, notice_id, kind, on_day, note, file_name, sha256, made_by,
		created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		s.Creditor, e.ID, e.Notice, string(e.Kind), e.On, e.Note, e.FileName, e.SHA256, e.By, e.At)
	return err
}

func withdrawEvent(ctx context.Context, tx *db.Tx, s creditor.Scope, id, why string) error {
	_, err := tx.Exec(ctx, `
		UPDATE notice_event
		SET withdrawn_at = $3, withdrawn_by = $4, why = $5
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id, tx.Now, s.Actor, why)
	return err
}

// fill adds what belongs to notices: their invoices and events.
func fill(ctx context.Context, tx *db.Tx, s creditor.Scope, list []Notice) error {
	if len(list) == 0 {
		return nil
	}
	at, ids := map[string]*Notice{}, make([]string, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = &list[i], list[i].ID
	}
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	db.In(&w, "notice_id", ids)
	type item struct{ notice, document string }
	items, err := db.All(ctx, tx, func(r db.Row) (x item, err error) { return x, r.Scan(&x.notice, &x.document) }, `
		SELECT notice_id, document_id
		FROM notice_item`+w.SQL()+`
		ORDER BY document_id`, w.Args...)
	if err != nil {
		return err
	}
	for _, x := range items {
		at[x.notice].Invoices = append(at[x.notice].Invoices, x.document)
	}
	events, err := db.All(ctx, tx, scanEvent, `
		SELECT id, notice_id, kind, on_day, note, file_name, sha256, made_by, created_at, withdrawn_at, why
		FROM notice_event`+w.SQL()+`
		ORDER BY on_day, created_at, id`, w.Args...)
	for _, e := range events {
		at[e.Notice].Events = append(at[e.Notice].Events, e)
	}
	return err
}

func scanEvent(r db.Row) (e Event, err error) {
	return e, r.Scan(&e.ID, &e.Notice, &e.Kind, &e.On, &e.Note, &e.FileName, &e.SHA256, &e.By, db.Instant(&e.At),
		db.Instant(&e.Withdrawn), &e.Why)
}

// Find is the notice of that identifier, with its events.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Notice, error) {
	n, err := db.One(ctx, tx, scanNotice, selectNotice+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
	if err != nil {
		return n, agreement.Missing(err, "mise en demeure %s", id)
	}
	list := []Notice{n}
	err = fill(ctx, tx, s, list)
	return list[0], err
}

// ofReminder is the latest notice of a reminder, nil when it has none.
func ofReminder(ctx context.Context, tx *db.Tx, s creditor.Scope, reminder string) (*Notice, error) {
	list, err := db.All(ctx, tx, scanNotice, selectNotice+`
		WHERE creditor_id = $1 AND reminder_id = $2
		ORDER BY id DESC
		LIMIT 1`, s.Creditor, reminder)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], fill(ctx, tx, s, list)
}

// OfReminder is the notice of a reminder; ok tells whether it has one.
func OfReminder(ctx context.Context, tx *db.Tx, s creditor.Scope, reminder string) (n Notice, ok bool, err error) {
	found, err := ofReminder(ctx, tx, s, reminder)
	if err != nil || found == nil {
		return n, false, err
	}
	return *found, true, nil
}

// List are a customer's notices with their events, newest first.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Notice, error) {
	list, err := db.All(ctx, tx, scanNotice, selectNotice+`
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY approved_on DESC, id DESC`, s.Creditor, customer)
	if err != nil {
		return nil, err
	}
	return list, fill(ctx, tx, s, list)
}

// maxPage bounds a page of notices.
const maxPage = 500

// Filter says which notices a list shows, by deadline.
type Filter struct {
	States []State // none: all
	After  *Notice // the last of the page before
	Limit  int     // maxPage at most, also when zero
}

// Page are notices by deadline, soonest first, with their events.
func Page(ctx context.Context, tx *db.Tx, s creditor.Scope, f Filter) ([]Notice, error) {
	if f.Limit <= 0 || f.Limit > maxPage {
		f.Limit = maxPage
	}
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	if f.After != nil {
		w.And("(deadline_on > ? OR deadline_on = ? AND id > ?)", f.After.Deadline, f.After.Deadline, f.After.ID)
	}
	if len(f.States) > 0 {
		db.In(&w, "state", stateNames(f.States))
	}
	list, err := db.All(ctx, tx, scanNotice, selectNotice+w.SQL()+`
		ORDER BY deadline_on, id
		LIMIT `+w.Arg(f.Limit), w.Args...)
	if err != nil {
		return nil, err
	}
	return list, fill(ctx, tx, s, list)
}

// Served are the days from which the debtor is in default, by invoice: the first
// where several notices claimed it.
func Served(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) (map[string]cal.Date, error) {
	list, err := List(ctx, tx, s, customer)
	if err != nil {
		return nil, err
	}
	days := map[string]cal.Date{}
	for _, n := range list {
		on := n.ServedOn()
		for _, id := range n.Invoices {
			if on != 0 && (days[id] == 0 || on < days[id]) {
				days[id] = on
			}
		}
	}
	return days, nil
}

func stateNames(states []State) []string {
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = string(s)
	}
	return names
}
