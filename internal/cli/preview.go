package cli

import (
	"context"
	"slices"

	"github.com/urfave/cli/v3"

	"acquit/internal/account"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/money"
	"acquit/internal/reminder"
)

func (p *Program) preview() *cli.Command {
	return &cli.Command{
		Name: "preview", Usage: p.say("les relances du jour et leurs raisons ; rien n’est changé", "the day’s reminders with their reasons; nothing is changed"),
		Description: p.say("Ce que « acquit run » déciderait, par le même calcul. Celles qui attendent déjà un accord en font partie.",
			"What “acquit run” would decide, by the same computation. Those that wait for an approval already are among them."),
		UsageText: "acquit preview\nacquit preview --on 2026-12-01 --silent",
		Flags: []cli.Flag{
			p.onFlag(),
			p.flag("silent", p.say("montrer aussi les clients à qui rien n’est dit, et pourquoi", "also show the customers to whom nothing is said, and why")),
		},
		Action: p.doPreview,
	}
}

// reminderJSON is a reminder of the day, written down already or not yet.
type reminderJSON struct {
	ID        string            `json:"id,omitempty"` // none before a run has written it down
	Customer  string            `json:"customer"`
	Name      string            `json:"name"`
	Step      string            `json:"step"`
	Channels  []dunning.Channel `json:"channels"`
	Tone      dunning.Tone      `json:"tone"`
	Invoices  []string          `json:"invoices"`
	Coming    []string          `json:"coming"` // not yet due, mentioned apart
	Amount    string            `json:"amount"`
	Currency  money.Currency    `json:"currency"`
	State     reminder.State    `json:"state"`
	On        cal.Date          `json:"on"`
	Scenario  string            `json:"scenario"`
	Formal    bool              `json:"formal"`
	NotBefore *string           `json:"not_before,omitempty"` // postponed by a person
	Note      string            `json:"note,omitempty"`
	Reasons   []reasonJSON      `json:"reasons"`

	claimed money.Amount
}

type silentJSON struct {
	Customer string       `json:"customer"`
	Name     string       `json:"name"`
	Reasons  []reasonJSON `json:"reasons"`
}

func (p *Program) proposed(one reminder.Decided, d dunning.Proposal) reminderJSON {
	r := reminderJSON{
		Customer: one.Account.Customer.Code, Name: one.Account.Customer.Name, Step: d.Step.ID, Channels: d.Channels,
		Tone:     d.Step.Tone,
		Invoices: numbersOf(d.Claims), Coming: numbersOf(d.Coming), Amount: d.Amount.Decimal(),
		Currency: d.Amount.Currency,
		State:    reminder.Proposed, On: d.On, Scenario: one.Decision.Scenario, Formal: d.Step.Formal(),
		Reasons: p.reasons(d.Reasons),
		claimed: d.Amount,
	}
	return r
}

func (p *Program) stored(m reminder.Reminder, who customer.Customer) reminderJSON {
	return reminderJSON{
		ID: m.ID, Customer: who.Code, Name: who.Name, Step: m.Step, Channels: m.Channels, Tone: m.Tone,
		Invoices: numbersOf(m.Details.Claims), Coming: numbersOf(m.Details.Coming), Amount: m.Amount.Decimal(),
		Currency: m.Amount.Currency,
		State:    m.State, On: m.On, Scenario: m.Scenario, Formal: m.Formal, NotBefore: dayJSON(m.NotBefore),
		Note:    m.Note,
		Reasons: p.reasons(m.Details.Reasons), claimed: m.Amount,
	}
}

func numbersOf(claims []dunning.Claim) []string {
	list := make([]string, len(claims))
	for i, c := range claims {
		list[i] = c.Number
	}
	return list
}

func (p *Program) doPreview(ctx context.Context, c *cli.Command) error {
	return p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		day, today, err := p.dayIn(ctx, c, b, s)
		if err != nil {
			return err
		}
		d, err := p.newDay(b, s, day, c.Bool("silent"))
		if err != nil {
			return err
		}
		defer d.quiet.remove()
		waiting := map[string]bool{}
		err = d.decide(ctx, account.Query{Day: day, Past: day < today}, func(one reminder.Decided) error {
			for _, id := range standing(one) {
				waiting[id] = true
			}
			for _, r := range one.Decision.Reminders {
				d.reminder(p.proposed(one, r))
			}
			if len(one.Decision.Reminders) > 0 || len(standing(one)) > 0 {
				return nil
			}
			return d.silent(one)
		})
		if err != nil {
			return err
		}
		err = d.stored(ctx, reminder.Which{States: pending}, func(m reminder.Reminder) bool { return waiting[m.ID] })
		if err != nil {
			return err
		}
		return d.end(nil)
	})
}

// pending are the states in which a reminder waits to leave.
var pending = []reminder.State{
	reminder.Proposed, reminder.Approved, reminder.Sending, reminder.Failed,
	reminder.Uncertain,
}

// standing are the account's waiting reminders that nothing has overtaken.
func standing(one reminder.Decided) []string {
	var ids []string
	for _, w := range one.Account.Pending {
		gone := slices.ContainsFunc(one.Overtaken, func(o dunning.Overtake) bool { return o.Pending.ID == w.ID })
		if !gone {
			ids = append(ids, w.ID)
		}
	}
	return ids
}

// dayIn is the day of --on and the creditor's today.
func (p *Program) dayIn(ctx context.Context, c *cli.Command, b *Books, s creditor.Scope) (day, today cal.Date,
	err error,
) {
	err = b.DB.Read(ctx, func(tx *db.Tx) error {
		today, err = reminder.Today(ctx, tx, s)
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	day, err = p.dayOr(c, "on", today)
	return day, today, err
}
