package cash

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/setting"
	"acquit/internal/task"
)

// Idle is what a customer has too much of with us: credits of one currency, while
// no invoice is open that could take them.
type Idle struct {
	Customer string
	Credits  []IdleCredit
	Sum      money.Amount
}

// IdleCredit is one of them, with what it seems to be.
type IdleCredit struct {
	ledger.Document
	Over  bool   // the rest of a payment of more than was owed
	Twice string // the number of the payment of the same amount that settled what was owed
}

const idleKey = "credit/"

// key names the very credits: others, or another amount, are another question.
func (i Idle) key() string {
	parts := []string{idleKey + i.Customer, string(i.Sum.Currency)}
	for _, c := range i.Credits {
		parts = append(parts, c.ID[max(0, len(c.ID)-8):]+":"+c.Open.Decimal())
	}
	return strings.Join(parts, "/")
}

// AskIdle keeps one task for each customer whose credits have been of no use for as
// long as the setting says, or who seems to have paid twice: pay back, or keep. It
// ends by itself once the credits are used; what a person has answered is not
// asked again. It needs Work.
func AskIdle(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) error {
	v, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return err
	}
	days := setting.CashIdleDays.In(v)
	var list []Idle
	if days > 0 {
		if list, err = idle(ctx, tx, s, today.Add(-days)); err != nil {
			return err
		}
	}
	if err := endIdle(ctx, tx, s, list); err != nil || len(list) == 0 {
		return err
	}
	answered, err := answeredKeys(ctx, tx, s)
	if err != nil {
		return err
	}
	var who []string
	for _, i := range list {
		who = append(who, i.Customer)
	}
	names, err := customer.ByID(ctx, tx, s, who)
	if err != nil {
		return err
	}
	var asked []*task.Task
	for _, i := range list {
		if !answered[i.key()] {
			asked = append(asked, i.task(names[i.Customer], today))
		}
	}
	return task.Add(ctx, tx, s, asked...)
}

func (i Idle) task(c customer.Customer, today cal.Date) *task.Task {
	var lines []string
	for _, d := range i.Credits {
		line := fmt.Sprintf("%s du %s\u00a0: %s", d.Number, d.Issued.Short("fr"), d.Open.Format("fr"))
		switch {
		case d.Twice != "":
			line += ", reçu deux fois\u00a0? " + d.Twice + " est du même montant"
		case d.Over:
			line += ", trop-perçu sur " + d.Amount.Format("fr")
		}
		lines = append(lines, line)
	}
	return &task.Task{
		Customer: i.Customer, Kind: task.PayBack, Key: i.key(), Due: today, Owner: c.Collector,
		Title: "Rembourser ou conserver " + i.Sum.Format("fr") + "\u00a0: " + shortName(c.Name),
		Detail: strings.Join(lines, "\n") + "\nRien n’est ouvert qui puisse le prendre. Rembourser demande le droit de gérer la société\u00a0; " +
			"pour conserver, terminez cette tâche.",
	}
}

// shortName leaves a title its one line.
func shortName(name string) string {
	const most = 120
	if r := []rune(name); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return name
}

// endIdle ends the tasks whose credits were used, or can be.
func endIdle(ctx context.Context, tx *db.Tx, s creditor.Scope, list []Idle) error {
	open, err := task.WithKey(ctx, tx, s, idleKey)
	if err != nil {
		return err
	}
	for _, t := range open {
		if slices.ContainsFunc(list, func(i Idle) bool { return i.key() == t.Key }) {
			continue
		}
		system := creditor.Scope{Creditor: s.Creditor, Actor: creditor.ActorSystem, Rights: s.Rights}
		if err := task.Finish(ctx, tx, system, t.ID, task.Done, "les crédits ont été employés, ou ne sont plus les mêmes"); err != nil {
			return err
		}
	}
	return nil
}

// usedIdle ends the tasks whose credits have just been used; new ones are asked for
// by night.
func usedIdle(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	open, err := task.WithKey(ctx, tx, s, idleKey)
	if err != nil || len(open) == 0 {
		return err
	}
	day, err := today(ctx, tx, s)
	if err != nil {
		return err
	}
	list, err := idle(ctx, tx, s, day)
	if err != nil {
		return err
	}
	return endIdle(ctx, tx, s, list)
}

// answeredKeys are those that a person has answered.
func answeredKeys(ctx context.Context, tx *db.Tx, s creditor.Scope) (map[string]bool, error) {
	list, err := db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT key
		FROM task
		WHERE creditor_id = $1 AND kind = $2 AND done_at IS NOT NULL AND done_by <> $3`,
		s.Creditor, string(task.PayBack), creditor.ActorSystem)
	known := make(map[string]bool, len(list))
	for _, k := range list {
		known[k] = true
	}
	return known, err
}

// idle are the credits of customers of whom nothing is open, where one is of a day
// or earlier, or was received twice.
func idle(ctx context.Context, tx *db.Tx, s creditor.Scope, until cal.Date) (list []Idle, err error) {
	docs, err := ledger.IdleCredits(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	var who []string
	for _, d := range docs {
		if !slices.Contains(who[max(0, len(who)-1):], d.Customer) {
			who = append(who, d.Customer)
		}
	}
	paid, err := ledger.PaymentsOf(ctx, tx, s, who)
	if err != nil {
		return nil, err
	}
	old := map[string]bool{}
	for _, d := range docs {
		c := IdleCredit{Document: d, Over: d.Kind == ledger.Payment && d.Open != d.Amount}
		if !c.Over && d.Kind == ledger.Payment {
			c.Twice = twice(d, paid[d.Customer])
		}
		n := len(list)
		if n == 0 || list[n-1].Customer != d.Customer || list[n-1].Sum.Currency != d.Open.Currency {
			list, n = append(list, Idle{Customer: d.Customer, Sum: money.Zero(d.Open.Currency)}), n+1
		}
		i := &list[n-1]
		i.Credits, i.Sum = append(i.Credits, c), i.Sum.Add(d.Open)
		if d.Issued <= until || c.Twice != "" {
			old[i.Customer+string(i.Sum.Currency)] = true
		}
	}
	return slices.DeleteFunc(list, func(i Idle) bool { return !old[i.Customer+string(i.Sum.Currency)] }), nil
}

// twice is the payment of the same amount, days apart, that has settled what was owed.
func twice(d ledger.Document, paid []ledger.Document) string {
	for _, o := range paid {
		days := o.Issued.Sub(d.Issued)
		near := max(days, -days) <= nearby
		if near && o.ID != d.ID && o.Amount == d.Amount && o.Open.IsZero() && o.Nature != ledger.Noted {
			return o.Number
		}
	}
	return ""
}
