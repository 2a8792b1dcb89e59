package cli

import (
	"context"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/call"
	"acquit/internal/customer"
	"acquit/internal/dispute"
	"acquit/internal/fault"
	"acquit/internal/inflight"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/reminder"
)

func (p *Program) call() *cli.Command {
	return p.family("call", "les appels : à passer, passés, et ce qui en est sorti", "calls: to make, made, and what came of them",
		&cli.Command{
			Name: "next", Usage: p.say("les appels à passer, ce qui pèse le plus d’abord", "the calls to make, what weighs most first"),
			UsageText: "acquit call next", Flags: []cli.Flag{p.onFlag()}, Action: p.doCallNext,
		},
		p.listing(p.say("les derniers appels, ou ceux d’un client", "the last calls, or a customer’s"), "acquit call list C0042", p.calls),
		&cli.Command{
			Name: "script", Usage: p.say("ce qui se dit lors d’un appel", "what is said in a call"),
			ArgsUsage: p.say("[SCRIPT]", "[SCRIPT]"), UsageText: "acquit call script obtenir-une-date",
			Action: p.doCallScript,
		},
		&cli.Command{
			Name: "record", Usage: p.say("noter un appel et ce qui en suit", "record a call and what follows"),
			ArgsUsage: p.say("TÂCHE|CLIENT", "TASK|CUSTOMER"),
			Description: p.say("La promesse, le litige, l’échéancier ou le règlement annoncé sont notés avec l’appel, ou rien ne l’est.",
				"The promise, dispute, plan or announced payment is recorded with the call, or nothing is."),
			UsageText: "acquit call record tsk_… --outcome promised --invoice F2026-0871 --for 2026-11-30\nacquit call record C0042 --outcome no_answer",
			Flags: []cli.Flag{
				p.text("outcome", p.say("issue (obligatoire) : ", "outcome (required): ")+joined(call.Outcomes())),
				p.texts("invoice", p.say("facture concernée, autant de fois qu’il en faut", "invoice concerned, as often as needed")),
				p.text("for", p.say("jour promis, de la première échéance ou jusqu’auquel le règlement peut arriver", "promised day, of the first instalment, or until which the payment may come")),
				p.amountFlag("montant, par défaut tout", "amount, all by default"),
				&cli.IntFlag{Name: "monthly", Usage: p.say("nombre de mensualités", "number of monthly instalments")},
				p.text("reason", p.say("motif du litige : ", "reason of the dispute: ")+joined(dispute.Reasons())),
				p.text("again", p.say("jour du rappel AAAA-MM-JJ", "day to call back YYYY-MM-DD")),
				p.text("number", p.say("numéro composé", "number dialled")),
				p.text("person", p.say("avec qui", "with whom")),
				&cli.BoolFlag{Name: "confirm", Usage: p.say("envoyer la confirmation de ce qui est convenu", "send the confirmation of what was agreed")},
				p.noteFlag(), p.onFlag(),
			},
			Action: p.doCallRecord,
		})
}

type toMakeJSON struct {
	Task     string    `json:"task"`
	Customer string    `json:"customer"`
	Amount   *string   `json:"amount"`
	Currency string    `json:"currency"`
	Age      int       `json:"age"`
	Due      cal.Date  `json:"due"`
	Attempt  int       `json:"attempt"`
	Held     *string   `json:"held"`  // until when the call is not to be made
	Stale    []oldJSON `json:"stale"` // what the books do not know: a payment may have come in since
}

// oldJSON is a source that has been silent for too long.
type oldJSON struct {
	Source string   `json:"source"`
	Name   string   `json:"name"`
	Until  cal.Date `json:"until"`
	Days   int      `json:"days"`
}

func (p *Program) oldOnes(d reminder.Doubts) []oldJSON {
	list := []oldJSON{}
	for _, s := range d.Stale() {
		list = append(list, oldJSON{string(s.Kind), s.Label, d.On(s), d.Days(s)})
	}
	return list
}

