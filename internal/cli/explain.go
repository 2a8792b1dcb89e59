package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/account"
	"acquit/internal/cal"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/reminder"
)

func (p *Program) explain() *cli.Command {
	return &cli.Command{
		Name: "explain", Usage: p.say("pourquoi un client ou une facture est relancé ou ne l’est pas", "why a customer or an invoice is reminded or is not"),
		ArgsUsage: p.say("FACTURE | CLIENT", "INVOICE | CUSTOMER"), UsageText: "acquit explain F2026-0871\nacquit explain C0042 --on 2026-12-01",
		Flags: []cli.Flag{
			p.onFlag(), p.text("customer", p.say("client, quand plusieurs ont une facture de ce numéro", "customer, where several have an invoice of that number")),
		},
		Action: p.doExplain,
	}
}

type nextJSON struct {
	On   cal.Date `json:"on"`
	Step string   `json:"step"`
}

type itemJSON struct {
	Number   string         `json:"number"`
	Age      int            `json:"age"`
	Open     string         `json:"open"`
	Eligible string         `json:"eligible"` // what may be claimed on the day
	Currency money.Currency `json:"currency"`
	Position *string        `json:"position"` // the last step that claimed it
	Reasons  []reasonJSON   `json:"reasons"`

	open    money.Amount
	undated bool
}

type explainJSON struct {
	On       cal.Date     `json:"on"`
	Customer string       `json:"customer"`
	Name     string       `json:"name"`
	Scenario *string      `json:"scenario"`
	Leader   *string      `json:"leader"` // the invoice that sets the step
	Step     *string      `json:"step"`   // proposed on the day
	Held     *string      `json:"held"`   // until when nothing leaves, approved or not
	Next     *nextJSON    `json:"next"`
	Reasons  []reasonJSON `json:"reasons"`
	Invoices []itemJSON   `json:"invoices"`
}

