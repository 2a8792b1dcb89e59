package reminder

import (
	"context"
	"encoding/json"
	"iter"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/money"
)

const selectReminder = `
	SELECT id, run_id, customer_id, scenario_id, scenario, version, step, step_at, follow_up, tone, formal, template,
		channels, approve, state, on_day, not_before, leader_id, currency, amount, credits, claims, max_age, details,
		edited, note, proposed_at, decided_at, decided_by, done_on
	FROM reminder`

func scanReminder(r db.Row) (m Reminder, err error) {
	var channels, details, edited string
	var c money.Currency
	err = r.Scan(&m.ID, &m.Run, &m.Customer, &m.ScenarioID, &m.Scenario, &m.Version, &m.Step, &m.StepAt, &m.FollowUp,
		&m.Tone, &m.Formal, &m.Template, &channels, &m.Approve, &m.State, &m.On, &m.NotBefore, &m.Leader, &c,
		&m.Amount.Minor, &m.Credits.Minor, &m.Claims, &m.MaxAge, &details, &edited, &m.Note,
		db.Instant(&m.ProposedAt), db.Instant(&m.DecidedAt), &m.DecidedBy, &m.DoneOn)
	if err != nil {
		return m, err
	}
	m.Amount.Currency, m.Credits.Currency = c, c
	m.Channels = splitChannels(channels)
	if edited != "" {
		if err := json.Unmarshal([]byte(edited), &m.Edited); err != nil {
			return m, err
		}
	}
	return m, json.Unmarshal([]byte(details), &m.Details)
}

func joinChannels(list []dunning.Channel) string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = string(c)
	}
	return strings.Join(names, ",")
}

func splitChannels(s string) (list []dunning.Channel) {
	for name := range strings.SplitSeq(s, ",") {
		list = append(list, dunning.Channel(name))
	}
	return list
}

type proposed struct {
	scenario string
	count    int
}

// proposedOn counts the reminders of a day by scenario, whatever became of them,
// but for those that events have overtaken.
func proposedOn(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) iter.Seq2[proposed, error] {
	return db.Each(ctx, tx, func(r db.Row) (p proposed, err error) {
		return p, r.Scan(&p.scenario, &p.count)
	}, `
		SELECT scenario_id, count(*)
		FROM reminder
		WHERE creditor_id = $1 AND on_day = $2 AND state <> 'superseded'
		GROUP BY scenario_id`, s.Creditor, day)
}

func insertReminders(ctx context.Context, tx *db.Tx, s creditor.Scope, list []*Reminder) error {
	rows := make([][]any, 0, len(list))
	for _, m := range list {
		details, err := json.Marshal(m.Details)
		if err != nil {
			return err
		}
		rows = append(rows, []any{
			s.Creditor, m.ID, m.Run, m.Customer, m.ScenarioID, m.Scenario, m.Version, m.Step, m.StepAt, m.FollowUp,
			string(m.Tone), m.Formal, m.Template, joinChannels(m.Channels), m.Approve, string(m.State), m.On,
			m.NotBefore, m.Leader, string(m.Amount.Currency), m.Amount.Minor, m.Credits.Minor, m.Claims, m.MaxAge,
			string(details), m.ProposedAt,
		})
	}
	_, err := tx.Load(ctx, db.Load{
		Table: "reminder",
		Columns: []string{
			"creditor_id", "id", "run_id", "customer_id", "scenario_id", "scenario", "version", "step", "step_at",
			"follow_up", "tone", "formal", "template", "channels", "approve", "state", "on_day", "not_before",
			"leader_id", "currency", "amount", "credits", "claims", "max_age", "details", "proposed_at",
		},
		Rows: each(rows),
	})
	if err != nil {
		return err
	}
	return insertClaims(ctx, tx, s, list)
}

func insertClaims(ctx context.Context, tx *db.Tx, s creditor.Scope, list []*Reminder) error {
	_, err := tx.Load(ctx, db.Load{
		Table:   "reminder_claim",
		Columns: []string{"creditor_id", "reminder_id", "document_id", "amount"},
		Rows: func(yield func([]any) bool) {
			for _, m := range list {
				for _, c := range m.Details.Claims {
					if !yield([]any{s.Creditor, m.ID, c.Item, c.Amount.Minor}) {
						return
					}
				}
			}
		},
	})
	return err
}

func each(rows [][]any) func(func([]any) bool) {
	return func(yield func([]any) bool) {
		for _, r := range rows {
			if !yield(r) {
				return
			}
		}
	}
}

// Find is the reminder of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Reminder, error) {
	return db.One(ctx, tx, scanReminder, selectReminder+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
}

// OfCustomer are a customer's reminders, newest first.
func OfCustomer(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, limit int) ([]Reminder, error) {
	return db.All(ctx, tx, scanReminder, selectReminder+`
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY on_day DESC, id DESC
		LIMIT $3`, s.Creditor, customer, limit)
}

// setState moves a reminder on; it tells whether it still was in a state from
// which it may.
func setState(ctx context.Context, tx *db.Tx, s creditor.Scope, m *Reminder, to State, from ...State) (bool, error) {
	var w db.Where
	state, note := w.Arg(string(to)), w.Arg(m.Note)
	at, by, done := w.Arg(m.DecidedAt), w.Arg(m.DecidedBy), w.Arg(m.DoneOn)
	w.And("creditor_id = ?", s.Creditor)
	w.And("id = ?", m.ID)
	db.In(&w, "state", from)
	n, err := tx.Exec(ctx, `
		UPDATE reminder
		SET state = `+
		state+`, note = `+note+`, decided_at = `+at+`, decided_by = `+by+`, done_on = `+done+w.SQL(), w.Args...)
	if n > 0 {
		m.State = to
	}
	return n > 0, err
}

// setPositions records that a reminder's step is done for the invoices it
// claims. An older reminder that is settled late never moves one back.
func setPositions(ctx context.Context, tx *db.Tx, s creditor.Scope, m Reminder, dismissed bool) error {
	for _, c := range m.Details.Claims {
		_, err := tx.Exec(ctx, `
			INSERT INTO position (creditor_id, customer_id, document_id, step, on_day, dismissed, reminder_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (creditor_id, customer_id, document_id) DO UPDATE
			SET step = excluded.step, on_day = excluded.on_day, dismissed = excluded.dismissed,
			reminder_id = excluded.reminder_id
			WHERE position.on_day <= excluded.on_day`,
			s.Creditor, m.Customer, c.Item, m.Step, m.DoneOn, dismissed, m.ID)
		if err != nil {
			return err
		}
	}
	return nil
}