func (p *Program) doCallNext(ctx context.Context, c *cli.Command) error {
	list := []toMakeJSON{}
	var all []call.ToMake
	err := p.read(ctx, c, func(r room) error {
		day, err := p.dayOr(c, "on", r.today)
		if err != nil {
			return err
		}
		if all, err = call.Next(ctx, r.tx, r.scope, day, ""); err != nil {
			return err
		}
		ids := make([]string, len(all))
		for i, m := range all {
			ids[i] = m.Customer
		}
		who, err := customer.ByID(ctx, r.tx, r.scope, ids)
		for _, m := range all {
			one := toMakeJSON{
				Task: m.ID, Customer: who[m.Customer].Code, Age: m.Age, Due: m.Due, Attempt: m.Attempt + 1,
			}
			one.Held, one.Stale = textJSON(m.Doubts.Until(m.Customer, p.lang)), p.oldOnes(m.Doubts)
			if !m.Amount.IsZero() {
				one.Amount, one.Currency = amountJSON(m.Amount), string(m.Amount.Currency)
			}
			list = append(list, one)
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"calls": list}, func(w io.Writer) {
		t := p.table(w)
		for i, one := range list {
			amount := ""
			if one.Amount != nil {
				amount = p.lang.Amount(all[i].Amount)
			}
			t.row(one.Customer, amount, one.Age, one.Due, one.Task, all[i].Doubts.Warning(all[i].Customer, p.lang))
		}
		t.endOr(p.say("Personne à appeler.", "Nobody to call."))
		if len(all) > 0 {
			for _, words := range all[0].Doubts.Silent(p.lang) {
				_, _ = io.WriteString(w, words+"\n")
			}
		}
	})
}

type callJSON struct {
	ID       string            `json:"id"`
	Customer string            `json:"customer"`
	On       cal.Date          `json:"on"`
	Outcome  call.Outcome      `json:"outcome"`
	Attempt  int               `json:"attempt"`
	Number   string            `json:"number"`
	Person   string            `json:"person"`
	Again    *string           `json:"again"`
	Note     string            `json:"note"`
	Results  map[string]string `json:"results"` // kind by identifier
}

func (p *Program) calls(ctx context.Context, r room, who string, _ cal.Date) (l listed, err error) {
	var all []call.Call
	if who != "" {
		all, err = call.List(ctx, r.tx, r.scope, who)
	} else {
		all, err = call.Made(ctx, r.tx, r.scope, shown)
	}
	if err != nil {
		return l, err
	}
	var customers []string
	for _, c := range all {
		customers = append(customers, c.Customer)
	}
	n, err := r.names(ctx, customers, nil)
	list := []callJSON{}
	for _, c := range all {
		one := callJSON{
			ID: c.ID, Customer: n.code(c.Customer), On: c.On, Outcome: c.Outcome, Attempt: c.Attempt, Number: c.Number,
			Person: c.Person, Again: dayJSON(c.Again), Note: c.Note, Results: map[string]string{},
		}
		for _, x := range c.Results {
			one.Results[x.ID] = string(x.Kind)
		}
		list = append(list, one)
	}
	return listed{map[string]any{"calls": list}, func(w io.Writer) {
		t := p.table(w)
		for _, one := range list {
			t.row(one.On, one.Customer, one.Outcome.In(p.lang), one.Person, one.Note)
		}
		t.endOr(p.nothingRecorded())
	}}, err
}

func (p *Program) doCallScript(_ context.Context, c *cli.Command) error {
	type part struct {
		Title string   `json:"title"`
		Lines []string `json:"lines"`
	}
	script := call.ScriptOf(c.Args().First())
	parts := []part{}
	for _, x := range script.Parts {
		one := part{Title: x.Title.In(p.lang)}
		for _, l := range x.Lines {
			one.Lines = append(one.Lines, l.In(p.lang))
		}
		parts = append(parts, one)
	}
	return p.answer(map[string]any{
		"script": script.Name, "aim": script.Aim.In(p.lang), "parts": parts,
	}, func(w io.Writer) {
		_, _ = io.WriteString(w, script.Title.In(p.lang)+"\n"+script.Aim.In(p.lang)+"\n")
		for _, x := range parts {
			_, _ = io.WriteString(w, "\n"+x.Title+"\n  "+strings.Join(x.Lines, "\n  ")+"\n")
		}
	})
}

func (p *Program) doCallRecord(ctx context.Context, c *cli.Command) error {
	ref, err := p.argument(c)
	if err != nil {
		return err
	}
	if _, err := p.need(c, "outcome"); err != nil {
		return err
	}
	outcome, err := p.choice(c, "outcome", "", texts(call.Outcomes())...)
	if err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
		said := call.Report{
			On: today, Outcome: call.Outcome(outcome), Number: c.String("number"), Person: c.String("person"),
			Note: c.String("note"),
		}
		if said.Customer = ref; strings.HasPrefix(ref, "tsk_") {
			said.Task, said.Customer = ref, ""
		}
		if said.Again, err = p.day(c, "again"); err != nil {
			return "", err
		}
		if err := p.agreedIn(ctx, c, r, &said); err != nil {
			return "", err
		}
		made, err := call.Record(ctx, r.tx, r.scope, said)
		if err != nil || !c.Bool("confirm") {
			return made.ID, err
		}
		agreed, err := made.Agreed(ctx, r.tx, r.scope, today)
		switch {
		case err != nil:
			return "", err
		case len(agreed.Invoices) == 0:
			return "", &fault.Invalid{
				Field: "confirm", Message: "cet appel n’a mené ni à une promesse ni à un règlement annoncé : il n’y a rien à confirmer",
			}
		}
		return made.ID, r.Desk.SendConfirmation(ctx, r.tx, r.scope, agreed)
	})
}

// agreedIn reads what the outcome agrees from the flags.
func (p *Program) agreedIn(ctx context.Context, c *cli.Command, r room, said *call.Report) error {
	invoices := c.StringSlice("invoice")
	if len(invoices) == 0 {
		return nil
	}
	currency, err := currencyOf(ctx, r, invoices)
	if err != nil {
		return err
	}
	amount, err := p.amount(c, "amount", currency)
	if err != nil {
		return err
	}
	day, err := p.day(c, "for")
	if err != nil {
		return err
	}
	switch said.Outcome {
	case call.Promised:
		said.Promise = &promise.Promise{Invoices: invoices, For: day, Amount: amount, Note: said.Note}
	case call.Paid:
		said.Payment = &inflight.Payment{Invoices: invoices, Until: day, Amount: amount, Note: said.Note}
	case call.AskedTime:
		_, list, err := plan.Draft(ctx, r.tx, r.scope, "", invoices, c.Int("monthly"), day)
		if err != nil {
			return err
		}
		said.Plan = &plan.Plan{Invoices: invoices, Instalments: list, Grace: planGrace, Note: said.Note}
	case call.Disputes:
		for _, i := range invoices {
			said.Disputes = append(said.Disputes, &dispute.Dispute{
				Invoice: i, Amount: amount, Reason: dispute.Reason(c.String("reason")), Note: said.Note,
			})
		}
	}
	return nil
}
