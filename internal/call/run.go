package call

import (
	"context"
	"strings"
	"unicode/utf8"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/fault"
	"acquit/internal/inflight"
	"acquit/internal/journal"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/reaction"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/task"
)

// Report is what a person says of a call that she made. What was agreed stands
// beside the outcome: a customer may promise one invoice and contest another.
type Report struct {
	Task     string // the task that asked for it; without one, Customer
	Customer string // identifier or code
	On       cal.Date
	Outcome  Outcome
	Number   string
	Person   string
	Note     string
	Again    cal.Date // CallBack: the day; NoAnswer: another day than the settings give

	Promise  *promise.Promise
	Plan     *plan.Plan
	Payment  *inflight.Payment
	Disputes []*dispute.Dispute
}

// maxShort bounds a number or a name, in characters.
const maxShort = 100

// Record writes a call down with all that follows from it, or nothing: what was
// agreed, the reaction, the tasks, and whether the step of the scenario is done.
// It needs Work.
func Record(ctx context.Context, tx *db.Tx, s creditor.Scope, r Report) (Call, error) {
	if err := s.Need(creditor.Work); err != nil {
		return Call{}, err
	}
	w, err := begin(ctx, tx, s, r)
	if err != nil {
		return Call{}, err
	}
	for _, do := range []func(context.Context, *db.Tx, creditor.Scope) error{
		w.agree, w.react, w.close, w.follow,
	} {
		if err := do(ctx, tx, s); err != nil {
			return Call{}, err
		}
	}
	if err := insert(ctx, tx, s, w.Call); err != nil {
		return Call{}, err
	}
	return w.Call, journal.Write(ctx, tx, s, "call.made", "customer/"+w.Customer, map[string]any{
		"call": w.ID, "reminder": w.Reminder, "outcome": w.Outcome, "attempt": w.Attempt, "again": w.Again,
		"note": w.Note,
	})
}

// work is a call being written down.
type work struct {
	Call
	said   Report
	task   task.Task
	values setting.Values
	last   bool // no other attempt is allowed
}

func begin(ctx context.Context, tx *db.Tx, s creditor.Scope, r Report) (w work, err error) {
	w.said = r
	if w.values, err = setting.Load(ctx, tx, s.Creditor); err != nil {
		return w, err
	}
	if r.Task != "" {
		if w.task, err = openCall(ctx, tx, s, r.Task); err != nil {
			return w, err
		}
		if r.Customer = w.task.Customer; r.Customer == "" {
			return w, fault.Conflictf("cette tâche n’est celle d’aucun client")
		}
	}
	if r.Customer, err = agreement.Customer(ctx, tx, s, r.Customer); err != nil {
		return w, err
	}
	if err := tx.Lock(ctx, "customer/"+r.Customer); err != nil {
		return w, err
	}
	w.Call = Call{
		ID: tx.NewID("cll"), Customer: r.Customer, Reminder: w.task.Reminder, Task: r.Task, On: r.On,
		Outcome: r.Outcome, By: s.Actor, CreatedAt: tx.Now, Attempt: 1,
	}
	if err := w.check(); err != nil {
		return w, err
	}
	return w, w.count(ctx, tx, s)
}

