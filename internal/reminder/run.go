package reminder

import (
	"context"
	"encoding/json"
	"log/slog"
	"runtime/debug"

	"acquit/internal/account"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/freshness"
	"acquit/internal/i18n"
	"acquit/internal/journal"
	"acquit/internal/money"
	"acquit/internal/policy"
)

// Decided is one account with what was decided for it.
type Decided struct {
	Account   account.Account
	Scenario  *policy.Current // nil when none applies
	Decision  dunning.Decision
	Overtaken []dunning.Overtake // waiting reminders that no longer hold
}

// Problem is a customer whose data stopped his own reminders, and only his.
type Problem struct {
	Customer string `json:"customer"`
	Code     string `json:"code"`
	Message  string `json:"message"`
}

// Report is what a run did.
type Report struct {
	Run        string
	On         cal.Date
	Accounts   int
	Proposed   int
	Approved   int // by rule
	Superseded int
	Postponed  int // more than the scenario's daily number: proposed on the next days
	Problems   []Problem
	Amounts    map[money.Currency]money.Amount // proposed
}

// Decide gives what would be proposed for every customer on a day, in customer
// order, and changes nothing: the run, the preview and the command line share
// it, so none can differ.
func (d *Desk) Decide(
	ctx context.Context, s creditor.Scope, q account.Query, yield func(Decided) error, broken func(Problem),
) error {
	return d.EachPage(ctx, s, q, func(page []Decided) error {
		for _, one := range page {
			if err := yield(one); err != nil {
				return err
			}
		}
		return nil
	}, broken)
}

// DecideOne decides for the customer named by identifier or code.
func (d *Desk) DecideOne(
	ctx context.Context, tx *db.Tx, s creditor.Scope, q account.Query, customer string,
) (Decided, error) {
	b, err := d.bench(ctx, tx, s)
	if err != nil {
		return Decided{}, err
	}
	return b.decideFor(ctx, tx, s, q, customer)
}

func (b bench) decideFor(
	ctx context.Context, tx *db.Tx, s creditor.Scope, q account.Query, customer string,
) (Decided, error) {
	a, err := account.One(ctx, tx, s, q, customer)
	if err != nil {
		return Decided{}, err
	}
	return b.decide(a, q.Day)
}

// pageSize is how many decided accounts are written at a time.
const pageSize = 1000

// EachPage decides for some customers at a time.
func (d *Desk) EachPage(
	ctx context.Context, s creditor.Scope, q account.Query, yield func([]Decided) error, broken func(Problem),
) error {
	return d.DB.Read(ctx, func(tx *db.Tx) error {
		b, err := d.bench(ctx, tx, s)
		if err != nil {
			return err
		}
		page := make([]Decided, 0, pageSize)
		for a, err := range account.Each(ctx, tx, s, q) {
			if err != nil {
				return err
			}
			one, err := b.decide(a, q.Day)
			if err != nil {
				broken(Problem{Customer: a.Customer.ID, Code: a.Customer.Code, Message: err.Error()})
				continue
			}
			if page = append(page, one); len(page) < pageSize {
				continue
			}
			if err := yield(page); err != nil {
				return err
			}
			page = page[:0]
		}
		return yield(page)
	})
}

// bench is what deciding needs of a creditor: the office, the scenarios, and the
// age of what is known.
type bench struct {
	office
	set     policy.Set
	sources []freshness.Source
	log     *slog.Logger
}

func (d *Desk) bench(ctx context.Context, tx *db.Tx, s creditor.Scope) (b bench, err error) {
	b.log = d.Log
	if b.office, err = openOffice(ctx, tx, s); err != nil {
		return b, err
	}
	if b.set, err = d.Shelf.Load(ctx, tx, s); err != nil {
		return b, err
	}
	b.sources, err = freshness.Of(ctx, tx, s, b.values)
	return b, err
}

// decide decides for one account. A decision that panics is a fault of ours;
// it stops that customer alone.
func (b bench) decide(a *account.Account, day cal.Date) (one Decided, err error) {
	defer func() {
		if r := recover(); r != nil {
			b.log.Error("decision failed", "customer", a.Customer.ID, "panic", r, "stack", string(debug.Stack()))
			err = fault.Conflictf("la décision a échoué pour ce client : %v", r)
		}
	}()
	one.Account = *a
	chosen, why := b.set.Choose(&a.Account, a.Scenario, day)
	if chosen == nil {
		one.Decision = dunning.Decision{On: day, Reasons: []dunning.Reason{why}}
		for _, p := range a.Pending {
			one.Overtaken = append(one.Overtaken, dunning.Overtake{Pending: p, Reason: why})
		}
		return one, nil
	}
	one.Scenario = chosen
	now := a.Account
	now.Pending, one.Overtaken = following(chosen, a.Pending)
	one.Overtaken = append(one.Overtaken, dunning.Overtaken(now, chosen.Policy, b.calendar, day)...)
	one.Decision = dunning.Decide(now, chosen.Policy, b.calendar, day)
	return one, nil
}

// following parts waiting reminders: those of the scenario that the customer
// follows, and those of another, in whose place this one speaks.
func following(chosen *policy.Current, waiting []dunning.Pending) (kept []dunning.Pending, others []dunning.Overtake) {
	for _, p := range waiting {
		if p.Scenario == "" || p.Scenario == chosen.ID {
			kept = append(kept, p)
			continue
		}
		why := dunning.Reason{Code: dunning.OtherScenario, Note: chosen.Name}
		others = append(others, dunning.Overtake{Pending: p, Reason: why})
	}
	return kept, others
}

