package limitation

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/setting"
	"acquit/internal/task"
)

// alert is what a customer's clocks call for on a day.
type alert struct {
	months int // before the end; 0 when there is nothing to say
	first  Clock
	near   []Clock // all that end as soon, the first included
}

// due is the alert of a customer on a day: the closest moment, among so many months
// before, that the clock which ends first has come to. What stands still or is over
// calls for none.
func due(list []Clock, months []int, day cal.Date) (a alert) {
	for _, m := range months {
		var near []Clock
		for _, c := range list {
			if !c.Halted && c.Safe >= day && c.Safe <= day.AddMonths(m) {
				near = append(near, c)
			}
		}
		if len(near) > 0 {
			a = alert{
				months: m, first: slices.MinFunc(near, func(x, y Clock) int { return int(x.Safe - y.Safe) }),
				near: near,
			}
		}
	}
	return a
}

const keyPrefix = "limitation/"

// key asks once for an invoice and a moment.
func (a alert) key() string {
	return keyPrefix + a.first.Customer + "/" + a.first.ID + "/" + strconv.Itoa(a.months)
}

// task is the alert as a thing to do.
func (a alert) task(day cal.Date) *task.Task {
	title := "Agir avant le " + a.first.Safe.Long("fr") + "\u00a0: " + a.first.Name
	if a.first.Hypothesis() {
		title = "Vérifier avant le " + a.first.Safe.Long("fr") + " (hypothèse d’un an)\u00a0: " + a.first.Name
	}
	var numbers []string
	for _, c := range a.near {
		numbers = append(numbers, c.Number+" ("+c.Safe.Short("fr")+", "+i18n.FR.Amount(c.Open)+")")
	}
	const few = 12 // more would not be read
	if more := len(numbers) - few; more > 0 {
		numbers = append(numbers[:few], "et "+strconv.Itoa(more)+" autres")
	}
	return &task.Task{
		Customer: a.first.Customer, Kind: task.ActInTime, Key: a.key(), Title: clip(title), Due: day,
		Detail: "Une relance ou une mise en demeure n’interrompt pas la prescription (C. civ. art. 2240 à 2244)\u00a0: " +
			"reconnaissance écrite, paiement partiel ou action en justice. " + strings.Join(numbers, ", "),
	}
}

// clip keeps a title on its line.
func clip(s string) string {
	r := []rune(s)
	if len(r) > 190 {
		return string(r[:190]) + "…"
	}
	return s
}

// Alert makes the tasks that clocks call for on a day, once each: a task that was done
// is not made again for the same moment. Tasks whose claim was interrupted or paid
// since are closed. It needs Work.
func Alert(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) (made int, err error) {
	months, err := setting.Read(ctx, tx, s.Creditor, setting.LimitationAlerts)
	if err != nil {
		return 0, err
	}
	if err := answer(ctx, tx, s, day, keyPrefix); err != nil || len(months) == 0 {
		return 0, err
	}
	var asked []alert
	for list, err := range Each(ctx, tx, s, day) {
		if err != nil {
			return 0, err
		}
		for of := range byCustomer(list) {
			if a := due(of, months, day); a.months != 0 {
				asked = append(asked, a)
			}
		}
	}
	return add(ctx, tx, s, asked, day)
}

// add makes the tasks of alerts that are new. A customer has one open alert at a time:
// a closer moment takes the place of one that nobody answered.
func add(ctx context.Context, tx *db.Tx, s creditor.Scope, asked []alert, day cal.Date) (made int, err error) {
	known, err := keysEver(ctx, tx, s)
	if err != nil {
		return 0, err
	}
	open, err := task.WithKey(ctx, tx, s, keyPrefix)
	if err != nil {
		return 0, err
	}
	standing := map[string]task.Task{}
	for _, t := range open {
		standing[t.Customer] = t
	}
	var fresh []*task.Task
	for _, a := range asked {
		old, waits := standing[a.first.Customer]
		_, months := parseKey(old.Key)
		if known[a.key()] || waits && months <= a.months {
			continue
		}
		if waits {
			if err := task.Finish(ctx, tx, s, old.ID, task.NotDone, "une alerte plus proche la remplace"); err != nil {
				return 0, err
			}
		}
		fresh = append(fresh, a.task(day))
	}
	return len(fresh), task.Add(ctx, tx, s, fresh...)
}

