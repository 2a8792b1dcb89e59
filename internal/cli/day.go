package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"acquit/internal/account"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/money"
	"acquit/internal/reminder"
)

// dayReport writes the reminders and the silences of a day as they are decided:
// a ledger may have millions of items, and memory does not grow with it.
type dayReport struct {
	p     *Program
	b     *Books
	s     creditor.Scope
	on    cal.Date
	json  *stream // nil for people
	quiet *spool  // silences, to be written after the reminders
	loud  bool    // people want to see them too
	bar   *progress
	seen  int
	steps []stepSum
	count int
	wrong []reminder.Problem
}

// stepSum is what the reminders of a step come to.
type stepSum struct {
	step   string
	amount money.Amount
	count  int
}

func (p *Program) newDay(b *Books, s creditor.Scope, on cal.Date, loud bool) (*dayReport, error) {
	quiet, err := newSpool()
	if err != nil {
		return nil, err
	}
	d := &dayReport{p: p, b: b, s: s, on: on, quiet: quiet, loud: loud, bar: p.progress()}
	if p.json {
		d.json = newStream(p.Out)
		d.json.set("on", on)
		d.json.list("reminders")
		return d, nil
	}
	fmt.Fprintf(p.Out, p.say("Relances du %s %s\n\n", "Reminders of %s %s\n\n"), on.DayName(string(p.lang)),
		p.lang.LongDate(on))
	return d, nil
}

// decide decides for every account.
func (d *dayReport) decide(ctx context.Context, q account.Query, yield func(reminder.Decided) error) error {
	defer d.bar.end()
	return d.b.Desk.Decide(ctx, d.s, q, func(one reminder.Decided) error {
		d.seen++
		d.bar.tell("%s…", accounts.Count(d.p.lang, d.seen))
		return yield(one)
	}, func(wrong reminder.Problem) { d.wrong = append(d.wrong, wrong) })
}

// stored writes the reminders of a selection that keep lets pass.
func (d *dayReport) stored(ctx context.Context, f reminder.Which, keep func(reminder.Reminder) bool) error {
	f.Limit = shown
	return d.b.DB.Read(ctx, func(tx *db.Tx) error {
		for {
			page, err := reminder.List(ctx, tx, d.s, f)
			if err != nil || len(page) == 0 {
				return err
			}
			f.After = page[len(page)-1].ID
			page = slices.DeleteFunc(page, func(m reminder.Reminder) bool { return !keep(m) })
			ids := make([]string, len(page))
			for i, m := range page {
				ids[i] = m.Customer
			}
			who, err := customer.ByID(ctx, tx, d.s, ids)
			if err != nil {
				return err
			}
			for _, m := range page {
				d.reminder(d.p.stored(m, who[m.Customer]))
			}
		}
	})
}

func (d *dayReport) reminder(r reminderJSON) {
	d.count++
	d.sum(r)
	if d.json != nil {
		d.json.add(r)
		return
	}
	d.bar.end()
	d.p.reminderLine(d.p.Out, r)
}

func (d *dayReport) sum(r reminderJSON) {
	at := slices.IndexFunc(d.steps, func(s stepSum) bool { return s.step == r.Step && s.amount.Currency == r.Currency })
	if at < 0 {
		d.steps, at = append(d.steps, stepSum{step: r.Step, amount: money.Zero(r.Currency)}), len(d.steps)
	}
	d.steps[at].count++
	d.steps[at].amount = d.steps[at].amount.Add(r.claimed)
}

// reminderLine tells a reminder to a person: what, and below it why.
func (p *Program) reminderLine(w io.Writer, r reminderJSON) {
	state := ""
	if r.ID != "" {
		state = "  " + reminder.StateWords[r.State].In(p.lang) + "  " + r.ID
	}
	fmt.Fprintf(w, "%s  %s (%s)  %s  %s  %s%s\n", r.Step, r.Name, r.Customer, p.lang.Amount(r.claimed),
		invoices.Count(p.lang, len(r.Invoices)), joined(r.Channels), state)
	fmt.Fprintf(w, "    %s\n", strings.ReplaceAll(wrap(p.why(r.Reasons), helpWidth-4), "\n", "\n    "))
	if r.Note != "" {
		fmt.Fprintf(w, "    %s\n", r.Note)
	}
}

func (d *dayReport) silent(one reminder.Decided) error {
	return d.quiet.add(silentJSON{
		one.Account.Customer.Code, one.Account.Customer.Name,
		d.p.reasons(one.Decision.Reasons),
	})
}

// end writes what comes after the reminders: the silences and the sums. more
// adds members to the object of --json.
func (d *dayReport) end(more map[string]any) error {
	quiet, err := d.quiet.reader()
	if err != nil {
		return err
	}
	if d.json == nil {
		return d.endForPeople(quiet)
	}
	d.json.done()
	d.json.list("silent")
	d.json.addFrom(quiet)
	d.json.done()
	d.json.list("problems")
	for _, one := range d.wrong {
		d.json.add(one)
	}
	d.json.done()
	for name, v := range more {
		d.json.set(name, v)
	}
	return d.json.end()
}

func (d *dayReport) endForPeople(quiet io.Reader) error {
	p, w := d.p, d.p.Out
	if d.loud {
		if err := p.silences(w, quiet); err != nil {
			return err
		}
	}
	t := p.table(w)
	if d.count > 0 {
		t.row("")
	}
	for _, s := range d.steps {
		t.row(s.step, reminders.Count(p.lang, s.count), s.amount)
	}
	t.end()
	fmt.Fprintf(w, p.say("%s, %s à qui rien n’est dit", "%s, %s to whom nothing is said"),
		reminders.Count(p.lang, d.count), customers.Count(p.lang, d.quiet.n))
	if !d.loud && d.quiet.n > 0 {
		fmt.Fprint(w, p.say(" (--silent les montre)", " (--silent shows them)"))
	}
	fmt.Fprintln(w, ".")
	for _, one := range d.wrong {
		fmt.Fprintf(w, p.say("À corriger : %s : %s\n", "To mend: %s: %s\n"), one.Code, one.Message)
	}
	return nil
}

// silences tells to whom nothing is said, and why.
func (p *Program) silences(w io.Writer, quiet io.Reader) error {
	in := json.NewDecoder(quiet)
	for {
		var one silentJSON
		switch err := in.Decode(&one); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		text := fmt.Sprintf(p.say("%s (%s) : %s", "%s (%s): %s"), one.Name, one.Customer, p.why(one.Reasons))
		fmt.Fprintln(w, strings.ReplaceAll(wrap(text, helpWidth-4), "\n", "\n    "))
	}
}