// Run is the daily run: it decides for every customer, withdraws what events
// have overtaken, writes the proposals down, and approves what rules approve.
// Running it again on the same day proposes nothing new. Nothing is sent.
func (d *Desk) Run(ctx context.Context, s creditor.Scope, day cal.Date) (r Report, err error) {
	defer fault.Wrap(&err, "run of %s", day)
	release, ok, err := d.DB.Exclusive(ctx, "run/"+s.Creditor)
	if err != nil {
		return r, err
	}
	if !ok {
		return r, fault.Conflictf("un passage est déjà en cours pour cette société")
	}
	defer release()
	r = Report{On: day, Amounts: map[money.Currency]money.Amount{}}
	quota := quotas{}
	var see Observer
	err = d.DB.Write(ctx, func(tx *db.Tx) error {
		if err := quota.load(ctx, tx, s, day); err != nil {
			return err
		}
		if see, err = d.watch(ctx, tx, s, day); err != nil {
			return err
		}
		return r.begin(ctx, tx, s)
	})
	if err != nil {
		return r, err
	}
	err = d.EachPage(ctx, s, account.Query{Day: day}, func(page []Decided) error {
		return d.DB.Write(ctx, func(tx *db.Tx) error {
			if err := see(ctx, tx, s, page); err != nil {
				return err
			}
			return r.write(ctx, tx, s, page, quota)
		})
	}, func(p Problem) { r.Problems = append(r.Problems, p) })
	if err != nil {
		return r, err
	}
	if r.Proposed >= manyProposed {
		if err := d.DB.Analyze(ctx, "reminder", "reminder_claim"); err != nil {
			return r, err
		}
	}
	if err := d.approveByRule(ctx, s, &r); err != nil {
		return r, err
	}
	return r, d.DB.Write(ctx, func(tx *db.Tx) error { return r.end(ctx, tx, s) })
}

// manyProposed reminders change what the database should expect of their tables.
const manyProposed = 5000

func (r *Report) begin(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	r.Run = tx.NewID("run")
	_, err := tx.Exec(ctx, `
		INSERT INTO run (creditor_id, id, on_day, state, started_at, made_by)
		VALUES ($1, $2, $3, 'running', $4, $5)`, s.Creditor, r.Run, r.On, tx.Now, s.Actor)
	return err
}

func (r *Report) end(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	problems, err := json.Marshal(append([]Problem{}, r.Problems...))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE run
		SET state = 'done', accounts = $3, proposed = $4, superseded = $5, problems = $6, ended_at = $7
		WHERE creditor_id = $1 AND id = $2`,
		s.Creditor, r.Run, r.Accounts, r.Proposed, r.Superseded, string(problems), tx.Now)
	if err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "run.done", "run/"+r.Run, map[string]any{
		"on": r.On, "accounts": r.Accounts, "proposed": r.Proposed, "superseded": r.Superseded,
		"problems": len(r.Problems),
	})
}

// quotas count what each scenario has proposed for the day, for those that are
// spread: at most so many new reminders a day, however many runs it has.
type quotas map[string]int

// load counts what earlier runs have proposed for the day.
func (q quotas) load(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) error {
	for n, err := range proposedOn(ctx, tx, s, day) {
		if err != nil {
			return err
		}
		q[n.scenario] = n.count
	}
	return nil
}

func (q quotas) full(p *policy.Current) bool {
	return p.PerDay > 0 && q[p.ID] >= p.PerDay
}

// write stores the proposals of a page and withdraws what was overtaken.
func (r *Report) write(ctx context.Context, tx *db.Tx, s creditor.Scope, page []Decided, quota quotas) error {
	var list []*Reminder
	for _, one := range page {
		r.Accounts++
		if err := r.overtake(ctx, tx, s, one); err != nil {
			return err
		}
		for _, p := range one.Decision.Reminders {
			if quota.full(one.Scenario) {
				r.Postponed++
				continue
			}
			quota[one.Scenario.ID]++
			m := propose(one, p)
			m.ID, m.Run, m.ProposedAt = tx.NewID("rem"), r.Run, tx.Now
			list = append(list, m)
			r.Proposed++
			r.Amounts[m.Amount.Currency] = r.Amounts[m.Amount.Currency].Add(m.Amount)
		}
	}
	return insertReminders(ctx, tx, s, list)
}

// overtake withdraws the customer's waiting reminders that no longer hold.
func (r *Report) overtake(ctx context.Context, tx *db.Tx, s creditor.Scope, one Decided) error {
	for _, o := range one.Overtaken {
		m, err := Find(ctx, tx, s, o.Pending.ID)
		if err != nil {
			return err
		}
		if err := supersede(ctx, tx, s, &m, o.Reason.Text(i18n.FR)); err != nil {
			return err
		}
		r.Superseded++
	}
	return nil
}

// propose is a proposal as it is stored.
func propose(one Decided, p dunning.Proposal) *Reminder {
	maxAge := 0
	for i, c := range p.Claims {
		if i == 0 || c.Age > maxAge {
			maxAge = c.Age
		}
	}
	return &Reminder{
		Customer: one.Account.Customer.ID, ScenarioID: one.Scenario.ID, Scenario: one.Scenario.Name,
		Version: one.Scenario.Version, Step: p.Step.ID, StepAt: p.Step.At, FollowUp: p.FollowUp, Tone: p.Step.Tone,
		Formal: p.Step.Formal(), Template: p.Step.Template, Channels: p.Channels, Approve: p.Step.NeedsApproval(),
		State: Proposed, On: p.On, Leader: p.Leader, Amount: p.Amount, Credits: p.Credits, Claims: len(p.Claims),
		MaxAge: maxAge, Details: Details{
			Claims: p.Claims, Coming: p.Coming, Broken: p.Broken, Attach: p.Step.Attach, Script: p.Step.Script,
			Deadline: p.Step.Deadline, AnyDay: p.Step.AnyDay, Reasons: p.Reasons,
		},
	}
}