func (p *Program) doExplain(ctx context.Context, c *cli.Command) error {
	ref, err := p.argument(c)
	if err != nil {
		return err
	}
	var out explainJSON
	err = p.read(ctx, c, func(r room) error {
		day, err := p.dayOr(c, "on", r.today)
		if err != nil {
			return err
		}
		who, number, err := p.meant(ctx, r, ref, c.String("customer"))
		if err != nil {
			return err
		}
		one, err := r.Desk.DecideOne(ctx, r.tx, r.scope, account.Query{Day: day, Past: day < r.today, Idle: true}, who)
		if err != nil {
			return err
		}
		if out, err = p.explained(ctx, r, one, number); err != nil || day < r.today {
			return err
		}
		if len(one.Decision.Reminders)+len(one.Account.Pending) > 0 {
			out.Held, err = p.heldUntil(ctx, r, who)
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(out, func(w io.Writer) { p.tellExplained(w, out) })
}

// meant is the customer that a code or an invoice's number means, and the number
// if it was one.
func (p *Program) meant(ctx context.Context, r room, ref, of string) (id, number string, err error) {
	if of == "" {
		who, err := p.customer(ctx, r, ref)
		if !errors.Is(err, fault.ErrNotFound) {
			return who.ID, "", err
		}
	}
	docs, err := ledger.Named(ctx, r.tx, r.scope, ref)
	if err != nil {
		return "", "", err
	}
	var codes []string
	for _, d := range docs {
		who, err := p.customer(ctx, r, d.Customer)
		if err != nil {
			return "", "", err
		}
		if d.Kind != ledger.Invoice || of != "" && of != who.Code && of != who.ID {
			continue
		}
		id, number, codes = d.Customer, d.Number, append(codes, who.Code)
	}
	switch len(codes) {
	case 0:
		return "", "", fault.NotFound(p.say("ni client ni facture « %s »", "neither customer nor invoice “%s”"), ref)
	case 1:
		return id, number, nil
	}
	return "", "", wrong("customer", p.say("plusieurs clients ont une facture de ce numéro : lequel ?", "several customers have an invoice of that number: which one?"),
		"--customer "+strings.Join(codes, " | "))
}

// explained is a decision in the words of the command: of all invoices, or of
// the one that was asked about.
func (p *Program) explained(ctx context.Context, r room, one reminder.Decided, number string) (explainJSON, error) {
	d := one.Decision
	out := explainJSON{
		On: d.On, Customer: one.Account.Customer.Code, Name: one.Account.Customer.Name, Reasons: p.reasons(d.Reasons),
		Invoices: []itemJSON{},
	}
	if d.Scenario != "" {
		out.Scenario = &d.Scenario
	}
	if !d.Next.On.IsZero() {
		out.Next = &nextJSON{d.Next.On, d.Next.Step}
	}
	for _, proposal := range d.Reminders {
		out.Step = &proposal.Step.ID
		out.Reasons = append(out.Reasons, p.reasons(proposal.Reasons)...)
	}
	for _, v := range d.Items {
		if v.Item == d.Leader {
			out.Leader = &v.Number
		}
		if number == "" || v.Number == number {
			out.Invoices = append(out.Invoices, p.item(v))
		}
	}
	if number != "" && len(out.Invoices) == 0 {
		settled, err := p.settled(ctx, r, one, number)
		out.Invoices = append(out.Invoices, settled)
		return out, err
	}
	return out, nil
}

func (p *Program) item(v dunning.ItemView) itemJSON {
	out := itemJSON{
		v.Number, v.Age, v.Open.Decimal(), v.Eligible.Decimal(), v.Open.Currency, nil, p.reasons(v.Reasons), v.Open,
		v.Due.IsZero(),
	}
	if v.Position != "" {
		out.Position = &v.Position
	}
	return out
}

// settled is an invoice of which nothing is open on the day.
func (p *Program) settled(ctx context.Context, r room, one reminder.Decided, number string) (itemJSON, error) {
	docs, err := ledger.ByNumber(ctx, r.tx, r.scope, number)
	for _, doc := range docs {
		if doc.Customer == one.Account.Customer.ID && doc.Kind == ledger.Invoice {
			zero := money.Zero(doc.Amount.Currency)
			age := 0
			if !doc.Due.IsZero() {
				age = one.Decision.On.Sub(doc.Due)
			}
			return itemJSON{
				number, age, zero.Decimal(), zero.Decimal(), zero.Currency, nil,
				[]reasonJSON{p.whyNothing(doc, one.Decision.On)},
				zero, doc.Due.IsZero(),
			}, err
		}
	}
	return itemJSON{Number: number, Reasons: []reasonJSON{}}, err
}

// whyNothing says why nothing is open of an invoice on a day: it is settled, or
// was not issued yet.
func (p *Program) whyNothing(doc ledger.Document, day cal.Date) reasonJSON {
	if doc.Issued > day {
		return reasonJSON{
			Code: "not_issued", Invoice: doc.Number, On: dayJSON(doc.Issued),
			Text: p.say("N’est émise que le ", "Is issued only on ") + p.lang.LongDate(doc.Issued),
		}
	}
	return reasonJSON{
		Code: dunning.Settled, Invoice: doc.Number,
		Text: p.say("Plus rien n’est dû sur cette facture", "Nothing is owed any more on this invoice"),
	}
}

func (p *Program) tellExplained(w io.Writer, e explainJSON) {
	fmt.Fprintf(w, p.say("%s (%s), le %s\n", "%s (%s), on %s\n"), e.Name, e.Customer, p.lang.LongDate(e.On))
	switch {
	case e.Step != nil:
		fmt.Fprintf(w, p.say("Serait relancé : %s\n", "Would be reminded: %s\n"), *e.Step)
	default:
		fmt.Fprintln(w, p.say("Rien ne serait proposé ce jour-là.", "Nothing would be proposed that day."))
	}
	if e.Held != nil {
		fmt.Fprintf(w, p.say("Mais %s. Voir acquit match list.\n", "But %s. See acquit match list.\n"), *e.Held)
	}
	if e.Scenario != nil {
		fmt.Fprintf(w, p.say("Scénario : %s\n", "Scenario: %s\n"), *e.Scenario)
	}
	for _, r := range e.Reasons {
		fmt.Fprintf(w, "  – %s\n", r.Text)
	}
	if e.Next != nil {
		fmt.Fprintf(w, p.say("Prochaine étape : %s, le %s\n", "Next step: %s, on %s\n"), e.Next.Step,
			p.lang.LongDate(e.Next.On))
	}
	for _, i := range e.Invoices {
		leads := ""
		if e.Leader != nil && *e.Leader == i.Number {
			leads = p.say(", mène", ", leads")
		}
		when := age(p, i.Age)
		if i.undated {
			when = p.say("sans échéance", "no due date")
		}
		fmt.Fprintf(w, "\n%s  %s  %s%s\n", i.Number, p.lang.Amount(i.open), when, leads)
		for _, r := range i.Reasons {
			fmt.Fprintf(w, "  – %s\n", r.Text)
		}
	}
}
