package limitation

import (
	"context"
	"slices"
	"time"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/journal"
	"acquit/internal/law/fr"
	"acquit/internal/statute"
	"acquit/internal/task"
)

// Step is an act of procedure that has begun for a customer.
type Step struct {
	ID       string
	Customer string
	Step     fr.Step
	Seat     fr.Seat // where whoever must act lives, seen from the court
	Started  cal.Date
	Deadline cal.Date // the last day to act, or of waiting
	Task     string
	Note     string
	By       string
	Created  time.Time
}

// report is the day on which a bailiff may record that nothing was contested: a
// first day, not a last one.
const report fr.Step = "l126_pv_delay"

// stepFacts is what is known of a step.
type stepFacts struct {
	step  fr.Step
	words i18n.Words // what is to be done
	start i18n.Words // what its time runs from
	waits bool       // for somebody else: we act once it is over
}

var steps = []stepFacts{
	{
		fr.ServeOrder, words("signifier l’injonction de payer", "serve the payment order"),
		words("date de l’ordonnance", "day of the order"), false,
	},
	{
		fr.DepositOrderFee, words("consigner les frais de greffe", "pay the court’s fee"),
		words("date de la requête ou de l’avis d’opposition", "day of the request or of the notice of opposition"), false,
	},
	{
		fr.OpposeOrder, words("fin du délai d’opposition du débiteur", "end of the debtor’s time to oppose"),
		words("signification à personne", "service in person"), true,
	},
	{
		fr.EnforceOrder, words("exécuter si aucune opposition n’est connue", "enforce if no opposition is known"),
		words("signification de l’ordonnance", "service of the order"), true,
	},
	{
		fr.AnswerCommand, words("fin du délai du débiteur pour contester (L126)", "end of the debtor’s time to contest (L126)"),
		words("signification du commandement", "service of the demand"), true,
	},
	{
		report, words("procès-verbal de non-contestation possible (L126)", "record of no contest possible (L126)"),
		words("signification du commandement", "service of the demand"), true,
	},
	{
		fr.ServeUncontested, words("signifier le titre (L126)", "serve the title (L126)"),
		words("date du titre", "day of the title"), false,
	},
}

// Steps are the steps that people begin, in the order of a form.
func Steps() []fr.Step {
	list := make([]fr.Step, len(steps))
	for i, f := range steps {
		list[i] = f.step
	}
	return list
}

func factsOf(s fr.Step) stepFacts {
	if i := slices.IndexFunc(steps, func(f stepFacts) bool { return f.step == s }); i >= 0 {
		return steps[i]
	}
	return stepFacts{step: s}
}

// StepWords are what a step asks for, and what its time runs from.
func StepWords(s fr.Step) (what, start i18n.Words) {
	f := factsOf(s)
	return f.words, f.start
}

// ahead is how many days before its last one the task of a deadline is listed.
const ahead = 21

// stepNote is what the journal keeps of a step.
type stepNote struct {
	Step     string   `json:"step"`
	Started  cal.Date `json:"started"`
	Seat     fr.Seat  `json:"seat,omitempty"`
	Deadline cal.Date `json:"deadline"`
	Note     string   `json:"note,omitempty"`
}

// Begin records an act of procedure with its day, and makes its deadline a task: the
// last day, or the first after a time of waiting. It needs Work.
func Begin(ctx context.Context, tx *db.Tx, s creditor.Scope, p *Step, today cal.Date) (err error) {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if p.Customer, err = agreement.Customer(ctx, tx, s, p.Customer); err != nil {
		return err
	}
	if err := p.check(ctx, tx, s, today); err != nil {
		return err
	}
	t := p.task()
	if err := task.Add(ctx, tx, s, t); err != nil {
		return err
	}
	p.ID, p.Task, p.By, p.Created = tx.NewID("stp"), t.ID, s.Actor, tx.Now
	if err := insertStep(ctx, tx, s, *p); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "procedure.begun", "customer/"+p.Customer, stepNote{
		Step: string(p.Step), Started: p.Started, Seat: p.Seat, Deadline: p.Deadline, Note: p.Note,
	})
}

func (p *Step) check(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) (err error) {
	if !slices.Contains(Steps(), p.Step) {
		return fault.Invalidf("step", "« %s » n’est pas une étape de procédure", p.Step)
	}
	if err := agreement.Given("on", p.Started); err != nil {
		return err
	}
	if p.Started > today {
		return &fault.Invalid{
			Field: "on", Message: "ce jour n’est pas encore venu", Mend: "noter l’étape quand elle a eu lieu",
		}
	}
	if p.Note, err = agreement.Note("note", p.Note); err != nil {
		return err
	}
	if p.Seat != fr.Near && p.Seat != fr.Overseas && p.Seat != fr.Abroad {
		return fault.Invalidf("seat", "« %s » : outre-mer (overseas) ou étranger (abroad)", p.Seat)
	}
	law, err := statute.Load(ctx, tx, s)
	if err != nil {
		return err
	}
	if p.Step == report {
		p.Deadline, err = law.UncontestedReport(p.Started)
		return err
	}
	p.Deadline, err = law.DeadlineAt(p.Step, p.Started, p.Seat)
	return err
}

func (p *Step) task() *task.Task {
	f := factsOf(p.Step)
	t := &task.Task{Customer: p.Customer, Kind: task.Deadline, Due: p.Deadline, Show: p.Deadline.Add(-ahead)}
	title := f.words.FR + ", au plus tard le " + p.Deadline.Long("fr")
	if f.waits {
		first := p.Deadline
		if p.Step != report {
			first = p.Deadline.Add(1)
		}
		t.Due, t.Show = first, 0
		title = f.words.FR + ", à partir du " + first.Long("fr")
	}
	t.Title = title
	t.Detail = f.start.FR + "\u00a0: " + p.Started.Long("fr")
	if p.Note != "" {
		t.Detail += ". " + p.Note
	}
	return t
}

const selectStep = `
	SELECT id, customer_id, step, seat, started_on, deadline_on, task_id, note, made_by, created_at
	FROM procedure_step`

func scanStep(r db.Row) (p Step, err error) {
	err = r.Scan(&p.ID, &p.Customer, &p.Step, &p.Seat, &p.Started, &p.Deadline, &p.Task, &p.Note, &p.By,
		db.Instant(&p.Created))
	return p, err
}

func insertStep(ctx context.Context, tx *db.Tx, s creditor.Scope, p Step) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO procedure_step (creditor_id, id, customer_id, step, seat, started_on, deadline_on, task_id, note,
			made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.Creditor, p.ID, p.Customer, string(p.Step), string(p.Seat), p.Started, p.Deadline, p.Task, p.Note,
		p.By, p.Created)
	return err
}

// Begun are the steps of a customer, the newest first.
func Begun(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Step, error) {
	return db.All(ctx, tx, scanStep, selectStep+`
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY started_on DESC, id DESC`, s.Creditor, customer)
}