// openCall is a call that is still to be made.
func openCall(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (task.Task, error) {
	t, err := task.Find(ctx, tx, s, id)
	switch {
	case err != nil:
		return t, err
	case t.Kind != task.Call:
		return t, fault.Conflictf("cette tâche n’est pas un appel")
	case !t.DoneAt.IsZero():
		return t, fault.Conflictf("cet appel est déjà noté (%s)", t.Outcome.In("fr"))
	}
	return t, nil
}

func (w *work) check() (err error) {
	if !w.Outcome.known() {
		return &fault.Invalid{
			Field: "outcome", Message: "il manque ce qui est sorti de l’appel", Mend: "choisir une issue",
		}
	}
	if err := agreement.Given("on", w.On); err != nil {
		return err
	}
	if w.Note, err = agreement.Note("note", w.said.Note); err != nil {
		return err
	}
	for _, f := range []struct {
		field, text string
		to          *string
	}{{"number", w.said.Number, &w.Number}, {"person", w.said.Person, &w.Person}} {
		*f.to = strings.Join(strings.Fields(f.text), " ")
		if utf8.RuneCountInString(*f.to) > maxShort {
			return fault.Invalidf(f.field, "ce texte dépasse %d caractères", maxShort)
		}
	}
	return w.fits()
}

// fits tells whether what was agreed goes with the outcome.
func (w *work) fits() error {
	missing := func(what, mend string) error { return &fault.Invalid{Field: "outcome", Message: what, Mend: mend} }
	r := w.said
	switch {
	case !w.Outcome.Spoke() && (r.Promise != nil || r.Plan != nil || r.Payment != nil || len(r.Disputes) > 0):
		return missing("personne n’a été joint : rien n’a pu être convenu", "choisir une autre issue")
	case w.Outcome == Promised && r.Promise == nil:
		return missing("il manque la promesse", "dire quelles factures et pour quand")
	case w.Outcome == AskedTime && r.Plan == nil:
		return missing("il manque l’échéancier", "dire combien de mensualités et dès quand, ou choisir « joint »")
	case w.Outcome == Paid && r.Payment == nil:
		return missing("il manque le règlement annoncé", "dire quelles factures ou quel montant")
	case w.Outcome == Disputes && len(r.Disputes) == 0:
		return missing("il manque le litige", "dire quelle facture et pourquoi")
	case w.Outcome == CallBack:
		return w.mayWait()
	}
	return nil
}

// mayWait bounds how far off a customer may ask to be called back.
func (w *work) mayWait() error {
	if err := agreement.Ahead("again", w.said.Again, w.On); err != nil {
		return err
	}
	if limit := setting.CallBackLimit.In(w.values); w.said.Again > w.On.Add(limit) {
		return &fault.Invalid{
			Field: "again", Message: "le " + w.said.Again.Short("fr") + " est trop loin : le scénario attendrait ce rappel",
			Mend: "au plus tard le " + w.On.Add(limit).Short("fr"),
		}
	}
	return nil
}

// count tells the how many-th call of its step this is. A step is not put off for
// ever: neither by calls that nobody takes nor by calls to come.
func (w *work) count(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	if w.Reminder == "" {
		return nil
	}
	n, err := tried(ctx, tx, s, w.Reminder)
	if err != nil {
		return err
	}
	w.Attempt, w.last = n+1, n+1 >= setting.CallAttempts.In(w.values)
	if w.Outcome == CallBack && n >= setting.CallAttempts.In(w.values) {
		return &fault.Conflict{Message: "cet appel a déjà été remis plusieurs fois : choisir « joint », et le scénario continue"}
	}
	r, err := reminder.Find(ctx, tx, s, w.Reminder)
	w.Script = r.Details.Script
	return err
}

// agree records what was agreed and contested.
func (w *work) agree(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	r := w.said
	for _, d := range r.Disputes {
		d.Customer, d.Opened = w.Customer, w.On
		if err := dispute.Add(ctx, tx, s, d); err != nil {
			return err
		}
		w.led(Dispute, d.ID)
	}
	if r.Promise != nil {
		r.Promise.Customer, r.Promise.Made = w.Customer, w.On
		if err := promise.Add(ctx, tx, s, r.Promise, promise.DefaultLimit); err != nil {
			return err
		}
		w.led(Promise, r.Promise.ID)
	}
	if r.Plan != nil {
		r.Plan.Customer, r.Plan.Made = w.Customer, w.On
		if err := plan.Add(ctx, tx, s, r.Plan); err != nil {
			return err
		}
		w.led(Plan, r.Plan.ID)
	}
	if r.Payment != nil {
		r.Payment.Customer, r.Payment.On = w.Customer, w.On
		if err := inflight.Add(ctx, tx, s, r.Payment); err != nil {
			return err
		}
		w.led(Payment, r.Payment.ID)
	}
	return nil
}

func (w *work) led(kind ResultKind, id string) { w.Results = append(w.Results, Result{kind, id}) }

// react records that the customer answered.
func (w *work) react(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	if !w.Outcome.Spoke() {
		return nil
	}
	return reaction.Add(ctx, tx, s, &reaction.Reaction{
		Customer: w.Customer, On: w.On, Kind: reaction.Replied, Note: "au téléphone : " + w.Outcome.In("fr"),
	})
}

// close ends the task, and the step where the outcome does.
func (w *work) close(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	if w.Task != "" {
		outcome := task.Done
		if !w.Outcome.Spoke() {
			outcome = task.Unreached
		}
		if err := task.Finish(ctx, tx, s, w.Task, outcome, w.Note); err != nil {
			return err
		}
	}
	if w.Reminder == "" || !w.Outcome.Over(w.last) {
		return nil
	}
	return reminder.Called(ctx, tx, s, w.Reminder, w.Outcome.Spoke())
}

// follow makes the task that the outcome asks for.
func (w *work) follow(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	t, err := w.next(ctx, tx, s)
	if err != nil || t.Kind == "" {
		return err
	}
	t.Customer, t.Reminder, t.Owner = w.Customer, w.Reminder, w.task.Owner
	if t.Detail == "" {
		t.Detail = w.Note
	}
	if err := task.Add(ctx, tx, s, &t); err != nil {
		return err
	}
	w.led(Task, t.ID)
	return nil
}

func (w *work) next(ctx context.Context, tx *db.Tx, s creditor.Scope) (t task.Task, err error) {
	switch w.Outcome {
	case WrongNumber:
		return task.Task{
			Kind: task.FindContact, Key: "phone/" + w.Customer, Due: w.On,
			Title: strings.TrimSpace("Trouver un numéro de téléphone : " + w.Number + " n’est pas le bon"),
		}, nil
	case Refuses:
		return task.Task{
			Kind: task.GoFurther, Key: "refuses/" + w.Customer, Due: w.On,
			Title: "Refuse de payer : décider de la suite",
		}, nil
	case NoAnswer, CallBack:
		if w.Outcome == NoAnswer && (w.last || w.Reminder == "" && w.Task == "") {
			return t, nil
		}
		w.Again, err = w.day(ctx, tx, s)
		t = task.Task{Kind: task.Call, Key: "again/" + w.ID, Due: w.Again, Title: w.task.Title, Detail: w.task.Detail}
		if t.Title == "" {
			t.Title = "Rappeler"
		}
	}
	return t, err
}

// day is when to call again: the day that was asked for, or so many working days
// on.
func (w *work) day(ctx context.Context, tx *db.Tx, s creditor.Scope) (cal.Date, error) {
	if !w.said.Again.IsZero() {
		return w.said.Again, agreement.Ahead("again", w.said.Again, w.On)
	}
	c, err := creditor.Calendar(ctx, tx, s)
	if err != nil {
		return 0, err
	}
	day := w.On
	for range setting.CallAgain.In(w.values) {
		day = c.NextOpen(day.Add(1))
	}
	return day, nil
}
