package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/urfave/cli/v3"

	"acquit/internal/account"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/reminder"
)

func (p *Program) run() *cli.Command {
	return &cli.Command{
		Name: "run", Usage: p.say("le passage du jour : décider, approuver ce que les règles approuvent, envoyer", "the daily run: decide, approve what rules approve, send"),
		Description: p.say("Ce qui attend une personne reste à approuver : « acquit today », puis « acquit approve ». Recommencer le même jour ne propose rien de plus. Sortie 1 si quelque chose n’est pas parti comme prévu.",
			"What waits for a person remains to be approved: “acquit today”, then “acquit approve”. Running again on the same day proposes nothing more. Exit status 1 if anything did not leave as it should."),
		UsageText: "acquit run\nacquit run --approve-all --json",
		Flags: []cli.Flag{
			p.onFlag(),
			p.flag("approve-all", p.say("approuver aussi tout ce qui attend, hors étapes formelles", "also approve all that waits, but formal steps")),
			p.flag("no-send", p.say("ne rien envoyer", "send nothing")),
		},
		Action: p.doRun,
	}
}

// ran is what a run came to.
type ran struct {
	reminder.Report
	approved approvals
	held     []waitsJSON // of what waits for a person
	sent     *sent       // nil when nothing was to be sent
}

func (p *Program) doRun(ctx context.Context, c *cli.Command) error {
	return p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		day, today, err := p.dayIn(ctx, c, b, s)
		if err != nil {
			return err
		}
		if err := p.notBack(ctx, c, b, s, day); err != nil {
			return err
		}
		if err := b.Desk.BringUp(ctx, s, min(day, today)); err != nil {
			return err
		}
		var done ran
		if done.Report, err = b.Desk.Run(ctx, s, day); err != nil {
			return err
		}
		if done.held, err = p.heldWaiting(ctx, b, s, day); err != nil {
			return err
		}
		if c.Bool("approve-all") {
			if done.approved, err = p.approveWaiting(ctx, b, s, day, approvable{}); err != nil {
				return err
			}
		}
		if !c.Bool("no-send") {
			if done.sent, err = p.send(ctx, b, s); err != nil {
				return err
			}
		}
		if p.json {
			err = p.runJSON(ctx, b, s, done)
		} else {
			p.tellRun(p.Out, done)
		}
		if err == nil && done.wentWrong() {
			return errSilent
		}
		return err
	})
}

// notBack refuses a day before that of the last run: what waits for a person
// would be overtaken by a day on which it was not yet true.
func (p *Program) notBack(ctx context.Context, c *cli.Command, b *Books, s creditor.Scope, day cal.Date) error {
	if c.String("on") == "" {
		return nil
	}
	return b.DB.Read(ctx, func(tx *db.Tx) error {
		last, err := reminder.LastRun(ctx, tx, s)
		if errors.Is(err, fault.ErrNotFound) || err == nil && last.On <= day {
			return nil
		}
		if err != nil {
			return err
		}
		return fault.Conflictf(p.say("le passage du %s est déjà fait : on ne revient pas en arrière (acquit preview --on %s montre ce jour)",
			"the run of %s is done: there is no going back (acquit preview --on %s shows that day)"),
			p.lang.LongDate(last.On), day)
	})
}

func (d ran) wentWrong() bool {
	return len(d.Problems) > 0 || len(d.approved.failed) > 0 || d.sent.wentWrong()
}

// runJSON writes what the run proposed, as it stands now, and to whom nothing
// was said.
func (p *Program) runJSON(ctx context.Context, b *Books, s creditor.Scope, done ran) error {
	d, err := p.newDay(b, s, done.On, false)
	if err != nil {
		return err
	}
	defer d.quiet.remove()
	spoken := map[string]bool{}
	err = d.stored(ctx, reminder.Which{Run: done.Run}, func(m reminder.Reminder) bool {
		spoken[m.Customer] = true
		return true
	})
	if err != nil {
		return err
	}
	err = d.decide(ctx, account.Query{Day: done.On}, func(one reminder.Decided) error {
		if spoken[one.Account.Customer.ID] {
			return nil
		}
		return d.silent(one)
	})
	if err != nil {
		return err
	}
	d.wrong = done.Problems
	return d.end(map[string]any{
		"run": done.Run, "accounts": done.Accounts, "proposed": done.Proposed,
		"approved":   done.Approved + done.approved.done,
		"superseded": done.Superseded, "postponed": done.Postponed, "sent": done.sent, "failed": done.approved.json(p),
		"held": done.held,
	})
}

func (p *Program) tellRun(w io.Writer, d ran) {
	fmt.Fprintf(w, p.say("Passage du %s : %s, %s", "Run of %s: %s, %s"),
		p.lang.LongDate(d.On), accountsRead.Count(p.lang, d.Accounts), remindersProposed.Count(p.lang, d.Proposed))
	for _, c := range slices.Sorted(maps.Keys(d.Amounts)) {
		fmt.Fprintf(w, ", %s", p.lang.Amount(d.Amounts[c]))
	}
	fmt.Fprintln(w, ".")
	p.counts(w, []counted{
		{d.Approved + d.approved.done, remindersApproved, ""},
		{d.Superseded, remindersOvertaken, ""},
		{d.Postponed, remindersLeft, ""},
	})
	p.tellApprovals(w, d.approved)
	p.tellHeld(w, d.held)
	if d.sent != nil {
		p.tellSent(w, *d.sent)
	}
	for _, one := range d.Problems {
		fmt.Fprintf(w, p.say("À corriger : %s : %s\n", "To mend: %s: %s\n"), one.Code, one.Message)
	}
	if left := d.Proposed - d.Approved - d.approved.done; left > 0 {
		fmt.Fprintln(w, p.say("À approuver : acquit today les montre, acquit approve all les approuve.", "To approve: acquit today shows them, acquit approve all approves them."))
	}
}
