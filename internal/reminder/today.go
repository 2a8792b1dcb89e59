package reminder

import (
	"context"
	"time"

	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/dunning"
	"acquit/internal/money"
)

// Group is the reminders of one step that wait for a person.
type Group struct {
	Step     string
	StepAt   int
	Tone     dunning.Tone
	Formal   bool
	Currency money.Currency
	Count    int
	Amount   money.Amount
}

// Groups counts what waits on a day, the gravest first.
func Groups(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) ([]Group, error) {
	return db.All(ctx, tx, func(r db.Row) (g Group, err error) {
		err = r.Scan(&g.Formal, &g.StepAt, &g.Step, &g.Tone, &g.Currency, &g.Count, &g.Amount.Minor)
		g.Amount.Currency = g.Currency
		return g, err
	}, `
		SELECT formal, step_at, step, tone, currency, count(*), CAST(sum(amount) AS BIGINT)
		FROM reminder
		WHERE creditor_id = $1 AND state = 'proposed' AND (not_before IS NULL OR not_before <= $2)
		GROUP BY formal, step_at, step, tone, currency
		ORDER BY formal DESC, step_at DESC, step DESC, tone DESC, currency DESC`, s.Creditor, today)
}

// CountWaiting is how many reminders wait for a person on a day, counted up to
// limit, so that it costs the same on a day of a hundred thousand.
func CountWaiting(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date, limit int) (int, error) {
	return db.One(ctx, tx, db.Value[int], `
		SELECT count(*)
		FROM (
			SELECT 1
			FROM reminder
			WHERE creditor_id = $1 AND state = 'proposed' AND (not_before IS NULL OR not_before <= $2)
			LIMIT $3) AS waiting`, s.Creditor, today, limit)
}

// CountTroubled is how many messages a person must look at, counted up to limit:
// held, refused, or perhaps gone.
func CountTroubled(ctx context.Context, tx *db.Tx, s creditor.Scope, limit int) (int, error) {
	return db.One(ctx, tx, db.Value[int], `
		SELECT count(*)
		FROM (
			SELECT 1
			FROM message
			WHERE creditor_id = $1 AND state IN ('held', 'failed', 'uncertain')
			LIMIT $2) AS troubled`, s.Creditor, limit)
}

// CountLetters is how many letters a person has to post, counted up to limit.
func CountLetters(ctx context.Context, tx *db.Tx, s creditor.Scope, limit int) (int, error) {
	return db.One(ctx, tx, db.Value[int], `
		SELECT count(*)
		FROM (
			SELECT 1
			FROM message
			WHERE creditor_id = $1 AND state = 'ready'
			LIMIT $2) AS letters`, s.Creditor, limit)
}

// Filter says which waiting reminders a page shows.
type Filter struct {
	Today     cal.Date // those postponed beyond it are left out
	Step      string
	Collector string
	Search    string // in the customer's name or code
	State     State  // Proposed when empty
	Held      bool   // those alone that a doubt about the bank, or an awaited credit note, may hold
	After     *Reminder
	Limit     int
}

// creditingSQL are the customers of creditor $1 to whom a credit note was promised
// lately.
const creditingSQL = `
	SELECT customer_id
	FROM dispute
	WHERE creditor_id = $1 AND outcome = ? AND closed_on >= ?`

// Row is a reminder in a list, with its customer's names.
type Row struct {
	Reminder
	CustomerName string
	CustomerCode string
	Collector    string
}

// Page lists reminders in the order of Groups, larger amounts first.
func Page(ctx context.Context, tx *db.Tx, s creditor.Scope, f Filter) ([]Row, error) {
	if f.State == "" {
		f.State = Proposed
	}
	var w db.Where
	w.And("r.creditor_id = ?", s.Creditor)
	w.And("r.state = ?", string(f.State))
	if !f.Today.IsZero() {
		w.And("(r.not_before IS NULL OR r.not_before <= ?)", f.Today)
	}
	if f.Step != "" {
		w.And("r.step = ?", f.Step)
	}
	if f.Collector != "" {
		w.And("c.collector_id = ?", f.Collector)
	}
	if f.Search != "" {
		like := "%" + db.LikeEscape(f.Search) + "%"
		w.And(`(lower(c.name) LIKE lower(?) ESCAPE '\' OR lower(c.code) LIKE lower(?) ESCAPE '\')`, like, like)
	}
	if a := f.After; a != nil {
		w.And("(r.formal, r.step_at, r.step, r.tone, r.currency, r.amount, r.id) < (?, ?, ?, ?, ?, ?, ?)",
			a.Formal, a.StepAt, a.Step, string(a.Tone), string(a.Amount.Currency), a.Amount.Minor, a.ID)
	}
	if f.Held {
		n, err := cash.Unexamined(ctx, tx, s)
		if err != nil {
			return nil, err
		}
		if n == 0 { // else all are
			w.And("(r.customer_id IN ("+cash.SuspectSQL+") OR r.customer_id IN ("+creditingSQL+"))",
				string(dispute.Credited), cal.Of(tx.Now).Add(-creditAwaited-1))
		}
	}
	query := `
		SELECT r.id, r.customer_id, c.name, c.code, c.collector_id, r.step, r.step_at, r.follow_up, r.tone, r.formal,
			r.channels, r.approve, r.state, r.on_day, r.not_before, r.currency, r.amount, r.claims, r.max_age, r.note,
			r.scenario
		FROM reminder r
		JOIN customer c ON c.creditor_id = r.creditor_id AND c.id = r.customer_id` + w.SQL() + `
		ORDER BY r.formal DESC, r.step_at DESC, r.step DESC, r.tone DESC, r.currency DESC, r.amount DESC, r.id DESC
		LIMIT ` + w.Arg(max(1, min(f.Limit, maxPage)))
	return db.All(ctx, tx, scanRow, query, w.Args...)
}

func scanRow(r db.Row) (m Row, err error) {
	var channels string
	err = r.Scan(&m.ID, &m.Customer, &m.CustomerName, &m.CustomerCode, &m.Collector, &m.Step, &m.StepAt, &m.FollowUp,
		&m.Tone, &m.Formal, &channels, &m.Approve, &m.State, &m.On, &m.NotBefore, &m.Amount.Currency, &m.Amount.Minor,
		&m.Claims, &m.MaxAge, &m.Note, &m.Scenario)
	m.Channels = splitChannels(channels)
	return m, err
}

// RunInfo is a run as the screen tells of it.
type RunInfo struct {
	ID         string
	On         cal.Date
	Done       bool
	Accounts   int
	Proposed   int
	Superseded int
	Problems   string // JSON
	StartedAt  time.Time
	EndedAt    time.Time
}

// LastRun is the newest run, or fault.ErrNotFound before the first.
func LastRun(ctx context.Context, tx *db.Tx, s creditor.Scope) (RunInfo, error) {
	return db.One(ctx, tx, scanRun, selectRun+`
		WHERE creditor_id = $1
		ORDER BY on_day DESC, id DESC
		LIMIT 1`, s.Creditor)
}

const selectRun = `
	SELECT id, on_day, state = 'done', accounts, proposed, superseded, problems, started_at, ended_at
	FROM run`

func scanRun(r db.Row) (i RunInfo, err error) {
	err = r.Scan(&i.ID, &i.On, &i.Done, &i.Accounts, &i.Proposed, &i.Superseded, &i.Problems,
		db.Instant(&i.StartedAt), db.Instant(&i.EndedAt))
	return i, err
}