// byCustomer cuts clocks that come by customer.
func byCustomer(list []Clock) func(func([]Clock) bool) {
	return func(yield func([]Clock) bool) {
		for from := 0; from < len(list); {
			to := from + 1
			for to < len(list) && list[to].Customer == list[from].Customer {
				to++
			}
			if !yield(list[from:to]) {
				return
			}
			from = to
		}
	}
}

// settle closes the alerts of a customer that what was noted answers.
func settle(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, today cal.Date) error {
	return answer(ctx, tx, s, today, keyPrefix+customer+"/")
}

// answer ends the open alerts whose invoice is paid, or no longer as near to its end.
func answer(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, prefix string) error {
	open, err := task.WithKey(ctx, tx, s, prefix)
	if err != nil {
		return err
	}
	var clocks []Clock
	for _, t := range open {
		invoice, months := parseKey(t.Key)
		if len(clocks) == 0 || clocks[0].Customer != t.Customer {
			if clocks, err = Of(ctx, tx, s, t.Customer, day); err != nil {
				return err
			}
		}
		i := slices.IndexFunc(clocks, func(c Clock) bool { return c.ID == invoice })
		switch {
		case i < 0:
			err = task.Finish(ctx, tx, s, t.ID, task.NotDone, "la facture n’est plus ouverte")
		case clocks[i].Halted || clocks[i].Safe > day.AddMonths(months):
			err = task.Finish(ctx, tx, s, t.ID, task.Done,
				"le délai court maintenant jusqu’au "+clocks[i].Safe.Long("fr"))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func parseKey(key string) (invoice string, months int) {
	parts := strings.Split(key, "/")
	if len(parts) != 4 {
		return "", 0
	}
	months, _ = strconv.Atoi(parts[3]) // a key of ours: what is no number is no moment
	return parts[2], months
}

// keysEver are the alerts that were ever asked for.
func keysEver(ctx context.Context, tx *db.Tx, s creditor.Scope) (map[string]bool, error) {
	list, err := db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT key
		FROM task
		WHERE creditor_id = $1 AND kind = $2`, s.Creditor, string(task.ActInTime))
	known := make(map[string]bool, len(list))
	for _, k := range list {
		known[k] = true
	}
	return known, err
}

// Soonest are the clocks that end first over all customers as of a day.
type Soonest struct {
	Within   int // months; 0 is all
	Kind     string
	Debtor   string
	Barred   bool // those that are over alone
	Customer string
}

// List are the clocks that a list shows, the one that ends first before the others.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, f Soonest, day cal.Date) ([]Clock, error) {
	list := []Clock{}
	keep := func(some []Clock) {
		for _, c := range some {
			if f.shows(c, day) {
				c.Events, c.Told = nil, nil // the list does not tell them, and there may be many
				list = append(list, c)
			}
		}
	}
	if f.Customer != "" {
		id, err := agreement.Customer(ctx, tx, s, f.Customer)
		if err != nil {
			return nil, err
		}
		some, err := Of(ctx, tx, s, id, day)
		if err != nil {
			return nil, err
		}
		keep(some)
		return list, nil
	}
	for some, err := range Each(ctx, tx, s, day) {
		if err != nil {
			return nil, err
		}
		keep(some)
	}
	slices.SortStableFunc(list, func(a, b Clock) int { return int(a.Safe - b.Safe) })
	return list, nil
}

func (f Soonest) shows(c Clock, day cal.Date) bool {
	switch {
	case f.Kind != "" && c.Kind.Key != f.Kind, f.Debtor != "" && string(c.Debtor) != f.Debtor:
		return false
	case f.Barred:
		return c.Safe < day && !c.Halted
	case f.Within > 0:
		return !c.Halted && c.Safe >= day && c.Safe <= day.AddMonths(f.Within)
	}
	return true
}
